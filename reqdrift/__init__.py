"""reqdrift: does the live virtualenv still match the committed requirements.txt?

The public API is loaded when it is first used, so that starting the command stays cheap:

    >>> import reqdrift
    >>> report = reqdrift.check(["requirements.txt"], python=".venv")  # doctest: +SKIP
    >>> [(f.kind, f.project) for f in report.findings]  # doctest: +SKIP
    [('version', 'flask')]
"""

from __future__ import annotations

from .values import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Finding", "Note", "Policy", "Report", "ReqdriftError", "__version__", "check"]

if TYPE_CHECKING:
    from .errors import ReqdriftError
    from .session import check
    from .values import Finding, Note, Policy, Report

_HOMES = {
    "check": "session",
    "Finding": "values",
    "Note": "values",
    "Policy": "values",
    "Report": "values",
    "ReqdriftError": "errors",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'reqdrift' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
