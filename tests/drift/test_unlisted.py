"""What may always stay unlisted."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.drift.case import is_inside
from reqdrift.drift.lines import unlisted_projects
from reqdrift.values import CanonicalName, Distribution, Environment, Python
from reqdrift.values.details import Source
from reqdrift.values.findings import Unreadable


def environment_of(*names: str, version: str = "3.11.7") -> Environment:
    found = {
        CanonicalName(name): Distribution(CanonicalName(name), name, "1", "", "/site")
        for name in names
    }
    return Environment("/env", Python(version), "a test", found)


def split(
    environment: Environment, *listed: str, omitted: str = ""
) -> tuple[list[str], dict[str | None, str]]:
    """The projects that count as unlisted, and the reasons for the others."""
    names = frozenset(map(CanonicalName, listed))
    others, notes = unlisted_projects(environment, names, frozenset(map(CanonicalName, [omitted])))
    return [found.name for found in others], {note.project: note.reason for note in notes}


def test_what_is_listed_is_neither() -> None:
    assert split(environment_of("foo", "bar", "pip"), "foo", "pip") == (["bar"], {})


@pytest.mark.parametrize(
    ("name", "reason"), [("pip", "tool"), ("argparse", "stdlib"), ("wsgiref", "stdlib")]
)
def test_what_no_freeze_lists(name: str, reason: str) -> None:
    assert split(environment_of(name, version="3.13.1")) == ([], {name: reason})


@pytest.mark.parametrize("name", ["pip", "setuptools", "wheel", "distribute"])
def test_what_new_environments_have(name: str) -> None:
    for version in ("3.11.9", "3.12.0"):
        assert split(environment_of(name, version=version)) == ([], {name: "tool"})


def test_what_is_outside_of_the_environments_own_folders() -> None:
    environment = environment_of("foo", "bar")
    foo = environment.distributions[CanonicalName("foo")]._replace(own=False)
    environment = environment._replace(distributions={**environment.distributions, foo.name: foo})
    assert split(environment) == (["bar"], {"foo": "system"})


def test_what_a_compiled_file_leaves_out() -> None:
    environment = environment_of("setuptools", "foo", version="3.12.0")
    assert split(environment, omitted="foo") == ([], {"setuptools": "tool", "foo": "tool"})


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
