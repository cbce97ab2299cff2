"""What is asked before a comparison, and in which order its results are reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checked import examined
from reqdrift.commands import Run
from reqdrift.drift import further_questions, questions
from reqdrift.drift.case import make_case
from reqdrift.values import CanonicalName, Facts, Policy, Project, Python, Questions
from support import make_environment

FOO, BAR = CanonicalName("foo"), CanonicalName("bar")


@pytest.fixture
def site(project: Path) -> Path:
    return make_environment(project / ".venv", "foo-1.0", "bar-2.0rc1", "pip-24.0")


def asked(found: Run, **known: Any) -> Questions:
    """What is asked at first, or after the answers that are known."""
    if not known:
        return questions(found.requirements, found.environment, found.policy)
    facts = Facts(**known)
    folder = str(Path.cwd())
    parts = found.requirements, found.environment, facts, found.policy, Project(folder)
    return further_questions(make_case(*parts), folder)


UNMET_OFF = Policy(severity=(("unmet", "off"),))


@pytest.mark.usefixtures("site")
class TestAsked:
    def test_what_packages_need(self) -> None:
        assert asked(examined("foo==1.0\nbar==2.0rc1\n")) == Questions(requires=True)

    @pytest.mark.parametrize(
        ("text", "requires"),
        [
            ("foo==1.0\nbar==2.0rc1\n", False),
            ("foo==1.0\n", True),  # who needs bar?
            ("foo==1.0\nbar==2.0rc1; os_name == 'x'\n", True),  # it may not be listed here
            ("foo==1.0\n-c limits.txt\n", True),  # a constraint lists nothing
            ("foo[x]==1.0\nbar==2.0rc1\n", True),  # what is missing for the extra?
        ],
    )
    def test_without_unmet_only_where_it_matters(self, text: str, requires: bool) -> None:
        Path("limits.txt").write_text("bar==2.0rc1\n")
        assert asked(examined(text, policy=UNMET_OFF)) == Questions(requires=requires)

    def test_where_what_is_not_from_an_index_came_from(self, site: Path) -> None:
        (site / "bar-2.0rc1.dist-info" / "direct_url.json").write_text("{}")
        found = examined("foo==1.0\nbar==2.0rc1\n")
        assert asked(found) == Questions(frozenset({BAR}), requires=True)

    def test_the_patch_version_only_if_a_marker_hangs_on_it(self) -> None:
        hangs = examined("foo==1.0\nbar==2.0rc1\nx; python_full_version < '3.11.3'\n")
        assert asked(hangs) == Questions(requires=True, exact_python=True)
        minor = examined("foo==1.0\nbar==2.0rc1\nx; python_version < '3.11'\n")
        assert asked(minor) == Questions(requires=True)

    @pytest.mark.parametrize(
        ("text", "exact_python"),
        [
            ("absent; python_full_version < '3.11.3'", True),
            ("absent; python_full_version < '3.11'", False),
            ("absent; python_version < '3.11'", False),
            ("absent; python_full_version < '3.11.3' and extra == 'x'", False),
        ],
    )
    def test_the_patch_version_if_what_is_needed_hangs_on_it(
        self, text: str, exact_python: bool
    ) -> None:
        found = examined("foo==1.0\nbar==2.0rc1\n")
        requires = {FOO: (text,), BAR: ()}
        assert asked(found, requires=requires) == Questions(exact_python=exact_python)
        assert asked(found, requires=requires, python=Python("3.11.7")) == Questions()
