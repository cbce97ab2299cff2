"""The name of a project, as its own files say it."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from reqdrift.repository.projects import folders_of, may_be_named, project_name
from reqdrift.standards import canonical_name
from reqdrift.values import CanonicalName
from support import run

PYPROJECT, CFG, SETUP, INFO = (
    *("pyproject.toml", "setup.cfg", "setup.py"),
    "kite.egg-info/PKG-INFO",
)


def write(folder: Path, files: dict[str, str]) -> str:
    """The name that some files give."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return project_name(str(folder))


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({PYPROJECT: '[project]\nname = "Big.Kite"\n'}, "Big.Kite"),
        ({PYPROJECT: '[tool.poetry]\nname = "kite"\n'}, "kite"),
        ({PYPROJECT: "[project]\nname = 3\n[tool]\npoetry = []\n"}, ""),
        ({PYPROJECT: "[project\n"}, ""),
        ({PYPROJECT: '[project]\nname = "kite"\n<<<<<<< HEAD\n'}, ""),
        ({PYPROJECT: '[project]\nname = "kite"\n[tool.x]\n<<<<<<< HEAD\n'}, "kite"),
        ({PYPROJECT: "[build-system]\n", CFG: "[metadata]\nname = kite\n"}, "kite"),
        ({CFG: "[metadata]\nname: my kite\n"}, "my-kite"),
        ({CFG: "[metadata]\nversion = %d\n[x]\n"}, ""),
        ({CFG: "name = kite\n"}, ""),
        ({CFG: "[metadata]\nname = \u00e9\n"}, ""),
        ({SETUP: "from setuptools import setup\nsetup(name='my_kite')"}, "my-kite"),
        ({SETUP: "import setuptools as s\ns.setup(version='1', name=u'kite')"}, "kite"),
        ({SETUP: "setup(name='ki'\n 'te')"}, "kite"),
        ({SETUP: "setup(name='Big K\u00efte')"}, "Big-K-te"),
        ({SETUP: "NAME = 'kite'\nif True:\n    setup(name=NAME)"}, "kite"),
        ({SETUP: "NAME = 'kite'\nNAME = 'rope'\nsetup(name=NAME)"}, ""),
        ({SETUP: "NAME = read()\nsetup(name=NAME)"}, ""),
        ({SETUP: "setup(name=NAME)"}, ""),
        ({SETUP: "setup(name='ki' + 'te')"}, ""),
        ({SETUP: "setup(name=3)\nsetup(**options)"}, ""),
        ({SETUP: "setup(name='kite')\nsetup(name='rope')"}, ""),
        ({SETUP: "other(name='kite')"}, ""),
        ({SETUP: "print 'Python 2'\nsetup(name='kite')"}, ""),
        ({SETUP: "'\\d'\n1 is 1\nsetup(name='kite')"}, "kite"),
        ({SETUP: "# coding: latin-1\nsetup(name='kite')"}, "kite"),
        ({SETUP: "setup(name='kite')", CFG: "[metadata]\nname = rope\n"}, "rope"),
        ({SETUP: "setup(name=read())", INFO: "Name: kite\nVersion: 1\n"}, "kite"),
        ({SETUP: "setup(name='new')", INFO: "Name: kite\n"}, "new"),
        ({"src/x.egg-info/PKG-INFO": "Metadata-Version: 1.0\nName: kite\n\nName: x\n"}, "kite"),
        ({INFO: "Name: kite\n", "src/rope.egg-info/PKG-INFO": "Name: rope\n"}, ""),
        ({INFO: "Version: 1\n"}, ""),
        ({"kite.egg-info": "Name: kite\n"}, ""),
        ({}, ""),
    ],
)
def test_project_name(files: dict[str, str], name: str, tmp_path: Path) -> None:
    assert write(tmp_path, files) == name
    assert not name or may_be_named(str(tmp_path), {canonical_name(name)})


@pytest.mark.parametrize(
    "setup",
    [
        *("(" * 200_000, "-" * 200_000 + "1", "1" + "+1" * 90_000, "x" + "[0]" * 60_000),
        *("f(" * 90_000, "a" + ".b" * 90_000, "\0", "\ufeff\ufeff", "if 1:\n" + " x=1\n" * 40_000),
        *(
            "not " * 60_000 + "1",
            "lambda:" * 30_000 + "1",
            "[" * 90_000 + "]" * 90_000,
            "1" * 200_000,
        ),
        # Above what is read.
        "x = [" + "1, " * 5_000_000 + "]",
    ],
    ids=range(14),
)
def test_a_hostile_setup_py_costs_little(setup: str, tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text(setup)
    code = (
        "from reqdrift.repository.projects import project_name;"
        f" print([project_name({str(tmp_path)!r})])"
    )
    limited = ("bash", "-c", 'ulimit -v 1000000; exec "$@"', "bash", sys.executable)
    assert run("timeout", "20", *limited, "-c", code, cwd=tmp_path).stdout == "['']\n"


def _make_pipe(path: Path) -> None:
    os.mkfifo(path)


def _make_loop(path: Path) -> None:
    path.symlink_to(path.name)


def _make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(6 << 30)


@pytest.mark.parametrize("make", [_make_pipe, _make_loop, _make_huge, Path.mkdir])
@pytest.mark.parametrize("name", [PYPROJECT, CFG, SETUP, INFO, "kite.egg-info", "src"])
def test_what_is_no_file_to_be_read(
    name: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    make(tmp_path / name)
    assert project_name(str(tmp_path)) == ""


NAMES = frozenset(map(CanonicalName, ("big-kite", "kite", "rope")))


@pytest.mark.parametrize(
    "files",
    [
        {},
        {PYPROJECT: '[project]\nname = "other"\n[tool.x]\nkits = ["rop", "k-it", "x"]\n'},
        {PYPROJECT: "[build-system]\n", CFG: "[metadata]\nname = ki\n", SETUP: "setup('t')"},
    ],
)
def test_a_name_that_the_files_do_not_have(tmp_path: Path, files: dict[str, str]) -> None:
    assert canonical_name(write(tmp_path, files)) not in NAMES
    assert not may_be_named(str(tmp_path), NAMES)


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "Big._Kite"\n',
        "project.name = 'kite'\n",
        'project = {name="ROPE"}\n',
        '[tool.poetry]\nname = """\nrope"""\n',
        '[project]\nname = """\\\n  ro\\\n  pe"""\n',
        '[project]\nname = "\\u006bite"\n',
        '[project]\nname = "\u212aite"\n',
        '[project]\r\nname = "kite"\r\n',
    ],
)
def test_a_name_that_the_files_may_have(tmp_path: Path, text: str) -> None:
    (tmp_path / PYPROJECT).write_text(text)
    assert canonical_name(project_name(str(tmp_path))) in NAMES
    assert may_be_named(str(tmp_path), NAMES)


def test_projects_in_a_folder_and_below_it(tmp_path: Path) -> None:
    names = ("lib", "services/api/kite", "a/b/c/d/e/deep", ".hidden", "env/inside", "other")
    for name in (*names, "node_modules/js", "top"):
        place = tmp_path / name if name != "top" else tmp_path
        place.mkdir(parents=True, exist_ok=True)
        last = Path(name).name.lstrip(".")
        (place / "pyproject.toml").write_text(f"[project]\nname = '{last}'\n")
    (tmp_path / "env/pyvenv.cfg").write_text("")
    asked = {canonical_name(Path(name).name.lstrip(".")) for name in (*names, "js", "top")}
    assert folders_of(str(tmp_path), asked - {"other"}).keys() == {"top", "lib", "kite"}
    assert folders_of(str(tmp_path), set()).keys() == set()
    assert folders_of(str(tmp_path / "missing"), asked).keys() == set()


def test_what_is_near_is_looked_at_first(tmp_path: Path) -> None:
    """A thousand folders of another kind hide no project next to them."""
    for number in range(1_000):
        (tmp_path / "assets" / str(number)).mkdir(parents=True)
    (tmp_path / "kite").mkdir()
    (tmp_path / "kite" / "pyproject.toml").write_text("[project]\nname = 'kite'\n")
    assert folders_of(str(tmp_path), {canonical_name("kite")}).keys() == {"kite"}
