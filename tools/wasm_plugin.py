"""The plugin of pytest for `make test-wasm`: replacements for what WebAssembly does not have."""

from __future__ import annotations

import concurrent.futures
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from typing import Any

import pytest

# What a failure says -> what is absent.
ABSENT = {
    "does not support processes": "no processes",
    "can't start new thread": "no threads",
    "out of pty devices": "no terminals",
    "No module named 'resource'": "no limits of resources",
    "No module named 'yaml'": "PyYAML is compiled",
    "No package metadata was found for": "not installed",
}
# Part of the name of a test that is not run -> why.
NOT_RUN = {
    "make_huge": "files are in memory, with all their zeros",
    "test_a_file_that_never_ends": "files are in memory, with all their zeros",
    "test_while_files_are_verified": "files are in memory, with all their zeros",
    "test_a_link_to_a_device": "no /dev/zero",
    "test_what_is_above_no_folder_does_not_exist[file]": "`..` after a file is its folder",
    "test_the_python_that_runs_makes_no_difference": "no interpreter to start",
    "test_what_windows_calls_the_processor": "os.uname is not asked for it",
    "test_what_is_no_record[deep]": "the stack, which limits nesting, is deeper than elsewhere",
}


class OneAfterAnother(concurrent.futures.Executor):
    """Does in one thread what would be done in several."""

    def __init__(self, _: int) -> None:
        """Start no thread."""

    def submit(
        self, function: Callable[..., Any], /, *words: Any, **options: Any
    ) -> concurrent.futures.Future[Any]:
        """A result that is there."""
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        future.set_result(function(*words, **options))
        return future


def no_pipe(*_: object) -> None:
    """Leave out the test that would make one."""
    pytest.skip("WebAssembly: no pipes")


def no_git(*_: object, **__: object) -> None:
    """Fail as on a machine that has no git."""
    raise FileNotFoundError("git")


def no_process(*_: object, **__: object) -> None:
    """Say first that a test starts a program, as other platforms do, so that it is left out."""
    sys.audit("subprocess.Popen")
    raise OSError("WebAssembly does not support processes")


def pytest_configure() -> None:
    """Run before anything of reqdrift is imported."""
    vars(concurrent.futures)["ThreadPoolExecutor"] = OneAfterAnother
    vars(os).update(posix_spawnp=no_git, POSIX_SPAWN_OPEN=0, POSIX_SPAWN_DUP2=0)
    vars(os).update(mkfifo=no_pipe, geteuid=os.getuid, getegid=os.getgid)
    subprocess.Popen.__init__ = no_process  # type: ignore[method-assign]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what would end the program, or need a file of the system."""
    for item in items:
        for name, why in NOT_RUN.items():
            if name in item.name:
                item.add_marker(pytest.mark.skip(f"WebAssembly: {why}"))


def _left_out(report: pytest.TestReport | pytest.CollectReport) -> None:
    shown = f"{report.longrepr} {report.sections}"
    if report.outcome == "failed":
        for words, why in ABSENT.items():
            if words in shown:
                report.outcome = "skipped"
                report.longrepr = (report.nodeid, 0, f"WebAssembly: {why}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Leave out a test that needs what is absent."""
    report = yield
    _left_out(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Leave out a file that needs it to know its tests."""
    report = yield
    _left_out(report)
    return report
