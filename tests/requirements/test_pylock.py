"""`pylock.toml` as requirements: what each entry asks for, where it is, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker

from reqdrift.requirements import is_pylock, read_requirements
from reqdrift.requirements.pylock import choices_in, without_choices
from reqdrift.standards.pep440 import marker_holds
from reqdrift.values import Python, Requirement, Requirements
from reqdrift.values.details import LockEntry
from support import reads_locks

pytestmark = reads_locks
HASH = "0a" * 32
HEAD = 'lock-version = "1.0"\ncreated-by = "a test"\n'
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def entry(name: str, *lines: str) -> str:
    return "\n".join(["[[packages]]", f'name = "{name}"', *lines, ""])


def release(name: str, version: str, *lines: str) -> str:
    wheel = f"{name}-{version}-py3-none-any.whl"
    file = f'{{ name = "{wheel}", url = "https://host/{wheel}", hashes = {{ sha256 = "{HASH}" }} }}'
    return entry(name, f'version = "{version}"', *lines, f"wheels = [{file}]")


def read(folder: Path, text: str, name: str = "pylock.toml", **more: object) -> Requirements:
    (folder / name).write_text(text)
    return read_requirements([str(folder / name)], **more)  # type: ignore[arg-type]


def one(folder: Path, text: str) -> Requirement:
    found = read(folder, HEAD + text)
    assert not found.errors
    (requirement,) = found.requirements
    return requirement


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("pylock.toml", True),
        ("/a/pylock.dev.toml", True),
        ("pylock.txt", False),
        ("mypylock.toml", False),
        ("pyproject.toml", False),
    ],
)
def test_the_name_says_what_is_a_lock(name: str, is_one: bool) -> None:
    assert is_pylock(name) == is_one


class TestEntries:
    def test_a_release_is_pinned_at_its_line(self, tmp_path: Path) -> None:
        found = read(tmp_path, HEAD + "\n" + release("foo", "1.0") + release("bar", "2.0"))
        foo, bar = found.requirements
        path = str(tmp_path / "pylock.toml")
        assert foo.origin == LockEntry(path, 4)
        assert (bar.at.line, bar.pin, bar.text) == (8, "2.0", "bar==2.0")
        assert bar.hashes == (f"sha256:{HASH}",)
        assert found.files[0].requirements == 2

    def test_an_odd_version_is_no_text_to_compare(self, tmp_path: Path) -> None:
        found = one(tmp_path, release("foo", "1.0-rc1").replace("1.0-rc1-py3", "1.0rc1-py3"))
        assert (found.pin, found.specifier) == (None, "==1.0-rc1")

    def test_the_file_says_the_version_if_the_entry_does_not(self, tmp_path: Path) -> None:
        text = release("foo", "1.5").replace('version = "1.5"\n', "")
        assert one(tmp_path, text).pin == "1.5"

    def test_a_commit(self, tmp_path: Path) -> None:
        table = f'type = "git", url = "https://user:pass@host/a", commit-id = "{COMMIT}"'
        found = one(tmp_path, entry("foo", 'version = "1.0"', f"vcs = {{ {table} }}"))
        assert found.source
        assert (found.source.kind, found.source.revision) == ("vcs", COMMIT)
        assert found.text == f"foo @ git+https://user:pass@host/a@{COMMIT}"
        assert found.specifier == ""

    def test_a_folder_is_relative_to_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "lib").mkdir()
        found = one(tmp_path, entry("foo", 'directory = { path = "lib", editable = true }'))
        assert found.source
        assert (found.source.folders, found.source.editable) == ((str(tmp_path / "lib"),), True)

    def test_an_archive(self, tmp_path: Path) -> None:
        table = f'url = "https://host/foo-1.0.zip", hashes = {{ sha256 = "{HASH}" }}'
        found = one(tmp_path, entry("foo", 'version = "1.0"', f"archive = {{ {table} }}"))
        assert found.source
        assert (found.source.kind, found.specifier) == ("archive", "==1.0")
        assert found.hashes == (f"sha256:{HASH}",)

    def test_entries_that_are_written_otherwise_are_at_the_first_line(self, tmp_path: Path) -> None:
        table = f'name = "foo", vcs = {{type = "git", url = "https://h/a", commit-id = "{COMMIT}"}}'
        assert one(tmp_path, f"packages = [{{ {table} }}]\n").at.line == 1


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "line", "message"),
        [
            ("six==1.0\n", 1, "not valid TOML: "),
            ("[[packages]]\n", 1, "missing required value in 'packages[0].name'"),
            (HEAD.replace("1.0", "2.0") + "packages = []\n", None, "pylock version 2.0 is not"),
            ("x = " + "[" * 100_000, None, "nested too deeply"),
            (
                release("foo", "1.0") + release("bar", "1.0").replace("bar-1.0-py", "baz-1.0-py"),
                7,
                "name in 'baz-1.0-py3-none-any.whl' is not consistent",
            ),
            (
                release("foo", "1.0").replace("py3-none", "a." * 200 + "b-none"),
                3,
                "a file name longer than 255 characters",
            ),
        ],
    )
    def test_what_pep_751_does_not_allow(
        self, tmp_path: Path, text: str, line: int | None, message: str
    ) -> None:
        is_whole = text.startswith(("six", "lock", "x"))
        (error,) = read(tmp_path, text if is_whole else HEAD + text).errors
        assert error.at
        assert error.message.startswith(message)
        assert error.at.line == (line + 2 if line == 1 and not is_whole else line)


PYTHON = Python("3.11.7")
NAMES = ("dev", "Docs", "web_ui")
COMPARISONS = (
    *("python_version >= '3.8'", "python_version < '3'", 'sys_platform == "nowhere"'),
    *("os_name not in 'nt,java'", "'3' in python_full_version"),
    *(
        f"{quote}{name}{quote} {how} {variable}"
        for name in NAMES
        for variable in ("extras", "dependency_groups")
        for how, quote in (("in", "'"), ("not in", '"'), ("not  in", "'"))
    ),
)
markers = st.recursive(
    st.sampled_from(COMPARISONS),
    lambda inner: st.builds(
        "{0}{1} {2} {3}{4}".format,
        *(st.just("("), inner, st.sampled_from(["and", "or"]), inner, st.just(")")),
    ),
    max_leaves=8,
)
chosen_names = st.frozensets(st.sampled_from(("dev", "docs", "web-ui")))


@reads_locks
@given(markers, chosen_names, chosen_names, st.booleans())
def test_what_is_left_holds_where_the_marker_does(
    marker: str, extras: frozenset[str], groups: frozenset[str], bare: bool
) -> None:
    marker = marker[1:-1] if bare and marker.startswith("(") else marker
    try:
        parsed = Marker(marker)
    except ValueError:
        return  # without its parentheses
    values: dict[str, str | frozenset[str]] = {"extras": extras, "dependency_groups": groups}
    values |= {"python_version": "3.11", "python_full_version": "3.11.7"}
    expected = parsed.evaluate(values, context="lock_file")
    left = without_choices(marker, {"extras": extras, "dependency_groups": groups})
    assert (left if isinstance(left, bool) else marker_holds(left, PYTHON)) == expected


def test_a_marker_without_them_stays_as_it_is() -> None:
    marker = "python_version>='3'  and os_name == 'posix'"
    assert without_choices(marker, {}) == marker


def test_the_names_in_a_marker() -> None:
    marker = "'Dev' in dependency_groups or ('x' not in extras and os_name == 'a')"
    assert list(choices_in(marker)) == [("dependency_groups", "dev"), ("extras", "x")]
