"""What a record does not say is not taken from the Python that runs."""

from __future__ import annotations

from pathlib import Path

import packaging
import pytest

from support import REPOSITORY, clean_environ, interpreters, run

LIST = '[{"name": "six", "version": "1.16.0"}, {"name": "setuptools", "version": "70"}]'
FREEZE = "six==1.16.0\nsetuptools==70\n"


@pytest.mark.parametrize("record", [LIST, FREEZE])
@pytest.mark.parametrize("line", ["six==1.16.0\npip==24", "six"])
def test_the_python_that_runs_makes_no_difference(project: Path, line: str, record: str) -> None:
    (project / "requirements.txt").write_text(f"{line}; python_version < '3.12'\n")
    (project / "record").write_text(record)
    env = clean_environ(PYTHONPATH=f"{REPOSITORY}:{Path(packaging.__file__).parent.parent}")
    errors = set()
    for minor, python in interpreters().items():
        if int(minor[2:]) >= 11:
            words = ("-m", "reqdrift", "--installed", "record")
            done = run(python, *words, cwd=project, env=env, check=False)
            assert done.returncode == 3
            # The verdict says which Python was assumed.
            errors.add(done.stdout.rpartition("\nfailed")[0])
    assert len(errors) == 1
    assert errors != {""}
