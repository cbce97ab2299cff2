"""Environments that contradict themselves: `unmet` against `pip check` and `uv pip check`."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest
from checkers import UV, Verdicts, compare
from workshop import make_wheel

from support import SCRIPTS, clean_environ, run

NAMES = tuple(f"part-{letter}" for letter in "abcdefghijklmnopqrst")
TOP = NAMES[:4]


def _requirement(name: str, chance: random.Random) -> str:
    """A Requires-Dist of another project, which one of its versions does not fulfil."""
    bound = chance.choice(["", ">=1", "<2", ">=2", "!=1.0", "~=1.0", "==2.0", "<3,>=1", "(<3)"])
    marker = chance.choice(["", "", "", "; python_version > '3'", "; python_version < '3'"])
    return f"Requires-Dist: {name}{' ' if '(' in bound else ''}{bound}{marker}"


def _wheels(folder: Path, chance: random.Random) -> None:
    """Each project in two versions; each needs some of those behind it."""
    for index, name in enumerate(NAMES):
        for version in ("1.0", "2.0"):
            behind = NAMES[index + 1 :]
            needed = chance.sample(behind, min(chance.randint(0, 4), len(behind)))
            headers = [_requirement(other, chance) for other in needed]
            for extra in ("x", "y"):
                headers.append(f"Provides-Extra: {extra}")
                other = chance.choice(NAMES)
                headers.append(f"Requires-Dist: {other}; extra == '{extra}'")
            make_wheel(folder, name, version, *headers, file=name.replace("-", "_"))


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 5))]
)
def test_what_pip_and_uv_say_of_what_a_file_asks_for(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    wheels = tmp_path / "wheels"
    _wheels(wheels, chance)
    env = {**clean_environ(), "UV_NO_CONFIG": "1", "PIP_CONFIG_FILE": os.devnull}
    run(UV, "venv", "-q", "-p", sys.executable, ".venv", cwd=tmp_path, env=env)
    # Whatever they need: some is absent, much has the wrong version.
    there = [f"{name}=={chance.choice(['1.0', '2.0'])}" for name in NAMES if chance.random() < 0.8]
    words = ("pip", "install", "-q", "--no-deps", "--offline", "--no-index", "--find-links", wheels)
    run(UV, *words, "--python", ".venv", *there, cwd=tmp_path, env=env)
    file = tmp_path / "top.txt"
    listed = [name for name in TOP if any(one.startswith(name) for one in there)]
    file.write_text("".join(f"{name}\n" for name in listed))
    found = compare(tmp_path / ".venv", file)
    assert found.pip
    assert found.agree, found


def test_what_an_extra_needs_is_reqdrifts_alone(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    make_wheel(wheels, "top", "1.0", "Requires-Dist: middle[x]")
    make_wheel(wheels, "middle", "1.0", "Provides-Extra: x", "Requires-Dist: low; extra == 'x'")
    run(SCRIPTS / "virtualenv", "-q", ".venv", cwd=tmp_path)
    words = (SCRIPTS / "pip", "--python", ".venv", "install", "-q", "--no-deps", "--no-index")
    run(*words, *wheels.glob("*.whl"), cwd=tmp_path)
    (tmp_path / "top.txt").write_text("top\n")
    found = compare(tmp_path / ".venv", tmp_path / "top.txt")
    assert found == Verdicts(set(), set(), {("middle", "low")}, {("middle", "low")}, set())


def test_pip_does_not_look_where_it_cannot_read_a_requirement(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    make_wheel(wheels, "top", "1.0", "Requires-Dist: odd (>dev)", "Requires-Dist: low")
    run(SCRIPTS / "uv", "venv", "-q", "-p", sys.executable, ".venv", cwd=tmp_path)
    words = ("pip", "install", "-q", "--no-deps", "--offline", "--no-index", "--python", ".venv")
    run(UV, *words, *wheels.glob("*.whl"), cwd=tmp_path)
    (tmp_path / "top.txt").write_text("top\n")
    found = compare(tmp_path / ".venv", tmp_path / "top.txt")
    both = {("top", "odd"), ("top", "low")}
    assert found == Verdicts(set(), both, both, set(), {"top"})
