"""pip or uv: which of them changes an environment, and how it takes its options."""

from __future__ import annotations

import os
import shlex

from ..errors import UsageError
from ..values import TYPE_CHECKING, Environment, Location, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

# Options that uv takes on its command line, and those that mean nothing to it.
_ON_UVS_COMMAND_LINE = {"--pre": "--prerelease allow", "--trusted-host": "--trusted-host"}
_FOR_PIP_ALONE = frozenset(
    ("--all-releases", "--no-require-hashes", "--only-final", "--prefer-binary", "--use-feature")
)


class Installer(NamedTuple):
    """How to call pip or uv for one environment; the words are already quoted."""

    install: str
    uninstall: str
    is_uv: bool


def installer_for(environment: Environment, choice: str) -> Installer:
    """The installer that the user chose, or that the environment has.

    Raises:
        UsageError: there is no interpreter to install for, no pip in the environment, or the
            operating system does not allow changes to it.
    """
    if not environment.can.install:
        message = f"{environment.prefix} has no interpreter to install with"
        fill = ["python", "-m", "pip", "install", "--upgrade", "--target", environment.prefix]
        is_folder = environment.can.files
        raise UsageError(
            message, f"to install into it: {shlex.join(fill)} -r FILE" if is_folder else ""
        )
    if _is_externally_managed(environment):
        raise UsageError(
            f"{environment.prefix} is managed by the operating system, and pip and uv refuse to"
            " change it (PEP 668)",
            "create a virtual environment: python3 -m venv .venv",
        )
    python = shlex.quote(environment.python.interpreter or "python")
    has_pip = "pip" in environment.distributions
    if choice == "pip" and not has_pip:
        way_out = f"use --with uv, or install pip: {python} -m ensurepip"
        raise UsageError(f"there is no pip in {environment.prefix}", way_out)
    if choice == "pip" or (choice == "auto" and has_pip):
        pip = f"{python} -m pip"
        return Installer(f"{pip} install", f"{pip} uninstall --yes", False)
    return Installer(
        f"uv pip install --python {python}", f"uv pip uninstall --python {python}", True
    )


def _is_externally_managed(environment: Environment) -> bool:
    """Whether the standard library has the marker of PEP 668; a virtualenv's prefix has none."""
    minor = "python{}.{}".format(*environment.python.minor)
    folders = (os.path.join(environment.prefix, lib, minor) for lib in ("lib", "lib64"))
    return any(os.path.exists(os.path.join(folder, "EXTERNALLY-MANAGED")) for folder in folders)


class Entry(NamedTuple):
    """One line for the installer, and the lines of the file that it came from."""

    text: str
    at: Location


def for_uv(options: Iterable[Entry]) -> tuple[list[Entry], list[str]]:
    """The options that uv reads from a file, and those that it wants as words of the command."""
    read, words = [], []
    for option in options:
        name, _, value = option.text.partition(" ")
        if name in _ON_UVS_COMMAND_LINE:
            words.append(f"{_ON_UVS_COMMAND_LINE[name]} {shlex.quote(value) if value else ''}")
        elif name not in _FOR_PIP_ALONE:
            read.append(option)
    return read, [word.strip() for word in words]
