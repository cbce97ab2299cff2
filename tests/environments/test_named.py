"""What the user or the project's configuration names."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.environments.fallbacks import named_environment
from reqdrift.environments.locate import locate
from reqdrift.errors import EnvironmentReadError
from situations import found, situation
from support import make_environment, run_git


@pytest.mark.parametrize("path", ["other", "other/", "other/bin/python", "./x/../other/bin/python"])
def test_python_names_an_environment_or_its_interpreter(
    project: Path, base: Path, path: str
) -> None:
    make_environment(project / "other")
    make_environment(project / ".venv")
    where = situation(project, base, python=path, VIRTUAL_ENV=project / ".venv")
    assert found(where) == ("--python", project / "other")


@pytest.mark.parametrize("path", [".venv", ".venv/bin/python", ".venv/bin/python3.11"])
def test_the_configuration_names_a_virtualenv_of_the_project(
    project: Path, base: Path, path: str
) -> None:
    make_environment(project / ".venv")
    (project / ".venv" / "bin" / "python3.11").symlink_to("python")
    where = situation(project, base)._replace(configured=path)
    assert found(where) == ("[tool.reqdrift] python", project / ".venv")


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


@pytest.mark.parametrize(
    ("found_by", "hint"),
    [
        ("--python", "it contains one: reqdrift --python 'a b/.venv'"),
        ("REQDRIFT_PYTHON", "it contains one: REQDRIFT_PYTHON='a b/.venv'"),
        ("git config reqdrift.python", "it contains one: git config reqdrift.python 'a b/.venv'"),
        ("[tool.reqdrift] python", "it contains one: use 'a b/.venv'"),
    ],
)
def test_a_named_folder_that_holds_one(project: Path, found_by: str, hint: str) -> None:
    make_environment(project / "a b" / ".venv")
    with pytest.raises(EnvironmentReadError, match="is not an environment") as caught:
        named_environment("a b", found_by, str(project))
    assert caught.value.hint == hint
    (project / "a b" / ".venv" / "pyvenv.cfg").unlink()
    with pytest.raises(EnvironmentReadError) as caught:
        named_environment("a b", found_by, str(project))
    assert caught.value.hint == "give an interpreter or an environment folder"
