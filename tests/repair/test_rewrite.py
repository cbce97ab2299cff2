"""`reqdrift fix`: what each finding becomes in the file, and what is left."""

from __future__ import annotations

from checked import case_of
from reqdrift.drift import compare
from reqdrift.drift.case import Case
from reqdrift.drift.policy import finding_about
from reqdrift.repair.rewrite import Wishes, rewrite
from reqdrift.values import CanonicalName
from reqdrift.values.details import Finding

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def rewritten(
    case: Case, *more: Finding, kinds: str = "", wishes: Wishes | None = None
) -> tuple[str, list[str]]:
    """The text of the only file, and why some findings are not fixed."""
    report = compare(case)
    found = [f for f in report.findings if not kinds or f.kind in kinds.split()]
    outcome = rewrite(report._replace(findings=(*found, *more)), case, wishes or Wishes())
    text = outcome.changed[0].text if outcome.changed else case.files[0].text
    return text, [repair.refused for repair in outcome.repairs if repair.refused]


class TestOneRound:
    """The edits for some findings, by values alone."""

    def test_a_cautious_one_follows_only_what_is_newer_than_the_line(self) -> None:
        case = case_of("foo==1\nbar==1\n", "foo-2", "bar-2")
        older = frozenset({("/r.txt", 2)})
        text, refused = rewritten(case, wishes=Wishes(cautious=True, dated_older=older))
        assert text == "foo==1\nbar==2\n"
        assert refused == ["the line is not known to be older than the installation"]

    def test_what_a_root_brought_in_waits_for_it(self) -> None:
        needs = {"root": ["part"], "part": []}
        case = case_of("", "root-1", "part-1", requires=needs)
        assert rewritten(case) == ("root==1\n", [])
        files = (case.files[0]._replace(is_lock=True),)
        case = case._replace(requirements=case.requirements._replace(files=files))
        text, (one, other) = rewritten(case)
        assert (text, one) == ("", other)
        assert one.startswith("a lock file is not edited; ")

    def test_a_source_that_is_not_recorded_is_not_replaced(self) -> None:
        case = case_of(f"foo @ git+https://h/foo@{COMMIT}\n", "foo-1")
        assert rewritten(case)[0] == "foo==1\n"
        foo = case.environment.distributions[CanonicalName("foo")]
        unknown = {foo.name: foo._replace(entry="foo-1.egg-info")}
        case = case._replace(environment=case.environment._replace(distributions=unknown))
        wrong = finding_about(case, "source", case.lines[0], "it is a release")
        refused = ["where it was installed from is not recorded"]
        assert rewritten(case, wrong, kinds="none") == (case.files[0].text, refused)
