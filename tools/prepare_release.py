"""Set the version, collect the changelog fragments, and name the tag in the documentation."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
VERSION = REPOSITORY / "reqdrift" / "_version.py"


def main(version: str) -> None:
    """Change the files; what they are now is for a person to look at and commit."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        sys.exit("VERSION is X.Y.Z, for example: make prepare-release VERSION=0.2.0")
    replace(VERSION, r'__version__ = ".*"', f'__version__ = "{version}"')
    for page in (REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")):
        replace(page, r"rev: v\d+\.\d+\.\d+", f"rev: v{version}")
        replace(page, r"reqdrift/reqdrift@v\d+\.\d+\.\d+", f"reqdrift/reqdrift@v{version}")
    build = (sys.executable, "-m", "towncrier", "build", "--yes", "--version", version)
    subprocess.run(build, cwd=REPOSITORY, check=True)


def replace(path: Path, pattern: str, text: str) -> None:
    """Replace it everywhere in a file."""
    before = path.read_text(encoding="utf-8")
    path.write_text(re.sub(pattern, text, before), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
