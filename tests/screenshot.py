"""Renders what a terminal shows of the demo project: `make screenshot` writes docs/screen.svg."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

import demo

WIDTH = 88


def main(path: Path) -> None:
    """Make the project, check it, and write the screen as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "shop"
        demo.build(project)
        environ = {**os.environ, "COLUMNS": str(WIDTH)}
        environ.pop("VIRTUAL_ENV", None)
        command = [str(demo.SCRIPTS / "reqdrift"), "--color", "always"]
        done = subprocess.run(
            command, cwd=project, env=environ, stdout=subprocess.PIPE, text=True, check=False
        )
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text("$ reqdrift"))
    console.print(Text.from_ansi(done.stdout))
    svg = console.export_svg(title="reqdrift", unique_id="reqdrift")
    # A picture loads no fonts from elsewhere.
    path.write_text(re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
