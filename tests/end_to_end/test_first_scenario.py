"""A freeze of Python 2.7, which lists a module of the standard library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import SCRIPTS, add_distribution, make_environment, python27, reqdrift, run

REQUIREMENTS = "Django==1.1.1\nrpc4django==0.1.7\nwsgiref==0.1.2\n"


def _make_real_environment(python: str, prefix: Path) -> Path:
    """Newer virtualenvs make none for Python 2.7."""
    scratch = prefix.parent / "scratch"
    interpreter = scratch / "bin" / "python"
    run(SCRIPTS / "uv", "venv", "--quiet", scratch, cwd=prefix.parent)
    command = ("pip", "install", "--quiet", "--python", interpreter, "virtualenv<20.22")
    run(SCRIPTS / "uv", *command, cwd=prefix.parent)
    run(interpreter, "-m", "virtualenv", "--quiet", "-p", python, prefix, cwd=prefix.parent)
    return prefix / "lib" / "python2.7" / "site-packages"


def _make_legacy_environment(prefix: Path) -> Path:
    """What virtualenv before version 20 left: no pyvenv.cfg, and the base's prefix in a file."""
    site = make_environment(prefix, version="2.7.18")
    (prefix / "pyvenv.cfg").unlink()
    (site.parent / "orig-prefix.txt").write_text("/usr")
    return site


@pytest.mark.parametrize("kind", ["real", "fabricated", "legacy"])
def test_the_freeze_of_a_python_2_project_is_clean(kind: str, tmp_path: Path) -> None:
    prefix = tmp_path / ".venv"
    if kind == "fabricated":
        site = make_environment(prefix, "pip-20.3.4", "setuptools-44.1.1", version="2.7.18")
    elif kind == "legacy":
        site = _make_legacy_environment(prefix)
    elif python := python27():
        site = _make_real_environment(python, prefix)
    else:
        pytest.skip("this machine has no Python 2.7")
    add_distribution(site, "rpc4django-0.1.7")
    # Django 1.1 came from distutils, which leaves a file.
    (site / "Django-1.1.1-py2.7.egg-info").write_text(
        "Metadata-Version: 1.0\nName: Django\nVersion: 1.1.1\n"
    )
    (tmp_path / "requirements.txt").write_text(REQUIREMENTS)
    done = reqdrift("--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdict"]) == (0, "clean")
    assert report["findings"] == report["errors"] == []
    about_lines = [note for note in report["notes"] if note["line"]]
    assert [(n["reason"], n["project"], n["line"]) for n in about_lines] == [
        ("stdlib", "wsgiref", 3)
    ]
    assert report["environment"]["python_version"].startswith("2.7")
    assert report["counts"]["checked"] == 2
    assert report["counts"]["skipped"] == 1
