"""The version of reqdrift, and where it is developed: the only place for both."""

from __future__ import annotations

__version__ = "0.1.0"

REPOSITORY = "https://github.com/reqdrift/reqdrift"
