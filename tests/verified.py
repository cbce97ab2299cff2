"""Environments whose files are compared with RECORD."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution, make_environment, record

Captured = pytest.CaptureFixture[str]
FILES = {"lantern/__init__.py": "LIGHT = 1\n", "lantern/wick.py": "WICK = 2\n"}


class Verified:
    """A project with a virtualenv of fabricated distributions, and what verify says of it."""

    def __init__(self, prefix: Path, capsys: Captured) -> None:
        self.site = make_environment(prefix)
        self.capsys = capsys
        self.out = ""

    def install(self, release: str, files: dict[str, str] | None = None, **how: str) -> Path:
        """A distribution with files, and the RECORD that an installer writes of them."""
        info = add_distribution(self.site, release, installer=how.pop("installer", "pip"))
        for name, text in (FILES if files is None else files).items():
            path = self.site / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        names = [*(FILES if files is None else files), f"{info.name}/METADATA"]
        (info / "RECORD").write_text(record(self.site, info, names, **how))
        return info

    def verify(self, *words: str) -> list[str]:
        """The findings and notes, without the place where they stand; `code` is kept."""
        self.code = main(["verify", *words])
        self.out, self.err = self.capsys.readouterr()
        *lines, self.last = [line for line in self.out.splitlines() if not line.startswith("hint")]
        return [line.replace(f"{self.site}/", "").partition(": ")[2] for line in lines]


def found(*messages: str) -> list[str]:
    return [f"modified: {message}" for message in messages]
