"""One requirement in its lines: another release, or another place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checked import case_of
from fixing import Fixed
from reqdrift.cli import main
from reqdrift.errors import InvalidLineError
from reqdrift.repair.edits import respecified, with_reference
from reqdrift.values import CanonicalName, Distribution, Requirement
from reqdrift.values.details import Source
from support import add_distribution

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "89abcdef0123456789abcdef0123456789abcdef"


def vcs(commit: str, url: str = "https://example.org/a/foo") -> dict[str, Any]:
    return {"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}}


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


class TestReferences:
    def editable(self, fixed: Fixed, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        direct_url = {"url": path.as_uri(), "dir_info": {"editable": True}}
        fixed.install("foo-1.0", direct_url=direct_url)

    def test_a_release_instead_of_a_folder(self, fixed: Fixed) -> None:
        (fixed.folder / "lib").mkdir()
        (fixed.folder / "lib" / "pyproject.toml").write_text("[project]\nname = 'foo'\n")
        fixed.install("foo-1.0")
        assert fixed.fix("-e ./lib  # ours\n") == "foo==1.0  # ours\n"

    def test_a_release_instead_of_an_archive_of_another_version(self, fixed: Fixed) -> None:
        fixed.install("foo-2.0")
        before = "foo @ file:///elsewhere/foo-1.0-py3-none-any.whl\n"
        assert fixed.fix(before) == "foo==2.0\n"

    def test_a_marker_without_white_space(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0", direct_url=vcs(COMMIT))
        after = f"foo @ git+https://example.org/a/foo@{COMMIT} ;python_version>'3'\n"
        assert fixed.fix("foo==1.0;python_version>'3'\n") == after

    def test_a_path_that_has_to_be_quoted(self, fixed: Fixed, tmp_path: Path) -> None:
        self.editable(fixed, tmp_path / "with blank")
        assert fixed.fix("foo==1.0\n") == f"-e file://{tmp_path}/with%20blank\n"
        assert main([]) == 0

    def test_a_path_from_where_pip_is_run(self, fixed: Fixed) -> None:
        self.editable(fixed, fixed.folder / "lib")
        (fixed.folder / "requirements").mkdir()
        file = fixed.folder / "requirements" / "dev.txt"
        file.write_text("foo==1.0\n")
        assert main(["fix", "requirements/dev.txt"]) == 0
        assert file.read_text() == "-e ./lib\n"
        assert main(["requirements/dev.txt"]) == 0

    def test_an_editable_instead_of_a_commit(self, fixed: Fixed) -> None:
        self.editable(fixed, fixed.folder / "lib")
        before = f"foo @ git+https://example.org/a/foo@{COMMIT}\n"
        assert fixed.fix(before) == "-e ./lib\n"

    def test_an_editable_line_has_no_marker(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.editable(fixed, fixed.folder / "lib")
        before = "foo==1.0 ; python_version > '3'\n"
        assert fixed.fix(before, code=1) == before
        assert "cannot keep its marker" in capsys.readouterr().out


class TestPaths:
    """A path in a committed file means the same on every machine."""

    def editable(self, fixed: Fixed, folder: Path, name: str = "foo") -> None:
        folder.mkdir(parents=True)
        (folder / "pyproject.toml").write_text(f'[project]\nname = "{name}"\nversion = "1"\n')
        url = {"url": folder.as_uri(), "dir_info": {"editable": True}}
        add_distribution(fixed.site, f"{name}-1.0", direct_url=url)

    def named(self, folder: Path, name: str = "foo") -> None:
        folder.mkdir(parents=True)
        (folder / "pyproject.toml").write_text(f'[project]\nname = "{name}"\nversion = "1"\n')

    def test_a_path_upwards_stays_relative(self, fixed: Fixed) -> None:
        self.named(fixed.folder.parent / "old")
        self.editable(fixed, fixed.folder.parent / "new")
        assert fixed.fix("-e ../old\n") == "-e ../new\n"
        assert main([]) == 0

    @pytest.mark.parametrize("line", ["-e ./old", "-e old"])
    def test_a_part_of_the_project_never_becomes_a_folder_outside(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str], line: str
    ) -> None:
        self.named(fixed.folder / "old")
        self.editable(fixed, fixed.folder.parent / "new")
        assert fixed.fix(f"{line}\n", code=1) == f"{line}\n"
        said = capsys.readouterr().out
        assert f"it is installed from {fixed.folder.parent / 'new'}, outside of the project" in said

    def test_an_absolute_path_may_be_replaced(self, fixed: Fixed) -> None:
        self.named(fixed.folder.parent / "old")
        self.editable(fixed, fixed.folder.parent / "new")
        text = fixed.fix(f"-e {fixed.folder.parent / 'old'}\n")
        assert text == f"-e {fixed.folder.parent / 'new'}\n"


FOO = Distribution(CanonicalName("foo"), "Foo", "2.0", "foo-2.0.dist-info", "/site")


def line_of(text: str) -> Requirement:
    (line,) = case_of(text).lines
    return line


class TestSpecifier:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("foo==1.0  # why", "foo==2.0  # why"),
            ("foo == 1.0", "foo == 2.0"),
            ("foo [x] (>=1,<3) ; python_version>'3'", "foo [x] ==2.0 ; python_version>'3'"),
            ("foo", "foo==2.0"),
            ("foo>=1, \\\n  <3", "foo==2.0"),
        ],
    )
    def test_all_else_stays(self, before: str, after: str) -> None:
        assert respecified(line_of(before), "==2.0") == after

    def test_a_variable_is_left_to_people(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RELEASE", "1.0")
        with pytest.raises(InvalidLineError, match="edit it by hand"):
            respecified(line_of("foo==${RELEASE}"), "==2.0")


class TestReference:
    FOLDER = Source("folder", "/lib/foo", folders=("/lib/foo",), local=True)

    def test_a_release(self) -> None:
        line = line_of(f"foo[x] @ git+https://h/foo@{COMMIT}  # why")
        assert with_reference(line, FOO, None) == "foo[x]==2.0  # why"

    def test_a_copy_of_the_folder_that_was_editable(self, project: Path) -> None:
        lib = project / "lib"
        lib.mkdir()
        (lib / "pyproject.toml").write_text("[project]\nname = 'foo'\n")
        copied = self.FOLDER._replace(folders=(str(lib),))
        assert with_reference(line_of("-e ./lib"), FOO, copied) == "./lib"

    def test_the_project_itself(self, project: Path) -> None:
        here = self.FOLDER._replace(folders=(str(project),), editable=True)
        assert with_reference(line_of("foo==1.0"), FOO, here) == "-e ."

    def test_an_archive_that_nothing_pins(self) -> None:
        main_branch = Source("archive", "https://h/main.zip")
        with pytest.raises(InvalidLineError, match="says which release it is; edit it by hand"):
            with_reference(line_of("foo==1.0"), FOO, main_branch)
        hashed = main_branch._replace(hashes=("sha256:ab",))
        expected = "foo @ https://h/main.zip#sha256=ab"
        assert with_reference(line_of("foo==1.0"), FOO, hashed) == expected
