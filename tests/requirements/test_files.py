"""What is read of whole files, and what is never shown of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reqdrift.errors import InvalidLineError
from reqdrift.requirements import read_requirements
from reqdrift.requirements.options import parse_options
from reqdrift.requirements.parse import expand_variables
from reqdrift.texts import mask
from reqdrift.values import Requirements


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _read(**files: str | bytes) -> Requirements:
    """Write each file as `name.txt` and read the first."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        Path(f"{name}.txt").write_bytes(data)
    return read_requirements([f"{next(iter(files))}.txt"])


def _errors(read: Requirements) -> list[tuple[str, int | None, int | None]]:
    return [(os.path.basename(e.at.file), e.at.line, e.at.end_line) for e in read.errors if e.at]


def _all_text(read: Requirements) -> str:
    """Everything that may be printed of what was read."""
    texts = [requirement.text for requirement in read.requirements]
    texts += [r.source.url for r in read.requirements if r.source]
    texts += [problem.message for problem in read.errors]
    texts += [note.message for note in read.notes]
    return "\n".join(texts)


@pytest.mark.parametrize(
    "line",
    [
        "six @ https://${REQ_TOKEN}@host/six.zip",
        "git+https://${REQ_TOKEN}@host/six",
        "https://${REQ_TOKEN}@host/odd.whl",
        "${REQ_TOKEN}/six",
        "six==${REQ_TOKEN}",
        "six --pre ${REQ_TOKEN}",
        "six --hash=${REQ_TOKEN}:1",
        "--no-index ${REQ_TOKEN}",
        "--${REQ_TOKEN}",
        "-r ${REQ_TOKEN}.txt",
        "-c https://${REQ_TOKEN}@host/x.txt",
        "six; ${REQ_TOKEN} > '3'",
    ],
)
def test_values_of_variables_are_never_shown(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQ_TOKEN", "s3cret")
    read = _read(a=line)
    assert read.requirements or read.errors or read.notes
    assert "s3cret" not in mask(_all_text(read))


def test_variables_and_git_users_stay_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQ_TOKEN", "s3cret")
    lines = ["six @ git+https://${REQ_TOKEN}@host/six", "-e git+ssh://git@host/idna#egg=idna"]
    read = _read(a="\n".join(lines))
    assert [requirement.text for requirement in read.requirements] == lines


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4,
        b"PK\x03\x04\x00\x00\n\x00\n\x00\n",
        "six==1\nidna==2\n".encode("utf-16-le"),
        b"# coding: nonsense\nx y\nz w\n",
    ],
)
def test_garbage_is_one_error(data: bytes) -> None:
    read = _read(a=data)
    assert _errors(read) == [("a.txt", None, None)]


@pytest.mark.parametrize("name", ["missing.txt", "folder", "uv.lock"])
def test_what_cannot_be_read(folder: Path, name: str) -> None:
    (folder / "folder").mkdir()
    (folder / "uv.lock").touch()
    read = read_requirements([name])
    assert [(error.at and error.at.file, error.at and error.at.line) for error in read.errors] == [
        (str(folder / name), None)
    ]
    assert _errors(_read(a=f"\n-r {name}")) == [("a.txt", 2, 2)]


@pytest.mark.parametrize(
    "heading",
    [
        "# The following packages are considered to be unsafe in a requirements file:\n",
        "# The following packages were excluded from the output:\n",
    ],
)
def test_what_a_comment_says_is_left_out(heading: str) -> None:
    assert _read(a=f"six==1\n\n{heading}# pip\n# SetupTools\n#\nx==1\n").omitted == {
        "pip",
        "setuptools",
    }


@pytest.mark.parametrize(
    ("line", "specifier"),
    [
        ("six @ https://host/six-1.16.0-py2.py3-none-any.whl", "==1.16.0"),
        ("six @ https://host/six-1.16.0.tar.gz", "==1.16.0"),
        ("six @ https://host/archive/main-2.tar.gz", ""),
        ("six @ https://host/odd.whl", ""),
        ("six @ git+https://host/six-1.16.0.zip", ""),
    ],
)
def test_the_version_in_a_file_name(line: str, specifier: str) -> None:
    (found,) = _read(a=line).requirements
    assert found.specifier == specifier


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("${HERE}/lib", "/here/lib"),
        ("${HERE}${HERE}", "/here/here"),
        ("${GONE}/${EMPTY}", "${GONE}/${EMPTY}"),  # as pip leaves them
        ("${here}", "${here}"),
        ("$HERE ${HERE", "$HERE ${HERE"),
        ("${NESTED}", "${HERE}"),
    ],
)
def test_variables(monkeypatch: pytest.MonkeyPatch, text: str, expanded: str) -> None:
    variables = {"HERE": "/here", "here": "/lower", "EMPTY": "", "NESTED": "${HERE}"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert expand_variables(text) == expanded


def test_options_have_a_limit() -> None:
    assert parse_options("--pre " + "x" * (100_000 - 6))[1]
    with pytest.raises(InvalidLineError, match="options of more than 100000 characters"):
        parse_options("--pre " + "x" * 100_000)
