"""The commands that install: the shortest form that is safe."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from checked import case_of
from fixing import Fixed
from reqdrift.cli import main
from reqdrift.repair.documents import Sources
from reqdrift.repair.installer import Entry, Installer
from reqdrift.repair.installs import Wanted, install_commands
from reqdrift.values import CanonicalName, Location

HASH = "--hash=sha256:" + "0a" * 32
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def shop(fixed: Fixed) -> Fixed:
    """An environment with pip; foo needs bar, and nothing else is listed."""
    fixed.install("pip-26.1")
    fixed.install("foo-1.0", requires=["bar"])
    fixed.install("bar-1.0", requires=[])
    return fixed


def plan(shop: Fixed, capsys: Captured, text: str, *words: str) -> list[str]:
    """The commands for a file, without the path of the interpreter and of the folder."""
    shop.file.write_text(text)
    assert main(["plan", "--unlisted", "orphans", *words]) == 0
    script = capsys.readouterr().out
    python, folder = shlex.quote(f"{shop.folder}/.venv/bin/python"), str(shop.folder)
    script = script.replace(f"{python} -m ", "").replace(folder, "HERE")
    lines = [line for line in script.splitlines() if not line.startswith("#") or "<<" in script]
    assert not lines or lines[0] == "set -e"
    return lines[1:]


def replace(
    shop: Fixed, old: str, new: str, url: dict[str, Any], requires: Sequence[str] = ()
) -> None:
    """Install from elsewhere."""
    (shop.site / f"{old}.dist-info").rename(shop.folder / "gone")
    shop.install(new, direct_url=url, requires=list(requires))


WHOLE = ["pip install -r HERE/requirements.txt"]
ONE = "foo==1.0\nbar==2.0\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The file as it is.
        (ONE, WHOLE),
        ("foo\nbar>=2\n", WHOLE),
        ("--no-index\n" + ONE, WHOLE),
        ("foo==1.0\nbaz==1.0\n", WHOLE),
        (f"foo==1.0 {HASH}\nbar==2.0 {HASH}\n", WHOLE),
        ("-e ./lib\nfoo==1.0\nbar==2.0\n", ["cd HERE && pip install -r HERE/requirements.txt"]),
        # A freeze that cannot be installed as a whole: nothing but the listed packages is needed.
        (f"wsgiref==0.1.2\n{ONE}", ["pip install --no-deps bar==2.0"]),
        (f"six==1\nsix==2\n{ONE}", ["pip install --no-deps bar==2.0"]),
        (f"six==1  # reqdrift: ignore\n{ONE}", ["pip install --no-deps bar==2.0"]),
        (f"wsgiref==0.1.2\n--no-index\n{ONE}", ["pip install --no-deps --no-index bar==2.0"]),
        # A file that lists top-level packages: the others keep their pins.
        (
            "wsgiref==0.1.2\nfoo>=1\nbaz>=2,<3 ; python_version > '3'\n",
            ["pip install -c HERE/requirements.txt 'baz<3,>=2'"],
        ),
        # What only a here-document can carry.
        (
            f"wsgiref==0.1.2\nfoo\nbaz==2.0 {HASH}\n",
            [
                "pip install --requirement /dev/stdin <<'# end of the requirements'",
                f"baz==2.0 {HASH}",
                "# end of the requirements",
            ],
        ),
        (
            "wsgiref==0.1.2\nfoo[x]==1.0\nbaz\n",
            [
                "pip install --constraint /dev/fd/3 --requirement /dev/stdin"
                " <<'# end of the requirements' 3<<'# end of what stays as it is'",
                *("baz", "# end of the requirements"),
                *("foo==1.0", "# end of what stays as it is"),
            ],
        ),
    ],
)
def test_the_shortest_form_that_is_safe(
    shop: Fixed, capsys: Captured, text: str, expected: list[str]
) -> None:
    (shop.folder / "lib").mkdir()
    (shop.folder / "lib" / "pyproject.toml").write_text('[project]\nname = "lib"\nversion = "1"\n')
    assert plan(shop, capsys, text) == expected


def test_uninstalling_comes_first(shop: Fixed, capsys: Captured) -> None:
    shop.install("spare-1.0")
    expected = ["pip uninstall --yes spare", *WHOLE]
    assert plan(shop, capsys, ONE, "--python", ".venv") == expected


def test_a_constraint_that_was_typed(shop: Fixed, capsys: Captured) -> None:
    (shop.folder / "limits.txt").write_text("baz<3\n")
    expected = ["pip install -r HERE/requirements.txt -c HERE/limits.txt"]
    assert plan(shop, capsys, "foo==1.0\nbaz>=1\n", "-c", "limits.txt") == expected


def test_what_is_ignored_is_not_installed(shop: Fixed, capsys: Captured) -> None:
    text = "foo==1.0\nbar==2.0\nbaz==1.0\n"
    assert plan(shop, capsys, text, "--ignore", "bar") == ["pip install --no-deps baz==1.0"]


def test_packages_that_do_not_fit_together(shop: Fixed, capsys: Captured) -> None:
    """pip would refuse the whole file, or move what nobody asked it to move."""
    shop.install("old-1.0", requires=["bar<1"])
    text = "foo==1.0\nbar==1.0\nold==1.0\nbaz==1.0\n"
    assert plan(shop, capsys, text) == ["pip install --no-deps baz==1.0"]


def test_an_editable_checkout_is_never_reset(shop: Fixed, capsys: Captured) -> None:
    text = "-e git+https://example.org/a/foo@main#egg=foo\nbar==2.0\n"
    url = {"url": f"file://{shop.folder}/src/foo", "dir_info": {"editable": True}}
    replace(shop, "foo-1.0", "foo-1.0", url=url, requires=["bar"])
    assert plan(shop, capsys, text) == ["pip install --no-deps bar==2.0"]


def test_another_source_with_pip(shop: Fixed, capsys: Captured) -> None:
    replace(shop, "bar-1.0", "bar-2.0", url={"url": "file:///lib/bar", "dir_info": {}})
    assert plan(shop, capsys, ONE) == ["pip install --force-reinstall --no-deps bar==2.0", *WHOLE]


def test_another_source_with_uv(shop: Fixed, capsys: Captured) -> None:
    replace(shop, "bar-1.0", "bar-2.0", url={"url": "file:///lib/bar", "dir_info": {}})
    python = "HERE/.venv/bin/python"
    assert plan(shop, capsys, ONE, "--with", "uv") == [
        f"uv pip install --python {python} --reinstall-package bar -r HERE/requirements.txt"
    ]


@pytest.mark.parametrize("line", ["--requirem=base.txt", "-fwheels", "--no-require-hashes"])
def test_what_uv_cannot_read_in_a_file(shop: Fixed, capsys: Captured, line: str) -> None:
    (shop.folder / "base.txt").write_text("")
    (shop.folder / "wheels").mkdir()
    commands = plan(shop, capsys, f"{line}\n{ONE}", "--with", "uv")
    assert "-r HERE/requirements.txt" not in commands[0]
    assert commands[0].endswith("bar==2.0")


def test_a_misspelled_name_is_not_installed(shop: Fixed, capsys: Captured) -> None:
    """The index may have another project of that name."""
    shop.install("requests-1.0")
    shop.file.write_text("foo==1.0\nbar==2.0\nreqeusts==1.0\n")
    assert main(["plan", "--python", ".venv"]) == 0
    script = capsys.readouterr().out
    assert "# not fixed: reqeusts may be a misspelling of requests; fix the line first\n" in script
    assert "requests" not in script.partition("set -e\n")[2]
    assert script.endswith("pip install --no-deps bar==2.0\n")


@pytest.mark.parametrize("words", [("--ignore", "foo"), ("--severity", "source=off")])
def test_a_source_that_is_ignored_stays(
    shop: Fixed, capsys: Captured, words: tuple[str, ...]
) -> None:
    """Given the whole file, an installer would replace it."""
    url = {"url": f"file://{shop.folder}/lib", "dir_info": {"editable": True}}
    replace(shop, "foo-1.0", "foo-1.0", url=url, requires=["bar"])
    assert plan(shop, capsys, ONE, *words) == ["pip install --no-deps bar==2.0"]


PIP = Installer("pip install", "pip uninstall --yes", is_uv=False)
UV = Installer("uv pip install", "uv pip uninstall", is_uv=True)
FILE = ["pip install -r /r.txt"]


def commands(
    text: str,
    *installed: str,
    wrong: str = "",
    misplaced: str = "",
    left_alone: str = "",
    needed: str = "",
    requires: Mapping[str, Sequence[str]] | None = None,
    options: str = "",
    installer: Installer = PIP,
) -> list[str]:
    """The commands for a file of which some projects are missing or wrong."""
    wrongs, elsewhere, alone = (
        frozenset(map(CanonicalName, names.split())) for names in (wrong, misplaced, left_alone)
    )
    case = case_of(text, *installed, requires=requires)
    lines = {name: lines for name, lines in case.applicable.items() if name not in alone}
    more = case_of(needed).lines if needed else ()
    wanted = Wanted(lines, wrongs | elsewhere, elsewhere, more, alone)
    entries = (Entry(options, Location("/r.txt", 1, 1)),) if options else ()
    sources = Sources(entries, case.files, ("/r.txt",))
    return [*install_commands(wanted, case, sources, installer, case.graph)]


class TestTheFileAsItIs:
    """Only if installing it changes nothing that is right."""

    def test_nothing_to_install(self) -> None:
        assert commands("foo==1\n", "foo-1") == []

    @pytest.mark.parametrize("requires", [None, {"foo": ["bar>=1"], "bar": []}])
    def test_what_fits_together(self, requires: Mapping[str, Sequence[str]] | None) -> None:
        assert commands("foo==1\nbar==1\n", "foo-1", wrong="bar", requires=requires) == FILE

    def test_not_if_a_project_is_left_alone(self) -> None:
        found = commands("foo==1\nbar==1\n", "foo-1", wrong="bar", left_alone="foo")
        assert found == ["pip install -c /r.txt bar==1"]

    def test_not_if_lines_contradict_each_other(self) -> None:
        text = "foo==1\nfoo==2\nbar\n"
        for wrong in ("bar", "foo bar"):
            assert "/r.txt" not in "".join(commands(text, wrong=wrong))

    def test_not_if_some_lines_have_hashes(self) -> None:
        """pip would require hashes of all."""
        text = f"foo==1 {HASH}\nbar==1\n"
        assert commands(text, "foo-1", wrong="bar")[0] != FILE[0]
        text = f"foo==1 {HASH}\nbar==1 {HASH}\n"
        assert commands(text, "foo-1", wrong="bar") == FILE

    def test_not_if_a_line_is_not_satisfied_and_not_to_be_installed(self) -> None:
        assert commands("foo==1\nbar==1\n", "foo-2", wrong="bar") != FILE

    def test_not_if_a_path_is_not_found_from_here(self, tmp_path: Path) -> None:
        (tmp_path / "lib").mkdir()
        (tmp_path / "lib" / "pyproject.toml").touch()
        text = f"lib @ {(tmp_path / 'lib').as_uri()}\nbar==1\n"
        assert commands(text, wrong="bar lib") == FILE
        (line,) = (line for line in case_of(text).lines if line.source)
        assert line.source
        moved = line._replace(source=line.source._replace(url="nowhere/lib"))
        case = case_of(text)
        case = case._replace(applicable={**case.applicable, CanonicalName("lib"): (moved,)})
        wanted = Wanted(case.applicable, frozenset(case.applicable), frozenset(), (), frozenset())
        sources = Sources((), case.files, ("/r.txt",))
        (command, *_) = install_commands(wanted, case, sources, PIP, case.graph)
        assert "-r /r.txt" not in command

    def test_not_if_a_package_does_not_allow_what_will_be_there(self) -> None:
        requires = {"foo": ["bar<2"], "bar": []}
        text = "foo==1\nbar==2\n"
        found = commands(text, "foo-1", "bar-1", wrong="bar", requires=requires)
        assert found == ["pip install --no-deps bar==2"]

    def test_but_the_metadata_of_what_is_replaced_does_not_matter(self) -> None:
        requires = {"foo": ["bar<1"], "bar": []}
        text = "foo==2\nbar==1\n"
        assert commands(text, "foo-1", "bar-1", wrong="foo", requires=requires) == FILE

    def test_uv_does_not_read_every_file_as_pip_does(self) -> None:
        text = "-fwheels\nfoo==1\n"
        assert commands(text, wrong="foo") == FILE
        (command,) = commands(text, wrong="foo", installer=UV)
        assert command.startswith("uv pip install ")
        assert "-r " not in command


class TestOneByOne:
    """Nothing else may be moved."""

    LEFT = "left==1\n"

    def one(self, text: str, *installed: str, **more: Any) -> list[str]:
        return commands(f"{self.LEFT}{text}", *installed, left_alone="left", **more)

    def test_without_dependencies_where_all_are_listed(self) -> None:
        requires = {"foo": ["bar"], "bar": []}
        found = self.one("foo==1\nbar==2\n", "foo-1", "bar-1", wrong="bar", requires=requires)
        assert found == ["pip install --no-deps bar==2"]

    def test_with_the_file_as_a_limit_if_they_may_not_be(self) -> None:
        found = self.one("foo==1\nbar==2\n", "foo-1", "bar-1", wrong="bar")
        assert found == ["pip install -c /r.txt bar==2"]
        requires = {"foo": ["bar", "deep"], "bar": [], "deep": []}
        found = self.one("foo==1\nbar==2\n", "foo-1", "bar-1", wrong="bar", requires=requires)
        assert found == ["pip install -c /r.txt bar==2"]

    def test_a_range_does_not_say_what_its_dependencies_are(self) -> None:
        requires = {"foo": ["bar"], "bar": []}
        found = self.one("foo>=1\nbar==2\n", "foo-1", "bar-1", wrong="bar", requires=requires)
        assert found == ["pip install -c /r.txt bar==2"]

    def test_a_file_that_is_not_on_the_disk_is_no_limit(self) -> None:
        case = case_of("foo==1\nbar==2\n", "foo-1")
        wanted = Wanted(
            case.applicable, frozenset({CanonicalName("bar")}), frozenset(), (), frozenset()
        )
        sources = Sources((), case.files, ("/r.txt",), on_disk=False)
        (command, *_) = install_commands(wanted, case, sources, PIP, case.graph)
        assert "/r.txt" not in command

    def test_a_variable_is_for_the_installer_to_expand(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("RELEASE", "1.2.3")
        found = self.one("foo==${RELEASE}\n", wrong="foo")
        assert "foo==${RELEASE}" in found

    def test_what_can_be_no_limit_is_held_by_pins(self) -> None:
        found = self.one("foo[x]==1\nbar\n", "foo-1", wrong="bar")
        assert found[0].startswith("pip install --constraint /dev/fd/3 ")
        assert "foo==1" in found

    def test_what_the_user_counts_as_right_is_held_as_it_is(self) -> None:
        for text in ("foo[x]==1\nbar\n", "foo==1\nbar\n"):
            assert "foo==2" in self.one(text, "foo-2", wrong="bar")

    def test_a_module_of_the_standard_library_is_not_held(self) -> None:
        found = self.one("wsgiref==0.1.2\nfoo[x]==1\nbar\n", "foo-1", wrong="bar")
        assert "foo==1" in found
        assert not any("wsgiref==" in line for line in found)

    def test_a_marker_is_left_out_because_it_holds(self) -> None:
        found = self.one("foo>=1,<2 ; python_version > '3'\n", wrong="foo")
        assert found == ["pip install -c /r.txt 'foo<2,>=1'"]

    @pytest.mark.parametrize(
        "options", ["--index-url https://u:hunter2@h/simple", "--find-links ${DIR}", '-f "a b"']
    )
    def test_options_that_the_shell_cannot_carry(self, options: str) -> None:
        text = f"{options}\n{self.LEFT}foo==1\n"
        found = commands(text, wrong="foo", left_alone="left", options=options)
        assert found[0].endswith("/dev/stdin <<'# end of the requirements'") or "{ cat" in found[0]
        assert "hunter2" not in "".join(found)

    def test_options_that_it_can(self) -> None:
        found = self.one("foo==1\n", wrong="foo", options="--find-links /a;b")
        assert found == ["pip install -c /r.txt --find-links '/a;b' foo==1"]

    def test_what_no_line_asks_for(self) -> None:
        assert commands("foo==1\n", "foo-1", needed="bar>=2\n") == FILE  # foo needs it
        found = self.one("foo==1\n", "foo-1", needed="bar>=2\n")
        assert found[0].startswith("pip install --constraint /dev/fd/3 ")
        assert {"bar>=2", "foo==1"} <= {*found}


class TestAnotherSource:
    def test_pip_is_forced(self) -> None:
        found = commands("foo==1\n", "foo-1", misplaced="foo")
        assert found == ["pip install --force-reinstall --no-deps foo==1", *FILE]

    def test_but_for_a_folder_which_it_always_reinstalls(self) -> None:
        assert commands("foo @ file:///lib/foo\n", "foo-1", misplaced="foo") == FILE

    def test_uv_is_told_which(self) -> None:
        found = commands("foo==1\nbar==1\n", "foo-1", misplaced="foo", wrong="bar", installer=UV)
        assert found == ["uv pip install --reinstall-package foo -r /r.txt"]
