"""`fix --cautious`, with the times that pip, uv and git really leave behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from workshop import Shop, make_wheel

from support import clean_environ, reqdrift, run_git

DAY = 86400


def commit(shop: Shop, rope: str, ago: float) -> None:
    shop.write(f"rope=={rope}", "wick==1.0")
    env = {f"GIT_{who}_DATE": f"@{int(time.time() - ago)} +0000" for who in ("AUTHOR", "COMMITTER")}
    run_git("add", "requirements.txt", cwd=shop.folder)
    run_git("commit", "-q", "-m", "bump rope", cwd=shop.folder, env=clean_environ(**env))
    os.utime(shop.file, (0, time.time() - ago))


def pass_time(shop: Shop, seconds: float) -> None:
    """The file and everything in the environment become so much older."""
    (site,) = shop.folder.glob(".venv/lib/*/site-packages")
    for path in (shop.file, site, *site.glob("*/RECORD")):
        then = path.stat().st_mtime - seconds
        os.utime(path, (then, then))


@pytest.mark.parametrize(
    "tool", [pytest.param("pip", marks=pytest.mark.long), "copy", "hardlink", "symlink"]
)
def test_the_file_follows_what_was_installed_later(tool: str, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    for release in ("rope-1.0", "rope-2.0", "rope-3.0", "wick-1.0", "wick-2.0"):
        os.utime(make_wheel(wheels, *release.split("-")), (0, 315532800))
    shop = Shop(tmp_path / "shop", wheels, "pip" if tool == "pip" else "uv")
    link = () if tool == "pip" else ("--link-mode", tool, "--cache-dir", str(tmp_path / "cache"))
    run_git("init", "-q", cwd=shop.folder)

    def fixed() -> list[str]:
        assert reqdrift("fix", "--cautious", cwd=shop.folder).returncode in (0, 1)
        return shop.file.read_text().splitlines()

    commit(shop, "1.0", 90 * DAY)
    pass_time(shop, 90 * DAY)
    # One after the other: equal times of all say nothing.
    shop.install("wick==1.0", *link)
    shop.install("rope==2.0", *link)
    assert fixed() == ["rope==2.0", "wick==1.0"]
    pass_time(shop, 40 * DAY)
    commit(shop, "3.0", 2 * 3600)
    assert fixed() == ["rope==3.0", "wick==1.0"]
    # The installation of another project proves nothing.
    shop.install("wick==2.0", *link)
    assert fixed() == ["rope==3.0", "wick==2.0"]
    shop.uninstall("wick")
    assert fixed() == ["rope==3.0", "wick==2.0"]
