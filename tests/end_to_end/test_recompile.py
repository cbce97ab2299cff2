"""The command that makes a compiled file follow the environment is run, and the check is clean."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from workshop import commit, make_project, make_wheel, serving

from support import SCRIPTS, clean_environ, reqdrift, run, run_git

# Real compilers run after each change.
pytestmark = pytest.mark.long

UV = SCRIPTS / "uv"
PYPROJECT = """\
[project]
name = "hut"
version = "1.0"
requires-python = ">=3.9"
dependencies = [
    "lantern",
    "compass>=0.9",
]
"""


@pytest.fixture
def hut(project: Path) -> Path:
    house = project / "house"
    make_wheel(house, "lantern", "1.0", "Requires-Dist: wick")
    make_wheel(house, "lantern", "2.0", "Requires-Dist: wick")
    for release in ("compass-0.9", "compass-1.0", "wick-1.0", "wick-1.1", "awning-1.0"):
        make_wheel(house, *release.split("-"))
    make_wheel(house, "awning", "2.0")
    (project / "requirements.in").write_text("lantern\ncompass>=0.9\n")
    (project / "pyproject.toml").write_text(PYPROJECT)
    run(UV, "venv", "--quiet", "--python", SCRIPTS / "python", cwd=project)
    return project


def environ(hut: Path, *paths: Path) -> dict[str, str]:
    """No index; uv's header does not say where its wheels are."""
    path = ":".join(map(str, (*paths, SCRIPTS, "/usr/bin", "/bin")))
    house = str(hut / "house")
    return clean_environ(
        PATH=path,
        UV_NO_INDEX="1",
        UV_OFFLINE="1",
        UV_FIND_LINKS=house,
        PIP_NO_INDEX="1",
        PIP_FIND_LINKS=house,
    )


def hint(folder: Path, *words: str) -> tuple[str, str]:
    """What to do first, and the command."""
    printed = reqdrift(*words, cwd=folder).stdout
    found = re.search(
        r"^hint: (if the environment is right.*?): ((?:uv|pip-compile|cd) .*)$", printed, re.M
    )
    assert found, printed
    return found[1], found[2]


def follow(hut: Path, file: str, *tools: Path) -> None:
    """Do what the hint says."""
    purpose, command = hint(hut, file)
    for new, source in re.findall(r", add `(.+?)` to ([^,]+)", purpose):
        path = hut / source
        text = path.read_text()
        is_table = source.endswith(".toml")
        path.write_text(
            text.replace("[\n", f'[\n    "{new}",\n', 1) if is_table else f"{text}{new}\n"
        )
    for old, source, new in re.findall(
        r", change `(.+?)` in (\S+?)(?::\d+)? to (allow|`.+?`)", purpose
    ):
        path = hut / source
        new = re.split("[<>=~!]", old)[0] if new == "allow" else new.strip("`")
        path.write_text(path.read_text().replace(old, new, 1))
    run("sh", "-c", command, cwd=hut, env=environ(hut, *tools))
    assert reqdrift(file, cwd=hut).returncode == 0


def install(hut: Path, *releases: str) -> None:
    python = ("--quiet", "--python", ".venv")
    run(UV, "pip", "install", *python, *releases, cwd=hut, env=environ(hut))


MAKERS = {
    "pylock.toml": "uv pip compile requirements.in --format pylock.toml -o pylock.toml",
    "exported.txt": "uv export --no-emit-project -o exported.txt",
    "pylock.dev.toml": "uv export --no-emit-project --format pylock.toml -o pylock.dev.toml",
    "hashed.txt": "uv pip compile --generate-hashes requirements.in -o hashed.txt",
}


@pytest.fixture(params=MAKERS)
def compiled(request: pytest.FixtureRequest, hut: Path) -> tuple[Path, str]:
    run("sh", "-c", MAKERS[request.param], cwd=hut, env=environ(hut))
    install(hut, "-r", request.param)
    assert reqdrift(request.param, cwd=hut).returncode == 0
    return hut, request.param


def test_other_versions_and_something_new(compiled: tuple[Path, str]) -> None:
    hut, file = compiled
    install(hut, "lantern==1.0", "compass==0.9", "wick==1.0", "awning==1.0")
    _, command = hint(hut, file)
    printed = reqdrift("fix", file, "--python", ".venv", cwd=hut).stdout
    assert printed.count(f"run: {command}") == 1
    follow(hut, file)


@pytest.mark.parametrize("marker", ["", "; python_version >= '3.8'"])
def test_a_source_that_forbids_it(compiled: tuple[Path, str], marker: str) -> None:
    hut, file = compiled
    for source in ("requirements.in", "pyproject.toml"):
        text = (hut / source).read_text()
        (hut / source).write_text(text.replace("compass>=0.9", f"compass>=1{marker}"))
    install(hut, "compass==0.9")
    purpose, _ = hint(hut, file)
    assert f"change `compass>=1{marker}` in " in purpose
    follow(hut, file)


def test_branches(compiled: tuple[Path, str]) -> None:
    """The commit that is installed goes into the source that names the project, or into one."""
    hut, file = compiled
    references = []
    for name in ("compass", "awning"):
        branch = make_project(hut / name, name, "1.0")
        references.append(f"{name} @ git+{branch.as_uri()}@{commit(branch)}")
        install(hut, references[-1])
    purpose, _ = hint(hut, file)
    assert f"add `{references[1]}`" in purpose
    assert "change `compass>=0.9` in " in purpose
    assert f" to `{references[0]}`" in purpose
    follow(hut, file)
    install(hut, "--reinstall-package=compass", "compass==1.0")
    purpose, _ = hint(hut, file)
    assert " to `compass==1.0`" in purpose
    follow(hut, file)


def test_pip_compile(hut: Path, tmp_path: Path) -> None:
    run(UV, "venv", "--quiet", "--python", SCRIPTS / "python", tmp_path / "tool", cwd=tmp_path)
    run(UV, "pip", "install", "--quiet", "--python", tmp_path / "tool", "pip-tools", cwd=tmp_path)
    tools = tmp_path / "tool" / "bin"
    for options in ("--strip-extras", "--strip-extras --generate-hashes -o requirements.txt"):
        (hut / "requirements.in").write_text("lantern\ncompass>=0.9\n")
        (hut / "requirements.txt").unlink(missing_ok=True)
        run("sh", "-c", f"pip-compile --quiet {options}", cwd=hut, env=environ(hut, tools))
        run(UV, "pip", "sync", "--quiet", "requirements.txt", cwd=hut, env=environ(hut))
        install(hut, "lantern==1.0", "compass==0.9", "wick==1.0", "awning==1.0")
        follow(hut, "requirements.txt", tools)
        branch = make_project(tmp_path / "branch", "compass", "1.0")
        head = commit(branch)
        shutil.rmtree(tmp_path / "served", ignore_errors=True)
        run_git("clone", "--quiet", "--bare", branch, "served/compass.git", cwd=tmp_path)
        run_git("update-server-info", cwd=tmp_path / "served" / "compass.git")
        with serving(tmp_path / "served") as url:  # pip-compile rewrites the URLs of files
            git = f"compass @ git+{url}/compass.git@{head}"
            words = ("--quiet", "--python", ".venv", "--no-deps")
            env = {**environ(hut), "UV_OFFLINE": "0"}  # uv fetches nothing over HTTP if offline
            run(UV, "pip", "install", *words, "--no-index", git, cwd=hut, env=env)
            follow(hut, "requirements.txt", tools)
