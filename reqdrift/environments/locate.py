"""Which environment is checked, and why: the first acceptable candidate is used.

The steps are generators of candidates, in the order below, so that a check stops
at the first acceptable one and `reqdrift env` can show all. The steps that are not reached if the
project has its own environment are in `fallbacks`, which is imported only when needed.

The first that exists is used. Every report shows which one, and how it was found. `reqdrift env`
prints all candidates.

0. `--python` (an interpreter or environment folder; `--path DIR` for a folder of
   `pip install --target`, with `--python-version X.Y`), `REQDRIFT_PYTHON`,
   `git config reqdrift.python` (git is started only if its configuration file contains the word). A
   wrong value is an error; no other environment is used.
1. `VIRTUAL_ENV`, unless it is a tool's own. If `VIRTUAL_ENV` is in another folder of this
   repository, a `.venv` next to the requirements file takes precedence. An environment in `.tox` or
   `.nox` does not belong to a folder, whatever its name.
2. The environment that reqdrift runs in, if it is the project's own: the nearest `.venv`, or, if
   there is none, the nearest `venv` or `env`.
3. `extends-environment` in its pyvenv.cfg (`uv run --with`).
4. An environment that was activated, but that `VIRTUAL_ENV` does not name:
   - In a hook, where the hook runner overwrites the variable: the first virtualenv on `PATH` after
     the hook's own, if `VIRTUAL_ENV_PROMPT` is still set. The activation scripts of Python before
     3.10 and of virtualenv before 20.24 do not set it.
   - Then `CONDA_PREFIX`, unless it is conda's base environment, if its `bin` is on `PATH` before
     every virtualenv. uv, too, uses it before a `.venv` that is not activated.
5. From the requirements file's folder up to the top of the repository, in each folder
   `UV_PROJECT_ENVIRONMENT`, `.venv`, `venv`, `env`; then `UV_PROJECT_ENVIRONMENT` and
   `PYENV_VIRTUAL_ENV`, wherever they are.
   - `UV_PROJECT_ENVIRONMENT` is used in a folder with a uv.lock, or with a pyproject.toml that has
     `[project]`, and is relative to that folder. It may be a Python that is not a virtualenv, which
     is read as in step 8 if it is outside the project.
   - A `.venv` file contains a path or a name. A name is first searched in `WORKON_HOME`, in
     `virtualenvs` of `XDG_DATA_HOME` (by default `~/.local/share`), and in `~/.virtualenvs`. An
     empty file is ignored, as by pipenv.
   - A `.venv` that does not lead to an environment is an error once this step is reached: a folder
     that is not one, a dangling link, a file that names something that does not exist.
   - A `venv` or `env` without interpreter is skipped if the environment (or the Python) that
     reqdrift runs in has at least half of the required projects. A `.venv` is not skipped: its
     missing interpreter is reported.
6. `CONDA_PREFIX`, unless it is conda's base environment.
7. Environments that have at least half of the required projects, in this order:
   - the one that reqdrift runs in (also if nothing is required: `reqdrift freeze` needs no file)
   - another one on `PATH`

   All are guesses. The report says so, and nothing is changed for them or in them, with one
   exception: if reqdrift runs in the environment whose Python is the first on `PATH` (an image with
   `ENV PATH=/opt/venv/bin:$PATH`), then `pip install` installs there, which is as good as
   activated. Lines whose marker is false there do not count. What
   `pip install reqdrift pre-commit prek` installs counts only if nothing else is required.
8. A non-virtual Python that reqdrift runs on (a container, CI), unless it is a tool's own.
9. None: exit code 3. The message lists what was tried and a command for each likely environment:
   those in the project's folders, whatever their name; the one that reqdrift runs in; what Poetry,
   pipenv or hatch print (`--python "$(poetry env info --path)"`), if the project has one of their
   files; and in CI, outside a hook, the `python` of the job.
"""

from __future__ import annotations

import os

from .. import environments, repository
from ..files import entries_of, is_inside, is_same
from ..values import TYPE_CHECKING
from . import BEFORE_HOOK, NAMES, RUNNING, Candidate, Situation, owning_tool, why_not
from .site import find_interpreter, is_environment, is_virtualenv, read_pyvenv_cfg

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping


def locate(situation: Situation) -> Candidate:
    """The environment to check.

    Raises:
        EnvironmentReadError: none was found, or what was named is not an environment.
    """
    passed_over = []
    for candidate in candidates(situation):
        if not candidate.refused:
            return candidate
        passed_over.append(candidate)
    raise environments.fallbacks.none_found(situation, passed_over)


def candidates(situation: Situation) -> Iterator[Candidate]:
    """Every candidate, best first."""
    yield from _named(situation)
    for found in _found(situation):
        # That of another branch is followed, but changes no file.
        other = is_of_other_worktree(found.prefix, situation)
        yield found._replace(chosen="guess") if other else found


def _found(situation: Situation) -> Iterator[Candidate]:
    """Every candidate that is not named, best first."""
    overwritten = yield from virtual_env(situation)
    yield from running(situation)
    yield from extended(situation)
    if overwritten:
        yield from activated_before_hook(situation)
    # Step 4: an activated conda environment that comes before all virtualenvs on PATH.
    if situation.environ.get("CONDA_PREFIX"):
        yield from environments.fallbacks.conda_first_on_path(situation)
    yield from project_folders(situation)
    yield from environments.fallbacks.conda(situation)
    if not any(running(situation)):
        yield from environments.fallbacks.running_guess(situation)
    yield from environments.fallbacks.guesses(situation)
    yield from environments.fallbacks.not_virtual(situation)


def own_virtualenv(situation: Situation) -> tuple[str, str]:
    """The nearest folder that has a `.venv`, and the environment that it leads to; '' if none."""
    for folder in situation.folders_upwards():
        if is_environment(own := virtualenv_of(folder, situation.environ)):
            return folder, own
    return "", ""


def virtualenv_of(folder: str, environ: Mapping[str, str]) -> str:
    """The folder's `.venv`, or the environment that the file `.venv` names."""
    path = os.path.join(folder, ".venv")
    if not os.path.isfile(path):
        return path
    return environments.fallbacks.target(path, environ) or path


def _named(situation: Situation) -> Iterator[Candidate]:
    """Step 0: at most one candidate. A wrong value is an error; the search does not continue."""
    top, of_git = situation.top, "git config reqdrift.python"
    value, found_by = situation.python, situation.named_by
    if not value:
        value, found_by = situation.environ.get("REQDRIFT_PYTHON"), "REQDRIFT_PYTHON"
    if not value and top and repository.may_configure(top, "reqdrift"):
        value, found_by = repository.git.config_path(top, "reqdrift.python"), of_git
    if not value:
        value, found_by = situation.configured, "[tool.reqdrift] python"
    if value:
        found = environments.fallbacks.named(value, found_by, situation)
        # A clone's configuration counts in all of its worktrees.
        is_shared = found_by == of_git and not is_inside(found.prefix, top or "")
        if top and is_shared and entries_of(f"{repository.shared_folder(top)}/worktrees"):
            found = found._replace(chosen="guess")
        yield found


def virtual_env(situation: Situation) -> Generator[Candidate, None, bool]:
    """Step 1: the activated environment. Returns whether it is a tool's own (a hook)."""
    value = situation.environ.get("VIRTUAL_ENV")
    if not value:
        return False
    path = os.path.normpath(os.path.join(situation.cwd, value))
    why = why_not(path) or why_not_here(path, situation)
    yield Candidate("VIRTUAL_ENV", path, why)
    return is_environment(path) and owning_tool(path) != ""


def is_of_other_worktree(prefix: str, situation: Situation) -> bool:
    """Whether the environment is in another working tree of the repository: another branch's."""
    if situation.top is None or is_inside(prefix, situation.top):
        return False
    top = repository.top_folder(os.path.dirname(os.path.realpath(prefix)))
    if top is None or is_same(top, situation.top):
        return False
    return repository.shared_folder(top) == repository.shared_folder(situation.top)


def why_not_here(prefix: str, situation: Situation) -> str:
    """Why an activated environment is another project's, '' if it is not.

    In a monorepo, and with worktrees, the `.venv` of the requirements file takes precedence over
    that of another folder of the repository. Environments of tox and nox belong to no folder.
    """
    home, own = own_virtualenv(situation)
    if not home or situation.top is None:
        return ""
    other, name = os.path.split(prefix)
    if is_same(own, prefix) or os.path.basename(other) in (".tox", ".nox"):
        return ""
    is_own = name in NAMES or is_same(virtualenv_of(other, situation.environ), prefix)
    top = repository.top_folder(os.path.realpath(other))
    if not is_own or top is None or is_same(home, other):
        return ""
    if repository.shared_folder(top) != repository.shared_folder(situation.top):
        return ""
    return f"belongs to another folder; these requirements have {own}"


def running(situation: Situation) -> Iterator[Candidate]:
    """Step 2: the environment that reqdrift is installed in, if it is the project's nearest."""
    for folder in situation.folders_upwards():
        if os.path.lexists(os.path.join(folder, ".venv")):
            own = [virtualenv_of(folder, situation.environ)]
        else:
            places = [os.path.join(folder, name) for name in NAMES[1:]]
            own = [path for path in places if os.path.isdir(path) and is_environment(path)]
        if any(is_same(path, situation.prefix) for path in own):
            refused = why_not(situation.prefix)
            yield Candidate(RUNNING, situation.prefix, refused)
        if own:
            return


def extended(situation: Situation) -> Iterator[Candidate]:
    """Step 3: the parent of the temporary environment of `uv run --with`."""
    settings = read_pyvenv_cfg(situation.prefix) or {}
    if path := settings.get("extends-environment"):
        refused = why_not(path) or why_not_here(path, situation)
        yield Candidate("extends-environment", path, refused)


def activated_before_hook(situation: Situation) -> Iterator[Candidate]:
    """Step 4: a hook runner overwrote VIRTUAL_ENV; PATH still has the activated environment."""
    on_path = environments.environments_on_path(situation.environ, conda=False)
    if situation.environ.get("VIRTUAL_ENV_PROMPT") and (prefix := next(on_path, "")):
        yield Candidate(BEFORE_HOOK, prefix, why_not_here(prefix, situation))


def project_folders(situation: Situation) -> Iterator[Candidate]:
    """Step 5: an environment in the project's folders, or set by variables of uv and pyenv."""
    variables = ["UV_PROJECT_ENVIRONMENT", "PYENV_VIRTUAL_ENV"]
    of_uv = situation.environ.get("UV_PROJECT_ENVIRONMENT")
    for folder in situation.folders_upwards():
        found = of_uv and environments.fallbacks.environment_of_project(folder, of_uv, situation)
        if found:
            yield found
            of_uv, variables = None, variables[1:]
        for name in NAMES:
            yield from _in_folder(folder, name, situation)
    for variable in variables:
        if value := situation.environ.get(variable):
            path = os.path.normpath(os.path.join(situation.top or situation.cwd, value))
            yield Candidate(variable, path, why_not(path))


def _in_folder(folder: str, name: str, situation: Situation) -> Iterator[Candidate]:
    path = os.path.join(folder, name)
    if name == ".venv" and os.path.lexists(path):
        path = virtualenv_of(folder, situation.environ)
        if not is_environment(path):
            environments.fallbacks.must_lead_somewhere(os.path.join(folder, name), path)
    elif not os.path.isdir(path):
        return
    found = Candidate(name, path, why_not(path))
    gone = name != ".venv" and not os.path.exists(find_interpreter(path) or "")
    if not found.refused and (gone or not is_virtualenv(path)):
        found = environments.fallbacks.doubted(found, situation, gone=gone)
    yield found
