"""The pytest plugin: with the pytest of this environment, and with others in theirs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support import SCRIPTS, clean_environ, run

pytest_plugins = ("pytester",)

MATCHES = "reqdrift: requirements.txt matches, 1 package"
ABSENT = "requirements.txt:1: missing: absent is not installed"


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests may run in a worker of pytest-xdist, in which the plugin does not check."""
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)


@pytest.fixture
def files(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project whose conftest.py needs what the file asks for."""
    pytester.makepyfile(test_one="def test_one(): pass")
    pytester.makeconftest("import absent")
    pytester.path.joinpath("requirements.txt").write_text("absent\n")
    return pytester


def good(files: pytest.Pytester) -> None:
    files.path.joinpath("requirements.txt").write_text("pytest\n")
    files.makeconftest("")


def pytest_run(files: pytest.Pytester, *words: str) -> pytest.RunResult:
    """In a process of its own: hooks of this one have been called."""
    return files.runpytest_subprocess(*words)


LOADED = """
import sys
def test_one():
    ours = {name for name in sys.modules if name.startswith("reqdrift")}
    assert ours == {"reqdrift", "reqdrift.pytest_plugin"}
"""


def test_it_is_off_and_loads_nothing(files: pytest.Pytester) -> None:
    files.makeconftest("")
    files.makepyfile(test_one=LOADED)
    result = pytest_run(files)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("reqdrift: *")


def test_before_any_conftest_is_imported(files: pytest.Pytester) -> None:
    result = pytest_run(files, "--reqdrift", "error")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert ABSENT in result.errlines
    assert any(line.startswith("run: ") for line in result.errlines)
    assert "absent'" not in result.stderr.str()  # no ModuleNotFoundError


def test_a_warning(files: pytest.Pytester) -> None:
    files.makeconftest("")
    files.makeini("[pytest]\nreqdrift = error\nfilterwarnings = error\n")
    result = pytest_run(files, "--reqdrift", "warn", "-q")
    result.assert_outcomes(passed=1)
    assert ABSENT in result.outlines


@pytest.mark.parametrize("level", ["error", "warn"])
def test_what_cannot_be_checked(files: pytest.Pytester, level: str) -> None:
    good(files)
    files.path.joinpath("requirements.txt").unlink()
    result = pytest_run(files, "--reqdrift", level)
    result.assert_outcomes(passed=1)
    assert "not checked: requirements.txt: error: no such file" in result.outlines


def test_several_files(files: pytest.Pytester) -> None:
    good(files)
    files.mkdir("requirements")
    files.path.joinpath("requirements", "dev.txt").write_text("pluggy\n")
    files.makeini(
        "[pytest]\nreqdrift = error\nreqdrift_files = requirements.txt requirements/dev.txt\n"
    )
    files.mkdir("sub").joinpath("test_two.py").write_text("def test_two(): pass\n")
    result = pytest_run(files, "sub")
    assert "reqdrift: requirements.txt, requirements/dev.txt matches, 2 packages" in result.outlines


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--reqdrift", "yes"), "invalid choice: 'yes'"),
        (("-o", "reqdrift=yes"), "reqdrift = 'yes' is not one of off, warn, error"),
    ],
)
def test_a_wrong_level(files: pytest.Pytester, words: tuple[str, ...], error: str) -> None:
    result = pytest_run(files, *words)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert error in result.stderr.str()


def test_workers_do_not_check(files: pytest.Pytester) -> None:
    good(files)
    code = "import sys\ndef test_one(): assert 'reqdrift.commands.require' not in sys.modules"
    files.makepyfile(test_one=code)
    result = pytest_run(files, "--reqdrift", "error", "-n", "1")
    result.assert_outcomes(passed=1)
    assert MATCHES in result.outlines


# The oldest that Python 3.11 runs, the first with native TOML, and the newest that is here.
@pytest.mark.long
@pytest.mark.parametrize("release", ["6.2.5", "7.4.4", "8.4.2", ""])
def test_each_pytest(wheel: Path, tmp_path: Path, release: str) -> None:
    uv, venv = SCRIPTS / "uv", tmp_path / ".venv"
    run(uv, "venv", "--python", sys.executable, venv, cwd=tmp_path)
    wanted = f"pytest=={release}" if release else "pytest"
    run(uv, "pip", "install", "--python", venv, wanted, "pytest-xdist", wheel, cwd=tmp_path)
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n")
    (tmp_path / "requirements.txt").write_text(f"{wanted}\npytest-xdist\n")
    command = (venv / "bin" / "python", "-m", "pytest", "--reqdrift", "error")
    for more in ((), ("-n", "1")):
        done = run(*command, *more, cwd=tmp_path, env=clean_environ())
        assert "reqdrift: requirements.txt matches, 2 packages" in done.stdout.splitlines()
        assert "1 passed" in done.stdout
    # pytest has rewritten nothing but what it loads to find the plugin.
    (site,) = venv.glob("lib/*/site-packages")
    rewritten = [path for path in site.glob("reqdrift/**/*.pyc") if "pytest-" in path.name]
    assert not [path for path in rewritten if path.parent.parent.name != "reqdrift"]
    (tmp_path / "conftest.py").write_text("import absent\n")
    (tmp_path / "requirements.txt").write_text("absent\n")
    done = run(*command, cwd=tmp_path, check=False)
    assert done.returncode == 4
    assert ABSENT in done.stderr.splitlines()
