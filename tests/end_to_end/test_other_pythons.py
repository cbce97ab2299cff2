"""Environments and target folders of other Pythons, filled by their own pip: markers are theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from workshop import make_old_environment, make_wheel

from support import findings, interpreters, reqdrift, run

# Environments are made by Pythons of every age.
pytestmark = pytest.mark.long

MINORS = sorted(interpreters(), key=lambda minor: int(minor.partition(".")[2]))
# What the oldest of them and the newest install differs.
TEXT = f"""\
lantern==1.0
wick==1.0; python_version < "{MINORS[-1]}"
rope==1.0; python_version >= "{MINORS[-1]}"
"""


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    for name in ("lantern", "wick", "rope"):
        make_wheel(tmp_path / "wheels", name, "1.0")
    return tmp_path / "wheels"


@pytest.fixture
def target(tmp_path: Path, wheels: Path) -> Path:
    """A project with a folder that the oldest Python's pip filled from its file."""
    (tmp_path / "requirements.txt").write_text(TEXT)
    python = interpreters()[MINORS[0]]
    run(python, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    pip = (tmp_path / "env/bin/python", "-m", "pip", "install", "--quiet", "--no-index")
    run(*pip, "--find-links", wheels, "--target", "target", "-r", "requirements.txt", cwd=tmp_path)
    return tmp_path


def test_python_2_on_linux_is_linux2(tmp_path: Path, wheels: Path) -> None:
    for name in ("lantern", "wick", "rope"):
        (wheel,) = wheels.glob(f"{name}-*")
        wheel.rename(wheel.with_name(f"{name}-1.0-py2.py3-none-any.whl"))
    lines = (
        "lantern==1.0; sys_platform == 'linux2'",
        "wick==1.0; sys_platform == 'linux'",
        "rope==1.0; implementation_name == 'cpython'",
    )
    (tmp_path / "requirements.txt").write_text("\n".join(lines))
    make_old_environment(tmp_path / ".venv", "virtualenv<20.22")
    pip = (tmp_path / ".venv/bin/python", "-m", "pip", "install", "--quiet", "--no-index")
    run(*pip, "--find-links", wheels, "-r", "requirements.txt", cwd=tmp_path)
    done = reqdrift(cwd=tmp_path)
    assert (done.returncode, "1 checked, 2 skipped" in done.stdout) == (0, True)


def test_a_target_folder_is_checked_for_its_python(target: Path) -> None:
    words = ("--path", "target", "--python-version", MINORS[0])
    done = reqdrift(*words, cwd=target)
    assert (done.returncode, "(unsure)" in done.stdout) == (0, False)
    assert f"(Python {MINORS[0]})" in done.stdout
    (target / "requirements.txt").write_text(TEXT.replace("lantern==1.0", "lantern==0.9"))
    hint = f"hint: if the environment is right: reqdrift fix {' '.join(words)}\n"
    assert reqdrift(*words, cwd=target).stdout.endswith(hint)
    assert reqdrift("fix", *words, cwd=target).returncode == 0
    assert (target / "requirements.txt").read_text() == TEXT


def test_without_the_version_a_verdict_that_hangs_on_it_says_so(target: Path) -> None:
    (target / "requirements.txt").write_text(TEXT.replace(MINORS[-1], "3.9"))
    words = ("--path", "target")
    kinds = [kind for kind, _, _ in findings(target, *words)]
    assert sorted(kinds) == ["extra", "missing"]
    done = reqdrift(*words, cwd=target)
    assert "assumed)" in done.stdout
    (note,) = [line for line in done.stdout.splitlines() if "(unsure)" in line]
    assert "the findings about rope, wick depend on it; pass --python-version X.Y" in note
    # Whatever would be done about it might be wrong.
    for command in ("fix", "diff", "plan"):
        before = (target / "requirements.txt").read_text()
        done = reqdrift(command, *words, cwd=target)
        assert (done.returncode, done.stdout) == (2, "")
        assert "pass --python-version X.Y; no" in done.stderr
        assert (target / "requirements.txt").read_text() == before


def test_what_no_version_changes_says_nothing(target: Path) -> None:
    (target / "requirements.txt").write_text("lantern==1.0\nwick==2.0\n")
    done = reqdrift("--path", "target", cwd=target)
    assert (done.returncode, "(unsure)" in done.stdout) == (1, False)
