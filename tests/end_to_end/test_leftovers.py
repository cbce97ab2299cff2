"""What an interrupted pip or uv leaves behind, and that what is printed gets rid of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
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


def empty(site: Path) -> None:
    shutil.rmtree(site / "lantern-1.0.dist-info")
    (site / "lantern-1.0.dist-info").mkdir()


def empty_of_another_version(site: Path) -> None:
    shutil.rmtree(site / "lantern-1.0.dist-info")
    (site / "lantern-0.9.dist-info").mkdir()


def without_metadata(site: Path) -> None:
    (site / "lantern-1.0.dist-info" / "METADATA").unlink()


def nothing_in_metadata(site: Path) -> None:
    without_metadata(site)
    (site / "lantern-1.0.dist-info" / "METADATA").touch()


def older_beside_good(site: Path) -> None:
    (site / "lantern-0.9.dist-info").mkdir()


def newer_beside_good(site: Path) -> None:
    (site / "lantern-2.0.dist-info").mkdir()


def two_beside_good(site: Path) -> None:
    older_beside_good(site)
    newer_beside_good(site)


def without_record_beside_good(site: Path) -> None:
    newer_beside_good(site)
    text = (site / "lantern-1.0.dist-info" / "METADATA").read_text().replace("1.0", "2.0")
    (site / "lantern-2.0.dist-info" / "METADATA").write_text(text)


def of_an_unlisted_project(site: Path) -> None:
    (site / "straps-1.0.dist-info").mkdir()


def egg_info(site: Path) -> None:
    (site / "straps-1.0.egg-info").mkdir()


@pytest.mark.parametrize(
    "leave",
    [
        *(empty, empty_of_another_version, without_metadata, nothing_in_metadata),
        *(older_beside_good, newer_beside_good, two_beside_good, without_record_beside_good),
        *(of_an_unlisted_project, egg_info),
    ],
)
def test_a_leftover_is_broken_until_deleted(shop: Shop, leave: Callable[[Path], None]) -> None:
    (site,) = shop.folder.glob(".venv/lib/*/site-packages")
    leave(site)
    for _ in range(2):  # one that is installed again can leave another one
        report = reqdrift(cwd=shop.folder)
        commands = [
            line.partition("delete it: ")[2]
            for line in report.stdout.splitlines()
            if line.startswith(".venv: broken: ") and " is incomplete; " in line
        ]
        assert commands, report.stdout
        run("sh", "-euc", "\n".join(commands), cwd=shop.folder)
        shop.follow()
        if not (left := reqdrift(cwd=shop.folder).returncode):
            break
    assert not left
    assert (site / "lantern.py").exists()
    assert reqdrift("verify", cwd=shop.folder).returncode == 0


def test_what_pip_moved_away_is_not_installed(shop: Shop) -> None:
    (site,) = shop.folder.glob(".venv/lib/*/site-packages")
    (site / "lantern-1.0.dist-info").rename(site / "~antern-1.0.dist-info")
    (site / "~antern").mkdir()
    assert shop.findings() == [("missing", "lantern", 1)]
    shop.follow()
    assert shop.findings() == []


def test_two_complete_ones_are_uninstalled_until_it_is_gone(shop: Shop) -> None:
    (site,) = shop.folder.glob(".venv/lib/*/site-packages")
    shutil.copytree(site / "lantern-1.0.dist-info", site / "lantern-0.9.dist-info")
    record = site / "lantern-0.9.dist-info" / "RECORD"
    text = record.read_text().replace("-1.0", "-0.9")
    record.unlink()
    record.write_text(text)
    assert [kind for kind, _, _ in shop.findings()] == ["broken"]
    for _ in range(2):
        shop.uninstall("lantern")
    shop.follow()
    assert reqdrift(cwd=shop.folder).returncode == 0
