"""Which environment is meant: those in the project's folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.environments import Candidate, read_environment
from reqdrift.environments.locate import locate
from reqdrift.errors import EnvironmentReadError
from situations import found, situation
from support import make_environment

# Step 5: in the project's folders.


@pytest.mark.parametrize("shelf", ["WORKON_HOME", ".virtualenvs", ".local/share/virtualenvs"])
def test_a_bare_name_is_looked_for_where_environments_are_kept_by_name(
    project: Path, tmp_path: Path, hook: Path, monkeypatch: pytest.MonkeyPatch, shelf: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    make_environment(tmp_path / shelf / "shop")
    make_environment(project / "shop")
    (project / ".venv").write_text("shop\n")
    where = situation(project, hook, WORKON_HOME=tmp_path / "WORKON_HOME")
    assert found(where) == (".venv", tmp_path / shelf / "shop")
    (tmp_path / shelf / "shop" / "pyvenv.cfg").unlink()
    assert found(where) == (".venv", project / "shop")


def test_conda_and_old_virtualenvs_count_without_pyvenv_cfg(project: Path, hook: Path) -> None:
    (project / "env" / "conda-meta").mkdir(parents=True)
    where = situation(project, hook)
    assert found(where) == ("env", project / "env")
    site = make_environment(project / ".venv", "six-1.16.0", version="2.7.18")
    (project / ".venv" / "pyvenv.cfg").unlink()
    (site.parent / "orig-prefix.txt").write_text("/usr")
    assert found(where) == (".venv", project / ".venv")
    environment = read_environment(locate(where))
    assert (environment.python.version, environment.started) == ("2.7", False)
    assert list(environment.distributions) == ["six"]


def _project_of_uv(folder: Path, mark: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / ("uv.lock" if mark == "uv.lock" else "pyproject.toml")
    file.write_text({"uv.lock": "version = 1\n"}.get(mark, mark))


@pytest.mark.parametrize("mark", ["uv.lock", "[project]\nname = 'shop'\n"])
@pytest.mark.parametrize("value", ["made", "{0}/made"])
def test_where_uv_is_told_to_put_a_projects_environment(
    project: Path, hook: Path, mark: str, value: str
) -> None:
    for path in (".venv", "a/.venv", "made", "a/made"):
        make_environment(project / path)
    _project_of_uv(project / "a", mark)
    told = value.format(project / "a")
    where = situation(project, hook, file="a/r.txt", UV_PROJECT_ENVIRONMENT=told)
    assert found(where) == ("UV_PROJECT_ENVIRONMENT", project / "a" / "made")
    where = situation(project, hook, UV_PROJECT_ENVIRONMENT=told)
    assert found(where) == (".venv", project / ".venv")


@pytest.mark.parametrize(
    "content", ["[tool.reqdrift]\n", "[project]\nname='x'\n[tool.uv]\nmanaged = false\n", "[["]
)
def test_what_is_no_project_of_uvs_does_not_follow_its_variable(
    project: Path, hook: Path, content: str
) -> None:
    make_environment(project / ".venv")
    make_environment(project / "made")
    (project / "pyproject.toml").write_text(content)
    where = situation(project, hook, UV_PROJECT_ENVIRONMENT="made")
    assert found(where) == (".venv", project / ".venv")


def test_in_a_workspace_of_uvs_only_the_root_has_an_environment(project: Path, hook: Path) -> None:
    make_environment(project / ".venv")
    make_environment(project / "made")
    _project_of_uv(project, "uv.lock")
    _project_of_uv(project / "member", "[project]\nname = 'member'\n")
    where = situation(project, hook, file="member/r.txt", UV_PROJECT_ENVIRONMENT="made")
    assert found(where) == ("UV_PROJECT_ENVIRONMENT", project / "made")


def test_uv_may_be_told_to_use_a_python_that_is_no_virtualenv(
    project: Path, base: Path, hook: Path
) -> None:
    make_environment(project / ".venv")
    _project_of_uv(project, "uv.lock")
    interpreter = base / "bin" / "python3"
    interpreter.touch()
    where = situation(project, hook, UV_PROJECT_ENVIRONMENT=base)
    assert locate(where) == Candidate(
        "UV_PROJECT_ENVIRONMENT", str(base), interpreter=str(interpreter)
    )
    # A clone may have brought one that lies in it.
    (project / "made" / "bin").mkdir(parents=True)
    (project / "made" / "bin" / "python").symlink_to(interpreter)
    with pytest.raises(EnvironmentReadError, match="which may have come with the project"):
        locate(situation(project, hook, UV_PROJECT_ENVIRONMENT="made"))
