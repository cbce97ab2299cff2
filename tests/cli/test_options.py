"""Command-line options as argparse reads them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from reqdrift.cli.environment_options import ON_DISK_ONLY
from reqdrift.cli.options import parse
from reqdrift.errors import UsageError


def refused(command: str, *words: str) -> str:
    with pytest.raises(UsageError) as error:
        parse(command, [*words])
    return str(error.value)


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

    def test_standard_input(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO())
        assert parse("check", ["-q", "-"]).request.files == ("/dev/stdin",)
        assert refused("fix", "-q", "-") == "fix cannot use standard input; pass a file"
        monkeypatch.setattr("sys.stdin", None)
        assert refused("check", "-").startswith("nothing is piped into standard input; ")


class TestValues:
    def test_what_may_be_given_several_times(self) -> None:
        words = ["-c", "a", "-c", "b", "--ignore", "x", "--ignore=y", "--severity", "extra=off"]
        request = parse("check", [*words, "--severity", "unmet=error"]).request
        assert request.constraints == ("a", "b")
        assert request.ignore == ("x", "y")
        assert request.severity == (("extra", "off"), ("unmet", "error"))

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


class TestRefused:
    @pytest.mark.parametrize(
        ("words", "why"),
        [
            (
                ["--severity", "extr=off"],
                "'extr=off' is not KIND=LEVEL; there is no kind 'extr'; did you mean 'extra'?",
            ),
            (["--severity", "extra=on"], "is not KIND=LEVEL; levels: error, warning, off"),
            (["--format", "jsn"], "'jsn' is not a format; did you mean 'json'?"),
            (["--format", "json="], "'json=' has no file name"),
            (["--unlisted", "some"], "invalid choice: 'some'"),
            (
                ["--python", "a", "--path", "b"],
                "--path and --python are mutually exclusive; pass one",
            ),
            (["--staged", "--rev", "HEAD"], "not allowed with argument --staged"),
            (["--python-version", "3.9"], "--python-version requires --path"),
            (["--python", ""], "--python is empty; pass a value, or leave it out"),
            (["--rev="], "--rev is empty"),
            (["--ignor", "x"], "check has no option --ignor; did you mean '--ignore'?"),
            (["--write"], "check has no option --write; it is an option of init"),
            (["--zzz"], "check has no option --zzz; see reqdrift check --help"),
        ],
    )
    def test_with_what_to_do(self, words: list[str], why: str) -> None:
        assert why in refused("check", *words)

    @pytest.mark.parametrize("command", ON_DISK_ONLY)
    def test_a_record_for_what_reads_the_disk(self, command: str) -> None:
        why = refused(command, "--installed", "a.txt")
        assert why.startswith(f"{command} reads an environment on this disk")
