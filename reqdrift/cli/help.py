"""`reqdrift help [COMMAND]`, and `reqdrift --help`: what there is, on one screen."""

from __future__ import annotations

from ..errors import UsageError
from .suggest import suggestion

# In the order of the overview.
SUMMARIES = {
    "check": "compare the environment with the files (default)",
    "plan": "print commands that make the environment match the files",
    "diff": "show what fix would change, as a patch",
    "fix": "update the files to match the environment",
    "why": "show where projects are listed and what needs them",
    "freeze": "print the environment as a requirements file",
    "env": "show which environment is checked, and why",
    "verify": "compare installed files with the hashes in RECORD",
    "baseline": "record today's findings; checks then count only new ones",
    "help": "show the options of a command: reqdrift help COMMAND",
}

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


def run(words: list[str]) -> int:
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
        hint = suggestion(words[0], SUMMARIES) or f"commands: {', '.join(SUMMARIES)}"
        raise UsageError(f"there is no command '{words[0]}'", hint)
    from .options import parse

    parse(words[0], ["--help"])
    return 0
