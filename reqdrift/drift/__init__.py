"""The comparison: from requirements and an environment to questions, then to a Report. Pure.

`settle` is the fast path, all that a clean run loads: where every line is a plain `name==version`
that says, letter for letter, what is installed, and nothing else bears on any project, there is
nothing to ask and nothing to weigh; where lines say more, `lines.satisfied` looks whether what is
installed satisfies them all. Otherwise `compare.questions` says what must be read, and
`compare.compare` applies the rules. A property test holds the two ways together.
"""

from __future__ import annotations

from .. import drift
from .. import requirements as reading
from .._record import lazy
from ..values import TYPE_CHECKING, CanonicalName, Note, Report, listed_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..values import Distribution, Environment, Policy, Requirement, Requirements
    from ..values.findings import Facts, Questions
    from . import absent as absent
    from . import compare as compare
    from . import extra as extra
    from . import files as files
    from . import lines as lines
    from . import needs as needs
    from . import source as source
    from . import sources as sources
    from . import undecided as undecided
    from . import unmet as unmet

__getattr__ = lazy(__name__)

# pip never lists these, on any Python (pip's `stdlib_pkgs`), so no freeze ever names them.
HIDDEN_BY_PIP = frozenset(map(CanonicalName, ("argparse", "python", "wsgiref")))

# pip freeze omits these below Python 3.12, where every new environment has them.
SEED_PACKAGES = frozenset(map(CanonicalName, ("setuptools", "wheel", "distribute")))


def settle(
    requirements: Requirements,
    environment: Environment,
    policy: Policy,
    facts: Facts | None = None,
) -> Report | Questions | None:
    """The report, if what is installed satisfies every line and nothing is left to weigh.

    Returns:
        None if the rules must be applied; questions if more must be known than `facts`.
    """
    if requirements.errors or requirements.scopes or environment.broken or environment.gaps:
        return None
    if policy.ignore or any("reqdrift:" in file.text for file in requirements.files):
        return None  # `# reqdrift: ignore`
    lines = requirements.requirements
    distributions = environment.distributions
    inactive: tuple[Note, ...] = ()
    has_extras = False
    for line in lines:
        found = distributions.get(line.name)  # type: ignore[arg-type] # None is no key either
        if found is None or found.version != line.pin or found.direct or line.constraint:
            # What a remote file may pin is noted, whatever the level.
            is_off = dict(policy.severity).get("unpinned") == "off" and not requirements.remote
            settled = drift.lines.satisfied(lines, environment, pinned=not is_off)
            if settled is None:
                return None
            names, inactive, has_extras = settled
            break
    else:
        names = listed_names(lines)
        if len(names) < len(lines) and _repeat_in_a_file(lines):
            return None
    if requirements.compiled and any(reading.compiled.shortfalls(requirements.compiled, lines)):
        return None
    others, notes = unlisted_projects(environment, names, requirements.unsafe)
    if environment.python.assumed and not SEED_PACKAGES.isdisjoint(distributions):
        return None
    if others and (policy.unlisted == "all" or any(found.direct for found in others)):
        return None  # drift, or this project itself
    if others or has_extras or policy.unlisted == "orphans" or "unmet" in dict(policy.severity):
        needs = drift.needs.satisfied_needs(requirements, environment, names, others, policy, facts)
        if needs is None:
            return None
        about_needs, questions = needs
        if any(questions or ()):
            return questions
        notes += about_needs
    notes = (*requirements.notes, *environment.notes, *inactive, *notes)
    notes = tuple(sorted(notes, key=order_of_notes))
    asked = len(lines) - sum([file.constraints for file in requirements.files])
    skipped = len(inactive)
    return Report(
        environment, requirements.files, (), notes, checked=asked - skipped, skipped=skipped
    )


def _repeat_in_a_file(lines: Sequence[Requirement]) -> bool:
    """Whether a project is named twice in one file; across files that is allowed."""
    return len({(line.origin.file, line.name) for line in lines}) < len(lines)


def order_of_notes(note: Note) -> tuple[str, int, str, str, str]:
    """The sort key of notes."""
    file, line = (note.at.file, note.at.line or 0) if note.at else ("", 0)
    return (file, line, note.project or "", note.reason, note.message)


def unlisted_projects(
    environment: Environment,
    listed: frozenset[CanonicalName],
    unsafe: frozenset[CanonicalName],
) -> tuple[tuple[Distribution, ...], tuple[Note, ...]]:
    """The installed projects that are not `listed`: those that are not exempt, notes on the others.

    `unsafe` are the projects that pip-compile's comment in the file names.
    """
    others = [found for name, found in environment.distributions.items() if name not in listed]
    counted, notes = [], []
    for found in others:
        note = _exemption(found, environment, unsafe)
        if note:
            notes.append(note)
        else:
            counted.append(found)
    return tuple(counted), tuple(notes)


def _exemption(
    found: Distribution, environment: Environment, unsafe: frozenset[CanonicalName]
) -> Note | None:
    name = found.name
    if not found.own:
        return Note("system", name, None, f"{name} is outside the environment's own folders")
    if name in HIDDEN_BY_PIP:
        return Note("stdlib", name, None, f"{name} is installed, but pip freeze never lists it")
    if name == "pip":
        return Note("tool", name, None, "pip is never counted as extra")
    if name in SEED_PACKAGES and environment.python.minor < (3, 12):
        return Note("tool", name, None, f"{name} is not counted as extra before Python 3.12")
    if name in unsafe:
        return Note("tool", name, None, f"{name} is omitted by pip-compile as unsafe")
    return None
