"""What is read of a distribution only when it is asked for."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from reqdrift.environments.answers import answer, read_name, read_requires
from reqdrift.values import (
    CanonicalName,
    Distribution,
    Environment,
    Facts,
    Python,
    Questions,
    Unreadable,
)
from support import add_distribution

REQUIRES = """\
six

[:python_version < "3"]
futures>=1

[dev]
pytest

[docs:os_name == "nt"]
sphinx
"""


def distribution(folder: Path, entry: str, name: str = "lantern") -> Distribution:
    return Distribution(CanonicalName(name), name, "1.0", entry, str(folder))


@pytest.mark.parametrize(
    "entry, file",
    [
        ("lantern.egg-info", "lantern.egg-info/requires.txt"),
        ("lantern-1.0-py3.11.egg", "lantern-1.0-py3.11.egg/EGG-INFO/requires.txt"),
    ],
)
def test_the_requirements_of_an_egg(entry: str, file: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(REQUIRES)
    assert read_requires(distribution(tmp_path, entry)) == (
        "six",
        'futures>=1 ; python_version < "3"',
        'pytest ; extra == "dev"',
        'sphinx ; (os_name == "nt") and extra == "docs"',
    )


def test_requirements_in_no_encoding_are_still_read(tmp_path: Path) -> None:
    (tmp_path / "lantern.egg-info").mkdir()
    (tmp_path / "lantern.egg-info" / "requires.txt").write_bytes(b"six\n\xff\n")
    assert read_requires(distribution(tmp_path, "lantern.egg-info")) == ("six", "\ufffd")


def test_an_egg_link_leads_to_its_own_metadata(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in ("other", "lan_tern"):
        info = source / f"{name}.egg-info"
        info.mkdir(parents=True)
        (info / "PKG-INFO").write_text(f"Name: {name}\nVersion: 1.0\n")
        (info / "requires.txt").write_text(f"needed-by-{name}\n")
    (tmp_path / "lan-tern.egg-link").write_text(f"{source}\n.\n")
    found = distribution(tmp_path, "lan-tern.egg-link", "lan-tern")
    assert read_requires(found) == ("needed-by-lan_tern",)


@pytest.mark.parametrize(
    ("folder", "file"), [("lantern-1.0.dist-info", "METADATA"), ("lantern.egg-info", "PKG-INFO")]
)
def test_requires_txt_counts_without_requires_dist(tmp_path: Path, folder: str, file: str) -> None:
    # As pip does; importlib.metadata has no such fallback for a file without Requires-Dist.
    info = tmp_path / folder
    info.mkdir()
    (info / "requires.txt").write_text("six\n")
    (info / file).write_text("Name: lantern\nVersion: 1.0\n\n")
    assert read_requires(distribution(tmp_path, info.name)) == ("six",)
    for first in ("Metadata-Version: 2.1\n", "", "Metadata-Version: 2.1\nLicense: one\n  two\n"):
        headers = f"{first}Name: lantern\nVersion: 1.0\nRequires-Dist: wick\n\n"
        (info / file).write_text(headers)
        assert read_requires(distribution(tmp_path, info.name)) == ("wick",)


def test_requires_txt_does_not_count_where_metadata_cannot_be_read(tmp_path: Path) -> None:
    info = tmp_path / "lantern-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").symlink_to("METADATA")
    (info / "requires.txt").write_text("six\n")
    assert isinstance(read_requires(distribution(tmp_path, info.name)), Unreadable)


def test_a_link_to_no_requires_txt_is_unreadable(tmp_path: Path) -> None:
    info = add_distribution(tmp_path, "lantern-1.0")
    (info / "requires.txt").symlink_to("gone")
    assert isinstance(read_requires(distribution(tmp_path, info.name)), Unreadable)


def test_an_egg_link_to_nowhere_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "lantern.egg-link").write_text(f"{tmp_path}/gone\n.\n")
    assert isinstance(read_requires(distribution(tmp_path, "lantern.egg-link")), Unreadable)


@pytest.mark.parametrize(
    "headers, name",
    [
        ("Name: Lan.Tern\n", "Lan.Tern"),
        ("Name: Lan.Tern\nName: LAN-TERN\n", "Lan.Tern"),  # the first counts, as for pip
        ("Name: other\n", "lan_tern"),
        ("Name: -lan-tern\n", "lan_tern"),
        ("Version: 1.0\n", "lan_tern"),
        (None, "lan_tern"),
    ],
)
def test_a_name_as_metadata_spells_it(headers: str | None, name: str, tmp_path: Path) -> None:
    info = tmp_path / "lan_tern-1.0.dist-info"
    info.mkdir()
    if headers is not None:
        (info / "METADATA").write_text(headers)
    found = distribution(tmp_path, info.name, "lan-tern")._replace(project="lan_tern")
    assert read_name(found) == name


def test_all_needs_are_in_the_order_of_what_is_installed(tmp_path: Path) -> None:
    names = [CanonicalName(name) for name in ("web", "text", "app", "gone", "paths")]
    found = {name: distribution(tmp_path, f"{name}-1.0.dist-info", name) for name in names}
    for name in names:
        add_distribution(tmp_path, f"{name}-1.0", requires=[f"needed-by-{name}"])
    (tmp_path / "gone-1.0.dist-info" / "METADATA").unlink()
    environment = Environment("/env", Python("3.11.7"), "a test", found)
    free = os.dup(0)
    os.close(free)
    needs = answer(Questions(requires=True), environment, Facts()).requires
    assert os.dup(0) == free  # no folder is left open
    os.close(free)
    assert needs is not None
    assert [*needs] == names
    assert needs[names[1]] == ("needed-by-text",)
    assert isinstance(needs[names[3]], Unreadable)


def test_needs_of_distributions_in_more_folders_than_may_be_open(tmp_path: Path) -> None:
    """As where each checkout of a monorepo is in a `.pth` file."""
    found = {}
    for number in range(60):
        folder, name = tmp_path / f"src{number}", CanonicalName(f"foo{number}")
        add_distribution(folder, f"{name}-1.0", requires=["bar"])
        found[name] = distribution(folder, f"{name}-1.0.dist-info", name)
    environment = Environment("/env", Python("3.11.7"), "a test", found)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with open(os.devnull) as file:
        lowest = file.fileno()
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + 30, hard))
    try:
        needs = answer(Questions(requires=True), environment, Facts()).requires
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert needs == dict.fromkeys(found, ("bar",))
