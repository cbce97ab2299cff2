"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import os
import sys

from .. import session
from ..errors import EnvironmentReadError, ReqdriftError, UsageError, tell
from ..report import FORMATS, place, printable, render, shown_path, told
from ..repository.config import load
from ..values import TYPE_CHECKING, Options, Policy, Report
from .choice import tell_of_choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..repository.config import Set


def run(options: Options) -> int:
    """Print the report; the exit code is 0, 1 (drift), 2 (a file) or 3 (an environment)."""
    settings = load(options, os.getcwd())
    if options.path is not None and len(settings.sets) > 1:
        raise UsageError("--path checks one folder, but several sets are configured", "name files")
    parts = [(one.name, _check(one, settings.policy, options)) for one in settings.sets]
    report = parts[0][1] if len(parts) == 1 else joined(parts)
    failed = any(part.environment is None for _, part in parts)
    # Alone on a screen the reason is enough; it stands on stderr.
    alone = failed and len(parts) == 1 and {*options.formats} <= {"auto"} and not in_actions()
    if not alone:
        publish(report, options)
    if failed:
        return EnvironmentReadError.exit_code
    if report.errors:
        return max(error.exit_code for error in report.errors)
    drift = any(finding.severity == "error" for finding in report.findings)
    return 1 if drift and not options.exit_zero else 0


def _check(one: Set, policy: Policy, options: Options) -> Report:
    """The report about one set; without an environment, one that says why there is none."""
    requirements, situation = session.read_files(
        one, options.constraints, staged=options.staged, rev=options.rev
    )
    try:
        source = session.find_environment(situation, options.path, options.python_version)
        environment = source.read()
    except EnvironmentReadError as error:
        for problem in requirements.errors:
            tell(f"{place(problem.at)}: error: {printable(problem.message)}")
        part = printable(f"[{one.name}] ") if one.name else ""
        tell(f"reqdrift: {part}{told(error)}")
        return session.failed_report(requirements, error)
    tell_of_choice(situation, environment)
    found = session.examine(requirements, situation, source, policy)
    report = session.cross_checked(found) if options.cross_check else found.report
    in_tree = not (options.staged or options.rev)
    if (report.findings or options.verbose) and in_tree and not options.quiet:
        _tell_of_head(report)
    if report.findings or report.errors:
        import time

        from ..report.advice import advise
        from ..repository.history import dated

        # git dates the lines of the working tree.
        if in_tree:
            report = dated(report, environment, time.time())
        named = options
        if one.name and not options.files:
            files = tuple(map(shown_path, one.files))
            named = options._replace(files=files, python=one.python and shown_path(one.python))
        report = report._replace(hints=advise(report, situation.files, named))
    return report


def _tell_of_head(report: Report) -> None:
    """Say on stderr which of the files differ from what is committed, if git knows."""
    from ..repository import git

    known = {file.path: git.uncommitted(file.path) for file in report.files}
    changed = [shown_path(path) for path, differs in known.items() if differs]
    if changed:
        tell(f"reqdrift: with uncommitted changes: {', '.join(changed)}")
    elif known and None not in known.values():
        tell("reqdrift: the files are as committed")


def joined(parts: Sequence[tuple[str, Report]]) -> Report:
    """One report of several sets, their names in front of the messages."""
    from ..values import Part

    findings, notes, errors = [], [], []
    for name, part in parts:
        findings += [f._replace(part=name, message=f"[{name}] {f.message}") for f in part.findings]
        notes += [n._replace(message=f"[{name}] {n.message}") for n in part.notes]
        errors += [e._replace(message=f"[{name}] {e.message}") for e in part.errors]
    return Report(
        None,
        tuple(file for _, part in parts for file in part.files),
        tuple(findings),
        tuple(notes),
        tuple(errors),
        sum(part.checked for _, part in parts),
        sum(part.skipped for _, part in parts),
        tuple(dict.fromkeys(hint for _, part in parts for hint in part.hints)),
        tuple(Part(n, p.environment, p.files, p.checked, p.skipped) for n, p in parts),
    )


def publish(report: Report, options: Options) -> None:
    """Print the report, or write it, in every format that is asked for.

    Raises:
        ReqdriftError: a file cannot be written; it is as it was.
    """
    summary = os.environ.get("GITHUB_STEP_SUMMARY", "")
    wishes = [wish.partition("=")[::2] for wish in options.formats or ("auto",)]
    annotated = not in_actions() or ("github", "") in wishes
    for name, file in wishes:
        if name == "auto":
            if not (file or annotated):
                _print(_rendered("github", report, options))
                annotated = True
            terminal = options.color == "always" or (not file and sys.stdout.isatty())
            name = "rich" if terminal else "text"
        text = _rendered(name, report, options)
        if file and any(_is_same_file(file, checked.path) for checked in report.files):
            raise UsageError(f"{file} is a file that was checked", "write the report elsewhere")
        if file:
            _write(file, text, append=file == summary)
        else:
            _print(text)
    has_page = in_actions() or "github" in dict(wishes)
    if summary and has_page and ("markdown", summary) not in wishes:
        try:
            _write(summary, _rendered("markdown", report, options), append=True)
        except ReqdriftError as error:
            # Nobody asked for it, so it decides nothing.
            tell(f"reqdrift: {told(error)}")


def _is_same_file(one: str, other: str) -> bool:
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)


def in_actions() -> bool:
    """Whether this is a step of a GitHub Actions job."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _print(text: str) -> None:
    """Print; whoever stops reading has seen enough, and the verdict stands."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(path: str, text: str, *, append: bool = False) -> None:
    from ..files import append_file, write_file

    # A name that is not UTF-8 must not end a report.
    data = text.encode("utf-8", "backslashreplace")
    (append_file if append else write_file)(path, data)


def _rendered(name: str, report: Report, options: Options) -> str:
    if not FORMATS[name]:
        return render(report, options)
    # The clean path does without.
    from importlib import import_module

    module = import_module(f"..report.{FORMATS[name]}", __package__)
    other: Callable[[Report, Options], str] = module.render
    return other(report, options)
