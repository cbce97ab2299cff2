"""What once took minutes, or all memory: time grows with the size of a file, not with its square.

More shapes that are meant to be slow to read are in tests/hostile/test_bounds.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support import make_environment, run

# In seconds of processor time, and in bytes; a slow machine needs a third of these.
MOST_TIME = 15
MOST_MEMORY = 1 << 30

TEXTS = {
    "exclusions": "".join(f"foo!={n}\n" for n in range(3000)),
    "ignored lines": "".join(f"a{n} # reqdrift: ignore\n" for n in range(10_000)),
    "tags of a wheel": f"./a-1-{'py3.' * 999}py3-{'none.' * 999}none-{'any.' * 999}any.whl\n",
    "bad lines": "?\n" * 1_000_000,
    "variables": "${PATH}" * 100_000,
}


def output(project: Path, text: str) -> str:
    """What a check prints that may take neither more time nor more memory."""
    (project / "requirements.txt").write_text(text)
    make_environment(project / ".venv", "foo-1.0")
    code = (
        "from resource import *\n"
        f"setrlimit(RLIMIT_CPU, ({MOST_TIME}, {MOST_TIME}))\n"
        f"setrlimit(RLIMIT_AS, ({MOST_MEMORY}, {MOST_MEMORY}))\n"
        "from reqdrift.cli import console\n"
        "console()\n"
    )
    done = run(sys.executable, "-c", code, cwd=project, check=False)
    assert done.returncode in (1, 2), f"{done.returncode}: {done.stderr[-500:]}"
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_file(project: Path, text: str) -> None:
    output(project, text)


def test_of_very_many_bad_lines_the_first_are_told(project: Path) -> None:
    lines = output(project, "?\n" * 5000).splitlines()
    assert sum("error: " in line for line in lines) == 1001
    assert any("after 1000 errors, the rest is not read" in line for line in lines)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("foo==1.0\n", "more than 2000 files or 16 MiB are included"),
        ("# nothing\n" * 10_000, "more than 2000 files or 16 MiB are included"),
        ("x y\n" * 1000, "after 1000 errors, the rest is not read"),
    ],
)
def test_links_give_one_file_very_many_names(project: Path, line: str, why: str) -> None:
    for name in ("one", "two"):
        (project / name).symlink_to(".")
    names = "-r one/requirements.txt\n-r two/requirements.txt\n"
    assert why in output(project, names + line)
