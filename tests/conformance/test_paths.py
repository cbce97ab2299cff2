"""What `.pth` files put on the path: reqdrift, which starts nothing, against pip inside of it.

All cases live in one environment, each with a project of its own, so that one run of pip does.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import pytest
from accepted import cases
from site_folders import metadata

from reqdrift.environments import read_environment
from reqdrift.environments.fallbacks import named_environment
from reqdrift.standards import canonical_name
from reqdrift.values import CanonicalName
from support import SCRIPTS, add_distribution, run

# What a `.pth` file says; FOLDER is a folder beside the site folder that holds the case's project.
PATHS = {
    "an absolute path": "FOLDER\n",
    "a relative path": "RELATIVE\n",
    "no line's end": "FOLDER",
    "of Windows": "FOLDER\r\n",
    "blanks behind the path": "FOLDER  \t\n",
    "blanks before the path": "  FOLDER\n",
    "after a comment and an empty line": "# comment\n\nFOLDER\n",
    "behind a mark": "#FOLDER\n",
    "after a path that is none": "/nowhere\nFOLDER\n",
    "after code": "import sys\nFOLDER\n",
    "after code that fails": "import a_module_that_is_not_there\nFOLDER\n",
    "in code": "import sys; sys.path.append('FOLDER')\n",
    "a path to the metadata itself": "FOLDER/PROJECT-1.0.dist-info\n",
    "a path to a file": "FOLDER/file\n",
    "twice": "FOLDER\nFOLDER/.\n",
    "a slash at the end": "FOLDER/\n",
    "through the parent": "FOLDER/../PROJECT\n",
    "a null byte": "FOLDER\0\nFOLDER\n",
}
ACCEPTED = cases("Paths, from pip")


def project_of(case: str) -> CanonicalName:
    return canonical_name(f"p{[*PATHS].index(case)}")


class Environment:
    """The environment with all cases, and what pip sees in it."""

    def __init__(self, folder: Path) -> None:
        self.prefix = folder / "env"
        words = (SCRIPTS / "virtualenv", "-q", "--no-seed", "--python", sys.executable)
        run(*words, self.prefix, cwd=folder)
        (site,) = self.prefix.glob("lib/python*/site-packages")
        for case, text in PATHS.items():
            project = project_of(case)
            place = site.parent / project
            add_distribution(place, f"{project}-1.0")
            (place / "file").write_text("")
            relative = f"../{project}"
            text = text.replace("RELATIVE", relative).replace("PROJECT", project)
            (site / f"{project}.pth").write_text(text.replace("FOLDER", str(place)), newline="")
        # Of several copies the site folder's counts, then by the names of the `.pth` files.
        add_distribution(site, "first-1.0")
        for number in ("2", "3"):
            for name in ("first", "second"):
                add_distribution(site.parent / f"more{number}", f"{name}-{number}.0")
            (site / f"more{number}.pth").write_text(f"../more{number}\n")
        # Eggs, as easy_install left them.
        egg = site / "folder_egg-1.0-py3.egg" / "EGG-INFO"
        egg.mkdir(parents=True)
        (egg / "PKG-INFO").write_bytes(metadata("folder-egg"))
        with zipfile.ZipFile(site / "zipped_egg-1.0-py3.egg", "w") as archive:
            archive.writestr("EGG-INFO/PKG-INFO", metadata("zipped-egg"))
        eggs = sorted(path.name for path in site.glob("*.egg"))
        (site / "easy-install.pth").write_text("".join(f"./{name}\n" for name in eggs))
        # A folder's own `.pth` files do not count.
        add_distribution(site.parent / "nested", "nested-1.0")
        (site.parent / "more2" / "nested.pth").write_text("../nested\n")
        command = (SCRIPTS / "pip", "--python", self.prefix, "list", "--format", "json")
        listed = json.loads(run(*command, cwd=folder).stdout)
        self.theirs = {one["name"].replace("_", "-"): one["version"] for one in listed}
        found = read_environment(named_environment(str(self.prefix), "--python", "/"))
        self.ours = {name: one.version for name, one in found.distributions.items()}


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("paths").resolve())


@pytest.mark.parametrize("case", PATHS)
def test_a_path(case: str, environment: Environment) -> None:
    project = project_of(case)
    same = environment.ours.get(project) == environment.theirs.get(project)
    assert same != (case in ACCEPTED), (environment.ours.get(project), environment.theirs)


def test_all_the_rest_is_the_same(environment: Environment) -> None:
    cases = {*map(project_of, PATHS)}
    rest = {name: one for name, one in environment.theirs.items() if name not in cases}
    assert {name: one for name, one in environment.ours.items() if name not in cases} == rest
    assert rest == {"first": "1.0", "second": "2.0", "folder-egg": "1.0", "zipped-egg": "1.0"}
