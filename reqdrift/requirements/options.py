"""The options of a requirements line, parsed with optparse and shlex as pip does.

- Options of older versions of pip (`--use-wheel`, `-Z`, `--install-option` and others, in
  `requirements/options.py`, each with the first version of pip that refuses it) are read, with a
  note. `plan` refuses if the installer would, before it uninstalls anything. Options that older
  versions had only on the command line (`--use-mirrors`) are errors, as for every pip.
"""

from __future__ import annotations

import locale
import optparse
import re
import shlex

from ..errors import InvalidLineError
from ..values import TYPE_CHECKING, Lines, NamedTuple, Requirement
from ..values.details import Ignore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import NoReturn


# pip's STRONG_HASHES.
_HASHES = ("sha256", "sha384", "sha512")

_LONGEST = 100_000

# What may follow a requirement; and `-e`, which makes one.
_FOR_ONE = ("hash", "config_settings", "editable")

# Options of older versions of pip, and the first pip that refuses them.
OUTDATED = {
    **dict.fromkeys(("--use-wheel", "--no-use-wheel", "--allow-external"), "10"),
    **dict.fromkeys(("--allow-all-external", "--no-allow-external"), "10"),
    **dict.fromkeys(("--allow-unverified", "--allow-insecure", "--no-allow-insecure"), "10"),
    "--process-dependency-links": "19",
    **dict.fromkeys(("-Z", "--always-unzip"), "20.2"),
    "--install-option": "23.1",
    "--global-option": "25.3",
}
_OUTDATED_WITH_VALUE = (
    *("--allow-external", "--allow-unverified", "--allow-insecure"),
    *("--install-option", "--global-option"),
)
# Messages name them in this order.
_WITH_VALUE = (
    *("-r --requirement", "-c --constraint", "-e --editable", "--hash", "-C --config-settings"),
    *("-i --index-url --pypi-url", "-f --find-links", "--extra-index-url", "--trusted-host"),
    *("--use-feature", "--no-binary", "--only-binary", "--all-releases", "--only-final"),
)


class Options(NamedTuple):
    """The options of a line; None if an option is not there, unlike ''.

    `elsewhere` are options that pip uses only on a separate line, `leftover` words that it ignores,
    `outdated` options that it no longer reads, each with the first version that refuses it.
    """

    requirement: str | None = None
    constraint: str | None = None
    editable: str | None = None
    hashes: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()
    outdated: tuple[tuple[str, str], ...] = ()


class _Parser(optparse.OptionParser):
    def error(self, msg: str) -> NoReturn:
        raise InvalidLineError(msg, "see pip's 'Requirements File Format'")


def _build_parser() -> _Parser:
    """The options that pip, or any version of it, accepts in a file (its SUPPORTED_OPTIONS)."""
    parser = _Parser(add_help_option=False)
    for names in _WITH_VALUE:
        action = "store" if names.startswith("-i ") else "append"
        parser.add_option(*names.split(), action=action)
    for name in ("no-index", "prefer-binary", "require-hashes", "no-require-hashes", "pre"):
        parser.add_option(f"--{name}", action="store_true")
    for name in OUTDATED:
        action = "append" if name in _OUTDATED_WITH_VALUE else "store_true"
        parser.add_option(name, dest=name, action=action)
    return parser


_PARSER = _build_parser()


def parse_options(text: str) -> Options:
    """Read the options at the end (or on the whole) of a line.

    Raises:
        InvalidLineError: an unknown option, a missing or malformed value, an open quote.
    """
    if len(text) > _LONGEST:
        # The time of `shlex` grows with the square of a word's length.
        raise InvalidLineError(f"options of more than {_LONGEST} characters")
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InvalidLineError(f"the options cannot be split: {error}") from None
    values, leftover = _PARSER.parse_args(words)
    _check(values)
    given = [name for name, value in vars(values).items() if value is not None]
    # Of several editables or includes on one line, pip uses only the first.
    editable, requirement, constraint = (
        found or [None] for found in (values.editable, values.requirement, values.constraint)
    )
    return Options(
        requirement=requirement[0],
        constraint=constraint[0],
        editable=editable[0],
        hashes=tuple(values.hash or ()),
        elsewhere=tuple(
            f"--{name.replace('_', '-')}"
            for name in given
            if name not in _FOR_ONE and name not in OUTDATED
        ),
        leftover=(*leftover, *editable[1:], *requirement[1:], *constraint[1:]),
        outdated=tuple((name, OUTDATED[name]) for name in given if name in OUTDATED),
    )


def _check(values: optparse.Values) -> None:
    for value in values.hash or ():
        algorithm, colon, _ = value.partition(":")
        if not colon:
            raise InvalidLineError(
                f"'--hash={value}' does not name its algorithm", "write '--hash=sha256:...'"
            )
        if algorithm not in _HASHES:
            raise InvalidLineError(
                f"'{algorithm}' is not a hash algorithm that pip allows", f"use {_HASHES[0]}"
            )
    for value in values.config_settings or ():
        if "=" not in value:
            raise InvalidLineError(f"'--config-settings {value}' must have the form KEY=VALUE")
    for option in ("no_binary", "only_binary", "all_releases", "only_final"):
        if any(value.startswith("-") for value in getattr(values, option) or ()):
            raise InvalidLineError(f"option --{option.replace('_', '-')} requires 1 argument")


_COMMENT = re.compile(r"(?:^|\s)#\s*reqdrift:(?P<wish>.*)")
_WISH = re.compile(r"\s*ignore(?:\[(?P<kinds>[^\]]*)\])?(?=\s|$)")


def read_ignores(lines: Iterable[Requirement]) -> Iterator[Requirement]:
    """The requirements, with their ignore comments."""
    for line in lines:
        if line.ignore is None and isinstance(line.origin, Lines):
            line = line._replace(ignore=read_ignore(line.origin.raw))
        yield line


def read_ignore(raw: str) -> Ignore | None:
    """The ignore comment in the physical lines of a requirement, None if there is none.

    A comment that cannot be parsed ignores nothing: its only kind is ''.
    """
    found = _COMMENT.search(raw)
    return Ignore(f"'{found[0].strip()}'", _kinds(found["wish"])) if found else None


def _kinds(wish: str) -> frozenset[str]:
    found = _WISH.match(wish)
    if found is None:
        return frozenset({""})
    if found["kinds"] is None:
        return frozenset()
    return frozenset(kind.strip() for kind in found["kinds"].split(","))


def encoding_of(data: bytes) -> str:
    """What a comment in the first two lines declares (PEP 263), else UTF-8, else the locale's."""
    for line in data.split(b"\n", 2)[:2]:
        if line.startswith(b"#") and (found := re.search(rb"coding[:=]\s*([-\w.]+)", line)):
            return found[1].decode("ascii")
    try:
        data.decode()
    except UnicodeDecodeError:
        return locale.getencoding()
    return "utf-8"
