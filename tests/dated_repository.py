"""A project in git, whose commits and installs happen at times of the test's choosing."""

from __future__ import annotations

import os
from pathlib import Path

import reqdrift
from reqdrift.repository.dates import older_lines
from support import add_distribution, clean_environ, make_environment, run_git

MINUTE, HOUR, DAY = 60, 3600, 86400
NOW = 1_800_000_000
COMMIT_LENGTH = 7


class DatedRepository:
    """A project in git, whose commits and installs happen so many seconds ago."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "requirements.txt"
        self.site = make_environment(folder / ".venv")
        (folder / ".gitignore").write_text(".venv\n")
        run_git("init", "-q", "-b", "main", cwd=folder)

    def git(self, *words: str | Path, ago: float = 0) -> str:
        date = f"@{int(NOW - ago)} +0000"
        env = clean_environ(GIT_COMMITTER_DATE=date, GIT_AUTHOR_DATE=date)
        return run_git(*words, cwd=self.folder, env=env)

    def commit(self, text: str, ago: float, message: str = "a change", name: str = "") -> str:
        """Commit the requirements file; the commit's short id."""
        (self.folder / (name or self.file.name)).write_text(text)
        self.touch(self.folder / (name or self.file.name), ago)
        self.git("add", ".", ago=ago)
        self.git("commit", "-q", "-m", message, ago=ago)
        return self.git("rev-parse", "HEAD")[:COMMIT_LENGTH]

    def install(self, release: str, ago: float, installer: str = "pip") -> Path:
        info = add_distribution(self.site, release, installer=installer)
        self.touch(info / "RECORD", ago)
        return info

    @staticmethod
    def touch(path: Path, ago: float) -> None:
        os.utime(path, (NOW - ago, NOW - ago))

    def older(self) -> set[int]:
        """The lines with findings that are known to be older than the installation."""
        report = reqdrift.check()
        assert report.environment
        return {line for _, line in older_lines(report, report.environment)}
