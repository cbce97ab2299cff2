"""What `reqdrift plan` prints, without an installer to run it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from support import clean_environ, make_environment, reqdrift


def test_options_of_pip_alone_are_none_of_uvs(tmp_path: Path) -> None:
    make_environment(tmp_path / ".venv")
    options = ("--pre", "--trusted-host a;b.example", "--prefer-binary", "--only-binary :all:")
    (tmp_path / "requirements.txt").write_text("\n".join([*options, "wick==1.0", ""]))
    script = reqdrift("plan", cwd=tmp_path).stdout
    assert shlex.split(script)[3:] == [
        *("--python", str(tmp_path / ".venv" / "bin" / "python")),
        *("--prerelease", "allow", "--trusted-host", "a;b.example"),
        *("-r", str(tmp_path / "requirements.txt")),
    ]


@pytest.mark.parametrize("how", ["--python", "REQDRIFT_PYTHON", ".venv"])
def test_the_interpreter_is_named_in_full(tmp_path: Path, how: str) -> None:
    make_environment(tmp_path / ".venv", "pip-24.0")
    (tmp_path / "requirements.txt").write_text("wick==1.0\n")
    words = ("--python", ".venv") if how == "--python" else ()
    env = clean_environ(REQDRIFT_PYTHON=".venv") if how == "REQDRIFT_PYTHON" else clean_environ()
    script = reqdrift("plan", *words, cwd=tmp_path, env=env).stdout
    assert script.startswith(f"{tmp_path}/.venv/bin/python -m pip install ")


@pytest.mark.parametrize("severity", ["error", "warning", "off"])
def test_a_contradiction_is_left(tmp_path: Path, severity: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.reqdrift.severity]\nconflict = '{severity}'\n")
    make_environment(tmp_path / ".venv", "wick-1.0")
    text = "wick==1.0\nwick==2.0\nrope==1.0\nrope==1.0\n"
    (tmp_path / "requirements.txt").write_text(text)
    script = reqdrift("plan", cwd=tmp_path).stdout
    assert script.splitlines() == [
        "# not fixed: requirements.txt:2: the lines for wick contradict each other; fix them first",
        "# not fixed: requirements.txt:3: rope==1.0 is not installed",
    ]


def test_a_line_that_cannot_be_read_plans_nothing(tmp_path: Path) -> None:
    make_environment(tmp_path / ".venv")
    (tmp_path / "requirements.txt").write_text("wick==1.0\n=?\n")
    done = reqdrift("plan", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
