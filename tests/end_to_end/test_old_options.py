"""Files with options that only older pips read: checked, fixed, and never half planned."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from workshop import make_wheel

from support import REPOSITORY, SCRIPTS, findings, make_environment, reqdrift, run

# Old pips are installed.
pytestmark = pytest.mark.long

TEXT = '--use-wheel\nlantern==1.0 --install-option="--prefix=/opt"  # why\n'


@pytest.fixture
def camp(tmp_path: Path) -> Path:
    """A project whose environment, filled by today's pip, holds something else than its file."""
    make_wheel(tmp_path / "wheels", "lantern", "0.9")
    make_wheel(tmp_path / "wheels", "wick", "1.0")
    run(SCRIPTS / "virtualenv", "-q", "--no-setuptools", ".venv", cwd=tmp_path)
    pip = (tmp_path / ".venv/bin/python", "-m", "pip", "install", "-q", "--no-index")
    run(*pip, "--find-links", "wheels", "lantern", "wick", cwd=tmp_path)
    (tmp_path / "requirements.txt").write_text(TEXT)
    return tmp_path


def test_the_file_is_checked(camp: Path) -> None:
    done = reqdrift(cwd=camp)
    assert findings(camp) == [("extra", "wick", None), ("version", "lantern", 2)]
    said = ("pip 10 and newer refuse --use-wheel", "pip 23.1 and newer refuse --install-option")
    assert all(
        f"note (outdated): {text}, and so does uv; remove it" in done.stdout for text in said
    )


def test_the_schema_knows_the_note(camp: Path) -> None:
    document = json.loads(reqdrift("--format", "json", cwd=camp).stdout)
    assert "outdated" in {note["reason"] for note in document["notes"]}
    schema = json.loads((REPOSITORY / "docs/report.schema.json").read_text())
    jsonschema.validate(document, schema)


def test_a_plan_that_the_installer_would_refuse_is_not_printed(camp: Path) -> None:
    """It would uninstall first, and then fail."""
    pip = (camp / ".venv/bin/python", "-m", "pip")
    refused = run(*pip, "install", "-r", "requirements.txt", cwd=camp, check=False)
    assert (refused.returncode, "no such option" in refused.stderr) == (1, True)
    (version,) = run(*pip, "--version", cwd=camp).stdout.split()[1:2]
    done = reqdrift("plan", cwd=camp)
    told = f"reqdrift: requirements.txt:1: pip {version} refuses --use-wheel; "
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{told}remove it from the file\n"
    done = reqdrift("plan", "--with", "uv", cwd=camp)
    assert (done.returncode, "uv refuses --use-wheel" in done.stderr) == (2, True)


def test_an_older_pip_gets_its_plan(tmp_path: Path) -> None:
    make_environment(tmp_path / ".venv", "lantern-0.9", "pip-9.0.3", version="3.6.15")
    (tmp_path / "requirements.txt").write_text(TEXT)
    done = reqdrift("plan", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f" install -r {tmp_path}/requirements.txt\n")


def test_fix_keeps_the_options(camp: Path) -> None:
    assert reqdrift("fix", "--cautious", cwd=camp).returncode == 1
    assert reqdrift("fix", cwd=camp).returncode == 0
    text = TEXT.replace("lantern==1.0", "lantern==0.9")
    assert (camp / "requirements.txt").read_text() == f"{text}wick==1.0\n"
