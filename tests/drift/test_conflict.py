"""`conflict`: lines contradict or repeat each other."""

from __future__ import annotations

from checked import COMMIT, OTHER_COMMIT, Checked, short, vcs


def test_two_pins(checked: Checked) -> None:
    checked.install("foo-1.0")
    assert checked.findings("foo==1.0\nfoo==2.0\n") == ["conflict foo line 2"]


def test_ranges_apart(checked: Checked) -> None:
    checked.install("foo-1.0")
    assert checked.findings("foo==1.0\nbar==1\nfoo>=2\n") == [
        "missing bar line 2",
        "conflict foo line 3",
    ]


def test_three_lines_that_only_together_contradict(checked: Checked) -> None:
    checked.install("foo-1.0")
    assert checked.findings("foo>=1,<=1\nfoo!=1\nfoo==1\n")[0].startswith("conflict foo")


def test_markers_keep_lines_apart(checked: Checked) -> None:
    checked.install("foo-1.0")
    text = "foo==1.0; python_version >= '3'\nfoo==2.0; python_version < '3'\n"
    assert checked.findings(text) == []


def test_direct_references_differ(checked: Checked) -> None:
    text = f"foo @ git+https://h/a/foo@{COMMIT}\nfoo @ git+https://h/a/foo@{OTHER_COMMIT}\n"
    checked.install("foo-1.0", direct_url=vcs("https://h/a/foo"))
    assert checked.findings(text) == ["conflict foo line 2"]


def test_a_repetition_in_one_file_is_a_warning(checked: Checked) -> None:
    checked.install("foo-1.0")
    # The second of these is literal too, and must not be settled by its text.
    for again in ("foo == 1.0", "foo==1.0"):
        report = checked.report(f"foo==1.0\n{again}\n")
        assert [(short(f), f.severity) for f in report.findings] == [
            ("conflict foo line 2", "warning")
        ]


def test_a_repetition_across_files_is_silent(checked: Checked) -> None:
    checked.install("foo-1.0")
    (checked.folder / "more.txt").write_text("foo==1.0\n")
    assert checked.findings("foo==1.0\n", "more.txt") == []


def test_a_constraint_limits_what_a_requirement_names(checked: Checked) -> None:
    checked.install("foo-1.0")
    (checked.folder / "constraints.txt").write_text("bar==9\n\nfoo>=2\n")
    report = checked.report("-c constraints.txt\nfoo==1.0.*\n")
    assert [short(f) for f in report.findings] == ["conflict foo line 2"]
