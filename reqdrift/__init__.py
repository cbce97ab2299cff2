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
    "IgnoredProject",
    "InvalidLineError",
    "Location",
    "Note",
    "Plan",
    "Policy",
    "Problem",
    "Proposal",
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
    "Subject",
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
    "init",
    "inspect",
    "plan",
    "settings",
    "verify",
    "why",
]

if TYPE_CHECKING:
    from ._version import __version__ as __version__
    from .commands.check import check
    from .commands.diff import Diff, diff
    from .commands.env import Choice, Considered, env
    from .commands.fix import Repaired, fix
    from .commands.freeze import Freeze, freeze
    from .commands.init import Proposal, init
    from .commands.inspect import inspect
    from .commands.plan import Plan, plan
    from .commands.subject import Subject, settings
    from .commands.verify import verify
    from .commands.why import Why, why
    from .errors import (
        DoubtfulEnvironmentError,
        EnvironmentReadError,
        InvalidLineError,
        ReqdriftError,
        UnreadableFilesError,
        UsageError,
    )
    from .repair.rewrite import Changed, Repair
    from .values import (
        Distribution,
        Environment,
        Location,
        Note,
        Policy,
        Problem,
        Python,
        ReadFile,
        Requirement,
        Set,
        Settings,
    )
    from .values.details import IgnoredProject, Source
    from .values.findings import Finding, Hint, Verified
    from .values.report import Report

# Public name -> the module that has it.
_HOMES = {
    "__version__": "_version",
    "check": "commands.check",
    "verify": "commands.verify",
    "fix": "commands.fix",
    "Repaired": "commands.fix",
    "diff": "commands.diff",
    "Diff": "commands.diff",
    "init": "commands.init",
    "Proposal": "commands.init",
    "inspect": "commands.inspect",
    "settings": "commands.subject",
    "plan": "commands.plan",
    "Plan": "commands.plan",
    "why": "commands.why",
    "Why": "commands.why",
    "freeze": "commands.freeze",
    "Freeze": "commands.freeze",
    "env": "commands.env",
    "Choice": "commands.env",
    "Considered": "commands.env",
    "Subject": "commands.subject",
    "Set": "values",
    "Settings": "values",
    "Changed": "repair.rewrite",
    "Repair": "repair.rewrite",
    "Distribution": "values",
    "Environment": "values",
    "Finding": "values.findings",
    "Hint": "values.findings",
    "IgnoredProject": "values.details",
    "Location": "values",
    "Note": "values",
    "Policy": "values",
    "Problem": "values",
    "Python": "values",
    "ReadFile": "values",
    "Report": "values.report",
    "Requirement": "values",
    "Source": "values.details",
    "Verified": "values.findings",
    "ReqdriftError": "errors",
    "UsageError": "errors",
    "UnreadableFilesError": "errors",
    "InvalidLineError": "errors",
    "EnvironmentReadError": "errors",
    "DoubtfulEnvironmentError": "errors",
}

if not TYPE_CHECKING:
    # Type checkers would take any name for one that there is.
    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module 'reqdrift' has no attribute '{name}'")
        return getattr(__import__(f"{__name__}.{_HOMES[name]}", fromlist=[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
