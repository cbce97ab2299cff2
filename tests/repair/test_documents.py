"""Requirements for an installer as a here-document."""

from __future__ import annotations

import pytest

from checked import case_of
from reqdrift.errors import UsageError
from reqdrift.repair.documents import Sources, asking_text, document, may_be_shown
from reqdrift.repair.installer import Entry
from reqdrift.requirements import read_requirements
from reqdrift.values import Lines, Location, ReadFile, Requirement
from reqdrift.values.sources import Source

END = "# end of the requirements"
PINS = "# end of what stays as it is"
SECRET = "foo @ https://user:hunter2@h/foo-1.0.zip"  # noqa: S105 - of no server


def read(text: str) -> tuple[tuple[Requirement, ...], Sources]:
    found = read_requirements(["/r.txt"], read=lambda *_, **__: text.encode())
    return found.requirements, Sources((), found.files, ("/r.txt",))


def written(text: str, *held: str) -> list[str]:
    lines, sources = read(text)
    return document("pip install", lines, sources, held)


def test_nothing_for_nothing() -> None:
    assert written("") == []


def test_lines_go_to_standard_input_with_their_hashes() -> None:
    line = f"foo==1.0 --hash=sha256:{'0a' * 32}"
    assert written(f"{line}\nbar; os_name == 'posix'\n") == [
        f"pip install --requirement /dev/stdin <<'{END}'",
        *(line, "bar; os_name == 'posix'", END),
    ]


def test_what_must_stay_is_held_by_a_second_document() -> None:
    assert written("foo\n", "bar==1.0", "baz==2.0") == [
        f"pip install --constraint /dev/fd/3 --requirement /dev/stdin <<'{END}' 3<<'{PINS}'",
        *("foo", END, "bar==1.0", "baz==2.0", PINS),
    ]


def test_options_and_constraints_of_the_files_are_passed_on() -> None:
    lines, sources = read("foo\n")
    limits = ReadFile("/my limits.txt", 0, 1)
    options = (Entry("--pre", Location("/r.txt", 1)),)
    sources = sources._replace(options=options, read=(*sources.read, limits))
    assert document("pip install", lines, sources) == [
        f"pip install --constraint '/my limits.txt' --requirement /dev/stdin <<'{END}'",
        *("--pre", "foo", END),
    ]
    assert document("uv pip install", lines, sources, uv=True)[0].startswith(
        "uv pip install --prerelease allow --constraint "
    )


class TestCredentials:
    """They are never printed: the script reads such a line from its file."""

    def test_the_line_is_cited(self) -> None:
        assert written(f"bar\n{SECRET}\n") == [
            *(f"{{ cat <<'{END}'", "bar", END),
            "sed -n 2,2p /r.txt",
            "} | pip install --requirement /dev/stdin",
        ]

    def test_a_last_line_without_an_end_gets_one(self) -> None:
        assert "sed -n 1,1p /r.txt; echo" in written(SECRET)

    def test_several_lines_that_are_one(self) -> None:
        assert "sed -n 1,2p /r.txt" in written(f"{SECRET} \\\n  --hash=sha256:{'0a' * 32}\n")

    @pytest.mark.parametrize("text", [f"bar\r{SECRET}\n", f"# \x0c\n{SECRET}\n"])
    def test_a_file_whose_lines_sed_counts_differently_is_read_whole(self, text: str) -> None:
        assert written(text) == ["pip install --requirement /r.txt"]

    @pytest.mark.parametrize("constraints", [0, 1])
    def test_what_is_not_on_the_disk_cannot_be_cited(self, constraints: int) -> None:
        lines, sources = read("foo\n" if constraints else SECRET)
        files = (sources.read[0]._replace(constraints=constraints),)
        with pytest.raises(UsageError, match="reads constraints and lines with credentials"):
            document("pip install", lines, sources._replace(read=files, on_disk=False))

    def test_anything_else_can_be_printed_wherever_it_was_read(self) -> None:
        lines, sources = read("foo\n")
        assert document("pip install", lines, sources._replace(on_disk=False))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("foo==1.0", True),
        ("foo @ https://h/foo.zip", True),
        (SECRET, False),
        ("foo==1.0\x1b[2J", False),
        ("--index-url https://h/?token=x", False),
    ],
)
def test_what_may_be_shown(text: str, shown: bool) -> None:
    assert may_be_shown(text) is shown


class TestPaths:
    """A relative path means another folder where the script runs."""

    def asking(self, text: str, url: str, folders: tuple[str, ...], *, name: str = "") -> str:
        editable = text.startswith("-e")
        source = Source("folder", url, folders=folders, local=True, editable=editable)
        extras = ("x",) if "[" in text else ()
        line = Requirement(
            *(None, name, text, text, Lines("/r.txt", 1, 1, text)), source=source, extras=extras
        )
        return asking_text(line)

    @pytest.mark.parametrize(
        ("text", "asked"),
        [
            ("./lib", "file:///here/lib"),
            ("./lib ; os_name == 'x'", "file:///here/lib ; os_name == 'x'"),
            ("./lib[x]", "/here/lib[x]"),
            ("-e ./lib", "-e file:///here/lib"),
            ("-e ./lib[x]", "-e file:///here/lib[x]"),
            ("--editable=./lib", "--editable=./lib"),
        ],
    )
    def test_a_relative_one(self, text: str, asked: str) -> None:
        assert self.asking(text, "./lib", ("/here/lib",)) == asked

    def test_one_that_has_to_be_quoted(self) -> None:
        assert self.asking("./a b", "./a b", ("/here/a b",)) == "file:///here/a%20b"

    def test_a_named_wheel_with_extras(self) -> None:
        text = "./foo-1.0-py3-none-any.whl[x]"
        url = text.partition("[")[0]
        asked = self.asking(text, url, (f"/here/{url[2:]}",), name="foo")
        assert asked == "foo[x] @ file:///here/foo-1.0-py3-none-any.whl"

    @pytest.mark.parametrize(
        ("text", "url", "folders"),
        [
            ("/lib", "/lib", ("/lib",)),
            ("file:///lib", "file:///lib", ("/lib",)),
            ("foo @ file:lib", "file:lib", ("/here/lib",)),
            ("-e ./${DIR}", "./lib", ("/here/lib",)),  # the value is not shown
            ("./lib", "./lib", ()),
        ],
    )
    def test_others_stay(self, text: str, url: str, folders: tuple[str, ...]) -> None:
        assert self.asking(text, url, folders) == text

    def test_a_requirement_without_a_source_stays(self) -> None:
        (line,) = case_of("foo==1.0  # why\n").lines
        assert asking_text(line) == "foo==1.0"
