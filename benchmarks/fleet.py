"""How long `reqdrift --installed FOLDER` takes with 100 to 10,000 records, beside `json.load`.

Makes 50 real environments, asks each for its record with `reqdrift_inspect.py`, and makes the fleet
of these: other paths, machines and kernels, and one host that drifted.

    python benchmarks/fleet.py FOLDER [RECORDS ...]

Records of a megabyte are what `pip inspect` prints of an environment with 100 distributions; with
`unlike`, no two hosts have a release with the same metadata.

    python benchmarks/fleet.py FOLDER large|unlike [RECORDS ...]

The two commands take turns. Time is what a clock shows, CPU is user and system of all processes,
memory is the largest sum of their resident sizes, in which shared pages count more than once.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

SCRIPTS = Path(sys.executable).parent
MODULE = Path(__file__).parent.parent / "reqdrift" / "engines" / "reqdrift_inspect.py"
REAL = 50
PACKAGES = ("flask", "requests", "click", "jinja2", "pydantic", "httpx", "sqlalchemy", "rich")
LARGE_PACKAGES = ("jupyterlab", "pandas", "sphinx", "celery", "alembic")
LARGE = 100
LOAD = "import json, os, sys; [json.load(open(e)) for e in os.scandir(sys.argv[1])]"
# What is loaded is not kept: a thousand large records are several gigabytes.
LOAD_LARGE = "import json, os, sys\nfor e in os.scandir(sys.argv[1]): json.load(open(e))"
TURNS = 5
COUNTS = {"small": (100, 1000, 10000), "large": (1, 1000), "unlike": (1000,)}


def real_records(folder: Path) -> list[str]:
    """The records of 50 environments with the same packages; requirements.txt is their freeze."""
    records = []
    for number in range(REAL):
        prefix = folder / "real" / f"env{number}"
        if not prefix.exists():
            run("uv", "venv", "-q", "--python", sys.executable, prefix)
            asked = ("-r", folder / "requirements.txt") if number else PACKAGES
            run("uv", "pip", "install", "-q", "--python", prefix, *asked)
        if not number:
            frozen = run("uv", "pip", "freeze", "--python", prefix).stdout
            (folder / "requirements.txt").write_bytes(frozen)
        records.append(run(prefix / "bin" / "python", MODULE).stdout.decode())
    return records


def large_record(folder: Path) -> str:
    """What pip prints of one environment; requirements.txt has its distributions."""
    prefix = folder / "real" / "large"
    if not prefix.exists():
        run("uv", "venv", "-q", "--seed", "--python", sys.executable, prefix)
        run("uv", "pip", "install", "-q", "--python", prefix, *LARGE_PACKAGES)
    document = json.loads(run(prefix / "bin" / "python", "-m", "pip", "inspect").stdout)
    document["installed"] = document["installed"][:LARGE]
    pins = [f"{m['name']}=={m['version']}\n" for m in metadata_in(document)]
    (folder / "requirements.txt").write_text("".join(pins))
    return json.dumps(document, indent=2, ensure_ascii=False)


def metadata_in(document: Any) -> list[Any]:
    """The metadata of each distribution of a record."""
    return [item["metadata"] for item in document["installed"]]


def run(program: str | Path, *words: str | Path) -> subprocess.CompletedProcess[bytes]:
    """A program to its end."""
    found = SCRIPTS / program
    return subprocess.run([found, *words], check=True, capture_output=True)


def write_fleet(records: list[str], count: int, folder: Path, kind: str) -> None:
    """So many records with small differences; the last host has another version of one package."""
    folder.mkdir(parents=True)
    for number, record in enumerate(islice(cycle(records), count)):
        document = json.loads(record)
        document["environment"]["platform_release"] = f"6.1.{number % 97}"
        document["environment"]["platform_version"] = f"#1 SMP {number}"
        if kind == "unlike":
            for metadata in metadata_in(document):
                metadata["description"] = f"{metadata.get('description', '')} On host {number}."
        if number == count - 1 and number:
            document["installed"][0]["metadata"]["version"] = "0.0.1"
            name = document["installed"][0]["metadata"]["name"].replace("-", "_")
            document["installed"][0]["metadata_location"] = f"/x/{name}-0.0.1.dist-info"
        layout: Any = {} if kind == "small" else {"indent": 2, "ensure_ascii": False}
        text = json.dumps(document, **layout).replace("/real/", f"/srv/{number}/")
        (folder / f"host{number:05}.json").write_text(text)


class Run(NamedTuple):
    """One run of a command."""

    seconds: float
    cpu: float
    memory: int
    lines: list[str]
    code: int


def measured(*command: str | Path) -> Run:
    """Run a command to its end."""
    with tempfile.TemporaryFile("w+") as printed:
        start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        process = subprocess.Popen([*map(str, command)], stdout=printed)
        memory = 0
        while process.poll() is None:
            memory = max(memory, resident(process.pid))
            time.sleep(0.005)
        seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        printed.seek(0)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Run(seconds, cpu, memory >> 20, printed.read().splitlines(), process.returncode)


def resident(pid: int) -> int:
    """The bytes of a process and of those that it started; 0 if it has ended."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGESIZE") + sum(resident(int(child)) for child in children)


def middle(values: Iterable[float]) -> str:
    """The median, as text."""
    return f"{statistics.median(values):.2f} s"


def main() -> None:
    """Print the table, and the report about the last fleet."""
    folder = Path(sys.argv[1]).resolve()
    words = sys.argv[2:]
    kind = words.pop(0) if words and words[0] in COUNTS else "small"
    folder = folder / kind
    folder.mkdir(parents=True, exist_ok=True)
    records = real_records(folder) if kind == "small" else [large_record(folder)]
    load = LOAD if kind == "small" else LOAD_LARGE
    print("| records | MB | json.load | CPU | reqdrift | CPU | memory | lines | exit code |")
    print("|---|---|---|---|---|---|---|---|---|")
    lines: list[str] = []
    for count in map(int, words or COUNTS[kind]):
        fleet = folder / f"fleet{count}"
        if not fleet.exists():
            write_fleet(records, count, fleet, kind)
        size = sum(entry.stat().st_size for entry in os.scandir(fleet)) >> 20
        command = (SCRIPTS / "reqdrift", folder / "requirements.txt", "--installed", fleet)
        loads, checks = [], []
        for _ in range(TURNS):
            loads.append(measured(sys.executable, "-c", load, fleet))
            checks.append(measured(*command))
        lines = checks[0].lines
        figures = (
            count,
            size,
            middle(one.seconds for one in loads),
            middle(one.cpu for one in loads),
            middle(one.seconds for one in checks),
            middle(one.cpu for one in checks),
            f"{max(one.memory for one in checks)} MB",
            len(lines),
            checks[0].code,
        )
        print("|", *(f"{figure} |" for figure in figures), flush=True)
    print(f"Load: {os.getloadavg()[0]:.1f}", *lines, sep="\n")


if __name__ == "__main__":
    main()
