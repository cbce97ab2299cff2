"""Edits of sources: `stale` is what makes pip-compile and uv change the compiled file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, make_environment, reqdrift, run

UV = SCRIPTS / "uv"
SOURCES = {
    "requirements.in": "# what we need\nlantern\ncompass>=0.9\nbag\n-r base.in\n-c limits.txt\n",
    "base.in": "kite~=1.0  # the old one\n",
    "limits.txt": "compass<3\nstraps<9\n",
    "pyproject.toml": """\
[project]
name = "hut"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["lantern", "compass>=0.9", "kite~=1.0"]

[project.optional-dependencies]
sea = ["bag"]
land = ["awning"]

[dependency-groups]
dev = ["bag", {include-group = "Old_Tools"}]
old-tools = ["kite~=1.0"]
docs = []
""",
    "sub/pyproject.toml": '[dependency-groups]\ndev = ["compass<3"]\n',
}


class Edit(NamedTuple):
    """A change of a source; `found` is whether it can be known offline that it matters."""

    file: str
    old: str
    new: str
    found: bool
    changes: bool | None = None  # whether the tools change the file, if not as `found` says

    def __str__(self) -> str:
        return f"{self.file}: {self.old!r} -> {self.new!r}".replace("\n", "|")


REQUIREMENTS = "requirements.in"
EDITS = (
    # Something new.
    Edit(REQUIREMENTS, "bag\n", "bag\nawning\n", True),
    Edit(REQUIREMENTS, "bag\n", "bag\nAwning>=1\n", True),
    Edit(REQUIREMENTS, "bag\n", "bag\nawning==1.0\n", True),
    Edit(REQUIREMENTS, "bag\n", "bag\nawning ; python_version >= '3.8'\n", True),
    Edit(REQUIREMENTS, "bag\n", "bag\nawning ; python_version < '3.8'\n", False),
    Edit(REQUIREMENTS, "bag\n", "bag\nawning ; sys_platform == 'win32'\n", False),
    Edit("base.in", "kite~=1.0", "kite~=1.0\nawning", True),
    Edit(REQUIREMENTS, "bag\n", "bag\nwick\n", False),  # a dependency is listed already
    Edit(REQUIREMENTS, "bag\n", "bag\nsetuptools\n", False),  # unsafe, for pip-compile
    # Other versions.
    Edit(REQUIREMENTS, "lantern\n", "lantern<2\n", True),
    Edit(REQUIREMENTS, "lantern\n", "lantern==1.0\n", True),
    Edit(REQUIREMENTS, "lantern\n", "lantern!=2.0\n", True),
    Edit(REQUIREMENTS, "lantern\n", "lantern>=1,<2\n", True),
    Edit(REQUIREMENTS, "lantern\n", "lantern==1.*\n", True),
    Edit(REQUIREMENTS, "lantern\n", "lantern===1.0\n", True),
    Edit(REQUIREMENTS, "lantern\n", "lantern>=2\n", False),
    Edit(REQUIREMENTS, "lantern\n", "lantern==2.0\n", False),
    Edit(REQUIREMENTS, "lantern\n", "Lantern == 2\n", False),
    Edit(REQUIREMENTS, "lantern\n", "lantern~=2.0\n", False),
    Edit(REQUIREMENTS, "compass>=0.9", "compass<1", True),
    Edit(REQUIREMENTS, "compass>=0.9", "compass", False),
    Edit(REQUIREMENTS, "compass>=0.9", "compass>=0.9,<2", False),
    Edit("base.in", "kite~=1.0", "kite>=1", False),  # the old pin is kept
    Edit("base.in", "kite~=1.0", "kite~=2.0", True),
    Edit("base.in", "kite~=1.0", "kite>1.1", True),
    # Limits.
    Edit("limits.txt", "compass<3", "compass<1", True),
    Edit("limits.txt", "compass<3", "compass==0.9", True),
    Edit("limits.txt", "compass<3", "compass<2", False),
    Edit("limits.txt", "compass<3", "compass<3\nawning<1", False),
    Edit("limits.txt", "compass<3", "compass<3\nwick<1.0", True),
    # Only names and versions are compared.
    Edit(REQUIREMENTS, "bag\n", "bag[straps]\n", False, True),
    Edit(REQUIREMENTS, "bag\n", "", False, True),
    Edit(REQUIREMENTS, "-c limits.txt\n", "", False),
    # Nothing.
    Edit(REQUIREMENTS, "# what we need\n", "", False),
    Edit(REQUIREMENTS, "lantern\ncompass>=0.9\n", "compass>=0.9\n\nLANTERN\n", False),
    Edit("base.in", "  # the old one", "", False),
)
PROJECT_EDITS = (
    Edit("pyproject.toml", '"lantern"', '"lantern", "straps"', True),
    Edit("pyproject.toml", '"lantern"', '"lantern<2"', True),
    Edit("pyproject.toml", '"lantern"', '"lantern>=2"', False),
    Edit("pyproject.toml", '["bag"]', '["bag", "straps"]', True),
    Edit("pyproject.toml", '["bag"]', '["hut[land]", "bag"]', True),
    Edit("pyproject.toml", '["awning"]', '["awning", "straps"]', False),
    Edit("pyproject.toml", '"1.0"\nrequires', '"2.0"\nrequires', False),
)
GROUP_EDITS = (
    Edit("pyproject.toml", 'dev = ["bag"', 'dev = ["bag", "straps"', True),
    Edit("pyproject.toml", '= ["kite~=1.0"]', '= ["kite~=2.0"]', True),
    Edit("pyproject.toml", "docs = []", 'docs = ["straps"]', False),
    Edit("pyproject.toml", '"lantern"', '"lantern", "straps"', False),
    Edit("sub/pyproject.toml", '"compass<3"', '"compass<1"', True),
    Edit("sub/pyproject.toml", '"compass<3"', '"compass<2"', False),
)


@pytest.fixture(scope="module")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels") / "house"
    for name, version, *headers in (
        ("lantern", "1.0"),
        ("lantern", "2.0", "Requires-Dist: wick"),
        *(("compass", "0.9"), ("compass", "1.0"), ("kite", "1.0"), ("kite", "1.1")),
        *(("kite", "2.0"), ("awning", "1.0"), ("straps", "1.0"), ("wick", "0.9")),
        *(("wick", "1.0"), ("setuptools", "65.0")),
        ("bag", "1.0", "Provides-Extra: straps", 'Requires-Dist: straps; extra == "straps"'),
    ):
        make_wheel(folder, name, version, *headers)
    return folder


class Compiler(NamedTuple):
    """How a tool compiles, without an index."""

    command: tuple[str | Path, ...]
    wheelhouse: Path

    def compile(self, folder: Path, *what: str) -> None:
        links = ("--no-index", "--find-links", self.wheelhouse)
        run(
            *self.command, *links, *what, cwd=folder, env=clean_environ(PIP_CONFIG_FILE="/dev/null")
        )


@pytest.fixture(scope="module")
def uv(wheelhouse: Path) -> Compiler:
    return Compiler((UV, "pip", "compile", "--quiet", "--python-version", "3.11"), wheelhouse)


@pytest.fixture(scope="module")
def pip_compile(wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Compiler:
    folder = tmp_path_factory.mktemp("tool")
    run(UV, "venv", "--quiet", "--python", SCRIPTS / "python", "venv", cwd=folder)
    run(UV, "pip", "install", "--quiet", "--python", "venv", "pip-tools", cwd=folder)
    return Compiler((folder / "venv/bin/pip-compile", "--quiet", "--strip-extras"), wheelhouse)


class Compiled(NamedTuple):
    folder: Path
    compiler: Compiler
    what: tuple[str, ...]

    def lines(self) -> list[str]:
        """What is required, without comments."""
        text = (self.folder / "requirements.txt").read_text()
        return [line for line in text.splitlines() if line and line.lstrip()[0] not in "#-"]

    def judge(self, edit: Edit) -> None:
        """Hold what is found against what the compiler changes."""
        assert stale_lines(self.folder) == []
        path = self.folder / edit.file
        text = path.read_text()
        assert edit.old in text
        path.write_text(text.replace(edit.old, edit.new, 1))
        found, before = stale_lines(self.folder), self.lines()
        self.compiler.compile(self.folder, *self.what)
        assert (bool(found), self.lines() != before) == (
            edit.found,
            edit.found if edit.changes is None else edit.changes,
        )
        assert all(file == edit.file for file, _ in found)
        assert stale_lines(self.folder) == []


def stale_lines(folder: Path) -> list[tuple[str, str]]:
    done = reqdrift("--format", "json", cwd=folder)
    document = json.loads(done.stdout)
    return [(f["file"], f["project"]) for f in document["findings"] if f["kind"] == "stale"]


def compiled(folder: Path, compiler: Compiler, *what: str) -> Compiled:
    for name, text in SOURCES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    make_environment(folder / ".venv")
    compiler.compile(folder, *what)
    return Compiled(folder, compiler, what)


@pytest.mark.long  # every edit is compiled
@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_uv(edit: Edit, uv: Compiler, project: Path) -> None:
    if "setuptools" in edit.new:
        edit = edit._replace(found=True)
    compiled(project, uv, "requirements.in", "-o", "requirements.txt").judge(edit)


@pytest.mark.parametrize("edit", PROJECT_EDITS, ids=str)
def test_uv_with_a_project(edit: Edit, uv: Compiler, project: Path) -> None:
    what = ("pyproject.toml", "--extra", "sea", "-o", "requirements.txt")
    compiled(project, uv, *what).judge(edit)


@pytest.mark.parametrize("edit", GROUP_EDITS, ids=str)
def test_uv_with_groups(edit: Edit, uv: Compiler, project: Path) -> None:
    groups = ("--group", "dev", "--group", "sub/pyproject.toml:dev")
    compiled(project, uv, *groups, "-o", "requirements.txt").judge(edit)


@pytest.mark.parametrize("group", ["docs", "pyproject.toml:dev"])
def test_a_project_of_uv_with_a_group(group: str, uv: Compiler, project: Path) -> None:
    what = ("pyproject.toml", "--group", group, "-o", "requirements.txt")
    edit = Edit("pyproject.toml", 'dev = ["bag"', 'dev = ["bag", "straps"', "dev" in group)
    compiled(project, uv, *what).judge(edit)


@pytest.mark.long  # pip-tools is downloaded
@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_pip_compile(edit: Edit, pip_compile: Compiler, project: Path) -> None:
    compiled(project, pip_compile, "-o", "requirements.txt", "requirements.in").judge(edit)
