"""Which environment is meant: every step of the search, on fabricated folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reqdrift.environment import read_environment
from reqdrift.environment.locate import Candidate, Situation, candidates, locate
from reqdrift.errors import EnvironmentReadError
from reqdrift.model import Requirement, canonical_name
from support import clean_environ, make_environment, reqdrift, run_git


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The folder of a Python that is no virtual environment."""
    folder = tmp_path / "usr"
    (folder / "bin").mkdir(parents=True)
    return folder


@pytest.fixture
def hook(tmp_path: Path) -> Path:
    """A hook's own environment, as pre-commit makes it."""
    folder = tmp_path / "cache" / "repo1" / "py_env-python3"
    make_environment(folder)
    (folder / ".install_state_v2").touch()
    return folder


def asking_for(*names: str) -> tuple[Requirement, ...]:
    """Requirements of these projects."""
    return tuple(Requirement("/r", 1, 1, canonical_name(name), name, name, name) for name in names)


def situation(
    project: Path,
    prefix: Path,
    *,
    file: str = "requirements.txt",
    required: tuple[str, ...] = (),
    python: str | None = None,
    **environ: Any,
) -> Situation:
    """A run in the project, of a reqdrift that is installed in `prefix`."""
    in_environment = (prefix / "pyvenv.cfg").exists()
    return Situation(
        files=(f"{project}/{file}",),
        lines=asking_for(*required),
        environ={name: str(value) for name, value in environ.items()},
        cwd=str(project),
        top=str(project),
        python=python,
        prefix=str(prefix),
        base_prefix=str(prefix.parent / "usr" if in_environment else prefix),
        executable=str(prefix / "bin" / "python"),
    )


def in_hook(project: Path, hook: Path, *path: Path, **environ: Any) -> Situation:
    """A run in a hook; `path` are the environments whose programs were on PATH before."""
    entries = ":".join(str(prefix / "bin") for prefix in (hook, *path))
    return situation(project, hook, VIRTUAL_ENV=hook, PATH=f"{entries}:/usr/bin", **environ)


def found(where: Situation) -> tuple[str, Path]:
    candidate = locate(where)
    return candidate.found_by.partition(", a guess")[0], Path(candidate.prefix)


def refused(where: Situation) -> dict[str, str]:
    return {c.found_by: c.refused for c in candidates(where) if c.refused}


def tag(prefix: Path, mark: str) -> Path:
    """Make an environment a tool's own."""
    make_environment(prefix)
    (prefix / mark).touch()
    return prefix


# Step 0: named by the user.


@pytest.mark.parametrize("path", ["other", "other/", "other/bin/python", "./x/../other/bin/python"])
def test_python_names_an_environment_or_its_interpreter(
    project: Path, base: Path, path: str
) -> None:
    make_environment(project / "other")
    make_environment(project / ".venv")
    where = situation(project, base, python=path, VIRTUAL_ENV=project / ".venv")
    assert found(where) == ("--python", project / "other")


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
    assert "which is gone" in trouble.message


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


@pytest.mark.parametrize(
    ("value", "why"), [("nowhere", "does not exist"), ("empty", "is not an environment")]
)
@pytest.mark.parametrize("option", ["--python", "REQDRIFT_PYTHON", "git config reqdrift.python"])
def test_a_bad_name_is_an_error_and_no_reason_to_look_elsewhere(
    project: Path, base: Path, option: str, value: str, why: str
) -> None:
    make_environment(project / ".venv")
    (project / "empty").mkdir()
    where = situation(project, base, VIRTUAL_ENV=project / ".venv")
    if option == "--python":
        where = where._replace(python=value)
    elif option == "REQDRIFT_PYTHON":
        where = where._replace(environ={**where.environ, "REQDRIFT_PYTHON": value})
    else:
        run_git("init", "-q", cwd=project)
        run_git("config", "reqdrift.python", value, cwd=project)
    with pytest.raises(EnvironmentReadError, match=why) as caught:
        locate(where)
    assert option in caught.value.message
    assert caught.value.exit_code == 3


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
        "VIRTUAL_ENV": f"another folder's; these requirements have {project}/b/.venv"
    }
    activated = where._replace(environ={"VIRTUAL_ENV": str(project / "b" / ".venv")})
    assert found(activated) == ("VIRTUAL_ENV", project / "b" / ".venv")


def test_in_a_monorepo_the_nearer_redirect_file_does_so_too(project: Path, base: Path) -> None:
    make_environment(project / "a" / ".venv")
    make_environment(project / "b" / "made")
    (project / "b" / ".venv").write_text("made\n")
    where = situation(project, base, file="b/r.txt", VIRTUAL_ENV=project / "a" / ".venv")
    assert found(where) == (".venv", project / "b" / "made")


@pytest.mark.parametrize("activated", ["venv", ".tox/py312", "../elsewhere/.venv"])
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


# Step 2: the environment that reqdrift runs in.


def test_the_environment_that_reqdrift_runs_in(project: Path, tmp_path: Path) -> None:
    make_environment(tmp_path / "running")
    make_environment(project / "venv")
    where = situation(project, tmp_path / "running")
    assert found(where) == ("the environment that reqdrift runs in", tmp_path / "running")


def test_the_projects_own_beats_the_one_that_reqdrift_runs_in(
    project: Path, tmp_path: Path
) -> None:
    make_environment(tmp_path / "running")
    make_environment(project / ".venv")
    assert found(situation(project, tmp_path / "running")) == (".venv", project / ".venv")
    assert found(situation(project, project / ".venv"))[1] == project / ".venv"


def test_the_conda_environment_that_reqdrift_runs_in(project: Path, base: Path) -> None:
    (base / "conda-meta").mkdir()
    where = situation(project, base)
    assert found(where) == ("the environment that reqdrift runs in", base)
    (base / "condabin").mkdir()
    assert refused(where) == {"the environment that reqdrift runs in": "conda's base environment"}


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


# Step 4: activated, and a hook runner overwrote it.


def test_the_environment_that_was_activated_before_the_hook(
    project: Path, tmp_path: Path, hook: Path
) -> None:
    make_environment(tmp_path / "activated")
    make_environment(project / ".venv")
    where = in_hook(project, hook, tmp_path / "activated", VIRTUAL_ENV_PROMPT="(x) ")
    assert found(where) == ("activated before the hook", tmp_path / "activated")


def test_without_the_prompt_being_on_path_is_not_being_activated(
    project: Path, tmp_path: Path, hook: Path
) -> None:
    make_environment(tmp_path / "on-path")
    make_environment(project / ".venv")
    where = in_hook(project, hook, tmp_path / "on-path")
    assert found(where) == (".venv", project / ".venv")


def test_the_first_virtualenv_that_is_no_tools_and_not_condas_was_activated(
    project: Path, tmp_path: Path, hook: Path
) -> None:
    pipx = tag(tmp_path / "pre-commit", "pipx_metadata.json")
    (tmp_path / "conda" / "conda-meta").mkdir(parents=True)
    make_environment(tmp_path / "activated")
    make_environment(tmp_path / "second")
    path = (pipx, tmp_path / "conda", tmp_path / "activated", tmp_path / "second")
    where = in_hook(project, hook, *path, VIRTUAL_ENV_PROMPT="x")
    assert found(where) == ("activated before the hook", tmp_path / "activated")


def test_in_a_monorepos_hook_the_nearer_environment_beats_the_activated(
    project: Path, hook: Path
) -> None:
    for service in ("a", "b"):
        make_environment(project / service / ".venv")
    where = in_hook(project, hook, project / "a" / ".venv", VIRTUAL_ENV_PROMPT="a")
    (project / "b" / "requirements.txt").touch()
    where = where._replace(files=(f"{project}/b/requirements.txt",))
    assert found(where) == (".venv", project / "b" / ".venv")


@pytest.mark.parametrize("entry", ["", ".", "bin", "relative/bin"])
def test_relative_entries_of_path_are_nobodys(project: Path, hook: Path, entry: str) -> None:
    make_environment(project / "relative")
    where = situation(project, hook, VIRTUAL_ENV=hook, VIRTUAL_ENV_PROMPT="x", PATH=entry)
    with pytest.raises(EnvironmentReadError):
        locate(where)


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


@pytest.mark.parametrize("line", ["", "\n", "name-of-an-environment", "/nowhere"])
def test_a_redirect_file_that_leads_nowhere_is_passed_over(
    project: Path, hook: Path, line: str
) -> None:
    (project / ".venv").write_text(line)
    make_environment(project / "venv")
    where = situation(project, hook)
    assert found(where) == ("venv", project / "venv")
    assert ".venv" in refused(where)


def test_a_link_that_leads_nowhere_is_named(project: Path, hook: Path) -> None:
    (project / ".venv").symlink_to("/nowhere")
    assert refused(situation(project, hook))[".venv"] == "does not exist"


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


# Step 6: conda.


def test_a_conda_environment_but_not_condas_own(project: Path, tmp_path: Path, hook: Path) -> None:
    for folder in ("conda-meta", "condabin", "envs/child/conda-meta"):
        (tmp_path / "conda" / folder).mkdir(parents=True)
    child = tmp_path / "conda" / "envs" / "child"
    where = situation(project, hook, CONDA_PREFIX=child)
    assert "holds no Python" in refused(where)["CONDA_PREFIX"]  # `conda create -n child`
    (child / "bin").mkdir()
    (child / "bin" / "python").write_text("")
    assert found(where) == ("CONDA_PREFIX", child)
    where = situation(
        project,
        hook,
        required=("x",),
        CONDA_PREFIX=tmp_path / "conda",
        PATH=tmp_path / "conda" / "bin",
    )
    assert refused(where)["CONDA_PREFIX"] == "conda's base environment"
    assert refused(where)["PATH"] == "conda's base environment"
    with pytest.raises(EnvironmentReadError):
        locate(where)


# Step 7: guesses.


@pytest.mark.parametrize(
    ("required", "taken"),
    [
        (("six", "attrs"), True),
        (("six", "attrs", "idna"), False),
        (("six", "attrs", "PyYAML", "pre_commit", "virtualenv"), True),
        (("pyyaml", "pre-commit"), False),
        ((), False),
    ],
)
def test_an_environment_on_path_that_holds_half_of_what_is_required(
    project: Path, tmp_path: Path, hook: Path, required: tuple[str, ...], taken: bool
) -> None:
    make_environment(tmp_path / "guess", "six-1.0", "pyyaml-6.0", "pre_commit-4.0", "pip-1.0")
    where = in_hook(project, hook, tmp_path / "guess")
    where = where._replace(lines=asking_for(*required))
    if taken:
        assert found(where) == ("PATH", tmp_path / "guess")
        assert ", a guess: it holds " in locate(where).found_by
    else:
        assert "PATH" in refused(where)
        with pytest.raises(EnvironmentReadError):
            locate(where)


def test_a_guess_that_cannot_be_read_is_no_guess(project: Path, tmp_path: Path, hook: Path) -> None:
    site = make_environment(tmp_path / "guess")
    site.rmdir()
    where = in_hook(project, hook, tmp_path / "guess")
    where = where._replace(lines=asking_for("six"))
    assert "has no site-packages folder" in refused(where)["PATH"]


HOOKS = {
    "INSTALL_PYTHON in the git hook": "#!/bin/sh\nINSTALL_PYTHON={}/bin/python\nARGS=(x)\n",
    "PREK in the git hook": '#!/bin/sh\nHERE="x"\nPREK="{}/bin/prek"\n    PREK="prek"\n',
}


@pytest.mark.parametrize("found_by", HOOKS)
def test_the_environment_of_the_program_that_installed_the_git_hook(
    project: Path, tmp_path: Path, hook: Path, found_by: str
) -> None:
    make_environment(tmp_path / "made", "six-1.16.0")
    (project / ".git" / "hooks").mkdir()
    text = HOOKS[found_by].format(tmp_path / "made")
    (project / ".git" / "hooks" / "pre-commit").write_text(text)
    where = situation(project, hook, required=("six",))
    assert found(where) == (found_by, tmp_path / "made")
    where = situation(project, hook, required=("attrs",))
    assert refused(where)[found_by] == "holds only 0 of 1 required projects"


def test_a_linked_worktree_shares_the_git_hook(project: Path, tmp_path: Path, hook: Path) -> None:
    run_git("init", "-q", cwd=project)
    run_git("commit", "-q", "--allow-empty", "-m", "x", cwd=project)
    run_git("worktree", "add", "-q", "../tree", cwd=project)
    make_environment(tmp_path / "it's here", "six-1.16.0")
    quoted = f"INSTALL_PYTHON='{tmp_path}/it'\"'\"'s here/bin/python'\n"
    (project / ".git" / "hooks" / "pre-commit").write_text(quoted)
    where = situation(tmp_path / "tree", hook, required=("six",))
    assert found(where) == ("INSTALL_PYTHON in the git hook", tmp_path / "it's here")


# Step 8: a Python that is no environment.


def test_the_python_of_a_container(project: Path, base: Path) -> None:
    assert locate(situation(project, base)) == Candidate(
        "the Python that reqdrift runs on", str(base), interpreter=f"{base}/bin/python"
    )


def test_a_tools_python_is_not_a_containers(project: Path, base: Path) -> None:
    where = situation(project, base, PRE_COMMIT_HOME=base.parent)
    assert refused(where) == {"the Python that reqdrift runs on": "pre-commit's own environment"}


# Step 9: none.


def test_none_says_what_was_tried_and_what_settles_it(
    project: Path, tmp_path: Path, hook: Path
) -> None:
    make_environment(tmp_path / "other")
    where = in_hook(project, hook, tmp_path / "other", CONDA_PREFIX=tmp_path / "gone")
    where = where._replace(lines=asking_for("six"), files=(f"{project}/a/r",))
    with pytest.raises(EnvironmentReadError) as caught:
        locate(where)
    assert caught.value.exit_code == 3
    assert str(caught.value).splitlines() == [
        "no environment found for these requirements; activate it, or name it once for this clone:"
        " git config reqdrift.python /path/to/environment",
        "tried:",
        f"  {hook} (VIRTUAL_ENV, the environment that reqdrift runs in):"
        " pre-commit's own environment",
        f"  {tmp_path}/gone (CONDA_PREFIX): does not exist",
        f"  {tmp_path}/other (PATH): holds only 0 of 1 required projects",
        f"  no .venv, venv, env in {project}/a, nor above it up to {project}",
    ]


@pytest.mark.parametrize(("value", "said"), [("1", True), ("", False)])
def test_in_a_hook_it_says_how_to_skip_it_where_there_is_never_one(
    project: Path, hook: Path, value: str, said: bool
) -> None:
    with pytest.raises(EnvironmentReadError) as caught:
        locate(situation(project, hook, PRE_COMMIT=value))
    assert ("`ci: {skip: [reqdrift]}`" in str(caught.value)) is said


# What the command makes of it.


def test_a_line_on_stderr_if_the_projects_own_was_not_chosen(project: Path, tmp_path: Path) -> None:
    (project / "requirements.txt").write_text("six==1.16.0\n")
    make_environment(project / ".venv")
    make_environment(tmp_path / "activated", "six-1.16.0")
    done = reqdrift(cwd=project, env=clean_environ(VIRTUAL_ENV=f"{tmp_path}/activated"))
    assert done.returncode == 0
    assert done.stderr == (
        f"reqdrift: checking {tmp_path}/activated (found by VIRTUAL_ENV), not {project}/.venv\n"
    )
    done = reqdrift(cwd=project, env=clean_environ(VIRTUAL_ENV=f"{project}/.venv"))
    assert (done.returncode, done.stderr) == (1, "")
    done = reqdrift("--python", tmp_path / "activated", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_git_top_of_a_file_is_not_the_working_directorys(project: Path, base: Path) -> None:
    make_environment(project / ".venv", "six-1.16.0")
    make_environment(project / "sub" / ".venv")
    (project / "sub" / ".git").mkdir()
    (project / "requirements.txt").write_text("six==1.16.0\n")
    done = reqdrift("../requirements.txt", cwd=project / "sub")
    assert done.returncode == 0, done.stdout
    assert str(base) not in done.stdout


def test_env_shows_every_candidate_and_why_it_was_passed_over(
    project: Path, tmp_path: Path
) -> None:
    (project / "requirements.txt").write_text("six==1.16.0\n")
    make_environment(project / "venv", "six-1.16.0")
    make_environment(project / "env")
    done = reqdrift("env", cwd=project, env=clean_environ(VIRTUAL_ENV=f"{tmp_path}/gone"))
    lines = done.stdout.splitlines()
    assert f"  VIRTUAL_ENV: {tmp_path}/gone: does not exist" in lines
    assert "  venv: venv: passed over: one above is taken" in lines
    assert "found by       the environment that reqdrift runs in" in done.stdout


def test_env_with_a_bad_name_is_an_error_that_names_it(project: Path) -> None:
    (project / "requirements.txt").write_text("six==1.16.0\n")
    (project / ".venv").mkdir()
    done = reqdrift("env", "--python", ".venv", cwd=project)
    assert done.returncode == 3
    assert done.stderr.startswith("reqdrift: --python: .venv is not an environment")
