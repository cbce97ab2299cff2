"""The projects of lines that are a bare path or URL."""

from __future__ import annotations

from pathlib import Path

import pytest

import reqdrift
from reqdrift.drift.sources import with_projects
from reqdrift.requirements import read_requirements
from reqdrift.values import CanonicalName, Distribution, Environment, Python
from reqdrift.values.findings import Facts
from support import add_distribution, make_environment

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "https://example.org/many"


def findings(project: Path, text: str) -> list[tuple[str, str, int | None]]:
    (project / "requirements.txt").write_text(text)
    report = reqdrift.check()
    assert not report.errors
    return [(f.kind, f.project, f.at.line) for f in report.findings]


@pytest.fixture
def site(project: Path) -> Path:
    return make_environment(project / ".venv")


def test_projects_of_one_repository_are_told_apart_by_their_subdirectory(
    project: Path, site: Path
) -> None:
    info = {"url": REPOSITORY, "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
    add_distribution(site, "one-1.0", direct_url={**info, "subdirectory": "libs/one"})
    add_distribution(site, "two-1.0", direct_url={**info, "subdirectory": "libs/two"})
    add_distribution(site, "whole-1.0", direct_url=info)
    lines = [f"git+{REPOSITORY}@{COMMIT}{end}" for end in ("", "#subdirectory=libs/two")]
    lines.append(f"one @ git+{REPOSITORY}@{COMMIT}#subdirectory=libs/one/")
    assert findings(project, "\n".join(lines)) == []
    other = lines[-1].replace("libs/one/", "libs/two")
    assert findings(project, "\n".join([*lines[:2], other])) == [("source", "one", 3)]


def test_projects_of_one_folder_are_told_apart_by_their_subdirectory(
    project: Path, site: Path, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        folder = tmp_path / "many" / "libs" / name
        folder.mkdir(parents=True)
        (folder / "pyproject.toml").write_text("")
        whole = {"url": (tmp_path / "many").as_uri(), "dir_info": {}}
        add_distribution(site, f"{name}-1.0", direct_url={**whole, "subdirectory": f"libs/{name}"})
    lines = [f"../many/libs/two\n{(tmp_path / 'many').as_uri()}#subdirectory=libs/one"]
    assert findings(project, "\n".join(lines)) == []


def test_the_file_name_of_a_bare_source_archive_pins_it(project: Path, site: Path) -> None:
    archive = project / "dist" / "app_kit-1.0.tar.gz"
    archive.parent.mkdir()
    archive.write_bytes(b"")
    add_distribution(site, "app_kit-1.0", direct_url={"url": archive.as_uri(), "archive_info": {}})
    assert findings(project, "./dist/app_kit-1.0.tar.gz") == []


def test_a_bare_source_archive_of_another_machine_is_held_against_by_version(
    project: Path, site: Path
) -> None:
    add_distribution(site, "app_kit-1.0")
    assert findings(project, "file:///nowhere/app_kit-1.0.tar.gz") == []
    assert findings(project, "file:///nowhere/app_kit-2.0.tar.gz") == [("version", "app-kit", 1)]


def test_a_branch_that_looks_like_a_release_is_not_pinned(project: Path, site: Path) -> None:
    url = "https://example.org/app/archive/feature-2.zip"
    add_distribution(site, "app-1.0", direct_url={"url": url, "archive_info": {}})
    assert findings(project, url) == [("unpinned", "app", 1)]


class TestOnlyOneIsLeft:
    """`setup.py install`, which pip ran before 23.1, left no record of where it came from."""

    def projects(self, text: str, *installed: str) -> list[str | None]:
        """The projects of the lines; `name-version.egg-info` is such an installation."""
        requirements = read_requirements(["/r.txt"], read=lambda *_, **__: text.encode())
        found = {}
        for entry in ("known-1.dist-info", *installed):
            name = CanonicalName(entry.partition("-")[0])
            found[name] = Distribution(name, name, "1", entry, "/site")
        environment = Environment("/env", Python("3.11.7"), "a test", found)
        return [line.name for line in with_projects(requirements, environment, Facts({}))]

    def test_it_is_that_one(self) -> None:
        lines = "known==1\ngit+https://h/tool"
        assert self.projects(lines, "real-1.egg-info") == ["known", "real"]

    @pytest.mark.parametrize(
        ("line", "installed"),
        [
            ("git+https://h/tool", ("real-1.dist-info",)),
            ("git+https://h/tool", ("real-1.egg-info", "other-1.egg-info")),
            ("git+https://h/tool", ("real-1.egg-info", "tool-1.dist-info")),
            ("git+https://h/tool#egg=tool", ("real-1.egg-info",)),
            ("https://h/tool-1.0.tar.gz", ("real-1.egg-info",)),
            ("git+https://h/tool\nreal==1", ("real-1.egg-info",)),
        ],
    )
    def test_not_if_it_is_not_sure(self, line: str, installed: tuple[str, ...]) -> None:
        assert self.projects(line, *installed)[0] == "tool"

    def test_not_for_several_lines(self) -> None:
        lines = "git+https://h/one\ngit+https://h/two"
        assert self.projects(lines, "real-1.egg-info") == ["one", "two"]
