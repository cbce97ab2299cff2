"""The comparison: requirements and an environment in, first questions and then a Report out. Pure.

`settle` is the literal fast path: where every line is a plain `name==version` that says, letter
for letter, what is installed, and nothing else bears on any project, there is nothing to ask and
nothing to weigh. Otherwise `questions` says what must be read, and `compare` applies the rules. A
property test holds the two ways together.
"""

from __future__ import annotations

from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Environment,
    Facts,
    Location,
    Note,
    Policy,
    Project,
    Python,
    Questions,
    Report,
    Requirements,
    listed_names,
)
from .exempt import SEED_PACKAGES, TOOLS, is_inside, unlisted_projects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..values import Finding, Requirement
    from .case import Case

# Every Python that may have filled a folder, and some to come.
_VERSIONS = ("2.7", *(f"3.{minor}" for minor in range(3, 20)))


def settle(requirements: Requirements, environment: Environment, policy: Policy) -> Report | None:
    """The report, if comparing texts settles every line and leaves nothing to weigh."""
    if requirements.errors or environment.broken:
        return None
    if policy != Policy() and policy != Policy("all"):
        return None
    if any("reqdrift:" in file.text for file in requirements.files):
        return None  # `# reqdrift: ignore`
    lines = requirements.requirements
    distributions = environment.distributions
    for line in lines:
        found = distributions.get(line.name)  # type: ignore[arg-type] # None is no key either
        if found is None or found.version != line.pin or found.direct or line.constraint:
            return None
    names = listed_names(lines)
    if len(names) < len(lines) and _repeat_in_a_file(lines):
        return None
    others, notes = unlisted_projects(environment, names, requirements.unsafe)
    if others or (environment.python.assumed and not SEED_PACKAGES.isdisjoint(distributions)):
        return None
    notes = (*requirements.notes, *environment.notes, *notes)
    return _sorted(Report(environment, requirements.files, notes=notes, checked=len(lines)))


def _repeat_in_a_file(lines: Sequence[Requirement]) -> bool:
    """Whether a project is named twice in one file; across files it may be."""
    return len({(line.origin.file, line.name) for line in lines}) < len(lines)


def questions(
    requirements: Requirements,
    environment: Environment,
    folder: str,
    known: Facts,
    policy: Policy,
) -> Questions:
    """What else must be known of the environment before it can be compared.

    Where things came from is asked first: if all that is unlisted is this project itself, nobody
    has to know who needs whom. There are three rounds at most: what is needed may hang on the exact
    version of the Python.

    Args:
        requirements: what the files say.
        environment: what is installed.
        folder: the project's top folder.
        known: the answers so far.
        policy: what the user counts as drift.
    """
    from .unmet import is_wanted, is_wanted_everywhere, markers_that_decide

    direct = {name for name, found in environment.distributions.items() if found.direct}
    if asked := direct - known.sources.keys():
        return Questions(frozenset(asked))
    lines = requirements.requirements
    # A line with a marker may not apply, so a project that it names may be extra after all.
    surely_listed = listed_names(line for line in lines if not line.marker)
    others, _ = unlisted_projects(environment, surely_listed, requirements.unsafe)
    may_be_extra = any(
        found.name not in TOOLS and not is_inside(folder, known.sources.get(found.name))
        for found in others
    )
    everywhere = is_wanted_everywhere(policy)
    requires = may_be_extra or everywhere or any(line.extras for line in lines)
    markers = [line.marker for line in lines]
    if known.requires and (everywhere or (may_be_extra and is_wanted(policy))):
        markers += markers_that_decide(known.requires, environment.distributions)
    hangs = known.python is None and _hangs_on_patch(markers, environment.python)
    return Questions(
        checkouts=frozenset(_checkouts(lines, known, folder)) - (known.checkouts or {}).keys(),
        requires=requires and known.requires is None,
        exact_python=hangs,
    )


def _checkouts(
    lines: Iterable[Requirement], known: Facts, folder: str
) -> Iterator[tuple[str, str]]:
    """The git repositories that the sources of lines must be compared with, and the project's."""
    lines = [line for line in lines if line.source and line.source.kind == "vcs"]
    if not lines:
        return
    from .sources import checkout_of

    for line in lines:
        # A bare URL may be that of any project.
        found = known.sources.values() if line.name is None else [known.sources.get(line.name)]
        for source in found:
            if asked := checkout_of(line.source, source):
                yield asked
                yield folder, ""


def compare(
    requirements: Requirements,
    environment: Environment,
    facts: Facts,
    policy: Policy,
    project: Project,
) -> Report:
    """Hold the requirements against the environment, rule by rule.

    Args:
        requirements: what the files say.
        environment: what is installed.
        facts: the answers to `questions` about these two.
        policy: what the user counts as drift.
        project: the project that the requirements file belongs to.
    """
    return compare_case(requirements, environment, facts, policy, project)[1]


def compare_case(
    requirements: Requirements,
    environment: Environment,
    facts: Facts,
    policy: Policy,
    project: Project,
) -> tuple[Case, Report]:
    """The same, with the case that the rules looked at: repairs and plans read it, too."""
    # A clean run never pays for loading the rules.
    from .rules import apply_rules, make_case

    case = make_case(requirements, environment, facts, policy, project)
    return case, _sorted(apply_rules(case))


def hanging_on_version(
    report: Report,
    requirements: Requirements,
    facts: Facts,
    policy: Policy,
    project: Project,
) -> tuple[CanonicalName, ...]:
    """The projects about which some other Python would give other findings.

    Args:
        report: that about the Python which is assumed.
        requirements: what the files say.
        facts: the answers that the report was made from.
        policy: what the user counts as drift.
        project: the project that the requirements file belongs to.
    """
    environment = report.environment
    if environment is None or not environment.python.assumed:
        return ()
    here, names = _found(report), set()
    for version in _VERSIONS:
        other = environment._replace(python=environment.python._replace(version=version))
        there = _found(compare(requirements, other, facts._replace(python=None), policy, project))
        names |= {name for name, _, _ in here ^ there}
    return tuple(sorted(names))


def _found(report: Report) -> set[tuple[CanonicalName, str, Location]]:
    return {(finding.project, finding.kind, finding.at) for finding in report.findings}


def _sorted(report: Report) -> Report:
    return report._replace(
        findings=tuple(sorted(report.findings, key=_order_of_findings)),
        notes=tuple(sorted(report.notes, key=_order_of_notes)),
    )


def _order_of_findings(finding: Finding) -> tuple[str, int, str, str]:
    return (finding.at.file, finding.at.line or 0, finding.project, finding.kind)


def _order_of_notes(note: Note) -> tuple[str, int, str, str, str]:
    file, line = (note.at.file, note.at.line or 0) if note.at else ("", 0)
    return (file, line, note.project or "", note.reason, note.message)


def _hangs_on_patch(markers: Iterable[str | None], python: Python) -> bool:
    """Whether a verdict hangs on the patch version, which an upgrade of the base may have moved."""
    asked = {marker for marker in markers if marker and "_version" in marker}
    if not asked:
        return False
    from ..standards.pep440 import marker_hangs_on_patch

    return any(marker_hangs_on_patch(marker, python) for marker in asked)
