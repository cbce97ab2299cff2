"""`reqdrift fix` says which files it changed, and changes none of another project unasked."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from reqdrift.cli import main
from support import make_environment, run_git

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def shop(project: Path) -> Path:
    """A repository whose requirements.txt includes ../else/base.txt; both are stale."""
    (project / ".git").rmdir()
    run_git("init", "-q", cwd=project)
    make_environment(project / ".venv", "foo-2.0", "bar-2.0")
    (project / "requirements.txt").write_text("-r ../else/base.txt\nfoo==1.0\n")
    base = project.parent / "else" / "base.txt"
    base.parent.mkdir()
    base.write_text("bar==1.0\n")
    return project


def texts(folder: Path) -> dict[str, str]:
    """The requirements files here and above."""
    paths = [path for path in folder.parent.rglob("*.txt") if path.is_file()]
    return {str(path.relative_to(folder.parent)): path.read_text() for path in paths}


def refused(folder: Path, capsys: Captured, *words: str) -> str:
    """What a command says that refuses and changes nothing."""
    before = texts(folder)
    assert main(["fix", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, texts(folder)) == ("", before)
    return err


class TestInclude:
    @pytest.mark.parametrize("other", ["repository", "folder", "worktree"])
    def test_must_be_named(self, shop: Path, capsys: Captured, other: str) -> None:
        base = shop.parent / "else" / "base.txt"
        if other == "repository":
            run_git("init", "-q", cwd=base.parent)
        if other == "worktree":
            base.unlink()
            base.parent.rmdir()
            run_git("commit", "-q", "--allow-empty", "-m", "first", cwd=shop)
            run_git("worktree", "add", "-q", "../else", cwd=shop)
            base.write_text("bar==1.0\n")
        command = f"reqdrift fix requirements.txt {base}"
        assert refused(shop, capsys) == (
            f"reqdrift: this would change {base}, outside of the repository {shop};"
            f" to change it anyway, name it: {command}\n"
        )
        assert main(shlex.split(command)[1:]) == 0
        out = capsys.readouterr().out
        assert out.splitlines()[-1] == f"changed requirements.txt, {base}"
        assert texts(shop)["else/base.txt"] == "bar==2.0\n"
        assert main([]) == 0

    def test_of_a_submodule_must_be_named(self, shop: Path, capsys: Captured) -> None:
        run_git("init", "-q", cwd=shop.parent / "else")
        run_git("add", ".", cwd=shop.parent / "else")
        run_git("commit", "-q", "-m", "first", cwd=shop.parent / "else")
        allowed = ("-c", "protocol.file.allow=always")
        run_git(*allowed, "submodule", "--quiet", "add", "../else", "sub", cwd=shop)
        (shop / "requirements.txt").write_text("-r sub/base.txt\nfoo==1.0\n")
        assert (
            "to change it anyway, name it: reqdrift fix requirements.txt sub/base.txt\n"
            in refused(shop, capsys)
        )
        assert main(["fix", "requirements.txt", "sub/base.txt"]) == 0

    def test_of_constraints_too(self, shop: Path, capsys: Captured) -> None:
        base = shop.parent / "else" / "base.txt"
        (shop / "requirements.txt").write_text("-c ../else/base.txt\nbar\nfoo==2.0\n")
        assert f"this would change {base}, outside of " in refused(shop, capsys)
        (shop / "requirements.txt").write_text("bar\nfoo==2.0\n")
        assert main(["fix", "-c", "../else/base.txt"]) == 0
        assert base.read_text() == "bar==2.0\n"

    def test_that_is_right_need_not_be_named(self, shop: Path) -> None:
        (shop.parent / "else" / "base.txt").write_text("bar==2.0\n")
        assert main(["fix"]) == 0

    def test_of_the_repository_of_the_named_file(self, shop: Path, tmp_path: Path) -> None:
        (shop / "requirements.txt").write_text("-r base.txt\nfoo==1.0\n")
        (shop / "base.txt").write_text("bar==1.0\n")
        (tmp_path / "away").mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(tmp_path / "away")
            assert main(["fix", str(shop / "requirements.txt")]) == 0
        assert texts(shop)["project/base.txt"] == "bar==2.0\n"

    def test_what_was_typed_is_repeated(self, shop: Path, capsys: Captured) -> None:
        words = ["--python", ".venv", "--ignore", "types-*", "--keep-missing", "--force"]
        base = shop.parent / "else" / "base.txt"
        assert refused(shop, capsys, *words).endswith(
            "reqdrift fix --python .venv --ignore 'types-*' --keep-missing --force"
            f" requirements.txt {base}\n"
        )

    def test_nor_does_a_patch(self, shop: Path, capsys: Captured) -> None:
        assert main(["diff"]) == 2
        base = shop.parent / "else" / "base.txt"
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.endswith(
            f"reqdrift: not in the repository of the working directory: {base};"
            f" to change all without a patch: reqdrift fix requirements.txt {base}\n"
        )


class TestAddition:
    @pytest.fixture
    def added(self, shop: Path) -> Path:
        (shop / "requirements.txt").write_text("-r ../else/base.txt\nfoo==2.0\n")
        (shop.parent / "else" / "base.txt").write_text("")
        return shop

    def test_the_file_may_be_named_by_add_to(self, added: Path, capsys: Captured) -> None:
        assert main(["fix", "--add-to", "../else/base.txt"]) == 0
        base = added.parent / "else" / "base.txt"
        assert capsys.readouterr().out == (
            f"requirements.txt: added bar==2.0 to {base}\nchanged {base}\n"
        )
        assert base.read_text() == "bar==2.0\n"

    def test_the_configuration_does_not_name_it(self, added: Path, capsys: Captured) -> None:
        (added / "pyproject.toml").write_text('[tool.reqdrift]\nadd-to = "../else/base.txt"\n')
        assert "outside of the repository" in refused(added, capsys)


def test_files_that_the_configuration_names(shop: Path, capsys: Captured) -> None:
    (shop / "pyproject.toml").write_text('[tool.reqdrift]\nfiles = ["../else/base.txt"]\n')
    base = shop.parent / "else" / "base.txt"
    words = ["--python", str(shop / ".venv")]
    command = f"reqdrift fix --python {words[1]} ../else/base.txt\n"
    assert command in refused(shop, capsys, *words)
    assert main(["fix", *words, str(base)]) == 0


class TestLinks:
    def test_one_that_leads_out_must_be_named(self, shop: Path, capsys: Captured) -> None:
        base = shop.parent / "else" / "base.txt"
        (shop / "requirements.txt").unlink()
        (shop / "requirements.txt").symlink_to("../else/base.txt")
        base.write_text("foo==1.0\nbar==2.0\n")
        shown = f"{base} (through requirements.txt)"
        assert refused(shop, capsys) == (
            f"reqdrift: this would change {shown}, outside of the repository {shop};"
            " to change it anyway, name it: reqdrift fix requirements.txt\n"
        )
        assert main(["fix", "requirements.txt"]) == 0
        assert capsys.readouterr().out.endswith(f"changed {shown}\n")
        assert (shop / "requirements.txt").is_symlink()
        assert base.read_text() == "foo==2.0\nbar==2.0\n"

    def test_a_folder_that_leads_out(self, shop: Path, capsys: Captured) -> None:
        (shop / "shared").symlink_to("../else")
        (shop / "requirements.txt").write_text("-r shared/base.txt\nfoo==1.0\n")
        command = "to change it anyway, name it: reqdrift fix requirements.txt shared/base.txt\n"
        assert command in refused(shop, capsys)
        assert main(["fix", "requirements.txt", "shared/base.txt"]) == 0

    def test_one_that_stays_inside_need_not(self, shop: Path, capsys: Captured) -> None:
        (shop / "requirements.txt").rename(shop / "real.txt")
        (shop / "real.txt").write_text("foo==1.0\nbar==2.0\n")
        (shop / "requirements.txt").symlink_to("real.txt")
        assert main(["fix"]) == 0
        assert "changed real.txt (through requirements.txt)\n" in capsys.readouterr().out


class TestWithoutGit:
    @pytest.fixture
    def loose(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (project / ".git").rmdir()
        make_environment(project / ".venv", "foo-2.0", "bar-2.0")
        (project / "sub").mkdir()
        (project / "sub" / "requirements.txt").write_text("-r ../base.txt\nfoo==1.0\n")
        (project / "base.txt").write_text("bar==1.0\n")
        return project

    def test_what_lies_below_the_working_directory_is_the_projects(self, loose: Path) -> None:
        assert main(["fix", "sub/requirements.txt"]) == 0
        assert (loose / "base.txt").read_text() == "bar==2.0\n"

    def test_what_lies_elsewhere_must_be_named(
        self, loose: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir("sub")
        python = ("--python", "../.venv")
        assert refused(loose, capsys, *python) == (
            f"reqdrift: this would change {loose}/base.txt, outside of the working directory"
            f" {loose}/sub; to change it anyway, name it: reqdrift fix --python ../.venv"
            f" requirements.txt {loose}/base.txt\n"
        )
        assert main(["fix", *python, "requirements.txt", "../base.txt"]) == 0
        assert (loose / "base.txt").read_text() == "bar==2.0\n"
