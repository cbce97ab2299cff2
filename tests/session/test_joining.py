"""Several environments in one run: one report by result."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import reqdrift
import support
from reqdrift.cli import main
from support import SCRIPTS, make_environment

Captured = pytest.CaptureFixture[str]


def listing(path: Path, **versions: str) -> None:
    path.parent.mkdir(exist_ok=True)
    found = [{"name": name, "version": text} for name, text in versions.items()]
    path.write_text(json.dumps(found))


@pytest.fixture
def fleet(project: Path) -> Path:
    """40 servers: two have another version of six, one another package, one cannot be read."""
    for number in range(40):
        listing(project / "fleet" / f"web{number:02}.json", six="1.17.0", idna="3.7")
    listing(project / "fleet" / "web03.json", six="1.16.0", idna="3.7")
    listing(project / "fleet" / "web07.json", six="1.16.0", idna="3.7", extra="1.0")
    (project / "fleet" / ".hidden").write_text("nothing")
    (project / "requirements.txt").write_text("six==1.17.0\nidna==3.7\n")
    return project


def document(capsys: Captured) -> Any:
    return json.loads(capsys.readouterr().out)


def run(*words: str) -> int:
    return main([*words, "--unlisted", "all"])


class TestFolder:
    def test_equal_versions_with_other_findings_are_not_the_same(
        self, fleet: Path, capsys: Captured
    ) -> None:
        make_environment(fleet / ".venv", "six-1.17.0", "idna-3.7")
        main(["inspect"])
        report = json.loads(capsys.readouterr().out)
        for number, needs in enumerate(([], ["absent"], [])):
            for one in report["installed"]:
                one["metadata"]["requires_dist"] = needs
            (fleet / f"web{number}").write_text(json.dumps(report))
        words = [word for n in range(3) for word in ("--installed", f"web{n}")]
        run("requirements.txt", *words, "--severity", "unmet=error", "--format", "json")
        names = [one["same_as"] for one in document(capsys)["environments"]]
        assert names == [None, None, "web0"]

    def test_what_is_broken_in_equal_records_is_the_same(
        self, fleet: Path, capsys: Captured
    ) -> None:
        make_environment(fleet / ".venv", "six-1.17.0", "idna-3.7")
        main(["inspect"])
        report = json.loads(capsys.readouterr().out)
        for number, message in enumerate(("it is gone", "it is gone", "it is empty")):
            report["reqdrift"]["broken"] = [{"project": "six", "message": message}]
            (fleet / f"web{number}").write_text(json.dumps(report))
        words = [word for n in range(3) for word in ("--installed", f"web{n}")]
        run("requirements.txt", *words, "--format", "json")
        shown = document(capsys)
        assert [(f["kind"], f["environments"]) for f in shown["findings"]] == [
            ("broken", ["web0", "web1"]),
            ("broken", ["web2"]),
        ]
        assert [one["same_as"] for one in shown["environments"]] == [None, "web0", None]


class TestRepeated:
    def test_a_pipe_in_a_folder_is_not_waited_for(self, fleet: Path, capsys: Captured) -> None:
        os.mkfifo(fleet / "fleet" / "web99")
        assert run("--installed", "fleet") == 3
        assert "web99 is a named pipe; pass it by itself" in capsys.readouterr().err


class TestSets:
    TABLE = """\
[[tool.reqdrift.set]]
name = "web"
files = ["web.txt"]

[[tool.reqdrift.set]]
name = "jobs"
files = ["jobs.txt"]
"""

    @pytest.mark.parametrize(
        "how",
        [
            *("cat {0} | {1} -", "cat {0} | {1} /dev/stdin", "{1} - < {0}", "{1} <(cat {0})"),
            "mkfifo pipe; cat {0} > pipe & timeout 20 {1} pipe",
            "timeout 20 {1} /proc/self/fd/5 5< <(cat {0})",
        ],
    )
    def test_a_pipe_is_read_once_for_all_sets(self, how: str, fleet: Path) -> None:
        (fleet / "pyproject.toml").write_text(self.TABLE)
        (fleet / "web.txt").write_text("six==1.17.0\nidna==3.7\n")
        (fleet / "jobs.txt").write_text("six==1.17.0\n")
        command = f"{SCRIPTS}/reqdrift --unlisted all --format json --installed"
        shell = how.format("fleet/web00.json", command)
        done = support.run("bash", "-c", shell, cwd=fleet, check=False)
        report = json.loads(done.stdout)
        assert report["errors"] == []
        assert [(f["set"], f["project"]) for f in report["findings"]] == [("jobs", "idna")]

    def test_a_later_run_reads_a_pipe_anew(self, fleet: Path, capsys: Captured) -> None:
        pipe = fleet / "pipe"
        os.mkfifo(pipe)
        (fleet / "requirements.txt").write_text("six==1.17.0\nidna==3.7\n")
        for name, code in (("web00", 0), ("web07", 1)):
            with subprocess.Popen(["cp", f"fleet/{name}.json", pipe], cwd=fleet):
                assert run("--installed", "pipe") == code
        with subprocess.Popen(["cp", "fleet/web00.json", pipe], cwd=fleet):
            assert reqdrift.check(installed=pipe).verdict == "clean"
