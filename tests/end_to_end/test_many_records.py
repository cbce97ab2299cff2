"""A folder of many records, of which some cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reqdrift.standards.markers import marker_values
from reqdrift.values import Python
from support import SCRIPTS, reqdrift, run

VALUES = {k: v for k, v in marker_values(Python("3.12.4")).items() if k != "extra"}


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


def test_each_that_cannot_be_read_is_an_error(fleet: Path) -> None:
    done = reqdrift("--installed", "fleet", "--platform", "linux", cwd=fleet)
    assert done.returncode == 3
    errors = [line for line in done.stderr.splitlines() if "] fleet/host" in line]
    assert len(errors) == 6
    assert errors == sorted(errors)
    # The list and the freeze are read.
    assert "278 of 301 environments match" in done.stdout
    assert "17 environments with drift: host007, host011, host037, " in done.stdout


def test_pipes_are_read_once(fleet: Path) -> None:
    for odd in (*ODD, 299):
        (fleet / "fleet" / f"host{odd:03}.json").unlink()
    (fleet / "fleet" / "host300").rmdir()
    command = f"cat fleet/host000.json | '{SCRIPTS}/reqdrift' --installed fleet --installed -"
    done = run("sh", "-c", command, cwd=fleet, check=False)
    assert done.returncode == 1
    assert done.stdout.count("of 294 environments match") == 1
