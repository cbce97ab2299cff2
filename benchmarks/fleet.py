"""How long `reqdrift --installed FOLDER` takes with 100 to 10,000 records, beside `json.load`.

Makes 50 real environments, asks each for its record with `reqdrift_inspect.py`, and makes the fleet
of these: other paths, machines and kernels, and one host that drifted.

    python benchmarks/fleet.py FOLDER [RECORDS ...]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path

SCRIPTS = Path(sys.executable).parent
MODULE = Path(__file__).parent.parent / "reqdrift" / "engines" / "reqdrift_inspect.py"
REAL = 50
PACKAGES = ("flask", "requests", "click", "jinja2", "pydantic", "httpx", "sqlalchemy", "rich")
LOAD = "import json, os, sys; [json.load(open(e)) for e in os.scandir(sys.argv[1])]"


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


def run(program: str | Path, *words: str | Path) -> subprocess.CompletedProcess[bytes]:
    """A program to its end."""
    found = SCRIPTS / program
    return subprocess.run([found, *words], check=True, capture_output=True)


def write_fleet(records: list[str], count: int, folder: Path) -> None:
    """So many records with small differences; the last host has another version of one package."""
    folder.mkdir(parents=True)
    for number, record in enumerate(islice(cycle(records), count)):
        document = json.loads(record)
        document["environment"]["platform_release"] = f"6.1.{number % 97}"
        document["environment"]["platform_version"] = f"#1 SMP {number}"
        if number == count - 1:
            document["installed"][0]["metadata"]["version"] = "0.0.1"
            name = document["installed"][0]["metadata"]["name"].replace("-", "_")
            document["installed"][0]["metadata_location"] = f"/x/{name}-0.0.1.dist-info"
        text = json.dumps(document).replace("/real/env", f"/srv/{number}/env")
        (folder / f"host{number:05}.json").write_text(text)


def measured(*command: str | Path) -> tuple[float, int, list[str], int]:
    """Seconds, MB, the printed lines, and the exit code."""
    start = time.monotonic()
    reading, writing = os.pipe()
    words = [str(word) for word in command]
    pid = os.posix_spawn(
        words[0], words, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)]
    )
    os.close(writing)
    with open(reading) as printed:
        lines = printed.read().splitlines()
    _, status, used = os.wait4(pid, 0)
    return time.monotonic() - start, used.ru_maxrss >> 10, lines, os.waitstatus_to_exitcode(status)


def main() -> None:
    """Print the table, and the report about the last fleet."""
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    records = real_records(folder)
    print("| records | MB | json.load | reqdrift | memory | lines | exit code |")
    print("|---|---|---|---|---|---|---|")
    lines: list[str] = []
    for count in map(int, sys.argv[2:] or ("100", "1000", "10000")):
        fleet = folder / f"fleet{count}"
        if not fleet.exists():
            write_fleet(records, count, fleet)
        size = sum(entry.stat().st_size for entry in os.scandir(fleet)) >> 20
        load, *_ = measured(sys.executable, "-c", LOAD, fleet)
        command = (SCRIPTS / "reqdrift", folder / "requirements.txt", "--installed", fleet)
        seconds, memory, lines, code = measured(*command)
        figures = (
            count,
            size,
            f"{load:.2f} s",
            f"{seconds:.2f} s",
            f"{memory} MB",
            len(lines),
            code,
        )
        print("|", *(f"{figure} |" for figure in figures))
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()
