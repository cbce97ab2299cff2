"""Files that are not in pip's format are refused by name, and any other name is read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from reqdrift.requirements import read_requirements
from support import SCRIPTS, clean_environ, findings, make_environment, reqdrift, run

UV = SCRIPTS / "uv"
LOCKS = {
    "uv.lock": "this is a lock file of uv, not a requirements file; export it: uv export ",
    "poetry.lock": "this is a lock file of poetry, not a requirements file; export it: poetry ",
    "pdm.lock": "this is a lock file of pdm, not a requirements file; export it: pdm export ",
    "Pipfile.lock": "this is a lock file of pipenv, not a requirements file; export it: pipenv req",
    "Pipfile": "this is a file of pipenv, not a requirements file; export it: pipenv requireme",
    "pyproject.toml": "this is a project's configuration, not a requirements file; compile it: uv ",
    "setup.cfg": "this is a project's configuration, not a requirements file; compile it: uv pip ",
    "setup.py": "this is a program, not a requirements file; compile it: uv pip compile setup.py ",
    "environment.yml": "this is a file of conda, not a requirements file; print what is ",
    "environment.yaml": "this is a file of conda, not a requirements file; print what is ",
    "conda-lock.yml": "this is a lock file of conda-lock, not a requirements file; print what is ",
    "dev.conda-lock.yml": "this is a lock file of conda-lock, not a requirements file; print what ",
    "pixi.lock": "this is a lock file of pixi, not a requirements file; print what is installed: ",
    "pixi.toml": "this is a file of pixi, not a requirements file; print what is installed: ",
}


@pytest.fixture
def shop(project: Path) -> Path:
    """A project without dependencies, whose lock uv writes without an index."""
    text = "[project]\nname = 'shop'\nversion = '1.0'\nrequires-python = '>=3.11'\n"
    (project / "pyproject.toml").write_text(text)
    run(UV, "lock", "--quiet", "--offline", cwd=project)
    return project


@pytest.mark.parametrize("name", LOCKS)
def test_known_names_are_refused_with_what_to_type(name: str, project: Path) -> None:
    (project / name).write_text("six==1.0\n")
    (error,) = read_requirements([name]).errors
    assert error.message.startswith(LOCKS[name])
    (project / "requirements.txt").write_text(f"-r {name}\n")
    (error,) = read_requirements(["requirements.txt"]).errors
    assert error.message.startswith(f"'-r {name}' cannot be read: {LOCKS[name]}")


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml"])
def test_what_is_to_be_typed_gives_a_requirements_file(name: str, shop: Path) -> None:
    exported, piped = commands_for(name)
    env = clean_environ(UV_OFFLINE="1", PATH=f"{SCRIPTS}:/usr/bin:/bin")
    run("sh", "-c", exported, cwd=shop, env=env)
    assert read_requirements(["requirements.txt"]).errors == ()
    assert run("sh", "-c", piped, cwd=shop, env=env).stdout.strip()


def commands_for(name: str) -> tuple[str, str]:
    """The command that exports a file, and the one whose output is piped."""
    (error,) = read_requirements([name]).errors
    found = re.search(
        r"(?:export|compile) it: (.*?)(?: \(.*\))?, or pipe it: (.*) \| reqdrift -$", error.message
    )
    assert found
    return found[1], found[2]


@pytest.mark.long  # the tools are downloaded
@pytest.mark.parametrize(
    ("name", "packages", "commands"),
    [
        ("poetry.lock", ("poetry", "poetry-plugin-export"), (("poetry", "lock"),)),
        ("pdm.lock", ("pdm[locked]",), (("pdm", "lock"),)),
        ("Pipfile.lock", ("pipenv",), (("pipenv", "lock"),)),
    ],
)
def test_what_is_to_be_typed_for_other_tools(
    name: str, packages: tuple[str, ...], commands: tuple[tuple[str, ...], ...], shop: Path
) -> None:
    tool = shop.parent / "tool"
    run(UV, "venv", "--quiet", tool, cwd=shop)
    run(UV, "pip", "install", "--quiet", "--python", tool, *packages, cwd=shop)
    (shop / "Pipfile").write_text("[packages]\n")
    env = clean_environ(PDM_CHECK_UPDATE="0", PATH=f"{tool / 'bin'}:{SCRIPTS}:/usr/bin:/bin")
    for command in commands:
        run(*command, cwd=shop, env=env)
    exported, piped = commands_for(name)
    run("sh", "-c", exported, cwd=shop, env=env)
    assert read_requirements(["requirements.txt"]).errors == ()
    run("sh", "-c", piped, cwd=shop, env=env)


def test_a_lock_of_another_folder_is_named_whole(project: Path) -> None:
    (project / "a b").mkdir()
    (project / "a b" / "pyproject.toml").touch()
    (error,) = read_requirements(["a b/pyproject.toml"]).errors
    assert "uv pip compile 'a b/pyproject.toml' -o" in error.message


@pytest.mark.parametrize(
    "name",
    ["requirements.lock", "requirements-dev.lock", "base.cfg", "x.toml", "deps.py", "r.yml", "req"],
)
def test_any_other_name_is_read(name: str, project: Path) -> None:
    make_environment(project / ".venv", "six-1.0")
    (project / name).write_text("six==1.0 \\\n    --hash=sha256:ab\n    # via shop\n")
    done = reqdrift(name, cwd=project)
    assert (done.returncode, done.stdout[:6]) == (0, "clean;")
    (project / "requirements.txt").write_text(f"-r {name}\n")
    assert reqdrift(cwd=project).returncode == 0


class TestNothing:
    """/dev/null and pipes: files that lie in no project are taken for the project here."""

    def test_dev_null_asks_for_nothing(self, project: Path) -> None:
        make_environment(project / ".venv", "six-1.0")
        assert findings(project, "/dev/null") == [("extra", "six", None)]
        (project / "requirements.txt").write_text("six==1.0\n-c /dev/null\n-r /dev/null\n")
        assert reqdrift("-c", "/dev/null", cwd=project).returncode == 0

    @pytest.mark.parametrize("file", ["/dev/null", "<(echo six==1.0)"])
    def test_the_environment_is_that_of_the_project_here(self, file: str, project: Path) -> None:
        make_environment(project / ".venv", "six-1.0")
        (project / "pyproject.toml").write_text("[tool.reqdrift]\nignore = ['six']\n")
        command = f"'{SCRIPTS / 'reqdrift'}' {file} --format json"
        document = json.loads(run("bash", "-c", command, cwd=project).stdout)
        assert document["environment"]["found_by"] == ".venv"
        assert document["findings"] == []

    def test_it_is_not_written(self, project: Path) -> None:
        make_environment(project / ".venv", "six-1.0")
        done = reqdrift("fix", "/dev/null", cwd=project)
        assert (done.returncode, "is not a regular file" in done.stderr) == (2, True)


class TestContent:
    """A lock file by another name is one error."""

    def test_toml(self, shop: Path) -> None:
        (shop / "uv.lock").rename(shop / "requirements.lock")
        (error,) = read_requirements(["requirements.lock"]).errors
        assert (
            error.message
            == "this is TOML, not a requirements file; export it to a requirements.txt"
        )

    def test_json(self, project: Path) -> None:
        listed = run(UV, "pip", "list", "--format", "json", "--offline", cwd=project).stdout
        (project / "list.txt").write_text(listed)
        (error,) = read_requirements(["list.txt"]).errors
        assert (
            error.message
            == "this is JSON, not a requirements file; export it to a requirements.txt"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "six = 1\n",
            "[six]\nsix==1.0\n",
            "six==1.0\n[dev]\npytest\n",
            "{six}\n",
            "[[\n",
            "[" * 100_000,
            "x = " + "[" * 100_000 + "\n[a]\n",
        ],
    )
    def test_mistakes_are_told_line_by_line(self, text: str, project: Path) -> None:
        (project / "requirements.txt").write_text(text)
        assert all(
            error.at and error.at.line for error in read_requirements(["requirements.txt"]).errors
        )
        assert read_requirements(["requirements.txt"]).errors
