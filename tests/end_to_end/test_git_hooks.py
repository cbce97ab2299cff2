"""Plain git hooks, which are given the variables of the repository that is being committed to.

A file of another repository (a submodule's from the superproject's hook, and the reverse) has an
index of its own, wherever `GIT_INDEX_FILE` leads.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support import SCRIPTS, clean_environ, make_environment, run_git

# The contents that stand in the superproject stand in the submodule too, so that its blobs can be
# read from the wrong index without an error.
HEAD, STAGED, ON_DISK = "foo==1.0\n", "foo==2.0\n", "foo==3.0\n"

# How a commit is made, and what git then says of the index: relative, absolute, a temporary one.
COMMITS = {"add": (), "all": ("--all",), "file": ("notes.txt",)}


def write_hook(folder: Path, *commands: str) -> None:
    """A pre-commit hook that writes what each command prints beside the top folder."""
    folder.mkdir(exist_ok=True)
    lines = [
        f"{SCRIPTS}/reqdrift {command} > ../said.{number} 2> ../errors.{number}"
        for number, command in enumerate(commands)
    ]
    hook = folder / "pre-commit"
    hook.write_text("\n".join(["#!/bin/sh", *lines, "exit 0", ""]))
    hook.chmod(0o755)


def said(folder: Path, number: int = 0) -> dict[str, Any]:
    """The JSON that a command of the hook printed."""
    document: dict[str, Any] = json.loads((folder.parent / f"said.{number}").read_text())
    return document


def change_and_commit(folder: Path, *words: str, **variables: str) -> None:
    notes = folder / "notes.txt"
    notes.write_text(f"{notes.read_text() if notes.exists() else ''}more\n")
    env = clean_environ(**variables)
    run_git("add", "notes.txt", cwd=folder, env=env)
    run_git("commit", "-q", "-m", "a change", *words, cwd=folder, env=env)


@pytest.fixture
def superproject(project: Path) -> Path:
    """HEAD's text is committed here; the submodule has another text in each of its three places."""
    (project / ".git").rmdir()
    library = project.parent / "library"
    library.mkdir()
    for folder in (library, project):
        run_git("init", "-q", "-b", "main", cwd=folder)
        (folder / "requirements.txt").write_text(HEAD)
        run_git("add", ".", cwd=folder)
        run_git("commit", "-q", "-m", "first", cwd=folder)
    allowed = ("-c", "protocol.file.allow=always")
    run_git(*allowed, "submodule", "--quiet", "add", library, "sub", cwd=project)
    run_git("config", "submodule.sub.ignore", "all", cwd=project)
    run_git("commit", "-q", "-m", "a submodule", cwd=project)
    (project / "sub" / "requirements.txt").write_text(STAGED)
    run_git("add", "requirements.txt", cwd=project / "sub")
    (project / "sub" / "requirements.txt").write_text(ON_DISK)
    make_environment(project.parent / "env", "foo-2.0")
    return project


CHECK = "check --format json --python ../env --staged"


@pytest.mark.parametrize("words", COMMITS.values(), ids=COMMITS)
def test_a_submodules_file_from_the_superprojects_hook(
    superproject: Path, words: tuple[str, ...]
) -> None:
    write_hook(
        superproject / ".git" / "hooks",
        f"{CHECK} sub/requirements.txt",
        f"{CHECK} requirements.txt",
    )
    change_and_commit(superproject, *words)
    sub, own = said(superproject, 0), said(superproject, 1)
    assert (sub["errors"], sub["findings"]) == ([], [])
    assert (own["errors"], [f["wanted"] for f in own["findings"]]) == ([], ["foo==1.0"])


@pytest.mark.parametrize("words", COMMITS.values(), ids=COMMITS)
def test_the_superprojects_file_from_the_submodules_hook(
    superproject: Path, words: tuple[str, ...]
) -> None:
    sub = superproject / "sub"
    check = CHECK.replace("../env", "../../env")
    write_hook(
        superproject / ".git" / "modules" / "sub" / "hooks",
        f"{check} ../requirements.txt",
        f"{check} requirements.txt",
    )
    change_and_commit(sub, *words)
    above, own = said(sub, 0), said(sub, 1)
    assert [f["wanted"] for f in above["findings"]] == ["foo==1.0"]
    # `--all` stages what is on disk, and `commit FILE` leaves out what is staged.
    wanted = {(): [], ("--all",): ["foo==3.0"], ("notes.txt",): ["foo==1.0"]}[words]
    assert (own["errors"], [f["wanted"] for f in own["findings"]]) == ([], wanted)


@pytest.mark.parametrize("name", ["other.index", ".git/other.index", "{}/other.index"])
def test_an_index_that_the_user_chose(superproject: Path, name: str) -> None:
    index = name.format(superproject.parent)
    write_hook(
        superproject / ".git" / "hooks",
        f"{CHECK} sub/requirements.txt",
        f"{CHECK} requirements.txt",
    )
    (superproject / "requirements.txt").write_text(STAGED)
    env = clean_environ(GIT_INDEX_FILE=index)
    run_git("read-tree", "HEAD", cwd=superproject, env=env)
    run_git("add", "requirements.txt", cwd=superproject, env=env)
    change_and_commit(superproject, GIT_INDEX_FILE=index)
    for number in (0, 1):
        document = said(superproject, number)
        assert (document["errors"], document["findings"]) == ([], [])
