"""`reqdrift.require`: check at program start whether the environment satisfies the requirements.

It is the comparison of every check, with the environment of this process and with `satisfied`. It
starts nothing, and what cannot be read or decided never keeps a program from starting.
"""

from __future__ import annotations

import gc
import os
import sys

# Not `warnings`, which a program that gets none may never load.
from _warnings import warn

from .. import commands
from .. import report as reports
from ..environments import (
    RUNNING,
    Candidate,
    EnvironmentSource,
    implementation_here,
    read_folders,
)
from ..environments.site import SiteFolders
from ..errors import DriftError, EnvironmentReadError, UsageError
from ..files import entries_of, is_inside, read_regular, upwards
from ..report import describe_problem, shown_path
from ..repository import load_settings
from ..texts import mask
from ..values import TYPE_CHECKING, Python, Request, Style
from . import DEFAULT_FILE, examine, read_files

if TYPE_CHECKING:
    from ..values import Environment, Facts, Questions
    from . import Run
    from .subject import StrPath

LEVELS = ("off", "warn", "error")


def require(file: StrPath = DEFAULT_FILE, level: str = "error") -> None:
    """Raise an error if the running interpreter's environment does not satisfy the requirements.

    Only that counts for which an installer would have something to install; see `Policy.satisfied`.
    `[tool.reqdrift]` of pyproject.toml is read. What cannot be checked is a warning, whatever the
    level: a file that is not there, metadata that cannot be read.

    Args:
        file: the requirements file. A relative path is relative to the folder of the file that
            calls this, in a notebook to the working directory.
        level: `error`, `warn`, or `off`. The variable REQDRIFT_REQUIRE takes precedence.

    Raises:
        DriftError: it does not; the message has the findings, and the command to run.
        UsageError: there is no such level.
    """
    level = os.environ.get("REQDRIFT_REQUIRE") or level
    if level not in LEVELS:
        raise UsageError(f"there is no level '{level}'", f"levels: {', '.join(LEVELS)}")
    if level == "off":
        return
    caller = sys._getframe(1).f_globals.get("__file__")
    drift, doubts, _ = compare(os.path.join(_folder(caller), file))
    if drift and level == "error":
        raise DriftError(drift)
    if drift or doubts:
        warn(f"reqdrift: {drift or doubts}", UserWarning, 2)


def _folder(caller: str | None) -> str:
    """The folder of a file that runs, or that of the archive that it is in."""
    folder = os.path.dirname(os.path.abspath(caller)) if caller else os.getcwd()
    return next(filter(os.path.isdir, upwards(folder)))


def compare(*files: str) -> tuple[str, str, int]:
    """Compare the environment of this process with files; whatever goes wrong is a doubt.

    Returns:
        The findings, with the command to run; what is not known; how many packages are listed.
    """
    collects = gc.isenabled()
    gc.disable()  # as nothing here is garbage, a collection only takes time
    try:
        request = Request(files, python=sys.prefix, satisfied=True)
        one = load_settings(request, os.getcwd()).sets[0]
        found = examine(one, read_files(one, request), Running(), request)
        found = found._replace(report=reports.masked(found.report))
        drift = _drift(found) if found.report.findings else ""
        return drift, _doubts(found), len(found.case.applicable)
    except Exception as error:
        names = ", ".join(os.path.basename(file) for file in files)
        return "", f"{names} was not checked: {mask(str(error))}", 0
    finally:
        if collects:
            gc.enable()


class Running(EnvironmentSource):
    """The environment of this process: what is on its path, whatever put it there."""

    def __init__(self) -> None:
        super().__init__(Candidate(RUNNING, sys.prefix, chosen="named"))

    def _read(self) -> Environment:
        python = Python(sys.version.split()[0], implementation_here(), sys.executable or None)
        library = os.path.dirname(os.__file__)
        beside = (library, os.path.join(library, "lib-dynload"))
        entries = dict.fromkeys(x or os.curdir for x in sys.path if x not in beside)
        path = [*filter(os.path.exists, entries)]
        for place in path:
            if os.path.isfile(place) and b".dist-info/" in read_regular(place):
                raise EnvironmentReadError(f"packages in an archive are not read: {place}")
        others = {place for place in path if not place.endswith("-packages")}
        own = tuple(x for x in path if x not in others and is_inside(x, sys.prefix))
        # Last: a folder of code may have the metadata of an older build beside it.
        last = {x for x in others if not any(e.endswith(".dist-info") for e in entries_of(x))}
        found = SiteFolders(sys.prefix, python, own, tuple(sorted(path, key=last.__contains__)))
        is_conda = os.path.isdir(f"{sys.prefix}/conda-meta")
        return read_folders(self._candidate, found)._replace(is_conda=is_conda)

    def answer(self, asked: Questions, known: Facts) -> Facts:
        """The same, but the version of this Python is known."""
        return super().answer(asked._replace(exact_python=False), known)


def _drift(found: Run) -> str:
    report, files = found.report, found.situation.files
    where, names = shown_path(found.environment.prefix), ", ".join(map(shown_path, files))
    lines = reports.text.render(report, Style(quiet=True))
    if obstacle := mask(commands.run.obstacle_of(found)):
        return f"{where} does not satisfy {names}\n{lines}no command installs the files: {obstacle}"
    command = (
        ""
        if report.errors
        else reports.advice.remedy(
            found.report, found.environment, found.situation, found.request, found.case.applicable
        )
    )
    run = f"run: {command}" if command else ""
    return f"{where} does not satisfy {names}\n{lines}{run}".rstrip()


def _doubts(found: Run) -> str:
    """What could not be read or decided, except about the files themselves."""
    notes = [note for note in found.report.notes if note.reason == "unsure"]
    texts = [note.message for note in notes if note.project or not note.at]
    errors = [f"not checked: {describe_problem(error)}" for error in found.report.errors]
    return "\n".join([*errors, *texts])
