"""What the record of an environment does not decide is an error, and no finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from checked import case_of
from reqdrift.drift.rules import apply_rules
from reqdrift.drift.undecided import decided
from reqdrift.requirements import read_requirements
from reqdrift.standards.markers import VARIABLES
from reqdrift.values import CanonicalName, Policy, Python
from reqdrift.values.facts import Project
from reqdrift.values.records import Gaps

if TYPE_CHECKING:
    from reqdrift.values.report import Report

FREEZE = Gaps("a freeze", dependencies=True)


def judged(
    text: str, *installed: str, gaps: Gaps, policy: Policy | None = None
) -> tuple[list[str], list[str]]:
    """The projects of the findings that are left, and the errors."""
    report = decide(text, installed, gaps, policy or Policy("all"))
    assert {error.exit_code for error in report.errors} <= {3}
    return [f.project for f in report.findings], [error.message for error in report.errors]


def decide(text: str, installed: Sequence[str], gaps: Gaps, policy: Policy) -> Report:
    found = read_requirements(["/r.txt"], read=lambda *_, **__: text.encode())
    case = case_of(text, *installed)._replace(policy=policy)
    case = case._replace(environment=case.environment._replace(python=Python("3.11")))
    return decided(found, case, apply_rules(case), gaps, Project("/project"))


def test_what_is_certain_is_left() -> None:
    gaps = Gaps("a freeze", frozenset({"python_version"}))
    assert judged("foo==1\nbar==1\n", "foo-2", gaps=gaps) == (["bar", "foo"], [])


class TestPython:
    def gaps(self, *variables: str) -> Gaps:
        return Gaps("the record", frozenset(variables))

    @pytest.mark.parametrize(
        ("marker", "variables", "what", "option"),
        [
            ("python_version < '3.8'", "python_version", "the Python version", "version X.Y"),
            (
                *("python_full_version < '3.11.3'", "python_full_version"),
                *("the patch version of Python", "version X.Y.Z"),
            ),
        ],
    )
    def test_a_finding_that_depends_on_it(
        self, marker: str, variables: str, what: str, option: str
    ) -> None:
        text = f"foo==1\nbar==1; {marker}\n"
        left, errors = judged(text, "foo-2", gaps=self.gaps(variables))
        assert left == ["foo"]
        assert errors == [
            f"the findings about bar depend on {what}, which the record does not say; pass"
            f" --python-{option}"
        ]

    def test_the_platform(self) -> None:
        gaps = self.gaps("sys_platform", "os_name", "platform_system")
        _, errors = judged("bar==1; sys_platform == 'win32'\n", gaps=gaps)
        assert errors == [
            "the findings about bar depend on the platform, which the record does not say; pass"
            " --platform NAME"
        ]

    def test_what_no_option_says(self) -> None:
        gaps = self.gaps("platform_machine")
        _, errors = judged("bar==1; platform_machine == 'arm64'\n", gaps=gaps)
        assert errors == [
            "the findings about bar depend on 'platform_machine', which the record does not say;"
            " use pip inspect, which reports it"
        ]

    def test_the_implementation(self) -> None:
        gaps = self.gaps("implementation_name")
        _, errors = judged("bar==1; implementation_name == 'graalpy'\n", gaps=gaps)
        assert errors == [
            "the findings about bar depend on the implementation of Python, which the record does"
            " not say; use pip inspect, which reports it"
        ]

    def test_nothing_is_claimed_if_there_are_too_many(self) -> None:
        names = ("platform_machine", "platform_release", "platform_version")
        marker = " or ".join(f"{one} == 'x{n}'" for one in names for n in range(30))
        left, errors = judged(f"foo==1\nbar==1; {marker}\n", "bar-2", gaps=self.gaps(*names))
        assert left == []
        assert errors == [
            "the markers in the files ask for more than the record says; use pip inspect, which"
            " reports it"
        ]

    def test_options_leave_fewer(self) -> None:
        names = ("python_version", "python_full_version", "sys_platform", "platform_machine")
        marker = " or ".join(f"{one} == '3.{n}.{n}'" for one in names for n in range(30))
        _, errors = judged(f"bar==1; {marker}\n", gaps=self.gaps(*names))
        assert errors == [
            "the markers in the files ask for more than the record says; pass"
            " --python-version X.Y.Z and --platform NAME, or use pip inspect, which reports it"
        ]

    def test_usual_markers_are_not_too_many(self) -> None:
        machines = "aarch64 ppc64le x86_64 amd64 AMD64 win32 WIN32 arm64 i686 s390x riscv64"
        machine = " or ".join(f"platform_machine == {one!r}" for one in machines.split())
        text = (
            f"flask==1.0\nbar==1; sys_platform in 'linux linux2'\nbaz==1; {machine}\n"
            "foo==1; platform_python_implementation != 'PyPy'\n"
        )
        gaps = self.gaps(*(name for name in VARIABLES if name != "extra"))
        left, (error,) = judged(text, "flask-1.1", gaps=gaps)
        assert left == ["flask"]
        assert error.startswith("the findings about bar, baz, foo depend on the platform")

    def test_not_if_the_verdict_is_the_same_everywhere(self) -> None:
        text = "bar==1; python_version < '3.8'\nbar==1; python_version >= '3.8'\n"
        assert judged(text, "bar-1", gaps=self.gaps("python_version")) == ([], [])

    def test_of_very_many_projects_few_are_named(self) -> None:
        lines = "".join(f"p{number}==1; python_version < '3'\n" for number in range(5))
        _, (error,) = judged(lines, gaps=self.gaps("python_version"))
        assert error.startswith("the findings about p0, p1, p2 and 2 more depend on ")


def test_a_marker_that_is_not_known_is_not_called_false() -> None:
    text = "bar==1; python_version < '3.8'\nbaz==1; os_name == 'nt'\n"
    gaps = Gaps("the record", frozenset({"python_version"}))
    report = decide(text, (), gaps, Policy("all"))
    assert [(note.reason, note.project) for note in report.notes] == [("marker", "baz")]


def test_what_a_freeze_omits_may_be_installed() -> None:
    gaps = Gaps("a freeze", hidden=frozenset(map(CanonicalName, ("pip", "setuptools"))))
    assert judged("pip==24\nfoo==1\n", "foo-1", gaps=gaps) == (
        [],
        ["whether pip is installed is unknown: pip freeze omits it; use pip freeze --all"],
    )
    left, (error,) = judged("pip==24\nsetuptools==1\nbar==1\n", gaps=gaps)
    assert left == ["bar"]
    assert error.startswith("whether pip, setuptools are installed is unknown: pip freeze omits th")
    assert judged("foo==1\n", "foo-2", gaps=gaps) == (["foo"], [])


def test_a_version_that_is_not_recorded() -> None:
    gaps = Gaps("a freeze", unversioned=frozenset({CanonicalName("foo")}))
    assert judged("foo==1\nbar==1\n", "foo-2", "bar-2", gaps=gaps) == (
        ["bar"],
        [
            "which version of foo is installed is unknown: a freeze has only its URL; use pip"
            " inspect"
        ],
    )


class TestDependencies:
    def test_an_unlisted_project_may_be_one(self) -> None:
        assert judged("foo==1\n", "foo-1", "bar-1", gaps=FREEZE, policy=Policy()) == (
            [],
            [
                "whether bar is a dependency of something else is unknown: a freeze has no"
                " dependencies; use pip inspect, which reports dependencies, or --unlisted all if"
                " the file lists every package"
            ],
        )

    def test_not_if_all_must_be_listed(self) -> None:
        assert judged("foo==1\n", "foo-1", "bar-1", gaps=FREEZE) == (["bar"], [])

    @pytest.mark.parametrize(
        "text",
        [
            f"foo==1 --hash=sha256:{'0a' * 32}\n",
            "# This file is autogenerated by pip-compile\n#    pip-compile a.in\nfoo==1\n",
        ],
    )
    def test_nor_if_the_file_surely_lists_all(self, text: str) -> None:
        found = judged(text, "foo-1", "bar-1", gaps=FREEZE, policy=Policy())
        assert found == (["bar"], [])

    def test_a_tool_brings_some_that_need_not_be_listed(self) -> None:
        left, (error,) = judged("foo==1\n", "foo-1", "reqdrift-1", "bar-1", gaps=FREEZE)
        assert left == []
        assert error.endswith("has no dependencies; use pip inspect, which reports dependencies")

    def test_unmet_cannot_be_judged(self) -> None:
        policy = Policy("all", severity=(("unmet", "error"),))
        _, errors = judged("foo==1\n", "foo-1", gaps=FREEZE, policy=policy)
        assert errors == [
            "'unmet' cannot be judged: a freeze has no dependencies; use pip inspect, which reports"
            " dependencies"
        ]

    def test_what_an_extra_needs(self) -> None:
        _, errors = judged("foo[x]==1\n", "foo-1", gaps=FREEZE, policy=Policy())
        assert errors == [
            "what foo[x]==1 needs is unknown: a freeze has no dependencies; use pip inspect, which"
            " reports dependencies"
        ]

    def test_it_is_only_noted_where_all_must_be_listed(self) -> None:
        report = decide("foo[x]==1\n", ["foo-1"], FREEZE, Policy("all"))
        assert report.errors == ()
        messages = [note.message for note in report.notes if note.reason == "unsure"]
        assert messages == ["a freeze does not say what foo[x]==1 needs"]

    def test_nothing_is_unknown_if_they_are_recorded(self) -> None:
        known = FREEZE._replace(dependencies=False)
        assert judged("foo==1\n", "foo-1", "bar-1", gaps=known, policy=Policy()) == (["bar"], [])
