"""RECORD against the files of another root file system: nothing outside of it is read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import reqdrift
from verified import FILES, Captured, VerifiedRoot, found

SITE = "/opt/venv/lib/python3.11/site-packages"
DOTS = "../" * 30


@pytest.fixture
def lantern(project: Path, capsys: Captured) -> VerifiedRoot:
    made = VerifiedRoot(project, capsys)
    made.install("lantern-1.0")
    return made


@pytest.fixture
def outside(lantern: VerifiedRoot, tmp_path: Path) -> Path:
    """A copy of the packages that is outside of the root."""
    return Path(shutil.copytree(lantern.site, tmp_path / "outside"))


def test_as_installed(lantern: VerifiedRoot) -> None:
    assert lantern.verify("--unrecorded") == []
    assert lantern.code == 0
    assert lantern.last.startswith(
        "clean; 4 files of 1 distribution compared (0.0 MB); image/opt/venv ("
    )


def test_a_finding_is_where_it_is_on_this_machine(lantern: VerifiedRoot) -> None:
    (lantern.site / "lantern/wick.py").write_text("")
    message = "lantern/wick.py of lantern 1.0 does not match RECORD (0 bytes, RECORD says 9)"
    assert lantern.verify() == found(message)
    assert lantern.out.startswith(f"image{SITE}/lantern/wick.py: modified: ")
    python = "--python /opt/venv/bin/python --no-cache --reinstall --no-deps lantern==1.0"
    assert f"hint: inside image, to reinstall it: uv pip install {python}\n" in lantern.out


def test_the_command_names_the_interpreter_inside(lantern: VerifiedRoot) -> None:
    lantern.install("pip-24.0", {})
    (lantern.site / "lantern/wick.py").write_text("")
    command = "/opt/venv/bin/python -m pip install --force-reinstall --no-deps lantern==1.0"
    lantern.verify()
    assert f"hint: inside image, to reinstall it: {command}\n" in lantern.out
    (lantern.root / "opt/venv/bin/python").unlink()
    lantern.verify()
    assert f": {command.removeprefix('/opt/venv/bin/')}\n" in lantern.out


def test_the_command_names_one_interpreter_of_several(lantern: VerifiedRoot) -> None:
    shutil.move(lantern.root / "opt/venv", lantern.root / "usr")
    (lantern.root / "usr/pyvenv.cfg").unlink()
    (lantern.root / "usr/lib/python3.11/os.py").write_text("")
    (lantern.root / "usr/bin/python3.11").write_text("")
    (lantern.root / "usr/lib/python3.11/site-packages/lantern/wick.py").write_text("")
    lantern.verify()
    assert ": uv pip install --python /usr/bin/python3.11 " in lantern.out


def test_each_kind_of_difference(lantern: VerifiedRoot) -> None:
    (lantern.site / "lantern/wick.py").unlink()
    (lantern.site / "lantern/extra.py").write_text("")
    (lantern.site / "lantern-1.0.dist-info" / "METADATA").unlink()
    assert sorted(lantern.verify("--unrecorded")) == found(
        "lantern-1.0.dist-info/METADATA of lantern 1.0 is missing",
        "lantern/extra.py is in no distribution's RECORD",
        "lantern/wick.py of lantern 1.0 is missing",
    )


@pytest.mark.parametrize("target", ["{outside}", f"{DOTS}..{{outside}}"])
@pytest.mark.parametrize("name", ["lantern/wick.py", "lantern"])
def test_a_link_that_leads_out_is_dangling(
    lantern: VerifiedRoot, outside: Path, name: str, target: str
) -> None:
    """The file outside would match."""
    path = lantern.site / name
    shutil.move(path, lantern.site.parent / "moved")
    path.symlink_to(f"{target.format(outside=outside)}/{name}")
    first = lantern.verify("--unrecorded")[0]
    how = "is a dangling link" if name.endswith(".py") else "is missing (2 files)"
    assert first.endswith(how)


@pytest.mark.parametrize("name", ["RECORD", "INSTALLER", "METADATA"])
def test_metadata_is_not_read_outside(lantern: VerifiedRoot, outside: Path, name: str) -> None:
    path = lantern.site / "lantern-1.0.dist-info" / name
    path.unlink()
    path.symlink_to(outside / "lantern-1.0.dist-info" / name)
    assert lantern.verify() != []
    assert lantern.code == 1


def test_a_link_inside_is_followed(lantern: VerifiedRoot) -> None:
    """As uv and pex link into a store: by absolute paths, which are those of the root."""
    store = lantern.root / "srv/store"
    store.mkdir(parents=True)
    for name in FILES:
        path = lantern.site / name
        path.rename(store / path.name)
        path.symlink_to(f"/srv/store/{path.name}")
    assert lantern.verify("--unrecorded") == []
    (store / "wick.py").write_text("")
    assert len(lantern.verify()) == 1


def test_a_folder_of_packages_may_be_a_link(lantern: VerifiedRoot) -> None:
    (lantern.root / "srv").mkdir()
    lantern.site.rename(lantern.root / "srv/packages")
    lantern.site.symlink_to("/srv/packages")
    assert lantern.verify("--unrecorded") == []
    assert lantern.code == 0
    (lantern.root / "srv/packages/lantern/wick.py").write_text("")
    assert len(lantern.verify()) == 1


def test_absolute_paths_of_a_list_are_inside(lantern: VerifiedRoot) -> None:
    script = lantern.root / "opt/venv/bin/glow"
    script.write_text("")
    record = lantern.site / "lantern-1.0.dist-info/RECORD"
    record.write_text(f"{record.read_text()}/opt/venv/bin/glow,,0\n")
    assert lantern.verify() == []
    script.unlink()
    assert lantern.verify() == found("bin/glow of lantern 1.0 is missing")


@pytest.mark.parametrize("path", [f"{DOTS}etc/passwd", "/etc/passwd", "{outside}/lantern/wick.py"])
def test_a_listed_path_that_leads_out_is_not_read(
    lantern: VerifiedRoot, outside: Path, path: str
) -> None:
    record = lantern.site / "lantern-1.0.dist-info/RECORD"
    record.write_text(f"{record.read_text()}{path.format(outside=outside)},,\n")
    (line,) = lantern.verify()
    assert line.startswith("broken: the RECORD of lantern 1.0 lists ")
    assert line.endswith("which is outside of the environment and is not read")


def test_unlisted_folders_are_counted_inside(lantern: VerifiedRoot, outside: Path) -> None:
    (lantern.site / "linked").symlink_to(outside)
    (lantern.site / "extra").mkdir()
    (lantern.site / "extra/one.py").write_text("")
    assert sorted(lantern.verify("--unrecorded")) == found(
        "extra/ is in no distribution's RECORD (1 file)",
        "linked is in no distribution's RECORD",
    )


def test_symbolic_link_loops_are_findings(lantern: VerifiedRoot) -> None:
    shutil.rmtree(lantern.site / "lantern")
    (lantern.site / "lantern").symlink_to("lantern")
    broken, modified = lantern.verify("--unrecorded")
    assert broken.startswith("broken: lantern/ of lantern 1.0 cannot be read: ")
    assert broken.endswith("(2 files)")
    assert modified == "modified: lantern is in no distribution's RECORD"


def test_an_egg_has_a_list_inside(lantern: VerifiedRoot) -> None:
    info = lantern.site / "rope-2.0.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: rope\nVersion: 2.0\n")
    (lantern.site / "rope.py").write_text("")
    (info / "installed-files.txt").write_text("../rope.py\nPKG-INFO\n")
    assert lantern.verify("--unrecorded") == []
    (lantern.site / "rope.py").unlink()
    assert lantern.verify() == found("rope.py of rope 2.0 is missing")


def test_from_python(lantern: VerifiedRoot) -> None:
    report = reqdrift.verify(root=str(lantern.root))
    assert (report.verdict, report.findings) == ("clean", ())
    os.truncate(lantern.site / "lantern/wick.py", 0)
    (finding,) = reqdrift.verify(root=str(lantern.root)).findings
    assert finding.at.file == f"{lantern.site}/lantern/wick.py"
