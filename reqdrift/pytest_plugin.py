"""The pytest plugin: do the tests run with what the requirements files ask for?

It is off unless pytest's configuration or `--reqdrift` turns it on, and then loads the rest of
reqdrift before any conftest.py. The workers of pytest-xdist have the environment of their parent.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder

import pytest

# See `_record`, which is not needed here.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

_LEVELS = ("off", "warn", "error")


class Result:
    """What pytest prints: a line in its header, and after the tests what is wrong."""

    def __init__(self, text: str, problem: str) -> None:
        self._text = text
        self._problem = problem

    def pytest_report_header(self) -> str:
        """The verdict."""
        return f"reqdrift: {self._text}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Whatever must not be overlooked."""
        if self._problem:
            terminalreporter.section("reqdrift")
            terminalreporter.line(self._problem)


class _AsTheyAre:
    """Finds our modules before pytest does.

    pytest rewrites the asserts of all modules of a distribution that has a plugin. Without its
    cache that takes longer than the comparison, and there are no asserts for it.
    """

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None, _: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder.find_spec`."""
        return PathFinder.find_spec(name, path) if name.startswith("reqdrift.") else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option, and the keys of pytest's configuration."""
    what = "does the environment satisfy the requirements files: off, warn or error"
    parser.getgroup("reqdrift").addoption("--reqdrift", choices=_LEVELS, metavar="LEVEL", help=what)
    parser.addini("reqdrift", f"{what} (default: off)", default="off")
    parser.addini("reqdrift_files", "the files, relative to the root directory", "args", [])


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Compare, before anything of the project is imported."""
    level = early_config.known_args_namespace.reqdrift or early_config.getini("reqdrift")
    if level not in _LEVELS:
        raise pytest.UsageError(f"reqdrift = '{level}' is not one of {', '.join(_LEVELS)}")
    if level == "off" or "PYTEST_XDIST_WORKER" in os.environ:
        return
    files = early_config.getini("reqdrift_files") or ["requirements.txt"]
    paths = [os.path.join(early_config.rootpath, file) for file in files]
    sys.meta_path.insert(0, _AsTheyAre)
    try:
        # Nothing of it is loaded if the plugin is off.
        from .commands.require import compare

        drift, doubts, packages = compare(*paths)
    finally:
        sys.meta_path.remove(_AsTheyAre)
    if drift and level == "error":
        raise pytest.UsageError(f"reqdrift: {drift}")
    problem = drift or doubts
    matches = f"{', '.join(files)} matches, {packages} package{'' if packages == 1 else 's'}"
    text = problem.splitlines()[0] if problem else matches
    early_config.pluginmanager.register(Result(text, problem), "reqdrift-result")
