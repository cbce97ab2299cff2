"""`reqdrift freeze`: as pip and uv freeze, and good for making the same environment again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from workshop import Workshop, make_project, make_wheel, open_workshop

from reqdrift.standards import canonical_name
from support import (
    SCRIPTS,
    add_distribution,
    clean_environ,
    findings,
    interpreters,
    make_environment,
    reqdrift,
    run,
)

COMMIT = "0123456789abcdef0123456789abcdef01234567"

# Pythons whose setuptools still installs by itself.
LEGACY = ("3.7", "3.6", "3.8")


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with open_workshop(tmp_path_factory.mktemp("workshop").resolve()) as made:
        yield made


class Room:
    """A folder with an environment in `.venv`, filled by pip or by uv."""

    def __init__(self, folder: Path, maker: str, workshop: Workshop) -> None:
        self.folder = folder
        self.maker = maker
        self.workshop = workshop
        self.python = folder / ".venv" / "bin" / "python"
        folder.mkdir(parents=True)
        env = clean_environ(PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1")
        env["UV_CACHE_DIR"] = str(folder.parent / "cache")
        self.env = {k: v for k, v in env.items() if k != "PYTHONDONTWRITEBYTECODE"}
        words = ("virtualenv", "--no-setuptools") if maker == "pip" else ("uv", "venv")
        run(SCRIPTS / words[0], *words[1:], "-q", ".venv", cwd=folder, env=self.env)

    def pip(self, *words: str | Path) -> str:
        command: tuple[str | Path, ...] = (self.python, "-m", "pip")
        if self.maker == "uv":
            command = (SCRIPTS / "pip", "--python", self.folder / ".venv")
        return run(*command, *words, cwd=self.folder, env=self.env).stdout

    def uv(self, verb: str, *words: str | Path) -> str:
        command = (SCRIPTS / "uv", "pip", verb, "--python", self.python)
        return run(*command, *words, cwd=self.folder, env=self.env).stdout

    def install(self, *what: str | Path) -> None:
        links = ("-q", "--no-index", "--find-links", self.workshop.wheelhouse)
        if self.maker == "pip":
            self.pip("install", *links, *what)
        else:
            self.uv("install", *links, *what)

    def freeze(self) -> str:
        done = reqdrift("freeze", cwd=self.folder)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout


@pytest.fixture(params=[pytest.param("pip", marks=pytest.mark.long), "uv"])
def room(request: pytest.FixtureRequest, workshop: Workshop, tmp_path: Path) -> Room:
    """One of each kind is installed."""
    room = Room(tmp_path.resolve() / "room", request.param, workshop)
    room.install(*workshop.references())
    return room


def meaning(freeze: str) -> dict[str, str]:
    """What a freeze says of each project, in whichever way it says it.

    pip knows an editable by its remote or its path, uv by its path: the folder's name is the
    project's in all these tests. A hash is more than uv says.
    """
    said: dict[str, str] = {}
    for line in freeze.splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("-e "):
            name = line.partition("#egg=")[2] or line.rstrip("/").rpartition("/")[2]
            what = "editable"
        elif " @ " in line:
            name, _, url = line.partition(" @ ")
            what = unquote(url.partition("#")[0])
        else:
            name, _, what = line.partition("==")
        assert canonical_name(name) not in said
        said[canonical_name(name)] = what
    return said


@pytest.mark.long  # everything is installed twice
def test_is_what_pip_and_uv_say_and_makes_the_same_again(room: Room, tmp_path: Path) -> None:
    freeze = room.freeze()
    assert len(freeze.splitlines()) == 9
    assert meaning(freeze) == meaning(room.pip("freeze"))
    assert meaning(freeze) == meaning(room.uv("freeze", "--exclude", "pip"))
    assert sorted(freeze.splitlines(), key=str.lower) == [
        *(line for line in freeze.splitlines() if line.startswith("-e ")),
        *(line for line in freeze.splitlines() if not line.startswith("-e ")),
    ]
    for again in ("pip", "uv"):
        other = Room(tmp_path.resolve() / again, again, room.workshop)
        (other.folder / "requirements.txt").write_text(freeze)
        other.install("-r", "requirements.txt")
        assert findings(other.folder) == []
        assert reqdrift(cwd=other.folder).returncode == 0
        # Whether a hash is known of a local file is the installer's affair.
        assert meaning(other.freeze()) == meaning(freeze)


def test_what_setup_py_installed(tmp_path: Path) -> None:
    python = next((found for v in LEGACY if (found := interpreters().get(v))), None)
    if python is None:
        pytest.skip(f"needs one of Python {', '.join(LEGACY)}")
    folder = tmp_path.resolve()
    run(python, "-m", "venv", "--without-pip", ".venv", cwd=folder)
    code = "import os, setuptools; print(os.path.dirname(os.path.dirname(setuptools.__file__)))"
    env = clean_environ(PYTHONPATH=run(python, "-c", code, cwd=folder).stdout.strip())
    installs = {
        "pot": ("install", "--single-version-externally-managed", "--record", "files"),
        "pan": ("develop", "--no-deps"),
    }
    for name, words in installs.items():
        (folder / name).mkdir()
        text = f"from setuptools import setup\nsetup(name='{name}', version='1.0', py_modules=[])\n"
        (folder / name / "setup.py").write_text(text)
        interpreter = folder / ".venv" / "bin" / "python"
        run(interpreter, "setup.py", "-q", *words, cwd=folder / name, env=env)
    (site,) = (folder / ".venv").glob("lib/python3*/site-packages")
    assert list(site.glob("pot-1.0*.egg-info"))
    assert list(site.glob("pan.egg-link"))

    freeze = reqdrift("freeze", cwd=folder).stdout
    assert freeze == f"-e {(folder / 'pan').as_uri()}#egg=pan\npot==1.0\n"
    (folder / "requirements.txt").write_text(freeze)
    assert findings(folder) == []


class TestWithoutTheFaultsOfPip:
    """On fabricated environments: what pip freeze would get wrong."""

    @pytest.fixture
    def site(self, tmp_path: Path) -> Path:
        return make_environment(tmp_path / ".venv")

    def freeze(self, folder: Path, *words: str, code: int = 0) -> list[str]:
        done = reqdrift("freeze", *words, cwd=folder)
        self.err = done.stderr
        assert done.returncode == code
        return done.stdout.splitlines()

    def test_no_file_is_needed(self, site: Path, tmp_path: Path) -> None:
        assert self.freeze(tmp_path) == []
        add_distribution(site, "rope-1.0")
        assert self.freeze(tmp_path) == ["rope==1.0"]
        (tmp_path / "requirements.txt").write_text("=?\n")
        assert self.freeze(tmp_path) == ["rope==1.0"]

    def test_no_build_paths_of_conda(self, site: Path, tmp_path: Path) -> None:
        url = {"url": "file:///croot/rope_1700/work", "dir_info": {}}
        add_distribution(site, "rope-1.0", direct_url=url, installer="conda")
        assert self.freeze(tmp_path) == ["rope==1.0"]

    def test_no_credentials(self, site: Path, tmp_path: Path) -> None:
        vcs = {"vcs_info": {"vcs": "git", "commit_id": COMMIT}}
        ssh = {"url": "ssh://git@example.org/x", **vcs}
        add_distribution(site, "a-1.0", direct_url={"url": "https://u:p4ss@example.org/a", **vcs})
        archive = {"url": "https://t0ken@example.org/b-1.0.zip", "archive_info": {}}
        add_distribution(site, "b-1.0", direct_url=archive)
        add_distribution(site, "c-1.0", direct_url=ssh)
        assert self.freeze(tmp_path) == [
            f"a @ git+https://example.org/a@{COMMIT}",
            "b @ https://example.org/b-1.0.zip",
            f"c @ git+ssh://git@example.org/x@{COMMIT}",
        ]

    def test_an_editable_keeps_its_name_and_folder(self, site: Path, tmp_path: Path) -> None:
        project = make_project(tmp_path / "two words é#", "stove", "1.0")
        url = {"url": project.as_uri(), "dir_info": {"editable": True}}
        add_distribution(site, "stove-1.0", direct_url=url)
        (line,) = self.freeze(tmp_path)
        assert line == f"-e {project.as_uri()}#egg=stove"
        (tmp_path / "requirements.txt").write_text(f"{line}\n")
        assert findings(tmp_path) == []

    def test_hashes_and_subdirectories(self, site: Path, tmp_path: Path) -> None:
        archive = {"hash": "sha256=ab", "hashes": {"sha256": "ab"}}
        url = {"url": "https://h/a.zip", "archive_info": archive, "subdirectory": "x/y"}
        add_distribution(site, "a-1.0", direct_url=url)
        vcs = {"vcs_info": {"vcs": "hg", "commit_id": "12"}, "url": "https://h/b"}
        add_distribution(site, "b-1.0", direct_url={**vcs, "subdirectory": "z"})
        assert self.freeze(tmp_path) == [
            "a @ https://h/a.zip#sha256=ab&subdirectory=x/y",
            "b @ hg+https://h/b@12#subdirectory=z",
        ]

    def test_versions(self, site: Path, tmp_path: Path) -> None:
        for release in ("a-1.0-rc1", "b-2004d", "c-1.0+cpu", "d-1!2.0"):
            name, _, version = release.partition("-")
            info = site / f"{name}-{version.replace('-', '_')}.dist-info"
            info.mkdir()
            text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            (info / "METADATA").write_text(text)
        assert self.freeze(tmp_path) == ["a==1.0rc1", "b===2004d", "c==1.0+cpu", "d==1!2.0"]

    def test_the_order_does_not_hang_on_kind_or_case(self, site: Path, tmp_path: Path) -> None:
        url = {"url": (tmp_path / "mid").as_uri(), "dir_info": {"editable": True}}
        (tmp_path / "mid").mkdir()
        add_distribution(site, "mid-1.0", direct_url=url)
        archive = {"url": "https://h/low.zip", "archive_info": {}}
        add_distribution(site, "low-1.0", direct_url=archive)
        for release in ("Zed-1.0", "abc-1.0", "Low_more-1.0", "Mid_b-1.0"):
            add_distribution(site, release)
        names = ["abc", "low", "Low_more", "mid", "Mid_b", "Zed"]
        lines = self.freeze(tmp_path)
        assert [n for n, line in zip(names, lines, strict=True) if n in line] == names

    def test_a_url_cannot_add_lines(self, site: Path, tmp_path: Path) -> None:
        url = "https://h/a b.zip\n--index-url https://evil\x1b[2J"
        add_distribution(site, "a-1.0", direct_url={"url": url, "archive_info": {}})
        (line,) = self.freeze(tmp_path)
        assert line.startswith("a @ https://h/a%20b.zip%0A--index-url%20https:")
        assert line.isprintable()

    def test_what_cannot_be_read_fails(self, site: Path, tmp_path: Path) -> None:
        info = add_distribution(site, "a-1.0", direct_url={})
        add_distribution(site, "b-1.0")
        assert self.freeze(tmp_path, code=3) == ["a==1.0", "b==1.0"]
        assert str(info.name) in self.err
        (info / "direct_url.json").write_text(json.dumps([1]))
        assert self.freeze(tmp_path, code=3) == ["a==1.0", "b==1.0"]

    def test_a_folder_that_pip_filled(self, tmp_path: Path, workshop: Workshop) -> None:
        wheel = make_wheel(tmp_path / "wheels", "peg", "1.0")
        target = tmp_path / "target"
        words = ("--no-index", "--no-deps", "-q", "--target", target, wheel)
        run(SCRIPTS / "uv", "pip", "install", *words, cwd=tmp_path)
        (line,) = self.freeze(tmp_path, "--path", str(target))
        assert line.startswith(f"peg @ {wheel.as_uri()}")
