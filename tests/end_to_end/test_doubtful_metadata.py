"""Metadata that cannot say what a distribution needs: what pip, uv and reqdrift make of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, run, without_rights

# Installers run on each damage.
pytestmark = pytest.mark.long

REQDRIFT = str(SCRIPTS / "reqdrift")

# What a top-level file leaves out would be no finding.
STRICT = ("--unlisted", "all")


class Den(NamedTuple):
    """A project whose environment uv filled: lantern, which needs wick, and rope."""

    folder: Path
    wheels: Path
    cache: Path

    @property
    def site(self) -> Path:
        return next(self.folder.glob(".venv/lib/python3*/site-packages"))

    @property
    def metadata(self) -> Path:
        return self.site / "lantern-1.0.dist-info" / "METADATA"

    broken: Sequence[tuple[str, str]] = ()

    def uv(self, *words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        env = clean_environ(UV_CACHE_DIR=str(self.cache))
        return run(SCRIPTS / "uv", *words, cwd=self.folder, env=env, check=check)

    def install(self, *what: str) -> None:
        links = ("--offline", "--no-index", "--find-links", self.wheels)
        self.uv("pip", "install", "-q", "--link-mode", "symlink", *links, *what)

    def write(self, text: str) -> None:
        (self.folder / "requirements.txt").write_text(text)

    def report(self, *words: str) -> dict[str, Any]:
        command = without_rights(REQDRIFT, *STRICT, *words, "--format", "json")
        done = run(*command, cwd=self.folder, check=False)
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def findings(self, *words: str) -> list[tuple[str, str]]:
        return sorted((f["kind"], f["project"]) for f in self.report(*words)["findings"])

    def uninstalled(self) -> list[str]:
        """The projects that a plan would uninstall."""
        done = run(*without_rights(REQDRIFT, "plan", *STRICT), cwd=self.folder, check=False)
        command = f"uv pip uninstall --python {self.folder}/.venv/bin/python "
        lines = [line for line in done.stdout.splitlines() if line.startswith("uv pip uninstall")]
        return [name for line in lines for name in line.removeprefix(command).split()]

    def messages(self) -> dict[str, str]:
        return {f["project"]: f["message"] for f in self.report()["findings"]}

    def unknown(self) -> str:
        """The note about metadata that cannot be read, '' if there is none."""
        notes = [n["message"] for n in self.report()["notes"] if n["reason"] == "unsure"]
        return "".join(note for note in notes if "cannot be read" in note)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    carrying = ("Provides-Extra: carry", 'Requires-Dist: straps; extra == "carry"')
    make_wheel(folder, "lantern", "1.0", "Requires-Dist: wick", *carrying)
    make_wheel(folder, "lantern", "0.9")
    for name in ("wick", "rope", "straps"):
        make_wheel(folder, name, "1.0")
    return folder


@pytest.fixture
def den(project: Path, wheels: Path, tmp_path: Path) -> Iterator[Den]:
    found = Den(project, wheels, tmp_path / "cache")
    found.uv("venv", "-q", ".venv")
    found.install("lantern==1.0", "rope")
    found.write("lantern==1.0\nrope==1.0\n")
    yield found
    found.metadata.parent.chmod(0o755)


def _lose_the_cache(den: Den) -> None:
    """What `uv cache clean` does to an environment of symbolic links."""
    for name in ("wick", "rope"):
        metadata = den.site / f"{name}-1.0.dist-info" / "METADATA"
        text = metadata.read_bytes()
        metadata.unlink()
        metadata.write_bytes(text)
    shutil.rmtree(den.cache)


def _rewrite(text: str) -> Callable[[Den], None]:
    def make(den: Den) -> None:
        den.metadata.unlink()
        den.metadata.write_text(text)

    return make


def _forbid(den: Den) -> None:
    _rewrite(den.metadata.read_text())(den)
    den.metadata.chmod(0)


def _put_a_folder_there(den: Den) -> None:
    den.metadata.unlink()
    den.metadata.mkdir()


STATES: dict[str, Callable[[Den], None]] = {
    "missing": lambda den: den.metadata.unlink(),
    "dangling": _lose_the_cache,
    "empty": _rewrite(""),
    "zeros": _rewrite("\0" * 300),
    "cut off": _rewrite("Metadata-Version: 2.1\nName: lantern\n"),
    "no name": _rewrite("Metadata-Version: 2.1\nVersion: 1.0\n"),
    "blank first": _rewrite("\nName: lantern\nVersion: 1.0\n"),
    "a folder": _put_a_folder_there,
    "unreadable": _forbid,
}


@pytest.fixture(params=STATES)
def damaged(request: pytest.FixtureRequest, den: Den) -> Den:
    """The den, with the metadata of lantern in one of the states."""
    STATES[request.param](den)
    # What cannot be read now may be whole.
    is_whole = request.param in ("dangling", "unreadable")
    return den._replace(broken=() if is_whole else (("broken", "lantern"),))


def test_pip_lists_it_and_uv_calls_it_broken(damaged: Den) -> None:
    den = damaged
    frozen = run(SCRIPTS / "pip", "--python", den.folder / ".venv", "freeze", cwd=den.folder).stdout
    assert "lantern==1.0\n" in frozen
    checking = (str(SCRIPTS / "uv"), "pip", "check", "--cache-dir", str(den.cache))
    checked = run(*without_rights(*checking), cwd=den.folder, check=False).stderr
    assert "`lantern` is broken or incomplete" in checked
    # Where no question needs the metadata, it is what pip freeze lists.
    den.write("lantern==1.0\nrope==1.0\nwick==1.0\n")
    assert den.findings() == [*den.broken]


def test_a_stranger_that_it_may_need_is_left_installed(damaged: Den) -> None:
    den = damaged
    for words in ((), ("--unlisted", "orphans")):
        assert den.findings(*words) == [*den.broken, ("extra", "wick")]
    note = "what lantern 1.0 needs is unknown: its metadata cannot be read; reinstall it"
    assert den.unknown() == ("" if den.broken else note)
    assert den.messages()["wick"].endswith("not listed; may be needed by lantern 1.0")
    assert den.uninstalled() == []


@pytest.mark.parametrize(
    ("tool", "state"),
    [
        ("uv", "missing"),
        ("uv", "dangling"),
        pytest.param("pip", "missing", marks=pytest.mark.long),
        pytest.param("pip", "empty", marks=pytest.mark.long),
    ],
)
def test_reinstalling_repairs_it(den: Den, tool: str, state: str) -> None:
    STATES[state](den)
    links = ("--no-index", "--find-links", den.wheels, "--no-deps", "lantern==1.0")
    if tool == "uv":
        den.uv("pip", "install", "-q", "--offline", "--reinstall", *links)
    else:
        command = (SCRIPTS / "pip", "--python", den.folder / ".venv", "install", "-q")
        run(*command, "--force-reinstall", *links, cwd=den.folder)
    assert den.findings() == [("extra", "wick")]
    assert den.messages()["wick"].endswith("needed by lantern 1.0")
    assert den.uninstalled() == []


@pytest.mark.parametrize("emptied", [False, True])
def test_a_leftover_of_the_same_project_makes_its_needs_unknown(den: Den, emptied: bool) -> None:
    leftover = den.site / "lantern-0.9.dist-info"
    shutil.copytree(den.metadata.parent, leftover)
    text = (leftover / "METADATA").read_text().replace("Version: 1.0", "Version: 0.9")
    (leftover / "METADATA").unlink()
    (leftover / "METADATA").write_text(text.partition("Provides")[0])
    if emptied:
        shutil.rmtree(leftover)
        leftover.mkdir()
    checked = den.uv("pip", "check", check=False).stderr
    assert "`lantern` has multiple installed distributions" in checked
    # One cause, one finding.
    assert den.findings() == [("broken", "lantern"), ("extra", "wick")]
    # That of the other one is whole.
    needed = "needed by lantern 1.0" if emptied else "; may be needed by lantern 1.0"
    assert den.messages()["wick"].endswith(needed)
    assert den.uninstalled() == []
    den.write("lantern[carry]==1.0\nrope==1.0\nwick==1.0\n")
    lacking = [("missing", "lantern")] if emptied else []
    assert den.findings() == [("broken", "lantern"), *lacking]
