"""Which of pip and uv changes an environment, and how it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.errors import UsageError
from reqdrift.repair.installer import installer_for, spelled
from reqdrift.values import CanonicalName, Capabilities, Distribution, Environment, Python

PIP = CanonicalName("pip")


def environment_of(
    prefix: str = "/env", *, pip: bool, interpreter: str | None = "/env/bin/python"
) -> Environment:
    found = {PIP: Distribution(PIP, "pip", "24.0", "", "/site")} if pip else {}
    return Environment(prefix, Python("3.11.7", interpreter=interpreter), "a test", found)


class TestChoice:
    def test_pip_if_the_environment_has_it(self) -> None:
        chosen = installer_for(environment_of(pip=True), "auto")
        assert chosen.install == "/env/bin/python -m pip install"
        assert chosen.uninstall == "/env/bin/python -m pip uninstall -y"
        assert not chosen.is_uv

    @pytest.mark.parametrize(("choice", "pip"), [("auto", False), ("uv", True)])
    def test_uv_if_not_or_if_the_user_says_so(self, choice: str, pip: bool) -> None:
        chosen = installer_for(environment_of(pip=pip), choice)
        assert chosen.install == "uv pip install --python /env/bin/python"
        assert chosen.uninstall == "uv pip uninstall --python /env/bin/python"
        assert chosen.is_uv

    def test_pip_where_there_is_none_is_an_error(self) -> None:
        with pytest.raises(UsageError, match="there is no pip in /env; use --with uv, or install"):
            installer_for(environment_of(pip=False), "pip")

    def test_a_path_is_quoted(self) -> None:
        environment = environment_of(pip=True, interpreter="/a b/python")
        assert installer_for(environment, "auto").install == "/'a b/python' -m pip install"
        chosen = installer_for(environment, "uv")
        assert chosen.install == "uv pip install --python '/a b/python'"

    @pytest.mark.parametrize("choice", ["pip", "uv"])
    def test_a_path_that_cannot_be_is_an_error(self, choice: str) -> None:
        environment = environment_of(pip=True, interpreter="/it's/python")
        with pytest.raises(UsageError, match="cannot be written in a shell script; rename it"):
            installer_for(environment, choice)


class TestWords:
    """bash and PowerShell read them alike; properties/test_plans.py tries many more."""

    @pytest.mark.parametrize(
        ("word", "written"),
        [
            ("/r.txt", "/r.txt"),
            ("foo==1.0", "foo==1.0"),
            ("a b", "'a b'"),
            ("$HOME", "'$HOME'"),
            ("pylock.toml[a,b]", "'pylock.toml[a,b]'"),
            ("", "''"),
        ],
    )
    def test_single_quotes(self, word: str, written: str) -> None:
        assert spelled(word) == written

    @pytest.mark.parametrize(
        "mark", ["'", '"', "\u2018", "\u2019", "\u201a", "\u201b", "\n", "\x1b"]
    )
    def test_what_cannot_be_in_them(self, mark: str) -> None:
        with pytest.raises(UsageError, match="cannot be written in a shell script"):
            spelled(f"a{mark}b")


class TestRefused:
    def test_a_folder_without_interpreter(self) -> None:
        folder = environment_of("/my lib", pip=True)._replace(can=Capabilities(install=False))
        with pytest.raises(UsageError) as error:
            installer_for(folder, "auto")
        assert error.value.message == "/my lib has no interpreter to install with"
        assert error.value.hint == (
            "to install into it: python -m pip install --upgrade --target '/my lib' -r FILE"
        )

    def test_what_is_not_even_a_folder(self) -> None:
        elsewhere = environment_of(pip=True)._replace(can=Capabilities(False, False, False))
        with pytest.raises(UsageError) as error:
            installer_for(elsewhere, "auto")
        assert error.value.hint == ""

    @pytest.mark.parametrize("lib", ["lib", "lib64"])
    @pytest.mark.parametrize("choice", ["auto", "pip", "uv"])
    def test_what_the_operating_system_manages(self, tmp_path: Path, choice: str, lib: str) -> None:
        environment = environment_of(str(tmp_path), pip=True)
        folder = tmp_path / lib / "python3.11"
        folder.mkdir(parents=True)
        assert installer_for(environment, choice)
        (folder / "EXTERNALLY-MANAGED").touch()
        with pytest.raises(UsageError, match=r"managed by the operating system.*python3 -m venv"):
            installer_for(environment, choice)
