"""The module that runs alone, on every Python: against `reqdrift inspect`, and in verdicts."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import reqdrift
import support
from recorded import check_record, used
from reqdrift import reqdrift_inspect
from reqdrift.standards.urls import without_user
from reqdrift.texts import mask
from support import (
    REPOSITORY,
    add_distribution,
    clean_environ,
    interpreters,
    python27,
    run,
)

MODULE = REPOSITORY / "reqdrift" / "reqdrift_inspect.py"
MINORS = sorted(interpreters(), key=lambda minor: int(minor[2:]))


def alone(python: Path, folder: Path) -> dict[str, Any]:
    """What a copy of the file prints, which is all that a host gets."""
    copy = folder / "reqdrift_inspect.py"
    copy.write_bytes(MODULE.read_bytes())
    found: dict[str, Any] = json.loads(run(python, copy, cwd=folder).stdout)
    return found


def make(python: str, prefix: Path) -> Path:
    """A virtualenv of an interpreter; its site folder."""
    run(python, "-m", "venv", "--without-pip", prefix, cwd=prefix.parent)
    (site,) = prefix.glob("lib/*/site-packages")
    return site


def fill(site: Path, source: Path) -> None:
    """Wheels, an editable, a checkout with credentials, eggs, and what is damaged."""
    add_distribution(site, "lantern-0.1", requires=["wick>=1 ; extra == 'x'", "oil"])
    add_distribution(site, "My.Name-1.0.post1")
    add_distribution(site, "folder-1", direct_url={"url": "file:///srv/folder", "dir_info": {}})
    url = "https://user:secret@host.test/repo.git"
    vcs = {"vcs": "git", "commit_id": "f" * 40, "requested_revision": "main"}
    add_distribution(site, "checkout-2", direct_url={"url": url, "vcs_info": vcs})
    url = "https://host.test/a-1.tar.gz?token=secret"
    add_distribution(site, "archive-1", direct_url={"url": url, "archive_info": {}})
    (site / "old_style-1.0-py2.7.egg-info").write_text(
        "Metadata-Version: 1.0\nName: old-style\nVersion: 1.0\nSummary: of distutils\n"
    )
    for folder, name in ((site / "egg-3.0-py3.egg" / "EGG-INFO", "egg"), (source, "develop")):
        folder = folder if name == "egg" else folder / "develop.egg-info"
        folder.mkdir(parents=True)
        (folder / "PKG-INFO").write_text(f"Metadata-Version: 1.0\nName: {name}\nVersion: 3.0\n")
        (folder / "requires.txt").write_text("oil\n\n[x:python_version>'2']\nwick\n[y]\nwax\n")
    with zipfile.ZipFile(site / "zipped-2.0-py3.egg", "w") as egg:
        egg.writestr("EGG-INFO/PKG-INFO", "Metadata-Version: 1.0\nName: zipped\nVersion: 2.0\n")
        egg.writestr("EGG-INFO/requires.txt", "oil\n")
    eggs = "./egg-3.0-py3.egg\n./zipped-2.0-py3.egg"
    (site / "easy-install.pth").write_text(f"{eggs}\n{source}\nimport sys\n# none\n")
    (site / "develop.egg-link").write_text(f"{source}\n.\n")


def check_alone(python: Path, prefix: Path, folder: Path) -> None:
    found = alone(python, folder)
    expected = reqdrift.inspect(python=str(prefix))
    assert used(found) == used(expected)
    for key in ("folders", "prefix", "broken"):
        assert found["reqdrift"][key] == expected["reqdrift"][key]
    assert "secret" not in json.dumps(found)
    assert len(found["installed"]) >= 8
    check_record(json.dumps(found), prefix, folder)


@pytest.mark.parametrize("minor", MINORS)
def test_on_every_python_3(minor: str, tmp_path: Path) -> None:
    prefix = tmp_path.resolve() / "env"
    fill(make(interpreters()[minor], prefix), tmp_path.resolve() / "source")
    check_alone(prefix / "bin" / "python", prefix, tmp_path)


def test_on_python_27_with_a_user_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = python27()
    if python is None:
        pytest.skip("no Python 2.7")
    base = tmp_path.resolve() / "base"
    monkeypatch.setenv("PYTHONUSERBASE", str(base))
    monkeypatch.setattr(support, "_KEPT", support._KEPT | {"PYTHONUSERBASE"})
    site = base / "lib" / "python2.7" / "site-packages"
    site.mkdir(parents=True)
    fill(site, tmp_path.resolve() / "source")
    check_alone(Path(python), Path(python), tmp_path)


def test_what_is_damaged_is_reported_as_of_the_environment(tmp_path: Path) -> None:
    prefix = tmp_path.resolve() / "env"
    site = make(sys.executable, prefix)
    add_distribution(site, "twice-1.0")
    add_distribution(site, "twice-2.0")
    (site / "mute-1.0.dist-info").mkdir()
    direct = add_distribution(site, "direct-1.0", direct_url={}) / "direct_url.json"
    for text in ("{}", "[", "[]"):
        direct.write_text(text)
        found = json.dumps(alone(prefix / "bin" / "python", tmp_path))
        record, file = tmp_path / "record.json", tmp_path / "requirements.txt"
        record.write_text(found)
        file.write_text("twice==2.0\nmute==1.0\ndirect @ https://host.test/direct-1.0.tar.gz\n")
        reports = (
            reqdrift.check([str(file)], python=str(prefix)),
            reqdrift.check([str(file)], installed=str(record)),
        )
        kinds = [[(one.kind, one.project) for one in report.findings] for report in reports]
        assert kinds[0] == kinds[1]
        assert ("broken", "twice") in kinds[0]


def test_system_packages_are_not_the_environments_own(tmp_path: Path) -> None:
    prefix = tmp_path.resolve() / "env"
    run(
        sys.executable,
        "-m",
        "venv",
        "--without-pip",
        "--system-site-packages",
        prefix,
        cwd=tmp_path,
    )
    add_distribution(next(prefix.glob("lib/*/site-packages")), "lantern-0.1")
    found = alone(prefix / "bin" / "python", tmp_path)
    expected = reqdrift.inspect(python=str(prefix))
    assert used(found) == used(expected)
    assert found["reqdrift"]["folders"] == expected["reqdrift"]["folders"]


def test_pythonpath_is_not_the_environment(tmp_path: Path) -> None:
    site = tmp_path / "elsewhere" / "site-packages"
    add_distribution(site, "stranger-1.0")
    env = clean_environ(PYTHONPATH=str(site))
    found = json.loads(run(sys.executable, MODULE, cwd=tmp_path, env=env).stdout)
    assert "stranger" not in {item["metadata"]["name"] for item in found["installed"]}


def test_the_file_is_short_and_needs_the_standard_library_only() -> None:
    assert len(MODULE.read_text().splitlines()) <= 210
    code = f"exec(open({str(MODULE)!r}).read())"
    run(sys.executable, "-I", "-S", "-c", code, cwd=REPOSITORY)


@pytest.mark.parametrize(
    "url",
    [
        *("https://host.test/a.zip", "https://host.test/a.zip?author=me&sig=secret&x=1"),
        *("https://host.test/a.zip?x=1&X-Amz-Signature=secret", "https://secret@host.test/a.zip"),
        *("https://host.test/a.zip?token=secret#sha256=0", "https://me:secret@host.test/a.zip"),
        *("https://host.test/a.zip?Key-Pair-Id=secret", "https://host.test/a.zip?ticket=secret"),
        *("https://host.test/a.zip?username=secret", "https://host.test/a.zip?tok=secret"),
        *("https://host.test/ghp_" + "s3cret" * 6 + "/a.zip", "https://host.test/hf_transfer.zip"),
        *("ssh://git@host.test/r.git", "https://host.test/a.zip?passwd=secret&api_key=secret"),
    ],
)
def test_secrets_are_masked_as_by_reqdrift(url: str) -> None:
    found = reqdrift_inspect.masked(url)  # type: ignore[no-untyped-call]
    assert found == mask(without_user(url))
    assert "secret" not in found


def test_outside_of_ansible_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    reqdrift_inspect.main()  # type: ignore[no-untyped-call]  # Python 2.7 has no annotations
    assert json.loads(capsys.readouterr().out)["version"] == "1"
