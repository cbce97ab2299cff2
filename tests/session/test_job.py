"""What a run is about, from the parameters of a function."""

from __future__ import annotations

import pytest

from reqdrift.errors import UsageError
from reqdrift.repository import load_settings
from reqdrift.session.job import unconfigured
from reqdrift.values import Policy


def test_the_request_means_the_policy(project: object) -> None:
    """Commands that are advised repeat the one, the comparison reads the other."""
    severity = (("extra", "off"),)
    policy = Policy("all", ("foo",), severity, frozenset({"typing"}), "r.txt")  # type: ignore[arg-type]
    job = unconfigured(["r.txt"], [], policy, python="/env")
    assert job.policy == policy
    assert load_settings(job.request, ".").policy == policy
    assert job.one.files == job.request.files == ("r.txt",)
    assert job.one.python == job.request.python == "/env"


def test_the_default(project: object) -> None:
    job = unconfigured([], [], None)
    assert job.policy == Policy() == load_settings(job.request, ".").policy


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ({"python": "/env", "path": "/dir"}, "mutually exclusive"),
        ({"python_version": "3.12"}, "python_version"),
    ],
)
def test_parameters_that_exclude_each_other(others: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        unconfigured([], [], None, **others)
