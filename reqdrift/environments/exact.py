"""The patch version that an environment's Python has now.

Its pyvenv.cfg has the one of the day on which the environment was made; the base may have been
upgraded since.
"""

from __future__ import annotations

import os

from .. import files as here
from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING
from .root_pythons import release_of
from .trust import may_start_unasked

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
    # It loads what starts programs.
    from .asking import ask

    try:
        return str(ask(base)["version"]), True
    except EnvironmentReadError:
        return "", False


def release_of_base(base: str, python: Python) -> str:
    """The X.Y.Z that the files beside an interpreter state, '' if there are none.

    Args:
        base: the interpreter, not a link.
        python: the Python that it is.
    """
    library = f"python{'.'.join(map(str, python.minor))}"
    # Beside a PyPy, or a build without the GIL, there may be the files of another Python.
    if os.path.basename(base) not in (library, "python3", "python"):
        return ""
    return release_of(os.path.dirname(os.path.dirname(base)), library, here)
