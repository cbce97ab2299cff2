"""Paths, URLs and `-e`: what each is taken for, and where it leads."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.requirements.lines import FileText, LogicalLine
from reqdrift.requirements.parse import parse_line
from reqdrift.values import Lines, Location, Requirement

FILE = "/nowhere/requirements.txt"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with a project in it, which is not the working directory."""
    project = tmp_path / "libs" / "lantern"
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text('[project]\nname = "Lantern.Light"\n')
    return tmp_path


def read(text: str, *bases: Path) -> Requirement:
    file = FileText(FILE, text, False, tuple(map(str, bases)))
    (found,) = parse_line(LogicalLine(3, 4, text, f"{text}\n"), file)
    assert isinstance(found, Requirement)
    return found


def folders(found: Requirement) -> tuple[str, ...]:
    assert found.source
    return found.source.folders


@pytest.mark.parametrize(
    "text",
    ["./libs/lantern", "file:libs/lantern", "-e libs/lantern", "-e file:libs/lantern"],
)
def test_a_relative_path_is_sought_from_every_base(text: str, base: Path) -> None:
    found = read(text, base / "elsewhere", base)
    assert str(base / "libs" / "lantern") in folders(found)
    assert found.origin == Lines(FILE, 3, 4, f"{text}\n")
    assert (found.name, found.hint) == (None, "Lantern.Light")


def test_the_url_of_a_named_requirement_may_be_relative(base: Path) -> None:
    found = read("lantern @ file:libs/lantern", base)
    assert folders(found) == (str(base / "libs" / "lantern"),)
    assert (found.name, found.hint) == ("lantern", "")


def test_an_editable_that_is_named_keeps_its_marker() -> None:
    found = read("-e 'six @ git+https://host/six ; python_version > \"3\"'")
    assert (found.name, found.marker) == ("six", 'python_version > "3"')
    assert found.at == Location(FILE, 3, 4)
    assert found.full_text.startswith("-e 'six @")


@pytest.mark.parametrize(
    "text, path, extras",
    [
        ("./{}[dev]", "", ("dev",)),
        ("./{}[Dev, docs]", "", ("dev", "docs")),
        ("./{}[b][dev]", "[b]", ("dev",)),  # the last bracket counts
        ("./{}[a]b]", "[a]b]", ()),
        ("./{}[]", "[]", ()),
    ],
)
def test_extras_of_a_path(text: str, path: str, extras: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / f"pkg{path}"
    folder.mkdir()
    (folder / "setup.py").write_text("")
    found = read(text.format("pkg"), tmp_path)
    assert folders(found) == (str(folder),)
    assert found.extras == extras


@pytest.mark.parametrize("text", [".", "./", "libs/lantern/..//lantern"])
def test_the_folder_itself(text: str, base: Path) -> None:
    at = base if "libs" in text else base / "libs" / "lantern"
    assert folders(read(text, at)) == (str(base / "libs" / "lantern"),)


@pytest.mark.parametrize(
    "text, hint",
    [
        ("https://host/lantern-1.0.tar.gz", "lantern"),
        ("https://host/archive/main.zip", "main.zip"),
        ("git+https://host/lantern.git", "lantern"),
        ("git+https://host/lantern.git/", "lantern"),
        ("./dist/lantern-1.0.zip", "lantern"),
        ("git+https://host/lantern-1.0.tar.gz", "lantern-1.0.tar.gz"),
    ],
)
def test_the_best_guess_of_a_name(text: str, hint: str, tmp_path: Path) -> None:
    found = read(text, tmp_path)
    assert (found.name, found.hint) == (None, hint)


def test_a_subdirectory_says_the_name(base: Path) -> None:
    assert read("file:libs#subdirectory=lantern", base).hint == "Lantern.Light"
