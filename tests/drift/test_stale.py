"""`stale`: a compiled file does not list what its sources ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from checked import case_of
from reqdrift.drift.stale import stale
from reqdrift.requirements import read_requirements
from reqdrift.values import Compiled, Location
from reqdrift.values.findings import Finding

SOURCE = "/in/requirements.in"


def found(
    text: str,
    source: str,
    *installed: str,
    requires: Mapping[str, Sequence[str]] | None = None,
    command: str = "pip-compile",
) -> list[Finding]:
    """The findings about /r.txt, compiled from one source."""
    asked = read_requirements([SOURCE], read=lambda *_, **__: source.encode()).requirements
    compiled = Compiled("/r.txt", command, frozenset({"/r.txt"}), asked, (SOURCE,))
    return [*stale(case_of(text, *installed, requires=requires)._replace(compiled=(compiled,)))]


def test_nothing_if_the_file_has_all() -> None:
    assert found("foo==1.0\nbar==2.0\n", "foo\nbar>=2\n") == []


def test_the_line_of_the_source_and_the_command_that_helps() -> None:
    (finding,) = found("foo==1.0\n", "foo\n# more\nbar\n")
    assert (finding.kind, finding.project, finding.at) == ("stale", "bar", Location(SOURCE, 3, 3))
    assert finding.message == (
        "../r.txt does not list bar, which this file asks for; run: pip-compile"
    )


def test_without_a_command() -> None:
    (finding,) = found("foo==1.0\n", "foo>=2\n", command="")
    assert finding.message == (
        "../r.txt says foo==1.0, but this file asks for foo>=2; compile it again"
    )


def test_a_command_is_shown_without_its_password() -> None:
    command = "pip-compile --index-url https://user:hunter2@h/simple"
    (finding,) = found("bar==1\n", "foo\n", command=command)
    assert "https://****@h/simple" in finding.message
    assert "hunter2" not in finding.message


class TestExtras:
    """What an extra needs is known from the metadata of the version that the file pins."""

    @pytest.mark.parametrize("marker", ["extra == 'x'", 'extra == "x"', "extra=='x'"])
    def test_what_it_needs_is_not_listed(self, marker: str) -> None:
        (finding,) = found(
            "foo==1.0\n", "foo[x]\n", "foo-1.0", requires={"foo": [f"bar; {marker}", "baz"]}
        )
        assert "../r.txt does not list bar, which foo[x] needs" in finding.message

    def test_what_it_needs_is_listed(self) -> None:
        needs = {"foo": ["bar; extra == 'x'"], "bar": []}
        assert found("foo==1.0\nbar==1\n", "foo[x]\n", "foo-1.0", requires=needs) == []

    def test_listed_counts_not_installed(self) -> None:
        needs = {"foo": ["bar; extra == 'x'"], "bar": []}
        assert len(found("foo==1.0\n", "foo[x]\n", "foo-1.0", "bar-1", requires=needs)) == 1

    def test_the_line_names_the_extra(self) -> None:
        needs = {"foo": ["bar; extra == 'x'"]}
        assert found("foo[x]==1.0\n", "foo[x]\n", "foo-1.0", requires=needs) == []

    @pytest.mark.parametrize("installed", [("foo-2.0",), ()])
    def test_another_version_is_installed(self, installed: tuple[str, ...]) -> None:
        needs = {"foo": ["bar; extra == 'x'"]}
        assert found("foo==1.0\n", "foo[x]\n", *installed, requires=needs) == []

    @pytest.mark.parametrize(
        "marker",
        ["extra == 'x' and os_name == 'posix'", "os_name == 'posix' and extra == 'x'"],
    )
    def test_a_marker_that_may_be_false_where_it_was_compiled(self, marker: str) -> None:
        needs = {"foo": [f"bar; {marker}"]}
        assert found("foo==1.0\n", "foo[x]\n", "foo-1.0", requires=needs) == []
