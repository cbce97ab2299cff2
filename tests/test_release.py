"""What is declared in several places is the same in all of them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are installed

from reqdrift._version import REPOSITORY, __version__
from reqdrift.kinds import DOCUMENTATION
from support import REPOSITORY as HERE
from support import clean_environ, interpreters, run

PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
WORKFLOWS = sorted((HERE / ".github" / "workflows").glob("*.yml"))
OLD = {minor: place for minor, place in interpreters().items() if int(minor[2:]) < 11}


def test_the_version_has_one_place() -> None:
    assert "version" in PROJECT["dynamic"]
    pages = [HERE / "README.md", *(HERE / "docs").glob("*.md")]
    text = "\n".join(page.read_text() for page in pages)
    named = re.findall(r"rev: v([\d.]+)$|reqdrift/reqdrift@v([\d.]+\d)", text, re.M)
    assert {a or b for a, b in named} == {__version__}


def test_the_pythons_that_are_declared_are_tested() -> None:
    prefix = "Programming Language :: Python :: 3."
    declared = [word.removeprefix(prefix) for word in PROJECT["classifiers"] if prefix in word]
    matrix = yaml.safe_load((HERE / ".github" / "workflows" / "test.yml").read_text())
    tested = matrix["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert tested == [f"3.{minor}" for minor in declared]
    assert PROJECT["requires-python"] == f">={tested[0]}"
    check = (HERE / "tools" / "release_check.py").read_text()
    assert f"OLDEST, NEWEST = {declared[0]}, {declared[-1]}" in check


def test_the_project_has_one_address() -> None:
    assert PROJECT["urls"]["Homepage"] == REPOSITORY
    assert PROJECT["urls"]["Documentation"] == DOCUMENTATION
    site = (HERE / "mkdocs.yml").read_text()
    assert f"site_url: {DOCUMENTATION}\n" in site
    assert f"repo_url: {REPOSITORY}\n" in site
    for name in ("README.md", "docs/hooks.md", "docs/ci.md"):
        assert "example.org" not in (HERE / name).read_text()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit(workflow: Path) -> None:
    for action in re.findall(r"uses: (.*)", workflow.read_text()):
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


@pytest.mark.parametrize("minor", [minor for minor in OLD if minor != "3.6"])
def test_an_older_python_says_what_to_do_in_one_line(minor: str) -> None:
    done = run(OLD[minor], "-m", "reqdrift", cwd=HERE, env=clean_environ(), check=False)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("reqdrift runs on Python 3.11 or newer, not on 3.")
    assert "language_version: python3.11" in line


@pytest.mark.long
@pytest.mark.parametrize("minor", [minor for minor in OLD if int(minor[2:]) >= 8])
def test_a_hook_that_an_older_python_installs_says_so_too(minor: str) -> None:
    install = ("-m", "pip", "install", "--quiet", "--no-deps", "--target", "/dev/null/no", ".")
    done = run(OLD[minor], *install, cwd=HERE, check=False)
    assert done.returncode != 0
    assert "language_version: python3.11" in done.stdout + done.stderr
