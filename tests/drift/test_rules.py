"""The rules together: their order, and what they count."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

from checked import COMMIT, Checked, case_of, examined
from reqdrift.drift import RULES, compare, rule_of
from reqdrift.drift.absent import similar_names
from reqdrift.drift.case import make_case
from reqdrift.drift.policy import judged
from reqdrift.drift.sources import contradicting
from reqdrift.drift.unmet import unmet
from reqdrift.kinds import KINDS
from reqdrift.values import CanonicalName, Policy
from reqdrift.values.details import Broken, Compiled, Finding, Source

if TYPE_CHECKING:
    from reqdrift.values import KindName

EVERYTHING = case_of(
    f"absent==1\nold==1\nmoved==1\nloose>=1\ntwice==1\ntwice==2\nmug @ git+https://h/mug@{COMMIT}\n",
    *("old-2", "moved-1", "loose-1", "twice-1", "stray-1", "mug-1"),
    sources={"moved": Source("folder", "/lib", folders=("/lib",), local=True)},
    requires={"old": ["needed"]},
)
EVERYTHING = EVERYTHING._replace(
    environment=EVERYTHING.environment._replace(broken=(Broken(CanonicalName("bad"), "is bad"),)),
    policy=Policy("all", severity=(("unmet", "error"),)),
    requirements=EVERYTHING.requirements._replace(
        compiled=(Compiled("/r.txt", "", frozenset(("/r.txt",)), case_of("rope\n").lines),)
    ),
)


def kinds(found: Iterable[object]) -> list[str]:
    return [item.kind for item in found if isinstance(item, Finding)]


@pytest.mark.parametrize("kind", RULES)
def test_each_rule_finds_its_own_kind_and_no_other(kind: KindName) -> None:
    assert RULES[kind].may_find(EVERYTHING)
    assert set(kinds(rule_of(kind)(EVERYTHING))) == {kind}


def test_the_rules_are_in_the_order_of_the_table() -> None:
    assert [*RULES] == [kind for kind in KINDS if kind != "modified"]


def test_what_has_another_finding_is_not_unmet() -> None:
    (found,) = unmet(EVERYTHING)
    assert kinds([found]) == ["unmet"]
    about = CanonicalName("needed")
    other = Finding("broken", "error", about, EVERYTHING.lines[0].at, None, None, "")
    assert kinds(judged([other, found], EVERYTHING)[0]) == ["broken"]


def test_a_line_has_one_finding_of_missing_source_and_version() -> None:
    wrong = case_of(
        "foo[more]==1",
        "foo-2",
        sources={"foo": Source("folder", "/lib", folders=("/lib",))},
        requires={"foo": ["bar; extra == 'more'"]},
    )
    assert kinds(compare(wrong).findings) == ["source"]
    assert kinds(compare(wrong._replace(facts=wrong.facts._replace(sources={}))).findings) == [
        "version"
    ]


@pytest.mark.parametrize("is_conda", [False, True])
def test_conda_has_other_names_for_some_projects(checked: Checked, is_conda: bool) -> None:
    checked.install("web-2.0", requires=["absent", "forms>5"])
    checked.install("forms-1.0")
    found = examined("web==2.0\n")
    environment = found.environment._replace(is_conda=is_conda)
    parts = found.requirements, environment, found.case.facts, Policy(), found.case.project
    assert [(f.project, f.severity) for f in compare(make_case(*parts)).findings] == [
        ("absent", "warning" if is_conda else "error"),
        ("forms", "warning"),
    ]


def test_very_many_lines_of_one_project_are_compared_in_time() -> None:
    texts = [f"foo>={number}" for number in range(400)]
    lines = case_of("\n".join([*texts, "foo<0.5"])).lines
    pairs = [(one.at.line, two.at.line) for one, two in contradicting(lines)]
    assert pairs == [(number, 401) for number in range(1, 401)]


def test_very_many_names_are_not_compared() -> None:
    many = [CanonicalName(f"package-of-words-{chr(97 + n % 26)}" * 2) for n in range(400)]
    assert similar_names(many, many) == {}
