"""`reqdrift remind` in git hooks that no pre-commit manages, as docs/hooks.md writes them."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hooks import BARE_PATH, Virtualenv

from support import REPOSITORY, SCRIPTS, clean_environ, run, run_git

SENTENCE = "1 package to install: {} plan | sh"
PATH = os.pathsep.join([str(SCRIPTS), BARE_PATH])


class Clone:
    """A clone whose environment fits its file, and whose upstream asks for another version."""

    def __init__(self, folder: Path) -> None:
        self.upstream, self.folder = folder / "upstream", folder / "clone"
        self.upstream.mkdir()
        run_git("init", "-q", "-b", "main", cwd=self.upstream)
        (self.upstream / ".gitignore").write_text(".venv\n")
        self.bump("1.16.0")
        run_git("clone", "-q", "upstream", "clone", cwd=folder)
        run_git("config", "user.name", "Nobody", cwd=self.folder)
        run_git("config", "user.email", "nobody@example.org", cwd=self.folder)
        self.environment = Virtualenv(self.folder / ".venv", "six-1.16.0")

    def bump(self, version: str) -> None:
        (self.upstream / "requirements.txt").write_text(f"six=={version}\n")
        run_git("add", ".", cwd=self.upstream)
        run_git("commit", "-q", "-m", f"six {version}", cwd=self.upstream)

    def git(self, *words: str, path: str = PATH) -> str:
        done: CompletedProcess[str] = run(
            "git", *words, cwd=self.folder, env=clean_environ(PATH=path), check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def assert_reminds(self, path: str = PATH, program: str = "reqdrift") -> None:
        sentence = SENTENCE.format(program)
        assert "to install" not in self.git("checkout", "-q", "-b", "other", path=path)
        self.bump("1.17.0")
        assert self.git("pull", "-q", "origin", "main", path=path).count(sentence) == 1
        assert "to install" not in self.git("checkout", "-q", "main", path=path)
        assert self.git("checkout", "-q", "other", path=path).count(sentence) == 1
        assert "to install" not in self.git("checkout", "HEAD~1", "--", ".gitignore", path=path)
        (self.folder / "notes.txt").write_text("ours\n")
        self.git("add", "notes.txt", path=path)
        self.git("commit", "-qm", "ours", path=path)
        self.bump("1.18.0")
        assert sentence in self.git("pull", "-q", "--rebase", "origin", "main", path=path)
        shutil.rmtree(self.folder / ".venv")
        printed = self.git("checkout", "-q", "main", path=path)
        assert "no environment found" in printed


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def documented(language: str, of: str) -> str:
    """The block of docs/hooks.md that has a text."""
    page = (REPOSITORY / "docs" / "hooks.md").read_text()
    blocks = re.findall(rf"^```{language}\n(.*?)^```", page, re.M | re.S)
    (block,) = (block for block in blocks if of in block)
    return str(block)


def test_plain_git_hooks(clone: Clone) -> None:
    run("bash", "-ec", documented("bash", ".git/hooks"), cwd=clone.folder)
    clone.assert_reminds()


def test_husky(clone: Clone) -> None:
    program = shutil.which("husky") or pytest.skip("needs husky")
    (clone.folder / "package.json").write_text("{}")
    path = os.pathsep.join([PATH, os.path.dirname(shutil.which("node") or "")])
    run(program, cwd=clone.folder, env=clean_environ(PATH=path))
    run("bash", "-ec", documented("bash", ".husky"), cwd=clone.folder)
    clone.assert_reminds(path)


def test_lefthook(clone: Clone) -> None:
    program = shutil.which("lefthook") or pytest.skip("needs lefthook")
    path = os.pathsep.join(
        [PATH, os.path.dirname(program), os.path.dirname(shutil.which("node") or "")]
    )
    (clone.folder / "lefthook.yml").write_text(documented("yaml", "{1}"))
    run(program, "install", cwd=clone.folder, env=clean_environ(PATH=path))
    clone.assert_reminds(path)


def test_what_init_writes_reminds_and_needs_no_path(clone: Clone) -> None:
    # Of the project: a hook must not run it.
    (clone.folder / "reqdrift.py").write_text("raise SystemExit('of the project')\n")
    run(SCRIPTS / "reqdrift", "init", "--write", cwd=clone.folder, env=clean_environ(PATH=PATH))
    clone.assert_reminds(BARE_PATH, str(SCRIPTS / "reqdrift"))
