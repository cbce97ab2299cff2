"""What comparing texts settles, what is asked else, and in which order all is told."""

from __future__ import annotations

from pathlib import Path

import pytest

import reqdrift
from reqdrift.drift import settle
from reqdrift.drift.compare import questions
from reqdrift.session import Examination, examine, find_environment, read_files
from reqdrift.values import Broken, CanonicalName, Policy, Python, Request, Set
from reqdrift.values.facts import Facts, Questions, Unreadable
from reqdrift.values.sources import Source
from support import add_distribution, make_environment

FOO, BAR = CanonicalName("foo"), CanonicalName("bar")


@pytest.fixture
def site(project: Path) -> Path:
    return make_environment(project / ".venv", "foo-1.0", "bar-2.0rc1", "pip-24.0")


def examined(text: str, *others: str, policy: Policy | None = None) -> Examination:
    """The text as requirements.txt, the others as files beside it, checked together."""
    names = ["requirements.txt", *(f"other{number}.txt" for number in range(len(others)))]
    for name, content in zip(names, (text, *others), strict=True):
        Path(name).write_text(content)
    requirements, situation = read_files(Set("", tuple(names)))
    return examine(
        requirements,
        situation,
        find_environment(Set("", ()), situation, Request()),
        policy or Policy(),
    )


def needs(site: Path, requirement: str) -> None:
    """Have the installed foo need something."""
    headers = f"Metadata-Version: 2.1\nName: foo\nVersion: 1.0\nRequires-Dist: {requirement}\n\n"
    (site / "foo-1.0.dist-info" / "METADATA").write_text(headers)


def is_settled(text: str, *others: str, policy: Policy | None = None) -> bool:
    """Whether no rule had to be applied."""
    return examined(text, *others, policy=policy).case is None


def asked(found: Examination, known: Facts | None = None) -> Questions:
    folder = str(Path.cwd())
    known = known or Facts({})
    return questions(found.requirements, found.environment, folder, known, found.policy)


@pytest.mark.usefixtures("site")
class TestSettled:
    @pytest.mark.parametrize(
        "text",
        [
            "foo==1.0\nbar==2.0rc1\n",
            "# a comment\nFoo==1.0  # another\n\nBAR==2.0rc1\n",
            "foo==1.0 --hash=sha256:ab12\nbar==2.0rc1\npip==24.0\n",
        ],
    )
    def test_a_plain_freeze(self, text: str) -> None:
        assert is_settled(text)

    def test_a_repetition_in_another_file(self) -> None:
        assert is_settled("foo==1.0\nbar==2.0rc1\n", "foo==1.0\n", "bar==2.0rc1\nfoo==1.0\n")

    @pytest.mark.parametrize(
        "text",
        [
            "foo==1.0\n",  # an unlisted project
            "foo==1.0\nbar==2.0\n",  # another version
            "foo==1.0\nbar==2.0rc1\nbaz==1\n",  # an absent project
            "foo==1.0\nbar==2.0rc1\nfoo==1.0\n",  # a repetition
            "foo==1.0\nbar==2.0rc1\n-c other.txt\n",  # a file that is not there
            "foo==1.0\nbar>=2.0rc1\n",  # no pin
            "foo==1.0\nbar>=2.0\n",  # another version, and no pin
            "foo==1.0\nbar==2.0rc1; python_version < '3'\n",  # a line that does not apply
            "foo==1.0\nbar==2.0rc1; python_full_version > '3.12.3'\n",  # one that may not
            "foo==1.0\nbar==2.0rc1; 'x' in extras\n",  # one of which that is not known
            "foo==1.0\nbar==2.0rc1\n./nowhere.zip\n",  # a project that is not named
            "foo==1.0\nbar @ https://example.org/bar.zip\n",
            "foo==1.0.0\nbar==2.0rc1\nfoo==1.0\n",  # a repetition in other words
            "foo[x]==1.0\nbar==2.0rc1\nfoo[x]==1.0\n",
            "foo[absent]==1.0\nbar==2.0rc1\n",  # an extra that lacks something
            "foo==1.0\nbar==2.0rc1  # reqdrift: ignore\n",
        ],
    )
    def test_anything_else_is_not(self, site: Path, text: str) -> None:
        needs(site, "nowhere; extra == 'absent'")
        assert not is_settled(text)

    @pytest.mark.parametrize(
        "text",
        [
            "foo==1.0.0\nbar==2.0.RC1\n",
            "foo==1.0\nbar==2.0rc1; python_version > '3'\n",
            "foo==1.0\nbar==2.0rc1\nbaz==1; python_version < '3'\n",
            "foo==1.0; os_name != 'x'\nfoo==2.0; os_name == 'x'\nbar==2.0rc1\n",
            "foo[x]==1.0\nbar[none]==2.0rc1\n",
            "foo===1.0\nbar==2.0rc1,>1\n",
        ],
    )
    def test_lines_that_are_satisfied(self, site: Path, text: str) -> None:
        needs(site, "bar[y]; extra == 'x'")
        assert is_settled(text)

    @pytest.mark.parametrize("limits", ["bar==2.0rc1\nbaz==1\n", "foo<2\nbar==2.0rc1\n"])
    def test_constraints(self, limits: str) -> None:
        Path("c.txt").write_text(limits)
        assert is_settled("foo==1.0\nbar\n-c c.txt\n")
        assert is_settled("foo==1.0\nbar>1\n-c c.txt\n")
        assert not is_settled("foo\nbar\n-c c.txt\n")
        assert is_settled("foo\nbar\n-c c.txt\n", policy=Policy(severity=(("unpinned", "off"),)))

    def test_what_may_be_pinned_elsewhere_is_not(self) -> None:
        off = Policy(severity=(("unpinned", "off"),))
        assert not is_settled("foo\nbar\n-c https://example.org/c.txt\n", policy=off)
        assert is_settled("foo==1.0\nbar==2.0rc1\n-c https://example.org/c.txt\n", policy=off)

    def test_a_constraint_that_does_not_allow_it_is_not(self) -> None:
        Path("c.txt").write_text("bar>3\n")
        assert not is_settled("foo==1.0\nbar==2.0rc1\n-c c.txt\n")

    def test_only_the_metadata_of_what_has_extras_is_read(self, site: Path) -> None:
        (site / "bar-2.0rc1.dist-info" / "METADATA").unlink()
        assert is_settled("foo[x]==1.0\nbar==2.0rc1\n")
        assert not is_settled("foo[x]==1.0\nbar[x]==2.0rc1\n")

    def test_a_repetition_behind_another_file_is_not(self) -> None:
        Path("c.txt").write_text("foo==1.0\n")
        assert not is_settled("bar==2.0rc1\n-r c.txt\nbar==2.0rc1\n")

    def test_a_policy_is_not(self) -> None:
        assert not is_settled("foo==1.0\nbar==2.0rc1\n", policy=Policy(ignore=("x",)))

    @pytest.mark.parametrize("unlisted", ["auto", "all"])
    def test_what_counts_as_extra_is_no_matter_where_all_is_listed(self, unlisted: str) -> None:
        assert is_settled("foo==1.0\nbar==2.0rc1\n", policy=Policy(unlisted))

    @pytest.mark.parametrize(
        "policy", [Policy("orphans"), Policy("all", severity=(("unmet", "error"),))]
    )
    def test_what_packages_need_is(self, policy: Policy) -> None:
        assert not is_settled("foo==1.0\nbar==2.0rc1\n", policy=policy)

    def test_what_did_not_come_from_an_index_is_not(self, site: Path) -> None:
        (site / "foo-1.0.dist-info" / "direct_url.json").write_text("{}")
        assert not is_settled("foo==1.0\nbar==2.0rc1\n")

    def test_a_broken_environment_is_not(self) -> None:
        found = examined("foo==1.0\nbar==2.0rc1\n")
        broken = found.environment._replace(broken=(Broken(FOO, "twice"),))
        assert settle(found.requirements, broken, Policy(), Facts({})) is None


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
