"""What is said where no environment is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.environments import Situation
from reqdrift.environments.locate import locate
from reqdrift.errors import EnvironmentReadError
from situations import situation
from support import make_environment

# Step 9: none.


# The commands that it offers.


def offered(where: Situation) -> list[str]:
    """The lines to type, without what stands behind them."""
    with pytest.raises(EnvironmentReadError) as caught:
        locate(where)
    lines = str(caught.value).splitlines()
    title = "to check one of these, run its command:"
    return lines[lines.index(title) + 1 :] if title in lines else []


def test_it_offers_the_environment_that_reqdrift_runs_in(project: Path, tmp_path: Path) -> None:
    make_environment(tmp_path / "running", "six-1.0")
    assert offered(situation(project, tmp_path / "running", required=("six", "a", "b"))) == [
        f"  reqdrift --python {tmp_path}/running"
        "  # reqdrift runs in it; has 1 of 3 required projects"
    ]


def test_the_environment_of_reqdrift_alone_is_not_offered(project: Path, tmp_path: Path) -> None:
    """What the file lists would be installed next to reqdrift."""
    make_environment(tmp_path / "running")
    assert offered(situation(project, tmp_path / "running", required=("six",))) == []


# For what other tools keep elsewhere.


@pytest.mark.parametrize("variable", ["CI", "JENKINS_URL", "TF_BUILD"])
def test_in_ci_it_offers_the_python_that_the_job_installs_into(
    project: Path, base: Path, hook: Path, variable: str
) -> None:
    """After actions/setup-python and `pip install -r`, with reqdrift by pipx."""
    (base / "bin" / "python3").touch()
    where = situation(project, hook, PATH=f"{hook}/bin:{base}/bin", required=("six",))
    assert offered(where) == []
    environ = {**where.environ, variable: "true"}
    assert offered(where._replace(environ=environ)) == [
        '  reqdrift --python "$(command -v python3)"  # the Python that this job installs into'
    ]
    assert offered(where._replace(environ={**environ, "PATH": f"{hook}/bin"})) == []
    assert offered(where._replace(environ={**environ, "PRE_COMMIT": "1"})) == []
