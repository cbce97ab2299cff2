"""A root file system that is really installed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from support import run

PACKAGES = "python3,python3-venv,python3-yaml,python3-requests"


def make_debian(folder: Path) -> Path:
    """A Debian with its own Python, and a virtualenv made by that."""
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        pytest.skip("no debootstrap, or no right to run it")
    root = folder / "debian"
    release = run("sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME", cwd=folder)
    mirror = run("apt-get", "indextargets", "--format", "$(REPO_URI)", cwd=folder)
    uris = [uri for uri in mirror.stdout.split() if uri.endswith("debian/")]
    if not uris:
        pytest.skip("no mirror of Debian")
    command = ("debootstrap", "--variant=minbase", f"--include={PACKAGES}")
    run(*command, release.stdout.strip(), root, uris[0], cwd=folder)
    run("chroot", root, "/usr/bin/python3", "-m", "venv", "/opt/venv", cwd=folder)
    return root
