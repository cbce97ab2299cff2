"""Markers of lock files, with the extras and groups decided, held to packaging's evaluation."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker

from reqdrift.requirements.pylock import choices_in, without_choices
from reqdrift.standards.pep440 import marker_holds
from reqdrift.values import Python
from support import reads_locks

PYTHON = Python("3.11.7")
NAMES = ("dev", "Docs", "web_ui")
COMPARISONS = (
    *("python_version >= '3.8'", "python_version < '3'", 'sys_platform == "nowhere"'),
    *("os_name not in 'nt,java'", "'3' in python_full_version"),
    *(
        f"{quote}{name}{quote} {how} {variable}"
        for name in NAMES
        for variable in ("extras", "dependency_groups")
        for how, quote in (("in", "'"), ("not in", '"'), ("not  in", "'"))
    ),
)
markers = st.recursive(
    st.sampled_from(COMPARISONS),
    lambda inner: st.builds(
        "{0}{1} {2} {3}{4}".format,
        *(st.just("("), inner, st.sampled_from(["and", "or"]), inner, st.just(")")),
    ),
    max_leaves=8,
)
chosen_names = st.frozensets(st.sampled_from(("dev", "docs", "web-ui")))


@reads_locks
@given(markers, chosen_names, chosen_names, st.booleans())
def test_what_is_left_holds_where_the_marker_does(
    marker: str, extras: frozenset[str], groups: frozenset[str], bare: bool
) -> None:
    marker = marker[1:-1] if bare and marker.startswith("(") else marker
    try:
        parsed = Marker(marker)
    except ValueError:
        return  # without its parentheses
    values: dict[str, str | frozenset[str]] = {"extras": extras, "dependency_groups": groups}
    values |= {"python_version": "3.11", "python_full_version": "3.11.7"}
    expected = parsed.evaluate(values, context="lock_file")
    left = without_choices(marker, {"extras": extras, "dependency_groups": groups})
    assert (left if isinstance(left, bool) else marker_holds(left, PYTHON)) == expected


def test_a_marker_without_them_stays_as_it_is() -> None:
    marker = "python_version>='3'  and os_name == 'posix'"
    assert without_choices(marker, {}) == marker


def test_the_names_in_a_marker() -> None:
    marker = "'Dev' in dependency_groups or ('x' not in extras and os_name == 'a')"
    assert list(choices_in(marker)) == [("dependency_groups", "dev"), ("extras", "x")]
