"""Whatever bytes a project and its environment are made of: a report or one clear line."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from reqdrift.cli import main
from strategies import examples, requirement_lines
from support import make_environment

pytestmark = pytest.mark.usefixtures("project")

COMMANDS = (
    *(("check", "--format", name) for name in ("json", "text", "github", "gitlab", "sarif")),
    *(("check", "--format", name) for name in ("rich", "junit", "markdown")),
    *(("diff",), ("plan",), ("freeze",), ("why", "foo"), ("env",), ("verify",)),
)
ENDS = (b"\n", b"\r\n", b"\r", b"\\\n", b" \\\n", b"\x0c", b"\0", b"")
PIECES = (
    *(b"-r more.txt", b"-c more.txt", b"-r requirements.txt", b"-r .", b"-r /dev/zero", b"-e ."),
    *(b"-r https://h/x", b"-e lib", b"./lib", b"foo==1.0", b"Foo>=1", b"bar", b"--hash=sha256:0a"),
    *(b"# coding: utf-7", b"# coding: unicode_escape", b"# coding: punycode", b"# coding: nope"),
    *(b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"${HOME}", b"# reqdrift: ignore[", b"; extra=="),
    *(b"; python_full_version ~= 'x'", b"@ https://u:p@h/a-1-py3-none-any.whl#egg=b", b"[x", b"'"),
)


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """Bytes that are a requirements file more or less."""
    piece = st.sampled_from(PIECES) | requirement_lines().map(str.encode) | st.binary(max_size=9)
    lines = draw(st.lists(st.tuples(piece, st.sampled_from(ENDS)), max_size=6))
    return b"".join(part for line in lines for part in line)


def ran(folder: Path, words: tuple[str, ...]) -> tuple[int, str, str]:
    """The exit code and what is printed by a command in the folder."""
    before = Path.cwd()
    printed, err = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(printed, "utf-8", newline="")
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*words, "--debug"])
    finally:
        os.chdir(before)
    out.flush()
    # The lines of a patch are in the encoding of its file.
    return code, printed.getvalue().decode("utf-8", "replace"), err.getvalue()


def holds(folder: Path, words: tuple[str, ...]) -> None:
    """A known exit code; a failure says why, and a document is one."""
    code, out, err = ran(folder, words)
    event(f"{words[0]}: {code}")
    assert code in (0, 1, 2, 3), err
    assert out or err or code == 0
    assert "Traceback" not in err
    if "json" in words and code < 3:
        report = json.loads(out)
        assert bool(report["errors"]) is (code == 2)
    if words[-1] in ("text", "github"):
        assert out.replace("\n", "").isprintable()


# Of the encoding `unicode_escape`; it is an error in tests only.
@pytest.mark.filterwarnings("ignore:invalid escape sequence")
@given(contents(), contents(), st.sampled_from(COMMANDS))
@example(b"\xff\xfe", b"", ("diff",))
@example(b"# coding: unicode_escape\n\\\x00\n", b"", ("check", "--format", "json"))
@settings(examples(40))
def test_any_requirements_files(first: bytes, more: bytes, words: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / "lib").mkdir()
        (folder / "lib" / "setup.py").write_bytes(more)
        (folder / "requirements.txt").write_bytes(first)
        (folder / "more.txt").write_bytes(more)
        make_environment(folder / ".venv", "foo-1.0", "bar-2")
        holds(folder, words)


STEMS = (
    *("foo", "foo-1.0", "Foo._Bar-1.0", "foo-1.0_rc1", "foo-1-2-3", "", "-", "-1", "~oo-1.0"),
    *("ö-1", "a b-1", "foo-\n1", "foo-\x1b[31m", "foo-1.0-py3.9", "\udcff-1", "x" * 200),
)
NAMES = st.builds(
    "{}{}".format,
    st.sampled_from(STEMS),
    st.sampled_from([".dist-info", ".egg-info", ".egg", ".egg-link", ".pth", ".py", ".DIST-INFO"]),
)
INSIDE = ("METADATA", "PKG-INFO", "RECORD", "direct_url.json", "INSTALLER", "requires.txt")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["url", "vcs_info", "vcs", "commit_id", "dir_info", "editable", "hashes"]
            )
            | st.sampled_from(["archive_info", "hash", "requested_revision", "subdirectory"]),
            inner | st.sampled_from(["git", "https://h/x", "file:///x", "https://[", "sha256=0a"]),
            max_size=4,
        )
    ),
    max_leaves=8,
).map(lambda value: json.dumps(value).encode())
TEXTS = st.lists(
    st.sampled_from(
        [
            *(b"Name: foo\n", b"Name: ../x\n", b"Version: 1.0\n", b"Version: \n", b" folded\n"),
            *(b"Requires-Dist: bar>=1; extra == 'x'\n", b"Requires-Dist: foo (>=\n", b"[x:\n"),
            *(b"foo.py,sha256=0a,1\n", b"/etc/passwd,,\n", b'"', b"\0", b"\xff", b"src\n", b"/\n"),
            *(b"import os; os.abort()\n", b"..\n", b"version = 3.11\n", b"version_info = 3\n"),
            *(b"home = \0\n", b"include-system-site-packages = true\n", b"conda\n"),
        ]
    ),
    max_size=4,
).map(b"".join)
BYTES = TEXTS | JSON | st.binary(max_size=9)
# A file's bytes, a folder's files, or where a link leads.
ENTRIES = st.one_of(
    BYTES,
    st.dictionaries(st.sampled_from(INSIDE), BYTES, max_size=4),
    st.sampled_from([".", "nowhere", "/dev/null", "/"]),
)
TREES = st.dictionaries(NAMES, ENTRIES, max_size=5)


def plant(folder: Path, tree: dict[str, bytes | dict[str, bytes] | str]) -> None:
    for name, entry in tree.items():
        path = folder / name
        if isinstance(entry, bytes):
            path.write_bytes(entry)
        elif isinstance(entry, str):
            path.symlink_to(entry)
        else:
            path.mkdir()
            plant(path, dict(entry))


@given(TREES, TREES, TEXTS | st.none(), st.sampled_from(COMMANDS))
@settings(examples(40))
def test_any_environment(
    tree: dict[str, bytes | dict[str, bytes] | str],
    other: dict[str, bytes | dict[str, bytes] | str],
    settings_of_it: bytes | None,
    words: tuple[str, ...],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / "requirements.txt").write_text("foo==1.0\nbar[x]\n")
        site = make_environment(folder / ".venv")
        plant(site, tree)
        # On the path by a `.pth` line, and what an egg-link leads to.
        (site / "src").mkdir(exist_ok=True)
        plant(site / "src", other)
        (site / "src.pth").write_text("src\n")
        if settings_of_it is not None:
            (folder / ".venv" / "pyvenv.cfg").write_bytes(settings_of_it)
        holds(folder, words)
