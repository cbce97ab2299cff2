"""What lines say: of releases, and of what they do not list."""

from __future__ import annotations

from .. import standards
from ..errors import InvalidLineError
from ..repository import is_commit_id
from ..values import TYPE_CHECKING, CanonicalName, Location, Note, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

    from ..values import Distribution, Environment, Python, Requirement
    from ..values.details import Scope, Source

# VCSs with numbers instead of commit ids.
NUMBERING = ("svn", "bzr")
# pip never lists these, on any Python (pip's `stdlib_pkgs`), so no freeze ever names them.
HIDDEN_BY_PIP = frozenset(map(CanonicalName, ("argparse", "python", "wsgiref")))
# What new environments have, and `pip install -U pip setuptools wheel` brings.
SEED_PACKAGES = frozenset(map(CanonicalName, ("pip", "setuptools", "wheel", "distribute")))
# Tools that are installed into environments to inspect them.
TOOLS = frozenset(map(CanonicalName, ("uv", "pip-tools", "reqdrift")))


def is_allowed(line: Requirement, found: Distribution) -> bool:
    """Whether the line allows the installed version."""
    version = found.version
    if line.pin == version or (line.limits == f"=={version}" and version[-1] != "*"):
        return True
    return standards.pep440.satisfies(version, line.specifier)


def is_pinned(line: Requirement) -> bool:
    """Whether the line fixes one release."""
    if line.pin is not None:
        return True
    if line.source is None:
        return standards.pep440.is_pinned(line.specifier)
    if line.source.kind == "archive":
        # A wheel's or sdist's file name says its version.
        return bool(line.hashes or line.source.hashes) or standards.pep440.is_pinned(line.specifier)
    return line.source.kind == "vcs" and names_commit(line.source)


def names_commit(source: Source) -> bool:
    """Whether the revision is a fixed commit, not a branch, a tag or a short id."""
    if source.vcs in NUMBERING:
        return (source.revision or "").isdigit()
    return is_commit_id(source.revision)


def may_contradict(lines: Sequence[Requirement]) -> bool:
    """Whether no version satisfies all these lines of one project, or their sources may differ."""
    if sum(line.source is not None for line in lines) > 1:
        return True
    pins = {line.pin for line in lines}
    if len(pins) == 1 and None not in pins:
        return False
    return standards.pep440.is_unsatisfiable({line.specifier for line in lines})


def may_repeat(lines: Sequence[Requirement]) -> bool:
    """Whether two lines of a file that apply are about the same project."""
    if len({line.name for line in lines}) == len(lines):
        return False
    return len({(x.origin.file, x.name, x.constraint) for x in lines}) < len(lines)


def unlisted_projects(
    environment: Environment, listed: Set[CanonicalName], omitted: frozenset[CanonicalName]
) -> tuple[tuple[Distribution, ...], tuple[Note, ...]]:
    """The installed projects that are not `listed`: those that are not exempt, notes on the others.

    `omitted` are the projects that compiled files leave out on purpose.
    """
    others = [found for name, found in environment.distributions.items() if name not in listed]
    exempt = {found: _exemption(found, omitted) for found in others}
    notes = [note for note in exempt.values() if note]
    return tuple([found for found, note in exempt.items() if not note]), tuple(notes)


def _exemption(found: Distribution, omitted: frozenset[CanonicalName]) -> Note | None:
    name = found.name
    if not found.own:
        return Note("system", name, None, f"{name} is outside the environment's own folders")
    if name in HIDDEN_BY_PIP:
        return Note("stdlib", name, None, f"{name} is installed, but pip freeze never lists it")
    if name in SEED_PACKAGES:
        return Note("tool", name, None, f"{name} is never counted as extra")
    if name in omitted:
        return Note("tool", name, None, f"{name} is left out of the compiled file on purpose")
    return None


def outside_scopes(
    scopes: Iterable[Scope],
    applicable: Mapping[CanonicalName, Sequence[Requirement]],
    python: Python,
) -> Iterator[Problem]:
    """The lock files, and the entries of them that apply here, that exclude the checked Python.

    pip and uv refuse to install from them, so there is nothing that the environment could match.
    """
    for scope in scopes:
        at = Location(scope.file, scope.line)
        lines = applicable.get(CanonicalName(scope.project), ())
        if scope.project and not any(line.at == at for line in lines):
            continue
        try:
            is_met = any(standards.pep440.marker_holds(marker, python) for marker in scope.markers)
        except InvalidLineError as error:
            yield Problem(at, str(error))
            continue
        if not is_met:
            what = f"{scope.project} is" if scope.project else "the lock file is"
            message = f"{what} for {scope.text}, but this environment has Python {python.version}"
            if python.version.count(".") == 1 and any(
                standards.pep440.marker_hangs_on_patch(marker, python) for marker in scope.markers
            ):
                message += "; pass --python-version X.Y.Z"
            yield Problem(at, message)
