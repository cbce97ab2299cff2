"""JUnit XML: one suite for each file, one case for each finding."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ..values import TYPE_CHECKING, Report, Style
from . import place, printable
from .github import repository_path

if TYPE_CHECKING:
    from ..values import Location, Reason

# Notes on requirements that were not compared.
_SKIPPED: frozenset[Reason] = frozenset({"marker", "stdlib", "artefact", "ignored", "unsure"})


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - it is for a program
    """Findings are failures, unreadable lines errors, lines that were not compared skipped."""
    suites: dict[str, list[Element]] = {repository_path(file.path): [] for file in report.files}
    passed, whole = "matches the environment", ""
    if report.environment and report.verified:
        # There can be thousands of files: one suite for the environment.
        passed, whole = "is as installed", repository_path(report.environment.prefix)
        suites[whole] = []

    def add(suite: str, name: str, outcome: str, text: str, **why: str) -> None:
        """A case with what came of it; XML has no control characters, which `printable` escapes."""
        case = Element("testcase", name=name)
        found = ElementTree.SubElement(case, outcome, {key: printable(why[key]) for key in why})
        found.text = printable(text) or None
        suites.setdefault(suite, []).append(case)

    for at, message, _ in report.errors:
        text = f"{place(at)}: {message}" if at else message
        add(_suite(at), "can be read", "error", text, message=message, type="error")
    for finding in report.findings:
        why = {"message": finding.message, "type": finding.kind}
        is_error = finding.severity == "error"
        add(
            whole or _suite(finding.at),
            f"{finding.kind}: {finding.project}",
            "failure" if is_error else "system-out",
            f"{place(finding.at)}: {finding.kind}: {finding.message}",
            **(why if is_error else {}),
        )
    for note in report.notes:
        if note.at and note.at.line and note.reason in _SKIPPED:
            name = f"{note.reason}: {note.project or f'line {note.at.line}'}"
            add(_suite(note.at), name, "skipped", "", message=note.message)
    root = Element("testsuites", name="reqdrift")
    for file, cases in suites.items():
        failed = any(case[0].tag in ("failure", "error") for case in cases)
        # While something cannot be read, nothing has passed.
        if not failed and report.verdict != "failed":
            cases = [Element("testcase", name=passed), *cases]
        _add_suite(root, printable(file), cases)
    _count(root, root.findall("testsuite/testcase"))
    ElementTree.indent(root)
    # ASCII is correct in every encoding of the output.
    text = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=False).decode()
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _suite(at: Location | None) -> str:
    return repository_path(at.file) if at else "environment"


def _add_suite(root: Element, file: str, cases: list[Element]) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=file)
    seen: dict[str, int] = {}
    for case in cases:
        name = case.attrib["name"]
        seen[name] = seen.get(name, 0) + 1
        number = f" ({seen[name]})" if seen[name] > 1 else ""
        case.attrib = {"classname": file, "name": printable(name) + number}
        suite.append(case)
    _count(suite, suite.findall("testcase"))


def _count(element: Element, cases: list[Element]) -> None:
    element.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(case.find(tag) is not None for case in cases)))
