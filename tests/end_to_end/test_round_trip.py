"""A freeze followed at once by a check is clean; one change afterwards is exactly one finding."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from workshop import Workshop, commit, make_project, make_wheel, open_workshop

from support import SCRIPTS, add_distribution, findings, interpreters, reqdrift, run, run_git

# The oldest Python that each maker of environments can serve, together with the pip that freezes.
_FLOORS = {"venv": (3, 8), "virtualenv": (3, 9), "uv": (3, 10)}


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with open_workshop(tmp_path_factory.mktemp("workshop").resolve()) as made:
        yield made


def choose_interpreter(maker: str, age: str) -> str:
    """One of at least three Pythons: the oldest, one in the middle, the newest."""
    found = {tuple(map(int, minor.split("."))): path for minor, path in interpreters().items()}
    usable = sorted(minor for minor in found if minor >= _FLOORS[maker])
    if len(usable) < 3:
        reason = f"{maker} needs three Pythons to be tried on, this machine has {len(usable)}"
        if os.environ.get("REQDRIFT_TEST_JOB"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found[{"oldest": usable[0], "middle": usable[len(usable) // 2]}.get(age, usable[-1])]


def make_real_environment(maker: str, python: str, prefix: Path) -> None:
    cwd = prefix.parent
    if maker == "venv":
        run(python, "-m", "venv", prefix, cwd=cwd)
    elif maker == "virtualenv":
        run(SCRIPTS / "virtualenv", "--quiet", "--python", python, prefix, cwd=cwd)
    else:
        run(SCRIPTS / "uv", "venv", "--quiet", "--python", python, prefix, cwd=cwd)


class Shop(NamedTuple):
    """A project folder with an environment in `.venv`, and how to change and freeze it."""

    project: Path
    has_pip: bool
    workshop: Workshop

    @property
    def prefix(self) -> Path:
        return self.project / ".venv"

    @property
    def site(self) -> Path:
        return next(self.prefix.glob("lib/python3*/site-packages"))

    def pip(self, *words: str | Path) -> str:
        """The environment's own pip, or ours for one without."""
        own = (self.prefix / "bin" / "python", "-m", "pip")
        command = own if self.has_pip else (SCRIPTS / "pip", "--python", self.prefix)
        return run(*command, *words, cwd=self.project).stdout

    def uv(self, verb: str, *words: str | Path) -> str:
        command = (SCRIPTS / "uv", "pip", verb, "--python", self.prefix)
        return run(*command, *words, cwd=self.project).stdout

    def install(self, *what: str | Path) -> None:
        """As the environment's users would, from the wheelhouse alone."""
        options = ("--no-index", "--find-links", self.workshop.wheelhouse)
        if self.has_pip:
            self.pip("install", "--quiet", "--force-reinstall", *options, *what)
        else:
            self.uv("install", "--quiet", "--reinstall", "--no-cache", *options, *what)

    def uninstall(self, name: str) -> None:
        if self.has_pip:
            self.pip("uninstall", "--quiet", "--yes", name)
        else:
            self.uv("uninstall", "--quiet", name)

    @property
    def file(self) -> Path:
        return self.project / "requirements.txt"

    def lines(self) -> list[str]:
        return self.file.read_text().splitlines()

    def line(self, name: str) -> int:
        """The number of the line that speaks of a project."""
        starts = re.compile(rf"{name}\b|-e .*{name}$")
        return next(n for n, text in enumerate(self.lines(), 1) if starts.match(text))

    def write(self, name: str, text: str) -> None:
        """Replace a project's line, or take it away."""
        lines = self.lines()
        lines[self.line(name) - 1 : self.line(name)] = [text] if text else []
        self.file.write_text("\n".join(lines) + "\n")

    def findings(self) -> list[tuple[str, str, int | None]]:
        return findings(self.project)


def open_shop(maker: str, python: str, project: Path, workshop: Workshop) -> Shop:
    project.mkdir(parents=True, exist_ok=True)
    run_git("init", "--quiet", cwd=project)
    shop = Shop(project, maker != "uv", workshop)
    make_real_environment(maker, python, shop.prefix)
    shop.install(*workshop.references())
    return shop


@pytest.mark.parametrize(
    "age", ["oldest", pytest.param("middle", marks=pytest.mark.long), "newest"]
)
@pytest.mark.parametrize(
    "maker",
    [
        pytest.param("venv", marks=pytest.mark.long),
        pytest.param("virtualenv", marks=pytest.mark.long),
        "uv",
    ],
)
def test_a_freeze_is_clean_at_once(
    maker: str, age: str, tmp_path: Path, workshop: Workshop
) -> None:
    shop = open_shop(maker, choose_interpreter(maker, age), tmp_path / "project", workshop)
    for freeze in (shop.pip("freeze"), shop.uv("freeze")):
        shop.file.write_text(freeze)
        done = reqdrift("--format", "json", cwd=shop.project)
        report = json.loads(done.stdout)
        assert report["findings"] == []
        assert report["errors"] == []
        # Every kind of source is there, and is looked at.
        assert report["counts"]["checked"] >= 9
        assert report["counts"]["skipped"] == 0
        assert report["environment"]["found_by"] == ".venv"
        assert not report["environment"]["interpreter_started"]
        assert done.returncode == 0


class Change(NamedTuple):
    """One change to a frozen project, and what a check must then find, no more and no less.

    `at` is the project whose line is meant, None for a finding that has no line.
    """

    make: Callable[[Shop], object]
    kind: str
    project: str
    at: str | None


def _install_mug_of_another_commit(shop: Shop) -> None:
    clone = shop.project.parent / "mug"
    shutil.copytree(shop.workshop.mug, clone)
    commit(clone, "Another")
    shop.install(f"git+{clone.as_uri()}")
    # The copy stands for the repository itself, some time later.
    record = next(shop.site.glob("mug-1.0.dist-info/direct_url.json"))
    record.write_text(record.read_text().replace(clone.as_uri(), shop.workshop.mug.as_uri()))


def _install_stove_from_another_folder(shop: Shop) -> None:
    shop.install("-e", make_project(shop.project.parent / "other" / "stove", "stove", "1.0"))


def _install_tent_from_another_archive(shop: Shop) -> None:
    shop.install(make_wheel(shop.project.parent, "tent", "1.0"))


def _require_the_extra_and_lose_it(shop: Shop) -> None:
    shop.write("straps", "")
    shop.write("bag", "bag[straps]==1.0")
    shop.uninstall("straps")


def _end_with(line: str) -> Callable[[Shop], object]:
    return lambda shop: shop.file.write_text("\n".join((*shop.lines(), line, "")))


CHANGES = {
    "uninstalled": Change(lambda s: s.uninstall("lantern"), "missing", "lantern", "lantern"),
    "editable uninstalled": Change(lambda s: s.uninstall("stove"), "missing", "stove", "stove"),
    "git install uninstalled": Change(lambda s: s.uninstall("mug"), "missing", "mug", "mug"),
    "archive uninstalled": Change(lambda s: s.uninstall("tent"), "missing", "tent", "tent"),
    "other version": Change(lambda s: s.install("lantern==2.0"), "version", "lantern", "lantern"),
    "git for a release": Change(
        lambda s: s.install(f"git+{s.workshop.lantern.as_uri()}"), "source", "lantern", "lantern"
    ),
    "folder for a release": Change(
        lambda s: s.install(s.workshop.lantern), "source", "lantern", "lantern"
    ),
    "editable for a release": Change(
        lambda s: s.install("-e", s.workshop.lantern), "source", "lantern", "lantern"
    ),
    "other commit": Change(_install_mug_of_another_commit, "source", "mug", "mug"),
    "folder for a commit": Change(lambda s: s.install(s.workshop.mug), "source", "mug", "mug"),
    "other folder": Change(_install_stove_from_another_folder, "source", "stove", "stove"),
    "copy for an editable": Change(
        lambda s: s.install(make_wheel(s.project.parent, "stove", "1.0")),
        *("source", "stove", "stove"),
    ),
    "other archive": Change(_install_tent_from_another_archive, "source", "tent", "tent"),
    "one more": Change(lambda s: s.install("compass==1.0"), "extra", "compass", None),
    "line deleted": Change(lambda s: s.write("whistle", ""), "extra", "whistle", None),
    "line unpinned": Change(
        lambda s: s.write("lantern", "lantern>=1.0"), "unpinned", "lantern", "lantern"
    ),
    "extra's need uninstalled": Change(_require_the_extra_and_lose_it, "missing", "bag", "bag"),
    "folder twice": Change(
        lambda s: add_distribution(s.site, "lantern-0.9"), "broken", "lantern", None
    ),
}


@pytest.fixture(scope="session")
def frozen(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Shop]:
    """Frozen projects to copy, by the tool that filled and froze them; each is made once."""
    made: dict[str, Shop] = {}

    def freeze(tool: str) -> Shop:
        if tool not in made:
            python = interpreters()[max(interpreters(), key=lambda v: int(v.partition(".")[2]))]
            maker = "virtualenv" if tool == "pip" else "uv"
            folder = tmp_path_factory.mktemp(f"frozen-{tool}").resolve() / "project"
            shop = open_shop(maker, python, folder, workshop)
            shop.file.write_text(shop.pip("freeze") if tool == "pip" else shop.uv("freeze"))
            made[tool] = shop
        return made[tool]

    return freeze


@pytest.fixture(params=[pytest.param("pip", marks=pytest.mark.long), "uv"])
def shop(request: pytest.FixtureRequest, frozen: Callable[[str], Shop], tmp_path: Path) -> Shop:
    """A copy of a frozen project, to be changed."""
    original = frozen(request.param)
    shutil.copytree(original.project, tmp_path / "project", symlinks=True)
    return original._replace(project=tmp_path / "project")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_one_change_is_one_finding(change: Change, shop: Shop) -> None:
    assert shop.findings() == []
    change.make(shop)
    line = shop.line(change.at) if change.at else None
    assert shop.findings() == [(change.kind, change.project, line)]
    assert reqdrift(cwd=shop.project).returncode == 1


def test_a_file_of_the_same_name_and_other_content(shop: Shop) -> None:
    wheel = make_wheel(shop.project.parent, "bag", "1.0", content="# other\n")
    shop.install(f"bag @ {wheel.as_uri()}")
    if shop.has_pip:
        assert shop.findings() == [("source", "bag", shop.line("bag"))]
    else:
        # uv freezes no hash of a local file, so that there is nothing to hold against it.
        assert shop.findings() == []
        assert "note (unsure): bag 1.0" in reqdrift("--verbose", cwd=shop.project).stdout


def test_contradicting_lines_are_one_conflict(shop: Shop) -> None:
    _end_with("lantern==2.0")(shop)
    assert shop.findings() == [("conflict", "lantern", len(shop.lines()))]


def test_a_repeated_line_only_warns(shop: Shop) -> None:
    _end_with("lantern==1.0")(shop)
    assert shop.findings() == [("conflict", "lantern", len(shop.lines()))]
    assert reqdrift(cwd=shop.project).returncode == 0
