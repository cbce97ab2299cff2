"""What a real container says of itself.

buildah's containers stand for those of `docker run` and `kubectl exec`.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reqdrift import reqdrift_inspect
from support import SCRIPTS, clean_environ, run

# A Debian is installed, and copied into a container.
pytestmark = pytest.mark.long

PACKAGES = "python3,python3-venv,python3-yaml,python3-requests"
PINS = ("six==1.16.0", "idna==3.7")
DRIFTED = "six==1.17.0\nidna==3.7\nabsent==1.0\n"
FOUND = [("missing", "absent"), ("version", "six")]


class Container(NamedTuple):
    """A container with `/opt/app`, an environment; `store` has the images of this run."""

    folder: Path
    name: str

    def buildah(self, *words: str | Path, stdin: Path | None = None) -> str:
        store = ("--root", "store", "--runroot", "run", "--storage-driver", "vfs")
        with (stdin or Path(os.devnull)).open() as file:
            return run("buildah", *store, *words, cwd=self.folder, stdin=file).stdout

    def run(self, *words: str, stdin: Path | None = None) -> str:
        command = ("run", "--isolation", "chroot", self.name, "--", *words)
        return self.buildah(*command, stdin=stdin)


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


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Container:
    if not shutil.which("buildah"):
        pytest.skip("no buildah")
    folder = tmp_path_factory.mktemp("containers")
    debian = make_debian(folder)
    made = Container(folder, "app")
    # The limits of a container cannot be above those of this process.
    limits = {"nofile": resource.RLIMIT_NOFILE, "nproc": resource.RLIMIT_NPROC}
    allowed = [f"--ulimit={name}={resource.getrlimit(n)[1]}" for name, n in limits.items()]
    made.buildah("from", *allowed, "--name", made.name, "scratch")
    made.buildah("copy", "-q", made.name, debian, "/")
    wheels = folder / "wheels"
    run(SCRIPTS / "pip", "download", "-q", "--no-deps", "-d", wheels, *PINS, cwd=folder)
    made.buildah("copy", "-q", made.name, wheels, "/wheels")
    made.run("python3", "-m", "venv", "/opt/app")
    made.run("/opt/app/bin/pip", "install", "-q", "--no-index", "-f", "/wheels", *PINS)
    return made


def findings(record: str, file: str, *words: str) -> tuple[int, list[tuple[str, str]]]:
    """The exit code of `reqdrift --installed -`, and (kind, project) of its findings."""
    Path("requirements.txt").write_text(file)
    command = [str(SCRIPTS / "reqdrift"), "--installed", "-", "--format", "json", *words]
    piped: dict[str, Any] = {"input": record, "capture_output": True, "text": True}
    done = subprocess.run(command, env=clean_environ(), check=False, **piped)
    report = json.loads(done.stdout)
    assert report["errors"] == []
    return done.returncode, sorted((f["kind"], f["project"]) for f in report["findings"])


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("pip inspect", ()),
        ("pip freeze", ("--python-version", "3.13", "--unlisted", "all")),
        ("pip list --format json", ("--python-version", "3.13", "--unlisted", "all")),
    ],
)
def test_a_container_says_what_it_holds(
    container: Container, project: Path, command: str, options: tuple[str, ...]
) -> None:
    record = container.run("sh", "-c", f"/opt/app/bin/{command}")
    assert findings(record, "\n".join(PINS), *options) == (0, [])
    assert findings(record, DRIFTED, *options) == (1, FOUND)


def test_the_single_file_is_the_input_of_its_python(container: Container, project: Path) -> None:
    """As in docs/records.md: nothing is copied into the container."""
    source = Path(str(reqdrift_inspect.__file__))
    record = container.run("/opt/app/bin/python", "-", stdin=source)
    assert findings(record, "\n".join(PINS)) == (0, [])
    assert findings(record, DRIFTED) == (1, FOUND)
