"""One report, whether the fast path weighs what packages need or the rules do."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import event, given, settings
from hypothesis import strategies as st

from reqdrift.drift import settle
from reqdrift.drift.compare import compare
from reqdrift.requirements import read_requirements
from reqdrift.values import (
    CanonicalName,
    Distribution,
    Environment,
    Policy,
    Python,
    Requirements,
)
from reqdrift.values.findings import Facts, Project, Questions
from worlds import examples

# What is needed comes after what needs it, mostly.
NAMES = ("app", "web", "router", "paths", "colors", "text", "pip", "uv", "setuptools")
MARKERS = (
    *("python_version > '3'", "python_version < '3'", "extra == 'x'", 'extra == "Y_z"'),
    *("extra == 'x' and python_version > '3'", "os_name == 'x' or extra == 'x'", "no marker"),
    *("python_full_version > '3.11.2'", "python_full_version < '3.12.1'"),
)
LIMITS = (
    *[""] * 4,
    ">=1",
    "<9",
    "==1.0.*",
    " (>=1,<9)",
    "[x]",
    "[x,y-z]>=1",
    ">5",
    " @ https://h/a",
)


class Room(NamedTuple):
    requirements: Requirements
    environment: Environment
    known: Facts


@st.composite
def rooms(draw: st.DrawFn) -> Room:
    installed = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1).map(sorted))
    installed.sort(key=NAMES.index)
    marks = st.sampled_from([""] * 12 + [f"; {marker}" for marker in MARKERS])
    requires: dict[CanonicalName, tuple[str, ...]] = {}
    for place, name in enumerate(installed):
        below = installed[place + 1 :] or ["text"]
        needed = st.sampled_from([*below * 4, *installed, "absent"])
        texts = st.builds("{}{}{}".format, needed, st.sampled_from(LIMITS), marks)
        requires[CanonicalName(name)] = tuple(draw(st.lists(texts, max_size=3)))
    direct = draw(st.sampled_from([(), (), (), (), tuple(installed[-1:])]))
    found = {
        name: Distribution(name, name, "1.0", f"{name}-1.0.dist-info", "/site", name in direct)
        for name in requires
    }
    environment = Environment("/env", Python("3.11.7"), "--python", found)
    reached = {text.split(";")[0].strip(" ") for texts in requires.values() for text in texts}
    roots = [name for name in installed if not any(text.startswith(name) for text in reached)]
    more = draw(st.lists(st.sampled_from(installed), unique=True, max_size=2))
    pins = st.sampled_from(["==1.0", "==1.0", "==1.0", ">=1", "[x]==1.0", "==1.0; os_name != 'x'"])
    lines = [f"{name}{draw(pins)}" for name in dict.fromkeys([*roots, *more])]
    texts_of = {
        "/r.txt": "\n".join(lines).encode(),
        "/c.txt": draw(st.sampled_from((b"", b"text<2", b"text>2", b"setuptools>2", b"pip>2"))),
    }
    requirements = read_requirements(["/r.txt"], ["/c.txt"], read=lambda path, **_: texts_of[path])
    return Room(requirements, environment, Facts({}, requires))


POLICIES = st.sampled_from(
    [
        *(Policy(), Policy("all"), Policy("orphans"), Policy(severity=(("unpinned", "off"),))),
        Policy("orphans", severity=(("unpinned", "off"),)),
        Policy("all", severity=(("unmet", "error"), ("unpinned", "off"))),
        *(Policy(severity=(("unmet", "off"),)), Policy(severity=(("unmet", "warning"),))),
    ]
)


@given(rooms(), POLICIES)
@settings(examples(200))
def test_the_fast_path_and_the_rules_give_one_report(room: Room, policy: Policy) -> None:
    requirements, environment, known = room
    settled = settle(requirements, environment, policy, known)
    asked = settle(requirements, environment, policy)
    if isinstance(asked, Questions):
        event("needs are asked for")
        facts = known if asked.requires else Facts({}, requires_of=known.needs)
        # What is asked next, or the same as where all is known.
        assert isinstance(settle(requirements, environment, policy, facts), type(settled))
    else:
        assert asked == settled
    if settled is not None and not any(
        found.direct for found in environment.distributions.values()
    ):
        report = compare(requirements, environment, known, policy, Project("/project"))
        assert settled == report
        event("settled")
