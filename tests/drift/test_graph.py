"""What needs what, by the Requires-Dist of an environment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reqdrift.drift.graph import Graph
from reqdrift.values import CanonicalName

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
