"""What depends on the checked Python: environment markers (PEP 508), and its standard library.

Also requirements, which may have a marker. All is of the ordinary grammar, without `packaging`.

- Markers use the values of the checked Python, as its own pip does: before Python 3.3
  `sys_platform` is `linux2` on Linux, and `implementation_name` is empty. A virtualenv with the
  Windows layout has the values of Windows wherever it is read. Otherwise `platform_*`, `os_name`
  and `sys_platform` are those of this host. If a verdict depends on the patch version, it is that
  in the header file of the base Python. If there is none, the base interpreter is started once.
  Nothing of a base inside the repository is used.
- Standard library: a requirement that is not installed, and whose name as written is a
  top-level module of the *checked* Python, is a note. Projects that only share such a name are
  `missing` (`LIVE_PROJECTS` in `standards/markers.py`, each with its reason). `argparse`, `wsgiref`
  and `python` that are installed but unlisted are a note: pip never lists them.
"""

from __future__ import annotations

import os
import sys

from .._record import TYPE_CHECKING, NamedTuple, unchecked
from ..errors import InvalidLineError
from ..values import Python
from . import canonical_name, is_project_name, versions
from .versions import OPERATORS, all_allow, is_word, parse_clause, parse_specifier, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .versions import Clause

    Alternatives = list[list["Comparison | Alternatives"]]


OF_RELEASE = ("python_full_version", "implementation_version")
VERSION_VARIABLES = frozenset(("python_version", "platform_release", *OF_RELEASE))
VARIABLES = VERSION_VARIABLES | {
    *("sys_platform", "platform_system", "platform_machine", "platform_version", "os_name"),
    *("platform_python_implementation", "implementation_name", "extra"),
}
# They are read everywhere, but have a value in lock files only.
OF_LOCKS = ("extras", "dependency_groups")
# Names from before PEP 508.
_ALIASES = {
    "os.name": "os_name",
    "sys.platform": "sys_platform",
    "platform.version": "platform_version",
    "platform.machine": "platform_machine",
    "platform.python_implementation": "platform_python_implementation",
    "python_implementation": "platform_python_implementation",
}
_AROUND_WORDS = str.maketrans("()\"'", "    ")
_NAME = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
# The caller may have a limit of its own for what packaging reads.
_LONGEST = 1000
_MOST_NESTED = 10


class PlainRequirement(NamedTuple):
    """What a line asks for; what it does not say is empty.

    `name`, `extras` and `marker` are as written, the extras sorted and without repetitions.
    `specifier` is as packaging writes it.
    """

    name: str
    extras: tuple[str, ...] = ()
    specifier: str = ""
    marker: str = ""
    url: str = ""


class Comparison(NamedTuple):
    """A variable and a literal; `flipped` if the literal comes first.

    `clauses` holds the operator and the literal where they limit a version.
    """

    variable: str
    operator: str
    literal: str
    flipped: bool
    clauses: tuple[Clause, ...]


_requirement = unchecked(PlainRequirement)
_comparison = unchecked(Comparison)


def parse_requirement(text: str) -> PlainRequirement | None:
    """Read a Requires-Dist, or a line of a requirements file without comment and options."""
    if len(text) > _LONGEST:
        return None
    body, semicolon, marker = text.partition(";")
    if "@" in body:  # a URL may hold a semicolon; the one before a marker is after a space
        body, semicolon, marker = text.partition(" ;")
    if semicolon:
        marker = marker.strip(" ")
        if parse_marker(marker) is None:
            return None
    head = body.strip(" ")
    rest = head.lstrip(_NAME)
    name = head[: len(head) - len(rest)]
    if name[:1] in "-_." or name[-1:] in "-_.":  # as '' is
        return None
    if not rest:
        return _requirement((name, (), "", marker, ""))
    rest = rest.lstrip(" ")
    extras: tuple[str, ...] | None = ()
    if rest[0] == "[":
        inside, bracket, rest = rest[1:].partition("]")
        extras = _parse_extras(inside) if bracket else None
        if extras is None:
            return None
        rest = rest.lstrip(" ")
    if rest[:1] == "@":
        url = rest[1:].lstrip(" ")
        return _requirement((name, extras, "", marker, url)) if url and is_word(url) else None
    if rest[:1] == "(" and rest[-1] == ")":
        rest = rest[1:-1]
    specifier = _parse_limits(rest) if rest else ""
    return None if specifier is None else _requirement((name, extras, specifier, marker, ""))


def _parse_extras(text: str) -> tuple[str, ...] | None:
    extras = [extra.strip(" ") for extra in text.split(",")]
    return tuple(sorted({*extras})) if all(map(is_project_name, extras)) else None


def _parse_limits(text: str) -> str | None:
    """A specifier in a line, where commas only separate."""
    clauses = parse_specifier(text)
    if clauses is None or len(clauses) != text.count(",") + 1:
        return None
    if len(clauses) == 1 and " " not in text:
        return text
    # `===` takes all up to the next space for its version, also commas.
    _, found, rest = text.partition("===")
    while found:
        rest = rest.lstrip(" ").partition(" ")[2].lstrip(" ")
        if rest[:1] not in ("", ","):
            return None
        _, found, rest = rest.partition("===")
    return versions.spell_specifier(clauses)


def is_for_extra(marker: str, extra: str) -> bool | None:
    """Whether a marker holds that compares the extra: most of those in metadata do only that.

    None for any other marker, and for a name of other characters than letters, digits and hyphens.
    If more must hold with it (`and`), that is enough to know for which extras it does not.
    """
    others, also, comparison = marker.rpartition(" and ")
    quote, name = comparison[9:10], comparison[10:-1]
    if not name.replace("-", "").isalnum() or comparison != f"extra == {quote}{name}{quote}":
        return None
    if quote not in ("'", '"') or not name.isascii():
        return None
    # `~=` and `===` between texts are errors.
    if "or" in others.translate(_AROUND_WORDS).split() or "~=" in others or "===" in others:
        return None
    if also and parse_marker(others) is None:
        return None
    is_it = canonical_name(name) == canonical_name(extra)
    return None if also and is_it else is_it


def marker_holds(marker: str, values: Mapping[str, str]) -> bool | None:
    """Whether the marker holds where its variables have these values."""
    parsed = parse_marker(marker)
    return None if parsed is None else _holds(parsed, values)


@remembered
def marker_hangs_on_patch(marker: str, python: Python) -> bool:
    """Whether another patch release of the same Python X.Y could change the marker's verdict.

    A marker that cannot be evaluated depends on nothing.
    """
    if not any(variable in marker for variable in OF_RELEASE):
        return False
    values = marker_values(python)
    # What the environment's source states is the same for every patch release.
    stated, full = dict(python.markers), values["python_full_version"]
    changing = [name for name in OF_RELEASE if name not in stated and values[name] == full]
    patches = [f"{values['python_version']}.{patch}" for patch in _telling_patches(marker)]
    try:
        verdicts = {
            marker_holds(marker, {**values, **dict.fromkeys(changing, patch)}) for patch in patches
        }
    except InvalidLineError:
        return False
    return len(verdicts) > 1


def _telling_patches(marker: str) -> Iterable[int]:
    """Patch numbers below 100 among which the verdict changes if it changes at all."""
    if "in" in marker.translate(_AROUND_WORDS).split():  # texts are compared
        return range(100)
    # The verdict of comparisons with versions changes only next to a number in one of them.
    digits = "".join(char if char.isdigit() else " " for char in marker)
    numbers = [int(number) for number in digits.split() if len(number) < 10]
    near = {number + step for number in numbers for step in (-1, 0, 1)}
    return {0, 99} | near & {*range(100)}


@remembered
def parse_marker(marker: str) -> Alternatives | None:
    """The alternatives, each of them the terms that must hold together."""
    return _parse_words(_split_marker(marker))


def _split_marker(marker: str) -> list[str]:
    """The words, operators and parentheses, and each literal behind a quote; [] if not ordinary."""
    words: list[str] = []
    if len(marker) > _LONGEST or "\\" in marker or not marker.isascii():
        return words
    if not marker.replace("\t", " ").isprintable():
        return words
    while marker:
        double, single = marker.partition('"'), marker.partition("'")
        before, quote, marker = double if len(double[0]) < len(single[0]) else single
        words += _split_words(before)
        if quote:
            literal, closed, marker = marker.partition(quote)
            if not closed or "\t" in literal:
                return []
            words.append(f'"{literal}')
    return words


def _split_words(text: str) -> list[str]:
    """The words, operators and parentheses in a text without literals."""
    words: list[str] = []
    for word in text.replace("(", " ( ").replace(")", " ) ").split():
        if word == "in" and words[-1:] == ["not"]:
            words[-1] = "not in"
            continue
        name = word.strip("<>=!~")
        words += filter(None, word.partition(name)) if name else (word,)
    return words


def _parse_words(words: list[str]) -> Alternatives | None:
    alternatives: Alternatives = [[]]
    enclosing: list[Alternatives] = []
    is_term_next = True
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if is_term_next and word == "(":
            if len(enclosing) == _MOST_NESTED:
                return None
            enclosing.append(alternatives)
            alternatives = [[]]
        elif is_term_next:
            comparison = _parse_comparison(words[at - 1 : at + 2])
            if comparison is None:
                return None
            alternatives[-1].append(comparison)
            is_term_next = False
            at += 2
        elif word == ")" and enclosing:
            group, alternatives = alternatives, enclosing.pop()
            alternatives[-1].append(group)
        elif word in ("and", "or"):
            if word == "or":
                alternatives.append([])
            is_term_next = True
        else:
            return None
    return None if is_term_next or enclosing else alternatives


def _parse_comparison(words: list[str]) -> Comparison | None:
    if len(words) != 3:
        return None
    flipped = words[0][0] == '"'
    variable, operator, literal = reversed(words) if flipped else words
    variable = _ALIASES.get(variable, variable)
    if literal[0] != '"' or (variable not in VARIABLES and variable not in OF_LOCKS):
        return None
    literal = literal[1:]
    clauses: tuple[Clause, ...] = ()
    if operator in OPERATORS:
        if variable in VERSION_VARIABLES and not flipped:
            clause = parse_clause(operator + literal)
            clauses = (clause,) if clause else ()
    elif operator not in ("in", "not in"):
        return None
    if variable == "extra":
        literal = canonical_name(literal)
    return _comparison((variable, operator, literal, flipped, clauses))


def _holds(alternatives: Alternatives, values: Mapping[str, str]) -> bool | None:
    """Every comparison is made, as packaging does: None is never hidden by another term."""
    holds = False
    for terms in alternatives:
        hold_together = True
        for term in terms:
            one = _holds(term, values) if isinstance(term, list) else _compare(term, values)
            if one is None:
                return None
            hold_together = hold_together and one
        holds = holds or hold_together
    return holds


def _compare(comparison: Comparison, values: Mapping[str, str]) -> bool | None:
    variable, operator, literal, flipped, clauses = comparison
    value = values.get(variable)
    if value is None:
        return None
    if variable == "python_full_version" and value[-1:] == "+":
        value += "local"  # a Python that was built between releases: 3.14.0+
    if clauses:
        return all_allow(clauses, value.strip(" "))
    if variable == "extra":
        value = canonical_name(value)
    left, right = (literal, value) if flipped else (value, literal)
    if variable in VERSION_VARIABLES and operator in OPERATORS:
        clause = parse_clause(operator + right)
        if clause is not None:
            return all_allow((clause,), left.strip(" "))
    return _compare_texts(left, operator, right)


def _compare_texts(left: str, operator: str, right: str) -> bool:
    """Texts are equal or one is in the other; they have no order.

    Raises:
        InvalidLineError: the operator is for versions only.
    """
    if operator.endswith("in"):
        return (left in right) is (operator == "in")
    if operator in ("~=", "==="):
        raise InvalidLineError(f"'{operator}' compares versions, not {left!r} and {right!r}")
    if operator in ("<", ">"):
        return False
    return (left == right) is (operator != "!=")


# What Windows calls its releases cannot be known from here.
_WINDOWS = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_release": "",
    "platform_version": "",
}
# Windows' names for processors.
_MACHINES = {"x86_64": "AMD64", "aarch64": "ARM64", "arm64": "ARM64", "i686": "x86"}


@remembered
def marker_values(python: Python, extra: str = "") -> Mapping[str, str]:
    """The variables, with their values for the checked Python.

    Values from the environment's source (`python.markers`) take precedence, then those that follow
    from the version and the layout. The others are this machine's.
    """
    minor, here = python.minor, _of_machine()
    # This version added `sys.implementation`, and removed the kernel version from `linux2`.
    is_modern = minor >= (3, 3)
    # A comparison of texts (`in`) is one with a whole release.
    full = python.version if python.version.count(".") > 1 else f"{python.version}.0"
    values = {
        "python_version": ".".join(map(str, minor)),
        "python_full_version": full,
        "implementation_name": python.implementation.lower() if is_modern else "",
        "implementation_version": full if is_modern else "0",
        "platform_python_implementation": python.implementation,
    }
    if python.platform == "win32" != sys.platform:
        machine = here["platform_machine"]
        values |= {**_WINDOWS, "platform_machine": _MACHINES.get(machine, machine)}
    elif sys.platform == "linux" and not is_modern:
        values["sys_platform"] = "linux2"
    return here | values | dict(python.markers) | {"extra": extra}


def _of_machine() -> dict[str, str]:
    """The variables that depend on the operating system and the processor."""
    if sys.platform in ("linux", "darwin"):
        # As `platform` does, which takes as long to load as a small environment to check.
        system, _, release, version, machine = os.uname()
    else:
        # Only for systems without `os.uname`.
        import platform

        system, _, release, version, machine, _ = platform.uname()
    return {
        "os_name": os.name,
        "sys_platform": sys.platform,
        "platform_system": system,
        "platform_release": release,
        "platform_version": version,
        "platform_machine": machine,
    }


# Projects with releases that install on a current Python and that people list on purpose, although
# their names are modules of the standard library. If not installed, they are `missing`.
LIVE_PROJECTS = frozenset(
    {
        "asyncio",  # still released, although deprecated
        "configparser",  # backport, released to this day
        "contextvars",  # backport for 3.6, installs everywhere
        "dataclasses",  # backport for 3.6, in many freezes
        "datetime",  # Zope's DateTime, as uv spells it
        "ipaddress",  # backport for 2.x, installs everywhere
        "pathlib",  # backport, installs everywhere and shadows the module
        "readline",  # links GNU readline statically
        "typing",  # backport for 3.4, in many freezes
    }
)


# Modules of some Python 3 that not every Python has which reqdrift runs on.
_MODULES_OF_SOME = """
CDIO CDROM DLFCN IN SOCKET STROPTS TYPES aifc annotationlib asynchat asyncore audioop binhex
build_class cgi cgitb chunk compression crypt distutils dummy_threading formatter fpectl fpetest
imageop imghdr imp lib2to3 macpath macurl2path mailcap md5 msilib nis nntplib os2 os2emxpath
ossaudiodev parser pcre pipes profiling pydoc_topics rgbimg smtpd sndhdr spwd sre_compile
sre_constants sre_parse sunau symbol telnetlib uu xdrlib xx xxlimited xxlimited_35 xxlimited_3_13
xxsubtype
"""


def is_stdlib_module(
    name: str, python: tuple[int, int], live: frozenset[str] = frozenset()
) -> bool:
    """Whether a project of this name, as written, is only a module of that Python's library.

    Old versions of pip listed such modules (`wsgiref==0.1.2`), and people list them by mistake
    (`uuid`). Most of these names cannot be installed on a newer Python.

    `live` are projects that the user has named as real projects.
    """
    if name in LIVE_PROJECTS | live or not name.replace("_", "").isalnum():
        return False
    # That list has no modules of the test suite, of which these could be projects.
    if python == sys.version_info[:2] and not name.startswith("xx"):
        return name in sys.stdlib_module_names
    if python >= (3, 0) and name not in sys.stdlib_module_names | {*_MODULES_OF_SOME.split()}:
        return False
    # It imports `typing`.
    import stdlibs

    known = [tuple(map(int, version.split("."))) for version in stdlibs.KNOWN_VERSIONS]
    nearest = max((version for version in known if version <= python), default=min(known))
    return name in stdlibs.stdlib_module_names(".".join(map(str, nearest)))
