"""`source`: installed from somewhere else than the line says."""

from __future__ import annotations

import pytest

from checked import COMMIT, OTHER_COMMIT, Checked, vcs


@pytest.mark.parametrize(
    ("line", "requested"),
    [
        (f"foo @ git+https://example.org/a/foo@{COMMIT}", None),
        (f"foo @ git+https://example.org/a/foo.git@{COMMIT}", None),
        (f"foo @ git+ssh://git@example.org/a/foo.git/@{COMMIT}", None),
        (f"foo @ git+https://token@EXAMPLE.org/a/foo@{COMMIT[:9]}", None),
        ("foo @ git+https://example.org/a/foo@main", "main"),
        ("foo @ git+https://example.org/a/foo", None),
        (f"git+https://example.org/a/foo@{COMMIT}#egg=foo", None),
    ],
)
def test_the_same_commit(checked: Checked, line: str, requested: str | None) -> None:
    checked.install("foo-1.0", direct_url=vcs("https://example.org/a/foo.git", requested=requested))
    found = checked.findings(line)
    assert "source foo line 1" not in found
    assert ("unsure", "foo") not in checked.notes(line)
    assert found == ([] if COMMIT in line else ["unpinned foo line 1"])


@pytest.mark.parametrize(
    "line",
    [
        f"foo @ git+https://example.org/a/foo@{OTHER_COMMIT}",
        f"foo @ git+https://example.org/b/foo@{COMMIT}",
        f"foo @ git+https://example.com/a/foo@{COMMIT}",
        f"foo @ git+https://example.org/a/foo@{COMMIT}#subdirectory=pkg",
        "foo @ https://example.org/foo-1.0.tar.gz",
        "foo==1.0",
    ],
)
def test_another_place(checked: Checked, line: str) -> None:
    checked.install("foo-1.0", direct_url=vcs("https://example.org/a/foo.git"))
    assert checked.findings(line) == ["source foo line 1"]


@pytest.mark.parametrize("revision", ["v2", "", "0123abc"])
def test_what_cannot_be_told_offline(checked: Checked, revision: str) -> None:
    at = f"@{revision}" if revision else ""
    line = f"foo @ git+https://example.org/a/foo{at}"
    checked.install("foo-1.0", direct_url=vcs("https://example.org/a/foo", requested="v1"))
    assert checked.findings(line) == ["unpinned foo line 1"]
    assert ("unsure", "foo") in checked.notes(line)


def test_a_release_where_the_file_says_a_checkout(checked: Checked) -> None:
    checked.install("foo-1.0")
    line = f"foo @ git+https://example.org/a/foo@{COMMIT}"
    assert checked.findings(line) == ["source foo line 1"]


def test_an_archive_file_of_the_pinned_release(checked: Checked) -> None:
    archive = {"url": "file:///wheels/foo-1.0-py3-none-any.whl", "archive_info": {}}
    checked.install("foo-1.0", direct_url=archive)
    assert checked.findings("foo==1.0\n") == []
    assert checked.notes("foo==1.0\n") == [("archive", "foo")]


def test_an_archive_with_another_hash(checked: Checked) -> None:
    info = {"hashes": {"sha256": "aa"}}
    url = "file:///wheels/foo-1.0-py3-none-any.whl"
    checked.install("foo-1.0", direct_url={"url": url, "archive_info": info})
    assert checked.findings("foo==1.0 --hash=sha256:bb\n") == ["source foo line 1"]
    assert checked.findings("foo==1.0 --hash=sha256:bb --hash=sha256:aa\n") == []


def test_a_local_wheel_by_path(checked: Checked) -> None:
    wheel = checked.folder / "wheels" / "foo-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"")
    checked.install("foo-1.0", direct_url={"url": wheel.as_uri(), "archive_info": {}})
    assert checked.findings("./wheels/foo-1.0-py3-none-any.whl\n") == []
    assert checked.findings(f"foo @ {wheel.as_uri()}\n") == []


def test_conda_writes_its_build_folder(checked: Checked) -> None:
    direct_url = {"url": "file:///croot/foo_123/work", "dir_info": {}}
    checked.install("foo-1.0", direct_url=direct_url, installer="conda")
    for line in ("foo==1.0", "foo @ file:///croot/foo_123/work"):
        assert [f for f in checked.findings(line) if "source" in f] == []
    assert checked.notes("foo==1.0") == [("conda", "foo")]


@pytest.mark.parametrize("line", ["./lib", "-e ./lib", "-e lib", "foo @ file://{}/lib"])
def test_a_folder_by_name_and_place(checked: Checked, line: str) -> None:
    folder = checked.folder / "lib"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nname = "foo"\n')
    info = {"editable": line.startswith("-e")}
    checked.install("foo-1.0", direct_url={"url": folder.as_uri(), "dir_info": info})
    assert checked.findings(line.format(checked.folder)) == []
    assert checked.notes(line.format(checked.folder)) == [("local", "foo")]


def test_another_folder(checked: Checked) -> None:
    for name in ("lib", "other"):
        (checked.folder / name).mkdir()
        (checked.folder / name / "pyproject.toml").write_text('[project]\nname = "foo"\n')
    url = (checked.folder / "other").as_uri()
    checked.install("foo-1.0", direct_url={"url": url, "dir_info": {"editable": True}})
    assert checked.findings("-e ./lib\n") == ["source foo line 1"]


def test_an_editable_checkout_by_name_alone(checked: Checked) -> None:
    folder = checked.folder / "src" / "foo"
    folder.mkdir(parents=True)
    direct = {"url": folder.as_uri(), "dir_info": {"editable": True}}
    checked.install("foo-1.0", direct_url=direct)
    line = f"-e git+https://example.org/a/foo@{COMMIT}#egg=foo\n"
    assert checked.findings(line) == []


def test_a_path_of_another_machine_compares_by_name_and_version(checked: Checked) -> None:
    checked.install("foo-1.0")
    wheel = "foo @ file:///home/nobody/foo-{}-py3-none-any.whl"
    assert checked.findings(wheel.format("1.0")) == []
    assert checked.findings(wheel.format("2.0")) == ["version foo line 1"]
