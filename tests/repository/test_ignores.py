"""What the configuration ignores: by name or glob, for some kinds, with a reason."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import reqdrift
from reqdrift import IgnoredProject, Policy
from reqdrift.cli import main
from support import add_distribution, make_environment

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def site(project: Path) -> Path:
    """`types-rope` and `stray` are extra; `wick` is missing."""
    (project / "requirements.txt").write_text("rope==1.0\nwick\n")
    site = make_environment(project / ".venv", "rope-1.0", "stray-1.0")
    add_distribution(site, "types_rope-1.0")
    return site


def configure(project: Path, text: str) -> None:
    (project / "pyproject.toml").write_text(f"[tool.reqdrift]\n{text}\n")


def found(capsys: Captured, *words: str) -> list[str]:
    capsys.readouterr()
    main([*words, "--format", "json"])
    return [f"{f['kind']} {f['project']}" for f in json.loads(capsys.readouterr().out)["findings"]]


def test_tables_beside_names(site: Path, project: Path, capsys: Captured) -> None:
    configure(project, 'ignore = ["stray", { name = "types-*", kinds = ["extra"] }]')
    assert found(capsys) == ["missing wick"]


def test_only_these_kinds(site: Path, project: Path, capsys: Captured) -> None:
    configure(project, 'ignore = [{ name = "wick", kinds = ["missing"] }]')
    assert found(capsys) == ["extra stray", "extra types-rope"]


def test_options_replace_them(site: Path, project: Path, capsys: Captured) -> None:
    configure(project, 'ignore = [{ name = "wick" }]')
    assert found(capsys, "--ignore", "stray") == [
        "extra types-rope",
        "missing wick",
    ]


class TestInstalled:
    """An ignore that is for one version."""

    TABLE = 'ignore = ["types-*", "wick", { name = "stray", installed = "1.0", reason = "why" }]'
    UNUSED = "ignore 'stray' (installed 1.0) matches nothing; remove it"

    def test_it_covers_that_version_only(self, site: Path, project: Path, capsys: Captured) -> None:
        configure(project, self.TABLE)
        assert found(capsys) == []
        assert main([]) == 0
        shutil.rmtree(site / "stray-1.0.dist-info")
        add_distribution(site, "stray-1.0.1")
        assert found(capsys) == ["extra stray"]
        assert main([]) == 1
        assert self.UNUSED in capsys.readouterr().out

    def test_it_is_compared_as_the_report_shows_it(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        configure(project, self.TABLE.replace('"1.0"', '"1"'))
        assert found(capsys) == ["extra stray"]

    def test_of_several_each_is_used_or_reported(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        both = '{ name = "stray", installed = "1.0" }, { name = "stray", installed = "2.0" }'
        configure(project, f'ignore = ["types-*", "wick", {both}]')
        assert main([]) == 0
        out = capsys.readouterr().out
        assert "ignore 'stray' (installed 2.0) matches nothing; remove it" in out
        assert "(installed 1.0)" not in out

    @pytest.mark.parametrize(
        ("kinds", "left"),
        [
            ('["version"]', ["version rope"]),
            ('["version", "unpinned"]', ["version rope"]),
        ],
    )
    def test_with_kinds_both_must_match(
        self, site: Path, project: Path, capsys: Captured, kinds: str, left: list[str]
    ) -> None:
        (project / "requirements.txt").write_text("rope==2.0\n")
        table = f'{{ name = "rope", kinds = {kinds}, installed = "1.0" }}'
        configure(project, f'ignore = ["types-*", "stray", {table}]')
        assert found(capsys) == []
        (project / "requirements.txt").write_text("rope==3.0\n")
        assert found(capsys) == []  # it is about what is installed
        configure(project, f'ignore = ["types-*", "stray", {table.replace("1.0", "1.1")}]')
        assert found(capsys) == left

    def test_what_is_not_installed_is_not_covered(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        configure(project, 'ignore = ["types-*", "stray", { name = "wick", installed = "1.0" }]')
        assert found(capsys) == ["missing wick"]


class TestReason:
    TABLE = 'ignore = [{ name = "types-*", reason = "only mypy needs them" }, "stray", "wick"]'
    SAID = "extra: types-rope 1.0 is installed but not listed; nothing needs it; ignored: only mypy"

    def test_it_is_shown_to_those_who_want_to_know(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        configure(project, self.TABLE)
        assert main([]) == 0
        out = capsys.readouterr().out
        assert "types-rope" not in out
        assert "note (ignored): extra: stray 1.0" in out
        assert main(["-v"]) == 0
        assert f"note (ignored): {self.SAID} needs them\n" in capsys.readouterr().out

    def test_documents_have_it(self, site: Path, project: Path, capsys: Captured) -> None:
        configure(project, self.TABLE)
        main(["--format", "json"])
        assert self.SAID in capsys.readouterr().out
        main(["-v", "--format", "markdown"])
        assert self.SAID in capsys.readouterr().out

    def test_a_run_where_all_is_settled_says_no_more_than_clean(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        configure(project, 'ignore = [{ name = "*", reason = "a trial" }]')
        assert main([]) == 0
        assert capsys.readouterr().out.startswith("clean; ")


class TestUnused:
    def test_a_glob_is_reported_only_with_v(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        configure(project, 'ignore = ["pytest-*", { name = "mypy-*" }, "gone"]')
        main([])
        out = capsys.readouterr().out
        assert "ignore 'gone' matches nothing; remove it" in out
        assert "-*' matches nothing" not in out
        main(["-v"])
        out = capsys.readouterr().out
        assert "ignore 'pytest-*' matches nothing; remove it" in out
        assert "ignore 'mypy-*' matches nothing; remove it" in out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[{}]", "tool.reqdrift.ignore must be a list of project names"),
        ("[{ name = 1 }]", "tool.reqdrift.ignore #1.name must be a name; it is 1"),
        ('[{ nome = "a" }]', "tool.reqdrift.ignore must be a list of project names"),
        ('[{ name = "a", kind = "b" }]', "has no key 'kind'; did you mean 'kinds'?"),
        (
            '[{ name = "a", kinds = ["missng"] }]',
            "#1.kinds must be a list of kinds; there is no kind 'missng'; did you mean 'missing'?",
        ),
        ('[{ name = "a", kinds = [] }]', "#1.kinds must be a list of kinds; it is []"),
        ('[{ name = "a", kinds = [[1]] }]', "#1.kinds must be a list of kinds; it is [[1]]"),
        ('[{ name = "a", reason = 1 }]', "#1.reason must be a text; it is 1"),
        (
            '[{ name = "a", installed = 3.1 }]',
            "#1.installed must be a version in quotes; it is 3.1",
        ),
        (
            '[{ name = "a", installed = "" }]',
            "#1.installed must be a version in quotes; it is ''",
        ),
        ('[{ name = "a", instaled = "1" }]', "has no key 'instaled'; did you mean 'installed'?"),
    ],
)
def test_what_does_not_fit(
    site: Path, project: Path, capsys: Captured, text: str, message: str
) -> None:
    configure(project, f"ignore = {text}")
    assert main([]) == 2
    assert message in capsys.readouterr().err


def test_a_set_has_its_own(site: Path, project: Path, capsys: Captured) -> None:
    text = '[[tool.reqdrift.set]]\nname = "a"\nfiles = ["requirements.txt"]\nignore = '
    pyproject = project / "pyproject.toml"
    pyproject.write_text(f'{text}["stray", "wick", {{ name = "types-*", reason = "why" }}]\n')
    assert main([]) == 0
    pyproject.write_text(f'{text}["stray", {{ name = "a", kinds = ["b"] }}]\n')
    assert main([]) == 2
    assert "tool.reqdrift.set #1.ignore #2.kinds must be" in capsys.readouterr().err


def test_from_python(site: Path) -> None:
    ignored = IgnoredProject("types-*", frozenset({"extra"}), "why not")
    report = reqdrift.check(policy=Policy(ignore=("stray", ignored, "wick")), explain=True)
    assert report.findings == ()
    assert [n.message[-7:] for n in report.notes if n.quiet] == ["why not"]
    other = IgnoredProject("types-*", installed="2.0")
    report = reqdrift.check(policy=Policy(ignore=("stray", other, "wick")))
    assert [finding.project for finding in report.findings] == ["types-rope"]
