"""What to do about a report: the ways out of the drift, as commands to type."""

from __future__ import annotations

import os
import shlex

from .formats.summary import shown_path
from .model import TYPE_CHECKING, Environment, Hint, Report
from .requirements.files import read_requirements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MENDED_BY_INSTALLING = frozenset({"missing", "version", "source"})


def advise(report: Report, files: Sequence[str]) -> tuple[Hint, ...]:
    """The hints for a report with findings or errors, the most helpful first."""
    if report.environment is None:
        return ()
    kinds = {finding.kind for finding in report.findings}
    hints = list(_other_files(report, files)) if "extra" in kinds else []
    if kinds & _MENDED_BY_INSTALLING and not report.errors:
        hints.append(Hint("if the file is right", _install_command(report.environment, files)))
    return tuple(hints)


def _install_command(environment: Environment, files: Sequence[str]) -> str:
    """The command that installs what the files say, with what the environment has."""
    named = [word for file in files for word in ("-r", shown_path(file))]
    if environment.found_by == "--path":
        return shlex.join(["pip", "install", "--target", shown_path(environment.prefix), *named])
    python = shown_path(environment.python.interpreter or environment.prefix)
    if "pip" in environment.distributions:
        return shlex.join([python, "-m", "pip", "install", *named])
    return shlex.join(["uv", "pip", "install", "--python", python, *named])


def _other_files(report: Report, files: Sequence[str]) -> Iterator[Hint]:
    """Requirements files nearby that name some of the extra packages."""
    extra = {finding.project for finding in report.findings if finding.kind == "extra"}
    known = {os.path.realpath(file.path) for file in report.files}
    for path in _nearby(os.path.dirname(files[0])):
        if os.path.realpath(path) in known:
            continue
        named = extra & {line.name for line in read_requirements([path]).requirements}
        if named:
            command = shlex.join(["reqdrift", *map(shown_path, (*files, path))])
            purpose = f"{shown_path(path)} names {len(named)} of these: check both together"
            yield Hint(purpose, command)


def _nearby(folder: str) -> Iterator[str]:
    """Text files with `requirements` in their name here, or in a folder of that name."""
    folders = [folder, os.path.join(folder, "requirements"), os.path.dirname(folder)]
    for place in folders:
        try:
            names = sorted(os.listdir(place))
        except OSError:
            continue
        in_folder = "requirements" in os.path.basename(place)
        for name in names:
            path = os.path.join(place, name)
            is_named = name.endswith((".txt", ".in")) and (in_folder or "requirements" in name)
            if is_named and os.path.isfile(path):
                yield path
