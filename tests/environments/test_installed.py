"""What counts as an installed distribution, and who it is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from reqdrift.environments.answers import read_requires
from reqdrift.environments.metadata import egg_link_folders
from reqdrift.environments.site import Installed
from reqdrift.values import Broken, CanonicalName, Distribution, Python
from support import add_distribution


def read(site: Path) -> Installed:
    installed = Installed(Python("3.11"))
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
        message = "has no readable name or version"
        assert [message in broken.message for broken in found.broken] == [True]


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


class TestPathFiles:
    """`.pth` files, as `site` reads them; what they do with code is in hostile/."""

    @pytest.fixture
    def site(self, tmp_path: Path) -> Path:
        add_distribution(tmp_path / "near", "near-1.0")
        site = tmp_path / "site"
        site.mkdir()
        return site

    @pytest.mark.parametrize(
        "text",
        [
            "../near\n",
            "{top}/near",
            "# ../far\n\nimport x\nimport\tx\n../near  \n",
            "\ufeff../near",
        ],
    )
    def test_a_line_names_a_folder(self, site: Path, text: str) -> None:
        path = text.format(top=site.parent)
        (site / "x.pth").write_text(path, encoding="utf-8")
        near = read(site).distributions[CanonicalName("near")]
        assert (near.version, near.folder, near.own) == ("1.0", f"{site.parent}/near", False)

    @pytest.mark.parametrize("text", ["# ../near", "import ../near", " ../near", "../far", "near"])
    def test_a_line_that_names_none(self, site: Path, text: str) -> None:
        (site / "x.pth").write_text(text)
        assert versions(site) == {}

    @pytest.mark.parametrize("text", ["# near", "#near", "import near", "import\tnear"])
    def test_code_and_comments_are_no_folders_even_if_one_is_called_so(
        self, site: Path, text: str
    ) -> None:
        add_distribution(site / text, "near-1.0")
        (site / "x.pth").write_text(text)
        assert versions(site) == {}

    def test_an_empty_line_is_not_the_folder_itself(self, site: Path) -> None:
        add_distribution(site / " ", "near-1.0")
        (site / "x.pth").write_text("\n  \n")
        assert versions(site) == {}

    @pytest.mark.parametrize("name", [".x.pth", "x.PTH", "x.txt"])
    def test_a_file_that_is_not_read(self, site: Path, name: str) -> None:
        (site / name).write_text("../near\n")
        assert versions(site) == {}

    def test_bytes_that_are_no_text_hide_nothing(self, site: Path) -> None:
        (site / "x.pth").write_bytes(b"\xff\xfe\n../near\n")
        assert versions(site) == {"near": "1.0"}

    def test_a_folder_named_twice_is_read_once(self, site: Path) -> None:
        (site / "x.pth").write_text("../near\n../near/.\n")
        (site / "y.pth").symlink_to(site / "x.pth")
        (site.parent / "again").symlink_to(site.parent / "near")
        (site / "z.pth").write_text("../again\n")
        found = read(site)
        assert (found.broken, found.hidden) == ([], [])

    def test_an_unpacked_egg(self, site: Path) -> None:
        write_metadata(site / "boiled-2.0-py3.9.egg" / "EGG-INFO", "boiled", "2.0", "PKG-INFO")
        (site / "easy-install.pth").write_text("./boiled-2.0-py3.9.egg\n")
        assert versions(site) == {"boiled": "2.0"}


def test_what_is_odd_is_told_and_hides_nothing(tmp_path: Path) -> None:
    for folder in ("~oo-1.0.dist-info", "-1.0.dist-info", "good-1.0.dist-info", "a b-1.dist-info"):
        (tmp_path / folder).mkdir()
    found = read(tmp_path)
    assert found.distributions.keys() == {"good"}
    (note,) = found.notes
    assert (note.reason, "'~oo-1.0.dist-info'" in note.message) == ("leftover", True)
    assert sorted(broken.message for broken in found.broken) == [
        f"'{tmp_path}/-1.0.dist-info' has no readable name or version; delete it",
        f"'{tmp_path}/a b-1.dist-info' has no readable name or version; delete it",
    ]


def test_copies_behind_another_folder_are_hidden_not_broken(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        add_distribution(tmp_path / folder, "foo-1.0" if folder == "first" else "foo-2.0")
    found = read(tmp_path / "first")
    found.add_site_folder(str(tmp_path / "second"), own=False)
    assert found.broken == []
    assert found.distributions[CanonicalName("foo")].version == "1.0"
    assert [(copy.version, copy.own) for copy in found.hidden] == [("2.0", False)]


class TestEggs:
    """`easy_install` puts them on the path by `.pth` lines: a folder or a zip, EGG-INFO inside."""

    METADATA = "Metadata-Version: 1.0\nName: Odd.Egg\nVersion: 1.5\n"
    OWN = Distribution(CanonicalName("odd-egg"), "Odd.Egg", "1.5", "odd.egg", "", own=True)

    @pytest.fixture
    def site(self, tmp_path: Path) -> Path:
        (tmp_path / "easy-install.pth").write_text("./odd.egg\n./plain-2.0-py3.11.egg\n")
        return tmp_path

    def test_a_folder(self, site: Path) -> None:
        (site / "odd.egg" / "EGG-INFO").mkdir(parents=True)
        (site / "odd.egg" / "EGG-INFO" / "PKG-INFO").write_text(self.METADATA)
        add_distribution(site / "odd.egg", "inside-3.0")  # it is a folder on the path, too
        found = read(site).distributions
        assert found[CanonicalName("odd-egg")] == self.OWN._replace(folder=str(site))
        assert found[CanonicalName("inside")].own is False

    def test_a_zip(self, site: Path) -> None:
        with zipfile.ZipFile(site / "odd.egg", "w") as archive:
            archive.writestr("EGG-INFO/PKG-INFO", self.METADATA)
        (found,) = read(site).distributions.values()
        assert found == self.OWN._replace(folder=str(site))

    @pytest.mark.parametrize("text", ["", "Name: plain\n", "Version: 9\n"])
    def test_half_an_identity_is_none(self, site: Path, text: str) -> None:
        info = site / "plain-2.0-py3.11.egg" / "EGG-INFO"
        info.mkdir(parents=True)
        (info / "PKG-INFO").write_text(text)
        assert versions(site) == {"plain": "2.0"}

    def test_one_that_is_no_zip_says_so_and_hides_nothing(self, site: Path) -> None:
        (site / "odd.egg").write_text("torn")
        (site / "plain-2.0-py3.11.egg").mkdir()
        installed = read(site)
        assert list(installed.distributions) == ["plain"]
        message = f"'{site}/odd.egg' has no readable name or version; delete it"
        assert installed.broken == [Broken(CanonicalName("odd"), message)]


class TestEggLinks:
    @pytest.fixture
    def site(self, tmp_path: Path) -> Path:
        site = tmp_path / "site"
        site.mkdir()
        return site

    @pytest.mark.parametrize("own", [True, False])
    def test_what_is_known_of_one(self, site: Path, own: bool) -> None:
        write_metadata(site.parent / "src" / "Lan_Tern.egg-info", "Lan.Tern", "1.0", "PKG-INFO")
        (site / "lan-tern.egg-link").write_text("../src\n.\n")
        installed = Installed(Python("3.11"))
        installed.add_site_folder(str(site), own=own)
        fields = ("Lan.Tern", "1.0", "lan-tern.egg-link", str(site))
        assert list(installed.distributions.values()) == [
            Distribution(CanonicalName("lan-tern"), *fields, direct=True, own=own)
        ]

    def test_its_source_may_say_who_it_is_in_any_way(self, site: Path) -> None:
        source = site.parent / "src"
        write_metadata(source / "one-1.0.dist-info", "one", "1.0")
        (source / "two-2.0.dev1-py3.11.egg-info").mkdir()
        (source / ".egg-info").mkdir()
        (site / "x.egg-link").write_text(f"{source}\n.\n")
        installed = read(site)
        assert {name: found.version for name, found in installed.distributions.items()} == {
            "one": "1.0",
            "two": "2.0.dev1",
        }
        message = f"'{source}/.egg-info' has no readable name or version; delete it"
        assert [broken.message for broken in installed.broken] == [message]

    @pytest.mark.parametrize("text", ["", "\n", "../src\0\n.\n"])
    def test_one_that_leads_nowhere(self, site: Path, text: str) -> None:
        write_metadata(site.parent / "src" / "one.egg-info", "one", "1.0", "PKG-INFO")
        (site / "one.egg-link").write_text(text)
        assert versions(site) == {}
        assert egg_link_folders(str(site / "one.egg-link")) == ()

    def test_the_second_line_is_where_setup_py_lies(self, site: Path) -> None:
        (site / "one.egg-link").write_text("../src/lib\n../\nnothing else counts\n")
        folders = (str(site.parent / "src" / "lib"), str(site.parent / "src"))
        assert egg_link_folders(str(site / "one.egg-link")) == folders


def test_three_copies_behind_another_folder_are_broken_there(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for name in ("one", "two"):
        add_distribution(first, f"{name}-0.1")
        for version in ("1.0", "2.0", "3.0"):
            add_distribution(second, f"{name}-{version}")
    installed = Installed(Python("3.11"))
    installed.add_site_folder(str(first), own=True)
    installed.add_site_folder(str(second), own=True)
    assert {found.version for found in installed.distributions.values()} == {"0.1"}
    twice = f"installed twice in {second}: "
    way_out = "uninstall it until it is gone, then reinstall it"
    assert [broken.message.removeprefix(twice) for broken in installed.broken] == [
        f"'{name}-1.0.dist-info' and '{name}-{other}.dist-info'; {way_out}"
        for name in ("one", "two")
        for other in ("2.0", "3.0")
    ]


def test_an_egg_in_a_folder_that_is_read_later_is_no_copy(tmp_path: Path) -> None:
    """The first on the path counts, as for an import: here the egg."""
    write_metadata(tmp_path / "ext" / "foo-1.0-py3.11.egg" / "EGG-INFO", "foo", "1.0", "PKG-INFO")
    add_distribution(tmp_path / "ext", "foo-2.0")
    (tmp_path / "easy-install.pth").write_text("ext/foo-1.0-py3.11.egg\next\n")
    installed = read(tmp_path)
    assert not installed.broken
    assert installed.distributions[CanonicalName("foo")].version == "1.0"
    assert [hidden.version for hidden in installed.hidden] == ["2.0"]
