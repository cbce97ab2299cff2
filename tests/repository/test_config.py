"""`[tool.reqdrift]`: every key valid, invalid, unknown, overridden; sets; ignores in the file."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from reqdrift.cli import main
from reqdrift.repository.settings import _KEYS, _KEYS_OF_SET
from support import REPOSITORY, add_distribution, make_environment

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def site(project: Path) -> Path:
    (project / "requirements.txt").write_text("foo==1.0\n")
    return make_environment(project / ".venv", "foo-1.0")


def configure(project: Path, text: str) -> None:
    (project / "pyproject.toml").write_text(f"[tool.reqdrift]\n{text}\n")


def checked(capsys: Captured, *words: str) -> dict[str, Any]:
    capsys.readouterr()
    main([*words, "--format", "json"])
    loaded: dict[str, Any] = json.loads(capsys.readouterr().out)
    return loaded


def kinds(document: dict[str, Any]) -> list[str]:
    return [f"{f['severity']} {f['kind']} {f['project']}" for f in document["findings"]]


class TestKeys:
    def test_files(self, site: Path, project: Path, capsys: Captured) -> None:
        (project / "a.txt").write_text("foo==1.0\n")
        (project / "b.txt").write_text("bar==1.0\n")
        configure(project, 'files = ["a.txt", "b.txt"]')
        assert kinds(checked(capsys)) == ["error missing bar"]
        assert kinds(checked(capsys, "a.txt")) == []

    def test_python(self, site: Path, project: Path, capsys: Captured, tmp_path: Path) -> None:
        make_environment(tmp_path / "other", "foo-2.0")
        configure(project, f'python = "{tmp_path}/other"')
        document = checked(capsys)
        assert kinds(document) == ["error version foo"]
        assert document["environment"]["found_by"] == "[tool.reqdrift] python"
        assert kinds(checked(capsys, "--python", ".venv")) == []

    def test_python_of_the_shell_comes_first(
        self, site: Path, project: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        configure(project, 'python = "nowhere/python"')
        monkeypatch.setenv("REQDRIFT_PYTHON", ".venv")
        assert kinds(checked(capsys)) == []

    def test_ignore(self, site: Path, project: Path, capsys: Captured) -> None:
        for name in ("types-foo", "types-bar", "stray"):
            add_distribution(site, f"{name.replace('-', '_')}-1.0")
        configure(project, 'ignore = ["Types_*", "absent"]')
        document = checked(capsys)
        assert kinds(document) == ["error extra stray"]
        ignored = [n["message"] for n in document["notes"] if n["reason"] == "ignored"]
        assert sum(message.startswith("extra: types-") for message in ignored) == 2
        assert "warning: ignore 'absent' matches nothing; remove it" in ignored
        assert kinds(checked(capsys, "--ignore", "stray", "--ignore", "types-*")) == []

    def test_severity(self, site: Path, project: Path, capsys: Captured) -> None:
        add_distribution(site, "stray-1.0")
        (project / "requirements.txt").write_text("foo\nbar==1\n")
        configure(project, 'severity = { extra = "warning", unpinned = "off" }')
        assert kinds(checked(capsys)) == ["warning extra stray", "error missing bar"]
        words = ("--severity", "extra=off", "--severity", "missing=warning")
        assert kinds(checked(capsys, *words)) == ["warning missing bar"]
        assert main([*words]) == 0

    def test_unlisted(self, site: Path, project: Path, capsys: Captured) -> None:
        add_distribution(site, "needed-1.0")
        (site / "foo-1.0.dist-info" / "METADATA").write_text(
            "Name: foo\nVersion: 1.0\nRequires-Dist: needed\n\n"
        )
        assert kinds(checked(capsys)) == []
        configure(project, 'unlisted = "orphans"')
        assert kinds(checked(capsys)) == []
        assert kinds(checked(capsys, "--unlisted", "all")) == ["error extra needed"]
        configure(project, 'unlisted = "all"')
        assert kinds(checked(capsys)) == ["error extra needed"]
        assert kinds(checked(capsys, "--unlisted", "auto")) == []

    def test_stdlib(self, site: Path, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("foo==1.0\nuuid==1.30\n")
        assert kinds(checked(capsys)) == []
        configure(project, 'stdlib = ["uuid"]')
        assert kinds(checked(capsys)) == ["error missing uuid"]
        assert kinds(checked(capsys, "--stdlib", "other")) == []

    def test_add_to(self, site: Path, project: Path) -> None:
        add_distribution(site, "new-1.0")
        (project / "more.txt").write_text("# more\n")
        (project / "requirements.txt").write_text("-r more.txt\nfoo==1.0\n")
        configure(project, 'add-to = "more.txt"')
        assert main(["fix"]) == 0
        assert (project / "more.txt").read_text() == "# more\nnew==1.0\n"
        add_distribution(site, "newer-1.0")
        assert main(["fix", "--add-to", "requirements.txt"]) == 0
        assert "newer==1.0\n" in (project / "requirements.txt").read_text()
        add_distribution(site, "newest-1.0")
        assert main(["fix", "--add-to", "absent.txt"]) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('file = ["a.txt"]', "tool.reqdrift has no key 'file'; did you mean 'files'?"),
        ("zzz = 1", "tool.reqdrift has no key 'zzz'; valid keys: files, sources, python,"),
        ('files = "a.txt"', "tool.reqdrift.files must be a list of paths; it is 'a.txt'"),
        ("python = 3", "tool.reqdrift.python must be a path; it is 3"),
        ("ignore = [1]", "tool.reqdrift.ignore must be a list of project names"),
        ('severity = { extra = "fatal" }', "tool.reqdrift.severity must be a table of"),
        ('severity = { extras = "off" }', "tool.reqdrift.severity must be a table of"),
        ('unlisted = "some"', "tool.reqdrift.unlisted must be 'auto', 'all' or 'orphans'"),
        ("add-to = []", "tool.reqdrift.add-to must be a path"),
        ("stdlib = true", "tool.reqdrift.stdlib must be a list of project names"),
        ("set = 1", "tool.reqdrift.set must be an array of tables"),
        ('set = [{ nome = "a" }]', "tool.reqdrift.set #1 has no key 'nome'; did you mean 'name'?"),
        ("files = [", "pyproject.toml: "),
    ],
)
def test_what_does_not_fit_is_one_line(
    site: Path, project: Path, capsys: Captured, text: str, message: str
) -> None:
    configure(project, text)
    assert main([]) == 2
    err = capsys.readouterr().err
    assert f"{project}/pyproject.toml" in err
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("words", [("--severity", "extra"), ("--severity", "extra=fatal")])
def test_an_option_that_does_not_fit(site: Path, capsys: Captured, words: tuple[str, ...]) -> None:
    assert main([*words]) == 2
    assert "is not KIND=LEVEL" in capsys.readouterr().err


def test_a_key_with_very_many_dots(project: Path, capsys: Captured) -> None:
    # `tomllib`, which reads what is not plain, would need gigabytes.
    configure(project, 'add-to = "a\\u002etxt"\na' + ".a" * 30_000 + " = 1")
    assert main([]) == 2
    assert "pyproject.toml: line 3 has more than 500 dots; fix the file" in (
        capsys.readouterr().err
    )


class TestWhere:
    def test_the_nearest_table_upwards(self, site: Path, project: Path, capsys: Captured) -> None:
        configure(project, 'severity = { missing = "off" }')
        (project / "service").mkdir()
        (project / "service" / "pyproject.toml").write_text("[tool.other]\nreqdrift = 1\n")
        (project / "service" / "requirements.txt").write_text("bar==1.0\n")
        add_distribution(site, "bar-2.0")
        assert kinds(checked(capsys, "service/requirements.txt")) == [
            "error extra foo",
            "error version bar",
        ]
        (project / "service" / "pyproject.toml").write_text("[tool.reqdrift]\nseverity.extra='off'")
        assert kinds(checked(capsys, "service/requirements.txt")) == ["error version bar"]

    def test_not_above_the_repository(self, project: Path, capsys: Captured) -> None:
        (project.parent / "pyproject.toml").write_text("[tool.reqdrift]\nnonsense = 1\n")
        (project / "requirements.txt").write_text("")
        make_environment(project / ".venv")
        assert main([]) == 0

    def test_a_pyproject_without_the_table_changes_nothing(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        (project / "pyproject.toml").write_text('[dependency-groups]\ndev = ["reqdrift"]\n')
        assert main([]) == 0


class TestComments:
    def test_one_line(self, site: Path, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("foo>=2  # reqdrift: ignore\n")
        document = checked(capsys)
        assert kinds(document) == []
        assert [n["message"].partition(":")[0] for n in document["notes"]] == ["version"]

    def test_one_kind(self, site: Path, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("foo>=2  # reqdrift: ignore[unpinned]\n")
        assert kinds(checked(capsys)) == ["error version foo"]

    @pytest.mark.parametrize("turned", [False, True])
    def test_one_line_is_not_another(
        self, site: Path, project: Path, capsys: Captured, turned: bool
    ) -> None:
        lines = ["bar==1.0  # reqdrift: ignore\n", "bar>=1.0,<2; python_version > '3'\n"]
        text = "".join(reversed(lines) if turned else lines)
        (project / "requirements.txt").write_text(text)
        assert "error missing bar" in kinds(checked(capsys))

    def test_what_matches_nothing_is_told(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        (project / "requirements.txt").write_text("foo==1.0  # reqdrift: ignore[version]\n")
        assert main([]) == 0
        out = capsys.readouterr().out
        assert (
            "requirements.txt:1: note (ignored): warning: '# reqdrift: ignore[version]'"
            " matches nothing; remove it\n"
        ) in out

    def test_a_kind_that_is_none(self, site: Path, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("foo==2  # reqdrift: ignore[version, versoin]\n")
        assert main([]) == 0
        assert (
            "requirements.txt:1: note (ignored): warning:"
            " '# reqdrift: ignore[version, versoin]': there is no kind versoin; did you"
            " mean 'version'?\n"
        ) in capsys.readouterr().out


class TestSets:
    @pytest.fixture
    def services(self, project: Path) -> Path:
        for name, version in (("a", "1.0"), ("b", "2.0")):
            (project / name).mkdir()
            (project / name / "requirements.txt").write_text("foo==1.0\n")
            make_environment(project / name / ".venv", f"foo-{version}")
        (project / "pyproject.toml").write_text(
            "[[tool.reqdrift.set]]\nname = 'first'\nfiles = ['a/requirements.txt']\n"
            "[[tool.reqdrift.set]]\nname = 'second'\nfiles = ['b/requirements.txt']\n"
        )
        return project

    def test_one_run_one_report_one_exit_code(self, services: Path, capsys: Captured) -> None:
        assert main([]) == 1
        out = capsys.readouterr().out
        assert "b/requirements.txt:1: version: [second] foo 2.0 is installed" in out
        assert "\n[first] 1 requirement in a/requirements.txt: 1 checked" in out
        assert "\n[second] 1 requirement in b/requirements.txt: 1 checked" in out
        assert "hint: if the environment is right: reqdrift fix --set second" in out
        assert main(["a/requirements.txt"]) == 0

    def test_json(self, services: Path, capsys: Captured) -> None:
        document = checked(capsys)
        assert document["verdict"] == "drift"
        assert document["environment"] is None
        assert [(s["name"], s["checked"]) for s in document["sets"]] == [
            ("first", 1),
            ("second", 1),
        ]
        assert [f["set"] for f in document["findings"]] == ["second"]

    def test_one_file_under_several_environments(
        self, services: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (services / "pyproject.toml").write_text(
            "".join(
                f"[[tool.reqdrift.set]]\nname = '{name}'\nfiles = ['a/requirements.txt']\n"
                f"python = '{name}/.venv'\n"
                for name in "ab"
            )
        )
        # What a shell says is for the one environment, not for every set.
        monkeypatch.setenv("REQDRIFT_PYTHON", "a/.venv")
        document = checked(capsys)
        assert [(f["set"], f["kind"]) for f in document["findings"]] == [("b", "version")]

    def test_one_set_without_an_environment_fails_the_run(
        self, services: Path, capsys: Captured
    ) -> None:
        (services / "b" / ".venv" / "pyvenv.cfg").unlink()
        assert main([]) == 3
        out, err = capsys.readouterr()
        assert "[second]" in err
        assert out.splitlines()[-3].startswith("failed: 1 error")

    def test_naming_the_files_of_a_set_means_that_set(
        self, services: Path, capsys: Captured
    ) -> None:
        text = (services / "pyproject.toml").read_text()
        (services / "pyproject.toml").write_text(text + "python = 'elsewhere'\n")
        (services / "b" / ".venv").rename(services / "elsewhere")
        make_environment(services / ".venv", "foo-1.0")
        document = checked(capsys, "b/requirements.txt")
        assert kinds(document) == ["error version foo"]
        assert document["environment"]["found_by"] == "python of the set second"
        main([])
        hint = "reqdrift fix --set second"
        assert hint in capsys.readouterr().out
        assert main(["fix", "b/requirements.txt"]) == 0
        assert (services / "b" / "requirements.txt").read_text() == "foo==2.0\n"

    def test_files_of_several_sets_do_not_say_which_environment(
        self, services: Path, capsys: Captured
    ) -> None:
        text = (services / "pyproject.toml").read_text().replace("b/requirements", "a/requirements")
        (services / "pyproject.toml").write_text(text)
        assert main(["fix", "a/requirements.txt"]) == 2
        assert "add --set NAME" in capsys.readouterr().err
        assert main(["a/requirements.txt", "--python", "a/.venv"]) == 0

    def test_a_repair_needs_to_know_which(self, services: Path, capsys: Captured) -> None:
        assert main(["fix"]) == 2
        assert "several sets are configured (first, second)" in capsys.readouterr().err
        assert main(["fix", "b/requirements.txt"]) == 0


def test_exit_zero(site: Path, project: Path) -> None:
    (project / "requirements.txt").write_text("foo==2.0\n")
    assert main(["--exit-zero"]) == 0
    (project / "requirements.txt").write_text("foo=2.0\n")
    assert main(["--exit-zero"]) == 2


def test_the_documentation_names_every_key() -> None:
    text = (REPOSITORY / "docs" / "configuration.md").read_text()
    documented = set(re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE))
    assert documented == _KEYS.keys() | {f"{key}" for key in _KEYS_OF_SET}


class TestClosed:
    """What was not read is never clean."""

    @pytest.mark.parametrize(
        ("make", "why"), [("folder", "is a folder"), ("pipe", "not a regular file")]
    )
    def test_a_pyproject_that_cannot_be_read(
        self, site: Path, project: Path, capsys: Captured, make: str, why: str
    ) -> None:
        path = project / "pyproject.toml"
        path.mkdir() if make == "folder" else os.mkfifo(path)
        assert main([]) == 2
        expected = f"reqdrift: {path} cannot be read: {why}; make it readable\n"
        assert capsys.readouterr().err == expected

    @pytest.mark.parametrize(
        "text",
        [
            'files = ["requirements.txt"]\n[[tool.reqdrift.set]]\nname = "a"',
            "set = []",
            'set = [{ name = "a" }, { name = "a" }]',
        ],
    )
    def test_sets_that_leave_something_out(
        self, site: Path, project: Path, capsys: Captured, text: str
    ) -> None:
        configure(project, text)
        assert main([]) == 2

    @pytest.mark.parametrize("comment", ["ignore[unpinned", "ignore[]", "ignored", "ignore[typo]"])
    def test_a_comment_that_is_not_understood_ignores_nothing(
        self, site: Path, project: Path, capsys: Captured, comment: str
    ) -> None:
        (project / "requirements.txt").write_text(f"foo==9  # reqdrift: {comment}\n")
        assert kinds(checked(capsys)) == ["error version foo"]

    @pytest.mark.parametrize("option", ["--python", "--rev"])
    def test_an_option_without_a_value(self, site: Path, capsys: Captured, option: str) -> None:
        assert main([option, ""]) == 2
        assert f"{option} is empty" in capsys.readouterr().err
