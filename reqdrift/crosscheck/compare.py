"""Compare what reqdrift reads with what a witness (pip or importlib.metadata) reads.

Pure: `worker` asks the witness, and `session.cross_check` passes both readings to this module.
"""

from __future__ import annotations

import os

from ..errors import EnvironmentReadError, InvalidLineError
from ..standards import canonical_name, pep440, urls
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Distribution,
    Environment,
    Location,
    NamedTuple,
    Note,
    Problem,
    Requirement,
    Requirements,
)
from ..values.locks import LockEntry
from ..values.sources import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..values.facts import Unreadable
    from .worker import ReadLine, Seen, Witness

# Differences between distributions that are accepted, each with its reason.
HIDDEN = "pip never lists a name of the standard library"
SHADOWED = "it also lists copies that `import` does not reach"
BROKEN = "a finding says what is wrong"
LEFTOVER = "a leftover of a removed distribution does not count"
MUTE = "its metadata lacks the name or version; its folder's name has them"
# Accepted differences between lines.
MARKER = "the marker is false for the Python that reqdrift runs on"
VARIABLE = "it does not expand variables"
GLUED = "it reads the marker after a URL as part of the URL"
UNREAD = "it does not read paths, bare URLs, options, or markers with `and` or `or`"

# pip's `stdlib_pkgs`.
_HIDDEN_BY_PIP = frozenset(map(CanonicalName, ("argparse", "wsgiref", "python")))


class Difference(NamedTuple):
    """Two readings that differ; `accepted` is the reason why that is not a problem."""

    what: str
    message: str
    accepted: str = ""
    at: Location | None = None


class Outcome(NamedTuple):
    """The result: `notes` say which witness answered and what agrees, `problems` fail the run."""

    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()


def cross_check(
    environment: Environment,
    sources: Mapping[CanonicalName, Source | Unreadable],
    requirements: Requirements,
    witness: Witness,
) -> Outcome:
    """Compare our readings of the environment and the files with those of the witness.

    `sources` says where the distributions came from that did not come from an index.
    """
    who = witness.name
    installed = tuple(compare_environments(environment, sources, witness))
    unlike = {difference.what for difference in installed if not difference.accepted}
    same = len(environment.distributions.keys() - unlike)
    alone = "" if who.startswith("pip ") else "there is no pip in the environment; "
    text = f"{alone}{who} agrees on {same} of {len(environment.distributions)} distributions"
    notes = [_summary(text, installed)]
    listed: tuple[Difference, ...] = ()
    if witness.lines is None:
        text = "the files are not cross-checked: pip-api finds no pip"
    else:
        listed = tuple(compare_requirements(requirements, witness.lines))
        places = {difference.at for difference in listed}
        read = [r for r in requirements.requirements if not isinstance(r.origin, LockEntry)]
        same = sum(requirement.at not in places for requirement in read)
        text = f"pip-api agrees on {same} of {len(read)} lines"
    notes.append(_summary(text, listed))
    return Outcome(tuple(notes), _problems((*installed, *listed)))


def _summary(text: str, differences: Iterable[Difference]) -> Note:
    """A note with what agrees, and the accepted differences by reason."""
    accepted: dict[str, list[str]] = {}
    for difference in differences:
        if difference.accepted:
            accepted.setdefault(difference.accepted, []).append(difference.what)
    parts = [f"{_some(list(dict.fromkeys(what)))}: {why}" for why, what in accepted.items()]
    return Note("witness", None, None, "; ".join([text, *parts]))


def _some(what: Sequence[str]) -> str:
    """The first three, and how many more there are."""
    more = f" and {len(what) - 3} more" if len(what) > 3 else ""
    return ", ".join(what[:3]) + more


def _problems(differences: Iterable[Difference]) -> tuple[Problem, ...]:
    code = EnvironmentReadError.exit_code
    return tuple(
        Problem(d.at, f"cross-check: {d.message}", code) for d in differences if not d.accepted
    )


def compare_environments(
    environment: Environment,
    sources: Mapping[CanonicalName, Source | Unreadable],
    witness: Witness,
) -> Iterator[Difference]:
    """All differences between the distributions, including accepted ones."""
    who = witness.name
    broken = {trouble.project for trouble in environment.broken}
    theirs: dict[CanonicalName, list[Seen]] = {}
    for seen in witness.distributions:
        if os.path.basename(seen.path).startswith("~"):
            yield Difference(os.path.basename(seen.path), "", LEFTOVER)
        else:
            theirs.setdefault(canonical_name(_name(seen)), []).append(seen)
    for name, copies in theirs.items():
        accepted = BROKEN if name in broken else ""
        mine = environment.distributions.get(name)
        if mine is None:
            place = copies[0].path or copies[0].location
            message = f"{who} reads {name} {copies[0].version} ({place}), reqdrift does not"
            yield Difference(name, message, accepted)
            continue
        if what := _unlike(mine, copies[0], sources.get(name), witness):
            yield Difference(name, f"{_ours(mine)}, {who} {what}", accepted)
        elif not (copies[0].name and copies[0].version):
            yield Difference(name, "", MUTE)
        if len(copies) > 1:
            yield Difference(name, "", SHADOWED)
    for name in environment.distributions.keys() - theirs.keys():
        mine = environment.distributions[name]
        accepted = BROKEN if name in broken else ""
        if name in _HIDDEN_BY_PIP and who.startswith("pip "):
            accepted = HIDDEN
        yield Difference(name, f"{_ours(mine)}, {who} does not", accepted)


def _ours(mine: Distribution) -> str:
    return f"reqdrift reads {mine.project} {mine.version} ({mine.path})"


def _name(seen: Seen) -> str:
    return seen.name or os.path.basename(seen.path).partition("-")[0]


def _unlike(
    mine: Distribution, seen: Seen, source: Source | Unreadable | None, witness: Witness
) -> str:
    """What the witness reads instead; '' if it is the same."""
    if seen.why:
        return f"cannot ({seen.why})"
    if seen.version and not _same_version(seen.version, mine.version):
        return f"version {seen.version}"
    folder = seen.location or os.path.dirname(seen.path)
    if not (mine.path.endswith(".egg-link") or seen.editable) and folder:
        places = {os.path.realpath(mine.folder), os.path.realpath(mine.path)}
        if os.path.realpath(folder) not in places:
            return f"one in {folder}"
    if not witness.tells_editables or not (source is None or isinstance(source, Source)):
        return ""
    folders = source.folders if source and source.editable else ()
    if seen.editable and os.path.realpath(seen.editable) not in folders:
        return f"an editable in {seen.editable}"
    return f"no editable in {folders[0]}" if folders and not seen.editable else ""


def _same_version(one: str, other: str) -> bool:
    """Whether both are the same version; a text outside PEP 440 equals only itself."""
    return (
        one == other
        or pep440.normal_version(one) == pep440.normal_version(other) != ""
        or pep440.release_numbers(one) == pep440.release_numbers(other) != ()
    )


def compare_requirements(
    requirements: Requirements, lines: Sequence[Sequence[ReadLine]]
) -> Iterator[Difference]:
    """All differences between the lines, including accepted ones, except lines with errors."""
    theirs: dict[tuple[str, int | None], ReadLine] = {
        (file.path, read.line): read
        for file, of_file in zip(requirements.files, lines, strict=True)
        for read in of_file
    }
    known = {(problem.at.file, problem.at.line) for problem in requirements.errors if problem.at}
    for mine in requirements.requirements:
        if isinstance(mine.origin, LockEntry):
            continue  # pip-api does not read lock files
        place = (mine.at.file, mine.at.line)
        known.add(place)
        read = theirs.get(place) or ReadLine(mine.at.line or 0)
        accepted = _not_comparable(mine, read)
        if accepted or (what := _unlike_line(mine, read)):
            where = f"{os.path.basename(mine.at.file)}:{mine.at.line}"
            message = "" if accepted else f"reqdrift reads '{mine.text}', pip-api {what}"
            yield Difference(where, message, accepted, mine.at)
    for (file, line), read in theirs.items():
        if read.name and not known & {(file, line), (file, None)}:
            text = f"{read.name} {read.specifier}".strip()
            message = f"pip-api reads '{text}', reqdrift reads no requirement"
            yield Difference(file, message, "", Location(file, line))


def _not_comparable(mine: Requirement, read: ReadLine) -> str:
    """Why the two readings of a line cannot be compared, '' if they can."""
    if "${" in mine.full_text:
        return VARIABLE
    if read.why:
        return UNREAD
    if mine.source and ";" in mine.full_text:
        return GLUED
    return MARKER if mine.marker and not read.name else ""


def _unlike_line(mine: Requirement, read: ReadLine) -> str:
    """What pip-api reads instead, '' if it is the same."""
    source = mine.source
    if not read.name:
        return "no requirement"
    # The name of a folder's project is in its files; both readings are guesses.
    if mine.name and mine.name != canonical_name(read.name):
        return f"the project {read.name}"
    if not source and pep440.normal_form(mine.specifier) != pep440.normal_form(read.specifier):
        return f"the versions {read.specifier or 'of any kind'}"
    # pip-api has extras only for named requirements.
    named = not source or "@" in mine.text.partition(":")[0]
    if named and {*map(canonical_name, mine.extras)} != {*map(canonical_name, read.extras)}:
        return f"the extras {', '.join(read.extras) or 'none'}"
    marker = pep440.normal_marker(mine.marker) if mine.marker else ""
    if marker != (pep440.normal_marker(read.marker) if read.marker else ""):
        return f"the marker {read.marker or 'none'}"
    if source and read.url and not _same_url(source, read.url):
        return f"the URL {urls.redact(read.url)}"
    if bool(source and source.editable) != read.editable or (read.url and not source):
        return "another kind of line"
    return ""


def _same_url(source: Source, url: str) -> bool:
    # pip-api drops the `git+` in front of a bare VCS URL.
    if source.kind == "vcs" and not url.startswith(f"{source.vcs}+"):
        url = f"{source.vcs}+{url}"
    try:
        other = urls.parse(url)
    except (ValueError, InvalidLineError):
        return False
    if source.local:
        return other.url == source.url or os.path.realpath(other.url) in source.folders
    mine, their = (urls.identity(one.url) for one in (source, other))
    return (mine, source.revision) == (their, other.revision)
