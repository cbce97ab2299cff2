"""The options of all commands, in one table.

What the command line parses, its help and its near misses (`cli/options.py`), and the words of the
commands in hints come from it.
"""

from __future__ import annotations

from .values import TYPE_CHECKING, NamedTuple, Request, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from .values import FormatName

# A row has the names, the value's name, the field that takes it (`*` if several may be given), the
# commands (by name, or as one of `_COMMANDS`), and the help. A line without `|` is the heading of a
# group; the most used come first.
_TABLE = """\
what to check
-r --requirement|FILE|files*|hidden|check this file, too
-c --constraint|FILE|constraints*|resolving|apply a constraints file, as pip does
--set|NAME|set_name|of sets|check only this set of [tool.reqdrift]
--staged||staged|check plan|read the files from git's index
--rev|REV|rev|check plan|read the files from a git revision
--rev|REV|rev|diff|list what changed since REV and is not installed
--extra|NAME|extras*|resolving|install this extra of a lock file
--group|NAME|groups*|resolving|install this dependency group of a lock file
--select|NAME|select*|verify|verify only this project (repeatable)
which environment
--python|PATH|python|all|check this interpreter or environment
--installed|SOURCE|installed*|of records|check what a file (or -, or a folder) records
--path|DIR|path|all|check a folder made by pip install --target
--python-version|X.Y|python_version|all|the Python version, where no file says it
--platform|NAME|platform|of records|the sys.platform, for --installed
what counts
--satisfied||satisfied|judging|count only what an installer would install
--ignore|NAME|ignore*|judging|ignore a project; * and ? are wildcards
--severity|KIND=LEVEL|severity*|judging|set a kind's severity: error, warning or off
--unlisted|WHICH|unlisted|judging|which are extra: auto (default), all or orphans
--stdlib|NAME|stdlib*|judging|NAME is a project, not a standard-library module
--cross-check||cross_check|check|compare with what the environment's pip says
what to change
--add-to|FILE|add_to|fix diff|add unlisted packages to FILE
--keep-missing||keep_missing|fix diff|keep lines whose project is not installed
--cautious||cautious|fix diff|delete nothing and rewrite only stale lines
--force||force|fix diff|also edit generated files
--uninstall||uninstall|plan|uninstall what is not listed, once all else is right
--with|NAME|installer|plan|use this installer: auto (default), pip or uv
--write||write|init|append the table to pyproject.toml, add a reminder
output
-q --quiet||quiet|check verify|show only findings and errors
-q --quiet||quiet|fix diff|print less
-v --verbose||verbose|check verify|show all notes and names
--format|NAME[=FILE]|formats*|check verify|
--exit-zero||exit_zero|check|exit with 0 even if there is drift
--exit-zero||exit_zero|verify|exit with 0 even if there are findings
--top-level||top_level|freeze|leave out what other packages need
--ranges||ranges|freeze|write >= for ==
--color|WHEN|color|colored|use color: auto (default), always or never
--debug||debug|hidden|
"""
# A command behind `;` takes the option, so that an alias with options of `check` works, but has no
# use for it, and does not show it.
_COMMANDS = {
    "all": "check diff fix plan why freeze inspect env verify init remind",
    "hidden": "; check diff fix plan why freeze inspect env verify init remind",
    "of sets": "check diff fix plan why freeze inspect env verify remind",
    "resolving": "check diff fix plan why remind; freeze inspect env",
    "judging": "check diff fix plan remind; why freeze inspect env",
    "of records": "check diff fix plan why freeze env verify; inspect init",
    "colored": "check diff verify; fix plan why freeze inspect env init",
}

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "unlisted": ("auto", "all", "orphans"),
    "installer": ("auto", "pip", "uv"),
    "color": ("auto", "always", "never"),
}


class Options(NamedTuple):
    """All command-line arguments, with the defaults of a bare `reqdrift`.

    `request` is what the run is about, `style` how a report is shown. The other fields are for the
    commands themselves. `formats` are pairs of a format and the file that takes it, '' for standard
    output.
    """

    request: Request = Request()
    style: Style = Style()
    formats: tuple[tuple[FormatName, str], ...] = ()
    exit_zero: bool = False
    cross_check: bool = False
    names: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    write: bool = False
    top_level: bool = False
    ranges: bool = False
    debug: bool = False


class Option(NamedTuple):
    """One row of the table.

    `metavar` is '' for a flag. `shown` are the commands whose help has it, `taken` all that accept
    it. `choices` are its values if there are few.
    """

    names: tuple[str, ...]
    metavar: str
    field: str
    is_repeated: bool
    shown: frozenset[str]
    taken: frozenset[str]
    help: str
    group: str
    choices: tuple[str, ...]


# What each command is for, in the order of the overview.
COMMANDS = {
    "check": "compare the environment with the files (default)",
    "plan": "print commands that make the environment match the files",
    "diff": "show what fix would change, as a patch",
    "fix": "update the files to match the environment",
    "why": "show where projects are listed and what needs them",
    "freeze": "print the environment as a requirements file",
    "inspect": "print the environment as pip's inspect report",
    "env": "show which environment is checked, and why",
    "verify": "compare installed files with the hashes in RECORD",
    "remind": "after a pull, print the command that updates the environment",
    "init": "print a configuration that fits, and the hook's entry",
}


def table() -> tuple[Option, ...]:
    """The rows, in the order of the help."""
    rows, group = [], ""
    for line in _TABLE.splitlines():
        if "|" not in line:
            group = line
            continue
        names, metavar, field, commands, text = (part.strip() for part in line.split("|"))
        shown, _, others = _COMMANDS.get(commands, commands).partition(";")
        choices, is_repeated = _CHOICES.get(field, ()), field.endswith("*")
        value = tuple(names.split()), metavar, field.removesuffix("*"), is_repeated
        taken = frozenset([*shown.split(), *others.split()])
        rows.append(Option(*value, frozenset(shown.split()), taken, text, group, choices))
    return tuple(rows)


def options_of(command: str) -> tuple[Option, ...]:
    """The options that a command accepts."""
    return tuple(option for option in table() if command in option.taken)


def words_of(command: str, request: Request) -> list[str]:
    """The options that a command takes, as they are typed for a request: the inverse of parsing."""
    words = []
    known = {option.field: option for option in options_of(command or "check")}
    for field, default in Request._field_defaults.items():
        value: Any = getattr(request, field)
        if field == "files" or field not in known or value in (default, None, ""):
            continue
        option = known[field]
        name = option.names[0] if option.field == "constraints" else option.names[-1]
        for one in value if option.is_repeated else (value,):
            words.append(name)
            if option.metavar:
                words.append(one if isinstance(one, str) else "=".join(one))
    return words


# A word of these needs no quotes in a shell.
_UNQUOTED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-"


def quoted(word: str) -> str:
    """The word as a shell needs it; what `shlex.quote` returns, which loads `re`."""
    if word and not word.strip(_UNQUOTED):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"


def shell_line(words: Iterable[str]) -> str:
    """The words as a shell reads them."""
    return " ".join(map(quoted, words))


def split_words(text: str) -> list[str] | None:
    """The words of a text as a shell reads them, None if a quote is not closed."""
    # It loads `re`, and few texts have quotes.
    import shlex

    try:
        return shlex.split(text)
    except ValueError:
        return None
