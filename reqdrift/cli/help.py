"""`reqdrift help [COMMAND]`, and `reqdrift --help`: what there is, on one screen."""

from __future__ import annotations

import os

from ..errors import UsageError
from ..values import TYPE_CHECKING
from .options import parse
from .suggest import suggestion
from .summaries import SUMMARIES

if TYPE_CHECKING:
    from collections.abc import Iterable

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
            141 broken pipe, 143 terminated"""


def show(words: list[str]) -> int:
    """Print the overview, or the options of the command that is named.

    Raises:
        UsageError: there is no such command.
        SystemExit: after the options of a command.
    """
    if not words or words == ["help"]:
        commands = "\n".join(f"  {name:10}{text}" for name, text in SUMMARIES.items())
        print(_OVERVIEW.format(commands=commands))
        return 0
    if words[0] not in SUMMARIES:
        raise UsageError(f"there is no command '{words[0]}'", _hint(words[0], ()))
    parse(words[0], ["--help"])
    return 0


def unknown(word: str) -> UsageError:
    """What to say of a first word that is no command, and names no file."""
    return UsageError(f"'{word}' is neither a command nor a file", _hint(word, os.listdir()))


def _hint(word: str, files: Iterable[str]) -> str:
    commands = f"commands: {', '.join(SUMMARIES)}"
    return suggestion(word, (*SUMMARIES, *files)) or commands
