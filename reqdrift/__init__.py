"""reqdrift: does the live virtualenv still match the committed requirements.txt?

The public API is loaded when it is first used, so that starting the command stays cheap:

    >>> import reqdrift
    >>> report = reqdrift.check(["requirements.txt"], python=".venv")  # doctest: +SKIP
    >>> [(f.kind, f.project) for f in report.findings]  # doctest: +SKIP
    [('version', 'flask')]

docs/api.md has each function and value.
"""

from __future__ import annotations

from .values import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = [
    "Changed",
    "Choice",
    "Considered",
    "Diff",
    "Distribution",
    "DoubtfulEnvironmentError",
    "Environment",
    "EnvironmentReadError",
    "Finding",
    "Freeze",
    "Hint",
    "InvalidLineError",
    "Location",
    "Note",
    "Plan",
    "Policy",
    "Problem",
    "Python",
    "ReadFile",
    "Repair",
    "Repaired",
    "Report",
    "ReqdriftError",
    "Requirement",
    "Set",
    "Settings",
    "Source",
    "UnreadableFilesError",
    "UsageError",
    "Verified",
    "Why",
    "__version__",
    "check",
    "diff",
    "env",
    "fix",
    "freeze",
    "plan",
    "settings",
    "verify",
    "why",
]

if TYPE_CHECKING:
    from .errors import (
        DoubtfulEnvironmentError,
        EnvironmentReadError,
        InvalidLineError,
        ReqdriftError,
        UnreadableFilesError,
        UsageError,
    )
    from .repair.rewrite import Changed, Repair
    from .repository.config import Set, Settings
    from .session.check import check
    from .session.diff import Diff, diff
    from .session.env import Choice, Considered, env
    from .session.fix import Repaired, fix
    from .session.freeze import Freeze, freeze
    from .session.job import settings
    from .session.plan import Plan, plan
    from .session.verify import verify
    from .session.why import Why, why
    from .values import (
        Distribution,
        Environment,
        Finding,
        Hint,
        Location,
        Note,
        Policy,
        Problem,
        Python,
        ReadFile,
        Report,
        Requirement,
        Source,
        Verified,
    )

# Module -> the public names that it has.
_HOMES = {
    "session.check": ("check",),
    "session.verify": ("verify",),
    "session.fix": ("fix", "Repaired"),
    "session.diff": ("diff", "Diff"),
    "session.job": ("settings",),
    "session.plan": ("plan", "Plan"),
    "session.why": ("why", "Why"),
    "session.freeze": ("freeze", "Freeze"),
    "session.env": ("env", "Choice", "Considered"),
    "repository.config": ("Set", "Settings"),
    "repair.rewrite": ("Changed", "Repair"),
    "values": (
        *("Distribution", "Environment", "Finding", "Hint", "Location", "Note", "Policy"),
        *("Problem", "Python", "ReadFile", "Report", "Requirement", "Source", "Verified"),
    ),
    "errors": (
        *("ReqdriftError", "UsageError", "UnreadableFilesError", "InvalidLineError"),
        *("EnvironmentReadError", "DoubtfulEnvironmentError"),
    ),
}

if not TYPE_CHECKING:
    # Type checkers would take any name for one that there is.
    def __getattr__(name):
        home = next((home for home, names in _HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module 'reqdrift' has no attribute '{name}'")
        from importlib import import_module

        return getattr(import_module(f".{home}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
