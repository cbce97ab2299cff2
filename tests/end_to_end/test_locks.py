"""Lock files of each tool that writes them, installed by each that reads them, then changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pip
import pytest
from workshop import Workshop, commit, make_wheel, open_workshop

from support import SCRIPTS, clean_environ, findings, reqdrift, run

UV, PIP = SCRIPTS / "uv", SCRIPTS / "pip"
PYPROJECT = """\
[project]
name = "hut"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["lantern", "whistle==2.0rc1"]

[project.optional-dependencies]
sea = ["compass"]

[dependency-groups]
dev = ["straps"]
"""


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with open_workshop(tmp_path_factory.mktemp("workshop").resolve()) as made:
        make_wheel(made.wheelhouse, "compass", "0.9")
        make_wheel(made.wheelhouse, "awning", "1.0")
        yield made


class Hut(NamedTuple):
    """A project with requirements.in, pyproject.toml, and an empty environment in `.venv`."""

    folder: Path
    workshop: Workshop

    @property
    def offline(self) -> tuple[str | Path, ...]:
        return ("--no-index", "--find-links", self.workshop.wheelhouse)

    @property
    def site(self) -> Path:
        return next(self.folder.glob(".venv/lib/python3*/site-packages"))

    def uv(self, *words: str | Path) -> str:
        return run(UV, *words, cwd=self.folder).stdout

    def pip_lock(self) -> None:
        run(PIP, "lock", *self.offline, "-r", "requirements.in", cwd=self.folder)

    def uv_compile(self) -> None:
        output = ("--format", "pylock.toml", "-o", "pylock.toml")
        self.uv("pip", "compile", "--quiet", *self.offline, "requirements.in", *output)

    def uv_export(self) -> None:
        more = ("--all-extras", "--all-groups", "--no-emit-project")
        output = ("--format", "pylock.toml", "-o", "pylock.toml")
        self.uv("export", "--quiet", *self.offline, *more, *output)

    def install(self, reader: str, lock: str = "pylock.toml") -> None:
        python = ("--python", self.folder / ".venv")
        if reader == "pip":
            run(PIP, *python, "install", "--quiet", "-r", lock, cwd=self.folder)
        elif reader == "uv sync":
            self.uv("pip", "sync", "--quiet", *python, lock)
        else:
            self.uv("pip", "install", "--quiet", *python, "-r", lock)

    def put_pip(self) -> None:
        """The environment gets the pip that the tests run with."""
        for name in ("pip", f"pip-{version('pip')}.dist-info"):
            (self.site / name).symlink_to(Path(pip.__file__).parent.with_name(name))

    def drift(self) -> None:
        """One project is gone, one has another version, one another source, one is new."""
        python = ("--quiet", "--python", ".venv")
        self.uv("pip", "uninstall", *python, "straps")
        new = ("compass==0.9", "awning", self.workshop.lantern)
        self.uv("pip", "install", *python, "--no-deps", *self.offline, *new)


MAKERS: dict[str, Callable[[Hut], None]] = {
    "pip lock": Hut.pip_lock,
    "uv pip compile": Hut.uv_compile,
    "uv export": Hut.uv_export,
}
READERS = ("pip", "uv", "uv sync")


@pytest.fixture
def hut(project: Path, workshop: Workshop) -> Hut:
    (project / "requirements.in").write_text("lantern\nwhistle==2.0rc1\ncompass\nstraps\n")
    (project / "pyproject.toml").write_text(PYPROJECT)
    run(UV, "venv", "--quiet", ".venv", cwd=project)
    return Hut(project, workshop)


def line_of(hut: Hut, name: str) -> int:
    """The line of the entry of a project."""
    lines = (hut.folder / "pylock.toml").read_text().splitlines()
    return lines.index(f'name = "{name}"')


@pytest.mark.parametrize(
    ("maker", "reader"),
    [
        *(("uv pip compile", "uv sync"), ("uv export", "uv")),
        pytest.param("pip lock", "uv", marks=pytest.mark.long),
        pytest.param("uv export", "pip", marks=pytest.mark.long),
    ],
)
def test_what_was_just_installed_is_clean_and_each_drift_is_found(
    maker: str, reader: str, hut: Hut
) -> None:
    MAKERS[maker](hut)
    assert {found[0] for found in findings(hut.folder)} == {"missing"}
    hut.install(reader)
    assert findings(hut.folder) == []
    assert reqdrift(cwd=hut.folder).stdout.startswith("clean; 4 requirements in pylock.toml: 4 ch")
    hut.drift()
    assert sorted(findings(hut.folder)) == [
        ("extra", "awning", None),
        ("missing", "straps", line_of(hut, "straps")),
        ("source", "lantern", line_of(hut, "lantern")),
        ("version", "compass", line_of(hut, "compass")),
    ]


@pytest.mark.parametrize("installer", [pytest.param("pip", marks=pytest.mark.long), "uv"])
@pytest.mark.parametrize("maker", MAKERS)
def test_a_plan_leads_back_to_the_lock(maker: str, installer: str, hut: Hut) -> None:
    MAKERS[maker](hut)
    hut.install("uv")
    if installer == "pip":
        hut.put_pip()
    hut.drift()
    words = ("--python", ".venv", "--with", installer)
    env = clean_environ(PATH=f"{SCRIPTS}:/usr/bin:/bin")
    for option, named in ((), "pylock.toml"), (("--uninstall",), "awning"):
        script = reqdrift("plan", *option, *words, cwd=hut.folder).stdout
        assert named in script
        run("sh", "-c", script, cwd=hut.folder, env=env)
    assert findings(hut.folder) == []


def test_commits_archives_and_folders(hut: Hut) -> None:
    """pip refuses them next to hashes, so uv installs them."""
    shop = hut.workshop
    lines = ("lantern", f"mug @ git+{shop.mug.as_uri()}", f"tent @ {shop.tent}", f"-e {shop.stove}")
    (hut.folder / "requirements.in").write_text("\n".join(lines))
    hut.uv_compile()
    hut.install("uv")
    assert findings(hut.folder) == []
    url = f"mug @ git+{shop.mug.as_uri()}@{commit(shop.mug, 'Another')}"
    hut.uv("pip", "install", "--quiet", "--python", ".venv", *hut.offline, url, shop.stove)
    assert findings(hut.folder) == [
        ("source", "mug", line_of(hut, "mug")),
        ("source", "stove", line_of(hut, "stove")),
    ]
    script = reqdrift("plan", "--python", ".venv", cwd=hut.folder).stdout
    run("sh", "-c", script, cwd=hut.folder, env=clean_environ(PATH=f"{SCRIPTS}:/usr/bin:/bin"))
    assert findings(hut.folder) == []


@pytest.mark.long  # pdm is downloaded
def test_pdm(hut: Hut, tmp_path: Path) -> None:
    run(UV, "venv", "--quiet", tmp_path / "tool", cwd=tmp_path)
    run(UV, "pip", "install", "--quiet", "--python", tmp_path / "tool", "pdm[locked]", cwd=tmp_path)
    source = '[[tool.pdm.source]]\nname = "pypi"\ntype = "find_links"\nurl = "{}"\n'
    with (hut.folder / "pyproject.toml").open("a") as file:
        file.write(source.format(hut.workshop.wheelhouse.as_uri()))
    pdm = tmp_path / "tool/bin/pdm"
    env = clean_environ(PDM_CHECK_UPDATE="0", PDM_CACHE_DIR=str(tmp_path / "cache"))
    run(pdm, "lock", "--group", ":all", cwd=hut.folder, env=env)
    export = ("export", "--format", "pylock", "--group", ":all", "-o", "pylock.toml")
    run(pdm, *export, cwd=hut.folder, env=env)
    for reader in READERS:
        hut.install(reader)
        assert findings(hut.folder) == []
