"""`reqdrift.inspect`: an environment as pip's inspect report, without pip in it."""

from __future__ import annotations

import os

from ..environments.answers import release_of_base
from ..environments.inspect_document import document_of
from ..errors import UsageError
from ..values import TYPE_CHECKING
from .job import situation_of, source_of, unconfigured

if TYPE_CHECKING:
    from typing import Any

    from ..environments import EnvironmentSource
    from ..values import Environment, Python
    from .job import Files, StrPath


def inspect(
    files: Files = (),
    *,
    python: StrPath | None = None,
    path: StrPath | None = None,
    python_version: str | None = None,
) -> dict[str, Any]:
    """An environment as pip's inspect report, version 1, as `json.dumps` takes it.

    Args:
        files: requirements files, used only to find the environment.
        python: an interpreter or environment folder; by default the project's environment is found.
        path: a folder made by `pip install --target`, instead of an environment.
        python_version: the Python version of that folder, as X.Y.

    Raises:
        UsageError: the Python version of the folder is not known.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    named = {"python": python, "path": path, "python_version": python_version}
    job = unconfigured(files, (), None, **named)
    return inspected(source_of(job, situation_of(job.one)))


def inspected(source: EnvironmentSource) -> dict[str, Any]:
    """The report about the environment of a source.

    Raises:
        UsageError: it is a record, or its Python version is not known.
    """
    environment = source.read()
    if not environment.can.files:
        raise UsageError(f"{environment.prefix} is a record already", "leave out --installed")
    if environment.python.assumed:
        message = f"{environment.prefix} does not record its Python version"
        raise UsageError(message, "pass --python-version X.Y")
    return document_of(environment, _as_it_is_now(environment))


def _as_it_is_now(environment: Environment) -> Python:
    """The Python; its pyvenv.cfg keeps the patch version of the day on which it was made."""
    python = environment.python
    if python.interpreter is None:
        return python
    release = release_of_base(os.path.realpath(python.interpreter), python)
    return python._replace(version=release or python.version)
