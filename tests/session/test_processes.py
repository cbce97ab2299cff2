"""Many comparisons on several processors: the results are those of one process."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from reqdrift import UsageError
from reqdrift.session.processes import computed
from support import run

ITEMS = range(400)
OWN = os.getpid()


def square(number: int) -> tuple[int, int]:
    return number, number * number


def refuse_150(number: int) -> int:
    if number == 150:
        raise UsageError("no", "do something else")
    return number


def kill_yourself(number: int) -> int:
    if number == 90 and os.getpid() != OWN:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def stop_in_copies(number: int) -> int:
    if os.getpid() != OWN:
        raise KeyboardInterrupt
    return number


@pytest.mark.parametrize("processes", [1, 2, 3, 20])
class TestResults:
    def test_they_are_in_the_order_of_the_items(self, processes: int) -> None:
        assert list(computed(square, ITEMS, processes)) == [square(number) for number in ITEMS]

    def test_an_error_comes_at_its_place(self, processes: int) -> None:
        found = []
        with pytest.raises(UsageError) as caught:
            for number in computed(refuse_150, ITEMS, processes):
                found.append(number)  # noqa: PERF402 - what came before the error is kept
        assert found == list(range(150))
        assert str(caught.value) == "no; do something else"

    def test_a_process_that_ends_is_not_missed(self, processes: int) -> None:
        assert list(computed(kill_yourself, ITEMS, processes)) == list(ITEMS)
        assert list(computed(stop_in_copies, ITEMS, processes)) == list(ITEMS)

    def test_none_is_left_behind(self, processes: int, tmp_path: Path) -> None:
        """In a process that has no other children."""
        code = (
            "import os; from reqdrift.session.processes import computed;"
            f"results = computed(str, range(400), {processes});"
            "next(results); results.close(); os.waitpid(-1, os.WNOHANG)"
        )
        done = run(sys.executable, "-c", code, cwd=tmp_path, check=False)
        assert "ChildProcessError" in done.stderr


def test_few_are_computed_in_this_process() -> None:
    def process(_: int) -> int:
        return os.getpid()

    assert set(computed(process, range(250), 3)) == {OWN}
    assert len(set(computed(process, ITEMS, 3))) == 3


def test_without_more_processes(tmp_path: Path) -> None:
    """A limit on open files is one on pipes, too."""
    code = (
        "import resource; from reqdrift.session.processes import computed;"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3));"
        "print(list(computed(str, range(300), 3)) == [*map(str, range(300))])"
    )
    assert run(sys.executable, "-c", code, cwd=tmp_path).stdout == "True\n"


class TestWhereChildrenAreIgnored:
    """The system forgets them when they end, and gives their numbers to others."""

    BEGINNING = """
import os, signal, sys
from itertools import islice
from reqdrift.session.processes import computed

own = os.getpid()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
sys.addaudithook(lambda event, words: print(event, *words) if event == "os.kill" else None)
results = computed({}, range(400), 3)
print(*islice(results, {}))
"""

    def test_what_has_ended_is_not_killed(self, tmp_path: Path) -> None:
        code = self.BEGINNING.format("str", 400) + (
            "try: os.waitpid(-1, 0)\nexcept ChildProcessError: print('ended')\nresults.close()"
        )
        done = run(sys.executable, "-c", code, cwd=tmp_path)
        assert done.stdout.splitlines() == [" ".join(map(str, range(400))), "ended"]

    def test_what_runs_is_killed(self, tmp_path: Path) -> None:
        waiting = "lambda number: os.getpid() == own or signal.pause()"
        code = self.BEGINNING.format(waiting, 1) + (
            "results.close()\ntry: os.waitpid(-1, 0)\nexcept ChildProcessError: print('ended')"
        )
        done = run(sys.executable, "-c", code, cwd=tmp_path)
        first, *killed, last = done.stdout.splitlines()
        assert (first, last) == ("True", "ended")
        assert [line.split()[0] for line in killed] == ["os.kill", "os.kill"]


# The signal comes as soon as the copy runs; before it, nothing knows of the copy.
INTERRUPTED = """
import os, signal, time
from reqdrift.session.processes import computed
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGINT))
try:
    list(computed(lambda number: (time.sleep(5), os._exit(0)), range(300), 2))
except KeyboardInterrupt:
    try:
        print(os.waitpid(-1, os.WNOHANG))
    except ChildProcessError:
        print("none")
"""


def test_none_is_left_by_a_signal_that_comes_at_its_start(tmp_path: Path) -> None:
    assert run(sys.executable, "-c", INTERRUPTED, cwd=tmp_path).stdout == "none\n"
