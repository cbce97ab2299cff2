"""States of a repository, and of its disk, that change nothing."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from support import SCRIPTS, in_own_mounts, make_environment, reqdrift, run, run_git


@pytest.fixture
def repository(project: Path) -> Path:
    """HEAD and the index say what is installed; two commits, and a folder beside."""
    (project / ".git").rmdir()
    run_git("init", "-q", "-b", "main", cwd=project)
    (project / ".gitignore").write_text(".venv/\n")
    (project / "docs").mkdir()
    (project / "docs" / "notes.txt").write_text("notes\n")
    for text in ("foo==0.9\n", "-r docs/base.txt\n"):
        (project / "requirements.txt").write_text(text)
        (project / "docs" / "base.txt").write_text("foo==1.0\n")
        run_git("add", ".", cwd=project)
        run_git("commit", "-qm", text, cwd=project)
    make_environment(project / ".venv", "foo-1.0")
    return project


def split_index(folder: Path) -> Path:
    run_git("update-index", "--split-index", cwd=folder)
    return folder


def marked_files(folder: Path) -> Path:
    run_git("update-index", "--skip-worktree", "requirements.txt", cwd=folder)
    run_git("update-index", "--assume-unchanged", "docs/base.txt", cwd=folder)
    return folder


def packed(folder: Path) -> Path:
    run_git("pack-refs", "--all", cwd=folder)
    run_git("gc", "-q", cwd=folder)
    return folder


def detached(folder: Path) -> Path:
    run_git("checkout", "-q", "--detach", cwd=folder)
    return folder


def bisecting(folder: Path) -> Path:
    run_git("bisect", "start", "HEAD", "HEAD~1", cwd=folder)
    return folder


def rebasing(folder: Path) -> Path:
    done = ("-c", "sequence.editor=sed -i 1s/^pick/edit/")
    run_git(*done, "rebase", "-q", "-i", "--root", cwd=folder)
    run_git("checkout", "-q", "main", "--", ".", cwd=folder)
    run_git("commit", "-qm", "all at once", cwd=folder)
    return folder


def sparse_index(folder: Path) -> Path:
    run_git("sparse-checkout", "set", "--sparse-index", "docs", cwd=folder)
    return folder


def stash(folder: Path) -> Path:
    (folder / "requirements.txt").write_text("bar\n")
    run_git("stash", "-q", cwd=folder)
    return folder


def clone(*words: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        other = folder.with_name("clone")
        run_git("clone", "-q", *words, folder.as_uri(), other, cwd=folder)
        shutil.copytree(folder / ".venv", other / ".venv", symlinks=True)
        return other

    return make


def bare_with_worktree(folder: Path) -> Path:
    bare = folder.with_name("bare.git")
    run_git("clone", "-q", "--bare", folder, bare, cwd=folder)
    run_git("worktree", "add", "-q", folder.with_name("tree"), "main", cwd=bare)
    shutil.copytree(folder / ".venv", folder.with_name("tree") / ".venv", symlinks=True)
    return folder.with_name("tree")


def of_sha256(folder: Path) -> Path:
    shutil.rmtree(folder / ".git")
    run_git("init", "-q", "-b", "main", "--object-format=sha256", cwd=folder)
    run_git("add", ".", cwd=folder)
    run_git("commit", "-qm", "all", cwd=folder)
    return folder


STATES = {
    **{make.__name__: make for make in (split_index, marked_files, packed, detached, bisecting)},
    **{make.__name__: make for make in (rebasing, sparse_index, stash, bare_with_worktree)},
    "of_sha256": of_sha256,
    "shallow": clone("--depth=1"),
    "partial": clone("--filter=blob:none"),
    "shared": clone("--shared"),
    "cloned sparse": clone("--sparse"),
}


@pytest.mark.parametrize("state", STATES)
def test_a_repository(repository: Path, state: str) -> None:
    folder = STATES[state](repository)
    before = run_git("status", "--porcelain", cwd=folder)
    for words in ((), ("--staged",), ("--rev", "HEAD")):
        done = reqdrift(*words, cwd=folder)
        if state == "cloned sparse" and not words:
            assert "docs/base.txt' cannot be read: no such file" in done.stdout + done.stderr
        else:
            assert (done.returncode, done.stderr) == (0, ""), (words, done.stdout)
    assert run_git("status", "--porcelain", cwd=folder) == before


def test_a_partial_clone(repository: Path, tmp_path: Path) -> None:
    """Nothing is downloaded, and the error says what was not and how to."""
    for key in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        run_git("config", key, "true", cwd=repository)
    clone, word = tmp_path / "clone", "--filter=blob:none"
    run_git("clone", "-q", word, repository.as_uri(), clone, cwd=tmp_path)
    where = ("--rev", "HEAD~1", "--python", repository / ".venv")
    done = reqdrift(*where, cwd=clone)
    assert done.returncode == 2
    what = "is not in this partial clone; to download it: git show 'HEAD~1:requirements.txt'"
    assert f"requirements.txt: error: {what}" in done.stdout
    done = reqdrift("diff", *where, cwd=clone)
    assert (done.returncode, "(new)" in done.stderr) == (2, False)
    run_git("show", "HEAD~1:requirements.txt", cwd=clone)
    assert reqdrift(*where, cwd=clone).returncode == 1


def test_a_read_only_disk(repository: Path) -> None:
    """Reading writes nothing, and what would write says why it does not."""
    (repository / "requirements.txt").write_text("foo==2.0\n")
    commands = (
        "check",
        "diff",
        "plan",
        "why foo",
        "freeze",
        "env",
        "inspect",
        "verify --exit-zero",
    )
    writable = [reqdrift(*words.split(), cwd=repository) for words in commands]
    for words, before in zip(commands, writable, strict=True):
        place = shlex.quote(str(repository))
        script = f"mount --bind {place} {place}; mount -o remount,bind,ro {place}; cd {place}; "
        script += f"{shlex.quote(str(SCRIPTS / 'reqdrift'))} {words}"
        done = run(*in_own_mounts(script), cwd=repository, check=False)
        assert (done.returncode, done.stdout) == (before.returncode, before.stdout), words
    done = run(*in_own_mounts(script.replace(words, "fix")), cwd=repository, check=False)
    assert done.returncode == 2
    assert "requirements.txt cannot be written: " in done.stderr
