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
    shortest_chain,
)
from reqdrift.values import CanonicalName, Distribution, Python
from reqdrift.values.findings import Facts, Unreadable


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


class TestNeeds:
    GRAPH = graph(foo="always | never; python_version < '3' | more[x]; extra == 'dev'")

    @pytest.mark.parametrize(
        ("whose", "needed"),
        [
            ("foo", ["always"]),
            ("foo[dev]", ["always", "more"]),
            ("foo[other]", ["always"]),
            ("nobody", []),
        ],
    )
    def test_what_a_project_or_one_of_its_extras_needs(self, whose: str, needed: list[str]) -> None:
        assert [edge.name for edge in self.GRAPH.needs(node(whose))] == needed

    def test_edges_are_all_there_are(self) -> None:
        found = self.GRAPH.edges(name_of("foo"))
        assert [edge.name for edge in found] == ["always", "never", "more"]

    def test_a_marker_that_cannot_be_read_is_taken_to_hold(self) -> None:
        (edge,) = graph(foo="bar; no such marker").needs(node("foo"))
        assert edge.name == "bar"

    def test_metadata_that_cannot_be_read_is_left_out(self) -> None:
        facts = Facts({}, {name_of("foo"): Unreadable("/foo", "gone"), name_of("bar"): ("baz",)})
        found = graph_of(facts, Python("3.11.7"))
        assert found.unreadable == ["foo"]
        assert not found.needs(node("foo"))
        assert [edge.name for edge in found.needs(node("bar"))] == ["baz"]


class TestReach:
    def test_directly_and_indirectly(self) -> None:
        found = graph(a="b | c", b="c", c="d", e="f").reach([node("a")])
        assert found == {"b": {"a"}, "c": {"a", "b"}, "d": {"c"}}

    def test_an_extra_only_if_it_is_asked_for(self) -> None:
        chain = graph(a="b[x]", b="c; extra == 'x' | d; extra == 'y'")
        assert chain.reach([node("a")]) == {"b": {"a"}, "c": {"b"}}
        assert chain.reach([node("b")]) == {}

    def test_a_cycle_ends_and_nothing_needs_itself(self) -> None:
        found = graph(a="b | a[x]", b="a").reach([node("a")])
        assert found == {"b": {"a"}, "a": {"b"}}

    def test_what_was_seen_is_not_followed_again(self) -> None:
        found = graph(a="b", b="c", c="d")
        seen = {node("b")}
        assert found.reach([node("a")], seen) == {"b": {"a"}}
        assert seen == {node("a"), node("b")}


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


class TestExtras:
    GRAPH = graph(
        foo="base | foo[a]; extra == 'all' | bar[x]; extra == 'a' | baz; extra == 'b'",
        bar="deep; extra == 'x' | always",
    )

    def test_what_only_an_extra_needs_is_lacking(self) -> None:
        lacking = self.GRAPH.lacking_for_extra(node("foo[b]"), set())
        assert [edge.text for edge in lacking] == ["baz; extra == 'b'"]
        assert self.GRAPH.lacking_for_extra(node("foo[b]"), {name_of("baz")}) == []

    def test_through_extras_of_itself_and_of_others(self) -> None:
        here = {name_of("foo"), name_of("bar")}
        lacking = self.GRAPH.lacking_for_extra(node("foo[all]"), here)
        assert [edge.name for edge in lacking] == ["deep"]


class TestChain:
    NEEDED_BY = {
        name_of(below): [*map(name_of, above.split())]
        for below, above in {
            "leaf": "short long",
            "long": "mid",
            "mid": "top",
            "short": "top",
        }.items()
    }

    @pytest.mark.parametrize(
        ("start", "ends", "chain"),
        [
            ("leaf", "top", ("short", "top")),
            ("leaf", "mid", ("long", "mid")),
            ("leaf", "short long", ("long",)),  # the first by name
            ("leaf", "", ("short", "top")),  # nothing needs `top`
            ("top", "top", ()),
        ],
    )
    def test_the_shortest_way_up(self, start: str, ends: str, chain: tuple[str, ...]) -> None:
        found = shortest_chain(name_of(start), self.NEEDED_BY, {*map(name_of, ends.split())})
        assert found == chain

    def test_a_cycle_ends(self) -> None:
        cycle = {name_of("a"): [name_of("b")], name_of("b"): [name_of("a")]}
        assert shortest_chain(name_of("a"), cycle, ()) == ("b",)


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
