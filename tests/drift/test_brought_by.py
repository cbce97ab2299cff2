"""Which unlisted project brought which others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import reqdrift
from reqdrift import Policy
from support import add_distribution, make_environment

Needs = Mapping[str, list[str]]


def brought_by(folder: Path, needs: Needs, text: str = "", unlisted: str = "all") -> dict[str, str]:
    """The roots of every extra, in an environment where each project needs the named ones."""
    site = make_environment(folder / ".venv")
    for name, required in needs.items():
        add_distribution(site, f"{name}-1.0", requires=required)
    (folder / "requirements.txt").write_text(text)
    report = reqdrift.check(policy=Policy(unlisted))
    assert not report.errors
    return {f.project: " ".join(f.brought_by) for f in report.findings if f.kind == "extra"}


def test_directly_and_from_far_away(project: Path) -> None:
    needs = {"root": ["near"], "near": ["far"], "far": [], "single": []}
    assert brought_by(project, needs) == {"root": "", "near": "root", "far": "root", "single": ""}


def test_by_several_roots(project: Path) -> None:
    needs = {"b": ["both"], "a": ["both", "mine"], "both": ["deep"], "deep": [], "mine": []}
    found = brought_by(project, needs)
    assert found == {"a": "", "b": "", "both": "a b", "deep": "a b", "mine": "a"}


@pytest.mark.parametrize("unlisted", ["all", "orphans"])
def test_what_a_listed_project_needs_too_is_not_brought(project: Path, unlisted: str) -> None:
    needs = {"root": ["shared", "mine"], "listed": ["shared"], "shared": ["deep"], "deep": []}
    found = brought_by(project, {**needs, "mine": []}, "listed==1.0\n", unlisted)
    others = {"shared": "", "deep": ""} if unlisted == "all" else {}
    assert found == {"root": "", "mine": "root", **others}


def test_what_a_listed_extra_needs_is_not_brought(project: Path) -> None:
    needs = {"root": ["part"], "listed": ['part; extra == "x"'], "part": []}
    assert brought_by(project, needs, "listed[x]==1.0\n") == {"root": "", "part": ""}


def test_another_listed_extra_does_not_count(project: Path) -> None:
    needs = {"root": ["part"], "listed": ['part; extra == "x"'], "part": []}
    assert brought_by(project, needs, "listed==1.0\n") == {"root": "", "part": "root"}


def test_what_this_project_itself_needs_is_not_brought(project: Path) -> None:
    (project / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    needs = {"shop": ["shared"], "root": ["shared", "mine"], "shared": [], "mine": []}
    assert brought_by(project, needs) == {"root": "", "shared": "", "mine": "root"}


def test_a_tool_brings_nothing(project: Path) -> None:
    needs = {"pip_tools": ["shared", "its"], "root": ["shared"], "shared": [], "its": []}
    assert brought_by(project, needs) == {"root": "", "shared": "root"}


def test_of_a_cycle_the_first_by_name(project: Path) -> None:
    # `a` comes before the cycle by name, but does not lead to it.
    needs = {"c": ["d"], "d": ["b"], "b": ["c", "a"], "a": []}
    assert brought_by(project, needs) == {"b": "", "a": "b", "c": "b", "d": "b"}


def test_a_cycle_that_something_else_needs_has_no_root_of_its_own(project: Path) -> None:
    needs = {"a": ["b"], "b": ["a"], "z": ["b"]}
    assert brought_by(project, needs) == {"z": "", "a": "z", "b": "z"}


def test_only_the_root_that_asks_for_an_extra_brings_what_the_extra_needs(project: Path) -> None:
    needs = {"a": ["client"], "b": ["client[http2]"], "client": ['h2; extra == "http2"'], "h2": []}
    assert brought_by(project, needs) == {"a": "", "b": "", "client": "a b", "h2": "b"}


def test_what_was_installed_for_an_extra_of_the_root_stands_by_itself(project: Path) -> None:
    # Listing `root` alone would not allow it.
    needs = {"root": ['part; extra == "x"'], "part": []}
    assert brought_by(project, needs) == {"root": "", "part": ""}
