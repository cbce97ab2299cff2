"""The options of a requirements line, read with the parser that pip itself uses for them."""

from __future__ import annotations

import optparse
import shlex

from ..errors import InvalidLineError
from ..model import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import NoReturn

# pip's STRONG_HASHES.
_HASHES = ("sha256", "sha384", "sha512")

_LONGEST = 100_000

# What may follow a requirement; and `-e`, which makes one.
_FOR_ONE = ("hash", "config_settings", "editable")


class Options(NamedTuple):
    """What a line's options say; None is one that is not there, which '' is not.

    `elsewhere` are options that pip obeys only on a line of their own, `leftover` words that it
    never looks at.
    """

    requirement: str | None = None
    constraint: str | None = None
    editable: str | None = None
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
    add("-r", "--requirement", action="append")
    add("-c", "--constraint", action="append")
    add("-e", "--editable", action="append")
    add("--hash", action="append")
    add("-C", "--config-settings", action="append")
    add("-i", "--index-url", "--pypi-url")
    add("-f", "--find-links", action="append")
    for option in ("extra-index-url", "trusted-host", "use-feature"):
        add(f"--{option}", action="append")
    for option in ("no-binary", "only-binary", "all-releases", "only-final"):
        add(f"--{option}", action="append")
    for option in ("no-index", "prefer-binary", "require-hashes", "no-require-hashes", "pre"):
        add(f"--{option}", action="store_true")
    return parser


_PARSER = _build_parser()


def parse_options(text: str) -> Options:
    """Read the options at the end (or on the whole) of a line.

    Raises:
        InvalidLineError: an unknown option, a missing or malformed value, an open quote.
    """
    if len(text) > _LONGEST:
        # The time that `shlex` takes grows with the square of a word's length.
        raise InvalidLineError(f"options of more than {_LONGEST} characters")
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InvalidLineError(f"the options cannot be split: {error}") from None
    values, leftover = _PARSER.parse_args(words)
    _check(values)
    given = [name for name, value in vars(values).items() if value is not None]
    return Options(
        requirement=_first(values.requirement),
        constraint=_first(values.constraint),
        editable=_first(values.editable),
        hashes=tuple(values.hash or ()),
        elsewhere=tuple(f"--{name.replace('_', '-')}" for name in given if name not in _FOR_ONE),
        leftover=(*leftover, *_repeated(values)),
    )


def global_options(text: str) -> tuple[tuple[str, str], ...]:
    """What a line of options sets for the whole run: names and values, '' for a flag's.

    Nothing for an editable or `-r`, beside which pip obeys no other option.

    Raises:
        InvalidLineError: as `parse_options`.
    """
    values, _ = _PARSER.parse_args(shlex.split(text))
    _check(values)
    if values.editable or values.requirement:
        return ()
    given = {n: v for n, v in vars(values).items() if v is not None and n not in _FOR_ONE}
    if values.constraint:
        given = {"constraint": values.constraint[:1]}
    return tuple(
        (f"--{name.replace('_', '-')}", "" if one is True else one)
        for name, value in given.items()
        for one in (value if isinstance(value, list) else [value])
    )


def _first(values: list[str] | None) -> str | None:
    return values[0] if values else None


def _repeated(values: optparse.Values) -> list[str]:
    """Second includes and editables on one line: pip obeys only the first."""
    return [
        word
        for option in (values.editable, values.requirement, values.constraint)
        for word in (option or [])[1:]
    ]


def _check(values: optparse.Values) -> None:
    for value in values.hash or ():
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
