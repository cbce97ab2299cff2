"""What an interrupted pip or uv leaves behind, and that what is printed gets rid of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from workshop import Shop, make_wheel

from support import reqdrift, run


@pytest.fixture(params=[pytest.param("pip", marks=pytest.mark.long), "uv"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    for version in ("1.0", "2.0"):
        make_wheel(tmp_path / "wheels", "lantern", version)
    make_wheel(tmp_path / "wheels", "wick", "1.0")
    shop = Shop(tmp_path / "a shop", tmp_path / "wheels", str(request.param))
    shop.write("lantern==1.0", "wick==1.0")
    shop.install("-r", "requirements.txt")
    return shop


# What is left of lantern 1.0, and an empty folder beside it.
LEFT = {
    "empty": ("", "lantern-1.0"),
    "of another version": ("", "lantern-0.9"),
    "without metadata": ("RECORD", ""),
    "older beside good": ("METADATA RECORD", "lantern-0.9"),
    "newer beside good": ("METADATA RECORD", "lantern-2.0"),
    "of an unlisted project": ("METADATA RECORD", "straps-1.0"),
}


@pytest.mark.parametrize(("kept", "empty"), LEFT.values(), ids=LEFT)
def test_a_leftover_is_broken_until_deleted(shop: Shop, kept: str, empty: str) -> None:
    (site,) = shop.folder.glob(".venv/lib/*/site-packages")
    info = site / "lantern-1.0.dist-info"
    for path in info.iterdir() if "METADATA" not in kept else ():
        if path.name not in kept.split():
            path.unlink()
    if not kept:
        info.rmdir()
    if empty:
        (site / f"{empty}.dist-info").mkdir()
    for _ in range(2):  # one that is installed again can leave another one
        report = reqdrift(cwd=shop.folder)
        commands = [
            line.partition("delete it: ")[2]
            for line in report.stdout.splitlines()
            if line.startswith(".venv: broken: ") and " is incomplete; " in line
        ]
        assert commands, report.stdout
        run("sh", "-euc", "\n".join(commands), cwd=shop.folder)
        if "installer is at work, reinstall lantern==1.0\n" in report.stdout:
            again = "--force-reinstall" if shop.maker == "pip" else "--reinstall"
            shop.install(again, "lantern==1.0")
        shop.follow()
        if not (left := reqdrift(cwd=shop.folder).returncode):
            break
    assert not left
    assert reqdrift("verify", cwd=shop.folder).returncode == 0


def test_what_pip_moved_away_is_not_installed(shop: Shop) -> None:
    (site,) = shop.folder.glob(".venv/lib/*/site-packages")
    (site / "lantern-1.0.dist-info").rename(site / "~antern-1.0.dist-info")
    (site / "~antern").mkdir()
    assert shop.findings() == [("missing", "lantern", 1)]
    shop.follow()
    assert shop.findings() == []


@pytest.mark.parametrize("listed", ["vision==1.0", "vision-headless==1.0"])
def test_one_of_two_that_share_a_file_is_installed_again(shop: Shop, listed: str) -> None:
    """As opencv-python and its headless variant do."""
    for name in ("vision", "vision_headless"):
        more = {"cv/__init__.py": f"NAME = {name!r}\n", f"cv/{name}.py": ""}
        make_wheel(shop.folder.parent / "wheels", name, "1.0", more=more, hashed=True)
    shop.write(listed)
    for name in ("lantern", "wick"):
        shop.uninstall(name)
    shop.install("vision==1.0")
    shop.install("vision-headless==1.0")
    assert (
        "cv/__init__.py matches the RECORD of vision" in reqdrift("verify", cwd=shop.folder).stdout
    )
    shop.follow()
    run(shop.python, "-c", "import cv; cv.NAME", cwd=shop.folder)
    for command in ("check", "verify"):
        assert reqdrift(command, cwd=shop.folder).returncode == 0
