"""A result of Ansible, as `ansible --tree` writes it: the record is in it.

It is what the command printed, or what the module `reqdrift_inspect` returned.
"""

from __future__ import annotations

import json

from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

_LONGEST_REASON = 300


def is_task_result(document: object) -> bool:
    """Whether a JSON document is a result of Ansible, whatever the outcome."""
    if not isinstance(document, dict) or "installed" in document or "bomFormat" in document:
        return False
    return "changed" in document or "unreachable" in document


def text_in(result: dict[str, Any]) -> str:
    """The record in a result.

    Raises:
        EnvironmentReadError: the host was not reached, the task failed, or it has no record.
    """
    failed = result.get("unreachable") or result.get("failed") or result.get("rc")
    if failed:
        what = "the host was not reached" if result.get("unreachable") else "the task failed"
        reason = " ".join(str(result.get("stderr") or result.get("msg") or "").split())
        raise EnvironmentReadError(f"{what}: {reason[:_LONGEST_REASON]}")
    if isinstance(record := result.get("record"), dict):
        return json.dumps(record)
    if isinstance(printed := result.get("stdout"), str):
        return printed
    raise EnvironmentReadError("it is a result of Ansible that has no record")
