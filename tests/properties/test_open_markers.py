"""A marker that a record decides holds for all Pythons that it may be about, or for none."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from reqdrift.drift.undecided import _left_open
from reqdrift.errors import InvalidLineError
from reqdrift.standards.markers import VARIABLES
from reqdrift.standards.pep440 import marker_holds
from reqdrift.values import Python

TEXTS = ("linux", "win32", "posix", "nt", "Linux", "CPython", "cpython", "arm64", "and os_name", "")
VERSIONS = ("3.9", "3.12", "3.12.4", "3.13", "2.7", "3.12.0rc1")
OF_VERSION = ("python_version", "python_full_version", "implementation_version")
FREE = tuple(name for name in VARIABLES if name not in (*OF_VERSION, "extra"))
# What a list or a freeze does not say, with each of its options.
UNKNOWN = st.sampled_from(
    [
        frozenset(VARIABLES) - {"extra"},
        frozenset(VARIABLES) - {"extra", "python_version"},
        frozenset(VARIABLES) - {"extra", *OF_VERSION},
        frozenset(VARIABLES) - {"extra", "python_version", "sys_platform", "os_name"},
        frozenset({"platform_machine"}),
    ]
)


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    if draw(st.booleans()):
        variable = draw(st.sampled_from(OF_VERSION))
        operator = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "~=", "in", "not in"]))
        text = draw(st.sampled_from(VERSIONS))
    else:
        variable = draw(st.sampled_from(FREE))
        operator = draw(st.sampled_from(["==", "!=", "in", "not in"]))
        text = draw(st.sampled_from(TEXTS))
    quote = draw(st.sampled_from("'\""))
    sides = [variable, f"{quote}{text}{quote}"]
    if draw(st.integers(0, 3)) == 0:
        sides.reverse()
    space = draw(st.sampled_from(["", " ", "  "])) if "i" not in operator else " "
    return space.join((sides[0], operator, sides[1]))


MARKERS = st.recursive(
    comparisons(),
    lambda inner: st.builds(
        lambda one, word, two, form: form.format(f"{one} {word} {two}"),
        inner,
        st.sampled_from(["and", "or"]),
        inner,
        st.sampled_from(["{}", "({})"]),
    ),
    max_leaves=5,
)


@st.composite
def pythons(draw: st.DrawFn) -> tuple[Python, frozenset[str], list[Python]]:
    """A Python as a record says it, what it does not say, and Pythons that it may be."""
    unknown = draw(UNKNOWN)
    said = {name: draw(st.sampled_from(TEXTS)) for name in FREE}
    version = "3.12.4" if unknown.isdisjoint(OF_VERSION) else "3.12"
    known = tuple((name, text) for name, text in said.items() if name not in unknown)
    may_be = []
    for _ in range(draw(st.integers(1, 4))):
        full = version
        if "python_version" in unknown:
            full = draw(st.sampled_from(["2.7.18", "3.9.1", "3.12.0", "3.12.4", "3.13.1"]))
        elif version == "3.12":
            full = f"3.12.{draw(st.integers(0, 12))}"
        more = {name: draw(st.sampled_from(TEXTS)) for name in unknown.intersection(FREE)}
        may_be.append(Python(full, markers=(*known, *more.items())))
    return Python(version, markers=known, assumed="python_version" in unknown), unknown, may_be


@given(MARKERS, pythons())
def test_any_marker(marker: str, found: tuple[Python, frozenset[str], list[Python]]) -> None:
    python, unknown, may_be = found
    try:
        verdicts = {marker_holds(marker, one) for one in (python, *may_be)}
    except InvalidLineError:
        assume(False)
    assert len(verdicts) == 1 or _left_open(marker, python, unknown)
