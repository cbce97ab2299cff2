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
from cases import BARE, REQDRIFT, UV_SYNC, Bench, Case, uv
from timing import Command, run_once

_LARGEST_FILE = 1_000_000


class UnsuitableError(Exception):
    """No environment can be made for this file."""


def real_cases(bench: Bench, repositories: Path) -> Iterator[Case]:
    """Every file that can be satisfied; `unpinned` if reqdrift reports something."""
    for number, (repository, name) in enumerate(found(repositories)):
        title = f"{repository.name}/{name}"
        folder = bench.workshop / f"real-{number}"
        try:
            satisfy(folder, repository, name)
            sync = uv(folder, "pip", "sync", "--check", "--offline", name)
            run_once(sync)
            code = verdict(bench.reqdrift(folder, name))
        except (UnsuitableError, RuntimeError, OSError) as error:
            print(f"  skipped {title}: {error}")
            continue
        commands = {
            REQDRIFT: bench.reqdrift(folder, name, code=code),
            BARE: bench.bare(folder),
            UV_SYNC: sync,
        }
        yield Case(f"real, {'unpinned' if code else 'clean'}", title, UV_SYNC, None, commands)


def verdict(command: Command) -> int:
    """Whether reqdrift reports something; any other exit code raises."""
    try:
        run_once(command)
    except RuntimeError:
        run_once(command._replace(codes=(1,)))
        return 1
    return 0


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
