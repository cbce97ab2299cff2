"""Ask pip what is installed, and pip-api how it reads requirements lines.

pip-api starts the environment's pip when it is imported, uses the variables of the process, and
has no time limit. So it runs in a separate process with clean variables and a time limit. No other
module imports it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile

from ..environments.program import run
from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING, NamedTuple
from .testimony import ANSWER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

# Much more than pip needs on a slow disk; for interpreters that hang.
_SECONDS = 120

# The file that says what the process is asked.
_JOB = "job.json"

# Runs in this Python; `path` finds reqdrift and pip-api where this process found them.
_TESTIFY = f"""
import json, sys
job = json.load(open("{_JOB}", encoding="utf-8"))
sys.path[:] = job.pop("path")
from reqdrift.crosscheck.testimony import testify
testify(**job)
"""


class Seen(NamedTuple):
    """A distribution as the witness has it.

    `location` is the folder that contains it, `editable` the project's folder, if the witness
    reports them. `path` is the metadata, `why` the reason why the witness cannot read it.
    """

    name: str = ""
    version: str = ""
    location: str = ""
    editable: str = ""
    path: str = ""
    why: str = ""


class ReadLine(NamedTuple):
    """A requirement as pip-api reads it, or (`why`) the reason why it does not.

    `line` is the first physical line, from 1. Without a name and a reason, pip-api found no
    requirement, or a marker that is false for the Python that reqdrift runs on.
    """

    line: int
    name: str = ""
    specifier: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    url: str = ""
    editable: bool = False
    why: str = ""


class Witness(NamedTuple):
    """The answer of the witness; its `name` is `pip X.Y` or `importlib.metadata`.

    `tells_editables` is whether it reports editables. `lines` has the lines of each file; None if
    there is no pip, without which pip-api does not start.
    """

    name: str
    distributions: tuple[Seen, ...]
    tells_editables: bool = False
    lines: tuple[tuple[ReadLine, ...], ...] | None = None


def read_through_pip(
    interpreter: str | None,
    folders: Sequence[str],
    texts: Sequence[str],
    seconds: float = _SECONDS,
) -> Witness:
    """Start an interpreter's pip, or its importlib.metadata, and ask what is installed.

    Args:
        interpreter: the environment's; None for this one, which reads only `folders`.
        folders: folders of `pip install --target`; empty for everything that the interpreter sees.
        texts: requirements files, decoded.
        seconds: the time limit.

    Raises:
        EnvironmentReadError: no witness answered, or not in time.
    """
    if not (interpreter or folders):
        raise EnvironmentReadError("no cross-check: the environment has no interpreter")
    job = {
        "path": [os.path.abspath(entry) for entry in sys.path],
        "interpreter": interpreter or sys.executable,
        "folders": list(folders),
        "texts": list(texts),
        "cwd": os.getcwd(),
    }
    answer = _run(job, seconds)
    if "failed" in answer:
        raise EnvironmentReadError(answer["failed"], answer["hint"])
    lines = answer["lines"]
    return Witness(
        answer["witness"],
        tuple(Seen(**found) for found in answer["distributions"]),
        answer["tells_editables"],
        lines
        and tuple(
            tuple(ReadLine(**{**found, "extras": tuple(found.get("extras", ()))}) for found in file)
            for file in lines
        ),
    )


def _run(job: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """Run `testify` in an empty folder; input and output are files in it."""
    with tempfile.TemporaryDirectory(prefix="reqdrift-") as folder:
        with open(os.path.join(folder, _JOB), "w", encoding="utf-8") as file:
            json.dump(job, file)
        # -I: Python's variables have no effect here either.
        command = [sys.executable, "-I", "-B", "-c", _TESTIFY]
        try:
            done = run(command, cwd=folder, seconds=seconds)
        except OSError as error:
            raise EnvironmentReadError(
                f"no cross-check: {job['interpreter']}: {error.strerror}"
            ) from None
        if done.code:
            last = done.err.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise EnvironmentReadError(f"no cross-check: {last or f'exit code {done.code}'}")
        with open(os.path.join(folder, ANSWER), encoding="utf-8") as file:
            answer: dict[str, Any] = json.load(file)
            return answer
