"""Every console block of the documentation is run, and what it shows compared."""

from __future__ import annotations

import html
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import demo
import docs
import screens
from containers import make_docker
from support import REPOSITORY, SCRIPTS, clean_environ, run

# Commands for other programs, or for a machine that this is not.
NOT_RUN = {
    "pipx install .": "installs outside of the project",
    "reqdrift init --write": "the other examples show what it would ignore",
    "docker run --rm IMAGE uv": "needs an image with uv",
    "kubectl exec": "needs a cluster; tests/hosts/test_images.py has one that pretends",
    "ssh web1": "needs a server",
    "ansible": "tests/hosts/test_ansible.py runs it",
    "for host in web1 web2": "needs servers",
}

LOCK = """\
lock-version = "1.0"
requires-python = ">=3.11"
created-by = "uv"

[[packages]]
name = "click"
version = "8.1.8"
wheels = [{ url = "https://host/click-8.1.8-py3-none-any.whl", hashes = { sha256 = "63" } }]

[[packages]]
name = "flask"
version = "3.0.3"
wheels = [{ url = "https://host/flask-3.0.3-py3-none-any.whl", hashes = { sha256 = "34" } }]

[[packages]]
name = "pytest"
version = "8.3.3"
marker = "'dev' in dependency_groups"
wheels = [{ url = "https://host/pytest-8.3.3-py3-none-any.whl", hashes = { sha256 = "a6" } }]
"""


class Example(NamedTuple):
    page: str
    command: str
    output: str

    def __str__(self) -> str:
        return f"{self.page}: {self.command}"


def examples() -> list[Example]:
    found = []
    for page in (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))):
        for block in re.findall(r"^```console\n(.*?)^```", page.read_text(), re.M | re.S):
            for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
                command, _, output = part.partition("\n")
                found.append(Example(page.name, command.partition("  #")[0].strip(), output))
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of `make demo`, with what the examples name besides."""
    folder = tmp_path_factory.mktemp("docs") / "shop"
    demo.build(folder)
    place = folder.parent / "home" / "envs" / "shop"
    place.parent.mkdir(parents=True)
    place.symlink_to(folder / ".venv")
    (site,) = (folder / ".venv").glob("lib/*/site-packages")
    shutil.copytree(site, folder / "build" / "lambda")
    image = folder.parent / "image"
    run(sys.executable, "-m", "venv", image, cwd=folder.parent)
    (inside,) = image.glob("lib/*/site-packages")
    shutil.copytree(site, inside, dirs_exist_ok=True)
    make_docker(folder.parent / "docker", image)
    done = run(SCRIPTS / "reqdrift", "inspect", cwd=folder)
    for name in ("image.json", "fleet/web1.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(done.stdout)
    (folder / "locks").mkdir()
    (folder / "locks" / "pylock.toml").write_text(LOCK)
    for release in ("flask-3.1.0", "click-8.1.8"):
        info = f"{release}.dist-info"
        shutil.copytree(site / info, folder / "locks" / "site" / info)
    return folder


@pytest.mark.long  # the project of the examples is installed
@pytest.mark.parametrize("example", examples(), ids=str)
def test_example(example: Example, made: Path) -> None:
    if any(example.command.startswith(known) for known in NOT_RUN):
        assert not example.output
        return
    env = clean_environ(
        HOME=str(made.parent / "home"), PATH=f"{made.parent}/docker:{SCRIPTS}:/usr/bin:/bin"
    )
    done = run("bash", "-c", example.command, cwd=made, env=env, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr == "" or example.command.startswith("reqdrift"), done.stderr
    if example.output:
        assert anywhere(done.stdout, made) == anywhere(example.output, made)


def anywhere(text: str, folder: Path) -> str:
    """The text as it is whatever the folder, the Python and the time."""
    # The commit has the folder in it.
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( in )?([0-9a-f]{7})?", r"then\1", text)
    # Wheels differ from Python to Python.
    text = re.sub(r"\d+\.\d MB", "some MB", text)
    return re.sub(r"([Pp]ython) ?3\.[.0-9]+", r"\1 3", text.replace(str(folder), "/shop"))


@pytest.mark.long  # the project on the screens is installed
def test_the_screens_show_what_is_printed(tmp_path: Path) -> None:
    screens.main(tmp_path)
    kept = REPOSITORY / "docs" / "screens"
    assert {path.name for path in kept.iterdir()} == {path.name for path in tmp_path.iterdir()}
    for path in tmp_path.iterdir():
        assert words(path) == words(kept / path.name), "run make screens"


def words(svg: Path) -> str:
    """What is on a screen, apart from what differs from one run to the next."""
    texts = re.findall("<text[^>]*>(.*?)</text>", svg.read_text(), re.S)
    text = anywhere(html.unescape(" ".join(texts)).replace("\xa0", " "), Path("/shop"))
    return re.sub(r"\d\.\d\ds|reqdrift-[.\d]+", "some", text)


@pytest.mark.long  # the project of the examples is installed
def test_the_findings_page_shows_real_findings(made: Path) -> None:
    printed = anywhere(run(SCRIPTS / "reqdrift", cwd=made, check=False).stdout, made)
    page = anywhere((REPOSITORY / "docs" / "findings.md").read_text(), made)
    shown = [
        line
        for language, block in re.findall(r"^```(\w*)\n(.*?)^```", page, re.M | re.S)
        if not language
        for line in block.splitlines()
    ]
    assert shown
    assert [line for line in shown if line not in printed.splitlines()] == []


@pytest.mark.long  # the same
def test_the_page_of_records_shows_real_errors(made: Path) -> None:
    frozen = run(SCRIPTS / "reqdrift", "freeze", cwd=made)
    (made / "web.txt").write_text(frozen.stdout)
    done = run(SCRIPTS / "reqdrift", "--installed", "web.txt", cwd=made, check=False)
    assert done.returncode == 3
    page = (REPOSITORY / "docs" / "records.md").read_text()
    shown = re.findall(r"^error: .*$", page, re.M)
    assert shown
    assert [line for line in shown if line not in done.stdout.splitlines()] == []


def test_no_command_is_excused_that_is_not_there() -> None:
    commands = [example.command for example in examples()]
    assert all(any(c.startswith(known) for c in commands) for known in NOT_RUN)
    assert all(shlex.split(command) for command in commands)


def test_every_page_is_linked_and_every_link_leads_somewhere() -> None:
    pages = sorted((REPOSITORY / "docs").glob("*.md"))
    index = (REPOSITORY / "docs" / "README.md").read_text()
    assert [page.name for page in pages if page.name not in index] == ["README.md"]
    for page in (REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *pages):
        for link, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(#[^)]*)?\)", page.read_text()):
            there = page.parent / link if link else page
            assert there.exists(), f"{page.name}: {link}"
            headings = re.findall(r"^#+ (.+)$", there.read_text(), re.M) if anchor else []
            anchors = ["#" + docs.anchor(heading) for heading in headings]
            assert not anchor or anchor in anchors, f"{page.name}: {link}{anchor}"


# Python calls an audit hook for every program started and every connection made.
WATCHED = """
import sys
seen = []
sys.addaudithook(lambda event, arguments: seen.append((event, arguments)))
from reqdrift.cli import main
main(sys.argv[1:])
starts = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "os.system")
print("open" in dict(seen))
print(sorted({arguments[0] for event, arguments in seen if event.startswith(starts)}))
print([event for event, arguments in seen if event.startswith("socket.")])
"""


@pytest.mark.long  # the same
@pytest.mark.parametrize(
    ("line", "options"),
    [
        (None, []),
        ("", []),
        ("wsgiref==0.1.2", []),
        ("argparse", []),
        ("absent==1; sys_platform == 'x'", []),
        ("absent==1", ["--severity", "missing=off"]),
        ("absent==1", ["--ignore", "absent"]),
        ("certifi==1", ["--severity", "version=off"]),
    ],
)
def test_no_network_is_asked_and_no_program_is_started(
    made: Path, line: str | None, options: list[str]
) -> None:
    """With all the drift of the examples, and with a freeze and a line that changes nothing."""
    if line is not None:
        frozen = run(SCRIPTS / "reqdrift", "freeze", cwd=made).stdout.splitlines()
        lines = [each for each in frozen if each.partition("==")[0] != line.partition("==")[0]]
        (made / "frozen.txt").write_text("\n".join([*lines, line, ""]))
        options = ["frozen.txt", *options]
    # An example names an environment there, and git would be asked for it.
    run("git", "config", "--remove-section", "reqdrift", cwd=made, check=False)
    done = run(sys.executable, "-c", WATCHED, *options, cwd=made)
    assert ("drift: " in done.stdout) == (line is None)
    assert done.stdout.splitlines()[-3:] == ["True", "[]", "[]"]
