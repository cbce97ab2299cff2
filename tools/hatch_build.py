"""Stop the build on a Python that reqdrift does not run on, with a message that says what to do.

Hook runners build reqdrift with the Python that they run on themselves. The message of pip names
the Python versions, but not the way out.
"""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RefuseOldPython(BuildHookInterface):  # type: ignore[type-arg]  # older versions have no parameter
    """Hatchling finds it here, because `[tool.hatch.build.hooks.custom]` names this file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Called before anything is built."""
        if sys.version_info < (3, 11):  # noqa: UP036 - it is for Pythons that pip refuses later
            sys.exit(
                f"reqdrift runs on Python 3.11 or newer, not on {sys.version.split()[0]}: use pipx "
                "or, for a hook, language_version: python3.11 (it checks environments of older "
                "Pythons, too)"
            )
