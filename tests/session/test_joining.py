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
    def test_the_report_is_by_result(self, fleet: Path, capsys: Captured) -> None:
        assert run("--installed", "fleet") == 1
        assert capsys.readouterr().out.splitlines()[:-1] == [
            "requirements.txt:1: version: [web03, web07] six 1.16.0 is installed, but the file"
            " says six==1.17.0",
            "requirements.txt: extra: [web07] extra 1.0 is installed but not listed",
            "drift: 1 version, 1 extra; 38 of 40 environments match",
            "38 environments matching: web00, web01, web02, web04 and 34 more",
            "2 environments with drift: web03, web07",
        ]

    def test_verbose_names_all(self, fleet: Path, capsys: Captured) -> None:
        (fleet / "requirements.txt").write_text("six==1.17.0\nidna==3.8\n")
        assert run("--installed", "fleet") == 1
        assert "version: [all 40] idna 3.7 is installed" in capsys.readouterr().out
        assert run("--installed", "fleet", "-v") == 1
        out = capsys.readouterr().out
        assert f"[{', '.join(f'web{n:02}' for n in range(40))}] idna 3.7" in out
        assert sum(line.startswith("[web") for line in out.splitlines()) == 40

    def test_one_that_cannot_be_read_fails_all(self, fleet: Path, capsys: Captured) -> None:
        (fleet / "fleet" / "web09.json").write_text('[{"name": "six"')
        assert run("--installed", "fleet") == 3
        printed = capsys.readouterr()
        assert "[web09] fleet/web09.json: it is truncated" in printed.err
        assert "failed: 1 error, 1 version, 1 extra; 37 of 40 environments match" in printed.out
        assert "1 environment that could not be checked: web09" in printed.out

    def test_the_document(self, fleet: Path, capsys: Captured) -> None:
        run("--installed", "fleet", "--format", "json")
        report = document(capsys)
        first, second, third, fourth = report["environments"][:4]
        assert first == {
            "name": "web00",
            "set": None,
            "verdict": "clean",
            "prefix": str(fleet / "fleet" / "web00.json"),
            "python_version": first["python_version"],
            "distributions": 2,
            "same_as": None,
        }
        assert (second["same_as"], third["same_as"]) == ("web00", "web00")
        assert (fourth["verdict"], fourth["same_as"]) == ("drift", None)
        assert [(f["project"], f["environments"]) for f in report["findings"]] == [
            ("six", ["web03", "web07"]),
            ("extra", ["web07"]),
        ]

    @pytest.mark.parametrize("name", ["rich", "github", "gitlab", "sarif", "junit", "markdown"])
    def test_every_format_has_the_names(self, name: str, fleet: Path, capsys: Captured) -> None:
        run("--installed", "fleet", "--format", name)
        assert "[web03, web07]" in capsys.readouterr().out.replace("\\u005b", "[")

    def test_there_must_be_records(self, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("")
        (project / "none").mkdir()
        assert run("--installed", "none") == 3
        assert "none has no records" in capsys.readouterr().err

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
    def test_each_is_one(self, fleet: Path, capsys: Captured) -> None:
        assert run("--installed", "fleet/web00.json", "--installed", "fleet/web03.json") == 1
        out = capsys.readouterr().out
        assert "drift: 1 version; 1 of 2 environments match" in out
        assert "[web00] 2 requirements in requirements.txt: 2 checked" in out
        assert "hint" not in out

    def test_twice_the_same(self, fleet: Path, capsys: Captured) -> None:
        assert run("--installed", "fleet", "--installed", "fleet/web00.json") == 2
        assert "fleet/web00.json is named twice" in capsys.readouterr().err

    def test_names_that_differ(self, fleet: Path, capsys: Captured) -> None:
        listing(fleet / "other" / "web00.txt", six="1.17.0", idna="3.7")
        run("--installed", "other/web00.txt", "--installed", "fleet/web00.json", "--format", "json")
        names = [one["name"] for one in document(capsys)["environments"]]
        assert names == ["web00.txt", "web00.json"]

    def test_hosts_with_dots(self, fleet: Path, capsys: Captured) -> None:
        """A playbook looks for the name of its host: all of it, and nothing more."""
        hosts = ("10.0.0.1", "10.0.0.2", "web1.example.org", "web1")
        for host in hosts:
            listing(fleet / "hosts" / f"{host}.json", six="1.17.0", idna="3.7")
            listing(fleet / "tree" / host, six="1.17.0", idna="3.7")
        for folder in ("hosts", "tree"):
            run("--installed", folder, "--format", "json")
            names = {one["name"] for one in document(capsys)["environments"]}
            assert names == {*hosts}

    def test_a_pipe_in_a_folder_is_not_waited_for(self, fleet: Path, capsys: Captured) -> None:
        os.mkfifo(fleet / "fleet" / "web99")
        assert run("--installed", "fleet") == 3
        assert "web99 is a named pipe; pass it by itself" in capsys.readouterr().err

    @pytest.mark.parametrize("command", ["fix", "diff", "plan", "freeze", "env", "why six"])
    def test_other_commands_take_one(self, command: str, fleet: Path, capsys: Captured) -> None:
        words = [*command.split(), "--installed", "fleet"]
        assert main(words) == 2
        assert "there are several environments (web00, " in capsys.readouterr().err


class TestSets:
    TABLE = """\
[[tool.reqdrift.set]]
name = "web"
files = ["web.txt"]

[[tool.reqdrift.set]]
name = "jobs"
files = ["jobs.txt"]
"""

    def test_each_set_with_each_record(self, fleet: Path, capsys: Captured) -> None:
        (fleet / "pyproject.toml").write_text(self.TABLE)
        (fleet / "web.txt").write_text("six==1.17.0\nidna==3.7\n")
        (fleet / "jobs.txt").write_text("six==1.16.0\nidna==3.7\n")
        two = ("--installed", "fleet/web00.json", "--installed", "fleet/web03.json")
        assert run(*two, "--format", "json") == 1
        report = document(capsys)
        assert [(e["name"], e["set"], e["verdict"]) for e in report["environments"]] == [
            *(("web web00", "web", "clean"), ("web web03", "web", "drift")),
            *(("jobs web00", "jobs", "drift"), ("jobs web03", "jobs", "clean")),
        ]
        assert [(f["set"], f["environments"]) for f in report["findings"]] == [
            ("web", ["web web03"]),
            ("jobs", ["jobs web00"]),
        ]
        assert run(*two, "--set", "jobs") == 1
        assert "1 of 2 environments match" in capsys.readouterr().out

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

    def test_several_pythons_of_a_set(self, project: Path, capsys: Captured) -> None:
        """One application with several versions of a framework, as tox makes them."""
        for name, version in (("a", "1.0"), ("b", "2.0"), ("c", "2.0")):
            make_environment(project / ".tox" / name, f"django-{version}", "six-1.0")
        (project / "pyproject.toml").write_text(
            '[[tool.reqdrift.set]]\nname = "app"\nfiles = ["r.txt"]\n'
            'python = [".tox/a", ".tox/b", ".tox/c"]\n'
        )
        (project / "r.txt").write_text("django==1.0\nsix==1.0\n")
        assert main([]) == 1
        out = capsys.readouterr().out
        assert "r.txt:1: version: [app .tox/b, app .tox/c] django 2.0 is installed" in out
        assert "drift: 1 version; 1 of 3 environments match" in out
