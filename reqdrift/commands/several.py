"""One report for several sets, and for several environments of one set: a set for each record.

What is found in many environments is one finding with their names.
"""

from __future__ import annotations

import os
import stat

from ..errors import EnvironmentReadError, UsageError
from ..values import TYPE_CHECKING, Location, Note, Problem, Report
from ..values.findings import Finding, Hint, Part, some_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeVar

    from ..values import Environment, Set

    _T = TypeVar("_T")
    _Message = TypeVar("_Message", Note, Problem)

_STANDARD_INPUT = "-"
_SUFFIXES = (".json", ".txt")


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
    return tuple(
        one._replace(
            name=" ".join(filter(None, (one.name, label))),
            base=one.base or one.name,
            installed=path,
        )
        for one in sets
        for path, label in zip(paths, labels, strict=True)
    )


def _files_of_source(source: str) -> Iterator[str]:
    """The files of a source: of a folder all that are not hidden."""
    if source == _STANDARD_INPUT or not os.path.isdir(source):
        yield source
        return
    try:
        names = sorted(name for name in os.listdir(source) if not name.startswith("."))
    except OSError as error:
        raise EnvironmentReadError(f"{source} cannot be read: {error.strerror}") from None
    if not names:
        raise EnvironmentReadError(
            f"{source} has no records", "write one file for each environment"
        )
    for name in names:
        path = os.path.join(source, name)
        if _is_pipe(path):
            raise EnvironmentReadError(f"{path} is a named pipe", "pass it by itself")
        yield path


def _is_pipe(path: str) -> bool:
    """Whether reading it would wait for a writer, maybe forever."""
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)
    except OSError:
        return False  # reading it says why


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
        groups.setdefault(one.base if one.installed else one.base or one.name, []).append(
            (one, report)
        )
    whole = [_group(base, group, verbose) for base, group in groups.items()]
    return Report(
        None,
        _once(file for part in whole for file in part.files),
        tuple(finding for part in whole for finding in part.findings),
        tuple(note for part in whole for note in part.notes),
        tuple(error for part in whole for error in part.errors),
        sum(part.checked for part in whole),
        sum(part.skipped for part in whole),
        _once(hint for part in whole for hint in part.hints),
        tuple(one for part in whole for one in part.parts),
        leads=tuple(lead for part in whole for lead in part.leads),
    )


def _once(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))


def _group(base: str, group: Sequence[tuple[Set, Report]], verbose: bool) -> Report:
    """The report about one set, in one environment or several."""
    names = [one.name for one, _ in group]
    reports = [report for _, report in group]
    first = reports[0]
    several = len(group) > 1
    findings = tuple(_merged(group, several, verbose))
    first_with: dict[object, str] = {}
    parts = []
    for one, report in group:
        said = _said_by(report.environment)
        # Equal versions may need other packages, or come from other commits.
        found = frozenset(_anywhere(finding, report.environment) for finding in report.findings)
        key = (said, found, report.verdict)
        same_as = first_with.setdefault(key, one.name) if said else one.name
        parts.append(
            Part(
                one.name,
                report.environment,
                report.files,
                report.checked,
                report.skipped,
                base if several else None,
                report.verdict,
                "" if same_as == one.name else same_as,
            )
        )
    return Report(
        None,
        _once(file for report in reports for file in report.files) if several else first.files,
        findings,
        tuple(_labelled([r.notes for r in reports], names, verbose)),
        tuple(_labelled([r.errors for r in reports], names, verbose)),
        sum(report.checked for report in reports),
        sum(report.skipped for report in reports),
        # What makes the file match one record makes it differ from the next.
        () if several and group[0][0].installed else _once(h for r in reports for h in r.hints),
        tuple(parts),
        leads=tuple(_labelled_leads(group, verbose)),
    )


def _said_by(environment: Environment | None) -> object:
    """What is installed, whatever the file or folder that says so."""
    if environment is None:
        return None
    found, python = environment.distributions.values(), environment.python
    # Not by its markers: the kernel's version, too, is one of them.
    return python[:2], frozenset((one.name, one.version, one.direct) for one in found)


def _anywhere(finding: Finding, environment: Environment | None) -> Finding:
    """The finding, without the place of the environment if it is about that."""
    if environment is None or finding.at.file != environment.prefix:
        return finding
    message = finding.message.replace(environment.prefix, "")
    return finding._replace(at=Location(""), message=message)


def _merged(group: Sequence[tuple[Set, Report]], several: bool, verbose: bool) -> Iterator[Finding]:
    """The findings, each once with the names of the environments that it is about."""
    where: dict[Finding, list[str]] = {}
    first: dict[Finding, Finding] = {}
    for one, report in group:
        for finding in report.findings:
            same = _anywhere(finding, report.environment) if several else finding
            where.setdefault(same, []).append(one.name)
            first.setdefault(same, finding)
    for same, names in where.items():
        finding = first[same]
        if several:
            base = group[0][0].base
            finding = finding._replace(part=base, environments=tuple(dict.fromkeys(names)))
        else:
            finding = finding._replace(part=names[0])
        label = some_names(finding.environments or names, len(group), verbose=verbose)
        yield finding._replace(label=label, message=f"[{label}] {finding.message}")


def _labelled(
    lists: Sequence[Sequence[_Message]], names: Sequence[str], verbose: bool
) -> Iterator[_Message]:
    """Notes or errors, each once with the names of the environments that it is about."""
    where: dict[_Message, list[str]] = {}
    for name, items in zip(names, lists, strict=True):
        for item in items:
            where.setdefault(item, []).append(name)
    for item, found in where.items():
        label = some_names(found, len(names), verbose=verbose)
        yield item._replace(message=f"[{label}] {item.message}")


def _labelled_leads(group: Sequence[tuple[Set, Report]], verbose: bool) -> Iterator[Hint]:
    where: dict[Hint, list[str]] = {}
    for one, report in group:
        for lead in report.leads:
            where.setdefault(lead, []).append(one.name)
    for lead, names in where.items():
        label = some_names(names, len(group), verbose=verbose)
        yield lead._replace(purpose=f"[{label}] {lead.purpose}")
