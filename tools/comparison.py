"""Run other tools on a project that drifts in one way at a time, and write docs/comparison.md.

`make comparison` installs the newest release of each. What a cell says is what the tool did: it
reported the change if it printed a line that names the changed project, which it did not print
before the change.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
PAGE = REPOSITORY / "docs" / "comparison.md"
BEGIN, END = "<!-- begin: make comparison -->", "<!-- end -->"
# pip-lock checks only the environment that it is in.
INSIDE = ("pip", "pip-lock")
INSTALLED = ("six==1.16.0", "idna==3.10", "requests==2.32.3", *INSIDE)


class Tool(NamedTuple):
    """A command; `tells` is how a line begins that reports something, '' for any line."""

    name: str
    package: str
    command: str
    tells: str = ""


TOOLS = (
    Tool("`pip check`", "pip", ".venv/bin/python -m pip check"),
    Tool(
        "`pip install --dry-run`",
        "pip",
        ".venv/bin/python -m pip install --dry-run -r requirements.txt",
        r"Would install|ERROR",
    ),
    Tool(
        "`pip freeze \\| diff`",
        "pip",
        ".venv/bin/python -m pip freeze --all | diff requirements.txt -",
    ),
    Tool(
        "`uv pip sync --check`",
        "uv",
        "uv pip sync --check --python .venv requirements.txt",
    ),
    Tool(
        "`uv pip install --check`",
        "uv",
        "uv pip install --check --python .venv -r requirements.txt",
    ),
    Tool(
        "`pip-sync -n`",
        "pip-tools",
        "pip-sync -n --python-executable .venv/bin/python requirements.txt",
    ),
    Tool(
        "pip-lock",
        "pip-lock",
        ".venv/bin/python -c \"import pip_lock; pip_lock.check_requirements('requirements.txt')\"",
    ),
    Tool("deptry", "deptry", "deptry . --no-ansi", r".*DEP\d"),
    Tool("pipdeptree", "pipdeptree", "pipdeptree --python .venv/bin/python --warn fail", r"[-*] "),
    Tool("reqdrift", "reqdrift", "reqdrift --format text", r"(?!.*: note \()"),
)


class Change(NamedTuple):
    """One way to drift; `project` is what is reported, `wanted` whether it should be."""

    title: str
    project: str
    make: Callable[[Path], None]
    wanted: bool = True


def main() -> None:
    """Make the project, change it in each way, and write the table."""
    with tempfile.TemporaryDirectory(prefix="reqdrift-comparison-") as name:
        # Scripts in an environment name its path, so every copy is at the same one.
        folder, original = Path(name) / "shop", Path(name) / "original"
        build(folder)
        shutil.copytree(folder, original, symlinks=True)
        before = outputs(folder)
        rows = []
        for change in CHANGES:
            shutil.rmtree(folder)
            shutil.copytree(original, folder, symlinks=True)
            change.make(folder)
            after = outputs(folder)
            cells = [cell(tool, change, before[tool], after[tool]) for tool in TOOLS]
            print(change.title, *cells, sep="\t", flush=True)
            rows.append(f"| {change.title} | {' | '.join(cells)} |")
    head = f"| what is changed | {' | '.join(tool.name for tool in TOOLS)} |"
    rule = "|---" * (len(TOOLS) + 1) + "|"
    today = datetime.datetime.now(datetime.UTC).date()
    versions = ", ".join(f"{name} {version}" for name, version in sorted(found().items()))
    text = "\n".join([f"Run on {today} with {versions}.\n", head, rule, *rows])
    page = PAGE.read_text(encoding="utf-8")
    block = f"{BEGIN}\n\n{text}\n\n{END}"
    pattern = f"{re.escape(BEGIN)}.*{re.escape(END)}"
    PAGE.write_text(re.sub(pattern, lambda _: block, page, flags=re.S), encoding="utf-8")


def outputs(folder: Path) -> dict[Tool, tuple[int, str]]:
    """What each tool does; none of these commands changes anything."""
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda tool: run(tool.command, folder), TOOLS)
        return dict(zip(TOOLS, found, strict=True))


def cell(tool: Tool, change: Change, before: tuple[int, str], after: tuple[int, str]) -> str:
    """What the tool did about the change."""
    old = set(before[1].splitlines())
    new = [line for line in after[1].splitlines() if line not in old]
    told = [line for line in new if re.match(tool.tells, line.lstrip())]
    if re.search("^Traceback", after[1], re.M):
        return "crashes"
    if any(re.search(rf"\b{change.project}\b", line, re.I) for line in told):
        return "yes" if change.wanted else "false alarm"
    if after[0] and not before[0]:
        return f"fails (exit code {after[0]})"
    return "no" if change.wanted else "right"


def run(command: str, folder: Path) -> tuple[int, str]:
    """The exit code of a command in a shell, and all that it prints."""
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    path = os.pathsep.join([str(SCRIPTS), str(REPOSITORY / ".venv" / "bin"), kept["PATH"]])
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=folder,
        env={**kept, "PATH": path, "NO_COLOR": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def found() -> Mapping[str, str]:
    """The version of each package that was run."""
    listed = run(f"uv pip list --quiet --format json --python {sys.executable}", REPOSITORY)[1]
    versions = {entry["name"]: entry["version"] for entry in json.loads(listed)}
    versions["reqdrift"] = run("reqdrift --version", REPOSITORY)[1].split()[-1]
    return {tool.package: versions[tool.package] for tool in TOOLS}


def build(folder: Path) -> None:
    """A project whose environment is exactly what its file lists."""
    folder.mkdir()
    python = f"uv venv --quiet --python {sys.executable} .venv"
    install = f"uv pip install --quiet --python .venv {' '.join(INSTALLED)}"
    freeze = ".venv/bin/python -m pip freeze --all > requirements.txt"
    (folder / "shop.py").write_text("import idna, requests, six\n")
    (folder / "setup.cfg").write_text(
        "[metadata]\nname = shop\nversion = 1.0\n[options]\npy_modules = shop\n"
    )
    (folder / "setup.py").write_text("import setuptools\n\nsetuptools.setup()\n")
    code, output = run(f"{python} && {install} && {freeze} && {INSTALL} --editable .", folder)
    if code:
        sys.exit(output)


def add(line: str) -> Callable[[Path], None]:
    """Add a line to the file."""

    def make(folder: Path) -> None:
        path = folder / "requirements.txt"
        path.write_text(f"{path.read_text()}{line}\n")

    return make


def edit(pattern: str, text: str) -> Callable[[Path], None]:
    """Change lines of the file."""

    def make(folder: Path) -> None:
        path = folder / "requirements.txt"
        path.write_text(re.sub(pattern, text, path.read_text(), flags=re.M))

    return make


def shell(command: str) -> Callable[[Path], None]:
    """Change the environment."""

    def make(folder: Path) -> None:
        code, output = run(command, folder)
        if code:
            sys.exit(f"{command}: {output}")

    return make


def constrain(folder: Path) -> None:
    """Limit an installed version by a constraint."""
    (folder / "constraints.txt").write_text("six==1.17.0\n")
    edit("^six==.*\n", "six\n-c constraints.txt\n")(folder)


INSTALL = "uv pip install --quiet --python .venv"
UNINSTALL = "uv pip uninstall --quiet --python .venv"
COPY = """\
mkdir -p ../six-copy
cp .venv/lib/python*/site-packages/six.py ../six-copy/
cat > ../six-copy/setup.py <<'END'
from setuptools import setup
setup(name="six", version="1.16.0", py_modules=["six"])
END
uv pip install --quiet --python .venv --reinstall ../six-copy
"""

CHANGES = (
    Change("nothing", "six", lambda _: None, wanted=False),
    Change("a listed package is uninstalled", "six", shell(f"{UNINSTALL} six")),
    Change("another version is installed", "six", shell(f"{INSTALL} six==1.17.0")),
    Change("a folder of the same version is installed", "six", shell(COPY)),
    Change(
        "the project itself is installed from another checkout",
        "shop",
        shell(f"mkdir ../other; cp shop.py setup.* ../other; {INSTALL} --editable ../other"),
    ),
    Change("a package is installed, not listed", "tomli", shell(f"{INSTALL} tomli==2.0.1")),
    Change("a line is not pinned", "six", edit("^six==.*", "six>=1")),
    Change(
        "an extra whose packages are absent", "pysocks", edit("^requests==", "requests[socks]==")
    ),
    Change(
        "a dependency that is not listed is uninstalled",
        "idna",
        lambda folder: (edit("^idna==.*\n", "")(folder), shell(f"{UNINSTALL} idna")(folder))[0],
    ),
    Change("two lines contradict each other", "six", add("six==1.17.0")),
    Change("a constraint that is not met", "six", constrain),
    Change(
        "a file of the package is edited",
        "six",
        shell("echo '# x' >> .venv/lib/python*/site-packages/six.py"),
    ),
    Change("`wsgiref==0.1.2`, part of Python", "wsgiref", add("wsgiref==0.1.2"), wanted=False),
    Change(
        "a line whose marker is false here",
        "pywin32",
        add('pywin32==306; sys_platform == "win32"'),
        wanted=False,
    ),
)


if __name__ == "__main__":
    main()
