"""What packages need, as far as the fast path weighs it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reqdrift.drift import settle
from reqdrift.drift.compare import compare
from reqdrift.requirements import read_requirements
from reqdrift.values import CanonicalName, Distribution, Environment, Policy, Python, Report
from reqdrift.values.findings import Facts, Project, Questions, Unreadable

ORPHANS = Policy("orphans")
UNMET = Policy("all", severity=(("unmet", "error"),))

FOO, BAR = CanonicalName("foo"), CanonicalName("bar")


def name_of(release: str) -> CanonicalName:
    return CanonicalName(release.partition("-")[0])


def settled(
    text: str,
    installed: str,
    *,
    policy: Policy = ORPHANS,
    direct: str = "",
    assumed: bool = False,
    asked: Mapping[CanonicalName, tuple[str, ...] | Unreadable] | None = None,
    limits: str = "",
    needs: Mapping[str, str] | None = None,
    unreadable: str = "",
) -> Report | Questions | None:
    """What the fast path makes of a file.

    Args:
        text: the file.
        installed: `name-version`, several with blanks between them.
        policy: what counts as drift.
        direct: what did not come from an index.
        assumed: whether the version of Python is only assumed.
        asked: what is known of needs, if those of not all are known.
        limits: a file of constraints.
        needs: the Requires-Dist of each project, separated by `|`; nothing of others.
        unreadable: the project whose metadata cannot be read.
    """
    found = {
        name_of(release): Distribution(
            *(name_of(release), name_of(release), release.partition("-")[2]),
            *(f"{release}.dist-info", "/site", name_of(release) in direct.split()),
        )
        for release in installed.split()
    }
    environment = Environment("/env", Python("3.11.7", assumed=assumed), "a test", found)
    texts = {"/r.txt": text.encode(), "/c.txt": limits.encode()}
    requirements = read_requirements(
        ["/r.txt"], ["/c.txt"] if limits else [], read=lambda path, **_: texts[path]
    )
    requires: dict[CanonicalName, tuple[str, ...] | Unreadable] = {
        name: tuple(one.strip() for one in (needs or {}).get(name, "").split("|") if one.strip())
        for name in found
    }
    if unreadable:
        requires[CanonicalName(unreadable)] = Unreadable("/site", "gone")
    if asked is not None:
        return settle(requirements, environment, policy, Facts({}, requires_of=asked))
    facts = Facts({}, requires)
    report = settle(requirements, environment, policy, facts)
    by_rules = compare(requirements, environment, facts, policy, Project("/project"))
    assert report in (None, by_rules)
    return report


def is_settled(
    text: str, installed: str, policy: Policy = ORPHANS, limits: str = "", **needs: str
) -> bool:
    found = settled(text, installed, policy=policy, limits=limits, needs=needs)
    return isinstance(found, Report)


class TestWhatIsUnlisted:
    @pytest.mark.parametrize("policy", [ORPHANS, Policy()])
    def test_may_be_needed_directly_or_not(self, policy: Policy) -> None:
        report = settled(
            *("foo==1\n", "foo-1 bar-2 baz-3 pip-24"),
            policy=policy,
            needs={"foo": "bar>=2", "bar": "baz; python_version > '3'"},
        )
        assert isinstance(report, Report)
        assert {note.reason for note in report.notes} == (
            {"tool"} if policy is ORPHANS else {"tool", "unlisted"}
        )

    def test_or_by_an_extra_that_is_asked_for(self) -> None:
        needs = 'bar; extra == "x"'
        assert is_settled("foo[x]==1\n", "foo-1 bar-2", foo=needs)
        assert not is_settled("foo==1\n", "foo-1 bar-2", foo=needs)

    @pytest.mark.parametrize("policy", [ORPHANS, Policy()])
    def test_or_it_is_drift(self, policy: Policy) -> None:
        assert not is_settled("foo==1\n", "foo-1 bar-2 baz-3", policy=policy, foo="bar")

    def test_must_be_listed_in_a_freeze(self) -> None:
        text = "foo==1\nbar==2\nbaz==3\n"
        assert not is_settled(text, "foo-1 bar-2 baz-3 x-4", policy=Policy(), foo="bar | x")
        assert is_settled(text, "foo-1 bar-2 baz-3 x-4", foo="bar | x")

    def test_is_never_right_where_all_must_be_listed(self) -> None:
        assert not is_settled("foo==1\n", "foo-1 bar-2", policy=UNMET, foo="bar")

    def test_is_a_tool_or_only_pip_needs_it(self) -> None:
        assert not is_settled("foo==1\n", "foo-1 uv-2", foo="uv")
        assert not is_settled("foo==1\n", "foo-1 bar-2 pip-24", foo="bar", pip="bar")

    def test_has_to_satisfy_constraints(self) -> None:
        for limits, is_right in (("bar<3\nnone==1\n", True), ("bar<2\n", False)):
            found = is_settled("foo==1\n", "foo-1 bar-2", limits=limits, foo="bar")
            assert found is is_right

    def test_by_lines_that_apply_here(self) -> None:
        never, needs = "; python_version < '3'", "absent; extra == 'x'"
        text = f"foo==1\nbar[x]==2{never}\n"
        assert is_settled(text, "foo-1 bar-2", foo="bar", bar=needs)
        assert not is_settled(f"foo==1\nbar==2{never}\n", "foo-1 bar-2")
        assert is_settled("foo==1\n", "foo-1 bar-2", limits=f"bar<2{never}\n", foo="bar")

    @pytest.mark.parametrize("policy", [ORPHANS, Policy()])
    @pytest.mark.parametrize("listed", ["", "bar==2\n"])
    def test_and_so_has_what_is_exempt(self, policy: Policy, listed: str) -> None:
        """Constraints also limit packages that are needed but never reported as unlisted."""
        for limits, is_right in (("setuptools>=60\n", True), ("setuptools>=70\n", False)):
            text, installed = f"foo==1\n{listed}", "foo-1 bar-2 setuptools-65"
            found = is_settled(text, installed, policy, limits, foo="bar | setuptools")
            # A freeze lists all that is not exempt.
            assert found is (is_right or (policy != ORPHANS and bool(listed)))


class TestWhatIsNeeded:
    @pytest.mark.parametrize("policy", [ORPHANS, UNMET])
    @pytest.mark.parametrize(
        ("needs", "is_met"),
        [
            ("bar", True),
            ("bar>=2", True),
            ("bar<2", False),
            ("absent", False),
            ("absent; python_version < '3'", True),
            ("absent; extra == 'x'", True),
            ("bar @ https://example.org/bar.zip", True),
            ("bar; no such marker", True),
            ("absent; no such marker", False),
            ("bar nonsense", False),
        ],
    )
    def test_must_be_installed(self, policy: Policy, needs: str, is_met: bool) -> None:
        assert is_settled("foo==1\nbar==2\n", "foo-1 bar-2", policy=policy, foo=needs) is is_met

    def test_is_not_weighed_of_other_files_or_by_wish(self) -> None:
        by_wish = Policy("orphans", severity=(("unmet", "off"),))
        for policy in (Policy(), Policy("all"), by_wish):
            assert is_settled("foo==1\nbar==2\n", "foo-1 bar-2", policy=policy, foo="bar<2")

    def test_may_hang_on_the_patch_version(self) -> None:
        needs = "absent; python_full_version < '3.11.5'"
        assert not is_settled("foo==1\n", "foo-1", foo=needs)
        assert is_settled("foo==1\nabsent==1\n", "foo-1 absent-1", foo=needs)
        assert is_settled("foo==1\n", "foo-1", foo="absent; python_full_version < '3.10'")
        # Nothing does where nothing is weighed.
        assert is_settled("foo[x]==1\n", "foo-1", policy=Policy(), foo=needs)


class TestWhatIsAsked:
    def test_nothing_where_all_is_listed(self) -> None:
        assert isinstance(settled("foo==1\n", "foo-1", policy=Policy(), asked={}), Report)

    @pytest.mark.parametrize("line", ["foo==1", "foo[x]==1"])
    @pytest.mark.parametrize("policy", [ORPHANS, Policy()])
    def test_all_needs_where_something_is_unlisted(self, line: str, policy: Policy) -> None:
        assert settled(line, "foo-1 bar-2", policy=policy, asked={}) == Questions(requires=True)

    @pytest.mark.parametrize("policy", [ORPHANS, UNMET])
    def test_or_where_needs_are_weighed(self, policy: Policy) -> None:
        assert settled("foo==1", "foo-1", policy=policy, asked={}) == Questions(requires=True)

    def test_nothing_where_other_things_must_be_weighed(self) -> None:
        assert settled("foo==1", "foo-1 bar-2", asked={}, direct="bar") is None
        assert settled("foo==1", "foo-1 bar-2", asked={}, assumed=True) is None
        assert settled("foo==1", "foo-1 bar-2", asked={}, policy=Policy("all")) is None

    def test_nothing_where_sources_count(self) -> None:
        """That of pip, say, which is no matter otherwise, and may be unreadable."""
        assert settled("foo==1", "foo-1 pip-2", policy=Policy(), asked={}, direct="pip")
        for level in ("error", "off"):
            policy = Policy(severity=(("unmet", level),))
            assert settled("foo==1", "foo-1 pip-2", policy=policy, asked={}, direct="pip") is None

    def test_nothing_of_what_is_a_freeze_but_for_little(self) -> None:
        text, installed = "a==1\nb==1\nc==1\nd==1\n", "a-1 b-1 c-1 d-1 more-1"
        assert settled(text, installed, policy=Policy(), asked={}) is None
        assert settled(text, installed, asked={}) == Questions(requires=True)

    def test_unreadable_needs_are_for_the_rules(self) -> None:
        assert settled("foo==1", "foo-1 bar-2", needs={"foo": "bar"}, unreadable="bar") is None


class TestExtras:
    """Those of lines that list all that is installed."""

    def of(self, **needs: tuple[str, ...] | Unreadable) -> Report | Questions | None:
        asked = {CanonicalName(name): texts for name, texts in needs.items()}
        return settled("foo[x]==1\nbar==2\n", "foo-1 bar-2", policy=Policy(), asked=asked)

    def test_ask_what_the_project_needs(self) -> None:
        assert self.of() == Questions(requires_of=frozenset({FOO}))

    def test_and_what_extras_of_others_need(self) -> None:
        assert self.of(foo=("bar[y]; extra == 'x'",)) == Questions(requires_of=frozenset({BAR}))

    def test_that_lack_nothing(self) -> None:
        found = self.of(foo=("bar; extra == 'x'", "absent; extra == 'y'"))
        assert isinstance(found, Report)

    def test_that_may_lack_something_with_another_python(self) -> None:
        """The rules note it, and the fast path compares with one version only."""
        needs = {FOO: ("absent; extra == 'x' and python_version < '3'",)}
        for assumed in (False, True):
            found = settled("foo[x]==1", "foo-1", policy=Policy(), asked=needs, assumed=assumed)
            assert (found is None) is assumed

    def test_that_lack_something(self) -> None:
        assert self.of(foo=("absent; extra == 'x'",)) is None

    def test_whose_metadata_cannot_be_read(self) -> None:
        assert self.of(foo=Unreadable("/foo", "gone")) is None
