"""The text of a clean run is written without loading the format; it is the same text."""

from __future__ import annotations

import pytest

from reqdrift.report import clean_text, text
from reqdrift.values import (
    CanonicalName,
    Environment,
    Location,
    Note,
    Problem,
    Python,
    ReadFile,
    Report,
    Style,
)
from reqdrift.values.details import Finding, Hint

ENVIRONMENT = Environment("/env", Python("3.11.2"), "--python", {})
FILE = "/project/requirements.txt"
AT = Location(FILE, 3)
NOTES = (
    Note("marker", "foo", AT, "foo==1; python_version < '3' does not apply here"),
    Note("artefact", None, Location(FILE), "an escape: \x1b[31m ##[error]"),
    Note("tool", "pip", None, "pip is never counted as extra"),
    Note("stdlib", "argparse", None, "never listed"),
    Note("marker", "bar", Location(FILE, 4), "only with -v", quiet=True),
)
CLEAN = Report(ENVIRONMENT, (ReadFile(FILE, 7, 2),), notes=NOTES, checked=5, skipped=2)
FOO = CanonicalName("foo")
FINDING = Finding("missing", "error", FOO, AT, "==1", None, "foo is not installed")


@pytest.mark.parametrize("notes", [(), NOTES[:1], NOTES])
def test_it_is_the_text_of_the_format(notes: tuple[Note, ...]) -> None:
    report = CLEAN._replace(notes=notes)
    assert clean_text(report, Style()) == text.render(report, Style())


@pytest.mark.parametrize(
    "changed",
    [
        CLEAN._replace(findings=(FINDING,)),
        CLEAN._replace(errors=(Problem(AT, "cannot be read"),)),
        CLEAN._replace(hints=(Hint("a purpose", "a command"),)),
        CLEAN._replace(leads=(Hint("a purpose", "a command"),)),
        CLEAN._replace(environment=None),
    ],
)
def test_whatever_else_is_said_needs_the_format(changed: Report) -> None:
    assert clean_text(changed, Style()) == ""


@pytest.mark.parametrize("style", [Style(quiet=True), Style(verbose=True)])
def test_another_style_needs_the_format(style: Style) -> None:
    assert clean_text(CLEAN, style) == ""
