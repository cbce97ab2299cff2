"""Projects with findings against groups of environments in which the same is wrong."""

from __future__ import annotations

from ..values import TYPE_CHECKING, NamedTuple
from .matrix import is_matrix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..values import CanonicalName
    from ..values.parts import Part
    from ..values.report import Report
    from ..values.words import KindName, Verdict

# What could not be compared comes first, as on the rest of a page.
_RANKS: Mapping[Verdict, int] = {"failed": 0, "drift": 1, "clean": 2}


class Cell(NamedTuple):
    """What is found of a project: the installed version, and the kinds of findings.

    The version is '' if the project is not installed, None if the environment could not be read.
    """

    version: str | None
    kinds: tuple[KindName, ...]


class EnvironmentGroup(NamedTuple):
    """Environments with one verdict, of a set (`base`), in which each project is the same."""

    names: tuple[str, ...]
    verdict: Verdict
    cells: tuple[Cell, ...]
    base: str = ""


class Crosstab(NamedTuple):
    """The projects, and the groups with a cell for each of them."""

    projects: tuple[CanonicalName, ...]
    groups: tuple[EnvironmentGroup, ...]


def crosstab(report: Report) -> Crosstab:
    """The table of a report about several environments; empty for any other."""
    parts = [part for part in report.parts if part.base is not None]
    if not is_matrix(parts):
        return Crosstab((), ())
    found: dict[tuple[str, str], dict[CanonicalName, list[KindName]]] = {}
    for finding in report.findings:
        for name in finding.environments:
            kinds = found.setdefault((finding.part, name), {})
            kinds.setdefault(finding.project, []).append(finding.kind)
    projects = tuple(sorted({project for kinds in found.values() for project in kinds}))
    groups: dict[EnvironmentGroup, list[str]] = {}
    for part in parts:
        kinds = found.get((part.base or "", part.name), {})
        cells = tuple(_cell(project, part, kinds.get(project, ())) for project in projects)
        group = EnvironmentGroup((), part.verdict, cells, part.base or "")
        groups.setdefault(group, []).append(part.name)
    ordered = sorted(groups.items(), key=lambda item: (_RANKS[item[0].verdict], -len(item[1])))
    return Crosstab(projects, tuple(group._replace(names=tuple(names)) for group, names in ordered))


def _cell(project: CanonicalName, part: Part, kinds: Sequence[KindName]) -> Cell:
    if part.environment is None:
        return Cell(None, ())
    installed = part.environment.distributions.get(project)
    return Cell(installed.version if installed else "", tuple(dict.fromkeys(kinds)))
