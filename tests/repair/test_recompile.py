"""How a compiled file follows the environment: what to change before, and the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from checked import COMMIT, case_of
from reqdrift.drift import compare
from reqdrift.repair.recompile import Recompilation, recompilations
from reqdrift.requirements import read_requirements
from reqdrift.texts import mask
from reqdrift.values import CanonicalName, Compiled
from reqdrift.values.details import Source

FILE = "/r.txt"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")


def recompiled(
    text: str,
    *installed: str,
    asked: str = "",
    command: str = "pip-compile a.in",
    folder: str = "/",
    source: str = "/a.in",
    sources: dict[str, Source] | None = None,
) -> Recompilation | None:
    """How /r.txt, compiled from one source, follows the environment."""
    lines = read_requirements(["/a.in"], read=lambda *_, **__: asked.encode()).requirements
    one = Compiled(FILE, command, frozenset({FILE}), lines, (source,), folder)
    case = case_of(text, *installed, sources=sources)
    case = case._replace(requirements=case.requirements._replace(compiled=(one,)))
    return recompilations(case, compare(case).findings).get(FILE)


def about(found: Recompilation | None, project: str) -> str:
    """What is to be done about one project, and the command."""
    assert found is not None
    step = found.steps.get(CanonicalName(project))
    return f"{step}, then run: {found.command}" if step else f"run: {found.command}"


class TestCommand:
    def test_it_names_the_installed_versions(self) -> None:
        found = recompiled("foo==1\nbar==1\n", "foo-2", "baz-3", "bar-1")
        assert found is not None
        assert found.command == "pip-compile -P baz==3 -P foo==2 a.in"

    @pytest.mark.parametrize(
        ("command", "expected"),
        [
            ("pip-compile", "pip-compile -P foo==2"),
            (
                "uv pip compile a.in -o r.txt",
                "uv pip compile --upgrade-package foo==2 a.in -o r.txt",
            ),
            ("uv pip compile a.in", "uv pip compile --upgrade-package foo==2 a.in -o r.txt"),
            ("uv pip compile a.in -or.txt", "uv pip compile --upgrade-package foo==2 a.in -or.txt"),
            ("uv export", "uv export --upgrade-package foo==2 -o r.txt"),
            (
                "uv export --output-file=r.txt",
                "uv export --upgrade-package foo==2 --output-file=r.txt",
            ),
        ],
    )
    def test_by_every_tool(self, command: str, expected: str) -> None:
        assert about(recompiled("foo==1\n", "foo-2", command=command), "foo") == (
            f"run: {expected}"
        )

    @pytest.mark.parametrize("command", ["", "make r.txt", "pip-compile-multi", "uv exports"])
    def test_none_if_the_header_names_no_tool(self, command: str) -> None:
        assert recompiled("foo==1\n", "foo-2", command=command) is None

    def test_a_local_version_is_not_named(self) -> None:
        folder = Source("folder", "/lib", folders=("/lib",), local=True)
        found = recompiled("foo==1\n", "foo-2", sources={"foo": folder})
        assert found is not None
        assert found.command == "pip-compile a.in"

    def test_it_runs_in_its_folder(self, tmp_path: Path) -> None:
        found = recompiled("foo==1\n", "foo-2", folder=f"{tmp_path}/a b")
        assert found is not None
        assert found.command == f"cd '{str(tmp_path)[1:]}/a b' && pip-compile -P foo==2 a.in"

    def test_a_password_is_not_shown(self) -> None:
        found = recompiled(
            "foo==1\n", "foo-2", command="pip-compile -i https://u:hunter2@h/simple a.in"
        )
        assert found is not None
        assert mask(found.command) == "pip-compile -P foo==2 -i https://****@h/simple a.in"


class TestSteps:
    """What must be changed in a source first; nothing is changed where it need not be."""

    def test_a_source_that_allows_the_version(self) -> None:
        found = recompiled("foo==1\n", "foo-2", asked="foo>=1\n")
        assert about(found, "foo") == "run: pip-compile -P foo==2 a.in"

    def test_one_that_does_not(self) -> None:
        found = recompiled("foo==1\n", "foo-2", asked="# c\nfoo<2\nfoo>=1\nfoo!=2\n")
        assert about(found, "foo") == (
            "change `foo<2` in a.in:2 and `foo!=2` in a.in:4 to allow 2, then run:"
            " pip-compile -P foo==2 a.in"
        )

    def test_a_project_that_is_not_installed(self) -> None:
        assert about(recompiled("foo==1\n", asked="foo\n"), "foo") == (
            "remove `foo` in a.in:1, then run: pip-compile a.in"
        )
        assert about(recompiled("foo==1\n", asked="bar\n"), "foo") == "run: pip-compile a.in"

    def test_an_unlisted_project(self) -> None:
        assert about(recompiled("", "foo-2"), "foo") == (
            "add `foo` to a.in, then run: pip-compile -P foo==2 a.in"
        )
        # It is there already.
        found = recompiled("", "foo-2", asked="foo\n")
        assert about(found, "foo") == "run: pip-compile -P foo==2 a.in"

    @pytest.mark.parametrize(
        ("asked", "step"),
        [
            ("foo @ git+https://h/foo@v1\n", "change `foo @ git+https://h/foo@v1` in a.in:1 to"),
            ("foo\n", "change `foo` in a.in:1 to"),
            ("", "add"),
            (f"foo @ git+https://h/foo@{COMMIT}\n", ""),  # it asks for that already
        ],
    )
    def test_a_branch_is_installed(self, asked: str, step: str) -> None:
        clone = Source("vcs", "https://h/foo", COMMIT, "main", vcs="git")
        found = recompiled("foo==1\n", "foo-1", asked=asked, sources={"foo": clone})
        text = f"`foo @ git+https://h/foo@{COMMIT}`"
        where = " to a.in" if step == "add" else ""
        expected = f"{step} {text}{where}, then run: " if step else "run: "
        assert about(found, "foo") == f"{expected}pip-compile a.in"

    def test_an_editable_is_no_line_of_a_table(self) -> None:
        lib = Source("folder", "/lib", folders=("/lib",), local=True, editable=True)
        for file, step in (("a.in", "add `-e file:///lib#egg=foo` to a.in, then "), ("a.toml", "")):
            found = recompiled("foo==1\n", "foo-1", source=f"/{file}", sources={"foo": lib})
            assert about(found, "foo") == f"{step}run: pip-compile a.in"
