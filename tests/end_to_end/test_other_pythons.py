"""Environments and target folders of other Pythons, filled by their own pip: markers are theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from workshop import make_old_environment, make_wheel

from support import interpreters, reqdrift, run

# Environments are made by Pythons of every age.
pytestmark = pytest.mark.long


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    for name in ("lantern", "wick", "rope"):
        path = make_wheel(tmp_path / "wheels", name, "1.0")
        path.rename(path.with_name(f"{name}-1.0-py2.py3-none-any.whl"))
    return tmp_path / "wheels"


def test_a_target_folder_is_checked_for_its_python(tmp_path: Path, wheels: Path) -> None:
    """It is filled by the oldest Python's pip; the newest would install something else."""
    oldest, *_, newest = sorted(interpreters(), key=lambda minor: int(minor.partition(".")[2]))
    (tmp_path / "requirements.txt").write_text(
        f'lantern==1.0\nwick==1.0; python_version < "{newest}"\n'
        f'rope==1.0; python_version >= "{newest}"\n'
    )
    run(interpreters()[oldest], "-m", "venv", tmp_path / "env", cwd=tmp_path)
    pip = (tmp_path / "env/bin/python", "-m", "pip", "install", "--quiet", "--no-index")
    run(*pip, "--find-links", wheels, "--target", "target", "-r", "requirements.txt", cwd=tmp_path)
    done = reqdrift("--path", "target", "--python-version", oldest, cwd=tmp_path)
    assert (done.returncode, "(unsure)" in done.stdout) == (0, False)
    assert f"(Python {oldest})" in done.stdout


def test_python_2_on_linux_is_linux2(tmp_path: Path, wheels: Path) -> None:
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
