"""What a report begins with if the environment is empty, or was made from another file."""

from __future__ import annotations

import os

from ..values import TYPE_CHECKING, Environment, Request
from ..values.findings import Hint
from ..values.report import Report
from . import plural, shown_path
from .advice import (
    ABOUT_LINES,
    FEWEST_DRIFTED,
    MOST,
    about_ranges,
    command_line,
    is_empty,
    shell_line,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

# The names of a project's own environment: one that can be created again.
_OWN = (".venv", "venv", "env")


def lead_of(report: Report, files: Sequence[str], request: Request) -> tuple[Hint, ...]:
    """The reason that most findings have, with the one thing to do; () if there is none.

    Args:
        report: a report with findings.
        files: absolute paths of the requirements files that were named or meant.
        request: what the run was about; the command repeats its options.
    """
    environment = report.environment
    if environment is None or report.errors:
        return ()
    # Nothing installs into another machine's.
    if environment.can.files:
        if is_empty(report):
            return (_install(report, environment, files, request),)
        if found := _mismatch(report, environment, files, request):
            return (found,)
    return about_ranges(report, request)


def _install(
    report: Report, environment: Environment, files: Sequence[str], request: Request
) -> Hint:
    where = shown_path(environment.prefix)
    what = f"nothing is installed in {where}; to install what the files list"
    return Hint(what, _installing(report, environment, files, request))


def _installing(
    report: Report, environment: Environment, files: Sequence[str], request: Request
) -> str:
    """The command that installs the files; a plan, if an installer cannot read them as they are."""
    given = (request.staged, request.rev, request.path, request.ignore, request.set_name)
    odd = {"stdlib", "artefact", "outdated", "dropped"} & {note.reason for note in report.notes}
    conflicting = any(finding.kind == "conflict" for finding in report.findings)
    if any(given) or odd or conflicting or not environment.can.install:
        return f"{command_line('plan', request, request.files)} | sh"
    words = [word for file in files for word in ("-r", shown_path(file))]
    words += [word for file in request.constraints for word in ("-c", file)]
    python = _python_of(environment)
    if "pip" in environment.distributions:
        return shell_line([python, "-m", "pip", "install", *words])
    return shell_line(["uv", "pip", "install", "--python", python, *words])


def _python_of(environment: Environment) -> str:
    interpreter = environment.python.interpreter
    name = os.path.join(environment.prefix, "bin", "python")
    return shown_path(name if os.path.exists(name) or not interpreter else interpreter)


def _mismatch(
    report: Report, environment: Environment, files: Sequence[str], request: Request
) -> Hint | None:
    """Most of what is listed is missing or has another version: it was made from another file."""
    about_lines = [finding for finding in report.findings if finding.kind in ABOUT_LINES]
    listed = sum(file.requirements for file in report.files)
    if len(about_lines) < FEWEST_DRIFTED or len(about_lines) * 10 < listed * MOST:
        return None
    minor = ".".join(map(str, environment.python.minor))
    where = shown_path(environment.prefix)
    drifted = f"{len(about_lines)} of {plural(listed, 'requirement')}"
    what = f"{drifted} are missing or have another version in {where}"
    compiled = {found for file in report.files for found in _compiled_for(file.text)}
    python = f"python{minor}"
    if compiled and minor not in compiled:
        (wanted, *_) = sorted(compiled)
        python = f"python{wanted}"
        why = f"the file was compiled for Python {wanted}, and this is Python {minor}"
    else:
        why = f"it was probably made from another file, or for another Python than {minor}"
    if not _is_own(environment, files[0]) or request.path is not None:
        command = command_line("env", request, request.files)
        return Hint(f"{what}: {why}; to see why it is checked", command)
    install = _installing(report, environment, files, request)
    recreate = shell_line([python, "-m", "venv", "--clear", where])
    return Hint(f"{what}: {why}; to recreate it", f"{recreate} && {install}")


def _is_own(environment: Environment, file: str) -> bool:
    """Whether the environment is in a folder around the file: others are not to be recreated."""
    folder, name = os.path.split(os.path.realpath(environment.prefix))
    is_around = os.path.realpath(file).startswith(os.path.join(folder, ""))
    return name in _OWN and is_around and environment.python.interpreter is not None


def _compiled_for(text: str) -> list[str]:
    """The Python versions that a compiler's header names."""
    found = []
    for line in text[:2000].splitlines():
        for mark in ("pip-compile with Python ", "--python-version ", "--python-version="):
            version = line.partition(mark)[2].partition(" ")[0]
            if line.startswith("#") and version.replace(".", "").isdigit():
                found.append(".".join(version.split(".")[:2]))
    return found
