"""The process that asks pip and pip-api; `worker` starts it, in a temporary folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress

from ..values import TYPE_CHECKING

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

# The file that it answers with.
ANSWER = "answer.json"

# In bytes, for the worker process and for pip: output can be endless.
_MOST_MEMORY = 1024 * 1024 * 1024

# The only variables of Python that are kept: they determine the site folders.
_KEPT = frozenset({"PYTHONNOUSERSITE", "PYTHONUSERBASE"})

_NO_PIP = "No module named pip"
_ENDLESS = "its output is too long"


# Runs in the environment's interpreter, Python >= 3.8.
_IMPORTLIB = """
import importlib.metadata, json, os, sys
found = []
for one in importlib.metadata.distributions(**({"path": sys.argv[1:]} if sys.argv[1:] else {})):
    here = {"path": str(getattr(one, "_path", ""))}
    try:
        headers = one.metadata
        here.update(name=headers["Name"], version=headers["Version"])
    except Exception as error:
        here["why"] = type(error).__name__
    found.append(here)
print(json.dumps(found))
"""


def clean_variables(variables: Mapping[str, str], interpreter: str) -> dict[str, str]:
    """The variables for pip-api, without those that change pip's answer or write bytecode."""
    kept = {
        name: value
        for name, value in variables.items()
        if name in _KEPT or not name.startswith(("PIP_", "PIPAPI_", "PYTHON"))
    }
    return {
        **kept,
        "PIPAPI_PYTHON_LOCATION": interpreter,
        # For pip, this path means "no configuration file".
        "PIP_CONFIG_FILE": os.devnull,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUTF8": "1",
    }


def testify(interpreter: str, folders: list[str], texts: list[str], cwd: str) -> None:
    """Answer `read_through_pip`; runs in the process that it starts."""
    answer = os.path.abspath(ANSWER)
    _bound_memory()
    variables = clean_variables(os.environ, interpreter)
    os.environ.clear()
    os.environ.update(variables)
    spoke = _pip_says(folders) or _importlib_says(interpreter, folders)
    if "failed" not in spoke:
        spoke["lines"] = _pip_api_reads(texts, cwd)
    with open(answer, "w", encoding="utf-8") as file:
        json.dump(spoke, file)


def _bound_memory() -> None:
    """Limit memory for this process and its children, if the system supports it."""
    if resource is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or hard > _MOST_MEMORY:
        # A sandbox may forbid it, and has its own limits.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, hard))


def _pip_says(folders: list[str]) -> dict[str, Any] | None:
    """The distributions that pip lists, None if there is no pip."""
    try:
        pip_api = _start_pip_api()
        found = pip_api.installed_distributions(paths=folders)
    except (subprocess.CalledProcessError, OSError, ValueError, MemoryError) as error:
        why = _why(error)
        if why.endswith(_NO_PIP):
            return None
        return {
            "failed": f"no cross-check: the environment's pip fails: {why}",
            "hint": "fix it, or check without --cross-check",
        }
    return {
        "witness": f"pip {pip_api.PIP_VERSION}",
        # Before pip 21.3, pip-api reports everything as editable.
        "tells_editables": pip_api.PIP_VERSION.release >= (21, 3),
        "distributions": [
            {
                "name": one.name,
                "version": str(one.version),
                "location": one.location or "",
                "editable": one.editable_project_location or "",
            }
            for one in found.values()
        ],
    }


def _start_pip_api() -> Any:
    """The module; importing it starts pip. `Any`, because its annotations are wrong.

    Raises:
        CalledProcessError: there is no pip, or it fails.
    """
    # Importing it starts pip.
    import pip_api

    return pip_api


def _why(error: Exception) -> str:
    """The last line of the error output of a failed command; pip-api does not keep it."""
    if isinstance(error, MemoryError):
        return _ENDLESS
    if not isinstance(error, subprocess.CalledProcessError):
        return f"{type(error).__name__}: {error}"
    try:
        done = subprocess.run(
            error.cmd, capture_output=True, text=True, errors="replace", check=False
        )
    except MemoryError:
        return _ENDLESS
    return done.stderr.strip().rpartition("\n")[2] or f"exit code {error.returncode}"


def _importlib_says(interpreter: str, folders: list[str]) -> dict[str, Any]:
    """What the standard library of the environment's Python finds installed."""
    command = [interpreter, "-I", "-B", "-c", _IMPORTLIB, *folders]
    try:
        found = json.loads(subprocess.check_output(command, stderr=subprocess.PIPE, text=True))
    except MemoryError:
        return {
            "failed": f"no cross-check: {interpreter}: {_ENDLESS}",
            "hint": "check without --cross-check",
        }
    except (subprocess.CalledProcessError, OSError, ValueError):
        return {
            "failed": f"no cross-check: {interpreter} has neither pip nor importlib.metadata",
            "hint": "install pip there, or check without --cross-check",
        }
    return {"witness": "importlib.metadata", "tells_editables": False, "distributions": found}


def _pip_api_reads(texts: list[str], cwd: str) -> list[list[dict[str, Any]]] | None:
    """What pip-api makes of each line, None if it cannot be started."""
    path = os.path.join(os.getcwd(), "line.txt")
    try:
        parse = _start_pip_api().parse_requirements
    except subprocess.CalledProcessError:
        # pip-api needs any pip to start, but does not ask it about requirements.
        os.environ["PIPAPI_PYTHON_LOCATION"] = sys.executable
        try:
            parse = _start_pip_api().parse_requirements
        except subprocess.CalledProcessError:
            return None
    # Relative paths in a line are relative to the working directory.
    os.chdir(cwd)

    def read(line: str) -> dict[str, Any]:
        with open(path, "w", encoding="utf-8") as file:
            file.write(line)
        return _fields(*parse(path).values())

    return [[{"line": n, **_read_line(line, read)} for n, line in _lines(text)] for text in texts]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines; pip-api loses the line numbers of continued lines."""
    start, parts = 0, []
    for number, line in enumerate(text.splitlines(), start=1):
        start = start or number
        goes_on = line.endswith("\\") and not line.lstrip().startswith("#")
        parts.append(line[:-1] if goes_on else line)
        if not goes_on:
            yield start, "".join(parts)
            start, parts = 0, []
    if parts:
        yield start, "".join(parts)


def _read_line(line: str, read: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Read a single line: pip-api reads nothing of a file in which one line is unreadable."""
    words = line.split()
    is_editable = words[:1] in (["-e"], ["--editable"])
    more = words[1:] if is_editable else words
    # pip-api reads the values of unknown options as requirements.
    if any(word.startswith("-") and not word.startswith("--hash") for word in more):
        return {"why": "an option"}
    try:
        found = read(line)
    except (Exception, SystemExit) as error:
        return {"why": str(error).partition("\n")[0] or type(error).__name__}
    if is_editable and not found.get("editable"):
        # `-e ./folder word`: pip-api reads only the word.
        return {"why": "more than an editable"}
    return found


def _fields(found: Any = None) -> dict[str, Any]:
    """A requirement of pip-api's as the fields of a ReadLine."""
    if found is None:
        return {}
    return {
        "name": found.name,
        "specifier": str(found.specifier),
        "extras": sorted(found.extras),
        "marker": str(found.marker or ""),
        "url": found.url or "",
        "editable": found.editable,
    }
