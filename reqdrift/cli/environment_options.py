"""The options that say which environment is read."""

from __future__ import annotations

import argparse

from ..errors import UsageError

# What these do, they cannot do with a record.
ON_DISK_ONLY = ("init", "inspect")


def add_environment(parser: argparse.ArgumentParser) -> None:
    """Which environment is read; the files help to find it."""
    add = parser.add_argument
    add(
        "files",
        nargs="*",
        default=[],
        metavar="FILE",
        help=argparse.SUPPRESS,  # the usage and the description have it
    )
    # The same as FILE, for those who type it as for pip.
    add("-r", "--requirement", action="append", metavar="FILE", default=[], help=argparse.SUPPRESS)
    add("--python", metavar="PATH", help="check this interpreter or environment")
    add("--path", metavar="DIR", help="check a folder made by pip install --target")
    help_text = "check only this set of [tool.reqdrift]"
    add("--set", dest="set_name", default="", metavar="NAME", help=help_text)
    add(
        "--installed",
        action="append",
        default=[],
        metavar="SOURCE",
        help="check what a file (or -, or a folder) records",
    )
    help_text = "the Python version, where no file says it"
    add("--python-version", metavar="X.Y", help=help_text)
    help_text = "the sys.platform, for --installed"
    add("--platform", metavar="NAME", help=help_text)


def check_environment(found: argparse.Namespace) -> None:
    """Raises UsageError if the options that name an environment do not fit together."""
    given = [name for name in ("path", "installed") if getattr(found, name)]
    if found.python and given:
        given.append("python")
    if len(given) > 1:
        names = " and ".join(f"--{name}" for name in given)
        raise UsageError(f"{names} are mutually exclusive", "pass one")
    if found.python_version is not None and not given and found.path is None:
        why = "an environment has its own Python"
        needed = "--python-version requires --path or --installed"
        raise UsageError(needed, f"leave it out: {why}")
    if found.platform is not None and not found.installed:
        why = "an environment on this disk is for this platform"
        raise UsageError("--platform requires --installed", f"leave it out: {why}")
    if "" in found.installed:
        raise UsageError("--installed is empty", "pass a value, or leave it out")
    if "-" in found.installed and "-" in (*found.files, *found.requirement):
        raise UsageError("both the file and the record are standard input", "pass one as a file")
