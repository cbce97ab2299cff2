"""`version`: a requirement or a constraint does not allow what is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from checked import Checked, short


@pytest.mark.parametrize(
    ("line", "release"),
    [
        ("Foo_Bar==1.0", "foo_bar-1.0"),
        ("foo.bar==1.0", "Foo-Bar-1.0".replace("Foo-Bar", "Foo_Bar")),
        ("foo-bar==1.0", "foo_bar-1.0.0"),
        ("foo-bar==1.0", "foo_bar-1.0+cpu"),
        ("foo-bar==1.0+cpu", "foo_bar-1.0+cpu"),
        ("foo-bar===1.0", "foo_bar-1.0"),
        ("foo-bar==4.12.0.RC1", "foo_bar-4.12.0rc1"),
        ("foo-bar===2004d", "foo_bar-2004d"),
        ("foo-bar == 1.0", "foo_bar-1.0"),
    ],
)
def test_spellings_of_one_release_are_no_drift(checked: Checked, line: str, release: str) -> None:
    checked.install(release)
    assert checked.findings(line) == []


@pytest.mark.parametrize(
    ("line", "release"),
    [
        ("foo==1.0", "foo-1.0.post1"),
        ("foo==1.0", "foo-1!1.0"),
        ("foo==1.0+cpu", "foo-1.0"),
        ("foo===1.0", "foo-1.0.0"),
        ("foo==1.0", "foo-2004d"),
        ("foo==1.0", "foo-1.0.1"),
    ],
)
def test_another_release_is_a_version_finding(checked: Checked, line: str, release: str) -> None:
    checked.install(release)
    assert checked.findings(line) == ["version foo line 1"]


def test_a_prerelease_satisfies_a_range(checked: Checked) -> None:
    checked.install("foo-2.0b1")
    assert checked.findings("foo>=1.0") == ["unpinned foo line 1"]


def test_an_installed_one_is_compared(checked: Checked) -> None:
    checked.install("uuid-1.30")
    assert checked.findings("uuid==1.29\n") == ["version uuid line 1"]


class TestConstraints:
    def test_a_constraint_is_broken_by_the_installed_version(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        (checked.folder / "constraints.txt").write_text("bar==9\n\nfoo>=2\n")
        report = checked.report("-c constraints.txt\nfoo\n")
        assert [(f.kind, Path(f.at.file).name, f.at.line) for f in report.findings] == [
            ("version", "constraints.txt", 3),
        ]

    def test_constraints_of_the_command_line(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        (checked.folder / "limits.txt").write_text("foo==2.0\n")
        report = checked.report("foo\n", constraints=["limits.txt"])
        assert [short(f) for f in report.findings] == ["version foo line 1"]
