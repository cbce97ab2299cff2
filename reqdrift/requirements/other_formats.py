"""Files of other tools, which are not in pip's format, recognized by name or content.

- Files of other tools (`uv.lock`, `poetry.lock`, `pyproject.toml`, `environment.yml` and
  others, in the table in `requirements/other_formats.py`) are refused by name, with the command
  that exports them. Files of any other name are read in pip's format (`requirements.lock`,
  `/dev/null`). If lines cannot be read and the whole file parses as TOML or JSON, that is the only
  error. A device or pipe (`<(pip freeze)`) belongs to the project in the working directory.
"""

from __future__ import annotations

import os

from ..errors import ReqdriftError
from ..files import entries_of
from ..kinds import closest
from ..options import quoted
from ..standards import plain_toml

# For formats without export: an environment that was made from it can be printed.
_FREEZE = "print what is installed: reqdrift freeze > requirements.txt"


def _export(command: str, *, verb: str = "export", into: str = "-o", needs: str = "") -> str:
    """How to export a file, and how to check it without writing one."""
    how = f"{verb} it: {command} {into} requirements.txt{needs}"
    return f"{how}, or pipe it: {command} | reqdrift -"


_COMPILE = _export("uv pip compile {path}", verb="compile")
_PIPENV = _export("pipenv requirements", into=">")

# The name of a file -> what it is, and what to type.
_KNOWN = {
    "uv.lock": ("a lock file of uv", _export("uv export")),
    "poetry.lock": (
        "a lock file of poetry",
        _export("poetry export", needs=" (with the plugin poetry-plugin-export)"),
    ),
    "pdm.lock": ("a lock file of pdm", _export("pdm export")),
    "Pipfile.lock": ("a lock file of pipenv", _PIPENV),
    "Pipfile": ("a file of pipenv", _PIPENV),
    "pyproject.toml": ("a project's configuration", _COMPILE),
    "setup.cfg": ("a project's configuration", _COMPILE),
    "setup.py": ("a program", _COMPILE),
    "environment.yml": ("a file of conda", _FREEZE),
    "environment.yaml": ("a file of conda", _FREEZE),
    "conda-lock.yml": ("a lock file of conda-lock", _FREEZE),
    "pixi.lock": ("a lock file of pixi", _FREEZE),
    "pixi.toml": ("a file of pixi", _FREEZE),
}


def refuse_by_name(path: str) -> None:
    """Raises ReqdriftError for a file with a name that another tool uses."""
    name = os.path.basename(path)
    known = "conda-lock.yml" if name.endswith(".conda-lock.yml") else name
    if known in _KNOWN:
        what, way_out = _KNOWN[known]
        hint = way_out.format(path=quoted(os.path.relpath(path)))
        raise ReqdriftError(f"this is {what}, not a requirements file", hint)


# Longer texts are not parsed only for a better message.
_LONGEST = 4 * 1024 * 1024


def other_format(text: str) -> str:
    """The format of an unreadable file, '' if it may be a requirements file with errors."""
    found = _format_of(text)
    return found and f"this is {found}, not a requirements file; export it to a requirements.txt"


def _format_of(text: str) -> str:
    """`JSON` or `TOML` for a text that is clearly that, otherwise ''."""
    start, end = "".join(text.lstrip()[:100].split())[:2], text.rstrip()[-1:]
    if (start, end) in (('{"', "}"), ("[{", "]"), ('["', "]"), ("[[", "]")):
        return "JSON"
    # `six = 1` is TOML too, and more likely a mistake in a requirements file.
    if "\n[" not in f"\n{text}" or len(text) > _LONGEST:
        return ""
    try:
        plain_toml.any_tables(text)
    except (ValueError, RecursionError):
        return ""
    return "TOML"


def similar_file(path: str) -> str:
    """The name of what was probably meant in the same folder, '' if there is nothing like it."""
    folder, name = os.path.split(path)
    return closest(name, entries_of(folder), 0.8)
