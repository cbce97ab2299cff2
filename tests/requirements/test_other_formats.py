"""Files that are not in pip's format are refused by name, and any other name is read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from reqdrift.requirements import read_requirements
from support import SCRIPTS, clean_environ, make_environment, run

UV = SCRIPTS / "uv"


@pytest.fixture
def shop(project: Path) -> Path:
    """A project without dependencies, whose lock uv writes without an index."""
    text = "[project]\nname = 'shop'\nversion = '1.0'\nrequires-python = '>=3.11'\n"
    (project / "pyproject.toml").write_text(text)
    run(UV, "lock", "--quiet", "--offline", cwd=project)
    return project


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


class TestNothing:
    """/dev/null and pipes: files that lie in no project are taken for the project here."""

    @pytest.mark.parametrize("file", ["/dev/null", "<(echo six==1.0)"])
    def test_the_environment_is_that_of_the_project_here(self, file: str, project: Path) -> None:
        make_environment(project / ".venv", "six-1.0")
        (project / "pyproject.toml").write_text("[tool.reqdrift]\nignore = ['six']\n")
        command = f"'{SCRIPTS / 'reqdrift'}' {file} --format json"
        document = json.loads(run("bash", "-c", command, cwd=project).stdout)
        assert document["environment"]["found_by"] == ".venv"
        assert document["findings"] == []
