"""Extras that one unlisted project brought: one entry for people, one a finding for programs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.cli import main
from reqdrift.report import markdown, terminal
from reqdrift.report import text as plain_text
from reqdrift.report.text import fitting, grouped
from reqdrift.values import CanonicalName, Location, Report, Style
from reqdrift.values.details import Finding
from support import add_distribution, make_environment

Captured = pytest.CaptureFixture[str]

BROUGHT = [f"part-{number:02}" for number in range(20)]


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


class TestOtherFormats:
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
        (project / "requirements.txt").write_text("-r a.txt\n-r b.txt\npart4==1.0\npart5==1.0\n")
        assert rendered(capsys, code=0).count("unpinned (warning)") == 2
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
