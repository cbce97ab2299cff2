"""The ways to check one environment, and how much of a direct check each of them says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kinds import UV, VARIABLES, Made

import reqdrift
from recorded import used
from reqdrift import Report
from reqdrift.environments import read_environment
from reqdrift.environments.fallbacks import named_environment
from reqdrift.environments.metadata import read_source
from reqdrift.standards import canonical_name
from reqdrift.standards.pep440 import normal_version
from reqdrift.values import Environment
from reqdrift.values.details import Source
from support import REPOSITORY, SCRIPTS, run

PIP = SCRIPTS / "pip"
ENGINE = REPOSITORY / "reqdrift/reqdrift_inspect.py"

Found = set[tuple[str, str, int | None]]
# Options that say what a record does not.
OPTION = re.compile(r"--(python-version|platform)")
LETTERS = {"--python-version": "V", "--platform": "P"}


class Asked(NamedTuple):
    """A file about an environment, what is found directly, and what is not its own."""

    name: str
    lines: list[str]
    unlisted: str
    found: Found


class Direct(NamedTuple):
    """What a direct check says to all questions, and the Python's version."""

    asked: list[Asked]
    version: str


def ask_directly(made: Made, folder: Path) -> Direct:
    """All questions, and the answers of the environment itself."""
    python = str(made.python)
    environment = reqdrift.env(python=python).environment
    assert environment
    frozen = list(reqdrift.freeze(python=python).lines)
    asked = []
    for name, lines, unlisted in _questions(frozen):
        report = _check(folder, lines, unlisted, python=python)
        assert not report.errors, report.errors
        asked.append(Asked(name, lines, unlisted, _found_by(report)))
    return Direct(asked, environment.python.version)


def _questions(frozen: list[str]) -> Iterator[tuple[str, list[str], str]]:
    """Files about an environment of which this is the freeze: what they ask, lines, `unlisted`."""
    plain = [line for line in frozen if "==" in line and " @ " not in line]
    direct = [line for line in frozen if line not in plain]
    changed = f"{plain[0].partition('==')[0]}==0.1"
    yield "all", frozen, "auto"
    yield "all", frozen, "all"
    yield "one less", frozen[1:], "all"
    yield "another version", [*direct, *plain[1:], changed], "all"
    yield "one more", [*frozen, "absent==1.0"], "all"
    yield "a marker", [*frozen, 'absent==1.0; python_version < "3"'], "all"
    yield "a platform", [*frozen, 'absent==1.0; sys_platform == "win32"'], "all"
    yield "a patch version", [*frozen, 'absent==1.0; python_full_version == "3.1.99"'], "all"
    yield "dependencies", frozen[:-1], "orphans"
    yield "releases", plain + [_as_release(line) for line in direct], "all"


def _as_release(line: str) -> str:
    """A direct reference as a release of the same name."""
    name = line.rpartition("#egg=")[2] if line.startswith("-e ") else line.partition(" @ ")[0]
    return f"{name}==1.0"


def _check(folder: Path, lines: list[str], unlisted: str, **about: Any) -> Report:
    file = folder / "requirements.txt"
    file.write_text("\n".join(lines) + "\n")
    return reqdrift.check([str(file)], policy=reqdrift.Policy(unlisted=unlisted), **about)


def _found_by(report: Report) -> Found:
    return {(found.kind, found.project, found.at.line) for found in report.findings}


def letters(direct: Direct, folder: Path, **about: str) -> str:
    """What a way, the parameters of `check`, does not say of what a direct check says.

    Raises:
        AssertionError: it says something else, and not that it does not know.
    """
    lacks: set[str] = set()
    for one in direct.asked:
        report = _check(folder, one.lines, one.unlisted, **about)
        needed = {match[0] for error in report.errors for match in OPTION.finditer(error.message)}
        if needed:
            lacks |= {LETTERS[option] for option in needed}
            values = {"--python-version": direct.version, "--platform": "linux"}
            given = {option[2:].replace("-", "_"): values[option] for option in needed}
            report = _check(folder, one.lines, one.unlisted, **about, **given)
        lacks |= _lacking(one, report)
    return "".join(letter for letter in "VPDS" if letter in lacks)


def _lacking(one: Asked, report: Report) -> set[str]:
    """What else a report lacks: an error says so, or its format has no sources."""
    found = _found_by(report)
    more, less = found - one.found, one.found - found
    lacks = set()
    assert not more, (more, one, report.errors, report.notes)
    for error in report.errors:
        assert error.exit_code == 3, error
        (letter,) = [
            x for x, word in (("D", "dependenc"), ("S", "source")) if word in error.message
        ]
        lacks.add(letter)
    if less and not report.errors:
        assert {kind for kind, _, _ in less} == {"source"}, (one, less, report.notes)
        lacks.add("S")
    return lacks


def write_records(made: Made, folder: Path, columns: Iterable[str]) -> dict[str, Path | None]:
    """A file for each kind of record, as a tool writes it; None if the tool fails."""
    own: tuple[str | Path, ...] = (made.python, "-m", "pip")
    if run(*own, "--version", cwd=folder, env=VARIABLES, check=False).returncode:
        own = (PIP, "--python", made.python)
    local = ("--local",) if made.sees_system else ()
    commands: dict[str, tuple[str | Path, ...]] = {
        "`pip inspect`": (*own, "inspect"),
        "`reqdrift inspect`": (SCRIPTS / "reqdrift", "inspect", "--python", made.python),
        "`reqdrift_inspect.py`": (made.python, ENGINE),
        "list": (*own, "list", "--format", "json", *local),
        "freeze": (*own, "freeze", "--all", *local),
    }
    written: dict[str, Path | None] = {}
    for number, column in enumerate(columns):
        done = run(*commands[column], cwd=folder, env=VARIABLES, check=False)
        path = folder / f"record{number}"
        path.write_text(done.stdout)
        written[column] = None if done.returncode else path
    return written


def ours(environment: Environment) -> dict[str, tuple[str, str]]:
    """Name -> version and, for what did not come from an index, what it came from."""
    return {
        name: (normal_version(one.version), origin(read_source(one)) if one.direct else "")
        for name, one in environment.distributions.items()
    }


def origin(source: object) -> str:
    assert isinstance(source, Source)
    return f"{source.kind}{' editable' * source.editable} {source.revision or ''}".strip()


def by_inspect(report: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for one in report["installed"]:
        url = one.get("direct_url", {})
        kind = next((k for k in ("vcs", "archive", "dir") if f"{k}_info" in url), "")
        info = url.get(f"{kind}_info", {})
        what = {"dir": "folder"}.get(kind, kind) + " editable" * bool(info.get("editable"))
        what = f"{what} {info.get('commit_id', '')}".strip()
        data = one["metadata"]
        found[canonical_name(data["name"])] = (normal_version(data["version"]), what)
    return found


def by_list(text: str) -> dict[str, str]:
    return {canonical_name(one["name"]): normal_version(one["version"]) for one in json.loads(text)}


def versions(environment: Environment, *, own: bool = False) -> dict[str, str]:
    found = environment.distributions.items()
    return {name: normal_version(one.version) for name, one in found if one.own or not own}


def check_against_pip_and_uv(python: Path, folder: Path) -> None:
    """What is read is what pip reads from outside of the environment, and uv."""
    environment = read_environment(named_environment(str(python), "--python", "/"))
    assert not environment.broken
    done = run(PIP, "--python", python, "inspect", cwd=folder, env=VARIABLES)
    report = json.loads(done.stdout)
    assert ours(environment) == by_inspect(report)
    assert used(reqdrift.inspect(python=str(python))) == used(report)
    # uv does not look beyond the environment's own folders.
    words = ("pip", "list", "--offline", "--format", "json", "--python", python)
    found = by_list(run(UV, *words, cwd=folder, env=VARIABLES).stdout)
    assert versions(environment, own=True) == found
