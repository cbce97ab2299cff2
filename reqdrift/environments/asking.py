"""Start an interpreter to ask for what files do not have.

It is started isolated: without `site` (so that no `.pth` code runs) and without writing bytecode.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import threading
import time
from contextlib import contextmanager

from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING, NamedTuple, Python
from .site import SiteFolders, find_site_folders, is_virtualenv, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import IO, Any


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
    return SiteFolders(answer["prefix"], python, own, own, started=True)


def ask(interpreter: str) -> dict[str, Any]:
    """Ask an interpreter for its prefix, path, version, implementation and site folders.

    Raises:
        EnvironmentReadError: it cannot be started, fails, or prints something else.
    """
    why = ""
    # Python 2.7 does not know -I.
    for isolation in (("-I", "-S", "-B"), ("-E", "-s", "-S", "-B")):
        try:
            command = [os.path.abspath(interpreter), *isolation, "-c", _QUESTION]
            # In the user's working directory, because pyenv's shims depend on it.
            done = run(command, cwd=os.getcwd(), seconds=_PATIENCE)
            if done.code == 0:
                return _checked(json.loads(done.out))
            why = last_line(done.err, done.code)[:_LONGEST_REASON]
        except OSError as error:
            why = error.strerror or str(error)
            break
        except (ValueError, RecursionError):
            why = "its output cannot be parsed"
    raise EnvironmentReadError(f"the interpreter {interpreter} cannot be queried: {why}")


def last_line(printed: bytes, code: int) -> str:
    """The last line of the error output of a program that failed."""
    return printed.decode("utf-8", "replace").strip().rpartition("\n")[2] or f"exit code {code}"


def _checked(answer: Any) -> dict[str, Any]:
    """The answer, if it is one.

    Raises:
        ValueError: the program that printed it is not Python.
    """
    texts = ("prefix", "executable", "version", "implementation")
    is_one = isinstance(answer, dict) and isinstance(answer.get("folders"), list)
    said = (*map(answer.get, texts), *answer["folders"]) if is_one else (None,)
    if not all(isinstance(text, str) for text in said) or not version_of(answer):
        raise ValueError(answer)
    return answer  # type: ignore[no-any-return]


# In bytes, of each stream; an answer is a few hundred.
_LONGEST_ANSWER = 1024 * 1024


class Answer(NamedTuple):
    """The return code of a program, and its output."""

    code: int
    out: bytes
    err: bytes


def run(command: Sequence[str], *, cwd: str, seconds: float) -> Answer:
    """Run a program without input; output that is too long is cut.

    If this function ends for any reason (also a signal), it ends the program and its children.

    Raises:
        OSError: it cannot be started; TimeoutError: it took longer than `seconds`.
    """
    end = time.monotonic() + seconds
    process = None
    try:
        with _undisturbed():
            process = subprocess.Popen(
                command,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        return _listen(process, end)
    except subprocess.TimeoutExpired:
        raise TimeoutError(errno.ETIMEDOUT, f"no answer in {seconds:g} seconds") from None
    finally:
        if process is not None and process.returncode is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.wait()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Block signals: one that arrives while the program starts would orphan it.

    The program inherits the blocked signals; it is ended with SIGKILL, which cannot be blocked.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    blocked = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _listen(process: subprocess.Popen[bytes], end: float) -> Answer:
    """The output of the program until it ends; raises TimeoutExpired after `end`."""
    said = {1: b"", 2: b""}

    def listen(number: int, stream: IO[bytes]) -> None:
        # Closed after the limit: a program that continues to write gets an error.
        with stream:
            said[number] = stream.read(_LONGEST_ANSWER)

    assert process.stdout and process.stderr  # noqa: S101 - for the type checker
    streams = ((1, process.stdout), (2, process.stderr))
    listeners = [threading.Thread(target=listen, args=pair, daemon=True) for pair in streams]
    try:
        for listener in listeners:
            listener.start()
    except RuntimeError as error:  # the limit of processes counts threads, too
        raise OSError(errno.EAGAIN, str(error)) from None
    for listener in listeners:
        listener.join(max(end - time.monotonic(), 0))
    code = process.wait(max(end - time.monotonic(), 0))
    return Answer(code, said[1], said[2])
