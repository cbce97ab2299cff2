"""`reqdrift init`: the configuration and the hook that fit this project."""

from __future__ import annotations

from ..errors import print_error
from ..report import plural, printable, shown_path
from ..session.init import Proposal, init
from ..values import TYPE_CHECKING
from .options import Options
from .output import print_choice, print_lines

if TYPE_CHECKING:
    from collections.abc import Iterator


def run(options: Options) -> int:
    """Print the table and the hook's entry, or append the table; always 0."""
    proposal = init(
        options.request.files,
        python=options.request.python,
        path=options.request.path,
        python_version=options.request.python_version,
        write=options.write,
    )
    if proposal.choice:
        print_choice(*proposal.choice)
    print_lines(_lines(proposal, written=options.write))
    for line in _remarks(proposal):
        print_error(f"reqdrift: {line}")
    return 0


def _lines(proposal: Proposal, *, written: bool) -> Iterator[str]:
    path = shown_path(proposal.path)
    if not proposal.table:
        yield "# no [tool.reqdrift] table is needed: the defaults fit"
    else:
        yield f"# appended to {path}" if written else f"# {path}"
        yield from (f"# {reason}" for reason in proposal.reasons)
        yield from proposal.table.splitlines()
    if proposal.hook:
        title = "# .pre-commit-config.yaml; then run: pre-commit install"
        yield from ("", title, *proposal.hook.splitlines())


def _remarks(proposal: Proposal) -> Iterator[str]:
    if proposal.existing:
        yield f"{shown_path(proposal.existing)} already has a [tool.reqdrift] table"
    if proposal.findings is None:
        yield "no environment was found, so only the files were looked at; see reqdrift env"
    elif proposal.first:
        yield f"{printable(proposal.first.purpose)}: {printable(proposal.first.command)}"
    else:
        if proposal.ignored:
            number = plural(proposal.ignored, "finding")
            yield f"the table ignores {number} (extra or unpinned); new ones are reported"
        if proposal.findings:
            number = plural(proposal.findings, "finding")
            yield (
                f"{number} left: reqdrift plan prints commands that change the environment,"
                " reqdrift fix changes the files"
            )
