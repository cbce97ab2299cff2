"""What a candidate is, and why one cannot be the project's environment: a tool's own, or none."""

from __future__ import annotations

import os
import sys

from ..files import folder_of
from ..values import TYPE_CHECKING, NamedTuple
from .site import SHUT, is_environment, is_shut, is_virtualenv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..values import Chosen
    from ..values.requirements import Requirement

# What a project's environment is called, in the order in which they are looked for.
NAMES = (".venv", "venv", "env")
RUNNING = "the environment that reqdrift runs in"
BEFORE_HOOK = "activated before the hook"

# File in the environment's folder -> the tool that puts it there.
_MARKS = {
    ".prek-hook.json": "prek",
    "pipx_metadata.json": "pipx",
    "uv-receipt.toml": "uv tool",
}

# Folders of uv's cache that hold environments; the version of their layout follows.
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


class Candidate(NamedTuple):
    """A place where the environment might be; `refused` says why it is not, '' if it may be.

    `interpreter` is set where the prefix is no virtual environment and must be asked. `chosen` is
    `named` for what the user named, `guess` for what was taken only because of what it holds, else
    `found`.
    """

    found_by: str
    prefix: str
    refused: str = ""
    interpreter: str | None = None
    chosen: Chosen = "found"


class Situation(NamedTuple):
    """All that the choice depends on.

    `files` are absolute paths of the requirements files, `lines` what they ask for, `top` the
    repository's top folder, `python` what the user named for this run, `configured` what the
    project's configuration names.
    """

    files: tuple[str, ...]
    lines: tuple[Requirement, ...]
    environ: Mapping[str, str]
    cwd: str
    top: str | None
    python: str | None = None
    configured: str | None = None
    named_by: str = "--python"
    prefix: str = sys.prefix
    base_prefix: str = sys.base_prefix
    executable: str = sys.executable

    @property
    def folder(self) -> str:
        """The folder of the (first) requirements file."""
        return os.path.normpath(folder_of(self.files[0], self.cwd) if self.files else self.cwd)

    def folders_upwards(self) -> Iterator[str]:
        """From the requirements file's folder up to the git top, or to the working directory."""
        folder, last = self.folder, self.top
        if last is None and f"{folder}{os.sep}".startswith(f"{self.cwd}{os.sep}"):
            last = self.cwd
        yield folder
        while last and folder != last and os.path.dirname(folder) != folder:
            folder = os.path.dirname(folder)
            yield folder


def why_not(prefix: str, situation: Situation) -> str:
    """Why the folder cannot be the project's environment, '' if it can."""
    return why_none(prefix) or why_not_of(owning_tool(prefix, situation.environ))


def why_none(prefix: str) -> str:
    """Why the folder is no environment, '' if it is one."""
    if not os.path.isdir(prefix):
        return "does not exist"
    if not is_environment(prefix):
        none = "not an environment (no pyvenv.cfg in it)"
        return f"cannot be read: {SHUT}" if is_shut(prefix) else none
    return ""


def why_not_of(tool: str) -> str:
    """Why an environment that this tool made cannot be a project's, '' for no tool."""
    return f"{tool}'s own environment" if tool else ""


def is_same(one: str, other: str) -> bool:
    """Whether two paths lead to one folder."""
    try:
        return one == other or os.path.samefile(one, other)
    except OSError:
        return False


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
        # that was not moved has the tool's name in it.
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
