"""`reqdrift verify` on what less common tools leave: clean, but for real changes."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from workshop import make_eggs, make_wheel, oldest_python

from support import SCRIPTS, clean_environ, record, reqdrift, run

# Each tool is downloaded, and installs an environment.
pytestmark = pytest.mark.long

PYTHON: str = sys._base_executable  # type: ignore[attr-defined]
UV = SCRIPTS / "uv"


def verify(prefix: Path) -> tuple[int, list[str]]:
    """The exit code, and the findings below the environment's folder."""
    done = reqdrift("verify", "--python", prefix, cwd=prefix.parent)
    lines = [line for line in done.stdout.splitlines() if ": modified: " in line]
    return done.returncode, [line.partition(": ")[0] for line in lines]


def install(folder: Path, python: str, *releases: str) -> Path:
    """An environment with releases from the index; its folder of programs."""
    run(UV, "venv", "--quiet", "--python", python, folder, cwd=folder.parent)
    uv = (UV, "pip", "install", "--quiet", "--python", folder)
    run(*uv, *releases, cwd=folder.parent)
    return folder / "bin"


# The oldest has a package of its own in the environment; all before 2.60 link to a store.
@pytest.mark.parametrize("release", ["2.1.103", "2.33.0", "2.60.0", "2.105.2"])
def test_environments_of_pex(release: str, tmp_path: Path) -> None:
    """Those that `pex --venv` runs in, and those that its tool makes out of a pex."""
    entry = {"lantern-1.0.dist-info/entry_points.txt": "[console_scripts]\nglow = lantern:main"}
    more = {"lamp/__init__.py": "", "lamp/wick.py": "", **entry}
    make_wheel(tmp_path / "wheels", "lantern", "1.0", more=more)
    maker = install(tmp_path / "maker", PYTHON, f"pex=={release}", "setuptools<81")
    env = clean_environ(PEX_ROOT=str(tmp_path / "root"))
    words = ("--no-pypi", "-f", "wheels", "--venv", "--include-tools", "-o", "app.pex")
    run(maker / "pex", "lantern", *words, cwd=tmp_path, env=env)
    app = (maker / "python", "app.pex")

    ask = ("-c", "import sys; print(sys.prefix)")
    prefix = run(*app, *ask, cwd=tmp_path, env={**env, "PEX_INTERPRETER": "1"}).stdout.strip()
    assert prefix.startswith(env["PEX_ROOT"])
    assert verify(Path(prefix)) == (0, [])

    run(*app, "venv", "env", cwd=tmp_path, env={**env, "PEX_TOOLS": "1"})
    assert verify(tmp_path / "env") == (0, [])
    (site,) = tmp_path.glob("env/lib/*/site-packages")
    (site / "lamp/wick.py").unlink()
    code, found = verify(tmp_path / "env")
    assert (code, [Path(path).name for path in found]) == (1, ["wick.py"])


@pytest.fixture
def legacy(tmp_path: Path) -> Path:
    return make_eggs(tmp_path)


def test_namespaces_of_setuptools_and_pips_own_list(legacy: Path) -> None:
    (site,) = legacy.glob("lib/*/site-packages")
    assert len([*site.glob("*-nspkg.pth")]) == 3
    assert [path.parent.name.partition("-")[0] for path in site.glob("*/installed-files.txt")] == [
        "camp.listed"
    ]
    assert verify(legacy) == (0, [])


FLIT = """\
[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"

[project]
name = "lamp"
version = "1.0"
description = "A lamp."

[project.scripts]
lamp = "lamp:main"
"""


def test_flit_records_hexadecimal_digests(tmp_path: Path) -> None:
    project = tmp_path / "lamp"
    project.mkdir()
    (project / "lamp.py").write_text('"""A lamp."""\n__version__ = "1.0"\n')
    (project / "pyproject.toml").write_text(FLIT)
    maker = install(tmp_path / "maker", PYTHON, "flit==3.9.0", "flit_core==3.9.0")
    target = install(tmp_path / "env", PYTHON, "colorama==0.4.6")
    words = ("install", "--symlink", "--deps", "none", "--python", target / "python")
    env = clean_environ(FLIT_ROOT_INSTALL="1")
    run(maker / "flit", *words, cwd=project, env=env)
    (info,) = (tmp_path / "env").glob("lib/*/site-packages/lamp-1.0.dist-info")
    digests = [line.split(",")[1] for line in (info / "RECORD").read_text().splitlines()]
    assert all(len(digest) in (0, len("sha256=") + 64) for digest in digests)
    assert verify(tmp_path / "env") == (0, [])
    (info / "METADATA").write_text((info / "METADATA").read_text().replace("lamp", "lamb"))
    code, found = verify(tmp_path / "env")
    assert (code, [Path(path).name for path in found]) == (1, ["METADATA"])


def test_scripts_that_an_old_pip_rewrote_may_have_moved_with_their_environment(
    tmp_path: Path,
) -> None:
    """It recorded the hash of the script as the wheel has it, with another first line."""
    wheel = make_wheel(tmp_path / "wheels", "lantern", "1.0")
    tree = tmp_path / "tree"
    (tree / "lantern-1.0.data/scripts").mkdir(parents=True)
    shutil.unpack_archive(wheel, tree, "zip")
    script = "lantern-1.0.data/scripts/light"
    (tree / script).write_text("#!python\nprint(1)\n")
    info = tree / "lantern-1.0.dist-info"
    (info / "INSTALLER").touch()
    rows = record(
        tree, info, ["lantern.py", script, *(f"{info.name}/{n}" for n in ("METADATA", "WHEEL"))]
    )
    (info / "RECORD").write_text("".join(r for r in rows.splitlines(True) if "INSTALLER" not in r))
    (info / "INSTALLER").unlink()
    Path(shutil.make_archive(str(tmp_path / "packed"), "zip", tree)).replace(wheel)
    run(oldest_python(), "-m", "venv", "old place", cwd=tmp_path)
    pip = ("old place/bin/python", "-m", "pip", "install", "-q", "--no-index")
    run(*pip, wheel, cwd=tmp_path)
    os.rename(tmp_path / "old place", tmp_path / "new")
    light = tmp_path / "new/bin/light"
    text = light.read_text()
    assert text.startswith(f"#!{tmp_path}/old place/bin/python")
    assert verify(tmp_path / "new") == (0, [])
    for changed in (f"{text}#", text.replace("/python", "/ruby"), text.partition("\n")[2]):
        light.write_text(changed)
        assert verify(tmp_path / "new") == (1, ["new/bin/light"])
