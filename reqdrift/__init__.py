"""reqdrift: check whether an environment still matches its requirements files.

The public API is imported on first use, to keep the start of the command fast:

    >>> import reqdrift
    >>> report = reqdrift.check(["requirements.txt"], python=".venv")  # doctest: +SKIP
    >>> [(f.kind, f.project) for f in report.findings]  # doctest: +SKIP
    [('version', 'flask')]

docs/api.md documents all functions and values.
"""

from __future__ import annotations

import sys

# No installer asks this of a hook that has `language: system`, or of a copy on PYTHONPATH. It comes
# before anything that an older Python cannot run.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        f"reqdrift runs on Python 3.11 or newer, not on {sys.version.split()[0]}: use pipx or, for "
        "a hook, language_version: python3.11 (it checks environments of older Pythons, too)"
    )

# See `_record`, which is not needed here.
TYPE_CHECKING = False

__all__ = ["__version__", "check", "diff", "env", "fix", "freeze", "init", "inspect", "plan"]
__all__ += ["require", "settings", "verify", "why"]
# What they return, and take.
__all__ += ["Changed", "Choice", "Considered", "Diff", "Distribution", "Environment", "Finding"]
__all__ += ["Freeze", "Hint", "IgnoredProject", "Location", "Note", "Plan", "Policy", "Problem"]
__all__ += ["Proposal", "Python", "ReadFile", "Repair", "Repaired", "Report", "Requirement", "Set"]
__all__ += ["Settings", "Source", "Subject", "Verified", "Why"]
__all__ += ["DoubtfulEnvironmentError", "DriftError", "EnvironmentReadError"]
__all__ += ["InvalidLineError", "ReqdriftError", "UnreadableFilesError", "UsageError"]

if TYPE_CHECKING:
    from ._version import __version__ as __version__
    from .commands.check import check
    from .commands.diff import Diff, diff
    from .commands.env import Choice, Considered, env
    from .commands.fix import fix
    from .commands.freeze import Freeze, freeze
    from .commands.init import Proposal, init
    from .commands.inspect import inspect
    from .commands.plan import Plan, plan
    from .commands.require import require
    from .commands.subject import Subject, settings
    from .commands.verify import verify
    from .commands.why import Why, why
    from .errors import (
        DoubtfulEnvironmentError,
        DriftError,
        EnvironmentReadError,
        InvalidLineError,
        ReqdriftError,
        UnreadableFilesError,
        UsageError,
    )
    from .repair.rewrite import Changed, Repair, Repaired
    from .values import (
        Distribution,
        Environment,
        Location,
        Note,
        Policy,
        Problem,
        Python,
        ReadFile,
        Report,
        Requirement,
        Set,
        Settings,
    )
    from .values.details import Finding, Hint, IgnoredProject, Source, Verified

# The module -> its public names. A command is in the module of its name, and so is a result that
# has this name.
_HOMES = {
    "_version": "__version__",
    "commands.env": "Choice Considered",
    "commands.init": "Proposal",
    "commands.subject": "Subject settings",
    "errors": (
        "DoubtfulEnvironmentError DriftError EnvironmentReadError InvalidLineError "
        "ReqdriftError UnreadableFilesError UsageError"
    ),
    "repair.rewrite": "Changed Repair Repaired",
    "values": (
        "Distribution Environment Location Note "
        "Policy Problem Python ReadFile Report Requirement Set Settings"
    ),
    "values.details": "Finding Hint IgnoredProject Source Verified",
}

if not TYPE_CHECKING:
    # Type checkers would take any name for one that there is.
    def __getattr__(name):
        if name not in __all__:
            raise AttributeError(f"module 'reqdrift' has no attribute '{name}'")
        homes = (module for module, names in _HOMES.items() if name in names.split())
        module = next(homes, f"commands.{name.lower()}")
        return getattr(__import__(f"{__name__}.{module}", fromlist=[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
