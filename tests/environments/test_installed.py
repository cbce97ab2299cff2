"""What counts as an installed distribution; what each form of metadata says is in golden cases."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from reqdrift.environments.site import Installed
from reqdrift.values import CanonicalName, Distribution, Python
from support import add_distribution


def read(site: Path) -> Installed:
    installed = Installed(Python("3.11"))
    installed.add_site_folder(str(site), own=True)
    return installed


def versions(site: Path) -> dict[str, str]:
    return {name: found.version for name, found in read(site).distributions.items()}


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


def test_copies_behind_another_folder_are_hidden_not_broken(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        add_distribution(tmp_path / folder, "foo-1.0" if folder == "first" else "foo-2.0")
    found = read(tmp_path / "first")
    found.add_site_folder(str(tmp_path / "second"), own=False)
    assert found.broken == []
    assert found.distributions[CanonicalName("foo")].version == "1.0"
    assert [(copy.version, copy.own) for copy in found.hidden] == [("2.0", False)]


def test_an_egg_may_be_a_zip(tmp_path: Path) -> None:
    (tmp_path / "easy-install.pth").write_text("./odd.egg\n")
    with zipfile.ZipFile(tmp_path / "odd.egg", "w") as archive:
        archive.writestr("EGG-INFO/PKG-INFO", "Name: Odd.Egg\nVersion: 1.5\n")
    (found,) = read(tmp_path).distributions.values()
    fields = (CanonicalName("odd-egg"), "Odd.Egg", "1.5", "odd.egg", str(tmp_path))
    assert found == Distribution(*fields, own=True)
