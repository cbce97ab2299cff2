"""Which environment is meant: those in the project's folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.environments import Candidate, read_environment
from reqdrift.environments.locate import locate
from reqdrift.errors import EnvironmentReadError
from situations import found, refused, situation
from support import make_environment

# Step 5: in the project's folders.


@pytest.mark.parametrize("name", [".venv", "venv", "env"])
@pytest.mark.parametrize("folder", ["", "services", "services/a"])
def test_an_environment_from_the_files_folder_up_to_the_git_top(
    project: Path, hook: Path, name: str, folder: str
) -> None:
    make_environment(project / folder / name)
    where = situation(project, hook, file="services/a/requirements.txt")
    assert found(where) == (name, project / folder / name)


def test_nearer_wins_and_then_the_usual_name(project: Path, hook: Path) -> None:
    where = situation(project, hook, file="a/requirements.txt")
    for name in ("env", "venv", ".venv", "a/env", "a/venv", "a/.venv"):
        make_environment(project / name)
        assert found(where)[1] == project / name


def test_above_the_git_top_there_is_nothing_of_the_projects(project: Path, hook: Path) -> None:
    make_environment(project.parent / ".venv")
    with pytest.raises(EnvironmentReadError):
        locate(situation(project, hook))


def test_a_file_above_the_working_directory_has_its_own_folders(project: Path, hook: Path) -> None:
    make_environment(project / "sub" / ".venv")
    make_environment(project / ".venv")
    where = situation(project, hook)._replace(
        cwd=f"{project}/sub", files=(f"{project}/sub/../requirements.txt",)
    )
    assert found(where) == (".venv", project / ".venv")


def test_without_git_the_search_ends_at_the_working_directory(project: Path, hook: Path) -> None:
    make_environment(project / ".venv")
    where = situation(project, hook, file="a/b/requirements.txt")._replace(top=None)
    assert found(where) == (".venv", project / ".venv")
    with pytest.raises(EnvironmentReadError) as caught:
        locate(where._replace(cwd=f"{project}/a"))
    assert "reqdrift --python" in caught.value.hint
    assert "git config" not in caught.value.hint


@pytest.mark.parametrize("line", ["../made", "{0}/made\n", "  ../made  \n# more\n"])
def test_a_redirect_file_leads_to_the_environment(
    project: Path, tmp_path: Path, hook: Path, line: str
) -> None:
    make_environment(tmp_path / "made")
    (project / ".venv").write_text(line.format(tmp_path))
    assert found(situation(project, hook)) == (".venv", tmp_path / "made")


@pytest.mark.parametrize("line", ["", "\n", " \n"])
def test_a_redirect_file_that_names_nothing_is_passed_over(
    project: Path, hook: Path, line: str
) -> None:
    (project / ".venv").write_text(line)
    make_environment(project / "venv")
    where = situation(project, hook)
    assert found(where) == ("venv", project / "venv")
    assert ".venv" in refused(where)


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


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("shop", "it names shop, which does not exist"),
        ("/nowhere", "it names /nowhere, which does not exist"),
        ("../usr", "it names ../usr, which is not an environment"),
    ],
)
def test_a_redirect_file_that_leads_nowhere_is_an_error(
    project: Path, hook: Path, base: Path, line: str, why: str
) -> None:
    (project / ".venv").write_text(line)
    make_environment(project / "venv", "six-1.16.0")
    for prefix in (hook, base, project / "venv"):
        with pytest.raises(EnvironmentReadError, match=why) as caught:
            locate(situation(project, prefix, required=("six",)))
        assert "remove the file" in caught.value.hint


def test_what_a_linked_redirect_file_says_is_not_shown(project: Path, hook: Path) -> None:
    (project.parent / "netrc").write_text("machine example.org password secret\n")
    (project / ".venv").symlink_to("../netrc")
    with pytest.raises(EnvironmentReadError, match="it names an environment") as caught:
        locate(situation(project, hook))
    assert "secret" not in str(caught.value)


def test_a_link_that_leads_nowhere_is_an_error(project: Path, hook: Path) -> None:
    (project / ".venv").symlink_to("/nowhere")
    make_environment(project / "venv", "six-1.16.0")
    for prefix in (hook, project / "venv"):
        with pytest.raises(EnvironmentReadError, match="a link to /nowhere, which does not exist"):
            locate(situation(project, prefix, required=("six",)))
    make_environment(project.parent / "activated")
    where = situation(project, hook, VIRTUAL_ENV=project.parent / "activated")
    assert found(where)[0] == "VIRTUAL_ENV"


def test_a_venv_folder_that_is_no_environment_is_an_error(
    project: Path, tmp_path: Path, base: Path
) -> None:
    (project / ".venv").mkdir()
    make_environment(project / "venv")
    make_environment(tmp_path / "running")
    for prefix in (base, tmp_path / "running"):
        with pytest.raises(EnvironmentReadError, match="not an environment"):
            locate(situation(project, prefix))
    make_environment(tmp_path / "activated")
    where = situation(project, base, VIRTUAL_ENV=tmp_path / "activated")
    assert found(where) == ("VIRTUAL_ENV", tmp_path / "activated")


def test_other_folders_of_these_names_need_not_be_environments(project: Path, hook: Path) -> None:
    (project / "env").mkdir()
    (project / "venv").write_text("a file")
    make_environment(project / "made")
    where = situation(project, hook, UV_PROJECT_ENVIRONMENT="made")
    assert found(where) == ("UV_PROJECT_ENVIRONMENT", project / "made")
    assert refused(where)["env"] == "not an environment (no pyvenv.cfg in it)"


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


@pytest.mark.parametrize("variable", ["UV_PROJECT_ENVIRONMENT", "PYENV_VIRTUAL_ENV"])
def test_where_uv_and_pyenv_say(project: Path, tmp_path: Path, hook: Path, variable: str) -> None:
    make_environment(tmp_path / "made")
    where = situation(project, hook)._replace(environ={variable: str(tmp_path / "made")})
    assert found(where) == (variable, tmp_path / "made")
    make_environment(project / "env")
    assert found(where) == ("env", project / "env")


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
