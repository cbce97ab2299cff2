"""Results of Ansible as records: what was printed, what was returned, and what failed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import reqdrift
from reqdrift import EnvironmentReadError

REPORT = {
    "version": "1",
    "installed": [{"metadata": {"name": "lantern", "version": "0.1"}}],
    "environment": {
        "implementation_name": "cpython",
        "implementation_version": "3.12.1",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": "3.12.1",
        "python_version": "3.12",
        "sys_platform": "linux",
    },
}


def verdict(result: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    Path("requirements.txt").write_text("lantern==0.1\n")
    Path("web1").write_text(json.dumps(result))
    return reqdrift.check(installed="web1").verdict


@pytest.mark.parametrize(
    "content",
    [
        {"stdout": json.dumps(REPORT), "rc": 0, "stderr": "[notice] A new release of pip"},
        {"stdout": "lantern==0.1", "rc": 0},
        {"stdout": '[{"name": "lantern", "version": "0.1"}]', "rc": 0},
        {"record": REPORT},
    ],
)
def test_the_record_is_in_the_result(
    content: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verdict({"changed": True, **content}, tmp_path, monkeypatch) == "clean"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"unreachable": True, "msg": "No\nroute"}, "web1: the host was not reached: No route"),
        ({"failed": True, "msg": "no pip"}, "web1: the task failed: no pip"),
        ({"rc": 1, "stdout": "lantern==0.1", "stderr": "broken"}, "web1: the task failed: broken"),
        ({"ping": "pong"}, "web1: it is a result of Ansible that has no record"),
        ({"stdout": ""}, "web1: it is empty"),
    ],
)
def test_a_result_without_a_record_is_an_error(
    content: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EnvironmentReadError) as raised:
        verdict({"changed": False, **content}, tmp_path, monkeypatch)
    assert raised.value.message == message


def test_a_result_within_a_result_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = json.dumps({"changed": True, "stdout": "lantern==0.1"})
    with pytest.raises(EnvironmentReadError):
        verdict({"changed": True, "stdout": inner}, tmp_path, monkeypatch)
