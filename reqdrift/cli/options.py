"""Command-line options, parsed with argparse if there are any."""

from __future__ import annotations

import argparse
import os
import sys

from .._version import __version__
from ..errors import UsageError
from ..kinds import KINDS, LEVELS, close_kind
from ..report import FORMATS
from ..values import TYPE_CHECKING
from .arguments import Options, options_from
from .environment_options import ON_DISK_ONLY, add_environment, check_environment
from .suggest import suggestion
from .summaries import SUMMARIES, WITHOUT_EFFECT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NoReturn

    from ..values import FormatName

_USAGES = {
    "check": "reqdrift [check] [options] [FILE ...]",
    "why": "reqdrift why [options] NAME [NAME ...] [FILE ...]",
}

# Whose files may come from a pipe: the others write to them, or print commands that read them.
_READING = ("check", "why", "freeze", "inspect", "env", "verify")
_STANDARD_INPUT = "/dev/stdin"
_ENDINGS = (".txt", ".in", ".toml", ".lock")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Wide enough for an option and its help on one line: the help must fit on a screen."""

    def __init__(self, prog: str, width: int | None = None) -> None:
        super().__init__(prog, max_help_position=28, width=width)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        """`-c, --constraint FILE`: the metavar once, so that most options take one line."""
        if not action.option_strings or action.nargs == 0:
            return super()._format_action_invocation(action)
        return f"{', '.join(action.option_strings)} {action.metavar}"


class _AnyWidth(_Formatter):
    """For argparse's check of each option: finding the terminal's width takes 1.4 ms of 20."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)


class _Parser(argparse.ArgumentParser):
    def format_help(self) -> str:
        self.formatter_class = _Formatter
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, f"see {self.prog} --help")

    @property
    def options(self) -> Iterable[str]:
        """Every option, as it is typed."""
        return self._option_string_actions

    def hide(self, names: Iterable[str]) -> None:
        """Leave options out of the help."""
        for action in self._actions:
            if action.dest in names:
                action.help = argparse.SUPPRESS


def parse(command: str, words: list[str]) -> Options:
    """Parse the words after the command.

    Raises:
        UsageError: an unknown option, or a wrong value.
        SystemExit: after `--help` and `--version`.
    """
    parser = _parser(command)
    found, unknown = parser.parse_known_intermixed_args(words)
    if unknown:
        raise _no_option(unknown[0], parser, command)
    check_environment(found)
    if found.installed and command in ON_DISK_ONLY:
        raise UsageError(f"{command} reads an environment on this disk", "leave out --installed")
    values = {name: value for name, value in vars(found).items() if name != "debug"}
    for name in ("python", "rev"):
        if values.get(name) == "":
            # Probably an unset variable in a script: an error, not the default.
            raise UsageError(f"--{name} is empty", "pass a value, or leave it out")
    values["rev"] = values.get("rev") or ""
    others = values["files"]
    if command == "why":
        # What follows the first name may be more names, or files.
        values["names"] = [values.pop("name"), *(word for word in others if not _is_file(word))]
        others = list(filter(_is_file, others))
    files = [*values.pop("requirement"), *others]
    values["files"] = [_input(command) if file == "-" else file for file in files]
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    values.update(lists)
    return options_from(values)


def _parser(command: str) -> _Parser:
    parser = _Parser(
        "reqdrift" if command == "check" else f"reqdrift {command}",
        usage=_USAGES.get(command, f"reqdrift {command} [options] [FILE ...]"),
        description=_description(command),
        formatter_class=_AnyWidth,
        allow_abbrev=False,
    )
    if command == "why":
        parser.add_argument("name", metavar="NAME", help=argparse.SUPPRESS)
    add_subject = add_environment if command in ("verify", "init") else _add_sides
    for add_options in (add_subject, _ADDITIONS.get(command, _add_nothing), _add_general):
        add_options(parser)
    parser.hide(WITHOUT_EFFECT.get(command, ()))
    return parser


def _description(command: str) -> str:
    """What the command does, and what its FILE is."""
    what = SUMMARIES[command].removesuffix(" (default)")
    pipe = "; - is standard input" if command in _READING else ""
    return f"{what[0].upper()}{what[1:]}.\nFILE is requirements.txt by default{pipe}."


def _no_option(word: str, parser: _Parser, command: str) -> UsageError:
    """What to say of a word that the parser has no place for."""
    option = word.partition("=")[0]
    owners = [name for name in SUMMARIES if name != "help" and option in _parser(name).options]
    if owners:
        hint = f"it is an option of {', '.join(owners)}"
    else:
        hint = suggestion(option, parser.options) or f"see reqdrift {command} --help"
    return UsageError(f"{command} has no option {option}", hint)


def _is_file(word: str) -> bool:
    """Whether a word after the first name is a requirements file, not another name."""
    return word == "-" or "/" in word or word.endswith(_ENDINGS) or os.path.isfile(word)


def _input(command: str) -> str:
    """The path of standard input.

    Raises:
        UsageError: the command cannot use it.
    """
    if command not in _READING:
        raise UsageError(f"{command} cannot use standard input", "pass a file")
    if sys.stdin is None or sys.stdin.isatty():
        example = "pip freeze | reqdrift -"
        raise UsageError("nothing is piped into standard input", f"for example: {example}")
    return _STANDARD_INPUT


def _add_sides(parser: argparse.ArgumentParser) -> None:
    """What is compared."""
    add_environment(parser)
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
    add("--cross-check", action="store_true", help="compare with what the environment's pip says")


def _add_verify(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--select",
        action="append",
        default=[],
        metavar="NAME",
        help="verify only this project (repeatable)",
    )
    _add_output(parser)
    add("--exit-zero", action="store_true", help="exit with 0 even if there are findings")


def _add_output(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--format",
        dest="formats",
        action="append",
        default=[],
        type=_format,
        metavar="NAME[=FILE]",
        help="|".join(name for name in FORMATS if name != "rich"),
    )
    add("-q", "--quiet", action="store_true", help="show only findings and errors")
    add("-v", "--verbose", action="store_true", help="show all notes and names")


def _severity(text: str) -> tuple[str, str]:
    kind, _, level = text.partition("=")
    if kind not in KINDS or level not in LEVELS:
        why = f"levels: {', '.join(LEVELS)}"
        if kind not in KINDS:
            why = f"there is no kind '{kind}'; {close_kind(kind)}"
        raise argparse.ArgumentTypeError(f"'{text}' is not KIND=LEVEL; {why}")
    return kind, level


def _format(text: str) -> tuple[FormatName, str]:
    name, has_file, file = text.partition("=")
    if has_file and not file:
        raise argparse.ArgumentTypeError(f"'{text}' has no file name")
    known: tuple[FormatName, ...] = ("auto", *FORMATS)
    for one in known:
        if one == name:
            return one, file
    hint = suggestion(name, known) or f"choose from {', '.join(known)}"
    raise argparse.ArgumentTypeError(f"'{name}' is not a format; {hint}")


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
    parser.add_argument(
        "--with", dest="installer", choices=choices, default="auto", metavar="NAME", help=help_text
    )


def _add_init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--write", action="store_true", help="append the table to pyproject.toml")


def _add_nothing(parser: argparse.ArgumentParser) -> None:
    """For commands without options of their own."""


def _add_general(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    choices = ("auto", "always", "never")
    help_text = "use color: auto (default), always or never"
    add("--color", choices=choices, default="auto", metavar="WHEN", help=help_text)
    # The message of an internal error names --debug, the overview has --version.
    add("--debug", action="store_true", help=argparse.SUPPRESS)
    version = f"reqdrift {__version__}"
    add("--version", action="version", version=version, help=argparse.SUPPRESS)


_ADDITIONS = {
    "check": _add_report,
    "verify": _add_verify,
    "init": _add_init,
    "diff": _add_diff,
    "fix": _add_repair,
    "plan": _add_plan,
}
