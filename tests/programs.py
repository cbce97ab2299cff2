"""`pytest --no-programs`: leave out each test that starts another program, when it tries to.

Whether a test starts one is seen from Python's audit events, so that no test needs a mark, and
none that starts one can run by mistake: not through a fixture, and not through reqdrift itself.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

_STARTS = frozenset(
    {
        *("subprocess.Popen", "os.posix_spawn", "os.spawn", "os.system", "os.exec"),
        *("os.fork", "os.forkpty", "pty.spawn"),
    }
)
_REASON = "starts a program"


class NoPrograms:
    """The plugin; `_tried` is whether the running test has tried to start a program."""

    def __init__(self) -> None:
        self._runs = self._tried = False

    def audit(self, event: str, _: tuple[Any, ...]) -> None:
        """Stop a test before the program starts."""
        if self._runs and event in _STARTS:
            self._tried = True
            pytest.skip(_REASON)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Watch a test with its fixtures; what collects tests may start programs."""
        self._runs, self._tried = True, False
        try:
            return (yield)
        finally:
            self._runs = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """A test that was stopped is left out, whatever its code made of that."""
        report = yield
        if self._tried:
            path, line, _ = item.location
            report.outcome, report.longrepr = "skipped", (path, line or 0, _REASON)
        return report

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Count these tests apart from those that cannot run here, and list none."""
        if report.skipped and isinstance(report.longrepr, tuple) and _REASON in report.longrepr[2]:
            return ("left out" if report.when != "teardown" else "", "", "LEFT OUT")
        return None
