"""The literal fast path is a shortcut, never another verdict."""

from __future__ import annotations

from hypothesis import event, given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from reqdrift.drift import settle
from reqdrift.drift.compare import compare
from reqdrift.requirements.lines import literal_requirement, logical_lines
from reqdrift.requirements.parse import parse_line
from reqdrift.requirements.references import requirement_from_text, unread
from reqdrift.standards import canonical_name
from reqdrift.standards.pep440 import satisfies
from reqdrift.standards.versions import release_numbers
from reqdrift.values import (
    Distribution,
    Environment,
    Lines,
    Policy,
    Python,
    ReadFile,
    Requirement,
    Requirements,
)
from reqdrift.values.details import Source
from reqdrift.values.findings import Facts, Project

NAMES = st.sampled_from(["foo", "Foo_Bar", "b.a-z", "pip", "setuptools", "argparse", "uv", "uuid"])
VERSIONS = st.sampled_from(["1.0", "1.0.0", "2", "2.0rc1", "1.0.post1", "2.0.dev3", "1.0+cpu"])
RELEASES = st.tuples(NAMES, VERSIONS)
LINES = st.builds("{0[0]}=={0[1]}{1}".format, RELEASES, st.sampled_from(["", " --hash=sha256:ab"]))


def requirements_of(lines: list[str], *, literally: bool) -> Requirements:
    found: list[Requirement] = []
    for line in logical_lines("".join(f"{line}\n" for line in lines)):
        if literally:
            found += [
                r for r in parse_line(line, "/r.txt", False, ()) if isinstance(r, Requirement)
            ]
        else:
            text, _, options = line.text.partition(" ")
            origin = Lines("/r.txt", line.line, line.end_line, line.raw)
            hashes = tuple(word[7:] for word in options.split())
            slow = requirement_from_text(text, unread(text, line.text, origin), ())
            found.append(slow._replace(hashes=hashes))
    return Requirements(tuple(found), (ReadFile("/r.txt", len(found), 0),))


def environment_of(releases: list[tuple[str, str]], direct: set[str], minor: int) -> Environment:
    installed = {
        canonical_name(name): Distribution(
            canonical_name(name), name, version, f"{name}.dist-info", "/site", name in direct
        )
        for name, version in releases
    }
    return Environment("/env", Python(f"3.{minor}.1"), "--python", installed)


@given(
    st.lists(LINES, max_size=5),
    st.lists(RELEASES, max_size=5),
    st.sets(NAMES, max_size=1),
    st.sampled_from([11, 12]),
)
def test_both_ways_give_one_report(
    lines: list[str], releases: list[tuple[str, str]], direct: set[str], minor: int
) -> None:
    environment = environment_of(releases, direct, minor)
    archive = Source("archive", "https://example.org/foo.zip")
    facts = Facts(
        {name: archive for name, found in environment.distributions.items() if found.direct},
        dict.fromkeys(environment.distributions, ()),
    )
    policy, project = Policy(), Project("/project")
    fast = requirements_of(lines, literally=True)
    slow = requirements_of(lines, literally=False)
    by_rules = compare(slow, environment, facts, policy, project)
    assert compare(fast, environment, facts, policy, project) == by_rules
    settled = settle(fast, environment, policy, facts)
    assert settled in (None, by_rules)
    event("settled by text" if settled else "left to the rules")


# A third is read literally; of any text nothing would be.
_NEARLY_LITERAL = r" ?[aF0]([bF_.-]{0,2}[0b])?(==|===| == )[0-9]{1,2}[.0-9]{0,2}[][ \t\\#;*+!<>~a]?"


@given(st.from_regex(_NEARLY_LITERAL, fullmatch=True))
def test_what_is_read_literally_reads_the_same_the_slow_way(text: str) -> None:
    for line in logical_lines(text):
        literal = literal_requirement(line, "/r.txt", constraint=False)
        if literal:
            assert isinstance(literal.origin, Lines)
            asked = unread(line.text, line.text, literal.origin)
            slow = requirement_from_text(line.text, asked, ())
            assert literal._replace(pin=None, limits=literal.specifier) == slow


NUMBERS = st.text(alphabet="0123.", min_size=1, max_size=6)


@given(NUMBERS, NUMBERS)
def test_plain_releases_compare_as_packaging_compares_them(one: str, other: str) -> None:
    if release_numbers(one) and release_numbers(other):
        assert satisfies(one, f"=={other}") is (Version(one) in SpecifierSet(f"=={other}"))
