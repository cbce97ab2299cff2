"""A line is one and the same, whether it is read as an ordinary one or as pip reads it."""

from __future__ import annotations

import shlex
import sys
from optparse import OptionParser
from pathlib import Path
from random import Random
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.errors import InvalidLineError
from reqdrift.requirements.lines import FileText, literal_requirement, logical_lines
from reqdrift.requirements.options import _FLAGS, _WITH_VALUE, OUTDATED, _check, parse_options
from reqdrift.requirements.parse import parse_line, read_ordinary
from strategies import examples
from support import REPOSITORY

sys.path.append(str(REPOSITORY / "tests" / "standards"))
sys.path.append(str(REPOSITORY / "tests" / "conformance"))

from corpus import LINES, VARIABLES
from texts import Texts

FILE = "/nowhere/requirements.txt"
HASHES = (
    *("--hash=sha256:ab12", "--hash=sha512:ab12", "--hash=md5:ab", "--hash sha256:ab", "--hash="),
    *("--pre", "-r a.txt", "--config-settings=a=b", "-", "--hash=sha256:a-b"),
)
OPTIONS = (
    *("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-i", "--index-url", "-f"),
    *("--extra-index-url", "--find-links", "--trusted-host", "--no-binary", "--only-binary"),
    *("--use-feature", "--no-index", "--pre", "--prefer-binary", "--require-hashes", "--index"),
    *("--no-require-hashes", "--global-option", "--use-wheel", "--extra-index", "-x", "--hash"),
)
VALUES = (
    *("a.txt", "../a b.txt", "./pkg", ".", "pkg", ".[dev,Dev]", "pkg[x]", "/nowhere/pkg"),
    *("https://example.org/simple", "https://u:p@h/simple", "https://h/?token=x", "${REQ_NAME}"),
    *(
        "https://${REQ_HOST}/simple",
        ":all:",
        "",
        "-",
        "-r",
        "'a'",
        "a\\b",
        "file:///x",
        "file:./pkg",
    ),
    *("git+https://h/a@v1#egg=a", "git+ssh://git@h/a#egg=a", "git+https://u:p@h/a#egg=a&token=x"),
    *("git+https://h/a", "a @ https://h/a.whl", "h+x:a", "a[", "#", "six"),
)
ENDINGS = ("foo.zip", "foo.tar.lzma", "foo.whl[x]", "foo.lz", "foo.ZIP", "foo.zip==1")


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)


def option(texts: Texts) -> str:
    """A line of options, mostly of one."""
    words: list[str] = []
    while not words or texts.one_of(4):
        name, value = texts.pick(OPTIONS), texts.pick(VALUES)
        words.append(texts.pick((f"{name} {value}", f"{name}={value}", name, f"{name}  {value}")))
    return texts.noisy(" ".join(words))


def line(texts: Texts) -> str:
    """A line of any kind."""
    text = texts.line() if not texts.one_of(20) else texts.pick(ENDINGS)
    while texts.one_of(4):
        text += f"{texts.space() or ' '}{texts.pick(HASHES)}"
    return texts.noisy(text)


def agree(text: str, folder: Path, *, constraint: bool) -> bool:
    """Whether the text has an ordinary line; each is as `parse_line` reads it."""
    bases = (str(folder), "/nowhere")
    found_any = False
    for read in logical_lines(text):
        if literal_requirement(read, FileText(FILE, text, constraint, bases)):
            continue
        found = read_ordinary(read, FileText(FILE, text, constraint, bases))
        if found is not None:
            try:
                expected = parse_line(read, FileText(FILE, text, constraint, bases))
            except InvalidLineError as error:
                raise AssertionError(read.text) from error
            assert found == expected
            found_any = True
    return found_any


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name in ("", "pkg"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "pyproject.toml").write_text('[project]\nname = "pkg"\n')
    return folder


def optparses() -> OptionParser:
    """What pip reads options with."""

    class Parser(OptionParser):
        def error(self, msg: str) -> NoReturn:
            raise InvalidLineError(msg)

    parser = Parser(add_help_option=False)
    for names in _WITH_VALUE:
        first = names.split()[0]
        parser.add_option(*sorted(names.split()), dest=first, action="append")
    for name in {*OUTDATED, *_FLAGS} - {*" ".join(_WITH_VALUE).split()}:
        parser.add_option(name, dest=name, action="append_const", const="")
    return parser


@given(st.integers(0, 2**64))
@examples(150)
def test_options_are_read_as_optparse_reads_them(seed: int) -> None:
    parser, texts = optparses(), Texts(Random(seed))  # noqa: S311
    for text in (option(texts) for _ in range(20)):
        try:
            values, ignored = parser.parse_args(shlex.split(text))
            given = {name: value for name, value in vars(values).items() if value is not None}
            _check(given)
        except (ValueError, InvalidLineError):
            with pytest.raises(InvalidLineError):
                parse_options(text)
        else:
            assert parse_options(text) == (given, ignored)


@given(st.integers(0, 2**64), st.booleans())
@examples(150)
def test_ordinary_lines_are_read_as_pip_reads_them(
    folder: Path, seed: int, constraint: bool
) -> None:
    texts = Texts(Random(seed))  # noqa: S311
    assert sum(agree(line(texts), folder, constraint=constraint) for _ in range(20)) >= 0


@pytest.mark.parametrize("group", LINES)
@pytest.mark.parametrize("constraint", [False, True])
def test_the_corpus(folder: Path, group: str, constraint: bool) -> None:
    for text in LINES[group]:
        agree(text, folder, constraint=constraint)


@pytest.mark.parametrize(
    "text",
    [
        "six",
        "six>=1.10",
        "Six.py[dev_Test, x] ~= 1.10, != 1.13.0 ; python_version < '3.9' or os_name == 'nt'",
        "six[x]==1.16.0 --hash=sha256:ab12 --hash=sha512:cd34",
    ],
)
def test_what_is_ordinary(folder: Path, text: str) -> None:
    assert agree(text, folder, constraint=False)
