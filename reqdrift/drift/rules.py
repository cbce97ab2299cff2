"""The rules: each looks at the whole case and yields what it finds.

They run if the fast path did not decide everything. Each kind of finding has a module here with
its rule and its wording, a row in kinds.py, and an entry in docs/findings.md.
"""

from __future__ import annotations

from ..values import TYPE_CHECKING, Note
from ..values.findings import Finding, Unreadable
from ..values.report import Report
from .case import Case
from .lines import is_allowed, is_pinned, may_repeat
from .policy import judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from ..values import KindName

    Rule = Callable[[Case], Iterator[Finding | Note]]


def _is_something_absent(case: Case) -> bool:
    return not case.applicable.keys() <= case.environment.distributions.keys()


# Kind -> whether its rule may find something, so that few modules are loaded where little is
# wrong. In the order of the table of kinds, but for `unmet`, which looks at what these find.
RULES: Mapping[KindName, Callable[[Case], bool]] = {
    "broken": lambda case: (
        bool(case.environment.broken or case.unknown)
        or any(isinstance(source, Unreadable) for source in case.facts.sources.values())
    ),
    "missing": lambda case: _is_something_absent(case) or any(line.extras for line in case.lines),
    "version": lambda case: not all(is_allowed(line, found) for line, found in case.comparable),
    "source": lambda case: (
        bool(case.facts.sources) or any(line.source is not None for line in case.lines)
    ),
    "extra": lambda case: bool(case.unlisted),
    "unpinned": lambda case: not all(line.constraint or is_pinned(line) for line in case.lines),
    "conflict": lambda case: bool(case.contradictions) or may_repeat(case.lines),
    "stale": lambda case: bool(case.compiled) and case.complete,
}


def rule_of(kind: KindName) -> Rule:
    """The rule that finds one kind, from the module of its name."""
    rule: Rule = getattr(_module_of(kind), kind)
    return rule


def _module_of(kind: KindName) -> Any:
    # Not `importlib`, which is as much to load as a rule.
    return __import__(f"{__package__}.{kind}", fromlist=[kind])


def apply_rules(case: Case) -> Report:
    """Run every rule over the case that may find something, and count what they looked at."""
    kinds = [kind for kind, may_find in RULES.items() if may_find(case)]
    found = [item for kind in kinds for item in rule_of(kind)(case)]
    found += _unmet(case, found)
    counted = list(judged([item for item in found if isinstance(item, Finding)], case))
    findings = tuple(item for item in counted if isinstance(item, Finding))
    notes = (*case.notes, *(item for item in (*found, *counted) if isinstance(item, Note)))
    asked = sum(not line.constraint for line in case.lines)
    skipped = len(case.inactive) + _number_not_needed(case)
    environment = case.environment
    return Report(
        environment._replace(python=case.python, started=environment.started or case.facts.started),
        case.files,
        findings,
        notes,
        case.errors,
        asked - skipped,
        skipped,
    )


def _unmet(case: Case, found: list[Finding | Note]) -> Iterator[Finding | Note]:
    if case.facts.requires is None:
        return iter(())
    rule: Callable[..., Iterator[Finding | Note]] = _module_of("unmet").unmet
    return rule(case, found)


def _number_not_needed(case: Case) -> int:
    if not _is_something_absent(case):
        return 0
    return len(_module_of("missing").lines_not_needed(case))
