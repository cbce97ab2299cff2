"""Ask the environment's pip what is installed, and pip-api how it reads requirements lines.

pip-api starts pip when it is imported, uses the variables of the process, and has no time limit.
So all of it runs in a separate process with clean variables, a time limit and little memory.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from ..environments.asking import run
from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping, Sequence
    from typing import Any

    # The name, version and place of each distribution.
    Installed = Sequence[tuple[str, str, str]]
    # The number, name and specifier of each line that can be read; '' if it has no requirement.
    Lines = Sequence[tuple[int, str, str]]

# In bytes, for the process and for pip: output can be endless.
_MOST_MEMORY = 1024 * 1024 * 1024
# A logical line. A comment does not go on, and ends what goes on.
_LINE = re.compile(r"(?:(?!\s*#)[^\n]*\\\n)*[^\n]*\n")
# The only variables of Python that are kept: they determine the site folders.
_KEPT = frozenset({"PYTHONNOUSERSITE", "PYTHONUSERBASE"})
_CLEAN = {
    # For pip, this path means "no configuration file".
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUTF8": "1",
}

# In the folder of the process: what it is asked, then what it answers.
_FILE = "asked.json"
# Runs in this Python; the words are the folders where this process found reqdrift and pip-api.
_PROGRAM = f"import sys; sys.path[:] = sys.argv[1:]; from {__name__} import answer; answer()"
# Runs in the environment's interpreter, Python >= 3.8.
_IMPORTLIB = """
import importlib.metadata, json, sys
found = []
for one in importlib.metadata.distributions(**({"path": sys.argv[1:]} if sys.argv[1:] else {})):
    try:
        texts = one.metadata["Name"], one.metadata["Version"], getattr(one, "_path", "")
        found.append([str(text or "") for text in texts])
    except Exception:
        pass
print(json.dumps(found))
"""


def read_through_pip(
    interpreter: str | None, folders: Sequence[str], texts: Sequence[str], seconds: float = 120
) -> tuple[str, Installed, Sequence[Lines] | None]:
    """Start an interpreter's pip, or its importlib.metadata, and ask what is installed.

    Args:
        interpreter: the environment's; None for this one, which reads only `folders`.
        folders: folders of `pip install --target`; empty for everything that the interpreter sees.
        texts: requirements files, decoded.
        seconds: the time limit; the default is much more than pip needs on a slow disk.

    Returns:
        Who read the environment (`pip X.Y` or `importlib.metadata`), what it found there, and what
        pip-api read in each file; None if there is no pip, without which pip-api does not start.

    Raises:
        EnvironmentReadError: nothing answered, or not in time.
    """
    if not (interpreter or folders):
        raise EnvironmentReadError("no cross-check: the environment has no interpreter")
    interpreter = interpreter or sys.executable
    # -I: Python's variables have no effect here either.
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", _PROGRAM]
    command += map(os.path.abspath, sys.path)
    with tempfile.TemporaryDirectory(prefix="reqdrift-") as folder:
        file = Path(folder, _FILE)
        file.write_text(json.dumps((interpreter, [*folders], [*texts], os.getcwd())), "utf-8")
        try:
            done = run(command, cwd=folder, seconds=seconds)
        except OSError as error:
            raise EnvironmentReadError(f"no cross-check: {interpreter}: {error.strerror}") from None
        if done.code:
            raise EnvironmentReadError(f"no cross-check: {_last_line(done.err, done.code)}")
        return tuple(json.loads(file.read_text("utf-8")))


def _last_line(printed: bytes, code: int) -> str:
    """The last line of the error output of a program that failed."""
    return printed.decode("utf-8", "replace").strip().rpartition("\n")[2] or f"exit code {code}"


def answer() -> None:
    """Answer `read_through_pip`; runs in the process that it starts, and exits with an error."""
    file = Path(_FILE).absolute()
    interpreter, folders, texts, cwd = json.loads(file.read_text("utf-8"))
    with suppress(ImportError, OSError, ValueError):
        # Windows has no such limit. A sandbox may forbid it, and has its own.
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, hard))
    clean_variables(os.environ)
    said = (*_installed(interpreter, folders), _read_files(interpreter, texts, cwd))
    file.write_text(json.dumps(said), "utf-8")


def clean_variables(variables: MutableMapping[str, str]) -> None:
    """Remove those that change pip's answer, and set those that keep it from writing."""
    for name in [*variables]:
        if name.startswith(("PIP_", "PIPAPI_", "PYTHON")) and name not in _KEPT:
            del variables[name]
    variables.update(_CLEAN)


def _installed(interpreter: str, folders: Sequence[str]) -> tuple[str, Installed]:
    """Who reads the environment, and what; exits if nobody can."""
    paths = [word for folder in folders for word in ("--path", folder)]
    try:
        version = _output(interpreter, "-m", "pip", "--version").split()[1]
        found = json.loads(_output(interpreter, "-m", "pip", "list", "-v", "--format=json", *paths))
        # The location is missing before pip 10.
        listed = [(one["name"], one["version"], one.get("location") or "") for one in found]
        return f"pip {version}", listed
    except (OSError, LookupError, ValueError, MemoryError) as error:
        why = str(error) or "its output is too long"  # a MemoryError has no text
    if not why.endswith("No module named pip"):
        sys.exit(f"the environment's pip fails: {why}; fix it, or check without --cross-check")
    try:
        printed = _output(interpreter, "-I", "-B", "-c", _IMPORTLIB, *folders)
        return "importlib.metadata", json.loads(printed)
    except (OSError, ValueError):
        why = f"{interpreter} has neither pip nor importlib.metadata"
        sys.exit(f"{why}; install pip there, or check without --cross-check")


def _output(*command: str) -> str:
    """What the program prints; raises OSError if it fails."""
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise OSError(_last_line(done.stderr, done.returncode))
    return done.stdout.decode("utf-8", "replace")


def _read_files(interpreter: str, texts: Sequence[str], cwd: str) -> Sequence[Lines] | None:
    """The lines of each file that pip-api reads, None if it cannot be started."""
    path = os.path.abspath("line.txt")
    # pip-api needs any pip to start, but does not ask it about requirements.
    for python in (interpreter, sys.executable):
        os.environ["PIPAPI_PYTHON_LOCATION"] = python
        with suppress(subprocess.CalledProcessError):
            # Importing it starts pip.
            from pip_api import parse_requirements  # type: ignore[attr-defined]

            # Relative paths in a line are relative to the working directory.
            os.chdir(cwd)
            return [[*_lines_of(text, path, parse_requirements)] for text in texts]
    return None


def _lines_of(text: str, path: str, parse: Any) -> Iterator[tuple[int, str, str]]:
    """What pip-api makes of each line: it reads nothing of a file with one unreadable line."""
    number = 1
    for physical in _LINE.findall("\n".join((*text.splitlines(), ""))):
        start, number = number, number + physical.count("\n")
        line = physical.replace("\\\n", "")
        words = line.split()
        is_editable = words[:1] in (["-e"], ["--editable"])
        # It reads the values of unknown options as requirements, and expands no variables.
        options = [word for word in words[is_editable:] if word.startswith("-")]
        if "${" in line or not all(word.startswith("--hash") for word in options):
            continue
        Path(path).write_text(line, "utf-8")
        with suppress(Exception, SystemExit):  # what it does not read is not compared
            found = next(iter(parse(path).values()), None)
            if found is None:
                yield start, "", ""
            elif found.editable == is_editable:  # `-e ./folder word`: it reads only the word
                yield start, found.name, str(found.specifier)
