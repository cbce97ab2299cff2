"""Compare reqdrift's reading with that of the environment's own pip (`--cross-check`).

pip says what is installed, and pip-api how it reads requirements lines. pip-api starts pip when it
is imported, uses the variables of the process, and has no time limit. So all of it runs in a
separate process with clean variables, a time limit and little memory.

- Cross-check: names and versions of distributions are compared, and names and specifiers of
  lines. A difference is an error with exit code 3; so it is if no program can answer. pip-api reads
  the lines one by one, because one line that it cannot read would make the whole file unreadable.
  Not compared, and named in the note: projects with a finding `broken`, names that pip hides
  (`argparse`, `wsgiref`, `python`), lines that pip-api does not read (options, variables, most
  paths), and lines whose marker is false for the Python that reqdrift runs on.
  tests/conformance/conformance.md lists the known differences.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from packaging.utils import canonicalize_version

from ..drift.lines import HIDDEN_BY_PIP
from ..environments.asking import ask, last_line, run
from ..errors import EnvironmentReadError
from ..standards import canonical_name
from ..standards.pep440 import normal_form
from ..values import TYPE_CHECKING, CanonicalName, Location, Note, Problem
from ..values.details import LockEntry, some_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from ..values import Environment, Requirements
    from . import Run

    # The name, version and place of each distribution.
    Installed = Sequence[tuple[str, str, str]]
    # The number, name and specifier of each line that can be read; '' if it has no requirement.
    Lines = Sequence[tuple[int, str, str]]
    # What agrees, and the differences.
    Outcome = tuple[Note, list[Problem]]

# In bytes, for the process and for pip: output can be endless.
_MOST_MEMORY = 1024 * 1024 * 1024
# A logical line. A comment does not go on, and ends what goes on.
_LINE = re.compile(r"(?:(?!\s*#)[^\n]*\\\n)*[^\n]*\n")
# The only variables of Python that are kept: they determine the site folders.
_KEPT = frozenset({"PYTHONNOUSERSITE", "PYTHONUSERBASE"})
_CLEAN = {
    # For pip, this path means "no configuration file".
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUTF8": "1",
}

# In the folder of the process: what it is asked, then what it answers.
_FILE = "asked.json"
# Runs in this Python; the words are the folders where this process found reqdrift and pip-api.
_PROGRAM = f"import sys; sys.path[:] = sys.argv[1:]; from {__name__} import answer; answer()"
# Runs in the environment's interpreter, Python >= 3.8.
_IMPORTLIB = """
import importlib.metadata, json, sys
found = []
for one in importlib.metadata.distributions(**({"path": sys.argv[1:]} if sys.argv[1:] else {})):
    try:
        texts = one.metadata["Name"], one.metadata["Version"], getattr(one, "_path", "")
        found.append([str(text or "") for text in texts])
    except Exception:
        pass
print(json.dumps(found))
"""


def cross_checked(found: Run) -> Run:
    """The report, with what pip and pip-api read: notes, and errors (exit code 3).

    The environment's pip is started; without one, its importlib.metadata.
    """
    environment, report = found.environment, found.report
    interpreter = environment.python.interpreter
    # This Python reads the folders of an environment that never had one; a lost one is an error.
    has_python = environment.can.install or any(b.project == "python" for b in environment.broken)
    folders = () if has_python else environment.folders
    # pip-api does not read lock files.
    texts = ["" if file.is_lock else file.text for file in found.requirements.files]
    try:
        if interpreter and environment.started:
            # pyenv's shims choose by the working directory, in which pip must not run.
            interpreter = ask(interpreter)["executable"]
        reader, installed, lines = read_through_pip(interpreter, folders, texts)
    except EnvironmentReadError as error:
        problem = Problem(None, f"cross-check: {error}", error.exit_code)
        return found._replace(report=report._replace(errors=(*report.errors, problem)))
    agreed, unlike = compare_installed(environment, reader, installed)
    read, misread = compare_lines(found.requirements, lines)
    report = report._replace(
        environment=environment._replace(started=True),
        notes=(*report.notes, agreed, read),
        errors=(*report.errors, *unlike, *misread),
    )
    return found._replace(report=report)


def compare_installed(environment: Environment, reader: str, installed: Installed) -> Outcome:
    """Compare names and versions, except of what a finding calls broken and of what pip hides."""
    is_pip, listed = reader.startswith("pip "), environment.distributions
    theirs: dict[CanonicalName, tuple[str, str]] = {}
    for name, version, place in installed:
        # `~` is a leftover of a removed distribution. `import` reaches only the first copy.
        if name and not os.path.basename(place).startswith("~"):
            theirs.setdefault(canonical_name(name), (version, place))
    uncertain = {one.project for one in environment.broken} | (HIDDEN_BY_PIP if is_pip else set())
    skipped, unlike = [], {}
    for project in dict.fromkeys((*theirs, *listed)):
        mine, (version, place) = listed.get(project), theirs.get(project, ("", ""))
        ours = f"reqdrift reads {mine.project} {mine.version} ({mine.path})" if mine else ""
        if project in uncertain:
            skipped.append(project)
        elif not mine:
            unlike[project] = f"{reader} reads {project} {version} ({place}), reqdrift does not"
        elif project not in theirs:
            unlike[project] = f"{ours}, {reader} does not"
        elif canonicalize_version(version) != canonicalize_version(mine.version):
            unlike[project] = f"{ours}, {reader} version {version}"
    same = len(listed.keys() - {*unlike, *skipped})
    alone = "" if is_pip else "there is no pip in the environment; "
    text = f"{alone}{reader} agrees on {same} of {len(listed)} distributions"
    return _note(text, skipped), [_problem(None, message) for message in unlike.values()]


def compare_lines(requirements: Requirements, files: Sequence[Lines] | None) -> Outcome:
    """Compare the names and specifiers of the lines of all files, except those with errors."""
    if files is None:
        return _note("the files are not cross-checked: pip-api finds no pip"), []
    theirs: dict[tuple[str, int | None], tuple[str, str]] = {
        (file.path, line): (name, specifier)
        for file, lines in zip(requirements.files, files, strict=True)
        for line, name, specifier in lines
    }
    # pip-api does not read lock files.
    ours = [one for one in requirements.requirements if not isinstance(one.origin, LockEntry)]
    skipped, problems = [], []
    for mine in ours:
        name, specifier = theirs.get(mine.at[:2], ("", ""))
        what = ""
        if mine.at[:2] not in theirs or (mine.marker and not name):
            # pip-api does not read it, or the marker is false for the Python of reqdrift.
            skipped.append(f"{os.path.basename(mine.at.file)}:{mine.at.line}")
        elif not name:
            what = "no requirement"
        elif mine.name and mine.name != canonical_name(name):
            what = f"the project {name}"
        elif not mine.source and normal_form(mine.specifier) != normal_form(specifier):
            what = f"the versions {specifier or 'of any kind'}"
        if what:
            problems.append(_problem(mine.at, f"reqdrift reads '{mine.text}', pip-api {what}"))
    text = f"pip-api agrees on {len(ours) - len(skipped) - len(problems)} of {len(ours)} lines"
    places = [*(error.at for error in requirements.errors if error.at), *(one.at for one in ours)]
    known = {place[:2] for place in places}
    for (path, line), (name, specifier) in theirs.items():
        if name and not known & {(path, line), (path, None)}:
            read = f"{name} {specifier}".strip()
            message = f"pip-api reads '{read}', reqdrift reads no requirement"
            problems.append(_problem(Location(path, line), message))
    return _note(text, skipped), problems


def _note(text: str, skipped: Sequence[str] = ()) -> Note:
    """A note with what agrees, and the first of what was not compared."""
    rest = f"; not compared: {some_names(skipped, 3)}" if skipped else ""
    return Note("witness", None, None, f"{text}{rest}")


def _problem(at: Location | None, message: str) -> Problem:
    return Problem(at, f"cross-check: {message}", EnvironmentReadError.exit_code)


def read_through_pip(
    interpreter: str | None, folders: Sequence[str], texts: Sequence[str], seconds: float = 120
) -> tuple[str, Installed, Sequence[Lines] | None]:
    """Start an interpreter's pip, or its importlib.metadata, and ask what is installed.

    Args:
        interpreter: the environment's; None for this one, which reads only `folders`.
        folders: folders of `pip install --target`; empty for everything that the interpreter sees.
        texts: requirements files, decoded.
        seconds: the time limit; the default is much more than pip needs on a slow disk.

    Returns:
        Who read the environment (`pip X.Y` or `importlib.metadata`), what it found there, and what
        pip-api read in each file; None if there is no pip, without which pip-api does not start.

    Raises:
        EnvironmentReadError: nothing answered, or not in time.
    """
    if not (interpreter or folders):
        raise EnvironmentReadError("the environment has no interpreter")
    interpreter = interpreter or sys.executable
    # -I: Python's variables have no effect here either.
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", _PROGRAM]
    command += map(os.path.abspath, sys.path)
    with tempfile.TemporaryDirectory(prefix="reqdrift-") as folder:
        file = Path(folder, _FILE)
        file.write_text(json.dumps((interpreter, [*folders], [*texts], os.getcwd())), "utf-8")
        try:
            done = run(command, cwd=folder, seconds=seconds)
        except OSError as error:
            raise EnvironmentReadError(f"{interpreter}: {error.strerror}") from None
        if done.code:
            raise EnvironmentReadError(last_line(done.err, done.code))
        return tuple(json.loads(file.read_text("utf-8")))


def answer() -> None:
    """Answer `read_through_pip`; runs in the process that it starts, and exits with an error."""
    file = Path(_FILE).absolute()
    interpreter, folders, texts, cwd = json.loads(file.read_text("utf-8"))
    with suppress(ImportError, OSError, ValueError):
        # Windows has no such limit. A sandbox may forbid it, and has its own.
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, hard))
    # Those that change pip's answer go; those that are set keep it from writing.
    for name in [*os.environ]:
        if name.startswith(("PIP_", "PIPAPI_", "PYTHON")) and name not in _KEPT:
            del os.environ[name]
    os.environ.update(_CLEAN)
    said = (*_installed(interpreter, folders), _read_files(interpreter, texts, cwd))
    file.write_text(json.dumps(said), "utf-8")


def _installed(interpreter: str, folders: Sequence[str]) -> tuple[str, Installed]:
    """Who reads the environment, and what; exits if none can."""
    paths = [word for folder in folders for word in ("--path", folder)]
    try:
        version = _output(interpreter, "-m", "pip", "--version").split()[1]
        found = json.loads(_output(interpreter, "-m", "pip", "list", "-v", "--format=json", *paths))
        # The location is missing before pip 10.
        listed = [(one["name"], one["version"], one.get("location") or "") for one in found]
        return f"pip {version}", listed
    except (OSError, LookupError, ValueError, MemoryError) as error:
        why = str(error) or "its output is too long"  # a MemoryError has no text
    if not why.endswith("No module named pip"):
        sys.exit(f"the environment's pip fails: {why}; fix it, or check without --cross-check")
    try:
        printed = _output(interpreter, "-I", "-B", "-c", _IMPORTLIB, *folders)
        return "importlib.metadata", json.loads(printed)
    except (OSError, ValueError):
        why = f"{interpreter} has neither pip nor importlib.metadata"
        sys.exit(f"{why}; install pip there, or check without --cross-check")


def _output(*command: str) -> str:
    """What the program prints; raises OSError if it fails."""
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise OSError(last_line(done.stderr, done.returncode))
    return done.stdout.decode("utf-8", "replace")


def _read_files(interpreter: str, texts: Sequence[str], cwd: str) -> Sequence[Lines] | None:
    """The lines of each file that pip-api reads, None if it cannot be started."""
    path = os.path.abspath("line.txt")
    # pip-api needs any pip to start, but does not ask it about requirements.
    for python in (interpreter, sys.executable):
        os.environ["PIPAPI_PYTHON_LOCATION"] = python
        with suppress(subprocess.CalledProcessError):
            # Importing it starts pip.
            from pip_api import parse_requirements  # type: ignore[attr-defined]

            # Relative paths in a line are relative to the working directory.
            os.chdir(cwd)
            return [[*_lines_of(text, path, parse_requirements)] for text in texts]
    return None


def _lines_of(text: str, path: str, parse: Any) -> Iterator[tuple[int, str, str]]:
    """What pip-api makes of each line: it reads nothing of a file with one unreadable line."""
    number = 1
    for physical in _LINE.findall("\n".join((*text.splitlines(), ""))):
        start, number = number, number + physical.count("\n")
        line = physical.replace("\\\n", "")
        words = line.split()
        is_editable = words[:1] in (["-e"], ["--editable"])
        # It reads the values of unknown options as requirements, and expands no variables.
        options = [word for word in words[is_editable:] if word.startswith("-")]
        if "${" in line or not all(word.startswith("--hash") for word in options):
            continue
        Path(path).write_text(line, "utf-8")
        with suppress(Exception, SystemExit):  # what it does not read is not compared
            found = next(iter(parse(path).values()), None)
            if found is None:
                yield start, "", ""
            elif found.editable == is_editable:  # `-e ./folder word`: it reads only the word
                yield start, found.name, str(found.specifier)
