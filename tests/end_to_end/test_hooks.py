"""Real commits through the real pre-commit and the real prek, whose hook is this working tree.

However the commit is made, the hook must check the project's environment and not its own.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from hooks import (
    BARE_PATH,
    Project,
    Runner,
    Virtualenv,
    assert_clean,
    assert_drift,
    output,
)

from support import (
    REPOSITORY,
    SCRIPTS,
    add_distribution,
    clean_environ,
    run,
    run_git,
)

GIT_CONFIG = "git config reqdrift.python"


@pytest.fixture(scope="session")
def hook_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose commit holds the working tree."""
    folder = tmp_path_factory.mktemp("hooks") / "repository"
    names = run_git("ls-files", "-co", "--exclude-standard", "-z", cwd=REPOSITORY).split("\0")
    for name in filter(None, names):
        if (REPOSITORY / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)
    run_git("init", "-q", cwd=folder)
    run_git("add", "--all", cwd=folder)
    run_git("commit", "-q", "-m", "the working tree", cwd=folder)
    return folder


# Each worker installs the hook once; pip takes far longer than uv.
@pytest.fixture(
    scope="session", params=[pytest.param("pre-commit", marks=pytest.mark.long), "prek"]
)
def runner(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, hook_repository: Path
) -> Runner:
    home = tmp_path_factory.mktemp(f"{request.param}-home")
    runner = Runner(request.param, home, hook_repository)
    user = tmp_path_factory.mktemp("first-user")
    (user / ".pre-commit-config.yaml").write_text(runner.config("id: reqdrift"))
    run_git("init", "-q", cwd=user)
    run(runner.program, "install-hooks", cwd=user, env=clean_environ(**runner.homes))
    return runner


@pytest.fixture
def project(tmp_path: Path, runner: Runner) -> Project:
    return Project(tmp_path / "project", runner)


@pytest.fixture
def outside(tmp_path: Path) -> Virtualenv:
    """A drifted environment that is not in the project's folder."""
    return Virtualenv(tmp_path / "outside", "six-1.15.0")


def test_an_activated_environment_outside_the_project(
    project: Project, outside: Virtualenv
) -> None:
    assert_drift(
        project.commit(activate=outside.prefix), outside.prefix, "activated before the hook"
    )
    outside.install("six-1.16.0")
    assert_clean(
        project.commit(activate=outside.prefix), outside.prefix, "activated before the hook"
    )


def test_a_virtualenv_in_the_project_that_is_not_activated(project: Project) -> None:
    environment = Virtualenv(project.folder / ".venv", "six-1.15.0")
    assert_drift(project.commit(), ".venv", ".venv")
    environment.install("six-1.16.0")
    assert_clean(project.commit(), ".venv", ".venv")


def test_a_run_over_all_files(project: Project, outside: Virtualenv) -> None:
    env = clean_environ(**project.runner.homes, REQDRIFT_PYTHON=str(outside.prefix))
    command = (project.runner.program, "run", "--all-files")
    assert_drift(
        run(*command, cwd=project.folder, env=env, check=False), outside.prefix, "REQDRIFT_PYTHON"
    )
    outside.install("six-1.16.0")
    assert_clean(
        run(*command, cwd=project.folder, env=env, check=False), outside.prefix, "REQDRIFT_PYTHON"
    )


def test_git_config_holds_in_a_worktree_and_its_own_beats_the_activated(
    project: Project, outside: Virtualenv
) -> None:
    tree = project.folder.parent / "tree"
    run_git("worktree", "add", "-q", "../tree", cwd=project.folder)
    run_git("config", "reqdrift.python", outside.prefix, cwd=project.folder)
    assert_drift(project.commit(folder=tree), outside.prefix, GIT_CONFIG)
    run_git("config", "--unset", "reqdrift.python", cwd=project.folder)
    main = Virtualenv(project.folder / ".venv", "six-1.15.0")
    Virtualenv(tree / ".venv", "six-1.16.0")
    assert_clean(project.commit(folder=tree, activate=main.prefix), ".venv", ".venv")


@pytest.mark.parametrize("activated", [None, "b"])
def test_each_service_of_a_monorepo_has_its_own(
    tmp_path: Path, runner: Runner, activated: str | None
) -> None:
    folder = tmp_path / "project"
    services = {}
    for name, release in (("a", "attrs-1.0"), ("b", "idna-1.0")):
        service = folder / "services" / name
        service.mkdir(parents=True)
        (service / "requirements.txt").write_text(f"{release.partition('-')[0]}==2.0\n")
        services[name] = Virtualenv(service / ".venv", release)
    hook = "id: reqdrift, name: {0}, args: [services/{0}/requirements.txt]"
    project = Project(folder, runner, hook.format("a"), hook.format("b"))
    activate = services[activated].prefix if activated else None
    drift_of_a = "services/a/requirements.txt:1: version: attrs 1.0 is installed"
    drift_of_b = "services/b/requirements.txt:1: version: idna 1.0 is installed"

    text = output(project.commit(activate=activate))
    assert drift_of_a in text
    assert drift_of_b in text
    services["a"].install("attrs-2.0")
    done = project.commit(activate=activate)
    assert done.returncode == 1
    assert drift_of_a not in output(done)
    assert drift_of_b in output(done)
    services["b"].install("idna-2.0")
    done = project.commit(activate=activate)
    assert done.returncode == 0, output(done)
    for name in services:
        assert f"1 distribution in services/{name}/.venv" in output(done)


def test_no_environment_fails_and_says_what_to_do(project: Project, outside: Virtualenv) -> None:
    done = project.commit()
    text = done.stdout + done.stderr
    assert done.returncode == 1
    assert "exit code: 3" in text
    assert "no environment found" in text
    assert f"(VIRTUAL_ENV, the environment that reqdrift runs in): {project.runner.name}'s" in text
    assert f"no .venv, venv, env in {project.folder}" in text
    assert "`ci: {skip: [reqdrift]}`" in text
    # What it says settles it.
    assert "git config reqdrift.python /path/to/environment" in text
    outside.install("six-1.16.0")
    run_git("config", "reqdrift.python", outside.prefix, cwd=project.folder)
    assert_clean(project.commit(), outside.prefix, GIT_CONFIG)


def test_the_system_hook_runs_the_reqdrift_on_path(
    tmp_path: Path, runner: Runner, outside: Virtualenv
) -> None:
    project = Project(tmp_path / "project", runner, "id: reqdrift-system")
    command = outside.prefix / "bin" / "reqdrift"
    command.write_text(f'#!/bin/sh\nexec "{SCRIPTS}/reqdrift" "$@"\n')
    command.chmod(0o755)
    assert_drift(project.commit(activate=outside.prefix), outside.prefix, "VIRTUAL_ENV")
    outside.install("six-1.16.0")
    assert_clean(project.commit(activate=outside.prefix), outside.prefix, "VIRTUAL_ENV")
    assert project.commit().returncode == 1  # no reqdrift: no silent pass


def test_the_first_run_of_the_fixer_changes_the_file_and_the_second_passes(
    tmp_path: Path, runner: Runner
) -> None:
    fixed = Project(tmp_path / "project", runner, "id: reqdrift-fix")
    environment = Virtualenv(fixed.folder / ".venv", "six-1.16.0")
    file = fixed.folder / "requirements.txt"
    done = fixed.commit()
    assert done.returncode == 0, output(done)
    assert file.read_text() == "six==1.16.0\n"
    environment.install("six-1.17.0")
    add_distribution(environment.site, "attrs-1.0")
    # Surely after the commits before it.
    for name in ("six-1.17.0", "attrs-1.0"):
        record = environment.site / f"{name}.dist-info" / "RECORD"
        os.utime(record, (0, record.stat().st_mtime + 60))
    done = fixed.commit()
    assert done.returncode == 1
    assert "files were modified by this hook" in output(done)
    assert file.read_text() == "attrs==1.0\nsix==1.17.0\n"
    # Nobody's change is committed for them.
    assert run_git("show", "HEAD:requirements.txt", cwd=fixed.folder) == "six==1.16.0"
    run_git("add", "requirements.txt", cwd=fixed.folder)
    done = fixed.commit()
    assert done.returncode == 0, output(done)


def test_the_manifest_is_valid(runner: Runner) -> None:
    run(runner.program, "validate-manifest", ".pre-commit-hooks.yaml", cwd=REPOSITORY)


def test_whenever_the_files_or_the_environment_may_have_parted(
    tmp_path: Path, runner: Runner
) -> None:
    """Two clones of one repository; ours has a `.venv` that fits, and every hook installed."""
    origin = Project(tmp_path / "origin", runner, "id: reqdrift", "id: reqdrift-remind").folder
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for clone in (ours, theirs):
        run_git("clone", "-q", origin, clone, cwd=tmp_path)
        run_git("config", "user.name", "Nobody", cwd=clone)
        run_git("config", "user.email", "nobody@example.org", cwd=clone)
    run_git("config", "receive.denyCurrentBranch", "ignore", cwd=origin)
    environment = Virtualenv(ours / ".venv", "six-1.16.0")
    types = ("pre-push", "pre-merge-commit", "post-checkout", "post-merge", "post-rewrite")
    words = [word for kind in types for word in ("--hook-type", kind)]
    env = clean_environ(PATH=BARE_PATH, **runner.homes)
    run(runner.program, "install", *words, cwd=ours, env=env)

    def git(*words: str, code: int = 0) -> str:
        done = run("git", *words, cwd=ours, env=env, check=False)
        assert bool(done.returncode) == bool(code), output(done)
        return output(done)

    def reminds(text: str) -> bool:
        lines = {line.strip() for line in text.splitlines() if "to install" in line}
        assert all(
            re.fullmatch(r"1 package to install: .*bin/reqdrift plan \| sh", x) for x in lines
        )
        return bool(lines)

    def change(clone: Path, version: str) -> None:
        (clone / "requirements.txt").write_text(f"six=={version}\n")
        run_git("commit", "-qam", f"bump six to {version}", "--no-verify", cwd=clone)

    change(theirs, "1.17.0")
    run_git("push", "-q", cwd=theirs)
    assert reminds(git("pull", "--no-rebase"))
    assert not reminds(git("checkout", "HEAD~1"))
    assert reminds(git("checkout", "-"))
    assert not reminds(git("checkout", "-b", "newest"))
    assert not reminds(git("checkout", "HEAD~1", "--", "requirements.txt"))
    git("checkout", "-q", "-f", "-")
    (ours / "notes.txt").write_text("ours\n")
    run_git("add", "notes.txt", cwd=ours)
    run_git("commit", "-q", "--no-verify", "-m", "ours", cwd=ours)
    assert "six 1.16.0 is installed" in git("push", code=1)
    change(theirs, "1.18.0")
    run_git("push", "-q", cwd=theirs)
    run_git("fetch", "-q", cwd=ours)
    assert "six 1.16.0 is installed" in git("merge", "--no-edit", "@{upstream}", code=1)
    run_git("merge", "--abort", cwd=ours)
    assert reminds(git("pull", "--rebase"))
    environment.install("six-1.18.0")
    git("push")
    run(runner.program, "run", "--hook-stage", "manual", "reqdrift", cwd=ours, env=env)
    shutil.rmtree(ours / ".venv")
    printed = git("checkout", "HEAD~1")
    assert "no environment found for these requirements; create one: " in printed
