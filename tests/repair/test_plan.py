"""The shell commands that fix a report: what they do, and what they leave to the user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from checked import COMMIT, OTHER_COMMIT, case_of
from reqdrift.drift import compare
from reqdrift.drift.case import Case
from reqdrift.repair.installer import FromLock, Installer
from reqdrift.repair.plan import plan
from reqdrift.values import Broken, CanonicalName, Location, Policy, Unreadable
from reqdrift.values.details import Finding, Source

PIP = Installer("pip install", "pip uninstall -y", is_uv=False)
SPARE = CanonicalName("spare")


def script_of(
    case: Case,
    *more: Finding,
    stay: str = "",
    kept: Mapping[str, str] | None = None,
    locks: tuple[FromLock, ...] = (),
) -> list[str]:
    """The lines of the plan for what the rules find, and for some more findings."""
    report = compare(case)
    report = report._replace(findings=(*report.findings, *more))
    known = {CanonicalName(name): why for name, why in (kept or {}).items()}
    options: dict[str, Any] = {"locks": locks, "stay": stay, "kept": known}
    return plan(report, case, case.graph, PIP, ("/r.txt",), **options).splitlines()


def planned(
    text: str,
    *installed: str,
    sources: Mapping[str, Source] | None = None,
    requires: Mapping[str, Sequence[str]] | None = None,
    **more: Any,
) -> list[str]:
    return script_of(case_of(text, *installed, sources=sources, requires=requires), **more)


WHOLE = "pip install -r /r.txt"


def test_nothing_to_do() -> None:
    assert planned("foo==1.0\n", "foo-1.0") == []


@pytest.mark.parametrize("installed", [(), ("foo-2.0",)])
def test_what_is_missing_or_wrong_is_installed(installed: tuple[str, ...]) -> None:
    assert planned("foo==1.0\n", *installed) == [WHOLE]


def test_an_unpinned_line_is_nothing_to_install() -> None:
    assert planned("foo>=1\n", "foo-1.0") == []


class TestUninstalling:
    def test_comes_first(self) -> None:
        assert planned("foo==1.0\n", "spare-1", "other-1") == [
            *("pip uninstall -y other spare", WHOLE)
        ]

    def test_not_what_a_listed_project_needs(self) -> None:
        needs = {"foo": ["spare"], "spare": ["deep"], "deep": [], "other": []}
        lines = planned("foo==1.0\n", "foo-1.0", "spare-1", "deep-1", "other-1", requires=needs)
        assert lines == [
            "# not fixed: deep 1 is installed but not listed; needed by spare 1, needed by foo;"
            " `reqdrift fix` lists it",
            "# not fixed: spare 1 is installed but not listed; needed by foo 1.0;"
            " `reqdrift fix` lists it",
            "pip uninstall -y other",
        ]

    def test_not_what_an_extra_of_a_line_needs(self) -> None:
        needs = {"foo": ["spare; extra == 'x'"], "spare": []}
        assert planned("foo[x]==1.0\n", "foo-1.0", "spare-1", requires=needs)[1:] == []
        assert planned("foo==1.0\n", "foo-1.0", "spare-1", requires=needs) == [
            "pip uninstall -y spare"
        ]

    def test_not_what_a_project_needs_that_is_ignored(self) -> None:
        needs = {"tool": ["spare"], "spare": []}
        case = case_of("", "tool-1", "spare-1", requires=needs)
        (line,) = script_of(case._replace(policy=Policy("all", ("tool",))))
        assert line.startswith("# not fixed: spare 1 is installed but not listed")

    def test_nothing_if_the_environment_is_in_doubt(self) -> None:
        assert planned("foo==1.0\n", "spare-1", "other-1", stay="it is a guess") == [
            "# not fixed: 2 unlisted packages not uninstalled: it is a guess",
            WHOLE,
        ]

    def test_not_what_is_kept_nor_what_that_needs(self) -> None:
        needs = {"spare": ["deep"], "deep": [], "other": []}
        lines = planned(
            "",
            *("spare-1", "deep-1", "other-1"),
            requires=needs,
            kept={"spare": "it has no RECORD"},
        )
        assert lines[0] == "# not fixed: spare is not uninstalled: it has no RECORD"
        assert lines[1].startswith("# not fixed: deep 1 is installed")
        assert lines[2:] == ["pip uninstall -y other"]

    def test_nothing_if_it_is_unknown_what_a_project_that_stays_needs(self) -> None:
        case = case_of("foo==1.0\n", "foo-1.0", "spare-1", requires={"spare": ()})
        foo = case.environment.distributions[CanonicalName("foo")]
        broken = Finding("broken", "error", foo.name, Location("/foo"), None, None, "foo is bad")
        lines = script_of(case._replace(unknown=(foo,)), broken)
        assert not any(line.startswith("pip uninstall") for line in lines)
        assert "# not fixed: foo is bad" in lines

    def test_but_it_may_be_unknown_of_what_goes(self) -> None:
        case = case_of("", "spare-1", requires={"spare": ()})
        spare = case.environment.distributions[SPARE]
        needs = {SPARE: Unreadable("/spare", "gone")}
        case = case._replace(unknown=(spare,), facts=case.facts._replace(requires=needs))
        assert "pip uninstall -y spare" in script_of(case)


class TestLeftToTheUser:
    def test_lines_that_contradict_each_other(self) -> None:
        told = "# not fixed: /r.txt:2: the lines for foo contradict each other; fix them first"
        assert planned("foo==1.0\nfoo==2.0\n", "foo-1.0") == [told]
        assert planned("foo==1.0\nfoo==2.0\n") == [
            told,
            "# not fixed: /r.txt:1: foo==1.0 is not installed",
        ]

    def test_a_name_that_is_probably_misspelled(self) -> None:
        lines = planned("reqeusts==1.0\n", "requests-1.0")
        assert lines == [
            "# not fixed: /r.txt:1: reqeusts may be a misspelling of requests; fix the line first"
        ]

    def test_an_editable_checkout_that_pip_would_replace(self) -> None:
        clone = Source("folder", "/src/foo", folders=("/src/foo",), editable=True, local=True)
        case = case_of(
            f"-e git+https://h/foo@{COMMIT}#egg=foo\n", "foo-1.0", sources={"foo": clone}
        )
        at = case.lines[0].at
        moved = Finding("source", "error", CanonicalName("foo"), at, "", "1.0", "it moved")
        assert script_of(case, moved) == [
            "# not fixed: /r.txt:1: it moved; pip would clone it to /env/src/foo and use that"
            f" instead of /src/foo; run: git -C /src/foo checkout {COMMIT}"
        ]

    def test_a_broken_environment_is_told(self) -> None:
        case = case_of("foo==1.0\n")
        wrong = (Broken(CanonicalName("bar"), "bar is there twice"),)
        case = case._replace(environment=case.environment._replace(broken=wrong))
        assert script_of(case) == ["# not fixed: bar is there twice", WHOLE]

    def test_without_an_interpreter_there_is_no_command(self) -> None:
        case = case_of("foo==1.0\n", "spare-1")
        wrong = (Broken(CanonicalName("python"), "the interpreter is gone"),)
        case = case._replace(environment=case.environment._replace(broken=wrong))
        assert script_of(case) == ["# not fixed: the interpreter is gone"]

    def test_control_characters_do_not_leave_the_comment(self) -> None:
        (comment, *_) = planned("", "spare-1", stay="a\nrm -rf ~")
        assert comment == "# not fixed: 1 unlisted package not uninstalled: a\\nrm -rf ~"


class TestUnmet:
    def unmet(self, wanted: str, installed: str | None) -> Finding:
        at = Location("/r.txt", 1, 1)
        message = "foo 1.0 needs something else"
        return Finding("unmet", "error", CanonicalName("bar"), at, wanted, installed, message)

    def test_a_missing_dependency_is_installed(self) -> None:
        case = case_of("foo==1.0\n", "foo-1.0")
        assert script_of(case, self.unmet("bar<2,>=1", None)) == [WHOLE]

    def test_another_version_may_be_intended(self) -> None:
        case = case_of("foo==1.0\nbar==1\n", "foo-1.0", "bar-1")
        assert script_of(case, self.unmet("bar>=2", "1")) == [
            "# not fixed: /r.txt:1: foo 1.0 needs something else"
        ]

    def test_a_warning_is_left_alone(self) -> None:
        case = case_of("foo==1.0\n", "foo-1.0", "bar-1")._replace(unlisted=())
        warning = self.unmet("bar>=2", "1")._replace(severity="warning")
        left = ["# not fixed: /r.txt:1: foo 1.0 needs something else"]
        assert script_of(case, warning) == left
        assert script_of(case, warning._replace(severity="error")) == [WHOLE]

    def test_but_an_installation_of_the_file_changes_it_too(self) -> None:
        case = case_of("foo==1.0\nbaz\n", "foo-1.0", "bar-1")._replace(unlisted=())
        warning = self.unmet("bar>=2", "1")._replace(severity="warning")
        assert script_of(case, warning) == [WHOLE]


def test_a_constraint_on_what_may_be_unlisted_asks_for_it() -> None:
    needs = {"foo": ["bar"], "bar": []}
    case = case_of("foo==1.0\n", "foo-1.0", "bar-1.0", requires=needs)._replace(unlisted=())
    (limit,) = case_of("bar==2.0\n").lines
    bar = CanonicalName("bar")
    case = case._replace(binding={**case.applicable, bar: (limit._replace(constraint=True),)})
    wrong = Finding("version", "error", bar, limit.at, "bar==2.0", "1.0", "bar is 1.0")
    assert script_of(case, wrong) == [WHOLE]


def test_what_a_lock_file_installs_is_not_installed_again() -> None:
    command = "pip install -r pylock.toml"
    lock = FromLock(command, False, frozenset({CanonicalName("foo")}))
    assert planned("foo==1.0\n", locks=(lock,)) == [command]
    again = lock._replace(again=lock.projects)
    assert planned("", "spare-1", locks=(again,)) == ["pip uninstall -y foo spare", command]


class TestAnotherSource:
    """pip does not install an equal version again; so it is uninstalled first."""

    CLONE = Source("vcs", "https://h/foo", OTHER_COMMIT, vcs="git")

    @pytest.mark.parametrize("line", [f"foo @ git+https://h/foo@{COMMIT}", "foo==1.0"])
    def test_it_is_uninstalled_first(self, line: str) -> None:
        lines = planned(f"{line}\n", "foo-1.0", "spare-1", sources={"foo": self.CLONE})
        assert lines == ["pip uninstall -y foo spare", WHOLE]

    def test_also_if_nothing_unlisted_is(self) -> None:
        lines = planned("foo==1.0\n", "foo-1.0", "spare-1", sources={"foo": self.CLONE}, stay="x")
        assert lines[1:] == ["pip uninstall -y foo", WHOLE]

    def test_but_not_for_a_folder_which_pip_always_installs_again(self) -> None:
        lines = planned("foo @ file:///lib/foo\n", "foo-1.0", sources={"foo": self.CLONE})
        assert lines == [WHOLE]

    def test_nor_what_cannot_be(self) -> None:
        why = {"foo": "it has no RECORD"}
        lines = planned("foo==1.0\nbar\n", "foo-1.0", sources={"foo": self.CLONE}, kept=why)
        assert lines == [
            "# not fixed: foo is not uninstalled: it has no RECORD",
            "# not fixed: /r.txt:1: foo 1.0 is installed from https://h/foo at"
            f" {OTHER_COMMIT[:12]}, but the file says a release",
            WHOLE,
        ]
