"""Environments that are named in another way than by their Python on this machine."""

from __future__ import annotations

from ..environments.root import Root
from ..environments.target import Target
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from ..environments.base import EnvironmentSource
    from ..values.settings import Request


def named_source(request: Request) -> EnvironmentSource:
    """The source of the environment that `root` or `path` names."""
    if request.root is not None:
        return Root(request.root, request.python, request.python_version)
    return Target(request.path or "", request.python_version)
