"""The commands that install from a lock file."""

from __future__ import annotations

import pytest

from reqdrift.errors import UsageError
from reqdrift.repair.locked import NO_LOCKS, FromLocks, Lock, joined, lock_commands, locks_of
from reqdrift.values import CanonicalName, Distribution, Environment, Python, Requirement
from reqdrift.values.locks import LockEntry
from reqdrift.values.sources import Source

FOO, BAR = CanonicalName("foo"), CanonicalName("bar")


def entry(
    name: str, file: str = "/pylock.toml", source: Source | None = None, *, hashed: bool = False
) -> Requirement:
    text = f"{name} @ {source.url}" if source else f"{name}==1.0"
    hashes = ("sha256:ab",) if hashed else ()
    origin = LockEntry(file, 1, name)
    known = CanonicalName(name)
    return Requirement(known, name, text, text, origin, source=source, hashes=hashes)


def environment_of(pip: str | None) -> Environment:
    name = CanonicalName("pip")
    found = {name: Distribution(name, "pip", pip, "", "/site")} if pip else {}
    return Environment("/env", Python("3.13.1", interpreter="/python"), "a test", found)


LOCK = Lock("/pylock.toml", (entry("foo"), entry("bar")))


def commands(
    lock: Lock = LOCK, pip: str | None = "26.1", choice: str = "auto", misplaced: str = ""
) -> tuple[str, ...]:
    again = {*map(CanonicalName, misplaced.split())}
    found = lock_commands(lock, again, environment_of(pip), choice)
    assert found.projects == {FOO, BAR}
    assert found.is_uv is found.commands[-1].startswith("uv ")
    return found.commands


class TestInstaller:
    def test_pip_if_it_reads_lock_files(self) -> None:
        assert commands() == ("/python -m pip install --requirement /pylock.toml",)

    @pytest.mark.parametrize("pip", [None, "26.0"])
    def test_uv_if_it_does_not(self, pip: str | None) -> None:
        assert commands(pip=pip) == ("uv pip install --python /python --requirement /pylock.toml",)

    def test_what_the_user_chose(self) -> None:
        assert commands(choice="uv")[0].startswith("uv ")
        with pytest.raises(UsageError) as error:
            commands(choice="pip", pip="26.0")
        assert error.value.message == (
            "no command can install from pylock.toml: pip cannot: pip 26.0 does not read lock"
            " files, and 26.1 is the first that does"
        )
        assert error.value.hint == "use --with uv"

    def test_neither(self) -> None:
        wheel = Source("archive", "file:///foo.whl")
        lock = LOCK._replace(entries=(entry("foo", source=wheel), entry("bar")))
        with pytest.raises(UsageError) as error:
            commands(lock, pip=None)
        assert "pip cannot: there is no pip in the environment" in error.value.message
        assert "uv cannot: it does not read the URL of foo @ file:///foo.whl" in error.value.message
        assert error.value.hint == ""

    def test_pip_takes_nothing_but_archives_beside_hashes(self) -> None:
        clone = Source("vcs", "https://h/foo")
        free = LOCK._replace(entries=(entry("foo", source=clone), entry("bar")))
        assert commands(free)[0].startswith("/python -m pip ")
        hashed = free._replace(entries=(free.entries[0], entry("bar", hashed=True)))
        assert commands(hashed)[0].startswith("uv ")
        wheel = Source("archive", "https://h/foo.whl")
        archives = hashed._replace(entries=(entry("foo", source=wheel), hashed.entries[1]))
        assert commands(archives)[0].startswith("/python -m pip ")
        assert commands(archives, pip=None)[0].startswith("uv ")


class TestParts:
    def test_extras(self) -> None:
        lock = LOCK._replace(extras=("a", "b"))
        assert commands(lock)[0].endswith(" --requirement '/pylock.toml[a,b]'")
        assert commands(lock, choice="uv")[0].endswith(
            " --requirement /pylock.toml --extra a --extra b"
        )

    def test_groups(self) -> None:
        lock = LOCK._replace(groups=("dev",))
        assert commands(lock)[0].endswith("pip install --group /pylock.toml:dev")
        assert commands(lock, choice="uv")[0].endswith("/pylock.toml --group dev")

    def test_pip_takes_either(self) -> None:
        assert commands(LOCK._replace(extras=("a",), groups=("dev",)))[0].startswith("uv ")


class TestAgain:
    """What came from another source is installed again, whatever its version."""

    def test_by_pip(self) -> None:
        assert commands(misplaced="foo other") == (
            "/python -m pip uninstall --yes foo",
            "/python -m pip install --requirement /pylock.toml",
        )

    def test_by_uv(self) -> None:
        (command,) = commands(misplaced="foo other", choice="uv")
        assert command.endswith("/pylock.toml --reinstall-package foo")


def test_the_lock_files_that_requirements_come_from() -> None:
    other = entry("baz", "/pylock.dev.toml")
    applicable = {
        FOO: (entry("foo"), entry("foo", "/requirements.txt")),
        BAR: (entry("bar"),),
        CanonicalName("baz"): (other,),
    }
    found = locks_of(applicable, ("a",), ("dev",))
    assert found == [
        LOCK._replace(extras=("a",), groups=("dev",)),
        Lock("/pylock.dev.toml", (other,), ("a",), ("dev",)),
    ]


def test_several_lock_files_together() -> None:
    one = FromLocks(("pip install x",), frozenset({FOO}))
    two = FromLocks(("uv pip install y",), frozenset({BAR}), True)
    assert joined([one, two]) == FromLocks(
        (*one.commands, *two.commands), frozenset({FOO, BAR}), True
    )
    assert joined([]) == NO_LOCKS
