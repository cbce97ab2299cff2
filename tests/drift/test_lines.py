"""What a line says of a release."""

from __future__ import annotations

import pytest

from checked import COMMIT, Checked, case_of
from reqdrift.drift.lines import is_allowed, is_pinned, names_commit
from reqdrift.values import CanonicalName, Distribution, Requirement
from reqdrift.values.details import Source


def line_of(text: str) -> Requirement:
    (line,) = case_of(text).lines
    return line


@pytest.mark.parametrize(
    ("text", "version", "allowed"),
    [
        ("foo==1.0", "1.0", True),
        ("foo==1.0", "1.0.0", True),
        ("foo==1.0", "1.0+cpu", True),
        ("foo==1.0", "1.1", False),
        ("foo===1.0", "1.0.0", False),
        ("foo==1.*", "1.7", True),
        ("foo==1.*", "1.*", False),  # no version, although the text is the same
        ("foo>=1,<2", "2.0", False),
        ("foo>=1", "2.0rc1", True),
        ("foo", "anything", True),
    ],
)
def test_versions_that_a_line_allows(text: str, version: str, allowed: bool) -> None:
    found = Distribution(CanonicalName("foo"), "foo", version, "foo.dist-info", "/site")
    assert is_allowed(line_of(text), found) is allowed


@pytest.mark.parametrize(
    ("text", "pinned"),
    [
        ("foo==1.0", True),
        ("foo===weird", True),
        ("foo==1.0,>0", True),
        ("foo==1.*", False),
        ("foo~=1.0", False),
        ("foo", False),
        (f"foo @ git+https://h/foo@{COMMIT}", True),
        ("foo @ git+https://h/foo@v1.0", False),
        (f"foo @ git+https://h/foo@{COMMIT[:12]}", False),
        ("foo @ https://h/foo-1.0.tar.gz", True),
        ("foo @ https://h/main.zip", False),
        (f"foo @ https://h/main.zip#sha256={'0a' * 32}", True),
        (f"foo @ https://h/main.zip --hash=sha256:{'0a' * 32}", True),
        ("foo @ file:///lib/foo", False),
    ],
)
def test_lines_that_fix_one_release(text: str, pinned: bool) -> None:
    assert is_pinned(line_of(text)) is pinned


@pytest.mark.parametrize(
    ("vcs", "revision", "named"),
    [
        ("git", COMMIT, True),
        ("git", COMMIT[:-1], False),
        ("git", "1234", False),
        ("git", None, False),
        ("svn", "1234", True),
        ("bzr", "1234", True),
        ("svn", "HEAD", False),
        ("svn", None, False),
    ],
)
def test_revisions_that_are_a_commit(vcs: str, revision: str | None, named: bool) -> None:
    assert names_commit(Source("vcs", "https://h/foo", revision, vcs=vcs)) is named


@pytest.mark.parametrize("vcs", ["svn", "bzr"])
def test_the_commits_of_some_systems_have_numbers(vcs: str, checked: Checked) -> None:
    info = {"url": "https://example.org/a", "vcs_info": {"vcs": vcs, "commit_id": "1234"}}
    checked.install("app-1.0", direct_url=info)
    line = f"app @ {vcs}+https://example.org/a"
    assert checked.findings(f"{line}@1234") == []
    for other in ("1235", "12", "12345"):
        assert checked.findings(f"{line}@{other}") == ["source app line 1"]
    assert checked.findings(f"{line}@HEAD") == ["unpinned app line 1"]
