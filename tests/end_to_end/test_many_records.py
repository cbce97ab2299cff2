"""A folder of many records, of which some cannot be read: with one processor and with all."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from reqdrift.standards.markers import marker_values
from reqdrift.values import Python
from support import SCRIPTS, reqdrift, run
from test_interrupts import end, started, wait_until

VALUES = {k: v for k, v in marker_values(Python("3.12.4")).items() if k != "extra"}
ONE_PROCESSOR = (
    "import os, sys; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]);"
    "os.execv(sys.argv[1], sys.argv[1:])"
)


def item(name: str, version: str, host: int) -> dict[str, Any]:
    location = f"/srv/{host}/lib/python3.12/site-packages/{name}-{version}.dist-info"
    metadata = {"name": name, "version": version, "description": "é\n" * 9}
    return {"metadata": metadata, "metadata_location": location}


def inspect_report(host: int) -> str:
    """The report of a host; some have drifted."""
    version = "1.1" if host % 30 == 7 else "1.0"
    items = [item("lantern", version, host), item("rope", "2.0", host)]
    if host % 50 == 11:
        items.append(item("tent", f"{host}", host))
    document = {"version": "1", "installed": items, "environment": VALUES}
    return json.dumps(document, indent=2 if host % 2 else None, ensure_ascii=False)


ODD = {
    3: "",
    20: '{"version": "1", "installed": [',
    41: "lantern==1.0\nrope==2.0\n",
    77: '[{"name": "lantern", "version": "1.0"}]',
    78: inspect_report(78).replace('"name": "rope"', '"name": "rope", "name": "rope"'),
    99: inspect_report(99).replace("rope", "lantern"),
    100: '{"version": "2", "installed": []}',
}


@pytest.fixture
def fleet(project: Path) -> Path:
    (project / "requirements.txt").write_text("lantern==1.0\nrope==2.0\n")
    folder = project / "fleet"
    folder.mkdir()
    for host in range(300):
        (folder / f"host{host:03}.json").write_text(ODD.get(host, inspect_report(host)))
    (folder / "host299.json").write_bytes(b"\xff")
    (folder / "host300").mkdir()
    return project


@pytest.mark.parametrize(
    "words", [(), ("-v",), ("-q",), ("--format", "json"), ("--format", "junit")], ids=str
)
def test_one_processor_says_the_same_as_all(fleet: Path, words: tuple[str, ...]) -> None:
    argv = ("--installed", "fleet", "--platform", "linux", *words)
    done = reqdrift(*argv, cwd=fleet)
    program = (sys.executable, "-c", ONE_PROCESSOR, SCRIPTS / "reqdrift")
    alone = run(*program, *argv, cwd=fleet, check=False)
    assert (done.stdout, done.stderr, done.returncode) == (alone.stdout, alone.stderr, 3)
    errors = [line for line in done.stderr.splitlines() if "] fleet/host" in line]
    assert len(errors) == 7
    assert errors == sorted(errors)


def test_pipes_are_read_once(fleet: Path) -> None:
    """What one process reads of a pipe is not there for another."""
    for odd in (*ODD, 299):
        (fleet / "fleet" / f"host{odd:03}.json").unlink()
    (fleet / "fleet" / "host300").rmdir()
    command = f"cat fleet/host000.json | '{SCRIPTS}/reqdrift' --installed fleet --installed -"
    done = run("sh", "-c", command, cwd=fleet, check=False)
    assert done.returncode == 1
    assert done.stdout.count("of 293 environments match") == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_all_processes(fleet: Path, number: int, code: int) -> None:
    if len(os.sched_getaffinity(0)) == 1:
        pytest.skip("one processor, one process")
    large = fleet / "large"
    large.mkdir()
    first = large / "0"
    first.write_text(json.dumps([{"name": f"x{n}", "version": "1"} for n in range(20_000)]))
    for name in range(1, 500):
        os.link(first, large / str(name))
    with started(fleet, "--installed", "large") as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        wait_until(lambda: bool(children.read_text()))
        others = children.read_text().split()
        assert end(process, number) == code
    assert not any(Path(f"/proc/{pid}").exists() for pid in others)
