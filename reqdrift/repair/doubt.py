"""Does the environment have what the files ask for? Checked before one is changed.

An environment that the user did not name may be another project's. The files would then lose their
lines.

- The environment is named by `--python`, `--path`, `REQDRIFT_PYTHON` or `git config
  reqdrift.python`. `[tool.reqdrift] python` does not count: it is written for everyone who clones
  the project, not for what is installed here and now. If the environment is not named:
  - `fix` and `diff` refuse (exit code 3, no file is written, no patch is printed) if a file, or all
    files together, would lose more than half of two or more projects, or if none of the two or more
    projects that the files ask for is installed. Only projects whose lines apply here count,
    without those that need not be installed (`stdlib`, `artefact`). With `--keep-missing`, no line
    is removed; from an environment that has less than half of the projects, none is added either.
    `--cautious`, which is for hooks, refuses such an environment.
  - A guess (`environments/fallbacks.py`) changes no file, and is not changed. If there is nothing
    to change, nothing is refused.
  - `plan --uninstall` uninstalls nothing from a Python that is no virtual environment, because
    other programs may need what is there; nor from an environment that is neither in the project's
    folder nor says that it is for the project, because others may use it. It prints what it did not
    uninstall, and how to do it anyway. The same applies to files that ask for nothing.
  - An environment in the folder of another project, or for one by its own record, may still be
    activated, and one in a folder above may be shared, if other folders below that have
    requirements. `plan` prints no command for it, and `fix` refuses.
  - If the project has a `.venv` and another environment was chosen, one absent project is enough
    for all of this.
"""

from __future__ import annotations

import os

from ..drift.absent import may_be_absent
from ..environments import locate
from ..environments.site import is_environment
from ..errors import DoubtfulEnvironmentError
from ..files import entries_of
from ..options import quoted
from ..report import shown_path
from ..repository import NOT_SERVICES, folders_in, is_project, project_folder, read_text
from ..values import TYPE_CHECKING, CanonicalName, Environment, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..drift.case import Case
    from ..environments import Situation

# With a single project it is unknown: it may have been replaced.
_FEWEST = 2


class Asked(NamedTuple):
    """The projects that the files ask for here: of each file by its real path, and all of them.

    `held` are those that are installed. Projects that need not be installed are left out. `is_own`
    is False if the project has a virtualenv that is not this environment.
    """

    by_file: Mapping[str, frozenset[CanonicalName]]
    all: frozenset[CanonicalName]
    held: frozenset[CanonicalName]
    is_own: bool = True

    @property
    def is_foreign(self) -> bool:
        """Whether the environment has none of the two or more projects.

        One missing project is enough if the project has another environment.
        """
        return len(self.all) >= (_FEWEST if self.is_own else 1) and not self.held

    @property
    def is_mostly_absent(self) -> bool:
        """Whether the environment has less than half of the two or more projects."""
        return len(self.all) >= _FEWEST and 2 * len(self.held) < len(self.all)


class Loss(NamedTuple):
    """How many projects of a file, or of several together, would be removed."""

    files: tuple[str, ...]
    gone: int
    asked: int


def asked(case: Case, *, is_own: bool = True) -> Asked:
    """What the files of a case ask for."""
    by_file: dict[str, set[CanonicalName]] = {}
    for name, lines in case.applicable.items():
        if may_be_absent(name, case):
            continue
        for line in lines:
            if not line.constraint:
                by_file.setdefault(os.path.realpath(line.origin.file), set()).add(name)
    every = frozenset[CanonicalName]().union(*by_file.values())
    held = every & case.environment.distributions.keys()
    return Asked({file: frozenset(names) for file, names in by_file.items()}, every, held, is_own)


def heavy_loss(
    before: Mapping[str, frozenset[CanonicalName]], kept: Mapping[str, frozenset[CanonicalName]]
) -> Loss | None:
    """The first file that keeps less than half of its two or more projects, else all together."""
    nothing = frozenset[CanonicalName]()
    losses = [
        Loss((file,), len(names - kept.get(file, nothing)), len(names))
        for file, names in before.items()
    ]
    every = nothing.union(*before.values())
    losses.append(Loss(tuple(before), len(every.difference(*kept.values())), len(every)))
    heavy = (loss for loss in losses if loss.asked >= _FEWEST and 2 * loss.gone > loss.asked)
    return next(heavy, None)


def doubts(case: Case, situation: Situation, *, is_own: bool) -> tuple[str, str]:
    """Why a plan changes nothing, and why it uninstalls nothing, '' if it may.

    `is_own` is False if the project has a virtualenv that is not this environment.
    """
    environment, real, other = case.environment, os.path.realpath(case.environment.prefix), ""
    if environment.chosen == "named":
        return "", ""
    is_guess = environment.chosen == "guess"
    if situation.python is None and (situation.configured is None or is_guess):
        other = _whose_else(environment, situation.folder, situation.top)
        if locate.is_of_other_worktree(real, situation):
            other = "the environment is that of another worktree"
        elif is_guess:
            is_for_all = environment.found_by.startswith("git config")
            why = "may be that of another worktree" if is_for_all else "is a guess"
            other = other or f"the environment {why}"
    where = shown_path(environment.prefix)
    if other:
        return other, other
    if not is_own:
        return "", "the project has an environment of its own"
    if not asked(case).all:
        return "", f"{_shown(situation.files)} lists no requirements"
    if environment.can.install and not is_environment(environment.prefix):
        return "", f"{where} is not a virtual environment; other programs may need its packages"
    is_chosen = situation.python is not None or not _is_outside(real, situation)
    if environment.can.install and not is_chosen:
        return "", f"{where} is outside of the project; others may use it"
    return "", ""


def _is_outside(real: str, situation: Situation) -> bool:
    """Whether an environment is not in the project's folder, and does not record that it is for it.

    An editable install of the project is no such record: there may be more in one environment.
    """
    folder = os.path.realpath(situation.folder)
    project = os.path.realpath(situation.project_folder)
    if _is_in(real, project) or (situation.top is None and _is_in(folder, os.path.dirname(real))):
        return False
    recorded = _recorded_project(real)
    return not (recorded and _is_in(recorded, project))


def _whose_else(environment: Environment, folder: str, top: str | None) -> str:
    """Why an environment that is not named may be for another project, '' if it is the folder's.

    Args:
        environment: the environment.
        folder: the folder of the requirements file.
        top: the top of its repository.
    """
    if not environment.can.install:
        return ""
    real, folder = os.path.realpath(environment.prefix), os.path.realpath(folder)
    while "requirements" in os.path.basename(folder):
        folder = os.path.dirname(folder)
    around = os.path.dirname(real)
    own = project_folder(folder, top) or folder
    # One that is still activated; or the project is inside of another one.
    other = _recorded_project(real) or _project_around(around)
    is_ours = _is_in(folder, other) and (top is None or _is_in(other, os.path.realpath(top)))
    if other and not is_ours:
        return f"the environment belongs to another project, {shown_path(other)}"
    if around in (folder, os.path.realpath(own)):
        return ""
    base = around if _is_in(folder, around) else top
    for place in folders_in(base, NOT_SERVICES) if base else ():
        if not _is_in(place, folder) and place != own and _has_requirements(place):
            where = "the project around it" if place == base else shown_path(place)
            return f"the environment may be shared with {where}"
    return ""


def _recorded_project(prefix: str) -> str:
    """The folder that pipenv and virtualenvwrapper write into an environment, '' if it is gone."""
    written = read_text(os.path.join(prefix, ".project")).strip()
    return os.path.realpath(written) if os.path.isabs(written) and os.path.isdir(written) else ""


def _project_around(folder: str) -> str:
    """The project that a folder is in, as `.direnv` and `.pixi/envs`, '' if it is in none."""
    if os.path.lexists(os.path.join(folder, ".git")):
        return folder  # further up, it may be that of pyenv itself
    home = os.path.realpath(os.path.expanduser("~"))
    for _ in range(3):
        parent = os.path.dirname(folder)
        if folder in (home, parent):
            break  # what is there is of no project
        if _has_requirements(folder):
            return folder
        folder = parent
    return ""


def _is_in(path: str, folder: str) -> bool:
    """Whether a path is a folder or below it."""
    return os.path.join(path, "").startswith(os.path.join(folder, ""))


def _has_requirements(folder: str) -> bool:
    files = (name for name in entries_of(folder) if "requirements" in name)
    return is_project(folder) or any(
        name.endswith((".txt", ".in", "requirements")) for name in files
    )


def doubt_refused(environment: Environment, command: str, why: str) -> DoubtfulEnvironmentError:
    """The error for a guess, or what may be another project's; `command` names the environment."""
    what = f"no file is changed to match {_described(environment)}: {why}"
    return DoubtfulEnvironmentError(what, f"if it is the right one, name it: {command}")


def loss_refused(environment: Environment, loss: Loss) -> DoubtfulEnvironmentError:
    """The error for a file that would lose too many lines."""
    removed = f"{loss.gone} of {loss.asked} requirements of {_shown(loss.files)}"
    what = f"this would remove {removed}, which are not installed in {_described(environment)}"
    way_out = f"{_insisting(environment)}; to keep the lines, pass --keep-missing"
    return DoubtfulEnvironmentError(what, way_out)


def foreign_refused(environment: Environment, wanted: Asked) -> DoubtfulEnvironmentError:
    """The error for an environment that has few of the required projects."""
    what = _how_many(wanted, f"projects asked for in {_shown(wanted.by_file)}")
    message = f"{what} in {_described(environment)}"
    return DoubtfulEnvironmentError(message, _insisting(environment))


def why_not_added(environment: Environment, wanted: Asked) -> str:
    """Why no line may be added, '' if one may."""
    if environment.chosen == "named" or not wanted.is_mostly_absent:
        return ""
    return f"{_how_many(wanted, 'listed projects')}; {_insisting(environment)}"


def _how_many(wanted: Asked, what: str) -> str:
    held = len(wanted.held)
    if len(wanted.all) == 1:
        (name,) = wanted.all
        return f"{name}, the only required project, is not installed"
    part, verb = f"only {held}" if held else "none", "are" if held > 1 else "is"
    return f"{part} of the {len(wanted.all)} {what} {verb} installed"


def _shown(files: Iterable[str]) -> str:
    return ", ".join(map(shown_path, files))


def _described(environment: Environment) -> str:
    return f"{environment.prefix} (found by {environment.found_by})"


def _insisting(environment: Environment) -> str:
    if not environment.can.files:
        return "if it is the right record, delete the lines yourself"
    return f"if it is the right environment, pass --python {quoted(environment.named_path)}"
