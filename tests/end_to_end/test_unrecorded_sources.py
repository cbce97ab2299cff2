"""What old pips installed without a record of where it came from.

pip before 23.1 ran `setup.py install` where there was no `wheel`, which leaves an egg-info; pip
before 20.1 wrote no direct_url.json at all.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from workshop import commit, make_wheel

from support import clean_environ, interpreters, reqdrift, run, run_git

SETUP = """\
from setuptools import setup
open("executed", "a").close()
setup(name="old-kite", version="1.0", py_modules=["old_kite"])
"""
# Old pips are installed, and install.
pytestmark = pytest.mark.long
UNKNOWN = "{} 1.0: where it was installed from is not recorded"


class Barn(NamedTuple):
    """A repository with `kite`, a project with a setup.py alone, and an old environment."""

    folder: Path

    @property
    def url(self) -> str:
        return f"git+{(self.folder / 'kite').as_uri()}"

    @property
    def entries(self) -> set[str]:
        site = next(self.folder.glob(".venv/lib/python3*/site-packages"))
        return {path.name for path in site.iterdir()}

    def install(self, *words: str) -> None:
        env = clean_environ(PIP_NO_INDEX="1", PIP_DISABLE_PIP_VERSION_CHECK="1")
        pip = self.folder / ".venv" / "bin" / "pip"
        run(pip, "install", "--quiet", *words, cwd=self.folder, env=env)
        for path in self.folder.rglob("executed"):
            path.unlink()

    def report(self, text: str) -> dict[str, Any]:
        (self.folder / "requirements.txt").write_text(text)
        done = reqdrift("--format", "json", cwd=self.folder)
        report: dict[str, Any] = json.loads(done.stdout)
        assert not report["errors"]
        assert not list(self.folder.rglob("executed"))
        return report

    def findings(self, text: str) -> list[tuple[str, str]]:
        return sorted((f["kind"], f["project"]) for f in self.report(text)["findings"])

    def unsure(self, text: str) -> list[str]:
        return [n["message"] for n in self.report(text)["notes"] if n["reason"] == "unsure"]


def open_barn(newest: int, folder: Path) -> Barn:
    """With the own pip of a Python 3.N, N at most `newest`, which is old and without wheel."""
    minors = sorted(int(minor.partition(".")[2]) for minor in interpreters())
    old = [minor for minor in minors if minor <= newest]
    if not old:
        pytest.skip(f"no Python up to 3.{newest} on this machine")
    folder.mkdir()
    run_git("init", "--quiet", cwd=folder)
    run(interpreters()[f"3.{old[-1]}"], "-m", "venv", ".venv", cwd=folder)
    (folder / "kite").mkdir()
    (folder / "kite" / "setup.py").write_text(SETUP)
    (folder / "kite" / "old_kite.py").write_text("")
    commit(folder / "kite")
    return Barn(folder)


@pytest.fixture
def barn(tmp_path: Path) -> Barn:
    """With pip 23.0, the last but one that runs `setup.py install`."""
    return open_barn(10, tmp_path.resolve() / "project")


@pytest.mark.parametrize("from_git", [True, False])
def test_where_an_egg_info_came_from_is_unknown(barn: Barn, from_git: bool) -> None:
    barn.install(barn.url if from_git else "./kite")
    entries = [name for name in barn.entries if name.startswith("old_kite-")]
    assert [name.endswith(".egg-info") for name in entries] == [True]
    shutil.rmtree(barn.folder / "kite" / "old_kite.egg-info", ignore_errors=True)
    for line in ("{}#egg=old-kite", "{}", "{}@main", "old-kite @ {}"):
        text = line.format(barn.url)
        assert barn.findings(text) == [("unpinned", "old-kite")]
        assert barn.unsure(text) == [UNKNOWN.format("old-kite")]
    for text in ("./kite", f"{barn.url}@{'0' * 40}#egg=old-kite", f"file://{barn.folder}/kite"):
        assert barn.findings(text) == []
        assert barn.unsure(text) == [UNKNOWN.format("old-kite")]
    # A release of the index would be in an egg-info, too.
    assert barn.findings("old-kite==1.0") == []


def test_an_editable_is_recorded(barn: Barn) -> None:
    barn.install("-e", "./kite")
    assert "old-kite.egg-link" in barn.entries
    assert barn.findings("-e ./kite") == []
    assert barn.findings("./kite") == [("source", "old-kite")]
    message = barn.report("./kite")["findings"][0]["message"]
    assert message.endswith("the file says a copy, but the environment has an editable")
    assert barn.unsure("-e ./kite") == []


def test_a_pip_that_records_nothing(tmp_path: Path) -> None:
    """pip 18.1, of Python 3.6, writes a dist-info without direct_url.json for a wheel."""
    barn = open_barn(6, tmp_path.resolve() / "project")
    make_wheel(barn.folder / "wheels", "bag", "1.0")
    line = "./wheels/bag-1.0-py3-none-any.whl"
    barn.install(line)
    assert "bag-1.0.dist-info" in barn.entries
    assert barn.findings(line) == []
    assert barn.unsure(line) == [UNKNOWN.format("bag")]
    barn.install("./kite")
    assert barn.findings(f"{line}\n./kite") == []
    # pip 20.1 and later would have written one.
    folder = next(barn.folder.glob(".venv/lib/python3*/site-packages/pip-18.1.dist-info"))
    folder.rename(folder.with_name("pip-20.1.dist-info"))
    assert barn.findings(f"{line}\n./kite") == [("source", "bag")]
