"""How each format shows what a listed package needs and the environment lacks."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from reqdrift.cli import main
from support import REPOSITORY, add_distribution, make_environment

ABSENT = "web 2.0 needs router>=1, which is not installed"
OTHER = "db 1.0 needs pool<2, but pool 2.0 is installed; web needs db"


@pytest.fixture(autouse=True)
def shop(project: Path) -> None:
    site = make_environment(project / ".venv")
    add_distribution(site, "web-2.0", requires=["router>=1", "db"])
    add_distribution(site, "db-1.0", requires=["pool<2"])
    add_distribution(site, "pool-2.0")
    (project / "requirements.txt").write_text("# c\nweb==2.0\n")


def shown(capsys: pytest.CaptureFixture[str], name: str) -> str:
    assert main(["--format", name, "--color", "never"]) == 1
    return capsys.readouterr().out


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "text").splitlines()
    assert lines[:2] == [
        f"requirements.txt:2: unmet (warning): {OTHER}",
        f"requirements.txt:2: unmet: {ABSENT}",
    ]
    assert lines[2].startswith("drift: 2 unmet; ")


def test_rich(capsys: pytest.CaptureFixture[str]) -> None:
    text = " ".join(shown(capsys, "rich").split())
    assert "unmet 2 dependencies not installed, or in another version" in text
    for message in (ABSENT, OTHER):
        assert message in text


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(shown(capsys, "json"))
    schema = json.loads((REPOSITORY / "docs" / "report.schema.json").read_text())
    jsonschema.validate(document, schema)
    other, absent = document["findings"]
    assert (other["kind"], other["severity"], other["project"]) == ("unmet", "warning", "pool")
    assert (other["line"], other["wanted"], other["installed"]) == (2, "pool<2", "2.0")
    assert (other["needed_by"], other["required_by"]) == (["db"], "db")
    assert (other["requires"], other["chain"]) == ("pool<2", ["web", "db"])
    assert other["message"] == OTHER
    assert (absent["severity"], absent["installed"]) == ("error", None)


def test_github(capsys: pytest.CaptureFixture[str]) -> None:
    at = "file=requirements.txt,line=2,endLine=2,title=unmet%3A"
    lines = shown(capsys, "github").splitlines()
    assert lines == [f"::error {at} router::{ABSENT}", f"::warning {at} pool::{OTHER}"]


def test_gitlab(capsys: pytest.CaptureFixture[str]) -> None:
    issues = json.loads(shown(capsys, "gitlab"))
    found = {(issue["check_name"], issue["severity"], issue["description"]) for issue in issues}
    assert found == {("reqdrift/unmet", "minor", OTHER), ("reqdrift/unmet", "major", ABSENT)}


def test_sarif(capsys: pytest.CaptureFixture[str]) -> None:
    (run,) = json.loads(shown(capsys, "sarif"))["runs"]
    rules = run["tool"]["driver"]["rules"]
    found = [(result["level"], rules[result["ruleIndex"]]["id"]) for result in run["results"]]
    assert found == [("warning", "unmet"), ("error", "unmet")]


def test_junit(capsys: pytest.CaptureFixture[str]) -> None:
    cases = ElementTree.fromstring(shown(capsys, "junit")).findall(".//testcase")  # noqa: S314
    failures = [case.find("failure") for case in cases]
    kinds = [(one.get("type"), one.get("message")) for one in failures if one is not None]
    assert kinds == [("unmet", ABSENT)]
    assert [case.get("name") for case in cases] == ["unmet: pool", "unmet: router"]


def test_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "markdown")
    assert f"| [unmet] (warning) | `requirements.txt:2` | `{OTHER}` |" in text
    assert f"| [unmet] | `requirements.txt:2` | `{ABSENT}` |" in text
