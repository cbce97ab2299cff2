"""Fabricated site folders: what reqdrift finds in them against what pip and uv find."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

import pytest
from accepted import cases
from site_folders import CASES, build

from reqdrift.environments.records import Target
from reqdrift.standards import canonical_name
from reqdrift.standards.pep440 import normal_version
from support import SCRIPTS, clean_environ, run

Found = list[tuple[str, str]]
NAMES = [f"{group}: {name}" for group, of_group in CASES.items() for name in of_group]
ACCEPTED = {who: cases(f"Site folders, from {who}") for who in ("pip", "uv")}


class Folders(NamedTuple):
    """Every case in a folder of its own, and what pip and uv find there; None if they end."""

    paths: dict[str, Path]
    found: dict[str, dict[str, Found | None]]


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    root = tmp_path_factory.mktemp("site-folders")
    trees = [tree for of_group in CASES.values() for tree in of_group.values()]
    paths = {
        name: build(tree, root / str(n))
        for n, (name, tree) in enumerate(zip(NAMES, trees, strict=True))
    }
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("pips_finder.py"))],
        input=json.dumps([str(path) for path in paths.values()]),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=clean_environ(),
    )
    theirs = json.loads(done.stdout)
    pip = {n: None if one is None else normal(one) for n, one in zip(NAMES, theirs, strict=True)}
    return Folders(paths, {"pip": pip, "uv": {name: by_uv(path) for name, path in paths.items()}})


def by_uv(path: Path) -> Found | None:
    words = ("pip", "list", "--offline", "--no-config", "--format", "json")
    where = ("--python", sys.executable, "--target", path)
    done = run(SCRIPTS / "uv", *words, *where, cwd=path, check=False)
    if done.returncode:
        return None
    return normal((one["name"], one["version"]) for one in json.loads(done.stdout))


def normal(found: Iterable[tuple[str, str]]) -> Found:
    """Names and versions as they are compared."""
    return sorted((canonical_name(n), normal_version(version) or version) for n, version in found)


def test_only_cases_are_accepted() -> None:
    assert ACCEPTED["pip"] | ACCEPTED["uv"] <= {*NAMES}


@pytest.mark.parametrize("who", ["pip", "uv"])
@pytest.mark.parametrize("case", NAMES)
def test_site_folder(case: str, who: str, folders: Folders) -> None:
    environment = Target(str(folders.paths[case])).read()
    ours = normal((one.name, one.version) for one in environment.distributions.values())
    theirs = folders.found[who][case]
    # Where the other one ends, a finding is the least; what it is about is not compared besides.
    told = {trouble.project for trouble in environment.broken}
    same = bool(told) if theirs is None else _without(told, ours) == _without(told, theirs)
    assert same != (case in ACCEPTED[who]), f"{who}: {theirs}, reqdrift: {ours}"


def _without(projects: AbstractSet[str], found: Found) -> Found:
    return [one for one in found if one[0] not in projects]
