"""Nothing that comes with a project or an environment is executed or imported.

That `.pth` code, sitecustomize and usercustomize never run is in end_to_end/test_unchanged.py.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reqdrift.environments import Situation, read_environment
from reqdrift.environments.locate import locate
from reqdrift.errors import EnvironmentReadError
from support import (
    add_distribution,
    base_without_headers,
    clean_environ,
    make_environment,
    python27,
    reqdrift,
    run,
    run_git,
)

COMMANDS = ("check", "diff", "fix", "plan", "freeze", "env", "why foo", "verify")


class Trap:
    """A program that leaves a mark when it runs."""

    def __init__(self, folder: Path) -> None:
        self.mark = folder / "it ran"
        self.program = folder / "trap.sh"
        self.program.write_text(f"#!/bin/sh\n: > '{self.mark}'\nexec cat\n")
        self.program.chmod(0o755)

    def put(self, path: Path) -> Path:
        """A copy of the program in the place of another."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(self.program.read_text())
        path.chmod(0o755)
        return path

    @property
    def code(self) -> str:
        """The same in Python."""
        return f"open({str(self.mark)!r}, 'w').close()\n"


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    trap = Trap(tmp_path)
    yield trap
    assert not trap.mark.exists()
    # The trap works.
    run(trap.program, cwd=tmp_path)
    assert trap.mark.exists()


def run_all(cwd: Path, *words: str | Path, **env: str) -> str:
    """All output of all commands; none may fail by a bug."""
    output = ""
    for command in COMMANDS:
        done = reqdrift(*command.split(), *words, cwd=cwd, env=clean_environ(**env))
        assert done.returncode in (0, 1, 2, 3), done.stderr
        output += done.stdout + done.stderr
    return output


class TestInterpreters:
    @pytest.fixture
    def site(self, project: Path, trap: Trap) -> Path:
        (project / "requirements.txt").write_text(
            "foo==2.0\nbar==1.0 ; python_full_version < '3.11.3'\n"
        )
        site = make_environment(project / ".venv", "foo-1.0")
        trap.put(project / ".venv" / "bin" / "python")
        return site

    def test_one_that_is_a_script(self, site: Path, project: Path) -> None:
        output = run_all(project)
        assert "foo 1.0 is installed" in output
        assert "interpreter started" not in output

    def test_a_link_to_one_elsewhere_in_the_repository(
        self, site: Path, project: Path, trap: Trap
    ) -> None:
        trap.put(project / "tools" / "python3.11")
        python = project / ".venv" / "bin" / "python"
        python.unlink()
        python.symlink_to("../../tools/python3.11")
        run_all(project)

    def test_a_link_to_any_other_program(self, site: Path, project: Path, tmp_path: Path) -> None:
        python = project / ".venv" / "bin" / "python"
        python.unlink()
        python.symlink_to(tmp_path / "trap.sh")
        run_all(project)

    def test_a_standard_library_that_pyvenv_cfg_names(
        self, site: Path, project: Path, trap: Trap, tmp_path: Path
    ) -> None:
        # Python takes the standard library from where `home` of pyvenv.cfg says.
        library = project / "base" / "lib" / f"python3.{sys.version_info.minor}"
        (library / "encodings").mkdir(parents=True)
        (library / "encodings" / "__init__.py").write_text(trap.code)
        (library / "os.py").write_text(trap.code)
        (project / "base" / "bin").mkdir()
        python = project / ".venv" / "bin" / "python"
        python.unlink()
        python.symlink_to(base_without_headers(tmp_path / "installed"))
        version = ".".join(map(str, sys.version_info[:2]))
        (project / ".venv" / "pyvenv.cfg").write_text(
            f"home = {project}/base/bin\nversion = {version}\n"
        )
        (project / "requirements.txt").write_text(
            f"foo==2.0\nbar==1.0 ; python_full_version < '{version}.3'\n"
        )
        if version != "3.11":
            (project / ".venv" / "lib" / "python3.11").rename(library.parent / "x")
            (library.parent / "x").rename(project / ".venv" / "lib" / f"python{version}")
        assert "interpreter started" in run_all(project)

    @pytest.mark.parametrize("name", [".venv", "venv", "env"])
    def test_an_environment_that_only_its_python_could_describe(
        self, project: Path, trap: Trap, name: str
    ) -> None:
        (project / "requirements.txt").write_text("foo==1.0\n")
        (project / name / "conda-meta").mkdir(parents=True)
        python = trap.put(project / name / "bin" / "python")
        files = (str(project / "requirements.txt"),)
        cwd, nowhere = str(project), str(project / "nowhere")
        # Not the environment that the tests run in.
        where = Situation(
            *(files, (), {}, cwd, cwd), prefix=nowhere, base_prefix=nowhere, executable=nowhere
        )
        with pytest.raises(EnvironmentReadError) as raised:
            read_environment(locate(where))
        assert raised.value.hint == f"if you trust it: reqdrift --python {python}"
        activated = where._replace(environ={"CONDA_PREFIX": str(project / name)})
        assert locate(activated).prefix == str(project / name)

    @pytest.mark.parametrize(
        "form", ["python = {}", "[[tool.reqdrift.set]]\nname = 'a'\npython={}"]
    )
    @pytest.mark.parametrize("named", ["tools/python", "tools", "link/python"])
    def test_what_the_projects_configuration_names(
        self, project: Path, trap: Trap, form: str, named: str
    ) -> None:
        (project / "requirements.txt").write_text("foo==1.0\n")
        trap.put(project / "tools" / "python")
        trap.put(project / "tools" / "bin" / "python")
        (project / "link").symlink_to("tools")
        files = "\nfiles = ['requirements.txt']\n" if "set" in form else "\n"
        text = f"[tool.reqdrift]\n{form.format(repr(named))}{files}"
        (project / "pyproject.toml").write_text(text)
        output = run_all(project)
        assert "may have come with the project" in output

    def test_a_link_in_the_project_that_the_configuration_names(
        self, project: Path, trap: Trap
    ) -> None:
        # A pyvenv.cfg beside it would say where its standard library lies.
        (project / "requirements.txt").write_text("foo==1.0\n")
        (project / "python").symlink_to(os.path.realpath(sys.executable))
        (project / "pyproject.toml").write_text("[tool.reqdrift]\npython = './python'\n")
        assert "may have come with the project" in run_all(project)

    def test_what_the_user_names_is_started_and_the_report_says_so(self, project: Path) -> None:
        (project / "requirements.txt").write_text("foo==1.0\n")
        base = os.path.realpath(sys._base_executable)  # type: ignore[attr-defined]
        done = reqdrift("--python", base, cwd=project)
        assert ", interpreter started)" in done.stdout

    @pytest.mark.parametrize(
        "answer", ["[]", "{}", "1", '"x"', "[" * 100_000, '{"prefix": 1, "folders": []}']
    )
    def test_a_named_program_that_is_no_python(
        self, project: Path, tmp_path: Path, answer: str
    ) -> None:
        (project / "requirements.txt").write_text("foo==1.0\n")
        (tmp_path / "answer").write_text(answer)
        program = tmp_path / "liar"
        program.write_text(f"#!/bin/sh\ncat '{tmp_path}/answer'\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        done = reqdrift("--python", program, cwd=project)
        assert done.returncode == 3
        assert "cannot be queried: its output cannot be parsed" in done.stderr


# What a run loads of the standard library and of others, sooner or later.
SHADOWED = (
    *("json", "re", "subprocess", "argparse", "tomllib", "shlex", "optparse", "difflib", "locale"),
    *("traceback", "hashlib", "packaging", "rich", "stdlibs", "pip_api", "platform", "importlib"),
    *("sitecustomize", "usercustomize", "antigravity", "urllib", "zipfile", "email", "typing"),
)


class TestModulesInTheWorkingDirectory:
    @pytest.fixture
    def shadowed(self, project: Path, trap: Trap) -> Path:
        make_environment(project / ".venv", "foo-1.0")
        (project / "requirements.txt").write_text("foo>=2.0\n-e git+https://h/x#egg=x\n")
        for name in SHADOWED:
            (project / f"{name}.py").write_text(trap.code)
            (project / name).mkdir()
            (project / name / "__init__.py").write_text(trap.code)
        return project

    def test_the_command(self, shadowed: Path) -> None:
        assert "foo>=2.0" in run_all(shadowed)

    @pytest.mark.parametrize("words", [[], ["env"], ["--format", "sarif"], ["--color", "always"]])
    def test_python_dash_m(self, shadowed: Path, words: list[str]) -> None:
        done = run(sys.executable, "-P", "-m", "reqdrift", *words, cwd=shadowed, check=False)
        assert done.returncode in (0, 1), done.stderr
        # Without `-P` Python itself imports this one before it comes to reqdrift.
        (shadowed / "importlib.py").unlink()
        shutil.rmtree(shadowed / "importlib")
        done = run(sys.executable, "-m", "reqdrift", *words, cwd=shadowed, check=False)
        assert done.returncode in (0, 1), done.stderr

    @pytest.mark.skipif(python27() is None, reason="no Python 2.7 here")
    def test_an_old_python_that_is_asked(self, shadowed: Path) -> None:
        done = reqdrift("--python", str(python27()), cwd=shadowed)
        assert done.returncode == 1


class TestGit:
    """Git is started, and obeys the repository's own configuration, which came with no clone.

    It may have come with an archive, though.
    """

    @pytest.fixture
    def repository(self, project: Path, trap: Trap) -> Path:
        (project / ".git").rmdir()
        run_git("init", "--quiet", cwd=project)
        site = make_environment(project / ".venv", "foo-1.0", "extra-1.0")
        os.utime(site / "extra-1.0.dist-info" / "RECORD", (1, 1))
        (project / ".gitignore").write_text(".venv\n")
        (project / "requirements.txt").write_text("foo==2.0\n")
        run_git("add", ".", cwd=project)
        run_git("commit", "--quiet", "-m", "x", cwd=project)
        # So that git has to look into the file.
        (project / "requirements.txt").write_text("foo==3.0\n")
        return project

    SETTINGS = (
        *("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass"),
        *("diff.external", "gpg.program", "pager.blame", "pager.log", "pager.status"),
        *("diff.evil.textconv", "diff.evil.command", "filter.evil.clean", "filter.evil.smudge"),
        *("filter.evil.process", "merge.evil.driver", "credential.helper", "alias.log"),
        *("alias.blame", "alias.status", "alias.ls-files", "uploadpack.packObjectsHook"),
    )

    def arm(self, repository: Path, trap: Trap, *settings: str) -> None:
        for setting in settings:
            prefix = "!" if setting.startswith("alias.") else ""
            run_git("config", setting, f"{prefix}'{trap.program}'", cwd=repository)
        run_git("config", "log.showSignature", "true", cwd=repository)
        run_git("config", "core.hooksPath", str(repository / "hooks"), cwd=repository)
        for hook in ("post-index-change", "fsmonitor-watchman", "query-watchman", "pre-commit"):
            trap.put(repository / "hooks" / hook)

    def check(self, repository: Path) -> None:
        output = run_all(repository)
        (repository / "requirements.txt").write_text("foo==4.0\n")  # after `fix`
        for words in (["--staged"], ["--rev", "HEAD"], ["diff", "--rev", "HEAD"]):
            done = reqdrift(*words, cwd=repository)
            assert done.returncode == 1, done.stderr
            output += done.stdout + done.stderr
        assert "the line is not committed" in output

    def test_settings(self, repository: Path, trap: Trap) -> None:
        attributes = "requirements.txt diff=evil filter=evil merge=evil\n"
        (repository / ".git" / "info").mkdir(exist_ok=True)
        (repository / ".git" / "info" / "attributes").write_text(attributes)
        self.arm(repository, trap, *self.SETTINGS)
        self.check(repository)

    def test_settings_that_are_included(self, repository: Path, trap: Trap) -> None:
        (repository / ".gitattributes").write_text("*.txt diff=a=b filter=a=b\n")
        program = f'"{trap.program}"'
        text = f'[filter "a=b"]\nclean = {program}\nrequired\n[core]\nfsmonitor = {program}\n'
        (repository / "evil").write_text(text)
        run_git("config", "include.path", "../evil", cwd=repository)
        self.check(repository)

    def test_a_checkout_of_an_editable(self, project: Path, trap: Trap) -> None:
        checkout = project / "src" / "kite"
        run_git("init", "--quiet", checkout, cwd=project)
        run_git("commit", "--quiet", "--allow-empty", "-m", "x", cwd=checkout)
        run_git("tag", "--annotate", "-m", "x", "v1", cwd=checkout)
        commands = ("rev-parse", "config", "for-each-ref")
        self.arm(checkout, trap, *self.SETTINGS, *(f"alias.{name}" for name in commands))
        trap.put(checkout / "hooks" / "reference-transaction")
        # The object of a branch is missing, and a remote promises it.
        missing = "0123456789abcdef0123456789abcdef01234567"
        (checkout / ".git" / "refs" / "heads" / "gone").write_text(f"{missing}\n")
        for key, value in (
            ("core.repositoryFormatVersion", "1"),
            ("extensions.partialClone", "origin"),
            ("remote.origin.promisor", "true"),
            ("remote.origin.url", f"ext::{trap.program}"),
            ("protocol.allow", "always"),
            ("url.https://example.org/.insteadOf", "eg:"),
        ):
            run_git("config", key, value, cwd=checkout)
        site = make_environment(project / ".venv")
        info = {"url": checkout.as_uri(), "dir_info": {"editable": True}}
        add_distribution(site, "kite-1.0", direct_url=info)
        for revision in ("v1", "gone", missing):
            line = f"-e git+https://example.org/kite@{revision}#egg=kite\n"
            (project / "requirements.txt").write_text(line)
            assert f"checkout {checkout}" in run_all(project)
