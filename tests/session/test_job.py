"""What a run is about, from the parameters of a function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import reqdrift
from checked import Checked
from reqdrift.commands.subject import unconfigured
from reqdrift.errors import UsageError
from reqdrift.repository import load_settings
from reqdrift.values import Policy


def test_the_request_means_the_policy(project: object) -> None:
    """Commands that are advised repeat the one, the comparison reads the other."""
    severity = (("extra", "off"),)
    policy = Policy("all", ("foo",), severity, frozenset({"typing"}), "r.txt")  # type: ignore[arg-type]
    one, request = unconfigured("check", {"policy": policy, "python": "/env"}, ["r.txt"])
    assert one.policy == policy
    assert load_settings(request, ".").policy == policy
    assert one.files == request.files == ("r.txt",)
    assert one.python == request.python == "/env"


@pytest.mark.parametrize("one", ["requirements.txt", Path("requirements.txt")])
def test_one_file_may_be_passed_alone(project: Path, one: str | Path) -> None:
    """A text is a sequence, too: of files that are named like its characters."""
    _, request = unconfigured("check", {"python": Path("/env"), "extras": "dev"}, one, one)
    assert request.extras == ("dev",)
    assert request.files == request.constraints == ("requirements.txt",)
    assert request.python == "/env"


@pytest.mark.parametrize("function", [reqdrift.check, reqdrift.env, reqdrift.fix, reqdrift.init])
def test_functions_take_one_path(checked: Checked, function: Callable[..., object]) -> None:
    (checked.folder / "requirements.txt").write_text("six==1.0\n")
    checked.install("six-1.0")
    several = function([str(checked.folder / "requirements.txt")])
    assert function(checked.folder / "requirements.txt") == several


def test_the_default(project: object) -> None:
    one, request = unconfigured("check", {})
    assert one.policy == Policy() == load_settings(request, ".").policy


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ({"python": "/env", "path": "/dir"}, "mutually exclusive"),
        ({"python": "/env", "installed": "a.json"}, "installed and python are mutually exclusive"),
        ({"python_version": "3.12"}, "python_version"),
    ],
)
def test_parameters_that_exclude_each_other(others: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        unconfigured("check", others)
