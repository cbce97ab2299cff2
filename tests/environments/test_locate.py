"""Which environment is meant: what is named, activated, or what reqdrift runs in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reqdrift.environments import Candidate, read_environment
from reqdrift.environments.locate import locate
from reqdrift.errors import EnvironmentReadError
from reqdrift.requirements import read_requirements
from situations import found, refused, situation, tag
from support import make_environment, reqdrift, run_git

# Step 0: named by the user.


def test_python_may_be_an_interpreter_of_no_environment(project: Path, base: Path) -> None:
    (base / "bin" / "python3").touch()
    where = situation(project, base, python=str(base / "bin" / "python3"))
    assert locate(where) == Candidate(
        "--python", str(base), interpreter=str(base / "bin" / "python3"), chosen="named"
    )


def test_python_may_be_the_folder_of_no_environment(project: Path, base: Path) -> None:
    (base / "bin" / "python3").touch()
    where = situation(project, base, python=str(base))
    assert locate(where).interpreter == str(base / "bin" / "python3")


def test_python_may_be_a_command(
    project: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = base / "bin" / "python9.9"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(base / "bin"))
    assert locate(situation(project, base, python="python9.9")).interpreter == str(command)


def test_python_may_be_a_link_whose_end_is_gone(project: Path, base: Path) -> None:
    make_environment(project / ".venv")
    interpreter = project / ".venv" / "bin" / "python"
    interpreter.unlink()
    interpreter.symlink_to("/nowhere/python3.11")
    candidate = locate(situation(project, base, python=str(interpreter)))
    assert Path(candidate.prefix) == project / ".venv"
    (trouble,) = read_environment(candidate).broken
    assert "which does not exist" in trouble.message


def test_python_may_be_a_redirect_file(project: Path, base: Path) -> None:
    make_environment(project / "made-by-virtualenv")
    (project / ".venv").write_text("made-by-virtualenv")
    where = situation(project, base, python=".venv")
    assert found(where) == ("--python", project / "made-by-virtualenv")


def test_a_home_folder_is_expanded(
    project: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(project / "home"))
    make_environment(project / "home" / "envs" / "x")
    where = situation(project, base, REQDRIFT_PYTHON="~/envs/x")
    assert found(where) == ("REQDRIFT_PYTHON", project / "home" / "envs" / "x")


def test_the_option_beats_the_variable_beats_git_beats_activation(
    project: Path, base: Path
) -> None:
    run_git("init", "-q", cwd=project)
    run_git("config", "reqdrift.python", "by-git", cwd=project)
    for name in ("by-option", "by-variable", "by-git", "activated"):
        make_environment(project / name)
    where = situation(
        project,
        base,
        python="by-option",
        REQDRIFT_PYTHON="by-variable",
        VIRTUAL_ENV=project / "activated",
    )
    assert found(where) == ("--python", project / "by-option")
    where = where._replace(python=None)
    assert found(where) == ("REQDRIFT_PYTHON", project / "by-variable")
    where = where._replace(environ={"VIRTUAL_ENV": str(project / "activated")})
    assert found(where) == ("git config reqdrift.python", project / "by-git")
    run_git("config", "--unset", "reqdrift.python", cwd=project)
    assert found(where) == ("VIRTUAL_ENV", project / "activated")


# Step 1: VIRTUAL_ENV.


@pytest.mark.parametrize("ending", ["", "/"])
def test_the_activated_environment(project: Path, tmp_path: Path, base: Path, ending: str) -> None:
    make_environment(tmp_path / "activated")
    make_environment(project / ".venv")
    where = situation(project, base, VIRTUAL_ENV=f"{tmp_path}/activated{ending}")
    assert found(where) == ("VIRTUAL_ENV", tmp_path / "activated")


@pytest.mark.parametrize("value", ["", "gone", "no-environment"])
def test_an_activated_folder_that_is_none_is_passed_over(
    project: Path, base: Path, value: str
) -> None:
    make_environment(project / ".venv")
    (project / "no-environment").mkdir()
    where = situation(project, base, VIRTUAL_ENV=value and project / value)
    assert found(where) == (".venv", project / ".venv")


@pytest.mark.parametrize("file", ["b/requirements.txt", "b/requirements/dev.txt"])
def test_in_a_monorepo_the_nearer_environment_beats_the_activated(
    project: Path, base: Path, file: str
) -> None:
    for service in ("a", "b"):
        make_environment(project / service / ".venv")
    where = situation(project, base, file=file, VIRTUAL_ENV=project / "a" / ".venv")
    assert found(where) == (".venv", project / "b" / ".venv")
    assert refused(where) == {
        "VIRTUAL_ENV": f"belongs to another folder; these requirements have {project}/b/.venv"
    }
    activated = where._replace(environ={"VIRTUAL_ENV": str(project / "b" / ".venv")})
    assert found(activated) == ("VIRTUAL_ENV", project / "b" / ".venv")


def test_in_a_monorepo_the_nearer_redirect_file_does_so_too(project: Path, base: Path) -> None:
    make_environment(project / "a" / ".venv")
    make_environment(project / "b" / "made")
    (project / "b" / ".venv").write_text("made\n")
    where = situation(project, base, file="b/r.txt", VIRTUAL_ENV=project / "a" / ".venv")
    assert found(where) == (".venv", project / "b" / "made")


@pytest.mark.parametrize(
    "activated",
    ["venv", ".tox/py312", ".tox/venv", "a/.nox/env", ".nox/.venv", "../elsewhere/.venv"],
)
def test_another_environment_of_the_same_folder_or_of_no_folder_stays_activated(
    project: Path, base: Path, activated: str
) -> None:
    make_environment(project / ".venv")
    make_environment((project / activated).resolve())
    where = situation(project, base, VIRTUAL_ENV=(project / activated).resolve())
    assert found(where) == ("VIRTUAL_ENV", (project / activated).resolve())


def test_a_linked_environment_belongs_to_the_folder_of_the_link(project: Path, base: Path) -> None:
    make_environment(project / "b" / ".venv")
    make_environment(project / "disk" / ".venv")
    (project / "b" / "venv").symlink_to(project / "disk" / ".venv")
    where = situation(project, base, file="b/r.txt", VIRTUAL_ENV=project / "b" / "venv")
    assert found(where) == ("VIRTUAL_ENV", project / "b" / "venv")


def test_in_a_worktree_its_own_environment_beats_the_one_of_another(
    project: Path, tmp_path: Path, base: Path
) -> None:
    run_git("init", "-q", cwd=project)
    run_git("commit", "-q", "--allow-empty", "-m", "x", cwd=project)
    run_git("worktree", "add", "-q", "../tree", cwd=project)
    make_environment(project / ".venv")
    tree = tmp_path / "tree"
    where = situation(tree, base, VIRTUAL_ENV=project / ".venv")
    assert found(where) == ("VIRTUAL_ENV", project / ".venv")
    make_environment(tree / ".venv")
    assert found(where) == (".venv", tree / ".venv")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        *(("VIRTUAL_ENV", ""), ("UV_PROJECT_ENVIRONMENT", ""), ("PYENV_VIRTUAL_ENV", "")),
        ("PATH", "bin"),
    ],
)
def test_the_environment_of_another_worktree_is_a_guess(
    project: Path, tmp_path: Path, base: Path, variable: str, value: str
) -> None:
    run_git("init", "-q", cwd=project)
    run_git("commit", "-q", "--allow-empty", "-m", "x", cwd=project)
    run_git("worktree", "add", "-q", "../tree", cwd=project)
    make_environment(project / "env", "foo-1.0")
    (tmp_path / "tree" / "r.txt").write_text("foo==1.0\n")
    environ: dict[str, Any] = {variable: str(project / "env" / value)}
    where = situation(tmp_path / "tree", base, file="r.txt", **environ)
    if variable == "PATH":
        where = where._replace(lines=read_requirements(where.files).requirements)
    candidate = locate(where)
    assert (candidate.prefix, candidate.chosen) == (str(project / "env"), "guess")


# A tool's own environment is nobody's project.


def tools_environments(tmp_path: Path) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Tool -> its environment and the variables that say so."""
    pre_commit = tag(tmp_path / "1" / "py_env-python3.11", ".install_state_v1")
    uvx = tmp_path / "6" / "archive-v0" / "X7Yz"
    make_environment(uvx)
    (tmp_path / "6" / "CACHEDIR.TAG").touch()
    caches = {
        name: (tmp_path / folder / "some" / "env", {variable: str(tmp_path / folder)})
        for name, folder, variable in (
            ("uv", "7", "UV_CACHE_DIR"),
            ("uv tool", "8", "UV_TOOL_DIR"),
            ("pipx", "9", "PIPX_HOME"),
            ("pre-commit", "10", "PRE_COMMIT_HOME"),
            ("prek", "11", "PREK_HOME"),
        )
    }
    for prefix, _ in caches.values():
        make_environment(prefix)
    make_environment(tmp_path / "xdg" / "uv" / "archive-v0" / "abc")
    return {
        "pre-commit": (pre_commit, {}),
        "prek": (tag(tmp_path / "2" / "python-abc", ".prek-hook.json"), {}),
        "pipx": (tag(tmp_path / "3" / "reqdrift", "pipx_metadata.json"), {}),
        "uv tool": (tag(tmp_path / "4" / "reqdrift", "uv-receipt.toml"), {}),
        "uv": (uvx, {}),
        **{f"{name} ": value for name, value in caches.items()},
        "uv  ": (
            tmp_path / "xdg" / "uv" / "archive-v0" / "abc",
            {"XDG_CACHE_HOME": str(tmp_path / "xdg")},
        ),
    }


TOOLS = ("pre-commit", "prek", "pipx", "uv tool", "uv")


@pytest.mark.parametrize("tool", [*TOOLS, *(f"{tool} " for tool in TOOLS), "uv  "])
def test_a_tools_own_environment_is_never_checked(project: Path, tmp_path: Path, tool: str) -> None:
    prefix, variables = tools_environments(tmp_path)[tool]
    where = situation(
        project, prefix, required=("x",), VIRTUAL_ENV=prefix, PATH=prefix / "bin", **variables
    )
    why = f"{tool.strip()}'s own environment"
    assert refused(where) == {"VIRTUAL_ENV": why, "the environment that reqdrift runs in": why}
    with pytest.raises(EnvironmentReadError, match="no environment found"):
        locate(where)
    make_environment(project / ".venv")
    assert found(where) == (".venv", project / ".venv")


@pytest.mark.parametrize("folder", ["archive-viewer", "archive-v2", "py_env-mine"])
def test_a_project_with_a_name_as_a_tools_is_a_project(
    project: Path, tmp_path: Path, base: Path, folder: str
) -> None:
    prefix = tmp_path / folder / ".venv"
    make_environment(prefix)
    assert found(situation(project, base, VIRTUAL_ENV=prefix)) == ("VIRTUAL_ENV", prefix)


# Step 2: the environment that reqdrift runs in, if it is the project's.

RUNNING = "the environment that reqdrift runs in"


@pytest.mark.parametrize("name", [".venv", "venv", "env"])
def test_the_projects_own_beats_the_one_that_reqdrift_runs_in(
    project: Path, tmp_path: Path, name: str
) -> None:
    make_environment(tmp_path / "running", "six-1.16.0")
    make_environment(project / name)
    where = situation(project, tmp_path / "running", required=("six",))
    assert found(where) == (name, project / name)
    own = situation(project, project / name, required=("six",))
    assert locate(own) == Candidate(RUNNING, str(project / name))


def test_the_projects_dot_venv_beats_another_of_its_own(project: Path) -> None:
    make_environment(project / "venv", "six-1.16.0")
    assert found(situation(project, project / "venv", required=("six",)))[0] == RUNNING
    make_environment(project / ".venv")
    where = situation(project, project / "venv", required=("six",))
    assert found(where) == (".venv", project / ".venv")


def test_a_nearer_one_beats_the_one_that_reqdrift_runs_in(project: Path) -> None:
    make_environment(project / "venv", "six-1.16.0")
    make_environment(project / "a" / "env")
    where = situation(project, project / "venv", file="a/r.txt", required=("six",))
    assert found(where) == ("env", project / "a" / "env")


@pytest.mark.parametrize("name", ["venv", "env"])
@pytest.mark.parametrize("broken", ["gone", "none"])
def test_an_own_one_without_interpreter_yields_to_one_that_fits(
    project: Path, tmp_path: Path, name: str, broken: str
) -> None:
    make_environment(tmp_path / "running", "six-1.16.0")
    make_environment(project / name, "six-1.16.0")
    interpreter = project / name / "bin" / "python"
    interpreter.unlink()
    if broken == "gone":
        interpreter.symlink_to("/nowhere/python3.11")
    where = situation(project, tmp_path / "running", required=("six", "attrs"))
    assert found(where) == (RUNNING, tmp_path / "running")
    assert refused(where)[name] == f"its interpreter is missing, and {RUNNING} has what is required"
    fits_less = situation(project, tmp_path / "running", required=("six", "attrs", "idna"))
    assert found(fits_less) == (name, project / name)
    hooks = tag(tmp_path / "hook", "pipx_metadata.json")
    assert found(situation(project, hooks, required=("six",))) == (name, project / name)


def test_a_dot_venv_without_interpreter_is_reported(project: Path, tmp_path: Path) -> None:
    make_environment(tmp_path / "running", "six-1.16.0")
    make_environment(project / ".venv")
    (project / ".venv" / "bin" / "python").unlink()
    where = situation(project, tmp_path / "running", required=("six",))
    assert found(where) == (".venv", project / ".venv")


# Step 3: uv run --with.


def test_the_environment_that_uv_extended_for_a_moment(project: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    make_environment(tmp_path / "parent")
    make_environment(cache / "x", settings=f"extends-environment = {tmp_path}/parent\n")
    where = situation(project, cache / "x", VIRTUAL_ENV=cache / "x", UV_CACHE_DIR=cache)
    assert found(where) == ("extends-environment", tmp_path / "parent")


def test_the_extended_environment_of_another_service_is_not_taken(
    project: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    for service in ("a", "b"):
        make_environment(project / service / ".venv")
    make_environment(cache / "x", settings=f"extends-environment = {project}/a/.venv\n")
    where = situation(project, cache / "x", file="b/r.txt", UV_CACHE_DIR=cache)
    assert found(where) == (".venv", project / "b" / ".venv")


# What the command makes of it.


def test_the_git_top_of_a_file_is_not_the_working_directorys(project: Path, base: Path) -> None:
    make_environment(project / ".venv", "six-1.16.0")
    make_environment(project / "sub" / ".venv")
    (project / "sub" / ".git").mkdir()
    (project / "requirements.txt").write_text("six==1.16.0\n")
    done = reqdrift("../requirements.txt", cwd=project / "sub")
    assert done.returncode == 0, done.stdout
    assert str(base) not in done.stdout
