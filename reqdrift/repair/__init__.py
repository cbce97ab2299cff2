"""Fix drift: change the files, or print commands that change the environment."""

from __future__ import annotations

from .._record import TYPE_CHECKING, lazy

if TYPE_CHECKING:
    from . import recompile as recompile

__getattr__ = lazy(__name__)
