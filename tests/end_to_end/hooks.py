"""What a test of a hook needs: a runner, a user's repository, and environments."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path
from subprocess import CompletedProcess

from support import SCRIPTS, add_distribution, clean_environ, run, run_git

# What the hook's own environment holds.
OWN_PACKAGES = (
    *("packaging", "rich", "pip_api", "pip-api", "stdlibs", "tomlkit", "markdown-it-py"),
    *("markdown_it_py", "mdurl", "pygments", "pre-commit-placeholder-package"),
    *("pre_commit_placeholder_package",),
)

# Programs that a commit needs, and no Python of anyone's.
BARE_PATH = os.pathsep.join([os.path.dirname(shutil.which("git") or ""), "/usr/bin", "/bin"])


OWN_VERSION = ".".join(map(str, sys.version_info[:3]))


class Runner:
    """One of pre-commit and prek, and the hook environment that it has built."""

    def __init__(self, name: str, home: Path, hooks: Path) -> None:
        self.name = name
        self.program = SCRIPTS / name
        self.homes = {"PRE_COMMIT_HOME": str(home), "PREK_HOME": str(home)}
        self.repository = hooks
        self.revision = run_git("rev-parse", "HEAD", cwd=hooks)

    def config(self, *hooks: str) -> str:
        """A .pre-commit-config.yaml; `verbose` shows what a passing hook says."""
        lines = ["repos:", f"- repo: file://{self.repository}", f"  rev: {self.revision}"]
        lines += ["  hooks:", *(f"  - {{{hook}, verbose: true}}" for hook in hooks)]
        return "\n".join([*lines, ""])


class Project:
    """A repository of a user, with the hook installed and one commit made."""

    def __init__(self, folder: Path, runner: Runner, *hooks: str) -> None:
        self.folder = folder
        self.runner = runner
        folder.mkdir(exist_ok=True)
        run_git("init", "-q", cwd=folder)
        run_git("config", "user.name", "Nobody", cwd=folder)
        run_git("config", "user.email", "nobody@example.org", cwd=folder)
        (folder / ".pre-commit-config.yaml").write_text(runner.config(*hooks or ["id: reqdrift"]))
        (folder / ".gitignore").write_text(".venv\n")
        (folder / "requirements.txt").write_text("six==1.16.0\n")
        run_git("add", ".", cwd=folder)
        run_git("commit", "-q", "-m", "first", cwd=folder)
        run(runner.program, "install", cwd=folder, env=clean_environ(**runner.homes))

    def commit(
        self,
        *,
        activate: Path | None = None,
        env: dict[str, str] | None = None,
        folder: Path | None = None,
    ) -> CompletedProcess[str]:
        """Commit a change from a shell, an environment activated in it or not."""
        folder = folder or self.folder
        with (folder / "notes.txt").open("a") as file:
            file.write("a change\n")
        steps = ["git add notes.txt", "git commit -m change"]
        if activate:
            steps.insert(0, f". {shlex.quote(str(activate))}/bin/activate")
        env = env or clean_environ(PATH=BARE_PATH, **self.runner.homes)
        return run("bash", "-c", " && ".join(steps), cwd=folder, env=env, check=False)


class Virtualenv:
    """A virtual environment that python -m venv made, or that is there already."""

    def __init__(self, prefix: Path, *releases: str, python: str = sys.executable) -> None:
        self.prefix = prefix
        if python:
            run(python, "-m", "venv", "--without-pip", prefix, cwd=prefix.parent)
        (self.site,) = prefix.glob("lib/python*/site-packages")
        for release in releases:
            add_distribution(self.site, release)

    @property
    def version(self) -> str:
        """The X.Y.Z of its Python."""
        code = "import platform; print(platform.python_version())"
        return run(self.prefix / "bin" / "python", "-c", code, cwd=self.prefix).stdout.strip()

    def install(self, release: str) -> None:
        """Replace another version of it."""
        self.uninstall(release.partition("-")[0])
        add_distribution(self.site, release)

    def uninstall(self, name: str) -> None:
        """Remove it, if it is there."""
        for old in self.site.glob(f"{name}-*.dist-info"):
            shutil.rmtree(old)


def output(done: CompletedProcess[str]) -> str:
    text = done.stdout + done.stderr
    assert not [name for name in OWN_PACKAGES if name in text.lower()], text
    return text


def assert_drift(
    done: CompletedProcess[str], prefix: str | Path, found_by: str, version: str = OWN_VERSION
) -> None:
    text = output(done)
    assert done.returncode == 1, text
    assert "requirements.txt:1: version: six 1.15.0 is installed" in text
    assert "drift: 1 version; 1 requirement in" in text
    assert_checked(text, prefix, found_by, version)


def assert_clean(
    done: CompletedProcess[str], prefix: str | Path, found_by: str, version: str = OWN_VERSION
) -> None:
    text = output(done)
    assert done.returncode == 0, text
    assert "clean; 1 requirement in" in text
    assert_checked(text, prefix, found_by, version)


def assert_checked(text: str, prefix: str | Path, found_by: str, version: str) -> None:
    is_obvious = found_by == "--python" or f"/{prefix}".endswith(f"/{found_by}")
    found = "" if is_obvious else f", found by {found_by}"
    assert f"1 distribution in {prefix} (Python {version}{found})" in text
