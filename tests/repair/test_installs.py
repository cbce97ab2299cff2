"""The form of the command that `reqdrift plan` prints: the shortest that is safe."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

import pytest

from fixing import Fixed
from reqdrift.cli import main

HASH = "--hash=sha256:" + "0a" * 32
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def shop(fixed: Fixed) -> Fixed:
    """An environment with pip; foo needs bar, and nothing else is listed."""
    fixed.install("pip-26.1")
    fixed.install("foo-1.0", requires=["bar"])
    fixed.install("bar-1.0", requires=[])
    return fixed


def plan(shop: Fixed, capsys: Captured, text: str, *words: str) -> list[str]:
    """The commands for a file, without the path of the interpreter and of the folder."""
    shop.file.write_text(text)
    assert main(["plan", "--unlisted", "orphans", *words]) == 0
    script = capsys.readouterr().out
    python, folder = shlex.quote(f"{shop.folder}/.venv/bin/python"), str(shop.folder)
    script = script.replace(f"{python} -m ", "").replace(folder, "HERE")
    lines = [line for line in script.splitlines() if not line.startswith("#") or "<<" in script]
    assert not lines or lines[0] == "set -e"
    return lines[1:]


def replace(
    shop: Fixed, old: str, new: str, url: dict[str, Any], requires: Sequence[str] = ()
) -> None:
    """Install from elsewhere."""
    (shop.site / f"{old}.dist-info").rename(shop.folder / "gone")
    shop.install(new, direct_url=url, requires=list(requires))


WHOLE = ["pip install -r HERE/requirements.txt"]
ONE = "foo==1.0\nbar==2.0\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The file as it is.
        (ONE, WHOLE),
        ("foo\nbar>=2\n", WHOLE),
        ("--no-index\n" + ONE, WHOLE),
        ("foo==1.0\nbaz==1.0\n", WHOLE),
        (f"foo==1.0 {HASH}\nbar==2.0 {HASH}\n", WHOLE),
        ("-e ./lib\nfoo==1.0\nbar==2.0\n", ["cd HERE && pip install -r HERE/requirements.txt"]),
        # A freeze that cannot be installed as a whole: nothing but the listed packages is needed.
        (f"wsgiref==0.1.2\n{ONE}", ["pip install --no-deps bar==2.0"]),
        (f"six==1\nsix==2\n{ONE}", ["pip install --no-deps bar==2.0"]),
        (f"six==1  # reqdrift: ignore\n{ONE}", ["pip install --no-deps bar==2.0"]),
        (f"wsgiref==0.1.2\n--no-index\n{ONE}", ["pip install --no-deps --no-index bar==2.0"]),
        # A file that lists top-level packages: the others keep their pins.
        (
            "wsgiref==0.1.2\nfoo>=1\nbaz>=2,<3 ; python_version > '3'\n",
            ["pip install -c HERE/requirements.txt 'baz<3,>=2'"],
        ),
        # What only a here-document can carry.
        (
            f"wsgiref==0.1.2\nfoo\nbaz==2.0 {HASH}\n",
            [
                "pip install --requirement /dev/stdin <<'# end of the requirements'",
                f"baz==2.0 {HASH}",
                "# end of the requirements",
            ],
        ),
        (
            "wsgiref==0.1.2\nfoo[x]==1.0\nbaz\n",
            [
                "pip install --constraint /dev/fd/3 --requirement /dev/stdin"
                " <<'# end of the requirements' 3<<'# end of what stays as it is'",
                *("baz", "# end of the requirements"),
                *("foo==1.0", "# end of what stays as it is"),
            ],
        ),
    ],
)
def test_the_shortest_form_that_is_safe(
    shop: Fixed, capsys: Captured, text: str, expected: list[str]
) -> None:
    (shop.folder / "lib").mkdir()
    (shop.folder / "lib" / "pyproject.toml").write_text('[project]\nname = "lib"\nversion = "1"\n')
    assert plan(shop, capsys, text) == expected


def test_uninstalling_comes_first(shop: Fixed, capsys: Captured) -> None:
    shop.install("spare-1.0")
    expected = ["pip uninstall --yes spare", *WHOLE]
    assert plan(shop, capsys, ONE, "--python", ".venv") == expected


def test_a_constraint_that_was_typed(shop: Fixed, capsys: Captured) -> None:
    (shop.folder / "limits.txt").write_text("baz<3\n")
    expected = ["pip install -r HERE/requirements.txt -c HERE/limits.txt"]
    assert plan(shop, capsys, "foo==1.0\nbaz>=1\n", "-c", "limits.txt") == expected


def test_what_is_ignored_is_not_installed(shop: Fixed, capsys: Captured) -> None:
    text = "foo==1.0\nbar==2.0\nbaz==1.0\n"
    assert plan(shop, capsys, text, "--ignore", "bar") == ["pip install --no-deps baz==1.0"]


def test_packages_that_do_not_fit_together(shop: Fixed, capsys: Captured) -> None:
    """pip would refuse the whole file, or move what nobody asked it to move."""
    shop.install("old-1.0", requires=["bar<1"])
    text = "foo==1.0\nbar==1.0\nold==1.0\nbaz==1.0\n"
    assert plan(shop, capsys, text) == ["pip install --no-deps baz==1.0"]


def test_an_editable_checkout_is_never_reset(shop: Fixed, capsys: Captured) -> None:
    text = "-e git+https://example.org/a/foo@main#egg=foo\nbar==2.0\n"
    url = {"url": f"file://{shop.folder}/src/foo", "dir_info": {"editable": True}}
    replace(shop, "foo-1.0", "foo-1.0", url=url, requires=["bar"])
    assert plan(shop, capsys, text) == ["pip install --no-deps bar==2.0"]


def test_another_source_with_pip(shop: Fixed, capsys: Captured) -> None:
    replace(shop, "bar-1.0", "bar-2.0", url={"url": "file:///lib/bar", "dir_info": {}})
    assert plan(shop, capsys, ONE) == ["pip install --force-reinstall --no-deps bar==2.0", *WHOLE]


def test_another_source_with_uv(shop: Fixed, capsys: Captured) -> None:
    replace(shop, "bar-1.0", "bar-2.0", url={"url": "file:///lib/bar", "dir_info": {}})
    python = "HERE/.venv/bin/python"
    assert plan(shop, capsys, ONE, "--with", "uv") == [
        f"uv pip install --python {python} --reinstall-package bar -r HERE/requirements.txt"
    ]


@pytest.mark.parametrize("line", ["--requirem=base.txt", "-fwheels", "--no-require-hashes"])
def test_what_uv_cannot_read_in_a_file(shop: Fixed, capsys: Captured, line: str) -> None:
    (shop.folder / "base.txt").write_text("")
    (shop.folder / "wheels").mkdir()
    commands = plan(shop, capsys, f"{line}\n{ONE}", "--with", "uv")
    assert "-r HERE/requirements.txt" not in commands[0]
    assert commands[0].endswith("bar==2.0")


def test_a_misspelled_name_is_not_installed(shop: Fixed, capsys: Captured) -> None:
    """The index may have another project of that name."""
    shop.install("requests-1.0")
    shop.file.write_text("foo==1.0\nbar==2.0\nreqeusts==1.0\n")
    assert main(["plan", "--python", ".venv"]) == 0
    script = capsys.readouterr().out
    assert "# not fixed: reqeusts may be a misspelling of requests; fix the line first\n" in script
    assert "requests" not in script.partition("set -e\n")[2]
    assert script.endswith("pip install --no-deps bar==2.0\n")


@pytest.mark.parametrize("words", [("--ignore", "foo"), ("--severity", "source=off")])
def test_a_source_that_is_ignored_stays(
    shop: Fixed, capsys: Captured, words: tuple[str, ...]
) -> None:
    """Given the whole file, an installer would replace it."""
    url = {"url": f"file://{shop.folder}/lib", "dir_info": {"editable": True}}
    replace(shop, "foo-1.0", "foo-1.0", url=url, requires=["bar"])
    assert plan(shop, capsys, ONE, *words) == ["pip install --no-deps bar==2.0"]
