"""What real environments are filled with: small wheels, folders and repositories, all made here.

The projects build themselves (their backend lies beside their pyproject.toml), so that pip and uv
install them as any other, but without asking an index for a backend.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.server
import os
import shutil
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from support import (
    SCRIPTS,
    clean_environ,
    findings,
    interpreters,
    python27,
    record,
    reqdrift,
    run,
    run_git,
)

_METADATA = "Metadata-Version: 2.1\nName: lantern\nVersion: 1.0\n"
_WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py2-none-any\nTag: py3-none-any\n"
# What a wheel may hold: packages, a script whose first line installers rewrite, one that they
# write, data, a header.
_CONTENT = {
    "lantern/__init__.py": "LIGHT = 1\n",
    "lantern/wick.py": "WICK = 2\n",
    "lantern/data/a, b.txt": "commas\n",
    "lantern-1.0.data/scripts/light": "#!python\nprint(1)\n",
    "lantern-1.0.data/data/share/lantern.txt": "data\n",
    "lantern-1.0.data/headers/lantern.h": "/* */\n",
    "lantern-1.0.dist-info/METADATA": _METADATA,
    "lantern-1.0.dist-info/WHEEL": _WHEEL,
    "lantern-1.0.dist-info/entry_points.txt": "[console_scripts]\nglow = lantern:main\n",
}


_BACKEND = """\
import base64, hashlib, os, zipfile

NAME, VERSION = {name!r}, {version!r}
RELEASE = NAME + "-" + VERSION


def _wheel(folder, files):
    info = RELEASE + ".dist-info/"
    files[info + "METADATA"] = "Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n" % (NAME, VERSION)
    files[info + "WHEEL"] = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    files[info + "RECORD"] = "".join(name + ",,\\n" for name in [*files, info + "RECORD"])
    wheel = RELEASE + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, wheel), "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel


def build_wheel(folder, settings=None, metadata=None):
    return _wheel(folder, {{NAME + ".py": ""}})


def build_editable(folder, settings=None, metadata=None):
    return _wheel(folder, {{"__editable__." + NAME + ".pth": os.getcwd() + "\\n"}})
"""

_PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "{name}"
version = "{version}"
"""


# What pytest and rich bring: older releases than reqdrift would get.
FREEZE = """\
iniconfig==2.0.0
markdown-it-py==3.0.0
mdurl==0.1.2
packaging==24.2
pluggy==1.5.0
Pygments==2.18.0
pytest==8.3.4
rich==13.7.1
"""


def digest(text: str) -> str:
    """A hash as RECORD has it."""
    plain = hashlib.sha256(text.encode()).digest()
    return f"sha256={base64.urlsafe_b64encode(plain).rstrip(b'=').decode()}"


def make_wheel(
    folder: Path,
    name: str,
    version: str,
    *headers: str,
    content: str = "",
    file: str = "",
    more: Mapping[str, str] | None = None,
    hashed: bool = False,
) -> Path:
    """A wheel file; `headers` are further lines of its METADATA, `more` further files in it."""
    file = file or name
    info = f"{file}-{version}.dist-info"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{file}-{version}-py3-none-any.whl"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *headers]
    files = {
        **(more or {}),
        f"{file.lower()}.py": content,
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = {name: f"{name},{digest(text) if hashed else ''},\n" for name, text in files.items()}
    files[f"{info}/RECORD"] = "".join(rows.values()) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as wheel:
        for entry, text in files.items():
            wheel.writestr(entry, text)
    return path


class Shop:
    """A project whose environment pip or uv fills from wheels."""

    def __init__(self, folder: Path, wheels: Path, maker: str) -> None:
        self.folder = folder
        self.file = folder / "requirements.txt"
        self.python = folder / ".venv" / "bin" / "python"
        self.links = ("--no-index", "--find-links", wheels)
        self.maker = maker
        settings = {"PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "PIP_NO_COMPILE": "1"}
        # The commands that `plan` prints find the wheels too, and uv.
        settings |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "UV_OFFLINE": "1"}
        settings |= {"UV_FIND_LINKS": str(wheels), "UV_NO_INDEX": "1", "UV_OFFLINE": "1"}
        path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
        self.env = clean_environ(**settings, PATH=path)
        folder.mkdir()
        if maker == "pip":
            run(SCRIPTS / "virtualenv", "-q", "--no-setuptools", ".venv", cwd=folder)
        else:
            run(SCRIPTS / "uv", "venv", "-q", "-p", sys.executable, ".venv", cwd=folder)

    def write(self, *lines: str) -> None:
        self.file.write_text("".join(f"{line}\n" for line in lines))

    def install(self, *words: str) -> None:
        """What a user types: pip or uv."""
        pip = (self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check")
        uv = (SCRIPTS / "uv", "pip", "install", "-q", "--python", self.python)
        run(*(pip if self.maker == "pip" else uv), *words, cwd=self.folder, env=self.env)

    def uninstall(self, *names: str) -> None:
        """Quickly: uv serves both environments."""
        words = ("pip", "uninstall", "-q", "--python", self.python)
        run(SCRIPTS / "uv", *words, *names, cwd=self.folder, env=self.env)

    def freeze(self) -> list[str]:
        words = ("pip", "freeze", "--exclude", "pip", "--python", self.python)
        return run(SCRIPTS / "uv", *words, cwd=self.folder, env=self.env).stdout.splitlines()

    def findings(self, *words: str | Path) -> list[tuple[str, str, int | None]]:
        return findings(self.folder, *words)

    def follow(self) -> str:
        """What `plan` prints if it may uninstall, done."""
        script = reqdrift("plan", "--uninstall", cwd=self.folder, env=self.env).stdout
        run("sh", "-euc", script, cwd=self.folder, env=self.env)
        return script


def make_wheel_of_everything(root: Path) -> Path:
    """A folder with a wheel of lantern 1.0 that has files of each kind, its RECORD with hashes."""
    tree = root / "tree"
    for name, text in _CONTENT.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    info = tree / "lantern-1.0.dist-info"
    (info / "INSTALLER").write_text("")
    rows = record(tree, info, _CONTENT).splitlines(keepends=True)
    (info / "RECORD").write_text("".join(row for row in rows if "INSTALLER" not in row))
    (info / "INSTALLER").unlink()
    with zipfile.ZipFile(root / "lantern-1.0-py2.py3-none-any.whl", "w") as wheel:
        for path in sorted(tree.rglob("*")):
            if path.is_file():
                wheel.write(path, path.relative_to(tree))
    shutil.rmtree(tree)
    return root


def make_old_environment(prefix: Path, release: str) -> None:
    """An environment of Python 2.7, made by an old release of virtualenv."""
    python = python27()
    if python is None:
        pytest.skip("this machine has no Python 2.7")
    make_by_virtualenv(prefix, release, python)


def make_by_virtualenv(prefix: Path, release: str, python: str) -> None:
    """An environment of a Python, made by a release of virtualenv on the oldest Python."""
    maker = prefix.with_name("maker")
    run(SCRIPTS / "uv", "venv", "--quiet", "--python", oldest_python(), maker, cwd=prefix.parent)
    uv = (SCRIPTS / "uv", "pip", "install", "--quiet", "--python", maker)
    run(*uv, release, cwd=prefix.parent)
    run(maker / "bin/python", "-m", "virtualenv", "--quiet", "-p", python, prefix, cwd=maker)


_SETUP = """\
from setuptools import setup

setup(name="camp.{name}", version="1.0", packages=["camp", "camp.{name}"],
      namespace_packages=["camp"], zip_safe=False)
"""


def make_eggs(folder: Path) -> Path:
    """An environment with projects, installed in all ways that an old setuptools knows.

    They are camp.linked (an egg-link), camp.flat (an egg-info), camp.egg, and camp.listed, by pip.
    """
    run(oldest_python(), "-m", "venv", folder / "env", cwd=folder)
    python = folder / "env/bin/python"
    if run(python, "-c", "import setuptools", cwd=folder, check=False).returncode:
        pytest.skip("venv of Python 3.12 and newer installs no setuptools, and no other is there")
    flat = ("install", "--single-version-externally-managed", "--record", "record")
    for name, words in (("linked", ("develop",)), ("flat", flat), ("egg", ("install",))):
        _make_egg(folder / name)
        run(python, "setup.py", "-q", *words, cwd=folder / name)
    _make_egg(folder / "listed")
    run(python, "-m", "pip", "install", "-q", "--no-index", "./listed", cwd=folder)
    return folder / "env"


def _make_egg(folder: Path) -> None:
    (folder / "camp" / folder.name).mkdir(parents=True)
    text = "__import__('pkg_resources').declare_namespace(__name__)\n"
    (folder / "camp/__init__.py").write_text(text)
    (folder / "camp" / folder.name / "__init__.py").write_text("")
    (folder / "setup.py").write_text(_SETUP.format(name=folder.name))


def oldest_python() -> str:
    """The oldest Python 3 of this machine."""
    return _by_age()[0]


def newest_python() -> str:
    """The newest Python 3 of this machine."""
    return _by_age()[-1]


def _by_age() -> list[str]:
    minors = sorted(interpreters(), key=lambda minor: int(minor.partition(".")[2]))
    if not minors:
        pytest.skip("no Python of this machine has ensurepip")
    return [interpreters()[minor] for minor in minors]


def make_project(folder: Path, name: str, version: str) -> Path:
    """A folder that pip and uv can install, editable too."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(_PYPROJECT.format(name=name, version=version))
    (folder / "backend.py").write_text(_BACKEND.format(name=name, version=version))
    (folder / f"{name}.py").write_text("")
    return folder


def make_archive(project: Path, folder: Path, name: str, version: str) -> Path:
    """A source archive of a project's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(project, f"{name}-{version}")
    return path


def commit(folder: Path, message: str = "A change") -> str:
    """Commit all that is in a folder, which becomes a repository if it is none; the commit's id."""
    run_git("init", "--quiet", cwd=folder)
    run_git("add", "--all", cwd=folder)
    run_git("commit", "--quiet", "--allow-empty", "--message", message, cwd=folder)
    return run_git("rev-parse", "HEAD", cwd=folder)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, asked: list[str], **more: Any) -> None:
        self.asked = asked
        super().__init__(*args, **more)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's
        self.asked.append(self.path)


@contextlib.contextmanager
def serving(folder: Path, asked: list[str] | None = None) -> Iterator[str]:
    """Serve a folder on the loopback; the URL, without a slash at the end.

    The paths of requests are added to `asked`.
    """
    asked = [] if asked is None else asked
    handler = partial(_Quiet, directory=str(folder), asked=asked)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Workshop(NamedTuple):
    """The things to install; `url` is where `served` is served.

    In the wheelhouse: lantern 1.0 and 2.0, Zope.Rope_Kit 1.0+cpu, whistle 2.0rc1, compass 1.0, and
    straps 1.0, which bag's extra `straps` asks for.
    """

    wheelhouse: Path
    bag: Path
    tent: str
    stove: Path
    mug: Path
    kettle: Path
    lantern: Path

    def references(self) -> list[str]:
        """One of each kind, as one writes them for pip and uv."""
        return [
            *("lantern==1.0", "zope.rope-kit==1.0+cpu", "whistle==2.0rc1"),
            f"bag[straps] @ {self.bag.as_uri()}",
            f"tent @ {self.tent}",
            f"git+{self.mug.as_uri()}",
            *("-e", str(self.stove)),
            *("-e", str(self.kettle)),
        ]


@contextlib.contextmanager
def open_workshop(root: Path) -> Iterator[Workshop]:
    """Make everything; the server lives as long as the context."""
    wheelhouse = root / "wheelhouse"
    for name, version in (("lantern", "1.0"), ("lantern", "2.0"), ("whistle", "2.0rc1")):
        make_wheel(wheelhouse, name, version)
    make_wheel(wheelhouse, "Zope.Rope_Kit", "1.0+cpu", file="Zope.Rope_Kit")
    make_wheel(wheelhouse, "compass", "1.0")
    make_wheel(wheelhouse, "straps", "1.0")
    extra = ("Provides-Extra: straps", 'Requires-Dist: straps>=1; extra == "straps"')
    bag = make_wheel(root / "wheels", "bag", "1.0", *extra)
    served = root / "served"
    make_archive(make_project(root / "tent", "tent", "1.0"), served, "tent", "1.0")
    mug = make_project(root / "mug", "mug", "1.0")
    commit(mug)
    origin = make_project(root / "origin" / "kettle", "kettle", "1.0")
    commit(origin)
    run_git("clone", "--quiet", origin, "kettle", cwd=root)
    lantern = make_project(root / "lantern", "lantern", "1.0")
    commit(lantern)
    with serving(served) as url:
        stove = make_project(root / "stove", "stove", "1.0")
        tent = f"{url}/tent-1.0.tar.gz"
        yield Workshop(wheelhouse, bag, tent, stove, mug, root / "kettle", lantern)
