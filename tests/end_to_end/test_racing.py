"""Reading while pip and uv install and uninstall: never a crash, never clean for what is not."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from workshop import make_wheel

import reqdrift as api
from support import SCRIPTS, reqdrift, run

FILES = 60  # of each project: an install is to take a moment

PROGRAMS = {
    "pip": {
        "install": (
            *(SCRIPTS / "pip", "--python", ".venv", "install", "--no-cache-dir"),
            *("--disable-pip-version-check", "--root-user-action=ignore"),
        ),
        "uninstall": (SCRIPTS / "pip", "--python", ".venv", "uninstall", "--yes"),
    },
    "uv": {
        "install": (SCRIPTS / "uv", "pip", "install", "--python", ".venv", "--no-cache"),
        "uninstall": (SCRIPTS / "uv", "pip", "uninstall", "--python", ".venv"),
    },
}

COMMANDS = (
    *(("check",), ("check", "--format", "json"), ("freeze",), ("verify",)),
    *(("why", "lantern"), ("env",), ("plan",), ("diff",), ("verify", "--format", "sarif")),
)


class Step(NamedTuple):
    """A change of the environment, and the (kind, project) of all findings after it."""

    verb: str
    what: str
    findings: tuple[tuple[str, str], ...] = ()


MISSING, OTHER = ("missing", "lantern"), ("version", "lantern")
EXTRA = ("extra", "straps")

# compass always lies there. What is half there is incomplete.
TRUE_AT_TIMES = {MISSING, OTHER, EXTRA, ("broken", "lantern"), ("broken", "straps")}

# The file asks for lantern 1.0 and compass 1.0. Each step begins where the one before it ended, and
# the last where the first begins.
STEPS = (
    Step("install", "lantern==1.0"),
    Step("install", "lantern==2.0", (OTHER,)),
    Step("install", "wheelhouse/lantern-2.0-py3-none-any.whl", (OTHER,)),
    Step("uninstall", "lantern", (MISSING,)),
    Step("install", "straps==1.0", (EXTRA, MISSING)),
    Step("install", "wheelhouse/lantern-1.0-py3-none-any.whl", (EXTRA,)),
    Step("uninstall", "straps"),
    Step("install", "lantern==2.0", (OTHER,)),
    Step("uninstall", "lantern", (MISSING,)),
)


class Race:
    """Readers beside an installer; what they saw is in `seen`, what must not be in `wrong`."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        # How many changes there were, and whether the environment is, or was, clean meanwhile.
        self.moment = (0, True)
        self._over = threading.Event()

    @contextmanager
    def readers(self) -> Iterator[None]:
        """Read over and over, by the library and by the command, as long as the context lives."""
        threads = [
            threading.Thread(target=self._repeat, args=(work,))
            for work in (self._read_by_library, self._read_by_command)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def _repeat(self, work: Callable[[int], None]) -> None:
        for number in itertools.count():
            if self._over.is_set():
                return
            try:
                work(number)
            except Exception as error:
                self.wrong.append(f"{type(error).__name__}: {error}")

    def _read_by_library(self, _: int) -> None:
        before = self.moment
        try:
            report = api.check(
                [str(self.project / "requirements.txt")], python=str(self.project / ".venv")
            )
        except api.ReqdriftError as error:
            self.seen[f"library: {type(error).__name__}"] += 1
            return
        found = {(finding.kind, finding.project) for finding in report.findings}
        if not found <= TRUE_AT_TIMES:
            self.wrong.append(f"never true: {report.findings}")
        for finding in report.findings:
            knows = "if no installer is at work", "while reqdrift was running"
            if finding.kind == "broken" and not any(words in finding.message for words in knows):
                self.wrong.append(finding.message)
        clean = not report.findings and not report.errors
        self.seen["library: clean" if clean else "library: drift"] += 1
        if clean and before == self.moment and not before[1]:
            self.wrong.append("clean, although there was drift all the while")

    def _read_by_command(self, number: int) -> None:
        words = COMMANDS[number % len(COMMANDS)]
        done = reqdrift(*words, "--python", ".venv", cwd=self.project)
        self.seen[f"{words[0]}: {done.returncode}"] += 1
        if done.returncode not in (0, 1, 2, 3) or "Traceback" in done.stderr:
            self.wrong.append(f"{words}: {done.returncode}: {done.stdout}{done.stderr}")
        if "nothing is installed" in done.stdout + done.stderr:
            self.wrong.append(f"{words}: {done.stdout}{done.stderr}")
        if done.returncode in (2, 3) and not (done.stderr or done.stdout):
            self.wrong.append(f"{words}: {done.returncode} without a word")

    def change(self, program: str, step: Step, before: Step) -> None:
        """Do a step; the verdict on what then lies there must be exactly right."""
        clean = not (before.findings and step.findings)
        self.moment = (self.moment[0] + 1, clean)
        offline = ("--no-index", "--find-links", "wheelhouse") if step.verb == "install" else ()
        run(*PROGRAMS[program][step.verb], *offline, step.what, cwd=self.project)
        self.moment = (self.moment[0] + 1, not step.findings)
        self.seen[f"{program}: {step.verb}"] += 1
        done = reqdrift("--format", "json", "--python", ".venv", cwd=self.project)
        report = json.loads(done.stdout)
        found = sorted((finding["kind"], finding["project"]) for finding in report["findings"])
        if (found, report["errors"]) != (sorted(step.findings), []):
            self.wrong.append(f"after {program} {step.verb} {step.what}: {done.stdout}")


def make_project(folder: Path) -> Path:
    content = "X = 1\n"
    for name, version in (("lantern", "1.0"), ("lantern", "2.0"), ("straps", "1.0")):
        more = {f"{name}_{number}.py": content * number for number in range(FILES)}
        make_wheel(folder / "wheelhouse", name, version, more=more)
    make_wheel(folder / "wheelhouse", "compass", "1.0")
    (folder / "requirements.txt").write_text("lantern==1.0\ncompass==1.0\n")
    run(SCRIPTS / "uv", "venv", "--quiet", folder / ".venv", cwd=folder)
    start = ("--no-index", "--find-links", "wheelhouse", "compass==1.0")
    run(*PROGRAMS["uv"]["install"], *start, cwd=folder)
    return folder


def race(project: Path, program: str, steps: Sequence[Step], seconds: float) -> Race:
    """Go through the steps, again and again, for so long at least; once in any case."""
    racing = Race(project)
    end = time.monotonic() + seconds
    before = steps[-1]
    with racing.readers():
        while not racing.wrong:
            for step in steps:
                racing.change(program, step, before)
                before = step
            if time.monotonic() > end:
                break
    return racing


@pytest.mark.long  # as often as there is time
@pytest.mark.parametrize(("program", "steps"), [("pip", STEPS[:4]), ("uv", STEPS)])
def test_what_is_read_while_it_changes(project: Path, program: str, steps: Sequence[Step]) -> None:
    racing = race(make_project(project), program, steps, seconds=2)
    assert racing.wrong == []
    assert racing.seen["library: clean"] and racing.seen["library: drift"]
