"""The options of a requirements line, read with the parser that pip itself uses for them."""

from __future__ import annotations

import optparse
import shlex
from typing import NoReturn

from ..errors import InvalidLineError
from ..model import NamedTuple

# pip's STRONG_HASHES.
_HASHES = ("sha256", "sha384", "sha512")


class Options(NamedTuple):
    """What a line's options say.

    `elsewhere` are options that pip obeys only on a line of their own, `leftover` words that it
    never looks at.
    """

    requirements: str = ""
    constraints: str = ""
    editable: str = ""
    hashes: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()


class _Parser(optparse.OptionParser):
    def error(self, msg: str) -> NoReturn:
        raise InvalidLineError(msg, "see pip's 'Requirements File Format'")


def _build_parser() -> _Parser:
    """The options that pip accepts in a requirements file (its SUPPORTED_OPTIONS)."""
    parser = _Parser(add_help_option=False)
    add = parser.add_option
    add("-r", "--requirement", action="append", dest="requirements")
    add("-c", "--constraint", action="append", dest="constraints")
    add("-e", "--editable", action="append", dest="editables")
    add("--hash", action="append", dest="hashes")
    add("-C", "--config-settings", action="append", dest="config_settings")
    add("-i", "--index-url", "--pypi-url", dest="index_url")
    add("-f", "--find-links", action="append", dest="find_links")
    for option in ("extra-index-url", "trusted-host", "use-feature"):
        add(f"--{option}", action="append")
    for option in ("no-binary", "only-binary", "all-releases", "only-final"):
        add(f"--{option}", action="append", dest=option.replace("-", "_"))
    for option in ("no-index", "prefer-binary", "require-hashes", "no-require-hashes", "pre"):
        add(f"--{option}", action="store_true")
    return parser


def parse_options(text: str) -> Options:
    """Read the options at the end (or on the whole) of a line.

    Raises:
        InvalidLineError: an unknown option, a missing or malformed value, an open quote.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InvalidLineError(f"the options cannot be split: {error}") from None
    values, leftover = _build_parser().parse_args(words)
    _check(values)
    own_line = {name: value for name, value in vars(values).items() if value}
    for name in ("editables", "hashes", "config_settings"):
        own_line.pop(name, None)
    return Options(
        requirements=_first(values.requirements),
        constraints=_first(values.constraints),
        editable=_first(values.editables),
        hashes=tuple(values.hashes or ()),
        elsewhere=tuple(f"--{name.replace('_', '-')}" for name in own_line),
        leftover=(*leftover, *_repeated(values)),
    )


def _first(values: list[str] | None) -> str:
    return values[0] if values else ""


def _repeated(values: optparse.Values) -> list[str]:
    """Second includes and editables on one line: pip obeys only the first."""
    repeated = [
        word
        for option in (values.editables, values.requirements, values.constraints)
        for word in (option or [])[1:]
    ]
    if values.requirements and values.constraints:
        repeated.append(values.constraints[0])
    return repeated


def _check(values: optparse.Values) -> None:
    for value in values.hashes or ():
        algorithm, colon, _ = value.partition(":")
        if not colon:
            raise InvalidLineError(
                f"'--hash={value}' does not name its algorithm", "write '--hash=sha256:...'"
            )
        if algorithm not in _HASHES:
            raise InvalidLineError(f"'{algorithm}' is no hash that pip allows", f"use {_HASHES[0]}")
    for value in values.config_settings or ():
        if "=" not in value:
            raise InvalidLineError(f"'--config-settings {value}' must have the form KEY=VALUE")
    for option in ("no_binary", "only_binary", "all_releases", "only_final"):
        if any(value.startswith("-") for value in getattr(values, option) or ()):
            raise InvalidLineError(f"option --{option.replace('_', '-')} requires 1 argument")
