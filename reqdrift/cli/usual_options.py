"""The usual options of `check`, read without argparse, which costs as much as the whole run.

Whatever is not spelled in the usual way is left to `options`: its help and its errors are the only
ones there are.
"""

from __future__ import annotations

from ..report import FORMATS
from ..values import TYPE_CHECKING
from .arguments import Options, options_from

if TYPE_CHECKING:
    from typing import Any

# Option -> field of the options: those that stand alone, and those that take the next word.
_FLAGS = {
    "-q": "quiet",
    "--quiet": "quiet",
    "-v": "verbose",
    "--verbose": "verbose",
    "--exit-zero": "exit_zero",
}
_VALUES = {
    "--python": "python",
    "--installed": "installed",
    "--python-version": "python_version",
    "--platform": "platform",
    "--unlisted": "unlisted",
    "--set": "set_name",
    "-c": "constraints",
    "--constraint": "constraints",
    "--ignore": "ignore",
    "--stdlib": "stdlib",
    "--severity": "severity",
    "--format": "formats",
}
# What may be given several times; of the others the last counts.
_REPEATED = frozenset(("constraints", "ignore", "stdlib", "severity", "formats", "installed"))


def read_usual(words: list[str]) -> Options | None:
    """What `options.parse` returns for these words after `check`, or None: it has to read them."""
    values: dict[str, Any] = {}
    files: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word[:1] != "-":
            if word == "":
                return None
            files.append(word)
        elif word in _FLAGS:
            values[_FLAGS[word]] = True
        else:
            name, is_joined, text = word.partition("=")
            field = _VALUES.get(name)
            if field is None or (is_joined and name == "-c"):
                return None
            if not is_joined:
                if at == len(words):
                    return None
                text = words[at]
                at += 1
            value = _value(field, text)
            if value is None:
                return None
            values[field] = (*values.get(field, ()), value) if field in _REPEATED else value
    # Options that do not fit together.
    wrong = {"python"} if "installed" in values else {"python_version", "platform"}
    if wrong & values.keys():
        return None
    return options_from({"files": tuple(files), **values})


def _value(field: str, text: str) -> object:
    """The value of an option, None if it is not usual."""
    if field == "installed" and text == "-":
        return text
    if text[:1] in ("", "-"):
        return None
    if field == "unlisted":
        return text if text in ("auto", "all", "orphans") else None
    if field == "formats":
        return (text, "") if text in FORMATS or text == "auto" else None
    if field == "severity":
        # A clean run mostly has no use for them.
        from ..kinds import KINDS, LEVELS

        kind, _, level = text.partition("=")
        return (kind, level) if kind in KINDS and level in LEVELS else None
    return text
