"""What may always stay unlisted."""

from __future__ import annotations

from pathlib import Path

from reqdrift.drift.case import is_inside
from reqdrift.values import Unreadable
from reqdrift.values.details import Source


def folder(path: Path, environment: str = "") -> Source:
    return Source("folder", str(path), folders=(str(path),), local=True, environment=environment)


class TestPartOfTheProject:
    def test_its_folder_and_those_below(self, tmp_path: Path) -> None:
        assert is_inside(str(tmp_path), folder(tmp_path))
        assert is_inside(str(tmp_path), folder(tmp_path / "libs" / "foo"))

    def test_no_folder_beside_it(self, tmp_path: Path) -> None:
        assert not is_inside(str(tmp_path / "app"), folder(tmp_path / "app-plugin"))
        assert not is_inside(str(tmp_path / "app"), folder(tmp_path))

    def test_no_checkout_in_an_environment(self, tmp_path: Path) -> None:
        clone = tmp_path / ".venv" / "src" / "foo"
        assert not is_inside(str(tmp_path), folder(clone, str(tmp_path / ".venv")))

    def test_an_environment_around_the_project_does_not_matter(self, tmp_path: Path) -> None:
        project = tmp_path / "env" / "app"
        assert is_inside(str(project), folder(project / "foo", str(tmp_path / "env")))

    def test_a_link_to_the_project(self, tmp_path: Path) -> None:
        (tmp_path / "app").mkdir()
        (tmp_path / "link").symlink_to("app")
        assert is_inside(str(tmp_path / "link"), folder(tmp_path / "app" / "foo"))

    def test_nothing_but_a_folder(self, tmp_path: Path) -> None:
        archive = folder(tmp_path / "dist" / "foo-1.whl")._replace(kind="archive")
        assert not is_inside(str(tmp_path), archive)
        assert not is_inside(str(tmp_path), None)
        assert not is_inside(str(tmp_path), Unreadable("direct_url.json", "gone"))
