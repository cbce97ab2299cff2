"""The options that only older pips read, against the option lists of real older pips."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

from reqdrift.requirements import read_requirements
from reqdrift.requirements.options import OUTDATED, parse_options
from support import SCRIPTS, clean_environ, interpreters, run

# Each pair is the last pip that reads an option and the first that refuses it, oldest first.
PAIRS = (
    ("9.0.3", "10.0.0"),
    ("18.1", "19.0"),
    ("20.1.1", "20.2"),
    ("23.0.1", "23.1"),
    ("25.2", "25.3"),
)

# Prints the names of all options that a requirements file may have, and whether each has a value.
ASK = """
import json, sys
sys.path.insert(0, sys.argv[1])
import pip
assert pip.__file__.startswith(sys.argv[1]), pip.__file__
try:
    from pip._internal.req import req_file
except ImportError:
    from pip.req import req_file
options = [o() for o in req_file.SUPPORTED_OPTIONS + req_file.SUPPORTED_OPTIONS_REQ]
print(json.dumps({n: o.takes_value() for o in options for n in o._short_opts + o._long_opts}))
"""


@pytest.fixture(scope="session")
def options_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, bool]]:
    """What a release of pip reads, asked of itself."""
    return cache(partial(_ask, tmp_path_factory.mktemp("pips")))


def _ask(folder: Path, pip: str) -> dict[str, bool]:
    # The oldest pips do not import on the newest Pythons, and the newest not on the oldest.
    year = int(pip.partition(".")[0])
    least = 6 if year < 22 else 9 if year < 26 else 10
    minors = sorted(int(minor.partition(".")[2]) for minor in interpreters())
    python = interpreters()[f"3.{next(minor for minor in minors if minor >= least)}"]
    uv = (SCRIPTS / "uv", "pip", "install", "--quiet", "--no-deps", "--python", python)
    run(*uv, "--target", folder / pip, f"pip=={pip}", cwd=folder)
    done = run(python, "-c", ASK, folder / pip, cwd=folder, env=clean_environ())
    found: dict[str, bool] = json.loads(done.stdout)
    return found


@pytest.mark.long  # each pip is installed
@pytest.mark.parametrize(("last", "first"), PAIRS)
def test_what_older_pips_read_is_read_with_a_note(
    last: str, first: str, tmp_path: Path, options_of: Callable[[str], dict[str, bool]]
) -> None:
    before, after = options_of(last), options_of(first)
    gone = {name: before[name] for name in before.keys() - after.keys()}
    assert gone
    for name, has_value in gone.items():
        for line in (f"{name} x", f"six {name} x") if has_value else (name, f"six {name}"):
            (tmp_path / "requirements.txt").write_text(line)
            read = read_requirements([str(tmp_path / "requirements.txt")])
            assert read.errors == (), line
            assert len(read.requirements) == line.count("six")
            (message,) = [note.message for note in read.notes if note.reason == "outdated"]
            version = first.removesuffix(".0").removesuffix(".0")
            assert message == f"pip {version} and newer refuse {name}, and so does uv; remove it"


@pytest.mark.long  # each pip is installed
def test_every_option_of_any_of_them_is_read(
    options_of: Callable[[str], dict[str, bool]],
) -> None:
    today = options_of("26.1").keys()
    values = {"--hash": "sha256:ab", "-C": "a=b", "--config-settings": "a=b"}
    for pip in [pip for pair in PAIRS for pip in pair]:
        for name, has_value in options_of(pip).items():
            given, _ = parse_options(f"{name} {values.get(name, 'x')}" if has_value else name)
            assert given.keys() & OUTDATED.keys() == {name} - today, (pip, name)
