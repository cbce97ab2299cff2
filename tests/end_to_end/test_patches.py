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


@pytest.mark.parametrize("make", [plain, worktree, submodule])
@pytest.mark.parametrize("cwd", ["", "deep", "deep/er", "beside"])
@pytest.mark.parametrize("file", ["requirements.txt", "deep/requirements.txt"])
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


@pytest.mark.parametrize("name", ["with space.txt", "ünï.txt", "q\"u\\o'te.txt", "tab\there.txt"])
@pytest.mark.parametrize(
    "text",
    [b"foo==1.0\r\nbar==1.0\r\n", b"bar==1.0\nfoo==1.0", b"bar==1.0\r\nfoo==1.0", b"foo==1.0"],
    ids=["CRLF", "unended", "unended CRLF", "one line"],
)
@pytest.mark.parametrize("attributes", ["", "* text=auto eol=crlf\n", "* -text\n"])
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


class TestOutside:
    """A file outside of the repository is in no patch but its own."""

    command = ""  # that the error names

    @pytest.fixture(params=["repository", "folder", "superproject"])
    def shop(self, request: pytest.FixtureRequest, root: Path) -> Path:
        """A project that includes what is elsewhere; base.txt is a decoy."""
        place = root if request.param == "superproject" else root / "else" / "where"
        include = "../base.txt" if request.param == "superproject" else "../else/where/base.txt"
        write(place / "base.txt", b"bar==0.9\n")
        if request.param == "repository":
            repository(root / "else" / "where")
        if request.param == "superproject":
            run_git("init", "-q", cwd=root)
        write(root / "shop" / "requirements.txt", f"-r {include}\nfoo==1.0\n".encode())
        write(root / "shop" / "base.txt", b"bar==0.9\n")
        write(root / "shop" / "else" / "where" / "base.txt", b"bar==0.9\n")
        return repository(root / "shop")

    def refused(self, cwd: Path, root: Path, *words: str | Path) -> str:
        """The files that are named by the error; there is no patch."""
        before = contents(root)
        done = reqdrift("diff", "--python", root / "env", *words, cwd=cwd)
        assert (done.returncode, done.stdout) == (2, "")
        assert contents(root) == before
        message = done.stderr.removeprefix("reqdrift: not in the repository of the working ")
        files, _, self.command = message.partition("; to change all without a patch: ")
        return files.removeprefix("directory: ")

    def base(self, shop: Path) -> Path:
        include = (shop / "requirements.txt").read_text().split()[1]
        return (shop / include).resolve()

    def test_what_the_error_says_leads_to_the_end(self, shop: Path, root: Path) -> None:
        before = contents(root)
        base = self.base(shop)
        assert self.refused(shop, root) == str(base)
        done = shell(self.command, shop)
        assert (done.returncode, done.stderr) == (0, b"")
        text = (shop / "requirements.txt").read_bytes().replace(b"foo==1.0", b"foo==2.0")
        changed = {str(base.relative_to(root)): b"bar==1.0\n", "shop/requirements.txt": text}
        assert contents(root) == {**before, **changed}
        assert reqdrift("--python", root / "env", cwd=shop).returncode == 0

    def test_each_has_a_patch_of_its_own(self, shop: Path, root: Path) -> None:
        before = contents(root)
        base = self.base(shop)
        assert self.refused(shop, root) == str(base)
        patch, said = diff(base.parent, base.name, "--python", root / "env", "--ignore=foo")
        assert "the patch applies" not in said
        assert shell("git apply", base.parent, patch).returncode == 0
        changed = {**before, str(base.relative_to(root)): b"bar==1.0\n"}
        assert contents(root) == changed
        patch, said = diff(shop, "--python", root / "env")
        assert said == ""
        assert shell("git apply", shop, patch).returncode == 0
        text = (shop / "requirements.txt").read_bytes()
        assert contents(root) == {**changed, "shop/requirements.txt": text}
        assert reqdrift("--python", root / "env", cwd=shop).returncode == 0


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
