"""Two hooks of the build. Hatchling finds them here, because pyproject.toml names this file.

Hook runners build reqdrift with the Python that they run on themselves. The message of pip names
the Python versions, but not the way out.

An index shows the README without the files that it links to.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class RefuseOldPython(BuildHookInterface):  # type: ignore[type-arg]  # older versions have no parameter
    """Stop the build on a Python that reqdrift does not run on, and say what to do."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Called before anything is built."""
        if sys.version_info < (3, 11):  # noqa: UP036 - it is for Pythons that pip refuses later
            sys.exit(
                f"reqdrift runs on Python 3.11 or newer, not on {sys.version.split()[0]}: use pipx "
                "or, for a hook, language_version: python3.11 (it checks environments of older "
                "Pythons, too)"
            )


class LinkToRelease(MetadataHookInterface):
    """Make the links of the README absolute: to the files at the tag of the release."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Called when the metadata is made."""
        address = metadata["urls"]["Homepage"]
        tag = f"v{metadata['version']}"
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        text = re.sub(r"(!\[[^]]*\]\()(?!https:)", rf"\1{address}/raw/{tag}/", text)
        text = re.sub(r"\]\((?!https:)", f"]({address}/blob/{tag}/", text)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
