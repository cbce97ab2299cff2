"""The options in requirements files, as they are passed to an installer."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.errors import UsageError
from reqdrift.repair.installer import Entry, Installer
from reqdrift.repair.options import is_read_by_uv, must_be_readable, options_of
from reqdrift.values import CanonicalName, Distribution, Environment, Location, Python, ReadFile

PIP = Installer("pip install", "pip uninstall --yes", is_uv=False)
UV = Installer("uv pip install", "uv pip uninstall", is_uv=True)


def file_of(text: str, path: str = "/nowhere/r.txt") -> ReadFile:
    return ReadFile(path, 0, 0, text)


def options(text: str, path: str = "/nowhere/r.txt") -> list[str]:
    return [entry.text for entry in options_of(file_of(text, path))]


class TestPassedOn:
    def test_with_the_lines_that_they_are_in(self) -> None:
        text = "# head\n--index-url \\\n  https://h/simple\nfoo==1.0\n--pre\n"
        assert [*options_of(file_of(text))] == [
            Entry("--index-url https://h/simple", Location("/nowhere/r.txt", 2, 3)),
            Entry("--pre", Location("/nowhere/r.txt", 5, 5)),
        ]

    @pytest.mark.parametrize(
        "text", ["-r base.txt", "-c limits.txt", "-e ./lib", "foo --hash=sha256:ab"]
    )
    def test_not_what_was_read_already(self, text: str) -> None:
        assert options(text) == []

    def test_a_constraints_url_was_not(self) -> None:
        assert options("-c https://h/limits.txt") == ["--constraint https://h/limits.txt"]

    def test_a_value_is_quoted_as_for_a_file(self) -> None:
        assert options("--trusted-host 'a b'") == ['--trusted-host "a b"']
        assert options("--index-url 'https://h/a\"b'") == ['--index-url "https://h/a\\"b"']


class TestFindLinks:
    def test_a_folder_beside_the_file_or_here(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for folder in ("here", "files"):
            (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / "here")
        path = str(tmp_path / "files" / "r.txt")
        (tmp_path / "here" / "my wheels").mkdir()
        url = f"{(tmp_path / 'here').as_uri()}/my%20wheels"
        assert options("--find-links 'my wheels'", path) == [f"--find-links {url}"]
        # What lies beside the file comes first.
        (tmp_path / "files" / "my wheels").mkdir()
        url = f"{(tmp_path / 'files').as_uri()}/my%20wheels"
        assert options("-f 'my wheels'", path) == [f"--find-links {url}"]

    def test_what_is_no_folder_stays(self) -> None:
        assert options("-f https://h/wheels") == ["--find-links https://h/wheels"]
        assert options("-f nowhere") == ["--find-links nowhere"]

    def test_the_value_of_a_variable_is_never_printed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "secret").mkdir()
        monkeypatch.setenv("SHELF", "secret")
        monkeypatch.setenv("PLACE", str(tmp_path / "secret"))
        path = str(tmp_path / "r.txt")
        assert options("-f ${SHELF}", path) == [f"--find-links {tmp_path}/${{SHELF}}"]
        assert options("-f ${PLACE}", path) == ["--find-links ${PLACE}"]


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
    ],
)
def test_what_uv_reads_as_pip_does(text: str, read: bool) -> None:
    assert is_read_by_uv(file_of(text)) is read


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
