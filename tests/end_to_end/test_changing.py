"""A file that vanishes or appears while the command reads, at every moment there is.

The file system is real, and so is the change: an audit hook sees each file that is about to
be opened and each folder that is about to be listed, and right then something is moved. What the
command says must be true of what was there before or of what is there afterwards, or be a refusal.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from support import add_distribution, make_environment, run

# Prints, for each command, the outcomes as [moment, exit code, output]; at moment -1 nothing is
# moved, at -2 it is moved beforehand. Each run is a fork, which the hook (there is no taking it
# away) ends with.
_HARNESS = """
import json, os, sys, tempfile
from reqdrift.cli import main

victim, away, appears, commands = json.load(sys.stdin)
here = os.getcwd()
places = (away, victim) if appears else (victim, away)

def attempt(argv, moment):
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            seen = 0
            def hook(event, args):
                nonlocal seen
                if event not in ("open", "os.listdir", "os.scandir"):
                    return
                if not str(args[0]).startswith(here):
                    return
                if seen == moment:
                    seen += 1
                    os.rename(*places)
                seen += 1
            if moment == -2:
                os.rename(*places)
            sys.addaudithook(hook)
            code = main(argv)
            os.write(2, b"%d" % seen)
            os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if os.path.lexists(places[1]):
        os.rename(*reversed(places))
    count = len(text) - len(text.rstrip("0123456789"))
    return int(text[len(text) - count:] or -1), code, text[:len(text) - count]

# What is imported now need not be imported by each of the forks.
out = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
for argv in commands:
    main(argv)
os.dup2(out, 1)
if appears:
    os.rename(victim, away)
answers = []
for argv in commands:
    moments, *before = attempt(argv, -1)
    more, *after = attempt(argv, -2)
    outcomes = [(-1, *before), (-2, *after)]
    outcomes += [(moment, *attempt(argv, moment)[1:]) for moment in range(max(moments, more))]
    answers.append(outcomes)
print(json.dumps(answers))
"""

# Without a repository and without hints `check` starts no git, which would take the most time.
COMMANDS = tuple(
    [*words, "--python", ".venv"]
    for words in (["check", "-q", "--unlisted", "all"], ["verify"], ["freeze"])
)

SITE = ".venv/lib/python3.11/site-packages"
INFO = f"{SITE}/foo-1.0.dist-info"

VICTIMS = (
    *("requirements.txt", "base.txt", ".venv", ".venv/pyvenv.cfg", ".venv/bin/python", SITE),
    *(INFO, f"{INFO}/METADATA", f"{INFO}/direct_url.json", f"{INFO}/RECORD", f"{SITE}/foo.py"),
    *(f"{SITE}/more.pth", "more", f"{SITE}/tied.egg-link", "tied", f"{SITE}/bar-1.0.dist-info"),
)


class Outcome(NamedTuple):
    moment: int
    code: int
    text: str


@pytest.fixture
def shop(project: Path) -> Path:
    """Everything that can vanish; `extra` is unlisted, so that all metadata is read."""
    (project / ".git").rmdir()
    (project / "requirements.txt").write_text("-r base.txt\nfoo==1.0\n-e ./tied\n")
    (project / "base.txt").write_text("bar==1.0\n")
    site = make_environment(project / ".venv", "bar-1.0", "extra-1.0")
    url = {"url": "https://example.org/foo-1.0.tar.gz", "archive_info": {}}
    info = add_distribution(site, "foo-1.0", direct_url=url, requires=["extra"])
    (site / "foo.py").write_text("")
    names = "".join(f"foo-1.0.dist-info/{path.name},,\n" for path in info.iterdir())
    (info / "RECORD").write_text(f"foo.py,,\n{names}")
    add_distribution(project / "more", "spare-1.0")
    (site / "more.pth").write_text(f"{project}/more\n")
    (project / "tied" / "tied.egg-info").mkdir(parents=True)
    (project / "tied" / "tied.egg-info" / "PKG-INFO").write_text("Name: tied\nVersion: 1.0\n")
    (site / "tied.egg-link").write_text(f"{project}/tied\n.\n")
    return project


@pytest.mark.long  # the same is done at every moment of a run
@pytest.mark.parametrize("appears", [False, True], ids=["vanishes", "appears"])
@pytest.mark.parametrize("victim", VICTIMS)
def test_at_any_moment(shop: Path, tmp_path: Path, victim: str, appears: bool) -> None:
    job = [str(shop / victim), str(tmp_path / "away"), appears, COMMANDS]
    (tmp_path / "job").write_text(json.dumps(job))
    with (tmp_path / "job").open() as stdin:
        done = run(sys.executable, "-c", _HARNESS, cwd=shop, stdin=stdin)
    for command, listed in zip(COMMANDS, json.loads(done.stdout), strict=True):
        outcomes = [Outcome(*one) for one in listed]
        assert len(outcomes) > 5, outcomes  # else nothing was watched
        truths = {(one.code, one.text) for one in outcomes if one.moment < 0}
        for one in outcomes:
            shown = f"{command} at {one.moment}: {one.code}\n{one.text}"
            assert one.code in (0, 1, 2, 3), shown
            assert "Traceback" not in one.text, shown
            if one.code in (2, 3) or "cannot be read" in one.text:
                assert one.text.strip(), shown
            elif one.code == 0:
                assert 0 in {code for code, _ in truths}, shown
