"""What counts as an installed distribution, and who it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.environment.facts import read_requires
from reqdrift.environment.installed import Installed
from support import add_distribution


def read(site: Path) -> Installed:
    installed = Installed()
    installed.add_site_folder(str(site), own=True)
    return installed


def versions(site: Path) -> dict[str, str]:
    return {name: found.version for name, found in read(site).distributions.items()}


def write_metadata(folder: Path, name: str, version: str, file: str = "METADATA") -> None:
    folder.mkdir(parents=True)
    (folder / file).write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


@pytest.mark.parametrize(
    ("folder", "name", "version", "expected"),
    [
        ("plain-1.0.dist-info", "plain", "1.0", {"plain": "1.0"}),
        # The folder's name decides, where it can.
        ("plain-1.0.dist-info", "plain", "2.0", {"plain": "1.0"}),
        ("Foo.Bar-1.0.dist-info", "Foo.Bar", "1.0", {"foo-bar": "1.0"}),
        ("no_version.dist-info", "no-version", "3.0", {"no-version": "3.0"}),
        # Not every tool escapes the dash in a name, or knows what an escaped version was.
        ("two-parts-1.0.dist-info", "two-parts", "1.0", {"two-parts": "1.0"}),
        ("old-1.0_1.dist-info", "old", "1.0-1", {"old": "1.0-1"}),
        ("old-1.0_rc1.dist-info", "old", "1.0-rc1", {"old": "1.0-rc1"}),
        ("two-parts-1.0.egg-info", "two-parts", "1.0", {"two-parts": "1.0"}),
        ("egg-1.0-py3.9.egg-info", "egg", "1.5", {"egg": "1.5"}),
        ("egg.egg-info", "Egg.Kind", "1.5", {"egg-kind": "1.5"}),
    ],
)
def test_who_a_metadata_folder_is(
    folder: str, name: str, version: str, expected: dict[str, str], tmp_path: Path
) -> None:
    file = "PKG-INFO" if folder.endswith(".egg-info") else "METADATA"
    write_metadata(tmp_path / folder, name, version, file)
    assert versions(tmp_path) == expected


@pytest.mark.parametrize("folder", ["plain-1.0.dist-info", "plain-1.0-py3.9.egg-info"])
def test_a_folder_without_metadata_is_who_its_name_says(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir()
    assert versions(tmp_path) == {"plain": "1.0"}


def develop(site: Path, source: Path, name: str, version: str) -> None:
    """What `setup.py develop` leaves: a link, and the source's folder on the path."""
    write_metadata(source / f"{name}.egg-info", name, version, "PKG-INFO")
    site.mkdir(exist_ok=True)
    (site / f"{name}.egg-link").write_text(f"{source}\n.")
    (site / "easy-install.pth").write_text(f"{source}\n")


def test_an_egg_link_is_an_editable_install(tmp_path: Path) -> None:
    develop(tmp_path / "site", tmp_path / "source", "linked", "1.0")
    (found,) = read(tmp_path / "site").distributions.values()
    assert (found.version, found.direct, found.own) == ("1.0", True, True)


def test_an_egg_link_whose_source_is_gone_is_nothing(tmp_path: Path) -> None:
    develop(tmp_path / "site", tmp_path / "source", "linked", "1.0")
    (tmp_path / "source").rename(tmp_path / "elsewhere")
    assert versions(tmp_path / "site") == {}


def test_a_forgotten_egg_link_beside_a_later_install_is_broken(tmp_path: Path) -> None:
    develop(tmp_path / "site", tmp_path / "source", "linked", "1.0")
    add_distribution(tmp_path / "site", "linked-2.0")
    installed = read(tmp_path / "site")
    assert [trouble.project for trouble in installed.broken] == ["linked"]
    # As for an import, the site folder comes before those of `.pth` files.
    (found,) = installed.distributions.values()
    assert (found.version, found.direct) == ("2.0", False)


def test_two_projects_may_be_developed_in_one_folder(tmp_path: Path) -> None:
    develop(tmp_path / "site", tmp_path / "source", "one", "1.0")
    develop(tmp_path / "site", tmp_path / "source", "two", "2.0")
    assert not read(tmp_path / "site").broken
    assert versions(tmp_path / "site") == {"one": "1.0", "two": "2.0"}


class TestWhatDoesNotSayWhatItHolds:
    @pytest.mark.parametrize("text", ["", "Name: odd one\nVersion: 1\n", "Name: -\nVersion: 1\n"])
    def test_an_egg(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "odd.egg" / "EGG-INFO").mkdir(parents=True)
        (tmp_path / "odd.egg" / "EGG-INFO" / "PKG-INFO").write_text(text)
        (tmp_path / "easy-install.pth").write_text("./odd.egg\n")
        self.is_broken(tmp_path)

    @pytest.mark.parametrize("text", ["", "Name: odd one\nVersion: 1\n", "Name: -\nVersion: 1\n"])
    def test_what_an_egg_link_leads_to(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "src" / "odd.egg-info").mkdir(parents=True)
        (tmp_path / "src" / "odd.egg-info" / "PKG-INFO").write_text(text)
        (tmp_path / "odd.egg-link").write_text("src\n.\n")
        self.is_broken(tmp_path)

    def is_broken(self, site: Path) -> None:
        found = read(site)
        assert not found.distributions
        assert ["does not say what it holds" in broken.message for broken in found.broken] == [True]


def test_two_projects_developed_in_one_folder_need_what_each_says(tmp_path: Path) -> None:
    site, source = tmp_path / "site", tmp_path / "src"
    site.mkdir()
    for name in ("Foo.Bar", "Foo"):
        info = source / f"{name.replace('.', '_')}.egg-info"
        write_metadata(info, name, "1.0", "PKG-INFO")
        (info / "requires.txt").write_text(f"{name}-needs\n")
        (site / f"{name}.egg-link").write_text(f"{source}\n.\n")
    needs = {name: read_requires(found) for name, found in read(site).distributions.items()}
    assert needs == {"foo-bar": ("Foo.Bar-needs",), "foo": ("Foo-needs",)}
