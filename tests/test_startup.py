"""What a clean run imports, watched in a real process."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from support import (
    SCRIPTS,
    add_distribution,
    clean_environ,
    make_environment,
    run,
    run_git,
)

HEAVY = (
    *("packaging", "rich", "pip_api", "stdlibs", "argparse", "re", "enum", "typing"),
    *("dataclasses", "inspect", "functools", "contextlib", "pathlib", "subprocess", "json"),
    *("tomllib", "urllib.parse", "importlib.metadata", "email"),
)

# What costs less, but more than a few lines that do without.
AVOIDED = (
    *("shlex", "shutil", "fnmatch", "textwrap", "signal", "threading", "datetime", "platform"),
    *("urllib", "optparse", "configparser", "ast", "zipfile", "difflib", "gettext", "importlib"),
)

# All of reqdrift that a clean run loads; each module more is 0.1 ms at every commit.
CLEAN_PATH = {
    *("reqdrift", "reqdrift.launch", "reqdrift._record", "reqdrift.errors", "reqdrift.values"),
    *("reqdrift.files", "reqdrift.commands", "reqdrift.cli", "reqdrift.commands.check"),
    *("reqdrift.report", "reqdrift.standards", "reqdrift.repository", "reqdrift.texts"),
    *("reqdrift.drift", "reqdrift.drift.case", "reqdrift.drift.graph", "reqdrift.drift.lines"),
    *("reqdrift.environments", "reqdrift.environments.site", "reqdrift.environments.locate"),
    *("reqdrift.environments.answers", "reqdrift.requirements", "reqdrift.requirements.lines"),
}

# -S: what this machine's `site` loads is not what reqdrift loads. The watched process prints what
# it imported after the command has returned.
WATCHED = """
import sys
sys.path[:0] = {path!r}
before = set(sys.modules)
from reqdrift.launch import console
from reqdrift.cli import main
code = main({argv!r})
print(code, *sorted(set(sys.modules) - before))
"""


def imported(cwd: Path, *argv: str, **environ: str) -> tuple[int, set[str]]:
    code = WATCHED.format(path=[entry for entry in sys.path if entry], argv=list(argv))
    done = run(sys.executable, "-I", "-S", "-c", code, cwd=cwd, env=clean_environ(**environ))
    words = done.stdout.splitlines()[-1].split()
    return int(words[0]), set(words[1:])


def loaded_by(module: str, folder: Path) -> set[str]:
    """A module of the standard library, with all that it loads."""
    code = (
        f"import sys; before = set(sys.modules); import {module}; print(*set(sys.modules) - before)"
    )
    return set(run(sys.executable, "-I", "-S", "-c", code, cwd=folder).stdout.split())


def assert_light(modules: set[str], besides: Collection[str] = ()) -> None:
    assert not modules & {*HEAVY, *AVOIDED} - {*besides}


@pytest.fixture
def clean_project(project: Path) -> Path:
    site = make_environment(project / ".venv", "foo-1.0", "bar-2.0rc1", "pip-24.0")
    (site / "distutils-precedence.pth").write_text("import os\n")
    for name in ("requirements.txt", "env"):
        (project / name).write_text("# a comment\nfoo==1.0\nbar==2.0rc1\n")
    return project


@pytest.mark.parametrize("argv", [(), ("check",), ("requirements.txt",), ("check", "./env")])
def test_a_clean_run_imports_nothing_heavy(clean_project: Path, argv: tuple[str, ...]) -> None:
    code, modules = imported(clean_project, *argv)
    assert code == 0
    assert modules.isdisjoint(HEAVY)
    assert {module for module in modules if module.startswith("reqdrift")} == CLEAN_PATH


ORDINARY = [
    "foo==1.0 \\\n    --hash=sha256:ab12 \\\n    --hash=sha256:cd34\nbar==2.0rc1\n",
    # Only the first two lines may declare an encoding.
    "webencodings==0.5.1\nfoo==1.0\n# coding: ascii\nbar==2.0rc1\n",
    "foo==1.0.0\nbar==2.0.RC1\n",
    "foo>=1,<2\nbar\n-c limits.txt\n",
    "foo[x]==1.0\nbar[Dev_Test]==2.0rc1\n",
    "foo==1.0; python_version >= '3.8' and sys_platform != 'x'\nbar==2.0rc1\n"
    'other==1; platform_system == "x" or os_name == "x"\n',
    "foo==1.0 ; python_version >= '3.8' --hash=sha256:ab12\n    # via bar\nbar == 2.0rc1\n",
    "-r other.txt\n--requirement=more.txt\n",
    "foo==1.0\nbar==2.0rc1\n-c limits.txt\n",
    "--index-url https://example.org/simple\n--extra-index-url=https://${TOKEN}@h/simple\n"
    "-f ./wheels\n--no-index\n--pre\n--prefer-binary\n--only-binary=:all:\n"
    "--trusted-host example.org\nfoo==1.0\nbar==2.0rc1\n",
]
DRIFT = [
    "foo==1.0\nbar==1\n",
    "foo==1.0\nbar==2.0rc1\nnot-there==1\n",
    "foo==2\nbar==2.0rc1\n-c limits.txt\n",
]
OPTIONS = (
    *("-q", "--exit-zero requirements.txt", "--python .venv", "--python=.venv/bin/python"),
    *("--color never", "-qv", "--set= requirements.txt"),
    *("--unlisted all", "-c limits.txt", "--ignore nothing -q", "--severity extra=warning"),
)


@pytest.mark.parametrize(
    ("lines", "words", "code"),
    [
        *((lines, "", 0) for lines in ORDINARY),
        *((lines, "", 1) for lines in DRIFT),
        *(("", words, 0) for words in OPTIONS),
    ],
)
def test_what_costs_nothing_heavy(clean_project: Path, lines: str, words: str, code: int) -> None:
    """Lines, options, and drift in a file that is committed."""
    if "webencodings" in lines:
        site = next(clean_project.glob(".venv/lib/*/site-packages"))
        add_distribution(site, "webencodings-0.5.1")
    limits = "foo>1\n" if code else "foo==1.0.0\nbar==2.0rc1\nother>3\n"
    files = {"limits": limits, "more": "bar==2.0rc1\n", "other": "foo==1.0\n"}
    for name, text in {**files, **({"requirements": lines} if lines else {})}.items():
        (clean_project / f"{name}.txt").write_text(text)
    if code:
        # Without pip, whether uv can read the files counts, too.
        shutil.rmtree(next(clean_project.glob(".venv/lib/*/site-packages/pip-24.0.dist-info")))
        (clean_project / ".git").rmdir()
        (clean_project / ".gitignore").write_text(".venv\n")
        run_git("init", "-q", cwd=clean_project)
        run_git("add", ".", cwd=clean_project)
        run_git("commit", "-q", "-m", "x", cwd=clean_project)
    found, modules = imported(clean_project, *words.split())
    assert found == code
    assert_light(modules)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        *(("foo>=1", 0), ("foo<1", 1), ("absent==1", 1), ("./pkg", 1)),
        *(("argparse==1.4.0", 0), ("Argparse ; python_version < '3'", 0)),
        ("foo @ https://example.org/foo-1.0.tar.gz#sha256=ab12", 1),
        ("foo @ git+ssh://git@example.org/foo@v1", 1),
        ("git+https://example.org/foo.git@v1#egg=foo", 1),
        ("-e git+https://example.org/foo.git@v1#egg=foo", 1),
    ],
)
def test_what_the_rules_judge_costs_nothing_heavy(
    clean_project: Path, line: str, code: int
) -> None:
    (clean_project / "requirements.txt").write_text(f"{line}\nfoo==1.0\nbar==2.0rc1\n")
    (clean_project / "pkg").mkdir()
    (clean_project / "pkg" / "setup.py").write_text("")
    found, modules = imported(clean_project, "--format", "json", "requirements.txt")
    assert found == code
    assert modules.isdisjoint({"packaging", "stdlibs", "argparse", "optparse", "shlex", "typing"})


def test_drift_in_a_compiled_file_costs_nothing_heavy(clean_project: Path) -> None:
    header = "# autogenerated by pip-compile with Python 3.11\n#    pip-compile requirements.in\n"
    text = f"{header}bar==2.0rc1\nfoo==1.1\n"
    (clean_project / "requirements.txt").write_text(text)
    (clean_project / "requirements.in").write_text("foo\nbar\n")
    code, modules = imported(clean_project)
    assert code == 1
    assert modules.isdisjoint({"shlex", "re", "urllib.parse", "packaging"})


def test_an_odd_line_costs_packaging(clean_project: Path) -> None:
    (clean_project / "requirements.txt").write_text("foo==1.0\nbar[]\n")
    code, modules = imported(clean_project)
    assert code == 1
    assert "packaging" in modules


def test_json_costs_a_parser_of_json(clean_project: Path) -> None:
    """A format of a report, and of a record."""
    done = run(SCRIPTS / "reqdrift", "inspect", cwd=clean_project)
    (clean_project / "image.json").write_text(done.stdout)
    for words in ("--format json", "--installed image.json --python-version 3.11"):
        code, modules = imported(clean_project, *words.split())
        assert code == 0
        assert_light(modules, loaded_by("json", clean_project))


def test_an_environment_that_a_variable_names_costs_nothing(clean_project: Path) -> None:
    (clean_project / ".venv").rename(clean_project / "elsewhere")
    code, modules = imported(clean_project, REQDRIFT_PYTHON="elsewhere")
    assert code == 0
    assert_light(modules)


@pytest.mark.parametrize("argv", [(), ("--unlisted", "orphans")])
def test_the_project_itself_costs_no_parser(clean_project: Path, argv: tuple[str, ...]) -> None:
    """Neither of JSON, for where it came from, nor of TOML, for its name and its configuration."""
    site = next(clean_project.glob(".venv/lib/*/site-packages"))
    url = {"url": clean_project.as_uri(), "dir_info": {"editable": True}}
    add_distribution(site, "shop-1.0", direct_url=url)
    table = '[tool.reqdrift]\nfiles = ["requirements.txt"]\n'
    (clean_project / "pyproject.toml").write_text(f'[project]\nname = "shop"\n{table}')
    code, modules = imported(clean_project, *argv)
    assert code == 0
    assert_light(modules)


@pytest.mark.parametrize("words", ["", "--unlisted orphans", "--severity unmet=error"])
@pytest.mark.parametrize("names", ["tent==1.0", "tent lantern rope[strong] wick hemp"])
def test_what_packages_need_is_read_without_packaging(
    project: Path, names: str, words: str
) -> None:
    site = make_environment(project / ".venv", "pip-24.0", "wick-1.0.1", "hemp-3.0")
    markers = ('extra == "dev"', 'python_version < "3" and extra == "old"')
    requires = ["lantern>=1,<2", 'rope[strong]; python_version >= "3.8"']
    requires += [f"absent>=1; {marker}" for marker in markers]
    add_distribution(site, "tent-1.0", requires=requires)
    add_distribution(site, "lantern-1.5", requires=("wick~=1.0", 'rope; sys_platform == "win32"'))
    add_distribution(site, "rope-2.0", requires=('hemp; extra == "strong"',))
    (project / "requirements.txt").write_text("\n".join(names.split()))
    code, modules = imported(project, *words.split())
    assert code == 0
    assert_light(modules)


def launcher(installer: str, wheel: Path, folder: Path) -> Path:
    """The `reqdrift` script as an installer writes it; a clean run needs no dependency."""
    base: str = sys._base_executable  # type: ignore[attr-defined]
    run(base, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    uv = (SCRIPTS / "uv", "pip", "install", "--python", folder)
    if installer == "pip 23":
        run(*uv, "pip==23.3.2", cwd=folder.parent)
    install: dict[str, tuple[str | Path, ...]] = {
        "pip 23": (folder / "bin" / "python", "-m", "pip", "install"),
        "pip": (SCRIPTS / "pip", "--python", folder, "install"),
        "uv": (*uv, "--offline"),
    }
    run(*install[installer], "--no-index", "--no-deps", wheel, cwd=folder.parent)
    return folder / "bin" / "reqdrift"


def imported_by(*command: str | Path, cwd: Path) -> set[str]:
    """Every module that a program in Python imports from its start on."""
    done = run(*command, cwd=cwd, env=clean_environ(PYTHONPROFILEIMPORTTIME="1"))
    return set(re.findall(r"^import time: +\d+ \| +\d+ \| +(\S+)$", done.stderr, re.M))


@pytest.mark.parametrize(
    ("installer", "needs_re"),
    [pytest.param("pip 23", True, marks=pytest.mark.long), ("pip", False), ("uv", False)],
)
def test_each_launcher_keeps_the_clean_path(
    clean_project: Path, wheel: Path, tmp_path: Path, installer: str, needs_re: bool
) -> None:
    script = launcher(installer, wheel, tmp_path / "tool")
    own = re.findall(r"^import (\w+)$", script.read_text(), re.M)
    assert ("re" in own) == needs_re
    code = f"import {', '.join(own)}"
    brought = imported_by(script.with_name("python"), "-c", code, cwd=clean_project)
    modules = imported_by(script, cwd=clean_project)
    assert {module for module in modules if module.startswith("reqdrift")} == CLEAN_PATH
    assert (modules - brought).isdisjoint(HEAVY)
