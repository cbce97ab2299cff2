"""`reqdrift freeze`: the environment as a requirements file, without pip in it."""

from __future__ import annotations

from .. import session
from ..drift.exempt import unlisted
from ..errors import EnvironmentReadError, tell
from ..repair.frozen import frozen
from ..report import printable
from ..values import Facts, Options, Questions, Unreadable
from .choice import tell_of_choice


def run(options: Options) -> int:
    """Print a line for each distribution, sorted by name; 1 if some could not be read, else 0.

    pip freeze's rules say what is left out: pip itself, and below Python 3.12 setuptools, wheel
    and distribute.
    """
    situation = session.situation_of(session.only_set(options)[0])
    source = session.find_environment(situation, options.path, options.python_version)
    environment = source.read()
    tell_of_choice(situation, environment)
    shown, _ = unlisted(environment, frozenset(), frozenset())
    names = frozenset(found.name for found in shown)
    direct = frozenset(found.name for found in shown if found.direct)
    facts = source.answer(Questions(sources=direct, names=names), Facts({}))
    spelled = facts.names or {}
    lines = []
    troubles = [trouble.message for trouble in environment.broken]
    for found in shown:
        origin = facts.sources.get(found.name)
        if isinstance(origin, Unreadable):
            troubles.append(f"{origin.path} {origin.why}")
            origin = None
        line = frozen(spelled[found.name], found, origin)
        if line.isprintable():
            lines.append((spelled[found.name].lower(), line))
        else:
            troubles.append(f"{found.path} says what cannot stand in a line: {line}")
    # By name, as pip freeze sorts.
    for _, line in sorted(lines):
        print(line)
    for trouble in troubles:
        tell(f"reqdrift: {printable(trouble)}")
    return EnvironmentReadError.exit_code if troubles else 0
