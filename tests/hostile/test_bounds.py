"""Whatever a file holds, a run ends soon, with a report or one clear line."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

import pytest

from support import SCRIPTS, add_distribution, clean_environ, make_environment

# Very large inputs.
pytestmark = pytest.mark.long

# Seconds of processor time; most runs take a tenth of one.
MOST = 15
SIZE = 300_000
DIGITS = "1" * 6000


def measured(cwd: Path, *words: str) -> tuple[int, str]:
    """The exit code and all output of a run that is ended when it takes too long."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (MOST, MOST))

    done = subprocess.run(
        [str(SCRIPTS / "reqdrift"), *words],
        cwd=cwd,
        env=clean_environ(),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        preexec_fn=limit,
    )
    output = done.stdout + done.stderr
    assert done.returncode in (0, 1, 2, 3), f"{done.returncode}: {output[-500:]}"
    return done.returncode, output


@pytest.fixture
def site(project: Path) -> Path:
    return make_environment(project / ".venv", "foo-1.0")


# Each is meant for a regular expression, a parser or a loop.
LINES = {
    "a name": "a" * SIZE,
    "dashes in a name": f"a{'-' * SIZE}a",
    "a version": f"foo=={'1' * SIZE}",
    "dots in a version": f"foo=={'1.' * SIZE}1",
    "blanks before an operator": f"foo{' ' * SIZE}==2",
    "blanks after a comma": f"foo>=1,{' ' * SIZE}>=2",
    "blanks before a marker": f"foo==2{' ' * SIZE}x;{' ' * SIZE}",
    "blanks in a URL": f"foo @ https://h/{' ' * SIZE}x",
    "continuations": "foo==1.0 " + "\\\n" * SIZE,
    "gaps": "foo" + "\\\n \\\n" * (SIZE // 5) + " == 2",
    "half a gap": "foo" + " \\\n" * (SIZE // 3) + "=",
    "clauses": "foo" + ",".join([">=2"] * 20_000),
    "extras": f"foo[{','.join(['a'] * 50_000)}]",
    "brackets": "foo" + "[" * SIZE,
    "parentheses in a marker": "foo; " + "(" * SIZE,
    "parentheses in a specifier": "foo" + "(" * SIZE,
    "a long marker": "foo==2.0; " + " and ".join(['python_version>"2"'] * 20_000),
    "variables": "foo " + "${HOME}" * 50_000,
    "half variables": "foo " + "${A" * 100_000,
    "at signs": "foo @ https://" + "@" * SIZE,
    "users": "foo @ https://" + "a:@/://" * 50_000,
    "schemes": "foo @ " + "://" * 100_000,
    "schemes without slashes": "foo @ " + "git:" * 100_000 + " x@y",
    "queries": "foo @ https://h/x?" + "&token" * 50_000 + "=" + "?token=" * 50_000,
    "values": "foo @ https://h/x?" + "a=%" * 100_000,
    "users with spaces": "foo @ " + "(a:b " * 100_000 + "@h",
    "words of a name": "foo @ https://h/x?" + "a_" * SIZE + "=" + "[" * SIZE + "=",
    "hashes": "foo==1.0" + " --hash=sha256:ab" * 50_000,
    "options": "foo==1.0" + " --pre" * 50_000,
    "one option": "-" * SIZE,
    "an open quote": "-e '" + "a" * SIZE,
    "backslashes": "foo" + "\\" * SIZE,
    "number signs": "foo==2.0 " + "# " * SIZE,
    "an ignore comment": f"foo==2.0 # reqdrift:{' ' * SIZE}x",
    "ignore comments": "foo==2.0" + " # reqdrift:ignore[" * 20_000,
    "encodings": "# coding" + " coding=" * 50_000,
    "unsafe": "# The following packages are considered to be unsafe in a requirements file:\n"
    + "# a\n" * 100_000,
    "an egg": "git+https://h/x#egg=" + "a-" * SIZE,
    "eggs": "git+https://h/x#" + "egg=&" * 100_000,
}


@pytest.mark.parametrize("command", ["diff", "plan"])
@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
def test_a_huge_line(site: Path, project: Path, line: str, command: str) -> None:
    (project / "requirements.txt").write_text(f"{line}\n")
    measured(project, command)


@pytest.mark.parametrize(
    "line", ["foo==1.0\n", "foo==2.0\n", "foo\n", "bar\n", "bar==1; os_name=='x'\n", "x y\n"]
)
def test_very_many_lines(site: Path, project: Path, line: str) -> None:
    (project / "requirements.txt").write_text(line * 20_000)
    measured(project, "-q")


def test_very_many_lines_of_one_project_that_apply_elsewhere(site: Path, project: Path) -> None:
    pins = [f"bar=={n}; python_version < '2.{n}'\n" for n in range(2000)]
    (project / "requirements.txt").write_text("".join([*pins, "bar\n" * 2000]))
    measured(project, "-q")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"foo==1.0; python_version >= '{DIGITS}'", 2),
        (f"foo==1.0; python_full_version >= '3.11.{DIGITS}'", 2),
        (f"foo==1.0; platform_release >= '{DIGITS}'", 1),
        (f"foo>={DIGITS}", 2),
        (f"foo === {DIGITS}", 2),
        (f"foo @ https://h/foo-{DIGITS}-py3-none-any.whl", 1),
        (f"https://h/foo-{DIGITS}-py3-none-any.whl", 2),
        (f"foo @ https://h/foo-{DIGITS}.tar.gz", 1),
    ],
)
@pytest.mark.parametrize("command", ["check", "diff"])
def test_numbers_of_very_many_digits(
    site: Path, project: Path, line: str, code: int, command: str
) -> None:
    (project / "requirements.txt").write_text(f"{line}\n")
    found, output = measured(project, command)
    if "platform_release" in line and command == "diff":
        code = 0  # no line is added next to one whose marker is false here
    assert found == code, output


COMMANDS = ("diff", "freeze", "why foo")


class TestMetadata:
    def add(
        self, site: Path, *lines: str, version: str = "1.0", name: str = "bar.dist-info"
    ) -> Path:
        folder = site / name
        folder.mkdir()
        headers = ("Metadata-Version: 2.1", "Name: bar", f"Version: {version}", *lines)
        (folder / "METADATA").write_text("\n".join(headers) + "\n")
        return folder

    def run_all(self, project: Path) -> None:
        (project / "requirements.txt").write_text("foo==1.0\nbar>=0\n")
        for command in COMMANDS:
            measured(project, *command.split())

    @pytest.mark.parametrize("version", [DIGITS, f"{DIGITS}.dev1", f"1!{DIGITS}", f"1+{DIGITS}"])
    def test_a_version_of_very_many_digits(self, site: Path, project: Path, version: str) -> None:
        self.add(site, version=version)
        self.run_all(project)

    @pytest.mark.parametrize(
        "line",
        [
            f"Requires-Dist: foo>={DIGITS}",
            f"Requires-Dist: foo; python_version > '{DIGITS}'",
            "Requires-Dist: foo; " + "(" * 50_000 + "extra=='a'" + ")" * 50_000,
            "Requires-Dist: foo" + " " * SIZE + ";",
            "Requires-Dist: " + "[" * SIZE,
            "X: y\n" + " z\n" * SIZE,
            "X: y\n" * SIZE,
            "\n" + "x" * 10_000_000,
        ],
        ids=("a version", "a marker", "depth", "blanks", "brackets", "folds", "headers", "text"),
    )
    def test_a_header(self, site: Path, project: Path, line: str) -> None:
        self.add(site, line)
        self.run_all(project)

    @pytest.mark.parametrize("numbered", [True, False])
    def test_very_many_requirements(self, site: Path, project: Path, numbered: bool) -> None:
        lines = [f"Requires-Dist: x{n * numbered}>=1; extra == 'a'" for n in range(50_000)]
        self.add(site, *lines)
        (project / "requirements.txt").write_text("foo==1.0\n")
        measured(project)
        measured(project, "why", "foo")

    @pytest.mark.parametrize(
        "text",
        [
            *("[" * 100_000, '{"url":' * 100_000, '{"url": ' + "1" * 100_000 + "}", "{}", "[]"),
            *('{"url": 1}', '{"url": "https://h/x", "archive_info": 1}', '{"url": "\\ud800"}'),
            *('{"url": "file:///x\\u0000y", "dir_info": {}}', '"' + "\\u0000" * 100_000, "1", ""),
            '{"url": "https://[", "vcs_info": {"vcs": "git", "commit_id": "1"}}',
        ],
    )
    def test_direct_url(self, site: Path, project: Path, text: str) -> None:
        (self.add(site) / "direct_url.json").write_text(text)
        self.run_all(project)


@pytest.mark.parametrize(
    "text",
    [
        *("[tool.reqdrift]\na = " + "[" * 100_000, "[project]\na = " + "[" * 100_000),
        *("[project]\nname = " + "1" * 10_000, "[tool.reqdrift]\nfiles = ['\\u0000']\n"),
        *('[tool.reqdrift]\nfiles = ["\\u0000"]\n', '[tool.reqdrift]\npython = "\\u0000"\n'),
        '[tool.reqdrift]\nignore = ["' + "*a" * 50_000 + '"]\n',
    ],
)
def test_pyproject(site: Path, project: Path, text: str) -> None:
    (project / "requirements.txt").write_text("foo==1.0\n")
    (project / "pyproject.toml").write_text(text)
    add_distribution(site, f"{'a' * 60}b-1.0")
    for command in ("check", "fix"):
        measured(project, command)
