"""A worker plugin that compares each worker when it starts; workers need reqdrift for it."""

from __future__ import annotations

import logging
import os
import pickle
import sys
import tempfile

from distributed import WorkerPlugin

from ..commands.check import check
from ..files import read_regular
from ..values import TYPE_CHECKING, Policy

if TYPE_CHECKING:
    from distributed import Worker

    from ..values import Report


TOPIC = "reqdrift"
_LOG = logging.getLogger("distributed.worker.reqdrift")


# Runs where the plugin arrives. A worker that cannot load a plugin hangs, half registered.
_RESTORE = """
import logging, pickle
from distributed import WorkerPlugin
try:
    from reqdrift.dask.plugin import CheckRequirements
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
        read = [os.path.abspath(one.path) for one in check([file], python=sys.executable).files]
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
            return check([file_here], python=sys.executable, policy=self._policy)
