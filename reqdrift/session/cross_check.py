"""A check held against what a second reader of both sides says."""

from __future__ import annotations

from ..crosscheck.compare import cross_check
from ..crosscheck.worker import read_through_pip
from ..environments.asking import ask
from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING, Problem
from ..values.facts import Facts, Questions
from ..values.report import Report

if TYPE_CHECKING:
    from . import Examination


def cross_checked(found: Examination) -> Report:
    """The report, with what a second witness says of both sides: notes, and errors (exit code 3).

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
        witness = read_through_pip(interpreter, folders, texts)
    except EnvironmentReadError as error:
        problem = Problem(None, f"cross-check: {error}", error.exit_code)
        return report._replace(errors=(*report.errors, problem))
    direct = frozenset(d.name for d in environment.distributions.values() if d.direct)
    sources = found.source.answer(Questions(sources=direct), Facts({})).sources
    outcome = cross_check(environment, sources, found.requirements, witness)
    return report._replace(
        environment=environment._replace(started=True),
        notes=(*report.notes, *outcome.notes),
        errors=(*report.errors, *outcome.problems),
    )
