from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from checked import Checked
from programs import NoPrograms
from support import MEMORY, REPOSITORY, SCRIPTS, forget_settings, make_environment, run

# No deadline, because a busy machine is no failure. Tests that are slow take a share of the
# profile's number: `strategies.examples`. The profiles of `make test`, `make test-fast` and
# `make test-all` have the same examples in each run, so that a commit that passed passes again.
# "fuzz", for `make fuzz`, looks for new ones.
settings.register_profile("usual", settings(), max_examples=60, deadline=None, derandomize=True)
settings.load_profile("usual")
settings.register_profile("fast", settings(), max_examples=30)
settings.register_profile("long", settings(), max_examples=1000)
settings.register_profile("fuzz", settings(), max_examples=3000, derandomize=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-programs", action="store_true", help="leave out tests that start other programs"
    )
    parser.addoption(
        "--accept", action="store_true", help="write what tests/cases are to print from now on"
    )


def use_memory() -> None:
    """Make temporary files in memory, if there is room: an environment is many small files."""
    if sys.platform == "linux" and os.access(MEMORY, os.W_OK):
        found = os.statvfs(MEMORY)
        programs_run = not found.f_flag & os.ST_NOEXEC  # containers do not always let them
        if programs_run and found.f_bavail * found.f_frsize > 1 << 30:
            os.environ.setdefault("TMPDIR", MEMORY)
            tempfile.tempdir = None  # it is looked for again


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Forget the machine's settings before any test is collected or worker started."""
    if not hasattr(config, "workerinput"):
        use_memory()
        home = tempfile.mkdtemp(prefix="reqdrift-home-")
        config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
        if os.environ.get("CI"):  # no test sees it, as reqdrift says more in a job
            os.environ["REQDRIFT_TEST_JOB"] = "1"
        forget_settings(home)
    if config.getoption("no_programs"):
        plugin = NoPrograms()
        config.pluginmanager.register(plugin)
        sys.addaudithook(plugin.audit)


@pytest.fixture(scope="session", autouse=True)
def _default_signals() -> None:
    """Programs start with the default action for each signal.

    A shell starts `make test &` with SIGINT ignored, nohup with SIGHUP, and programs inherit that.
    They do not inherit a handler; this one keeps the signal ignored for the tests themselves.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project folder, in git, that is the working directory."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def checked(project: Path) -> Checked:
    """The same, with a requirements file and an environment."""
    return Checked(project)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The folder of a Python that is no virtual environment."""
    folder = tmp_path / "usr"
    (folder / "bin").mkdir(parents=True)
    return folder


@pytest.fixture
def hook(tmp_path: Path) -> Path:
    """A hook's own environment, as pre-commit makes it."""
    folder = tmp_path / "cache" / "repo1" / "py_env-python3"
    make_environment(folder)
    (folder / ".install_state_v2").touch()
    return folder


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    run(SCRIPTS / "hatchling", "build", "-t", "wheel", "-d", folder, cwd=REPOSITORY)
    (path,) = folder.iterdir()
    return path
