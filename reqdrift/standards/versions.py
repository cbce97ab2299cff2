"""Versions, specifiers and names of archives (PEP 440), without `packaging`.

The answers are those of packaging 26.3 with pre-releases allowed. A version is every version of PEP
440 in ASCII whose numbers Python converts. A specifier is a list of comparisons with such versions,
or with `.*` after digits and dots; after `==` and `!=`, the version may have a local label:
`==1.0+cpu`. White space in it is spaces.

Older releases of packaging answer differently in rare cases, and no verdict may depend on that. Up
to 26.2: `~=` with a suffix that is not in its normal spelling (`~=1.0.RC1`), and specifiers with
nothing between their limits (`>1.0,<=1.0.post1`). Up to 26.0: also `<` and `>` next to pre- and
post-releases (`<1.post1` and 1rc1), `===` (`===0.0` and 0.00), and comparisons that are repeated.
"""

from __future__ import annotations

import os

from .._record import TYPE_CHECKING, NamedTuple, unchecked
from ..errors import InvalidLineError
from . import canonical_name, is_project_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeVar

    _Question = TypeVar("_Question", bound=Callable[..., Any])
    Release = tuple[int, ...]
    # Rank and number of the pre-release, of the post-release and of the development release.
    Suffix = tuple[int, int, int, int, int, int]
    # The epoch comes first.
    Key = tuple[int, Release, Suffix]


OPERATORS = frozenset(("==", "===", "!=", ">=", "<=", "~=", ">", "<"))

# For each word, the place of its rank in a Suffix, and the rank. The order is 1.0.dev1, 1.0a1,
# 1.0b1, 1.0rc1, 1.0, 1.0.post1, and X.dev1 comes before X.
_WORDS = {
    **dict.fromkeys(("a", "alpha"), (0, 0)),
    **dict.fromkeys(("b", "beta"), (0, 1)),
    **dict.fromkeys(("rc", "c", "pre", "preview"), (0, 2)),
    **dict.fromkeys(("post", "rev", "r"), (2, 1)),
    "dev": (4, 0),
}
_FINAL = (3, 0, 0, 0, 1, 0)
_DEV0 = (-1, 0, 0, 0, 0, 0)

_ENDLESS: int = float("inf")  # type: ignore[assignment] # it is only compared
_LEAST: Key = (0, (), _DEV0)
_END: Key = (_ENDLESS, (), _DEV0)


class Clause(NamedTuple):
    """One comparison of a specifier.

    It allows the versions from `low` up to but not including `high`; if `inside` is False, all
    others. No limit lies between a version and its local builds, but `label` allows (or excludes)
    only the builds with this label, in normal form.
    """

    operator: str
    version: str
    low: Key
    high: Key
    inside: bool
    label: str


_clause = unchecked(Clause)

# So many answers to each question are kept.
MOST_REMEMBERED = 5000


def remembered(question: _Question) -> _Question:
    """The question, asked once: files and metadata repeat their few texts very often."""
    answers: dict[tuple[object, ...], object] = {}

    def ask(*asked: object) -> object:
        try:
            return answers[asked]
        except KeyError:
            if len(answers) >= MOST_REMEMBERED:
                answers.clear()
            answer = answers[asked] = question(*asked)
            return answer

    return ask  # type: ignore[return-value]


@remembered
def sort_key(version: str) -> Key | None:
    """A value that orders versions without local labels, and is equal for equal versions."""
    parsed = _parse(version)
    return _key(*parsed) if parsed else None


def normal_version(version: str) -> str:
    """The version in PEP 440's normal form, '' if it is not valid."""
    public, plus, label = version.strip().partition("+")
    parsed, label = _parse(public), _normal_label(label)
    if not parsed or (plus and not label):
        return ""
    return _spell(*parsed) + plus + label


def satisfies(version: str, specifier: str) -> bool:
    """Whether the specifier allows an installed version, pre-releases allowed.

    A version outside PEP 440 satisfies only `===` and an empty specifier.
    """
    clauses = parse_specifier(specifier)
    return clauses is not None and all_allow(clauses, version)


def all_allow(clauses: Iterable[Clause], version: str) -> bool:
    """Whether each comparison allows an installed version."""
    public, plus, label = version.partition("+")
    key = sort_key(public)
    if plus and not (label := _normal_label(label)):
        key = None
    for clause in clauses:
        if clause.operator == "===":
            if clause.version.lower() != version.lower():
                return False
            continue
        if key is None:
            return False
        is_inside = clause.low <= key < clause.high and clause.label in ("", label)
        if is_inside is not clause.inside:
            return False
    return True


def is_specifier(text: str) -> bool:
    """Whether the specifier is valid by PEP 440."""
    return parse_specifier(text) is not None


def is_pinned(specifier: str) -> bool:
    """Whether the specifier fixes one release: `===`, or `==` without `.*`."""
    return any(
        clause.operator == "===" or (clause.operator == "==" and clause.version[-1] != "*")
        for clause in parse_specifier(specifier) or ()
    )


def normal_form(specifier: str) -> object:
    """A value that is equal for two spellings of one specifier: `==1.0` and `==1`."""
    clauses = parse_specifier(specifier)
    return specifier if clauses is None else tuple(sorted(_distinct(clauses)))


def spell_specifier(clauses: tuple[Clause, ...]) -> str:
    """A specifier as packaging writes it: sorted, without spaces and repetitions."""
    texts = [clause.operator + clause.version for clause in clauses]
    if len({clause.operator for clause in clauses}) < len(clauses):  # two may mean the same
        texts = [*_distinct(clauses).values()]
    return ",".join(sorted(texts))


def is_unsatisfiable(specifiers: Iterable[str]) -> bool:
    """Whether no version can satisfy all the specifiers at once; one that is none allows all."""
    joined = ",".join(specifiers)
    clauses = parse_specifier(joined) or ()
    for clause in clauses:
        if clause.operator == "===" or (clause.inside and clause.label):
            return not satisfies(clause.version, joined)  # there is only one candidate
    low = max((clause.low for clause in clauses if clause.inside), default=_LEAST)
    high = min((clause.high for clause in clauses if clause.inside), default=_END)
    exclusions = [clause for clause in clauses if not (clause.inside or clause.label)]
    for excluded in sorted((clause.low, clause.high) for clause in exclusions):
        if low < excluded[0]:
            break
        low = max(low, excluded[1])
    return low >= high


_ENDINGS = ".zip .whl .tar.bz2 .tbz .tar.gz .tgz .tar .tar.xz .txz .tlz .tar.lz .tar.lzma"
_ARCHIVES = frozenset(_ENDINGS.split())


def is_archive(path: str) -> bool:
    """Whether the name has the extension of a wheel or source archive."""
    base, ending = os.path.splitext(path.rstrip("/").lower())
    return (f".tar{ending}" if base.endswith(".tar") else ending) in _ARCHIVES


_SDIST_ENDINGS = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz")


def wheel_name(filename: str) -> tuple[str, ...]:
    """The project and version in a wheel's file name, perhaps with a build number; () for others.

    Raises:
        InvalidLineError: it ends in `.whl`, but is not valid.
    """
    if os.path.splitext(filename)[1] != ".whl":
        return ()
    parts = filename.removesuffix(".whl").split("-")
    if len(parts) in (5, 6):
        name, version, *build, interpreters, abis, platforms = parts
        normal, labels = normal_version(version), f"{abis}.{platforms}".split(".")
        is_name = is_project_name(name) and "__" not in name
        is_tag = all(map(str.isidentifier, interpreters.split("."))) and all(labels)
        if normal and is_name and is_tag and all(part[:1].isdigit() for part in build):
            return canonical_name(name), normal
    raise InvalidLineError(f"invalid wheel filename: '{filename}'")


def sdist_name(filename: str) -> tuple[str, ...]:
    """The project and version in a source archive's file name, () if it does not have both."""
    ending = next(filter(filename.endswith, _SDIST_ENDINGS), "")
    name, _, version = filename.removesuffix(ending).rpartition("-")
    normal = normal_version(version) if ending and is_project_name(name) else ""
    return (canonical_name(name), normal) if normal else ()


@remembered
def parse_specifier(specifier: str) -> tuple[Clause, ...] | None:
    """The comparisons of a specifier; an empty one has none."""
    clauses = []
    for text in specifier.split(","):
        if text := text.strip(" "):
            clause = parse_clause(text)
            if clause is None:
                return None
            clauses.append(clause)
    return tuple(clauses)


def parse_clause(text: str) -> Clause | None:
    """One comparison with a version, or with a series of versions: `==1.0.*`."""
    version = text[3:] if text[:3] == "===" else text.lstrip("<>=!~")
    operator, version = text[: len(text) - len(version)], version.strip(" ")
    is_series = version.endswith(".*")
    public, plus, label = version.partition("+")
    parsed = _parse(public[:-2] if is_series else public)
    if operator == "===" and is_word(version) and not (";" in version or ")" in version):
        return _clause((operator, version, _LEAST, _END, True, ""))
    if parsed is None or operator not in OPERATORS:
        return None
    if plus:
        label = _normal_label(label)
        if not label or operator not in ("==", "!="):
            return None
    epoch, release, suffix = parsed
    key = _key(epoch, release, suffix)
    low, high = _LEAST, _END
    if is_series:
        if suffix is not _FINAL or plus or operator not in ("==", "!="):
            return None
        low, high = (epoch, key[1], _DEV0), _next_series(epoch, release)
    elif operator == ">=":
        low = key
    elif operator in ("==", "!="):
        low, high = key, _after(*key)
    elif operator == "<":
        high = _before_prereleases(*key)
    elif operator == "<=":
        high = _after(*key)
    elif operator == ">":
        low = _after_posts(*key)
    elif operator == "~=":
        if len(release) < 2:
            return None
        low, high = key, _next_series(epoch, release[:-1])
    return _clause((operator, version, low, high, operator != "!=", label))


def _parse(version: str) -> Key | None:
    """The epoch, the numbers of the release, and what follows them."""
    if not version.isascii():
        return None
    epoch, release, suffix = "0", version, _FINAL
    try:
        if not version.replace(".", "").isdigit():
            if version[:1] in ("v", "V"):
                version = version[1:]
            if "!" in version:
                epoch, _, version = version.partition("!")
            rest = version.lstrip("0123456789.")
            release = version[: len(version) - len(rest)]
            if rest:
                if release[-1:] == ".":
                    release, rest = release[:-1], f".{rest}"
                suffix = _parse_suffix(rest.lower())
        if not epoch.isdigit():
            return None
        return int(epoch), tuple(map(int, release.split("."))), suffix
    except ValueError:  # also a number with too many digits
        return None


def _parse_suffix(text: str) -> Suffix:
    """The ranks and numbers of `rc1.post2.dev3`; ValueError for any other text."""
    suffix = [*_FINAL]
    last = -1
    while text:
        if text[0] == "-" and text[1:2].isdigit():  # `1.0-1` is `1.0.post1`
            text = f"post{text[1:]}"
        if text[0] in "-_.":
            text = text[1:]
        rest = text.lstrip("abcdefghijklmnopqrstuvwxyz")
        word = text[: len(text) - len(rest)]
        if word not in _WORDS:  # perhaps several: `1.0adev1`
            word = max(filter(word.startswith, _WORDS), key=len, default="")
            rest = text[len(word) :]
        place, rank = _WORDS.get(word, (-1, 0))
        if place <= last:
            raise ValueError
        if rest[:1] in "-_." and (rest[1:2].isdigit() or rest[1:2] in "-_."):
            rest = rest[1:]
        text = rest.lstrip("0123456789")
        suffix[place : place + 2] = rank, int(rest[: len(rest) - len(text)] or 0)
        last = place
    pre, pre_number, post, post_number, is_final, dev = suffix
    if not is_final and not post and pre == 3:
        pre = -1
    return pre, pre_number, post, post_number, is_final, dev


def is_word(text: str) -> bool:
    """Whether the text has neither white space nor control characters; it may be empty."""
    return text.isprintable() and " " not in text


def _normal_label(text: str) -> str:
    """A local label as PEP 440 spells it, '' if it is none or empty."""
    if text.isdigit() and text[0] != "0" and text.isascii():
        return text
    parts = text.lower().replace("-", ".").replace("_", ".").split(".")
    if not text.isascii() or not all(map(str.isalnum, parts)):
        return ""
    return ".".join((part.lstrip("0") or "0") if part.isdigit() else part for part in parts)


def _key(epoch: int, release: Release, suffix: Suffix) -> Key:
    """The version without zeros at the end of its release, which do not count."""
    end = len(release)
    while end and not release[end - 1]:
        end -= 1
    return epoch, release[:end], suffix


def _next_series(epoch: int, release: Release) -> Key:
    """The first version after all that start with the release: 1.3.dev0 for 1.2."""
    return epoch, (*release[:-1], release[-1] + 1), _DEV0


def _after(epoch: int, release: Release, suffix: Suffix) -> Key:
    """The first version after this one and its local builds: 1.0.post0.dev0 for 1.0."""
    pre, pre_number, post, post_number, is_final, dev = suffix
    if not is_final:
        return epoch, release, (*suffix[:5], dev + 1)
    return epoch, release, (pre, pre_number, 1, post_number + post, 0, 0)


def _after_posts(epoch: int, release: Release, suffix: Suffix) -> Key:
    """The first version that `>` allows; post-releases count only if it names one."""
    pre, pre_number, post, _, is_final, _ = suffix
    if post or not is_final:
        return _after(epoch, release, suffix)
    # A final release has no next version; this key is just greater than all its post-releases'.
    return epoch, release, (pre, pre_number + 1, 0, 0, 0, 0)


def _before_prereleases(epoch: int, release: Release, suffix: Suffix) -> Key:
    """The first version that `<` does not allow; pre-releases are allowed only if it names one."""
    pre, pre_number, post, post_number, is_final, _ = suffix
    if pre < 3 or not is_final:
        return epoch, release, suffix
    return epoch, release, (pre, pre_number, post, post_number, 0, 0) if post else _DEV0


def _distinct(clauses: Iterable[Clause]) -> dict[tuple[object, ...], str]:
    """The text of each comparison by what it means, in packaging's order."""
    distinct: dict[tuple[object, ...], str] = {}
    for text, clause in sorted((clause.operator + clause.version, clause) for clause in clauses):
        is_text = clause.operator == "===" or clause.version[-1:] == "*"
        exact = clause.version if is_text else clause.label
        if clause.operator == "<" and "dev" in clause.version.lower():
            exact = "dev"  # packaging keeps `<1.0` and `<1.0.dev0`, which mean the same
        distinct.setdefault((clause.operator, clause.low, clause.high, exact), text)
    return distinct


def _spell(epoch: int, release: Release, suffix: Suffix) -> str:
    pre, pre_number, post, post_number, is_final, dev = suffix
    text = f"{epoch}!" * bool(epoch) + ".".join(map(str, release))
    if 0 <= pre < 3:
        text += f"{('a', 'b', 'rc')[pre]}{pre_number}"
    if post:
        text += f".post{post_number}"
    return text if is_final else f"{text}.dev{dev}"
