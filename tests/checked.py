"""What the tests of the rules look at: a project on the disk, or a case made of values alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import reqdrift
from reqdrift import Policy, Report
from reqdrift.commands import Run, examine, find_environment, read_files
from reqdrift.drift.case import Case, make_case
from reqdrift.requirements import read_requirements
from reqdrift.values import (
    CanonicalName,
    Distribution,
    Environment,
    Facts,
    Project,
    Python,
    Request,
    Set,
)
from reqdrift.values.details import Source
from support import add_distribution, make_environment

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Checked:
    """A project with one requirements file and one environment."""

    def __init__(self, folder: Path, version: str = "3.11.7") -> None:
        self.folder = folder
        self.site = make_environment(folder / ".venv", version=version)

    def install(self, release: str, **more: Any) -> None:
        add_distribution(self.site, release, **more)

    def report(self, text: str, *files: str, unlisted: str = "all", **more: Any) -> Report:
        (self.folder / "requirements.txt").write_text(text)
        named = ["requirements.txt", *files]
        return reqdrift.check(named, policy=Policy(unlisted), **more)


def examined(text: str) -> Run:
    """The text as requirements.txt, checked."""
    Path("requirements.txt").write_text(text)
    one = Set("", ("requirements.txt",))
    sides = read_files(one, Request())
    return examine(one, sides, find_environment(one, sides[1], Request()), Request())


def case_of(
    text: str,
    *installed: str,
    sources: Mapping[str, Source] | None = None,
    requires: Mapping[str, Sequence[str]] | None = None,
) -> Case:
    """The case of a file's text and of distributions (`name-version`), where all must be listed."""
    distributions = {}
    for release in installed:
        name, _, version = release.partition("-")
        known = CanonicalName(name)
        entry, direct = f"{release}.dist-info", name in (sources or {})
        distributions[known] = Distribution(known, name, version, entry, "/site", direct)
    environment = Environment("/env", Python("3.11.7"), "a test", distributions)
    requirements = read_requirements(["/r.txt"], read=lambda *_, **__: text.encode())
    facts = Facts(
        {CanonicalName(name): source for name, source in (sources or {}).items()},
        {CanonicalName(name): tuple(texts) for name, texts in (requires or {}).items()},
    )
    return make_case(requirements, environment, facts, Policy("all"), Project("/project"))
