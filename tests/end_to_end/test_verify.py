"""`reqdrift verify` on what real installers leave: clean as it is, one finding for one change."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from workshop import make_old_environment, make_project, make_wheel_of_everything

from support import (
    SCRIPTS,
    clean_environ,
    interpreters,
    reqdrift,
    run,
)


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_wheel_of_everything(tmp_path_factory.mktemp("wheels").resolve())


class Installed(NamedTuple):
    """An environment or target folder, its site folder, and the words that name it."""

    prefix: Path
    site: Path
    words: tuple[str, ...]
    env: dict[str, str]

    def verify(self) -> tuple[int, list[tuple[str, str]]]:
        """The exit code, and the kind and file of each finding."""
        words = ("verify", *self.words, "--format", "json")
        done = reqdrift(*words, cwd=self.prefix.parent, env=self.env)
        document = json.loads(done.stdout)
        assert document["verified"]["files"] >= 9 or document["errors"]
        return done.returncode, [(f["kind"], Path(f["file"]).name) for f in document["findings"]]


MAKERS = (
    *(pytest.param(way, marks=pytest.mark.long) for way in ("pip", "pip-target", "uv-target")),
    "uv-clone",
    "uv-copy",
    "uv-hardlink",
    "uv-symlink",
)


@pytest.fixture(params=MAKERS)
def installed(request: pytest.FixtureRequest, wheels: Path, tmp_path: Path) -> Iterator[Installed]:
    """The wheel, installed in each way; uv's cache is one of the test's own."""
    tool, _, how = request.param.partition("-")
    env = clean_environ(
        UV_CACHE_DIR=str(tmp_path / "cache"),
        UV_NO_INDEX="1",
        UV_OFFLINE="1",
        UV_FIND_LINKS=str(wheels),
        PIP_NO_INDEX="1",
        PIP_FIND_LINKS=str(wheels),
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PATH=f"{SCRIPTS}:/usr/bin:/bin",
    )
    prefix = tmp_path / "env"
    words: tuple[str, ...] = ("--python", "env")
    if how == "target":
        install = (SCRIPTS / "pip",) if tool == "pip" else (SCRIPTS / "uv", "pip")
        run(*install, "install", "--quiet", "--target", prefix, "lantern", cwd=tmp_path, env=env)
        site, words = prefix, ("--path", "env")
    else:
        maker = ("virtualenv", "--quiet") if tool == "pip" else ("uv", "venv", "--quiet")
        run(SCRIPTS / maker[0], *maker[1:], prefix, cwd=tmp_path, env=env)
        (site,) = prefix.glob("lib/python*/site-packages")
        if tool == "pip":
            run(prefix / "bin/pip", "install", "--quiet", "lantern", cwd=tmp_path, env=env)
        else:
            link = ("--link-mode", how, "--compile-bytecode")
            uv = (SCRIPTS / "uv", "pip", "install", "--quiet", "--python", prefix)
            run(*uv, *link, "lantern", cwd=tmp_path, env=env)
    yield Installed(prefix, site, words, env)
    shutil.rmtree(tmp_path, ignore_errors=True)


def _edit(path: Path) -> None:
    path.write_text("WICK = 3\n")


def _truncate(path: Path) -> None:
    path.write_text("")


def _to_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _to_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("__init__.py")


CHANGES: tuple[Callable[[Path], None], ...] = (_edit, _truncate, Path.unlink, _to_pipe, _to_link)


def test_one_change_is_one_finding_and_the_advice_mends_it(installed: Installed) -> None:
    assert installed.verify() == (0, [])
    wick = installed.site / "lantern" / "wick.py"
    for change in CHANGES:
        change(wick)
        assert installed.verify() == (1, [("modified", "wick.py")]), change
        folder = installed.prefix.parent
        words = (*installed.words, "--quiet", "--format", "text")
        told = reqdrift("verify", *installed.words, cwd=folder, env=installed.env).stdout
        (hint,) = [line for line in told.splitlines() if line.startswith("hint: ")]
        run(*shlex.split(hint.split(": ", 2)[2]), cwd=folder, env=installed.env)
        assert installed.verify() == (0, []), (change, hint, words)


@pytest.mark.parametrize("maker", [pytest.param("pip", marks=pytest.mark.long), "uv"])
def test_the_advice_observes_what_a_file_limits(maker: str, wheels: Path, tmp_path: Path) -> None:
    wheel = next(wheels.glob("*.whl"))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    text = f"--no-index\n--find-links {wheels}\nlantern==1.0 --hash=sha256:{digest}\n"
    (tmp_path / "requirements.txt").write_text(text)
    program, *words = {"pip": ("virtualenv", "--no-setuptools"), "uv": ("uv", "venv")}[maker]
    run(SCRIPTS / program, *words, "-q", ".venv", cwd=tmp_path)
    env = clean_environ(PATH=f"{SCRIPTS}:/usr/bin:/bin", UV_CACHE_DIR=str(tmp_path / "cache"))
    uv = (SCRIPTS / "uv", "pip", "install", "-q", "-r", "requirements.txt")
    run(*uv, "--python", ".venv", cwd=tmp_path, env=env)
    _edit(next(tmp_path.glob(".venv/lib/*/site-packages/lantern/wick.py")))
    told = reqdrift("verify", "--select", "lantern", cwd=tmp_path, env=env)
    command = told.stdout.splitlines()[-1].partition(": ")[2].partition("): ")[2]
    assert told.returncode == 1
    assert command.endswith(" -r requirements.txt")
    run(*shlex.split(command), cwd=tmp_path, env=env)
    assert reqdrift("verify", "--select", "lantern", cwd=tmp_path, env=env).returncode == 0


def test_a_lost_record_is_mended_too(installed: Installed) -> None:
    (installed.site / "lantern-1.0.dist-info" / "RECORD").unlink()
    folder = installed.prefix.parent
    told = reqdrift("verify", *installed.words, cwd=folder, env=installed.env).stdout
    (hint,) = [line for line in told.splitlines() if line.startswith("hint: ")]
    run(*shlex.split(hint.split(": ", 2)[2]), cwd=folder, env=installed.env)
    assert installed.verify() == (0, [])


def test_scripts_and_data_are_verified_too(installed: Installed) -> None:
    names = ("light", "glow", "lantern.txt", "lantern.h")
    paths = {name: next(installed.prefix.rglob(name)) for name in names}
    for path in paths.values():
        path.write_text(path.read_text() + "#")
    code, findings = installed.verify()
    assert (code, sorted(name for _, name in findings)) == (1, sorted(names))


def _ages(minors: list[str]) -> list[str]:
    """The oldest, one in the middle, and the newest."""
    minors.sort(key=lambda minor: int(minor.partition(".")[2]))
    return list(dict.fromkeys((minors[0], minors[len(minors) // 2], minors[-1])))


@pytest.mark.long  # each Python makes an environment
@pytest.mark.parametrize("minor", _ages([*interpreters()]))
def test_a_fresh_environment_is_clean(minor: str, tmp_path: Path, wheels: Path) -> None:
    run(interpreters()[minor], "-m", "venv", tmp_path / "env", cwd=tmp_path)
    pip = (tmp_path / "env/bin/python", "-m", "pip", "install", "--quiet", "--no-index")
    run(*pip, "--find-links", wheels, "lantern", cwd=tmp_path)
    done = reqdrift("verify", "--python", "env", cwd=tmp_path)
    assert (done.returncode, done.stdout[:6], done.stderr) == (0, "clean;", "")
    assert "without a hash" not in done.stdout
    # pip before 23 records the hash of the script as the wheel has it, with another first line.
    for before_it, behind_it in (("", "#"), ("#!/usr/bin/python\n", "")):
        script = tmp_path / "env/bin/light"
        before = script.read_text()
        script.write_text(f"{before_it}{before}{behind_it}")
        done = reqdrift("verify", "--python", "env", cwd=tmp_path)
        assert (done.returncode, done.stdout.count("modified:")) == (1, 1)
        script.write_text(before)


@pytest.mark.long  # each is downloaded
@pytest.mark.parametrize(
    "release", ["virtualenv<20.22", pytest.param("virtualenv<20", marks=pytest.mark.long)]
)
def test_an_old_environment_is_clean(release: str, tmp_path: Path, wheels: Path) -> None:
    """Of Python 2.7, whose pip writes bytecode into RECORD, and .pyc files beside the sources."""
    make_old_environment(tmp_path / "env", release)
    pip = (tmp_path / "env/bin/python", "-m", "pip", "install", "--quiet", "--no-index")
    run(*pip, "--find-links", wheels, "lantern", cwd=tmp_path)
    site = tmp_path / "env/lib/python2.7/site-packages"
    done = reqdrift("verify", "--python", "env", cwd=tmp_path)
    assert (done.returncode, done.stdout[:6]) == (0, "clean;")
    (site / "lantern" / "wick.py").unlink()
    done = reqdrift("verify", "--python", "env", cwd=tmp_path)
    assert (done.returncode, done.stdout.count("modified:")) == (1, 1)


def test_an_editable_says_what_is_not_verified(tmp_path: Path) -> None:
    project = make_project(tmp_path / "stove", "stove", "1.0")
    run(SCRIPTS / "virtualenv", "--quiet", tmp_path / "env", cwd=tmp_path)
    run(tmp_path / "env/bin/pip", "install", "--quiet", "--editable", project, cwd=tmp_path)
    (project / "stove.py").write_text("CHANGED = 1\n")
    done = reqdrift("verify", "--python", "env", cwd=tmp_path)
    assert done.returncode == 0
    assert "not verified (editable: its source is not in RECORD): stove 1.0" in done.stdout
    (pth,) = tmp_path.glob("env/lib/*/site-packages/__editable__*.pth")
    pth.unlink()
    done = reqdrift("verify", "--python", "env", cwd=tmp_path)
    assert (done.returncode, done.stdout.count("modified:")) == (1, 1)
