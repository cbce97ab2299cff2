"""Where people stumble: near misses are named, and what others accept is accepted."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reqdrift.cli import COMMANDS, main
from support import SCRIPTS, add_distribution, clean_environ, make_environment, run
from support import reqdrift as reqdrift_command

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def site(project: Path) -> Path:
    (project / "requirements.txt").write_text("foo==1.0\n")
    return make_environment(project / ".venv", "foo-1.0")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["chek"], "'chek' is neither a command nor a file; did you mean 'check'?"),
        (["requirments"], "neither a command nor a file; did you mean 'requirements.txt'?"),
        (["zzz"], "'zzz' is neither a command nor a file; commands: check, "),
        (["requirments.txt"], "requirments.txt: error: no such file; did you mean requirements.tx"),
        (["--sevrity", "x"], "check has no option --sevrity; did you mean '--severity'?"),
        (["--add-to=x"], "check has no option --add-to; it is an option of diff, fix"),
        (["--zzz"], "check has no option --zzz; see reqdrift check --help"),
        (["fix", "--staged"], "fix has no option --staged; it is an option of check, plan"),
        (["--severity", "mising=off"], "there is no kind 'mising'; did you mean 'missing'?"),
        (["--severity", "zzz=off"], "there is no kind 'zzz'; the kinds are broken, missing,"),
        (["--severity", "extra=of"], "is not KIND=LEVEL; levels: error, warning, off"),
        (["--format", "jsn"], "'jsn' is not a format; did you mean 'json'?"),
        (["help", "wy"], "there is no command 'wy'; did you mean 'why'?"),
        (["help", "zzz"], "there is no command 'zzz'; commands: check,"),
        (["fix", "-"], "fix cannot use standard input; pass a file"),
        (["plan", "-"], "plan cannot use standard input; pass a file"),
    ],
)
def test_near_misses(site: Path, capsys: Captured, argv: list[str], said: str) -> None:
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert said in out + err


def test_an_include_with_a_wrong_name(site: Path, project: Path, capsys: Captured) -> None:
    (project / "base.txt").write_text("foo==1.0\n")
    (project / "requirements.txt").write_text("-r bse.txt\n")
    assert main([]) == 2
    assert "no such file; did you mean base.txt?" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv",
    [
        ["-r", "other.txt"],
        ["-rother.txt"],
        ["--requirement=other.txt", "-q"],
        ["-q", "-r", "other.txt"],
        ["other.txt", "-q"],
    ],
)
def test_files_as_for_pip(site: Path, project: Path, argv: list[str]) -> None:
    (project / "requirements.txt").write_text("=?")
    (project / "other.txt").write_text("foo==1.0\n")
    assert main(argv) == 0


def test_options_between_files(site: Path, project: Path) -> None:
    add_distribution(site, "bar-1.0")
    (project / "other.txt").write_text("bar==1.0\n")
    assert main(["requirements.txt", "-q", "other.txt"]) == 0
    assert main(["-r", "requirements.txt", "-r", "other.txt"]) == 0


class TestStandardInput:
    @pytest.mark.parametrize(("text", "code"), [("foo==1.0", 0), ("foo==2.0", 1), ("=?", 2)])
    def test_a_pipe(self, site: Path, project: Path, text: str, code: int) -> None:
        done = subprocess.run(
            [SCRIPTS / "reqdrift", "-"],
            cwd=project,
            env=clean_environ(),
            input=f"{text}\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr

    def test_a_file(self, site: Path, project: Path) -> None:
        with (project / "requirements.txt").open() as file:
            done = run(SCRIPTS / "reqdrift", "why", "foo", "-", cwd=project, stdin=file)
        assert "listed     /dev/stdin:1: foo==1.0" in done.stdout

    def test_a_terminal(self, site: Path, project: Path) -> None:
        command = f"'{SCRIPTS}/reqdrift' -"
        done = run("script", "-qec", command, "/dev/null", cwd=project, check=False)
        assert done.returncode == 2
        assert "nothing is piped into standard input; for example: pip freeze |" in done.stdout


class TestHelp:
    @pytest.mark.parametrize("argv", [["--help"], ["-h"], ["help"], ["help", "help"]])
    def test_the_overview(self, project: Path, argv: list[str]) -> None:
        done = reqdrift_command(*argv, cwd=project)
        assert done.returncode == 0
        named = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
        assert {*COMMANDS} <= {*named}

    @pytest.mark.parametrize("argv", [["--help"], *([name, "--help"] for name in sorted(COMMANDS))])
    def test_it_is_short(self, project: Path, argv: list[str]) -> None:
        done = reqdrift_command(*argv, cwd=project)
        assert done.returncode == 0
        assert done.stdout.count("\n") <= 40
        assert max(map(len, done.stdout.splitlines())) <= 80
        assert reqdrift_command("help", *argv[:-1], cwd=project).stdout == done.stdout

    def test_only_options_that_have_an_effect(self, project: Path) -> None:
        def options(command: str) -> set[str]:
            shown = reqdrift_command("help", command, cwd=project).stdout
            return {word.strip(",") for word in shown.split() if word.startswith("--")} - {
                "--target"
            }

        assert options("freeze") == options("env") | {"--top-level", "--ranges"}
        assert options("inspect") == options("env") - {"--installed", "--platform"}
        assert options("env") == {
            *("--python", "--path", "--python-version", "--set"),
            *("--installed", "--platform"),
        }
        assert options("why") == options("env") | {"--constraint", "--extra", "--group"}
        # They are accepted, as they always were.
        make_environment(project / ".venv")
        assert main(["freeze", "--unlisted", "all", "--color", "never"]) == 0


class TestWhy:
    def test_several_names(self, site: Path, capsys: Captured) -> None:
        add_distribution(site, "bar-1.0")
        assert main(["why", "foo", "bar"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line for line in lines if not line.startswith(" ")] == ["foo", "", "bar"]

    def test_names_and_files(self, site: Path, project: Path, capsys: Captured) -> None:
        add_distribution(site, "bar-1.0")
        (project / "other.txt").write_text("bar==1.0\n")
        for words in (["foo", "bar", "other.txt"], ["foo", "bar", "-r", "other.txt"]):
            assert main(["why", *words]) == 0
            assert "listed     other.txt:1: bar==1.0" in capsys.readouterr().out

    def test_one_is_unknown(self, site: Path, capsys: Captured) -> None:
        assert main(["why", "foo", "fooo"]) == 1
        out, err = capsys.readouterr()
        assert out.startswith("foo\n")
        assert "fooo is neither listed, nor installed, nor needed; did you mean foo?" in err

    def test_versions_wanted_and_found(self, site: Path, capsys: Captured) -> None:
        add_distribution(site, "lantern-2.0", requires=["foo<1", "wick"])
        add_distribution(site, "camp-1.0", requires=["lantern==2.0"])
        main(["why", "foo"])
        assert capsys.readouterr().out.splitlines()[-2:] == [
            "    lantern 2.0 wants foo<1 (found 1.0, not allowed)",
            "      camp 1.0 wants lantern==2.0 (found 2.0)",
        ]
        main(["why", "wick"])
        assert "    lantern 2.0 wants wick (not installed)\n" in capsys.readouterr().out
