"""One logical line becomes a requirement, an include, a note, or an error that helps.

That pip takes and refuses the same lines is in conformance/.
"""

from __future__ import annotations

import pytest

from reqdrift.errors import InvalidLineError
from reqdrift.requirements.lines import Include, LogicalLine
from reqdrift.requirements.parse import parse_line
from reqdrift.values import Location, Note, Requirement

AT = Location("/r.txt", 3, 4)


def parse(text: str, *, constraint: bool = False) -> tuple[Requirement | Include | Note, ...]:
    return parse_line(LogicalLine(3, 4, text, f"{text}\n"), "/r.txt", constraint, ("/",))


def refused(text: str, *, constraint: bool = False) -> str:
    with pytest.raises(InvalidLineError) as error:
        parse(text, constraint=constraint)
    return str(error.value)


def told(text: str, **more: bool) -> tuple[str, list[tuple[str, str]]]:
    """The project or path of a line, and the reasons and messages of its notes."""
    found = parse(text, **more)
    notes = [item for item in found if isinstance(item, Note)]
    assert all(note.at == AT for note in notes)
    items = [
        item.path if isinstance(item, Include) else item.name
        for item in found
        if not isinstance(item, Note)
    ]
    return items[0] if items and items[0] else "", [(note.reason, note.message) for note in notes]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("foo==1.0", "foo"),
        ("Foo[x]>=1 ; python_version > '3'", "foo"),
        ("foo @ https://h/foo.zip --hash=sha256:ab", "foo"),
        ("-e git+https://h/foo#egg=foo", "foo"),
        ("-r base.txt", "base.txt"),
        ("-c limits.txt", "limits.txt"),
        ("--pre", ""),
    ],
)
def test_what_a_line_says(text: str, what: str) -> None:
    assert told(text) == (what, [])


def test_the_whole_requirement() -> None:
    (line,) = parse("foo[x]>=1;python_version>'3' --hash=sha256:ab --hash=sha256:cd")
    assert isinstance(line, Requirement)
    assert line.text == "foo[x]>=1;python_version>'3'"
    assert line.hashes == ("sha256:ab", "sha256:cd")
    assert (line.limits, line.extras, line.marker) == (">=1", ("x",), "python_version>'3'")


class TestIgnoredByPip:
    @pytest.mark.parametrize(
        ("text", "what", "ignored"),
        [
            ("-r base.txt --pre", "base.txt", "--pre"),
            ("-r base.txt -c limits.txt", "base.txt", "--constraint"),
            ("foo -r base.txt", "foo", "--requirement"),
            ("foo -e git+https://h/bar#egg=bar", "", ""),
            ("--hash=sha256:ab", "", "--hash=sha256:ab"),
        ],
    )
    def test_is_a_note(self, text: str, what: str, ignored: str) -> None:
        if not ignored:
            # `name -e path` is `-e name` to pip.
            assert refused(text).startswith("'foo' is neither an existing folder nor a VCS URL")
            return
        item, ((reason, message),) = told(text)
        assert (item, reason) == (what, "dropped")
        assert message.startswith("pip silently ignores '")
        assert ignored in message

    def test_the_value_of_a_variable_is_not_shown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MORE", "--extra-index-url=hunter2")
        _, ((_, message),) = told("-r base.txt ${MORE}")
        assert message == "pip silently ignores a part of this line"


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("foo=1", "'=' is not an operator; write '=='"),
            ("foo==", "'foo==' is not a requirement (PEP 508)"),
            ("<<<<<<< HEAD", "an unresolved merge conflict; resolve it"),
            (">>>>>>> main", "an unresolved merge conflict; resolve it"),
            ("./gone", "'./gone' is neither a project name nor an existing path"),
            ("-e git+https://h/foo", "add '#egg=NAME'"),
            ("foo; python_version >", "'python_version >' is not a marker; "),
            ("foo=?1  --hash=sha256:ab --hash=sha256:cd", "'=' is not an operator; write '=='"),
        ],
    )
    def test_with_what_to_do(self, text: str, why: str) -> None:
        assert why in refused(text)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("https://h/foo.zip", "a constraint must name its project; write 'name @ URL'"),
            ("foo[x]<2", "a constraint cannot have extras; list them as a requirement"),
            ("-e git+https://h/foo#egg=foo", "a constraint cannot be editable"),
        ],
    )
    def test_as_a_constraint(self, text: str, why: str) -> None:
        parse(text)
        assert refused(text, constraint=True).startswith(why)

    def test_without_the_password(self) -> None:
        assert "'https://****@h/x' is neither" in refused("-e https://u:hunter2@h/x")
        for text in ("foo @ https://u:hunter2@h[/x", "u:hunter2@h ; x", "foo u:hunter2@h"):
            assert "hunter2" not in refused(text)

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("hunter2", "foo==${TOKEN}"),
            ("=hunter2", "foo${TOKEN}"),
            ("git@h:hunter2/x", "-e ${TOKEN}"),
        ],
    )
    def test_without_the_values_of_variables(
        self, monkeypatch: pytest.MonkeyPatch, value: str, text: str
    ) -> None:
        monkeypatch.setenv("TOKEN", value)
        assert refused(text) == (
            "cannot be read with its variables expanded (their values are not shown)"
        )


class TestOutdated:
    def test_an_option_that_pip_no_longer_reads_is_a_note(self) -> None:
        _, ((reason, message),) = told("--use-wheel")
        assert reason == "outdated"
        assert "refuse --use-wheel, and so does uv; remove it" in message
