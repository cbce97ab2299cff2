"""`missing`: a project, or what an extra of a line needs, is not installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from checked import Checked, short


def test_absent(checked: Checked) -> None:
    assert checked.findings("# c\n\nfoo==1.0\n") == ["missing foo line 3"]


def test_absent_is_told_once_for_several_lines(checked: Checked) -> None:
    assert checked.findings("foo==1.0\nfoo<2\n") == ["missing foo line 1"]


def test_a_project_that_another_one_replaced(checked: Checked) -> None:
    (finding,) = checked.report("distribute==0.6.28\n").findings
    assert finding.message.endswith("; it was merged into setuptools in 2013: remove the line")


class TestExtrasOfALine:
    def test_unmet(self, checked: Checked) -> None:
        checked.install("foo-1.0", requires=['bar>=1; extra == "more"'])
        report = checked.report("foo[more]==1.0\n")
        assert [short(f) for f in report.findings] == ["missing foo line 1"]
        assert "needs bar" in report.findings[0].message

    def test_met(self, checked: Checked) -> None:
        checked.install("foo-1.0", requires=['bar>=1; extra == "more"'])
        checked.install("bar-1.0")
        assert checked.findings("foo[More]==1.0\nbar==1.0\n") == []

    def test_extras_of_extras(self, checked: Checked) -> None:
        checked.install(
            "foo-1.0", requires=['foo[a]; extra == "all"', 'bar[x]; extra == "a"', "absent"]
        )
        checked.install("bar-1.0", requires=['deep; extra == "x"'])
        report = checked.report("foo[all]==1.0\nbar==1.0\n")
        assert [short(f) for f in report.findings] == ["unmet absent line 1", "missing foo line 1"]
        assert "needs deep, which is not installed" in report.findings[1].message

    def test_under_a_false_marker(self, checked: Checked) -> None:
        checked.install("foo-1.0", requires=["bar; extra == 'more' and python_version < '3'"])
        assert checked.findings("foo[more]==1.0\n") == []


class TestWhatNeedNotBeInstalled:
    def test_a_module_of_the_standard_library(self, project: Path) -> None:
        old = Checked(project, "2.7.18")
        assert old.findings("wsgiref==0.1.2\n") == []
        assert old.notes("wsgiref==0.1.2\n") == [("stdlib", "wsgiref")]

    def test_by_the_checked_python(self, checked: Checked) -> None:
        # lockfile and panel were modules long ago; asynchat left with 3.12.
        assert checked.findings("asynchat==1\nlockfile==1\n") == ["missing lockfile line 2"]

    def test_live_projects_stay_missing(self, checked: Checked) -> None:
        assert checked.findings("DateTime==5.5\nconfigparser==7.0\n") == [
            "missing datetime line 1",
            "missing configparser line 2",
        ]

    @pytest.mark.parametrize("turned", [False, True])
    def test_an_excused_line_does_not_excuse_another(self, checked: Checked, turned: bool) -> None:
        lines = ["uuid==1.30\n", "uuid @ https://example.org/uuid.zip\n"]
        report = checked.report("".join(reversed(lines) if turned else lines))
        assert [f.wanted for f in report.findings if f.kind == "missing"] == [lines[1].rstrip()]

    @pytest.mark.parametrize("line", ["pkg-resources==0.0.0", "pkg_resources==0.0.0"])
    def test_debians_artefact(self, checked: Checked, line: str) -> None:
        assert checked.findings(line) == []
        assert checked.notes(line) == [("artefact", "pkg-resources")]


def test_what_an_extra_needs_and_a_line_lists_is_missing_once(checked: Checked) -> None:
    checked.install("bag-1.0", requires=["straps ; extra == 'carry'"])
    assert checked.findings("bag[carry]==1.0\nstraps==1.0") == ["missing straps line 2"]
    assert checked.findings("bag[carry]==1.0") == ["missing bag line 1"]
