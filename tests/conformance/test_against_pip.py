"""The reader against pip's own, over a corpus of lines and of whole files.

Where pip refuses, errors are expected; where pip accepts, none, and the same requirements.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from accepted import cases
from corpus import CONSTRAINTS, FILES, LINES, TREE, VARIABLES
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from reqdrift.requirements import read_requirements

if TYPE_CHECKING:
    from reqdrift.values import Requirement

ACCEPTED = sorted(cases("Lines, from pip"))
ALL_LINES = [line for lines in LINES.values() for line in lines]


class Pip:
    """A folder with the whole corpus in it, and what pip makes of each file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = {
            **{line: line.encode() for line in (*ALL_LINES, *ACCEPTED)},
            **{f"-c {line}": line.encode() for line in CONSTRAINTS},
            **{f"file {name}": data for name, data in FILES.items()},
        }
        for name, data in TREE.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        self.paths = {name: f"corpus-{number}.txt" for number, name in enumerate(files)}
        for name, path in self.paths.items():
            (folder / path).write_bytes(files[name])
        for line in CONSTRAINTS:
            path = self.paths[f"-c {line}"]
            self.paths[f"-c {line}"] = f"c-{path}"
            (folder / f"c-{path}").write_text(f"-c {path}")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("pips_reader.py"))],
            cwd=folder,
            env={**environment, **VARIABLES},
            input=json.dumps(list(self.paths.values())).encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        self.read = dict(zip(self.paths, json.loads(done.stdout), strict=True))


@pytest.fixture(scope="session")
def pip(tmp_path_factory: pytest.TempPathFactory) -> Pip:
    return Pip(tmp_path_factory.mktemp("pip"))


@pytest.fixture(autouse=True)
def _same_surroundings(pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pip.folder)
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("line", ALL_LINES)
def test_line(pip: Pip, line: str) -> None:
    _compare(pip, line)


@pytest.mark.parametrize("line", CONSTRAINTS)
def test_constraint(pip: Pip, line: str) -> None:
    _compare(pip, f"-c {line}")


@pytest.mark.parametrize("name", FILES)
def test_file(pip: Pip, name: str) -> None:
    _compare(pip, f"file {name}")


@pytest.mark.parametrize("line", ACCEPTED)
def test_accepted_difference(pip: Pip, line: str) -> None:
    assert "refused" in pip.read[line]
    assert not read_requirements([pip.paths[line]]).errors


def _compare(pip: Pip, name: str) -> None:
    theirs = pip.read[name]
    ours = read_requirements([pip.paths[name]])
    if "refused" in theirs:
        assert ours.errors, f"pip refuses: {theirs['refused']}"
        return
    assert not ours.errors
    expected = {_as_text(values) for values in theirs["requirements"]}
    assert {_as_text(_values(requirement)) for requirement in ours.requirements} == expected


def _values(requirement: Requirement) -> dict[str, Any]:
    """What `pips_reader.py` says of a requirement, for ours."""
    specifier = SpecifierSet(requirement.specifier)
    if requirement.source and "@" in requirement.text.partition(":")[0]:
        # `name @ URL`: the version in the file's name, which pip looks at only when it resolves.
        specifier = SpecifierSet()
    return {
        "name": requirement.name,
        "specifier": sorted(map(str, specifier)),
        # pip changes the case of extras that end a line; no one else tells them apart.
        "extras": sorted(map(canonicalize_name, requirement.extras)),
        "marker": str(Marker(requirement.marker)) if requirement.marker else None,
        "constraint": requirement.constraint,
        "editable": bool(requirement.source and requirement.source.editable),
        "url": requirement.source is not None,
        "hashes": sorted(requirement.hashes),
    }


def _as_text(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True)
