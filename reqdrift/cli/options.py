"""The command line as a value, and its help; all options are in the table of `reqdrift.options`."""

from __future__ import annotations

import os
import sys

from .._version import __version__
from ..commands.run import check_subject
from ..errors import UsageError
from ..kinds import DOCUMENTATION, KINDS, LEVELS, close_kind, closest
from ..options import COMMANDS, Option, Options, options_of, quoted, table
from ..report import FORMATS
from ..values import TYPE_CHECKING, Request, Style

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..values import FormatName

# Whose files may come from a pipe: the others write to them, or print commands that read them.
_READING = ("check", "why", "freeze", "inspect", "env", "verify")
_STANDARD_INPUT = "/dev/stdin"
_ENDINGS = (".txt", ".in", ".toml", ".lock")
# These read an environment, and a record has none.
ON_DISK_ONLY = ("init", "inspect")
# Where the help of an option begins.
_COLUMN = 26

_OVERVIEW = """\
usage: reqdrift [COMMAND] [options] [FILE ...]

Check whether an environment still matches its requirements files.

commands:
{commands}

options of most commands:
  FILE                requirements files (default: requirements.txt)
  -c FILE             apply a constraints file, as pip does
  --python PATH       check this interpreter or environment
  -q, -v              print less, print more
  --version           print the version

exit codes: 0 no drift, 1 drift, 2 usage error or unreadable file,
            3 no environment, 70 internal error, 130 interrupted,
            141 broken pipe, 129 or 143 terminated

{address}"""


def parse(command: str, words: list[str]) -> Options:
    """Parse the words after the command.

    Raises:
        UsageError: an unknown option, or a wrong value.
        SystemExit: after `--help` and `--version`.
    """
    values, others = _read(command, words)
    if command == "why":
        if not others:
            raise UsageError("why requires the NAME of a project", _see(command))
        # What follows the first name may be more names, or files.
        first, *others = others
        values["names"] = (first, *(word for word in others if not _is_file(word)))
        others = list(filter(_is_file, others))
    late = next((word for word in others if word in COMMANDS and not os.path.exists(word)), "")
    if command == "check" and late:
        after = " ".join(quoted(word) for word in words if word != late)
        raise UsageError(f"'{late}' is a command, and comes first", f"reqdrift {late} {after}")
    files = [*values.get("files", ()), *others]
    if "-" in values.get("installed", ()) and "-" in files:
        raise UsageError("both the file and the record are standard input", "pass one as a file")
    values["files"] = tuple(_input(command) if file == "-" else file for file in files)
    request, style = (
        {name: values.pop(name) for name in record._fields if name in values}
        for record in (Request, Style)
    )
    options = Options(Request(**request), Style(**style), **values)
    check_subject(options.request, lambda field: f"--{field.replace('_', '-')}")
    if options.request.installed and command in ON_DISK_ONLY:
        raise UsageError(f"{command} reads an environment on this disk", "leave out --installed")
    return options


def _read(command: str, words: list[str]) -> tuple[dict[str, Any], list[str]]:
    """The values of fields, and the words that are no options."""
    known = {name: option for option in options_of(command) for name in option.names}
    values: dict[str, Any] = {}
    others: list[str] = []
    asked = words[: words.index("--")] if "--" in words else words
    if "-h" in asked or "--help" in asked:
        print(help_of(command))
        raise SystemExit(0)
    if "--version" in asked:
        print(f"reqdrift {__version__}")
        raise SystemExit(0)
    left = words[::-1]
    while left:
        word = left.pop()
        if word == "--":
            others += left[::-1]
            break
        if word[:1] != "-" or word == "-":
            others.append(word)
            continue
        is_long = word.startswith("--")
        name, joined, text = word.partition("=") if is_long else (word[:2], word[2:], word[2:])
        if name not in known:
            raise _no_option(name if is_long else word.partition("=")[0], command)
        option = known[name]
        if not option.metavar:
            if joined and (is_long or text.startswith("=")):
                raise UsageError(f"{name} takes no value", _see(command))
            if joined:  # `-qv`
                left.append(f"-{text}")
            values[option.field] = True
            continue
        if not joined:
            if not left or (left[-1].startswith("-") and left[-1] != "-"):
                raise UsageError(f"{name} requires a value: {option.metavar}", _see(command))
            text = left.pop()
        value = _value(option, name, text if is_long else text.removeprefix("="))
        before = values.get(option.field, ())
        if option.field == "set_name" and before:
            raise UsageError(f"{name} is given twice", "leave it out to check all sets")
        values[option.field] = (*before, value) if option.is_repeated else value
    return values, others


def _value(option: Option, name: str, text: str) -> object:
    """The value of an option.

    Raises:
        UsageError: the option has no such value.
    """
    if not text and option.field in ("python", "rev", "installed"):
        # Probably an unset variable in a script: an error, not the default.
        raise UsageError(f"{name} is empty", "pass a value, or leave it out")
    if option.field == "formats":
        return _format(name, text)
    if option.field == "severity":
        kind, _, level = text.partition("=")
        if kind not in KINDS:
            raise UsageError(f"{name} {text}: there is no kind '{kind}'", close_kind(kind))
        if level not in LEVELS:
            raise UsageError(f"'{text}' is not KIND=LEVEL", f"levels: {', '.join(LEVELS)}")
        return kind, level
    if option.choices and text not in option.choices:
        *others, last = option.choices
        raise UsageError(f"{name} has no value '{text}'", f"pass {', '.join(others)} or {last}")
    return text


def _format(name: str, text: str) -> tuple[FormatName, str]:
    wanted, has_file, file = text.partition("=")
    if has_file and not file:
        raise UsageError(f"'{text}' has no file name", f"write {name} {wanted}=FILE")
    known: tuple[FormatName, ...] = ("auto", *FORMATS)
    if wanted in known:
        return known[known.index(wanted)], file
    hint = suggestion(wanted, known) or f"formats: {', '.join(known)}"
    raise UsageError(f"'{wanted}' is not a format", hint)


def _no_option(word: str, command: str) -> UsageError:
    """What to say of a word that is no option of the command."""
    rows = [option for option in table() if word in option.names]
    owners = [name for name in COMMANDS if any(name in option.shown for option in rows)]
    if owners:
        hint = f"it is an option of {', '.join(owners)}"
    else:
        names = [name for option in options_of(command) for name in option.names]
        hint = suggestion(word, [*names, "--help", "--version"]) or _see(command)
    return UsageError(f"{command} has no option {word}", hint)


def _see(command: str) -> str:
    return f"see reqdrift {command} --help"


def suggestion(word: str, known: Iterable[str]) -> str:
    """`did you mean 'check'?`; '' if nothing that is known is close to the word."""
    close = closest(word, sorted(known), cutoff=0.7)
    return f"did you mean '{close}'?" if close else ""


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


def help_of(command: str) -> str:
    """The usage of a command, what it does, and its options by what they are about."""
    typed = {"check": "[check] [options]", "why": "why [options] NAME [NAME ...]"}
    usage = f"reqdrift {typed.get(command, f'{command} [options]')} [FILE ...]"
    what = COMMANDS[command].removesuffix(" (default)")
    pipe = "; - is standard input" if command in _READING else ""
    lines = [f"usage: {usage}", "", f"{what[0].upper()}{what[1:]}."]
    lines += [f"FILE is requirements.txt by default{pipe}."]
    group = ""
    for option in table():
        if command not in option.shown:
            continue
        if option.group != group:
            group = option.group
            lines += ["", f"{group}:"]
        words = f"  {', '.join(option.names)} {option.metavar}".rstrip()
        gap = "\n" + " " * _COLUMN if len(words) > _COLUMN - 2 else " " * (_COLUMN - len(words))
        text = option.help or "|".join(name for name in FORMATS if name != "rich")
        lines.append(f"{words}{gap}{text}")
    return "\n".join([*lines, "", DOCUMENTATION])


def show(words: list[str]) -> int:
    """`reqdrift help`: print the overview, or the help of the command that is named.

    Raises:
        UsageError: there is no such command.
    """
    if not words or words == ["help"]:
        rows = {**COMMANDS, "help": "show the options of a command: reqdrift help COMMAND"}
        commands = "\n".join(f"  {name:10}{text}" for name, text in rows.items())
        print(_OVERVIEW.format(commands=commands, address=DOCUMENTATION))
        return 0
    if words[0] not in COMMANDS:
        raise UsageError(f"there is no command '{words[0]}'", _meant(words[0], ()))
    print(help_of(words[0]))
    return 0


def unknown(word: str) -> UsageError:
    """What to say of a first word that is no command, and names no file."""
    return UsageError(f"'{word}' is neither a command nor a file", _meant(word, os.listdir()))


def _meant(word: str, files: Iterable[str]) -> str:
    commands = [*COMMANDS, "help"]
    return suggestion(word, (*commands, *files)) or f"commands: {', '.join(commands)}"
