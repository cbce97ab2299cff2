"""Which files are freezes, by the numbers and by what a report then says."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

import reqdrift
from reqdrift import Policy, Report
from reqdrift.drift.graph import Coverage, Graph, Node, coverage_of, permitted_omissions
from reqdrift.requirements import read_requirements
from reqdrift.values import CanonicalName
from support import add_distribution, make_environment


def graph_of(**requires: str) -> Graph:
    """A graph from `name="dependency dependency[extra]"`; `name__extra` is what an extra needs."""
    texts: dict[CanonicalName, list[str]] = {}
    for key, needs in requires.items():
        name, _, extra = key.partition("__")
        marker = f'; extra == "{extra}"' if extra else ""
        texts.setdefault(CanonicalName(name), []).extend(f"{n}{marker}" for n in needs.split())
    return Graph(texts, lambda marker, extra: f'"{extra}"' in marker)


def measured(graph: Graph, listed: str, unlisted: str = "", **extras: str) -> Coverage:
    names = [CanonicalName(name) for name in listed.split()]
    asked = {n: [Node(n), *(Node(n, e) for e in extras.get(n, "").split())] for n in names}
    others = set(map(CanonicalName, unlisted.split()))
    incomplete = graph.depending_on([node for nodes in asked.values() for node in nodes], others)
    return coverage_of(asked, graph, set(names), others, incomplete)


class TestNumbers:
    """Of which packages all dependencies are listed, and of how many direct ones."""

    def test_packages_without_dependencies_do_not_count(self) -> None:
        assert measured(graph_of(a="b"), "a b c") == Coverage(1, 1, 1, 1)

    def test_a_dependency_of_a_dependency_opens_both(self) -> None:
        graph = graph_of(a="b", b="c", c="d")
        assert measured(graph, "a b c", "d") == Coverage(3, 0, 3, 2)
        assert measured(graph, "a b d", "c") == Coverage(2, 0, 2, 1)

    def test_what_lies_behind_a_stranger_counts_as_little_as_it_does(self) -> None:
        graph = graph_of(a="x", x="y", b="y")
        assert measured(graph, "a b y", "x") == Coverage(2, 1, 2, 1)

    def test_a_direct_dependency_counts_once(self) -> None:
        graph = graph_of(a="s t", b="s t", c="s u")
        assert measured(graph, "a b c u", "s t") == Coverage(3, 0, 3, 1)

    def test_what_is_not_installed_does_not_count(self) -> None:
        # Neither listed and installed, nor a stranger: `absent`, and what is never extra.
        graph = graph_of(a="absent setuptools", b="absent s")
        assert measured(graph, "a b", "s") == Coverage(1, 0, 1, 0)

    def test_extras_count_where_they_are_asked_for(self) -> None:
        graph = graph_of(a__x="s", b="a", c="a[x]")
        assert measured(graph, "a b", "s") == Coverage(1, 1, 1, 1)
        assert measured(graph, "a b c", "s") == Coverage(2, 1, 1, 1)
        assert measured(graph, "a", "s", a="x") == Coverage(1, 0, 1, 0)

    def test_packages_that_need_one_another(self) -> None:
        graph = graph_of(a="b", b="a", c="d", d="c s")
        assert measured(graph, "a b c d", "s") == Coverage(4, 2, 5, 4)

    @pytest.mark.parametrize(
        ("coverage", "is_freeze"),
        [
            (Coverage(6, 2, 10, 0), True),  # a third
            (Coverage(7, 2, 10, 0), False),
            (Coverage(10, 0, 10, 5), True),  # half
            (Coverage(10, 0, 11, 5), False),
            (Coverage(4, 1, 10, 9), True),  # a small freeze without one line
            (Coverage(3, 0, 22, 0), False),
            (Coverage(0, 0, 0, 0), True),  # nothing is needed: no line may be left out
        ],
    )
    def test_thresholds(self, coverage: Coverage, is_freeze: bool) -> None:
        assert coverage.is_freeze is is_freeze


class Shop:
    """An environment in which `web` and `db` each need several packages that need others."""

    NEEDS = {
        "web": ("router", "forms"),
        "router": ("paths",),
        "forms": ("paths", "escape"),
        "db": ("pool", "sql"),
        "sql": ("tokens",),
        "tester": ("runner", "colors"),
        "runner": ("colors",),
        **dict.fromkeys(("paths", "escape", "pool", "tokens", "colors", "alone"), ()),
    }

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = make_environment(folder / ".venv")
        for name, needs in self.NEEDS.items():
            add_distribution(self.site, f"{name}-1.0", requires=needs)

    def lines(self, *names: str) -> str:
        return "".join(f"{name}==1.0\n" for name in names)

    def without(self, *names: str) -> str:
        return self.lines(*(name for name in self.NEEDS if name not in names))

    def check(self, unlisted: str = "auto", **files: str) -> Report:
        for name, text in files.items():
            (self.folder / f"{name}.txt").write_text(text)
        named = [f"{name}.txt" for name in files if not name.startswith("in_")]
        return reqdrift.check(named, policy=Policy(unlisted))

    def extras(self, unlisted: str = "auto", **files: str) -> str:
        report = self.check(unlisted, **files)
        assert not report.errors
        return " ".join(sorted(f.project for f in report.findings if f.kind == "extra"))

    def notes(self, **files: str) -> list[str]:
        notes = self.check(**files).notes
        return [
            f"{Path(note.at.file).name}: {note.message}"
            for note in notes
            if note.reason == "unlisted" and note.at
        ]


@pytest.fixture
def shop(project: Path) -> Shop:
    return Shop(project)


TOP = ("web", "db", "alone")
NEEDED = "colors escape forms paths pool router runner sql tokens"


class TestOneFile:
    def test_a_top_level_file_need_not_list_dependencies(self, shop: Shop) -> None:
        assert shop.extras(requirements=shop.lines(*TOP, "tester")) == ""
        assert shop.extras(requirements=shop.lines(*TOP)) == "colors runner tester"

    def test_a_freeze_without_a_line_must_list_it(self, shop: Shop) -> None:
        for name in ("paths", "tokens", "sql", "colors", "web"):
            assert shop.extras(requirements=shop.without(name)) == name

    def test_the_other_policies_do_not_look(self, shop: Shop) -> None:
        top = shop.lines(*TOP, "tester")
        assert shop.extras("all", requirements=top) == NEEDED
        assert shop.extras("orphans", requirements=top) == ""
        freeze = shop.without("paths", "alone")
        assert shop.extras("orphans", requirements=freeze) == "alone"

    def test_a_compilers_header_makes_a_freeze(self, shop: Shop) -> None:
        top = shop.lines(*TOP, "tester")
        headers = ("autogenerated by pip-compile", "autogenerated by uv", "@generated by PDM")
        for header in headers:
            assert shop.extras(requirements=f"# This file is {header}\n{top}") == NEEDED
        assert shop.extras(requirements=f"# This file is generated by hand\n{top}") == ""

    def test_hashes_in_every_line_make_a_freeze(self, shop: Shop) -> None:
        hashed = shop.lines(*TOP, "tester").replace("\n", " --hash=sha256:" + "0a" * 32 + "\n")
        assert shop.extras(requirements=hashed) == NEEDED
        assert shop.extras(requirements=f"{hashed}paths==1.0\n") == ""

    def test_what_is_never_extra_opens_nothing(self, shop: Shop) -> None:
        # pip freeze leaves setuptools out, so a freeze is complete without it.
        add_distribution(shop.site, "setuptools-69.0")
        for name in ("a", "b", "c"):
            add_distribution(shop.site, f"{name}-1.0", requires=["setuptools"])
        files = shop.lines("a", "b", "c", "web", "db")
        assert shop.extras(requirements=files) == "alone colors runner tester"

    def test_a_tool_that_brings_its_own_opens_nothing(self, shop: Shop) -> None:
        add_distribution(shop.site, "uv-1.0")
        for name in ("a", "b", "c"):
            add_distribution(shop.site, f"{name}-1.0", requires=["uv", "alone"])
        text = shop.lines("a", "b", "c", "alone", "web", "db")
        assert "router" in shop.extras(requirements=text)

    def test_while_a_line_cannot_be_read_nothing_is_said(self, shop: Shop) -> None:
        report = shop.check(requirements=shop.lines(*TOP) + "???\n")
        assert {note.reason for note in report.notes} == {"unsure"}
        assert not report.findings

    def test_a_line_that_does_not_apply_lists_nothing(self, shop: Shop) -> None:
        marked = "".join(f"{name}==1.0; os_name == 'x'\n" for name in NEEDED.split())
        assert shop.extras(requirements=shop.lines(*TOP, "tester") + marked) == ""


class TestTheNote:
    def test_it_has_the_numbers_and_how_to_insist(self, shop: Shop) -> None:
        assert shop.notes(requirements=shop.lines(*TOP, "tester")) == [
            "requirements.txt: 9 unlisted packages are not reported: listed packages need them,"
            " and this file is not a freeze (complete with dependencies: 0 of 3 packages;"
            " direct dependencies listed: 0 of 6); to report them: --unlisted all"
        ]

    def test_of_one_package(self, shop: Shop) -> None:
        add_distribution(shop.site, "one-1.0", requires=["two"])
        add_distribution(shop.site, "two-1.0")
        (note,) = shop.notes(requirements=shop.lines("one"))
        assert note.startswith("requirements.txt: 1 unlisted package is not reported: ")
        assert note.endswith("; to report it: --unlisted all")

    def test_there_is_none_where_nothing_is_left_out(self, shop: Shop) -> None:
        assert shop.notes(requirements=shop.without()) == []
        assert shop.notes(requirements=shop.without("alone", "paths")) == []

    def test_a_freeze_by_one_measure_alone_says_how_to_relax(self, shop: Shop) -> None:
        # As numpy, scipy and pandas: one needs another alone.
        add_distribution(shop.site, "plot-1.0", requires=["alone"])
        text = shop.lines("alone", "plot", "web", "db")
        (note,) = shop.notes(requirements=text)
        assert note == (
            "requirements.txt: 7 unlisted packages are reported although listed packages need"
            " them: this file looks like a freeze (complete with dependencies: 1 of 3 packages;"
            " direct dependencies listed: 1 of 5); if it names top-level packages only:"
            " --unlisted orphans"
        )


class TestSeveralFiles:
    def test_a_development_file_beside_a_freeze_is_judged_by_itself(self, shop: Shop) -> None:
        freeze = shop.without("tester", "runner", "colors")
        assert shop.extras(requirements=freeze, dev=shop.lines("tester")) == ""
        # What the freeze needs must be listed all the same.
        freeze = shop.without("tester", "runner", "colors", "paths")
        assert shop.extras(requirements=freeze, dev=shop.lines("tester")) == "paths"

    def test_also_on_top_of_the_freeze(self, shop: Shop) -> None:
        freeze = shop.without("tester", "runner", "colors")
        dev = "-r in_freeze.txt\n" + shop.lines("tester")
        assert shop.extras(in_freeze=freeze, dev=dev) == ""
        freeze = shop.without("tester", "runner", "colors", "paths")
        assert shop.extras(in_freeze=freeze, dev=dev) == "paths"

    def test_what_both_need_must_be_listed(self, shop: Shop) -> None:
        add_distribution(shop.site, "lint-1.0", requires=["paths", "colors", "runner"])
        freeze = shop.without("tester", "runner", "colors", "paths")
        assert shop.extras(requirements=freeze, dev=shop.lines("lint", "tester")) == "paths"
        dev = shop.lines("web", "tester", "lint")
        assert shop.extras(requirements=freeze, dev=dev) == "paths"

    def test_dependencies_are_looked_for_in_all_files(self, shop: Shop) -> None:
        # The one has what the other needs: both halves are a freeze.
        names = list(shop.NEEDS)
        one, other = shop.lines(*names[:-7]), shop.lines(*names[-7:-1])
        assert shop.extras(requirements=one, dev=other) == "alone"
        assert shop.extras(requirements=one, dev=other.replace("paths==1.0\n", "")) == (
            "alone paths"
        )

    def test_a_file_is_judged_with_what_it_includes(self, shop: Shop) -> None:
        # A line that is open by itself, in a file that is part of a freeze.
        freeze = "-r in_part.txt\n" + shop.without("tester", "runner")
        assert shop.extras(in_part=shop.lines("tester"), requirements=freeze) == "runner"
        # Beside it, it would be judged by itself.
        freeze = shop.without("tester", "runner")
        assert shop.extras(requirements=freeze, dev=shop.lines("tester")) == "runner"

    def test_also_where_it_would_be_a_freeze_by_itself(self, shop: Shop) -> None:
        # All that the plugin needs directly is listed.
        add_distribution(shop.site, "plugin-1.0", requires=["web", "pool"])
        base, plugin = shop.lines("web", "db", "tester", "alone"), shop.lines("plugin")
        assert shop.extras(in_base=base, dev=f"-r in_base.txt\n{plugin}") == ""
        # What web needs is a matter of the file that lists web, but pool is the plugin's.
        assert shop.extras(requirements=base, dev=plugin) == "pool"

    def test_includes_of_includes(self, shop: Shop) -> None:
        files = {
            "in_base": shop.lines("web"),
            "in_more": "-r in_base.txt\n" + shop.lines("db"),
            "dev": "-r in_more.txt\n" + shop.lines("tester", "alone"),
        }
        assert shop.extras(**files) == ""
        (note,) = shop.notes(**files)
        assert note.startswith("dev.txt: 9 unlisted packages are not reported")

    def test_what_a_freeze_includes_is_part_of_it_whoever_else_includes_it(
        self, shop: Shop
    ) -> None:
        files = {
            "in_part": shop.lines("db"),
            "in_freeze": "-r in_part.txt\n"
            + shop.lines("web", "router", "forms", "paths", "escape"),
            "dev": "-r in_freeze.txt\n" + shop.lines("tester", "alone"),
        }
        assert shop.extras(**files) == "pool sql tokens"
        files["dev"] += "-r in_part.txt\n"
        assert shop.extras(**files) == "pool sql tokens"

    def test_each_top_level_file_has_a_note(self, shop: Shop) -> None:
        one, other = shop.lines("web", "alone"), shop.lines("db", "tester")
        notes = shop.notes(requirements=one, dev=other)
        assert [note.partition(" unlisted")[0] for note in notes] == [
            "dev.txt: 5",
            "requirements.txt: 4",
        ]

    def test_constraints_list_nothing(self, shop: Shop) -> None:
        limits = shop.without()
        assert shop.extras(in_c=limits, requirements="-c in_c.txt\n" + shop.lines(*TOP)) == (
            "colors runner tester"
        )


def test_the_graph_is_not_kept() -> None:
    """The command collects no garbage, and compares with each Python that may be meant."""
    requirements = read_requirements(["/r.txt"], read=lambda *_, **__: b"a==1\n")
    graph = graph_of(a="b")
    kept = weakref.ref(graph)
    names = map(CanonicalName, "ab")
    gc.disable()
    try:
        listed, unlisted = ({name} for name in names)
        found = permitted_omissions(
            requirements, requirements.requirements, graph, listed, unlisted
        )
        assert found.projects == unlisted
        del graph
        assert kept() is None
    finally:
        gc.enable()
