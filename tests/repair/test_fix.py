"""`reqdrift fix`: what each finding becomes in the file, and what is left."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from reqdrift.cli import main
from support import add_distribution, make_environment, run_git

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "89abcdef0123456789abcdef0123456789abcdef"


class Fixed:
    """A project whose requirements.txt is fixed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = make_environment(folder / ".venv")
        self.file = folder / "requirements.txt"

    def install(self, release: str, **more: Any) -> None:
        add_distribution(self.site, release, **more)

    def fix(self, text: str, *words: str, code: int = 0) -> str:
        self.file.write_text(text, newline="")
        assert main(["fix", *words]) == code
        return self.file.read_bytes().decode()


@pytest.fixture
def fixed(project: Path) -> Fixed:
    return Fixed(project)


def vcs(commit: str, url: str = "https://example.org/a/foo") -> dict[str, Any]:
    return {"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("foo==1.0\n", "foo==2.0\n"),
        ("foo\n", "foo==2.0\n"),
        ("foo  # why\n", "foo==2.0  # why\n"),
        ("  Foo == 1.0 # why\n", "  Foo == 2.0 # why\n"),
        ("foo>=1,<3\n", "foo==2.0\n"),
        ("foo >= 1, < 3 ; python_version > '3'\n", "foo == 2.0 ; python_version > '3'\n"),
        ("foo>=1;python_version>'3'\n", "foo==2.0;python_version>'3'\n"),
        ("foo[a, b]~=1.0\n", "foo[a, b]==2.0\n"),
        ("foo (>=1)\n", "foo ==2.0\n"),
        ("foo ()\n", "foo ==2.0\n"),
        ("foo \\\n    >=1 \\\n    ; python_version > '3'\n", None),
        ("foo===1.0\n", "foo==2.0\n"),
        ("foo\t==1.0\n", "foo\t==2.0\n"),
        ("foo==1.0", "foo==2.0"),
        ("foo==1.0\r\n# end\r\n", "foo==2.0\r\n# end\r\n"),
        ("foo == 1.*\n", "foo == 2.0\n"),
    ],
)
def test_the_specifier_alone_changes(fixed: Fixed, before: str, after: str | None) -> None:
    fixed.install("foo-2.0", requires=[])
    text = fixed.fix(before)
    expected = "foo \\\n    ==2.0 \\\n    ; python_version > '3'\n" if after is None else after
    assert text == expected
    assert main([]) == 0
    assert fixed.fix(text) == text


def test_a_version_that_pep_440_does_not_know(fixed: Fixed) -> None:
    fixed.install("foo-2004d")
    assert fixed.fix("foo==1.0\n") == "foo===2004d\n"


def test_a_constraint_is_edited_where_it_stands(fixed: Fixed) -> None:
    fixed.install("foo-2.0")
    (fixed.folder / "limits.txt").write_text("# limits\nfoo<2  # old\n")
    fixed.fix("-c limits.txt\nfoo==2.0\n", code=1)  # a contradiction is left
    (fixed.folder / "limits.txt").write_text("# limits\nfoo==1.0  # old\n")
    assert fixed.fix("-c limits.txt\nfoo\n") == "-c limits.txt\nfoo\n"
    assert (fixed.folder / "limits.txt").read_text() == "# limits\nfoo==2.0  # old\n"


def test_an_absent_project_goes_with_what_belongs_to_its_line(fixed: Fixed) -> None:
    fixed.install("bar-1.0")
    before = (
        "# the first group\n"
        "bar==1.0  # kept\n"
        "foo==1.0 ; python_version > '3' \\\n"
        "    # trailing\n"
        "    # via\n"
        "    #   bar\n"
        "\n"
        "# the second group\n"
        "foo<9\n"
    )
    after = "# the first group\nbar==1.0  # kept\n\n# the second group\n"
    assert fixed.fix(before) == after.replace(
        "\n\n", "\n    # trailing\n    # via\n    #   bar\n\n"
    )


def test_an_absent_project_with_annotation(fixed: Fixed) -> None:
    fixed.install("bar-1.0")
    before = "bar==1.0\n    # via -r a.in\nfoo==1.0\n    # via\n    #   bar\n    #   baz\nbar\n"
    assert fixed.fix(before) == "bar==1.0\n    # via -r a.in\nbar\n"


def test_absent_projects_can_be_kept(fixed: Fixed) -> None:
    assert fixed.fix("foo==1.0\n", "--keep-missing", code=1) == "foo==1.0\n"


def test_an_unmet_extra_is_left(fixed: Fixed, capsys: pytest.CaptureFixture[str]) -> None:
    fixed.install("foo-1.0", requires=['bar; extra == "x"'])
    assert fixed.fix("foo[x]==1.0\n", code=1) == "foo[x]==1.0\n"
    assert "install what the extra needs" in capsys.readouterr().out


class TestAddition:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("", "new==1.0\n"),
            ("aaa==1\nzzz==1\n", "aaa==1\nnew==1.0\nzzz==1\n"),
            ("ooo==1\nzzz==1\n", "new==1.0\nooo==1\nzzz==1\n"),
            ("aaa==1\nbbb==1\n", "aaa==1\nbbb==1\nnew==1.0\n"),
            ("aaa==1\nbbb==1", "aaa==1\nbbb==1\nnew==1.0"),
            ("zzz==1\naaa==1\n", "zzz==1\naaa==1\nnew==1.0\n"),
            ("zzz==1\naaa==1\n\n\n", "zzz==1\naaa==1\nnew==1.0\n\n\n"),
            ("aaa==1\r\nzzz==1\r\n", "aaa==1\r\nnew==1.0\r\nzzz==1\r\n"),
            ("aaa==1\n    # via x\nzzz==1\n", "aaa==1\n    # via x\nnew==1.0\nzzz==1\n"),
            ("# head\nooo==1\nzzz==1\n", "# head\nnew==1.0\nooo==1\nzzz==1\n"),
        ],
    )
    def test_in_its_place(self, fixed: Fixed, before: str, after: str) -> None:
        for name in ("aaa", "bbb", "ooo", "zzz"):
            if name in before:
                fixed.install(f"{name}-1")
        fixed.install("new-1.0")
        assert fixed.fix(before) == after
        assert main([]) == 0

    def test_several_in_the_files_own_order(self, fixed: Fixed) -> None:
        for release in ("Beta-1", "gamma-1", "Alpha-1", "delta-1"):
            fixed.install(release)
        text = fixed.fix("Beta==1\ngamma==1\n")
        assert text == "Alpha==1\nBeta==1\ndelta==1\ngamma==1\n"

    def test_as_the_metadata_spells_it(self, fixed: Fixed) -> None:
        fixed.install("Mark_It-1.0")
        metadata = fixed.site / "Mark_It-1.0.dist-info" / "METADATA"
        metadata.write_text("Name: Mark.It\nVersion: 1.0\n\n")
        assert fixed.fix("") == "Mark.It==1.0\n"

    def test_from_where_it_came_without_credentials(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0", direct_url=vcs(COMMIT, "https://user:secret@example.org/a/foo"))
        fixed.install(
            "bar-1.0", direct_url={"url": "file:///else/bar", "dir_info": {"editable": True}}
        )
        text = fixed.fix("")
        assert text == (
            f"-e file:///else/bar#egg=bar\nfoo @ git+https://example.org/a/foo@{COMMIT}\n"
        )
        assert main([]) == 0

    def test_only_orphans_if_asked(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0", requires=["needed"])
        fixed.install("needed-1.0")
        fixed.install("orphan-1.0")
        assert fixed.fix("foo==1.0\n", "--unlisted", "orphans") == "foo==1.0\norphan==1.0\n"


class TestSource:
    def test_another_commit(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0", direct_url=vcs(OTHER))
        before = f"foo @ git+https://example.org/a/foo@{COMMIT}  # ours\n"
        after = f"foo @ git+https://example.org/a/foo@{OTHER}  # ours\n"
        assert fixed.fix(before) == after

    def test_the_older_style(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0", direct_url=vcs(OTHER))
        before = f"git+https://example.org/a/foo@{COMMIT}#egg=foo\n"
        after = f"git+https://example.org/a/foo@{OTHER}#egg=foo\n"
        assert fixed.fix(before) == after

    def test_a_release_instead_of_a_checkout(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0")
        before = f"foo @ git+https://example.org/a/foo@{COMMIT} ; python_version > '3'\n"
        assert fixed.fix(before) == "foo==1.0 ; python_version > '3'\n"

    def test_a_checkout_instead_of_a_release(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0", direct_url=vcs(COMMIT))
        after = f"foo[x] @ git+https://example.org/a/foo@{COMMIT} ; python_version > '3'\n"
        assert fixed.fix("foo[x]==1.0; python_version > '3'\n") == after

    def test_an_editable_folder_of_this_project(self, fixed: Fixed) -> None:
        (fixed.folder / "lib").mkdir()
        url = (fixed.folder / "lib").as_uri()
        fixed.install("foo-1.0", direct_url={"url": url, "dir_info": {"editable": True}})
        assert fixed.fix("foo==1.0\n") == "-e ./lib\n"

    def test_an_unpinned_checkout(self, fixed: Fixed) -> None:
        direct_url = vcs(COMMIT)
        direct_url["vcs_info"]["requested_revision"] = "main"
        fixed.install("foo-1.0", direct_url=direct_url)
        text = fixed.fix("foo @ git+https://example.org/a/foo@main\n")
        assert text == f"foo @ git+https://example.org/a/foo@{COMMIT}\n"

    def test_credentials_in_the_file_are_for_the_user_to_edit(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0", direct_url=vcs(OTHER))
        before = f"foo @ git+https://user:secret@example.org/a/foo@{COMMIT}\n"
        assert fixed.fix(before, code=1) == before


class TestRefusals:
    def test_hashes(self, fixed: Fixed, capsys: pytest.CaptureFixture[str]) -> None:
        fixed.install("foo-2.0")
        fixed.install("new-1.0")
        before = "foo==1.0 --hash=sha256:aa\n"
        assert fixed.fix(before, "--force", code=1) == before
        out = capsys.readouterr().out
        assert "a line with hashes cannot be edited truthfully" in out
        assert "the file lists hashes" in out

    @pytest.mark.parametrize(
        ("header", "command"),
        [
            (
                "#\n# This file is autogenerated by pip-compile with Python 3.11\n"
                "# by the following command:\n#\n#    pip-compile --no-emit-index-url a.in\n#\n",
                "pip-compile --no-emit-index-url a.in",
            ),
            (
                "# This file was autogenerated by uv via the following command:\n"
                "#    uv pip compile a.in -o requirements.txt\n",
                "uv pip compile a.in -o requirements.txt",
            ),
        ],
    )
    def test_generated_files(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str], header: str, command: str
    ) -> None:
        fixed.install("foo-2.0")
        before = header + "foo==1.0\n"
        assert fixed.fix(before, code=1) == before
        assert f"the file is generated; run: {command}" in capsys.readouterr().out
        assert fixed.fix(before, "--force") == header + "foo==2.0\n"

    def test_contradictions(self, fixed: Fixed, capsys: pytest.CaptureFixture[str]) -> None:
        fixed.install("foo-1.0")
        before = "foo==1.0\nfoo==2.0\n"
        assert fixed.fix(before, code=1) == before
        assert "only you can say which of the lines is meant" in capsys.readouterr().out

    def test_variables(self, fixed: Fixed, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WANTED", "1.0")
        fixed.install("foo-2.0")
        assert fixed.fix("foo==${WANTED}\n", code=1) == "foo==${WANTED}\n"

    def test_a_file_that_cannot_be_read_whole(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fixed.install("foo-2.0")
        assert fixed.fix("foo==1.0\nb b\n", code=2) == "foo==1.0\nb b\n"
        err = capsys.readouterr().err
        assert "requirements.txt:2: error: " in err
        assert "nothing was changed" in err

    def test_a_broken_environment(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0")
        (fixed.site / "bad.dist-info").mkdir()
        assert fixed.fix("foo==1.0\n", code=1) == "foo==1.0\n"


def test_an_exact_repetition_goes(fixed: Fixed) -> None:
    fixed.install("foo-1.0")
    assert fixed.fix("foo==1.0\n# c\nfoo == 1.0\n") == "foo==1.0\n# c\n"
    assert fixed.fix("foo==2.0\nfoo==2.0\n") == "foo==1.0\n"


def test_notes_are_left_alone(fixed: Fixed) -> None:
    # asynchat is of the library of Python 3.11.
    before = "asynchat==1\npywin32==3; sys_platform == 'win32'\npkg-resources==0.0.0\n"
    assert fixed.fix(before) == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le-bom", "latin-1"])
def test_the_files_own_encoding(fixed: Fixed, encoding: str) -> None:
    fixed.install("foo-2.0")
    fixed.install("new-1.0")
    text = "# ünï\r\nfoo==1.0\r\nzzz-none==1.0 ; python_version < '3'\r\n"
    mark = b""
    if encoding == "utf-16-le-bom":
        mark, encoding = b"\xff\xfe", "utf-16-le"
    if encoding == "latin-1":
        text = f"# coding: latin-1\r\n{text}"
    fixed.file.write_bytes(mark + text.encode(encoding))
    assert main(["fix"]) == 0
    after = text.replace("foo==1.0\r\n", "foo==2.0\r\nnew==1.0\r\n")
    assert fixed.file.read_bytes() == mark + after.encode(encoding)


class TestCautious:
    @pytest.fixture
    def dated(self, fixed: Fixed, monkeypatch: pytest.MonkeyPatch) -> Fixed:
        (fixed.folder / ".git").rmdir()
        run_git("init", "-q", cwd=fixed.folder)
        fixed.install("foo-2.0")
        fixed.file.write_text("foo==1.0\nabsent==1.0\n")
        run_git("add", "requirements.txt", cwd=fixed.folder)
        run_git("commit", "-qm", "pin", cwd=fixed.folder)
        return fixed

    def installed_at(self, fixed: Fixed, shift: float) -> None:
        committed = float(run_git("log", "-1", "--format=%ct", cwd=fixed.folder))
        record = fixed.site / "foo-2.0.dist-info" / "RECORD"
        os.utime(record, (committed + shift, committed + shift))

    def test_a_stale_line_is_rewritten_and_nothing_deleted(self, dated: Fixed) -> None:
        self.installed_at(dated, 3600)
        assert dated.fix(dated.file.read_text(), "--cautious", code=1) == "foo==2.0\nabsent==1.0\n"

    def test_a_fresh_pin_survives_a_stale_environment(self, dated: Fixed) -> None:
        self.installed_at(dated, -3600)
        before = dated.file.read_text()
        assert dated.fix(before, "--cautious", code=1) == before

    def test_an_uncommitted_line_survives(self, dated: Fixed) -> None:
        self.installed_at(dated, 3600)
        assert dated.fix("foo==1.5\n", "--cautious", code=1) == "foo==1.5\n"

    def test_an_undated_line_survives(self, fixed: Fixed) -> None:
        fixed.install("foo-2.0")
        assert fixed.fix("foo==1.0\n", "--cautious", code=1) == "foo==1.0\n"

    def test_what_is_new_is_added(self, fixed: Fixed) -> None:
        fixed.install("foo-2.0")
        assert fixed.fix("", "--cautious") == "foo==2.0\n"
