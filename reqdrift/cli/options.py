"""Command-line options, parsed with argparse if there are any."""

from __future__ import annotations

import argparse

from .._version import __version__
from ..errors import UsageError
from ..kinds import KINDS, LEVELS
from ..report import FORMATS
from ..values import TYPE_CHECKING
from .arguments import Options

if TYPE_CHECKING:
    from typing import NoReturn

    from ..values import FormatName

_COMMANDS = {
    "check": "compare the environment with the files (default)",
    "diff": "show what fix would change, as a patch",
    "fix": "update the files to match the environment",
    "plan": "print commands that make the environment match the files",
    "why": "show where a project is listed and what needs it",
    "freeze": "print the environment as a requirements file",
    "env": "show which environment is checked, and why",
    "verify": "compare installed files with the hashes in RECORD",
}
_DESCRIPTION = "Check whether an environment still matches its requirements files.\n\n" + "\n".join(
    (
        "commands (before all options):",
        *(f"  {k:8} {v}" for k, v in _COMMANDS.items()),
    )
)

_USAGES = {
    "check": "reqdrift [check] [options] [FILE ...]",
    "why": "reqdrift why [options] NAME [FILE ...]",
}

_EPILOG = """\
exit codes: 0 no drift, 1 drift, 2 usage or file error, 3 no environment,
            70 internal error, 130 interrupted, 141 broken pipe, 143 terminated
"""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Wide enough for an option and its help on one line: the help must fit on a screen."""

    def __init__(self, prog: str, width: int | None = None) -> None:
        super().__init__(prog, max_help_position=30, width=width)


class _AnyWidth(_Formatter):
    """For argparse's check of each option: finding the terminal's width takes 1.4 ms of 20."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)


class _Parser(argparse.ArgumentParser):
    def format_help(self) -> str:
        self.formatter_class = _Formatter
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, "see reqdrift --help")


def parse(command: str, words: list[str]) -> Options:
    """Parse the words after the command.

    Raises:
        UsageError: an unknown option, or a wrong value.
        SystemExit: after `--help` and `--version`.
    """
    parser = _Parser(
        "reqdrift",
        usage=_USAGES.get(command, f"reqdrift {command} [options] [FILE ...]"),
        description=_DESCRIPTION if command == "check" else _COMMANDS[command],
        epilog=_EPILOG,
        formatter_class=_AnyWidth,
        allow_abbrev=False,
    )
    if command == "why":
        parser.add_argument("name", metavar="NAME", help="the project to look up")
    add_subject = _add_environment if command == "verify" else _add_sides
    for add_options in (add_subject, _ADDITIONS.get(command, _add_nothing), _add_general):
        add_options(parser)
    found = parser.parse_args(words)
    if found.python and found.path:
        raise UsageError("--python and --path are mutually exclusive", "pass one")
    if found.python_version is not None and found.path is None:
        why = "an environment has its own Python"
        raise UsageError("--python-version requires --path", f"leave it out: {why}")
    values = {name: value for name, value in vars(found).items() if name != "debug"}
    for name in ("python", "rev"):
        if values.get(name) == "":
            # Probably an unset variable in a script: an error, not the default.
            raise UsageError(f"--{name} is empty", "pass a value, or leave it out")
    values["rev"] = values.get("rev") or ""
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    values.update(lists)
    return Options(**values)


def _add_sides(parser: argparse.ArgumentParser) -> None:
    """What is compared."""
    _add_environment(parser)
    add = parser.add_argument
    add(
        "-c",
        "--constraint",
        dest="constraints",
        action="append",
        metavar="FILE",
        default=[],
        help="apply a constraints file, as pip does",
    )
    for option, help_text in (
        ("--extra", "install this extra of a lock file"),
        ("--group", "install this dependency group of a lock file"),
    ):
        name = f"{option.removeprefix('--')}s"
        add(option, dest=name, action="append", default=[], metavar="NAME", help=help_text)
    add(
        "--unlisted",
        choices=("auto", "all", "orphans"),
        default="",
        metavar="WHICH",
        help="which are extra: auto (default), all or orphans",
    )
    add(
        "--ignore",
        action="append",
        default=[],
        metavar="NAME",
        help="ignore a project; * and ? are wildcards",
    )
    add(
        "--severity",
        action="append",
        default=[],
        type=_severity,
        metavar="KIND=LEVEL",
        help="set a kind's severity: error, warning or off",
    )
    add(
        "--stdlib",
        action="append",
        default=[],
        metavar="NAME",
        help="NAME is a project, not a standard-library module",
    )


def _add_environment(parser: argparse.ArgumentParser) -> None:
    """Which environment is read; the files help to find it."""
    add = parser.add_argument
    add(
        "files",
        nargs="*",
        default=[],
        metavar="FILE",
        help="requirements files (default: requirements.txt)",
    )
    add("--python", metavar="PATH", help="check this interpreter or environment")
    add("--path", metavar="DIR", help="check a folder made by pip install --target")
    help_text = "the Python version of the folder of --path"
    add("--python-version", metavar="X.Y", help=help_text)


def _add_trees(parser: argparse.ArgumentParser) -> None:
    """Read the files from somewhere else than the working tree."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--staged", action="store_true", help="read the files from git's index")
    which.add_argument("--rev", metavar="REV", help="read the files from a git revision")


def _add_report(parser: argparse.ArgumentParser) -> None:
    _add_trees(parser)
    _add_output(parser)
    add = parser.add_argument
    add("--exit-zero", action="store_true", help="exit with 0 even if there is drift")
    help_text = "compare with what the environment's pip reports"
    add("--cross-check", action="store_true", help=help_text)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--select",
        action="append",
        default=[],
        metavar="NAME",
        help="verify only this project (repeatable)",
    )
    add("--unrecorded", action="store_true", help="also report files that no RECORD lists")
    _add_output(parser)
    help_text = "exit with 0 even if there are findings"
    add("--exit-zero", action="store_true", help=help_text)


def _add_output(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--format",
        dest="formats",
        action="append",
        default=[],
        type=_format,
        metavar="NAME[=FILE]",
        help="text|json|github|gitlab|sarif|junit|markdown",
    )
    add("-q", "--quiet", action="store_true", help="show only findings and errors")
    add("-v", "--verbose", action="store_true", help="show all notes and names")


def _severity(text: str) -> tuple[str, str]:
    kind, _, level = text.partition("=")
    if kind not in KINDS or level not in LEVELS:
        message = (
            f"'{text}' is not KIND=LEVEL; kinds: {', '.join(KINDS)}; levels: {', '.join(LEVELS)}"
        )
        raise argparse.ArgumentTypeError(message)
    return kind, level


def _format(text: str) -> tuple[FormatName, str]:
    name, has_file, file = text.partition("=")
    if has_file and not file:
        raise argparse.ArgumentTypeError(f"'{text}' has no file name")
    known: tuple[FormatName, ...] = ("auto", *FORMATS)
    for one in known:
        if one == name:
            return one, file
    raise argparse.ArgumentTypeError(f"'{name}' is not a format; choose from {', '.join(known)}")


def _add_repair(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--keep-missing", action="store_true", help="keep lines whose project is not installed")
    add("--cautious", action="store_true", help="delete nothing and rewrite only stale lines")
    add("--force", action="store_true", help="also edit generated files")
    add("--add-to", metavar="FILE", help="add unlisted packages to FILE")
    add("-q", "--quiet", action="store_true", help="print less")


def _add_diff(parser: argparse.ArgumentParser) -> None:
    _add_repair(parser)
    help_text = "list what changed since REV and is not installed"
    parser.add_argument("--rev", metavar="REV", help=help_text)


def _add_plan(parser: argparse.ArgumentParser) -> None:
    _add_trees(parser)
    help_text = "print commands for this installer"
    choices = ("auto", "pip", "uv")
    parser.add_argument("--with", dest="installer", choices=choices, default="auto", help=help_text)


def _add_nothing(parser: argparse.ArgumentParser) -> None:
    """For commands without options of their own."""


def _add_general(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--color", choices=("auto", "always", "never"), default="auto")
    add("--debug", action="store_true", help="print a traceback for internal errors")
    add("--version", action="version", version=f"reqdrift {__version__}")


_ADDITIONS = {
    "check": _add_report,
    "verify": _add_verify,
    "diff": _add_diff,
    "fix": _add_repair,
    "plan": _add_plan,
}
