"""`broken`: the environment contradicts itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from checked import Checked


@pytest.mark.parametrize("version", ["1.0", "2.0", "3.0"])
def test_two_distributions_of_one_project(checked: Checked, version: str) -> None:
    # Which of them the folder lists first must not matter.
    checked.install("foo-1.0")
    checked.install("foo-2.0")
    assert checked.findings(f"foo=={version}\n") == ["broken foo"]
    (broken,) = checked.report(f"foo=={version}\n").findings
    assert "'foo-1.0.dist-info' and 'foo-2.0.dist-info'; uninstall it until" in broken.message


def test_a_folder_that_names_nothing(checked: Checked) -> None:
    (checked.site / "nameless.dist-info").mkdir()
    assert checked.findings("") == ["broken nameless"]


@pytest.mark.parametrize("kind", ["archive_info", "dir_info"])
@pytest.mark.parametrize("url", ["https://[", "https://a[b@h/x", "file://a'[b://@/c+d"])
def test_a_direct_url_that_is_no_url(checked: Checked, url: str, kind: str) -> None:
    checked.install("foo-1.0", direct_url={"url": url, kind: {}})
    assert checked.findings("foo==1.0\n") == ["broken foo"]


def test_what_pip_left_behind_is_a_note(checked: Checked) -> None:
    checked.install("~oo-1.0")
    assert checked.findings("") == []
    assert [reason for reason, _ in checked.notes("")] == ["leftover"]


def test_an_interpreter_of_another_version(checked: Checked, tmp_path: Path) -> None:
    python = checked.folder / ".venv" / "bin" / "python"
    python.unlink()
    (tmp_path / "python3.12").write_text("")
    python.symlink_to(tmp_path / "python3.12")
    assert checked.findings("") == ["broken python"]


def test_an_upgrade_that_left_the_interpreter(checked: Checked, tmp_path: Path) -> None:
    """What is installed is what the interpreter imports, whatever pyvenv.cfg says."""
    checked.install("foo-1.0")
    python = checked.folder / ".venv" / "bin" / "python"
    python.unlink()
    (tmp_path / "python3.11").write_text("")
    python.symlink_to(tmp_path / "python3.11")
    (checked.folder / ".venv" / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    settings = checked.folder / ".venv" / "pyvenv.cfg"
    settings.write_text(settings.read_text().replace("3.11.7", "3.12.1"))
    assert checked.findings("foo==1.0\n") == ["broken python"]


def test_an_interpreter_that_is_gone(checked: Checked) -> None:
    python = checked.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    assert checked.findings("") == ["broken python"]


@pytest.mark.parametrize(
    "content",
    [
        *("[]", "null", "{", '{"url": 3}', "\xff"),
        '{"url": "https://h/x", "vcs_info": {"vcs": "git", "commit_id": 7}}',
        '{"url": "https://h/x", "vcs_info": {"vcs": "git", "commit_id": "a\\nevil==1"}}',
        '{"url": "https://h/x", "vcs_info": {"vcs": 5, "commit_id": "a"}}',
        '{"url": "https://h/x", "archive_info": {"hashes": {"sha256": 5}}}',
        '{"url": "https://h/x", "archive_info": {"hash": "a\\nb"}}',
    ],
)
def test_a_direct_url_that_cannot_be_read(checked: Checked, content: str) -> None:
    checked.install("foo-1.0", direct_url={})
    path = checked.site / "foo-1.0.dist-info" / "direct_url.json"
    path.write_bytes(content.encode("latin-1"))
    assert checked.findings("foo==1.0\n") == ["broken foo"]
