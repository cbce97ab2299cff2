"""Sets of `[tool.reqdrift]`: their own settings, patterns, several environments, subfolders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import reqdrift
from reqdrift.cli import main
from support import make_environment

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def shop(project: Path) -> Path:
    """Two services, each with a file and an environment of its own."""
    for name, version in (("api", "1.0"), ("web", "2.0")):
        folder = project / "services" / name
        (folder / "src").mkdir(parents=True)
        (folder / "requirements.txt").write_text("foo==1.0\n")
        make_environment(folder / ".venv", f"foo-{version}", "spare-1.0")
    return project


def configure(shop: Path, text: str) -> None:
    (shop / "pyproject.toml").write_text(text)


def entry(name: str, more: str = "") -> str:
    files = f"files = ['services/{name}/requirements.txt']"
    return f"[[tool.reqdrift.set]]\nname = '{name}'\n{files}\n{more}\n"


def found(capsys: Captured, *words: str, code: int = 1) -> list[tuple[str, str, str]]:
    """The set, kind and project of each finding."""
    capsys.readouterr()
    assert main([*words, "--format", "json"]) == code
    document = json.loads(capsys.readouterr().out)
    return [(f["set"] or "", f["kind"], f["project"]) for f in document["findings"]]


def test_one_of_them(shop: Path, capsys: Captured) -> None:
    configure(shop, entry("api") + entry("web"))
    assert found(capsys, "--set", "web") == [("", "extra", "spare"), ("", "version", "foo")]


def test_a_name_that_no_set_has(shop: Path, capsys: Captured) -> None:
    configure(shop, entry("api") + entry("web"))
    assert main(["--set", "wbe"]) == 2
    assert "there is no set 'wbe'; sets: api, web" in capsys.readouterr().err
    configure(shop, "")
    assert main(["--set", "web"]) == 2
    assert "there is no set 'web'; no set is configured" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["fix", "diff", "plan", "why", "freeze", "env", "verify"])
def test_every_command_takes_one(shop: Path, capsys: Captured, command: str) -> None:
    configure(shop, entry("api") + entry("web"))
    words = ["foo"] if command == "why" else []
    if command not in ("verify", "env", "freeze"):
        assert main([command, *words]) == 2
        assert "several sets are configured (api, web); pass --set NAME" in capsys.readouterr().err
    assert main([command, *words, "--set", "web"]) in (0, 1)


def test_settings_of_one_set(shop: Path, capsys: Captured) -> None:
    limits = shop / "limits.txt"
    limits.write_text("foo<1\n")
    more = "ignore = ['spare']\nseverity = {conflict = 'warning'}\nconstraints = ['limits.txt']"
    configure(shop, entry("api", more) + entry("web"))
    names = {(one, kind) for one, kind, _ in found(capsys)}
    assert names == {("api", "conflict"), ("web", "version"), ("web", "extra")}
    assert found(capsys, "--set", "api", code=0)


def test_the_sets_own_level_comes_before_the_common_one(shop: Path, capsys: Captured) -> None:
    common = "[tool.reqdrift]\nunlisted = 'orphans'\nseverity = {extra = 'off'}\n"
    configure(shop, common + entry("api", "severity = {extra = 'error'}") + entry("web"))
    assert {one for one, kind, _ in found(capsys) if kind == "extra"} == {"api"}


def test_each_set_has_its_policy(shop: Path) -> None:
    own = "unlisted = 'orphans'\nstdlib = ['uuid']"
    common = "[tool.reqdrift]\nunlisted = 'all'\nstdlib = ['typing']\n"
    configure(shop, common + entry("api", own) + entry("web"))
    api, web = (one.policy for one in reqdrift.settings().sets)
    assert (api.unlisted, api.live) == ("orphans", frozenset({"uuid", "typing"}))
    assert (web.unlisted, web.live) == ("all", frozenset({"typing"}))


def test_a_pattern_in_files(shop: Path, capsys: Captured) -> None:
    (shop / "services" / "api" / "dev.txt").write_text("spare==1.0\n")
    files = "files = ['services/api/*.txt']"
    configure(
        shop, f"[[tool.reqdrift.set]]\nname = 'api'\n{files}\npython = 'services/api/.venv'\n"
    )
    assert main([]) == 0
    configure(shop, "[[tool.reqdrift.set]]\nname = 'api'\nfiles = ['nowhere/*.txt']\n")
    assert main([]) == 2
    assert "no file matches 'nowhere/*.txt'" in capsys.readouterr().err


class TestSeveralEnvironments:
    """One application under several versions of its framework."""

    @pytest.fixture
    def tox(self, project: Path) -> Path:
        (project / "requirements.txt").write_text("foo==1.0\n")
        make_environment(project / ".tox" / "py39", "foo-1.0", version="3.9.1")
        make_environment(project / ".tox" / "py312", "foo-2.0", version="3.12.1")
        pythons = "python = ['.tox/py39', '.tox/py312']"
        text = f"[[tool.reqdrift.set]]\nname = 'app'\nfiles = ['requirements.txt']\n{pythons}\n"
        configure(project, text)
        return project

    def test_each_is_checked(self, tox: Path, capsys: Captured) -> None:
        assert main([]) == 1
        out = capsys.readouterr().out
        assert "[app .tox/py312] foo 2.0 is installed, but the file says foo==1.0" in out
        assert "reqdrift plan --python .tox/py312 --set app | sh" in out
        assert main(["--set", "app"]) == 1
        assert main(["requirements.txt"]) == 1

    def test_a_repair_follows_one_of_them(self, tox: Path, capsys: Captured) -> None:
        assert main(["fix"]) == 2
        error = capsys.readouterr().err
        assert "set app has several environments: " in error
        assert ".tox/py312; pass --python PATH" in error
        assert main(["fix", "--set", "app", "--python", ".tox/py312"]) == 0
        assert (tox / "requirements.txt").read_text() == "foo==2.0\n"


@pytest.mark.parametrize(
    ("folder", "sets"),
    [
        (".", {"api", "web"}),
        ("services", {"api", "web"}),
        ("services/web", {"web"}),
        ("services/web/src", {"web"}),
        ("services/api", {"api"}),
        ("docs", {"api", "web"}),
    ],
)
def test_a_subfolder_has_its_set(
    shop: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, folder: str, sets: set[str]
) -> None:
    configure(shop, entry("api") + entry("web"))
    (shop / "docs").mkdir()
    monkeypatch.chdir(shop / folder)
    names = {one for one, _, _ in found(capsys)}
    assert names == (sets if len(sets) > 1 else {""})
    (shop / "services" / "web" / "requirements.txt").write_text("nothere==1\n")
    assert ("nothere" in {name for _, _, name in found(capsys)}) == ("web" in sets)


class TestOnlyAFolder:
    """A project with `requirements/` and no requirements.txt."""

    @pytest.fixture
    def folder(self, project: Path) -> Path:
        make_environment(project / ".venv", "foo-1.0", "bar-1.0")
        folder = project / "requirements"
        folder.mkdir()
        (folder / "base.txt").write_text("foo==1.0\n")
        (folder / "dev.txt").write_text("-r base.txt\nbar==1.0\n")
        return folder

    def test_files_that_include_each_other(self, folder: Path, capsys: Captured) -> None:
        assert main([]) == 0
        assert "2 requirements" in capsys.readouterr().out

    def test_files_for_several_environments(self, folder: Path, capsys: Captured) -> None:
        (folder / "prod.txt").write_text("-r base.txt\n")
        assert main([]) == 2
        error = capsys.readouterr().err
        assert "but requirements/dev.txt, requirements/prod.txt; pass what" in error
        assert "reqdrift requirements/dev.txt" in error
