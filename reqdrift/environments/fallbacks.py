"""The steps that a project with an environment of its own does not reach.

They are the first, what the user or the project's configuration named, and the last ones, which
depend on what is installed in an environment; or none is found. The commands that the error then
has are found by listing folders and reading small files; no program is started.
"""

from __future__ import annotations

import os

from .. import environments, repository, standards
from ..errors import EnvironmentReadError, InvalidLineError
from ..files import entries_of, is_inside, is_same, read_regular
from ..options import quoted
from ..standards import canonical_name
from ..texts import mask
from ..values import TYPE_CHECKING, CanonicalName, Python, Requirement, listed_names
from . import NAMES, NO_ENVIRONMENT, RUNNING, Candidate, Situation, owning_tool, why_not
from .site import find_interpreter, is_conda_base, is_environment, is_virtualenv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


# How the environment is named in each case.
_COMMANDS = {
    "--python": "reqdrift --python {}",
    "REQDRIFT_PYTHON": "REQDRIFT_PYTHON={}",
    "git config reqdrift.python": "git config reqdrift.python {}",
}
_RECREATE = "recreate the environment"
_HOW_TO_NAME_ONE = "give an interpreter or an environment folder"

# What `pip install reqdrift pre-commit prek` installs: an environment with only these is not a
# project's.
_BROUGHT = """
reqdrift packaging rich markdown-it-py mdurl pygments pip-api stdlibs pip prek
pre-commit cfgv identify nodeenv pyyaml virtualenv setuptools
distlib filelock platformdirs python-discovery
"""
BROUGHT = frozenset(map(CanonicalName, _BROUGHT.split()))


def named(value: str, found_by: str, situation: Situation) -> Candidate:
    """Step 0: what the user or the project's configuration named.

    Raises:
        EnvironmentReadError: there is none, or it must be started and is inside the project,
            whose configuration named it.
    """
    found = named_environment(value, found_by, situation.cwd)
    if found_by in _COMMANDS:
        return found._replace(chosen="named")
    if not is_virtualenv(found.prefix):  # the author of the project chose it, not the user
        must_not_come_with_the_project(found, situation)
    return found


def named_environment(value: str, found_by: str, cwd: str) -> Candidate:
    """The environment or interpreter at a path that the user gave, or a command on PATH.

    Raises:
        EnvironmentReadError: there is neither.
    """
    path = os.path.join(cwd, os.path.expanduser(value))
    if not os.path.exists(path) and os.path.basename(value) == value:
        # It takes longer to load than an environment to read; few runs look for a program.
        import shutil

        path = shutil.which(value) or path
    if os.path.basename(path) == ".venv" and os.path.isfile(path):
        path = target(path, os.environ) or path
    if os.path.isdir(path):
        if is_environment(path):
            return Candidate(found_by, os.path.normpath(path))
        if interpreter := find_interpreter(path):
            return Candidate(found_by, os.path.normpath(path), interpreter=interpreter)
        environments.site.must_be_open(path)
        inside = (name for name in NAMES if is_environment(os.path.join(path, name)))
        hint = _HOW_TO_NAME_ONE
        if name := next(inside, ""):
            command = _COMMANDS.get(found_by, "use {}")
            hint = f"it contains one: {command.format(quoted(os.path.join(value, name)))}"
        raise EnvironmentReadError(f"{found_by}: {value} is {NO_ENVIRONMENT}", hint)
    path = os.path.abspath(path)
    prefix = os.path.dirname(os.path.dirname(path))
    # The interpreter may be a dangling link: a finding, if the environment can be read.
    if os.path.lexists(path) and is_environment(prefix):
        interpreter = path if environments.site.minor_of(os.path.basename(path)) else None
        return Candidate(found_by, prefix, interpreter=interpreter)
    if not os.path.exists(path):
        # Not a path, perhaps, but `user:password@host` after that of the configuration.
        shown = os.sep.join(map(mask, value.split(os.sep)))
        raise EnvironmentReadError(f"{found_by}: {shown} does not exist", _HOW_TO_NAME_ONE)
    return Candidate(found_by, prefix, interpreter=path)


def target(file: str, environ: Mapping[str, str]) -> str:
    """The environment that a `.venv` file names; '' if it names none or cannot be read.

    A name is searched in the folders for named environments, then next to the file.
    """
    try:
        line = _first_line(file)
    except OSError:
        return ""
    if not line or "\0" in line:
        return ""
    if os.path.basename(line) == line:
        # Where pipenv, virtualenvwrapper and shell plugins keep environments by name.
        of_user = environ.get("XDG_DATA_HOME") or "~/.local/share"
        shelves = (environ.get("WORKON_HOME"), f"{of_user}/virtualenvs", "~/.virtualenvs")
        for shelf in map(os.path.expanduser, filter(None, shelves)):
            if is_environment(path := os.path.join(shelf, line)):
                return path
    return os.path.normpath(os.path.join(os.path.dirname(file), os.path.expanduser(line)))


def must_lead_somewhere(path: str, found: str) -> None:
    """Raises EnvironmentReadError for a `.venv` that leads to no environment.

    An empty file is ignored, as by pipenv.

    Args:
        path: the `.venv`.
        found: where it leads, which is not an environment.
    """
    if os.path.isdir(path):
        environments.site.must_be_open(path)
        raise EnvironmentReadError(f"{path}: {NO_ENVIRONMENT}", _RECREATE)
    if os.path.islink(path) and not os.path.exists(path):
        message = f"{path}: a link to {os.readlink(path)}, which does not exist"
        raise EnvironmentReadError(message, f"{_RECREATE}, or remove the link")
    if not os.path.isfile(path):
        return
    try:
        line = _first_line(path)
    except OSError as error:
        raise EnvironmentReadError(f"{path} cannot be read: {error.strerror}") from None
    if not line:
        return
    environments.site.must_be_open(found)
    # A link may lead to a file outside of the project, whose content must not be shown.
    name = "an environment" if os.path.islink(path) else line
    what = f"is {NO_ENVIRONMENT}" if os.path.isdir(found) else "does not exist"
    message = f"{path}: it names {name}, which {what}"
    raise EnvironmentReadError(message, f"{_RECREATE}, or remove the file")


def _first_line(file: str) -> str:
    return read_regular(file).partition(b"\n")[0].decode("utf-8", "replace").strip()


def must_not_come_with_the_project(found: Candidate, situation: Situation) -> None:
    """Raises EnvironmentReadError for a Python to be started that may have come with a clone."""
    interpreter = found.interpreter or find_interpreter(found.prefix)
    # Any path inside the project will do.
    inside = os.path.join(situation.top or situation.folder, "x")
    if interpreter and not environments.answers.may_start_unasked(interpreter, inside):
        what = f"{found.found_by}: {found.prefix} is not a virtualenv; reading it means starting"
        why = f"{what} {interpreter}, which may have come with the project"
        hint = f"if you trust it: reqdrift --python {quoted(interpreter)}"
        raise EnvironmentReadError(why, hint)


def conda_first_on_path(situation: Situation) -> Iterator[Candidate]:
    """Step 4: the activated conda environment, if no virtualenv comes before it on PATH.

    uv also prefers it to a `.venv`, and knows the base environment by its name.
    """
    name = situation.environ.get("CONDA_DEFAULT_ENV")
    for candidate in conda(situation):
        is_base = name in ("base", "root") and os.path.basename(candidate.prefix) != name
        on_path = environments.environments_on_path(situation.environ)
        first = next((x for x in on_path if is_same(x, candidate.prefix) or is_virtualenv(x)), "")
        if is_same(first, candidate.prefix) and not (is_base or candidate.refused):
            yield candidate


def doubted(found: Candidate, situation: Situation, *, gone: bool) -> Candidate:
    """An environment in the project's folder without interpreter, or that is not a virtualenv.

    If its interpreter is `gone`, it is refused if another environment has what is required.

    Raises:
        EnvironmentReadError: it would have to be started and may have come with a clone.
    """
    refused = _running_instead(found.prefix, situation) if gone else ""
    activated = situation.environ.get("CONDA_PREFIX")
    if refused or is_virtualenv(found.prefix) or (activated and is_same(found.prefix, activated)):
        return found._replace(refused=refused)
    must_not_come_with_the_project(found, situation)
    return found


def _running_instead(own: str, situation: Situation) -> str:
    """Why the project's own environment without interpreter is not used; '' if it is."""
    here = next(iter((*running_virtual(situation), *not_virtual(situation))), None)
    if here is None or here.refused or is_same(here.prefix, own):
        return ""
    held, wanted, _ = _holding(here, situation)
    fits = 0 < wanted <= 2 * held
    return f"its interpreter is missing, and {here.found_by} has what is required" if fits else ""


def conda(situation: Situation) -> Iterator[Candidate]:
    """Step 6: an activated conda environment, except the base environment."""
    if path := situation.environ.get("CONDA_PREFIX"):
        found = _unless("CONDA_PREFIX", path)
        if not found.refused and find_interpreter(path) is None:
            refused = "has no Python (`conda create` without packages makes an empty environment)"
            found = found._replace(refused=refused)
        yield found


def running_guess(situation: Situation) -> Iterator[Candidate]:
    """Step 7: the environment that reqdrift runs in."""
    for candidate in running_virtual(situation):
        yield _if_it_holds(candidate, situation)


def guesses(situation: Situation) -> Iterator[Candidate]:
    """Step 7: environments that are used only if they have at least half of what is required."""
    for prefix in environments.environments_on_path(situation.environ):
        yield _if_it_holds(_unless("PATH", prefix)._replace(chosen="guess"), situation)


def _unless(found_by: str, prefix: str) -> Candidate:
    """The candidate, refused if it cannot be the project's environment."""
    base = "conda's base environment" if is_conda_base(prefix) else ""
    return Candidate(found_by, prefix, why_not(prefix) or base)


def first_python(situation: Situation) -> str:
    """The Python that a shell starts, except tools' own; '' if there is none on PATH."""
    for entry in filter(os.path.isabs, situation.environ.get("PATH", "").split(os.pathsep)):
        for name in ("python", "python3", "python.exe"):
            program = os.path.join(os.path.normpath(entry), name)
            prefix = os.path.dirname(os.path.dirname(program))
            if os.path.lexists(program) and not owning_tool(prefix):
                return program
    return ""


def running_virtual(situation: Situation) -> Iterator[Candidate]:
    """The environment that reqdrift is installed in.

    It is a guess, unless its Python is the first on PATH (`ENV PATH=/opt/venv/bin:$PATH` in an
    image): then `pip install` installs there, which is as good as activated.
    """
    prefix = situation.prefix
    if prefix != situation.base_prefix or is_environment(prefix):
        candidate = _unless(RUNNING, prefix)
        first = os.path.dirname(os.path.dirname(first_python(situation)))
        yield candidate if is_same(first, prefix) else candidate._replace(chosen="guess")


def _if_it_holds(candidate: Candidate, situation: Situation) -> Candidate:
    """The candidate, refused if it has less than half of what is required.

    If nothing is required, the environment that reqdrift runs in is accepted.
    """
    if candidate.refused:
        return candidate
    anything = any(not line.constraint for line in situation.lines)
    held, wanted, trouble = _holding(candidate, situation) if anything else (0, 0, "")
    if trouble:
        return candidate._replace(refused=trouble)
    if not wanted and candidate.found_by != RUNNING:
        return candidate._replace(refused="a guess that no requirement confirms")
    what = f"{held} of {wanted} required projects"
    if 2 * held < wanted:
        return candidate._replace(refused=f"has only {what}")
    why = f"it has {what}" if wanted else "nothing is required"
    is_guess = candidate.chosen == "guess"
    how = f"a guess: {why}" if is_guess else f"its Python is the first on PATH, and {why}"
    return candidate._replace(found_by=f"{candidate.found_by}, {how}")


def _holding(candidate: Candidate, situation: Situation) -> tuple[int, int, str]:
    """How many of the required projects are installed there, and how many there are.

    And why it cannot be read, '' if it can.
    """
    try:
        environment = environments.read_environment(candidate)
    except EnvironmentReadError as error:
        return 0, 0, error.message
    wanted = _wanted(situation, environment.python)
    return len(wanted & environment.distributions.keys()), len(wanted), ""


def _wanted(situation: Situation, python: Python) -> frozenset[CanonicalName]:
    """The projects that are required for this Python and identify the environment.

    The programs that run a check, and their dependencies, are in environments of all kinds: they
    count only if nothing else is required. So do paths and URLs whose project is only guessed.
    """
    lines = [line for line in situation.lines if not line.constraint and _applies(line, python)]
    names = listed_names(lines)
    names = names or frozenset(canonical_name(line.hint) for line in lines if line.hint)
    return names - BROUGHT or names


def _applies(line: Requirement, python: Python) -> bool:
    try:
        return line.marker is None or standards.pep440.marker_holds(line.marker, python)
    except InvalidLineError:
        return True


def not_virtual(situation: Situation) -> Iterator[Candidate]:
    """Step 8: the Python of a container or CI machine, if reqdrift is installed into it."""
    prefix = situation.prefix
    # Of conda's environments, only the base can be the only Python of an image.
    if prefix == situation.base_prefix and (not is_environment(prefix) or is_conda_base(prefix)):
        tool = owning_tool(prefix)
        refused = f"{tool}'s own environment" if tool else ""
        yield Candidate("the Python that reqdrift runs on", prefix, refused, situation.executable)


def environment_of_project(folder: str, value: str, situation: Situation) -> Candidate | None:
    """The environment of the uv project in `folder`, as the variable says; None if there is none.

    In a workspace only the root has one, so for a member the search continues upwards. It may be a
    Python that is not a virtualenv (`/usr/local` in an image).

    Raises:
        EnvironmentReadError: it must be started and is inside the project.
    """
    path = os.path.normpath(os.path.join(folder, value))
    is_one = is_environment(path)
    interpreter = None if is_one else find_interpreter(path)
    if not (is_one or interpreter) or not repository.declared.is_project_of_uv(folder):
        return None
    refused = "" if interpreter else why_not(path)
    found = Candidate("UV_PROJECT_ENVIRONMENT", path, refused, interpreter)
    if not (refused or is_virtualenv(path)):
        # The variable may name a folder in the project, which may have come with a clone.
        must_not_come_with_the_project(found, situation)
    return found


_SKIP_IN_CI = (
    "on pre-commit.ci there is no environment to check: skip the hook there with"
    " `ci: {skip: [reqdrift]}` at the top of .pre-commit-config.yaml"
)
# Variables that CI services set; most set the first.
_CI = ("CI", "JENKINS_URL", "TF_BUILD", "TEAMCITY_VERSION", "BUILDKITE")
_MOST = 8
_RUNNING = "reqdrift runs in it"
# A file, a text in it, the tool that it is of, and its command that prints the environment's path.
_TOOLS = (
    ("poetry.lock", "", "Poetry", "poetry env info --path"),
    ("Pipfile", "", "pipenv", "pipenv --venv"),
    ("hatch.toml", "", "hatch", "hatch env find"),
    ("pyproject.toml", "[tool.hatch.envs", "hatch", "hatch env find"),
)


def none_found(situation: Situation, passed_over: Sequence[Candidate]) -> EnvironmentReadError:
    """Step 9: what was tried, and commands that name an environment."""
    commands = list(_commands(situation))
    lines = [] if commands else list(_how_to_create_one(situation))
    name_it = "activate one, or pass it: reqdrift --python /path/to/environment"
    if situation.top is not None:
        once = "git config reqdrift.python /path/to/environment"
        name_it = f"activate one, or set it once for this clone: {once}"
    lines += [f"{'or ' if lines else ''}{name_it}", "considered:"]
    # Each candidate once, with all the ways in which it was found.
    ways: dict[tuple[str, str], list[str]] = {}
    for candidate in passed_over:
        ways.setdefault((candidate.prefix, candidate.refused), []).append(candidate.found_by)
    lines += [f"  {prefix} ({', '.join(by)}): {why}" for (prefix, why), by in ways.items()]
    if not any(candidate.found_by in NAMES for candidate in passed_over):
        *_, last = situation.folders_upwards()
        upwards = "" if last == situation.folder else f", nor above it up to {last}"
        lines.append(f"  no {', '.join(NAMES)} in {situation.folder}{upwards}")
    lines += ["to check one of these, run its command:", *commands] if commands else []
    if situation.environ.get("PRE_COMMIT") == "1":
        lines.append(_SKIP_IN_CI)
    # A folder's name may contain a line break.
    hint = "\n".join(line.replace("\n", "\\n") for line in lines)
    return EnvironmentReadError("no environment found for these requirements", hint)


def _how_to_create_one(situation: Situation) -> Iterator[str]:
    """The command that makes an environment, for a fresh clone that has none."""
    if not situation.files:
        return
    folder = situation.folder
    if os.path.basename(folder) == "requirements":
        folder = os.path.dirname(folder)
    cwd, start = situation.cwd, ""
    # Installers look for `-e .` in the working directory.
    sources = (line.source.url for line in situation.lines if line.source and line.source.local)
    relative = (url for url in sources if not url.startswith(("/", "file:")))
    if folder != cwd and any(repository.is_project(f"{folder}/{url}") for url in relative):
        cwd, start = folder, f"cd {quoted(_shown(folder, cwd))} && "
    words = [quoted(_shown(file, cwd)) for file in situation.files]
    words += [f"-c {quoted(_shown(file, cwd))}" for file in situation.constraints]
    place = quoted(_shown(os.path.join(folder, ".venv"), cwd))
    # What may be installed, and how, is said by a plan alone.
    install = " ".join([*map(quoted, environments.program()), "plan", *words])
    yield f"create one: {start}python3 -m venv {place} && {install} | sh"


def _commands(situation: Situation) -> Iterator[str]:
    """A command for each likely environment, sorted by how many required projects it has.

    They are only suggested: the project's, of any name, and the one that reqdrift runs in. Of those
    that other tools keep elsewhere, the tool prints the path.
    """
    in_hook = situation.environ.get("PRE_COMMIT") == "1"
    option = "git config reqdrift.python" if in_hook else "reqdrift --python"
    files = "" if in_hook else _files(situation)
    known = []
    for path, whose in _found(situation):
        held, what = 0, ""
        if is_virtualenv(path):
            held, wanted, trouble = _holding(Candidate("", path), situation)
            what = f"; has {held} of {wanted} required projects"
            what = ", and cannot be read" if trouble else what
        # It has nothing of this project: what is installed there would be next to reqdrift.
        if held or whose != _RUNNING or not situation.lines:
            prefix = path if in_hook else _shown(path, situation.cwd)
            known.append((held, f"  {option} {quoted(prefix)}{files}  # {whose}{what}"))
    known.sort(key=lambda entry: -entry[0])
    yield from (command for _, command in known[:_MOST])
    if len(known) > _MOST:
        yield f"  # and {len(known) - _MOST} more"
    for tool, command in _of_tools(situation):
        yield f'  {option} "$({command})"{files}  # the environment that {tool} made, if any'
    program = os.path.basename(first_python(situation))
    if program and not in_hook and any(map(situation.environ.get, _CI)):
        path = f'"$(command -v {program})"'
        yield f"  {option} {path}{files}  # the Python that this job installs into"


def _found(situation: Situation) -> Iterator[tuple[str, str]]:
    """Each environment once, with where it was found."""
    paths = [
        (os.path.join(folder, name), "in the project's folder")
        for folder in situation.folders_upwards()
        for name in entries_of(folder)
        if os.path.isfile(os.path.join(folder, name, "pyvenv.cfg"))
    ]
    paths += [(candidate.prefix, _RUNNING) for candidate in running_virtual(situation)]
    seen = set()
    for path, whose in paths:
        real = os.path.realpath(path)
        if real not in seen and is_environment(real):
            seen.add(real)
            if not owning_tool(path):
                yield path, whose


def _of_tools(situation: Situation) -> Iterator[tuple[str, str]]:
    """The tools whose files the project has, with the command that prints its environment."""
    seen = set()
    for folder in situation.folders_upwards():
        there = "" if folder == situation.cwd else f"cd {quoted(folder)} && "
        for name, text, tool, command in _TOOLS:
            path = os.path.join(folder, name)
            is_there = text in repository.read_text(path) if text else os.path.isfile(path)
            if tool not in seen and is_there:
                seen.add(tool)
                yield tool, there + command


def _files(situation: Situation) -> str:
    """The requirements files as arguments, '' if they are the default."""
    places = (situation.cwd, situation.top or "/")
    usual = {os.path.join(place, "requirements.txt") for place in places}
    if usual.issuperset(situation.files):
        return ""
    return "".join(f" {quoted(_shown(file, situation.cwd))}" for file in situation.files)


def _shown(path: str, cwd: str) -> str:
    return os.path.relpath(path, cwd) if is_inside(path, cwd) else path
