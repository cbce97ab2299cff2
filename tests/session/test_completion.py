"""What is said of drift besides the findings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reqdrift.cli import main
from story import DAY, HOUR, Story
from support import run

UNCOMMITTED = "reqdrift: uncommitted changes in requirements.txt\n"


@pytest.fixture
def story(project: Path) -> Story:
    return Story(project)


@pytest.mark.parametrize("line", ["", "cord==1.0\n", "rope>=2\n"])
def test_uncommitted_changes_whatever_dates_the_findings(
    story: Story, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    story.commit("rope==1.0\n", DAY)
    story.install("rope-1.0", 2 * DAY)
    story.install("wick-1.0", HOUR)
    assert main(["--unlisted", "all"]) == 1
    assert capsys.readouterr().err == ""
    story.file.write_text(f"rope==1.0\n\n{line}")
    assert main(["--unlisted", "all"]) == 1
    assert capsys.readouterr().err == UNCOMMITTED


class TestGit:
    @pytest.fixture
    def trace(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Where git writes down what it was asked."""
        monkeypatch.setenv("GIT_TRACE2_EVENT", str(tmp_path / "trace"))
        return tmp_path / "trace"

    def test_is_not_started_by_a_clean_run(self, story: Story, trace: Path) -> None:
        story.install("rope-1.0", HOUR)
        story.file.write_text("rope==1.0\n")
        assert main([]) == 0
        assert not trace.exists()

    def test_is_asked_once_about_all_files(self, story: Story, trace: Path) -> None:
        (story.folder / "base.txt").write_text("rope==1.0\n-c limits.txt\n")
        (story.folder / "limits.txt").write_text("rope<2\n")
        story.file.write_text("-r base.txt\n")
        assert main([]) == 1
        assert trace.read_text().count('"event":"start"') == 1

    @pytest.mark.parametrize("included", ["", "-r base.txt\n"])
    def test_is_stopped_where_what_seemed_wrong_is_right(self, story: Story, included: str) -> None:
        """A release that is spelled in another way, next to a line that only the rules judge."""
        story.install("rope-1.0.0", HOUR)
        (story.folder / "base.txt").write_text("rope>0\n")
        story.file.write_text(f"{included}rope==1.0\nwick==1.0  # reqdrift: ignore\n")
        code = (
            "import os; from reqdrift.cli import main; print(main([])); os.waitpid(-1, os.WNOHANG)"
        )
        done = run(sys.executable, "-c", code, cwd=story.folder, check=False)
        assert done.stdout.splitlines()[-1] == "0"
        assert "ChildProcessError" in done.stderr

    def test_is_not_started_where_the_baseline_has_all_findings(
        self, story: Story, trace: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        story.file.write_text("rope==1.0\n")
        assert main(["baseline"]) == 0
        capsys.readouterr()
        trace.unlink(missing_ok=True)
        assert main([]) == 0
        assert capsys.readouterr().err == ""
        assert not trace.exists()
