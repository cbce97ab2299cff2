"""What a terminal shows at any width: places whole, messages wrapped."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from reqdrift.kinds import KINDS
from support import SCRIPTS, add_distribution, clean_environ, make_environment, run

WIDTHS = [40, 60, 80, 120, 200]
DEEP = "services/payments/requirements/production.txt"

any_width = pytest.mark.parametrize("width", WIDTHS)


@pytest.fixture
def shop(project: Path) -> Path:
    """Drift of most kinds, in a file beside and in one far away."""
    deep = project / DEEP
    deep.parent.mkdir(parents=True)
    deep.write_text("lantern==2.0\nabsent==1.0\nstove>=1\nbag[straps]\nrope==1\nrope==2\na=1\n")
    (project / "requirements.txt").write_text(f"-r {DEEP}\nlantern==1.0\nwsgiref==0.1\nmug==2.0\n")
    site = make_environment(project / ".venv", "lantern-1.0", "stove-1.0", "mug-1.0", "rope-1")
    add_distribution(site, "bag-1.0", requires=['straps; extra == "straps"'])
    return project


def sent(project: Path, width: int, *words: str) -> str:
    """What a real terminal of that width is sent."""
    if not shutil.which("script"):
        pytest.skip("no script(1) to make a terminal with")
    command = shlex.join([str(SCRIPTS / "reqdrift"), *words])
    env = clean_environ(TERM="xterm-256color")
    env.pop("COLUMNS", None)
    words = ("-qec", f"stty cols {width}; {command}", "/dev/null")
    return run("script", *words, cwd=project, env=env, check=False).stdout


def on_a_terminal(project: Path, width: int, *words: str) -> list[str]:
    """The same, line by line, without colors and links."""
    text = re.sub(r"\x1b\]8;;[^\x1b]*\x1b\\", "", sent(project, width, *words))
    return re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()


def test_the_name_of_a_kind_is_a_link_on_a_terminal_only(shop: Path) -> None:
    link = re.escape(f"\x1b]8;;{KINDS['missing'].url}\x1b\\")
    assert re.search(rf"{link}\x1b\[[0-9;]*mmissing \d", sent(shop, 80))
    assert "\x1b]8" not in sent(shop, 80, "--color", "never")
    piped = run(SCRIPTS / "reqdrift", "--color", "always", cwd=shop, check=False).stdout
    assert "\x1b[" in piped
    assert "\x1b]8" not in piped


@any_width
def test_places_are_whole_on_a_real_terminal(shop: Path, width: int) -> None:
    lines = on_a_terminal(shop, width)
    firsts = [line.split()[0] for line in lines if line.startswith("  ") and line.split()]
    places = {f"{DEEP}:{number}" for number in (2, 4, 6, 7)}
    places |= {f"requirements.txt:{number}" for number in (2, 3, 4)}
    assert places <= set(firsts)
    # Nothing but a place, a command, or a word of its own is longer than the screen.
    for line in lines:
        assert len(line) <= width or len(line.split()) == 1, line
