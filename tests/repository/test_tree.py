"""`--staged` and `--rev`: the files as the index or a revision has them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from reqdrift import diff
from reqdrift.cli import main
from support import make_environment, run, run_git

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def repository(project: Path) -> Path:
    """HEAD says 1.0, the index 2.0, the working tree 3.0; installed is what each test says."""
    (project / ".git").rmdir()
    run_git("init", "-q", "-b", "main", cwd=project)
    (project / ".gitignore").write_text(".venv/\n")
    for version in ("1.0", "2.0", "3.0"):
        (project / "requirements.txt").write_text(f"foo=={version}\n")
        if version != "3.0":
            run_git("add", ".", cwd=project)
        if version == "1.0":
            run_git("commit", "-qm", "first", cwd=project)
    return project


def findings(capsys: Captured, *words: str) -> list[tuple[str, str, str, int | None]]:
    capsys.readouterr()
    main([*words, "--format", "json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert not document["errors"], document["errors"]
    return [(f["kind"], f["wanted"], f["file"], f["line"]) for f in document["findings"]]


def error(capsys: Captured, *words: str) -> str:
    capsys.readouterr()
    assert main([*words]) == 2
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.parametrize(
    ("version", "clean"),
    [("1.0", ("--rev", "HEAD")), ("2.0", ("--staged",)), ("3.0", ())],
)
def test_each_place_has_its_own_text(
    repository: Path, capsys: Captured, version: str, clean: tuple[str, ...]
) -> None:
    make_environment(repository / ".venv", f"foo-{version}")
    for words in (("--rev", "HEAD"), ("--staged",), ()):
        found = findings(capsys, *words)
        assert (found == []) is (words == clean), words


def test_includes_come_from_the_same_tree(repository: Path, capsys: Captured) -> None:
    make_environment(repository / ".venv", "foo-1.0", "bar-1.0")
    (repository / "old.txt").write_text("bar==1.0\n")
    (repository / "requirements.txt").write_text("-r old.txt\nfoo==1.0\n")
    run_git("add", ".", cwd=repository)
    run_git("commit", "-qm", "with an include", cwd=repository)
    run_git("mv", "old.txt", "new.txt", cwd=repository)
    (repository / "requirements.txt").write_text("-r new.txt\nfoo==1.0\n")
    (repository / "new.txt").write_text("bar==9.0\n")
    assert findings(capsys, "--rev", "HEAD") == []
    assert findings(capsys) == [("version", "bar==9.0", "new.txt", 1)]
    # Staged is the rename alone, and requirements.txt still includes the old name.
    assert "'-r old.txt' cannot be read: is not in the index" in error(capsys, "--staged")


def test_a_merge_in_progress(repository: Path, capsys: Captured) -> None:
    make_environment(repository / ".venv", "foo-1.0")
    run_git("reset", "-q", "--hard", cwd=repository)
    run_git("checkout", "-qb", "other", cwd=repository)
    (repository / "requirements.txt").write_text("foo==5.0\n")
    run_git("commit", "-qam", "five", cwd=repository)
    run_git("checkout", "-q", "main", cwd=repository)
    (repository / "requirements.txt").write_text("foo==6.0\n")
    run_git("commit", "-qam", "six", cwd=repository)
    with pytest.raises(AssertionError, match="CONFLICT"):
        run_git("merge", "-q", "other", cwd=repository)
    assert "is not merged yet; resolve the conflict and git add it" in error(capsys, "--staged")
    assert findings(capsys, "--rev", "MERGE_HEAD") == [
        ("version", "foo==5.0", "requirements.txt", 1)
    ]


def test_a_shallow_clone(repository: Path, tmp_path: Path, capsys: Captured) -> None:
    run_git("commit", "-qm", "second", cwd=repository)
    run_git("clone", "-q", "--depth=1", repository.as_uri(), str(tmp_path / "clone"), cwd=tmp_path)
    make_environment(tmp_path / "clone" / ".venv", "foo-2.0")
    file = str(tmp_path / "clone" / "requirements.txt")
    assert findings(capsys, "--rev", "HEAD", file) == []
    assert "unknown revision 'HEAD~1'" in error(capsys, "--rev", "HEAD~1", file)


def test_a_file_of_a_submodule(repository: Path, tmp_path: Path, capsys: Captured) -> None:
    make_environment(repository / ".venv", "foo-1.0")
    run_git("clone", "-q", str(repository), str(tmp_path / "sub"), cwd=tmp_path)
    allowed = ("-c", "protocol.file.allow=always")
    run_git(*allowed, "submodule", "--quiet", "add", str(tmp_path / "sub"), "sub", cwd=repository)
    (repository / "requirements.txt").write_text("-r sub/requirements.txt\n")
    run_git("add", ".", cwd=repository)
    # On disk, the submodule is elsewhere.
    (repository / "sub" / "requirements.txt").write_text("foo==7.0\n")
    assert findings(capsys, "--staged") == []
    run_git("commit", "-qm", "with a submodule", cwd=repository)
    assert findings(capsys, "--rev", "HEAD") == []
    assert findings(capsys, "--rev", "HEAD", "sub/requirements.txt", "--python", ".venv") == []
    (repository / "requirements.txt").write_text("-r sub\n-r sub/none.txt\n")
    run_git("add", ".", cwd=repository)
    text = error(capsys, "--staged")
    assert "'-r sub' cannot be read: is a submodule" in text
    assert "'-r sub/none.txt' cannot be read: is not in " in text
    run_git("submodule", "--quiet", "deinit", "--force", "sub", cwd=repository)
    assert "of the submodule sub is not in this clone; git submodule" in error(
        capsys, "--rev", "HEAD"
    )


def test_gits_own_reason(
    repository: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_environment(repository / ".venv", "foo-1.0")
    (repository / "more.txt").write_text("foo==1.0\n")
    assert "is not in the index; git add more.txt" in error(capsys, "--staged", "more.txt")
    index = repository / ".git" / "index"
    before = index.read_bytes()
    index.write_bytes(b"nonsense" * 20)
    assert "git says: " in (text := error(capsys, "--staged"))
    assert "index" in text
    index.write_bytes(before)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert "dubious ownership" in error(capsys, "--rev", "HEAD")
    monkeypatch.delenv("GIT_TEST_ASSUME_DIFFERENT_OWNER")
    monkeypatch.setenv("PATH", str(repository))
    assert "git cannot be started" in error(capsys, "--staged")


def test_an_environment_in_an_included_configuration(
    repository: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_environment(repository / "other", "foo-3.0")
    make_environment(repository / ".venv", "foo-1.0")
    (tmp_path / "more").write_text("[reqdrift]\npython = other\n")
    own = repository / ".git" / "config"
    before = own.read_text()
    own.write_text(f"{before}[include]\n\tpath = {tmp_path / 'more'}\n")
    assert findings(capsys) == []
    own.write_text(before)
    assert findings(capsys) == [("version", "foo==3.0", "requirements.txt", 1)]
    (tmp_path / "global").write_text(
        f'[includeIf "gitdir:{repository}/"]\n\tpath = {tmp_path / "more"}\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "global"))
    assert findings(capsys) == []


def test_links_stay_inside_the_tree(repository: Path, capsys: Captured) -> None:
    make_environment(repository / ".venv", "foo-1.0")
    (repository / "real.txt").write_text("foo==1.0\n")
    for name, target in (("link.txt", "real.txt"), ("out.txt", "../out.txt"), ("loop", "loop")):
        (repository / name).symlink_to(target)
    run_git("add", ".", cwd=repository)
    assert findings(capsys, "--staged", "link.txt") == []
    assert "is outside of the repository" in error(capsys, "--staged", "out.txt")
    assert "is a symbolic link to itself" in error(capsys, "--staged", "loop")


def test_a_linked_worktree(repository: Path, tmp_path: Path, capsys: Captured) -> None:
    run_git("worktree", "add", "-q", str(tmp_path / "tree"), cwd=repository)
    make_environment(tmp_path / "tree" / ".venv", "foo-1.0")
    file = str(tmp_path / "tree" / "requirements.txt")
    assert findings(capsys, "--staged", file) == []
    assert findings(capsys, "--rev", "main", file) == []


def test_a_bare_repository(
    repository: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bare.git"
    run_git("clone", "-q", "--bare", str(repository), str(bare), cwd=tmp_path)
    make_environment(tmp_path / "env", "foo-1.0")
    monkeypatch.chdir(bare)
    assert findings(capsys, "--rev", "HEAD", "--python", str(tmp_path / "env")) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--rev", "nonsense"), "unknown revision 'nonsense'"),
        (("--rev", "--output=x"), "--rev"),
        (("--rev", "HEAD", "--staged"), "mutually exclusive"),
        (("--rev", "HEAD", "absent.txt"), "absent.txt: error: is not in HEAD"),
        (("--staged", "folder"), "folder: error: this is a folder"),
    ],
)
def test_what_cannot_be(
    repository: Path, capsys: Captured, words: tuple[str, ...], message: str
) -> None:
    make_environment(repository / ".venv", "foo-1.0")
    (repository / "folder").mkdir()
    for name in ("a.txt", "b.txt"):
        (repository / "folder" / name).write_text("")
    run_git("add", ".", cwd=repository)
    assert message in error(capsys, *words)


def test_outside_of_git(project: Path, capsys: Captured) -> None:
    (project / ".git").rmdir()
    (project / "requirements.txt").write_text("")
    assert "is not in a git repository" in error(capsys, "--staged")


def test_the_plan_follows_the_tree_too(repository: Path, capsys: Captured) -> None:
    make_environment(repository / ".venv", "foo-1.0")
    assert main(["plan", "--rev", "HEAD"]) == 0
    assert capsys.readouterr().out == ""
    differs = "the installer reads requirements.txt from disk, where it differs"
    assert differs in error(capsys, "plan", "--staged")
    (repository / "requirements.txt").write_text("foo==2.0\n")
    assert main(["plan", "--staged"]) == 0
    assert capsys.readouterr().out.endswith(f" -r {repository}/requirements.txt\n")
    assert "has no option --staged" in error(capsys, "fix", "--staged")


def test_a_plan_that_reads_no_file_does_not_mind_the_disk(
    repository: Path, capsys: Captured
) -> None:
    make_environment(repository / ".venv", "foo-2.0", "spare-1.0", "pip-24.0")
    assert main(["plan", "--staged"]) == 0
    assert capsys.readouterr().out.endswith("/python -m pip uninstall -y spare\n")


def test_nor_does_one_of_comments(repository: Path, capsys: Captured) -> None:
    make_environment(repository / ".venv", "foo-2.0", "pip-24.0")
    (repository / "requirements.txt").write_text("foo==1.0\nfoo==2.0\n")
    run_git("add", ".", cwd=repository)
    (repository / "requirements.txt").write_text("foo==2.0\n")
    assert main(["plan", "--staged"]) == 0
    assert "# not fixed: requirements.txt:2: the lines for foo contra" in capsys.readouterr().out


def test_the_index_of_a_partial_commit(
    repository: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_environment(repository / ".venv", "foo-3.0")
    index = repository / ".git" / "next-index"
    index.write_bytes((repository / ".git" / "index").read_bytes())
    monkeypatch.setenv("GIT_INDEX_FILE", str(index))
    run("git", "add", "requirements.txt", cwd=repository, env={**os.environ})
    assert findings(capsys, "--staged") == []
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert len(findings(capsys, "--staged")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "-c limits.txt\nfoo==2.0\n",
        "--extra-index-url https://user:s3cret@example.org/simple\nfoo==2.0\n",
    ],
)
def test_no_plan_reads_other_lines_from_the_disk_than_were_compared(
    repository: Path, capsys: Captured, text: str
) -> None:
    make_environment(repository / ".venv", "foo-1.0")
    (repository / "limits.txt").write_text("bar==1.0\n")
    (repository / "requirements.txt").write_text(text)
    run_git("add", ".", cwd=repository)
    (repository / "requirements.txt").write_text("foo==9.0\n")
    said = error(capsys, "plan", "--staged")
    assert "plan without --staged and --rev" in said
    assert "s3cret" not in said
    assert main(["plan"]) == 0


def test_the_hints_speak_of_what_was_checked(repository: Path, capsys: Captured) -> None:
    make_environment(repository / ".venv", "foo-1.0")
    words = ["--staged", "--ignore", "types-*", "--severity", "unpinned=off"]
    assert main(words) == 1
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("hint")] == [
        "hint: if the file is right: reqdrift plan --staged --ignore 'types-*'"
        " --severity unpinned=off | sh"
    ]


def test_diff_tells_what_the_environment_has_not_followed(
    repository: Path, capsys: Captured
) -> None:
    make_environment(repository / ".venv", "foo-1.0")
    (repository / "requirements.txt").write_text("foo==3.0\nbar==1.0\n")
    assert main(["diff", "--rev", "HEAD", "-q"]) == 1
    out, err = capsys.readouterr()
    assert err == (
        "reqdrift: since HEAD, 2 packages to install:\n"
        "  requirements.txt:1: foo==3.0 (was foo==1.0)\n"
        "  requirements.txt:2: bar==1.0 (new)\n"
        "to install them: reqdrift plan | sh\n"
    )
    assert out.startswith("diff --git a/requirements.txt b/requirements.txt\n")


def test_a_file_that_is_only_announced_is_not_in_the_index(
    repository: Path, capsys: Captured
) -> None:
    make_environment(repository / ".venv", "foo-1.0")
    (repository / "requirements.txt").write_text("foo==1.0\n-r extra.txt\n")
    (repository / "extra.txt").write_text("absent==1\n")
    run_git("add", "requirements.txt", cwd=repository)
    run_git("add", "--intent-to-add", "extra.txt", cwd=repository)
    assert "'-r extra.txt' cannot be read: is not in the index" in error(capsys, "--staged")


def test_fix_follows_no_environment_of_another_worktree(
    repository: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_environment(repository / ".venv", "foo-2.0")
    run_git("commit", "-qm", "second", cwd=repository)
    run_git("worktree", "add", "-q", str(tmp_path / "other"), "HEAD~1", cwd=repository)
    monkeypatch.chdir(tmp_path / "other")
    monkeypatch.setenv("VIRTUAL_ENV", str(repository / ".venv"))
    assert findings(capsys) == [("version", "foo==1.0", "requirements.txt", 1)]
    assert main(["fix"]) == 3
    assert "is a guess" in capsys.readouterr().err
    assert (tmp_path / "other" / "requirements.txt").read_text() == "foo==1.0\n"
    assert main(["fix", "--python", str(repository / ".venv")]) == 0


def test_a_patch_of_a_file_that_git_keeps_in_another_encoding(
    repository: Path, capsys: Captured
) -> None:
    make_environment(repository / ".venv", "foo-2.0")
    (repository / "requirements.txt").write_text("foo==1.0\n", encoding="utf-16")
    assert diff().patch
    (repository / ".gitattributes").write_text("*.txt working-tree-encoding=UTF-16\n")
    capsys.readouterr()
    assert main(["diff"]) == 2
    assert "has a working-tree-encoding" in capsys.readouterr().err
    assert main(["fix"]) == 0
    assert (repository / "requirements.txt").read_text(encoding="utf-16") == "foo==2.0\n"
