"""From a clone to a green gate, with a real pip, git and hook: each command as it is advised."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, reqdrift, run, run_git


@pytest.mark.long  # it installs everything
def test_from_a_clone_to_a_green_gate(project: Path) -> None:
    wheels = project.parent / "wheels"
    make_wheel(wheels, "lamp", "1.0", "Requires-Dist: wick")
    for name in ("wick", "stray", "other"):
        make_wheel(wheels, name, "1.0")
    (project / ".git").rmdir()
    run_git("init", "--quiet", cwd=project)
    (project / ".gitignore").write_text(".venv\n")
    (project / "requirements.txt").write_text(
        f"--no-index\n--find-links {wheels}\nlamp==1.0\nwick==1.0\n"
    )
    run(SCRIPTS / "python", "-m", "venv", ".venv", cwd=project)

    # Nothing is installed: the first line has the command.
    first = reqdrift(cwd=project).stdout.splitlines()[0]
    run("sh", "-ec", first.rpartition(": ")[2], cwd=project)
    assert reqdrift(cwd=project).returncode == 0

    # What is there already is ignored.
    pip = (project / ".venv/bin/pip", "install", "--quiet", "--no-index", "--find-links", wheels)
    run(*pip, "stray", cwd=project)
    assert reqdrift(cwd=project).returncode == 1
    run(SCRIPTS / "reqdrift", "init", "--write", cwd=project)
    assert reqdrift(cwd=project).returncode == 0

    # The gate: a commit is stopped by new drift only, and its first line is the finding.
    hook = project / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec '{SCRIPTS}/reqdrift' --staged 2>&1\n")
    hook.chmod(0o755)
    identity = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org")
    commit = ("git", *identity, "commit", "--quiet", "--allow-empty", "--message", "A change")
    env = clean_environ(PATH=f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}")
    run_git("add", "--all", cwd=project)
    run(*commit, cwd=project, env=env)
    run(*pip, "other", cwd=project)
    stopped = run(*commit, cwd=project, env=env, check=False)
    assert stopped.returncode == 1
    assert stopped.stderr.splitlines()[0] == (
        "requirements.txt: extra: other 1.0 is installed but not listed; "
        "no installed package needs it"
    )

    # What is ignored and gone is named.
    run(project / ".venv/bin/pip", "uninstall", "--quiet", "--yes", "stray", cwd=project)
    assert "ignore 'stray' matches nothing; remove it" in reqdrift(cwd=project).stdout
