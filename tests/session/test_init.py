"""`reqdrift init`: the smallest table that fits, appended as text, and the hook's entry."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import ClassVar

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are installed

import reqdrift
from reqdrift.cli import main
from support import add_distribution, make_environment

Captured = pytest.CaptureFixture[str]


def keys(*files: str) -> dict[str, object]:
    """The table that is proposed, as TOML reads it."""
    table = tomllib.loads(reqdrift.init(files).table).get("tool", {}).get("reqdrift", {})
    assert isinstance(table, dict)
    return table


STRAY = {"name": "stray", "kinds": ["extra"], "reason": "not listed when reqdrift was added"}


@pytest.fixture
def site(project: Path) -> Path:
    """A top-level file: lamp needs wick and oil, camp needs tent and rope; nothing needs stray."""
    (project / "requirements.txt").write_text("lamp==1.0\ncamp==1.0\n")
    others = ("wick-1.0", "oil-1.0", "tent-1.0", "rope-1.0", "stray-1.0")
    site = make_environment(project / ".venv", *others)
    add_distribution(site, "lamp-1.0", requires=["wick", "oil"])
    add_distribution(site, "camp-1.0", requires=["tent", "rope"])
    return site


class TestWhatIsNeeded:
    def nothing(self, project: Path, capsys: Captured) -> None:
        """The defaults fit, and nothing is written."""
        assert keys() == {}
        assert main(["init", "--write"]) == 0
        out, err = capsys.readouterr()
        said = "# no [tool.reqdrift] table is needed: the defaults fit; nothing was appended\n"
        assert (out.partition("\n\n")[0], err) == (said.rstrip(), "")
        assert not (project / "pyproject.toml").exists()

    def test_nothing(self, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("rope==1.0\n")
        make_environment(project / ".venv", "rope-1.0")
        self.nothing(project, capsys)

    def test_nothing_for_a_top_level_file(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        shutil.rmtree(site / "stray-1.0.dist-info")
        self.nothing(project, capsys)

    def test_nothing_for_ranges(self, project: Path, capsys: Captured) -> None:
        names = ("rope", "wick", "lamp", "oil")
        (project / "requirements.txt").write_text("".join(f"{name}>=1\n" for name in names))
        make_environment(project / ".venv", *(f"{name}-1.0" for name in names))
        self.nothing(project, capsys)

    def test_nothing_if_files_nearby_list_the_rest(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        (project / "requirements-dev.txt").write_text("stray==1.0\n")
        self.nothing(project, capsys)

    def test_a_folder_of_files(self, project: Path) -> None:
        folder = project / "requirements"
        folder.mkdir()
        (folder / "base.txt").write_text("-c constraints.txt\nrope==1.0\n")
        (folder / "constraints.txt").write_text("rope==1.0\n")
        (folder / "dev.txt").write_text("-r base.txt\nwick==1.0\n")
        (folder / "prod.txt").write_text("-r base.txt\nlamp==1.0\n")
        make_environment(project / ".venv", "rope-1.0", "wick-1.0")
        assert keys() == {"files": ["requirements/dev.txt"]}
        add_distribution(next(project.glob(".venv/lib/*/site-packages")), "lamp-1.0")
        assert keys() == {"files": ["requirements/dev.txt", "requirements/prod.txt"]}

    def test_services(self, project: Path) -> None:
        for name in ("api", "worker"):
            (project / "services" / name).mkdir(parents=True)
            (project / "services" / name / "requirements.txt").write_text("rope==1.0\n")
            make_environment(project / "services" / name / ".venv", "rope-1.0")
        (project / "node_modules" / "x").mkdir(parents=True)
        (project / "node_modules" / "x" / "requirements.txt").write_text("rope==1.0\n")
        assert keys() == {
            "set": [
                {"name": "api", "files": ["services/api/requirements.txt"]},
                {"name": "worker", "files": ["services/worker/requirements.txt"]},
            ]
        }
        assert main(["init", "--write"]) == 0
        assert main([]) == 0

    def test_each_service_has_its_settings(self, project: Path) -> None:
        for name, others in (("api", ()), ("lib", ("stray-1.0",))):
            (project / name).mkdir()
            make_environment(project / name / ".venv", "lamp-1.0", *others)
            (project / name / "requirements.txt").write_text("lamp==1.0\n")
        assert keys() == {
            "set": [
                {"name": "api", "files": ["api/requirements.txt"]},
                {"name": "lib", "files": ["lib/requirements.txt"], "ignore": [STRAY]},
            ]
        }
        assert main(["init", "--write"]) == 0
        assert main([]) == 0

    def test_no_file(self, project: Path, capsys: Captured) -> None:
        assert main(["init"]) == 2
        assert "no requirements file was found; pass it: reqdrift init FILE" in (
            capsys.readouterr().err
        )

    @pytest.mark.parametrize("words", [(), ("--write",)])
    def test_a_file_that_cannot_be_read(
        self, site: Path, project: Path, capsys: Captured, words: tuple[str, ...]
    ) -> None:
        assert main(["init", "nowhere.txt", *words]) == 2
        assert "nowhere.txt: error: no such file" in capsys.readouterr().err
        (project / "requirements.txt").write_text("lamp==1.0\n???\n")
        assert main(["init", *words]) == 2
        out, err = capsys.readouterr()
        assert "requirements.txt:2: " in err
        assert out == ""
        assert not (project / "pyproject.toml").exists()

    def test_no_environment(self, project: Path) -> None:
        (project / "dev.txt").write_text("rope==1.0\n")
        proposal = reqdrift.init(["dev.txt"], python="nowhere")
        assert (proposal.left, "dev.txt" in proposal.table) == (None, True)

    def test_the_table_leaves_what_is_left(self, site: Path, project: Path) -> None:
        (project / "requirements.txt").write_text("lamp==2.0\ncamp\nabsent==1.0\n")
        before = reqdrift.init(write=True)
        report = reqdrift.check(policy=reqdrift.settings().policy)
        assert {finding.kind for finding in report.findings} == {"missing", "version"}
        assert (before.left, before.ignored) == (2, 2)

    def test_an_empty_environment_comes_first(self, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("rope==1.0\nwick==1.0\n")
        make_environment(project / ".venv")
        assert main(["init"]) == 0
        err = capsys.readouterr().err
        assert "nothing is installed in .venv; to install what the files list: uv pip" in err
        assert "plan" not in err


class TestIgnores:
    """What a project has that begins with drift: `extra` and `unpinned`, and no other kind."""

    @pytest.fixture
    def drifted(self, project: Path) -> Path:
        """Two unlisted packages, one of which brought in the other, a range, and other kinds."""
        lines = ["rope==1.0", "wick>=1.0", "lamp==2.0", "absent==1.0", "tent==1.0", "tent==2.0"]
        (project / "requirements.txt").write_text("\n".join(lines) + "\n")
        names = ("rope-1.0", "wick-1.0", "lamp-1.0", "tent-1.0", "mug-1.0")
        site = make_environment(project / ".venv", *names)
        add_distribution(site, "Stray-1.0", requires=["mug"])
        return site

    def found(self) -> list[str]:
        settings = reqdrift.settings()
        report = reqdrift.check(policy=settings.policy)
        warnings = [note.message for note in report.notes if "matches nothing" in note.message]
        return [*(f"{f.kind} {f.project}" for f in report.findings), *warnings]

    def test_one_for_each(self, drifted: Path) -> None:
        assert keys()["ignore"] == [
            {
                "name": name,
                "kinds": [kind],
                "reason": f"not {done} when reqdrift was added",
            }
            for name, kind, done in (
                *(("mug", "extra", "listed"), ("stray", "extra", "listed")),
                ("wick", "unpinned", "pinned"),
            )
        ]

    def test_all_other_kinds_are_left(self, drifted: Path, capsys: Captured) -> None:
        assert main(["init", "--write"]) == 0
        others = ["version lamp", "missing absent", "conflict tent"]
        assert self.found() == others
        out, err = capsys.readouterr()
        assert out.startswith("# appended to pyproject.toml\n")
        assert "the table ignores 3 findings" in err
        assert "3 errors left: reqdrift plan prints" in err

    def test_what_is_new_is_found(self, drifted: Path, project: Path) -> None:
        text = "rope==1.0\nwick>=1.0\nlamp==1.0\n"
        (project / "requirements.txt").write_text(text)
        reqdrift.init(write=True)
        assert self.found() == []
        add_distribution(drifted, "newcomer-1.0")
        assert self.found() == ["extra newcomer"]
        # A new dependency of what is ignored is new.
        add_distribution(drifted, "later-1.0")
        shutil.rmtree(drifted / "Stray-1.0.dist-info")
        add_distribution(drifted, "Stray-1.0", requires=["mug", "later"])
        assert self.found() == ["extra later", "extra newcomer"]

    @pytest.mark.parametrize(
        ("before", "after", "finding"),
        [
            ("rope==1.0", "rope==2.0", "version rope"),
            ("rope==1.0", "rope>=0.5", "unpinned rope"),
            ("wick>=1.0", "wick>=2.0", "version wick"),
            ("wick>=1.0", "wick>=1.0\ngone>=1", "missing gone"),
        ],
    )
    def test_a_changed_line_is_found(
        self, drifted: Path, project: Path, before: str, after: str, finding: str
    ) -> None:
        text = "rope==1.0\nwick>=1.0\nlamp==1.0\ntent==1.0\n"
        (project / "requirements.txt").write_text(text)
        reqdrift.init(write=True)
        assert self.found() == []
        (project / "requirements.txt").write_text(text.replace(before, after))
        assert finding in self.found()

    def test_one_that_matches_no_more_is_reported(self, drifted: Path, project: Path) -> None:
        (project / "requirements.txt").write_text("rope==1.0\nwick>=1.0\nlamp==1.0\n")
        reqdrift.init(write=True)
        text = "rope==1.0\nwick==1.0\nlamp==1.0\ntent==1.0\nmug==1.0\n"
        (project / "requirements.txt").write_text(text)
        assert self.found() == [
            f"warning: ignore '{name}' matches nothing; remove it"
            for name in ("mug", "tent", "wick")
        ]

    def test_of_each_service(self, project: Path, capsys: Captured) -> None:
        for name in ("api", "worker"):
            (project / name).mkdir()
            (project / name / "requirements.txt").write_text("rope==1.0\n")
            make_environment(project / name / ".venv", "rope-1.0", f"stray-{name}-1.0")
        assert main(["init", "--write"]) == 0
        assert "the table ignores 2 findings" in capsys.readouterr().err
        assert main([]) == 0

    def test_most_lines_are_ranges_but_some_are_pins(self, project: Path) -> None:
        names = ("rope", "wick", "lamp", "oil", "tent", "mug")
        lines = ["flint==1.0", *(f"{name}>=1" for name in names)]
        (project / "requirements.txt").write_text("\n".join(lines) + "\n")
        make_environment(project / ".venv", "flint-1.0", *(f"{name}-1.0" for name in names))
        proposal = reqdrift.init(write=True)
        assert (proposal.left, proposal.ignored, proposal.first) == (0, 6, None)
        assert self.found() == []

    def test_warnings_are_not_ignored(self, project: Path) -> None:
        (project / "requirements.txt").write_text("rope>=1\nwick>=1\n")
        make_environment(project / ".venv", "stray-1.0", "rope-1.0", "wick-1.0")
        proposal = reqdrift.init(write=True)
        assert (proposal.left, proposal.ignored) == (0, 1)
        assert self.found() == ["unpinned rope", "unpinned wick"]

    def test_what_a_freeze_leaves_out(self, site: Path, project: Path) -> None:
        lines = [f"{name}==1.0\n" for name in ("lamp", "camp", "wick", "oil", "tent", "stray")]
        (project / "requirements.txt").write_text("".join(lines))
        reqdrift.init(write=True)
        ignored = tomllib.loads((project / "pyproject.toml").read_text())
        (entry,) = ignored["tool"]["reqdrift"]["ignore"]
        assert (entry["name"], entry["kinds"]) == ("rope", ["unpinned"])
        assert self.found() == []

    def test_nothing_in_an_environment_that_is_wrong_as_a_whole(self, project: Path) -> None:
        pins = "".join(f"pkg{chr(97 + n)}==1.0\n" for n in range(12))
        (project / "requirements.txt").write_text(pins)
        make_environment(project / ".venv", "other-1.0", "another-1.0")
        proposal = reqdrift.init()
        assert proposal.first
        assert (proposal.table, proposal.ignored) == ("", 0)

    def test_a_name_of_any_text_is_read_back(self, project: Path) -> None:
        (project / "requirements.txt").write_text("rope==1.0\nzope.interface\n")
        make_environment(project / ".venv", "rope-1.0", "zope.interface-5.0", "a_b.c-1.0")
        reqdrift.init(write=True)
        assert self.found() == []


class TestWrite:
    @pytest.mark.parametrize(
        "before",
        [
            b"",
            b"[project]\nname = 'x'\n",
            b"[project]\nname = 'x'",
            b"[project]\r\nname = 'x'\r\n",
            "# ünï\n[tool.other]\nx = 1\n[[tool.more]]\n".encode(),
        ],
    )
    def test_it_is_appended(self, site: Path, project: Path, before: bytes) -> None:
        (project / "pyproject.toml").write_bytes(before)
        assert main(["init", "--write"]) == 0
        after = (project / "pyproject.toml").read_bytes()
        assert after.startswith(before)
        assert tomllib.loads(after.decode())["tool"]["reqdrift"] == {"ignore": [STRAY]}
        assert (b"\r\n" in after) == (b"\r\n" in before)
        assert after.count(b"\n") == after.count(b"\r\n") or b"\r\n" not in after
        assert main([]) == 0

    def test_a_new_file(self, site: Path, project: Path) -> None:
        assert main(["init", "--write"]) == 0
        assert (project / "pyproject.toml").read_text() == reqdrift.init().table

    @pytest.mark.parametrize("where", [".", ".."])
    def test_one_that_has_a_table(
        self,
        site: Path,
        project: Path,
        capsys: Captured,
        where: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        table = "[tool.reqdrift]\nseverity = { extra = 'off' }\n"
        (project / "pyproject.toml").write_text(table)
        if where == "..":
            (project / "deep").mkdir()
            monkeypatch.chdir(project / "deep")
        assert main(["init", "--write"]) == 2
        assert "already has a [tool.reqdrift] table; edit it" in capsys.readouterr().err
        assert main(["init"]) == 0
        assert (project / "pyproject.toml").read_text() == table

    @pytest.mark.parametrize(
        "before",
        [
            b"tool = {}\n",
            b"=\n",
            b"\xff\n",
            b"tool = 1\n",
            b"[[tool]]\nx = 1\n",
            b"a" + b".a" * 600 + b" = 1\n",
        ],
    )
    def test_where_it_cannot_be_appended_nothing_changes(
        self, site: Path, project: Path, capsys: Captured, before: bytes
    ) -> None:
        (project / "pyproject.toml").write_bytes(before)
        assert main(["init", "--write"]) == 2
        err = capsys.readouterr().err
        assert "cannot be appended to" in err
        assert (project / "pyproject.toml").read_bytes() == before

    def test_a_link_may_lead_out_of_the_project(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        outside = project.parent / "outside.toml"
        outside.write_text("")
        (project / "pyproject.toml").symlink_to(outside)
        assert main(["init", "--write"]) == 2
        assert "is a symbolic link; add the table by hand" in capsys.readouterr().err
        assert outside.read_text() == ""

    def test_paths_of_any_name(self, project: Path) -> None:
        name = 'a "b" \\c\x7f.txt'
        (project / name).write_text("rope==1.0\n")
        make_environment(project / ".venv", "rope-1.0")
        reqdrift.init([name], write=True)
        assert reqdrift.settings().sets[0].files == (str(project / name),)

    def test_there_is_no_set_yet(self, site: Path, capsys: Captured) -> None:
        assert main(["init", "--set", "web"]) == 2
        assert "init has no option --set" in capsys.readouterr().err


class TestHook:
    HOOKS: ClassVar = [{"id": "reqdrift"}, {"id": "reqdrift-remind"}]

    def test_a_whole_file(self, site: Path) -> None:
        config = yaml.safe_load(reqdrift.init().hook)
        assert config["repos"][0]["hooks"] == self.HOOKS

    def test_an_entry_of_one(self, site: Path, project: Path) -> None:
        text = "repos:\n  - repo: local\n    hooks: []\n"
        (project / ".pre-commit-config.yaml").write_text(text)
        config = yaml.safe_load(text + reqdrift.init().hook)
        assert [entry["hooks"] for entry in config["repos"]] == [[], self.HOOKS]

    def test_an_empty_file_has_no_entry(self, site: Path, project: Path) -> None:
        (project / ".pre-commit-config.yaml").write_text("")  # as `reqdrift init >` leaves it
        assert yaml.safe_load(reqdrift.init().hook)["repos"]

    def test_it_is_there(self, site: Path, project: Path, capsys: Captured) -> None:
        (project / ".pre-commit-config.yaml").write_text("repos: [{hooks: [{id: reqdrift}]}]\n")
        assert reqdrift.init().hook == ""
        main(["init"])
        assert ".pre-commit-config" not in capsys.readouterr().out


def test_what_is_printed(site: Path, capsys: Captured) -> None:
    assert main(["init"]) == 0
    assert (
        capsys.readouterr().out
        == f"""\
# pyproject.toml
# ignore: what was found today; new findings count
[tool.reqdrift]
ignore = [
  {{ name = "stray", kinds = ["extra"], reason = "not listed when reqdrift was added" }},
]

# .pre-commit-config.yaml; then run:
# pre-commit install -t pre-commit -t post-checkout -t post-merge -t post-rewrite
repos:
  - repo: https://github.com/reqdrift/reqdrift
    rev: v{reqdrift.__version__}
    hooks:
      - id: reqdrift
      - id: reqdrift-remind
"""
    )
