"""Folders and user sites: what reqdrift reads against pip and uv. The rest is in `ways.py`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kinds import UV, VARIABLES
from ways import PIP, by_inspect, by_list, ours, versions
from workshop import Workshop, open_workshop

from reqdrift.environments import read_environment
from reqdrift.environments.fallbacks import named_environment
from reqdrift.environments.records import Target
from support import interpreters, python27, run

# Environments are made by pip.
pytestmark = pytest.mark.long


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with open_workshop(tmp_path_factory.mktemp("workshop").resolve()) as made:
        yield made


@pytest.mark.parametrize("way", ["--target", "--prefix"])
def test_a_folder_filled_by_pip(way: str, workshop: Workshop, tmp_path: Path) -> None:
    command = (PIP, "install", "-q", way, tmp_path / "folder", "--ignore-installed")
    links = ("--no-index", "--find-links", workshop.wheelhouse)
    run(*command, *links, *workshop.references()[:4], cwd=tmp_path, env=VARIABLES)
    (folder,) = {path.parent for path in tmp_path.rglob("lantern*.dist-info")}
    environment = Target(str(folder)).read()
    listed = run(PIP, "list", "--format", "json", "--path", folder, cwd=tmp_path, env=VARIABLES)
    assert versions(environment) == by_list(listed.stdout)
    report = json.loads(run(PIP, "inspect", "--path", folder, cwd=tmp_path, env=VARIABLES).stdout)
    assert ours(environment) == by_inspect(report)
    where = ("--target", folder) if way == "--target" else ("--prefix", tmp_path / "folder")
    words = ("pip", "list", "--offline", "--format", "json", "--python", sys.executable, *where)
    assert versions(environment) == by_list(run(UV, *words, cwd=tmp_path, env=VARIABLES).stdout)


SETUP = """\
from setuptools import setup
setup(name="{name}", version="{version}", packages=["{module}"], zip_safe={zip_safe})
"""

# How a legacy project comes into the user site, by commands of setup.py.
LEGACY_WAYS = {
    "linked": ("develop", "--user"),
    "egg": ("install", "--user"),
    "zipped": ("install", "--user"),
    "flat": ("install", "--user", "--single-version-externally-managed", "--record", "record"),
}


@pytest.mark.long
@pytest.mark.parametrize("python", [*filter(None, [python27()]), *interpreters().values()])
def test_the_user_site_of_a_python_of_any_age(
    python: str, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own pip and setuptools: wheels, eggs, zipped eggs, egg-infos, egg-links."""
    monkeypatch.setenv("PYTHONUSERBASE", str(tmp_path / "user"))
    env = {**VARIABLES, "PYTHONUSERBASE": str(tmp_path / "user"), "PYTHONWARNINGS": "ignore"}
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    if run(python, "-m", "pip", "--version", cwd=tmp_path, check=False).returncode:
        pytest.skip(f"{python} has no pip")
    wheel = tmp_path / "compass-1.0-py2.py3-none-any.whl"
    shutil.copy(workshop.wheelhouse / "compass-1.0-py3-none-any.whl", wheel)
    # Distributions of Linux keep pip from their own Python, but not from a user site of a test.
    env["PIP_BREAK_SYSTEM_PACKAGES"] = "1"
    run(python, "-m", "pip", "install", "-q", "--user", "--no-deps", wheel, cwd=tmp_path, env=env)
    expected = {"compass"}
    if run(python, "-c", "import setuptools", cwd=tmp_path, check=False).returncode == 0:
        for name, words in LEGACY_WAYS.items():
            folder = tmp_path / name
            (folder / name).mkdir(parents=True)
            (folder / name / "__init__.py").write_text("")
            setup = SETUP.format(
                name=f"{name}_x", version="1.0rc1", module=name, zip_safe=name == "zipped"
            )
            (folder / "setup.py").write_text(setup)
            run(python, "setup.py", "-q", *words, cwd=folder, env=env)
            expected.add(f"{name}-x")
    environment = read_environment(named_environment(python, "--python", "/"))
    assert not environment.broken
    words = (python, "-m", "pip", "list", "--format", "json")
    assert versions(environment) == by_list(run(*words, cwd=tmp_path, env=env).stdout)
    assert environment.distributions.keys() >= expected
