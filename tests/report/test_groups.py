"""Extras that one unlisted project brought: one entry for people, one a finding for programs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.cli import main
from reqdrift.report import markdown, terminal
from reqdrift.report import text as plain_text
from reqdrift.report.text import fitting, grouped
from reqdrift.values import CanonicalName, Location, Report, Style
from reqdrift.values.findings import Finding
from support import add_distribution, make_environment

if TYPE_CHECKING:
    pass

Captured = pytest.CaptureFixture[str]

BROUGHT = [f"part-{number:02}" for number in range(20)]
ROOT = "requirements.txt: extra: root 1.0 is installed but not listed; nothing needs it"


@pytest.fixture
def site(project: Path) -> Path:
    """`root` brought twenty parts, `other` one of its own, and needs two of root's."""
    (project / "requirements.txt").write_text("listed==1.0\n")
    site = make_environment(project / ".venv", "listed-1.0", "own-1.0")
    for name in BROUGHT:
        add_distribution(site, f"{name.replace('-', '_')}-1.0")
    add_distribution(site, "root-1.0", requires=BROUGHT)
    add_distribution(site, "other-1.0", requires=["own", *BROUGHT[:2]])
    return site


def rendered(capsys: Captured, *words: str, code: int = 1) -> str:
    assert main([*words, "--color", "never"]) == code
    return capsys.readouterr().out


def extras(capsys: Captured, *words: str, code: int = 1) -> list[str]:
    """The lines of the text format about extras."""
    lines = rendered(capsys, *words, code=code).splitlines()
    return [line for line in lines if line.split(": ")[1].startswith("extra")]


class TestText:
    def test_one_line_a_root(self, site: Path, capsys: Captured) -> None:
        assert extras(capsys) == [
            "requirements.txt: extra: other 1.0 is installed but not listed; nothing needs it;"
            " it brought in 3 more: own, part-00, part-01",
            f"{ROOT}; it brought in 18 more: part-02, part-03, part-04, part-05, … (-v shows all)",
        ]

    def test_counts_stay(self, site: Path, capsys: Captured) -> None:
        assert "\ndrift: 23 extra; " in rendered(capsys)

    def test_verbose_names_all(self, site: Path, capsys: Captured) -> None:
        names = ", ".join(BROUGHT[2:])
        assert extras(capsys, "-v")[1] == f"{ROOT}; it brought in 18 more: {names}"

    def test_what_several_brought_is_with_the_first(self, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("")
        site = make_environment(project / ".venv", "x-1.0", "y-1.0", "z-1.0")
        for name, needs in {"a": ["x", "y"], "b": ["z"], "c": ["y", "z"]}.items():
            add_distribution(site, f"{name}-1.0", requires=needs)
        assert [line.partition("it; ")[2] for line in extras(capsys)] == [
            *("it brought in 2 more: x, y", "it brought in 1 more: z", "")
        ]

    def test_a_single_root_stays_as_it_was(self, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("")
        make_environment(project / ".venv", "root-1.0")
        assert extras(capsys) == [ROOT]

    def test_of_a_cycle(self, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("")
        site = make_environment(project / ".venv")
        add_distribution(site, "b-1.0", requires=["a"])
        add_distribution(site, "a-1.0", requires=["b"])
        (line,) = extras(capsys)
        assert line.endswith(
            "a 1.0 is installed but not listed; needed by b 1.0; it brought in 1 more: b"
        )


class TestPolicy:
    """What is shown together is decided after what counts."""

    def test_what_is_ignored_is_not_in_the_group(self, site: Path, capsys: Captured) -> None:
        lines = rendered(capsys, "--ignore", "part-0*").splitlines()
        notes = [line for line in lines if "note (ignored)" in line]
        assert len(notes) == 4  # the last one says how many more there are
        assert f"{ROOT}; it brought in 10 more: " in "\n".join(lines)
        assert any(line.startswith("drift: 13 extra; ") for line in lines)

    def test_without_its_root_each_is_shown(self, site: Path, capsys: Captured) -> None:
        lines = extras(capsys, "--ignore", "root")
        # What another root brought too is shown with that one.
        assert lines == [
            "requirements.txt: extra: 22 packages are installed but not listed:"
            " other, own, part-00, part-01 and 18 more (-v shows each)"
        ]
        lines = extras(capsys, "--ignore", "root", "-v")
        assert lines[0].endswith("nothing needs it; it brought in 3 more: own, part-00, part-01")
        start = "requirements.txt: extra: "
        said = "1.0 is installed but not listed; needed by root 1.0"
        assert lines[1:] == [f"{start}{name} {said}" for name in BROUGHT[2:]]

    def test_as_warnings(self, site: Path, capsys: Captured) -> None:
        lines = extras(capsys, "--severity", "extra=warning", code=0)
        assert [line.partition(";")[0] for line in lines] == [
            "requirements.txt: extra (warning): other 1.0 is installed but not listed",
            "requirements.txt: extra (warning): root 1.0 is installed but not listed",
        ]

    def test_sets_are_apart(self, project: Path, capsys: Captured) -> None:
        settings = ""
        for name in "ab":
            settings += f'[[tool.reqdrift.set]]\nname = "{name}"\nfiles = ["{name}.txt"]\n'
            settings += f'python = "{name}"\n'
            (project / f"{name}.txt").write_text("")
            site = make_environment(project / name, f"only-{'1' if name == 'a' else '2'}.0")
            add_distribution(site, "root-1.0", requires=["only"])
        (project / "pyproject.toml").write_text(settings)
        assert extras(capsys) == [
            f"{name}.txt: extra: [{name}] root 1.0 is installed but not listed; nothing needs it;"
            " it brought in 1 more: only"
            for name in "ab"
        ]


class TestOtherFormats:
    def test_markdown(self, site: Path, capsys: Captured) -> None:
        shown = rendered(capsys, "--format", "markdown")
        (row,) = (line for line in shown.splitlines() if "`root 1.0" in line)
        names = re.findall(r"part-\d\d", row)
        assert 5 < len(names) < 18
        assert "<br>`it brought in 18 more: part-02, " in row
        assert row.endswith(", …` |")
        assert "part-19" not in shown
        assert "part-19" in rendered(capsys, "--format", "markdown", "-v")

    def test_markdown_of_very_many(self) -> None:
        at = Location("requirements.txt")
        roots = [
            Finding("extra", "error", CanonicalName(f"r{n}"), at, None, "1", "x" * 400)
            for n in range(300)
        ]
        brought = [
            Finding("extra", "error", CanonicalName(f"p{n:04}"), at, None, "1", "m")._replace(
                brought_by=(f"r{n % 300}",)
            )
            for n in range(6000)
        ]
        report = Report(None, (), (*roots, *brought))
        shown = markdown.render(report, Style(verbose=True))
        assert len(shown) < 65_536
        (more,) = re.findall(r"^\| (\d+) more \|", shown, re.MULTILINE)
        assert int(more) == 6300 - 21 * (shown.count("\n| [extra] |"))
        (row,) = re.findall(r"^\| \[extra\] .*", markdown.render(report, Style()), re.MULTILINE)
        assert "6300 packages are installed but not listed: r0, p0000" in row

    def test_many_of_a_kind(self, project: Path, capsys: Captured) -> None:
        names = [f"part{number}" for number in range(6)]
        site = make_environment(project / ".venv", *(f"{name}-1.0" for name in names[:3]))
        files = {"a.txt": names[:3], "b.txt": names[3:4], "c.txt": names[4:5], "d.txt": names[5:]}
        for file, listed in files.items():
            (project / file).write_text("".join(f"{name}\n" for name in listed))
        (project / "requirements.txt").write_text("-r a.txt\n")
        said = "3 packages are not pinned: part0, part1, part2"
        assert f"\na.txt: unpinned (warning): {said} (-v" in "\n" + rendered(capsys, code=0)
        assert f"| `a.txt` | `{said} (-v" in rendered(capsys, "--format", "markdown", code=0)
        page = rendered(capsys, "--format", "html", code=0)
        assert f"<summary>{said}</summary><ul><li><code>a.txt:1</code> part0 allows" in page
        assert "<summary>" not in rendered(capsys, "--format", "html", "-v", code=0)
        for name in names[3:]:
            add_distribution(site, f"{name}-1.0")
        # Several files have a line each, but not many.
        (project / "requirements.txt").write_text("-r a.txt\n-r b.txt\n-r c.txt\npart5==1.0\n")
        assert rendered(capsys, code=0).count("unpinned (warning)") == 3
        (project / "requirements.txt").write_text("".join(f"-r {file}\n" for file in files))
        first, last = rendered(capsys, code=0).splitlines()
        said = "6 packages are not pinned in 4 files: part0, part1, part2, part3 and 2 more"
        assert first == f"a.txt: unpinned (warning): {said} (-v shows each)"
        assert last.startswith("no errors, 6 warnings; ")
        assert "unpinned 6  " in rendered(capsys, "--format", "rich", code=0)

    @pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
    def test_a_terminal_shows_the_names_that_fit(
        self, site: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, width: int
    ) -> None:
        monkeypatch.setenv("COLUMNS", str(width))
        lines = rendered(capsys, "--format", "rich").splitlines()
        assert " ".join(lines[:2]).startswith("extra 23  installed, not listed; -v shows all names")
        assert max(map(len, lines)) <= width
        shown = " ".join("\n".join(lines).split())
        assert "root 1.0 nothing needs it; it brought in 18 more: part-02, " in shown
        if width == 120:
            (line,) = (line for line in lines if "root 1.0" in line)
            assert width - len("part-09, ") < len(line) <= width
        everything = " ".join(rendered(capsys, "--format", "rich", "-v").split())
        assert f"18 more: {', '.join(BROUGHT[2:])} " in everything
        assert "shows all names" not in everything

    def test_a_terminal_that_shows_all_does_not_speak_of_it(
        self, project: Path, capsys: Captured
    ) -> None:
        (project / "requirements.txt").write_text("")
        add_distribution(
            make_environment(project / ".venv", "part-1.0"), "root-1.0", requires=["part"]
        )
        shown = rendered(capsys, "--format", "rich")
        assert shown.startswith("extra 2  installed, not listed\n")
        assert "  root 1.0  nothing needs it; it brought in 1 more: part\n" in shown

    def test_formats_for_programs_have_each(self, site: Path, capsys: Captured) -> None:
        document = json.loads(rendered(capsys, "--format", "json"))
        assert document["counts"]["errors"] == len(document["findings"]) == 23
        brought = {f["project"]: f["brought_by"] for f in document["findings"]}
        assert brought["part-00"] == ["other", "root"]
        assert brought["part-19"] == ["root"]
        assert brought["root"] == []
        assert len(rendered(capsys, "--format", "github").splitlines()) == 2  # ten are shown
        assert len(json.loads(rendered(capsys, "--format", "gitlab"))) == 23
        (log,) = json.loads(rendered(capsys, "--format", "sarif"))["runs"]
        assert len(log["results"]) == 23
        assert rendered(capsys, "--format", "junit").count("<failure ") == 23


names = st.sampled_from(["a", "b", "c", "d"])
findings = st.builds(
    Finding,
    st.sampled_from(["extra", "missing"]),
    st.sampled_from(["error", "warning"]),
    names.map(CanonicalName),
    st.just(Location("r.txt")),
    st.none(),
    st.just("1"),
    st.just("message"),
    part=st.sampled_from(["", "x"]),
    brought_by=st.lists(names, max_size=3).map(tuple),
)


@given(st.lists(findings, max_size=8))
def test_whatever_brought_what_no_finding_is_lost(found: list[Finding]) -> None:
    groups = grouped(found)
    shown = [f for group in groups for f in (group.finding, *group.brought)]
    assert sorted(map(repr, shown)) == sorted(map(repr, found))
    for group in groups:
        for brought in group.brought:
            assert group.finding.project in brought.brought_by
            assert (brought.part, brought.severity) == (group.finding.part, group.finding.severity)


@pytest.mark.parametrize(("room", "shown"), [(0, 1), (5, 1), (8, 1), (9, 2), (10, 3), (None, 3)])
def test_as_many_names_as_fit(room: int | None, shown: int) -> None:
    texts = ["aa, …", "aa, bb, …", "aa, bb, cc"]
    assert fitting(["aa", "bb", "cc"], room) == texts[shown - 1]
    assert fitting(["aa"], room) == "aa"


@pytest.mark.parametrize("mark", ["\n::error::x", "\x1b[31m", "|", "`", "<b>", "##[x]", "\u202e"])
def test_hostile_names(mark: str) -> None:
    root = CanonicalName(f"root{mark}")
    one = Finding("extra", "error", root, Location("r.txt"), None, "1", "m")
    other = one._replace(project=CanonicalName(f"other{mark}"))
    part = one._replace(project=CanonicalName(f"part{mark}"), brought_by=(other.project, root))
    report = Report(None, (), (one, other, part))
    for verbose in (False, True):
        options = Style(color="never", quiet=True, verbose=verbose)
        for shown in (plain_text.render(report, options), terminal.render(report, options)):
            assert all(line.isprintable() for line in shown.split("\n"))
            assert not re.search(r"^\s*::|##\[", shown, re.MULTILINE)
        page = markdown.render(report, options)
        assert all(line.isprintable() for line in page.split("\n"))
        assert len(page.strip().splitlines()) == 8
        assert "<b>" not in re.sub("`[^`]*`", "", page)
