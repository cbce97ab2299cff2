"""`reqdrift fix` adds what brought the others; these only where they must be listed too."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution, make_environment

Captured = pytest.CaptureFixture[str]

ORPHANS = ("--unlisted", "orphans")


@pytest.fixture
def site(project: Path) -> Path:
    """`root` and `other` are unlisted, with what they need; so is `single`."""
    site = make_environment(project / ".venv", "deep-1.0", "own-1.0", "listed-1.0", "single-1.0")
    add_distribution(site, "part-1.0", requires=["deep"])
    add_distribution(site, "root-1.0", requires=["part"])
    add_distribution(site, "other-1.0", requires=["part", "own"])
    (project / "requirements.txt").write_text("listed==1.0\n")
    return site


def fixed(project: Path, *words: str, code: int = 0) -> list[str]:
    assert main(["fix", *words]) == code
    return (project / "requirements.txt").read_text().splitlines()


def test_the_roots_alone_where_what_they_need_may_be_unlisted(
    site: Path, project: Path, capsys: Captured
) -> None:
    lines = ["listed==1.0", "other==1.0", "root==1.0", "single==1.0"]
    assert fixed(project, *ORPHANS) == lines
    assert capsys.readouterr().out.splitlines() == [
        *(f"requirements.txt: added {name}==1.0" for name in ("other", "root", "single")),
        "requirements.txt: not added, because other needs them: deep, own, part",
        "changed requirements.txt",
    ]
    assert main(list(ORPHANS)) == 0
    assert fixed(project, *ORPHANS) == lines


def test_everything_where_everything_must_be_listed(
    site: Path, project: Path, capsys: Captured
) -> None:
    names = ("deep", "listed", "other", "own", "part", "root", "single")
    assert fixed(project, "--unlisted", "all") == [f"{name}==1.0" for name in names]
    assert "left" not in capsys.readouterr().out
    assert main(["--unlisted", "all"]) == 0


def test_the_patch_is_the_same(site: Path, project: Path, capsys: Captured) -> None:
    assert main(["diff", *ORPHANS]) == 1
    out, err = capsys.readouterr()
    added = [line for line in out.splitlines() if line.startswith("+") and "==" in line]
    assert added == ["+other==1.0", "+root==1.0", "+single==1.0"]
    what = "requirements.txt: not added, because other needs them: deep, own, part\n"
    assert err == what
    assert main(["diff", "--quiet", *ORPHANS]) == 1
    assert capsys.readouterr().err == ""


def test_quiet(site: Path, project: Path, capsys: Captured) -> None:
    fixed(project, "--quiet", *ORPHANS)
    assert "left" not in capsys.readouterr().out


def test_without_the_root_that_is_ignored(site: Path, project: Path) -> None:
    lines = fixed(project, *ORPHANS, "--ignore", "root", "--ignore", "other")
    assert lines == [f"{name}==1.0" for name in ("deep", "listed", "own", "part", "single")]


def test_of_two_roots_the_one_that_counts(site: Path, project: Path, capsys: Captured) -> None:
    lines = fixed(project, *ORPHANS, "--ignore", "other")
    assert lines == ["listed==1.0", "own==1.0", "root==1.0", "single==1.0"]
    assert "because root needs them: deep, part\n" in capsys.readouterr().out


def test_what_this_project_needs_itself_is_added_to_a_file_that_lists_all(project: Path) -> None:
    (project / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    site = make_environment(project / ".venv", "part-1.0")
    for name in ("shop", "root"):
        add_distribution(site, f"{name}-1.0", requires=["part"])
    (project / "requirements.txt").write_text("")
    assert fixed(project, *ORPHANS) == ["root==1.0"]
    (project / "requirements.txt").write_text("")
    assert fixed(project, "--unlisted", "all") == ["part==1.0", "root==1.0"]


def test_into_the_file_that_takes_additions(site: Path, project: Path) -> None:
    (project / "dev.txt").write_text("")
    words = ("--add-to", "dev.txt", *ORPHANS, "requirements.txt", "dev.txt")
    assert fixed(project, *words) == ["listed==1.0"]
    assert (project / "dev.txt").read_text().split() == ["other==1.0", "root==1.0", "single==1.0"]


@pytest.mark.parametrize("words", [(), ORPHANS])
def test_with_a_root_that_cannot_be_added(
    project: Path, capsys: Captured, words: tuple[str, ...]
) -> None:
    site = make_environment(project / ".venv", "part-1.0", "deep-1.0", "single-1.0")
    root = add_distribution(site, "root-1.0", requires=["part", "deep"])
    (root / "direct_url.json").write_text("{")
    (project / "requirements.txt").write_text("")
    assert fixed(project, *words, code=1) == ["single==1.0"]
    out = capsys.readouterr().out
    assert "extra not fixed: root 1.0 is installed but not listed; nothing needs it;" in out
    assert "it brought in 2 more: deep, part: what is installed is in doubt; repair the" in out
    assert "; 4 not fixed" in out  # the metadata is broken too


def test_a_file_that_takes_nothing_is_told_once(
    site: Path, project: Path, capsys: Captured
) -> None:
    line = "listed==1.0 --hash=sha256:" + "0a" * 32
    (project / "requirements.txt").write_text(f"{line}\n")
    assert fixed(project, code=1) == [line]
    out = capsys.readouterr().out.splitlines()
    assert [text.partition(" is ")[0] for text in out] == [
        *(f"requirements.txt: extra not fixed: {name} 1.0" for name in ("other", "root", "single")),
        "nothing to change; 6 not fixed",
    ]
    assert "it brought in 3 more: deep, own, part: requirements.txt:1 has a hash" in out[0]
