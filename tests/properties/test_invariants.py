"""What is unrelated, in another order, or spelled another way changes no verdict."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

import reqdrift
from reqdrift import Report
from reqdrift.commands import examine, find_environment, read_files
from reqdrift.drift import compare
from reqdrift.drift.case import make_case
from reqdrift.requirements.lines import decode
from reqdrift.values import Policy, Request, Set
from strategies import (
    GeneratedProject,
    distributions,
    examples,
    generated_projects,
    requirement_lines,
)
from support import add_distribution, make_environment

pytestmark = pytest.mark.usefixtures("project")

UNRELATED = (
    *("unrelated==9", "Unrelated >=1", "unrelated", "unrelated===9", "unrelated<9"),
    *("unrelated[x]==9", "unrelated==9 ; python_version < '3'", "unrelated==9 # reqdrift: ignore"),
    *("unrelated @ https://example.org/unrelated-9.zip", "unrelated==9 --hash=sha256:" + "0b" * 32),
    *("-e git+https://example.org/un/related@main#egg=unrelated", "-r unrelated.txt"),
    *("unrelated==9 \\\n  ; python_version > '3'", "--pre", "# unrelated", ""),
)
UNRELATED_DISTRIBUTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("unrelated-9", {}),
    ("unrelated-9", {"requires": ("nothing>1", "broken ??; ??", 'nobody; extra == "x"')}),
    ("unrelated-9", {"direct_url": {"url": "https://example.org/un.zip", "archive_info": {}}}),
    ("unrelated-9", {"direct_url": {"url": "file:///un/related", "dir_info": {"editable": True}}}),
    ("unrelated-9", {"direct_url": {"not": "PEP 610"}}),
)


@contextmanager
def built(generated: GeneratedProject, *more: tuple[str, dict[str, Any]]) -> Iterator[Path]:
    """The project on disk, with more distributions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve() / "project"
        (folder / ".git").mkdir(parents=True)
        generated.build(folder)
        for release, fields in more:
            add_distribution(site_of(folder), release, **fields)
        yield folder


def site_of(folder: Path) -> Path:
    (site,) = (folder / ".venv" / "lib").glob("python*/site-packages")
    return site


def checked(folder: Path, *files: str, policy: Policy | None = None) -> Report:
    paths = [str(folder / file) for file in files or ("requirements.txt",)]
    return reqdrift.check(paths, python=str(folder / ".venv"), policy=policy)


def verdicts(report: Report, but: str = "") -> Counter[tuple[object, ...]]:
    """All that a report says, but for line numbers, and for what it says of one project."""
    said: list[tuple[object, ...]] = [
        # Whether a line must be a pin depends on the other lines.
        (f.project, f.kind, f.kind == "unpinned" or f.severity, *rest)
        for f in report.findings
        for rest in [(f.wanted, f.installed, unnumbered(f.message))]
    ]
    said += [(n.project, n.reason, unnumbered(n.message)) for n in report.notes]
    said += [("", unnumbered(error.message)) for error in report.errors]
    return Counter(one for one in said if not but or one[0] != but)


def unnumbered(message: str) -> str:
    return re.sub(r"(\bline |\.txt:)\d+", r"\1N", message)


def with_line(data: bytes, line: str, at: int) -> bytes:
    """A file with one more line at a place where no line is continued."""
    text, encoding, mark = decode(data)
    lines = text.splitlines(keepends=True)
    # CR and LF would make one end of a line.
    end = "\r" if text.endswith("\r") else "\n"
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    # `foo \\` and an empty line: the last line may be continued as well.
    lines.append(end)
    # CR does not end a line where pip looks for the encoding: it must stay in the first one.
    first = int(lines[0].startswith("# coding"))
    places = [n for n in range(first, len(lines) + 1) if not (n and is_continued(lines[n - 1]))]
    place = places[at % len(places)]
    lines.insert(place, f"{line}{end}")
    return mark + "".join(lines).encode(encoding)


def is_continued(line: str) -> bool:
    return line.rstrip("\r\n").endswith("\\")


@given(generated_projects(), st.sampled_from(UNRELATED), st.integers(0, 40))
@example(
    GeneratedProject({"requirements.txt": b"# coding: latin-1\n# \xfc\r"}, []), UNRELATED[0], 0
)
@settings(examples(25))
def test_an_unrelated_line_changes_no_verdict_on_another(
    generated: GeneratedProject, line: str, at: int
) -> None:
    files = {**generated.files, "unrelated.txt": b"unrelated==9\n"}
    changed = {**files, "requirements.txt": with_line(files["requirements.txt"], line, at)}
    # A line without a hash tells `auto` that the file is no compiled one.
    policy = Policy("all")
    with built(generated._replace(files=files)) as folder:
        before = checked(folder, policy=policy)
        (folder / "requirements.txt").write_bytes(changed["requirements.txt"])
        after = checked(folder, policy=policy)
    assert verdicts(after, but="unrelated") == verdicts(before)


@given(generated_projects(), st.sampled_from(UNRELATED_DISTRIBUTIONS))
@settings(examples(25))
def test_an_unrelated_distribution_changes_no_verdict_on_another(
    generated: GeneratedProject, unrelated: tuple[str, dict[str, Any]]
) -> None:
    release, fields = unrelated
    with built(generated) as folder:
        before = checked(folder)
        add_distribution(site_of(folder), release, **fields)
        after = checked(folder)
    found = verdicts(after)
    of_it = found - verdicts(after, but="unrelated")
    assert verdicts(after, but="unrelated") == verdicts(before)
    # While a line cannot be read, nothing unlisted is judged.
    assert before.errors or any(one[1] in ("extra", "broken") for one in of_it)


def order_free(report: Report) -> Counter[tuple[object, ...]]:
    """What a report says whatever the order of lines is.

    Which of several lines stands for all of them is the first (`missing`) or the last (`conflict`),
    so only their number counts here.
    """
    said: list[tuple[object, ...]] = [(report.checked, report.skipped)]
    for f in report.findings:
        which: tuple[object, ...] = (f.wanted, unnumbered(f.message))
        if f.kind == "conflict" or (f.kind == "missing" and f.installed is None):
            which = ()
        said.append((f.project, f.kind, f.severity, f.installed, *which))
    for n in report.notes:
        which = () if n.reason in ("stdlib", "artefact") else (unnumbered(n.message),)
        said.append((n.project, n.reason, *which))
    said += [(unnumbered(error.message),) for error in report.errors]
    return Counter(said)


# Where the first of several lines might decide what is said of all.
SPECIAL_LINES = (
    *("uuid==1.30", "UUID==1.30", "uuid @ https://example.org/uuid.zip", "uuid>=1"),
    *("pkg-resources==0.0.0", "pkg-resources>=0", "pkg_resources==0.0.0"),
    *("git+https://example.org/a/thing", "https://example.org/thing.zip"),
    *("-r base.txt", "-c limits.txt", "--pre"),
)


def text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


@given(st.data())
@settings(examples(25))
def test_the_order_of_lines_changes_no_verdict(data: st.DataObject) -> None:
    lines = data.draw(
        st.lists(requirement_lines() | st.sampled_from(SPECIAL_LINES), min_size=2, max_size=8)
    )
    base = data.draw(st.lists(requirement_lines(), max_size=3))
    limits = data.draw(st.lists(st.sampled_from(["alpha<2", "eps==1.0", "uuid<9"]), max_size=2))
    turned = data.draw(st.permutations(lines))
    files = {"base.txt": text(base), "limits.txt": text(limits), "requirements.txt": text(lines)}
    with built(GeneratedProject(files, data.draw(distributions()))) as folder:
        before = checked(folder)
        (folder / "requirements.txt").write_bytes(text(turned))
        after = checked(folder)
    assert order_free(after) == order_free(before)


@given(generated_projects(), st.lists(requirement_lines(), max_size=3))
@settings(examples(20))
def test_the_order_of_files_changes_no_verdict(
    generated: GeneratedProject, more: list[str]
) -> None:
    files = {**generated.files, "more.txt": "".join(f"{line}\n" for line in more).encode()}
    with built(generated._replace(files=files)) as folder:
        before = checked(folder, "requirements.txt", "more.txt")
        after = checked(folder, "more.txt", "requirements.txt")
    assert order_free(after) == order_free(before)


@given(generated_projects(), distributions(), st.randoms(use_true_random=False))
@settings(examples(25))
def test_the_order_in_which_a_folder_is_listed_changes_nothing(
    generated: GeneratedProject, more: list[tuple[str, dict[str, Any]]], random: Any
) -> None:
    """The order that a file system gives is any; here, one after the other, are two."""
    listed = os.listdir

    def shuffled(path: Any = ".") -> list[str]:
        entries = sorted(listed(path))
        random.shuffle(entries)
        return entries

    known = {release for release, _ in generated.installed}
    others = [one for one in more if one[0] not in known]
    with built(generated, *others) as folder, pytest.MonkeyPatch.context() as patch:
        site = site_of(folder)
        (site / "alpha-0.9.egg-info").write_text("Metadata-Version: 1.0\nName: Alpha\nVersion: 1\n")
        for name in ("one", "two"):
            add_distribution(folder / name, f"linked-{name}")
            (site / f"{name}.pth").write_text(f"{folder / name}\n")
        before = checked(folder)
        patch.setattr(os, "listdir", shuffled)
        after = checked(folder)
    assert after == before


@given(generated_projects(), distributions(), st.sampled_from(SPECIAL_LINES))
@settings(examples(25))
def test_the_order_of_what_is_known_changes_nothing(
    generated: GeneratedProject, more: list[tuple[str, dict[str, Any]]], line: str
) -> None:
    """Sets of texts have another order in every run of Python."""
    known = {release for release, _ in generated.installed}
    with built(generated, *(one for one in more if one[0] not in known)) as folder:
        (folder / "more.txt").write_text(f"{line}\n")
        names = [str(folder / name) for name in ("requirements.txt", "more.txt")]
        files = Set("", tuple(names), str(folder / ".venv"))
        requirements, situation = read_files(files)
        found = examine(
            requirements, situation, find_environment(Set("", ()), situation, Request()), Policy()
        )
    case = found.case
    facts = case.facts._replace(
        sources=turned(case.facts.sources), requires=turned(case.facts.requires or {})
    )
    if case.facts.requires is None:
        facts = facts._replace(requires=None)
    environment = found.environment
    again = compare(
        make_case(
            found.requirements,
            environment._replace(distributions=turned(environment.distributions)),
            facts,
            found.policy,
            case.project,
        )
    )
    assert again._replace(environment=None) == found.report._replace(environment=None)


def turned(mapping: Any) -> Any:
    return dict(reversed(mapping.items()))


NAMES = ("foo-bar", "alpha", "b-a-z", "pip", "setuptools")
VERSIONS = (
    ("1.0", "1.0.0", "v1.0", "1", "01.0", "0!1.0", "1.0.0.0"),
    ("1.0rc1", "1.0-RC1", "1.0c1", "1.0.rc.1", "1.0pre1", "1.0_preview1", "v1.0RC1", "1rc1"),
    ("1.0.post1", "1.0-1", "1.0.rev1", "1.0r1", "1.0-post1", "1.0.0.post1", "1.0post1"),
    ("1!2.0", "1!2", "v1!2.0.0", "1!2.00"),
    ("1.0+cpu.1", "1.0+CPU-1", "1.0+cpu_1", "1+cpu.1"),
    ("1.0.dev0", "1.0dev", "1.0-DEV0", "1.0_dev", "1.0.0.dev0"),
    ("2.0", "2", "2.0.0"),
)


@st.composite
def spelled(draw: st.DrawFn, name: str) -> str:
    """A name as PEP 503 allows it to be spelled."""
    marks = st.sampled_from(["-", "_", ".", "--", "_.", "._-"])
    cases = st.sampled_from([str.lower, str.upper, str.title, str.swapcase])
    return draw(cases)("".join(draw(marks) if c == "-" else c for c in name))


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[Any, Any]:
    """One line and one distribution, plain, and the same spelled otherwise."""
    name, other = draw(st.sampled_from(NAMES)), draw(st.sampled_from(("foo-bar", "alpha")))
    wanted, found = draw(st.sampled_from(VERSIONS)), draw(st.sampled_from(VERSIONS))
    operator = draw(st.sampled_from(["==", "==", "!=", ">=", "<=", "~=", "<", ">"]))
    if "+" in wanted[0] and operator not in ("==", "!="):
        operator = "=="  # no other takes a local version
    if operator == "~=" and not all("." in one for one in wanted):
        wanted = wanted[:1]
    if operator == "~=" or ("!" in wanted[0] and operator in "<>"):
        wanted = wanted[:1]  # how many numbers there are counts
    plain = (name, operator, wanted[0], name, found[0], other)
    odd = (
        *(draw(spelled(name)), operator, draw(st.sampled_from(wanted))),
        *(draw(spelled(name)), draw(st.sampled_from(found)), draw(spelled(other))),
    )
    return plain, odd


@given(comparisons(), st.booleans())
@settings(examples(40))
def test_names_and_versions_in_any_spelling_give_one_verdict(
    pair: tuple[Any, Any], more: bool
) -> None:
    reports = []
    for name, operator, wanted, installed, version, other in pair:
        lines = [f"{name}{operator}{wanted}", *([f"{other}==2.0"] if more else [])]
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place).resolve()
            (folder / "requirements.txt").write_text("\n".join(lines))
            site = make_environment(folder / ".venv")
            info = site / f"{installed.replace('-', '_')}-{version.replace('-', '_')}.dist-info"
            info.mkdir()
            text = f"Metadata-Version: 2.1\nName: {installed}\nVersion: {version}\n"
            (info / "METADATA").write_text(f"{text}Requires-Dist: {other}\n")
            reports.append(checked(folder))
    plain, odd = (short(report) for report in reports)
    assert odd == plain
    name, operator, wanted, _, version, other = pair[0]
    if not (more and name == other):
        holds = SpecifierSet(f"{operator}{wanted}").contains(version, prereleases=True)
        assert holds is not any(kind == "version" for kind, _ in plain)


def short(report: Report) -> list[tuple[str, str]]:
    assert not report.errors
    notes = [(note.reason, str(note.project)) for note in report.notes]
    return sorted([*((f.kind, f.project) for f in report.findings), *notes])
