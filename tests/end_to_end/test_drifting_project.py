"""A real project that has drifted in every way, each drift found and nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import demo
from support import clean_environ, reqdrift, run

# What nothing that is listed needs.
UNNEEDED = ["iniconfig", "packaging", "pluggy", "pytest", "tomli"]


@pytest.fixture(scope="module")
def drifting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drifting") / "shop"
    demo.build(folder)
    return folder


@pytest.fixture(scope="module")
def document(drifting: Path) -> dict[str, Any]:
    done = reqdrift("--format", "json", cwd=drifting)
    assert done.returncode == 1
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


def test_every_drift_and_nothing_else(document: dict[str, Any]) -> None:
    assert [(f["kind"], f["project"], f["file"], f["line"]) for f in document["findings"]] == [
        ("version", "urllib3", "constraints.txt", 1),
        ("extra", "iniconfig", "requirements.txt", None),
        ("extra", "packaging", "requirements.txt", None),
        ("extra", "pluggy", "requirements.txt", None),
        ("extra", "pytest", "requirements.txt", None),
        ("extra", "tomli", "requirements.txt", None),
        ("version", "flask", "requirements.txt", 4),
        ("missing", "requests", "requirements.txt", 5),
        ("missing", "colorama", "requirements.txt", 6),
        ("unpinned", "click", "requirements.txt", 7),
        ("conflict", "six", "requirements.txt", 12),
        ("source", "shoptool", "requirements.txt", 14),
    ]


def test_what_is_seen_and_not_counted(document: dict[str, Any]) -> None:
    notes = [(n["reason"], n["project"], n["line"]) for n in document["notes"]]
    assert ("stdlib", "wsgiref", 9) in notes
    assert ("marker", "pywin32", 10) in notes
    assert ("local", "shoplib", 13) in notes


def test_why_each_extra_is_there(drifting: Path) -> None:
    document = json.loads(reqdrift("--unlisted", "all", "--format", "json", cwd=drifting).stdout)
    why = {f["project"]: f["message"].partition("; ")[2] for f in document["findings"]}
    assert why["tomli"] == "nothing needs it"
    assert why["mdurl"] == "needed by markdown-it-py 3.0.0, needed by rich"
    brought_by = {f["project"]: f["brought_by"] for f in document["findings"]}
    assert brought_by["mdurl"] == brought_by["pytest"] == []
    assert brought_by["pluggy"] == ["pytest"]


def test_the_environment_is_the_projects_own_and_was_not_started(
    document: dict[str, Any], drifting: Path
) -> None:
    assert document["environment"]["prefix"] == str(drifting / ".venv")
    assert document["environment"]["interpreter_started"] is False
    assert not list(drifting.glob(".venv/lib/*/site-packages/pip"))  # read without pip in it


# Python tells an audit hook of every program started and every connection made.
WATCHED = """
import sys
seen = []
sys.addaudithook(lambda event, arguments: seen.append((event, arguments)))
from reqdrift.cli import main
main(sys.argv[1:])
starts = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "os.system")
print("open" in dict(seen))
print(sorted({arguments[0] for event, arguments in seen if event.startswith(starts)}))
print([event for event, arguments in seen if event.startswith("socket.")])
"""


def test_no_network_is_asked_and_no_program_is_started(drifting: Path) -> None:
    done = run(sys.executable, "-c", WATCHED, cwd=drifting)
    assert "drift: " in done.stdout
    assert done.stdout.splitlines()[-3:] == ["True", "[]", "[]"]


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("", []),
        ("wsgiref==0.1.2", []),
        ("argparse", []),
        ("absent==1; sys_platform == 'x'", []),
        ("absent==1", ["--severity", "missing=off"]),
        ("absent==1", ["--ignore", "absent"]),
        ("certifi==1", ["--severity", "version=off"]),
    ],
)
def test_a_clean_check_starts_nothing(drifting: Path, line: str, options: list[str]) -> None:
    frozen = reqdrift("freeze", cwd=drifting).stdout.splitlines()
    lines = [each for each in frozen if each.partition("==")[0] != line.partition("==")[0]]
    (drifting / "frozen.txt").write_text("\n".join([*lines, line, ""]))
    done = run(sys.executable, "-c", WATCHED, "frozen.txt", *options, cwd=drifting)
    assert "drift: " not in done.stdout
    assert done.stdout.splitlines()[-3:] == ["True", "[]", "[]"]


def test_orphans_policy(drifting: Path) -> None:
    done = reqdrift("--unlisted", "orphans", "--format", "json", cwd=drifting)
    extras = [f["project"] for f in json.loads(done.stdout)["findings"] if f["kind"] == "extra"]
    assert extras == UNNEEDED


def test_both_files_together(drifting: Path) -> None:
    """The other one lists what is needed only, so that all that is needed is listed."""
    files = ("requirements.txt", "requirements-dev.txt")
    words = ("--unlisted", "all", "--format", "json")
    document = json.loads(reqdrift(*files, *words, cwd=drifting).stdout)
    extras = [f["project"] for f in document["findings"] if f["kind"] == "extra"]
    assert extras == UNNEEDED


def test_a_clean_environment_of_the_same_project_is_clean(drifting: Path) -> None:
    frozen = run(
        demo.SCRIPTS / "uv", "pip", "freeze", "--python", ".venv", cwd=drifting, env=clean_environ()
    )
    (drifting / "frozen.txt").write_text(frozen.stdout)
    done = reqdrift("frozen.txt", cwd=drifting)
    assert done.stdout.startswith("clean; 24 requirements in frozen.txt")
    assert done.returncode == 0
