"""What may be unlisted under each policy: `auto` lies between the two others, and says so."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

import reqdrift
from reqdrift import Policy, Report
from strategies import examples
from support import add_distribution, make_environment

pytestmark = pytest.mark.usefixtures("project")

NAMES = tuple("abcdefgh")
_TEXTS = st.lists(st.sampled_from(NAMES), unique=True).map(
    lambda names: "".join(f"{name}==1.0\n" for name in names)
)


@st.composite
def _needs(draw: st.DrawFn) -> dict[str, list[str]]:
    """What each installed project needs."""
    installed = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=3))
    asked = st.builds("{}{}".format, st.sampled_from(NAMES), st.sampled_from(["", "", "[x]", "<1"]))
    marked = st.builds(
        "{}{}".format, asked, st.sampled_from(["", "", "", "; extra == 'x'", "; os_name == '?'"])
    )
    return {name: draw(st.lists(marked, max_size=3)) for name in installed}


def _reports(needs: dict[str, list[str]], files: dict[str, str]) -> dict[str, Report]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        site = make_environment(folder / ".venv")
        for project, requires in needs.items():
            add_distribution(site, f"{project}-1.0", requires=requires)
        for file, text in files.items():
            (folder / file).write_text(text)
        named = [str(folder / file) for file in files if file != "base.txt"]
        python = str(folder / ".venv")
        return {
            unlisted: reqdrift.check(named, python=python, policy=Policy(unlisted))
            for unlisted in ("all", "auto", "orphans")
        }


def _of_kind(report: Report, *kinds: str) -> set[str]:
    return {f.project for f in report.findings if f.kind in kinds}


@given(_needs(), _TEXTS, _TEXTS, _TEXTS, st.booleans())
@example(
    {"f": ["g"], "g": ["a<1"], "a": [], "b": ["a", "g"]}, "f==1.0\n", "a==1.0\nb==1.0\n", "", False
)
@settings(examples(60))
def test_auto_lies_between_the_others(
    needs: dict[str, list[str]], one: str, other: str, base: str, including: bool
) -> None:
    files = {"one.txt": "-r base.txt\n" * including + one, "other.txt": other, "base.txt": base}
    reports = _reports(needs, files)
    extra = {unlisted: _of_kind(report, "extra") for unlisted, report in reports.items()}
    assert extra["orphans"] <= extra["auto"] <= extra["all"]
    # Only a file that lists everything must list what a listed package needs.
    assert extra["orphans"] == extra["auto"]
    left_out = {f.project for f in reports["auto"].findings if f.kind == "unpinned"}
    assert left_out <= extra["all"] - extra["auto"]
    for unlisted, report in reports.items():
        # What is extra has no other finding.
        assert _of_kind(report, "unmet") == _of_kind(reports["orphans"], "unmet") - extra[unlisted]
    event(f"left out: {bool(left_out)}, extra: {bool(extra['auto'])}")


@given(_needs(), _TEXTS)
@settings(examples(40))
def test_what_fix_would_list_is_then_a_freeze(needs: dict[str, list[str]], text: str) -> None:
    """Once every package is listed, no policy finds anything unlisted."""
    whole = "".join(f"{name}==1.0\n" for name in needs)
    for report in _reports(needs, {"one.txt": whole}).values():
        assert not _of_kind(report, "extra", "unpinned")
    # Without one line, that is what is missing in it, unless nothing is as it needs it.
    without = whole.partition("\n")[2]
    reports = _reports(needs, {"one.txt": without})
    assert _of_kind(reports["all"], "extra") == {next(iter(needs))}
