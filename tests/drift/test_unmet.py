"""What listed packages need and a conda environment lacks."""

from __future__ import annotations

import pytest

from checked import Checked, examined
from reqdrift import Policy
from reqdrift.drift import compare
from reqdrift.drift.case import make_case


@pytest.mark.parametrize("is_conda", [False, True])
def test_conda_has_other_names_for_some_projects(checked: Checked, is_conda: bool) -> None:
    checked.install("web-2.0", requires=["absent", "forms>5"])
    checked.install("forms-1.0")
    found = examined("web==2.0\n")
    environment = found.environment._replace(is_conda=is_conda)
    parts = found.requirements, environment, found.case.facts, Policy(), found.case.project
    assert [(f.project, f.severity) for f in compare(make_case(*parts)).findings] == [
        ("absent", "warning" if is_conda else "error"),
        ("forms", "warning"),
    ]
