"""`source` and `broken` for editable installs: does Python import the code of this checkout?

Nothing else reports that tests run against the code of another worktree or clone: whatever is
tested, it is not what is in front of you. A worktree without an environment of its own that uses
the one of the main checkout is the most frequent case.

- The project that the requirements file belongs to (the nearest pyproject.toml, setup.cfg or
  setup.py at or above the file) must run from this folder, or be a copy, which says nothing.
- For another project of the repository it is a warning, unless a line names it: `source` compares
  that line then.
- A folder that does not exist is `broken`, whichever project it is.

Folders are compared as the file system does (links, bind mounts, letter case), and what Python
would import counts, not what was recorded when it was installed (`environments/editables.py`).
"""

from __future__ import annotations

from .. import drift
from ..standards.shell import quoted
from ..values import TYPE_CHECKING, Distribution, Environment, Location, Note
from ..values.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values import KindName, Severity
    from ..values.details import Editable
    from .case import Case


def checkout(case: Case) -> Iterator[Finding | Note]:
    """Editable installs whose code is not that of this checkout."""
    for name, editable in (case.facts.editables or {}).items():
        found = case.environment.distributions[name]
        release = f"{name} {found.version}"
        command = install_command(editable, case.environment) if editable.here else ""
        if editable.missing:
            message = f"{release} runs from {editable.missing}, which does not exist"
            message += f"; run: {command}" if command else "; reinstall it"
            yield _finding("broken", "error", found, Location(case.environment.prefix), message)
        elif editable.recorded:
            message = f"{release} runs from {editable.root}: a record does not say which checkout"
            yield Note("unsure", name, None, f"{message} that is")
        elif not _is_compared(found, editable, case):
            what = "this checkout" if editable.own else "this checkout's"
            message = f"{release} runs from {editable.root}, not from {what} {editable.here}"
            if f"{case.environment.prefix}/".startswith(f"{editable.root}/"):
                message += "; create an environment in this checkout, or run"
            else:
                message += "; run"
            severity: Severity = "error" if editable.own else "warning"
            at = Location(case.file)
            yield _finding("source", severity, found, at, f"{message}: {command}")


def install_command(editable: Editable, environment: Environment) -> str:
    """The command that makes an editable install run from this checkout.

    The dependencies are those of the requirements file. uv leaves what was recorded to be there.
    """
    python = quoted(environment.python.interpreter or "python")
    folder = quoted(editable.here)
    if "pip" in environment.distributions:
        return f"{python} -m pip install --no-deps -e {folder}"
    return f"uv pip install --python {python} --reinstall --no-deps -e {folder}"


def _is_compared(found: Distribution, editable: Editable, case: Case) -> bool:
    """Whether the lines that name the project are what it is compared with.

    For this project itself only if they find something, or ask for a clone in the environment: its
    direct URL may be right, or allow any folder of its repository.
    """
    lines = case.binding.get(found.name, ())
    if not editable.own:
        return bool(lines)
    installed_from = case.source(found.name)
    is_clone = bool(installed_from and installed_from.environment)
    return any(
        (is_clone and line.source and line.source.kind == "vcs")
        or drift.source.is_from_elsewhere(line, found, case)
        for line in lines
    )


def _finding(
    kind: KindName, severity: Severity, found: Distribution, at: Location, message: str
) -> Finding:
    return Finding(kind, severity, found.name, at, None, found.version, message)
