"""`reqdrift verify` as a command: options, exit codes, formats, what it advises."""

from __future__ import annotations

import json
import os
import pty
import select
import shlex
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from reqdrift.cli import main
from support import REPOSITORY, SCRIPTS, add_distribution, clean_environ, make_environment, record

Captured = pytest.CaptureFixture[str]


def install(site: Path, release: str, **how: str) -> Path:
    """A distribution of one module."""
    info = add_distribution(site, release, installer=how.get("installer", "pip"))
    module = f"{release.partition('-')[0].lower()}.py"
    (site / module).write_text("LIGHT = 1\n")
    (info / "RECORD").write_text(record(site, info, [module]))
    return info


@pytest.fixture
def site(project: Path) -> Path:
    """The site folder of a project's .venv with two distributions, of which one is modified."""
    site = make_environment(project / ".venv")
    for release in ("Lantern-1.0", "rope-2.0"):
        install(site, release)
    (site / "lantern.py").write_text("LIGHT = 2\n")
    return site


def test_the_whole_output(site: Path, capsys: Captured) -> None:
    assert main(["verify"]) == 1
    out, err = capsys.readouterr()
    below = ".venv/lib/python3.11/site-packages"
    assert out.splitlines() == [
        f"{below}/lantern.py: modified: lantern.py of Lantern 1.0 does not match RECORD"
        " (sha256 differs)",
        "drift: 1 modified; 4 files of 2 distributions compared (0.0 MB); .venv (Python 3.11.7)",
        "hint: to reinstall it: uv pip install --python .venv/bin/python --no-cache"
        " --reinstall --no-deps Lantern==1.0",
    ]
    assert err == ""


def _suites(text: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(text).findall("testsuite")  # noqa: S314 - we wrote it


class TestOptions:
    @pytest.mark.parametrize(
        "words, code",
        [
            ((), 1),
            (("--exit-zero",), 0),
            (("--select", "rope"), 0),
            (("--select", "LANTERN"), 1),
            (("--select", "rope", "--select", "lantern"), 1),
            (("--python", ".venv"), 1),
            (("--python", ".venv/bin/python"), 1),
            (("--path", ".venv/lib/python3.11/site-packages"), 1),
            (("--select", "nope"), 2),
            (("--unknown",), 2),
            (("--python", "nowhere"), 3),
            (("--path", "nowhere"), 3),
        ],
    )
    def test_exit_codes(self, site: Path, words: tuple[str, ...], code: int) -> None:
        assert main(["verify", *words]) == code

    def test_an_unknown_name_is_one_clear_line(self, site: Path, capsys: Captured) -> None:
        assert main(["verify", "--select", "lanterm"]) == 2
        assert capsys.readouterr().err == (
            "reqdrift: --select: 'lanterm' is not installed in .venv; did you mean lantern?\n"
        )

    def test_no_environment(self, project: Path, capsys: Captured) -> None:
        assert main(["verify", "--python", "nowhere", "--format", "json"]) == 3
        out, err = capsys.readouterr()
        assert json.loads(out)["verdict"] == "failed"
        assert err.count("\n") == 1

    def test_the_configuration_counts(self, site: Path, project: Path, capsys: Captured) -> None:
        text = '[tool.reqdrift]\nseverity = {modified = "warning"}\n'
        (project / "pyproject.toml").write_text(text)
        assert main(["verify"]) == 0
        assert "modified (warning): " in capsys.readouterr().out
        (project / "pyproject.toml").write_text('[tool.reqdrift]\nignore = ["lantern", "other"]\n')
        assert main(["verify", "-v"]) == 0
        out = capsys.readouterr().out
        assert "note (ignored): modified: lantern.py of Lantern 1.0 does not" in out
        assert "matches nothing" not in out  # it may well be for the check

    def test_an_empty_environment_is_clean(self, project: Path, capsys: Captured) -> None:
        make_environment(project / ".venv")
        assert main(["verify"]) == 0
        assert capsys.readouterr().out.startswith("clean; 0 files of 0 distributions compared")


class TestFormats:
    def told(self, name: str, capsys: Captured, *words: str) -> str:
        main(["verify", "--format", name, *words])
        return capsys.readouterr().out

    def test_json(self, site: Path, capsys: Captured) -> None:
        document = json.loads(self.told("json", capsys))
        schema = json.loads((REPOSITORY / "docs" / "report.schema.json").read_text())
        jsonschema.validate(document, schema)
        assert document["verdict"] == "drift"
        assert document["counts"]["errors"] == 1
        (finding,) = document["findings"]
        assert (finding["kind"], finding["project"], finding["installed"]) == (
            *("modified", "lantern", "1.0"),
        )
        size = (site / "Lantern-1.0.dist-info" / "INSTALLER").stat().st_size
        assert document["verified"] == {
            "distributions": 2,
            "files": 4,
            "size": 20 + 2 * size,
            "unhashed": 0,
            "bytecode": 0,
            "skipped": 0,
        }

    def test_junit_has_one_suite(self, site: Path, capsys: Captured) -> None:
        (suite,) = _suites(self.told("junit", capsys))
        assert (suite.get("name"), suite.get("failures")) == (".venv", "1")
        (suite,) = _suites(self.told("junit", capsys, "--select", "rope"))
        (case,) = suite
        assert (case.get("name"), suite.get("failures")) == ("is as installed", "0")

    def test_the_others(self, site: Path, capsys: Captured) -> None:
        below = ".venv/lib/python3.11/site-packages/lantern.py"
        assert self.told("github", capsys).startswith(f"::error file={below},title=modified")
        (issue,) = json.loads(self.told("gitlab", capsys))
        assert (issue["check_name"], issue["location"]["path"]) == ("reqdrift/modified", below)
        (run,) = json.loads(self.told("sarif", capsys))["runs"]
        (result,) = run["results"]
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert (result["ruleId"], rule["id"]) == ("modified", "modified")
        assert "| [modified] | `" in self.told("markdown", capsys)

    def test_a_terminal(self, site: Path, capsys: Captured) -> None:
        main(["verify", "--color", "always"])
        out = capsys.readouterr().out
        assert "lantern.py of Lantern 1.0 does not match RECORD" in out
        assert "\x1b[" in out


class TestAdvice:
    """The command that installs it again; end_to_end/ runs it."""

    def hint(self, capsys: Captured, *words: str) -> list[list[str]]:
        main(["verify", *words])
        lines = capsys.readouterr().out.splitlines()
        return [shlex.split(line.split(": ", 2)[2]) for line in lines if line.startswith("hint")]

    def test_pip_where_there_is_pip(self, site: Path, capsys: Captured) -> None:
        install(site, "pip-24.0")
        pip = [".venv/bin/python", "-m", "pip", "install", "--force-reinstall", "--no-deps"]
        assert self.hint(capsys) == [[*pip, "Lantern==1.0"]]

    def test_a_target_folder(self, site: Path, capsys: Captured) -> None:
        folder = ".venv/lib/python3.11/site-packages"
        pip = ["python", "-m", "pip", "install", "--target", folder, "--upgrade", "--no-deps"]
        assert self.hint(capsys, "--path", folder) == [[*pip, "Lantern==1.0"]]

    def test_where_it_came_from(self, site: Path, capsys: Captured) -> None:
        url = {"url": "https://u:p@host.example/x.git", "vcs_info": {"vcs": "git"}}
        url["vcs_info"]["commit_id"] = "ab" * 20  # type: ignore[index]
        (site / "Lantern-1.0.dist-info" / "direct_url.json").write_text(json.dumps(url))
        ((*_, last),) = self.hint(capsys)
        assert last == f"Lantern @ git+https://host.example/x.git@{'ab' * 20}"

    def test_what_conda_installed(self, site: Path, capsys: Captured) -> None:
        (site / "Lantern-1.0.dist-info" / "INSTALLER").write_text("conda")
        conda = ["conda", "install", "--prefix", ".venv", "--force-reinstall"]
        assert self.hint(capsys) == [[*conda, "Lantern=1.0"]]

    def test_nothing_for_what_nobody_installed(self, site: Path, capsys: Captured) -> None:
        (site / "lantern.py").write_text("LIGHT = 1\n")
        (site / "sitecustomize.py").write_text("")
        assert self.hint(capsys) == []


@pytest.mark.long  # half a second passes before there is a bar, several times
def test_the_bar_is_on_a_terminals_standard_error_alone(site: Path, project: Path) -> None:
    with (site / "big.bin").open("wb") as file:
        file.truncate(1_500_000_000)
    info = site / "rope-2.0.dist-info"
    (info / "RECORD").write_text("big.bin,sha256=x,1500000000\n")
    command = [str(SCRIPTS / "reqdrift"), "verify"]
    ours, theirs = pty.openpty()
    env = clean_environ(TERM="xterm-256color")
    with subprocess.Popen(
        command, cwd=project, env=env, stdout=subprocess.PIPE, stderr=theirs
    ) as run:
        os.close(theirs)
        assert run.stdout is not None
        seen, out = b"", run.stdout.read()
        while select.select([ours], [], [], 0)[0]:
            try:
                seen += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    assert b"verifying" in seen
    assert b"verifying" not in out
    piped = subprocess.run(command, cwd=project, env=env, capture_output=True, check=False)
    assert (piped.stdout, piped.stderr) == (out, b"")
