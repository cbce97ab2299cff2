"""The second witness: what pip itself says is installed, and how pip-api reads requirements lines.

pip-api starts the environment's pip as soon as it is imported, obeys the process's variables, and
waits for ever. So it works in a process of its own, with a clean environment and a time limit; and
nothing else here imports it.
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

# Many times what pip takes on a slow disk; it is there for an interpreter that hangs.
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

    `location` is the folder that holds it, `editable` the project's folder, where the witness says
    so. `path` is the metadata, `why` the reason for which the witness cannot read it.
    """

    name: str = ""
    version: str = ""
    location: str = ""
    editable: str = ""
    path: str = ""
    why: str = ""


class ReadLine(NamedTuple):
    """A requirement as pip-api reads it, or (`why`) the reason for which it does not.

    `line` is the first physical line, from 1. With neither a name nor a reason pip-api saw nothing
    in the line, or a marker that is false for the Python that reqdrift runs on.
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
    """What the witness says; its `name` is `pip X.Y` or `importlib.metadata`.

    `tells_editables` is whether it knows an editable when it sees one. `lines` has those of each
    file; None is for no pip anywhere, without which pip-api does not start.
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
        interpreter: the environment's; None for this Python's, which looks into `folders` alone.
        folders: folders of `pip install --target`; none for all that the interpreter sees.
        texts: requirements files, decoded.
        seconds: how long all of it may take.

    Raises:
        EnvironmentReadError: no witness could speak, or not in time.
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
    """Run `testify` in an empty folder, by whose files it is asked and answers."""
    with tempfile.TemporaryDirectory(prefix="reqdrift-") as folder:
        with open(os.path.join(folder, _JOB), "w", encoding="utf-8") as file:
            json.dump(job, file)
        # -I: no variable of Python's counts here either.
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
