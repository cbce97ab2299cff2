"""The patch of `reqdrift diff`, applied by git and patch from wherever one stands.

It must change the file that it is about and no other, and say where it applies if that is not here.
Each project has decoys: files of the same name and content.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support import SCRIPTS, clean_environ, make_environment, reqdrift, run_git

BEFORE, AFTER = b"foo==1.0\nbar==1.0\n", b"foo==2.0\nbar==1.0\n"
_APPLIES = re.compile(r"reqdrift: the patch applies in (.*?)(?:: (git -C .* apply))?\n")


def contents(folder: Path) -> dict[str, bytes]:
    """The requirements files below a folder, links as what they lead to."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".git", "env"} & set(path.relative_to(folder).parts)
    }


def shell(command: str, cwd: Path, patch: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    env = clean_environ(PATH=f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}")
    return subprocess.run(
        ["sh", "-c", command], cwd=cwd, env=env, input=patch, capture_output=True, check=False
    )


def diff(cwd: Path, *words: str | Path) -> tuple[bytes, str]:
    """The patch, and what is said beside it."""
    command = [SCRIPTS / "reqdrift", "diff", *words]
    done = subprocess.run(command, cwd=cwd, env=clean_environ(), capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout, done.stderr.decode()


def repository(folder: Path) -> Path:
    """A repository with what is in the folder."""
    run_git("init", "-q", cwd=folder)
    run_git("add", "--all", cwd=folder)
    run_git("commit", "-q", "--allow-empty", "-m", "first", cwd=folder)
    return folder


def write(path: Path, data: bytes = BEFORE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in no repository, with the environment; the projects are made in it."""
    make_environment(tmp_path / "env", "foo-2.0", "bar-1.0")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plain(root: Path) -> Path:
    return repository(root / "shop")


def worktree(root: Path) -> Path:
    repository(root / "shop")
    run_git("worktree", "add", "-q", "../tree", cwd=root / "shop")
    return root / "tree"


def submodule(root: Path) -> Path:
    above = root / "above"
    write(above / "requirements.txt")
    write(above / "deep" / "requirements.txt")
    repository(above)
    allowed = ("-c", "protocol.file.allow=always")
    source = repository(root / "shop")
    run_git(*allowed, "submodule", "--quiet", "add", source, "deep/shop", cwd=above)
    return above / "deep" / "shop"


@pytest.mark.parametrize(
    ("make", "cwd", "file"),
    [
        (plain, "", "requirements.txt"),
        (plain, "deep", "requirements.txt"),
        (plain, "deep/er", "deep/requirements.txt"),
        (worktree, "beside", "deep/requirements.txt"),
        (worktree, "", "deep/requirements.txt"),
        (submodule, "deep", "deep/requirements.txt"),
        (submodule, "beside", "requirements.txt"),
    ],
)
def test_only_the_file_itself_changes(
    root: Path, make: Callable[[Path], Path], cwd: str, file: str
) -> None:
    decoys = ("requirements.txt", "deep/requirements.txt", "beside/requirements.txt")
    for name in (*decoys, "deep/er/requirements.txt", "deep/deep/requirements.txt"):
        write(root / "shop" / name)
    top = make(root)
    here = (top / cwd).resolve()
    before = contents(root)
    patch, said = diff(here, top / file, "--python", root / "env")
    changed = {**before, str((top / file).relative_to(root)): AFTER}

    applies = _APPLIES.fullmatch(said)
    if here == top:
        assert said == ""
        command = "git apply"
    else:
        assert applies, said
        assert applies[1] == str(top)
        command = applies[2]
        # As typed without reading on: done, or passed over without a word.
        assert shell("git apply", here, patch).returncode == 0
        assert contents(root) in (before, changed)
        run_git("checkout", "-q", ".", cwd=top)
    for applying in (command, f"patch -p1 --silent --directory '{top}'"):
        done = shell(applying, here, patch)
        assert done.returncode == 0, done.stderr
        assert contents(root) == changed
        run_git("checkout", "-q", ".", cwd=top)
    assert reqdrift("fix", top / file, "--python", root / "env", cwd=here).returncode == 0
    assert contents(root) == changed


@pytest.mark.parametrize(
    ("name", "text", "attributes"),
    [
        ("with space.txt", b"foo==1.0\r\nbar==1.0\r\n", ""),
        ("with space.txt", b"foo==1.0\r\nbar==1.0\r\n", "* text=auto eol=crlf\n"),
        ("ünï.txt", b"bar==1.0\nfoo==1.0", "* text=auto eol=crlf\n"),
        ("q\"u\\o'te.txt", b"bar==1.0\r\nfoo==1.0", "* -text\n"),
        ("tab\there.txt", b"foo==1.0", ""),
    ],
)
def test_odd_names_and_line_ends_from_a_subfolder(
    root: Path, name: str, text: bytes, attributes: str
) -> None:
    top = root / "a shop; $HOME"
    write(top / "it's" / name, text)
    write(top / "it's" / "it's" / name, text)
    (top / ".gitattributes").write_text(attributes)
    repository(top)
    before = contents(root)
    if b"bar" not in text:
        shutil.rmtree(next(root.glob("env/lib/*/site-packages/bar-1.0.dist-info")))
    patch, said = diff(top / "it's", name, "--python", root / "env")
    command = said.partition(f"applies in {top}: ")[2].strip()
    done = shell(command, top / "it's", patch)
    assert (done.returncode, command[:6]) == (0, "git -C"), (said, done.stderr)
    fixed = text.replace(b"foo==1.0", b"foo==2.0")
    if "eol=crlf" in attributes:  # git then writes no other line ends
        fixed = fixed.replace(b"\r", b"").replace(b"\n", b"\r\n")
    assert contents(root) == {**before, f"a shop; $HOME/it's/{name}": fixed}


@pytest.mark.parametrize("place", ["repository", "folder", "superproject"])
def test_a_file_outside_of_the_repository_is_in_no_patch_but_its_own(
    root: Path, place: str
) -> None:
    """The project includes what is elsewhere; its own base.txt is a decoy."""
    include = "../base.txt" if place == "superproject" else "../else/where/base.txt"
    base = (root / "shop" / include).resolve()
    write(base, b"bar==0.9\n")
    if place == "repository":
        repository(base.parent)
    if place == "superproject":
        run_git("init", "-q", cwd=root)
    for name in ("base.txt", "else/where/base.txt"):
        write(root / "shop" / name, b"bar==0.9\n")
    text = f"-r {include}\nfoo==1.0\n".encode()
    write(root / "shop" / "requirements.txt", text)
    shop = repository(root / "shop")
    before = contents(root)
    python = ("--python", root / "env")
    done = reqdrift("diff", *python, cwd=shop)
    assert (done.returncode, done.stdout, contents(root)) == (2, "", before)
    message = f"reqdrift: not in the repository of the working directory: {base}; to change all"
    begin, _, command = done.stderr.partition(" without a patch: ")
    assert begin == message
    # What has a patch of its own.
    patch, said = diff(base.parent, base.name, *python, "--ignore=foo")
    assert "the patch applies" not in said
    assert shell("git apply", base.parent, patch).returncode == 0
    changed = {**before, str(base.relative_to(root)): b"bar==1.0\n"}
    assert contents(root) == changed
    # What the error says leads to the end.
    base.write_bytes(b"bar==0.9\n")
    assert shell(command, shop).returncode == 0
    fixed = text.replace(b"foo==1.0", b"foo==2.0")
    assert contents(root) == {**changed, "shop/requirements.txt": fixed}
    assert reqdrift(*python, cwd=shop).returncode == 0


@pytest.mark.parametrize("make", [worktree, submodule])
def test_a_repository_beside_or_inside_another_has_its_own(
    root: Path, make: Callable[[Path], Path]
) -> None:
    write(root / "shop" / "requirements.txt")
    inner = make(root)
    outer = root / "above" if make is submodule else root / "shop"
    for top in (inner, outer):
        (top / "both.txt").write_text(
            f"-r {os.path.relpath(inner, top)}/requirements.txt\n"
            f"-r {os.path.relpath(outer, top)}/requirements.txt\n"
        )
        done = reqdrift("diff", "both.txt", "--python", root / "env", cwd=top)
        assert (done.returncode, done.stdout) == (2, "")
        other = (outer if top is inner else inner) / "requirements.txt"
        shown = other.relative_to(top) if top in other.parents else other
        assert f" directory: {shown}; to change all" in done.stderr
