"""Is this environment a tool's own, such as a hook's, rather than a project's?"""

from __future__ import annotations

import os

from ..values import TYPE_CHECKING
from .site import is_environment, is_virtualenv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# File in the environment's folder -> the tool that puts it there.
_MARKS = {
    ".prek-hook.json": "prek",
    "pipx_metadata.json": "pipx",
    "uv-receipt.toml": "uv tool",
}

# Folders of uv's cache that hold environments; the version of their layout stands behind.
_SHELVES_OF_UV = ("archive-v", "builds-v", "environments-v")

# Tool, the variable that moves its folder, the folders where it is without that variable.
_FOLDERS = (
    ("uv", "UV_CACHE_DIR", ("~/.cache/uv", "~/Library/Caches/uv", "~/AppData/Local/uv/cache")),
    ("uv tool", "UV_TOOL_DIR", ("~/.local/share/uv/tools", "~/AppData/Roaming/uv/tools")),
    (
        "pipx",
        "PIPX_HOME",
        (
            *("~/.local/pipx", "~/.local/share/pipx", "~/.cache/pipx", "~/pipx"),
            *("~/Library/Application Support/pipx", "~/AppData/Local/pipx"),
        ),
    ),
    ("pre-commit", "PRE_COMMIT_HOME", ("~/.cache/pre-commit",)),
    ("prek", "PREK_HOME", ("~/.cache/prek", "~/AppData/Local/prek")),
)

_XDG = (("XDG_CACHE_HOME", "~/.cache"), ("XDG_DATA_HOME", "~/.local/share"))


def owning_tool(prefix: str, environ: Mapping[str, str]) -> str:
    """The tool that made the environment for itself, '' for one that is a project's."""
    given, prefix = prefix, os.path.realpath(prefix)
    for mark, tool in _MARKS.items():
        if os.path.exists(os.path.join(prefix, mark)):
            return tool
    if os.path.basename(prefix).startswith("py_env-") and any(
        os.path.exists(os.path.join(prefix, f".install_state_v{version}")) for version in (1, 2)
    ):
        return "pre-commit"
    if _is_in_a_cache_of_uv(prefix):
        return "uv"
    for tool, variable, usual in _FOLDERS:
        # Resolving every folder's links would cost more than reading the environment. A folder
        # that nobody moved has the tool's name in it.
        if variable not in environ and tool.split()[0] not in f"{given}{prefix}":
            continue
        for folder in places(variable, usual, environ):
            if prefix.startswith(os.path.realpath(folder) + os.sep):
                return tool
    return ""


def _is_in_a_cache_of_uv(prefix: str) -> bool:
    """Whether the folder is of a cache that is somewhere else for once (`--no-cache`)."""
    cache, shelf = os.path.split(os.path.dirname(prefix))
    return shelf.rstrip("0123456789") in _SHELVES_OF_UV and os.path.exists(
        os.path.join(cache, "CACHEDIR.TAG")
    )


def places(variable: str, usual: tuple[str, ...], environ: Mapping[str, str]) -> Iterator[str]:
    """Where a tool may have its folder: where it is told to, and where it has it by itself."""
    if named := environ.get(variable):
        yield os.path.expanduser(named)
    for folder in usual:
        yield os.path.expanduser(folder)
        for name, default in _XDG:
            if (moved := environ.get(name)) and folder.startswith(default):
                yield moved + folder.removeprefix(default)


def environments_on_path(
    environ: Mapping[str, str], *, conda: bool = True, besides: str = ""
) -> Iterator[str]:
    """Environments, but for tools' own, whose folder of programs is on PATH.

    Args:
        environ: the variables.
        conda: whether conda's count.
        besides: a tool's own, as is known already.
    """
    for entry in dict.fromkeys(environ.get("PATH", "").split(os.pathsep)):
        if not os.path.isabs(entry):
            continue
        prefix = os.path.dirname(os.path.normpath(entry))
        # Most are none, and this is the cheapest way to ask. What virtualenv before version 20 made
        # shows in its library folder alone, and has a script to activate it.
        if prefix == besides or not (
            os.access(f"{prefix}/pyvenv.cfg", os.F_OK)
            or os.access(f"{entry}/activate", os.F_OK)
            or (conda and os.access(f"{prefix}/conda-meta", os.F_OK))
        ):
            continue
        is_one = is_environment(prefix) if conda else is_virtualenv(prefix)
        if is_one and not owning_tool(prefix, environ):
            yield prefix
