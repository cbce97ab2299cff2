"""`-e git+URL@REVISION#egg=NAME` against the checkout that pip made, and what became of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from workshop import commit, make_project, make_wheel

from support import SCRIPTS, clean_environ, reqdrift, run, run_git

# pip clones, builds and installs.
pytestmark = pytest.mark.long


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


def install(loft: Loft, revision: str) -> None:
    words = ("install", "--quiet", "--no-index", "--no-build-isolation", "--no-deps")
    line = loft.line(revision).split()
    run(loft.folder / ".venv" / "bin" / "pip", *words, *line, cwd=loft.folder)


@pytest.fixture
def loft(tmp_path: Path) -> Loft:
    root = tmp_path.resolve()
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


def test_another_format_of_refs(loft: Loft) -> None:
    shutil.rmtree(loft.checkout / ".git" / "logs")
    command = ("git", "refs", "migrate", "--ref-format=reftable")
    if run(*command, cwd=loft.checkout, check=False).returncode:
        pytest.skip("this git cannot make a reftable")
    for revision in ("v2", "v2a", loft.second):
        message = loft.source(loft.line(f"@{revision}"))
        assert message.endswith(f"but the checkout {loft.checkout} is at {loft.first[:12]}")
    assert loft.source(loft.line("@v1a")) == ""


def test_pip_leaves_work_in_a_checkout_only_if_the_commit_is_named(loft: Loft) -> None:
    """A branch has to be fetched, and the checkout reset."""
    make_wheel(loft.folder, "knot", "1.0")
    work = loft.checkout / "kite.py"
    work.write_text("# work\n")
    loft.git("checkout", "--quiet", "main")
    file = loft.folder / "requirements.txt"
    rest = "--no-index\n--find-links .\nknot==1.0\n"
    file.write_text(f"{loft.line('@main')}{rest}")
    what = f"requirements.txt:1: pip would discard any uncommitted changes in {loft.checkout}"
    assert f"# not fixed: {what}; " in reqdrift("plan", cwd=loft.folder).stdout
    file.write_text(f"{loft.line(f'@{loft.second}')}{rest}")
    script = reqdrift("plan", cwd=loft.folder).stdout
    env = clean_environ(PIP_NO_BUILD_ISOLATION="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    run("sh", "-c", script, cwd=loft.folder, env=env)
    assert loft.report(file.read_text())["findings"] == []
    assert work.read_text() == "# work\n"
    install(loft, "@main")
    assert work.read_text() == ""


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
    assert copy.source(f"{line}main\n").endswith(
        f"which is commit {later[:12]}, but the installed package is at {loft.second[:12]}"
    )
