"""The problem matchers of docs/recipes/tasks.json find what reqdrift prints."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from support import REPOSITORY, SCRIPTS, make_environment, run


@pytest.fixture(scope="module")
def task() -> Any:
    (task,) = json.loads((REPOSITORY / "docs" / "recipes" / "tasks.json").read_text())["tasks"]
    return task


def test_each_line_is_a_problem(project: Path, task: Any) -> None:
    make_environment(project / ".venv", "foo-1.0", "bar-1.0", "stray-1.0")
    (project / "more").mkdir()
    (project / "more" / "base.txt").write_text("absent (1)\n")
    (project / "requirements.txt").write_text("foo==2.0\nbar\n-r more/base.txt\n")
    broken = problems(project, task)
    assert broken[0][:4] == ("more/base.txt", 1, "error", "error")
    (project / "more" / "base.txt").write_text("absent\n")
    command = f"{task['command']} --severity missing=warning --unlisted all"
    found = problems(project, {**task, "command": command})
    assert sorted(problem[:4] for problem in found) == [
        ("more/base.txt", 1, "missing", "warning"),
        ("requirements.txt", 0, "extra", "error"),
        ("requirements.txt", 1, "version", "error"),
        ("requirements.txt", 2, "unpinned", "error"),
    ]
    assert {(project / problem[0]).is_file() for problem in found} == {True}
    (project / "requirements.txt").write_text("foo==1.0\nbar==1.0\nstray==1.0\n")
    assert problems(project, task) == []


def problems(folder: Path, task: Any) -> list[tuple[str, int, str, str, str]]:
    """What an editor makes of each line: file, line, code, severity and message."""
    program, *words = shlex.split(task["command"])
    done = run(SCRIPTS / program, *words, cwd=folder, check=False)
    assert done.stderr == ""
    found = []
    for line in done.stdout.splitlines():
        (problem,) = (
            {key: match[at] for key, at in matcher["pattern"].items() if isinstance(at, int)}
            | {"default": matcher["severity"]}
            for matcher in task["problemMatcher"]
            if (match := re.search(matcher["pattern"]["regexp"], line))
        )
        found.append(
            (
                problem["file"],
                int(problem.get("line") or 0),
                problem["code"],
                problem["severity"] or problem["default"],
                problem["message"],
            )
        )
    return found
