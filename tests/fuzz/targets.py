"""What a fuzzer feeds with bytes: each function ends, raises nothing, and holds what it says.

`fuzz.py` runs them guided by coverage, `test_targets.py` over a few inputs in every run of tests.
"""

from __future__ import annotations

import csv
import email
import io
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from record_target import records

from reqdrift.drift import compare, questions
from reqdrift.drift.case import is_inside, make_case
from reqdrift.environments.answers import answer, read_name
from reqdrift.environments.metadata import parse_headers, read_source
from reqdrift.environments.site import Installed, find_site_folders, read_pyvenv_cfg
from reqdrift.errors import EnvironmentReadError, InvalidLineError, ReqdriftError
from reqdrift.integrity import read_listing
from reqdrift.repair import frozen
from reqdrift.requirements import read_requirements
from reqdrift.requirements.lines import (
    FileText,
    LogicalLine,
    decode,
    literal_requirement,
    logical_lines,
)
from reqdrift.requirements.parse import parse_line
from reqdrift.standards import canonical_name, is_project_name
from reqdrift.standards.pep440 import normal_form
from reqdrift.values import Distribution, Environment, Facts, Policy, Project, Python, Requirement
from reqdrift.values.details import Source

# Between the files of one input; no text of UTF-8 has it.
SEPARATOR = b"\xff\xff\n"
FILES = ("/project/a.txt", "/project/b.txt", "/project/sub/c.txt")
# What the lines are held against.
INSTALLED = (
    ("a", "1.0", False),
    ("six", "1.16.0", False),
    ("pip", "24.0", False),
    ("x", "2", True),
)


def requirements(data: bytes) -> None:
    """Files that include one another: a reading and a report, whatever the bytes are."""
    files = dict(zip(FILES, data.split(SEPARATOR), strict=False))

    def read(path: str, *, named: bool) -> bytes:
        if path in files:
            return files[path]
        raise ReqdriftError("no such file")

    found = read_requirements(FILES[:1], top="/project", read=read)
    for problem in found.errors:
        assert "\n" not in problem.message, problem
    for line in found.requirements:
        assert line.name is None or line.name == canonical_name(line.written), line
        hash(normal_form(line.specifier))
    environment = small_environment()
    sources = {canonical_name("x"): Source("archive", "https://example.org/x.zip")}
    facts = Facts(sources, dict.fromkeys(environment.distributions, ()))
    questions(found, environment, Policy())
    report = compare(make_case(found, environment, facts, Policy(), Project("/project")))
    assert {*found.errors} <= {*report.errors}


@cache
def small_environment() -> Environment:
    """An environment of values."""
    distributions = {
        canonical_name(name): Distribution(
            canonical_name(name), name, version, f"{name}-{version}.dist-info", "/site", direct
        )
        for name, version, direct in INSTALLED
    }
    return Environment("/env", Python("3.11.7"), "--python", distributions)


def lines(data: bytes) -> None:
    """Each line is the same requirement whether it is read literally or the way that pip goes."""
    try:
        text = decode(data).text
    except ReqdriftError:
        return
    for line in logical_lines(text):
        assert line.text and line.line <= line.end_line, line
        assert line.raw in text, line
        literal = literal_requirement(line, FileText("/r.txt", text, False, ()))
        if literal:
            assert by_rules(line) == literal._replace(pin=None, limits=literal.specifier), line


def by_rules(line: LogicalLine) -> Requirement:
    """A literal line, read by what reads the others: a tab in it is no literal's."""
    text, blank, options = line.text.partition(" ")
    spaced = line._replace(text=f"{text} ;{blank}{options}".rstrip() if options else f"{text} ;")
    try:
        (slow,) = parse_line(spaced, FileText("/r.txt", text, False, ()))
    except InvalidLineError as error:
        raise AssertionError(f"{line.text!r} is literal, yet refused: {error}") from error
    assert isinstance(slow, Requirement)
    return slow._replace(text=text, full_text=line.text)


def metadata(data: bytes) -> None:
    """The files of an environment, one kind at a time: the first byte says which."""
    _, reader = READERS[data[0] % len(READERS) if data else 0]
    with tempfile.TemporaryDirectory() as folder:
        reader(os.path.realpath(folder), data[1:])


def _headers(folder: str, data: bytes) -> None:
    """Headers are what the standard library, and so pip, makes of them."""
    found = parse_headers(data)
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    # Mailboxes' lines have rules of their own in `email`.
    if "From " not in text:
        message = email.message_from_string(text)
        expected = [(key.lower(), _words(str(value))) for key, value in message.items()]
        assert [(key, _words(value)) for key, value in found] == expected, text
    _distribution(folder, "METADATA", data)


def _words(text: str) -> str:
    return " ".join(text.split())


def _distribution(folder: str, name: str, data: bytes) -> None:
    """A file of one distribution, read for all that it may be asked for."""
    info = Path(folder, "six-1.0.dist-info" if name != "requires.txt" else "six.egg-info")
    info.mkdir()
    (info / name).write_bytes(data)
    installed = read_folder(folder)
    environment = Environment("/env", Python("3.11.7"), "--path", installed.distributions)
    none = read_requirements(())
    facts = answer(questions(none, environment, Policy()), environment, Facts())
    compare(make_case(none, environment, facts, Policy(), Project("/project")))
    for distribution in installed.distributions.values():
        assert is_project_name(read_name(distribution))


def read_folder(folder: str) -> Installed:
    """A site folder; every distribution in it has a project's name, and a version."""
    installed = Installed(Python("3.11"))
    installed.add_site_folder(folder, own=True)
    for name, found in installed.distributions.items():
        assert is_project_name(found.project), found
        assert name == found.name == canonical_name(found.project), found
        assert found.version, found
    return installed


def _direct_url(folder: str, data: bytes) -> None:
    _distribution(folder, "direct_url.json", data)
    for found in read_folder(folder).distributions.values():
        source = read_source(found)
        is_inside("/project", source)
        if isinstance(source, Source):
            assert f"{source.revision}{source.requested}{source.subdirectory}".isprintable()
            (line,) = logical_lines(frozen(found.project, found, source))
            assert line.text.isprintable(), line


def _requires_txt(folder: str, data: bytes) -> None:
    _distribution(folder, "requires.txt", data)


def _identity(folder: str, data: bytes) -> None:
    """Names and versions that only the file inside says."""
    for name in ("odd.dist-info/METADATA", "odd.egg-info", "sub/odd.egg/EGG-INFO/PKG-INFO"):
        Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
        Path(folder, name).write_bytes(data)
    Path(folder, "eggs.pth").write_text("sub/odd.egg\n")
    read_folder(folder)


def _path_lines(folder: str, data: bytes) -> None:
    Path(folder, "a.pth").write_bytes(data)
    read_folder(folder)


def _egg_link(folder: str, data: bytes) -> None:
    Path(folder, "six.egg-link").write_bytes(data)
    for name in ("six.egg-info", "src/six.egg-info"):
        Path(folder, name).mkdir(parents=True)
    for found in read_folder(folder).distributions.values():
        read_source(found)


def _pyvenv_cfg(folder: str, data: bytes) -> None:
    """Settings are what Python's own `site` makes of them, and make an environment or an error."""
    Path(folder, "pyvenv.cfg").write_bytes(data)
    Path(folder, "lib/python3.11/site-packages").mkdir(parents=True)
    text = data.decode("utf-8", "replace")
    pairs = (line.partition("=") for line in io.StringIO(text, newline=None))
    expected = {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}
    assert read_pyvenv_cfg(folder) == expected, text
    try:
        found = find_site_folders(folder)
    except EnvironmentReadError as error:
        assert "\n" not in str(error)
    else:
        assert found.own
        assert found.python.minor >= (0, 0)


def _record(folder: str, data: bytes) -> None:
    """What a RECORD lists lies in the environment, and no line of it is lost without a word."""
    site = Path(folder, "lib/python3.11/site-packages")
    info = site / "six-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "RECORD").write_bytes(data)
    (owner,) = read_folder(str(site)).distributions.values()
    listing = read_listing(owner, folder)
    for entry in listing.entries:
        assert entry.path.startswith(f"{folder}/"), entry
        assert os.path.normpath(entry.path) == entry.path, entry
    if listing.troubles or not data:
        return
    rows = [row for row in csv.reader(io.StringIO(data.decode(), newline="")) if row]
    own = sum(os.path.normpath(site / row[0]) == str(info / "RECORD") for row in rows)
    assert len(listing.entries) + listing.bytecode + own == len(rows), rows


# How such files are called in an environment, and what reads one of them.
READERS: tuple[tuple[str, Callable[[str, bytes], None]], ...] = (
    ("lib/python*/site-packages/*/METADATA", _headers),
    ("lib/python*/site-packages/*/direct_url.json", _direct_url),
    ("lib/python*/site-packages/*/requires.txt", _requires_txt),
    ("lib/python*/site-packages/*/METADATA", _identity),
    ("lib/python*/site-packages/*.pth", _path_lines),
    ("lib/python*/site-packages/*.egg-link", _egg_link),
    ("pyvenv.cfg", _pyvenv_cfg),
    ("lib/python*/site-packages/*/RECORD", _record),
)

TARGETS: dict[str, Callable[[bytes], object]] = {
    target.__name__: target for target in (requirements, lines, metadata, records)
}
