"""The commands that install from a lock file."""

from __future__ import annotations

from typing import Any

import pytest

from reqdrift.errors import UsageError
from reqdrift.repair.installer import FromLock, from_lock
from reqdrift.values import CanonicalName, Distribution, Environment, Python, Requirement
from reqdrift.values.details import LockEntry, Source

FOO, BAR = CanonicalName("foo"), CanonicalName("bar")


def entry(
    name: str, file: str = "/pylock.toml", source: Source | None = None, *, hashed: bool = False
) -> Requirement:
    text = f"{name} @ {source.url}" if source else f"{name}==1.0"
    hashes = ("sha256:ab",) if hashed else ()
    origin = LockEntry(file, 1)
    known = CanonicalName(name)
    return Requirement(known, name, text, text, origin, source=source, hashes=hashes)


def environment_of(pip: str | None) -> Environment:
    name = CanonicalName("pip")
    found = {name: Distribution(name, "pip", pip, "", "/site")} if pip else {}
    return Environment("/env", Python("3.13.1", interpreter="/python"), "a test", found)


LOCK = (entry("foo"), entry("bar"))


def command(
    entries: tuple[Requirement, ...] = LOCK,
    pip: str | None = "26.1",
    choice: str = "auto",
    misplaced: str = "",
    extras: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
) -> FromLock:
    again = {*map(CanonicalName, misplaced.split())}
    environment = environment_of(pip)
    found = from_lock("/pylock.toml", entries, again, environment, choice, extras, groups)
    assert found.projects == {FOO, BAR}
    assert found.is_uv is found.command.startswith("uv ")
    return found


def by(entries: tuple[Requirement, ...], **more: Any) -> str:
    """The installer that is chosen."""
    return "uv" if command(entries, **more).is_uv else "pip"


class TestInstaller:
    def test_pip_if_it_reads_lock_files(self) -> None:
        assert command().command == "/python -m pip install -r /pylock.toml"

    @pytest.mark.parametrize("pip", [None, "26.0"])
    def test_uv_if_it_does_not(self, pip: str | None) -> None:
        assert command(pip=pip).command == "uv pip install --python /python -r /pylock.toml"

    def test_what_the_user_chose(self) -> None:
        assert command(choice="uv").is_uv
        with pytest.raises(UsageError) as error:
            command(choice="pip", pip="26.0")
        assert error.value.message == (
            "no command can install from pylock.toml: pip cannot: pip 26.0 does not read lock"
            " files, and 26.1 is the first that does"
        )
        assert error.value.hint == "use --with uv"

    def test_neither(self) -> None:
        wheel = Source("archive", "file:///foo.whl")
        with pytest.raises(UsageError) as error:
            command((entry("foo", source=wheel), entry("bar")), pip=None)
        assert "pip cannot: there is no pip in the environment" in error.value.message
        assert "uv cannot: it does not read the URL of foo @ file:///foo.whl" in error.value.message
        assert error.value.hint == ""

    def test_pip_takes_nothing_but_archives_beside_hashes(self) -> None:
        clone = entry("foo", source=Source("vcs", "https://h/foo"))
        assert by((clone, entry("bar"))) == "pip"
        assert by((clone, entry("bar", hashed=True))) == "uv"
        wheel = entry("foo", source=Source("archive", "https://h/foo.whl"))
        assert by((wheel, entry("bar", hashed=True))) == "pip"
        assert by((wheel, entry("bar", hashed=True)), pip=None) == "uv"


class TestParts:
    def test_extras(self) -> None:
        assert command(extras=("a", "b")).command.endswith(" -r '/pylock.toml[a,b]'")
        uv = command(extras=("a", "b"), choice="uv").command
        assert uv.endswith(" -r /pylock.toml --extra a --extra b")

    def test_groups(self) -> None:
        assert command(groups=("dev",)).command.endswith("pip install --group /pylock.toml:dev")
        assert command(groups=("dev",), choice="uv").command.endswith("/pylock.toml --group dev")

    def test_pip_takes_either(self) -> None:
        assert command(extras=("a",), groups=("dev",)).is_uv


class TestAgain:
    """What came from another source is installed again, whatever its version."""

    def test_by_pip(self) -> None:
        found = command(misplaced="foo other")
        assert found.again == {FOO}  # uninstalled before
        assert found.command == "/python -m pip install -r /pylock.toml"

    def test_by_uv(self) -> None:
        found = command(misplaced="foo other", choice="uv")
        assert found.again == frozenset()
        assert found.command.endswith("/pylock.toml --reinstall-package foo")
