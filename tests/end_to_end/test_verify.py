"""`reqdrift verify` on what real installers leave: clean as it is, one finding for one change."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from workshop import make_eggs, make_old_environment, make_wheel, make_wheel_of_everything

from support import SCRIPTS, clean_environ, interpreters, python27, reqdrift, run

UV = SCRIPTS / "uv"


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_wheel_of_everything(tmp_path_factory.mktemp("wheels").resolve())


class Installed(NamedTuple):
    """An environment or target folder, its site folder, and the words that name it."""

    prefix: Path
    site: Path
    words: tuple[str, ...]
    env: dict[str, str]
    install: tuple[str | Path, ...]

    def verify(self) -> tuple[int, list[tuple[str, str]]]:
        """The exit code, and the kind and file of each finding."""
        words = ("verify", *self.words, "--format", "json")
        done = reqdrift(*words, cwd=self.prefix.parent, env=self.env)
        document = json.loads(done.stdout)
        assert document["verified"]["files"] >= 9 or document["errors"]
        return done.returncode, [(f["kind"], Path(f["file"]).name) for f in document["findings"]]

    def follow_the_advice(self) -> None:
        printed = reqdrift("verify", *self.words, cwd=self.prefix.parent, env=self.env).stdout
        (hint,) = [line for line in printed.splitlines() if line.startswith("hint: ")]
        if " by hand: " in hint:  # pip would replace folders that packages have in common
            shutil.rmtree(self.prefix)
            run(*self.install, cwd=self.prefix.parent, env=self.env)
        else:
            run(*shlex.split(hint.split(": ", 2)[2]), cwd=self.prefix.parent, env=self.env)


MAKERS = (
    *(pytest.param(way, marks=pytest.mark.long) for way in ("pip", "pip-target", "uv-target")),
    *("uv-hardlink", "uv-symlink"),
)


@pytest.fixture(params=MAKERS)
def installed(request: pytest.FixtureRequest, wheels: Path, tmp_path: Path) -> Iterator[Installed]:
    """The wheel, installed in each way; uv's cache is one of the test's own."""
    tool, _, how = request.param.partition("-")
    settings = {f"{name}_NO_INDEX": "1" for name in ("UV", "PIP")}
    settings |= {f"{name}_FIND_LINKS": str(wheels) for name in ("UV", "PIP")}
    settings |= {"UV_CACHE_DIR": str(tmp_path / "cache"), "UV_OFFLINE": "1"}
    settings |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PATH": f"{SCRIPTS}:/usr/bin:/bin"}
    env, prefix = clean_environ(**settings), tmp_path / "env"
    words: tuple[str, ...] = ("--python", "env")
    install: tuple[str | Path, ...] = ()
    if how == "target":
        # Not linked to uv's cache, which would change with the files.
        start = (SCRIPTS / "pip",) if tool == "pip" else (UV, "pip", "--no-cache")
        install = (*start, "install", "--quiet", "--target", prefix, "lantern")
        run(*install, cwd=tmp_path, env=env)
        site, words = prefix, ("--path", "env")
    elif tool == "pip":
        run(SCRIPTS / "virtualenv", "--quiet", prefix, cwd=tmp_path, env=env)
        run(prefix / "bin/pip", "install", "--quiet", "lantern", cwd=tmp_path, env=env)
        (site,) = prefix.glob("lib/python*/site-packages")
    else:
        run(UV, "venv", "--quiet", prefix, cwd=tmp_path, env=env)
        link = ("--link-mode", how, "--compile-bytecode", "--python", prefix)
        run(UV, "pip", "install", "--quiet", *link, "lantern", cwd=tmp_path, env=env)
        (site,) = prefix.glob("lib/python*/site-packages")
    yield Installed(prefix, site, words, env, install)
    shutil.rmtree(tmp_path, ignore_errors=True)


def _edit(path: Path) -> None:
    path.write_text("WICK = 3\n")


CHANGES: tuple[Callable[[Path], object], ...] = (_edit, Path.unlink)


def test_one_change_is_one_finding_and_the_advice_mends_it(installed: Installed) -> None:
    assert installed.verify() == (0, [])
    for change in CHANGES:
        change(installed.site / "lantern" / "wick.py")
        assert installed.verify() == (1, [("modified", "wick.py")]), change
        installed.follow_the_advice()
        assert installed.verify() == (0, []), change
    (installed.site / "lantern-1.0.dist-info" / "RECORD").unlink()
    installed.follow_the_advice()
    assert installed.verify() == (0, [])
    names = ("light", "glow", "lantern.txt", "lantern.h")
    for name in names:
        path = next(installed.prefix.rglob(name))
        path.write_text(path.read_text() + "#")
    code, findings = installed.verify()
    assert (code, sorted(name for _, name in findings)) == (1, sorted(names))


def verify(prefix: Path) -> tuple[int, list[str]]:
    """The exit code, and the names of the files that differ."""
    done = reqdrift("verify", "--python", prefix, cwd=prefix.parent)
    lines = [line for line in done.stdout.splitlines() if ": modified: " in line]
    return done.returncode, [Path(line.partition(": ")[0]).name for line in lines]


def _ages() -> list[str]:
    """Python 2.7, the oldest Python 3, one in the middle, and the newest."""
    minors = sorted(interpreters(), key=lambda minor: int(minor.partition(".")[2]))
    found = (minors[0], minors[len(minors) // 2], minors[-1])
    return [*(["2.7"] if python27() else []), *dict.fromkeys(found)]


@pytest.mark.long  # each Python makes an environment
@pytest.mark.parametrize("minor", _ages())
def test_a_fresh_environment_is_clean(minor: str, tmp_path: Path, wheels: Path) -> None:
    """Of Python 2.7, pip writes bytecode into RECORD, and .pyc files beside the sources."""
    if minor == "2.7":
        make_old_environment(tmp_path / "env", "virtualenv<20.22")
    else:
        run(interpreters()[minor], "-m", "venv", tmp_path / "env", cwd=tmp_path)
    pip = (tmp_path / "env/bin/python", "-m", "pip", "install", "--quiet", "--no-index")
    run(*pip, "--find-links", wheels, "lantern", cwd=tmp_path)
    assert verify(tmp_path / "env") == (0, [])
    # pip before 23 records the hash of the script as the wheel has it, with another first line.
    script = tmp_path / "env/bin/light"
    script.write_text(f"{script.read_text()}#")
    next(tmp_path.glob("env/lib/*/site-packages/lantern/wick.py")).unlink()
    assert verify(tmp_path / "env") == (1, ["light", "wick.py"])


@pytest.mark.long
def test_namespaces_of_setuptools_and_pips_own_list(tmp_path: Path) -> None:
    legacy = make_eggs(tmp_path)
    (site,) = legacy.glob("lib/*/site-packages")
    assert len([*site.glob("*-nspkg.pth")]) == 3
    assert len([*site.glob("camp.listed-*/installed-files.txt")]) == 1
    assert verify(legacy) == (0, [])


# The oldest has a package of its own in the environment; all before 2.60 link to a store.
@pytest.mark.long  # each is downloaded
@pytest.mark.parametrize("release", ["2.1.103", "2.33.0", "2.105.2"])
def test_environments_of_pex(release: str, tmp_path: Path) -> None:
    """Those that `pex --venv` runs in, and those that its tool makes out of a pex."""
    entry = {"lantern-1.0.dist-info/entry_points.txt": "[console_scripts]\nglow = lantern:main"}
    more = {"lamp/__init__.py": "", "lamp/wick.py": "", **entry}
    make_wheel(tmp_path / "wheels", "lantern", "1.0", more=more)
    python: str = sys._base_executable  # type: ignore[attr-defined]
    run(UV, "venv", "--quiet", "--python", python, "maker", cwd=tmp_path)
    uv = (UV, "pip", "install", "--quiet", "--python", "maker")
    run(*uv, f"pex=={release}", "setuptools<81", cwd=tmp_path)
    env = clean_environ(PEX_ROOT=str(tmp_path / "root"))
    words = ("--no-pypi", "-f", "wheels", "--venv", "--include-tools", "-o", "app.pex")
    run("maker/bin/pex", "lantern", *words, cwd=tmp_path, env=env)
    app = ("maker/bin/python", "app.pex")
    ask = ("-c", "import sys; print(sys.prefix)")
    prefix = run(*app, *ask, cwd=tmp_path, env={**env, "PEX_INTERPRETER": "1"}).stdout.strip()
    assert prefix.startswith(env["PEX_ROOT"])
    assert verify(Path(prefix)) == (0, [])
    run(*app, "venv", "env", cwd=tmp_path, env={**env, "PEX_TOOLS": "1"})
    assert verify(tmp_path / "env") == (0, [])
    next(tmp_path.glob("env/lib/*/site-packages/lamp/wick.py")).unlink()
    assert verify(tmp_path / "env") == (1, ["wick.py"])
