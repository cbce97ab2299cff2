"""Lines end where Python's own readers of the same files see an end."""

from __future__ import annotations

import io
import site
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.environment.installed import Installed
from reqdrift.environment.interpreter import find_site_folders
from reqdrift.reading import lines_of
from support import add_distribution, make_environment

# What Unicode, but no file of lines, takes for the end of one.
ENDS = ("\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029")


@given(st.text(alphabet=["a", "\n", "\r", *ENDS]))
def test_lines_are_those_of_a_file_opened_as_text(text: str) -> None:
    opened = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    assert lines_of(text.encode()) == opened.read().split("\n")


@pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="site of Python 3.13 splits a .pth file's lines there, too"
)
@pytest.mark.parametrize("end", ENDS)
def test_a_folder_that_a_path_line_names(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, folder = tmp_path / "site", tmp_path / f"a{end}b"
    place.mkdir()
    add_distribution(folder, "linked-1.0")
    (place / "a.pth").write_text(f"{folder}\n", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [])
    site.addpackage(str(place), "a.pth", set())
    assert sys.path == [str(folder)]
    installed = Installed()
    installed.add_site_folder(str(place), own=True)
    assert [found.folder for found in installed.distributions.values()] == sys.path


@pytest.mark.parametrize("end", ENDS)
def test_a_prompt_sets_nothing_else(end: str, tmp_path: Path) -> None:
    make_environment(tmp_path, settings=f"prompt = a{end}version = 3.9.1\n")
    assert find_site_folders(str(tmp_path)).python.version == "3.11.7"
