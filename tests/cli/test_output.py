"""Where output goes, and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import main
from reqdrift.commands import print_lines
from reqdrift.report import FORMATS
from support import make_environment

Captured = pytest.CaptureFixture[str]


def test_control_characters_are_escaped(capsys: Captured) -> None:
    print_lines(["a\x1b[2J", "b"])
    print_lines(["c\rd"], on_stderr=True)
    assert capsys.readouterr() == ("a\\x1b[2J\nb\n", "c\\rd\n")


class TestWhatIsThere:
    """A report replaces an earlier report, and nothing else."""

    @pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"rich"}))
    def test_an_earlier_report(self, site: Path, name: str, capsys: Captured) -> None:
        (site / "foo-1.0.dist-info" / "RECORD").write_text("foo.py,,\n")
        for installed in ("foo==1.0\n", "foo==3.0\nextra==1\n"):
            (site.parent / f"{len(installed)}.txt").write_text(installed)
        records = ["--installed", str(site.parent / "9.txt")]
        records += ["--installed", str(site.parent / "18.txt")]
        for text in ("foo==1.0\n", "foo==2.0\nbar\n", "foo==2.0\n)\n", "-r none.txt\n"):
            Path("requirements.txt").write_text(text)
            for words in ([], ["-q"], ["-v"], ["verify"], ["verify", "-q"], records):
                assert main([*words, "--format", f"{name}=out"]) in (0, 1, 2, 3)
        assert "not a report" not in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("pyproject.toml", "[project]\nname = 'me'\n[tool.reqdrift]\n"),
            ("pyproject.toml", ""),
            ("base.txt", "# nothing\n"),
            ("limits.txt", ""),
            ("record.json", '[{"name": "foo", "version": "1.0"}]'),
            ("Makefile", "clean: all\n\tmake\n"),
            ("version.yaml", "version: 3\n"),
            ("notes.md", "### Mine\n"),
            ("mypy.log", "a.py:1: error: bad\n"),
            ("ruff.log", "::error title=Ruff (F401),file=a.py,line=1::a.py:1: F401\n"),
            ("page.html", "<!doctype html>\n<title>mine</title>\n"),
            ("build.log", "$ reqdrift\nclean; 1 requirement in requirements.txt\n"),
            ("other.json", '{\n  "schema_version": 1,\n  "tool": {\n    "name": "other",\n'),
            ("other.xml", '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="pytest"'),
        ],
    )
    @pytest.mark.parametrize("link", ["", "symlink_to", "hardlink_to"])
    def test_anything_else(
        self, site: Path, name: str, text: str, link: str, capsys: Captured
    ) -> None:
        assert site
        Path("base.txt").touch()
        Path("limits.txt").touch()
        Path("requirements.txt").write_text("foo==1.0\n-r base.txt\n-c limits.txt\n")
        Path(name).write_text(text)
        if link:
            getattr(Path("out.toml"), link)(name)
        assert main(["--format", f"json={'out.toml' if link else name}"]) == 2
        assert Path(name).read_text() == text
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_summary_is_appended_to_no_other_file(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, name: str
) -> None:
    make_environment(project / ".venv", "foo-1.0")
    (project / "requirements.txt").write_text("foo==1.0\n")
    (project / "pyproject.toml").write_text("[tool.reqdrift]\n")
    before = (project / name).read_bytes()
    monkeypatch.chdir(project)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", name)
    assert main(["--format", "github"]) == 0
    assert (project / name).read_bytes() == before
    assert capsys.readouterr().err.startswith(f"reqdrift: {name} ")
