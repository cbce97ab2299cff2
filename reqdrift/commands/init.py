"""`reqdrift init`: the configuration and the hook that fit this project."""

from __future__ import annotations

import json
import os
import sys

from .. import commands, repository
from .._version import REPOSITORY, __version__
from ..environments import Situation, is_in_cache
from ..errors import EnvironmentReadError, UnreadableFilesError, UsageError, print_error
from ..files import is_inside, read_regular
from ..options import Options, shell_line
from ..report import plural, printable, shown_path
from ..report.advice import lead_of
from ..repository import top_folder
from ..requirements import DEFAULT_FILES
from ..requirements.nearby import main_files, services
from ..standards import plain_toml
from ..values import TYPE_CHECKING, NamedTuple, Policy, Request, Set
from ..values.details import Finding, Hint
from . import DEFAULT_FILE, Run, print_choice, print_lines
from .run import doubts_of, examined, obstacle_of
from .writing import write_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Unpack

    from ..values import KindName
    from .subject import Files, Place


def run(options: Options) -> int:
    """Print the table and the hook's entry, or append the table and write the reminder."""
    proposal, single = _proposal(options.request)
    written = options.write and not proposal.existing
    if written:
        _append(proposal)
    reminders, left = list[str](), tuple[str, ...](_AFTER_THE_FACT)
    may_remind = options.write and proposal.hook.startswith("repos:")
    if may_remind:
        reminders, left = _reminders(proposal)
    if options.write and not (written or reminders):
        _append(proposal)  # which says that there is a table
    if single:
        print_choice(single.situation, single.environment)
    print_lines(_lines(proposal, written=written, left=left))
    if may_remind and is_in_cache(sys.prefix) and top_folder(os.path.dirname(proposal.path)):
        why = "this reqdrift is in a cache; to have git hooks written, install it"
        print_error(f"reqdrift: {why}: uv tool install reqdrift")
    if reminders:
        hooks = ", ".join(map(shown_path, reminders))
        print_error(f"reqdrift: git now runs reqdrift remind after a pull or checkout: {hooks}")
    for line in _remarks(proposal):
        print_error(f"reqdrift: {line}")
    return 0


def _lines(proposal: Proposal, *, written: bool, left: Sequence[str]) -> Iterator[str]:
    path = shown_path(proposal.path)
    if not proposal.table:
        also = "; nothing was appended" if written else ""
        yield f"# no [tool.reqdrift] table is needed: the defaults fit{also}"
    else:
        yield f"# appended to {path}" if written else f"# {path}"
        yield from (f"# {reason}" for reason in proposal.reasons)
        yield from proposal.table.splitlines()
    if proposal.hook:
        # pre-commit runs the hooks that were there, too.
        stages = "".join(f" -t {name}" for name in ("pre-commit", *left)) if left else ""
        yield from ("", f"# to check before each commit, add this to {_HOOKS_FILE}; then run:")
        yield f"# pre-commit install{stages}"
        lines = proposal.hook.splitlines()
        yield from (line for line in lines if left or not line.endswith("remind"))


def _remarks(proposal: Proposal) -> Iterator[str]:
    if proposal.existing:
        yield f"{shown_path(proposal.existing)} already has a [tool.reqdrift] table"
    if proposal.left is None:
        yield "no environment was found, so only the files were looked at; see reqdrift env"
    elif proposal.first:
        yield ": ".join(map(printable, filter(None, proposal.first)))
    else:
        if proposal.ignored:
            number = plural(proposal.ignored, "finding")
            yield f"the table ignores {number} (extra or unpinned); new ones are reported"
        if proposal.left:
            plan = "reqdrift plan prints commands that change the environment"
            left = plural(proposal.left, "error")
            yield f"{left} left: {plan}, reqdrift fix changes the files"


_HOOK = f"""\
  - repo: {REPOSITORY}
    rev: v{__version__}
    hooks:
      - id: reqdrift
      - id: reqdrift-remind
"""
# Git runs these hooks after it has changed files.
_AFTER_THE_FACT = ("post-checkout", "post-merge", "post-rewrite")
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
    `existing` is the pyproject.toml that has a table already, '' if there is none. `ignored` is how
    many errors the table ignores, and `left` how many it leaves, None if no environment was found.
    `first` is what to do before anything else, if most of them have one reason.
    """

    table: str
    path: str
    reasons: tuple[str, ...]
    hook: str
    existing: str = ""
    left: int | None = None
    ignored: int = 0
    first: Hint | None = None


def init(files: Files = (), *, write: bool = False, **place: Unpack[Place]) -> Proposal:
    """The smallest `[tool.reqdrift]` table that fits the files and the environment.

    Args:
        files: requirements files; by default those that the project has are found.
        write: append the table to pyproject.toml.
        **place: the environment, as in `Subject`.

    Raises:
        UsageError: there is no requirements file; `write`, and there is a table already.
        UnreadableFilesError: a line or file cannot be read.
        ReqdriftError: pyproject.toml cannot be written.
    """
    _, request = commands.subject.unconfigured("init", place, files)
    proposal, _ = _proposal(request)
    if write:
        _append(proposal)
    return proposal


def _append(proposal: Proposal) -> None:
    """Append the table to pyproject.toml, if one is needed."""
    path = proposal.path
    if proposal.existing:
        raise UsageError(f"{proposal.existing} already has a [tool.reqdrift] table", "edit it")
    if proposal.table:
        if os.path.islink(path):
            # It may lead out of the project, to a file that somebody else wants to have changed.
            raise UsageError(f"{path} is a symbolic link", "add the table by hand")
        places = [os.path.join(os.path.dirname(path), name) for name in ("setup.py", "tox.ini")]
        there = next(filter(os.path.exists, places), "")
        if there and not os.path.exists(path):
            what = f"a new {path} would change how pip and tox build the folder of {there}"
            raise UsageError(what, "if that is right, create it, then run this again")
        data = read_regular(path) if os.path.exists(path) else b""
        write_file(path, _with_table(data, proposal.table, path))


def _proposal(request: Request) -> tuple[Proposal, Run | None]:
    """The proposal, and the comparison that it is based on if there is only one."""
    # An empty path is that of a variable that is not set.
    version = request.python_version or None
    request = request._replace(path=request.path or None, python_version=version)
    cwd = os.getcwd()
    candidates = [request.files] if request.files else main_files(cwd, top_folder(cwd))
    # Without files for the project itself, a set for each service of a monorepo.
    sets = [("", _best(candidates, request))] if candidates else []
    sets = sets or [(name, (path,)) for name, path in services(cwd)]
    if not sets:
        raise UsageError("no requirements file was found", "pass it: reqdrift init FILE")
    folder = os.path.dirname(os.path.join(cwd, sets[0][1][0])) if candidates else cwd
    # Up to the top of the repository, or to the working directory.
    file = os.path.join(folder, DEFAULT_FILE)
    folders = [*Situation((file,), (), {}, cwd, top_folder(folder)).folders_upwards()]
    paths = [os.path.join(folder, "pyproject.toml") for folder in folders]
    existing = list(filter(os.path.isfile, paths))
    pyproject = existing[0] if existing else paths[-1]
    configured = next(filter(_has_table, existing), "")
    place = os.path.dirname(pyproject)
    left = ""
    if not (request.files or configured) and place != folder:
        beside = [os.path.join(place, DEFAULT_FILE), *(path for _, path in services(place))]
        known = {path for _, paths in sets for path in paths}
        left = next((x for x in beside if x not in known and os.path.isfile(x)), "")
    if left:
        what = f"with a table in {shown_path(pyproject)}, {shown_path(left)} would not be checked"
        way_out = f"run reqdrift init in {place}, or name all files: reqdrift init FILE ..."
        raise UsageError(f"{what} any more", way_out)
    every = [path for _, files in sets for path in files]
    runs = [
        _examined(files, request, beside=tuple((path, "") for path in every if path not in files))
        for _, files in sets
    ]
    fits = [_fit(found, request) for found in runs]
    tables = []
    reasons: dict[str, str] = {}
    for (name, files), (ignored, *_) in zip(sets, fits, strict=True):
        relative = [os.path.relpath(path, place) for path in files]
        keys = [f"files = {_toml([path.replace(os.sep, '/') for path in relative])}"]
        if name:
            reasons["set"] = f"{len(sets)} folders have a {DEFAULT_FILE}"
            keys.insert(0, f"name = {_toml(name)}")
        elif relative[1:] or relative[0] not in DEFAULT_FILES:
            reasons["files"] = "what is checked, if no file is named"
        else:
            keys = []
        if ignored:
            reasons["ignore"] = "what was found today; new findings count"
            entries = dict.fromkeys(map(_entry, ignored))
            keys.append(f"ignore = [\n{''.join(entries)}]")
        if keys:
            header = "[[tool.reqdrift.set]]" if name else "[tool.reqdrift]"
            tables.append("\n".join([header, *keys, ""]))
    proposal = Proposal(
        "\n".join(tables),
        pyproject,
        tuple(f"{key}: {why}" for key, why in reasons.items()),
        _hook(folders),
        configured,
        sum(left for _, left, _ in fits) if all(runs) else None,
        sum(len(ignored) for ignored, *_ in fits),
        next((reason for *_, reason in fits if reason), None),
    )
    return proposal, runs[0] if candidates else None


def _best(candidates: Sequence[tuple[str, ...]], request: Request) -> tuple[str, ...]:
    """The files that fit the environment best."""
    if len(candidates) == 1:
        return candidates[0]

    def badness(files: tuple[str, ...]) -> tuple[int, int, int]:
        # By default, what one file lists excuses what another leaves out.
        found = _examined(files, request, "all")
        if found is None:
            return 0, 0, len(files)
        return len(found.report.errors), len(found.report.findings), len(files)

    return min(candidates, key=badness)


def _examined(
    files: tuple[str, ...],
    request: Request,
    unlisted: str = "auto",
    beside: tuple[tuple[str, str], ...] = (),
) -> Run | None:
    """The files compared with the environment, None if there is none."""
    one = Set("", files, request.python, policy=Policy(unlisted), beside=beside)
    try:
        return examined(one, request)
    except EnvironmentReadError:
        return None


def _fit(found: Run | None, request: Request) -> tuple[Sequence[Finding], int, Hint | None]:
    """The errors that the table ignores, how many it leaves, and what to do first."""
    if found is None:
        return (), 0, None
    report = found.report
    if report.errors:
        # Nothing is said of what is unlisted or unpinned.
        raise UnreadableFilesError(report.errors, "no table is proposed")
    errors = [finding for finding in report.findings if finding.severity == "error"]
    # What an ignored package needs is not `extra`.
    ignored = [f for f in errors if f.kind in _IGNORED and not f.brought_by]
    left = [finding for finding in errors if finding.kind not in _IGNORED]
    # Nothing is ignored if the environment is wrong as a whole.
    report = report._replace(findings=tuple(left))
    doubt, situation = doubts_of(found)[0], found.situation
    # In this repository, it is at most shared.
    is_ours = is_inside(found.environment.prefix, situation.top or situation.folder)
    if doubt and not is_ours:
        return (), len(errors), Hint(f"no package is ignored: {doubt}", "")
    if leads := lead_of(report, situation, request, obstacle_of(found), ""):
        return (), len(errors), leads[0]
    return ignored, len(left), None


def _entry(finding: Finding) -> str:
    name, kinds = _toml(finding.project), _toml([finding.kind])
    reason = _toml(_IGNORED[finding.kind])
    return f"  {{ name = {name}, kinds = {kinds}, reason = {reason} }},\n"


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


def _reminders(proposal: Proposal) -> tuple[list[str], tuple[str, ...]]:
    """Write the git hooks that are not there yet, unless those of the clone are elsewhere.

    Returns:
        What was written, and the names of those that do not remind.
    """
    top = top_folder(os.path.dirname(proposal.path))
    if not top or is_in_cache(sys.prefix):
        return [], _AFTER_THE_FACT
    asked = ("rev-parse", "--git-common-dir"), ("config", "--get-all", "core.hooksPath")
    shared, hooks = repository.git.answers(top, *asked, seconds=5)
    folder = os.path.join(top, (shared or "").removesuffix("\n"), "hooks")
    # The last value is the one that git is started with here; other repositories may use a link.
    if not shared or hooks != f"{os.devnull}\n" or os.path.islink(folder):
        return [], _AFTER_THE_FACT
    # Without -P, Python would run a reqdrift.py of the project.
    command = shell_line([sys.executable, "-P", "-m", "reqdrift", "remind"])
    os.makedirs(folder, exist_ok=True)
    written, left = [], []
    for name in _AFTER_THE_FACT:
        path = os.path.join(folder, name)
        if os.path.lexists(path):
            left += [] if "reqdrift remind" in repository.read_text(path) else [name]
        else:
            write_file(path, f'#!/bin/sh\n[ "$1" = "$2" ] || {command} || true\n'.encode())
            os.chmod(path, 0o755)  # noqa: S103 - git runs it
            written.append(path)
    return written, tuple(left)


def _toml(value: str | list[str]) -> str:
    """A string, or a list of strings, as TOML writes it."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _has_table(pyproject: str) -> bool:
    try:
        return bool(repository.settings.read_table(pyproject))
    except UsageError:
        return False


def _with_table(data: bytes, table: str, path: str) -> bytes:
    """The content of a pyproject.toml with a table appended, all else as it was.

    Raises:
        UsageError: the file is no TOML, or the table cannot be appended to it.
    """
    by_hand = "add it by hand"
    try:
        text = data.decode()
        ending = "\r\n" if "\r\n" in text else "\n"
        gap = "" if not text else ending if text.endswith("\n") else ending * 2
        text += gap + table.replace("\n", ending)
        tools = plain_toml.any_tables(text)["tool"]
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the table cannot be appended to {path}: {error}", by_hand) from None
    if "reqdrift" not in tools:  # it is an array
        raise UsageError(f"the table cannot be appended to {path}", by_hand)
    return text.encode()
