"""What the configuration ignores: by name or glob, for some kinds, with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

import reqdrift
from reqdrift import IgnoredProject, Policy
from support import add_distribution, make_environment


@pytest.fixture
def site(project: Path) -> Path:
    """`types-rope` and `stray` are extra; `wick` is missing."""
    (project / "requirements.txt").write_text("rope==1.0\nwick\n")
    site = make_environment(project / ".venv", "rope-1.0", "stray-1.0")
    add_distribution(site, "types_rope-1.0")
    return site


def test_from_python(site: Path) -> None:
    ignored = IgnoredProject("types-*", frozenset({"extra"}), "why not")
    report = reqdrift.check(policy=Policy(ignore=("stray", ignored, "wick")), explain=True)
    assert report.findings == ()
    assert [n.message[-7:] for n in report.notes if n.quiet] == ["why not"]
    other = IgnoredProject("types-*", installed="2.0")
    report = reqdrift.check(policy=Policy(ignore=("stray", other, "wick")))
    assert [finding.project for finding in report.findings] == ["types-rope"]
