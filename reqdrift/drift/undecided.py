"""Verdicts that depend on what the record of an environment does not say.

A list or a freeze says neither the Python nor dependencies. So a file with a marker, or with a name
of the standard library, needs `--python-version`; and a file that is no lock, compiled or hashed
file needs `--unlisted all`, or an inspect report, if something is unlisted or a line has extras.
Nothing is guessed: the run fails, and the message says what is not known and what to pass.

- A record (`--installed`) has `gaps`: what its format does not say. `drift/undecided.py` removes
  what depends on a gap and adds an error with exit code 3 that says what is not known and what to
  pass.
- A marker is undecided if it does not have one value for all that is unknown. It has no `not`, so
  two values decide that: with every comparison of something unknown true, and with every one false.
  The version of an X.Y that is given is tried with every patch version. While a marker is
  undecided, or another Python version would change the findings, nothing else is reported.
- Without sources, an unlisted package with the name of a project in a folder of this repository is
  undecided.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .. import standards
from ..errors import InvalidLineError
from ..standards import pep440
from ..values import TYPE_CHECKING, CanonicalName, Environment, NamedTuple, Problem, Python, Report
from ..values.details import Gaps, some_names
from . import hanging_on_version
from .case import Case, files_for_other_pythons, files_that_list_all

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_EXIT_CODE = 3  # as if the environment could not be read
# These bring dependencies that are not `extra` either.
_TOOLS = frozenset(map(CanonicalName, ("pip-tools", "reqdrift")))
_OF_PATCH = ("python_full_version", "implementation_version")
_OF_VERSION = ("python_version", *_OF_PATCH)
_OF_PLATFORM = ("sys_platform", "os_name", "platform_system")
_OPERAND = r"""(\w+|'[^']*'|"[^"]*")"""
_COMPARISON = re.compile(rf"{_OPERAND}\s*(?:[<>=!~]+|(?:not\s+)?in\b)\s*{_OPERAND}")
# Markers of any Python, and of none.
_ALWAYS, _NEVER = "python_version >= '0'", "python_version < '0'"


def assumed(environment: Environment, hanging: Sequence[CanonicalName]) -> str:
    """What is said of verdicts that another Python would change."""
    minor = ".".join(map(str, environment.python.minor))
    return (
        f"the folder does not record its Python version: {minor} is assumed, but the findings"
        f" about {some_names(hanging, 3)} depend on it; pass --python-version X.Y"
    )


class _Need(NamedTuple):
    """What the findings about some projects depend on, and what to do about it."""

    names: Collection[str | None]
    what: str
    way_out: str


def decided(case: Case, report: Report, gaps: Gaps) -> Report:
    """The report with only what is certain; what is not is an error.

    Args:
        case: the comparison.
        report: what it found.
        gaps: what the record does not say.
    """
    needs = list(_needs_of_python(case, report, gaps))
    certain = _without(needs, report)
    if needs:
        # It is not known which lines apply, and so not what else is wrong.
        notes = (*case.requirements.notes, *case.environment.notes)
        report = report._replace(findings=(), notes=notes, errors=case.requirements.errors)
    needs += _other_needs(case, certain, gaps)
    problems = (_problem(need, gaps) for need in needs)
    return _without(needs, report)._replace(errors=(*report.errors, *problems))


def _without(needs: Collection[_Need], report: Report) -> Report:
    undecided = {name for need in needs for name in need.names}
    certain = (finding for finding in report.findings if finding.project not in undecided)
    return report._replace(findings=tuple(certain))


def _problem(need: _Need, gaps: Gaps) -> Problem:
    names = some_names(sorted(filter(None, need.names)))
    about = f" about {names}" if names else ""
    why = f"the findings{about} depend on {need.what}, which {gaps.record} does not say"
    return Problem(None, f"{why}; {need.way_out}", _EXIT_CODE)


def _needs_of_python(case: Case, report: Report, gaps: Gaps) -> Iterator[_Need]:
    """Lines of which it is not known whether they apply, and names of the standard library."""
    asked = {line.name for line in case.lines if not line.constraint}
    scopes = case.requirements.scopes
    markers: list[tuple[str | None, str]] = [(x.project, one) for x in scopes for one in x.markers]
    markers += [(line.name, line.marker or "") for line in case.lines if line.name in asked]
    names: set[str | None] = set()
    variables: set[str] = set()
    for name, marker in markers:
        if found := _left_open(marker, case.environment.python, gaps.variables):
            names.add(name)
            variables |= found
    if hanging := hanging_on_version(case, report):
        names.update(hanging)
        variables.add("python_version")
    ordered = (*_OF_VERSION, *_OF_PLATFORM, *sorted(variables))
    unknown = dict.fromkeys(_in_words(one, gaps.variables) for one in ordered if one in variables)
    if unknown:
        what, options = zip(*unknown, strict=True)
        way_out = f"pass {' '.join(options)}" if all(options) else "use pip inspect"
        yield _Need(names, " and ".join(what), way_out)


def _in_words(variable: str, unknown: frozenset[str]) -> tuple[str, str]:
    """What a variable is about, and the option that says it, '' if there is none."""
    if variable in _OF_VERSION and "python_version" in unknown:
        return "the Python version", "--python-version X.Y"
    if variable in _OF_VERSION:
        return "the patch version of Python", "--python-version X.Y.Z"
    if variable in _OF_PLATFORM and "sys_platform" in unknown:
        return "the platform", "--platform NAME"
    return f"'{variable}'", ""


# Files of one project, and lines of one file, have the same markers.
@lru_cache(maxsize=4096)
def _left_open(marker: str, python: Python, unknown: frozenset[str]) -> frozenset[str]:
    """The unknown variables that decide whether a marker holds.

    A marker has no `not`, so it holds in any case if it does where all that is unknown is false.
    """
    mentioned = frozenset(variable for variable in unknown if variable in marker)
    free = mentioned.difference(_OF_PATCH if "python_version" not in unknown else ())
    if not mentioned:
        return mentioned

    def with_unknown(value: str) -> str:
        return _COMPARISON.sub(lambda found: value if free & {*found.groups()} else found[0], text)

    try:
        text = standards.with_packaging.normal_marker(marker)
        extremes = with_unknown(_ALWAYS), with_unknown(_NEVER)
        hangs = any(pep440.marker_hangs_on_patch(extreme, python) for extreme in extremes)
        if len({pep440.marker_holds(extreme, python) for extreme in extremes}) == 1:
            free = frozenset()
    except InvalidLineError:
        return frozenset()  # the evaluation for its line reports it
    return free | mentioned.intersection(_OF_PATCH if hangs else ())


def _other_needs(case: Case, report: Report, gaps: Gaps) -> Iterator[_Need]:
    """What the record omits of some projects, and dependencies, of which it has none."""

    def found(kind: str) -> set[str | None]:
        return {finding.project for finding in report.findings if finding.kind == kind}

    if names := found("missing") & gaps.hidden:
        yield _Need(names, "what else is installed", "use pip freeze --all")
    if names := found("version") & gaps.unversioned:
        yield _Need(names, "the version", "use pip inspect")
    if local := case.project.parts & found("extra"):
        ignoring = " ".join(f"--ignore {name}" for name in sorted(local))
        yield _Need(local, "sources", f"use pip inspect, or pass {ignoring}")
    complete = files_that_list_all(case)
    if case.policy.unlisted != "all":
        # What packages need on this Python only is not in them.
        complete -= {file.path for file, _ in files_for_other_pythons(case)}
    lists_all = all(line.origin.file in complete for line in case.asking)
    with_extras = {line.name for line in case.asking if line.extras and case.installed(line.name)}
    has_tools = not _TOOLS.isdisjoint(case.environment.distributions)
    names = found("extra") if has_tools or not lists_all else set()
    is_named = dict(case.policy.severity).get("unmet") not in (None, "off")
    is_of_all = is_named or case.policy.unlisted == "orphans" or (has_tools and bool(names))
    if is_of_all:
        yield _Need(names, "dependencies", "use pip inspect")
    elif names | with_extras and not lists_all:
        way_out = "pass --unlisted all if the file lists every package, or use pip inspect"
        yield _Need(names | with_extras, "dependencies", way_out)
