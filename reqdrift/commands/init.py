"""`reqdrift init`: the configuration and the hook that fit this project."""

from __future__ import annotations

import json
import os
import tomllib

from .. import commands
from .._version import REPOSITORY, __version__
from ..environments.candidates import Situation
from ..errors import EnvironmentReadError, UsageError, print_error
from ..files import read_regular, write_file
from ..options import Options
from ..report import plural, printable, shown_path
from ..report.advice import has_ranges, lead_of
from ..repository import top_folder
from ..requirements.nearby import main_files, named_nearby, services
from ..values import TYPE_CHECKING, Environment, NamedTuple, Policy, Request, Set
from ..values.findings import Finding, Hint
from ..values.report import Report
from . import DEFAULT_FILE, print_choice, print_lines
from .run import examined, situation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Unpack

    from ..values import KindName
    from .subject import Files, Place


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
    _, request = commands.subject.unconfigured("init", place, files, takes=takes)
    proposal = _proposal(request, os.getcwd())
    if write and proposal.existing:
        raise UsageError(f"{proposal.existing} already has a [tool.reqdrift] table", "edit it")
    if write and os.path.islink(proposal.path):
        # It may lead out of the project, to a file that somebody else wants to have changed.
        raise UsageError(f"{proposal.path} is a symbolic link", "add the table by hand")
    if write and proposal.table:
        data = read_regular(proposal.path) if os.path.exists(proposal.path) else b""
        write_file(proposal.path, with_table(data, proposal.table, proposal.path))
    return proposal


def _proposal(request: Request, cwd: str) -> Proposal:
    files = request.files
    candidates = [files] if files else main_files(cwd, top_folder(cwd))
    if not candidates:
        if found := services(cwd):
            return _several(found, cwd, request)
        raise UsageError("no requirements file was found", "pass it: reqdrift init FILE")
    fits = [_fit(one, request) for one in candidates]
    best = min(fits, key=lambda fit: fit.badness)
    if not files:
        best = _with_files_nearby(best, request)
    folders = _upwards(os.path.dirname(os.path.join(cwd, best.files[0])))
    pyproject = nearest(folders)
    keys = list(_keys(best, os.path.dirname(pyproject), request))
    ignored, left = _split(best)
    return Proposal(
        text_of_table((key, value) for key, value, _ in keys),
        pyproject,
        tuple(f"{key}: {why}" for key, _, why in keys),
        _hook(folders),
        has_table(folders),
        left,
        len(ignored),
        _first(best, files),
        _choice(best, request),
    )


def _choice(fit: _Fit, request: Request) -> tuple[Situation, Environment] | None:
    if fit.report is None or fit.report.environment is None or request.path is not None:
        return None
    return situation_of(Set("", fit.files, request.python)), fit.report.environment


def _several(found: Sequence[tuple[str, str]], cwd: str, request: Request) -> Proposal:
    """A set for each service of a monorepo."""
    folders = _upwards(cwd)
    pyproject = nearest(folders)
    base = os.path.dirname(pyproject)
    fits = [_fit((path,), request) for _, path in found]
    settings = [list(_settings(fit, request)) for fit in fits]
    sets = [
        (name, [("files", listed([_relative(path, base)])), *((k, v) for k, v, _ in keys)])
        for (name, path), keys in zip(found, settings, strict=True)
    ]
    reasons = [f"set: {len(sets)} folders have a {DEFAULT_FILE}"]
    reasons += dict.fromkeys(f"{key}: {why}" for keys in settings for key, _, why in keys)
    ignored, numbers = zip(*map(_split, fits), strict=True)
    left = None if None in numbers else sum(number or 0 for number in numbers)
    return Proposal(
        text_of_sets(sets),
        pyproject,
        tuple(reasons),
        _hook(folders),
        has_table(folders),
        left,
        sum(map(len, ignored)),
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


def _keys(fit: _Fit, folder: str, request: Request) -> Iterator[tuple[str, str, str]]:
    """The keys that are needed, each with its value as TOML and its reason."""
    files = [_relative(path, folder) for path in fit.files]
    if files != [DEFAULT_FILE]:
        yield "files", listed(files), "what is checked, if no file is named"
    yield from _settings(fit, request)


def _settings(fit: _Fit, request: Request) -> Iterator[tuple[str, str, str]]:
    """The same without the files."""
    report = fit.report
    if report is None:
        return
    if any(note.reason == "unlisted" for note in report.notes):
        for choice, why in (
            ("orphans", "the files name top-level packages; their dependencies are not extra"),
            ("all", "the files are complete; each installed package must be listed"),
        ):
            found = _fit(fit.files, request, choice).report
            if found and _found(found) == _found(report):
                yield "unlisted", quoted(choice), why
                break
    if has_ranges(report):
        yield "severity", '{ unpinned = "off" }', "most requirements allow more than one release"
    if ignored := dict.fromkeys((found.project, found.kind) for found in _split(fit)[0]):
        entries = (
            f"  {{ name = {quoted(name)}, kinds = {listed([kind])},"
            f" reason = {quoted(_IGNORED[kind])} }},\n"
            for name, kind in ignored
        )
        yield "ignore", f"[\n{''.join(entries)}]", "what was found today; new findings count"


def _found(report: Report) -> set[tuple[str, str]]:
    return {(finding.kind, finding.project) for finding in report.findings}


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


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")


def text_of_table(keys: Iterable[tuple[str, str]]) -> str:
    """A table with these keys and values, each value as TOML writes it; '' without keys."""
    lines = [f"{key} = {value}" for key, value in keys]
    return "\n".join(["[tool.reqdrift]", *lines, ""]) if lines else ""


def text_of_sets(sets: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> str:
    """A table for each set, of its name, and its keys and values as TOML writes them."""
    tables = []
    for name, keys in sets:
        lines = [f"{key} = {value}" for key, value in keys]
        tables.append("\n".join(["[[tool.reqdrift.set]]", f"name = {quoted(name)}", *lines, ""]))
    return "\n".join(tables)


def quoted(text: str) -> str:
    """A string as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def listed(texts: Iterable[str]) -> str:
    """A list of strings as TOML writes it."""
    return f"[{', '.join(map(quoted, texts))}]"


def has_table(folders: Iterable[str]) -> str:
    """The first pyproject.toml in these folders that has a `[tool.reqdrift]` table, or ''."""
    return next((path for path in _paths(folders) if "reqdrift" in _tools(_read(path))), "")


def nearest(folders: Sequence[str]) -> str:
    """The first pyproject.toml in these folders, or the path of a new one in the last of them."""
    return next(iter(_paths(folders)), os.path.join(folders[-1], "pyproject.toml"))


def with_table(data: bytes, table: str, path: str) -> bytes:
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
    if _tools(after).pop("reqdrift", None) is None or _without_empty(after) != _without_empty(
        before
    ):
        raise UsageError(f"the table cannot be appended to {path}", by_hand)
    return text.encode()


def _without_empty(document: dict[str, object]) -> dict[str, object]:
    """The document without a `tool` that has nothing in it."""
    return {key: value for key, value in document.items() if key != "tool" or value}


def _paths(folders: Iterable[str]) -> Iterable[str]:
    paths = (os.path.join(folder, "pyproject.toml") for folder in folders)
    return filter(os.path.isfile, paths)


def _read(path: str) -> dict[str, object]:
    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except (OSError, ValueError, RecursionError):
        return {}


def _tools(document: dict[str, object]) -> dict[str, object]:
    tools = document.get("tool")
    return tools if isinstance(tools, dict) else {}
