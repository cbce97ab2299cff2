"""Where the real uv has a project's environment, reqdrift finds it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support import SCRIPTS, clean_environ, reqdrift, run, run_git

PROJECT = '[project]\nname = "{}"\nversion = "1"\nrequires-python = ">=3.11"\n'
WORKSPACE = '[tool.uv.workspace]\nmembers = ["member"]\n'


def found_by_uv(folder: Path, env: dict[str, str]) -> Path:
    """The environment that uv makes for the project in a folder, and uses there."""
    uv = (SCRIPTS / "uv", "run", "--quiet", "--offline")
    code = "import sys; print(sys.prefix)"
    return Path(run(*uv, "python", "-c", code, cwd=folder, env=env).stdout.strip())


@pytest.mark.parametrize("folder", ["nested", "member/requirements"])
@pytest.mark.parametrize("relative", [True, False])
def test_the_variable_for_a_projects_environment(
    tmp_path: Path, folder: str, relative: bool
) -> None:
    root = tmp_path / "root"
    for name, content in {"": WORKSPACE, "member": "", "nested": ""}.items():
        (root / name).mkdir(parents=True)
        (root / name / "pyproject.toml").write_text(PROJECT.format(name or "root") + content)
    for name in ("", "nested"):
        run(SCRIPTS / "uv", "venv", "--quiet", "--offline", ".venv", cwd=root / name)
    run_git("init", "-q", cwd=root)
    here = root / folder
    here.mkdir(exist_ok=True)
    (here / "requirements.txt").write_text("six==1.16.0\n")
    value = "made" if relative else str(tmp_path / "made")
    env = clean_environ(UV_PROJECT_ENVIRONMENT=value, UV_PYTHON=sys.executable)
    prefix = found_by_uv(here, env)
    assert prefix.name == "made"
    done = reqdrift("env", cwd=here, env=env)
    assert done.returncode == 0, done.stderr
    assert "  found by       UV_PROJECT_ENVIRONMENT\n" in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("  prefix ")]
    assert here / line.split()[1] == prefix


@pytest.mark.parametrize(
    ("path", "name", "before"),
    [
        ("conda/envs/shop", "shop", True),
        ("conda", "base", False),
        ("mamba", "root", False),
        ("root", "root", True),
    ],
)
def test_an_activated_conda_environment(tmp_path: Path, path: str, name: str, before: bool) -> None:
    """conda's layout is fabricated."""
    conda = tmp_path / path
    (conda / "conda-meta").mkdir(parents=True)
    (conda / "bin").mkdir()
    (conda / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (tmp_path / "requirements.txt").write_text("six==1.16.0\n")
    run(SCRIPTS / "uv", "venv", "--quiet", "--offline", ".venv", cwd=tmp_path)
    env = clean_environ(PATH=f"{conda}/bin:/usr/bin:/bin", CONDA_PREFIX=str(conda))
    env["CONDA_DEFAULT_ENV"] = name
    found = run(SCRIPTS / "uv", "python", "find", "--offline", cwd=tmp_path, env=env).stdout
    assert found.startswith(str(conda)) is before
    done = reqdrift("env", cwd=tmp_path, env=env)
    assert ("found by       CONDA_PREFIX" in done.stdout) is before
    assert ("found by       .venv" in done.stdout) is not before
