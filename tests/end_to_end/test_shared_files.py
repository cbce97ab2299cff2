"""Two packages that install the same files, as opencv-python and its headless variant do."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from workshop import Shop, make_wheel

from support import reads_locks, reqdrift, run


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`vision` and `vision-headless` have `cv/__init__.py`, and vision 3.0 has it no longer."""
    folder = tmp_path_factory.mktemp("wheels").resolve()
    for name, version in (("vision", "1.0"), ("vision_headless", "1.0"), ("vision", "2.0")):
        more = {"cv/__init__.py": f"NAME = {name!r}\n", f"cv/{name}_{version[0]}.py": ""}
        make_wheel(folder, name, version, more=more, hashed=True)
    make_wheel(folder, "vision", "3.0")
    make_wheel(folder, "photos", "1.0", "Requires-Dist: vision-headless")
    return folder


@pytest.fixture(params=[pytest.param("pip", marks=pytest.mark.long), "uv"])
def shop(request: pytest.FixtureRequest, wheels: Path, tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop", wheels, str(request.param))


def is_whole(shop: Shop) -> bool:
    """Whether what both have can be imported, and every file is as it was installed."""
    run(shop.python, "-c", "import cv; cv.NAME", cwd=shop.folder)
    verified = reqdrift("verify", cwd=shop.folder)
    return (reqdrift(cwd=shop.folder).returncode, verified.returncode) == (0, 0)


@pytest.mark.parametrize("listed", ["vision==1.0", "vision-headless==1.0"])
def test_the_listed_one_is_installed_again(shop: Shop, listed: str) -> None:
    shop.write(listed)
    shop.install("vision==1.0")
    shop.install("vision-headless==1.0")
    report = reqdrift("verify", cwd=shop.folder).stdout
    assert "cv/__init__.py matches the RECORD of vision" in report
    assert "but not that of vision" in report
    shop.follow()
    assert is_whole(shop)


def test_one_that_no_file_lists_keeps_the_other(shop: Shop) -> None:
    shop.write("photos==1.0")
    shop.install("photos==1.0", "vision==1.0")
    assert shop.findings() == [("extra", "vision", None)]
    assert "vision is not uninstalled: it shares files with vision-headless" in shop.follow()
    run(shop.python, "-c", "import cv; cv.NAME", cwd=shop.folder)


def test_a_version_without_the_files(shop: Shop) -> None:
    shop.write("vision-headless==1.0", "vision==3.0")
    shop.install("vision==1.0", "vision-headless==1.0")
    assert shop.findings() == [("version", "vision", 2)]
    assert "photos" not in shop.follow()
    assert is_whole(shop)


def test_both_in_other_versions(shop: Shop) -> None:
    shop.write("vision==2.0")
    shop.install("vision==1.0")
    shop.install("vision-headless==1.0")
    shop.follow()
    assert is_whole(shop)


def test_what_cannot_be_installed_again_stays(shop: Shop) -> None:
    shop.write("vision==1.0", "vision==2.0")
    shop.install("vision==1.0")
    shop.install("vision-headless==1.0")
    assert "vision-headless is not uninstalled: it shares files with vision" in shop.follow()
    run(shop.python, "-c", "import cv; cv.NAME", cwd=shop.folder)


@reads_locks
def test_a_lock_file(shop: Shop, wheels: Path) -> None:
    wheel = wheels / "vision-1.0-py3-none-any.whl"
    (shop.folder / "pylock.toml").write_text(
        'lock-version = "1.0"\ncreated-by = "me"\n[[packages]]\nname = "vision"\nversion = "1.0"\n'
        f'[[packages.wheels]]\npath = "{wheel}"\n'
        f'hashes = {{sha256 = "{hashlib.sha256(wheel.read_bytes()).hexdigest()}"}}\n'
    )
    shop.install("vision==1.0")
    shop.install("vision-headless==1.0")
    shop.follow()
    assert is_whole(shop)
