"""The plain evaluators held against packaging: the same answer, or None.

Each function makes one random example, asks both, and says whether it was ordinary.
"""

from __future__ import annotations

from packaging.markers import Marker, UndefinedComparison
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import parse_sdist_filename, parse_wheel_filename
from packaging.version import Version
from texts import Texts

from reqdrift.errors import InvalidLineError
from reqdrift.standards import is_project_name, markers, versions
from reqdrift.values import Python

# Python refuses to convert longer texts to numbers.
TOO_LONG = 4000
RELEASE_VARIABLES = ("python_full_version", "implementation_version")


def order(texts: Texts) -> bool:
    """Two versions compare alike."""
    one, other = texts.version(), texts.version()
    keys = versions.sort_key(one), versions.sort_key(other)
    if keys[0] is None or keys[1] is None:
        return False
    parsed = Version(one), Version(other)
    assert (keys[0] < keys[1]) is (parsed[0] < parsed[1]), (one, other)
    assert (keys[0] == keys[1]) is (parsed[0] == parsed[1]), (one, other)
    assert versions.normal_version(one) == str(parsed[0]), one
    return True


def membership(texts: Texts) -> bool:
    """A specifier allows the same versions."""
    specifier = texts.specifier()
    version = texts.installed() if texts.one_of(2) else texts.near(specifier)
    found = versions.satisfies(version, specifier)
    is_read = versions.is_specifier(specifier) and versions.is_word(version)
    if not is_read or len(specifier + version) > TOO_LONG:
        return False
    expected = SpecifierSet(specifier).contains(version, prereleases=True)
    assert found is expected, (specifier, version, found)
    return True


def reading(texts: Texts) -> bool:
    """A specifier is spelled alike, pins alike, and is equal to the same others."""
    one, other = texts.specifier(), texts.specifier()
    clauses = versions.parse_specifier(one)
    found = None if clauses is None else versions.spell_specifier(clauses)
    if len(one + other) > TOO_LONG:
        return False
    if found is None:
        return False
    parsed = SpecifierSet(one)
    # `<1` and `<1.dev0` are one for us.
    is_shorter = len(found) < len(str(parsed)) and versions.normal_form(str(parsed))
    assert found == str(parsed) or is_shorter == versions.normal_form(one), (one, found)
    pins = [s.operator == "===" or (s.operator == "==" and s.version[-2:] != ".*") for s in parsed]
    assert versions.is_pinned(one) is any(pins), one
    if versions.is_specifier(other):
        same = versions.normal_form(one) == versions.normal_form(other)
        assert same or parsed != SpecifierSet(other), (one, other)
    return True


def satisfiability(texts: Texts) -> bool:
    """The same specifiers contradict each other."""
    specifiers = [texts.specifier() for _ in range(texts.pick((1, 2, 2, 3)))]
    found = versions.is_unsatisfiable(specifiers)
    is_odd = versions.parse_specifier(",".join(specifiers)) is None
    if is_odd or sum(map(len, specifiers)) > TOO_LONG:
        return False
    expected = SpecifierSet(",".join(specifiers)).is_unsatisfiable()
    assert found is expected, (specifiers, found)
    return True


def marker(texts: Texts) -> bool:
    """A marker has the same value."""
    text, values = texts.marker(), texts.values()
    is_for_extra = markers.is_for_extra(text, values["extra"])
    if is_for_extra is not None:
        assert is_for_extra is Marker(text).evaluate(values), (text, values)
    try:
        found = markers.marker_holds(text, values)
    except InvalidLineError:
        try:
            Marker(text).evaluate(values)
        except UndefinedComparison:
            return True
        raise
    if found is None:
        return False
    parsed = Marker(text)
    assert found is parsed.evaluate(values), (text, values, found)
    stated = tuple((name, values[name]) for name in values if name not in RELEASE_VARIABLES)
    python = Python(values["python_full_version"], markers=stated)
    values = dict(markers.marker_values(python))
    patches = [f"{values['python_version']}.{patch}" for patch in range(100)]
    verdicts = {parsed.evaluate({**values, **dict.fromkeys(RELEASE_VARIABLES, p)}) for p in patches}
    hangs = markers.marker_hangs_on_patch(text, python)
    assert hangs is (len(verdicts) > 1), (text, values, hangs)
    return True


def line(texts: Texts) -> bool:
    """A requirement is read alike."""
    text = texts.line()
    found = markers.parse_requirement(text)
    if found is None:
        return False
    parsed = Requirement(text)
    assert found.name == parsed.name, (text, found)
    assert found.extras == tuple(sorted(parsed.extras)), (text, found)
    assert found.specifier == str(parsed.specifier), (text, found)
    assert found.url == (parsed.url or ""), (text, found)
    expected = str(parsed.marker) if parsed.marker else ""
    assert (str(Marker(found.marker)) if found.marker else "") == expected, (text, found)
    return True


def archive(texts: Texts) -> bool:
    """The name of a file says the same project and version."""
    name = texts.archive()
    is_wheel = name.endswith(".whl")
    try:
        found = versions.wheel_name(name) if is_wheel else versions.sdist_name(name)
    except InvalidLineError:
        try:
            parse_wheel_filename(name)
        except ValueError:
            return False
        assert not is_project_name(name.partition("-")[0]), name
        return False
    if not found or len(name) > TOO_LONG:
        return False
    parsed = parse_wheel_filename(name)[:2] if is_wheel else parse_sdist_filename(name)
    assert found == (parsed[0], str(parsed[1])), name
    return True


AGREEMENTS = (order, membership, reading, satisfiability, marker, line, archive)
