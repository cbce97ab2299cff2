"""Other files and environments than a plain check has, and one report for several of them.

There is a set for each record. What is found in many environments is one finding with their names.
"""

from __future__ import annotations

import os
import stat

from .. import environments, options, repository, requirements
from ..drift.policy import UNUSED
from ..errors import EnvironmentReadError, UsageError
from ..report import shown_path
from ..values import TYPE_CHECKING, Report
from ..values.details import Part, some_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any, TypeVar

    from ..environments import EnvironmentSource, Situation
    from ..environments.records import Pipes
    from ..values import Environment, Request, Set

    _T = TypeVar("_T")

_STANDARD_INPUT = "-"
_SUFFIXES = (".json", ".txt")


# The last request, of which each run has its own, and what was read of pipes for it.
_last: list[tuple[Request, Pipes]] = []


def named_source(one: Set, situation: Situation, request: Request) -> EnvironmentSource:
    """The source that reads a record, or the folder of `--path`."""
    if not one.installed:
        return environments.records.Target(request.path or "", request.python_version)
    # What was read of pipes for the other sets of this run; a later run reads them again.
    if not (_last and _last[0][0] is request):
        _last[:] = [(request, {})]
    project = situation.top or situation.folder
    return environments.records.Record(one.installed, project, request, _last[0][1])


def default_of_folder(cwd: str) -> str:
    """The one file of a `requirements/` folder that no other includes.

    Raises:
        UsageError: there is none, or several; the hint has the command that checks the first.
    """
    found = [
        files[0]
        for files in requirements.nearby.main_files(cwd, repository.top_folder(cwd))
        if len(files) == 1
    ]
    if len(found) == 1 and os.path.basename(os.path.dirname(found[0])) == "requirements":
        return found[0]
    message = "there is no requirements.txt or pylock.toml here or at the top of the repository"
    if found:
        command = " ".join(map(options.quoted, ["reqdrift", shown_path(found[0])]))
        names, hint = map(shown_path, found), f"pass what the environment is for: {command}"
        raise UsageError(f"{message}, but {', '.join(names)}", hint)
    # The folders below may have one each, as the services of a monorepo do.
    below = [shown_path(path) for _, path in requirements.nearby.services(cwd)]
    if not below:
        raise UsageError(message, "pass the file: reqdrift FILE")
    more = [f"{len(below) - 3} more"] if len(below) > 3 else []
    hint = "to check each in its own environment, add sets: reqdrift init --write"
    raise UsageError(f"{message}, but {', '.join([*below[:3], *more])}", hint)


def with_records(sets: Sequence[Set], installed: Sequence[str]) -> tuple[Set, ...]:
    """The sets, each once for each record, with names if there are several.

    Args:
        sets: the sets.
        installed: files, `-` for standard input, and folders of files.

    Raises:
        UsageError: a source is named twice.
        EnvironmentReadError: a folder has no file, or cannot be read.
    """
    paths = [path for source in installed for path in _files_of_source(source)]
    if len(set(paths)) < len(paths):
        repeated = next(path for path in paths if paths.count(path) > 1)
        raise UsageError(f"--installed: {repeated} is named twice", "name it once")
    labels = _labels(paths) if len(paths) > 1 else [""]
    found = []
    for one in sets:
        for path, label in zip(paths, labels, strict=True):
            name = " ".join(filter(None, (one.name, label)))
            found.append(one._replace(name=name, base=one.base or one.name, installed=path))
    return tuple(found)


def _files_of_source(source: str) -> Iterator[str]:
    """The files of a source: of a folder all that are not hidden."""
    if source == _STANDARD_INPUT or not os.path.isdir(source):
        yield source
        return
    try:
        names = sorted(name for name in os.listdir(source) if not name.startswith("."))
    except OSError as error:
        raise EnvironmentReadError(f"{source} cannot be read: {error.strerror}") from None
    if "pyvenv.cfg" in names:
        raise EnvironmentReadError(
            f"{source} is an environment", f"pass --python {options.quoted(source)}"
        )
    if not names:
        raise EnvironmentReadError(
            f"{source} has no records", "write one file for each environment"
        )
    for name in names:
        path = os.path.join(source, name)
        # Reading it would wait for a writer, maybe forever.
        if os.path.exists(path) and stat.S_ISFIFO(os.stat(path).st_mode):
            raise EnvironmentReadError(f"{path} is a named pipe", "pass it by itself")
        yield path


def _labels(paths: Sequence[str]) -> list[str]:
    """The shortest names that tell the records apart."""
    for names in ([_stem(path) for path in paths], [os.path.basename(path) for path in paths]):
        if len(set(names)) == len(names):
            return names
    return list(paths)


def _stem(path: str) -> str:
    """The name of the file, without what names the format: the names of hosts have dots, too."""
    name = os.path.basename(path)
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return "standard input" if path == _STANDARD_INPUT else name


def joined(parts: Sequence[tuple[Set, Report]], *, verbose: bool = False) -> Report:
    """The report about all sets; their names, or those of the environments, precede the messages.

    Args:
        parts: each set with its report.
        verbose: name all environments in messages, not only the first.
    """
    groups: dict[str, list[tuple[Set, Report]]] = {}
    for one, report in parts:
        # Sets without a name in the configuration are one for each record.
        name = one.base if one.installed else one.base or one.name
        groups.setdefault(name, []).append((one, report))
    whole = [_group(base, group, verbose) for base, group in groups.items()]
    names = ("findings", "notes", "errors", "hints", "leads")
    every: dict[str, Any] = {
        name: _once(one for report in whole for one in getattr(report, name)) for name in names
    }
    return Report(
        None,
        _once(file for _, report in parts for file in report.files),
        checked=sum(report.checked for _, report in parts),
        skipped=sum(report.skipped for _, report in parts),
        parts=tuple(part for report in whole for part in report.parts),
        **every,
    )


def _once(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))


def _group(base: str, group: Sequence[tuple[Set, Report]], verbose: bool) -> Report:
    """What is said of one set, in one environment or several.

    Each message is in it once, after the names of the environments that it is about.
    """
    several = len(group) > 1
    first_with: dict[object, str] = {}
    parts = []
    for one, report in group:
        said = _said_by(report.environment)
        # Equal versions may need other packages, or come from other commits.
        same = frozenset(_anywhere(x, report.environment) for x in report.findings)
        key = (said, same, report.verdict)
        same_as = first_with.setdefault(key, one.name) if said else one.name
        same_as = "" if same_as == one.name else same_as
        read = report.environment, report.files, report.checked, report.skipped
        parts.append(Part(one.name, *read, base if several else None, report.verdict, same_as))

    def labelled(field: str, text: str = "message") -> Iterator[tuple[Any, list[str], str]]:
        """Each item of a field, after the names of its environments; with these, and in words."""
        where: dict[object, tuple[Any, dict[str, None]]] = {}
        for one, report in group:
            for item in getattr(report, field):
                same = _anywhere(item, report.environment)
                where.setdefault(same, (item, {}))[1][one.name] = None
        for item, names in where.values():
            label = some_names([*names], total=len(group), verbose=verbose)
            yield item._replace(**{text: f"[{label}] {getattr(item, text)}"}), [*names], label

    findings = []
    for finding, names, label in labelled("findings"):
        part, among = (base, tuple(names)) if several else (names[0], ())
        findings.append(finding._replace(part=part, environments=among, label=label))
    # Another environment may need an ignore that this one does not.
    notes = [
        note
        for note, names, _ in labelled("notes")
        if len(names) == len(group) or not note.message.endswith(UNUSED)
    ]
    # What makes the file match one record makes it differ from the next.
    hints = () if several and group[0][0].installed else [h for _, r in group for h in r.hints]
    return Report(
        None,
        findings=tuple(findings),
        notes=tuple(notes),
        errors=tuple(error for error, *_ in labelled("errors")),
        hints=tuple(hints),
        parts=tuple(parts),
        leads=tuple(lead for lead, *_ in labelled("leads", "purpose")),
    )


def _anywhere(item: Any, environment: Environment | None) -> object:
    """The same for all environments of which it is said: the place of some is their folder."""
    at = getattr(item, "at", None)
    return item._replace(at=None) if environment and at and at.file == environment.prefix else item


def _said_by(environment: Environment | None) -> object:
    """What is installed, whatever the file or folder that says so."""
    if environment is None:
        return None
    found, python = environment.distributions.values(), environment.python
    # Not by its markers: the kernel's version, too, is one of them.
    return python[:2], frozenset((one.name, one.version, one.direct) for one in found)
