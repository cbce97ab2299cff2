"""Golden cases: each folder of tests/cases is a project, commands, and what they are to print.

CONTRIBUTING.md says how to add one, which needs no Python. After a change of the output that is
meant, `pytest tests/test_cases.py --accept` writes what is printed now; read it with `git diff`.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reqdrift import __version__
from reqdrift.cli import COMMANDS, main
from reqdrift.kinds import KINDS
from reqdrift.options import table
from reqdrift.report import FORMATS
from support import OLD_PACKAGING, REPOSITORY, SCRIPTS, add_distribution, make_environment, record

CASES = REPOSITORY / "tests" / "cases"
NAMES = sorted(path.parent.name for path in CASES.glob("*/command"))
# What makes the output of git and of a terminal the same everywhere.
VARIABLES = {
    **dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-01-02T03:04:05Z"),
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Nobody"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "nobody@example.org"),
    **{"COLUMNS": "120", "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}", "TZ": "UTC"},
}


def install(line: str, site: Path, folder: Path) -> None:
    """A distribution: `NAME VERSION`, and what `needs`, `from`, `by`, `has` and `lost` say."""
    release, *parts = re.split(r" (needs|from|by|has|lost) ", line)
    name, version = release.split()
    said: dict[str, list[str]] = {"needs": [], "from": [], "by": ["pip"], "has": [], "lost": []}
    for word, value in zip(parts[::2], parts[1::2], strict=True):
        said[word].append(value)
    source = source_of(said["from"][0], folder) if said["from"] else None
    info = add_distribution(
        site,
        f"{name.replace('-', '_')}-{version}",
        requires=said["needs"],
        direct_url=source,
        installer=said["by"][-1],
    )
    metadata = (info / "METADATA").read_text()
    (info / "METADATA").write_text(re.sub("Name: .*", f"Name: {name}", metadata, count=1))
    files = said["has"] + said["lost"]
    for file in files:
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text(f"# {file}\n")
    (info / "RECORD").write_text(record(site, info, files) if files else "")
    for file in said["lost"]:
        (site / file).unlink()


def source_of(text: str, folder: Path) -> dict[str, Any]:
    """What direct_url.json says: of `-e FOLDER`, `git+URL@COMMIT`, a URL, or of JSON itself."""
    if text.startswith("{"):
        return dict(json.loads(text.replace("/project", str(folder))))
    if text.startswith("git+"):
        url, _, commit = text.removeprefix("git+").rpartition("@")
        return {"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}}
    if "://" in text:
        return {"url": text, "archive_info": {}}
    path = folder / text.removeprefix("-e ")
    return {"url": path.resolve().as_uri(), "dir_info": {"editable": text.startswith("-e ")}}


def build(case: Path, folder: Path) -> None:
    """Make the project, and an environment for each installed.txt and installed.NAME.txt."""
    folder.mkdir()
    for path in case.iterdir():
        if path.is_dir() and path.name != "site-packages":
            shutil.copytree(path, folder / path.name, symlinks=True)
        elif path.name.startswith("installed.") and path.name.endswith(".txt"):
            lines = path.read_text().splitlines()
            version = lines.pop(0).split()[1] if lines and lines[0].startswith("python ") else ""
            prefix = path.name[len("installed.") : -len("txt")].strip(".") or ".venv"
            site = make_environment(folder / prefix, version=version or "3.11.7")
            for line in lines:
                install(line, site, folder)
            if (case / "site-packages").is_dir() and prefix == ".venv":
                shutil.copytree(case / "site-packages", site, dirs_exist_ok=True)
        elif path.name not in ("command", "expected", "site-packages"):
            shutil.copy2(path, folder / path.name, follow_symlinks=False)


def texts(folder: Path) -> dict[str, str]:
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    own = {str(path.relative_to(folder)): path for path in paths}
    return {
        name: path.read_bytes().replace(b"\0", b"").decode(errors="replace")
        for name, path in sorted(own.items())
        if not re.search(r"(^|/)(\.git|lib/python[\d.]+|bin|pyvenv\.cfg)(/|$)", name)
    }


def start(line: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a line: `[NAME=VALUE ...] reqdrift ...` in this process, anything else by a shell."""
    words = shlex.split(line)
    if "reqdrift" not in words or any(mark in line for mark in "|<>&;"):
        return subprocess.run(["sh", "-c", line], check=False).returncode
    at = words.index("reqdrift")
    with monkeypatch.context() as patch:
        for name, _, value in (word.partition("=") for word in words[:at]):
            patch.setenv(name, value)
        try:
            return main(words[at + 1 :])
        except SystemExit as end:
            return int(end.code or 0)


def normalised(text: str, folder: Path) -> str:
    """The text without paths of this machine, times, and the version of reqdrift."""
    text = text.replace(str(folder), "/project").replace(str(folder.parent), "/outside")
    text = text.replace(sys.prefix, "/reqdrift").replace(f"v{__version__}", "vVERSION")
    text = re.sub(rf'(reqdrift |["/]){re.escape(__version__)}\b', r"\1VERSION", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME", text)
    return re.sub("[ \t]+$", "", text, flags=re.MULTILINE)


def outcome(folder: Path, lines: list[str], run: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is printed: each command, its exit code and output, and what changed in files."""
    before, shown = texts(folder), []
    for line in lines:
        code = start(line, monkeypatch)
        sys.stdout.flush()
        out, err = run.readouterr()
        shown += [f"$ {line}", f"exit code {code}", out.rstrip("\n")]
        shown += ["--- standard error:", err.rstrip("\n")] if err else []
    after = texts(folder)
    for name in sorted({*before, *after}):
        old, new = (found.get(name, "").splitlines() for found in (before, after))
        patch = difflib.unified_diff(old, new, f"{name} before", f"{name} after", lineterm="")
        shown += patch
    return normalised("\n".join(filter(None, shown)) + "\n", folder)


@pytest.mark.parametrize("name", NAMES)
def test_case(
    name: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    case, folder = CASES / name, tmp_path / "project"
    lines = (case / "command").read_text().splitlines()
    if OLD_PACKAGING and "pylock" in "".join([*lines, *os.listdir(case)]):
        pytest.skip("lock files need packaging 26.3")
    for variable, value in VARIABLES.items():
        monkeypatch.setenv(variable, value)
    time.tzset()
    build(case, folder)
    monkeypatch.chdir(folder)
    shown = outcome(folder, lines, capfd, monkeypatch)
    file = case / "expected"
    if request.config.getoption("accept"):
        file.write_text(shown, newline="")
    expected = file.read_bytes().decode() if file.exists() else ""
    patch = difflib.unified_diff(expected.splitlines(), shown.splitlines(), "expected", "printed")
    accept = f"to accept: pytest tests/test_cases.py --accept -k {name}"
    assert shown == expected, "\n".join([*patch, accept])
