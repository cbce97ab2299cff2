"""Lines end where Python's own readers of the same files see an end."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.environments.site import Installed, find_site_folders
from reqdrift.files import lines_of
from reqdrift.values import Python
from support import add_distribution, interpreters, make_environment, run

# What Unicode, but no file of lines, takes for the end of one.
ENDS = ("\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029")


@given(st.text(alphabet=["a", "\n", "\r", *ENDS]))
def test_lines_are_those_of_a_file_opened_as_text(text: str) -> None:
    opened = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    assert lines_of(text.encode()) == opened.read().split("\n")


@pytest.mark.parametrize("minor", sorted(interpreters()))
def test_the_folders_that_path_lines_name(minor: str, tmp_path: Path) -> None:
    """They are those that `site` of the same Python puts on the path."""
    place = tmp_path / "site"
    place.mkdir()
    for number, end in enumerate(ENDS):
        folder = tmp_path / f"a{number}{end}b"
        add_distribution(folder, f"linked{number}-1.0")
        (place / f"{number}.pth").write_text(f"{folder}\n", encoding="utf-8")
    # Where a mark ends the line, what stands before it may be a folder.
    add_distribution(tmp_path / "a0", "before-1.0")
    code = "import json, site, sys; sys.path[:] = []"
    code += "; [site.addpackage(sys.argv[1], f'{n}.pth', set()) for n in range(7)]"
    done = run(
        interpreters()[minor],
        "-X",
        "utf8",
        "-c",
        f"{code}; print(json.dumps(sys.path))",
        place,
        cwd=tmp_path,
    )
    installed = Installed(Python(minor))
    installed.add_site_folder(str(place), own=True)
    found = [found.folder for found in installed.distributions.values()]
    assert found == json.loads(done.stdout)
    assert len(found) == (1 if Python(minor).minor >= (3, 13) else len(ENDS))


@pytest.mark.parametrize("end", ENDS)
def test_a_prompt_sets_nothing_else(end: str, tmp_path: Path) -> None:
    make_environment(tmp_path, settings=f"prompt = a{end}version = 3.9.1\n")
    assert find_site_folders(str(tmp_path)).python.version == "3.11.7"
