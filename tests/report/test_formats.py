"""Every format: as a reader sees it, as its consumers parse it, and under hostile text.

tests/snapshots/formats holds one drifting report in each. To renew them after a change that is
meant, and then to read them: REQDRIFT_TEST_SNAPSHOTS=write pytest tests/formats/test_formats.py
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import sys
from pathlib import Path
from types import ModuleType

import pytest
from junitparser import Skipped

from consumers import outcome_of, parse_junit, validate_gitlab, validate_json, validate_sarif
from hostile_reports import hostile_report
from reqdrift import __version__
from reqdrift.cli import main
from reqdrift.report import html, markdown, sarif, terminal, text
from reqdrift.values import CanonicalName, Location, Note, Problem, ReadFile, Report, Style
from reqdrift.values.findings import Finding, Hint
from support import REPOSITORY, add_distribution, make_environment, run

Captured = pytest.CaptureFixture[str]

SNAPSHOTS = REPOSITORY / "tests" / "snapshots" / "formats"
WRITE = os.environ.get("REQDRIFT_TEST_SNAPSHOTS") == "write"
FILES = {
    "text": "text.txt",
    "rich": "rich.txt",
    "json": "report.json",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "sarif": "report.sarif",
    "junit": "junit.xml",
    "markdown": "markdown.md",
    "html": "page.html",
}

REQUIREMENTS = """\
# The shop: what it needs to run.
-r base.txt
-c constraints.txt
flask==3.0.3
requests[socks]==2.32.3
colorama==0.4.6
click>=8
wsgiref==0.1.2
pywin32==306; sys_platform == "win32"
idna==3.7 \\
    --hash=sha256:946d195a0d259cbba61165e88e65941f16e9b36ea6ddb97f00452bae8b1287d3
six==1.16.0
six==1.17.0
shoptool @ git+https://example.org/shoptool@0123456789abcdef0123456789abcdef01234567
jinja2==3.1.4
jinja2==3.1.4
urllib3
"""


@pytest.fixture
def drifting(project: Path) -> Path:
    """A project that has drifted in every way."""
    (project / "requirements.txt").write_text(REQUIREMENTS)
    (project / "base.txt").write_text("werkzeug==3.1.3\n")
    (project / "constraints.txt").write_text("urllib3==1.26.20\n")
    installed = ("flask-3.1.0", "click-8.1.8", "idna-3.10", "six-1.16.0", "jinja2-3.1.4")
    site = make_environment(project / ".venv", *installed, "urllib3-2.2.3", "werkzeug-3.1.3")
    add_distribution(site, "requests-2.32.3", requires=["pysocks; extra == 'socks'"])
    add_distribution(site, "rich-13.9.4", requires=["pygments"])
    add_distribution(site, "pygments-2.18.0")
    add_distribution(site, "pygments-2.17.0")
    add_distribution(
        site,
        "shoptool-1.0",
        direct_url={
            "url": "https://example.org/shoptool",
            "vcs_info": {"vcs": "git", "commit_id": "f" * 40},
        },
    )
    return project


@pytest.fixture
def clean(project: Path) -> Path:
    (project / "requirements.txt").write_text("foo==1.0\n")
    make_environment(project / ".venv", "foo-1.0")
    return project


def rendered(capsys: Captured, *words: str) -> str:
    main(list(words))
    return capsys.readouterr().out


@pytest.mark.parametrize("name", FILES)
def test_a_drifting_report(
    drifting: Path, name: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    shown = rendered(capsys, "--format", name, "--color", "never")
    if name == "rich":
        shown = re.sub(" +$", "", shown, flags=re.MULTILINE)  # as much as the folder's name is long
    shown = shown.replace(str(drifting), "/project").replace(f'"{__version__}"', '"VERSION"')
    snapshot = SNAPSHOTS / FILES[name]
    if WRITE:
        snapshot.write_text(shown)
    assert shown == snapshot.read_text()


class TestConsumers:
    """Each format against what somebody else says that it is."""

    def test_json(self, drifting: Path, capsys: Captured) -> None:
        validate_json(rendered(capsys, "--format", "json"))

    def test_sarif(self, drifting: Path, capsys: Captured) -> None:
        validate_sarif(rendered(capsys, "--format", "sarif"))
        (drifting / "requirements.txt").write_text("a=1\n")
        log = validate_sarif(rendered(capsys, "--format", "sarif"))
        invocation = log["runs"][0]["invocations"][0]
        assert invocation["executionSuccessful"] is False
        (notification,) = invocation["toolExecutionNotifications"]
        (at,) = notification["locations"]
        assert at["physicalLocation"]["artifactLocation"]["uri"] == "requirements.txt"
        assert at["physicalLocation"]["region"]["startLine"] == 1

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

    def test_gitlab(self, drifting: Path, capsys: Captured) -> None:
        issues = validate_gitlab(rendered(capsys, "--format", "gitlab"))
        prints = [issue["fingerprint"] for issue in issues]
        assert len(set(prints)) == len(prints)
        (drifting / "requirements.txt").write_text("a=1\n-r absent.txt\n")
        issues = validate_gitlab(rendered(capsys, "--format", "gitlab"))
        assert [issue["severity"] for issue in issues][:2] == ["blocker", "blocker"]

    def test_junit(self, drifting: Path, capsys: Captured) -> None:
        suites = parse_junit(rendered(capsys, "--format", "junit"))
        assert list(suites) == ["requirements.txt", "base.txt", "constraints.txt", ".venv"]
        assert [case.name for case in suites["base.txt"]] == ["matches the environment"]
        assert suites["base.txt"].failures == 0
        assert suites["constraints.txt"].failures == 1
        skipped = [c.name for c in suites["requirements.txt"] if outcome_of(c) is Skipped]
        assert skipped == ["stdlib: wsgiref", "marker: pywin32"]
        (drifting / "requirements.txt").write_text("a=1\n-r base.txt\n")
        suites = parse_junit(rendered(capsys, "--format", "junit"))
        assert suites["requirements.txt"].errors == 1
        # What is not known to match has not passed.
        assert list(suites["base.txt"]) == []

    def test_a_clean_report(self, clean: Path, capsys: Captured) -> None:
        assert rendered(capsys, "--format", "github") == ""
        assert json.loads(rendered(capsys, "--format", "gitlab")) == []
        (one,) = validate_sarif(rendered(capsys, "--format", "sarif"))["runs"]
        assert (one["results"], one["invocations"]) == ([], [{"executionSuccessful": True}])
        suites = parse_junit(rendered(capsys, "--format", "junit"))
        assert [len(suite) for suite in suites.values()] == [1]
        assert rendered(capsys, "--format", "markdown").startswith("### reqdrift — clean\n\n`1 req")

    def test_no_environment(self, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("foo==1.0\n")
        words = ("--path", "nowhere", "--format")
        why = "nowhere is not a folder"
        assert rendered(capsys, *words, "github").startswith("::error title=reqdrift::")
        (issue,) = validate_gitlab(rendered(capsys, *words, "gitlab"))
        assert issue["location"]["path"] == "requirements.txt"
        (one,) = validate_sarif(rendered(capsys, *words, "sarif"))["runs"]
        assert one["invocations"][0]["executionSuccessful"] is False
        suites = parse_junit(rendered(capsys, *words, "junit"))
        assert (suites["environment"].errors, len(suites["requirements.txt"])) == (1, 0)
        assert why in rendered(capsys, *words, "markdown")


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

    def test_annotations_report_and_summary(
        self, drifting: Path, page: Path, capsys: Captured
    ) -> None:
        assert main([]) == 1
        lines = capsys.readouterr().out.splitlines()
        commands = [line for line in lines if line.startswith("::")]
        assert lines[: len(commands)] == commands
        assert len(commands) == 11
        assert lines[len(commands)].startswith(".venv: broken: ")
        assert page.read_text().startswith("An earlier step's.\n### reqdrift — drift: ")

    def test_clean(self, clean: Path, page: Path, capsys: Captured) -> None:
        assert main([]) == 0
        assert capsys.readouterr().out.startswith("clean; ")
        assert "### reqdrift — clean\n" in page.read_text()

    def test_no_environment(self, project: Path, page: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("foo==1.0\nfoo=1\n")
        assert main(["--path", "nowhere"]) == 3
        commands = [line for line in capsys.readouterr().out.splitlines() if line[:2] == "::"]
        assert [line.partition(" ")[0] for line in commands] == ["::error", "::error"]
        assert "failed: 2 errors" in page.read_text()

    @pytest.mark.parametrize("name", ["json", "sarif", "gitlab"])
    def test_a_document_stays_one(
        self, drifting: Path, page: Path, capsys: Captured, name: str
    ) -> None:
        assert main(["--format", name]) == 1
        json.loads(capsys.readouterr().out)
        assert "### reqdrift" in page.read_text()

    def test_annotations_come_once(self, drifting: Path, page: Path, capsys: Captured) -> None:
        main(["--format", "auto", "--format", "github"])
        commands = [line for line in capsys.readouterr().out.splitlines() if line[:2] == "::"]
        assert len(set(commands)) == len(commands) == 11

    def test_the_summary_comes_once(self, drifting: Path, page: Path, capsys: Captured) -> None:
        main(["--format", f"markdown={page}"])
        assert page.read_text().startswith("An earlier step's.\n")
        assert page.read_text().count("### reqdrift") == 1

    def test_a_report_for_a_file_has_no_annotations(
        self, drifting: Path, page: Path, capsys: Captured
    ) -> None:
        main(["--format", "auto=report.txt"])
        assert capsys.readouterr().out == ""
        assert (drifting / "report.txt").read_text().startswith(".venv: broken: ")

    def test_a_summary_that_cannot_be_written_decides_nothing(
        self, clean: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
    ) -> None:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", "absent/summary.md")
        assert main([]) == 0
        err = capsys.readouterr().err
        assert err == "reqdrift: absent/summary.md cannot be written: No such file or directory\n"

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

    def test_not_there_nothing_of_it(
        self, drifting: Path, page: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("GITHUB_ACTIONS")
        monkeypatch.setenv("GITLAB_CI", "true")
        main([])
        assert "::error" not in capsys.readouterr().out
        monkeypatch.setenv("GITHUB_ACTIONS", "false")
        main([])
        assert "::error" not in capsys.readouterr().out
        assert page.read_text() == "An earlier step's.\n"
        main(["--format", "github"])  # somebody else's runner of such workflows
        assert "### reqdrift — drift: " in page.read_text()
        monkeypatch.delenv("GITHUB_STEP_SUMMARY")
        before = sorted(drifting.iterdir())
        main(["--format", "github"])
        assert sorted(drifting.iterdir()) == before


class TestFiles:
    def test_one_to_the_screen_one_to_a_file(self, drifting: Path, capsys: Captured) -> None:
        alone = rendered(capsys, "--format", "text")
        assert rendered(capsys, "--format", "text", "--format", "sarif=out.sarif") == alone
        validate_sarif((drifting / "out.sarif").read_text())

    def test_all_to_files(self, drifting: Path, capsys: Captured) -> None:
        wishes = [f"--format={name}={file}" for name, file in FILES.items()]
        assert rendered(capsys, *wishes) == ""
        for name, file in FILES.items():
            assert (drifting / file).read_text().strip(), name

    @pytest.mark.parametrize("path", ["absent/out.sarif", "."])
    def test_one_that_cannot_be_written(self, clean: Path, capsys: Captured, path: str) -> None:
        assert main(["--format", f"sarif={path}"]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"reqdrift: {path} cannot be written: ")
        assert err.count("\n") == 1

    def test_one_without_a_name(self, clean: Path, capsys: Captured) -> None:
        assert main(["--format", "sarif="]) == 2
        assert "'sarif=' has no file name" in capsys.readouterr().err


@pytest.mark.parametrize("number", [300, 5000])
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
