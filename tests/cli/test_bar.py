"""The progress bar."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from reqdrift.commands.verify import make_bar
from reqdrift.values import Style


def test_it_is_on_standard_error_and_leaves_nothing() -> None:
    bar = make_bar(Style())
    assert bar.console.stderr
    assert bar.live.transient


@pytest.mark.parametrize(("color", "plain"), [("always", False), ("never", True), ("auto", True)])
def test_its_color_is_that_of_everything_else(color: str, plain: bool) -> None:
    assert make_bar(Style(color=color)).console.no_color is plain


def test_it_shows_what_is_done_and_how_much() -> None:
    bar = make_bar(Style())
    bar.add_task("verifying", total=2_000_000, completed=500_000)
    shown = io.StringIO()
    Console(file=shown, width=100).print(bar.get_renderable())
    assert shown.getvalue().startswith("verifying ")
    assert "0.5/2.0 MB" in shown.getvalue()
