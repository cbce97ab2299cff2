"""The pages of the site, which `make docs` builds and reports link to."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are installed

import docs
from reqdrift.kinds import DOCUMENTATION, KINDS, Kind
from support import REPOSITORY

PAGES = docs.pages()


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_report_links_to_the_page_of_the_kind(kind: Kind) -> None:
    page = PAGES[kind.url.removeprefix(DOCUMENTATION).removesuffix("/") + ".md"]
    heading, _, text = page.partition("\n\n")
    assert heading == f"# {kind.name}: {kind.title} {{#{kind.name}}}"
    assert " ".join(text.split()).startswith(kind.explanation)
    assert "What to do:" in text


def test_the_overview_has_the_anchors_that_the_file_has_on_github() -> None:
    overview = PAGES["findings/index.md"]
    assert re.findall(r"^## (.+)", overview, re.M) == list(KINDS)
    for kind in KINDS:
        assert f"]({kind}.md)" in overview
    assert "Why it matters" not in overview


def test_a_link_to_an_entry_leads_to_its_page() -> None:
    assert "([extra](findings/extra.md))" in PAGES["formats.md"]
    assert "(findings/extra.md#what-must-be-listed)" in PAGES["configuration.md"]
    assert "(see [extra](extra.md))" in PAGES["findings/version.md"]
    assert "[configuration.md](../configuration.md)" in PAGES["findings/index.md"]


def test_every_page_is_in_the_navigation_and_kinds_are_in_their_order() -> None:
    found = list(navigated(yaml.safe_load((REPOSITORY / "mkdocs.yml").read_text())["nav"]))
    assert sorted(found) == sorted(PAGES)
    of_kinds = [name for name in found if name.startswith("findings/")]
    assert of_kinds == ["findings/index.md", *(f"findings/{kind}.md" for kind in KINDS)]


def navigated(entry: object) -> Iterator[str]:
    """The pages of a part of the navigation: a page, or a list or table of such parts."""
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        yield from navigated(list(entry.values()))
    elif isinstance(entry, list):
        for part in entry:
            yield from navigated(part)
