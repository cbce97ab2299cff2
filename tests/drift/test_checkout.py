"""`source` and `broken` of editable installs, from values alone."""

from __future__ import annotations

import pytest

from checked import case_of
from reqdrift.drift.source import elsewhere, gone
from reqdrift.values import CanonicalName, Note
from reqdrift.values.details import Editable, Finding, Source

MAIN, FEATURE = "/repo/main", "/repo/feature"
PLACED = Source("folder", MAIN, folders=(MAIN,), editable=True, local=True)


def found(editable: Editable, text: str = "", *others: str) -> list[Finding | Note]:
    case = case_of(text, "shop-1.0", *others, sources={"shop": PLACED})
    facts = case.facts._replace(editables={CanonicalName("shop"): editable})
    case = case._replace(facts=facts)
    return [*gone(case), *elsewhere(case)]


def finding(editable: Editable, text: str = "") -> tuple[str, str, str]:
    (one,) = found(editable, text)
    assert isinstance(one, Finding)
    assert (one.project, one.installed, one.wanted) == ("shop", "1.0", None)
    return one.kind, one.severity, one.message


def test_another_checkout() -> None:
    assert finding(Editable(MAIN, here=FEATURE, own=True)) == (
        "source",
        "error",
        f"shop 1.0 runs from {MAIN}, not from this checkout {FEATURE};"
        f" run: uv pip install --python python --reinstall --no-deps -e {FEATURE}",
    )


def test_the_command_is_that_of_the_environment() -> None:
    other = Editable(MAIN, here="/repo/a b", own=True)
    (one,) = found(other, "", "pip-25.0")
    assert one.message.endswith("; run: python -m pip install --no-deps -e '/repo/a b'")


def test_the_environment_of_the_other_checkout() -> None:
    (one,) = found(Editable("/env", here=FEATURE, own=True))
    assert "; create an environment in this checkout, or run: uv pip install" in one.message


def test_another_project_of_the_repository() -> None:
    other = Editable(f"{MAIN}/lib", here=f"{FEATURE}/lib")
    kind, severity, message = finding(other)
    assert (kind, severity) == ("source", "warning")
    assert message.startswith(
        f"shop 1.0 runs from {MAIN}/lib, not from this checkout's {FEATURE}/lib; run: "
    )
    assert found(other, "shop") == []


@pytest.mark.parametrize("own", [True, False])
def test_a_folder_that_is_gone(own: bool) -> None:
    gone = Editable("/gone", "/gone/src", own=own)
    assert finding(gone) == (
        "broken",
        "error",
        "shop 1.0 runs from /gone/src, which does not exist; reinstall it",
    )
    kind, _, message = finding(gone._replace(here=FEATURE), "shop")
    assert kind == "broken"
    assert message.endswith(
        f"; run: uv pip install --python python --reinstall --no-deps -e {FEATURE}"
    )


def test_a_record() -> None:
    (note,) = found(Editable(MAIN, here=FEATURE, own=True, recorded=True))
    assert isinstance(note, Note)
    assert note.reason == "unsure"


def test_a_line_that_source_finds_wrong() -> None:
    """One finding is enough."""
    assert found(Editable(MAIN, here=FEATURE, own=True), "shop==1.0") == []


@pytest.mark.parametrize("line", ["", f"shop @ file://{MAIN}"])
def test_a_line_that_source_finds_right(line: str) -> None:
    """It was installed from this folder; what Python imports is another."""
    right = PLACED._replace(editable=False)
    case = case_of(line, "shop-1.0", sources={"shop": right})
    other = Editable("/copied", here=MAIN, own=True)
    facts = case.facts._replace(editables={CanonicalName("shop"): other})
    (one,) = elsewhere(case._replace(facts=facts))
    assert "runs from /copied" in one.message


def test_a_line_that_asks_for_a_clone_in_the_environment() -> None:
    clone = PLACED._replace(environment="/env", folders=("/env/src/shop",))
    line = "-e git+https://example.org/a/shop@main#egg=shop"
    case = case_of(line, "shop-1.0", sources={"shop": clone})
    other = Editable("/env/src/shop", here=FEATURE, own=True)
    facts = case.facts._replace(editables={CanonicalName("shop"): other})
    assert list(elsewhere(case._replace(facts=facts))) == []
