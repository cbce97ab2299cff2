"""Our records behave as `typing.NamedTuple`: the same assertions over both."""

from __future__ import annotations

import copy
import operator
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

from reqdrift import _record


class Ours(_record.NamedTuple):
    """A record of ours."""

    name: str
    size: int = 3
    parts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.name}!"

    def grown(self) -> Ours:
        return self._replace(size=self.size + 1)


class Theirs(typing.NamedTuple):
    """The same, made by the standard library."""

    name: str
    size: int = 3
    parts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.name}!"

    def grown(self) -> Theirs:
        return self._replace(size=self.size + 1)


class OursAndMore(Ours):
    """A subclass without fields of its own."""

    @property
    def short(self) -> str:
        return self.name[:1]


class TheirsAndMore(Theirs):
    """The same."""

    @property
    def short(self) -> str:
        return self.name[:1]


@pytest.fixture(params=[Ours, Theirs, OursAndMore, TheirsAndMore])
def record(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_it_is_made_of_positions_names_and_defaults(record: Any) -> None:
    assert record("a") == record(name="a") == record("a", 3) == record("a", size=3, parts=())
    assert record("a", parts=("x",)).parts == ("x",)
    assert record._make(["a", 4, ()]) == record("a", 4)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {}),
        (("a", 1, (), 9), {}),
        (("a",), {"other": 1}),
        (("a",), {"name": "b"}),
        (("a", 1, ()), {"size": 2}),
    ],
)
def test_it_refuses_values_that_do_not_fit(record: Any, values: Any, named: Any) -> None:
    with pytest.raises(TypeError):
        record(*values, **named)


def test_it_is_a_tuple_with_named_fields(record: Any) -> None:
    one = record("a", 1, ("x",))
    assert tuple in record.__mro__
    assert (one.name, one.size, one.parts) == tuple(one) == ("a", 1, ("x",))
    assert one == ("a", 1, ("x",))
    assert hash(one) == hash(("a", 1, ("x",)))
    assert sorted([record("b"), record("a", 9)]) == [record("a", 9), record("b")]
    assert one._asdict() == {"name": "a", "size": 1, "parts": ("x",)}
    assert repr(one) == f"{record.__name__}(name='a', size=1, parts=('x',))"
    assert one.title == "a!"
    assert one.grown() == record("a", 2, ("x",))
    assert type(one.grown()) is record


def test_a_value_is_replaced_in_a_copy(record: Any) -> None:
    one = record("a", 1)
    assert one._replace(size=2, parts=("y",)) == record("a", 2, ("y",))
    assert one == record("a", 1)
    assert record._fields == record.__match_args__ == ("name", "size", "parts")
    assert record._field_defaults == {"size": 3, "parts": ()}


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one._replace(other=1),
        lambda one: setattr(one, "name", "b"),
        lambda one: operator.setitem(one, 0, "b"),
        lambda one: one._make(["a"]),
        lambda one: one._make(["a", 1, (), 2]),
    ],
)
def test_it_cannot_be_changed(record: Any, change: Callable[[Any], object]) -> None:
    with pytest.raises((AttributeError, TypeError, ValueError)):
        change(record("a"))


@pytest.mark.parametrize("record", [Ours, Theirs])
def test_it_takes_no_other_attributes(record: Any) -> None:
    with pytest.raises(AttributeError):
        record("a").other = 1


def test_it_matches_by_position_and_by_name(record: Any) -> None:
    match record("a", 1, ("x",)):
        case (str() as name, int() as size, _):
            assert (name, size) == ("a", 1)
        case _:
            pytest.fail("as a tuple")
    match record("a", 1, ("x",)):
        case Ours(name, size) | Theirs(name, size, parts=("x",)):
            assert (name, size) == ("a", 1)
        case _:
            pytest.fail("by its class")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_copies_are_equal(record: Any, protocol: int) -> None:
    one = record("a", 7, ("x",))
    pickled = pickle.loads(pickle.dumps(one, protocol))  # noqa: S301 - our own bytes
    for again in (copy.copy(one), copy.deepcopy(one), pickled):
        assert again == one
        assert type(again) is record
