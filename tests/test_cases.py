"""Golden cases: each folder of tests/cases is a project, commands, and what they are to print.

CONTRIBUTING.md says how to add one, without Python. After a change of the output that is
meant, `pytest tests/test_cases.py --accept` writes what is printed now; read it with `git diff`.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reqdrift import __version__
from reqdrift.cli import main
from support import OLD_PACKAGING, REPOSITORY, SCRIPTS, install, make_environment

CASES = REPOSITORY / "tests" / "cases"
NAMES = sorted(path.parent.name for path in CASES.glob("*/command"))
# What makes the output of git and of a terminal the same everywhere.
VARIABLES = {
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Nobody"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "nobody@example.org"),
    **dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-01-02T03:04:05Z"),
    "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}",
    "COLUMNS": "120",
}
# What differs from run to run, and what is shown for it.
VARYING = (
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME"),
    (r"Python [\d.]+ assumed", "Python X.Y assumed"),
    (r": [\d.]+ is assumed", ": X.Y is assumed"),
    (r'("platform_(machine|release|system|version)": ").*"', r'\1..."'),
    (rf'(reqdrift |["/v]){re.escape(__version__)}\b', r"\1VERSION"),
    (r"(?m)[ \t]+$", ""),
)


def build(case: Path, folder: Path) -> None:
    """Make the project, and an environment for each installed.txt and installed.NAME.txt."""
    others = shutil.ignore_patterns("command", "expected", "installed*.txt", "site-packages")
    shutil.copytree(case, folder, symlinks=True, ignore=others)
    for path in case.glob("installed*.txt"):
        lines = path.read_text().splitlines()
        version = lines.pop(0).split()[1] if lines and lines[0].startswith("python ") else "3.11.7"
        prefix = path.name.removeprefix("installed").removesuffix("txt").strip(".") or ".venv"
        site = make_environment(folder / prefix, version=version)
        for line in lines:
            install(line, site, folder)
        if (case / "site-packages").is_dir():
            shutil.copytree(case / "site-packages", site, dirs_exist_ok=True)


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


def texts(folder: Path) -> dict[str, str]:
    """The files of the project, but those of git and of environments; ends of lines show."""
    names = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    own = [name for name in names if not re.match(r"\.git/|.*(bin/|lib/python|pyvenv.cfg)", name)]
    found = {name: (folder / name).read_bytes().decode(errors="replace") for name in sorted(own)}
    end = "\n\\ no newline at the end"
    return {
        name: text.replace("\r", "\\r") + ("" if text[-1:] in ("\n", "") else end)
        for name, text in found.items()
    }


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
    if OLD_PACKAGING and "pylock" in "".join([*lines, *(path.name for path in case.rglob("*"))]):
        pytest.skip("lock files need packaging 26.3")
    for variable, value in VARIABLES.items():
        monkeypatch.setenv(variable, value)
    build(case, folder)
    monkeypatch.chdir(folder)
    before, shown = texts(folder), []
    for line in lines:
        code = start(line, monkeypatch)
        out, err = capfd.readouterr()
        shown += [f"$ {line}", f"exit code {code}", out.rstrip("\n")]
        shown += ["--- standard error:", err.rstrip("\n")] if err else []
    after = texts(folder)
    for path in sorted({*before, *after}):
        old, new = (found.get(path, "").splitlines() for found in (before, after))
        shown += difflib.unified_diff(old, new, f"{path} before", f"{path} after", lineterm="")
    text = "\n".join(filter(None, shown)) + "\n"
    text = text.replace("\0", "").replace(str(folder), "/project")
    text = text.replace(str(tmp_path), "/outside").replace(sys.prefix, "/reqdrift")
    for pattern, known in VARYING:
        text = re.sub(pattern, known, text)
    file = case / "expected"
    if request.config.getoption("accept"):
        file.write_text(text, newline="")
    expected = file.read_bytes().decode() if file.exists() else ""
    if text != expected:
        sides = (expected.splitlines(), text.splitlines())
        patch = difflib.unified_diff(*sides, "expected", "printed", lineterm="")
        accept = f"to accept: pytest tests/test_cases.py --accept -k {name}"
        pytest.fail("\n".join([*patch, accept]), pytrace=False)
