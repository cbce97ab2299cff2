"""`reqdrift freeze`: the environment as a requirements file, without pip in it."""

from __future__ import annotations

from .. import commands
from ..drift.graph import graph_of
from ..drift.lines import SEED_PACKAGES
from ..errors import EnvironmentReadError, print_error
from ..options import Options
from ..repair import NOT_WRITTEN, frozen, is_secret, listed_by_freeze
from ..report import printable
from ..values import TYPE_CHECKING, Facts, NamedTuple, Questions, Unreadable
from .run import chosen_source, source_of

if TYPE_CHECKING:
    from typing import Unpack

    from ..environments import EnvironmentSource
    from .subject import Files, PlaceOrRecord


def run(options: Options) -> int:
    """Print a line for each distribution; 3 if some could not be read, else 0."""
    source = chosen_source(options.request)
    freeze = freeze_of(source, top_level=options.top_level, ranges=options.ranges)
    for line in freeze.lines:
        print(line)
    for error in freeze.errors:
        print_error(f"reqdrift: {printable(error)}")
    return EnvironmentReadError.exit_code if freeze.errors else 0


class Freeze(NamedTuple):
    """The lines of a requirements file, sorted by name as in pip freeze.

    `errors` has what could not be read, or cannot be written as a requirement.
    """

    lines: tuple[str, ...]
    errors: tuple[str, ...] = ()


def freeze(
    files: Files = (),
    *,
    top_level: bool = False,
    ranges: bool = False,
    **place: Unpack[PlaceOrRecord],
) -> Freeze:
    """An environment as the lines of a requirements file.

    Args:
        files: requirements files, used only to find the environment.
        top_level: leave out what others need; of a cycle the first by name stays.
        ranges: allow later versions, too: `>=` for `==`.
        **place: the environment, as in `Subject`.

    Raises:
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    source = source_of(*commands.subject.unconfigured("freeze", place, files))
    return freeze_of(source, top_level=top_level, ranges=ranges)


def freeze_of(source: EnvironmentSource, *, top_level: bool, ranges: bool) -> Freeze:
    """One line for each distribution that pip freeze lists, or for those that no other needs."""
    environment = source.read()
    shown = listed_by_freeze(environment)
    names = frozenset(found.name for found in shown)
    direct = frozenset(found.name for found in shown if found.direct)
    asked = Questions(sources=direct, names=names, requires=top_level)
    facts = source.answer(asked, Facts({}))
    spelled = facts.names or {}
    lines = []
    errors = [trouble.message for trouble in environment.broken]
    # What the lines should say, and a record does not.
    gaps, seeds = environment.gaps, SEED_PACKAGES & environment.distributions.keys()
    if gaps and gaps.sources:
        errors.append(f"{gaps.record} does not say what was installed from a URL or a folder")
    if gaps and environment.python.assumed and seeds:
        what = f"whether pip freeze omits {', '.join(sorted(seeds))} depends on the Python"
        errors.append(f"{what}; pass --python-version X.Y")
    if top_level:
        graph = graph_of(facts, environment.python)
        roots = graph.roots(names)
        shown = [found for found in shown if found.name in roots]
        errors += [f"what {name} needs cannot be read" for name in graph.unreadable]
        if gaps:
            errors.append(f"{gaps.record} does not say what its packages need")
        elif environment.python.assumed and any("python" in marker for marker in graph.markers):
            errors.append("what needs what depends on the Python; pass --python-version X.Y")
    for found in shown:
        origin = facts.sources.get(found.name)
        if isinstance(origin, Unreadable):
            errors.append(f"{origin.path} {origin.why}")
            origin = None
        if origin and is_secret(origin):
            errors.append(f"{spelled[found.name]} is left out: {NOT_WRITTEN}")
            continue
        line = frozen(spelled[found.name], found, origin, at_least=ranges)
        if line.isprintable():
            lines.append((spelled[found.name].lower(), line))
        else:
            why = "has a value that cannot be written as a requirement"
            errors.append(f"{found.path} {why}: {line}")
    return Freeze(tuple(line for _, line in sorted(lines)), tuple(errors))
