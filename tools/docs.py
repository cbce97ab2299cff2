"""Collect the pages of the documentation for the site, and build it: `make docs`.

On GitHub, the pages are read where they are, so links are relative to the repository. The site has
one folder of pages. What is no page there is linked on GitHub.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = REPOSITORY / ".tools" / "pages"
sys.path.insert(0, str(REPOSITORY))

from reqdrift._version import REPOSITORY as URL  # noqa: E402

# Path in the repository -> name in the site, besides docs/*.
NAMES = {
    "README.md": "index.md",
    "docs/README.md": "overview.md",
    **{
        f"{name}.md": f"{name}.md"
        for name in ("SECURITY", "CHANGELOG", "CONTRIBUTING", "RELEASING")
    },
}


def main() -> None:
    """Make the folder anew, and build the site; any warning is an error."""
    shutil.rmtree(PAGES, ignore_errors=True)
    shutil.copytree(REPOSITORY / "docs", PAGES)
    shutil.copytree(REPOSITORY / "tools" / "site", PAGES, dirs_exist_ok=True)
    (PAGES / "README.md").unlink()
    pages = {f"docs/{path.name}": path.name for path in (REPOSITORY / "docs").iterdir()} | NAMES
    for path, name in pages.items():
        if name.endswith(".md"):
            text = (REPOSITORY / path).read_text(encoding="utf-8")
            (PAGES / name).write_text(relinked(text, path, pages), encoding="utf-8")
    zensical = (Path(sys.executable).parent / "zensical", "build", "--clean", "--strict")
    done = subprocess.run(zensical, cwd=REPOSITORY, check=False)
    sys.exit(done.returncode)


def relinked(text: str, path: str, pages: dict[str, str]) -> str:
    """The text of a page with its links as the site has them."""

    def link(match: re.Match[str]) -> str:
        target, anchor = match[1], match[2] or ""
        there = (REPOSITORY / path).parent / target
        if not there.exists():
            sys.exit(f"{path}: {target} does not exist")
        inside = str(there.resolve().relative_to(REPOSITORY))
        return f"]({pages.get(inside, f'{URL}/blob/main/{inside}')}{anchor})"

    return re.sub(r"\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)", link, text)


if __name__ == "__main__":
    main()
