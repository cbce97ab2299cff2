"""`reqdrift check --cross-check`: what pip itself reads, in real environments."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from workshop import Workshop, make_wheel, open_workshop

from reqdrift.commands.crosscheck import read_through_pip
from reqdrift.errors import EnvironmentReadError
from support import (
    SCRIPTS,
    add_distribution,
    clean_environ,
    interpreters,
    python27,
    reqdrift,
    run,
)

# pip is started in every environment.
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with open_workshop(tmp_path_factory.mktemp("workshop").resolve()) as made:
        yield made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, workshop: Workshop) -> dict[str, Path]:
    """Frozen projects, by the tool that made and filled their environments; to be copied."""
    folders = {}
    links = ("--no-index", "--find-links", workshop.wheelhouse)
    for tool in ("pip", "uv"):
        folder = tmp_path_factory.mktemp(tool).resolve() / "project"
        (folder / ".git").mkdir(parents=True)
        maker = ("virtualenv", "-q") if tool == "pip" else ("uv", "venv", "-q")
        run(SCRIPTS / maker[0], *maker[1:], ".venv", cwd=folder)
        python = folder / ".venv" / "bin" / "python"
        if tool == "pip":
            command: tuple[Path | str, ...] = (python, "-m", "pip", "install")
        else:
            command = (SCRIPTS / "uv", "pip", "install", "--python", python)
        run(*command, "-q", *links, *workshop.references(), cwd=folder)
        (folder / "requirements.txt").write_text(reqdrift("freeze", cwd=folder).stdout)
        folders[tool] = folder
    return folders


@pytest.fixture
def project(made: dict[str, Path], tmp_path: Path) -> Path:
    """With pip in its environment."""
    return copied(made["pip"], tmp_path)


def copied(folder: Path, place: Path) -> Path:
    return Path(shutil.copytree(folder, place / "project", symlinks=True))


def site_of(project: Path) -> Path:
    return next(project.glob(".venv/lib/*/site-packages"))


def errors(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stdout.splitlines() if "error: " in line]


def witnesses(done: subprocess.CompletedProcess[str]) -> list[str]:
    lines = done.stdout.splitlines()
    return [line.partition(": ")[2] for line in lines if line.startswith("note (witness)")]


def test_pip_agrees_on_every_kind_of_install(project: Path) -> None:
    done = reqdrift("--cross-check", cwd=project)
    assert done.returncode == 0, done.stdout
    installed, listed = witnesses(done)
    pip = next(site_of(project).glob("pip-*.dist-info")).name[4 : -len(".dist-info")]
    # Before Python 3.12 there is setuptools besides.
    assert re.fullmatch(rf"pip {re.escape(pip)} agrees on (1[01]) of \1 distributions", installed)
    assert listed.startswith("pip-api agrees on ")
    assert ", interpreter started)" in done.stdout


def test_without_pip_the_standard_library_speaks(made: dict[str, Path], tmp_path: Path) -> None:
    done = reqdrift("--cross-check", cwd=copied(made["uv"], tmp_path))
    assert done.returncode == 0, done.stdout
    assert witnesses(done)[0] == (
        "there is no pip in the environment; importlib.metadata agrees on 9 of 9 distributions"
    )


def test_settings_of_pip_and_python_do_not_disturb(project: Path) -> None:
    clean = reqdrift("--cross-check", cwd=project)
    add_distribution(project / "poison", "stranger-1.0")
    (project / "pip.conf").write_text("[global]\nrequire-virtualenv = true\nformat = freeze\n")
    (project / "sub").mkdir()
    (project / "stranger.egg-info").write_text("Name: stranger\nVersion: 1\n")
    poison = {
        "PIP_CONFIG_FILE": str(project / "pip.conf"),
        "PIP_REQUIRE_VIRTUALENV": "1",
        "PIP_FORMAT": "freeze",
        "PIP_USER": "1",
        "PIP_LOCAL": "1",
        "PIP_PATH": str(project / "poison"),
        "PIP_EXCLUDE": "lantern",
        "PIP_PYTHON": "/nowhere",
        "PIP_NOT_REQUIRED": "1",
        "PIPAPI_PYTHON_LOCATION": "/nowhere",
        "PYTHONPATH": str(project / "poison"),
        "PYTHONWARNINGS": "error",
        "PYTHONVERBOSE": "1",
        "HOME": str(project),
    }
    done = reqdrift("--cross-check", cwd=project, env=clean_environ(**poison))
    assert (done.returncode, done.stdout) == (0, clean.stdout)


def test_code_that_pip_runs_and_reqdrift_does_not(project: Path) -> None:
    add_distribution(project / "elsewhere", "stranger-1.0")
    (site_of(project) / "code.pth").write_text(
        f"import sys; sys.path.append({str(project / 'elsewhere')!r})\n"
    )
    assert reqdrift(cwd=project).returncode == 0
    done = reqdrift("--cross-check", cwd=project)
    assert done.returncode == 3
    (error,) = errors(done)
    assert error.startswith("error: cross-check: pip ")
    assert error.endswith(f"reads stranger 1.0 ({project}/elsewhere), reqdrift does not")
    # The exit code is no smaller for what else there is, and the line is in every format.
    (project / "requirements.txt").write_text("-r nowhere.txt\n")
    done = reqdrift("--cross-check", "--format", "json", cwd=project)
    assert done.returncode == 3
    report = json.loads(done.stdout)
    assert report["verdict"] == "failed"
    assert [error["line"] for error in report["errors"]] == [1, None]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise RuntimeError('torn apart')\n", "RuntimeError: torn apart"),
        (
            "import sys\nwhile True:\n    sys.stdout.write('x' * 1_000_000)\n",
            "its output is too long",
        ),
    ],
)
def test_a_pip_that_fails_or_never_stops_talking_is_no_witness(
    project: Path, code: str, reason: str
) -> None:
    (site_of(project) / "pip" / "__main__.py").write_text(code)
    done = reqdrift("--cross-check", cwd=project)
    assert done.returncode == 3
    assert errors(done) == [
        f"error: cross-check: the environment's pip fails: {reason}; fix it, or check without"
        " --cross-check"
    ]


def test_an_interpreter_that_hangs_is_ended(project: Path) -> None:
    python = project / "python"
    python.write_text(
        f"#!/bin/sh\necho $$ > {project}/new && mv {project}/new {project}/pid\nsleep 600\n"
    )
    python.chmod(0o755)
    begun = time.monotonic()
    # The limit counts from the start of the process that starts it: a busy machine takes longer.
    for seconds in (2, 10, 50):
        with pytest.raises(EnvironmentReadError, match=f"no answer in {seconds} seconds"):
            read_through_pip(str(python), (), (), seconds=seconds)
        if (project / "pid").exists():
            break
    assert time.monotonic() - begun < 300
    pid = (project / "pid").read_text().strip()
    # Gone, if perhaps not yet buried; the kernel may take a moment to end it.
    for _ in range(100):
        state = run("ps", "-o", "stat=", "-p", pid, cwd=project, check=False).stdout.strip()
        if state[:1] in ("", "Z"):
            break
        time.sleep(0.1)
    assert state[:1] in ("", "Z")


def old_pythons() -> list[str]:
    """Installations as they are, each with a pip of its age."""
    by_age = sorted(interpreters().items(), key=lambda item: int(item[0].partition(".")[2]))
    return [path for path in (python27(), by_age[0][1]) if path]


@pytest.mark.parametrize("python", old_pythons())
def test_an_installation_of_any_age(python: str, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("")
    options = ("--severity", "extra=off")
    done = reqdrift("--cross-check", "--python", python, *options, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "agrees on" in witnesses(done)[0]


def test_pip_api_reads_each_line_by_itself(project: Path) -> None:
    (project / "pkg").mkdir()
    (project / "pkg" / "pyproject.toml").write_text('[project]\nname = "Parcel"\n')
    text = (
        "# a comment \\\nFoo == 1.0  # another\n\n"
        f"bar[x]>=1,<2 \\\n  ; python_version > '3' \\\n  --hash=sha256:{'0' * 64}\n"
        "foo==2 ; python_version < '3'\nfoo==3\nbaz==1 \\\n# ended\nqux==${X}\n"
        "--pre\nsix==1 --config-settings a=b\n-r other.txt\n= 1\n"
        f"-e {project}/pkg\n-e {project}/pkg word\npkg @ https://host/a.zip\nlast==1 \\"
    )
    python = str(project / ".venv" / "bin" / "python")
    reader, installed, files = read_through_pip(python, (), ("", text))
    assert reader.startswith("pip ")
    assert ("lantern", "1.0", str(site_of(project))) in map(tuple, installed)
    assert files
    nothing, read = files
    assert [*nothing] == []
    assert [*map(tuple, read)] == [
        *((1, "", ""), (2, "Foo", "==1.0"), (3, "", ""), (4, "bar", "<2,>=1"), (7, "", "")),
        *((8, "foo", "==3"), (9, "baz", "==1"), (16, "Parcel", ""), (18, "pkg", "")),
        (19, "last", "==1"),
    ]


def test_nothing_in_the_environment_changes(project: Path) -> None:
    wheel = make_wheel(project / "wheels", "late", "1.0")
    run(
        project / ".venv/bin/python",
        "-m",
        "pip",
        "install",
        "-q",
        "--no-compile",
        wheel,
        cwd=project,
    )
    shutil.rmtree(site_of(project) / "pip" / "__pycache__", ignore_errors=True)
    before = {path: path.lstat().st_mtime_ns for path in project.rglob("*")}
    reqdrift("--cross-check", cwd=project)
    assert {path: path.lstat().st_mtime_ns for path in project.rglob("*")} == before
