"""What the baseline accepts stays: after `fix`, or after the plan, the check is clean."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, reqdrift, run

UV = SCRIPTS / "uv"
LEFT_ALONE = (
    "reqdrift: 4 findings of reqdrift-baseline.json are left alone; --no-baseline includes them\n"
)
FILE = "rope==1.0\nmug==1.0\nwick==2.0\n"


@pytest.fixture(params=[pytest.param("pip", marks=pytest.mark.long), "uv"])
def camp(request: pytest.FixtureRequest, project: Path) -> Path:
    """A project that has accepted three findings, and drifts once more since.

    `mug` may be another version, `wick` need not be there, `stray` and what it needs may stay.
    """
    house = project / "house"
    for release in ("rope-1.0", "rope-2.0", "mug-1.0", "mug-2.0", "wick-2.0", "hook-1.0"):
        make_wheel(house, *release.split("-"))
    make_wheel(house, "stray", "1.0", "Requires-Dist: hook")
    run(UV, "venv", "--quiet", "--python", SCRIPTS / "python", cwd=project)
    if request.param == "pip":
        run(UV, "pip", "install", "--quiet", "--python", ".venv", "pip", cwd=project)
    install(project, "rope==1.0", "mug==2.0", "stray", "hook")
    (project / "requirements.txt").write_text(FILE)
    assert reqdrift("--unlisted", "orphans", cwd=project).returncode == 1
    (project / "pyproject.toml").write_text('[tool.reqdrift]\nunlisted = "orphans"\n')
    reqdrift("baseline", cwd=project)
    assert reqdrift(cwd=project).returncode == 0
    return project


def install(camp: Path, *releases: str) -> None:
    environ = clean_environ(UV_NO_INDEX="1", UV_FIND_LINKS=str(camp / "house"))
    python = ("--quiet", "--python", ".venv")
    run(UV, "pip", "install", *python, *releases, cwd=camp, env=environ)


def follow(camp: Path, *words: str) -> subprocess.CompletedProcess[str]:
    house, path = str(camp / "house"), f"{SCRIPTS}:/usr/bin:/bin"
    environ = clean_environ(
        PATH=path, UV_NO_INDEX="1", UV_FIND_LINKS=house, PIP_NO_INDEX="1", PIP_FIND_LINKS=house
    )
    script = reqdrift("plan", *words, cwd=camp, env=environ)
    run("sh", "-c", script.stdout, cwd=camp, env=environ)
    return script


def test_the_plan_leaves_it(camp: Path) -> None:
    install(camp, "rope==2.0")
    script = follow(camp)
    assert script.stderr == LEFT_ALONE
    after = reqdrift("--verbose", cwd=camp)
    assert (after.returncode, "no longer needed" in after.stdout) == (0, False)


def test_fix_leaves_it(camp: Path) -> None:
    install(camp, "rope==2.0")
    patch = reqdrift("diff", cwd=camp)
    assert patch.stderr == LEFT_ALONE
    assert "wick" not in [line[1:5] for line in patch.stdout.splitlines() if line[0] in "+-"]
    done = reqdrift("fix", cwd=camp)
    assert (done.returncode, done.stderr) == (0, LEFT_ALONE)
    assert (camp / "requirements.txt").read_text() == FILE.replace("rope==1.0", "rope==2.0")
    after = reqdrift("--verbose", cwd=camp)
    assert (after.returncode, "no longer needed" in after.stdout) == (0, False)


def test_nothing_is_done_about_the_baseline_alone(camp: Path) -> None:
    for command in ("plan", "diff"):
        done = reqdrift(command, cwd=camp)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", LEFT_ALONE)
    assert reqdrift("fix", cwd=camp).stdout == "nothing to change\n"


def test_unless_it_is_asked_for(camp: Path) -> None:
    assert "reqdrift plan --no-baseline | sh" in reqdrift("--no-baseline", cwd=camp).stdout
    assert follow(camp, "--no-baseline").stderr == ""
    assert reqdrift("--no-baseline", cwd=camp).returncode == 0
    install(camp, "rope==2.0")
    assert reqdrift("fix", "--no-baseline", cwd=camp).stderr == ""
    assert (camp / "requirements.txt").read_text() == FILE.replace("rope==1.0", "rope==2.0")
