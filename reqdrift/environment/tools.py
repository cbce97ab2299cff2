"""Is this environment a tool's own, such as a hook's, rather than a project's?"""

from __future__ import annotations

import os

from ..model import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# File in the environment's folder -> the tool that puts it there.
_MARKS = {
    ".prek-hook.json": "prek",
    "pipx_metadata.json": "pipx",
    "uv-receipt.toml": "uv tool",
}

# Tool -> the variable that moves its folder, and where the folder is without it.
_FOLDERS = (
    ("uv", "UV_CACHE_DIR", ("~/.cache/uv", "~/Library/Caches/uv", "~/AppData/Local/uv/cache")),
    ("uv tool", "UV_TOOL_DIR", ("~/.local/share/uv/tools", "~/AppData/Roaming/uv/tools")),
    ("pipx", "PIPX_HOME", ("~/.local/pipx", "~/.local/share/pipx", "~/pipx")),
    ("pre-commit", "PRE_COMMIT_HOME", ("~/.cache/pre-commit",)),
    ("prek", "PREK_HOME", ("~/.cache/prek", "~/AppData/Local/prek")),
)


def owning_tool(prefix: str, environ: Mapping[str, str]) -> str:
    """The tool that made the environment for itself, '' for one that is a project's."""
    for mark, tool in _MARKS.items():
        if os.path.exists(os.path.join(prefix, mark)):
            return tool
    if os.path.basename(prefix).startswith("py_env-") and any(
        os.path.exists(os.path.join(prefix, f".install_state_v{version}")) for version in (1, 2)
    ):
        return "pre-commit"
    prefix = os.path.realpath(prefix)
    for tool, variable, defaults in _FOLDERS:
        cache = environ.get("XDG_CACHE_HOME")
        named = [environ.get(variable), cache and os.path.join(cache, tool), *defaults]
        for folder in filter(None, named):
            root = os.path.realpath(os.path.expanduser(folder))
            if prefix.startswith(root + os.sep):
                return tool
    return ""
