"""The interface between a file format and everything that is done with requirements.

The format here is none of the product's: entries of two lines, as lock files have them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reqdrift import requirements
from reqdrift.cli import main
from reqdrift.errors import InvalidLineError
from reqdrift.requirements import READERS, read_requirements
from reqdrift.standards import canonical_name
from reqdrift.values import Location, Requirement
from reqdrift.values.details import LockEntry
from support import make_environment

if TYPE_CHECKING:
    from reqdrift.requirements import Reader
    from reqdrift.requirements.lines import FileText, Sink

Captured = pytest.CaptureFixture[str]


def read_knots(file: FileText, sink: Sink) -> int:
    """Read entries of two lines, `name = "..."` and `version = "..."`, with a blank one between."""
    found = 0
    for number, entry in enumerate(file.text.split("\n\n")):
        line = 3 * number + 1
        values = dict(part.split(" = ", 1) for part in entry.splitlines() if " = " in part)
        if "name" not in values:
            sink.refuse(Location(file.path, line), InvalidLineError("the entry has no name"))
            continue
        name, version = (json.loads(values.get(key, '""')) for key in ("name", "version"))
        found += 1
        sink.requirements.append(
            Requirement(
                canonical_name(name),
                name,
                text=f"{name} {version}",
                full_text=f"{name}=={version}",
                origin=LockEntry(file.path, line),
                pin=version,
            )
        )
    return found


KNOTS: tuple[str, str, Reader] = ("", ".knots", read_knots)
ALL = (READERS[0], KNOTS, *READERS[1:])
TEXT = """\
name = "Kite"
version = "1.0"

name = "paper"
version = "2.0"

name = "tail"
version = "1.0"
"""


@pytest.fixture
def knotted(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a file in this format, and an environment that has drifted from it."""
    make_environment(project / ".venv", "Kite-1.0", "paper-1.0", "string-1.0", "pip-24.0")
    (project / "weather.knots").write_text(TEXT)
    monkeypatch.setattr(requirements, "READERS", ALL)
    return project


def test_what_it_says(knotted: Path) -> None:
    found = read_requirements(["weather.knots"])
    assert not found.errors
    assert [line.name for line in found.requirements] == ["kite", "paper", "tail"]
    assert [line.specifier for line in found.requirements] == ["==1.0", "==2.0", "==1.0"]
    assert [line.at.line for line in found.requirements] == [1, 4, 7]
    assert [file.requirements for file in found.files] == [3]


def test_others_are_read_as_before(knotted: Path) -> None:
    (knotted / "requirements.txt").write_text("-r weather.knots\nrope==1.0\n")
    found = read_requirements(["requirements.txt"])
    assert [line.name for line in found.requirements] == ["kite", "paper", "tail", "rope"]


def test_what_cannot_be_read(knotted: Path, capsys: Captured) -> None:
    (knotted / "weather.knots").write_text('version = "1.0"\n')
    assert main(["weather.knots"]) == 2
    assert "weather.knots:1: error: the entry has no name" in capsys.readouterr().out


def test_commands_work_with_it_but_none_edits_it(knotted: Path, capsys: Captured) -> None:
    for words, code in (("check", 1), ("why paper", 0), ("fix", 1), ("diff", 0), ("plan", 0)):
        assert main([*words.split(), "weather.knots"]) == code
        said = "".join(capsys.readouterr())
        assert "weather.knots:4: " in said or words == "why paper"
        assert ("a lock file is not edited" in said) is (words in ("fix", "diff"))
    assert (knotted / "weather.knots").read_text() == TEXT
