"""Real containers and a real SSH server: what they say of themselves.

buildah's containers stand for those of `docker run` and `kubectl exec`.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import resource
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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


def check(record: str, *words: str) -> subprocess.CompletedProcess[str]:
    """`reqdrift --installed -` with the record as its input."""
    command = [str(SCRIPTS / "reqdrift"), "--installed", "-", *words]
    env = clean_environ()
    return subprocess.run(
        command, input=record, capture_output=True, text=True, env=env, check=False
    )


def findings(record: str, file: str, *words: str) -> tuple[int, list[tuple[str, str]]]:
    """The exit code of `reqdrift --installed -`, and (kind, project) of its findings."""
    Path("requirements.txt").write_text(file)
    done = check(record, "--format", "json", *words)
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


class Server(NamedTuple):
    """A server that accepts one key."""

    folder: Path
    port: int

    def ssh(self, *words: str) -> subprocess.CompletedProcess[str]:
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")
        command = ["ssh", "-F", "none", "-i", "key", "-p", str(self.port)]
        command += [word for option in options for word in ("-o", option)]
        return run(*command, *words, cwd=self.folder, check=False)


@contextlib.contextmanager
def folder_of_sshd() -> Iterator[None]:
    """The folder that sshd asks for, removed afterwards if it was not there."""
    folder = Path("/run/sshd")
    with contextlib.ExitStack() as stack:
        # Another process of the tests must not remove it while it is used here.
        parent = os.open(folder.parent, os.O_RDONLY)
        stack.callback(os.close, parent)
        fcntl.flock(parent, fcntl.LOCK_EX)
        if not folder.exists():
            folder.mkdir()
            stack.callback(folder.rmdir)
        yield


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    program = shutil.which("sshd", path="/usr/sbin:/usr/bin")
    if os.geteuid() != 0 or program is None:
        pytest.skip("no sshd, or no right to run it")
    folder = tmp_path / "sshd"
    folder.mkdir()
    for name in ("host", "key"):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", name, cwd=folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "key.pub",
        "PidFile": "none",
        "UsePAM": "no",
        "StrictModes": "no",
    }
    (folder / "config").write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
    command = (program, "-D", "-e", "-f", folder / "config")
    with folder_of_sshd(), subprocess.Popen(command, stderr=-3) as process:
        try:
            yield _started(Server(folder, port))
        finally:
            process.terminate()


def _started(server: Server) -> Server:
    for _ in range(50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                return server
        time.sleep(0.1)
    raise AssertionError("sshd does not listen")


def test_a_server_says_what_it_holds(server: Server, project: Path) -> None:
    python = project / ".venv/bin/python"
    run(SCRIPTS / "uv", "venv", "-q", project / ".venv", cwd=project)
    run(SCRIPTS / "uv", "pip", "install", "-q", "-p", python, "pip", *PINS, cwd=project)
    freeze = server.ssh("root@127.0.0.1", f"{python} -m pip freeze")
    assert findings(freeze.stdout, "\n".join(PINS), "--python-version", "3.11") == (0, [])
    inspect = server.ssh("root@127.0.0.1", f"{python} -m pip inspect")
    assert findings(inspect.stdout, DRIFTED) == (1, FOUND)


def test_a_terminal_merges_what_must_be_apart(server: Server, project: Path) -> None:
    """`ssh -t` has one stream for the list and for uv's message."""
    run(SCRIPTS / "uv", "venv", "-q", project / ".venv", cwd=project)
    command = f"{SCRIPTS / 'uv'} pip freeze -p {project / '.venv'}"
    record = server.ssh("-tt", "root@127.0.0.1", command)
    assert "Using Python" in record.stdout
    Path("requirements.txt").write_text("six==1.16.0\n")
    done = check(record.stdout)
    assert done.returncode == 3
    assert "keep standard error apart (2>/dev/null; ssh and docker without -t)" in done.stderr
