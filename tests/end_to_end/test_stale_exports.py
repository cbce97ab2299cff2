"""`stale` for `uv export`, for sources named by the configuration, and where nothing is claimed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from workshop import make_wheel

from support import SCRIPTS, reqdrift, run

# Real exports run after each change.
pytestmark = pytest.mark.long

UV = SCRIPTS / "uv"
PYPROJECT = """\
[project]
name = "hut"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["lantern", "compass>=0.9"]

[project.optional-dependencies]
sea = ["kite"]

[dependency-groups]
dev = ["straps"]
docs = ["awning", { include-group = "more" }]
more = []
"""


@pytest.fixture
def hut(project: Path) -> Path:
    run(UV, "venv", "--quiet", "--python", SCRIPTS / "python", cwd=project)
    for name in ("lantern", "compass", "kite", "straps", "awning", "bag"):
        make_wheel(project / "house", name, "1.0")
    make_wheel(project / "house", "compass", "0.9")
    (project / "pyproject.toml").write_text(PYPROJECT)
    return project


def export(hut: Path, *words: str) -> None:
    links = ("--no-index", "--find-links", "house")
    run(UV, "export", "--quiet", *links, *words, "-o", "requirements.txt", cwd=hut)


def stale(folder: Path, *words: str) -> list[tuple[str, int]]:
    document = json.loads(reqdrift(*words, "--format", "json", cwd=folder).stdout)
    return [(f["project"], f["line"]) for f in document["findings"] if f["kind"] == "stale"]


def notes(folder: Path) -> list[tuple[str, str]]:
    document = json.loads(reqdrift("--format", "json", cwd=folder).stdout)
    return [(n["reason"], n["message"]) for n in document["notes"] if n["reason"] != "marker"]


def edit(hut: Path, old: str, new: str) -> None:
    text = (hut / "pyproject.toml").read_text()
    assert old in text
    (hut / "pyproject.toml").write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("options", "old", "new", "found"),
    [
        ((), '"lantern"', '"lantern", "bag"', [("bag", 5)]),
        ((), '"compass>=0.9"', '"compass<1"', [("compass", 5)]),
        ((), '"compass>=0.9"', '"compass>=1"', []),
        ((), '["straps"]', '["straps", "bag"]', [("bag", 11)]),
        (("--no-dev",), '["straps"]', '["straps", "bag"]', []),
        (("--no-default-groups",), '["straps"]', '["straps", "bag"]', []),
        ((), '["kite"]', '["kite", "bag"]', []),
        (("--extra", "sea"), '["kite"]', '["kite", "bag"]', [("bag", 8)]),
        (("--all-extras",), '["kite"]', '["kite", "bag"]', [("bag", 8)]),
        (("--group", "docs"), "more = []", 'more = ["bag"]', [("bag", 13)]),
        (("--all-groups",), '["awning"', '["awning", "bag"', [("bag", 12)]),
        (("--no-emit-package", "bag"), '"lantern"', '"lantern", "bag"', []),
    ],
)
@pytest.mark.parametrize("file", ["requirements.txt", "pylock.toml"])
def test_an_export_of_uv(
    file: str, options: tuple[str, ...], old: str, new: str, found: list[tuple[str, int]], hut: Path
) -> None:
    links = ("--no-index", "--find-links", "house", "--no-emit-project")
    run(UV, "export", "--quiet", *links, *options, "-o", file, cwd=hut)
    assert stale(hut, file) == []
    before = requirements_of(hut / file)
    edit(hut, old, new)
    assert stale(hut, file) == found
    run(UV, "export", "--quiet", *links, *options, "-o", file, cwd=hut)
    assert (requirements_of(hut / file) != before) == bool(found)
    assert stale(hut, file) == []


def requirements_of(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.strip()[:1] not in ("#", "")]


class TestNothingIsClaimed:
    """A note says why."""

    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ("uv export", "uv export --package x", "the option --package of 'uv export' is not kn"),
            ("uv export", "uv export --only-dev", "the option --only-dev of 'uv export' is not k"),
        ],
    )
    def test_an_option_that_is_not_known(self, old: str, new: str, why: str, hut: Path) -> None:
        export(hut)
        text = (hut / "requirements.txt").read_text()
        (hut / "requirements.txt").write_text(text.replace(old, new, 1))
        edit(hut, '"lantern"', '"lantern", "bag"')
        assert stale(hut) == []
        assert any(reason == "unsure" and why in message for reason, message in notes(hut))

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            (None, "no such file"),
            ("[project]\nname = 'hut'\ndynamic = ['dependencies']\n", "dependencies are dynamic"),
            ("[tool.poetry]\nname = 'hut'\n", "it has no project"),
            ("[project\n", "it cannot be read"),
        ],
    )
    def test_a_source_that_says_nothing(self, text: str | None, why: str, hut: Path) -> None:
        export(hut)
        (hut / "pyproject.toml").unlink()
        if text is not None:
            (hut / "pyproject.toml").write_text(text)
        assert stale(hut) == []
        assert any(reason == "unsure" and why in message for reason, message in notes(hut))

    def test_a_table_that_adds_options(self, hut: Path) -> None:
        (hut / "requirements.in").write_text("lantern\n")
        links = ("--no-index", "--find-links", "house", "-o", "requirements.txt")
        run(UV, "pip", "compile", "--quiet", "requirements.in", *links, cwd=hut)
        (hut / "requirements.in").write_text("lantern\nbag\n")
        assert stale(hut) == [("bag", 2)]
        (hut / "pyproject.toml").write_text("[tool.uv.pip]\nno-emit-package = ['bag']\n")
        assert stale(hut) == []
        assert any("the option tool.uv.pip of 'uv pip compile'" in text for _, text in notes(hut))

    @pytest.mark.parametrize(
        ("source", "why"),
        [
            ("../secret.in", "../secret.in is outside of the project"),
            ("bad.in", "a line cannot be"),
        ],
    )
    def test_a_source_that_is_no_source(self, source: str, why: str, hut: Path) -> None:
        (hut / source).write_text("hidden\npassword: hunter2\n")
        (hut / "requirements.txt").write_text(
            "# This file was autogenerated by uv via the following command:\n"
            f"#    uv pip compile {source} -o requirements.txt\nlantern==1.0\n"
        )
        printed = reqdrift("-v", cwd=hut).stdout
        assert why in printed
        assert "hunter2" not in printed
        assert "hidden" not in printed

    def test_a_header_that_is_a_script(self, hut: Path) -> None:
        (hut / "requirements.in").write_text("lantern\nbag\n")
        (hut / "requirements.txt").write_text(
            "# This file was autogenerated by uv via the following command:\n"
            "#    uv pip compile requirements.in -o requirements.txt; rm x\nlantern==1.0\n"
        )
        assert stale(hut) == []

    def test_what_a_tool_takes_from_elsewhere(self, hut: Path) -> None:
        export(hut)
        edit(hut, '"lantern"', '"lantern", "bag<1"')
        edit(
            hut,
            "[dependency-groups]",
            "[tool.uv]\nexclude-dependencies = ['bag']\n\n[dependency-groups]",
        )
        assert stale(hut) == []


class TestConfigured:
    """Files whose headers do not name their sources, as poetry and pdm write them."""

    @pytest.fixture
    def exported(self, hut: Path) -> Path:
        (hut / "requirements.txt").write_text("compass==1.0\nlantern==1.0\n")
        return hut

    @pytest.mark.parametrize("where", ["[tool.reqdrift]", "[[tool.reqdrift.set]]\nname = 'a'"])
    def test_the_configuration_names_them(self, where: str, exported: Path) -> None:
        files = 'files = ["requirements.txt"]\nsources = ["pyproject.toml"]'
        with (exported / "pyproject.toml").open("a") as file:
            file.write(f"\n{where}\n{files}\n")
        assert stale(exported) == []
        edit(exported, '"lantern"', '"lantern", "bag"')
        assert stale(exported) == [("bag", 5)]
        assert stale(exported, "requirements.txt") == [("bag", 5)]

    def test_not_for_other_files(self, exported: Path) -> None:
        with (exported / "pyproject.toml").open("a") as file:
            file.write('\n[tool.reqdrift]\nsources = ["pyproject.toml"]\n')
        (exported / "other.txt").write_text("")
        assert stale(exported, "other.txt") == []


def test_the_folder_of_the_command_is_found(hut: Path) -> None:
    (hut / "reqs").mkdir()
    (hut / "reqs" / "dev.in").write_text("lantern\n")
    links = ("--no-index", "--find-links", "house")
    run(UV, "pip", "compile", "--quiet", *links, "reqs/dev.in", "-o", "reqs/dev.txt", cwd=hut)
    (hut / "reqs" / "dev.in").write_text("lantern\n\nbag\n")
    assert stale(hut, "reqs/dev.txt") == [("bag", 3)]
    assert stale(hut / "reqs", "dev.txt") == ([("bag", 3)] if (hut / ".git").exists() else [])


def test_a_severity_turns_it_off(hut: Path) -> None:
    export(hut)
    edit(hut, '"lantern"', '"lantern", "bag"')
    assert stale(hut, "--severity", "stale=off") == []
    assert stale(hut, "--ignore", "bag") == []
