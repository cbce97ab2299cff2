"""What the tests share: fabricated environments, real interpreters, running the command."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

import packaging
import pytest
from packaging.version import Version

REPOSITORY = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
MEMORY = "/dev/shm"  # noqa: S108 - a folder, and no name of a file

# `make test-lowest` has the oldest.
OLD_PACKAGING = Version(packaging.__version__) < Version("26.3")
reads_locks = pytest.mark.skipif(OLD_PACKAGING, reason="lock files need packaging 26.3")

# What programs need in order to run, and to reach a package index. Any other variable may be a
# setting of reqdrift, git, pip, uv, Python, the locale or the terminal that changes a result.
_KEPT = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LD_LIBRARY_PATH", "PYENV_ROOT"),
        *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT"),
        *("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "PIP_CACHE_DIR", "UV_CACHE_DIR", "XDG_CACHE_HOME"),
    }
)
# Settings of the tests themselves.
_KEPT_PREFIXES = ("PYTEST_", "HYPOTHESIS_", "REQDRIFT_TEST_")
_SET = {"LANG": "C.UTF-8", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def clean_environ(**changes: str) -> dict[str, str]:
    """The process's environment variables without the settings of the machine and the user."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if value and (name in _KEPT or name.startswith(_KEPT_PREFIXES))
    }
    return {**kept, **_SET, **changes}


def forget_settings(home: str) -> None:
    """Leave this process no settings of the machine, and a home folder of its own.

    Caches and interpreters are found where they are.
    """
    if not os.environ.get("HOME"):
        os.environ.pop("HOME", None)  # so that the user's entry of the system counts
    before = os.path.expanduser("~")
    found = {"XDG_CACHE_HOME": f"{before}/.cache", "PYENV_ROOT": f"{before}/.pyenv"}
    # Commands that are printed begin with `reqdrift` only if it is there.
    path = os.pathsep.join([*filter(None, [os.environ.get("PATH")]), str(SCRIPTS)])
    kept = {**found, **clean_environ(HOME=home, PATH=path)}
    os.environ.clear()
    os.environ.update(kept)
    if hasattr(time, "tzset"):  # not on Windows, nor in a browser's Python
        time.tzset()


def run(
    *command: str | Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    check: bool = True,
    stdin: IO[str] | int = subprocess.DEVNULL,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, its output as text."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=clean_environ() if env is None else dict(env),
        capture_output=True,
        text=True,
        check=False,
        stdin=stdin,
    )
    if check and done.returncode:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def run_git(*words: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """What git prints; commits are by nobody, whoever the machine's user is."""
    identity = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org")
    return run("git", *identity, *words, cwd=cwd, env=env).stdout.strip()


def reqdrift(
    *words: str | Path, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the installed command; its exit code is for the test to judge."""
    return run(SCRIPTS / "reqdrift", *words, cwd=cwd, env=env, check=False)


def findings(cwd: Path, *words: str | Path) -> list[tuple[str, str, int | None]]:
    """The (kind, project, line) of every finding, by the installed command's JSON."""
    done = reqdrift(*words, "--format", "json", cwd=cwd)
    return [(f["kind"], f["project"], f["line"]) for f in json.loads(done.stdout)["findings"]]


@cache
def interpreters() -> dict[str, str]:
    """Every CPython 3 of this machine that can make virtual environments, by X.Y.

    They are found by their files: starting each, in every process of the tests, takes a second.
    """
    places = [sys._base_executable]  # type: ignore[attr-defined]
    versions = Path(os.environ["PYENV_ROOT"]) / "versions"
    places += sorted(str(path) for path in versions.glob("3.*/bin/python"))
    places += [path for minor in range(8, 20) if (path := shutil.which(f"python3.{minor}"))]
    found: dict[str, str] = {}
    for place in places:
        real = Path(place).resolve()  # bin/python3.12
        if (real.parent.parent / "lib" / real.name / "ensurepip").is_dir():
            found.setdefault(real.name.removeprefix("python").removesuffix("t"), place)
    return found


@cache
def python27() -> str | None:
    """A Python 2.7, if the machine has one."""
    versions = Path(os.environ["PYENV_ROOT"]) / "versions"
    places = [*sorted(map(str, versions.glob("2.7*/bin/python"))), shutil.which("python2.7")]
    for place in filter(None, places):
        done = subprocess.run([place, "-c", "pass"], capture_output=True, check=False)
        if done.returncode == 0:
            return place
    return None


def base_without_headers(folder: Path) -> Path:
    """A copy of this Python with no file that states its patch version: it has to be started."""
    real = Path(sys.executable).resolve()
    library = f"python3.{sys.version_info.minor}"
    (folder / "bin").mkdir(parents=True)
    (folder / "lib").mkdir()
    shutil.copy2(real, folder / "bin" / library)
    (folder / "lib" / library).symlink_to(real.parent.parent / "lib" / library)
    return folder / "bin" / library


def make_installation(prefix: Path) -> Path:
    """A Python of this machine that is no virtual environment; its empty site folder."""
    real = Path(sys.executable).resolve()
    standard = real.parent.parent / "lib" / f"python3.{sys.version_info.minor}"
    library = prefix / "lib" / standard.name
    site = library / "site-packages"
    site.mkdir(parents=True)
    for entry in standard.iterdir():
        if entry.name != site.name:
            (library / entry.name).symlink_to(entry)
    (prefix / "bin").mkdir()
    shutil.copy2(real, prefix / "bin" / "python3")
    return site


def make_environment(
    prefix: Path, *releases: str, version: str = "3.11.7", settings: str = ""
) -> Path:
    """A fabricated virtualenv with fabricated distributions (`name-version`); its site folder."""
    minor = ".".join(version.split(".")[:2])
    site = prefix / "lib" / f"python{minor}" / "site-packages"
    site.mkdir(parents=True)
    own = "include-system-site-packages = false\n"
    (prefix / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n{own}{settings}")
    (prefix / "bin").mkdir()
    (prefix / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
    for release in releases:
        add_distribution(site, release)
    return site


def add_distribution(
    site: Path,
    release: str,
    *,
    requires: Iterable[str] = (),
    direct_url: dict[str, Any] | None = None,
    installer: str = "pip",
) -> Path:
    """A fabricated dist-info folder."""
    name, _, version = release.partition("-")
    folder = site / f"{release}.dist-info"
    folder.mkdir(parents=True)
    headers = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    headers += [f"Requires-Dist: {text}" for text in requires]
    (folder / "METADATA").write_text("\n".join(headers) + "\n\nA description.\n")
    (folder / "INSTALLER").write_text(installer + "\n")
    (folder / "RECORD").write_text("")
    if direct_url is not None:
        (folder / "direct_url.json").write_text(json.dumps(direct_url))
    return folder


def record(site: Path, info: Path, names: Iterable[str], *, algorithm: str = "sha256") -> str:
    """The RECORD of these files, as an installer writes it."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for name in (*names, f"{info.name}/INSTALLER"):
        with (site / name).open("rb") as file:
            digest = hashlib.file_digest(file, algorithm).digest()
        text64 = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        rows.writerow((name, f"{algorithm}={text64}", (site / name).stat().st_size))
    rows.writerow((f"{info.name}/RECORD", "", ""))
    return text.getvalue()


def install(line: str, site: Path, folder: Path) -> None:
    """A distribution: `NAME VERSION`, and what `needs`, `from`, `by`, `has` and `lost` say."""
    release, *parts = re.split(r" (needs|from|by|has|lost) ", line)
    name, version = release.split()
    said = defaultdict[str, list[str]](list)
    for word, value in zip(parts[::2], parts[1::2], strict=True):
        said[word].append(value)
    info = add_distribution(
        site,
        f"{name.replace('-', '_')}-{version}",
        requires=said["needs"],
        direct_url=source_of(said["from"][0], folder) if said["from"] else None,
        installer="".join(said["by"]) or "pip",
    )
    metadata = (info / "METADATA").read_text()
    (info / "METADATA").write_text(re.sub("Name: .*", f"Name: {name}", metadata, count=1))
    for file in (files := said["has"] + said["lost"]):
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text(f"# {file}\n")
    (info / "RECORD").write_text(record(site, info, files) if files else "")
    for file in said["lost"]:
        (site / file).unlink()


def source_of(text: str, folder: Path) -> dict[str, Any]:
    """What direct_url.json says: of `-e FOLDER`, `git+URL@COMMIT`, a URL, or of JSON itself."""
    if text.startswith("{"):
        return dict(json.loads(text.replace("/project", str(folder))))
    if text.startswith("git+"):
        url, _, commit = text.removeprefix("git+").rpartition("@")
        return {"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}}
    if "://" in text:
        return {"url": text, "archive_info": {}}
    path = folder / text.removeprefix("-e ")
    return {"url": path.resolve().as_uri(), "dir_info": {"editable": text.startswith("-e ")}}


def without_rights(*command: str, also: str = "") -> tuple[str, ...]:
    """The command as one whom permissions stop, also when the tests run as root."""
    if os.geteuid() != 0:
        return command
    if not shutil.which("setpriv"):
        pytest.skip("no setpriv to lay down root's rights with")
    rights = f"-dac_override,-dac_read_search{also}"
    return ("setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}", *command)


def in_own_mounts(script: str) -> tuple[str, ...]:
    """A shell script that may mount what no other process sees."""
    command = ("unshare", "--map-root-user", "--mount", "sh", "-euc")
    try:
        subprocess.run([*command, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nothing can be mounted here")
    return (*command, script)
