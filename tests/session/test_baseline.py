"""A baseline: findings that it has do not count, whatever moves; all others do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import reqdrift
from reqdrift.cli import main
from support import SCRIPTS, add_distribution, make_environment, run, run_git
from support import reqdrift as reqdrift_command

Captured = pytest.CaptureFixture[str]
FILE = "reqdrift-baseline.json"


@pytest.fixture
def site(project: Path) -> Path:
    """A project with two findings: `stray` is extra, `wick` is missing."""
    (project / "requirements.txt").write_text("rope==1.0\nwick==2.0\n")
    return make_environment(project / ".venv", "rope-1.0", "stray-1.0")


def new() -> list[str]:
    return [f"{f.kind} {f.project}" for f in reqdrift.check(baseline=True).findings]


def notes() -> list[str]:
    return [n.message for n in reqdrift.check(baseline=True).notes if n.reason == "baseline"]


def test_recorded_findings_do_not_count(site: Path, project: Path) -> None:
    assert main([]) == 1
    assert main(["baseline"]) == 0
    assert main([]) == 0
    assert new() == []
    assert notes() == ["2 findings are in the baseline and do not count; -v shows which"]
    assert [f.project for f in reqdrift.check().findings] == ["stray", "wick"]


def test_new_drift_counts(site: Path, project: Path) -> None:
    reqdrift.baseline()
    add_distribution(site, "mug-1.0")
    assert new() == ["extra mug"]
    assert main([]) == 1


def test_moved_and_reordered_lines_change_nothing(site: Path, project: Path) -> None:
    reqdrift.baseline()
    before = (project / FILE).read_bytes()
    (project / "requirements.txt").write_text("# head\n\nwick==2.0  # why\n\nrope==1.0\n")
    assert new() == []
    assert reqdrift.baseline().added == ()
    assert (project / FILE).read_bytes() == before


@pytest.mark.parametrize("last", [0, 1, 2])
def test_a_warning_leaves_the_entry_of_an_error_to_it(project: Path, last: int) -> None:
    """A repeated line is a warning, a contradicting one an error, both about one project."""
    lines = ["rope==1.0\n", "rope==1.0\n", "rope<1\n"]
    make_environment(project / ".venv", "rope-1.0")
    (project / "requirements.txt").write_text("".join(lines))
    reqdrift.baseline()
    lines.insert(last, lines.pop())
    (project / "requirements.txt").write_text("".join(lines))
    assert new() == []


class TestWorse:
    """Drift that gets worse is new."""

    def test_another_version_is_installed(self, site: Path, project: Path) -> None:
        (project / "requirements.txt").write_text("rope==2.0\nstray==1.0\n")
        reqdrift.baseline()
        assert new() == []
        (site / "rope-1.0.dist-info").rename(site / "rope-0.9.dist-info")
        metadata = site / "rope-0.9.dist-info" / "METADATA"
        metadata.write_text(metadata.read_text().replace("1.0", "0.9"))
        assert new() == ["version rope"]

    def test_another_kind(self, site: Path, project: Path) -> None:
        reqdrift.baseline()
        add_distribution(site, "wick-1.0")
        assert new() == ["version wick"]

    def test_one_more_of_the_same(self, site: Path, project: Path) -> None:
        (project / "requirements.txt").write_text("rope\nstray==1.0\n")
        reqdrift.baseline()
        (project / "requirements.txt").write_text("rope\nrope<2\nstray==1.0\n")
        assert new() == ["unpinned rope"]

    def test_a_warning_becomes_an_error(self, site: Path, project: Path) -> None:
        (project / "requirements.txt").write_text("rope==1.0\nrope==1.0\nstray==1.0\n")
        reqdrift.baseline()
        assert new() == []
        (project / "requirements.txt").write_text("rope==1.0\nrope==2.0\nstray==1.0\n")
        assert new() == ["conflict rope"]


def test_entries_that_are_no_longer_needed(site: Path, project: Path) -> None:
    reqdrift.baseline()
    (project / "requirements.txt").write_text("rope==1.0\n")
    assert notes() == [
        "1 finding is in the baseline and does not count; -v shows which",
        "1 entry is no longer needed (missing wick); to update the file: reqdrift baseline",
    ]
    done = reqdrift.baseline()
    assert [entry.project for entry in done.removed] == ["wick"]
    assert [entry.project for entry in done.entries] == ["stray"]


def test_while_a_line_cannot_be_read_nothing_is_called_unneeded(site: Path, project: Path) -> None:
    reqdrift.baseline()
    (project / "requirements.txt").write_text("rope==1.0\nwick==2.0\n=?\n")
    assert notes() == ["1 finding is in the baseline and does not count; -v shows which"]
    with pytest.raises(reqdrift.UnreadableFilesError):
        reqdrift.baseline()


def test_entries_of_other_files_stay(site: Path, project: Path) -> None:
    (project / "dev.txt").write_text("rope==1.0\nstray==1.0\nlamp==1.0\n")
    reqdrift.baseline()
    reqdrift.baseline(["dev.txt"])
    assert [e.file for e in reqdrift.baseline().entries] == ["dev.txt", *["requirements.txt"] * 2]
    assert reqdrift.check(["dev.txt"], baseline=True).findings == ()
    assert "no longer" not in " ".join(notes())


def test_a_clean_run_does_not_read_it_unless_asked_to_say_more(
    site: Path, project: Path, capsys: Captured
) -> None:
    reqdrift.baseline()
    (project / "requirements.txt").write_text("rope==1.0\nstray==1.0\n")
    recorded = (project / FILE).read_text()
    (project / FILE).write_text("garbage")
    assert main([]) == 0
    (project / FILE).write_text(recorded)
    capsys.readouterr()
    assert main(["-v"]) == 0
    assert "2 entries are no longer needed (extra stray 1.0, missing wick)" in (
        capsys.readouterr().out
    )


def test_it_can_be_left_out(site: Path, project: Path) -> None:
    reqdrift.baseline()
    assert main(["--no-baseline"]) == 1


@pytest.mark.parametrize("text", ["", "{}", "<<<<<<< HEAD"])
def test_one_that_cannot_be_read_is_not_an_empty_one(
    site: Path, project: Path, text: str, capsys: Captured
) -> None:
    (project / FILE).write_text(text)
    assert main([]) == 2
    assert FILE in capsys.readouterr().err
    assert main(["--no-baseline"]) == 1


def test_a_link_is_never_written_through(site: Path, project: Path) -> None:
    outside = project.parent / "outside.json"
    (project / FILE).symlink_to(outside)
    assert main(["baseline"]) == 2
    assert not outside.exists()
    text = '{"version": 1, "findings": []}'
    outside.write_text(text)
    assert main(["baseline"]) == 2
    assert outside.read_text() == text


def test_it_is_the_nearest_one(site: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reqdrift.baseline()
    (project / "deep").mkdir()
    monkeypatch.chdir(project / "deep")
    assert main([]) == 0
    assert Path(reqdrift.baseline().path) == project / FILE


def test_each_set_has_its_entries(site: Path, project: Path, capsys: Captured) -> None:
    (project / "pyproject.toml").write_text(
        "[[tool.reqdrift.set]]\nname = 'api'\nfiles = ['requirements.txt']\n"
        "[[tool.reqdrift.set]]\nname = 'web'\nfiles = ['web.txt']\n"
    )
    (project / "web.txt").write_text("rope==1.0\n")
    assert main(["baseline"]) == 0
    entries = json.loads((project / FILE).read_text())["findings"]
    assert [(e["set"], e["project"]) for e in entries] == [
        *(("api", "stray"), ("api", "wick"), ("web", "stray"))
    ]
    assert main([]) == 0
    # Who names the files of a set means what is recorded for it.
    assert main(["web.txt"]) == 0
    (project / "web.txt").write_text("rope==1.0\nlamp==1.0\n")
    assert main([]) == 1


def test_commands_leave_what_a_set_accepts_alone(
    site: Path, project: Path, capsys: Captured
) -> None:
    table = '[[tool.reqdrift.set]]\nname = "{0}"\nfiles = ["{0}.txt"]\n'
    (project / "pyproject.toml").write_text(table.format("app") + table.format("dev"))
    (project / "app.txt").write_text("rope==1.0\nwick==2.0\nstray\n")
    (project / "dev.txt").write_text("rope==1.0\nstray==1.0\n")
    assert main(["baseline", "--set", "app"]) == 0
    (project / "app.txt").write_text("rope==2.0\nwick==2.0\nstray\n")
    assert main(["fix", "--set", "app"]) == 0
    assert (project / "app.txt").read_text() == "rope==1.0\nwick==2.0\nstray\n"
    assert "2 findings of reqdrift-baseline.json are left alone" in capsys.readouterr().err


def test_functions_of_the_api_leave_it_alone_on_request(site: Path, project: Path) -> None:
    reqdrift.baseline()
    assert reqdrift.diff(baseline=True).patch == b""
    assert reqdrift.plan(installer="uv", baseline=True).script == ""
    assert reqdrift.fix(baseline=True).changed == ()
    assert "stray" in reqdrift.plan(installer="uv").script
    assert len(reqdrift.fix().changed) == 1


def test_formats(site: Path, project: Path, capsys: Captured) -> None:
    reqdrift.baseline()
    add_distribution(site, "mug-1.0")
    capsys.readouterr()
    main(["--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert [f["project"] for f in document["findings"]] == ["mug"]
    assert [f["project"] for f in document["baselined"]] == ["stray", "wick"]
    for name, mentions in (("github", 0), ("sarif", 0), ("gitlab", 0), ("junit", 1)):
        main(["--format", name])
        assert ("stray" in capsys.readouterr().out) == bool(mentions)
    main(["-v"])
    out = capsys.readouterr().out
    assert "requirements.txt: note (baseline): extra: stray 1.0 is installed" in out


def test_the_index_and_revisions_have_their_own(site: Path, project: Path) -> None:
    (project / ".git").rmdir()
    run_git("init", "--quiet", cwd=project)
    (project / ".gitignore").write_text(".venv\n")
    reqdrift.baseline()
    assert reqdrift_command("--staged", "-q", cwd=project).returncode == 2  # nothing is staged
    run_git("add", "--all", cwd=project)
    (project / FILE).unlink()
    assert reqdrift_command("--staged", "-q", cwd=project).returncode == 0
    assert reqdrift_command("-q", cwd=project).returncode == 1
    run_git("commit", "--quiet", "--message", "A baseline", cwd=project)
    assert reqdrift_command("--rev", "HEAD", "-q", cwd=project).returncode == 0


def test_what_is_written_when(site: Path, project: Path, capsys: Captured) -> None:
    main(["baseline"])
    assert capsys.readouterr().out == (
        f"{FILE}: 2 findings (1 extra, 1 missing); 2 added, 0 removed\n"
        "commit the file; checks now fail on new findings only\n"
    )
    main(["baseline"])
    assert capsys.readouterr().out == f"{FILE}: 2 findings (1 extra, 1 missing); unchanged\n"
    (project / "requirements.txt").write_text("rope==1.0\nstray==1.0\n")
    main(["baseline"])
    assert capsys.readouterr().out == f"{FILE}: no findings to record; you can delete the file\n"
    (project / FILE).unlink()
    main(["baseline"])
    assert capsys.readouterr().out == f"{FILE}: no findings to record; not written\n"
    assert not (project / FILE).exists()


def test_the_findings_come_before_what_git_says(site: Path, project: Path) -> None:
    (project / ".git").rmdir()
    run_git("init", "--quiet", cwd=project)
    done = run("bash", "-c", f"'{SCRIPTS}/reqdrift' 2>&1", cwd=project, check=False)
    assert done.stdout.startswith("requirements.txt: extra: stray")
    assert done.stdout.endswith("reqdrift: uncommitted changes in requirements.txt\n")
