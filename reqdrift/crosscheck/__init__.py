"""Compare reqdrift's reading with that of the environment's own pip (`--cross-check`)."""

from __future__ import annotations

import os

from ..errors import EnvironmentReadError
from ..standards import canonical_name
from ..standards.pep440 import normal_form, normal_version, release_numbers
from ..values import TYPE_CHECKING, CanonicalName, Location, Note, Problem
from ..values.details import LockEntry
from ..values.findings import some_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..values import Environment, Requirements
    from .pip_says import Installed, Lines

    # What agrees, and the differences.
    Outcome = tuple[Note, list[Problem]]


# pip's `stdlib_pkgs`, which it never lists.
_HIDDEN = frozenset(map(CanonicalName, ("argparse", "wsgiref", "python")))


def compare_installed(environment: Environment, reader: str, installed: Installed) -> Outcome:
    """Compare names and versions, except of what a finding calls broken and of what pip hides."""
    is_pip, listed = reader.startswith("pip "), environment.distributions
    theirs: dict[CanonicalName, tuple[str, str]] = {}
    for name, version, place in installed:
        # `~` is a leftover of a removed distribution. `import` reaches only the first copy.
        if name and not os.path.basename(place).startswith("~"):
            theirs.setdefault(canonical_name(name), (version, place))
    uncertain = {one.project for one in environment.broken} | (_HIDDEN if is_pip else set())
    skipped, unlike = [], {}
    for project in dict.fromkeys((*theirs, *listed)):
        mine, (version, place) = listed.get(project), theirs.get(project, ("", ""))
        ours = f"reqdrift reads {mine.project} {mine.version} ({mine.path})" if mine else ""
        if project in uncertain:
            skipped.append(project)
        elif not mine:
            unlike[project] = f"{reader} reads {project} {version} ({place}), reqdrift does not"
        elif project not in theirs:
            unlike[project] = f"{ours}, {reader} does not"
        elif not _is_same_version(version, mine.version):
            unlike[project] = f"{ours}, {reader} version {version}"
    same = len(listed.keys() - {*unlike, *skipped})
    alone = "" if is_pip else "there is no pip in the environment; "
    text = f"{alone}{reader} agrees on {same} of {len(listed)} distributions"
    return _note(text, skipped), [_problem(None, message) for message in unlike.values()]


def _is_same_version(one: str, other: str) -> bool:
    """Whether both are the same version; a text outside PEP 440 equals only itself."""
    forms = (normal_version, release_numbers)
    return one == other or any(form(one) == form(other) and form(one) for form in forms)


def compare_lines(requirements: Requirements, files: Sequence[Lines] | None) -> Outcome:
    """Compare the names and specifiers of the lines of all files, except those with errors."""
    if files is None:
        return _note("the files are not cross-checked: pip-api finds no pip"), []
    theirs: dict[tuple[str, int | None], tuple[str, str]] = {
        (file.path, line): (name, specifier)
        for file, lines in zip(requirements.files, files, strict=True)
        for line, name, specifier in lines
    }
    # pip-api does not read lock files.
    ours = [one for one in requirements.requirements if not isinstance(one.origin, LockEntry)]
    skipped, problems = [], []
    for mine in ours:
        name, specifier = theirs.get(mine.at[:2], ("", ""))
        what = ""
        if mine.at[:2] not in theirs or (mine.marker and not name):
            # pip-api does not read it, or the marker is false for the Python of reqdrift.
            skipped.append(f"{os.path.basename(mine.at.file)}:{mine.at.line}")
        elif not name:
            what = "no requirement"
        elif mine.name and mine.name != canonical_name(name):
            what = f"the project {name}"
        elif not mine.source and normal_form(mine.specifier) != normal_form(specifier):
            what = f"the versions {specifier or 'of any kind'}"
        if what:
            problems.append(_problem(mine.at, f"reqdrift reads '{mine.text}', pip-api {what}"))
    text = f"pip-api agrees on {len(ours) - len(skipped) - len(problems)} of {len(ours)} lines"
    places = [*(error.at for error in requirements.errors if error.at), *(one.at for one in ours)]
    known = {place[:2] for place in places}
    for (path, line), (name, specifier) in theirs.items():
        if name and not known & {(path, line), (path, None)}:
            read = f"{name} {specifier}".strip()
            message = f"pip-api reads '{read}', reqdrift reads no requirement"
            problems.append(_problem(Location(path, line), message))
    return _note(text, skipped), problems


def _note(text: str, skipped: Sequence[str] = ()) -> Note:
    """A note with what agrees, and the first of what was not compared."""
    rest = f"; not compared: {some_names(skipped, 3)}" if skipped else ""
    return Note("witness", None, None, f"{text}{rest}")


def _problem(at: Location | None, message: str) -> Problem:
    return Problem(at, f"cross-check: {message}", EnvironmentReadError.exit_code)
