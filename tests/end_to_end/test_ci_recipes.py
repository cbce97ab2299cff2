"""The recipes of docs/ci.md and docs/recipes: valid for their service, and their commands run."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are installed
from workshop import FREEZE, make_wheel

from support import REPOSITORY, SCRIPTS, clean_environ, interpreters, run

PAGE = (REPOSITORY / "docs" / "ci.md").read_text()
FILES = {
    "GitLab": "gitlab-ci.yml",
    "Jenkins": "Jenkinsfile",
    "Azure Pipelines": "azure-pipelines.yml",
    "CircleCI": "circleci.yml",
}
SCHEMAS = {
    "GitHub Actions": "vendor.github-workflows",
    "GitLab": "vendor.gitlab-ci",
    "Azure Pipelines": "vendor.azure-pipelines",
    "CircleCI": "vendor.circle-ci",
}


def recipes(service: str) -> list[str]:
    """The file of a service, or the blocks of code in its section."""
    if service in FILES:
        return [(REPOSITORY / "docs" / "recipes" / FILES[service]).read_text()]
    (section,) = re.findall(rf"^## {service}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    return re.findall(r"^```\w+\n(.*?)^```", section, re.M | re.S)


def commands(service: str) -> list[str]:
    """What a service would run in a shell."""
    (recipe,) = recipes(service)
    if service == "Jenkins":
        return re.findall(r"sh '(.*)'", recipe)
    value: Any = yaml.safe_load(recipe)
    if service == "GitLab":
        return list(value["drift"]["script"])
    steps = value["steps"] if service == "Azure Pipelines" else value["jobs"]["drift"]["steps"]
    found = [step.get("script") or step.get("run") for step in steps if isinstance(step, dict)]
    return [command for command in found if command]


@pytest.mark.parametrize("service", SCHEMAS)
def test_a_recipe_is_valid_for_its_service(service: str, tmp_path: Path) -> None:
    for number, recipe in enumerate(recipes(service)):
        (tmp_path / f"{number}.yml").write_text(recipe)
    check = (SCRIPTS / "check-jsonschema", "--builtin-schema", SCHEMAS[service])
    run(*check, *sorted(tmp_path.glob("*.yml")), cwd=tmp_path)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A folder with wheels of reqdrift and of what the project needs."""
    folder = tmp_path_factory.mktemp("index")
    for version in ("1.0", "2.0"):
        make_wheel(folder, "lantern", version)
    shutil.copy(wheel, folder)
    return folder


@pytest.fixture
def environ(project: Path, index: Path) -> dict[str, str]:
    (project / "requirements.txt").write_text("lantern==1.0\n")
    path = f"{Path(sys.base_prefix) / 'bin'}:{clean_environ()['PATH']}"
    return clean_environ(PATH=path, PIP_FIND_LINKS=str(index))


@pytest.mark.long
@pytest.mark.parametrize("service", ["GitLab", "Jenkins"])
def test_the_commands_of_a_recipe(service: str, project: Path, environ: dict[str, str]) -> None:
    assert commands("Azure Pipelines") == commands("CircleCI") == commands("Jenkins")
    *before, last = commands(service)
    run("sh", "-ec", "\n".join(before), cwd=project, env=environ)
    assert "clean; 1 requirement" in run("sh", "-ec", last, cwd=project, env=environ).stdout
    run(".venv/bin/pip", "install", "--quiet", "lantern==2.0", cwd=project, env=environ)
    done = run("sh", "-ec", last, cwd=project, env=environ, check=False)
    assert done.returncode == 1
    assert "lantern 2.0 is installed" in done.stdout


@pytest.mark.long
def test_tox_and_nox(project: Path, environ: dict[str, str], index: Path) -> None:
    """reqdrift beside a freeze of what it needs itself."""
    (project / "requirements.txt").write_text(FREEZE)
    tox, nox, _ = recipes("tox and nox")
    (project / "tox.ini").write_text(tox)
    (project / "noxfile.py").write_text(nox)
    environ["TOX_OVERRIDE"] = f"testenv.set_env=PIP_FIND_LINKS={index}"
    for tool in ("tox", "nox"):
        command = (SCRIPTS / "uv", "tool", "run", "--python", sys.executable, tool)
        done = run(*command, cwd=project, env=environ)
        assert "clean; 8 requirements" in done.stdout + done.stderr


@pytest.mark.long
def test_tox_with_an_older_python(project: Path, environ: dict[str, str], index: Path) -> None:
    if "3.9" not in interpreters():
        pytest.skip("this machine has no Python 3.9")
    (project / "tox.ini").write_text(recipes("tox and nox")[2])
    environ["TOX_OVERRIDE"] = f"testenv.set_env=PIP_FIND_LINKS={index}"
    places = (SCRIPTS, Path(interpreters()["3.9"]).parent)
    environ["PATH"] = ":".join([*map(str, places), environ["PATH"]])
    command = (SCRIPTS / "uv", "tool", "run", "--python", sys.executable, "tox")
    done = run(*command, cwd=project, env=environ)
    assert re.search(r"clean; 1 requirement.*\(Python 3\.9", done.stdout)
