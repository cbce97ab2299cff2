"""`reqdrift plan`: the shell commands that bring the environment back to the files."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from urllib.parse import quote

from .. import session
from ..drift.case import Case, make_case
from ..errors import UsageError, tell
from ..repair.doubt import asked, doubt
from ..repair.plan import LEFT, Entry, Sources, installer_for, plan
from ..report import place
from ..report.advice import command_line
from ..requirements.lines import logical_lines
from ..requirements.options import OUTDATED_NAMES, global_options
from ..requirements.parse import expand_variables, outdated_options
from ..standards.pep440 import satisfies
from ..values import TYPE_CHECKING, CanonicalName, Location, Options
from .choice import tell_of_choice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..repair.plan import Installer
    from ..values import Environment, ReadFile


def run(options: Options) -> int:
    """Print the commands, nothing if there is nothing to do; always 0."""
    found = session.examine_whole(options, "nothing is planned")
    requirements, environment = found.requirements, found.environment
    tell_of_choice(found.situation, environment)
    if not found.report.findings:
        return 0
    case = make_case(requirements, environment, found.facts, found.policy, found.project)
    sources = Sources(
        tuple(option for file in requirements.files for option in _options(file)),
        requirements.files,
        found.situation.files,
        not (options.staged or options.rev),
    )
    for path in (environment.python.interpreter or "", *(file.path for file in requirements.files)):
        if not path.isprintable():
            raise UsageError(f"{path} cannot be shown as it is in a script", "rename it")
    installer = installer_for(environment, options.installer)
    for file in requirements.files:
        _must_be_readable(file, environment, installer)
    stay = _why_nothing_goes(case, options)
    script = plan(found.report, case, sources, installer, stay)
    sys.stdout.write(script)
    if not sys.stdout.isatty():
        # A shell that reads it says nothing of comments.
        for line in script.splitlines():
            if line.startswith(LEFT):
                tell(f"reqdrift: {line.removeprefix('# ')}")
    if installer.is_uv and script and not shutil.which("uv"):
        python = shlex.quote(environment.python.interpreter or "")
        tell(f"reqdrift: uv is not on PATH: install it, or pip: {python} -m ensurepip")
    return 0


def _must_be_readable(file: ReadFile, environment: Environment, installer: Installer) -> None:
    """Raises UsageError for an option that the installer refuses, before anything is removed."""
    if not any(name in file.text for name in OUTDATED_NAMES):
        return
    pip = environment.distributions.get(CanonicalName("pip"))
    who = "uv" if installer.is_uv or pip is None else f"pip {pip.version}"
    for line in logical_lines(file.text):
        for option in outdated_options(line.text):
            if who == "uv" or satisfies(who.removeprefix("pip "), f">={option.refused_by}"):
                at = place(Location(file.path, line.line))
                raise UsageError(f"{at}: {who} refuses {option.name}", "remove it from the file")


def _why_nothing_goes(case: Case, options: Options) -> str:
    """Why nothing is uninstalled, with the command that does it; '' if it may be."""
    environment = case.environment
    why = doubt(environment, asked(case))
    named = options._replace(python=environment.named_path)
    command = command_line("plan", named, options.files)
    return f"{why}; to insist, name it: {command}" if why else ""


def _options(file: ReadFile) -> Iterator[Entry]:
    """The options that a file sets, but for the includes that are read already."""
    for line in logical_lines(file.text):
        if not line.text.startswith("-"):
            continue
        for name, value in global_options(line.text):
            if name == "--find-links":
                value = _find_links(value, (os.path.dirname(file.path), os.getcwd()))
            elif name == "--constraint" and not value.startswith(("http://", "https://")):
                continue
            text = f"{name} {_quoted(value)}" if value else name
            yield Entry(text, Location(file.path, line.line, line.end_line))


def _find_links(value: str, bases: tuple[str, ...]) -> str:
    """A folder beside the file or here, named so that it is found from anywhere."""
    expanded = expand_variables(value)
    for base in bases:
        if not os.path.exists(os.path.join(base, expanded)):
            continue
        if expanded != value:
            # The values of variables are never printed.
            return value if os.path.isabs(expanded) else os.path.join(base, value)
        return f"file://{quote(os.path.abspath(os.path.join(base, value)))}"
    return value


def _quoted(value: str) -> str:
    """The value as pip and uv read it from a file, where few marks mean anything."""
    if not any(mark in " \t\"'\\#" for mark in value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
