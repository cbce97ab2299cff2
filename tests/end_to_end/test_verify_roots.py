"""`reqdrift verify --root`: environments that pip filled inside another root file system."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from workshop import make_wheel_of_everything

from support import in_own_mounts, interpreters, reqdrift, run

# A Python is copied, and runs in a root file system of its own.
pytestmark = pytest.mark.long

MINOR = max(interpreters(), key=lambda minor: int(minor.partition(".")[2]), default="")
PYTHONS = ("/usr/local", "/opt/venv")
# Nothing of the machine is in the image afterwards but what was copied and installed.
SCRIPT = """
for folder in /lib /lib64 /usr/lib /dev; do
    test -e "$folder" || continue
    mkdir -p "image$folder" && mount --rbind "$folder" "image$folder"
done
# The machine may have a libpython of the same name.
export LD_LIBRARY_PATH=/usr/local/lib
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INDEX=1
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
python=/usr/local/bin/python{minor}
chroot image $python -m ensurepip
chroot image $python -m pip install -q --find-links /wheels lantern
chroot image $python -m venv /opt/venv
chroot image /opt/venv/bin/python -m pip install -q --find-links /wheels lantern
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with `image`, which has a Python with packages, and a virtualenv made by it."""
    if not MINOR:
        pytest.skip("no Python of this machine has ensurepip")
    made = tmp_path_factory.mktemp("roots").resolve()
    local, library = made / "image/usr/local", f"lib/python{MINOR}"
    base = Path(interpreters()[MINOR]).resolve().parent.parent
    without = shutil.ignore_patterns("site-packages", "__pycache__", "test", "config-*")
    shutil.copytree(base / library, local / library, ignore=without)
    (local / library / "site-packages").mkdir()
    (local / "bin").mkdir()
    shutil.copy2(base / f"bin/python{MINOR}", local / "bin")
    for shared in (base / "lib").glob("libpython*.so*"):
        shutil.copy2(shared, local / "lib")
    make_wheel_of_everything(made / "image/wheels")
    run(*in_own_mounts(SCRIPT.format(minor=MINOR)), cwd=made)
    return made


def verify(folder: Path, python: str) -> tuple[int, list[tuple[str, str]]]:
    """The exit code, and the kind and file (below the root) of each finding."""
    words = ("--root", "image", "--python", python, "--unrecorded", "--format", "json")
    document = json.loads(reqdrift("verify", *words, cwd=folder).stdout)
    assert document["verified"]["files"] > 9
    found = [(f["kind"], f["file"].partition("image")[2]) for f in document["findings"]]
    return (3 if document["errors"] else int(bool(found))), found


def site_of(folder: Path, python: str) -> Path:
    return folder / f"image{python}/lib/python{MINOR}/site-packages"


@pytest.mark.parametrize("python", PYTHONS)
def test_a_fresh_installation_is_clean(folder: Path, python: str) -> None:
    assert verify(folder, python) == (0, [])
    done = reqdrift("verify", "--root", "image", "--python", python, cwd=folder)
    assert (done.returncode, done.stdout.split(";")[0]) == (0, "clean")
    assert f"; image{python} (" in done.stdout


def _edit(path: Path) -> None:
    path.write_text("WICK = 3\n")


def _truncate(path: Path) -> None:
    path.write_text("")


def _link_out(path: Path) -> None:
    """A link to a file of this machine that would match."""
    outside = Path(str(path).partition("/image/")[0], "outside.py")
    path.replace(outside)
    path.symlink_to(outside)


@pytest.mark.parametrize("change", [_edit, _truncate, Path.unlink, _link_out])
@pytest.mark.parametrize("python", PYTHONS)
def test_one_change_is_one_finding(
    folder: Path, python: str, change: Callable[[Path], None]
) -> None:
    wick = site_of(folder, python) / "lantern/wick.py"
    text = wick.read_text()
    change(wick)
    found = verify(folder, python)
    wick.unlink(missing_ok=True)
    wick.write_text(text)
    assert found == (1, [("modified", str(wick).partition("image")[2])])
    assert verify(folder, python) == (0, [])


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", ["bin/light", "bin/glow", "share/lantern.txt"])
def test_scripts_and_data_are_verified_too(folder: Path, python: str, name: str) -> None:
    path = folder / f"image{python}/{name}"
    text = path.read_text()
    path.write_text(f"{text}#")
    found = verify(folder, python)
    path.write_text(text)
    assert found == (1, [("modified", f"{python}/{name}")])


def test_an_absolute_link_is_one_of_the_image(folder: Path) -> None:
    wick = site_of(folder, "/opt/venv") / "lantern/wick.py"
    kept = wick.with_name("kept.txt")
    wick.rename(kept)
    wick.symlink_to(f"/usr/local/lib/python{MINOR}/site-packages/lantern/wick.py")
    found = verify(folder, "/opt/venv")
    wick.unlink()
    kept.rename(wick)
    assert found == (1, [("modified", str(kept).partition("image")[2])])
