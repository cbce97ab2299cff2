from __future__ import annotations

import os
from pathlib import Path

import pytest

from reqdrift.requirements import read_requirements
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


def test_every_bad_line_is_told_with_its_place() -> None:
    read = _read(
        a="six=1\n-r b.txt\nidna==3.10\n--nonsense\n",
        b="\ncertifi==\\\n;x\n-r missing.txt\nx==1\n",
    )
    assert _errors(read) == [
        ("a.txt", 1, 1),
        ("b.txt", 2, 3),
        ("b.txt", 4, 4),
        ("a.txt", 4, 4),
    ]
    assert [requirement.name for requirement in read.requirements] == ["x", "idna"]
    assert "'=' is not an operator; write '=='" in read.errors[0].message
    assert read.errors[2].message == "'-r missing.txt' cannot be read: no such file"


def test_counts_of_what_was_read(folder: Path) -> None:
    read = _read(a="six\n-c b.txt\n-r c.txt\n", b="six<2\nidna<4\n", c="idna\ncertifi\n")
    assert [(file.path, file.requirements, file.constraints) for file in read.files] == [
        (str(folder / "a.txt"), 1, 0),
        (str(folder / "b.txt"), 0, 2),
        (str(folder / "c.txt"), 2, 0),
    ]


@pytest.mark.parametrize("credentials", ["user:s3cret@", "s3cret@", "s3cret:@", "git:s3cret@"])
@pytest.mark.parametrize(
    "line",
    [
        "six @ https://{}host/six.zip",
        "https://{}host/six.zip",
        "git+https://{}host/six",
        "-e git+https://{}host/six#egg=six",
        "-e 'six @ git+https://{}host/six'",
        "https://{}host/odd.whl",
        "https://{}host/six.zip#egg=six[a]",
        "https://{}[host/six.zip",
        "six @ https://{}host/six.zip]",
        "-e https://{}host/six.zip",
        "-e {}host:six",
        "hub+{}host:six/six.git",
        "six --pre https://{}host/simple",
        "six -i https://{}host/simple",
        "--no-index=https://{}host/simple",
        "--nonsense=https://{}host/simple",
        "-i https://{}host/simple https://{}host/simple",
        "--hash https://{}host/",
        "-r https://{}host/six.txt",
        "-c https://{}host/six.txt",
        "-r git+https://{}host/six.txt",
        "-r a.txt -r https://{}host/six.txt",
        "six; https://{}host/",
        "six == https://{}host/",
        "/nowhere/https://{}host/",
    ],
)
def test_credentials_are_never_shown(line: str, credentials: str) -> None:
    read = _read(b=line.replace("{}", credentials), a="")
    assert read.requirements or read.errors or read.notes or line.startswith("-i")
    assert "s3cret" not in mask(_all_text(read))


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
    ("line", "dropped"),
    [
        ("--no-index six==1", "'six==1' here"),
        ("six==1 --hash=sha256:ab ; python_version > '3'", "'; python_version > 3' here"),
        ("six -r b.txt", "'--requirement' here"),
        ("six --pre --no-index", "'--pre --no-index' here"),
        ("-r b.txt -r c.txt", "'c.txt' here"),
        ("-c c.txt -r b.txt", "'--constraint' here"),
        ("-r b.txt --pre", "'--pre' here"),
        ("-e ./pkg ; x", "'; x' here"),
        ("-e ./pkg -e ./other", "'./other' here"),
        ("-e ./pkg --hash=sha256:ab", "'--hash=sha256:ab' here"),
        ("./pkg -e ./other", "'./other' here"),
        ("--hash=sha256:ab", "'--hash=sha256:ab' here"),
    ],
)
def test_text_that_pip_drops_is_a_note(folder: Path, line: str, dropped: str) -> None:
    (folder / "pkg").mkdir()
    (folder / "pkg/pyproject.toml").touch()
    read = _read(a=line, b="")
    assert not read.errors
    (note,) = read.notes
    assert note.message == f"pip silently ignores {dropped}"
    assert (note.reason, note.at and note.at.line) == ("dropped", 1)


@pytest.mark.parametrize("line", ["six -C a=b", "-e . -C a=b", "--pre --no-index", "-r b.txt"])
def test_nothing_is_dropped(line: str) -> None:
    assert _read(a=line, b="").notes == ()


def test_a_file_reached_twice_is_read_once() -> None:
    read = _read(a="-r b.txt\n-r ./b.txt\n-r c.txt\n-c b.txt", b="six\n", c="-r b.txt\nidna\n")
    assert not read.errors
    assert [(r.name, r.constraint) for r in read.requirements] == [
        ("six", False),
        ("idna", False),
        ("six", True),
    ]


def test_files_given_twice_are_read_once() -> None:
    _read(a="-r b.txt\nsix\n", b="idna\n")
    read = read_requirements(["b.txt", "a.txt", "./a.txt"])
    assert [requirement.name for requirement in read.requirements] == ["idna", "six"]


def test_a_cycle_is_told_at_the_line_that_closes_it() -> None:
    read = _read(a="six\n-r b.txt\n", b="\n-c a.txt\nidna\n")
    assert _errors(read) == [("b.txt", 2, 2)]
    assert "'-c a.txt' includes itself" in read.errors[0].message
    assert [requirement.name for requirement in read.requirements] == ["six", "idna"]


def test_what_a_linked_file_includes_is_relative_to_the_link(folder: Path) -> None:
    (folder / "shared.txt").write_text("-r local.txt\n")
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / "all.txt").symlink_to("../shared.txt")
        (folder / name / "local.txt").write_text(f"{name}\n")
    read = read_requirements(["one/all.txt", "two/all.txt"])
    assert not read.errors
    assert [requirement.name for requirement in read.requirements] == ["one", "two"]


def test_a_chain_of_links_ends(folder: Path) -> None:
    (folder / "loop").symlink_to(".")
    assert len(_read(a="-r loop/a.txt\n").errors) == 1


def test_a_remote_constraint_is_a_note() -> None:
    read = _read(a="-c https://host/limits.txt\nsix\n")
    assert not read.errors
    assert read.remote
    (note,) = read.notes
    assert (note.reason, note.at and note.at.line) == ("unsure", 1)
    assert "https://host/limits.txt" in note.message


def test_remote_requirements_are_an_error() -> None:
    read = _read(a="-r HTTPS://host/more.txt\nsix\n")
    assert _errors(read) == [("a.txt", 1, 1)]
    assert not read.remote


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


def test_a_named_pipe_is_never_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert _errors(_read(a="-r pipe")) == [("a.txt", 1, 1)]


def test_constraints_given_by_name() -> None:
    _read(a="six\n", b="six<2\n-r c.txt\n", c="idna\n")
    read = read_requirements(["a.txt"], ["b.txt"])
    assert [(r.name, r.constraint) for r in read.requirements] == [
        ("six", False),
        ("six", True),
        ("idna", False),
    ]


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
