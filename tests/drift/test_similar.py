"""Misspelled names, and names of other projects that are similar."""

from __future__ import annotations

import pytest

from checked import Checked
from reqdrift.drift.absent import similar_names
from reqdrift.values import CanonicalName


@pytest.mark.parametrize(
    ("written", "installed"),
    [
        ("python-datutil", "python-dateutil"),
        ("reqeusts", "requests"),
        ("requets", "requests"),
        ("djang", "django"),
        ("beautifulsop4", "beautifulsoup4"),
    ],
)
def test_a_misspelled_name(checked: Checked, written: str, installed: str) -> None:
    checked.install(f"{installed.replace('-', '_')}-1.0")
    report = checked.report(f"{written}==1.0\n")
    (found,) = [f for f in report.findings if f.kind == "missing"]
    assert found.message == (
        f"{written}==1.0 is not installed; did you mean {installed}, which is installed but not"
        " listed?"
    )


@pytest.mark.parametrize(
    ("written", "installed"),
    [
        ("package-10", "package-11"),
        ("psycopg2", "psycopg2-binary"),
        ("jinja", "jinja2"),
        ("boto", "botocore"),
        ("six", "sax"),
        ("pytest-cov", "pytest-env"),
        ("types-pytz", "types-toml"),
    ],
)
def test_another_project(checked: Checked, written: str, installed: str) -> None:
    checked.install(f"{installed.replace('-', '_')}-1.0")
    report = checked.report(f"{written}==1.0\n")
    (found,) = [f for f in report.findings if f.kind == "missing"]
    assert found.message == f"{written}==1.0 is not installed"


def test_nothing_is_to_be_installed_by_a_misspelled_name(checked: Checked) -> None:
    checked.install("requests-1.0")
    report = checked.report("reqeusts==1.0\n", explain=True)
    assert [hint.command for hint in report.hints] == [
        "reqdrift fix --unlisted all requirements.txt"
    ]
    checked.install("six-1.0")
    report = checked.report("reqeusts==1.0\nsix==2.0\n", explain=True)
    assert not [hint for hint in report.hints if "plan" in hint.command]


def test_what_is_listed_is_not_meant(checked: Checked) -> None:
    checked.install("requests-1.0")
    report = checked.report("requests==1.0\nreqeusts==1.0\n")
    assert [f.message for f in report.findings] == ["reqeusts==1.0 is not installed"]


def test_very_many_names_are_not_compared() -> None:
    many = [CanonicalName(f"package-of-words-{chr(97 + n % 26)}" * 2) for n in range(400)]
    assert similar_names(many, many) == {}
