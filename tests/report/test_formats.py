"""Every format as its consumers parse it, and under hostile text; tests/cases has each as it is."""

from __future__ import annotations

import json
import re
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from hostile_reports import hostile_report
from report_parsers import parse_junit, validate_gitlab, validate_json, validate_sarif
from reqdrift.cli import main
from reqdrift.report import html, markdown, sarif, terminal, text
from reqdrift.values import CanonicalName, Location, Note, Problem, ReadFile, Report, Style
from reqdrift.values.details import Finding, Hint
from support import make_environment, run
from test_cases import CASES, build

Captured = pytest.CaptureFixture[str]
VALIDATORS: dict[str, Callable[[str], object]] = {
    "json": validate_json,
    "sarif": validate_sarif,
    "gitlab": validate_gitlab,
    "junit": parse_junit,
}


@pytest.fixture
def drifting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that has drifted in every way."""
    folder = tmp_path / "drifting"
    build(CASES / "format-sarif", folder)
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    return folder


def rendered(capsys: Captured, *words: str) -> str:
    main(list(words))
    return capsys.readouterr().out


def documents(name: str) -> list[str]:
    """What the golden cases print in a format."""
    found = []
    for file in CASES.glob("*/expected"):
        for part in file.read_text().split("$ reqdrift")[1:]:
            command, _, shown = part.split("\n", 2)
            if name in command.split() and command.count("--format") == 1:
                found.append(re.split("^--- .*$", shown, flags=re.MULTILINE)[0])
    return found


class TestConsumers:
    """Each format against what somebody else says that it is."""

    @pytest.mark.parametrize("name", VALIDATORS)
    def test_golden_documents(self, name: str) -> None:
        for document in documents(name):
            VALIDATORS[name](document)
        assert len(documents(name)) > 1

    @pytest.mark.skipif(
        not sys.platform.startswith("linux") or shutil.which("npm") is None,
        reason="SARIF's own validator comes from npm, here in its build for Linux",
    )
    @pytest.mark.long
    def test_sarif_by_its_own_validator(
        self, drifting: Path, capsys: Captured, tmp_path: Path
    ) -> None:
        logs = tmp_path / "logs"
        logs.mkdir()
        (logs / "drift.sarif").write_text(rendered(capsys, "--format", "sarif"))
        (drifting / "requirements.txt").write_text("a=1\nflask==3.0.3\n")
        (logs / "failed.sarif").write_text(rendered(capsys, "--format", "sarif"))
        (logs / "nothing.sarif").write_text(sarif.render(Report(None), Style()))
        (logs / "hostile.sarif").write_text(sarif.render(hostile_report("}{0}](x)\n<&"), Style()))
        package = "@microsoft/sarif-multitool-linux"
        tool = tmp_path / "tool" / "node_modules" / package / "Sarif.Multitool"
        words = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefix", tmp_path / "tool")
        if run("npm", "install", *words, f"{package}@5.7.0", cwd=tmp_path, check=False).returncode:
            pytest.skip("it cannot be installed here")
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
        found = tmp_path / "found.sarif"
        kinds = ("--rule-kind", "Sarif;Ghas", "--level", "Error;Warning")
        done = run(tool, "validate", *kinds, "--output", found, f"{logs}/*.sarif", cwd=tmp_path)
        assert "4 files scanned" in done.stdout
        (validation,) = json.loads(found.read_text(encoding="utf-8-sig"))["runs"]
        shutil.rmtree(tmp_path / "tool")  # it is large
        # It would like an address of the tool's, and regions that name all lines of a file.
        wishes = {"SARIF2005", "SARIF2017"}
        assert {result["ruleId"] for result in validation["results"]} <= wishes


class TestIdentity:
    """A finding is the same one in the next run, wherever its line has moved to."""

    def test_when_lines_move(self, drifting: Path, capsys: Captured) -> None:
        before = self.prints(capsys)
        content = (drifting / "requirements.txt").read_text()
        (drifting / "requirements.txt").write_text("\n# New.\nwerkzeug==3.1.3\n" + content)
        assert self.prints(capsys) == before

    def test_each_is_another(self, drifting: Path, capsys: Captured) -> None:
        (drifting / "requirements.txt").write_text("six==1\nsix==2\nsix==3\nclick>=1\nclick>=2\n")
        prints = self.prints(capsys)
        assert len(set(prints)) == len(prints) > 5

    def test_from_another_folder(
        self, drifting: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = self.prints(capsys)
        commands = rendered(capsys, "--format", "github")
        (drifting / "deep").mkdir()
        monkeypatch.chdir(drifting / "deep")
        assert self.prints(capsys, "../requirements.txt") == before
        assert rendered(capsys, "--format", "github", "../requirements.txt") == commands

    @staticmethod
    def prints(capsys: Captured, *words: str) -> list[str]:
        (one,) = json.loads(rendered(capsys, "--format", "sarif", *words))["runs"]
        known = [result["partialFingerprints"] for result in one["results"]]
        ours = [found["reqdriftFinding/v1"] for found in known]
        assert [found["primaryLocationLineHash"] for found in known] == ours
        issues = json.loads(rendered(capsys, "--format", "gitlab", *words))
        assert [issue["fingerprint"] for issue in issues] == ours
        return ours


class TestActions:
    """Runs as GitHub Actions makes them; `project` is without its variables."""

    @pytest.fixture
    def page(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        path = tmp_path / "summary.md"
        path.write_text("An earlier step's.\n")
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
        return path

    def test_commands_of_the_projects_files_are_none(
        self, project: Path, page: Path, capsys: Captured
    ) -> None:
        odd = project / "::stop-commands::x"
        odd.mkdir()
        line = "foo==1.0; python_version < '##[add-mask]3'\nfoo @ file:///##[group]x\nfoo=##[x]\n"
        (odd / "requirements.txt").write_text(line)
        make_environment(project / ".venv")
        for name in ("auto", "text", "rich", "json", "gitlab", "sarif", "junit", "markdown"):
            main(["--format", name, "::stop-commands::x/requirements.txt", "--color", "never"])
            for shown in capsys.readouterr():
                assert "##[" not in shown
                words = {x.partition(" ")[0] for x in shown.splitlines() if x.lstrip()[:2] == "::"}
                assert words <= {"::error"}


@pytest.mark.parametrize("number", [300, 1000])
def test_any_report_fits_a_comment(number: int) -> None:
    at = Location("/elsewhere/requirements.txt", 1)
    message = "x|" * 400
    findings = [
        Finding("extra", "error", CanonicalName(f"p{n}"), at, None, "1", message)
        for n in range(number)
    ]
    report = Report(
        None,
        (ReadFile(at.file, 1, 0),) * number,
        tuple(findings),
        tuple(Note("marker", None, at, message) for _ in range(number)),
        tuple(Problem(at, message) for _ in range(number)),
        hints=(Hint("x" * 90_000, "y"), Hint("if so", "y" * 90_000)),
    )
    shown = markdown.render(report, Style(verbose=True))
    assert len(shown) < 65_536
    assert f"{number} extra" in shown
    assert len(re.findall(r"^[|-] \d+ more", shown, re.MULTILINE)) == 3


@pytest.mark.parametrize("form", [html, markdown, terminal, text])
def test_a_hint_without_a_command(form: ModuleType) -> None:
    at = Location("/elsewhere/requirements.txt", 1)
    finding = Finding("extra", "error", CanonicalName("foo"), at, None, "1", "not listed")
    report = Report(None, findings=(finding,), hints=(Hint("no command: pin foo", ""),))
    shown = form.render(report, Style(color="never"))
    assert re.search("(?i)no command: pin foo(</p>|`)?$", shown, re.MULTILINE)
    assert not re.search("<code></code>|```|pin foo:", shown)
