"""Which environment is meant: what is named, activated, in the project, or what reqdrift runs in.

The command `env` says the same of real folders in the golden cases `env-...`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from layouts import found, refused, situation, tag
from reqdrift.environments import Candidate, Situation, read_environment
from reqdrift.environments.locate import locate
from reqdrift.errors import EnvironmentReadError
from reqdrift.requirements import read_requirements
from support import make_environment, reqdrift, run_git

RUNNING = "the environment that reqdrift runs in"


def make(project: Path, text: str) -> None:
    """What each word says: `env@foo-1.0` is a virtualenv with a release, `env!` has no interpreter.

    `env#mark` is that of a tool, `env~` one of conda, `file=text` a file, `link>path` a link, and
    `folder/` a folder.
    """
    for word in text.split():
        path = (project / word.split("@")[0].rstrip("!").split("#")[0].split("=")[0]).resolve()
        if word.endswith("/"):
            path.mkdir(parents=True)
        elif word.endswith("~"):
            path = path.with_name(path.name.rstrip("~"))
            (path / "conda-meta").mkdir(parents=True)
            (path / "bin").mkdir()
            (path / "bin" / "python").write_text("")
        elif ">" in word:
            link, _, target = word.partition(">")
            (project / link).symlink_to(project / target)
        elif "=" in word:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(word.partition("=")[2].replace("\\n", "\n") + "\n")
        elif "#" in word:
            tag(path, word.partition("#")[2])
        else:
            make_environment(path, *word.rstrip("!").split("@")[1:])
            if word.endswith("!"):
                (path / "bin" / "python").unlink()


def situated(project: Path, text: str) -> Situation:
    """A run: `file=`, `running=`, `required=`, `python=`, and any variables.

    Their values are paths from the project, but for `NAME==value`.
    """
    said = dict(word.split("=", 1) for word in text.split())
    plain = {key: said.pop(key) for key in ("file", "python") if key in said}
    required = tuple(said.pop("required", "").replace(",", " ").split())
    running = (project / said.pop("running", "../usr")).resolve()
    path = said.pop("PATH", None)
    environ = {
        name: value.removeprefix("=")
        if value[:1] in ("", "=")
        else os.path.normpath(project / value) + "/" * value.endswith("/")
        for name, value in said.items()
    }
    if path is not None:
        entries = [str((project / entry).resolve() / "bin") for entry in path.split(":")]
        environ["PATH"] = ":".join([*entries, "/usr/bin"])
    return situation(project, running, required=required, **plain, **environ)


LOCATED = [
    [part.strip() for part in line.split("|")]
    for line in Path(__file__).with_name("located.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
SIX = "running=../running required=six"


@pytest.mark.parametrize(("made", "where", "found_by", "prefix"), LOCATED)
def test_which_is_meant(project: Path, made: str, where: str, found_by: str, prefix: str) -> None:
    make(project, made)
    expected = Path(os.path.normpath(project / prefix))
    assert found(situated(project, where)) == (found_by, expected)


def test_why_others_are_not(project: Path) -> None:
    make(project, "a/.venv b/.venv ../running@six-1 venv@six-1!")
    where = situated(project, "file=b/r.txt VIRTUAL_ENV=a/.venv")
    assert refused(where) == {
        "VIRTUAL_ENV": f"belongs to another folder; these requirements have {project}/b/.venv"
    }
    why = f"its interpreter is missing, and {RUNNING} has what is required"
    assert refused(situated(project, f"{SIX},attrs"))["venv"] == why


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


def tools_environments(tmp_path: Path) -> dict[str, Path]:
    uvx = tmp_path / "6" / "archive-v0" / "X7Yz"
    make_environment(uvx)
    (tmp_path / "6" / "CACHEDIR.TAG").touch()
    return {
        "pre-commit": tag(tmp_path / "1" / "py_env-python3.11", ".install_state_v1"),
        "prek": tag(tmp_path / "2" / "python-abc", ".prek-hook.json"),
        "pipx": tag(tmp_path / "3" / "reqdrift", "pipx_metadata.json"),
        "uv tool": tag(tmp_path / "4" / "reqdrift", "uv-receipt.toml"),
        "uv": uvx,
    }


@pytest.mark.parametrize("tool", ["pre-commit", "prek", "pipx", "uv tool", "uv"])
def test_a_tools_own_environment_is_never_checked(project: Path, tmp_path: Path, tool: str) -> None:
    prefix = tools_environments(tmp_path)[tool]
    where = situation(project, prefix, required=("x",), VIRTUAL_ENV=prefix, PATH=prefix / "bin")
    why = f"{tool}'s own environment"
    assert refused(where) == {"VIRTUAL_ENV": why, "the environment that reqdrift runs in": why}
    with pytest.raises(EnvironmentReadError, match="no environment found"):
        locate(where)
    make_environment(project / ".venv")
    assert found(where) == (".venv", project / ".venv")


# Step 3: uv run --with.


def test_the_environment_that_uv_extended_for_a_moment(project: Path, tmp_path: Path) -> None:
    made = tmp_path / "cache" / "builds-v0" / ".tmpX7"
    make_environment(tmp_path / "parent")
    make_environment(made, settings=f"extends-environment = {tmp_path}/parent\n")
    (tmp_path / "cache" / "CACHEDIR.TAG").touch()
    where = situation(project, made, VIRTUAL_ENV=made)
    assert found(where) == ("extends-environment", tmp_path / "parent")


def test_the_extended_environment_of_another_service_is_not_taken(
    project: Path, tmp_path: Path
) -> None:
    made = tmp_path / "cache" / "builds-v0" / ".tmpX7"
    for service in ("a", "b"):
        make_environment(project / service / ".venv")
    make_environment(made, settings=f"extends-environment = {project}/a/.venv\n")
    (tmp_path / "cache" / "CACHEDIR.TAG").touch()
    where = situation(project, made, file="b/r.txt")
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


def test_uv_may_be_told_to_use_a_python_that_is_no_virtualenv(
    project: Path, base: Path, hook: Path
) -> None:
    make_environment(project / ".venv")
    (project / "uv.lock").write_text("version = 1\n")
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
