"""`unpinned`: a requirement allows more than one release."""

from __future__ import annotations

import pytest

from checked import Checked, vcs


@pytest.mark.parametrize(
    "line",
    ["foo", "foo>=1", "foo==1.*", "foo~=1.0", "foo<2,>=1", "foo!=2.0", "foo ()"],
)
def test_more_than_one_release_would_do(checked: Checked, line: str) -> None:
    checked.install("foo-1.0")
    assert checked.findings(line) == ["unpinned foo line 1"]


@pytest.mark.parametrize("line", ["foo==1.0", "foo===1.0", "foo==1.0,<2", "foo == 1.0"])
def test_one_release(checked: Checked, line: str) -> None:
    checked.install("foo-1.0")
    assert checked.findings(line) == []


def test_a_line_has_one_finding(checked: Checked) -> None:
    checked.install("bar-1.0")
    assert checked.findings("foo\nbar>=2\n") == ["missing foo line 1", "version bar line 2"]


def test_it_is_a_warning_in_a_file_without_a_pin(checked: Checked) -> None:
    for release in ("foo-1.0", "bar-1.0", "baz-1.0"):
        checked.install(release)
    (checked.folder / "more.txt").write_text("baz>=1\n")
    report = checked.report("foo>=1\nbar\n")
    assert sorted((f.project, f.severity) for f in report.findings) == [
        ("bar", "warning"),
        ("baz", "error"),  # it is not listed
        ("foo", "warning"),
    ]
    report = checked.report("foo>=1\nbar==1.0\n-r more.txt\n")
    assert [(f.project, f.severity) for f in report.findings] == [
        ("baz", "warning"),
        ("foo", "error"),
    ]


def test_a_constraint_pins(checked: Checked) -> None:
    checked.install("foo-1.0")
    (checked.folder / "constraints.txt").write_text("foo==1.0\n")
    assert checked.findings("-c constraints.txt\nfoo\n") == []


def test_another_line_pins(checked: Checked) -> None:
    checked.install("foo-1.0")
    assert checked.findings("foo>=0.5\nfoo==1.0\n") == []


def test_a_pin_that_does_not_apply_here_does_not_pin(checked: Checked) -> None:
    checked.install("foo-1.0")
    text = "foo>=0.5\nfoo==1.0; python_version < '3'\n"
    assert checked.findings(text) == ["unpinned foo line 1"]


def test_a_remote_constraint_may_pin(checked: Checked) -> None:
    checked.install("foo-1.0")
    text = "-c https://example.org/constraints.txt\nfoo\n"
    assert checked.findings(text) == []
    assert ("unsure", "foo") in checked.notes(text)


def test_a_line_that_does_not_apply_is_not_counted(checked: Checked) -> None:
    assert checked.findings("foo>=1; python_version < '3'\n") == []


@pytest.mark.parametrize(
    ("revision", "why"),
    [
        ("v1.2", "names 'v1.2', a tag, which can be moved"),
        ("release-1.2.0", "names 'release-1.2.0', a tag, which can be moved"),
        ("refs/tags/blue", "names 'refs/tags/blue', a tag, which can be moved"),
        ("main", "names 'main', a branch or a tag, which can be moved"),
        ("0123abc", "names '0123abc', which is not a full commit id"),
        ("", "allows more than one release"),
    ],
)
def test_a_revision_that_may_be_another_commit_later(
    checked: Checked, revision: str, why: str
) -> None:
    url = "https://example.org/a/foo"
    checked.install("foo-1.0", direct_url=vcs(url, requested=revision or None))
    line = f"foo @ git+{url}{revision and '@'}{revision}"
    found = [f for f in checked.report(line).findings if f.kind == "unpinned"]
    assert [f.message for f in found] == [f"{line} {why}"]


def test_the_short_form_of_git_is_no_url(checked: Checked) -> None:
    url = "git@example.org:a/foo.git"
    checked.install("foo-1.0", direct_url=vcs(url, requested="v1"))
    line = f"foo @ git+{url}@v1"
    found = [f for f in checked.report(line).findings if f.kind == "unpinned"]
    hint = "write 'git+ssh://git@example.org/a/foo.git@v1'"
    assert [f.message for f in found] == [f"{line} is not a URL that pip can install; {hint}"]
