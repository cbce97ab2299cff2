"""What pip and uv refuse to uninstall."""

from __future__ import annotations

from pathlib import Path

from reqdrift.repair.installer import why_not_removable
from reqdrift.values import CanonicalName, Distribution


def why(folder: Path, entry: str) -> str:
    return why_not_removable(Distribution(CanonicalName("foo"), "foo", "1.0", entry, str(folder)))


def test_a_wheel_with_its_record_can_be(tmp_path: Path) -> None:
    (tmp_path / "foo-1.0.dist-info").mkdir()
    (tmp_path / "foo-1.0.dist-info" / "RECORD").touch()
    assert why(tmp_path, "foo-1.0.dist-info") == ""


def test_a_wheel_without_one_cannot(tmp_path: Path) -> None:
    (tmp_path / "foo-1.0.dist-info").mkdir()
    assert why(tmp_path, "foo-1.0.dist-info") == (
        "it has no RECORD, so no installer knows its files"
    )


def test_what_distutils_installed_cannot(tmp_path: Path) -> None:
    (tmp_path / "foo-1.0.egg-info").touch()
    assert why(tmp_path, "foo-1.0.egg-info") == (
        "distutils installed it, so no installer knows its files"
    )


def test_what_setuptools_installed_can(tmp_path: Path) -> None:
    (tmp_path / "foo-1.0.egg-info").mkdir()
    assert why(tmp_path, "foo-1.0.egg-info") == ""
    assert why(tmp_path, "foo.egg-link") == ""
