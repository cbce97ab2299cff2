"""What projects write is ordinary, and is read as packaging reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from reqdrift.drift.graph import parse_edge
from reqdrift.standards import canonical_name
from reqdrift.standards.markers import marker_holds, parse_requirement
from reqdrift.standards.versions import satisfies, sort_key

# As public projects have them.
REQUIREMENTS, MARKERS, VERSIONS = (
    Path(__file__).with_name(f"real_{kind}.txt").read_text().splitlines()
    for kind in ("requirements", "markers", "versions")
)
LINUX = {
    "os_name": "posix",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
}


@pytest.mark.parametrize(
    ("read", "texts"),
    [
        (parse_requirement, REQUIREMENTS),
        (lambda marker: marker_holds(marker, values("3.11", "")), MARKERS),
        (lambda version: satisfies(version, ">=1"), VERSIONS),
    ],
    ids=["requirements", "markers", "versions"],
)
def test_nearly_all_is_ordinary(read: Callable[[str], object], texts: Sequence[str]) -> None:
    odd = [text for text in texts if read(text) is None]
    assert len(odd) <= len(texts) * 0.02, odd


def values(python: str, extra: str) -> dict[str, str]:
    full = f"{python}.9"
    return {**LINUX, "python_version": python, "python_full_version": full, "extra": extra}


def test_the_requirements() -> None:
    for text in REQUIREMENTS:
        found = parse_requirement(text)
        if found is None:
            continue
        parsed = Requirement(text)
        assert (found.name, {*found.extras}) == (parsed.name, parsed.extras), text
        assert found.specifier == str(parsed.specifier), text
        for version in VERSIONS:
            inside = parsed.specifier.contains(version, prereleases=True)
            assert satisfies(version, found.specifier) is inside, (text, version)


def test_what_metadata_needs_is_split_as_packaging_splits_it() -> None:
    more = (
        *("foo (>=1,<2)", "foo[A,b_c]~=1.0", "foo [x] >=1 ; extra == 'y'", "foo@git+https://h/f"),
        *("foo @ https://h/foo-1.zip", "foo!=1;os_name=='x'"),
    )
    for text in (*filter(parse_requirement, REQUIREMENTS), *more):
        parsed, edge = Requirement(text), parse_edge(text)
        extras = {canonical_name(extra) for extra in parsed.extras}
        assert (edge.name, {*edge.extras}) == (canonical_name(parsed.name), extras), text
        assert SpecifierSet(edge.specifier) == parsed.specifier, text
        assert (Marker(edge.marker) if edge.marker else None) == parsed.marker, text


@pytest.mark.parametrize("extra", ["", "test", "dev"])
@pytest.mark.parametrize("python", ["2.7", "3.8", "3.10", "3.14"])
def test_the_markers(python: str, extra: str) -> None:
    for marker in (*MARKERS, *(text.partition(";")[2] for text in REQUIREMENTS if ";" in text)):
        holds = Marker(marker).evaluate(values(python, extra))
        assert marker_holds(marker.strip(), values(python, extra)) is holds, marker


def test_the_order_of_versions() -> None:
    public = [version for version in VERSIONS if "+" not in version]
    assert sorted(public, key=sort_key) == sorted(public, key=Version)  # type: ignore[arg-type]
