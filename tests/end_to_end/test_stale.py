"""Edits of sources: `stale` is what makes pip-compile and uv change the compiled file.

In edits.json, an edit is a file, a text in it, what replaces that, whether it can be known offline
that the edit matters, and whether the tools change the file, if not so. Exports begin with options.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, make_environment, reqdrift, run

UV = SCRIPTS / "uv"
EDITS: dict[str, list[Any]] = json.loads(Path(__file__).with_name("edits.json").read_text())
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
RELEASES: tuple[tuple[str, ...], ...] = (
    ("lantern", "1.0"),
    ("lantern", "2.0", "Requires-Dist: wick"),
    *(("compass", "0.9"), ("compass", "1.0"), ("kite", "1.0"), ("kite", "1.1"), ("kite", "2.0")),
    *(("awning", "1.0"), ("straps", "1.0"), ("wick", "0.9"), ("wick", "1.0")),
    ("setuptools", "65.0"),
    ("bag", "1.0", "Provides-Extra: straps", 'Requires-Dist: straps; extra == "straps"'),
)
Compile = Callable[[Path, tuple[str | Path, ...]], None]


@pytest.fixture(scope="module")
def compile_in(tmp_path_factory: pytest.TempPathFactory) -> Compile:
    """Compile in a folder with the sources; the first result of a command is made once."""
    root = tmp_path_factory.mktemp("wheels")
    for release in RELEASES:
        make_wheel(root / "house", *release)
    links = ("--no-index", "--find-links", root / "house")
    made: dict[tuple[str | Path, ...], Path] = {}

    def compile_in(folder: Path, command: tuple[str | Path, ...]) -> None:
        env = clean_environ(PIP_CONFIG_FILE="/dev/null", UV_CACHE_DIR=str(root / "cache"))
        env["UV_PROJECT_ENVIRONMENT"] = str(root / "none")  # `.venv` is fabricated
        is_first = not (folder / "base.in").exists()
        for name, text in SOURCES.items() if is_first else ():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        if is_first and command in made:
            shutil.copytree(made[command], folder, dirs_exist_ok=True)
            return
        run(*command, *links, cwd=folder, env=env)
        if is_first:
            copy = root / f"made{len(made)}"
            made[command] = Path(shutil.copytree(folder, copy, symlinks=True))

    return compile_in


@pytest.fixture(scope="module")
def pip_compile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tool")
    run(UV, "venv", "--quiet", "--python", SCRIPTS / "python", "venv", cwd=folder)
    run(UV, "pip", "install", "--quiet", "--python", "venv", "pip-tools", cwd=folder)
    return folder / "venv/bin/pip-compile"


def judge(folder: Path, compile_in: Compile, command: tuple[str | Path, ...], edit: Any) -> None:
    """Hold what is found against what the compiler changes."""
    file, old, new, is_found, *rest = edit
    output = str(command[-1])

    def stale_in() -> set[str]:
        document = json.loads(reqdrift(output, "--format", "json", cwd=folder).stdout)
        return {f["file"] for f in document["findings"] if f["kind"] == "stale"}

    def required() -> list[str]:
        lines = (folder / output).read_text().splitlines()
        return [line for line in lines if line and line.lstrip()[:1] not in "#-"]

    make_environment(folder / ".venv")
    compile_in(folder, command)
    assert stale_in() == set()
    text, before = (folder / file).read_text(), required()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    assert stale_in() == ({file} if is_found else set())
    compile_in(folder, command)
    assert (required() != before) == (rest[0] if rest else is_found)
    assert stale_in() == set()


UV_COMPILE = (UV, "pip", "compile", "--quiet", "--python-version", "3.11")


@pytest.mark.long  # every edit is compiled
@pytest.mark.parametrize("edit", EDITS["requirements.in"], ids=str)
def test_uv(edit: Any, compile_in: Compile, project: Path) -> None:
    if "setuptools" in edit[2]:
        edit = [*edit[:3], True]
    command = (*UV_COMPILE, "requirements.in", "-o", "requirements.txt")
    judge(project, compile_in, command, edit)


@pytest.mark.long  # pip-tools is downloaded
@pytest.mark.parametrize("edit", EDITS["requirements.in"], ids=str)
def test_pip_compile(edit: Any, compile_in: Compile, pip_compile: Path, project: Path) -> None:
    command = (
        pip_compile,
        "--quiet",
        "--strip-extras",
        "requirements.in",
        "-o",
        "requirements.txt",
    )
    judge(project, compile_in, command, edit)


@pytest.mark.parametrize("edit", EDITS["project"], ids=str)
def test_uv_with_a_project(edit: Any, compile_in: Compile, project: Path) -> None:
    what = ("pyproject.toml", "--extra", "sea", "-o", "requirements.txt")
    judge(project, compile_in, (*UV_COMPILE, *what), edit)


@pytest.mark.parametrize("edit", EDITS["groups"], ids=str)
def test_uv_with_groups(edit: Any, compile_in: Compile, project: Path) -> None:
    groups = ("--group", "dev", "--group", "sub/pyproject.toml:dev")
    judge(project, compile_in, (*UV_COMPILE, *groups, "-o", "requirements.txt"), edit)


@pytest.mark.long  # every edit is exported
@pytest.mark.parametrize("file", ["requirements.txt", "pylock.toml"])
@pytest.mark.parametrize("edit", EDITS["exports"], ids=str)
def test_an_export_of_uv(edit: Any, file: str, compile_in: Compile, project: Path) -> None:
    export = (UV, "export", "--quiet", "--no-emit-project", *edit[0], "-o", file)
    judge(project, compile_in, export, ["pyproject.toml", *edit[1:]])
