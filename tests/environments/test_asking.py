"""Interpreters that must be asked: of no virtualenv, or a program that leads to another one."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from reqdrift.environments import read_environment
from reqdrift.environments.answers import exact_version, release_of_base
from reqdrift.environments.fallbacks import named_environment
from reqdrift.errors import EnvironmentReadError
from reqdrift.values import Python
from support import add_distribution, interpreters, python27, run


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A path that a shim or wrapper may have."""
    folder = tmp_path / "shims"
    folder.mkdir()
    return folder / "python"


def write_script(path: Path, *lines: str) -> None:
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)


MINORS = sorted(interpreters())


@pytest.mark.parametrize("python", sorted({*MINORS[:1], *MINORS[-1:]}))
def test_a_shim_leads_to_the_virtualenv_behind_it(
    tmp_path: Path, program: Path, python: str
) -> None:
    prefix = tmp_path / "env"
    run(interpreters()[python], "-m", "venv", "--without-pip", prefix, cwd=tmp_path)
    (site,) = prefix.glob("lib/python*/site-packages")
    add_distribution(site, "six-1.16.0")
    write_script(program, f'exec "{prefix}/bin/python" "$@"')
    environment = read_environment(named_environment(str(program), "--python", "/"))
    assert environment.prefix == str(prefix)
    assert list(environment.distributions) == ["six"]
    assert environment.started


def test_a_shim_leads_to_the_python_behind_it(program: Path) -> None:
    base = sys._base_executable  # type: ignore[attr-defined]
    write_script(program, f'exec "{base}" "$@"')
    environment = read_environment(named_environment(str(program), "--python", "/"))
    assert environment.prefix == sys.base_prefix
    assert environment.python.interpreter == str(program)


@pytest.mark.parametrize(
    "line, why",
    [
        ("exit 7", "exit code 7"),
        ("echo first >&2; echo last >&2; exit 1", "last"),
        (r"printf '\377' >&2; exit 1", "\ufffd"),
        ("echo no answer", "its output cannot be parsed"),
        ("echo []", "its output cannot be parsed"),
        ("echo '{}'", "its output cannot be parsed"),
        ("""echo '{"folders": []}'""", "its output cannot be parsed"),
    ],
)
def test_an_interpreter_that_does_not_answer_is_an_error(
    program: Path, line: str, why: str
) -> None:
    write_script(program, line)
    with pytest.raises(EnvironmentReadError) as raised:
        read_environment(named_environment(str(program), "--python", "/"))
    assert str(raised.value) == f"the interpreter {program} cannot be queried: {why}"


def test_how_it_is_asked(program: Path, tmp_path: Path) -> None:
    """Isolated; as Python 2.7 does not know -I, a second time without it."""
    write_script(program, f'echo "$PWD" "$1" "$2" "$3" "$4" >> {tmp_path}/asked', "exit 1")
    with pytest.raises(EnvironmentReadError):
        read_environment(named_environment(str(program), "--python", "/"))
    first, second = (tmp_path / "asked").read_text().splitlines()
    assert first == f"{os.getcwd()} -I -S -B -c"
    assert second == f"{os.getcwd()} -E -s -S -B"


def test_what_it_answers(program: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    folders = f'["{tmp_path}/site", "{tmp_path}/gone"]'
    says = f'"version": "3.9.1", "implementation": "PyPy", "folders": {folders}'
    write_script(program, f"""echo '{{"prefix": "/p", "executable": "/p/bin/py", {says}}}'""")
    environment = read_environment(named_environment(str(program), "--python", "/"))
    assert environment.python == Python("3.9.1", "PyPy", str(program))
    assert (environment.prefix, environment.started) == ("/p", True)
    assert environment.folders == (f"{tmp_path}/site",)


def copy_of(python: str, prefix: Path) -> Path:
    """An installation of its own, but for the standard library that it links to; its site."""
    code = "import os, sys; print(sys.executable); print(os.path.dirname(os.__file__))"
    executable, library = run(python, "-c", code, cwd=prefix.parent).stdout.split()
    copied = prefix / "lib" / Path(library).name
    (copied / "site-packages").mkdir(parents=True)
    for name in os.listdir(library):
        if name != "site-packages":
            (copied / name).symlink_to(Path(library) / name)
    (prefix / "bin").mkdir()
    shutil.copy(os.path.realpath(executable), prefix / "bin" / "python")
    return copied / "site-packages"


@pytest.mark.skipif(python27() is None, reason="needs a Python 2.7")
def test_asking_python_2_runs_no_code_of_its_pth_files(tmp_path: Path) -> None:
    site = copy_of(python27() or "", tmp_path / "usr")
    add_distribution(site, "six-1.16.0")
    ran = tmp_path / "ran"
    (site / "code.pth").write_text(f"import os; os.mkdir({str(ran)!r})\n")
    run(tmp_path / "usr" / "bin" / "python", "-c", "pass", cwd=tmp_path)
    assert ran.exists()  # so it is code that would run
    ran.rmdir()
    environment = read_environment(named_environment(str(tmp_path / "usr"), "--python", "/"))
    assert environment.python.version.startswith("2.7.")
    assert environment.prefix == str(tmp_path / "usr")
    assert list(environment.distributions) == ["six"]
    assert not ran.exists()


STATED = '#define PY_VERSION              "3.11.9"\n'


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The prefix of a Python with its header file, and nothing to start."""
    header = tmp_path / "base" / "include" / "python3.11" / "patchlevel.h"
    header.parent.mkdir(parents=True)
    header.write_text(STATED)
    return tmp_path / "base"


@pytest.mark.parametrize(
    ("name", "version", "release"),
    [
        ("python3.11", "3.11.2", "3.11.9"),
        ("python3", "3.11", "3.11.9"),
        ("python3.12", "3.12.1", ""),
        ("pypy3.11", "3.11.2", ""),
        ("python3.11t", "3.11.2", ""),
    ],
)
def test_what_the_files_beside_an_interpreter_say(
    base: Path, name: str, version: str, release: str
) -> None:
    assert release_of_base(str(base / "bin" / name), Python(version)) == release


def test_it_is_not_started_for_what_its_files_say(base: Path, tmp_path: Path) -> None:
    python = Python("3.11.2", interpreter=str(base / "bin" / "python3.11"))
    assert exact_version(python, str(tmp_path / "project" / ".venv")) == ("3.11.9", False)


def test_files_that_may_have_come_with_the_project_say_nothing(base: Path) -> None:
    python = Python("3.11.2", interpreter=str(base / "bin" / "python3.11"))
    assert exact_version(python, str(base / ".venv")) == ("", False)


def test_nothing_is_known_without_an_interpreter(tmp_path: Path) -> None:
    assert exact_version(Python("3.11.2"), str(tmp_path)) == ("", False)
