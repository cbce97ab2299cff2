"""The command as a user meets it: exit codes, one clear line for bad input, what is printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import reqdrift
from reqdrift.cli import COMMANDS, main
from support import REPOSITORY, SCRIPTS, add_distribution, clean_environ, make_environment, run
from support import reqdrift as reqdrift_command

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def site(project: Path) -> Path:
    (project / "requirements.txt").write_text("foo==1.0\n")
    return make_environment(project / ".venv", "foo-1.0")


class TestExitCodes:
    def test_clean(self, site: Path, capsys: Captured) -> None:
        assert main([]) == 0
        out, err = capsys.readouterr()
        assert out == (
            "clean; 1 requirement in requirements.txt: 1 checked, 0 skipped; "
            "1 distribution in .venv (Python 3.11.7)\n"
        )
        assert err == ""

    def test_drift(self, site: Path, capsys: Captured) -> None:
        add_distribution(site, "bar-2.0")
        assert main(["check"]) == 1
        assert capsys.readouterr().out.startswith(
            "requirements.txt: extra: bar 2.0 is installed but not listed; nothing needs it\n"
        )

    def test_a_warning_alone_is_no_drift(self, site: Path, project: Path) -> None:
        (project / "requirements.txt").write_text("foo==1.0\nfoo==1.0\n")
        assert main([]) == 0

    def test_no_environment_beats_a_bad_line(self, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("foo=1\n")
        assert main(["--path", "nowhere"]) == 3
        err = capsys.readouterr().err
        assert "requirements.txt:1: error: " in err
        assert "nowhere is not a folder" in err


class TestBadInput:
    """Each has one line on what is wrong, and its exit code; never a traceback."""

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"foo=1.0\n", "requirements.txt:1: error: "),
            (b"\n\n-r requirements.txt\n", "requirements.txt:3: error: "),
            (b"-r absent.txt\n", "requirements.txt:1: error: "),
            (b"\x00\x01\x02\x03garbage\n", "requirements.txt: error: this is a binary file"),
            (b"foo\xff==1\n", "requirements.txt: error: cannot be decoded"),
            (b"-r https://example.org/r.txt\n", "requirements.txt:1: error: "),
            (b"--no-such-option\n", "requirements.txt:1: error: no such option"),
            (b"<<<<<<< HEAD\n", "requirements.txt:1: error: an unresolved merge conflict"),
            (b"foo==1.x y\n", "'foo==1.x y' is not a requirement (PEP 508)"),
        ],
    )
    def test_files(
        self, site: Path, project: Path, capsys: Captured, content: bytes, message: str
    ) -> None:
        (project / "requirements.txt").write_bytes(content)
        assert main([]) == 2
        out = capsys.readouterr().out
        assert [line for line in out.splitlines() if ": error: " in line and message in line]
        assert sum(": error: " in line for line in out.splitlines()) == 1

    def test_all_bad_lines_together(self, site: Path, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("a=1\nfoo==1.0\nb b\n\n-e nowhere\n")
        assert main([]) == 2
        out = capsys.readouterr().out
        errors = [line for line in out.splitlines() if ": error: " in line]
        assert [line.partition(": error: ")[0] for line in errors] == [
            *("requirements.txt:1", "requirements.txt:3", "requirements.txt:5")
        ]

    @pytest.mark.parametrize(
        ("argv", "code", "message"),
        [
            (["absent.txt"], 2, "absent.txt: error: no such file"),
            (["chek"], 2, "'chek' is neither a command nor a file; did you mean 'check'?"),
            (["pyproject.toml"], 2, "pyproject.toml: error: this is a project's config"),
            (["."], 2, ".: error: this is a folder"),
            (["--no-such-option"], 2, "--no-such-option"),
            (["--format", "yaml"], 2, "yaml"),
            (["--python", "nowhere/python"], 3, "nowhere/python does not exist"),
            (["--python", "empty"], 3, "empty is not an environment"),
            (["--path", "absent"], 3, "absent is not a folder"),
            (["--path", "empty", "--python", "empty"], 2, "mutually exclusive"),
            (["--installed", "empty", "--python", "empty"], 2, "mutually exclusive"),
            (
                ["--python-version", "3.12"],
                2,
                "--python-version requires --path or --installed; leave it out",
            ),
            (["--python-version", ""], 2, "--python-version requires --path"),
            (["--path", "empty", "--python-version", "3"], 2, "'3' is not a Python version; write"),
            (["--path", "empty", "--python-version", ""], 2, "'' is not a Python version"),
        ],
    )
    def test_arguments(
        self,
        site: Path,
        project: Path,
        capsys: Captured,
        argv: list[str],
        code: int,
        message: str,
    ) -> None:
        (project / "empty").mkdir()
        assert main(argv) == code
        out, err = capsys.readouterr()
        assert message in out + err
        assert "Traceback" not in out + err

    def test_no_requirements_file(self, project: Path, capsys: Captured) -> None:
        assert main([]) == 2
        assert (
            "there is no requirements.txt or pylock.toml here or at the top of the repository"
            in capsys.readouterr().err
        )

    def test_the_files_of_services_are_named(self, project: Path, capsys: Captured) -> None:
        for name in ("api", "web"):
            (project / "services" / name).mkdir(parents=True)
            (project / "services" / name / "requirements.txt").write_text("six==1.16.0\n")
        assert main([]) == 2
        assert capsys.readouterr().err.endswith(
            ", but services/api/requirements.txt, services/web/requirements.txt; to check each in"
            " its own environment, add sets: reqdrift init --write\n"
        )

    def test_a_venv_folder_that_is_none(self, project: Path, capsys: Captured) -> None:
        # Through a process of its own: this one runs inside a virtualenv that would be taken.
        (project / "requirements.txt").write_text("foo==1.0\n")
        (project / ".venv").mkdir()
        done = reqdrift_command(cwd=project)
        assert done.returncode == 3
        assert f"{project}/.venv: not an environment (no pyvenv.cfg in it)" in done.stderr

    @pytest.mark.skipif(os.geteuid() != 0, reason="setpriv needs root to give rights away")
    def test_an_unreadable_site_folder(self, site: Path, project: Path) -> None:
        site.chmod(0)
        no_rights = "-dac_override,-dac_read_search"
        done = run(
            *("setpriv", f"--bounding-set={no_rights}", f"--inh-caps={no_rights}"),
            SCRIPTS / "reqdrift",
            cwd=project,
            check=False,
        )
        site.chmod(0o755)
        assert done.returncode == 3
        assert "cannot be read: Permission denied" in done.stderr

    def test_a_bug_is_one_line(self, site: Path, project: Path) -> None:
        code = (
            "import reqdrift.commands, sys\n"
            "reqdrift.commands.read_files = None\n"
            "from reqdrift.cli import main\n"
            "sys.exit(main(sys.argv[1:]))"
        )
        done = run(sys.executable, "-c", code, cwd=project, check=False)
        assert done.returncode == 70
        assert done.stderr.startswith("reqdrift: this is a bug: TypeError")
        assert done.stderr.count("\n") == 1
        done = run(sys.executable, "-c", code, "--debug", cwd=project, check=False)
        assert "Traceback" in done.stderr

    @pytest.mark.parametrize(("redirection", "code"), [(">&-", 0), (">/dev/full", 2)])
    def test_no_standard_output(
        self, site: Path, project: Path, redirection: str, code: int
    ) -> None:
        done = run("bash", "-c", f"'{SCRIPTS}/reqdrift' {redirection}", cwd=project, check=False)
        assert done.returncode == code
        assert "Traceback" not in done.stderr
        assert "bug" not in done.stderr

    def test_a_report_does_not_overwrite_what_it_is_about(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        assert main(["--format", "json=requirements.txt"]) == 2
        assert (project / "requirements.txt").read_text() == "foo==1.0\n"

    def test_a_version_of_very_many_digits(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        (project / "requirements.txt").write_text(f"foo>={'1' * 6000}\nfoo=={'1' * 6000}\n")
        assert main([]) == 2
        assert capsys.readouterr().out.count("a version longer than 1000 characters") == 2

    def test_pipes_where_files_should_be(self, site: Path, project: Path) -> None:
        (site / "foo-1.0.dist-info" / "METADATA").unlink()
        for name in ("foo-1.0.dist-info/METADATA", "x.pth", "y.egg-link"):
            os.mkfifo(site / name)
        os.mkfifo(site / "foo-1.0.dist-info" / "direct_url.json")
        done = reqdrift_command(cwd=project)
        assert done.returncode == 1
        assert "direct_url.json cannot be read" in done.stdout

    def test_very_many_lines_for_one_project(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        lines = [f"foo>=0.{number}\n" for number in range(1500)]
        (project / "requirements.txt").write_text("".join(lines))
        assert main(["-q"]) == 0

    def test_a_closed_pipe(self, site: Path, project: Path) -> None:
        for number in range(1000):  # their lines are more than a pipe holds
            add_distribution(site, f"{'x' * 99}{number}-1.0")
        with subprocess.Popen(
            [SCRIPTS / "reqdrift"],
            cwd=project,
            env=clean_environ(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout and process.stderr
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == ""
            assert process.wait() == 1


class TestFiles:
    def test_the_default_is_at_the_git_top_too(
        self, site: Path, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (project / "deep" / "down").mkdir(parents=True)
        monkeypatch.chdir(project / "deep" / "down")
        assert main([]) == 0

    def test_several_files_are_one_set(self, site: Path, project: Path) -> None:
        add_distribution(site, "bar-2.0")
        (project / "dev.txt").write_text("bar==2.0\n")
        assert main([]) == 1
        assert main(["requirements.txt", "dev.txt"]) == 0

    def test_a_pipe_that_the_user_names(self, site: Path, project: Path) -> None:
        done = run(
            *("bash", "-c", f"'{SCRIPTS}/reqdrift' <(echo foo==2.0) --python .venv"),
            cwd=project,
            check=False,
        )
        assert done.returncode == 1
        assert "foo 1.0 is installed" in done.stdout

    def test_a_file_that_is_named_like_a_command(self, site: Path, project: Path) -> None:
        (project / "env").write_text("foo==1.0\n")
        assert main(["./env"]) == 0

    def test_a_target_folder(self, project: Path, tmp_path: Path) -> None:
        (project / "requirements.txt").write_text("foo==1.0\n")
        add_distribution(tmp_path / "target", "foo-1.0")
        assert main(["--path", str(tmp_path / "target")]) == 0


class TestHints:
    def test_both_ways_out(self, site: Path, project: Path, capsys: Captured) -> None:
        (project / "requirements.txt").write_text("foo==2.0\n")
        assert main(["--unlisted", "orphans", "requirements.txt"]) == 1
        assert capsys.readouterr().out.splitlines()[-2:] == [
            "hint: if the file is right: reqdrift plan --unlisted orphans requirements.txt | sh",
            "hint: if the environment is right: reqdrift fix --unlisted orphans requirements.txt",
        ]


class TestFormats:
    def test_json_follows_its_schema(self, site: Path, project: Path, capsys: Captured) -> None:
        schema = json.loads((REPOSITORY / "docs" / "report.schema.json").read_text())
        add_distribution(site, "rich-1.0", requires=["mdurl"])
        add_distribution(site, "mdurl-1.0")
        texts = ["foo==1.0\nwsgiref==0.1\nfoo==1.0\nbar\n-e nowhere\n", "foo==1.0\n", "rich==1.0\n"]
        for text in texts:
            (project / "requirements.txt").write_text(text)
            main(["--format", "json"])
            jsonschema.validate(json.loads(capsys.readouterr().out), schema)
        main(["--format", "json", "--path", "nowhere"])
        failed = json.loads(capsys.readouterr().out)
        jsonschema.validate(failed, schema)
        assert (failed["verdict"], failed["environment"]) == ("failed", None)

    def test_quiet(self, site: Path, capsys: Captured) -> None:
        assert main(["-q"]) == 0
        assert capsys.readouterr().out == ""
        add_distribution(site, "bar-2.0")
        assert main(["--quiet"]) == 1
        assert capsys.readouterr().out.count("\n") == 1

    def test_verbose_shows_every_note(self, site: Path, capsys: Captured) -> None:
        add_distribution(site, "pip-24.0")
        assert main([]) == 0
        assert "note" not in capsys.readouterr().out
        assert main(["-v"]) == 0
        assert "note (tool): pip is never counted as extra\n" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("argv", "environ", "colored"),
        [
            (["--color", "always"], {}, True),
            (["--color", "always"], {"NO_COLOR": "1"}, True),
            (["--color", "always"], {"TERM": "dumb"}, True),
            (["--color", "never"], {}, False),
            (["--color", "never"], {"FORCE_COLOR": "1"}, False),
            ([], {}, False),
            ([], {"FORCE_COLOR": "1"}, True),
            ([], {"FORCE_COLOR": "0"}, True),
            ([], {"FORCE_COLOR": ""}, False),
            ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
            ([], {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        ],
    )
    def test_color_when_piped(
        self, site: Path, project: Path, argv: list[str], environ: dict[str, str], colored: bool
    ) -> None:
        done = reqdrift_command(*argv, cwd=project, env=clean_environ(**environ))
        assert ("\x1b[" in done.stdout) is colored

    @pytest.mark.parametrize(
        ("environ", "colored"),
        [
            ({}, True),
            ({"NO_COLOR": ""}, True),
            ({"NO_COLOR": "1"}, False),
            ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
            ({"TERM": "dumb"}, False),
            ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ],
    )
    def test_color_on_a_terminal(
        self, site: Path, project: Path, environ: dict[str, str], colored: bool
    ) -> None:
        command = f"'{SCRIPTS}/reqdrift'"
        env = clean_environ(**{"TERM": "xterm-256color", **environ})
        done = run("script", "-qec", command, "/dev/null", cwd=project, env=env)
        assert "clean" in done.stdout
        assert ("\x1b[1;32m" in done.stdout) is colored
        assert ("\x1b" in done.stdout) is colored

    def test_a_patch_stays_one(self, site: Path, project: Path) -> None:
        (project / "requirements.txt").write_text("foo==2.0\n")
        for environ, words, colored in (
            ({"FORCE_COLOR": "1"}, (), False),
            ({}, ("--color", "always"), True),
        ):
            env = clean_environ(**environ)
            done = reqdrift_command("diff", "--python", ".venv", *words, cwd=project, env=env)
            assert ("\x1b[" in done.stdout) is colored

    @pytest.mark.parametrize("columns", [40, 80])
    def test_a_terminal_of_any_width(self, site: Path, project: Path, columns: int) -> None:
        for number in range(3):
            add_distribution(site, f"a_rather_long_name_of_a_package_{number}-1.0")
        done = reqdrift_command(
            "--color", "always", cwd=project, env=clean_environ(COLUMNS=str(columns), NO_COLOR="1")
        )
        import re

        plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
        assert max(map(len, plain.splitlines())) <= columns

    def test_terminal_escapes_of_a_file_stay_text(self, site: Path, project: Path) -> None:
        (project / "requirements.txt").write_text("foo==1.0 ; python_version < '3\x1b[31m\u202e'\n")
        for words in ((), ("--color", "always")):
            done = reqdrift_command(*words, cwd=project)
            assert "\x1b[31m" not in done.stdout
            assert "\u202e" not in done.stdout


class TestHelp:
    @pytest.mark.parametrize("argv", [["--help"], *([name, "--help"] for name in COMMANDS)])
    def test_it_fits_a_screen(self, argv: list[str], project: Path) -> None:
        done = reqdrift_command(*argv, cwd=project)
        assert done.returncode == 0
        assert done.stdout.count("\n") <= 42
        assert max(map(len, done.stdout.splitlines())) <= 80

    def test_version(self, project: Path) -> None:
        assert (
            reqdrift_command("--version", cwd=project).stdout
            == f"reqdrift {reqdrift.__version__}\n"
        )

    def test_as_a_module(self, site: Path, project: Path) -> None:
        done = run(sys.executable, "-m", "reqdrift", "--python", ".venv", cwd=project)
        assert done.stdout.startswith("clean; ")


class TestEnv:
    def test_every_candidate_and_the_facts(self, site: Path, project: Path) -> None:
        done = reqdrift_command("env", cwd=project)
        assert done.returncode == 0
        assert "the project has its own .venv" in done.stdout
        assert "* .venv: .venv: taken\n" in done.stdout
        assert "python         CPython 3.11.7\n" in done.stdout
        assert "(not started)" in done.stdout

    def test_none(self, project: Path) -> None:
        (project / "requirements.txt").write_text("foo==1.0\n")
        done = reqdrift_command("env", "--python", "nowhere", cwd=project)
        assert done.returncode == 3


def test_the_api_is_exposed_lazily(site: Path) -> None:
    report = reqdrift.check()
    assert isinstance(report, reqdrift.Report)
    assert report.findings == ()
    with pytest.raises(reqdrift.ReqdriftError):
        reqdrift.check(python="nowhere")
    with pytest.raises(AttributeError):
        reqdrift.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_env_needs_no_requirements_file(project: Path) -> None:
    make_environment(project / ".venv")
    assert "* .venv: .venv: taken\n" in reqdrift_command("env", cwd=project).stdout
