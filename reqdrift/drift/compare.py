"""Questions to answer before a comparison, and the comparison itself."""

from __future__ import annotations

from .. import drift
from ..standards.pep440 import marker_hangs_on_patch
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Distribution,
    Environment,
    Location,
    NamedTuple,
    Note,
    Policy,
    Python,
    Report,
    Requirement,
    Requirements,
)
from ..values.findings import Facts, Finding, Project, Questions, Unreadable
from . import order_of_notes, unlisted_projects
from .case import Case, is_inside, make_case
from .graph import (
    TOOLS,
    Node,
    graph_of,
    is_unmet_wanted,
    is_unmet_wanted_everywhere,
    markers_that_decide,
)
from .lines import is_allowed, is_pinned, may_repeat, surely_listed
from .policy import judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..values import KindName


# Every Python version that a folder can be for, including future ones.
_VERSIONS = ("2.7", *(f"3.{minor}" for minor in range(3, 20)))


def questions(
    requirements: Requirements,
    environment: Environment,
    folder: str,
    known: Facts,
    policy: Policy,
) -> Questions:
    """What else must be known of the environment before it can be compared.

    Sources are asked for first: if only this project itself is unlisted, dependencies need not be
    known. There are three rounds at most: dependencies may depend on the exact version of Python.

    Args:
        requirements: the content of the files.
        environment: what is installed.
        folder: the project's top folder.
        known: the answers so far.
        policy: what the user counts as drift.
    """
    direct = {name for name, found in environment.distributions.items() if found.direct}
    if asked := direct - known.sources.keys():
        return Questions(frozenset(asked))
    lines = requirements.requirements
    may_be_extra = any(
        found.name not in TOOLS and not is_inside(folder, known.sources.get(found.name))
        for found in perhaps_unlisted(requirements, environment)
    )
    everywhere = is_unmet_wanted_everywhere(policy)
    # Of an assumed Python, other versions are compared too: more may be unlisted there.
    is_open = environment.python.assumed and any(line.extras for line in lines)
    requires = may_be_extra or everywhere or is_open
    unread: frozenset[CanonicalName] = frozenset()
    if not requires and known.requires is None:
        nodes = [Node(line.name, extra) for line in lines if line.name for extra in line.extras]
        graph = graph_of(known, environment.python)
        unread = graph.behind_extras(nodes) & environment.distributions.keys()
        unread -= known.needs.keys()
    markers = [line.marker for line in lines]
    markers += [marker for scope in requirements.scopes for marker in scope.markers]
    if known.requires and (everywhere or (may_be_extra and is_unmet_wanted(policy))):
        markers += markers_that_decide(known.requires, environment.distributions)
    hangs = known.python is None and _hangs_on_patch(markers, environment.python)
    return Questions(
        checkouts=frozenset(_checkouts(lines, known, folder)) - (known.checkouts or {}).keys(),
        requires=requires and known.requires is None,
        exact_python=hangs,
        requires_of=unread,
    )


def perhaps_unlisted(
    requirements: Requirements, environment: Environment
) -> tuple[Distribution, ...]:
    """What no line lists for sure, and what is not exempt.

    A line that may not apply does not list its project, which may be extra after all.
    """
    listed = surely_listed(requirements.requirements, environment.python)
    return unlisted_projects(environment, listed, requirements.unsafe)[0]


def _checkouts(
    lines: Iterable[Requirement], known: Facts, folder: str
) -> Iterator[tuple[str, str, str]]:
    """The git repositories that the sources of lines must be compared with."""
    lines = [line for line in lines if line.source and line.source.kind == "vcs"]
    if not lines:
        return
    for line in lines:
        # A bare URL may be that of any project.
        found = known.sources.values() if line.name is None else [known.sources.get(line.name)]
        for source in found:
            if asked := drift.sources.checkout_of(line.source, source, folder):
                yield asked


def compare(
    requirements: Requirements,
    environment: Environment,
    facts: Facts,
    policy: Policy,
    project: Project,
) -> Report:
    """Compare the requirements with the environment, rule by rule.

    Args:
        requirements: the content of the files.
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
    """The same, with the case that the rules looked at; repairs and plans use it too."""
    case = make_case(requirements, environment, facts, policy, project)
    return case, _sorted(apply_rules(case))


def hanging_on_version(
    report: Report,
    requirements: Requirements,
    facts: Facts,
    policy: Policy,
    project: Project,
) -> tuple[CanonicalName, ...]:
    """The projects whose findings would differ with another Python version.

    Args:
        report: the report for the assumed Python.
        requirements: the content of the files.
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
        notes=tuple(sorted(report.notes, key=order_of_notes)),
    )


def _order_of_findings(finding: Finding) -> tuple[str, int, str, str]:
    return (finding.at.file, finding.at.line or 0, finding.project, finding.kind)


def _hangs_on_patch(markers: Iterable[str | None], python: Python) -> bool:
    """Whether a verdict depends on the patch version, which an upgrade may have changed."""
    asked = {marker for marker in markers if marker and "_version" in marker}
    if not asked:
        return False
    return any(marker_hangs_on_patch(marker, python) for marker in asked)


def _is_something_absent(case: Case) -> bool:
    return not case.applicable.keys() <= case.environment.distributions.keys()


class Rule(NamedTuple):
    """How one kind is found.

    `may_find` is whether the rule may find something: cheap, and exact or on the safe side. The
    rule itself is the function of the kind's name in `module`, which is loaded only then.
    """

    module: str
    may_find: Callable[[Case], bool]


# In the order of the table of kinds, but for `unmet`, which looks at what these find.
RULES: Mapping[KindName, Rule] = {
    "broken": Rule(
        "absent",
        lambda case: (
            bool(case.environment.broken or case.unknown)
            or any(isinstance(source, Unreadable) for source in case.facts.sources.values())
        ),
    ),
    "missing": Rule(
        "absent",
        lambda case: _is_something_absent(case) or any(line.extras for line in case.lines),
    ),
    "version": Rule(
        "absent", lambda case: not all(is_allowed(line, found) for line, found in case.comparable)
    ),
    "source": Rule(
        "source",
        lambda case: bool(case.facts.sources) or any(line.source for line in case.lines),
    ),
    "extra": Rule("extra", lambda case: bool(case.unlisted)),
    "unpinned": Rule(
        "files", lambda case: not all(line.constraint or is_pinned(line) for line in case.lines)
    ),
    "conflict": Rule("files", lambda case: bool(case.contradictions) or may_repeat(case.lines)),
    "stale": Rule("files", lambda case: bool(case.compiled) and case.complete),
}


def rule_of(kind: KindName) -> Callable[[Case], Iterator[Finding | Note]]:
    """The rule that finds one kind; its module is loaded now."""
    found: Callable[[Case], Iterator[Finding | Note]]
    found = getattr(getattr(drift, RULES[kind].module), kind)
    return found


def apply_rules(case: Case) -> Report:
    """Run every rule over the case that may find something, and count what they looked at."""
    kinds = [kind for kind, rule in RULES.items() if rule.may_find(case)]
    found = [item for kind in kinds for item in rule_of(kind)(case)]
    found += _unmet(case, found)
    counted = list(judged([item for item in found if isinstance(item, Finding)], case))
    findings = tuple(item for item in counted if isinstance(item, Finding))
    notes = (*case.notes, *(item for item in (*found, *counted) if isinstance(item, Note)))
    asked = sum(not line.constraint for line in case.lines)
    skipped = len(case.inactive) + _number_not_needed(case)
    environment = case.environment
    return Report(
        environment._replace(python=case.python, started=environment.started or case.facts.started),
        case.files,
        findings,
        notes,
        case.errors,
        asked - skipped,
        skipped,
    )


def _unmet(case: Case, found: list[Finding | Note]) -> Iterator[Finding | Note]:
    if case.facts.requires is None:
        return iter(())
    return drift.unmet.unmet(case, found)


def _number_not_needed(case: Case) -> int:
    if not _is_something_absent(case):
        return 0
    return len(drift.absent.lines_not_needed(case))
