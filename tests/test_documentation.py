"""The table of kinds, all that has an entry for each, and the pages that `make docs` builds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are installed

import docs
from reqdrift.kinds import DOCUMENTATION, KINDS, Kind
from reqdrift.repository.settings import _KEYS, _KEYS_OF_SET
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


def test_the_table_is_complete() -> None:
    # The literals are for type checkers only, so they are read, not imported.
    tree = ast.parse((REPOSITORY / "reqdrift" / "values" / "__init__.py").read_text())
    (literal,) = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "KindName"
    )
    names = [node.value for node in ast.walk(literal) if isinstance(node, ast.Constant)]
    assert names == list(KINDS)
    assert [kind.name for kind in KINDS.values()] == list(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_titles_are_parts_of_a_line_and_the_rest_are_sentences(kind: Kind) -> None:
    assert kind.title == kind.title.strip(".")
    for text in (kind.explanation, kind.advice):
        assert text[0].isupper()
        assert text.endswith(".")


def test_the_documentation_names_every_key_of_the_configuration() -> None:
    documented = set(re.findall(r"^\| `([\w-]+)` \|", PAGES["configuration.md"], re.MULTILINE))
    assert documented == {*_KEYS, *_KEYS_OF_SET}
