"""What is asked before a comparison, and in which order its results are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

import reqdrift
from checked import examined
from reqdrift.commands import Run
from reqdrift.drift.compare import questions
from reqdrift.values import CanonicalName, Policy, Python
from reqdrift.values.details import Source
from reqdrift.values.findings import Facts, Questions, Unreadable
from support import add_distribution, make_environment

FOO, BAR = CanonicalName("foo"), CanonicalName("bar")


@pytest.fixture
def site(project: Path) -> Path:
    return make_environment(project / ".venv", "foo-1.0", "bar-2.0rc1", "pip-24.0")


def asked(found: Run, known: Facts | None = None) -> Questions:
    folder = str(Path.cwd())
    known = known or Facts({})
    return questions(found.requirements, found.environment, folder, known, found.policy)


@pytest.mark.usefixtures("site")
class TestAsked:
    def test_nothing_where_all_is_listed(self) -> None:
        assert asked(examined("foo>=1.0\nbar==2.0rc1\n")) == Questions()

    def test_who_needs_a_stranger(self) -> None:
        assert asked(examined("foo>=1.0\n")) == Questions(requires=True)

    def test_a_line_with_a_marker_may_not_list(self) -> None:
        found = examined("foo==1.0\nbar==2.0rc1; os_name == 'x'\n")
        assert asked(found) == Questions(requires=True)
        found = examined("foo>=1.0\nbar==2.0rc1; os_name != 'x'\n")
        assert asked(found) == Questions()

    def test_what_an_extra_brings(self) -> None:
        found = examined("foo[x]>=1.0\nbar==2.0rc1\n")
        assert asked(found) == Questions(requires_of=frozenset({FOO}))
        of_foo = ("bar[y]; extra == 'x'", "pip[z]; extra == 'w'")
        known = Facts({}, requires_of={FOO: of_foo})
        assert asked(found, known) == Questions(requires_of=frozenset({BAR}))
        known = Facts({}, requires_of={FOO: of_foo, BAR: Unreadable("/bar", "gone")})
        assert asked(found, known) == Questions()

    def test_the_patch_version_only_if_a_marker_hangs_on_it(self) -> None:
        hangs = examined("foo==1.0\nbar==2.0rc1\nx; python_full_version < '3.11.3'\n")
        assert asked(hangs) == Questions(exact_python=True)
        minor = examined("foo==1.0\nbar==2.0rc1\nx; python_version < '3.11'\n")
        assert asked(minor) == Questions()
        assert asked(hangs, Facts({}, python=Python("3.11.7"))) == Questions()

    @pytest.mark.parametrize(
        ("policy", "requires"),
        [
            (Policy(), False),
            (Policy("orphans"), True),
            (Policy("orphans", severity=(("unmet", "off"),)), False),
            (Policy(severity=(("unmet", "error"),)), True),
            (Policy("all", severity=(("unmet", "warning"),)), True),
        ],
    )
    def test_what_packages_need_where_it_must_be_there(
        self, policy: Policy, requires: bool
    ) -> None:
        found = examined("foo>=1.0\nbar==2.0rc1\n", policy=policy)
        assert asked(found) == Questions(requires=requires)

    @pytest.mark.parametrize(
        ("text", "exact_python"),
        [
            ("absent; python_full_version < '3.11.3'", True),
            ("pip<24; python_full_version < '3.11.3'", True),
            ("pip>=24; python_full_version < '3.11.3'", False),  # it is there
            ("absent; python_full_version < '3.11'", False),
            ("absent; python_version < '3.11'", False),
        ],
    )
    def test_the_patch_version_if_what_is_needed_hangs_on_it(
        self, text: str, exact_python: bool
    ) -> None:
        known = Facts({}, {FOO: (text,), BAR: ()})
        assert asked(examined("foo>=1.0\n"), known) == Questions(exact_python=exact_python)
        # Nobody asks whether it is there.
        strict = examined("foo>=1.0\n", policy=Policy("all"))
        assert asked(strict, known) == Questions()
        whole = examined("foo>=1.0\nbar==2.0rc1\n")
        assert asked(whole, known) == Questions()

    def test_first_where_things_came_from(self, site: Path) -> None:
        (site / "bar-2.0rc1.dist-info" / "direct_url.json").write_text("{}")
        found = examined("foo[x]==1.0\n")
        assert asked(found) == Questions(frozenset({BAR}))
        elsewhere = Source("folder", "/elsewhere", folders=("/elsewhere",), local=True)
        assert asked(found, Facts({BAR: elsewhere})) == Questions(requires=True)

    def test_nobody_needs_this_project_itself(self, site: Path) -> None:
        (site / "bar-2.0rc1.dist-info" / "direct_url.json").write_text("{}")
        here = str(Path.cwd())
        known = Facts({BAR: Source("folder", here, folders=(here,), local=True)})
        found = examined("foo==1.0\n")
        assert asked(found, known) == Questions()
        add_distribution(site, "uv-1.0")
        assert asked(examined("foo==1.0\n"), known) == Questions()
        add_distribution(site, "stranger-1.0")
        assert asked(examined("foo==1.0\n"), known) == Questions(requires=True)


def test_findings_are_told_by_file_line_and_project(site: Path) -> None:
    add_distribution(site, "extra-1.0")
    Path("b.txt").write_text("zoo==1\nfoo>=0.1\n")
    Path("requirements.txt").write_text("bar==3\n\nabsent==1\n-r b.txt\n")
    report = reqdrift.check()
    told = [(Path(f.at.file).name, f.at.line, f.project, f.kind) for f in report.findings]
    assert told == [
        ("b.txt", 1, "zoo", "missing"),
        ("b.txt", 2, "foo", "unpinned"),
        ("requirements.txt", None, "extra", "extra"),
        ("requirements.txt", 1, "bar", "version"),
        ("requirements.txt", 3, "absent", "missing"),
    ]


@pytest.mark.usefixtures("site")
def test_notes_are_told_by_file_and_line_those_without_one_first() -> None:
    Path("b.txt").write_text("wsgiref==0.1.2\n")
    Path("requirements.txt").write_text(
        "foo==1.0\nbar==2.0rc1\nx==1; os_name == 'x'\nargparse==1.4.0\n-r b.txt\n"
    )
    told = [
        (note.at and Path(note.at.file).name, note.at and note.at.line, note.reason)
        for note in reqdrift.check().notes
    ]
    assert told == [
        (None, None, "tool"),
        ("b.txt", 1, "stdlib"),
        ("requirements.txt", 3, "marker"),
        ("requirements.txt", 4, "stdlib"),
    ]
