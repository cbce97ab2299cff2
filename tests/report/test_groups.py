"""Extras that one unlisted project brought: one entry for people, one a finding for programs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.report import markdown, terminal
from reqdrift.report import text as plain_text
from reqdrift.report.text import grouped
from reqdrift.values import CanonicalName, Location, Report, Style
from reqdrift.values.details import Finding

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
