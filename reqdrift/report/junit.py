"""JUnit XML: one suite for each file, one case for each finding."""

from __future__ import annotations

from xml.etree import ElementTree

from ..values import TYPE_CHECKING, NamedTuple, Report, Style
from . import place, printable
from .github import repository_path

if TYPE_CHECKING:
    from ..values import Location, Reason

# Notes on requirements that were not compared.
_SKIPPED: frozenset[Reason] = frozenset({"marker", "stdlib", "artefact", "ignored", "unsure"})


class _Case(NamedTuple):
    """`outcome` is `failure`, `error`, `skipped`, `system-out` for a warning, or '' for none."""

    name: str
    outcome: str
    kind: str
    message: str
    text: str


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - it is for a program
    """Findings are failures, unreadable lines errors, lines that were not compared skipped."""
    suites: dict[str, list[_Case]] = {repository_path(file.path): [] for file in report.files}
    passed, whole = "matches the environment", ""
    if report.environment and report.verified:
        # There can be thousands of files: one suite for the environment.
        passed, whole = "is as installed", repository_path(report.environment.prefix)
        suites[whole] = []
    for error in report.errors:
        case = _Case("can be read", "error", "error", error.message, _text(error.at, error.message))
        suites.setdefault(_suite(error.at), []).append(case)
    for finding in report.findings:
        outcome = "system-out" if finding.severity == "warning" else "failure"
        text = _text(finding.at, f"{finding.kind}: {finding.message}")
        name = f"{finding.kind}: {finding.project}"
        case = _Case(name, outcome, finding.kind, finding.message, text)
        suites.setdefault(whole or _suite(finding.at), []).append(case)
    for note in report.notes:
        if note.at and note.at.line and note.reason in _SKIPPED:
            name = f"{note.reason}: {note.project or f'line {note.at.line}'}"
            case = _Case(name, "skipped", note.reason, note.message, "")
            suites.setdefault(_suite(note.at), []).append(case)
    root = ElementTree.Element("testsuites", name="reqdrift")
    for file, cases in suites.items():
        failed = any(case.outcome in ("failure", "error") for case in cases)
        # While something cannot be read, nothing has passed.
        if not failed and report.verdict != "failed":
            cases = [_Case(passed, "", "", "", ""), *cases]
        _add_suite(root, printable(file), cases)
    _count(root, root.findall("testsuite/testcase"))
    ElementTree.indent(root)
    # ASCII is correct in every encoding of the output.
    text = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=False).decode()
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _suite(at: Location | None) -> str:
    return repository_path(at.file) if at else "environment"


def _text(at: Location | None, message: str) -> str:
    return f"{place(at)}: {message}" if at else message


def _add_suite(root: ElementTree.Element, file: str, cases: list[_Case]) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=file)
    seen: dict[str, int] = {}
    for case in cases:
        seen[case.name] = seen.get(case.name, 0) + 1
        number = f" ({seen[case.name]})" if seen[case.name] > 1 else ""
        name = printable(case.name) + number
        element = ElementTree.SubElement(suite, "testcase", classname=file, name=name)
        if not case.outcome:
            continue
        outcome = ElementTree.SubElement(element, case.outcome)
        # XML has no control characters; `printable` escapes them.
        outcome.text = printable(case.text) or None
        if case.outcome != "system-out":
            outcome.set("message", printable(case.message))
        if case.outcome in ("failure", "error"):
            outcome.set("type", case.kind)
    _count(suite, suite.findall("testcase"))


def _count(element: ElementTree.Element, cases: list[ElementTree.Element]) -> None:
    element.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(case.find(tag) is not None for case in cases)))
