"""What the record of an environment does not decide is an error, and no finding."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import reqdrift
from checked import case_of
from reqdrift.drift import compare
from reqdrift.drift.undecided import decided
from reqdrift.requirements import read_requirements
from reqdrift.values import CanonicalName, Policy, Python
from reqdrift.values.details import Gaps
from reqdrift.values.findings import Project
from support import reads_locks

if TYPE_CHECKING:
    from reqdrift.values.report import Report

FREEZE = Gaps("a freeze")
VERSION = ("python_version", "python_full_version", "implementation_version")
PLATFORM = ("sys_platform", "os_name", "platform_system")


def judged(
    text: str, *installed: str, gaps: Gaps, policy: Policy | None = None
) -> tuple[list[str], list[str]]:
    """The projects of the findings that are left, and the errors."""
    report = decide(text, installed, gaps, policy or Policy("all"))
    assert {error.exit_code for error in report.errors} <= {3}
    return [f.project for f in report.findings], [error.message for error in report.errors]


def decide(
    text: str,
    installed: Sequence[str],
    gaps: Gaps,
    policy: Policy,
    project: Project = Project("/project"),  # noqa: B008 - it is immutable
) -> Report:
    found = read_requirements(["/r.txt"], read=lambda *_, **__: text.encode())
    case = case_of(text, *installed)._replace(policy=policy)
    python = Python("3.11", assumed="python_version" in gaps.variables)
    case = case._replace(environment=case.environment._replace(python=python), python=python)
    case = case._replace(requirements=found, project=project)
    return decided(case, compare(case), gaps)


def test_what_is_certain_is_left() -> None:
    gaps = Gaps("a freeze", frozenset(VERSION))
    assert judged("foo==1\nbar==1\n", "foo-2", gaps=gaps) == (["foo", "bar"], [])


class TestPython:
    def gaps(self, *variables: str) -> Gaps:
        return Gaps("the record", frozenset(variables))

    @pytest.mark.parametrize(
        ("marker", "variables", "what", "way_out"),
        [
            ("python_version < '3.8'", VERSION, "the Python version", "pass --python-version X.Y"),
            (
                *("python_full_version < '3.11.3'", VERSION),
                *("the Python version", "pass --python-version X.Y"),
            ),
            (
                *("python_full_version < '3.11.3'", VERSION[1:]),
                *("the patch version of Python", "pass --python-version X.Y.Z"),
            ),
            (
                *("implementation_version >= '3.11.3'", VERSION[1:]),
                *("the patch version of Python", "pass --python-version X.Y.Z"),
            ),
            ("sys_platform == 'win32'", PLATFORM, "the platform", "pass --platform NAME"),
            ("os_name == 'nt'", PLATFORM, "the platform", "pass --platform NAME"),
            (
                *("python_version < '3' and os_name == 'nt'", VERSION + PLATFORM),
                "the Python version and the platform",
                "pass --python-version X.Y --platform NAME",
            ),
            # Only of some platforms, `--platform` says the system.
            (
                *("platform_system == 'FreeBSD'", ("platform_system",)),
                *("'platform_system'", "use pip inspect"),
            ),
            (
                *("python_version < '3' or platform_machine == 'arm64'", ("platform_machine",)),
                *("'platform_machine'", "use pip inspect"),
            ),
            (
                *("'Py' in platform_python_implementation", ("platform_python_implementation",)),
                *("'platform_python_implementation'", "use pip inspect"),
            ),
        ],
    )
    def test_a_marker_that_asks_for_more(
        self, marker: str, variables: tuple[str, ...], what: str, way_out: str
    ) -> None:
        left, errors = judged(f"foo==1\nbar==1; {marker}\n", "foo-2", gaps=self.gaps(*variables))
        assert left == []
        assert errors == [
            f"the findings about bar depend on {what}, which the record does not say; {way_out}"
        ]

    @pytest.mark.parametrize(
        "marker",
        [
            "python_full_version < '3.9'",
            "python_full_version >= '3.11'",
            "python_version < '3' and sys_platform == 'win32'",
            "python_version > '3' or platform_machine not in 'arm64 aarch64'",
            "sys_platform == 'win32' and (os_name == 'nt' or python_version < '3') and "
            "python_version < '3'",
            "'and os_name' == os_name and python_version < '3'",
        ],
    )
    def test_one_that_the_known_version_decides(self, marker: str) -> None:
        gaps = self.gaps(*VERSION[1:], *PLATFORM, "platform_machine")
        holds = ">" in marker
        assert judged(f"bar==1; {marker}\n", gaps=gaps) == (["bar"] if holds else [], [])

    def test_a_constraint_on_what_no_line_asks_for(self, project: Path) -> None:
        (project / "limits.txt").write_text("bar<2; python_version < '3'\n")
        (project / "requirements.txt").write_text("-c limits.txt\nfoo==1\n")
        (project / "record").write_text("foo==1\nbar==3\n")
        policy = Policy("all", ignore=("bar",))
        assert reqdrift.check(installed="record", policy=policy).errors == ()
        (project / "limits.txt").write_text("foo<2; python_version < '3'\n")
        (error,) = reqdrift.check(installed="record", policy=policy).errors
        assert error.message.startswith("the findings about foo depend on the Python version")

    def test_a_module_of_the_standard_library_of_some_pythons(self) -> None:
        text = "venv==1\nuuid==1\n"  # since 3.3
        _, (error,) = judged(text, gaps=self.gaps(*VERSION))
        assert error == (
            "the findings about venv depend on the Python version, which the record does not"
            " say; pass --python-version X.Y"
        )
        assert judged(text, gaps=self.gaps())[1] == []

    @reads_locks
    def test_a_lock_file_of_some_pythons(self, project: Path) -> None:
        entry = '[[packages]]\nname = "foo"\nversion = "1"\nindex = "https://example.org/simple"\n'
        entry += '[[packages.wheels]]\nname = "foo-1-py3-none-any.whl"\nurl = "https://h/foo"\n'
        entry += f'hashes = {{sha256 = "{"0a" * 32}"}}\n'
        (project / "pylock.toml").write_text(
            f'lock-version = "1.0"\ncreated-by = "x"\nrequires-python = ">=3.13"\n{entry}'
        )
        (project / "record").write_text("foo==2\n")
        report = reqdrift.check("pylock.toml", installed="record")
        assert [error.message.partition(", ")[0] for error in report.errors] == [
            "the findings depend on the Python version"
        ]
        for version, code in (("3.13", 1), ("3.12", 2)):
            report = reqdrift.check("pylock.toml", installed="record", python_version=version)
            assert report.exit_code == code

    def test_of_very_many_projects_few_are_named(self) -> None:
        lines = "".join(f"p{number}==1; python_version < '3'\n" for number in range(6))
        _, (error,) = judged(lines, gaps=self.gaps(*VERSION))
        assert error.startswith("the findings about p0, p1, p2, p3 and 2 more depend on ")

    def test_a_marker_that_is_not_known_is_not_called_false(self) -> None:
        text = "bar==1; python_version < '3.8'\nbaz==1; os_name == 'nt'\n"
        report = decide(text, (), self.gaps(*VERSION), Policy("all"))
        assert report.notes == ()

    def test_what_is_unlisted_is_reported_at_once(self) -> None:
        text = "foo==1\nbar==1; python_version < '3.8'\n"
        gaps = self.gaps(*VERSION)
        left, errors = judged(text, "foo-2", "bar-1", "baz-1", gaps=gaps, policy=Policy())
        assert left == []
        assert [error.partition(" depend on ")[0] for error in errors] == [
            *("the findings about bar", "the findings about baz")
        ]


def test_what_a_freeze_omits_may_be_installed() -> None:
    gaps = Gaps("a freeze", hidden=frozenset(map(CanonicalName, ("pip", "setuptools"))))
    assert judged("pip==24\nfoo==1\n", "foo-1", gaps=gaps) == (
        [],
        [
            "the findings about pip depend on what else is installed, which a freeze does not say;"
            " use pip freeze --all"
        ],
    )
    left, (error,) = judged("pip==24\nsetuptools==1\nbar==1\n", gaps=gaps)
    assert left == ["bar"]
    assert error.startswith("the findings about pip, setuptools depend on what else is installed")
    assert judged("foo==1\n", "foo-2", gaps=gaps) == (["foo"], [])


def test_a_version_that_is_not_recorded() -> None:
    gaps = Gaps("a freeze", unversioned=frozenset({CanonicalName("foo")}))
    assert judged("foo==1\nbar==1\n", "foo-2", "bar-2", gaps=gaps) == (
        ["bar"],
        [
            "the findings about foo depend on the version, which a freeze does not say; use pip"
            " inspect"
        ],
    )


def test_a_project_of_this_repository_may_be_installed_from_its_folder() -> None:
    project = Project("/project", parts=frozenset({CanonicalName("lib")}))
    report = decide("foo==1\n", ("foo-1", "lib-1"), FREEZE, Policy("all"), project)
    assert report.findings == ()
    assert [error.message for error in report.errors] == [
        "the findings about lib depend on sources, which a freeze does not say; use pip inspect, or"
        " pass --ignore lib"
    ]


DEPENDENCIES = "depend on dependencies, which a freeze does not say"
EITHER = "pass --unlisted all if the file lists every package, or use pip inspect"


class TestDependencies:
    def test_an_unlisted_project_may_be_one(self) -> None:
        assert judged("foo==1\n", "foo-2", "bar-1", gaps=FREEZE, policy=Policy()) == (
            ["foo"],
            [f"the findings about bar {DEPENDENCIES}; {EITHER}"],
        )

    def test_nothing_is_needed_if_nothing_is_unlisted(self) -> None:
        assert judged("foo==1\n", "foo-1", gaps=FREEZE, policy=Policy()) == ([], [])

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
        left, errors = judged("foo==1\n", "foo-1", "reqdrift-1", "bar-1", gaps=FREEZE)
        assert left == []
        assert errors == [f"the findings about bar {DEPENDENCIES}; use pip inspect"]

    def test_unmet_cannot_be_judged(self) -> None:
        policy = Policy("all", severity=(("unmet", "error"),))
        _, errors = judged("foo==1\n", "foo-1", gaps=FREEZE, policy=policy)
        assert errors == [f"the findings {DEPENDENCIES}; use pip inspect"]

    def test_what_an_extra_needs(self) -> None:
        _, errors = judged("foo[x]==1\n", "foo-1", gaps=FREEZE, policy=Policy())
        assert errors == [f"the findings about foo {DEPENDENCIES}; {EITHER}"]
        assert judged("foo[x]==1\n", "foo-1", gaps=FREEZE) == ([], [])
