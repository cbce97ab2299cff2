"""Environments: on this disk, or in a record.

`Candidate` is one that `locate` may choose, and `owning_tool` says which cannot be a project's.
`EnvironmentSource` reads the one that is chosen.
"""

from __future__ import annotations

import os
import sys

from .. import environments, repository
from .._record import lazy
from ..files import folder_of, is_inside, read_regular, upwards
from ..values import TYPE_CHECKING, Capabilities, Environment, NamedTuple
from . import site
from .site import Installed, SiteFolders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..values import Chosen, Facts, Questions, Requirement
    from . import answers as answers
    from . import asking as asking
    from . import checkouts as checkouts
    from . import editables as editables
    from . import fallbacks as fallbacks
    from . import locate as locate
    from . import metadata as metadata
    from . import records as records

__getattr__ = lazy(__name__)

# Usual names of a project's environment, in the order of the search.
NAMES = (".venv", "venv", "env")
NO_ENVIRONMENT = "not an environment (no pyvenv.cfg in it)"
RUNNING = "the environment that reqdrift runs in"
BEFORE_HOOK = "activated before the hook"

# File in the environment's folder -> the tool that puts it there.
_MARKS = {
    ".prek-hook.json": "prek",
    ".install_state_v1": "pre-commit",
    ".install_state_v2": "pre-commit",
    "pipx_metadata.json": "pipx",
    "uv-receipt.toml": "uv tool",
    "reqdrift-action": "the reqdrift action",  # see action.yml
}

# Folders of uv's cache that contain environments; a layout version follows the name.
_SHELVES_OF_UV = ("archive-v", "builds-v", "environments-v")


class Candidate(NamedTuple):
    """A possible environment; `refused` says why it is not used, '' if it may be.

    `interpreter` is set if the prefix is not a virtual environment, so that it must be started.
    `chosen` is `named` if the user named it, `guess` if it was chosen only because of what is
    installed in it, otherwise `found`.
    """

    found_by: str
    prefix: str
    refused: str = ""
    interpreter: str | None = None
    chosen: Chosen = "found"


# The files with settings of uv.
_OF_UV = ("uv.toml", "pyproject.toml")


class Situation(NamedTuple):
    """Everything that the choice depends on.

    `files` are absolute paths of the requirements files, `lines` what they ask for, `top` the
    repository's top folder, `python` what the user named for this run, `configured` what the
    project's configuration names, `beside` files of other sets, each with the environment that
    the configuration names for it, `constraints` paths of files that only limit versions. `read`
    reads a file as the run does: from the disk, or from git.
    """

    files: tuple[str, ...]
    lines: tuple[Requirement, ...]
    environ: Mapping[str, str]
    cwd: str
    top: str | None
    python: str | None = None
    configured: str | None = None
    named_by: str = "--python"
    beside: tuple[tuple[str, str], ...] = ()
    constraints: tuple[str, ...] = ()
    read: Callable[..., bytes] = read_regular
    prefix: str = sys.prefix
    base_prefix: str = sys.base_prefix
    executable: str = sys.executable

    @property
    def folder(self) -> str:
        """The folder of the (first) requirements file."""
        return os.path.normpath(folder_of(self.files[0], self.cwd) if self.files else self.cwd)

    def folders_upwards(self) -> Iterator[str]:
        """From the requirements file's folder up to the top of the repository, or the cwd."""
        last = self.top or (self.cwd if is_inside(self.folder, self.cwd) else self.folder)
        return upwards(self.folder, last)

    @property
    def project_folder(self) -> str:
        """The repository's top; outside of git, the folder of the project or of the first file."""
        return self.top or repository.project_folder(self.folder, None) or self.folder

    def shared_folder(self, prefix: str) -> str:
        """The real folder whose projects may have an environment in common.

        That is the nearest one around the environment and the files; of an environment elsewhere
        the repository or, without git, the project. In a monorepo, links may lead to one.
        """
        around, here = os.path.dirname(os.path.realpath(prefix)), os.path.realpath(self.folder)
        root = os.path.realpath(self.project_folder)
        # What is in the root has only that in common.
        is_around = self.top is None and is_inside(f"{here}/", around)
        is_around &= around != os.path.dirname(around)
        if not (is_around or is_inside(f"{around}/", root)):
            return root
        shared = os.path.commonpath([around, here])
        return shared if self.top is None or is_inside(f"{shared}/", root) else root

    @property
    def is_for_uv(self) -> bool:
        """Whether uv's settings say what it installs, or from where: pip reads none of them.

        Those of the project, and of the folders that lines install.
        """
        installed = {x for line in self.lines if line.source for x in line.source.folders[:1]}
        return any(
            repository.declared.decides_for_uv(folder, installed)
            for folder in (*self.folders_upwards(), *installed)
            if any(os.path.isfile(os.path.join(folder, name)) for name in _OF_UV)
        )


def why_not(prefix: str) -> str:
    """Why the folder cannot be the project's environment, '' if it can."""
    if not os.path.isdir(prefix):
        return "does not exist"
    if site.is_environment(prefix):
        tool = owning_tool(prefix)
        return f"{tool}'s own environment" if tool else ""
    return f"cannot be read: {site.SHUT}" if site.is_shut(prefix) else NO_ENVIRONMENT


def is_in_cache(prefix: str) -> bool:
    """Whether a tool may delete the environment at any time, which is on PATH only for one run."""
    return owning_tool(prefix) in ("pre-commit", "prek", "uv")


def program() -> list[str]:
    """The words that start this reqdrift: its name if that is on PATH, else a path."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    if is_in_cache(sys.prefix):
        folders = [folder for folder in folders if not folder.startswith(sys.prefix)]
    names = [os.path.join(folder, "reqdrift") for folder in folders]
    if any(os.path.isfile(name) or os.path.isfile(f"{name}.exe") for name in names):
        return ["reqdrift"]
    if os.path.basename(sys.argv[0]).startswith("reqdrift"):
        return [os.path.abspath(sys.argv[0])]
    script = os.path.join(os.path.dirname(sys.executable), "reqdrift")
    return [script] if os.path.isfile(script) else [sys.executable, "-m", "reqdrift"]


def owning_tool(prefix: str) -> str:
    """The tool that created the environment for itself; '' if it can be a project's."""
    prefix = os.path.realpath(prefix)
    for mark, tool in _MARKS.items():
        if os.path.exists(os.path.join(prefix, mark)):
            return tool
    # Maybe of a temporary cache (`--no-cache`).
    cache, shelf = os.path.split(os.path.dirname(prefix))
    is_uvs = shelf.rstrip("0123456789") in _SHELVES_OF_UV
    return "uv" if is_uvs and os.path.exists(f"{cache}/CACHEDIR.TAG") else ""


def environments_on_path(environ: Mapping[str, str], *, conda: bool = True) -> Iterator[str]:
    """Environments whose folder of programs is on PATH, except tools' own (and conda's)."""
    for entry in dict.fromkeys(environ.get("PATH", "").split(os.pathsep)):
        if not os.path.isabs(entry):
            continue
        prefix = os.path.dirname(os.path.normpath(entry))
        # Most folders are not environments; this is the fastest check. Environments of virtualenv
        # before version 20 are known only by their library folder, and have an activate script.
        if not (
            os.access(f"{prefix}/pyvenv.cfg", os.F_OK)
            or os.access(f"{entry}/activate", os.F_OK)
            or (conda and os.access(f"{prefix}/conda-meta", os.F_OK))
        ):
            continue
        is_one = site.is_environment(prefix) if conda else site.is_virtualenv(prefix)
        if is_one and not owning_tool(prefix):
            yield prefix


class EnvironmentSource:
    """Reads one environment and answers questions about it.

    It is an environment, or a Python installation that is not a virtual environment; the subclasses
    read others.
    """

    _environment: Environment | None = None

    def __init__(self, candidate: Candidate) -> None:
        self._candidate = candidate

    def read(self) -> Environment:
        """The environment; it is read only once.

        Raises:
            UsageError: the user's options for it are wrong.
            EnvironmentReadError: it cannot be read.
        """
        if self._environment is None:
            self._environment = self._read()
        return self._environment

    def _read(self) -> Environment:
        return read_environment(self._candidate)

    def answer(self, asked: Questions, known: Facts) -> Facts:
        """The `known` facts, and the answers to all questions.

        What cannot be read is answered as Unreadable, never omitted.
        """
        return environments.answers.answer(asked, self.read(), known)


def implementation_here() -> str:
    """The name of this Python, as markers have it."""
    return {"pypy": "PyPy"}.get(sys.implementation.name, "CPython")


def read_environment(candidate: Candidate) -> Environment:
    """Read an environment; its interpreter is started only if it is not a virtual environment.

    Raises:
        EnvironmentReadError: it cannot be read.
    """
    prefix, interpreter = candidate.prefix, candidate.interpreter
    if site.is_virtualenv(prefix):
        return read_folders(candidate, site.find_site_folders(prefix, interpreter))
    interpreter = interpreter or site.find_interpreter(prefix)
    return read_folders(candidate, environments.asking.ask_for_folders(prefix, interpreter))


def read_folders(candidate: Candidate, found: SiteFolders) -> Environment:
    """What is installed in the folders of an environment."""
    installed = Installed(found.python)
    for folder in found.path:
        is_own = folder in found.own
        if is_own or folder.endswith("-packages"):
            installed.add_site_folder(folder, own=is_own)
        else:
            installed.add_path_folder(folder)
    return Environment(
        found.prefix,
        found.python,
        candidate.found_by,
        installed.distributions,
        (*found.broken, *installed.broken),
        tuple(installed.notes),
        found.started,
        found.own,
        tuple(installed.hidden),
        candidate.chosen,
        Capabilities(True, found.python.interpreter is not None, True),
        is_conda=found.started and os.path.isdir(f"{found.prefix}/conda-meta"),
        paths=tuple(installed.paths),
    )
