"""Paths of another root file system, against the kernel's own chroot(2)."""

from __future__ import annotations

import errno
import os
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.environments.inside import RootPaths

NAMES = ("a", "b", "c", "..", ".")
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=5).map("/".join)
LINKS = st.builds("{}{}".format, st.sampled_from(("", "/", "//")), PATHS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "opt").mkdir(parents=True)
    return folder


def test_an_absolute_link_starts_at_the_root(root: Path) -> None:
    (root / "opt" / "file").write_text("inside")
    (root / "link").symlink_to("/opt/file")
    assert RootPaths(str(root)).at("/link") == f"{root}/opt/file"
    assert RootPaths(str(root)).real("/link") == "/opt/file"


def test_dots_at_the_root_stay_there(root: Path) -> None:
    (root / "opt" / "up").symlink_to("../../../../opt")
    paths = RootPaths(str(root))
    assert paths.at("/../../etc/passwd") == f"{root}/etc/passwd"
    assert paths.real("/opt/up/file") == "/opt/file"


def test_a_symbolic_link_loop_is_an_error(root: Path) -> None:
    (root / "a").symlink_to("/b")
    (root / "b").symlink_to("/a")
    with pytest.raises(OSError, match="/a") as raised:
        RootPaths(str(root)).at("/a")
    assert raised.value.errno == errno.ELOOP


@pytest.mark.parametrize("middle", ["missing", "file"])
def test_what_is_above_no_folder_does_not_exist(root: Path, middle: str) -> None:
    (root / "file").write_text("")
    assert not os.path.exists(RootPaths(str(root)).at(f"/{middle}/../opt"))


def test_a_nul_in_a_path_is_no_link(root: Path) -> None:
    assert RootPaths(str(root)).real("/opt/\0/x") == "/opt/\0/x"


def test_the_root_of_a_running_process_can_be_read(root: Path) -> None:
    """`/proc/PID/root` is a link that only the kernel can follow."""
    (root / "link").symlink_to("/opt")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.chroot(root)
            os.write(writing, b"y")
            signal.pause()
        finally:
            os.write(writing, b"n")
            os._exit(0)
    try:
        if os.read(reading, 1) != b"y":
            pytest.skip("this user may not change the root")
        opened = RootPaths(f"/proc/{child}/root").at("/link")
        assert os.path.samefile(opened, root / "opt")
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)


def kernel_says(root: str, path: str) -> tuple[int, int] | None:
    """Device and inode of a path after chroot(2); None if it leads nowhere."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer = b"-"
        try:
            os.chroot(root)
            found = os.stat(path)
            answer = f"{found.st_dev} {found.st_ino}".encode()
        except PermissionError:
            answer = b"?"
        except OSError:
            pass
        os.write(writing, answer)
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if answer == b"?":
        pytest.skip("this user may not change the root")
    device, _, inode = answer.decode().partition(" ")
    return None if answer == b"-" else (int(device), int(inode))


@given(st.dictionaries(PATHS, LINKS, max_size=6), st.lists(PATHS, max_size=3), PATHS)
def test_every_path_leads_where_the_kernel_leads_it(
    links: dict[str, str], folders: list[str], path: str
) -> None:
    with tempfile.TemporaryDirectory() as top:
        root = Path(top, "above", "root")
        root.mkdir(parents=True)
        for name in ("a", "b"):  # to be found by those who leave the root
            (root.parent / name).mkdir()
        paths = RootPaths(str(root))
        for folder in folders:
            if ".." not in folder:
                (root / folder).mkdir(parents=True, exist_ok=True)
        for link, target in links.items():
            place = root / link
            if ".." not in link and place.parent.is_dir() and not os.path.lexists(place):
                place.symlink_to(target)
        expected = kernel_says(str(root), f"/{path}")
        try:
            found = os.stat(paths.at(f"/{path}"))
        except OSError:
            assert expected is None
        else:
            assert (found.st_dev, found.st_ino) == expected
