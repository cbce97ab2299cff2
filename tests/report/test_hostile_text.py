"""Hostile text in every place of a report, in every format."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Error, Failure
from markdown_it import MarkdownIt

from hostile_reports import hostile_report
from report_parsers import outcome_of, parse_junit, validate_gitlab, validate_json, validate_sarif
from reqdrift.commands import publish
from reqdrift.kinds import KINDS
from reqdrift.report import (
    FORMATS,
    github,
    gitlab,
    junit,
    markdown,
    place,
    printable,
    sarif,
    terminal,
    visible_notes,
)
from reqdrift.report import (
    json as document,
)
from reqdrift.report import text as plain_text
from reqdrift.report.github import fingerprints, repository_path
from reqdrift.values import (
    CanonicalName,
    Environment,
    Location,
    Note,
    Problem,
    Python,
    ReadFile,
    Report,
    Style,
)
from reqdrift.values.details import Finding, Hint
from strategies import examples

if TYPE_CHECKING:
    from reqdrift.values import FormatName, Reason

Captured = pytest.CaptureFixture[str]

_MARKS = (
    *(
        "\n",
        "\r",
        "\r\n",
        "\x00",
        "\x1b[31m",
        "\x1b]8;;x\x07",
        "\u202e",
        "\u2066",
        "\u2028",
        "\x85",
    ),
    *("::", "::error::", "\n::stop-commands::x", "##[", "##[add-mask]", "%0A", "%", ",", ":"),
    *("|", "\\", "\\|", "`", "``", "```", "~~~", "<", ">", "&", "&#10;", "</code>", "<script>"),
    *("]]>", "<!--", "-->", "\"'", "](x)", "[a](b)", "![a](b)", "@name", "#1", "https://x.y"),
    *("www.x.y", "{0}", "{{", "}", "*", "_", "\t", "  ", "#", "- ", "\udc80", "\udcff", "\ufffe"),
    *("\U0001f600", "é", "requests", "1.0", "$x$", "---|---", "</details>", "$(x)"),
)
_CHARACTERS = (range(0x80), range(0x80, 0xD800), range(0xE000, 0x110000))  # but surrogates


def text_of(seed: int) -> str:
    """One of the marks, or up to nine marks and characters of any kind."""
    if seed < len(_MARKS):
        return _MARKS[seed]
    random = Random(seed)  # noqa: S311
    return "".join(
        random.choice((random.choice(_MARKS), chr(random.choice(random.choice(_CHARACTERS)))))
        for _ in range(random.randint(1, 9))
    )


# Texts of seeds: a report has dozens, and Hypothesis takes ten times as long to choose characters.
hostile = st.integers(0, 2**20).map(text_of)
# Of the surrogates only those with which Python reads the bytes of file names.
paths = hostile.map(
    lambda text: text.encode("utf-8", "replace").decode().replace("?", "\udcff")
).filter(lambda path: path.strip("/. "))
places = st.tuples(paths, st.none() | st.integers(1, 9)).map(
    lambda at: Location(*at, at[1] and at[1] + 1)
)
findings = st.tuples(
    st.sampled_from(list(KINDS)),
    st.sampled_from(["error", "warning"]),
    hostile.map(CanonicalName),
    places,
    st.none() | hostile,
    st.none() | hostile,
    hostile,
    st.lists(hostile, max_size=2).map(tuple),
).map(lambda fields: Finding(*fields))
_REASONS: list[Reason] = ["marker", "dropped", "tool"]
notes = st.tuples(
    st.sampled_from(_REASONS),
    st.none() | hostile.map(CanonicalName),
    st.none() | places,
    hostile,
).map(lambda fields: Note(*fields))
problems = st.tuples(st.none() | places, hostile).map(lambda fields: Problem(*fields))
environments = st.tuples(paths, hostile, hostile).map(
    lambda said: Environment(said[0], Python(said[1]), said[2], {})
)
reports = st.tuples(
    st.none() | environments,
    st.lists(paths.map(lambda path: ReadFile(path, 1, 0)), max_size=2).map(tuple),
    st.lists(findings, max_size=3).map(tuple),
    st.lists(notes, max_size=2).map(tuple),
    st.lists(problems, max_size=2).map(tuple),
    st.lists(st.tuples(hostile, hostile).map(lambda hint: Hint(*hint)), max_size=2).map(tuple),
).map(lambda p: Report(p[0], p[1], p[2], p[3], p[4], hints=p[5]))


def message_of(finding: Finding) -> str:
    """What a finding says, marks that move the cursor escaped."""
    return printable(finding.message)


hostilely = examples(100)


@hostilely
@given(reports)
def test_hostile_text(report: Report) -> None:
    lines = plain_text.render(report, Style(verbose=True)).split("\n")
    parts = (report.errors, report.findings, report.notes, report.hints)
    assert len(lines) == sum(map(len, parts)) + 2  # the verdict, and the end
    for line in lines:
        assert line.isprintable()
        assert "##[" not in line
        assert not line.lstrip().startswith("::")


@hostilely
@given(reports)
def test_hostile_text_on_a_terminal(report: Report) -> None:
    shown = terminal.render(report, Style(color="never", verbose=True))
    assert "##[" not in shown
    assert all(line.isprintable() for line in shown.split("\n"))


@hostilely
@given(reports)
def test_hostile_json(report: Report) -> None:
    shown = document.render(report, Style())
    assert "##[" not in shown
    assert shown.isascii()
    loaded = validate_json(shown)
    assert [f["message"] for f in loaded["findings"]] == [f.message for f in report.findings]
    assert [f["project"] for f in loaded["findings"]] == [f.project for f in report.findings]


@hostilely
@given(reports)
def test_hostile_github(report: Report) -> None:
    shown = github.render(report, Style())
    lines = shown.split("\n")[:-1]
    assert all(line.isprintable() for line in lines)
    commands = [as_the_runner_reads(line) for line in lines]
    errors = [("error", properties(e.at, "reqdrift"), printable(e.message)) for e in report.errors]
    assert commands[: len(errors)] == errors
    groups = plain_text.grouped(report.findings)
    found = [(group.finding, printable(plain_text.inventory(group))) for group in groups]
    expected = [
        (one.severity, properties(one.at, f"{one.kind}: {printable(one.project)}"), said)
        for one, said in found
    ]
    given = commands[len(errors) :]
    assert all(one in given for one in expected)
    assert len(given) == len(expected)


def properties(at: Location | None, title: str) -> dict[str, str]:
    known = {"title": title}
    if at:
        known["file"] = printable(repository_path(at.file))
    if at and at.line:
        known |= {"line": str(at.line), "endLine": str(at.end_line)}
    return known


def as_the_runner_reads(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command by the runner's rules: `::name key=value,key=value::data`."""
    assert line.startswith("::")
    head, end, data = line[2:].partition("::")
    assert end
    name, _, listed = head.partition(" ")
    pairs = [pair.partition("=") for pair in listed.split(",") if pair]
    return (
        name,
        {key.strip(): unescaped(value, ":,\r\n%") for key, _, value in pairs if value},
        unescaped(data, "\r\n%"),
    )


def unescaped(value: str, marks: str) -> str:
    for mark in marks:  # the per cent sign last
        value = value.replace(f"%{ord(mark):02X}", mark)
    return value


@hostilely
@given(reports)
def test_hostile_gitlab(report: Report) -> None:
    shown = gitlab.render(report, Style())
    issues = validate_gitlab(shown)
    expected = [printable(e.message) for e in report.errors] + [*map(message_of, report.findings)]
    assert [issue["description"] for issue in issues] == expected
    assert "##[" not in shown


@hostilely
@given(reports)
def test_hostile_sarif(report: Report) -> None:
    shown = sarif.render(report, Style())
    assert "##[" not in shown
    (one,) = validate_sarif(shown)["runs"]
    for result, finding in zip(one["results"], report.findings, strict=True):
        message = result["message"]["text"]
        assert "](" not in message
        assert not re.search(r"(?<!\{)\{(\{\{)*[0-9]", message)
        plain = message.replace("{{", "{").replace("}}", "}").replace("]\\(", "](")
        assert plain == message_of(finding).replace("]\\(", "](")
        (at,) = result["locations"]
        uri = at["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(file:///)?[A-Za-z0-9._~/%-]+", uri)
        path = unquote_to_bytes(uri.removeprefix("file://"))
        assert path == os.fsencode(repository_path(finding.at.file))


@hostilely
@given(reports)
def test_hostile_junit(report: Report) -> None:
    suites = parse_junit(junit.render(report, Style()))
    cases = [case for suite in suites.values() for case in suite]
    failed = [case.result[0] for case in cases if outcome_of(case) is Failure]
    expected = [message_of(finding) for finding in report.findings if finding.severity == "error"]
    assert sorted(failure.message for failure in failed) == sorted(expected)
    broken = [case.result[0] for case in cases if outcome_of(case) is Error]
    assert sorted(b.message for b in broken) == sorted(printable(e.message) for e in report.errors)


_TAGS = {
    *("h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "br", "pre"),
    *("ul", "li", "details", "summary", "a"),
}
_LINKS = [[("href", kind.url)] for kind in KINDS.values()]


class _Page(HTMLParser):
    """The elements of a page, and the texts of its table's cells, items and blocks."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: dict[str, list[str]] = {"td": [], "li": [], "pre": [], "tr": []}
        self._open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _TAGS
        assert attrs in ([], [("class", "language-sh")]) or (tag == "a" and attrs in _LINKS)
        if tag != "br":
            self._open.append(tag)
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        # Marks of Markdown that stand outside of code are ours alone.
        if "code" not in self._open and data.strip():
            assert re.fullmatch(r"[\w\s:,();—-]+", data), data
        for tag in set(self._open) & set(self.texts):
            self.texts[tag][-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


@hostilely
@given(reports)
def test_hostile_markdown(report: Report) -> None:
    # Each finding: otherwise, many of a kind are one line.
    shown = markdown.render(report, Style(verbose=True))
    assert "##[" not in shown
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    page = _Page(reader.render(shown))
    cells = page.texts["td"]
    assert len(cells) == 2 * len(report.errors) + 3 * len(report.findings)
    of_errors, of_findings = cells[: 2 * len(report.errors)], cells[2 * len(report.errors) :]
    assert [seen(x) for x in of_errors] == [
        seen(x) for e in report.errors for x in (place(e.at), e.message)
    ]
    ordered = sorted(report.findings, key=lambda finding: list(KINDS).index(finding.kind))
    assert [seen(x) for x in of_findings[2::3]] == [seen(f.message) for f in ordered]
    assert [block.removesuffix("\n") for block in page.texts["pre"]] == [
        printable(hint.command) for hint in report.hints
    ]
    assert len(page.texts["li"]) == len(visible_notes(report, verbose=True))


def seen(shown: str) -> str:
    """A text as a page shows it: blanks run together."""
    return "".join(printable(shown).split())


def test_the_order_of_hostile_equals_is_theirs() -> None:
    report = hostile_report("\udcff")
    assert len(set(fingerprints(report.findings))) == 2


@pytest.mark.parametrize("name", FORMATS)
def test_what_cannot_be_encoded_is_written(
    name: FormatName, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(hostile_report("\udcff\x00"), Style(), ((name, "out"),))
    assert (project / "out").read_bytes().decode()
