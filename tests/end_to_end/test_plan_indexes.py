"""A private index beside a public one: each package comes from where the files have it.

Both are on the loopback, and have the same releases with other content. The public one is what the
machine's settings name; a command without the files' options would ask it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from workshop import make_project, make_wheel, serving

from support import SCRIPTS, clean_environ, findings, reqdrift, run


class Indexes(NamedTuple):
    """The URLs of the indexes, and the paths that were asked of the public one."""

    private: str
    public: str
    asked: list[str]


# Of `vault` and `lock`, the public index has newer ones, made by somebody else.
PRIVATE = ("vault-1.0", "vault-2.0", "lock-1.0")
PUBLIC = ("vault-1.0", "vault-9.0", "lock-1.0", "lock-9.0", "lamp-1.0")


def make_index(folder: Path, releases: tuple[str, ...], where: str) -> None:
    for release in releases:
        name, _, version = release.partition("-")
        needs = ("Requires-Dist: lock",) if name == "vault" else ()
        make_wheel(folder / name, name, version, *needs, content=f"WHERE = {where!r}\n")


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexes]:
    root = tmp_path_factory.mktemp("indexes").resolve()
    make_index(root / "private", PRIVATE, "private")
    make_index(root / "public", PUBLIC, "public")
    asked: list[str] = []
    with serving(root / "private") as private, serving(root / "public", asked) as public:
        yield Indexes(private, public, asked)


class Bank:
    """A project with an environment in `.venv`; the machine's own index is the public one."""

    def __init__(self, folder: Path, maker: str, indexes: Indexes) -> None:
        self.folder = folder
        self.maker = maker
        self.python = folder / ".venv" / "bin" / "python"
        self.file = folder / "requirements.txt"
        path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
        self.env = clean_environ(PATH=path, PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1")
        self.env |= {"PIP_INDEX_URL": indexes.public, "UV_DEFAULT_INDEX": indexes.public}
        self.env |= {"PIP_NO_CACHE_DIR": "1", "UV_CACHE_DIR": str(folder.parent / "cache")}
        self.env |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "NO_PROXY": "127.0.0.1"}
        for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS"):
            self.env.pop(name, None)

    def install(self, *words: str | Path) -> None:
        pip = (self.python, "-m", "pip", "install", "-q")
        uv = (SCRIPTS / "uv", "pip", "install", "-q", "--python", self.python)
        run(*(pip if self.maker == "pip" else uv), *words, cwd=self.folder, env=self.env)

    def uv(self, verb: str, *words: str | Path) -> None:
        uv = (SCRIPTS / "uv", "pip", verb, "-q", "--python", self.python)
        run(*uv, *words, cwd=self.folder, env=self.env)

    def origins(self) -> list[str]:
        """Which index each package came from."""
        modules = sorted(self.folder.glob(".venv/lib/*/site-packages/*.py"))
        texts = {module.stem: module.read_text() for module in modules}
        return [f"{name}: {text}" for name, text in texts.items() if "WHERE" in text]


@pytest.fixture(scope="module", params=["pip", pytest.param("uv", marks=pytest.mark.long)])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing but the installer's own; the name of the folder is its."""
    folder = tmp_path_factory.mktemp("made").resolve()
    maker = {"pip": ("virtualenv", "-q", "--no-setuptools"), "uv": ("uv", "venv", "-q")}
    name, *words = maker[request.param]
    run(SCRIPTS / name, *words, request.param, cwd=folder)
    return folder / str(request.param)


OPTIONS = {
    "instead": "--index-url {private}\n",
    "beside": "--index-url {private}\n--extra-index-url {public}\n",
    "links": "--no-index\n--find-links {private}/vault/\n--find-links {private}/lock/\n",
    "settings": "",
}


def _misplace(bank: Bank) -> None:
    bank.uv("uninstall", "vault")
    bank.uv("install", "--no-deps", make_project(bank.folder.parent / "vault", "vault", "1.0"))


DRIFTS: dict[str, Callable[[Bank], object]] = {
    "missing": lambda bank: bank.uv("uninstall", "vault", "lock"),
    "unmet": lambda bank: bank.uv("uninstall", "lock"),
    "version": lambda bank: bank.uv("install", "--no-deps", "vault==9.0"),
    "source": _misplace,
}


@pytest.mark.parametrize(
    ("option", "drift"),
    [
        ("beside", "version"),
        *(pytest.param("instead", drift, marks=pytest.mark.long) for drift in DRIFTS),
        *(pytest.param("links", drift, marks=pytest.mark.long) for drift in ("source", "unmet")),
        pytest.param("settings", "version", marks=pytest.mark.long),
    ],
)
def test_each_package_comes_from_where_the_file_has_it(
    made: Path, tmp_path: Path, indexes: Indexes, option: str, drift: str
) -> None:
    bank = Bank(tmp_path.resolve() / "project", made.name, indexes)
    shutil.copytree(made, bank.folder / ".venv", symlinks=True)
    options = OPTIONS[option].format(private=indexes.private, public=indexes.public)
    bank.file.write_text(f"{options}vault==1.0\n")
    (bank.folder / "pyproject.toml").write_text("[tool.reqdrift]\nseverity = {unmet = 'error'}\n")
    indexes.asked.clear()
    bank.install("-r", bank.file)
    may_ask = bool(indexes.asked)
    expected = bank.origins()
    assert len(expected) == 2
    DRIFTS[drift](bank)
    indexes.asked.clear()
    script = reqdrift("plan", cwd=bank.folder, env=bank.env).stdout
    left = [line for line in script.splitlines() if "not fixed" in line]
    assert all("unlisted package stays installed (lock)" in line for line in left)
    run("sh", "-c", script, cwd=bank.folder, env=bank.env)
    assert bank.origins() == expected
    assert findings(bank.folder) == []
    assert may_ask or not indexes.asked
