"""Words become options, and options become words: all by one table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reqdrift
from reqdrift.cli import COMMANDS
from reqdrift.cli.options import help_of, parse
from reqdrift.kinds import KINDS, LEVELS
from reqdrift.options import COMMANDS as SUMMARIES
from reqdrift.options import Options, options_of, table, words_of
from reqdrift.values import Request, Style

Captured = pytest.CaptureFixture[str]


class TestTable:
    def test_every_command_has_a_row_in_the_overview_and_a_function(self) -> None:
        assert {*SUMMARIES} == {*COMMANDS}
        # `remind` prints one sentence about what `check` returns.
        assert all(callable(getattr(reqdrift, command)) for command in COMMANDS - {"remind"})

    def test_every_row_has_a_field_that_takes_it(self) -> None:
        fields = {*Request._fields, *Style._fields, *Options._fields}
        assert {option.field for option in table()} <= fields
        assert all(option.taken <= COMMANDS for option in table())

    @pytest.mark.parametrize("command", sorted(COMMANDS))
    def test_an_option_means_one_thing_in_a_command(self, command: str) -> None:
        names = [name for option in options_of(command) for name in option.names]
        assert len(names) == len({*names})


class TestFiles:
    def test_in_the_order_of_pip(self) -> None:
        assert parse("check", ["a.txt", "-r", "b.txt", "c.txt"]).request.files == (
            *("b.txt", "a.txt", "c.txt"),
        )


class TestValues:
    def test_a_bare_command_has_the_defaults(self) -> None:
        assert all(parse(command, []) == Options() for command in COMMANDS - {"why"})

    def test_what_may_be_given_several_times(self) -> None:
        words = ["-c", "a", "-c", "b", "--ignore", "x", "--ignore=y", "--severity", "extra=off"]
        request = parse("check", [*words, "--severity", "unmet=error"]).request
        assert request.constraints == ("a", "b")
        assert request.ignore == ("x", "y")
        assert request.severity == (("extra", "off"), ("unmet", "error"))

    def test_of_the_others_the_last_counts(self) -> None:
        assert parse("check", ["--python", "a", "--python=b"]).request.python == "b"

    @pytest.mark.parametrize("words", [["-qv"], ["-q", "-v"], ["--quiet", "--verbose"]])
    def test_flags(self, words: list[str]) -> None:
        assert parse("check", words).style == Style(quiet=True, verbose=True)

    @pytest.mark.parametrize("words", [["-ca.txt"], ["-c=a.txt"], ["-qca.txt"], ["-qc", "a.txt"]])
    def test_a_short_option_and_its_value(self, words: list[str]) -> None:
        assert parse("check", words).request.constraints == ("a.txt",)

    @pytest.mark.parametrize(
        ("text", "formats"),
        [("json", ("json", "")), ("sarif=out/r.sarif", ("sarif", "out/r.sarif"))],
    )
    def test_a_format_and_its_file(self, text: str, formats: tuple[str, str]) -> None:
        assert parse("check", ["--format", text]).formats == (formats,)

    @pytest.mark.parametrize("command", sorted(COMMANDS))
    def test_what_an_alias_of_check_may_have(self, command: str) -> None:
        taken = [option for option in options_of(command) if option.taken - option.shown]
        values = {"KIND=LEVEL": "extra=off", "WHICH": "all", "WHEN": "never", "SOURCE": ""}
        for option in taken:
            value = values.get(option.metavar, "x")
            words = ["x"] if command == "why" else []
            words += [option.names[-1], *([value] if option.metavar else [])]
            if value and option.field != "platform":
                assert parse(command, words)
            assert option.names[-1] not in help_of(command) or command in option.shown


NAMES = st.lists(st.from_regex(r"[a-z][a-z .*-]{0,5}", fullmatch=True), max_size=2).map(tuple)
NAME = st.from_regex(r"[a-z/][a-z ./-]{0,5}", fullmatch=True)
SEVERITIES = st.tuples(st.sampled_from(sorted(KINDS)), st.sampled_from(LEVELS))
REQUESTS = st.builds(
    Request,
    files=NAMES,
    constraints=NAMES,
    python=st.none() | NAME,
    set_name=st.just("") | NAME,
    unlisted=st.sampled_from(("", "all", "orphans")),
    extras=NAMES,
    groups=NAMES,
    ignore=NAMES,
    severity=st.lists(SEVERITIES, max_size=2).map(tuple),
    stdlib=NAMES,
    keep_missing=st.booleans(),
    cautious=st.booleans(),
    force=st.booleans(),
    add_to=st.none() | NAME,
)


@given(REQUESTS)
def test_words_are_the_inverse_of_options(request: Request) -> None:
    assert parse("fix", [*words_of("fix", request), "--", *request.files]).request == request


class TestHelp:
    @pytest.mark.parametrize("command", sorted(COMMANDS))
    def test_it_fits_on_a_screen_and_ends_with_the_address(
        self, command: str, capsys: Captured
    ) -> None:
        with pytest.raises(SystemExit) as end:
            parse(command, ["--help"])
        assert end.value.code == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) <= 40
        assert max(map(len, lines)) <= 80
        assert lines[-1].startswith("https://")
