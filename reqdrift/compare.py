"""The comparison: requirements and an environment in, first questions and then a Report out. Pure.

`settle` is the literal fast path: where every line is a plain `name==version` that says, letter
for letter, what is installed, and nothing else bears on any project, there is nothing to ask and
nothing to weigh. Otherwise `questions` says what must be read, and `compare` applies the rules. A
property test holds the two ways together.
"""

from __future__ import annotations

from .excuses import TOOLS, is_inside, listed_names, unlisted
from .model import (
    TYPE_CHECKING,
    Environment,
    Facts,
    Note,
    Policy,
    Project,
    Python,
    Questions,
    Report,
    Requirements,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .findings import Finding
    from .model import Requirement


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
    others, excuses = unlisted(environment, names, requirements.unsafe)
    if others:
        return None
    notes = (*requirements.notes, *environment.notes, *excuses)
    return _sorted(Report(environment, requirements.files, notes=notes, checked=len(lines)))


def _repeat_in_a_file(lines: Sequence[Requirement]) -> bool:
    """Whether a project is named twice in one file; across files it may be."""
    return len({(line.file, line.name) for line in lines}) < len(lines)


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
    from .rules.unmet import is_wanted, is_wanted_everywhere, markers_that_decide

    direct = {name for name, found in environment.distributions.items() if found.direct}
    if asked := direct - known.sources.keys():
        return Questions(frozenset(asked))
    lines = requirements.requirements
    # A line with a marker may not apply, so a project that it names may be extra after all.
    surely_listed = listed_names(line for line in lines if not line.marker)
    others, _ = unlisted(environment, surely_listed, requirements.unsafe)
    strangers = any(
        found.name not in TOOLS and not is_inside(folder, known.sources.get(found.name))
        for found in others
    )
    everywhere = is_wanted_everywhere(policy)
    requires = strangers or everywhere or any(line.extras for line in lines)
    markers = [line.marker for line in lines]
    if known.requires and (everywhere or (strangers and is_wanted(policy))):
        markers += markers_that_decide(known.requires, environment.distributions)
    hangs = known.python is None and _hangs_on_patch(markers, environment.python)
    return Questions(requires=requires and known.requires is None, exact_python=hangs)


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
    # A clean run never pays for loading the rules.
    from .rules import apply_rules

    return _sorted(apply_rules(requirements, environment, facts, policy, project))


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
    from .versions import marker_hangs_on_patch

    return any(marker_hangs_on_patch(marker, python) for marker in asked)
