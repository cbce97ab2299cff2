"""Compare the scheduler and the workers of a Dask cluster with requirements files.

For `check`, nothing of reqdrift needs to be installed there: the cluster's own messages carry the
module that reports an environment. Of `distributed` only the client's public methods are used.
`CheckRequirements` compares each worker when it starts, and needs reqdrift there.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import sys
import tempfile

from distributed import WorkerPlugin

from .commands.check import check as check_one
from .files import read_regular
from .values import TYPE_CHECKING, Policy

if TYPE_CHECKING:
    from typing import Any

    from distributed import Client, Worker

    from .commands.subject import Files
    from .values import Report

TOPIC = "reqdrift"
_LOG = logging.getLogger("distributed.worker.reqdrift")


def check(
    client: Client,
    files: Files = "requirements.txt",
    constraints: Files = (),
    *,
    policy: Policy | None = None,
) -> dict[str, Report]:
    """Compare the environments of a cluster with requirements files.

    Args:
        client: a synchronous client of the cluster.
        files: a requirements file, or several that are checked together, on this machine.
        constraints: files that only limit versions, as pip's `-c`.
        policy: what counts as drift; pyproject.toml is not read.

    Returns:
        The report of `scheduler`, and of each worker by its address.

    Raises:
        UsageError: there is no such file.
        EnvironmentReadError: an environment cannot be read.
    """
    texts = {name: json.dumps(record, sort_keys=True) for name, record in records(client).items()}
    reports: dict[str, Report] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "record.json")
        # Most workers have the same environment, which is compared once.
        for text in dict.fromkeys(texts.values()):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            reports[text] = check_one(files, constraints, installed=path, policy=policy)
    return {name: reports[text] for name, text in texts.items()}


def records(client: Client) -> dict[str, dict[str, Any]]:
    """What is installed where the scheduler and each worker run, as pip's inspect report.

    Args:
        client: a synchronous client of the cluster.

    Returns:
        The report of `scheduler`, and of each worker by its address.
    """
    module = os.path.join(os.path.dirname(__file__), "reqdrift_inspect.py")
    source = read_regular(module).decode()
    names = {"__name__": "reqdrift_inspect", "__package__": ""}
    # A text and a built-in function: pickled functions are of one version of Python.
    asked = f"(lambda names: (exec({source!r}, names), names['report']())[1])({names!r})"
    return {"scheduler": client.run_on_scheduler(eval, asked), **client.run(eval, asked)}


# Runs where the plugin arrives. A worker that cannot load a plugin hangs, half registered.
_RESTORE = """
import logging, pickle
from distributed import WorkerPlugin
try:
    from reqdrift.dask import CheckRequirements
    plugin = CheckRequirements.__new__(CheckRequirements)
    plugin.__dict__.update(pickle.loads(state))
except ImportError as error:
    message = "not compared with the requirements file: %s" % error
    class NotCompared(WorkerPlugin):
        name = "reqdrift"
        def setup(self, worker):
            worker.log_event(topic, {"worker": worker.address, "messages": [message]})
            logging.getLogger("distributed.worker.reqdrift").warning(message)
            if refuse:
                reason = "reqdrift: " + message
                worker.loop.add_callback(worker.close, reason=reason, executor_wait=False)
    plugin = NotCompared()
"""


class CheckRequirements(WorkerPlugin):  # type: ignore[misc]  # `distributed` is not installed here
    """Compares a worker's environment with a requirements file when the worker starts.

    Drift is logged on the worker, and is an event of the topic `reqdrift`.

    Args:
        file: the requirements file on the client's machine, with the files that it includes.
        refuse: a worker with drift is closed, and its nanny with it.
        policy: what counts as drift.
    """

    name = "reqdrift"

    def __init__(self, file: str, *, refuse: bool = False, policy: Policy | None = None) -> None:
        # Workers do not have the files.
        read = [os.path.abspath(one.path) for one in check_one([file], python=sys.executable).files]
        top = os.path.commonpath([os.path.dirname(path) for path in read])
        self._texts = {os.path.relpath(path, top): read_regular(path) for path in read}
        self._file = os.path.relpath(os.path.abspath(file), top)
        self._refuse = refuse
        self._policy = policy

    def __reduce__(self) -> tuple[object, ...]:
        """For any worker, also one without reqdrift: that one says so, or is refused."""
        names = {"source": _RESTORE, "topic": TOPIC, "refuse": self._refuse}
        names["state"] = pickle.dumps(self.__dict__)
        return eval, ("(exec(source, globals()), plugin)[1]", names)

    def setup(self, worker: Worker) -> None:
        """Compare; called by Dask on each worker, also on those that join later."""
        report = self._compared()
        if report.verdict == "clean":
            return
        messages = [one.message for one in report.errors]
        messages += [one.message for one in report.findings]
        worker.log_event(TOPIC, {"worker": worker.address, "messages": messages})
        for message in messages:
            _LOG.warning("%s: %s", self._file, message)
        if self._refuse:
            # Not before the worker is registered, which this is a part of.
            reason = f"reqdrift: {messages[0]}"
            worker.loop.add_callback(worker.close, reason=reason, executor_wait=False)

    def _compared(self) -> Report:
        with tempfile.TemporaryDirectory() as folder:
            for name, data in self._texts.items():
                path = os.path.join(folder, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(data)
            file_here = os.path.join(folder, self._file)
            return check_one([file_here], python=sys.executable, policy=self._policy)
