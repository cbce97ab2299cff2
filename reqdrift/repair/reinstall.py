"""Modified distributions -> commands that reinstall them."""

from __future__ import annotations

import os
import shlex

from ..environments.answers import read_name
from ..environments.metadata import read_inside, read_source
from ..report import place, shown_path
from ..requirements import read_requirements
from ..requirements.lines import logical_lines
from ..values import TYPE_CHECKING, CanonicalName, Distribution, Environment, Location
from ..values.findings import Hint, Unreadable
from .frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

# These options say nothing of indexes, hashes or versions.
_HARMLESS = ("-r", "--requirement", "-e", "--editable")


def reinstalling(
    environment: Environment,
    metadata: Set[str],
    projects: Set[CanonicalName],
    files: Sequence[str] = (),
    constraints: Sequence[str] = (),
) -> tuple[Hint, ...]:
    """The commands that reinstall what was modified, in the same version, without dependencies.

    Args:
        environment: where it is installed.
        metadata: the paths of that of the distributions that reinstalling fixes.
        projects: those of them that the report names.
        files: the paths of the requirements files.
        constraints: the paths of files that only limit versions.
    """
    found = environment.distributions
    reinstalled = [
        found[name] for name in sorted(projects & found.keys()) if found[name].path in metadata
    ]
    by_conda = [one for one in reinstalled if _installer(one) == "conda"]
    words = [word for one in reinstalled if one not in by_conda for word in _requirement(one)]
    purpose = f"to reinstall {'it' if len(reinstalled) == 1 else 'them'}"
    listed = all(os.path.exists(f"{one.path}/RECORD") for one in reinstalled)
    commands = [[*_command(environment, listed=listed), *words]] if words else []
    if words and (at := _limit(files, constraints)):
        # Only the files say from where, and with which hashes.
        purpose += f" and all else that the files ask for (because of {place(at)})"
        named = [word for path in files for word in ("-r", shown_path(path))]
        named += [word for path in constraints for word in ("-c", shown_path(path))]
        commands = [[*_command(environment, listed=listed)[:-1], *named]]
    if by_conda:
        named = [f"{one.project}={one.version}" for one in by_conda]
        prefix = shown_path(environment.prefix)
        commands.append(["conda", "install", "--prefix", prefix, "--force-reinstall", *named])
    return tuple(Hint(purpose, shlex.join(command)) for command in commands)


def _limit(files: Sequence[str], constraints: Sequence[str]) -> Location | None:
    """The first place that has an option (other than to include a file), a hash or a constraint."""
    found = read_requirements(files, constraints)
    for file in found.files:
        for line in logical_lines(file.text):
            is_option = line.text.startswith("-") and not line.text.startswith(_HARMLESS)
            if is_option or " --" in line.text or file.constraints or file.is_lock:
                return Location(file.path, line.line)
    return found.errors[0].at if found.errors else None


def _installer(one: Distribution) -> str:
    try:
        return (read_inside(one.path, "INSTALLER") or b"").decode("ascii", "replace").strip()
    except OSError:
        return ""


def _requirement(one: Distribution) -> list[str]:
    """The words that ask for exactly this distribution; none where its source cannot be read."""
    source = read_source(one) if one.direct else None
    if isinstance(source, Unreadable):
        return []
    if source and source.editable:
        return ["-e", source.folders[0]]
    return [frozen(read_name(one), one, source)]


def _command(environment: Environment, *, listed: bool) -> list[str]:
    """The command that replaces installed files, even if the installer does not know them.

    If nothing is `listed`, pip cannot remove anything and has to overwrite the files.
    """
    how = "--force-reinstall" if listed else "--ignore-installed"
    if environment.can.install:
        interpreter = shown_path(environment.python.interpreter or "python")
    else:
        target = ["--target", shown_path(environment.prefix), "--upgrade"]
        return ["python", "-m", "pip", "install", *target, "--no-deps"]
    if "pip" in environment.distributions:
        return [interpreter, "-m", "pip", "install", how, "--no-deps"]
    # uv's cache may have the same modified file under another name (a hard link).
    python = ["--python", interpreter]
    return ["uv", "pip", "install", *python, "--no-cache", "--reinstall", "--no-deps"]
