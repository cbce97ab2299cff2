"""The options in requirements files that an installer does not read there, or refuses."""

from __future__ import annotations

import pytest

from reqdrift.errors import UsageError
from reqdrift.repair.installer import (
    Installer,
    must_be_readable,
    options_for_uv,
    why_not_by_uv,
)
from reqdrift.values import CanonicalName, Distribution, Environment, Python, ReadFile

PIP = Installer("pip install", "pip uninstall -y", is_uv=False)
UV = Installer("uv pip install", "uv pip uninstall", is_uv=True)


def file_of(text: str, path: str = "/nowhere/r.txt") -> ReadFile:
    return ReadFile(path, 0, 0, text)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--index-url https://h/simple", []),
        ("--only-binary :all:", []),
        ("--pre", ["--prerelease allow"]),
        ("--trusted-host a;b", ["--trusted-host 'a;b'"]),
        ("--trusted-host=h", ["--trusted-host h"]),
        ("--prefer-binary", []),
        ("--use-feature x", []),
        ("foo  # --pre", []),
    ],
)
def test_what_uv_takes_on_its_command_line(option: str, words: list[str]) -> None:
    assert [*options_for_uv(file_of(f"{option}\n"))] == words


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("foo==1.0\n", True),
        ("-r base.txt\n--index-url https://h/simple\n--no-binary=:all:\n", True),
        ("--requirement base.txt\n", True),
        ("--req base.txt\n", False),  # an abbreviation
        ("-fwheels\n", False),
        ("--find-links 'my wheels'\n", False),
        ("foo --config-settings=a=b\n", True),  # of one requirement
        ("--no-such-option\n", False),
        ("-e ./lib\n", True),
        ("-e git+https://h/lib#egg=lib\n", False),
    ],
)
def test_what_uv_reads_as_pip_does(text: str, read: bool) -> None:
    assert [at.line for at, _ in why_not_by_uv(file_of(text))] == ([] if read else [1])


class TestRefused:
    """An option of old versions of pip, before anything is removed."""

    OLD = "foo==1.0\n--use-wheel\n"

    def environment(self, pip: str | None) -> Environment:
        name = CanonicalName("pip")
        found = {name: Distribution(name, "pip", pip, "", "/site")} if pip else {}
        return Environment("/env", Python("3.8.1"), "a test", found)

    @pytest.mark.parametrize(
        ("pip", "installer", "who"),
        [("24.0", PIP, "pip 24.0"), ("9.0", UV, "uv"), (None, UV, "uv"), (None, PIP, "uv")],
    )
    def test_by_the_installer(self, pip: str | None, installer: Installer, who: str) -> None:
        with pytest.raises(UsageError) as error:
            must_be_readable(file_of(self.OLD), self.environment(pip), installer)
        assert error.value.message == f"/nowhere/r.txt:2: {who} refuses --use-wheel"

    def test_not_by_a_pip_that_still_reads_it(self) -> None:
        must_be_readable(file_of(self.OLD), self.environment("9.0"), PIP)

    def test_not_in_a_comment(self) -> None:
        must_be_readable(file_of("# --use-wheel\nfoo\n"), self.environment("24.0"), PIP)
