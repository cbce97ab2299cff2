"""Where an editable install runs from; the end-to-end tests have what backends write."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.environments.editables import editable_root
from reqdrift.repository import is_project
from reqdrift.values import CanonicalName, Distribution
from support import add_distribution


class Site:
    """A site folder with an editable install of lamp 1.0 from `one`, beside which `other` is."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "env" / "site-packages"
        self.one, self.other = root / "one", root / "other"
        for project in (self.one, self.other):
            (project / "src" / "lamp").mkdir(parents=True)
            (project / "pyproject.toml").write_text("")
        direct = {"url": self.one.as_uri(), "dir_info": {"editable": True}}
        self.info = add_distribution(self.folder, "lamp-1.0", direct_url=direct)

    def write(self, name: str, text: str, row: str = "") -> None:
        """A file that the distribution has in the site folder."""
        (self.folder / name).write_text(text)
        with (self.info / "RECORD").open("a") as file:
            file.write(f"{row or name},sha256=abc,1\n")

    def root(self, *, direct: bool = True) -> tuple[str, str] | None:
        name = CanonicalName("lamp")
        found = Distribution(name, name, "1.0", self.info.name, str(self.folder), direct)
        root = editable_root(found)
        return root and root[:2]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path.resolve())


def finder(mapping: str, namespaces: str = "{}") -> dict[str, str]:
    return {
        "__editable___lamp_1_0_finder.py": "import sys\n"
        f"MAPPING: dict[str, str] = {mapping}\n"
        f"NAMESPACES: dict[str, list[str]] = {namespaces}\nPATH_PLACEHOLDER = '/nowhere'\n"
    }


@pytest.mark.parametrize(
    ("files", "root", "gone"),
    [
        # Without a file what is recorded counts.
        ({}, "ONE", ""),
        # A path leads to the project around its folder.
        ({"lamp.pth": "# a comment\nimport os\n\nOTHER\r\n"}, "OTHER", ""),
        ({"lamp.pth": "OTHER/src\n"}, "OTHER", ""),
        ({"lamp.pth": "OTHER/src/lamp/..\n"}, "OTHER", ""),
        # One of the recorded project is enough: a part of it takes code of its neighbours, too.
        ({"lamp.pth": "OTHER\nONE/src\n"}, "ONE", ""),
        ({"lamp.pth": "LOST/src\n"}, "LOST/src", "LOST/src"),
        # As the folder that setuptools builds in its strict mode, after `git clean`.
        ({"lamp.pth": "ONE/build/lamp\n"}, "ONE", "ONE/build/lamp"),
        ({"lamp.pth": "ONE/build/lamp\n", "more.pth": "OTHER\n"}, "OTHER", ""),
        # The project around an environment is not that of a folder in it.
        ({"lamp.pth": "OTHER/.venv/src/lamp\n"}, "OTHER/.venv/src/lamp", ""),
        (finder("{'lamp': 'OTHER/src/lamp'}"), "OTHER", ""),
        (finder('{"lamp": "OTHER/src/lamp"}'), "OTHER", ""),
        (finder("{'it\\'s': 'OTHER/src/lamp'}"), "OTHER", ""),
        (finder("{}", "{'lamp': ['OTHER/src/lamp']}"), "OTHER", ""),
    ],
)
def test_what_the_files_of_an_install_say(
    site: Site, files: dict[str, str], root: str, gone: str
) -> None:
    environment = site.other / ".venv"
    (environment / "src" / "lamp").mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text("")

    def real(text: str) -> str:
        for name in ("one", "other", "lost"):
            text = text.replace(name.upper(), str(site.one.with_name(name)))
        return text

    for name, text in files.items():
        site.write(name, real(text))
    assert site.root() == (real(root), real(gone))


def test_a_recorded_folder_that_is_gone(site: Site) -> None:
    site.one.rename(site.one.with_name("moved"))
    assert site.root() == (str(site.one), str(site.one))


def test_an_editable_wheel(site: Site) -> None:
    """As tox builds and installs it: its direct URL is that of an archive."""
    (site.info / "direct_url.json").write_text('{"url": "file:///lamp.whl", "archive_info": {}}')
    assert site.root() is None
    site.write("lamp.pth", f"{site.other}/src\n")
    assert site.root() == (str(site.other), "")


def test_the_files_of_others_do_not_count(site: Site) -> None:
    (site.folder / "other.pth").write_text(f"{site.other}\n")
    assert site.root() == (str(site.one), "")


def test_a_path_file_in_a_record_with_absolute_paths(site: Site) -> None:
    """Of Poetry; the environment may have been copied since."""
    site.write("lamp.pth", f"{site.other}/src\n", row="/before/site-packages/lamp.pth")
    assert site.root() == (str(site.other), "")


def test_a_finder_module_is_not_executed(site: Site, tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    text = f"open({str(marker)!r}, 'w')\nMAPPING = dict(lamp='{site.other}/src/lamp')\n"
    site.write("__editable___lamp_1_0_finder.py", text)
    assert site.root() == (str(site.other), "")
    assert not marker.exists()


def test_a_link_to_the_package(site: Site) -> None:
    (site.folder / "lamp").symlink_to(site.other / "src" / "lamp")
    with (site.info / "RECORD").open("a") as file:
        file.write("lamp,,\n")
    assert site.root() == (str(site.other), "")


@pytest.mark.parametrize("text", ["import lamp.hook\n", "lamp_extras\n", ""])
def test_a_copy_with_a_path_file_of_its_own(site: Site, text: str) -> None:
    (site.folder / "lamp_extras").mkdir()
    site.write("lamp.pth", text)
    assert site.root(direct=False) is None


def test_an_egg_link(site: Site) -> None:
    (site.folder / "lamp.egg-link").write_text(f"{site.other}/src\n../\n")
    name = CanonicalName("lamp")
    found = Distribution(name, name, "1.0", "lamp.egg-link", str(site.folder), direct=True)
    assert editable_root(found) == (str(site.other), "", False, f"{site.other}/src")


def test_metadata_in_a_folder_that_a_path_file_names(site: Site) -> None:
    name, folder = CanonicalName("lamp"), str(site.other / "src")
    found = Distribution(name, name, "1.0", "lamp.egg-info", folder, own=False)
    assert editable_root(found) == (str(site.other), "", False, f"{site.other}/src")


def test_a_file_that_cannot_be_read_says_nothing(site: Site) -> None:
    (site.info / "RECORD").unlink()
    assert site.root() == (str(site.one), "")
    (site.info / "RECORD").write_bytes(b"lamp\0.pth,,\n\xff\n,\n")
    assert site.root() == (str(site.one), "")
    (site.info / "direct_url.json").write_text("{}")
    assert site.root() is None


@pytest.mark.parametrize("name", ["pyproject.toml", "setup.cfg", "setup.py"])
def test_the_folder_of_a_project(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    folders = [str(tmp_path / "requirements"), str(tmp_path), str(tmp_path.parent)]
    assert next(filter(is_project, folders)) == str(tmp_path)
