"""`-e git+URL@REVISION#egg=NAME` against the checkout that pip made, and what became of it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from workshop import commit, make_project, make_wheel

from support import SCRIPTS, clean_environ, reqdrift, run, run_git

REST = "to install the rest, use pip with a copy of the file without this line"


class Loft(NamedTuple):
    """A project whose environment has a checkout of kite at its tag v1.

    `origin` has two commits: v1 (and v1a, annotated) names the first, v2 (v2a) and main the second.
    """

    folder: Path
    origin: Path
    first: str
    second: str

    @property
    def checkout(self) -> Path:
        return self.folder / ".venv" / "src" / "kite"

    def git(self, *words: str | Path) -> str:
        return run_git(*words, cwd=self.checkout)

    def line(self, revision: str, url: str = "") -> str:
        return f"-e git+{url or self.origin.as_uri()}{revision}#egg=kite\n"

    def report(self, text: str, *words: str) -> dict[str, Any]:
        (self.folder / "requirements.txt").write_text(text)
        done = reqdrift(*words, "--format", "json", cwd=self.folder)
        report: dict[str, Any] = json.loads(done.stdout)
        assert not report["errors"]
        return report

    def source(self, text: str) -> str:
        """What is wrong with the source of kite; a note on it in brackets; '' if it is right."""
        report = self.report(text)
        assert {f["kind"] for f in report["findings"]} <= {"source", "unpinned"}
        found = [f["message"] for f in report["findings"] if f["kind"] == "source"]
        found += [f"({n['message']})" for n in report["notes"] if n["reason"] == "unsure"]
        return found[0] if found else ""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Loft:
    root = tmp_path_factory.mktemp("loft").resolve()
    origin = make_project(root / "origin" / "kite", "kite", "1.0")
    commits = []
    for version in ("1", "2"):
        commits.append(commit(origin, version))
        run_git("tag", f"v{version}", cwd=origin)
        run_git("tag", "--annotate", "-m", version, f"v{version}a", cwd=origin)
    run_git("branch", "--move", "main", cwd=origin)
    folder = root / "project"
    folder.mkdir()
    run_git("init", "--quiet", cwd=folder)
    loft = Loft(folder, origin, *commits)
    run(SCRIPTS / "virtualenv", "--quiet", "--no-setuptools", ".venv", cwd=folder)
    install(loft, "@v1")
    return loft


def install(loft: Loft, revision: str) -> None:
    words = ("install", "--quiet", "--no-index", "--no-build-isolation", "--no-deps")
    line = loft.line(revision).split()
    run(loft.folder / ".venv" / "bin" / "pip", *words, *line, cwd=loft.folder)


@pytest.fixture
def loft(made: Loft, tmp_path: Path) -> Iterator[Loft]:
    """The project; its checkout is afterwards as it was before."""
    shutil.copytree(made.checkout, tmp_path / "kept", symlinks=True)
    yield made
    shutil.rmtree(made.checkout)
    shutil.copytree(tmp_path / "kept", made.checkout, symlinks=True)


@pytest.mark.parametrize("revision", ["@v1", "@v1a", "", "@{first}", "@HEAD"])
def test_what_pip_checked_out_is_right(loft: Loft, revision: str) -> None:
    assert loft.source(loft.line(revision.format(first=loft.first))) == ""


def test_what_pip_freezes_is_right(loft: Loft) -> None:
    pip = loft.folder / ".venv" / "bin" / "pip"
    frozen = run(pip, "freeze", cwd=loft.folder).stdout
    assert f"@{loft.first}#egg=kite" in frozen
    assert loft.report(frozen)["findings"] == []
    loft.git("checkout", "--quiet", "v2")
    assert "the checkout" in loft.source(frozen)
    frozen = run(pip, "freeze", cwd=loft.folder).stdout
    assert f"@{loft.second}#egg=kite" in frozen
    assert loft.report(frozen)["findings"] == []


@pytest.mark.parametrize("revision", ["v2", "v2a", "main"])
def test_a_revision_that_is_another_commit(loft: Loft, revision: str) -> None:
    message = loft.source(loft.line(f"@{revision}"))
    assert message == (
        f"kite 1.0: the file says '{revision}', which is commit {loft.second[:12]},"
        f" but the checkout {loft.checkout} is at {loft.first[:12]}"
    )


@pytest.mark.parametrize("revision", ["v9", "0123abc", "v1^{commit}"])
def test_what_the_checkout_cannot_resolve(loft: Loft, revision: str) -> None:
    message = loft.source(loft.line(f"@{revision}"))
    assert message.startswith(f"(kite 1.0: '{revision}' cannot be resolved in the checkout ")


def test_another_repository(loft: Loft) -> None:
    other = "https://example.org/a/kite"
    message = loft.source(loft.line("@v1", other))
    assert message == (
        f"kite 1.0: the file says {other},"
        f" but the checkout {loft.checkout} is a clone of {loft.origin.as_uri()}"
    )
    # A fork, to which its upstream was added.
    loft.git("remote", "add", "upstream", "git@example.org:a/kite.git")
    assert loft.source(loft.line("@v1", other)) == ""
    assert loft.source(loft.line("@v1")) == ""


def test_a_branch_is_where_the_developer_left_it(loft: Loft) -> None:
    loft.git("checkout", "--quiet", "main")
    assert loft.source(loft.line("@main")) == ""
    loft.git("commit", "--quiet", "--allow-empty", "-m", "Work")
    assert loft.source(loft.line("@main")) == ""
    assert loft.source(loft.line("")) == ""
    loft.git("checkout", "--quiet", "-b", "topic")
    loft.git("commit", "--quiet", "--allow-empty", "-m", "More work")
    assert "the file says 'main'" in loft.source(loft.line("@main"))


def test_a_checkout_that_is_gone_is_not_that_of_the_project_around_it(loft: Loft) -> None:
    shutil.rmtree(loft.checkout / ".git")
    message = loft.source(loft.line(f"@{loft.second}"))
    assert message == f"(kite 1.0: there is no git checkout in {loft.checkout} to compare with)"


def test_another_format_of_refs(loft: Loft) -> None:
    shutil.rmtree(loft.checkout / ".git" / "logs")
    migrated = run(
        "git", "refs", "migrate", "--ref-format=reftable", cwd=loft.checkout, check=False
    )
    if migrated.returncode:
        pytest.skip("this git cannot make a reftable")
    for revision in ("v2", "v2a", loft.second):
        message = loft.source(loft.line(f"@{revision}"))
        assert message.endswith(f"but the checkout {loft.checkout} is at {loft.first[:12]}")
    assert loft.source(loft.line("@v1a")) == ""


def test_nothing_is_known_without_git(
    loft: Loft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    message = loft.source(loft.line("@v2"))
    assert message == (
        f"(kite 1.0: the checkout {loft.checkout} has no readable remote;"
        f" git does not say the commit of the checkout {loft.checkout})"
    )


def test_a_checkout_that_was_cloned_from_nowhere(loft: Loft) -> None:
    loft.git("remote", "remove", "origin")
    message = loft.source(loft.line(f"@{loft.first}"))
    assert message.endswith("has no readable remote)")
    assert "the file says commit" in loft.source(loft.line(f"@{loft.second}"))


def test_the_projects_own_commit_moves_with_every_commit(loft: Loft, tmp_path: Path) -> None:
    own = make_project(tmp_path / "own", "kite", "1.0")
    first = commit(own)
    run_git("worktree", "add", "--quiet", "../tree", cwd=own)
    run(SCRIPTS / "uv", "venv", "--quiet", cwd=own)
    words = ("pip", "install", "--quiet", "--offline", "--no-build-isolation", "-e", ".")
    run(SCRIPTS / "uv", *words, cwd=own)
    commit(own, "Another")
    (tmp_path / "tree" / ".venv").symlink_to("../own/.venv")
    line = loft.line(f"@{first}", "https://example.org/own")
    assert loft._replace(folder=own).source(line) == ""
    # In another working tree, the commit is no matter either, but the folder is.
    found = loft._replace(folder=tmp_path / "tree").source(line)
    assert found.startswith(f"kite 1.0 runs from {own}, not from this checkout {tmp_path}/tree; ")


def test_a_plan_leaves_a_checkout_to_its_developer(loft: Loft) -> None:
    (loft.checkout / "kite.py").write_text("# work\n")
    (loft.folder / "requirements.txt").write_text(loft.line("@v2"))
    script = reqdrift("plan", cwd=loft.folder).stdout
    assert "pip install" not in script
    assert f"; run: git -C {loft.checkout} checkout v2" in script
    # What pip itself would do.
    install(loft, "@v2")
    assert (loft.checkout / "kite.py").read_text() == ""


def test_a_plan_installs_the_rest_if_pip_leaves_the_checkout(loft: Loft, tmp_path: Path) -> None:
    """A freeze names the commit; a branch has to be fetched, and the checkout reset."""
    make_wheel(tmp_path, "knot", "1.0")
    (loft.checkout / "kite.py").write_text("# work\n")
    file = loft.folder / "requirements.txt"
    rest = f"--no-index\n--find-links {tmp_path}\nknot==1.0\n"
    file.write_text(f"{loft.line('@main')}{rest}")
    loft.git("checkout", "--quiet", "main")
    what = f"requirements.txt:1: pip would discard uncommitted changes in {loft.checkout}"
    assert reqdrift("plan", cwd=loft.folder).stdout.splitlines() == [
        f"# not fixed: {what}; {REST}",
        "# not fixed: requirements.txt:4: knot==1.0 is not installed",
    ]
    file.write_text(f"{loft.line(f'@{loft.second}')}{rest}")
    script = reqdrift("plan", cwd=loft.folder).stdout
    assert script.endswith(f" -r {file}\n")
    env = clean_environ(PIP_NO_BUILD_ISOLATION="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    run("sh", "-c", script, cwd=loft.folder, env=env)
    assert loft.report(file.read_text())["findings"] == []
    assert (loft.checkout / "kite.py").read_text() == "# work\n"
    run(loft.folder / ".venv" / "bin" / "pip", "uninstall", "-q", "-y", "knot", cwd=loft.folder)


def test_a_plan_leaves_a_checkout_elsewhere(loft: Loft, tmp_path: Path) -> None:
    elsewhere = tmp_path / "src" / "kite"
    run_git("clone", "--quiet", loft.origin, elsewhere, cwd=tmp_path)
    pip = loft.folder / ".venv" / "bin" / "pip"
    words = ("install", "--quiet", "--no-index", "--no-build-isolation", "--no-deps")
    shutil.rmtree(loft.checkout)
    run(pip, *words, "-e", elsewhere, cwd=loft.folder)
    (elsewhere / "kite.py").write_text("# work\n")
    (loft.folder / "requirements.txt").write_text(f"{loft.line('@main')}knot==1.0\n")
    what = f"pip would clone it to {loft.checkout} and use that instead of {elsewhere}"
    assert f"requirements.txt:1: {what}; {REST}\n" in reqdrift("plan", cwd=loft.folder).stdout
    # What pip itself would do.
    install(loft, "@main")
    assert (elsewhere / "kite.py").read_text() == "# work\n"
    assert f"location: {loft.checkout}\n" in run(pip, "show", "kite", cwd=loft.folder).stdout
    install(loft, "@v1")


def test_branches_and_tags_of_a_repository_on_this_machine(loft: Loft, tmp_path: Path) -> None:
    """A copy has a recorded commit; uv asks the repository, too."""
    run(SCRIPTS / "uv", "venv", "--quiet", ".venv", cwd=tmp_path)
    env = clean_environ(UV_CACHE_DIR=str(tmp_path / "cache"))
    uv = (SCRIPTS / "uv", "pip")
    offline = ("--offline", "--no-build-isolation", "--no-index")
    line = f"kite @ git+{loft.origin.as_uri()}@"
    run(*uv, "install", "--quiet", *offline, f"{line}v1", cwd=tmp_path, env=env)
    copy = loft._replace(folder=tmp_path)
    for revision in ("v1", "v1a", "v2", "v2a", "main", loft.first):
        message = copy.source(f"{line}{revision}\n")
        words = ("sync", "--dry-run", *offline, "requirements.txt")
        synced = run(*uv, *words, cwd=tmp_path, env=env).stderr
        assert ("Would make no changes" in synced) == (message == "")
        assert ("the file says" in message) == (revision in ("v2", "v2a", "main"))
    # A branch moves on.
    run(*uv, "install", "--quiet", *offline, f"{line}main", cwd=tmp_path, env=env)
    assert copy.source(f"{line}main\n") == ""
    later = commit(loft.origin, "A third")
    try:
        assert copy.source(f"{line}main\n").endswith(
            f"which is commit {later[:12]}, but the installed package is at {loft.second[:12]}"
        )
    finally:
        run_git("reset", "--quiet", "--hard", loft.second, cwd=loft.origin)


@pytest.mark.parametrize("name", ["HEAD", "packed-refs", "config", "refs/tags/v2"])
def test_nothing_in_a_checkout_is_waited_for(loft: Loft, name: str) -> None:
    path = loft.checkout / ".git" / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    # Git reads no tag from a pipe or a broken link; this one is also among the packed.
    is_known = name == "refs/tags/v2"
    begin = "kite 1.0: the file says 'v2'" if is_known else "(kite 1.0: "
    assert loft.source(loft.line("@v2")).startswith(begin)
    path.unlink()
    path.symlink_to(path.name)
    assert loft.source(loft.line("@v2")).startswith(begin)
