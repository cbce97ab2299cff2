"""`reqdrift plan | sh` on real environments: afterwards they are what the file says.

Every project lies in a folder whose name would run a command if it were not quoted, and scripts
are run from another folder, except where a file has relative paths.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from workshop import commit, make_archive, make_project, make_wheel, serving

from support import (
    SCRIPTS,
    add_distribution,
    clean_environ,
    findings,
    make_installation,
    reqdrift,
    run,
)

# pip takes three times as long, and most of what is tested is the same for both.
MAKERS = [pytest.param("pip", marks=pytest.mark.long), "uv"]

HOSTILE = "a project $(>pwned) `>pwned` ;>pwned"
SECRET = "hunter2"  # noqa: S105 - of a server in a test


class Shelf(NamedTuple):
    """What there is to install: wheels, a repository with two commits, folders."""

    wheels: Path
    mug: Path
    commits: tuple[str, str]
    stove: Path
    lantern: Path

    def text(self) -> str:
        """A requirements file that asks for one of each kind."""
        return "\n".join(
            (
                "--no-index",
                "--find-links wheels",
                "-c limits.txt",
                "lantern==1.0",
                "wick==1.0",
                "rope",
                "bag[straps]==1.0",
                "straps==1.0",
                f"mug @ git+{self.mug.as_uri()}@{self.commits[0]}",
                f"-e {self.stove}",
                "nothere==1.0 ; python_version < '3'",
                "",
            )
        )


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    root = tmp_path_factory.mktemp("shelf").resolve()
    wheels = root / "wheels"
    make_wheel(wheels, "lantern", "1.0", "Requires-Dist: wick", content="import wick\n")
    for name, version in (
        *(("lantern", "0.9"), ("lantern", "2.0"), ("wick", "1.0"), ("straps", "1.0")),
        *(("rope", "1.0"), ("rope", "2.0"), ("compass", "1.0"), ("stove", "1.0")),
    ):
        make_wheel(wheels, name, version)
    extra = ("Provides-Extra: straps", 'Requires-Dist: straps>=1; extra == "straps"')
    make_wheel(wheels, "bag", "1.0", *extra)
    mug = make_project(root / "mug", "mug", "1.0")
    commits = (commit(mug), commit(mug, "Another"))
    stove = make_project(root / "stove", "stove", "1.0")
    return Shelf(wheels, mug, commits, stove, make_project(root / "lantern", "lantern", "1.0"))


class Camp:
    """A project with an environment in `.venv`, made by pip or by uv."""

    def __init__(self, folder: Path, shelf: Shelf, maker: str) -> None:
        self.folder = folder
        self.shelf = shelf
        self.maker = maker
        self.python = folder / ".venv" / "bin" / "python"
        self.file = folder / "requirements.txt"
        # Neither the machine's settings nor its caches may help.
        settings = {"PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "PIP_NO_CACHE_DIR": "1"}
        # For speed: "0" is how pip spells "no isolation", the backends need none.
        settings |= {"PIP_NO_COMPILE": "1", "PIP_NO_BUILD_ISOLATION": "0"}
        path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
        self.env = clean_environ(**settings, UV_CACHE_DIR=str(shelf.wheels.parent), PATH=path)
        for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS", "PYTHONDONTWRITEBYTECODE"):
            self.env.pop(name, None)

    def make(self, text: str) -> None:
        """Make the folder and the environment, with what the file says."""
        self.folder.mkdir(parents=True)
        shutil.copytree(self.shelf.wheels, self.folder / "wheels")
        (self.folder / "limits.txt").write_text("rope==1.0\n")
        self.file.write_text(text)
        if self.maker == "pip":
            run(SCRIPTS / "virtualenv", "-q", "--no-setuptools", ".venv", cwd=self.folder)
            command = (self.python, "-m", "pip", "install", "-q", "-r", self.file)
            run(*command, cwd=self.folder, env=self.env)
        else:
            run(SCRIPTS / "uv", "venv", "-q", ".venv", cwd=self.folder, env=self.env)
            self.uv("install", "-r", self.file)

    def uv(self, verb: str, *words: str | Path) -> None:
        """Drift quickly: uv serves both environments."""
        command = (SCRIPTS / "uv", "pip", verb, "-q", "--python", self.python)
        run(*command, *words, cwd=self.folder, env=self.env)

    def install(self, *words: str | Path) -> None:
        links = ("--no-index", "--find-links", self.shelf.wheels)
        self.uv("install", "--no-deps", "--reinstall", *links, *words)

    def write(self, name: str, text: str) -> None:
        """Replace the line that starts with a name, or take it away."""
        lines = self.file.read_text().splitlines()
        at = next(n for n, line in enumerate(lines) if line.startswith(name))
        lines[at : at + 1] = [text] if text else []
        self.file.write_text("\n".join(lines) + "\n")

    def findings(self, *words: str) -> list[tuple[str, str]]:
        return [(kind, name) for kind, name, _ in findings(self.folder, *words)]

    def plan(self, *words: str | Path) -> str:
        done = reqdrift("plan", *words, cwd=self.folder, env=self.env)
        # A shell that reads the script does not show its comments.
        lines = done.stdout.splitlines()
        left = [f"reqdrift: {line[2:]}" for line in lines if line.startswith("# not fixed: ")]
        assert (done.returncode, done.stderr.splitlines()) == (0, left)
        return done.stdout

    def follow(self, *words: str | Path, cwd: Path | None = None) -> str:
        """Run the plan that may uninstall, by default from another folder; the script."""
        script = self.plan("--uninstall", *words)
        elsewhere = self.folder.parent / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        (elsewhere / "script").write_text(script)
        run("sh", "-n", "script", cwd=elsewhere, env=self.env)
        run("sh", elsewhere / "script", cwd=cwd or elsewhere, env=self.env)
        assert [path.name for path in elsewhere.iterdir()] == ["script"]  # nothing else was run
        assert not (self.folder / "pwned").exists()
        return script

    def frozen(self) -> list[str]:
        """What is installed, where pip is not looked at."""
        command = ("pip", "freeze", "--exclude", "pip", "--python", self.python)
        return run(SCRIPTS / "uv", *command, cwd=self.folder, env=self.env).stdout.splitlines()

    def can_import(self, *names: str) -> bool:
        code = f"import {', '.join(names)}"
        return not run(self.python, "-c", code, cwd=self.folder, check=False).returncode


def copy_or_link(source: str, target: str) -> None:
    """Copy a file; pip's own many files, which no test changes, are linked."""
    if "/site-packages/pip/" in source:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


@pytest.fixture(scope="session")
def pitched(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Camp]:
    """Projects without drift to copy, by their maker and text; each is made once."""
    made: dict[tuple[str, str], Camp] = {}

    def pitch(maker: str, text: str, folder: Path) -> Camp:
        if (maker, text) not in made:
            camp = Camp(tmp_path_factory.mktemp(maker).resolve() / HOSTILE, shelf, maker)
            camp.make(text)
            assert camp.findings() == []
            made[maker, text] = camp
        original = made[maker, text].folder
        shutil.copytree(original, folder / HOSTILE, symlinks=True, copy_function=copy_or_link)
        return Camp(folder / HOSTILE, shelf, maker)

    return pitch


@pytest.fixture(params=MAKERS)
def camp(
    request: pytest.FixtureRequest, pitched: Callable[..., Camp], shelf: Shelf, tmp_path: Path
) -> Camp:
    """A project without drift."""
    return pitched(request.param, shelf.text(), tmp_path.resolve())


@pytest.fixture(params=MAKERS)
def empty_camp(
    request: pytest.FixtureRequest, pitched: Callable[..., Camp], tmp_path: Path
) -> Camp:
    """A project whose environment is empty."""
    return pitched(request.param, "--no-index\n", tmp_path.resolve())


LISTED = ("lantern", "wick", "rope", "bag", "straps", "mug", "stove")

DRIFTS: dict[str, tuple[str, str, Callable[[Camp], object]]] = {
    "missing": ("missing", "lantern", lambda c: c.uv("uninstall", "lantern")),
    "newer": ("version", "lantern", lambda c: c.install("lantern==2.0")),
    "older": ("version", "lantern", lambda c: c.install("lantern==0.9")),
    "other commit": (
        *("source", "mug"),
        lambda c: c.install(f"git+{c.shelf.mug.as_uri()}@{c.shelf.commits[1]}"),
    ),
    "folder for a release": ("source", "lantern", lambda c: c.install(c.shelf.lantern)),
    "editable for a release": ("source", "lantern", lambda c: c.install("-e", c.shelf.lantern)),
    "copy for an editable": ("source", "stove", lambda c: c.install(c.shelf.stove)),
    "release for an editable": ("source", "stove", lambda c: c.install("stove==1.0")),
    "editable missing": ("missing", "stove", lambda c: c.uv("uninstall", "stove")),
    "outside the constraint": ("version", "rope", lambda c: c.install("rope==2.0")),
    "orphan": ("extra", "compass", lambda c: c.install("compass")),
}


@pytest.mark.parametrize(("kind", "name", "drift"), DRIFTS.values(), ids=DRIFTS.keys())
def test_one_drift(camp: Camp, kind: str, name: str, drift: Callable[[Camp], object]) -> None:
    before = camp.frozen()
    drift(camp)
    assert camp.findings() == [(kind, name)]
    camp.follow()
    assert camp.findings() == []
    assert reqdrift(cwd=camp.folder).returncode == 0
    assert camp.can_import(*LISTED)
    assert camp.frozen() == before


def test_everything_at_once(camp: Camp) -> None:
    for _, _, drift in DRIFTS.values():
        drift(camp)
    camp.uv("uninstall", "wick", "bag", "mug")
    assert len(camp.findings()) == 7
    assert "1 unlisted package stays installed (compass); " in camp.plan()
    assert "(compass); first install the rest, then plan again" in camp.follow()
    assert camp.findings() == [("extra", "compass")]
    camp.follow()
    assert camp.findings() == []
    assert camp.can_import(*LISTED)


def _lose_straps(camp: Camp) -> None:
    camp.write("straps", "")
    camp.uv("uninstall", "straps")


def _install_the_newer(camp: Camp) -> None:
    camp.write("wick", "")
    camp.install("lantern==2.0")


def _install_the_folder(camp: Camp) -> None:
    camp.write("wick", "")
    camp.uv("uninstall", "wick")
    camp.install(camp.shelf.lantern)


def _lose_wick(camp: Camp) -> None:
    camp.write("wick", "")
    camp.uv("uninstall", "wick")


@pytest.mark.parametrize(
    ("drift", "found"),
    [
        (_lose_straps, [("missing", "bag")]),
        (_lose_wick, [("unmet", "wick")]),
        (_install_the_newer, [("extra", "wick"), ("version", "lantern")]),
        (_install_the_folder, [("source", "lantern")]),
    ],
)
def test_what_is_needed_comes_with_what_the_file_lists(
    camp: Camp, drift: Callable[[Camp], object], found: list[tuple[str, str]]
) -> None:
    drift(camp)
    assert sorted(camp.findings()) == found
    camp.follow()
    camp.follow()
    assert camp.findings("--unlisted", "orphans") == []
    assert camp.can_import(*LISTED)


def test_a_constraint_limits_what_is_unlisted(camp: Camp) -> None:
    camp.write("wick", "")
    (camp.folder / "limits.txt").write_text("rope==1.0\nwick<2\n")
    make_wheel(camp.folder / "wheels", "wick", "2.0")
    camp.uv("install", "--no-index", "--find-links", camp.folder / "wheels", "wick==2.0")
    assert camp.findings() == [("version", "wick")]
    camp.follow()
    assert "wick==1.0" in camp.frozen()


def test_hashes(empty_camp: Camp) -> None:
    camp = empty_camp
    lines = ["--no-index", "--find-links wheels"]
    for release in ("lantern-1.0", "wick-1.0", "rope-1.0", "straps-1.0"):
        wheel = camp.folder / "wheels" / f"{release}-py3-none-any.whl"
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines += [f"{release.replace('-', '==')} \\", f"    --hash=sha256:{digest}  # {release}"]
    camp.file.write_text("\n".join([*lines, ""]))
    camp.install("rope==2.0", "wick==1.0", "compass", camp.shelf.lantern)
    drift = sorted(camp.findings())
    expected = [("extra", "compass"), ("missing", "straps"), ("source", "lantern")]
    assert drift == [*expected, ("version", "rope")]
    script = camp.follow()
    assert script.endswith(f" -r {shlex.quote(str(camp.file))}\n")
    assert "==" not in script
    assert camp.findings() == [("extra", "compass")]
    camp.follow()
    assert camp.findings() == []
    assert camp.can_import("lantern", "rope", "straps")


@pytest.mark.parametrize("below", ["", "requirements"])
def test_relative_paths(empty_camp: Camp, below: str) -> None:
    """An installer looks for them in the working directory, so plan and script are run there."""
    camp = empty_camp
    home = camp.folder / below
    home.mkdir(exist_ok=True)
    odd = "st$(>pwned)o`>pwned`;>pwned've"
    make_project(home / odd, "stove", "1.0")
    make_project(home / "two words", "pot", "1.0")
    extra = ("Provides-Extra: hat", 'Requires-Dist: rope==2.0; extra == "hat"')
    make_wheel(camp.folder / "spare wheels", "tarp", "1.0", *extra)
    make_wheel(home / "local", "peg", "1.0", *extra)
    (camp.folder / "limits.txt").write_text("wick==1.0\n")
    (camp.folder / "base.txt").write_text("-f 'spare wheels'\nwick\n")
    text = (
        *("--no-index --find-links=wheels", "--requirem=base.txt", "-c limits.txt", "tarp==1.0"),
        *(f'-e "./{odd}"', "./two words", "./local/peg-1.0-py3-none-any.whl[hat]"),
    )
    camp.file.write_text("\n".join([*text, ""]))
    assert len(findings(home, camp.file)) >= 5
    done = reqdrift("plan", camp.file, cwd=home, env=camp.env)
    if camp.maker == "uv":
        assert "requirements.txt:2: uv does not read this --requirem as pip does" in done.stdout
        return
    run("sh", "-c", done.stdout, cwd=home, env=camp.env)
    assert not [*camp.folder.rglob("pwned")]
    assert camp.can_import("stove", "pot", "peg", "tarp", "rope", "wick")


@pytest.fixture
def served(shelf: Shelf, tmp_path: Path) -> Iterator[str]:
    """An index's address, with a user and a password in it."""
    folder = tmp_path / "served"
    shutil.copytree(shelf.wheels, folder)
    make_archive(make_project(tmp_path / "tent", "tent", "1.0"), folder, "tent", "1.0")
    with serving(folder) as url:
        yield url.replace("://", f"://user:{SECRET}@")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_credentials(empty_camp: Camp, served: str, encoding: str) -> None:
    """The installer reads them in the file."""
    camp = empty_camp
    text = (
        *("-r more.txt", "# what the site needs", "--no-index", f"--find-links {served}/"),
        *("lantern==1.0", "wick==1.0", "rope==1.0", f"tent @ {served}/tent-1.0.tar.gz"),
    )
    # The last line has no end, and is not the last to be read.
    (camp.folder / "more.txt").write_text(f"--extra-index-url {served}/simple")
    camp.file.write_bytes("\n".join(text).encode(encoding))
    camp.install("wick==1.0", "rope==2.0", camp.shelf.lantern)
    script = camp.follow()
    assert SECRET not in script
    assert camp.findings() == []
    assert camp.can_import("lantern", "wick", "rope", "tent")


def test_variables_stay_variables(empty_camp: Camp) -> None:
    camp = empty_camp
    camp.file.write_text("--no-index\n--find-links ${WHEELS}\nwick==1.0\n")
    camp.env["WHEELS"] = "wheels"
    camp.follow(cwd=camp.folder)
    assert camp.findings() == []


def test_the_status_is_that_of_the_installation(empty_camp: Camp) -> None:
    """It fails if a package is not found; what that may need is uninstalled only afterwards."""
    camp = empty_camp
    camp.file.write_text("--no-index\n--find-links wheels\nwick==1.0\nlantern==7.0\n")
    camp.install("wick==1.0", "compass")
    script = camp.plan("--uninstall")
    assert len(script.splitlines()) == 2
    done = run("sh", "-c", script, cwd=camp.folder, env=camp.env, check=False)
    assert done.returncode
    assert camp.findings() == [("extra", "compass"), ("missing", "lantern")]
    camp.file.write_text("--no-index\n--find-links wheels\nwick==1.0\nlantern==1.0\n")
    camp.follow()
    assert camp.findings() == [("extra", "compass")]
    camp.follow()
    assert camp.findings() == []


def test_nothing_is_uninstalled_from_a_python_of_the_machine(project: Path, tmp_path: Path) -> None:
    """Other programs may need what is there, unless it is named."""
    prefix = tmp_path / "usr"
    site = make_installation(prefix)
    add_distribution(site, "wick-1.0")
    add_distribution(site, "stray-1.0")
    (project / "requirements.txt").write_text("wick==1.0\n")
    (project / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    env = clean_environ(UV_PROJECT_ENVIRONMENT=str(prefix))
    done = reqdrift("plan", "--uninstall", cwd=project, env=env)
    why = f"{prefix} is not a virtual environment; other programs may need its packages"
    start = "# not fixed: 1 unlisted package stays installed"
    assert done.stdout.startswith(f"{start} (stray); {why};")
    assert done.stdout.count("\n") == 1
    named = reqdrift("plan", "--uninstall", "--python", prefix, cwd=project, env=env)
    assert "uninstall" in named.stdout
    assert named.stdout.endswith(" stray\n")


def test_an_environment_of_conda_is_not_recreated(project: Path) -> None:
    """Another of that place would not be conda's; its layout is fabricated."""
    site = make_installation(project / ".venv")
    (project / ".venv" / "conda-meta").mkdir()
    names = [f"wick{number}" for number in range(12)]
    for name in names:
        add_distribution(site, f"{name}-2.0")
    header = "# This file is autogenerated by pip-compile with Python 3.8\n"
    pins = "".join(f"{name}==1.0\n" for name in names)
    (project / "requirements.txt").write_text(header + pins)
    done = reqdrift("--python", ".venv", cwd=project)
    assert "was compiled for Python 3.8" in done.stdout + done.stderr
    assert "-m venv" not in done.stdout + done.stderr


def test_a_checkout_of_conda_is_in_the_working_directory(project: Path) -> None:
    """pip clones to `src` of a virtual environment, and of the working directory without one."""
    make_installation(project / "conda")
    (project / "conda" / "conda-meta").mkdir()
    (project / "src" / "wick").mkdir(parents=True)
    (project / "requirements.txt").write_text("-e git+https://wick.example/wick@main#egg=wick\n")
    done = reqdrift("plan", "--python", "conda", cwd=project)
    assert f"discard any uncommitted changes in {project}/src/wick; move it away" in done.stdout
