"""The commands that reinstall what was modified."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reqdrift.repair.installer import reinstalling
from reqdrift.report import shown_path
from reqdrift.values import CanonicalName, Capabilities, Distribution, Environment, Python
from reqdrift.values.details import Hint
from support import add_distribution


class Shop:
    """An environment with distributions on the disk."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.environment = Environment(
            "/env", Python("3.11.7", interpreter="/env/bin/python"), "a test", {}
        )

    def install(self, release: str, **how: Any) -> Path:
        name, _, version = release.partition("-")
        direct = how.get("direct_url") is not None
        entry, known = f"{release}.dist-info", CanonicalName(name.lower())
        found = Distribution(known, name, version, entry, str(self.site), direct)
        distributions = {**self.environment.distributions, found.name: found}
        self.environment = self.environment._replace(distributions=distributions)
        return add_distribution(self.site, release, **how)

    def hints(self, *projects: str, **files: list[str]) -> tuple[Hint, ...]:
        """For these projects, or for all."""
        found = self.environment.distributions
        return reinstalling(
            self.environment,
            {one.path for one in found.values()},
            {*map(CanonicalName, projects or found)},
            **files,
        )

    def command(self, *projects: str) -> str:
        (hint,) = self.hints(*projects)
        return hint.command


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_nothing_for_nothing(shop: Shop) -> None:
    assert shop.hints() == ()


def test_in_the_same_version_and_without_dependencies(shop: Shop) -> None:
    shop.install("pip-24.0")
    shop.install("Foo-1.0")
    assert shop.hints("foo") == (
        Hint(
            "to reinstall it",
            "/env/bin/python -m pip install --force-reinstall --no-deps Foo==1.0",
        ),
    )


def test_several_by_one_command(shop: Shop) -> None:
    shop.install("pip-24.0")
    shop.install("foo-1.0")
    shop.install("bar-2.0")
    (hint,) = shop.hints("foo", "bar", "not-there")
    assert hint.purpose == "to reinstall them"
    assert hint.command.endswith(" bar==2.0 foo==1.0")


def test_only_what_reinstalling_fixes(shop: Shop) -> None:
    info = shop.install("foo-1.0")
    shop.install("bar-2.0")
    names = {CanonicalName("foo"), CanonicalName("bar")}
    (hint,) = reinstalling(shop.environment, {str(info)}, names)
    assert hint.command.endswith(" foo==1.0")
    assert "bar" not in hint.command


def test_uv_without_its_cache_which_may_have_the_same_file(shop: Shop) -> None:
    shop.install("foo-1.0")
    assert shop.command() == (
        "uv pip install --python /env/bin/python --no-cache --reinstall --no-deps foo==1.0"
    )


def test_what_pip_cannot_remove_is_overwritten(shop: Shop) -> None:
    shop.install("pip-24.0")
    (shop.install("foo-1.0") / "RECORD").unlink()
    assert " --ignore-installed --no-deps foo==1.0" in shop.command("foo")


def test_a_target_folder(shop: Shop) -> None:
    shop.install("pip-24.0")
    shop.install("foo-1.0")
    shop.environment = shop.environment._replace(can=Capabilities(install=False))
    command = "python -m pip install --target /env --upgrade --no-deps foo==1.0"
    assert shop.command("foo") == command


def test_from_where_it_came(shop: Shop, tmp_path: Path) -> None:
    lib = tmp_path / "lib"
    lib.mkdir()
    url = {"url": lib.as_uri(), "dir_info": {"editable": True}}
    shop.install("foo-1.0", direct_url=url)
    assert shop.command().endswith(f" -e {lib}")


def test_nothing_if_it_cannot_be_read_from_where_it_came(shop: Shop) -> None:
    shop.install("foo-1.0", direct_url={"url": 1})
    assert shop.hints() == ()


def test_what_conda_installed(shop: Shop) -> None:
    shop.install("foo-1.0", installer="conda")
    shop.install("bar-1.0")
    assert [hint.command.partition(" install ")[0] for hint in shop.hints()] == ["uv pip", "conda"]
    assert shop.command("foo") == "conda install --prefix /env --force-reinstall foo=1.0"


class TestWhatTheFilesLimit:
    """A release must not come from another index than theirs, nor without their hashes."""

    WHOLE = "/env/bin/python -m pip install --force-reinstall --no-deps -r "

    @pytest.fixture
    def file(self, shop: Shop, tmp_path: Path) -> Path:
        shop.install("pip-24.0")
        shop.install("foo-1.0")
        (tmp_path / "more.txt").write_text("bar==1\n")
        return tmp_path / "requirements.txt"

    @pytest.mark.parametrize(
        "line",
        [
            *("--index-url https://user:pass@h/simple", "-i https://h/simple", "-fwheels"),
            *("--extra-index-url https://h/simple", "--find-links wheels", "--no-index", "--pre"),
            *("--only-binary :all:", "--no-binary foo", "--prefer-binary", "--require-hashes"),
            *("-c more.txt", "-r more.txt --pre", f"bar==1 --hash=sha256:{'0a' * 32}"),
            *("bar==1 --config-settings=a=b",),
        ],
    )
    def test_the_files_are_installed_again(self, shop: Shop, file: Path, line: str) -> None:
        file.write_text(f"# all\nfoo==1.0\n{line}\n")
        (hint,) = shop.hints("foo", files=[str(file)])
        assert hint.command == f"{self.WHOLE}{shown_path(str(file))}"
        assert hint.purpose.startswith("to reinstall it and all else that the files list (because")
        assert hint.purpose.endswith(".txt:3)") or line == "-c more.txt"

    @pytest.mark.parametrize(
        "line", ["-r more.txt", "-e git+https://h/x#egg=x", "--requirement more.txt", "a>=1"]
    )
    def test_but_only_where_they_do(self, shop: Shop, file: Path, line: str) -> None:
        file.write_text(f"# --pre\nfoo==1.0\n{line}\n")
        (hint,) = shop.hints("foo", files=[str(file)])
        assert hint.command.endswith(" --force-reinstall --no-deps foo==1.0")

    def test_a_constraint_that_was_typed(self, shop: Shop, file: Path) -> None:
        file.write_text("foo==1.0\n")
        limits = str(file.with_name("more.txt"))
        (hint,) = shop.hints("foo", files=[str(file)], constraints=[limits])
        words = f"{shown_path(str(file))} -c {shown_path(limits)}"
        assert hint.command == f"{self.WHOLE}{words}"

    @pytest.mark.parametrize(
        ("lines", "why"),
        [
            ("foo==1.0\nfoo foo\n", "{0}:2: error: "),
            ("foo==1.0\n-r nowhere.txt\n", "{0}:2: error: "),
            ("foo==1.0\n--pre\nbar>=1\n", "{0}:3: bar>=1 allows other versions; pin it"),
            ("foo>=1.0\n--pre\n", "{0}:1: foo>=1.0 allows other versions; pin it"),
            (
                "foo==2.0\n--pre\n",
                "{0}:1: foo==2.0 would change foo 1.0; run reqdrift plan first",
            ),
            (
                "bar==1\n--pre\n",
                "{0}:2 limits what is installed, and no file lists foo==1.0; add it",
            ),
            (
                f"foo==1.0\n--pre\n-e git+https://h/x@{'0a' * 20}#egg=x\n",
                "{0}:3: pip may discard uncommitted changes in the checkout",
            ),
            (
                "foo==1.0 ; python_version < '3'\n--pre\n",
                "{0}:2 limits what is installed, and no file lists foo==1.0; add it",
            ),
        ],
    )
    def test_no_command_that_would_fail_or_do_something_else(
        self, shop: Shop, file: Path, lines: str, why: str
    ) -> None:
        file.write_text(lines)
        (hint,) = shop.hints("foo", files=[str(file)])
        assert hint.command == ""
        expected = f"no command can reinstall it: {why.format(shown_path(str(file)))}"
        assert hint.purpose.startswith(expected)

    def test_a_file_that_is_not_there(self, shop: Shop, file: Path) -> None:
        (hint,) = shop.hints("foo", files=[str(file.with_name("nope.txt"))])
        assert hint.command == ""
        assert "nope.txt: error: " in hint.purpose

    @pytest.mark.parametrize(("pip", "is_able"), [("24.0", False), ("26.1", True), ("", True)])
    def test_a_lock_file(self, shop: Shop, tmp_path: Path, pip: str, is_able: bool) -> None:
        shop.install("foo-1.0")
        if pip:
            shop.install(f"pip-{pip}")
        lock = tmp_path / "pylock.toml"
        lock.write_text(
            'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "foo"\nversion = "1.0"\n'
            '[[packages.wheels]]\nname = "foo-1.0-py3-none-any.whl"\n'
            f'path = "foo-1.0-py3-none-any.whl"\nhashes = {{sha256 = "{"0a" * 32}"}}\n'
        )
        (hint,) = shop.hints("foo", files=[str(lock)])
        assert hint.command.endswith(f" --no-deps -r {shown_path(str(lock))}") is is_able
        why = "pip 24.0 does not read lock files, and 26.1 is the first that does"
        said = f"no command can reinstall it: {shown_path(str(lock))}: {why}"
        assert (hint.purpose == said) is not is_able

    def test_what_uv_does_not_read_as_pip_does(self, shop: Shop, tmp_path: Path) -> None:
        shop.install("foo-1.0")
        file = tmp_path / "requirements.txt"
        file.write_text("foo==1.0\n-fwheels\n")
        (hint,) = shop.hints("foo", files=[str(file)])
        assert hint.command == ""
        assert "uv does not read this -fwheels as pip does" in hint.purpose
