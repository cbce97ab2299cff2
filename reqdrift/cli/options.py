"""The command line's options, read by argparse once there is an option to be read."""

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
    "check": "compare, report, and set the exit code",
    "diff": "show the files as the environment would have them, as a patch",
    "fix": "write that change into the files",
    "plan": "print the commands that bring the environment back to the files",
    "why": "show what names a project, whether it is installed, and what needs it",
    "freeze": "print the environment as a requirements file",
    "env": "show which environment would be checked, and why",
    "verify": "compare every installed file with its distribution's RECORD",
}
_DESCRIPTION = (
    "Does the live virtualenv still match the committed requirements.txt?\n\n"
    + "\n".join(
        (
            "commands (the first word; without one, check):",
            *(f"  {k:8} {v}" for k, v in _COMMANDS.items()),
        )
    )
)

_USAGES = {
    "check": "reqdrift [check] [options] [FILE ...]",
    "why": "reqdrift why [options] NAME [FILE ...]",
}

_EPILOG = """\
exit codes: 0 clean, 1 drift, 2 bad usage or file, 3 no environment, 70 a bug,
            130 interrupted, 141 output not read to its end, 143 terminated
"""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Wide enough for an option and its help to share a line: all must fit on a screen."""

    def __init__(self, prog: str, width: int | None = None) -> None:
        super().__init__(prog, max_help_position=28, width=width)


class _AnyWidth(_Formatter):
    """For argparse's check of each option: to ask for the terminal's width is 1.4 ms of 20."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)


class _Parser(argparse.ArgumentParser):
    def format_help(self) -> str:
        self.formatter_class = _Formatter
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, "see reqdrift --help")


def parse(command: str, words: list[str]) -> Options:
    """Read the words after the command.

    Raises:
        UsageError: an unknown option, or a value that does not fit.
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
        parser.add_argument("name", metavar="NAME", help="the project")
    add_subject = _add_environment if command == "verify" else _add_sides
    for add_options in (add_subject, _ADDITIONS.get(command, _add_nothing), _add_general):
        add_options(parser)
    found = parser.parse_args(words)
    if found.python and found.path:
        raise UsageError("--python and --path are mutually exclusive", "pass one")
    if found.python_version is not None and found.path is None:
        why = "an environment says which Python it has"
        raise UsageError("--python-version needs --path", f"leave it out: {why}")
    values = {name: value for name, value in vars(found).items() if name != "debug"}
    for name in ("python", "rev"):
        if values.get(name) == "":
            # An unset variable of a script: not a reason to look elsewhere.
            raise UsageError(f"--{name} names nothing", "leave it out, or name one")
    values["rev"] = values.get("rev") or ""
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    values.update(lists)
    return Options(**values)


def _add_sides(parser: argparse.ArgumentParser) -> None:
    """What is compared."""
    _add_environment(parser)
    add = parser.add_argument
    add("-c", "--constraint", dest="constraints", action="append", metavar="FILE", default=[])
    add(
        "--unlisted",
        choices=("auto", "all", "orphans"),
        default="",
        metavar="WHICH",
        help="which count as extra: auto, all, orphans (auto)",
    )
    add("--ignore", action="append", default=[], metavar="NAME", help="a project, with * and ?")
    add(
        "--severity",
        action="append",
        default=[],
        type=_severity,
        metavar="KIND=LEVEL",
        help="LEVEL is error, warning or off",
    )
    add("--stdlib", action="append", default=[], metavar="NAME", help="it is a project, no module")


def _add_environment(parser: argparse.ArgumentParser) -> None:
    """Which environment; the files say whose it is."""
    add = parser.add_argument
    add(
        "files",
        nargs="*",
        default=[],
        metavar="FILE",
        help="requirements files, one set (requirements.txt)",
    )
    add("--python", metavar="PATH", help="the interpreter or environment to check")
    add("--path", metavar="DIR", help="check a folder made by pip install --target")
    help_text = "the Python that the folder of --path is for"
    add("--python-version", metavar="X.Y", help=help_text)


def _add_trees(parser: argparse.ArgumentParser) -> None:
    """Where the files are read from, if not from the working tree."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--staged", action="store_true", help="the files as git's index has them")
    which.add_argument("--rev", metavar="REV", help="the files of a git revision")


def _add_report(parser: argparse.ArgumentParser) -> None:
    _add_trees(parser)
    _add_output(parser)
    add = parser.add_argument
    add("--exit-zero", action="store_true", help="exit 0 for drift too")
    help_text = "start the environment's pip, and compare with it"
    add("--cross-check", action="store_true", help=help_text)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--select", action="append", default=[], metavar="NAME", help="a project; repeatable (all)")
    add("--unrecorded", action="store_true", help="find files that no distribution lists, too")
    _add_output(parser)
    help_text = "exit 0 for findings too"
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
        help="text, json, github, gitlab, sarif, junit, markdown",
    )
    add("-q", "--quiet", action="store_true", help="findings and errors alone")
    add("-v", "--verbose", action="store_true", help="every note and every name")


def _severity(text: str) -> tuple[str, str]:
    kind, _, level = text.partition("=")
    if kind not in KINDS or level not in LEVELS:
        message = f"'{text}' is not KIND=LEVEL: {', '.join(KINDS)}; {', '.join(LEVELS)}"
        raise argparse.ArgumentTypeError(message)
    return kind, level


def _format(text: str) -> tuple[FormatName, str]:
    name, has_file, file = text.partition("=")
    if has_file and not file:
        raise argparse.ArgumentTypeError(f"'{text}' names no file")
    known: tuple[FormatName, ...] = ("auto", *FORMATS)
    for one in known:
        if one == name:
            return one, file
    raise argparse.ArgumentTypeError(f"'{name}' is no format; there are {', '.join(known)}")


def _add_repair(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--keep-missing", action="store_true", help="leave lines whose project is not installed")
    add("--cautious", action="store_true", help="delete nothing, rewrite only stale lines")
    add("--force", action="store_true", help="edit generated files too")
    add("--add-to", metavar="FILE", help="which of the files takes what is not listed yet")
    add("-q", "--quiet", action="store_true", help="print less")


def _add_diff(parser: argparse.ArgumentParser) -> None:
    _add_repair(parser)
    help_text = "say what changed since then and is not installed yet"
    parser.add_argument("--rev", metavar="REV", help=help_text)


def _add_plan(parser: argparse.ArgumentParser) -> None:
    _add_trees(parser)
    help_text = "what the commands use (what the environment has)"
    choices = ("auto", "pip", "uv")
    parser.add_argument("--with", dest="installer", choices=choices, default="auto", help=help_text)


def _add_nothing(parser: argparse.ArgumentParser) -> None:
    """For commands without options of their own."""


def _add_general(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--color", choices=("auto", "always", "never"), default="auto")
    add("--debug", action="store_true", help="a traceback if reqdrift itself fails")
    add("--version", action="version", version=f"reqdrift {__version__}")


_ADDITIONS = {
    "check": _add_report,
    "verify": _add_verify,
    "diff": _add_diff,
    "fix": _add_repair,
    "plan": _add_plan,
}
