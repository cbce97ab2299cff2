"""The interface between a source of an environment and everything that is done with it.

The source here holds its distributions in memory: nothing of it is on the disk, and no program can
be started in it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reqdrift import commands
from reqdrift.cli import main
from reqdrift.report import FORMATS
from reqdrift.standards import canonical_name
from reqdrift.values import (
    Capabilities,
    Distribution,
    Environment,
    Facts,
    Policy,
    Python,
    Questions,
    Set,
)
from reqdrift.values.details import Source

Captured = pytest.CaptureFixture[str]

# What the environment says of its Python is not what this machine's Python would say.
PYTHON = Python("3.9", markers=(("sys_platform", "amiga"), ("python_full_version", "3.9.7")))
COMMIT = "0123456789abcdef0123456789abcdef01234567"
KITE = Source("vcs", "https://host/kite.git", COMMIT, vcs="git")

if TYPE_CHECKING:
    from reqdrift.environments import EnvironmentSource


class Record:
    """A source that knows what is installed, and what it needs, from memory."""

    can = Capabilities(files=False, install=False, times=False)

    def __init__(self, **needs: tuple[str, ...]) -> None:
        self._needs = {canonical_name(name): requires for name, requires in needs.items()}
        found = {
            name: Distribution(name, name.title(), "1.0", name, "record", direct=name == "kite")
            for name in self._needs
        }
        self._environment = Environment(
            "record.json", PYTHON, "--installed", found, chosen="named", can=self.can
        )

    def read(self) -> Environment:
        return self._environment

    def answer(self, asked: Questions, known: Facts) -> Facts:
        found = self._environment.distributions
        return Facts(
            {**known.sources, **dict.fromkeys(asked.sources, KITE)},
            self._needs if asked.requires else known.requires,
            PYTHON if asked.exact_python else known.python,
            names={name: found[name].project for name in asked.names},
            checkouts={**(known.checkouts or {}), **dict.fromkeys(asked.checkouts)},
        )


LINES = """\
string==1.0
paper==2.0; sys_platform == 'amiga'
glue==1.0; python_full_version >= '3.9.8'
tail
"""
FINDINGS = {
    ("extra", "kite"),
    ("missing", "tail"),
    ("version", "paper"),
}


@pytest.fixture
def source() -> EnvironmentSource:
    return Record(string=("paper; extra == 'all'",), paper=(), kite=("bamboo>=1",), bamboo=())


@pytest.fixture
def taken(project: Path, source: EnvironmentSource, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose environment is the record."""
    (project / "requirements.txt").write_text(LINES)
    take(source, monkeypatch)
    return project


def take(source: EnvironmentSource, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every command find this source; no option names one yet."""
    monkeypatch.setattr(commands, "find_environment", lambda *_: source)


def test_check(taken: Path, source: EnvironmentSource) -> None:
    requirements, situation = commands.read_files(Set("", ("requirements.txt",)))
    report = commands.examine(requirements, situation, source, Policy()).report
    assert {(f.kind, f.project) for f in report.findings} >= FINDINGS
    assert [note.project for note in report.notes if note.reason == "marker"] == ["glue"]
    assert not report.errors


def test_what_matches_is_clean(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "requirements.txt").write_text(f"kite @ git+https://host/kite.git@{COMMIT}\n")
    take(Record(kite=()), monkeypatch)
    assert main([]) == 0


@pytest.mark.parametrize("name", FORMATS)
def test_every_format(name: str, taken: Path, capsys: Captured) -> None:
    assert main(["--format", name]) == 1
    shown = capsys.readouterr().out
    assert "kite" in shown
    assert "paper" in shown


def test_the_document_says_nothing_of_this_disk(taken: Path, capsys: Captured) -> None:
    main(["--format", "json"])
    environment = json.loads(capsys.readouterr().out)["environment"]
    assert environment["found_by"] == "--installed"
    assert not environment["interpreter_started"]


def test_no_command_is_advised_that_cannot_work(taken: Path, capsys: Captured) -> None:
    main([])
    shown = capsys.readouterr().out
    assert "reqdrift fix" in shown
    assert "reqdrift plan" not in shown


def test_why(taken: Path, capsys: Captured) -> None:
    assert main(["why", "bamboo"]) == 0
    shown = capsys.readouterr().out
    assert "kite" in shown
    assert ">=1" in shown


def test_freeze(taken: Path, capsys: Captured) -> None:
    assert main(["freeze"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Bamboo==1.0",
        f"Kite @ git+https://host/kite.git@{COMMIT}",
        "Paper==1.0",
        "String==1.0",
    ]


def test_fix(taken: Path) -> None:
    assert main(["fix"]) == 0
    text = (taken / "requirements.txt").read_text()
    assert "paper==1.0" in text
    assert f"Kite @ git+https://host/kite.git@{COMMIT}" in text


def test_plan_has_nothing_to_install_with(taken: Path, capsys: Captured) -> None:
    assert main(["plan"]) == 2
    assert "record.json is a record; plan needs the environment itself" in capsys.readouterr().err


def test_verify_has_no_files_to_read(taken: Path, capsys: Captured) -> None:
    assert main(["verify"]) == 3
    assert "record.json" in capsys.readouterr().err


def test_a_cross_check_has_nothing_to_ask(taken: Path, capsys: Captured) -> None:
    assert main(["--cross-check"]) == 3
    assert "cross-check: " in capsys.readouterr().out
