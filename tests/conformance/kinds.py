"""The kinds of environment of the acceptance table, as real tools make them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from workshop import (
    Workshop,
    make_by_virtualenv,
    make_eggs,
    make_project,
    newest_python,
    oldest_python,
)

from support import SCRIPTS, clean_environ, run

UV = SCRIPTS / "uv"
# The interpreter of this machine, not the link of a virtualenv.
PYTHON = str(Path(sys._base_executable).resolve())  # type: ignore[attr-defined]
WHEELS = ("lantern==1.0", "zope.rope-kit==1.0+cpu", "whistle==2.0rc1", "bag[straps]==1.0")


class Made(NamedTuple):
    """The interpreter of an environment, and whether it sees another's packages."""

    python: Path
    sees_system: bool = False


class Shop(NamedTuple):
    """A folder in which an environment is made, and what there is to install."""

    folder: Path
    workshop: Workshop

    def virtualenv(self) -> Path:
        prefix = self.folder / "env"
        command = (SCRIPTS / "virtualenv", "-q", "--python", newest_python(), prefix)
        run(*command, cwd=self.folder, env=VARIABLES)
        return prefix

    def pip(self, python: Path, *what: str | Path) -> None:
        """Install by the environment's own pip."""
        links = ("--find-links", self.workshop.wheelhouse, "--find-links", self.workshop.bag.parent)
        command = (python, "-m", "pip", "install", "-q", "--no-index", *links)
        run(*command, *what, cwd=self.folder, env=VARIABLES)


# Nothing of the machine's configuration.
VARIABLES = clean_environ(
    PIP_CONFIG_FILE=os.devnull,
    PIP_DISABLE_PIP_VERSION_CHECK="1",
    PIP_ROOT_USER_ACTION="ignore",
    UV_NO_CONFIG="1",
)


def wheels_by_pip(shop: Shop) -> Made:
    prefix = shop.virtualenv()
    shop.pip(prefix / "bin/python", *WHEELS)
    return Made(prefix / "bin/python")


def wheels_by_uv(shop: Shop) -> Made:
    prefix = shop.folder / "env"
    run(UV, "venv", "-q", "--python", PYTHON, prefix, cwd=shop.folder, env=VARIABLES)
    links = ("--find-links", shop.workshop.wheelhouse, "--find-links", shop.workshop.bag.parent)
    command = (UV, "pip", "install", "-q", "--offline", "--no-index", "--python", prefix)
    run(*command, "--link-mode", "copy", *links, *WHEELS, cwd=shop.folder, env=VARIABLES)
    return Made(prefix / "bin/python")


def virtualenv_of(release: str) -> Callable[[Shop], Made]:
    """An environment of the oldest Python, made by an old release of virtualenv."""

    def make(shop: Shop) -> Made:
        prefix = shop.folder / "env"
        make_by_virtualenv(prefix, release, oldest_python())
        shop.pip(prefix / "bin/python", *WHEELS)
        return Made(prefix / "bin/python")

    return make


def archives(shop: Shop) -> Made:
    """A wheel, an archive from a server, a folder."""
    prefix = shop.virtualenv()
    folder = make_project(shop.folder / "tripod", "tripod", "1.0")
    shop.pip(prefix / "bin/python", f"bag[straps] @ {shop.workshop.bag.as_uri()}")
    shop.pip(prefix / "bin/python", f"tent @ {shop.workshop.tent}", folder)
    return Made(prefix / "bin/python")


def repositories(shop: Shop) -> Made:
    prefix = shop.virtualenv()
    shop.pip(prefix / "bin/python", "lantern==1.0", f"mug @ git+{shop.workshop.mug.as_uri()}")
    return Made(prefix / "bin/python")


def editables(shop: Shop) -> Made:
    """A folder, a checkout of git, and one that is on the path by code."""
    prefix = shop.virtualenv()
    finder = make_project(shop.folder / "finder", "finder", "1.0")
    backend = (finder / "backend.py").read_text()
    (finder / "backend.py").write_text(backend.replace('os.getcwd() + "\\n"', '"import sys\\n"'))
    folders = (shop.workshop.stove, shop.workshop.kettle, finder)
    shop.pip(prefix / "bin/python", "lantern==1.0", *(w for f in folders for w in ("-e", f)))
    return Made(prefix / "bin/python")


def eggs(shop: Shop) -> Made:
    return Made(make_eggs(shop.folder) / "bin/python")


def sees_the_system(shop: Shop) -> Made:
    """A virtualenv of a Python that has packages, too."""
    base = copy_python(shop.folder / "base")
    shop.pip(base, "compass==1.0")
    prefix = shop.folder / "env"
    run(base, "-m", "venv", "--system-site-packages", prefix, cwd=shop.folder, env=VARIABLES)
    shop.pip(prefix / "bin/python", "lantern==1.0", "bag[straps]==1.0")
    return Made(prefix / "bin/python", sees_system=True)


def conda_layout(shop: Shop) -> Made:
    """A Python that is no virtualenv, with conda's records."""
    prefix = shop.folder / "env"
    python = copy_python(prefix)
    version = run(python, "-c", "import platform as p; print(p.python_version())", cwd=prefix)
    (prefix / "conda-meta").mkdir()
    (prefix / f"conda-meta/python-{version.stdout.strip()}-h0_0_cpython.json").write_text("{}")
    (prefix / "conda-meta/history").write_text("")
    shop.pip(python, *WHEELS)
    for info in prefix.glob("lib/python3*/site-packages/lantern-*.dist-info"):
        (info / "INSTALLER").write_text("conda\n")
    return Made(prefix / "bin/python")


def of_an_image(shop: Shop) -> Made:
    """A Python that is no virtualenv, as in /usr/local of an image."""
    prefix = shop.folder / "usr/local"
    shop.pip(copy_python(prefix), *WHEELS)
    return Made(prefix / "bin/python")


def copy_python(prefix: Path) -> Path:
    """A copy of the Python of this machine, with pip only; its interpreter."""
    base, name = Path(PYTHON).parent.parent, "python{}.{}".format(*sys.version_info[:2])
    library = prefix / "lib" / name
    header = base / "include" / name / "patchlevel.h"
    if not header.exists():
        pytest.skip(f"no {header}, which says the version (python3-dev)")
    without = shutil.ignore_patterns("site-packages", "__pycache__", "test", "config-*")
    shutil.copytree(base / "lib" / name, library, ignore=without)
    (library / "site-packages").mkdir()
    (prefix / "bin").mkdir()
    shutil.copy2(PYTHON, prefix / "bin" / name)
    (prefix / "bin/python").symlink_to(name)
    for shared in (base / "lib").glob("libpython*.so*"):
        shutil.copy2(shared, prefix / "lib")
    include = prefix / "include" / name
    include.mkdir(parents=True)
    shutil.copy2(header, include)
    run(prefix / "bin" / name, "-m", "ensurepip", cwd=prefix, env=VARIABLES)
    return prefix / "bin" / name
