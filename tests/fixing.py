"""A project whose files a test repairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reqdrift.cli import main
from support import add_distribution, make_environment


class Fixed:
    """A project whose requirements.txt is fixed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = make_environment(folder / ".venv")
        self.file = folder / "requirements.txt"

    def install(self, release: str, **more: Any) -> None:
        add_distribution(self.site, release, **more)

    def fix(self, text: str, *words: str, code: int = 0) -> str:
        self.file.write_text(text, newline="")
        assert main(["fix", *words]) == code
        return self.file.read_bytes().decode()
