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
from reqdrift.report import FORMATS
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
                origin=LockEntry(file.path, line, name),
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


FINDINGS = {("version", "paper", 4), ("missing", "tail", 7), ("extra", "string", None)}


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


def test_check(knotted: Path, capsys: Captured) -> None:
    assert main(["weather.knots", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert {(f["kind"], f["project"], f["line"]) for f in document["findings"]} == FINDINGS
    assert document["counts"]["requirements"] == 3


def test_what_matches_is_clean(knotted: Path, capsys: Captured) -> None:
    (knotted / "weather.knots").write_text(TEXT.replace("2.0", "1.0").replace("tail", "string"))
    assert main(["weather.knots"]) == 0
    assert "3 requirements in weather.knots: 3 checked" in capsys.readouterr().out


@pytest.mark.parametrize("name", FORMATS)
def test_every_format(name: str, knotted: Path, capsys: Captured) -> None:
    assert main(["weather.knots", "--format", name]) == 1
    shown = capsys.readouterr().out
    assert "weather.knots" in shown
    assert all(project in shown for project in ("paper", "tail", "string"))


def test_why(knotted: Path, capsys: Captured) -> None:
    assert main(["why", "paper", "weather.knots"]) == 0
    shown = capsys.readouterr().out
    assert "weather.knots:4" in shown
    assert "1.0" in shown


def test_freeze(knotted: Path, capsys: Captured) -> None:
    assert main(["freeze", "weather.knots"]) == 0
    assert capsys.readouterr().out.splitlines() == ["Kite==1.0", "paper==1.0", "string==1.0"]


@pytest.mark.parametrize("command", ["fix", "diff"])
def test_no_repair_edits_it(command: str, knotted: Path, capsys: Captured) -> None:
    """Not the lines of its requirements, and not by lines of pip's format at its end."""
    assert main([command, "weather.knots"]) == (1 if command == "fix" else 0)
    said = "".join(capsys.readouterr())
    assert (knotted / "weather.knots").read_text() == TEXT
    assert said.count("a lock file is not edited; regenerate it with") == len(FINDINGS)


def test_plan(knotted: Path, capsys: Captured) -> None:
    assert main(["plan", "weather.knots", "--with", "uv"]) == 0
    script = capsys.readouterr().out
    assert "pip install" not in script  # no installer reads the file
    for message in ("4: paper 1.0 is installed, but the file says paper 2.0", "7: tail 1.0 is not"):
        assert f"# not fixed: weather.knots:{message}" in script
