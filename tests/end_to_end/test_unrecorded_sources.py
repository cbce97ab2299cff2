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
setup(name={name}, version="1.0", py_modules=["{module}"])
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

    def make(self, folder: str, name: str, expression: str = "") -> None:
        """A project; `expression` is how its setup.py says its name."""
        module = name.replace("-", "_")
        (self.folder / folder).mkdir()
        text = SETUP.format(name=expression or repr(name), module=module)
        (self.folder / folder / "setup.py").write_text(text)
        (self.folder / folder / f"{module}.py").write_text("")

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


def make_old_environment(folder: Path, newest: int) -> None:
    """An environment of a Python 3.N, N at most `newest`, whose own pip is old, without wheel."""
    minors = sorted(int(minor.partition(".")[2]) for minor in interpreters())
    old = [minor for minor in minors if minor <= newest]
    if not old:
        pytest.skip(f"no Python up to 3.{newest} on this machine")
    run(interpreters()[f"3.{old[-1]}"], "-m", "venv", folder, cwd=folder.parent)


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {"root": tmp_path_factory.mktemp("environments").resolve()}


def open_barn(environments: dict[str, Path], newest: int, folder: Path) -> Barn:
    made = environments["root"] / str(newest)
    if not made.exists():
        make_old_environment(made, newest)
    folder.mkdir()
    run_git("init", "--quiet", cwd=folder)
    # pip's script names the Python of the first one.
    shutil.copytree(made, folder / ".venv", symlinks=True)
    script = folder / ".venv" / "bin" / "pip"
    script.write_text(script.read_text().replace(str(made), str(folder / ".venv")))
    barn = Barn(folder)
    barn.make("kite", "old-kite")
    commit(folder / "kite")
    return barn


@pytest.fixture
def barn(environments: dict[str, Path], tmp_path: Path) -> Barn:
    """With pip 23.0, the last but one that runs `setup.py install`."""
    return open_barn(environments, 10, tmp_path.resolve() / "project")


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


def test_fix_leaves_the_line(barn: Barn) -> None:
    barn.install(barn.url)
    for text in (f"{barn.url}@HEAD#egg=old-kite\n", f"{barn.url}\n", "-e ./kite\n"):
        assert barn.findings(text)
        done = reqdrift("fix", cwd=barn.folder)
        assert done.returncode == 1
        assert "where it was installed from is not recorded" in done.stdout
        assert (barn.folder / "requirements.txt").read_text() == text


def test_an_editable_is_recorded(barn: Barn) -> None:
    barn.install("-e", "./kite")
    assert "old-kite.egg-link" in barn.entries
    assert barn.findings("-e ./kite") == []
    assert barn.findings("./kite") == [("source", "old-kite")]
    message = barn.report("./kite")["findings"][0]["message"]
    assert message.endswith("the file says a copy, but the environment has an editable")
    assert barn.unsure("-e ./kite") == []


def test_an_editable_of_the_repository_is_its_own(barn: Barn) -> None:
    barn.install("-e", "./kite")
    assert barn.findings("") == []
    # pip clones it into the environment.
    barn.install("-e", f"{barn.url}#egg=old-kite")
    assert (barn.folder / ".venv" / "src" / "old-kite" / ".git").is_dir()
    assert barn.findings("") == [("extra", "old-kite")]
    commit_of_kite = run_git("rev-parse", "HEAD", cwd=barn.folder / "kite")
    assert barn.findings(f"-e {barn.url}@{commit_of_kite}#egg=old-kite") == []
    assert barn.findings(f"-e {barn.url}@{'0' * 40}#egg=old-kite") == [("source", "old-kite")]


@pytest.mark.parametrize(
    ("expression", "files"),
    [
        ("'odd-name'", {}),
        ("NAME", {"setup.py": "NAME = 'odd-name'\n"}),
        ("None", {"setup.cfg": "[metadata]\nname = odd_name\n"}),
        ("'-'.join(['odd', 'name'])", {"pyproject.toml": "[tool.poetry]\nname = 'odd-name'\n"}),
    ],
)
def test_a_folder_whose_files_name_the_project(
    barn: Barn, expression: str, files: dict[str, str]
) -> None:
    barn.make("rope", "odd-name", expression)
    for name, text in files.items():
        path = barn.folder / "rope" / name
        if name != "pyproject.toml":
            path.write_text(text + (path.read_text() if path.exists() else ""))
    barn.install("./rope")
    for name in files.keys() - {"setup.py"}:
        (barn.folder / "rope" / name).write_text(files[name])
    shutil.rmtree(barn.folder / "rope" / "odd_name.egg-info", ignore_errors=True)
    barn.install("./kite")  # so that there is another egg-info
    assert barn.findings("./rope\nold-kite==1.0") == []
    assert barn.unsure("./rope\nold-kite==1.0") == [UNKNOWN.format("odd-name")]
    assert barn.findings("./rope") == [("extra", "old-kite")]


COMPUTED = "'-'.join(['odd', 'name'])"


def test_a_folder_that_is_named_by_what_setuptools_left_in_it(barn: Barn) -> None:
    barn.make("rope", "odd-name", COMPUTED)
    barn.install("./rope")
    # pip builds a copy elsewhere, or in place, by its version.
    info = barn.folder / "rope" / "odd_name.egg-info"
    info.mkdir(exist_ok=True)
    (info / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: odd-name\nVersion: 1.0\n")
    barn.install("./kite")
    assert barn.findings("./rope") == [("extra", "old-kite")]
    assert barn.unsure("./rope") == [UNKNOWN.format("odd-name")]


def test_a_pip_that_records_nothing(environments: dict[str, Path], tmp_path: Path) -> None:
    """pip 18.1, of Python 3.6, writes a dist-info without direct_url.json for a wheel."""
    barn = open_barn(environments, 6, tmp_path.resolve() / "project")
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
