"""`reqdrift fix` as a run: what other files and other environments of the project forbid."""

from __future__ import annotations

import pytest

from fixing import Fixed
from support import make_environment

Captured = pytest.CaptureFixture[str]


class TestAnotherFileNamesIt:
    """What a file beside this one asks for belongs there, also where all must be listed."""

    ALL = ("--unlisted", "all")

    @pytest.fixture
    def shop(self, fixed: Fixed) -> Fixed:
        fixed.install("foo-1.0")
        fixed.install("pytest-8.0")
        (fixed.folder / "requirements-dev.txt").write_text("pytest\n")
        return fixed

    def test_it_is_no_finding_by_default(self, shop: Fixed, capsys: Captured) -> None:
        assert shop.fix("foo==1.0\n") == "foo==1.0\n"
        assert capsys.readouterr().out == "nothing to change\n"

    @pytest.mark.parametrize("words", [(), ("--cautious",)])
    def test_it_is_not_copied(self, shop: Fixed, capsys: Captured, words: tuple[str, ...]) -> None:
        assert shop.fix("foo==1.0\n", *self.ALL, *words, code=1) == "foo==1.0\n"
        said = capsys.readouterr().out
        assert "requirements-dev.txt lists it" in said
        assert "to add it anyway: --add-to requirements.txt" in said

    def test_unless_the_user_insists(self, shop: Fixed) -> None:
        text = shop.fix("foo==1.0\n", *self.ALL, "--add-to", "requirements.txt")
        assert text == "foo==1.0\npytest==8.0\n"

    def test_a_source_that_the_file_is_compiled_from_may_be_followed(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0")
        (fixed.folder / "requirements.in").write_text("foo\n")
        assert fixed.fix("") == "foo==1.0\n"


def test_the_projects_own_environment_was_passed_over(
    fixed: Fixed, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An activated environment of another project lacks the only required project."""
    fixed.install("foo-1.0")
    make_environment(fixed.folder.parent / "other", "bar-1.0")
    monkeypatch.setenv("VIRTUAL_ENV", str(fixed.folder.parent / "other"))
    assert fixed.fix("foo==1.0\n", code=3) == "foo==1.0\n"
    assert "foo, the only required project, is not installed" in capsys.readouterr().err


def test_an_edit_that_repairs_two_findings_is_shown_once(fixed: Fixed, capsys: Captured) -> None:
    fixed.install("foo-1.0")
    assert fixed.fix("foo>=2\n") == "foo==1.0\n"
    assert capsys.readouterr().out.splitlines() == [
        "requirements.txt:1: foo>=2 is now foo==1.0",
        "changed requirements.txt",
    ]


def test_a_record_without_any_of_the_projects_is_not_followed(
    fixed: Fixed, capsys: Captured
) -> None:
    """Its file may be empty for another reason than that all was removed."""
    (fixed.folder / "image.txt").write_text("pip==24.0\nother==1.0\n")
    words = ("--installed", "image.txt", "--unlisted", "all")
    text = "foo==1.0\nbar==1.0\n"
    assert fixed.fix(text, *words, code=3) == text
    said = capsys.readouterr().err
    assert "this would remove 2 of 2 requirements of requirements.txt" in said
    assert "if it is the right record, delete the lines yourself" in said
    assert fixed.fix(text, *words, "--keep-missing", code=1) == f"{text}other==1.0\n"


def test_nor_one_with_less_than_half_of_them(fixed: Fixed, capsys: Captured) -> None:
    (fixed.folder / "image.txt").write_text("foo==1.0\n")
    text = "foo==1.0\nbar==1.0\nbaz==1.0\n"
    assert fixed.fix(text, "--installed", "image.txt", "--unlisted", "all", code=3) == text
    said = capsys.readouterr().err
    assert "this would remove 2 of 3 requirements of requirements.txt" in said
    assert "delete the lines yourself; to keep the lines, pass --keep-missing" in said


def test_what_is_listed_in_another_file_is_not_lost(fixed: Fixed) -> None:
    """The line for a folder that is gone is added where lines are added."""
    url = {"url": "file:///nowhere/with%20blank", "dir_info": {"editable": True}}
    fixed.install("foo-1.0", direct_url=url)
    at = "git+https://example.org/a/thing@0123456789abcdef0123456789abcdef01234567"
    (fixed.folder / "base.txt").write_text(f"foo @ {at}\nbar @ {at}\n")
    line, words = "-e file:///nowhere/with%20blank#egg=foo", ("--severity", "broken=off")
    assert fixed.fix("-r base.txt\n", *words) == f"-r base.txt\n{line}\n"
    assert (fixed.folder / "base.txt").read_text() == ""
