"""Draws what the demo project shows on a terminal: `make screens` writes docs/screens/*.svg."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

import demo
from support import REPOSITORY, clean_environ

WIDTH = 102
# What `plan` waits for: hashes on some lines only, a contradiction, a module of Python's own.
IN_THE_WAY = re.compile(r" \\\n    --hash=.*|^(six==1.17.0|wsgiref==.*)\n", re.M)


def main(folder: Path) -> None:
    """Make the project, and write each screen as SVG."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        project = Path(name) / "shop"
        demo.build(project)
        for screen, lines in screens(project):
            console = Console(record=True, width=WIDTH, file=io.StringIO())
            console.print(*lines, sep="\n")
            svg = console.export_svg(title=screen, unique_id=screen)
            # A picture loads no fonts from elsewhere.
            svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
            (folder / f"{screen}.svg").write_text(svg)


def screens(project: Path) -> Iterator[tuple[str, list[RenderableType]]]:
    """The name of each screen, and what is on it; later ones change the project."""
    yield "check", shown(project, "reqdrift")
    yield "why", shown(project, "reqdrift why urllib3")
    yield "annotations", annotated(project)
    for file in ("requirements.txt", "base.txt"):
        (project / file).write_text(IN_THE_WAY.sub("", (project / file).read_text()))
    yield "plan", shown(project, "reqdrift plan")
    install = ("uv", "pip", "install", "--quiet", "--python", ".venv", str(REPOSITORY))
    subprocess.run((demo.SCRIPTS / install[0], *install[1:]), cwd=project, check=True)
    (project / "pytest.ini").write_text("[pytest]\nreqdrift = warn\n")
    (project / "test_shop.py").write_text("def test_shop():\n    assert True\n")
    yield "pytest", shown(project, "pytest")
    yield "fix", shown(project, "reqdrift fix")


def shown(project: Path, command: str) -> list[RenderableType]:
    """A command and what it prints on a terminal."""
    return [Text(f"$ {command}"), Text.from_ansi(printed(project, command))]


def printed(project: Path, command: str) -> str:
    """What a command prints in the project, which is in /shop."""
    paths = (str(project / ".venv" / "bin"), str(demo.SCRIPTS), os.defpath)
    environ = clean_environ(
        PATH=os.pathsep.join(paths), COLUMNS=str(WIDTH), FORCE_COLOR="1", PY_COLORS="1"
    )
    environ.pop("PYTEST_XDIST_WORKER", None)  # the plugin does nothing in one
    done = subprocess.run(
        command.split(), cwd=project, env=environ, stdout=subprocess.PIPE, text=True, check=False
    )
    return done.stdout.replace(str(project), "/shop").rstrip()


def annotated(project: Path) -> list[RenderableType]:
    """The first lines of the file, with the annotations as GitHub shows them."""
    file = "requirements.txt"
    command = re.compile(rf"::error file={file},line=(\d+),.*title=(.*)::(.*)")
    found = command.findall(printed(project, "reqdrift --format github"))
    lines: list[RenderableType] = []
    for number, line in enumerate((project / file).read_text().splitlines()[:7], start=1):
        lines.append(Text.assemble((f"{number:4}  ", "bright_black"), line))
        for at, title, message in found:
            if int(at) == number:
                heading = (f"Check failure on line {at} in {file}\n", "bright_black")
                text = Text.assemble(
                    heading, (title.replace("%3A", ":"), "bold red"), "\n", message
                )
                lines.append(Padding(Panel(text, border_style="red"), (0, 0, 0, 6)))
    return lines


if __name__ == "__main__":
    main(Path(sys.argv[1]))
