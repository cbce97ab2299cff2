"""Nothing that is read or named moves a terminal's cursor, or begins a line that means something.

How each format shows such texts, and what its consumers make of them, formats/test_formats.py has;
here real files, folders and arguments go through every command.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reqdrift.report import FORMATS
from support import SCRIPTS, add_distribution, clean_environ, make_environment, run, run_git
from support import reqdrift as reqdrift_command

# Every format with every odd name.
pytestmark = pytest.mark.long

# A colour, a title, C1, a bell, a right-to-left override, a paragraph separator, a zero-width mark;
# and after an end of line a workflow command, a heading, a link, markup.
EVIL = "\x1b[31m\x1b]0;x\x07\x9b2J\u202e\u2029\u200b\r\n::error::x\n##[error]x\n# x\n[x](y)<b>&"
EVIL_NAME = EVIL.replace("/", "")

COMMANDS = (
    *([], ["-v"], *(["--format", name] for name in FORMATS if name != "rich"), ["diff", "-q"]),
    *(["diff"], ["fix"], ["plan"], ["plan", "--with", "uv"], ["freeze"], ["env"], ["--staged"]),
    *(["verify"], ["verify", "--format", "junit"]),
    *(["why", name] for name in ("foo", "bar", "evil", EVIL)),
)
walk = pytest.mark.parametrize("words", COMMANDS, ids=lambda words: ascii(" ".join(words))[:24])


def assert_inert(text: str) -> None:
    """No mark that a terminal obeys, and no line that GitHub obeys but those that are our own."""
    assert not [ascii(c) for c in text if not (c.isprintable() or c == "\n")]
    assert "##[" not in text
    for line in text.split("\n"):
        if line.lstrip().startswith("::"):
            assert line.startswith(("::error file=", "::error title=", "::warning file="))


def output_of(cwd: Path, *words: str | Path, **env: str) -> str:
    done = reqdrift_command(*words, cwd=cwd, env=clean_environ(**env))
    assert done.returncode in (0, 1, 2, 3), done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def evil_site(project: Path) -> Path:
    """An environment whose metadata is full of it, and files that are too."""
    (project / ".git").rmdir()
    run_git("init", "--quiet", cwd=project)
    one_line = EVIL.replace("\n", "").replace("\r", "").replace("\u2029", "")
    site = make_environment(project / ".venv", "foo-1.0", settings=f"implementation = {one_line}\n")
    add_distribution(site, "bar-1.0", requires=[f"evil{one_line}>=1; os_name == '{one_line}'"])
    add_distribution(site, "evil-1.0", installer=EVIL)
    (site / f"baz-1.0{EVIL_NAME}.dist-info").mkdir()
    (site / f"{EVIL_NAME}-1.0.dist-info").mkdir()
    add_distribution(site, f"~vil{EVIL_NAME}-1.0")
    for name in ("evil", "gone"):
        info = site / f"{name}_{EVIL_NAME}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Name: {name}{one_line}\nVersion: 1.0{one_line}\n")
    url = {"url": f"https://h/{EVIL}", "archive_info": {"hash": f"sha256={EVIL}"}}
    add_distribution(site, "a-1.0", direct_url=url)
    vcs = {"vcs": "git", "commit_id": EVIL, "requested_revision": EVIL}
    add_distribution(site, "b-1.0", direct_url={"url": f"https://h/{EVIL}", "vcs_info": vcs})
    folder = {"url": f"file:///{EVIL}", "dir_info": {"editable": True}, "subdirectory": EVIL}
    add_distribution(site, "c-1.0", direct_url=folder)
    (site / f"x{EVIL_NAME}.egg-link").write_text(f"/{EVIL}")
    return site


@walk
def test_metadata(evil_site: Path, project: Path, words: list[str]) -> None:
    (project / "requirements.txt").write_text("foo==2.0\nbar\na==1.0\nb==1.0\nc==1.0\n")
    assert_inert(output_of(project, *words))


# `diff` shows the lines of a file as they are, so that the patch can be applied; see below.
LINES = "".join(
    f"{line}\n"
    for mark in (
        "\x1b[31m",
        "\x1b]0;x\x07",
        "\x9b",
        "\u202e",
        "\u200b",
        "::error::",
        "##[error]",
        "\x00",
    )
    for line in (
        *(f"foo{mark}==1.0", f"foo=={mark}1.0", f"{mark}", f"bar @ https://h/{mark}", f"./{mark}"),
        *(
            f"-r {mark}.txt",
            f"-c {mark}.txt",
            f"--{mark}",
            f"-e ./{mark}",
            f"bar; os_name=='{mark}'",
        ),
        *(f"bar==1.0 # {mark}", f"bar==1.0 --pre {mark}", f"-e git+https://h/{mark}#egg={mark}"),
    )
)


@walk
@pytest.mark.parametrize("keep", ["==1.0 #", "os_name", ""])
def test_lines(evil_site: Path, project: Path, words: list[str], keep: str) -> None:
    lines = [line for line in LINES.split("\n") if keep in line and "\x00" not in line]
    (project / "requirements.txt").write_text("\n".join(lines))
    run_git("add", "requirements.txt", cwd=project)
    if words[:1] != ["diff"]:
        assert_inert(output_of(project, *words))


@walk
def test_names_of_files_and_folders(project: Path, words: list[str]) -> None:
    folder = project / EVIL_NAME
    folder.mkdir()
    make_environment(folder / ".venv", "foo-1.0", "bar-1.0")
    (folder / f"requirements{EVIL_NAME}.txt").write_text("bar==2.0\n-r nowhere\n")
    (folder / "requirements.txt").write_text("foo==2.0\n")
    (folder / "pyproject.toml").write_text(f"[tool.reqdrift]\nignore = [{json.dumps(EVIL)}]\n")
    if words[:1] == ["plan"]:
        # A path that a shell can read is no text that a terminal may be shown.
        assert "cannot be written" in output_of(folder, *words)
    assert_inert(output_of(folder, *words))
    assert_inert(output_of(project, *words, f"{EVIL_NAME}/requirements.txt"))
    (folder / "requirements.txt").write_text(f"-r requirements{EVIL_NAME[:-1]}\nfoo foo\n")
    assert_inert(output_of(folder, *words))


# The search for an environment is one and the same in every other command.
@pytest.mark.parametrize("words", [[], ["env"], ["verify"], ["--format", "sarif"]])
@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX", "REQDRIFT_PYTHON", "PATH"])
def test_variables(project: Path, words: list[str], variable: str) -> None:
    (project / "requirements.txt").write_text("foo==2.0\n")
    value = f"/{EVIL}" if variable != "PATH" else f"/{EVIL}:{os.environ['PATH']}"
    assert_inert(output_of(project, *words, **{variable: value}))


@pytest.mark.parametrize(
    "words",
    [
        *(
            [EVIL],
            ["-r", EVIL],
            ["--python", EVIL],
            ["--path", EVIL],
            ["--rev", EVIL],
            ["-c", EVIL],
        ),
        *(["--format", EVIL], ["--severity", EVIL], ["--ignore", EVIL], ["diff", "--rev", EVIL]),
        *(
            ["--stdlib", EVIL],
            ["fix", "--add-to", EVIL],
            ["--format", f"json=/{EVIL}"],
            [f"-{EVIL}"],
        ),
        *(["why", EVIL], ["freeze", EVIL], ["env", EVIL], ["--color", EVIL]),
    ],
    ids=lambda words: ascii(" ".join(words))[:24],
)
def test_arguments(project: Path, words: list[str]) -> None:
    make_environment(project / ".venv", "foo-1.0", "extra-1.0")
    (project / "requirements.txt").write_text("foo==2.0\n")
    assert_inert(output_of(project, *words))


@pytest.mark.parametrize("text", ["[tool.reqdrift]\n{} = 1", "[tool.reqdrift]\npython = {}", "{}"])
def test_the_configuration(project: Path, text: str) -> None:
    (project / "requirements.txt").write_text("foo==2.0\n")
    (project / "pyproject.toml").write_text(text.format(json.dumps(EVIL)))
    assert_inert(output_of(project))
    assert_inert(output_of(project, "env"))


def test_a_set_with_such_a_name(evil_site: Path, project: Path) -> None:
    (project / "requirements.txt").write_text("foo==2.0\n")
    entry = f"[[tool.reqdrift.set]]\nname = {json.dumps(EVIL)}\nfiles = ['requirements.txt']\n"
    (project / "pyproject.toml").write_text(entry + entry.replace("::error", ""))
    for words in COMMANDS:
        assert_inert(output_of(project, *words))


@pytest.mark.parametrize("mark", ["\x1b[31m", "\x9b2J", "\u202e", "\x07"])
def test_a_patch_is_exact_in_a_pipe_and_inert_on_a_terminal(project: Path, mark: str) -> None:
    make_environment(project / ".venv", "foo-1.0")
    (project / "requirements.txt").write_text(f"# {mark}x\nfoo==2.0  # {mark}y\n", newline="")
    assert f"+foo==1.0  # {mark}y\n" in run_bytes(project, "diff")
    shown = run_bytes(project, "diff", "--color", "always")
    assert mark not in shown.replace("\x1b[31m-", "").replace("\x1b[1m", "")
    assert ascii(mark)[1:-1] in shown
    command = f"{SCRIPTS}/reqdrift diff"
    env = clean_environ(NO_COLOR="1")
    seen = run("script", "-qec", command, "/dev/null", cwd=project, env=env, check=False).stdout
    assert mark not in seen
    assert ascii(mark)[1:-1] in seen


def run_bytes(cwd: Path, *words: str) -> str:
    import subprocess

    command = [str(SCRIPTS / "reqdrift"), *words]
    done = subprocess.run(command, cwd=cwd, env=clean_environ(), capture_output=True, check=False)
    return done.stdout.decode()


def test_junit_stays_xml(evil_site: Path, project: Path) -> None:
    (project / "requirements.txt").write_text(LINES)
    done = reqdrift_command("--format", "junit", cwd=project)
    assert ElementTree.fromstring(done.stdout).tag == "testsuites"  # noqa: S314 - our own
