"""Requirements files of cloned repositories, each with an environment made to satisfy it.

For `--real DIR`, where each folder in DIR is a repository. Nothing of them is kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

import environments
from timing import REQDRIFT, UV_SYNC, Bench, Command, run_once

_LARGEST_FILE = 1_000_000


class UnsuitableError(Exception):
    """No environment can be made for this file."""


def repositories(bench: Bench, folder: Path) -> Iterator[tuple[str, str, dict[str, Command]]]:
    """Every file that uv finds satisfied by the environment that was made for it."""
    for number, (repository, name) in enumerate(found(folder)):
        title = f"{repository.name}/{name}"
        place = bench.workshop / f"real-{number}"
        try:
            satisfy(place, repository, name)
            state, group = judged(bench, place, name)
        except (UnsuitableError, RuntimeError, OSError, ValueError) as error:
            print(f"skipped {title}: {error}")
        else:
            yield state, title, group


def judged(bench: Bench, folder: Path, name: str) -> tuple[str, dict[str, Command]]:
    """Whether reqdrift reports something, although uv finds the file satisfied."""
    clean = bench.against_uv(folder, name, 0, 0)
    run_once(clean[UV_SYNC])
    try:
        run_once(clean[REQDRIFT])
    except RuntimeError:
        other = bench.against_uv(folder, name, 1, 0)
        run_once(other[REQDRIFT])
        return "real, with findings", other
    return "real, clean", clean


def found(repositories: Path) -> Iterator[tuple[Path, str]]:
    """The repositories and the requirements files in them."""
    for repository in sorted(path for path in repositories.iterdir() if path.is_dir()):
        files = {*repository.rglob("*requirements*.txt"), *repository.rglob("requirements/*.txt")}
        for path in sorted(files):
            if path.is_file() and not path.is_symlink():
                yield repository, str(path.relative_to(repository))


def satisfy(folder: Path, repository: Path, name: str) -> None:
    """Copy the repository's text files, and install what the file of this name asks for."""
    wanted: dict[str, SpecifierSet] = {}
    extras: dict[str, set[str]] = {}
    collect(repository / name, wanted, extras)
    if not wanted:
        raise UnsuitableError("no requirement applies here")
    site = environments.new_virtualenv(folder)
    for project, specifiers in wanted.items():
        environments.install(site, project, version_for(project, specifiers), (), extras[project])
    for path in (*repository.rglob("*.txt"), *repository.rglob("*.in")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < _LARGEST_FILE:
            target = folder / path.relative_to(repository)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    environments.commit(folder)


def collect(path: Path, wanted: dict[str, SpecifierSet], extras: dict[str, set[str]]) -> None:
    """Add what a file and the files that it names ask for, if it applies here."""
    for text in logical_lines(path.read_text()):
        option, _, value = text.replace("=", " ", 1).partition(" ")
        if option in ("-r", "--requirement"):
            collect(path.parent / value.strip(), wanted, extras)
        elif option in ("-c", "--constraint"):
            raise UnsuitableError("it has constraints")
        elif text.startswith(("-e", "--editable")):
            raise UnsuitableError("it has editable projects")
        elif not text.startswith("-"):
            try:
                need = Requirement(text.partition(" --hash")[0].strip())
            except InvalidRequirement as error:
                raise UnsuitableError(f"{text!r} has no plain requirement") from error
            if need.url:
                raise UnsuitableError("it has URLs")
            if need.marker is None or need.marker.evaluate():
                project = canonicalize_name(need.name)
                wanted[project] = wanted.get(project, SpecifierSet()) & need.specifier
                extras.setdefault(project, set()).update(need.extras)


def logical_lines(text: str) -> Iterator[str]:
    """The lines without comments, continued lines joined."""
    for line in text.replace("\\\n", " ").splitlines():
        stripped = (" " + line).partition(" #")[0].strip()
        if stripped:
            yield " ".join(stripped.split())


def version_for(project: str, specifiers: SpecifierSet) -> str:
    """A version that the specifiers allow: one of theirs, or one close to them."""
    candidates = ["1.0", "0.0.1", "9999.0"]
    for specifier in specifiers:
        plain = specifier.version.removesuffix(".*")
        candidates = [plain, f"{plain}.1", *candidates]
    for candidate in candidates:
        try:
            if specifiers.contains(Version(candidate), prereleases=True):
                return candidate
        except InvalidVersion:
            continue
    raise UnsuitableError(f"no version of {project} for {specifiers}")
