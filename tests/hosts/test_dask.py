"""Dask in docs/records.md: a cluster whose workers run in different virtualenvs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from support import REPOSITORY, SCRIPTS, clean_environ, run

UV = SCRIPTS / "uv"
PAGE = (REPOSITORY / "docs" / "records.md").read_text()
CHECK, PLUGIN = re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S)
ADDRESS = '"tcp://scheduler:8786"'
# `other` has no reqdrift, and another version of a package that get_versions knows.
ENVIRONMENTS = {
    "client": (str(REPOSITORY),),
    "same": (str(REPOSITORY),),
    "drifted": (str(REPOSITORY), "six==1.16.0"),
    "other": ("six==1.16.0", "toolz==0.12.1"),
}
SIX_FOUND = "six 1.16.0 is installed, but the file says six==1.17.0"
_SECONDS = 120

pytestmark = pytest.mark.long


class Cluster(NamedTuple):
    """Its folder, and the processes that run in it."""

    folder: Path
    running: dict[str, subprocess.Popen[bytes]]

    def start(self, environment: str, name: str, *words: str) -> None:
        file = ("--scheduler-file", "scheduler.json")
        command = (self.folder / environment / "bin" / "dask", *words, *file)
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                [str(word) for word in command],
                cwd=self.folder,
                env=clean_environ(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def worker(self, environment: str, name: str) -> None:
        words = ("worker", "--name", name, "--nthreads", "1", "--no-dashboard")
        self.start(environment, name, *words)

    def client(self, code: str, workers: int) -> str:
        """What the page's code prints, when so many workers are there."""
        connect = f'scheduler_file="scheduler.json"); client.wait_for_workers({workers}, {_SECONDS}'
        code = code.replace(ADDRESS, connect)
        python = self.folder / "client" / "bin" / "python"
        return run(python, "-c", code, cwd=self.folder).stdout

    def ended(self, name: str) -> bool:
        until = time.monotonic() + _SECONDS
        while self.running[name].poll() is None and time.monotonic() < until:
            time.sleep(0.5)
        return self.running[name].poll() is not None


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("dask").resolve()
    install = (UV, "pip", "install", "-q", "--python")
    for name in ENVIRONMENTS:
        run(UV, "venv", "-q", "--python", sys.executable, name, cwd=folder)
    run(*install, "client", "six==1.17.0", f"{REPOSITORY}[dask]", cwd=folder)
    frozen = run(UV, "pip", "freeze", "-q", "--python", "client", cwd=folder).stdout
    listed = [line for line in frozen.splitlines() if not line.startswith("reqdrift ")]
    (folder / "requirements.txt").write_text("-r base.txt\n")
    (folder / "base.txt").write_text("\n".join(listed) + "\n")
    for name, words in ENVIRONMENTS.items():
        run(*install, name, "-r", "base.txt", cwd=folder)
        run(*install, name, "--no-deps", *words, cwd=folder)
    made = Cluster(folder, {})
    made.start("client", "scheduler", "scheduler", "--port", "0", "--no-dashboard")
    made.worker("same", "same")
    made.worker("drifted", "drifted")
    made.worker("other", "other")
    yield made
    for process in made.running.values():
        process.terminate()
    for process in made.running.values():
        process.wait()


# The workers' events come when they come.
EVENTS = f"""
import time
end = time.monotonic() + {_SECONDS}
while len(client.get_events("reqdrift")) < 2 and time.monotonic() < end:
    time.sleep(0.1)
print([event["messages"] for _, event in client.get_events("reqdrift")])
"""


def test_the_workers_that_drifted_are_found(cluster: Cluster) -> None:
    printed = cluster.client(CHECK, 3).splitlines()
    assert all(line.startswith("tcp://") for line in printed)
    found = sorted(line.partition(" ")[2] for line in printed)
    assert found[:2] == [SIX_FOUND, SIX_FOUND]
    (toolz,) = found[2:]
    assert toolz.startswith("toolz 0.12.1 is installed, but the file says toolz==")


def test_the_records_are_checked_by_the_command(cluster: Cluster) -> None:
    code = """
import json, os
os.makedirs("fleet")
for number, record in enumerate(reqdrift.dask.records(client).values()):
    with open(f"fleet/{number}.json", "w") as file:
        json.dump(record, file)
"""
    cluster.client(CHECK + code, 3)
    command = (SCRIPTS / "reqdrift", "--installed", "fleet", "--format", "json")
    report = json.loads(run(*command, cwd=cluster.folder, check=False).stdout)
    assert len(report["environments"]) == 4
    found = {one["project"]: len(one["environments"]) for one in report["findings"]}
    assert found == {"six": 2, "toolz": 1}


def test_the_plugin_warns(cluster: Cluster) -> None:
    warn = PLUGIN.replace(", refuse=True", "")
    assert warn != PLUGIN
    printed = cluster.client(CHECK + warn + EVENTS, 3).splitlines()[-1]
    assert SIX_FOUND in printed
    assert "No module named 'reqdrift'" in printed
    assert all(process.poll() is None for process in cluster.running.values())


def test_the_plugin_refuses_a_worker_and_those_that_join_later(cluster: Cluster) -> None:
    code = CHECK + PLUGIN + 'print([e for _, e in client.get_events("reqdrift")])\n'
    printed = cluster.client(code, 3)
    assert SIX_FOUND in printed
    assert cluster.ended("drifted")
    assert cluster.ended("other")
    assert cluster.running["same"].poll() is None
    cluster.worker("drifted", "late")
    assert cluster.ended("late")
    assert SIX_FOUND in (cluster.folder / "late.log").read_text()
    cluster.worker("other", "bare")
    assert cluster.ended("bare")
    message = "not compared with the requirements file: No module named 'reqdrift'"
    assert message in (cluster.folder / "bare.log").read_text()
    assert cluster.running["same"].poll() is None
    assert cluster.running["same"].poll() is None
