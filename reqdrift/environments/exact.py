"""The patch version that an environment's Python has now.

Its pyvenv.cfg has the one of the day on which the environment was made; the base may have been
upgraded since.
"""

from __future__ import annotations

import os

from .. import environments
from ..errors import EnvironmentReadError
from ..files import lines_of, read_regular
from ..values import TYPE_CHECKING
from .named import may_start_unasked
from .site import minor_of, version_of

if TYPE_CHECKING:
    from ..values import Python


def exact_version(python: Python, prefix: str) -> tuple[str, bool]:
    """The X.Y.Z of the interpreter, and whether it was started to say it.

    '' if no file of the base says it, and the interpreter fails or must not be started.
    """
    if python.interpreter is None:
        return "", False
    # Not the link inside the environment: Python would use its pyvenv.cfg.
    base = os.path.realpath(python.interpreter)
    if not may_start_unasked(base, prefix):
        return "", False
    if found := release_of_base(base, python):
        return found, False
    try:
        return str(environments.asking.ask(base)["version"]), True
    except EnvironmentReadError:
        return "", False


def release_of_base(base: str, python: Python) -> str:
    """The X.Y.Z that the files beside an interpreter state, '' if there are none.

    Args:
        base: the interpreter, not a link.
        python: the Python that it is.
    """
    minor = ".".join(map(str, python.minor))
    library, prefix = f"python{minor}", os.path.dirname(os.path.dirname(base))
    # Beside a PyPy, or a build without the GIL, there may be the files of another Python.
    if os.path.basename(base) not in (library, "python3", "python"):
        return ""
    for found in (_of_header, _of_conda, _of_dpkg):
        release = version_of({"version": found(prefix, library)})
        if release.startswith(f"{minor}."):
            return release
    return ""


def _of_header(prefix: str, library: str) -> str:
    for name in (library, f"{library}m"):
        for line in _lines(f"{prefix}/include/{name}/patchlevel.h"):
            if line.startswith("#define PY_VERSION "):
                return line.split('"')[1] if '"' in line else ""
    return ""


def _of_conda(prefix: str, library: str) -> str:
    """`python-3.12.1-hab00c5b_1_cpython.json` in conda-meta."""
    try:
        names = os.listdir(f"{prefix}/conda-meta")
    except OSError:
        return ""
    start = f"python-{minor_of(library)}."
    return next((name.split("-")[1] for name in sorted(names) if name.startswith(start)), "")


def _of_dpkg(prefix: str, library: str) -> str:
    """The version of Debian's `libpython3.11-minimal`: `3.11.2-6+deb12u3`."""
    if prefix != "/usr":
        return ""
    package = f"lib{library}-minimal"
    # Distroless images have a file for each package.
    for file in ("status", f"status.d/{package}"):
        is_it = False
        for line in _lines(f"/var/lib/dpkg/{file}"):
            key, _, value = line.partition(": ")
            if key == "Package":
                is_it = value == package
            elif key == "Version" and is_it:
                return value.rpartition(":")[2].partition("-")[0].partition("+")[0]
    return ""


def _lines(path: str) -> list[str]:
    try:
        return lines_of(read_regular(path))
    except OSError:
        return []
