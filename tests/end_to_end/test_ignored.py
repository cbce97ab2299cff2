"""What is ignored stays: after `fix`, or after the plan, the check is clean."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, reqdrift, run

UV = SCRIPTS / "uv"
FILE = "rope==1.0\nmug\nwick==2.0\n"


@pytest.fixture(params=[pytest.param("pip", marks=pytest.mark.long), "uv"])
def camp(request: pytest.FixtureRequest, project: Path) -> Path:
    """A project that began with a range, and with `stray` and what it needs.

    `wick` is another version, by a decision.
    """
    house = project / "house"
    for release in ("rope-1.0", "rope-2.0", "mug-1.0", "mug-2.0", "wick-1.0", "hook-1.0"):
        make_wheel(house, *release.split("-"))
    for release in ("wick-1.1", "wick-2.0", "other-1.0"):
        make_wheel(house, *release.split("-"))
    make_wheel(house, "stray", "1.0", "Requires-Dist: hook")
    run(UV, "venv", "--quiet", "--python", SCRIPTS / "python", cwd=project)
    if request.param == "pip":
        run(UV, "pip", "install", "--quiet", "--python", ".venv", "pip", cwd=project)
    install(project, "rope==1.0", "mug==2.0", "wick==1.0", "stray", "hook")
    (project / "requirements.txt").write_text(FILE)
    assert reqdrift(cwd=project).returncode == 1
    written = reqdrift("init", "--write", cwd=project)
    assert "the table ignores 3 findings" in written.stderr
    assert "1 error left: reqdrift plan" in written.stderr
    assert "version: wick 1.0" in reqdrift("--quiet", cwd=project).stdout
    table = project / "pyproject.toml"
    entry = '  { name = "wick", kinds = ["version"], installed = "1.0" },\n]'
    head, _, tail = table.read_text().rpartition("]")
    table.write_text(f"{head}{entry}{tail}")
    done = reqdrift(cwd=project)
    assert done.returncode == 0, done.stdout
    return project


def install(camp: Path, *releases: str) -> None:
    house = ("--offline", "--no-index", "--find-links", camp / "house")
    run(UV, "pip", "install", "--quiet", *house, "--python", ".venv", *releases, cwd=camp)


def follow(camp: Path, *words: str) -> subprocess.CompletedProcess[str]:
    house, path = str(camp / "house"), f"{SCRIPTS}:/usr/bin:/bin"
    offline = {"UV_OFFLINE": "1", "UV_FIND_LINKS": house, "PIP_NO_INDEX": "1"}
    environ = clean_environ(PATH=path, PIP_FIND_LINKS=house, **offline)
    script = reqdrift("plan", *words, cwd=camp, env=environ)
    run("sh", "-c", script.stdout, cwd=camp, env=environ)
    return script


def test_the_plan_leaves_it(camp: Path) -> None:
    """An installation of the file would change it, so that is left to the reader."""
    install(camp, "rope==2.0", "other")
    script = follow(camp)
    assert "not fixed: requirements.txt:1: rope 2.0 is installed" in script.stderr
    assert "requirements.txt:3: installing the file would change wick 1.0" in script.stderr
    after = reqdrift("--verbose", cwd=camp)
    assert (after.returncode, "matches nothing" in after.stdout) == (1, False)
    installed = reqdrift("freeze", cwd=camp).stdout.split()
    assert {"rope==2.0", "wick==1.0"} <= {*installed}
    assert not any(line.startswith("other") for line in installed)


def test_fix_leaves_it(camp: Path) -> None:
    install(camp, "rope==2.0")
    patch = reqdrift("diff", cwd=camp)
    assert "wick" not in [line[1:5] for line in patch.stdout.splitlines() if line[0] in "+-"]
    assert reqdrift("fix", cwd=camp).returncode == 0
    assert (camp / "requirements.txt").read_text() == FILE.replace("rope==1.0", "rope==2.0")
    after = reqdrift("--verbose", cwd=camp)
    assert (after.returncode, "matches nothing" in after.stdout) == (0, False)


def test_nothing_is_done_about_it(camp: Path) -> None:
    for command in ("plan", "diff"):
        done = reqdrift(command, cwd=camp)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert reqdrift("fix", cwd=camp).stdout == "nothing to change\n"


def test_what_is_new_is_found(camp: Path) -> None:
    install(camp, "other", "wick==1.1")
    found = reqdrift("--quiet", cwd=camp).stdout
    assert [line.split(": ")[1] for line in found.splitlines()] == ["extra", "version"]
    assert "wick 1.1" in found
    assert "other 1.0" in found
    assert "ignore 'wick' (installed 1.0) matches nothing; remove it" in reqdrift(cwd=camp).stdout


def test_a_changed_pin_is_found(camp: Path) -> None:
    (camp / "requirements.txt").write_text(FILE.replace("mug", "mug==1.0"))
    found = reqdrift("--quiet", cwd=camp).stdout.splitlines()
    assert found == [
        "requirements.txt:2: version: mug 2.0 is installed, but the file says mug==1.0"
    ]
