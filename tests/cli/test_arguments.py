"""What can be typed, and who gets which part of it."""

from __future__ import annotations

import pytest

from reqdrift.cli.arguments import Options, options_from
from reqdrift.values import Request, Style


def test_a_bare_command_asks_for_the_defaults() -> None:
    assert options_from({}) == Options() == Options(Request(), Style())


def test_every_field_has_one_reader() -> None:
    fields = [*Request._fields, *Style._fields, *Options._fields]
    assert len({*fields}) == len(fields)


def test_what_is_typed_arrives() -> None:
    typed = {"files": ("r.txt",), "rev": "HEAD", "verbose": True, "color": "never", "write": True}
    request = Request(files=("r.txt",), rev="HEAD")
    assert options_from(typed) == Options(request, Style(verbose=True, color="never"), write=True)


def test_a_value_that_nothing_reads_is_not_lost_silently() -> None:
    with pytest.raises(TypeError):
        options_from({"verbos": True})
