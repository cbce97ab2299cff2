"""The fast path for lines that are more than a literal pin: does what is installed satisfy all?

Where it does not for sure, the rules have to say what is wrong, so None is always a right answer.
"""

from __future__ import annotations

from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Environment,
    NamedTuple,
    Note,
    Requirement,
    listed_names,
)
from ..values.facts import Facts, Questions, Unreadable
from .lines import is_allowed, is_pinned, sure_verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Satisfied(NamedTuple):
    """The projects that lines ask for, and notes on the lines that do not apply here."""

    listed: frozenset[CanonicalName]
    notes: tuple[Note, ...] = ()


def satisfied(
    lines: Sequence[Requirement], environment: Environment, facts: Facts | None, *, pinned: bool
) -> Satisfied | Questions | None:
    """What the lines ask for, if it is installed as each of them wants it.

    Args:
        lines: all that was read.
        environment: what is installed.
        facts: what is known of it besides.
        pinned: whether each project must be pinned, too.

    Returns:
        None if it is not, or if that does not follow from what these lines say; questions if it
        hangs on what extras need.
    """
    if any(line.name is None or line.source for line in lines) or _may_repeat(lines):
        return None
    inactive = []
    verdicts = sure_verdicts(lines, environment.python)
    if None in verdicts.values() or (environment.python.assumed and verdicts.keys() != {None}):
        return None
    by_project: dict[CanonicalName | None, list[Requirement]] = {}
    for line in lines:
        if verdicts[line.marker]:
            by_project.setdefault(line.name, []).append(line)
        elif not line.constraint:
            inactive.append(line)
    listed = listed_names(line for group in by_project.values() for line in group)
    for name in listed:
        found = environment.distributions.get(name)
        if found is None or found.direct:
            return None
        if not all(is_allowed(line, found) for line in by_project[name]):
            return None
    if pinned and not _all_pinned(lines, listed, by_project):
        return None
    with_extras = [line for name in listed for line in by_project[name] if line.extras]
    if with_extras:
        unread = _unread(with_extras, environment, facts or Facts({}))
        if unread is None:
            return None
        if unread:
            return Questions(requires_of=unread)
    return Satisfied(listed, tuple(map(inactive_note, inactive)))


def inactive_note(line: Requirement) -> Note:
    """What is said of a line that does not apply here."""
    message = f"{line.text} does not apply here: its marker is false"
    return Note("marker", line.name, line.at, message)


def _all_pinned(
    lines: Iterable[Requirement],
    listed: Iterable[CanonicalName],
    by_project: Mapping[CanonicalName | None, Iterable[Requirement]],
) -> bool:
    pinned = {name for name in listed if any(map(is_pinned, by_project[name]))}
    others = (line for line in lines if line.name not in pinned and not line.constraint)
    return all(map(is_pinned, others))


def _may_repeat(lines: Sequence[Requirement]) -> bool:
    """Whether two lines of a file might say the same."""
    different = {
        (line.origin.file, line.name, line.constraint, line.extras, line.marker) for line in lines
    }
    return len(different) < len(lines)


def _unread(
    lines: Iterable[Requirement], environment: Environment, facts: Facts
) -> frozenset[CanonicalName] | None:
    """The distributions whose needs the extras hang on and are not known yet.

    None if an extra lacks something, or if needs cannot be read.
    """
    # Few files ask for extras.
    from .graph import Node, graph_of

    if any(isinstance(needs, Unreadable) for needs in facts.needs.values()):
        return None
    graph = graph_of(facts, environment.python)
    nodes = [Node(line.name, extra) for line in lines if line.name for extra in line.extras]
    # Each line's project is installed.
    unread = graph.behind_extras(nodes) & environment.distributions.keys() - facts.needs.keys()
    if not unread and any(
        graph.lacking_for_extra(node, environment.distributions) for node in nodes
    ):
        return None
    return unread
