"""The ways to check one environment, and how much of a direct check each of them says."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kinds import UV, VARIABLES

import reqdrift
from reqdrift import Report
from support import SCRIPTS, run

# A finding, as every way has to say it.
Found = tuple[str, str, int | None]
# Options that say what a record does not, with their values for these environments.
OPTION = re.compile(r"--(python-version|platform)")


class Side(NamedTuple):
    """An environment that is read in one way; `about` are the parameters of `check`."""

    folder: Path
    about: dict[str, str]

    def check(self, lines: list[str], unlisted: str = "auto", **more: str) -> Report:
        file = self.folder / "requirements.txt"
        file.write_text("\n".join(lines) + "\n")
        policy = reqdrift.Policy(unlisted=unlisted)
        about: dict[str, Any] = {**self.about, **more}
        return reqdrift.check([str(file)], policy=policy, **about)


def found_by(report: Report) -> set[Found]:
    return {(f.kind, f.project, f.at.line) for f in report.findings}


def questions(frozen: list[str]) -> Iterator[tuple[str, list[str], str]]:
    """Files about an environment, of which this is the freeze: what they ask, lines, `unlisted`."""
    plain = [line for line in frozen if "==" in line and " @ " not in line]
    direct = [line for line in frozen if line not in plain]
    yield "all", frozen, "auto"
    yield "all", frozen, "all"
    yield "one less", frozen[1:], "all"
    yield "other version", [*direct, *plain[1:], f"{plain[0].partition('==')[0]}==0.1"], "all"
    yield "missing", [*frozen, "absent==1.0"], "all"
    yield "markers", [*frozen, 'absent==1.0; python_version < "3"'], "all"
    yield "platform", [*frozen, 'absent==1.0; sys_platform == "win32"'], "all"
    yield "patch", [*frozen, 'absent==1.0; python_full_version == "3.1.99"'], "all"
    yield "direct only", frozen[:-1], "orphans"
    if direct:
        yield "sources", plain + [_as_release(line) for line in direct], "all"


def _as_release(line: str) -> str:
    """A direct reference as a release of the same name."""
    name = line.rpartition("#egg=")[2] if line.startswith("-e ") else line.partition(" @ ")[0]
    return f"{name}==1.0"


def letters(direct: Side, other: Side, frozen: list[str]) -> str:
    """What a way does not say of what a direct check says; '' if it says all.

    Raises:
        AssertionError: it says something else, and not that it does not know.
    """
    missing: set[str] = set()
    for question, lines, unlisted in questions(frozen):
        expected = found_by(direct.check(lines, unlisted))
        report = other.check(lines, unlisted)
        needed = {match[1] for error in report.errors for match in OPTION.finditer(error.message)}
        if needed:
            missing |= {"V" if option == "python-version" else "P" for option in needed}
            options = {"python-version": version_of(direct), "platform": "linux"}
            given = {option.replace("-", "_"): options[option] for option in needed}
            report = other.check(lines, unlisted, **given)
        found = found_by(report)
        if report.errors:
            assert report.exit_code == 3, (question, report.errors)
            assert found <= expected, (question, found, expected)
            assert all("dependenc" in error.message for error in report.errors), report.errors
            missing.add("D")
        elif found != expected:
            lost = expected - found
            assert found < expected and {kind for kind, _, _ in lost} == {"source"}, (
                *(question, lines, sorted(found), sorted(expected)),
                *(report.notes,),
            )
            missing.add("S")
    return "".join(sorted(missing))


def version_of(direct: Side) -> str:
    environment = reqdrift.env(python=direct.about["python"]).environment
    assert environment
    return environment.python.version


def copy_of(prefix: Path, folder: Path) -> Side:
    """A root file system that has the environment, its Python and what it links to."""
    root = folder / "image"
    for path in {prefix, *_bases(prefix)}:
        shutil.copytree(path, root / str(path)[1:], symlinks=True, dirs_exist_ok=True)
    return Side(folder, {"root": str(root), "python": str(prefix)})


def _bases(prefix: Path) -> Iterator[Path]:
    return iter(())


PIP = SCRIPTS / "pip"
SBOM = (UV, "tool", "run", "-q", "--from", "cyclonedx-bom==7.0.0", "cyclonedx-py", "environment")


def records(prefix: Path, folder: Path) -> dict[str, str]:
    """What each tool writes of the environment; '' if it cannot."""
    python = prefix / "bin/python"
    own = (python, "-m", "pip")
    if run(*own, "--version", cwd=folder, env=VARIABLES, check=False).returncode:
        own = (PIP, "--python", python)  # type: ignore[assignment]
    commands: dict[str, tuple[str | Path, ...]] = {
        "pip inspect": (*own, "inspect"),
        "pip list": (*own, "list", "--format", "json"),
        "pip freeze": (*own, "freeze", "--all"),
        "SBOM": (*SBOM, python),
    }
    made = {}
    for name, command in commands.items():
        done = run(*command, cwd=folder, env=VARIABLES, check=False)
        made[name] = "" if done.returncode else done.stdout
    made["reqdrift inspect"] = json.dumps(reqdrift.inspect(python=str(python)))
    return made
