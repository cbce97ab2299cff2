"""What needs what, by the Requires-Dist of an environment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.drift.graph import (
    Edge,
    Graph,
    Node,
    graph_of,
    is_met,
    parse_edge,
)
from reqdrift.values import CanonicalName, Distribution, Facts, Python


def name_of(text: str) -> CanonicalName:
    return CanonicalName(text)


def node(text: str) -> Node:
    name, _, extra = text.partition("[")
    return Node(name_of(name), extra.removesuffix("]"))


def graph(**needs: str) -> Graph:
    """A graph from `name="Requires-Dist | Requires-Dist"`, for Python 3.11."""
    requires = {
        name_of(name): tuple(text.strip() for text in texts.split("|") if text.strip())
        for name, texts in needs.items()
    }
    return graph_of(Facts({}, requires), Python("3.11.7"))


@pytest.mark.parametrize(
    ("text", "edge", "specifier"),
    [
        ("foo", ("foo", (), ""), ""),
        ("Foo_Bar>=1", ("foo-bar", (), ""), ">=1"),
        ("foo (>=1,<2)", ("foo", (), ""), ">=1,<2"),
        ("foo[A,b_c]~=1.0", ("foo", ("a", "b-c"), ""), "~=1.0"),
        ("foo [x] >=1 ; extra == 'y'", ("foo", ("x",), "extra == 'y'"), ">=1"),
        ("foo[]", ("foo", (), ""), ""),
        ("foo!=1;os_name=='x'", ("foo", (), "os_name=='x'"), "!=1"),
        ("foo @ https://h/foo-1.zip", ("foo", (), ""), ""),
        ("foo@git+https://h/foo", ("foo", (), ""), ""),
    ],
)
def test_the_parts_of_a_requires_dist(
    text: str, edge: tuple[str, tuple[str, ...], str], specifier: str
) -> None:
    assert parse_edge(text) == Edge(name_of(edge[0]), edge[1], edge[2], text, specifier)


@pytest.mark.parametrize(
    ("text", "version", "met"),
    [
        ("foo", "1.0", True),
        ("foo>=1", "1.0", True),
        ("foo (<1)", "1.0", False),
        ("foo>=1", "2.0rc1", True),
        ("foo @ https://h/foo-2.zip", "1.0", True),
        ("foo", None, False),
    ],
)
def test_what_is_installed_and_what_is_needed(text: str, version: str | None, met: bool) -> None:
    there = version and Distribution(name_of("foo"), "foo", version, "", "/site")
    assert is_met(parse_edge(text), there or None) is met


class TestWhole:
    THERE = {
        name_of(name): Distribution(name_of(name), name, "1.0", "x.dist-info", "/site")
        for name in "abc"
    }

    @pytest.mark.parametrize(
        ("needs", "start", "whole"),
        [
            ({"a": "b>=1", "b": "c<2"}, "a", True),
            ({"a": "b", "b": "c>=2"}, "a", False),
            ({"a": "b", "b": "d"}, "a", False),
            ({"a": "b", "b": "d; extra == 'x'"}, "a", True),
            ({"a": "b[x]", "b": "d; extra == 'x'"}, "a", False),
            ({"a": "d; python_version < '3'"}, "a", True),
            ({"a": "b", "c": "d"}, "a", True),
        ],
    )
    def test_all_that_is_needed_is_there(
        self, needs: dict[str, str], start: str, whole: bool
    ) -> None:
        assert graph(**needs).is_whole([node(start)], self.THERE) is whole


names = st.integers(0, 7).map(lambda number: CanonicalName("abcdefgh"[number]))


@given(st.dictionaries(names, st.lists(names, max_size=3)))
def test_roots_are_the_fewest_that_lead_to_all(needs: dict[CanonicalName, list[str]]) -> None:
    graph = Graph(needs, lambda marker, extra: True)
    reached = {name: _reached(name, needs) for name in needs}
    roots = graph.roots(needs)
    assert roots == sorted(roots)
    assert set(needs) == {*roots}.union(*(reached[root] & set(needs) for root in roots))
    for root in roots:
        assert not any(root in reached[other] for other in roots if other != root)
        cycle = {name for name in needs if root in reached[name] and name in reached[root]}
        assert root == min({root, *cycle})


def _reached(name: str, needs: dict[CanonicalName, list[str]]) -> set[str]:
    found: set[str] = set()
    queue = [name]
    while queue:
        for below in needs.get(CanonicalName(queue.pop()), []):
            if below not in found:
                found.add(below)
                queue.append(below)
    return found
