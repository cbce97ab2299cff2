"""Real installations: what reqdrift reads against `pip inspect`, `pip list` and `uv pip list`."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from workshop import Workshop, make_project, open_workshop

import reqdrift
from recorded import check_record, used
from reqdrift.environments import read_environment
from reqdrift.environments.fallbacks import named_environment
from reqdrift.environments.metadata import read_source
from reqdrift.environments.records import Target
from reqdrift.standards import canonical_name
from reqdrift.standards.pep440 import normal_version
from reqdrift.values import Environment
from reqdrift.values.details import Source
from support import SCRIPTS, clean_environ, interpreters, python27, run

# Environments are made by pip.
pytestmark = pytest.mark.long

PIP = SCRIPTS / "pip"
UV = SCRIPTS / "uv"

# So many of `everything` are wheels: three from the wheelhouse, and a file with an extra.
WHEELS = 4


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with open_workshop(tmp_path_factory.mktemp("workshop").resolve()) as made:
        yield made


@pytest.fixture(scope="session")
def everything(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """All kinds of things to install, one of each."""
    root = tmp_path_factory.mktemp("more").resolve()
    tripod = make_project(root / "tripod", "tripod", "1.0")
    finder = make_project(root / "finder", "finder", "1.0")
    backend = (finder / "backend.py").read_text()
    # An editable through code: what setuptools makes of flat projects.
    code = backend.replace('os.getcwd() + "\\n"', '"import sys\\n"')
    assert code != backend
    (finder / "backend.py").write_text(code)
    return [*workshop.references(), str(tripod), "-e", str(finder)]


def variables() -> dict[str, str]:
    """Nothing of the machine's configuration."""
    changes = {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return {**clean_environ(), **changes, "UV_NO_CONFIG": "1"}


def ours(environment: Environment) -> dict[str, tuple[str, str]]:
    """Name -> version and, for what did not come from an index, what it came from."""
    return {
        name: (normal_version(one.version), origin(read_source(one)) if one.direct else "")
        for name, one in environment.distributions.items()
    }


def origin(source: object) -> str:
    assert isinstance(source, Source)
    return f"{source.kind}{' editable' * source.editable} {source.revision or ''}".strip()


def by_inspect(report: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for one in report["installed"]:
        url = one.get("direct_url", {})
        kind = next((k for k in ("vcs", "archive", "dir") if f"{k}_info" in url), "")
        info = url.get(f"{kind}_info", {})
        what = {"dir": "folder"}.get(kind, kind) + " editable" * bool(info.get("editable"))
        what = f"{what} {info.get('commit_id', '')}".strip()
        data = one["metadata"]
        found[canonical_name(data["name"])] = (normal_version(data["version"]), what)
    return found


def by_list(text: str) -> dict[str, str]:
    return {canonical_name(one["name"]): normal_version(one["version"]) for one in json.loads(text)}


def versions(environment: Environment, *, own: bool = False) -> dict[str, str]:
    found = environment.distributions.items()
    return {name: normal_version(one.version) for name, one in found if one.own or not own}


def check_both(prefix: Path, hidden: frozenset[str] = frozenset()) -> None:
    """A virtual environment, against pip from outside of it and uv."""
    environment = read_environment(named_environment(str(prefix), "--python", "/"))
    assert not environment.broken
    command = (PIP, "--python", prefix, "inspect")
    report = json.loads(run(*command, cwd=prefix, env=variables()).stdout)
    assert ours(environment) == by_inspect(report)
    assert used(reqdrift.inspect(python=str(prefix))) == used(report)
    check_record(json.dumps(report), prefix, prefix)
    check_record(json.dumps(reqdrift.inspect(python=str(prefix))), prefix, prefix)
    # uv does not look beyond the environment's own folders.
    words = ("pip", "list", "--offline", "--format", "json", "--python", prefix)
    found = by_list(run(UV, *words, cwd=prefix, env=variables()).stdout)
    assert versions(environment, own=True) == found


def test_a_virtualenv_filled_by_pip(
    everything: list[str], workshop: Workshop, tmp_path: Path
) -> None:
    python = interpreters()[max(interpreters(), key=lambda v: int(v.partition(".")[2]))]
    prefix = tmp_path / "env"
    run(SCRIPTS / "virtualenv", "-q", "--python", python, prefix, cwd=tmp_path, env=variables())
    command = (prefix / "bin" / "python", "-m", "pip", "install", "-q")
    run(*command, *links(workshop), *everything, cwd=tmp_path, env=variables())
    check_both(prefix)


def links(workshop: Workshop) -> tuple[str | Path, ...]:
    return ("--no-index", "--find-links", workshop.wheelhouse)


@pytest.mark.parametrize("mode", ["clone", "copy", "hardlink", "symlink"])
def test_a_virtualenv_filled_by_uv(
    mode: str, everything: list[str], workshop: Workshop, tmp_path: Path
) -> None:
    # How files are linked matters for wheels; what is built need be built but once.
    what = everything if mode == "hardlink" else everything[:WHEELS]
    prefix = tmp_path / "env"
    run(UV, "venv", "-q", "--python", sys.executable, prefix, cwd=tmp_path, env=variables())
    command = (UV, "pip", "install", "-q", "--python", prefix, "--link-mode", mode)
    env = {**variables(), "UV_CACHE_DIR": str(tmp_path / "cache")}
    run(*command, *links(workshop), *what, cwd=tmp_path, env=env)
    check_both(prefix)


def test_a_virtualenv_that_sees_the_system(workshop: Workshop, tmp_path: Path) -> None:
    base: str = sys._base_executable  # type: ignore[attr-defined]
    prefix = tmp_path / "env"
    options = ("--without-pip", "--system-site-packages")
    run(base, "-m", "venv", *options, prefix, cwd=tmp_path, env=variables())
    command = (PIP, "--python", prefix, "install", "-q")
    run(*command, *links(workshop), "lantern==1.0", cwd=tmp_path, env=variables())
    check_both(prefix)


@pytest.mark.parametrize("way", ["--target", "--prefix"])
def test_a_folder_filled_by_pip(
    way: str, everything: list[str], workshop: Workshop, tmp_path: Path
) -> None:
    command = (PIP, "install", "-q", way, tmp_path / "folder", "--ignore-installed")
    run(*command, *links(workshop), *everything[:WHEELS], cwd=tmp_path, env=variables())
    (folder,) = {path.parent for path in tmp_path.rglob("lantern*.dist-info")}
    environment = Target(str(folder)).read()
    listed = run(PIP, "list", "--format", "json", "--path", folder, cwd=tmp_path, env=variables())
    assert versions(environment) == by_list(listed.stdout)
    report = json.loads(run(PIP, "inspect", "--path", folder, cwd=tmp_path, env=variables()).stdout)
    assert ours(environment) == by_inspect(report)
    where = ("--target", folder) if way == "--target" else ("--prefix", tmp_path / "folder")
    words = ("pip", "list", "--offline", "--format", "json", "--python", sys.executable, *where)
    assert versions(environment) == by_list(run(UV, *words, cwd=tmp_path, env=variables()).stdout)


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
    env = {**variables(), "PYTHONUSERBASE": str(tmp_path / "user"), "PYTHONWARNINGS": "ignore"}
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
