"""What can be typed, and who gets which part of it."""

from __future__ import annotations

from reqdrift.cli.arguments import Options
from reqdrift.values import Request, Style


def test_a_bare_command_asks_for_the_defaults() -> None:
    assert Options().request == Request()
    assert Options().style == Style()


def test_every_field_has_one_reader() -> None:
    """A field of a request or a style is one that can be typed, with the same default."""
    shared = {*Request._fields, *Style._fields}
    assert not {*Request._fields} & {*Style._fields}
    assert shared <= {*Options._fields}
    defaults = {**Request._field_defaults, **Style._field_defaults}
    assert {name: Options._field_defaults[name] for name in shared} == defaults


def test_what_is_typed_arrives() -> None:
    options = Options(files=("r.txt",), cautious=True, rev="HEAD", verbose=True, color="never")
    assert options.request == Request(files=("r.txt",), cautious=True, rev="HEAD")
    assert options.style == Style(verbose=True, color="never")
