from __future__ import annotations

import json
from pathlib import Path

import pytest

from reqdrift.errors import print_error
from reqdrift.requirements import read_requirements
from support import make_environment, reqdrift

LONG = pytest.param(["--color", "always"], marks=pytest.mark.long)


@pytest.mark.parametrize("words", [["--format", "text"], LONG])
def test_a_report_for_people_is_limited_and_one_for_machines_complete(
    project: Path, words: list[str]
) -> None:
    make_environment(project / ".venv", "foo-1.0")
    many = "".join(f"p{n}==1\n" for n in range(11_000))
    long = f"x{'y' * 5_000}==1\n"
    (project / "requirements.txt").write_text(many + long)
    done = reqdrift(*words, "-v", cwd=project)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert max(map(len, lines)) <= 2_000
    assert len(lines) <= 10_000
    assert any("more lines; --format json has all" in line for line in lines)
    assert any("11001 missing" in line for line in lines[-100:])
    done = reqdrift("--format", "json", cwd=project)
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["findings"]) == 11_002


def test_a_line_that_cannot_be_read_is_cut(project: Path) -> None:
    make_environment(project / ".venv", "foo-1.0")
    (project / "requirements.txt").write_text(f"-r {'y' * 100_000}.txt\n")
    for words in ([], ["fix"], ["plan"]):
        done = reqdrift(*words, cwd=project)
        assert done.returncode == 2
        assert max(map(len, (done.stdout + done.stderr).splitlines())) <= 2_000


def test_an_include_cycle_is_reported_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("-r b.txt\n-c b.txt\n-r a.txt\n-r a.txt\n")
    (tmp_path / "b.txt").write_text("-r a.txt\n-c a.txt\n")
    errors = read_requirements([str(tmp_path / "a.txt")]).errors
    assert [error.at.line for error in errors if error.at] == [1, 3]


def test_a_page_is_limited(project: Path) -> None:
    make_environment(project / ".venv", "foo-1.0")
    names = [f"p{n}" for n in range(11_000)] + ["x" * 5_000]
    (project / "requirements.txt").write_text("".join(f"{name}==1\n" for name in names))
    done = reqdrift("--format", "html", "-v", cwd=project)
    assert done.returncode == 1
    assert max(map(len, done.stdout.splitlines())) <= 5_000
    assert len(done.stdout.splitlines()) <= 10_000
    assert "more; --format json has all" in done.stdout


def test_a_message_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    print_error("x" * 5_000)
    assert len(capsys.readouterr().err) == 2_001
