"""Words become options, and options become words: all by one table."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reqdrift
from reqdrift.cli import COMMANDS
from reqdrift.cli.options import ON_DISK_ONLY, help_of, parse
from reqdrift.errors import UsageError
from reqdrift.kinds import KINDS, LEVELS
from reqdrift.options import COMMANDS as SUMMARIES
from reqdrift.options import Options, options_of, table, words_of
from reqdrift.values import Request, Style

Captured = pytest.CaptureFixture[str]


def refused(command: str, *words: str) -> str:
    with pytest.raises(UsageError) as error:
        parse(command, [*words])
    return str(error.value)


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

    def test_names_come_before_files(self, site: Path) -> None:
        Path("odd").touch()
        found = parse("why", ["foo", "bar", "a.txt", "odd", "./c", "baz"])
        assert found.names == ("foo", "bar", "baz")
        assert found.request.files == ("a.txt", "odd", "./c")
        assert refused("why").startswith("why requires the NAME of a project; see reqdrift why")

    def test_after_two_dashes_nothing_is_an_option(self) -> None:
        assert parse("check", ["-q", "--", "-v", "--"]).request.files == ("-v", "--")

    def test_standard_input(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO())
        assert parse("check", ["-q", "-"]).request.files == ("/dev/stdin",)
        assert refused("fix", "-q", "-") == "fix cannot use standard input; pass a file"
        monkeypatch.setattr("sys.stdin", None)
        assert refused("check", "-").startswith("nothing is piped into standard input; ")


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

    def test_what_belongs_to_a_command(self) -> None:
        assert parse("verify", ["--select", "foo"]).select == ("foo",)
        assert parse("plan", ["--with", "uv"]).request.installer == "uv"
        assert parse("plan", []).request.installer == "auto"
        assert parse("fix", ["--cautious", "--add-to", "b.txt"]).request.add_to == "b.txt"
        assert parse("init", ["--write"]).write

    @pytest.mark.parametrize(
        "words",
        [
            (),
            ("--python", ".venv"),
            ("--path", "lib", "--python-version", "3.12"),
            ("--installed", "a.txt", "--installed", "b.txt", "--platform", "linux"),
            ("--installed", "-", "-r", "a.txt"),
        ],
    )
    def test_environments_that_fit_together(self, words: tuple[str, ...]) -> None:
        assert parse("check", [*words])

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


class TestRefused:
    @pytest.mark.parametrize(
        ("words", "why"),
        [
            (
                ["--severity", "extr=off"],
                "--severity extr=off: there is no kind 'extr'; did you mean 'extra'?",
            ),
            (["--severity", "extra=on"], "is not KIND=LEVEL; levels: error, warning, off"),
            (["--format", "jsn"], "'jsn' is not a format; did you mean 'json'?"),
            (["--format", "json="], "'json=' has no file name; write --format json=FILE"),
            (["--unlisted", "some"], "has no value 'some'; pass auto, all or orphans"),
            (["--python"], "--python requires a value: PATH; see reqdrift check --help"),
            (["--python", "-q"], "--python requires a value: PATH"),
            (["--quiet=1"], "--quiet takes no value"),
            (
                ["--path", "b", "--python", "a"],
                "--path and --python are mutually exclusive; pass one",
            ),
            (["--path", "a", "--installed", "b"], "--path and --installed are mutually exclusive"),
            (["--installed", "a", "--python", "b"], "--installed and --python are mutually"),
            (["--staged", "--rev", "HEAD"], "--staged and --rev are mutually exclusive"),
            (["--python-version", "3.9"], "--python-version requires --path or --installed; leave"),
            (["--path", "a", "--platform", "x"], "--platform requires --installed; leave it out:"),
            (["--python", ""], "--python is empty; pass a value, or leave it out"),
            (["--rev="], "--rev is empty"),
            (["--installed", ""], "--installed is empty"),
            (["--installed", "-", "-"], "both the file and the record are standard input"),
            (["--installed", "-", "-r", "-"], "both the file and the record are standard input"),
            (["--ignor", "x"], "check has no option --ignor; did you mean '--ignore'?"),
            (["--write"], "check has no option --write; it is an option of init"),
            (["--zzz"], "check has no option --zzz; see reqdrift check --help"),
            (["-qz"], "check has no option -z"),
        ],
    )
    def test_with_what_to_do(self, words: list[str], why: str) -> None:
        assert why in refused("check", *words)

    @pytest.mark.parametrize("command", ON_DISK_ONLY)
    def test_a_record_for_what_reads_the_disk(self, command: str) -> None:
        why = refused(command, "--installed", "a.txt")
        assert why.startswith(f"{command} reads an environment on this disk")


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

    def test_groups_are_in_one_order(self) -> None:
        groups = [line for line in help_of("check").splitlines() if line.endswith(":")]
        assert groups == ["what to check:", "which environment:", "what counts:", "output:"]
