"""One report, however lines are read, whether little is known or all; and what guards say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from hypothesis import event, given, settings
from hypothesis import strategies as st

from reqdrift.drift import RULES, compare, further_questions, questions, rule_of
from reqdrift.drift.case import Case, is_wanted, make_case
from reqdrift.errors import ReqdriftError
from reqdrift.requirements import read_requirements
from reqdrift.requirements.references import requirement_from_text
from reqdrift.standards import canonical_name
from reqdrift.values import (
    CanonicalName,
    Distribution,
    Environment,
    Facts,
    Lines,
    Note,
    Policy,
    Project,
    Python,
    Requirement,
    Requirements,
)
from reqdrift.values.details import Broken, Finding, Source
from strategies import examples

NAMES = (
    *("foo", "Foo_Bar", "b.a-z", "pip", "setuptools", "wheel", "argparse", "uuid", "uv"),
    *("pip-tools", "reqdrift", "click", "app"),
)
VERSIONS = ("1.0", "1.0.0", "2", "2.0rc1", "1.0.post1", "2.0.dev3", "1.0+cpu")
HASHES = ("", " --hash=sha256:ab", " \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd")
COMMENTS = ("", "  # why", "\n    # via -r base.in", "\n    # via\n    #   foo", " # not reqdrift")
OTHERS = (
    *("foo[x]", "foo<9", "-c c.txt\nfoo", "foo[x,y]>=1\n-c c.txt", "uuid; os_name == 'nt'"),
    *("foo==1.0; python_version > '3'", "foo==1.0; os_name != 'nt'\nfoo==2; os_name == 'nt'"),
    *("", "# a comment", "--index-url https://example.org/simple", "--pre", "-r b.txt", "-c c.txt"),
    *("# reqdrift: ignore", "foo==1.0 # reqdrift: ignore[version]", "foo == 1.0", "foo>=1", "foo"),
    *("foo[x]==1.0", "foo==1.0 ; python_version < '3'", "foo==1.0; python_full_version>'3.11.4'"),
    *("foo @ https://example.org/foo.zip", "git+https://example.org/foo", "-c https://h/c.txt"),
    "# The following packages are considered to be unsafe in a requirements file:\n# setuptools",
)
REQUIRES = (
    *("click", "foo>=1", "b.a-z ; extra == 'x'", "uuid; python_version < '3'", "setuptools"),
    *("nowhere", "foo<1; python_full_version > '3.11.0'", "absent; python_version > '3'"),
)
SOURCES = (
    Source("archive", "https://example.org/foo.zip", hashes=("sha256:ab",)),
    Source("archive", "/project/foo.zip", folders=("/project/foo.zip",), local=True),
    Source("vcs", "https://example.org/foo", "0a" * 20, vcs="git"),
    Source("folder", "/project", folders=("/project",), editable=True, local=True),
)
# The path from which a file is included, and whose lines only limit versions.
PATHS = ("/project/a.txt", "/project/b.txt", "/project/c.txt")


class Room(NamedTuple):
    """What is compared, and all that could be asked about it."""

    requirements: Requirements
    environment: Environment
    known: Facts


@st.composite
def texts(draw: st.DrawFn, releases: list[str]) -> str:
    """A file, mostly of what is installed."""
    installed = st.sampled_from(releases) if releases else st.nothing()
    any_release = st.builds("{}=={}".format, st.sampled_from(NAMES), st.sampled_from(VERSIONS))
    release = installed | installed | any_release
    pins = st.builds("{}{}{}".format, release, st.sampled_from(HASHES), st.sampled_from(COMMENTS))
    lines = draw(st.lists(pins, max_size=5))
    if draw(st.booleans()):
        lines = [f"{one}{draw(st.sampled_from(HASHES))}" for one in releases]
    if draw(st.integers(0, 2)) == 0:
        lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(OTHERS)))
    return "\n".join([*lines, ""])


@st.composite
def rooms(draw: st.DrawFn) -> Room:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=6))
    releases = [f"{name}=={draw(st.sampled_from(VERSIONS))}" for name in names]
    few = st.sets(st.sampled_from(NAMES), max_size=draw(st.sampled_from([0, 0, 0, 2])))
    direct, system, twice = draw(few), draw(few), draw(few)
    found: dict[CanonicalName, Distribution] = {}
    for release in releases:
        name, _, version = release.partition("==")
        found[canonical_name(name)] = Distribution(
            *(canonical_name(name), name, version, f"{name}-{version}.dist-info", "/site"),
            *(name in direct, name not in system),
        )
    doubled = tuple(Broken(n, "twice") for n in map(canonical_name, twice) if n in found)
    leftover = Note("leftover", None, None, "'~oo' is what pip left")
    environment = Environment(
        *("/env", Python(f"3.{draw(st.sampled_from([8, 11, 12]))}.1"), "--python", found, doubled),
        draw(st.sampled_from([(), (), (leftover,)])),
    )
    requires = st.lists(st.sampled_from(REQUIRES), max_size=2).map(tuple)
    known = Facts(
        {name: draw(st.sampled_from(SOURCES)) for name, one in found.items() if one.direct},
        {name: draw(requires) for name in found},
        environment.python,
    )
    files = {path: draw(texts(releases)).encode() for path in PATHS}
    named = draw(st.sampled_from([PATHS[:1], PATHS[:2]]))
    limits = draw(st.sampled_from([(), (), (), PATHS[2:]]))

    def read(path: str, *, named: bool) -> bytes:
        if path in files:
            return files[path]
        raise ReqdriftError("no such file")

    return Room(read_requirements(named, limits, "/project", read=read), environment, known)


def by_rules(lines: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """The lines without what the literal reading knows, read again as others are."""
    return tuple(
        line
        if line.pin is None or not isinstance(line.origin, Lines)
        else requirement_from_text(
            line.text, Requirement(None, "", line.text, line.full_text, line.origin), ()
        )._replace(constraint=line.constraint, hashes=line.hashes, ignore=line.ignore)
        for line in lines
    )


POLICIES = st.sampled_from(
    [
        *(Policy(), Policy(), Policy("all"), Policy("orphans"), Policy(ignore=("f*",))),
        Policy("all", severity=(("unmet", "error"),)),
        Policy(severity=(("extra", "off"), ("conflict", "error"))),
    ]
)


def case_of(room: Room, policy: Policy, lines: Requirements | None = None) -> Case:
    project = Project("/project", canonical_name("app"))
    return make_case(lines or room.requirements, room.environment, room.known, policy, project)


@given(rooms(), POLICIES)
@settings(examples(70))
def test_the_literal_reading_and_the_other_one_give_one_report(room: Room, policy: Policy) -> None:
    slow = room.requirements._replace(requirements=by_rules(room.requirements.requirements))
    assert compare(case_of(room, policy)) == compare(case_of(room, policy, slow))


@given(rooms(), POLICIES)
@settings(examples(100))
def test_where_a_guard_says_no_its_rule_finds_nothing(room: Room, policy: Policy) -> None:
    case = case_of(room, policy)
    quiet = [kind for kind, rule in RULES.items() if not rule.may_find(case)]
    event(f"{len(quiet)} guards say no")
    for kind in quiet:
        if is_wanted(kind, policy):
            assert not [one for one in rule_of(kind)(case) if isinstance(one, Finding)], kind


@given(rooms(), POLICIES)
@settings(examples(70))
def test_what_is_asked_is_all_that_counts(room: Room, policy: Policy) -> None:
    requirements, environment, known = room
    asked = questions(requirements, environment, policy)
    event(f"asked for sources: {bool(asked.sources)}, needs: {asked.requires}")
    facts = Facts(
        {name: known.sources[name] for name in asked.sources},
        known.requires if asked.requires else None,
        known.python if asked.exact_python else None,
    )
    case = case_of(room._replace(known=facts), policy)
    if further_questions(case, "/project").exact_python:
        facts = facts._replace(python=known.python)
    few, all_known = case_of(room._replace(known=facts), policy), case_of(room, policy)
    assert compare(few) == compare(all_known)
