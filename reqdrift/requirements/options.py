"""The options of a requirements line, as pip reads them; comments that say something.

- Options of older versions of pip (`--use-wheel`, `-Z`, `--install-option` and others, in
  `requirements/options.py`, each with the first version of pip that refuses it) are read, with a
  note. `plan` refuses if the installer would, before it uninstalls anything. Options that older
  versions had only on the command line (`--use-mirrors`) are errors, as for every pip.
"""

from __future__ import annotations

# Not `locale`, which loads `re`.
from _locale import getencoding

from ..errors import InvalidLineError
from ..options import split_words
from ..values import TYPE_CHECKING, Lines, Requirement
from ..values.details import Ignore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


# pip's STRONG_HASHES.
_HASHES = ("sha256", "sha384", "sha512")

_LONGEST = 100_000

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
# The names of each option that pip, or any version of it, accepts in a file (SUPPORTED_OPTIONS).
_WITH_VALUE = (
    *("--requirement -r", "--constraint -c", "--editable -e", "--hash", "--config-settings -C"),
    *("--index-url -i --pypi-url", "--find-links -f", "--extra-index-url", "--trusted-host"),
    *("--use-feature", "--no-binary", "--only-binary", "--all-releases", "--only-final"),
    *("--allow-external", "--allow-unverified", "--allow-insecure"),
    *("--install-option", "--global-option"),
)
_FLAGS = ("--no-index", "--prefer-binary", "--require-hashes", "--no-require-hashes", "--pre")
# By each name the first of them, and whether it takes a value.
_KNOWN = {name: (name, False) for name in (*OUTDATED, *_FLAGS)}
_KNOWN |= {name: (names.split()[0], True) for names in _WITH_VALUE for name in names.split()}


def parse_options(text: str) -> tuple[dict[str, list[str]], list[str]]:
    """Read the options at the end (or on the whole) of a line, as optparse and shlex do for pip.

    Returns:
        The values of each option, by its first long name, and the words that pip ignores.

    Raises:
        InvalidLineError: an unknown option, a missing or malformed value, an open quote.
    """
    if len(text) > _LONGEST:
        # The time of `shlex` grows with the square of a word's length.
        raise InvalidLineError(f"options of more than {_LONGEST} characters")
    is_plain = {*"'\"\\\t\r\n"}.isdisjoint(text)
    words = list(filter(None, text.split(" "))) if is_plain else split_words(text)
    if words is None:
        raise InvalidLineError("the options cannot be split: a quote is not closed")
    given: dict[str, list[str]] = {}
    ignored: list[str] = []
    words.reverse()
    while words:
        word = words.pop()
        if word == "--":
            ignored += words[::-1]
            break
        if word[:1] != "-" or word == "-":
            ignored.append(word)
            continue
        is_long = word.startswith("--")
        typed, joined, value = word.partition("=") if is_long else (word[:2], word[2:], word[2:])
        name, takes_value = _option(typed)
        if not takes_value and joined:
            if is_long:
                raise _refused(f"{name} option does not take a value")
            words.append(f"-{value}")
        elif takes_value and not joined:
            if not words:
                raise _refused(f"{typed} option requires 1 argument")
            value = words.pop()
        given.setdefault(name, []).append(value)
    _check(given)
    return given, ignored


def _option(typed: str) -> tuple[str, bool]:
    """An option by its name, or by the beginning of a long one."""
    if typed in _KNOWN:
        return _KNOWN[typed]
    meant = sorted(name for name in _KNOWN if typed[:2] == "--" and name.startswith(typed))
    if len(meant) > 1:
        raise _refused(f"ambiguous option: {typed} ({', '.join(meant)}?)")
    if not meant:
        raise _refused(f"no such option: {typed}")
    return _KNOWN[meant[0]]


def _refused(message: str) -> InvalidLineError:
    return InvalidLineError(message, "see pip's 'Requirements File Format'")


def _check(given: Mapping[str, Sequence[str]]) -> None:
    for value in given.get("--hash", ()):
        algorithm, colon, _ = value.partition(":")
        if not colon:
            raise InvalidLineError(
                f"'--hash={value}' has no algorithm", "write '--hash=sha256:...'"
            )
        if algorithm not in _HASHES:
            raise InvalidLineError(f"'{algorithm}' is not a hash that pip allows", "use sha256")
    for value in given.get("--config-settings", ()):
        if "=" not in value:
            raise InvalidLineError(f"'--config-settings {value}' must have the form KEY=VALUE")
    for option in ("--no-binary", "--only-binary", "--all-releases", "--only-final"):
        if any(value.startswith("-") for value in given.get(option, ())):
            raise InvalidLineError(f"option {option} requires 1 argument")


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
    for line in raw.splitlines():
        before, mark, wish = line.partition("reqdrift:")
        comment = before.rstrip()
        if mark and comment.endswith("#") and not comment[:-1][-1:].strip():
            gap = before[len(comment) :]
            return Ignore(f"'#{gap}reqdrift:{wish.rstrip()}'", _kinds(wish.strip()))
    return None


def _kinds(wish: str) -> frozenset[str]:
    if wish.split()[:1] == ["ignore"]:
        return frozenset()
    kinds, bracket, rest = wish.removeprefix("ignore[").partition("]")
    if not (wish.startswith("ignore[") and bracket) or rest[:1].strip():
        return frozenset({""})
    return frozenset(kind.strip() for kind in kinds.split(","))


def encoding_of(data: bytes) -> str:
    """What a comment in the first two lines declares (PEP 263), else UTF-8, else the locale's."""
    for line in data.split(b"\n", 2)[:2]:
        declared = line.replace(b"=", b":").partition(b"coding:")[2].split()
        if line.startswith(b"#") and declared:
            return declared[0].decode("ascii", "replace").rstrip(":;,*")
    try:
        data.decode()
    except UnicodeDecodeError:
        return getencoding()
    return "utf-8"
