"""A check compared with what the environment's pip reads (`--cross-check`)."""

from __future__ import annotations

from ..crosscheck import compare_installed, compare_lines
from ..crosscheck.pip_says import read_through_pip
from ..environments.asking import ask
from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING, Problem
from ..values.report import Report

if TYPE_CHECKING:
    from . import Examination


def cross_checked(found: Examination) -> Report:
    """The report, with what pip and pip-api read: notes, and errors (exit code 3).

    The environment's pip is started; without one, its importlib.metadata.
    """
    environment, report = found.environment, found.report
    interpreter = environment.python.interpreter
    # This Python reads the folders of an environment that never had one; a lost one is an error.
    has_python = environment.can.install or any(b.project == "python" for b in environment.broken)
    folders = () if has_python else environment.folders
    # pip-api does not read lock files.
    texts = ["" if file.is_lock else file.text for file in found.requirements.files]
    try:
        if interpreter and environment.started:
            # pyenv's shims choose by the working directory, in which pip must not run.
            interpreter = ask(interpreter)["executable"]
        reader, installed, lines = read_through_pip(interpreter, folders, texts)
    except EnvironmentReadError as error:
        problem = Problem(None, f"cross-check: {error}", error.exit_code)
        return report._replace(errors=(*report.errors, problem))
    agreed, unlike = compare_installed(environment, reader, installed)
    read, misread = compare_lines(found.requirements, lines)
    return report._replace(
        environment=environment._replace(started=True),
        notes=(*report.notes, agreed, read),
        errors=(*report.errors, *unlike, *misread),
    )
