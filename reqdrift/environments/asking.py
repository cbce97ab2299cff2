"""Start an interpreter to ask for what files do not have; decide which one may be started.

It is started isolated: without `site` (so that no `.pth` code runs) and without writing bytecode.
"""

from __future__ import annotations

import json
import os

from .. import repository
from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING
from ..values.environment import Python
from .site import SiteFolders, find_interpreter, find_site_folders, is_virtualenv, version_of

if TYPE_CHECKING:
    from typing import Any

    from .candidates import Candidate, Situation

_LONGEST_REASON = 300
# In seconds; enough for an interpreter on a slow disk.
_PATIENCE = 60

# Runs in the interpreter, which may be any Python from 2.7 on. Python 2 runs the code of
# `.pth` files when `site` is imported, `-S` or not, so there the folders are spelled out. The user
# site counts under the conditions of `site.check_enableusersite`, which `-I` and `-s` switch off.
# Nothing is imported from the working directory, as Python 2 would.
_QUESTION = """
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import json, os, platform
if sys.version_info[0] == 2:
    library = "lib/python%d.%d" % sys.version_info[:2]
    folders = [os.path.join(sys.prefix, library, n) for n in ("site-packages", "dist-packages")]
    if sys.prefix == "/usr":
        folders.append(os.path.join("/usr/local", library, "dist-packages"))
    base = os.environ.get("PYTHONUSERBASE") or os.path.expanduser("~/.local")
    user = os.path.join(base, library, "site-packages")
else:
    import site
    folders, user = site.getsitepackages(), site.getusersitepackages()
same = lambda a, b: not hasattr(os, a) or getattr(os, a)() == getattr(os, b)()
own_user = same("getuid", "geteuid") and same("getgid", "getegid")
if own_user and not os.environ.get("PYTHONNOUSERSITE"):
    folders.insert(0, user)
print(json.dumps({
    "prefix": sys.prefix,
    "executable": sys.executable,
    "version": platform.python_version(),
    "implementation": platform.python_implementation(),
    "folders": folders,
}))
"""


def ask_for_folders(prefix: str, interpreter: str | None) -> SiteFolders:
    """The Python and the folders of a prefix that is not a virtualenv.

    Raises:
        EnvironmentReadError: it has no Python, or the interpreter fails.
    """
    if interpreter is None:
        raise EnvironmentReadError(f"{prefix} has no Python interpreter")
    answer = ask(interpreter)
    # pyenv's shims and wrapper scripts lead to another folder's interpreter. Without `site` that
    # interpreter believes that it is its base Python, so its folder is checked here.
    behind = os.path.dirname(os.path.dirname(answer["executable"]))
    if is_virtualenv(behind):
        return find_site_folders(behind)._replace(started=True)
    python = Python(answer["version"], answer["implementation"], interpreter)
    own = tuple(folder for folder in answer["folders"] if os.path.isdir(folder))
    return SiteFolders(answer["prefix"], python, own, started=True)


def ask(interpreter: str, seconds: float = _PATIENCE) -> dict[str, Any]:
    """Ask an interpreter for its prefix, path, version, implementation and site folders.

    Args:
        interpreter: the program.
        seconds: the time limit.

    Raises:
        EnvironmentReadError: it cannot be started, fails, or prints something else.
    """
    # Importing this takes as long as a clean run; usually, no interpreter has to be started.
    from .program import run

    why = ""
    # Python 2.7 does not know -I.
    for isolation in (("-I", "-S", "-B"), ("-E", "-s", "-S", "-B")):
        try:
            command = [os.path.abspath(interpreter), *isolation, "-c", _QUESTION]
            # In the user's working directory, because pyenv's shims depend on it.
            done = run(command, cwd=os.getcwd(), seconds=seconds)
            if done.code == 0:
                return _checked(json.loads(done.out))
            last = done.err.decode("utf-8", "replace").strip().rpartition("\n")[2]
            why = last[:_LONGEST_REASON] or f"exit code {done.code}"
        except OSError as error:
            why = error.strerror or str(error)
            break
        except (ValueError, RecursionError):
            why = "its output cannot be parsed"
    raise EnvironmentReadError(f"the interpreter {interpreter} cannot be queried: {why}")


def _checked(answer: Any) -> dict[str, Any]:
    """The answer, if it is one.

    Raises:
        ValueError: the program that printed it is not Python.
    """
    texts = ("prefix", "executable", "version", "implementation")
    if not isinstance(answer, dict) or not isinstance(answer.get("folders"), list):
        raise ValueError(answer)
    if not all(isinstance(text, str) for text in (*map(answer.get, texts), *answer["folders"])):
        raise ValueError(answer)
    if not version_of(answer):
        raise ValueError(answer)
    return answer


def may_start_unasked(interpreter: str, prefix: str) -> bool:
    """Whether a Python that the user did not name may be started.

    It, and where it leads, lie outside of the repository (or folder) that holds the environment:
    files inside may have come with a clone. So may the pyvenv.cfg next to a link to a trusted
    interpreter; it sets the location of the standard library.
    """
    around = os.path.dirname(os.path.abspath(prefix))
    project = os.path.realpath(repository.top_folder(around) or around).rstrip(os.sep) + os.sep
    real = os.path.realpath(interpreter)
    given = os.path.join(os.path.realpath(os.path.dirname(interpreter)), "")
    is_python = os.path.basename(real).lower().startswith(("python", "pypy"))
    return is_python and not real.startswith(project) and not given.startswith(project)


def must_not_come_with_the_project(found: Candidate, situation: Situation) -> None:
    """Raises EnvironmentReadError for a Python to be started that may have come with a clone."""
    interpreter = found.interpreter or find_interpreter(found.prefix)
    # Any path inside the project will do.
    inside = os.path.join(situation.top or situation.folder, "x")
    if interpreter and not may_start_unasked(interpreter, inside):
        raise EnvironmentReadError(
            f"{found.found_by}: {found.prefix} is not a virtualenv; reading it means starting"
            f" {interpreter}, which may have come with the project",
            f"if you trust it: reqdrift --python {interpreter}",
        )
