"""What is asked of a git repository, and what is not known where git refuses."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.environments.checkouts import read_checkout
from reqdrift.values.details import Checkout
from strategies import examples
from support import run, run_git

URL = "https://example.org/a/kite"
FILES = (
    *("HEAD", "config", "config.worktree", "commondir", "packed-refs", "objects/00/00"),
    *("refs/heads/REVISION", "refs/tags/REVISION", "refs/heads/x"),
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits: v1 and v1a name the first, v2 and v2a the second; `a` ends on annotated tags."""
    folder = tmp_path / "kite"
    run_git("init", "--quiet", "--initial-branch", "main", folder, cwd=tmp_path)
    for version in ("1", "2"):
        run_git("commit", "--quiet", "--allow-empty", "-m", version, cwd=folder)
        run_git("tag", f"v{version}", cwd=folder)
        run_git("tag", "--annotate", "-m", version, f"v{version}a", cwd=folder)
    run_git("tag", "--annotate", "-m", "a tag of a tag", "twice", "v1a", cwd=folder)
    run_git("branch", "topic/old", "v1", cwd=folder)
    run_git("remote", "add", "origin", URL, cwd=folder)
    run_git("update-ref", "refs/remotes/origin/other", "v1", cwd=folder)
    return folder


def commit_of(folder: Path, revision: str = "HEAD") -> str:
    return run_git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", cwd=folder)


def read(folder: Path, revision: str = "") -> Checkout:
    found = read_checkout(str(folder), revision)
    assert found is not None
    return found


REVISIONS = (
    *("main", "topic/old", "v1", "v1a", "v2", "v2a", "twice", "heads/main", "tags/v1a", "HEAD"),
    *("refs/heads/topic/old", "origin/other", "remotes/origin/other"),
)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_is_what_git_resolves_it_to(
    repository: Path, revision: str, packed: bool
) -> None:
    if packed:
        run_git("pack-refs", "--all", cwd=repository)
    found = read(repository, revision)
    assert found.commit == commit_of(repository)
    assert set(found.refs.values()) == {commit_of(repository, revision)}


def test_a_branch_of_a_remote_goes_without_the_remotes_name(repository: Path) -> None:
    assert read(repository, "other").refs == {
        "refs/remotes/origin/other": commit_of(repository, "v1")
    }


@pytest.mark.parametrize(
    "revision",
    [
        *("v9", "../../kite/.git/HEAD", "", "heads//main", "\0", ".", "heads", "tags", "topic"),
        *("v[12]", "v?", "*", "**", "\\v1", "-v1", "--all", "v1^{}", "@{u}", "\udcff", "\ud800"),
    ],
)
def test_what_is_no_ref(repository: Path, revision: str) -> None:
    assert read(repository, revision).refs == {}


def test_annotated_tags_whose_objects_are_packed(repository: Path) -> None:
    run_git("repack", "-a", "-d", "-q", cwd=repository)
    run_git("prune-packed", cwd=repository)
    assert read(repository, "v1a").refs == {"refs/tags/v1a": commit_of(repository, "v1")}
    assert read(repository, "v2").refs == {"refs/tags/v2": commit_of(repository)}
    # As git before 1.7 packed refs.
    run_git("pack-refs", "--all", cwd=repository)
    packed = repository / ".git" / "packed-refs"
    lines = [line for line in packed.read_text().splitlines() if line[0] not in "#^"]
    packed.write_text("\n".join(lines) + "\n")
    assert read(repository, "v1a").refs == {"refs/tags/v1a": commit_of(repository, "v1")}


def test_a_tag_of_no_commit_is_open(repository: Path) -> None:
    run_git("tag", "tree", "v1^{tree}", cwd=repository)
    run_git("tag", "--annotate", "-m", "x", "tree-a", "v1^{tree}", cwd=repository)
    for revision in ("tree", "tree-a"):
        assert read(repository, revision).refs == {f"refs/tags/{revision}": ""}


def test_a_loose_ref_hides_the_packed_one(repository: Path) -> None:
    run_git("pack-refs", "--all", cwd=repository)
    run_git("tag", "--force", "v1a", "v2", cwd=repository)
    assert read(repository, "v1a").refs == {"refs/tags/v1a": commit_of(repository, "v2")}


def test_a_detached_head(repository: Path) -> None:
    run_git("checkout", "--quiet", "v1", cwd=repository)
    assert read(repository).commit == commit_of(repository, "v1")


def test_a_worktree_has_its_own_head_and_the_refs_of_all(repository: Path, tmp_path: Path) -> None:
    run_git("worktree", "add", "--quiet", "--detach", tmp_path / "tree", "v1", cwd=repository)
    found = read(tmp_path / "tree", "main")
    assert found.commit == commit_of(repository, "v1")
    assert found.refs == {"refs/heads/main": commit_of(repository)}
    assert found.top == str(tmp_path / "tree")
    assert not found.own


def test_into_the_projects_own_repository_nobody_looks(repository: Path, tmp_path: Path) -> None:
    run_git("worktree", "add", "--quiet", "--detach", tmp_path / "tree", "v1", cwd=repository)
    (repository / "sub").mkdir()
    for project in (repository, repository / "sub", tmp_path / "tree"):
        for folder in (repository, repository / "sub", tmp_path / "tree"):
            top = str(tmp_path / "tree" if folder == tmp_path / "tree" else repository)
            assert read_checkout(str(folder), "v1", str(project)) == Checkout(top, own=True)
    found = read_checkout(str(repository), "v1", str(tmp_path))
    assert found == read(repository, "v1")


def test_a_submodule_is_a_repository_of_its_own(repository: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    run_git("init", "--quiet", outer, cwd=tmp_path)
    allowed = ("-c", "protocol.file.allow=always")
    run_git(*allowed, "submodule", "--quiet", "add", repository.as_uri(), "sub", cwd=outer)
    found = read_checkout(str(outer / "sub"), "main", str(outer))
    assert found
    assert found.commit == commit_of(repository)
    assert found.remotes == (repository.as_uri(),)
    assert found.top == str(outer / "sub")


def test_a_separate_git_folder_and_a_bare_one(repository: Path, tmp_path: Path) -> None:
    where = ("--separate-git-dir", tmp_path / "elsewhere.git")
    run_git("clone", "--quiet", *where, repository, "clone", cwd=tmp_path)
    (tmp_path / "clone" / "sub").mkdir()
    assert read(tmp_path / "clone" / "sub").commit == commit_of(repository)
    run_git("clone", "--quiet", "--bare", repository, "bare.git", cwd=tmp_path)
    assert read(tmp_path / "bare.git", "v1a").refs == {"refs/tags/v1a": commit_of(repository, "v1")}


def test_another_format_of_refs(repository: Path, tmp_path: Path) -> None:
    words = ("clone", "--quiet", "--ref-format=reftable", repository, "clone")
    if run("git", *words, cwd=tmp_path, check=False).returncode:
        pytest.skip("this git knows no reftable")
    found = read(tmp_path / "clone", "main")
    assert found.commit == commit_of(repository)
    assert set(found.refs.values()) == {commit_of(repository)}
    assert found.remotes == (str(repository.as_uri()),)


def test_of_a_broken_repository_the_one_around_it_does_not_answer(repository: Path) -> None:
    (repository / "inner" / ".git").mkdir(parents=True)
    assert read(repository / "inner", "main") == Checkout(str(repository / "inner"))


def test_nothing_is_known_of_the_repository_of_another_user(repository: Path) -> None:
    try:
        os.chown(repository / ".git", 12345, 12345)
        os.chown(repository, 12345, 12345)
    except OSError:
        pytest.skip("only root can give a folder away")
    assert read(repository, "main") == Checkout(str(repository))


def test_git_finds_the_repository_and_not_what_a_hook_has_in_its_variables(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = read(repository, "main")
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert read(repository, "main") == expected


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        (URL, URL),
        ("https://user:secret@example.org/a/kite.git", "https://example.org/a/kite.git"),
        ("git@example.org:a/kite.git", "ssh://example.org/a/kite.git"),
        ("example.org:/a/kite", "ssh://example.org/a/kite"),
        ("../up", "file://{up}"),
        ("{up}", "file://{up}"),
        ("file://{up}", "file://{up}"),
        # Quoted in the configuration.
        ("https://example.org/a#b;c \\d", "https://example.org/a#b;c \\d"),
    ],
)
def test_remotes_as_urls(repository: Path, remote: str, url: str) -> None:
    up = repository.parent / "up"
    up.mkdir()
    run_git("remote", "set-url", "origin", remote.format(up=up), cwd=repository)
    run_git("remote", "add", 'odd"name', "https://example.org/fork", cwd=repository)
    found = read(repository)
    assert found.remotes == (url.format(up=up), "https://example.org/fork")


def test_instead_of(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / ".gitconfig"))
    run_git("remote", "set-url", "origin", "eg:kite", cwd=repository)
    run_git("config", "url.https://example.org/.insteadOf", "eg", cwd=repository)
    text = '[url "https://example.org/a/"]\n\tinsteadOf = eg: # short\n'
    (tmp_path / ".gitconfig").write_text(text)
    assert read(repository).remotes == ("ssh://eg/kite", URL)
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    assert run_git("remote", "get-url", "origin", cwd=repository, env=environ) == URL


def test_a_remote_of_an_included_configuration(repository: Path) -> None:
    run_git("config", "include.path", "more", cwd=repository)
    assert read(repository).remotes == (URL,)
    (repository / ".git" / "more").write_text(f'[remote "up"]\nurl = {URL}-2\n')
    assert read(repository).remotes == (URL, f"{URL}-2")


CONFIGURATION = f"""\
[core] bare = false
# [remote "none"]
[Remote "one"] url = {URL}/1
\tURL = {URL}/2 ; two
[remote.three]
url="{URL}/"3\\
4
[branch "main"]
url = {URL}/5
[remote "none"
"""


def test_the_syntax_of_a_configuration(repository: Path) -> None:
    config = repository / ".git" / "config"
    config.write_text(CONFIGURATION.removesuffix('[remote "none"\n'))
    listed = run_git("config", "--get-regexp", r"^remote\..*\.url$", cwd=repository)
    urls = tuple(line.split()[1] for line in listed.splitlines())
    assert read(repository).remotes == urls == tuple(f"{URL}/{n}" for n in ("1", "2", "34"))
    config.write_text(CONFIGURATION)
    assert read(repository) == Checkout(str(repository))


@pytest.mark.parametrize(
    "data", [b"", b"x", zlib.compress(b"tree 3\0abc"), zlib.compress(b"tag 0\0")]
)
def test_a_damaged_object_leaves_its_tag_open(repository: Path, data: bytes) -> None:
    tag = run_git("rev-parse", "v1a", cwd=repository)
    path = repository / ".git" / "objects" / tag[:2] / tag[2:]
    path.chmod(0o644)
    path.write_bytes(data)
    assert not any(read(repository, "v1a").refs.values())


def test_a_damaged_git_file(tmp_path: Path) -> None:
    for text in ("", "gitdir: ", "gitdir: \0", "gitdir: .", "gitdir: /dev/null", "x" * 9999):
        (tmp_path / ".git").write_text(text)
        found = read(tmp_path, "main")
        assert (found.commit, found.remotes, any(found.refs.values())) == ("", (), False)


@examples(20)
@given(st.dictionaries(st.sampled_from(FILES), st.binary(max_size=120)), st.text(max_size=9))
def test_no_bytes_in_a_repository_are_more_than_data(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], revision: str
) -> None:
    top = tmp_path_factory.mktemp("any")
    for name, data in files.items():
        path = top / ".git" / name.replace("REVISION", revision if revision.isalnum() else "x")
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(data)
    found = read_checkout(str(top), revision)
    if files:
        assert found is not None
        commits = {found.commit, *found.refs.values()} - {""}
        assert all(len(commit) in (40, 64) for commit in commits)
