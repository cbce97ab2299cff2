"""`reqdrift inspect` as a command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution

Captured = pytest.CaptureFixture[str]


def test_the_environment_as_pips_report(site: Path, capsys: Captured) -> None:
    add_distribution(site, "bar-2.0", requires=["foo>=1"])
    assert main(["inspect"]) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert err == ""
    assert report["version"] == "1"
    assert report["environment"]["python_full_version"] == "3.11.7"
    found = {one["metadata"]["name"]: one["metadata"] for one in report["installed"]}
    assert found.keys() == {"foo", "bar"}
    assert found["bar"]["version"] == "2.0"
    assert found["bar"]["requires_dist"] == ["foo>=1"]


def test_it_can_be_checked_in_place_of_the_environment(site: Path, capsys: Captured) -> None:
    Path(".git").rmdir()  # without git, nothing is started
    for code in (0, 1):
        assert main(["inspect"]) == 0
        Path("installed.json").write_text(capsys.readouterr().out)
        assert main(["--installed", "installed.json"]) == code
        capsys.readouterr()
        add_distribution(site, f"bar{code}-1.0")


def test_a_python_version_that_is_not_known_is_an_error(project: Path, capsys: Captured) -> None:
    add_distribution(project / "lib", "foo-1.0")
    assert main(["inspect", "--path", "lib"]) == 2
    assert capsys.readouterr().err.endswith("pass --python-version X.Y\n")
    assert main(["inspect", "--path", "lib", "--python-version", "3.12"]) == 0
