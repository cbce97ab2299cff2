"""What is said of drift besides the findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import main
from story import DAY, HOUR, Story

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
