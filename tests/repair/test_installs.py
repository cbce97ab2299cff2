"""The command that installs the files, and what keeps them from being installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from checked import COMMIT, case_of
from fixing import Fixed
from reqdrift.cli import main
from reqdrift.drift import compare
from reqdrift.repair.installer import Installer
from reqdrift.repair.plan import LEFT, plan
from reqdrift.values.details import Source

HASH = "--hash=sha256:" + "0a" * 32
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def shop(fixed: Fixed) -> Fixed:
    """An environment with pip; foo needs bar, and nothing else is listed."""
    fixed.install("pip-26.1")
    fixed.install("foo-1.0", requires=["bar"])
    fixed.install("bar-1.0", requires=[])
    return fixed


def planned(shop: Fixed, capsys: Captured, text: str, *words: str) -> tuple[list[str], list[str]]:
    """The commands for a file, and what is left, without paths of the environment and folder."""
    shop.file.write_text(text)
    assert main(["plan", "--unlisted", "orphans", *words]) == 0
    script = capsys.readouterr().out
    script = script.replace(f"{shop.folder}/.venv/bin/python -m ", "").replace(
        str(shop.folder), "HERE"
    )
    lines = script.splitlines()
    left = [line.removeprefix(LEFT) for line in lines if line.startswith("#")]
    return [line for line in lines if not line.startswith("#")], left


def replace(
    shop: Fixed, old: str, new: str, url: dict[str, Any], requires: Sequence[str] = ()
) -> None:
    """Install from elsewhere."""
    (shop.site / f"{old}.dist-info").rename(shop.folder / "gone")
    shop.install(new, direct_url=url, requires=list(requires))


WHOLE = ["pip install -r HERE/requirements.txt"]
ONE = "foo==1.0\nbar==2.0\n"
BAR = "requirements.txt:{}: bar 1.0 is installed, but the file says bar==2.0"


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        "foo\nbar>=2\n",
        "--no-index\n" + ONE,
        "--index-url https://user:hunter2@h/simple\n" + ONE,
        "foo==1.0\nbaz==1.0\n",
        f"foo==1.0 {HASH}\nbar==2.0 {HASH}\n",
        "-e ./lib\nfoo==1.0\nbar==2.0\n",
    ],
)
def test_the_file_is_installed_as_it_is(shop: Fixed, capsys: Captured, text: str) -> None:
    (shop.folder / "lib").mkdir()
    (shop.folder / "lib" / "pyproject.toml").write_text('[project]\nname = "lib"\nversion = "1"\n')
    assert planned(shop, capsys, text) == (WHOLE, [])


def test_uninstalling_comes_first(shop: Fixed, capsys: Captured) -> None:
    shop.install("spare-1.0")
    commands, _ = planned(shop, capsys, ONE, "--python", ".venv")
    assert commands == ["pip uninstall -y spare", *WHOLE]


def test_several_files_are_one_command(shop: Fixed, capsys: Captured) -> None:
    (shop.folder / "dev.txt").write_text("baz==1.0\n")
    (shop.folder / "limits.txt").write_text("baz<3\n")
    words = ("-c", "limits.txt", "requirements.txt", "dev.txt")
    (command,), left = planned(shop, capsys, "foo==1.0\nbar==2.0\n", *words)
    files = "-r HERE/requirements.txt -r HERE/dev.txt -c HERE/limits.txt"
    assert (command, left) == (f"pip install {files}", [])


@pytest.mark.parametrize("line", ["wsgiref==0.1.2", "pkg-resources==0.0.0"])
def test_what_need_not_be_installed_is_not(shop: Fixed, capsys: Captured, line: str) -> None:
    """No installer can build these any more."""
    message = f"requirements.txt:1: installing the file would add {line}, which no finding asks for"
    left = [f"{message}; remove the line", BAR.format(3)]
    assert planned(shop, capsys, f"{line}\n{ONE}") == ([], left)


def test_what_is_ignored_is_not_installed(shop: Fixed, capsys: Captured) -> None:
    left = [
        "requirements.txt:2: installing the file would change bar 1.0, which no finding asks for"
    ]
    left.append("requirements.txt:3: baz==1.0 is not installed")
    assert planned(shop, capsys, f"{ONE}baz==1.0\n", "--ignore", "bar") == ([], left)
    commands, left = planned(shop, capsys, f"six==1  # reqdrift: ignore\n{ONE}")
    assert (commands, left[0].partition(", ")[0]) == (
        [],
        "requirements.txt:1: installing the file would add six==1",
    )


def test_a_misspelled_name_is_not_installed(shop: Fixed, capsys: Captured) -> None:
    """The index may have another project of that name."""
    shop.install("requests-1.0")
    text = "foo==1.0\nbar==2.0\nreqeusts==1.0\n"
    misspelled = "reqeusts may mean requests; fix the line first"
    left = [f"requirements.txt:3: {misspelled}", BAR.format(2)]
    assert planned(shop, capsys, text, "--python", ".venv", "--unlisted", "all") == ([], left)


@pytest.mark.parametrize("words", [("--ignore", "foo"), ("--severity", "source=off")])
def test_a_source_that_is_ignored_stays(
    shop: Fixed, capsys: Captured, words: tuple[str, ...]
) -> None:
    """uv would replace it, given the whole file."""
    (shop.folder / "lib").mkdir()
    url = {"url": f"file://{shop.folder}/lib", "dir_info": {"editable": True}}
    replace(shop, "foo-1.0", "foo-1.0", url=url, requires=["bar"])
    left = [
        "requirements.txt:1: installing the file would change foo 1.0, which no finding asks for"
    ]
    assert planned(shop, capsys, ONE, *words) == ([], [*left, BAR.format(2)])


def test_another_source_with_pip(shop: Fixed, capsys: Captured) -> None:
    replace(shop, "bar-1.0", "bar-2.0", url={"url": "file:///lib/bar", "dir_info": {}})
    assert planned(shop, capsys, ONE) == (["pip uninstall -y bar", *WHOLE], [])


def test_another_source_with_uv(shop: Fixed, capsys: Captured) -> None:
    replace(shop, "bar-1.0", "bar-2.0", url={"url": "file:///lib/bar", "dir_info": {}})
    python = "--python HERE/.venv/bin/python"
    command = f"uv pip install {python} --reinstall-package bar -r HERE/requirements.txt"
    assert planned(shop, capsys, ONE, "--with", "uv") == ([command], [])


def test_pip_does_not_uninstall_itself(shop: Fixed, capsys: Captured) -> None:
    replace(shop, "pip-26.1", "pip-26.1", url={"url": "file:///lib/pip", "dir_info": {}})
    commands, left = planned(shop, capsys, "foo==1.0\nbar==1.0\npip==26.1\n")
    assert commands == []
    assert left[0] == ("pip is not uninstalled: it would have to install itself; use --with uv")
    assert left[1].startswith("requirements.txt:3: pip 26.1 is installed from the folder ")


@pytest.mark.parametrize(
    "line",
    ["--requirem=base.txt", "-fwheels", "--no-require-hashes", "-e git+file:///lib#egg=lib"],
)
def test_what_uv_cannot_read_in_a_file(shop: Fixed, capsys: Captured, line: str) -> None:
    (shop.folder / "base.txt").write_text("")
    (shop.folder / "wheels").mkdir()
    commands, left = planned(shop, capsys, f"{line}\n{ONE}", "--with", "uv")
    option = line.partition("=")[0].partition(" ")[0]
    assert commands == []
    assert left[0] == (
        f"requirements.txt:1: uv does not read this {option} as pip does; use --with pip"
    )
    assert left[-1] == BAR.format(3)


PIP = Installer("pip install", "pip uninstall -y", is_uv=False)
UV = Installer("uv pip install", "uv pip uninstall", is_uv=True)
FILE = ["pip install -r /r.txt"]


def script(
    text: str,
    *installed: str,
    requires: Mapping[str, Sequence[str]] | None = None,
    sources: Mapping[str, Source] | None = None,
    prefix: Path | None = None,
    installer: Installer = PIP,
) -> list[str]:
    """The lines of the plan for a file."""
    case = case_of(text, *installed, requires=requires, sources=sources)
    if prefix:
        case = case._replace(environment=case.environment._replace(prefix=str(prefix)))
    return plan(compare(case), case, case.graph, installer, ("/r.txt",)).splitlines()


def left(line: int, message: str) -> str:
    return f"{LEFT}/r.txt:{line}: {message}"


def test_a_file_in_another_folder(
    shop: Fixed, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop.folder / "below").mkdir()
    monkeypatch.chdir(shop.folder / "below")
    assert planned(shop, capsys, ONE, "--python", "../.venv", "../requirements.txt")[0] == WHOLE


def test_a_lock_file_that_is_included(shop: Fixed, capsys: Captured) -> None:
    """No installer follows the line."""
    entry = '[[packages]]\nname = "baz"\nversion = "1.0"\n'
    entry += 'wheels = [{url = "https://h/baz-1.0-py3-none-any.whl", hashes = {sha256 = "ab"}}]\n'
    lock = f'lock-version = "1.0"\ncreated-by = "x"\n{entry}'
    (shop.folder / "pylock.toml").write_text(lock)
    commands, left = planned(shop, capsys, f"-r pylock.toml\n{ONE}")
    assert commands == ["pip install -r HERE/pylock.toml"]
    why = "installers read a lock file only if it is named; name it instead of including it"
    assert left == [f"pylock.toml: {why}", BAR.format(3)]
    words = ("requirements.txt", "pylock.toml")
    assert planned(shop, capsys, ONE, *words) == ([*commands, *WHOLE], [])


def test_a_constraint_is_nothing_to_install(shop: Fixed, capsys: Captured) -> None:
    """pip has to be given a requirement."""
    (shop.folder / "pylock.toml").write_text(
        'lock-version = "1.0"\ncreated-by = "x"\npackages = []\n'
    )
    (shop.folder / "limits.txt").write_text("bar==2.0\n")
    commands, _ = planned(shop, capsys, "", "-c", "limits.txt", "pylock.toml")
    assert not [command for command in commands if "install -" in command]


class TestHashes:
    """pip requires them of all lines if one has one."""

    def test_on_all_lines(self) -> None:
        assert script(f"foo==1 {HASH}\nbar==1 {HASH}\n", "foo-1") == FILE
        url = f"bar @ https://h/bar-1.tar.gz#sha256={'0a' * 32}"
        assert script(f"foo==1 {HASH}\n{url}\n", "foo-1") == FILE

    def test_not_if_some_lines_have_none(self) -> None:
        text = f"foo==1 {HASH}\nbar==1\n"
        assert script(text, "foo-1") == [
            left(2, "bar==1 has no hash, and pip requires one if others have one")
        ]
        assert script(text, "foo-1", installer=UV) == ["uv pip install -r /r.txt"]


class TestVersionsThatDoNotFitTogether:
    """An installer refuses to install them; so no dependencies are installed, or nothing."""

    NEEDS: Mapping[str, Sequence[str]] = {"foo": ["bar<2"], "bar": []}

    def test_what_fits_together(self) -> None:
        text = "foo==1\nbar==1\n"
        assert script(text, "foo-1", "bar-2", requires=self.NEEDS) == FILE

    def test_a_freeze_is_installed_without_dependencies(self) -> None:
        text = "foo==1\nbar==2\n"
        assert script(text, "foo-1", "bar-1", requires=self.NEEDS) == [
            "pip install --no-deps -r /r.txt"
        ]

    @pytest.mark.parametrize("text", ["foo==1\nbar==2\nbaz\n", "foo==1\nbar==2\n"])
    def test_not_what_needs_more_than_is_listed(self, text: str) -> None:
        needs = {**self.NEEDS, "bar": ["deep"], "deep": []}
        lines = script(text, "foo-1", "bar-1", "deep-1", requires=needs)
        assert left(2, "an installer refuses bar==2, because foo==1 needs bar<2") in lines
        assert not any(line.startswith("pip install") for line in lines)

    def test_the_metadata_of_what_is_replaced_does_not_matter(self) -> None:
        needs = {"foo": ["bar<1"], "bar": []}
        assert script("foo==2\nbar==1\n", "foo-1", "bar-1", requires=needs) == FILE

    def test_a_range_may_move(self) -> None:
        assert script("foo>=1\nbar==2\n", "foo-1", "bar-1", requires=self.NEEDS) == FILE


class TestPaths:
    """An installer looks for relative paths in the working directory."""

    def test_one_that_is_not_found_from_here(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "lib").mkdir()
        (tmp_path / "lib" / "pyproject.toml").write_text('[project]\nname = "lib"\n')
        text = "./lib\nbar==1\n"
        assert script(text) == FILE
        case = case_of(text)
        (tmp_path / "lib").rename(tmp_path / "gone")
        lines = plan(compare(case), case, case.graph, PIP, ("/r.txt",)).splitlines()
        assert lines == [
            left(1, "./lib is not found from here; run plan in the folder that has it"),
            left(2, "bar==1 is not installed"),
        ]


class TestCheckouts:
    """pip resets the checkout of an editable, and discards uncommitted changes."""

    def script(self, tmp_path: Path, *, at: str, revision: str, exists: bool = False) -> list[str]:
        folder = tmp_path / at
        if exists:
            folder.mkdir(parents=True)
        clone = Source("folder", str(folder), folders=(str(folder),), editable=True, local=True)
        text = f"-e git+https://h/foo@{revision}#egg=foo\nbar==2.0\n"
        installed = () if exists else ("foo-1.0",)
        sources = {} if exists else {"foo": clone}
        return script(text, *installed, sources=sources, prefix=tmp_path.resolve())

    def test_pips_own_is_left_as_it_is_at_the_commit(self, tmp_path: Path) -> None:
        assert self.script(tmp_path, at="src/foo", revision=COMMIT) == FILE

    def test_but_reset_if_the_revision_may_be_another(self, tmp_path: Path) -> None:
        why = f"pip would discard uncommitted changes in {tmp_path}/src/foo"
        assert self.script(tmp_path, at="src/foo", revision="main") == self.left(why)

    @staticmethod
    def left(why: str) -> list[str]:
        todo = "to install the rest, use pip with a copy of the file without this line"
        return [left(1, f"{why}; {todo}"), left(2, "bar==2.0 is not installed")]

    @pytest.mark.parametrize("revision", [COMMIT, "main"])
    def test_others_are_replaced(self, tmp_path: Path, revision: str) -> None:
        used = f"{tmp_path}/src/foo and use that instead of {tmp_path}/work/foo"
        lines = self.script(tmp_path, at="work/foo", revision=revision)
        assert lines == self.left(f"pip would clone it to {used}")
        (tmp_path / "src" / "foo").mkdir(parents=True)
        lines = self.script(tmp_path, at="work/foo", revision=revision)
        assert lines == self.left(f"pip would discard uncommitted changes in {used}")

    def test_so_is_one_that_lies_where_pip_would_clone(self, tmp_path: Path) -> None:
        first, *_ = self.script(tmp_path, at="src/foo", revision=COMMIT, exists=True)
        assert first.endswith(
            f"pip would discard uncommitted changes in {tmp_path}/src/foo; move it away"
        )

    def test_where_there_is_none_pip_clones(self, tmp_path: Path) -> None:
        text = "-e git+https://h/foo@main#egg=foo\n"
        assert script(text, prefix=tmp_path) == FILE
