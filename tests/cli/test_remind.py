"""`reqdrift remind` as a command; git runs it in end_to_end/test_reminders.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution, make_environment

Captured = pytest.CaptureFixture[str]


def reminded(capsys: Captured, *words: str) -> str:
    assert main(["remind", *words]) == 0
    out, err = capsys.readouterr()
    return str(out + err)


def test_nothing_if_nothing_is_to_be_installed(site: Path, capsys: Captured) -> None:
    add_distribution(site, "stray-1.0")
    Path("requirements.txt").write_text("foo\n")
    assert reminded(capsys) == ""
    Path("requirements.txt").unlink()
    assert reminded(capsys) == ""


def test_one_sentence_with_the_command(site: Path, capsys: Captured) -> None:
    add_distribution(site, "stray-1.0", requires=["absent"])
    Path("requirements.txt").write_text("foo==2.0\nbar\n")
    expected = "2 packages to install, 1 not listed: reqdrift plan --unlisted all | sh\n"
    assert reminded(capsys, "--unlisted", "all") == expected
    assert reminded(capsys, "--unlisted", "all", "--ignore", "stray", "--ignore", "bar") == (
        "1 package to install: reqdrift plan --unlisted all --ignore stray --ignore bar | sh\n"
    )


def test_a_misspelled_name_is_not_installed(site: Path, capsys: Captured) -> None:
    add_distribution(site, "requests-1.0")
    Path("requirements.txt").write_text("foo==1.0\nreqeusts==1.0\n")
    assert reminded(capsys) == "1 package to install, 1 not listed: reqdrift\n"


def test_an_empty_environment(project: Path, capsys: Captured) -> None:
    (project / "requirements.txt").write_text("foo==1.0\nbar==1.0\n")
    make_environment(project / ".venv")
    expected = "2 packages to install: "
    assert reminded(capsys).startswith(expected)


def test_each_set_by_itself(project: Path, capsys: Captured) -> None:
    table = "[[tool.reqdrift.set]]\nname = '{0}'\nfiles = ['{0}.txt']\npython = '{0}'\n"
    (project / "pyproject.toml").write_text("".join(map(table.format, ("web", "job", "cli"))))
    for name in ("web", "job", "cli"):
        (project / f"{name}.txt").write_text("foo==2.0\nbar==1.0\n")
    make_environment(project / "web", "foo-1.0", "bar-1.0")
    make_environment(project / "cli", "foo-2.0")
    said = reminded(capsys)
    assert "[web] 1 package to install: reqdrift plan --set web | sh\n" in said
    assert "[cli] 1 package to install: reqdrift plan --set cli | sh\n" in said
    assert "reqdrift: [job] " in said
    assert len(said.splitlines()) == 3


def test_what_cannot_be_read_is_one_line(site: Path, project: Path, capsys: Captured) -> None:
    (project / "requirements.txt").write_text("<<<<<<< ours\nfoo==2.0\n=======\n")
    said = reminded(capsys)
    assert said.startswith("requirements.txt:1: error: ")
    assert said.count("\n") == 1
    (project / "pyproject.toml").write_text("[tool.reqdrift]\nodd = 1\n")
    said = reminded(capsys)
    assert "tool.reqdrift has no key 'odd'" in said
    assert said.count("\n") == 1


def test_a_checkout_that_moved_nothing(
    site: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("requirements.txt").write_text("foo==2.0\n")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "1234")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "1234")
    assert reminded(capsys) == ""
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "5678")
    assert reminded(capsys) == "1 package to install: reqdrift plan | sh\n"


def test_what_the_project_itself_declares(site: Path, project: Path, capsys: Captured) -> None:
    declared = '[project]\nname = "shop"\nversion = "1.0"\ndependencies = ["absent"]\n'
    (project / "pyproject.toml").write_text(declared)
    url = {"url": project.as_uri(), "dir_info": {"editable": True}}
    add_distribution(site, "shop-1.0", direct_url=url)
    add_distribution(site, "pip-24.0")
    said = reminded(capsys)
    assert said == "1 package to install: .venv/bin/python -m pip install -e .\n"
