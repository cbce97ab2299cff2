"""`reqdrift init`: the configuration and the hook that fit this project."""

from __future__ import annotations

import json
import os
import tomllib

from .. import commands
from .._version import REPOSITORY, __version__
from ..environments import Situation
from ..errors import EnvironmentReadError, UsageError, print_error
from ..files import read_regular, write_file
from ..options import Options
from ..report import plural, printable, shown_path
from ..report.advice import has_ranges, lead_of
from ..repository import top_folder
from ..requirements.nearby import main_files, named_nearby, services
from ..values import TYPE_CHECKING, Environment, NamedTuple, Policy, Report, Request, Set
from ..values.findings import Finding, Hint
from . import DEFAULT_FILE, print_choice, print_lines
from .run import examined, situation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Unpack

    from ..values import KindName
    from .subject import Files, Place


def run(options: Options) -> int:
    """Print the table and the hook's entry, or append the table; always 0."""
    proposal = _proposed(options.request, write=options.write)
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


_HOOK = f"""\
  - repo: {REPOSITORY}
    rev: v{__version__}
    hooks:
      - id: reqdrift
"""
_HOOKS_FILE = ".pre-commit-config.yaml"

# The kinds that a project may begin with, and the reason in its table.
_IGNORED: Mapping[KindName, str] = {
    "extra": "not listed when reqdrift was added",
    "unpinned": "not pinned when reqdrift was added",
}


class Proposal(NamedTuple):
    """A configuration for a project.

    `table` is the text for the pyproject.toml at `path`, '' if none is needed; `reasons` say what
    each key is for. `hook` is the text for `.pre-commit-config.yaml`, '' if it has the hook.
    `existing` is the pyproject.toml that has a table already, '' if there is none. `findings` is
    how many findings are left with the table, None if no environment was found; `ignored` is how
    many it ignores. `first` is what to do before anything else, if most of them have one reason.
    `choice` is how the environment was chosen.
    """

    table: str
    path: str
    reasons: tuple[str, ...]
    hook: str
    existing: str = ""
    findings: int | None = None
    ignored: int = 0
    first: Hint | None = None
    choice: tuple[Situation, Environment] | None = None


class _Fit(NamedTuple):
    """What is known of some files: the report about them, None without an environment."""

    files: tuple[str, ...]
    report: Report | None

    @property
    def badness(self) -> tuple[int, int, int]:
        """How badly the files fit the environment."""
        if self.report is None:
            return 0, 0, len(self.files)
        return len(self.report.errors), len(self.report.findings), len(self.files)


def init(
    files: Files = (),
    *,
    write: bool = False,
    **place: Unpack[Place],
) -> Proposal:
    """The smallest `[tool.reqdrift]` table that fits the files and the environment.

    Args:
        files: requirements files; by default those that the project has are found.
        write: append the table to pyproject.toml.
        **place: the environment, as in `Subject`.

    Raises:
        UsageError: there is no requirements file; `write`, and there is a table already.
        ReqdriftError: pyproject.toml cannot be written.
    """
    takes = commands.subject.Place
    _, request = commands.subject.unconfigured("init", place, files, (), takes)
    return _proposed(request, write=write)


def _proposed(request: Request, *, write: bool) -> Proposal:
    """The table, which is appended to pyproject.toml if it is to be written."""
    # An empty path is that of a variable that is not set.
    version = request.python_version or None
    request = request._replace(path=request.path or None, python_version=version)
    proposal = _proposal(request, os.getcwd())
    if write and proposal.existing:
        raise UsageError(f"{proposal.existing} already has a [tool.reqdrift] table", "edit it")
    if write and os.path.islink(proposal.path):
        # It may lead out of the project, to a file that somebody else wants to have changed.
        raise UsageError(f"{proposal.path} is a symbolic link", "add the table by hand")
    if write and proposal.table:
        data = read_regular(proposal.path) if os.path.exists(proposal.path) else b""
        write_file(proposal.path, _with_table(data, proposal.table, proposal.path))
    return proposal


def _proposal(request: Request, cwd: str) -> Proposal:
    files = request.files
    candidates = [files] if files else main_files(cwd, top_folder(cwd))
    # Without files for the project itself, a set for each service of a monorepo.
    found = [] if candidates else services(cwd)
    if not (candidates or found):
        raise UsageError("no requirements file was found", "pass it: reqdrift init FILE")
    fits = [_fit(one, request) for one in candidates or [(path,) for _, path in found]]
    first: Hint | None = None
    choice: tuple[Situation, Environment] | None = None
    folder = cwd
    if candidates:
        best = min(fits, key=lambda fit: fit.badness)
        best = best if files else _with_files_nearby(best, request)
        fits, first = [best], _first(best, files)
        folder = os.path.dirname(os.path.join(cwd, best.files[0]))
        if best.report and best.report.environment and request.path is None:
            situation = situation_of(Set("", best.files, request.python))
            choice = situation, best.report.environment
    folders = _upwards(folder)
    paths = [os.path.join(folder, "pyproject.toml") for folder in folders]
    existing = list(filter(os.path.isfile, paths))
    pyproject = existing[0] if existing else paths[-1]
    settings = [list(_settings(fit, request)) for fit in fits]
    listed_files = [
        _listed(
            os.path.relpath(path, os.path.dirname(pyproject)).replace(os.sep, "/")
            for path in fit.files
        )
        for fit in fits
    ]
    if found:
        reasons = [f"set: {len(found)} folders have a {DEFAULT_FILE}"]
        tables = []
        for (name, _), named, keys in zip(found, listed_files, settings, strict=True):
            rows = [("name", _quoted(name), ""), ("files", named, ""), *keys]
            tables.append(_table("[tool.reqdrift.set]", rows))
        table = "\n".join(tables)
    else:
        reasons = []
        if listed_files[0] != _listed([DEFAULT_FILE]):
            why = "what is checked, if no file is named"
            settings[0].insert(0, ("files", listed_files[0], why))
        table = _table("tool.reqdrift", settings[0]) if settings[0] else ""
    reasons += dict.fromkeys(f"{key}: {why}" for keys in settings for key, _, why in keys)
    ignored, numbers = zip(*map(_split, fits), strict=True)
    return Proposal(
        table,
        pyproject,
        tuple(reasons),
        _hook(folders),
        next((path for path in existing if "reqdrift" in _tools(_read(path))), ""),
        None if None in numbers else sum(number or 0 for number in numbers),
        sum(map(len, ignored)),
        first,
        choice,
    )


def _first(fit: _Fit, files: tuple[str, ...] = ()) -> Hint | None:
    """What to do before anything else, if most findings have one reason."""
    if fit.report is None or has_ranges(fit.report):
        return None
    return next(iter(lead_of(fit.report, fit.files, Request(files))), None)


def _split(fit: _Fit) -> tuple[list[Finding], int | None]:
    """The findings that the table ignores, and how many are left; None without an environment.

    It ignores none if the environment is wrong as a whole.
    """
    if fit.report is None:
        return [], None
    off = {"unpinned"} if has_ranges(fit.report) else set()
    counted = [finding for finding in fit.report.findings if finding.kind not in off]
    ignored = [] if _first(fit) else [found for found in counted if found.kind in _IGNORED]
    return ignored, len(counted) - len(ignored)


def _fit(files: tuple[str, ...], request: Request, unlisted: str = "auto") -> _Fit:
    one = Set("", files, request.python, policy=Policy(unlisted))
    try:
        return _Fit(files, examined(one, request).report)
    except EnvironmentReadError:
        return _Fit(files, None)


def _with_files_nearby(fit: _Fit, request: Request) -> _Fit:
    """The files together with those nearby that list what these leave unlisted."""
    if fit.report is None:
        return fit
    extra = {finding.project for finding in fit.report.findings if finding.kind == "extra"}
    known = [os.path.abspath(fit.files[0]), *(file.path for file in fit.report.files)]
    for path in named_nearby(dict.fromkeys(known), extra):
        if path.endswith(".txt"):
            fit = min(fit, _fit((*fit.files, path), request), key=lambda one: one.badness[:2])
    return fit


def _settings(fit: _Fit, request: Request) -> Iterator[tuple[str, str, str]]:
    """The keys that are needed besides the files, each with its value as TOML and its reason."""
    report = fit.report
    if report is None:
        return
    if any(note.reason == "unlisted" for note in report.notes):
        for choice, why in (
            ("orphans", "the files name top-level packages; their dependencies are not extra"),
            ("all", "the files are complete; each installed package must be listed"),
        ):
            found = _fit(fit.files, request, choice).report
            kinds = {(finding.kind, finding.project) for finding in found.findings} if found else {}
            if found and kinds == {(finding.kind, finding.project) for finding in report.findings}:
                yield "unlisted", _quoted(choice), why
                break
    if has_ranges(report):
        yield "severity", '{ unpinned = "off" }', "most requirements allow more than one release"
    if ignored := dict.fromkeys((found.project, found.kind) for found in _split(fit)[0]):
        entries = (
            f"  {{ name = {_quoted(name)}, kinds = {_listed([kind])},"
            f" reason = {_quoted(_IGNORED[kind])} }},\n"
            for name, kind in ignored
        )
        yield "ignore", f"[\n{''.join(entries)}]", "what was found today; new findings count"


def _hook(folders: Sequence[str]) -> str:
    """The entry of `.pre-commit-config.yaml`, with what must be above it; '' if it is there."""
    for folder in folders:
        try:
            data = read_regular(os.path.join(folder, _HOOKS_FILE))
        except OSError:
            continue
        if data.strip():
            return "" if b"id: reqdrift" in data else _HOOK
    return f"repos:\n{_HOOK}"


def _upwards(folder: str) -> list[str]:
    """The folder, and those above it in its repository."""
    folder = os.path.normpath(folder)
    top, folders = top_folder(folder), [folder]
    while top and folders[-1] != top:
        folders.append(os.path.dirname(folders[-1]))
    return folders


def _table(name: str, keys: Iterable[tuple[str, str, str]]) -> str:
    """A table with these keys and values, each value as TOML writes it."""
    return "\n".join([f"[{name}]", *(f"{key} = {value}" for key, value, _ in keys), ""])


def _quoted(text: str) -> str:
    """A string as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(texts: Iterable[str]) -> str:
    """A list of strings as TOML writes it."""
    return f"[{', '.join(map(_quoted, texts))}]"


def _with_table(data: bytes, table: str, path: str) -> bytes:
    """The content of a pyproject.toml with a table appended, all else as it was.

    Raises:
        UsageError: the file is no TOML, or the table cannot be appended to it.
    """
    by_hand = "add it by hand"
    try:
        text = data.decode()
        before = tomllib.loads(text)
        ending = "\r\n" if "\r\n" in text else "\n"
        gap = "" if not text else ending if text.endswith("\n") else ending * 2
        text += gap + table.replace("\n", ending)
        after = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the table cannot be appended to {path}: {error}", by_hand) from None
    is_there = _tools(after).pop("reqdrift", None) is not None
    for document in (before, after):
        if not document.get("tool", True):
            del document["tool"]
    if not is_there or after != before:
        raise UsageError(f"the table cannot be appended to {path}", by_hand)
    return text.encode()


def _read(path: str) -> dict[str, object]:
    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except (OSError, ValueError, RecursionError):
        return {}


def _tools(document: dict[str, object]) -> dict[str, object]:
    tools = document.get("tool")
    return tools if isinstance(tools, dict) else {}
