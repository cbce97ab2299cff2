"""Which environment is meant, and why: the first acceptable candidate wins.

The steps are generators of candidates, in the order of docs/architecture.md, so that a check stops
at the first good one while `reqdrift env` can show them all. `elsewhere` has those that a project
with an environment of its own does not reach.
"""

from __future__ import annotations

import os
import sys

from .. import repository
from ..errors import EnvironmentReadError
from ..files import folder_of
from ..values import TYPE_CHECKING, NamedTuple
from .site import (
    SHUT,
    find_interpreter,
    is_environment,
    is_shut,
    is_virtualenv,
    minor_of,
    must_be_open,
    read_pyvenv_cfg,
)
from .tools import environments_on_path, owning_tool

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from ..values import Chosen, Requirement

NAMES = (".venv", "venv", "env")
RUNNING = "the environment that reqdrift runs in"
BEFORE_HOOK = "activated before the hook"


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


def locate(situation: Situation) -> Candidate:
    """The environment to check.

    Raises:
        EnvironmentReadError: none was found, or one that was named is none.
    """
    passed_over = []
    for candidate in candidates(situation):
        if not candidate.refused:
            return candidate
        passed_over.append(candidate)
    from .none_found import none_found

    raise none_found(situation, passed_over)


def candidates(situation: Situation) -> Iterator[Candidate]:
    """Every candidate, best first."""
    yield from named(situation)
    overwritten = yield from virtual_env(situation)
    yield from running(situation)
    yield from extended(situation)
    if overwritten:
        yield from activated_before_hook(overwritten, situation)
    yield from activated_conda(situation)
    yield from project_folders(situation)
    from . import fallbacks

    yield from fallbacks.conda(situation)
    yield from fallbacks.guesses(situation)
    yield from fallbacks.not_virtual(situation)


def own_virtualenv(situation: Situation) -> str | None:
    """The project's own `.venv`, nearest to the requirements file."""
    folder = _folder_of_own(situation)
    return None if folder is None else virtualenv_of(folder, situation.environ)


def _folder_of_own(situation: Situation) -> str | None:
    folders, environ = folders_upwards(situation), situation.environ
    return next((path for path in folders if is_environment(virtualenv_of(path, environ))), None)


def virtualenv_of(folder: str, environ: Mapping[str, str]) -> str:
    """The folder's `.venv`, or where the file of that name leads."""
    path = os.path.join(folder, ".venv")
    if not os.path.isfile(path):
        return path
    from .redirect import target

    return target(path, environ) or path


def named(situation: Situation) -> Iterator[Candidate]:
    """Step 0: what the user named. A bad value is an error, never a reason to look elsewhere."""
    if situation.python and situation.named_by != "--python":
        yield _committed(situation.python, situation.named_by, situation)
    elif situation.python:
        yield _by_user(situation.python, situation.named_by, situation)
    elif value := situation.environ.get("REQDRIFT_PYTHON"):
        yield _by_user(value, "REQDRIFT_PYTHON", situation)
    elif situation.top and (path := repository.config_path(situation.top, "reqdrift.python")):
        yield _by_user(path, "git config reqdrift.python", situation)
    elif situation.configured:
        yield _committed(situation.configured, "[tool.reqdrift] python", situation)


def _by_user(value: str, found_by: str, situation: Situation) -> Candidate:
    return named_environment(value, found_by, situation.cwd)._replace(chosen="named")


def _committed(value: str, found_by: str, situation: Situation) -> Candidate:
    """What the project's configuration names, which whoever wrote the project has chosen.

    Raises:
        EnvironmentReadError: there is none, or it would have to be started and lies in the project.
    """
    found = named_environment(value, found_by, situation.cwd)
    if not is_virtualenv(found.prefix):
        from .asking import must_not_come_with_the_project

        must_not_come_with_the_project(found, situation)
    return found


def named_environment(value: str, found_by: str, cwd: str) -> Candidate:
    """The environment or interpreter at a path that the user gave, or a command on PATH.

    Raises:
        EnvironmentReadError: there is neither.
    """
    path = os.path.join(cwd, os.path.expanduser(value))
    if not os.path.exists(path) and os.path.basename(value) == value:
        import shutil

        path = shutil.which(value) or path
    if os.path.basename(path) == ".venv":
        path = virtualenv_of(os.path.dirname(path), os.environ)
    if os.path.isdir(path):
        if is_environment(path):
            return Candidate(found_by, os.path.normpath(path))
        if interpreter := find_interpreter(path):
            return Candidate(found_by, os.path.normpath(path), interpreter=interpreter)
        must_be_open(path)
        from .none_found import named_no_environment

        raise named_no_environment(value, path, found_by)
    path = os.path.abspath(path)
    prefix = os.path.dirname(os.path.dirname(path))
    # The interpreter may be a link whose end is gone: a finding, if the environment can be read.
    if os.path.lexists(path) and is_environment(prefix):
        interpreter = path if minor_of(os.path.basename(path)) else None
        return Candidate(found_by, prefix, interpreter=interpreter)
    if not os.path.exists(path):
        raise EnvironmentReadError(
            f"{found_by}: {value} does not exist", "name an interpreter or an environment's folder"
        )
    return Candidate(found_by, prefix, interpreter=path)


def virtual_env(situation: Situation) -> Generator[Candidate, None, str]:
    """Step 1: the activated environment. Returns one that is a tool's, as behind a hook, or ''."""
    value = situation.environ.get("VIRTUAL_ENV")
    if not value:
        return ""
    path = os.path.normpath(os.path.join(situation.cwd, value))
    none = _why_none(path)
    tool = "" if none else owning_tool(path, situation.environ)
    why = none or _why_not_of(tool) or why_not_here(path, situation)
    yield Candidate("VIRTUAL_ENV", path, why)
    return path if tool else ""


def why_not_here(prefix: str, situation: Situation) -> str:
    """Why an activated environment is another project's, '' if it is not.

    In a monorepo, and among worktrees, the `.venv` of the requirements file beats the one of
    another folder of the repository. One that tox or nox made belongs to no folder.
    """
    home = _folder_of_own(situation)
    if home is None or situation.top is None:
        return ""
    own = virtualenv_of(home, situation.environ)
    other, name = os.path.split(prefix)
    if is_same(own, prefix) or os.path.basename(other) in (".tox", ".nox"):
        return ""
    is_own = name in NAMES or is_same(virtualenv_of(other, situation.environ), prefix)
    top = repository.top_folder(os.path.realpath(other))
    if not is_own or top is None or is_same(home, other):
        return ""
    if repository.shared_folder(top) != repository.shared_folder(situation.top):
        return ""
    return f"another folder's; these requirements have {own}"


def is_same(one: str, other: str) -> bool:
    """Whether two paths lead to one folder."""
    try:
        return one == other or os.path.samefile(one, other)
    except OSError:
        return False


def running(situation: Situation) -> Iterator[Candidate]:
    """Step 2: the environment that reqdrift is installed in, if it is the project's nearest."""
    for folder in folders_upwards(situation):
        if os.path.lexists(os.path.join(folder, ".venv")):
            own = [virtualenv_of(folder, situation.environ)]
        else:
            places = [os.path.join(folder, name) for name in NAMES[1:]]
            own = [path for path in places if os.path.isdir(path) and is_environment(path)]
        if any(is_same(path, situation.prefix) for path in own):
            refused = why_not(situation.prefix, situation)
            yield Candidate(RUNNING, situation.prefix, refused)
        if own:
            return


def extended(situation: Situation) -> Iterator[Candidate]:
    """Step 3: the parent of the environment that `uv run --with` makes for the moment."""
    settings = read_pyvenv_cfg(situation.prefix) or {}
    if path := settings.get("extends-environment"):
        refused = why_not(path, situation) or why_not_here(path, situation)
        yield Candidate("extends-environment", path, refused)


def activated_before_hook(overwritten: str, situation: Situation) -> Iterator[Candidate]:
    """Step 4: a hook runner overwrote VIRTUAL_ENV, but PATH still leads to what was activated."""
    on_path = environments_on_path(situation.environ, conda=False, besides=overwritten)
    prefix = next(on_path, "")
    if prefix and situation.environ.get("VIRTUAL_ENV_PROMPT"):
        yield Candidate(BEFORE_HOOK, prefix, why_not_here(prefix, situation))
    elif prefix and not is_same(prefix, own_virtualenv(situation) or ""):
        # Old activation scripts do not set it: it may only be on PATH.
        from .fallbacks import activated_without_prompt

        yield from activated_without_prompt(prefix, situation)


def activated_conda(situation: Situation) -> Iterator[Candidate]:
    """Step 4, too: an activated conda environment that comes before all virtualenvs on PATH."""
    if situation.environ.get("CONDA_PREFIX"):
        from .fallbacks import conda_first_on_path

        yield from conda_first_on_path(situation)


def folders_upwards(situation: Situation) -> Iterator[str]:
    """From the requirements file's folder up to the git top, or to the working directory."""
    folder = situation.folder
    last = situation.top
    if last is None and f"{folder}{os.sep}".startswith(f"{situation.cwd}{os.sep}"):
        last = situation.cwd
    yield folder
    while last and folder != last and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        yield folder


def project_folders(situation: Situation) -> Iterator[Candidate]:
    """Step 5: an environment in the project's folders, or where uv and pyenv are told to put it."""
    variables = ["UV_PROJECT_ENVIRONMENT", "PYENV_VIRTUAL_ENV"]
    of_uv = situation.environ.get("UV_PROJECT_ENVIRONMENT")
    for folder in folders_upwards(situation):
        if of_uv:
            from .uv_project import environment_of_project

            if found := environment_of_project(folder, of_uv, situation):
                yield found
                of_uv, variables = None, variables[1:]
        for name in NAMES:
            yield from _in_folder(folder, name, situation)
    for variable in variables:
        if value := situation.environ.get(variable):
            path = os.path.normpath(os.path.join(situation.top or situation.cwd, value))
            yield Candidate(variable, path, why_not(path, situation))


def _in_folder(folder: str, name: str, situation: Situation) -> Iterator[Candidate]:
    path = os.path.join(folder, name)
    if name == ".venv" and os.path.lexists(path):
        path = virtualenv_of(folder, situation.environ)
        if not is_environment(path):
            from .redirect import must_lead_somewhere

            must_lead_somewhere(os.path.join(folder, name), path)
    elif not os.path.isdir(path):
        return
    refused = why_not(path, situation)
    if not refused and name != ".venv" and not os.path.exists(find_interpreter(path) or ""):
        from .fallbacks import running_instead

        refused = running_instead(path, situation)
    found = Candidate(name, path, refused)
    activated = situation.environ.get("CONDA_PREFIX")
    if not (refused or is_virtualenv(path) or (activated and is_same(path, activated))):
        from .asking import must_not_come_with_the_project

        must_not_come_with_the_project(found, situation)
    yield found


def why_not(prefix: str, situation: Situation) -> str:
    """Why the folder cannot be the project's environment, '' if it can."""
    return _why_none(prefix) or _why_not_of(owning_tool(prefix, situation.environ))


def _why_none(prefix: str) -> str:
    if not os.path.isdir(prefix):
        return "does not exist"
    if not is_environment(prefix):
        none = "not an environment (no pyvenv.cfg in it)"
        return f"cannot be read: {SHUT}" if is_shut(prefix) else none
    return ""


def _why_not_of(tool: str) -> str:
    return f"{tool}'s own environment" if tool else ""
