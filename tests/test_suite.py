"""How the suite runs: whatever it is started with, and without other programs where asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import REPOSITORY, SCRIPTS, clean_environ, run

# Each of them once changed a result, or changes what git, pip, uv, Python or a terminal does.
SETTINGS = {
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME"), "else"),
    **dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2001-01-01T00:00Z"),
    **dict.fromkeys(("GIT_CONFIG_GLOBAL", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"), "/no"),
    **dict.fromkeys(("PYTHONDONTWRITEBYTECODE", "NO_COLOR", "FORCE_COLOR", "PIP_QUIET"), "1"),
    **dict.fromkeys(("PIP_USER", "PIP_REQUIRE_VIRTUALENV", "UV_OFFLINE", "UV_NO_CACHE"), "1"),
    **dict.fromkeys(("VIRTUAL_ENV", "CONDA_PREFIX", "REQDRIFT_PYTHON", "PYTHONPATH"), "/no"),
    "LC_ALL": "C",
    "TZ": "Asia/Kathmandu",
    "COLUMNS": "40",
    "TERM": "dumb",
    "HOME": "",
}


def run_pytest(*words: str | Path, cwd: Path, **variables: str) -> str:
    """Run pytest as a shell starts a background job; its output."""
    ignoring = ("sh", "-c", 'trap "" INT TERM HUP; exec "$@"', "sh")
    env = {**clean_environ(PYTHONPATH=str(REPOSITORY / "tests")), **variables}
    common = ("-q", "-c", REPOSITORY / "pyproject.toml", "-p", "no:cacheprovider")
    command = (*ignoring, SCRIPTS / "pytest", *common, *words)
    return run(*command, cwd=cwd, env=env).stdout


def test_settings_of_the_machine_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clean_environ()
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    del before["HOME"]
    assert clean_environ() == before


def test_started_by_a_shell_with_signals_ignored_and_any_settings() -> None:
    interrupted = "tests/test_interrupts.py::TestSignals::test_while_a_pipe_is_waited_for"
    words = (interrupted, "tests/repository/test_dates.py::TestLines")
    assert " passed" in run_pytest(*words, cwd=REPOSITORY, **SETTINGS)


SAMPLE = """
import os, subprocess, sys, threading
import pytest

def start():
    subprocess.run(["touch", {mark!r}], check=True)

@pytest.fixture(scope="module")
def started():
    start()

def test_none(): pass

def test_itself(): start()

def test_through_a_fixture(started): pass

def test_through_the_same_fixture(started): pass

def test_through_reqdrift():
    from reqdrift.environments.asking import ask
    ask(sys.executable)

def test_whatever_it_catches():
    try:
        start()
    except BaseException:
        assert False

def test_in_a_thread():
    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

def test_a_fork():
    if os.fork() == 0:
        open({mark!r}, "w")
        os._exit(0)
"""


def test_tests_that_start_programs_are_left_out(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    (tmp_path / "test_sample.py").write_text(SAMPLE.format(mark=str(mark)))
    words = ("-p", "conftest", "--rootdir", tmp_path, "test_sample.py")
    assert "1 passed, 7 left out in " in run_pytest("--no-programs", *words, cwd=tmp_path)
    assert not mark.exists()
    assert "8 passed in " in run_pytest(*words, cwd=tmp_path)
    assert mark.exists()
