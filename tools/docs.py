"""Collect the pages of the documentation for the site, and build it: `make docs`.

On GitHub, the pages are read where they are, so links are relative to the repository. The site has
a page for each kind of finding, made from its entry in docs/findings.md, one with the rules of hard
cases, made from the docstrings of modules, and one with the public API. What is no page there is
linked on GitHub.
"""

from __future__ import annotations

import ast
import html
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = REPOSITORY / ".tools" / "pages"
SITE = REPOSITORY / "site"
sys.path.insert(0, str(REPOSITORY))

import reqdrift  # noqa: E402
from reqdrift._version import REPOSITORY as URL  # noqa: E402
from reqdrift.kinds import DOCUMENTATION, KINDS  # noqa: E402

FINDINGS = "docs/findings.md"
# Path in the repository -> path in the site, besides docs/*.
NAMES = {
    "README.md": "index.md",
    "docs/README.md": "overview.md",
    FINDINGS: "findings/index.md",
    **{
        f"{name}.md": f"{name}.md"
        for name in ("SECURITY", "CHANGELOG", "CONTRIBUTING", "RELEASING")
    },
}


def main() -> None:
    """Make the folder anew, and build the site; any warning is an error."""
    shutil.rmtree(PAGES, ignore_errors=True)
    shutil.copytree(REPOSITORY / "docs", PAGES, ignore=shutil.ignore_patterns("*.md"))
    shutil.copytree(REPOSITORY / "tools" / "site", PAGES, dirs_exist_ok=True)
    for name, text in pages().items():
        (PAGES / name).parent.mkdir(exist_ok=True)
        (PAGES / name).write_text(text, encoding="utf-8")
    zensical = (Path(sys.executable).parent / "zensical", "build", "--clean", "--strict")
    done = subprocess.run(zensical, cwd=REPOSITORY, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    for kind in KINDS.values():
        if not (SITE / kind.url.removeprefix(DOCUMENTATION) / "index.html").exists():
            sys.exit(f"reports link to {kind.url}, which is not in the site")


def pages() -> dict[str, str]:
    """The text of each page of the site, by its path there."""
    docs = REPOSITORY / "docs"
    inside = (path.relative_to(docs).as_posix() for path in docs.rglob("*") if path.is_file())
    names = {f"docs/{name}": name for name in inside} | NAMES
    texts = {
        name: (path, (REPOSITORY / path).read_text(encoding="utf-8"))
        for path, name in names.items()
        if name.endswith(".md")
    }
    # The overview of the kinds keeps the first paragraph of each entry, and its anchor.
    _, findings = texts[NAMES[FINDINGS]]
    titles: dict[str, str] = {kind.name: kind.title for kind in KINDS.values()}
    start, *entries = re.split(r"^## (.+)\n", findings.replace("](#", "](findings.md#"), flags=re.M)
    overview = start
    for kind, entry in zip(entries[::2], entries[1::2], strict=True):
        name = f"findings/{kind}.md"
        explanation = entry.strip().partition("\n\n")[0]
        overview += f"## {kind}\n\n{explanation}\n\n[More about {kind}](findings.md#{kind})\n\n"
        title = f"# {kind}: {titles[kind]} {{#{kind}}}\n"
        texts[name] = (FINDINGS, title + re.sub(r"^###", "##", entry, flags=re.M))
        names[f"{FINDINGS}#{kind}"] = name
        for heading in re.findall(r"^### (.+)$", entry, re.M):
            names[f"{FINDINGS}#{anchor(heading)}"] = f"{name}#{anchor(heading)}"
    texts[NAMES[FINDINGS]] = (FINDINGS, overview)
    texts["rules.md"] = ("docs/README.md", rules())
    texts["reference.md"] = ("docs/README.md", reference())
    return {name: relinked(text, path, name, names) for name, (path, text) in texts.items()}


def rules() -> str:
    """The docstring of each module that lists rules."""
    text = (
        "# Rules\n\nThe rules of hard cases, from the docstrings of the modules that apply them.\n"
    )
    for path in sorted((REPOSITORY / "reqdrift").rglob("*.py")):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if re.search(r"^(- |\d+\. )", docstring, re.M):
            # Markdown on the site wants nested lists at four columns.
            nested = re.sub(r"^ +", lambda spaces: spaces[0] * 2, docstring, flags=re.M)
            text += f"\n## {path.relative_to(REPOSITORY).as_posix()}\n\n{nested}\n"
    return text


def reference() -> str:
    """What mkdocstrings replaces by the docstrings of all that `import reqdrift` exports."""
    text = (
        "# API reference\n\nAll that `import reqdrift` exports, from the docstrings. "
        "[api.md](api.md) has examples.\n"
    )
    names = {name: getattr(reqdrift, name) for name in reqdrift.__all__ if name != "__version__"}
    for name, value in sorted(names.items(), key=lambda item: (item[1].__module__, item[0])):
        text += f"\n::: {value.__module__}.{name}\n    options:\n"
        text += f"      heading: reqdrift.{name}\n      toc_label: {name}\n"
    return text


def anchor(heading: str) -> str:
    """The anchor of a heading, on GitHub and in the site."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def relinked(text: str, path: str, name: str, names: dict[str, str]) -> str:
    """A text of the file `path` with its links as they are on the page `name` of the site."""

    def link(match: re.Match[str]) -> str:
        target, fragment = match[1], match[2] or ""
        there = (REPOSITORY / path).parent / target
        if not there.exists():
            sys.exit(f"{path}: {target} does not exist")
        inside = str(there.resolve().relative_to(REPOSITORY))
        if inside not in names:
            return f"]({URL}/blob/main/{inside}{fragment})"
        page = names.get(inside + fragment) or names[inside] + fragment
        return f"]({posixpath.relpath(page, posixpath.dirname(name) or '.')})"

    # A pipe in the code of a table has a backslash on GitHub, which the site would show.
    text = re.sub(r"`([^`\n]*\\\|[^`\n]*)`", code, text)
    return re.sub(r"\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)", link, text)


def code(match: re.Match[str]) -> str:
    """Code of a table as HTML."""
    words = html.escape(match[1]).replace("\\|", "&#124;")
    return f"<code>{words}</code>"


if __name__ == "__main__":
    main()
