"""Compare the scheduler and the workers of a Dask cluster with requirements files.

Nothing of reqdrift needs to be installed there: the cluster's own messages carry the module that
reports an environment. Of `distributed` only the client's public methods are used.
"""

from __future__ import annotations

import json
import os
import tempfile

from ..commands.check import check as check_one
from ..files import read_regular
from ..values import TYPE_CHECKING, Policy

if TYPE_CHECKING:
    from typing import Any

    from distributed import Client

    from ..commands import Files
    from ..values import Report

SCHEDULER = "scheduler"
_MODULE = os.path.join(os.path.dirname(__file__), "..", "engines", "reqdrift_inspect.py")


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
    source = read_regular(_MODULE).decode()
    names = {"__name__": "reqdrift_inspect", "__package__": ""}
    # A text and a built-in function: pickled functions are of one version of Python.
    asked = f"(lambda names: (exec({source!r}, names), names['report']())[1])({names!r})"
    return {SCHEDULER: client.run_on_scheduler(eval, asked), **client.run(eval, asked)}
