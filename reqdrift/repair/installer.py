"""pip or uv: which of them changes an environment, how it is called, and what it refuses."""

from __future__ import annotations

import os
from itertools import accumulate

from .. import requirements
from ..drift.graph import graph_of, nodes_of
from ..drift.lines import SEED_PACKAGES
from ..drift.sources import is_gone
from ..environments.answers import answer, read_name
from ..environments.metadata import read_source
from ..environments.site import is_environment, is_externally_managed
from ..errors import InvalidLineError, UsageError
from ..options import quoted, shell_line
from ..report import describe_problem, place, shown_path
from ..repository import read_text
from ..requirements import read_requirements
from ..requirements.lines import is_for_uv_alone, logical_lines
from ..standards.pep440 import satisfies
from ..texts import has_secret, mask
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Facts,
    Location,
    NamedTuple,
    Questions,
    Unreadable,
)
from ..values.details import Hint, Source, some_names
from . import frozen, is_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Set

    from ..drift.case import Case
    from ..drift.graph import Graph
    from ..environments import Situation
    from ..values import Distribution, Environment, ReadFile, Requirement, Requirements


# As uv 0.13 reads them in a requirements file; it ignores those of the last line.
_OF_UV = {
    *("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-i", "--index-url"),
    *("--extra-index-url", "-f", "--find-links", "--no-index", "--no-binary", "--only-binary"),
    *("--require-hashes", "--hash"),
    *("--pre", "--prefer-binary", "--trusted-host", "--use-feature"),
}
# The first pip with `--requirement pylock.toml`.
_FIRST_PIP = "26.1"


class Installer(NamedTuple):
    """How to call pip or uv for one environment; the words are already quoted."""

    install: str
    uninstall: str
    is_uv: bool


def spelled(word: str) -> str:
    """A word as a shell reads it.

    Raises:
        UsageError: it has control characters.
    """
    if not word.isprintable():
        raise UsageError(f"{word} cannot be written in a shell script", "rename it")
    return quoted(word)


def installer_for(environment: Environment, choice: str) -> Installer:
    """The installer that the user chose, or that the environment has.

    Raises:
        UsageError: there is no interpreter to install for, no pip in the environment, its path
            cannot be written, or the operating system does not allow changes to it.
    """
    if not environment.can.install:
        message = f"{environment.prefix} has no interpreter to install with"
        if is_environment(environment.prefix):
            create = shell_line(["python3", "-m", "venv", environment.prefix])
            raise UsageError(message, f"move it away, then create it again: {create}")
        # `--upgrade` would leave what the old versions had, and delete parts of namespaces.
        fill = shell_line(["python", "-m", "pip", "install", "--target", environment.prefix])
        raise UsageError(message, f"to fill it again, move it away, then run: {fill} -r FILE")
    if is_externally_managed(environment):
        message = f"{environment.prefix} is managed by the operating system"
        why = "and pip and uv refuse to change it (PEP 668)"
        way_out = "create a virtual environment: python3 -m venv .venv"
        raise UsageError(f"{message}, {why}", way_out)
    python = environment.python.interpreter or "python"
    has_pip = "pip" in environment.distributions
    if choice == "pip" and not has_pip:
        way_out = f"use --with uv, or install pip: {spelled(python)} -m ensurepip"
        raise UsageError(f"there is no pip in {environment.prefix}", way_out)
    if choice == "pip" or (choice == "auto" and has_pip):
        pip = f"{spelled(python)} -m pip"
        return Installer(f"{pip} install", f"{pip} uninstall -y", False)
    python = f"--python {spelled(python)}"
    return Installer(f"uv pip install {python}", f"uv pip uninstall {python}", True)


def must_be_readable(file: ReadFile, environment: Environment, installer: Installer) -> None:
    """Raises UsageError for an option that the installer refuses, before anything is removed."""
    outdated = requirements.options.OUTDATED
    if not any(name in file.text for name in outdated):
        return
    pip = environment.distributions.get(CanonicalName("pip"))
    who = "uv" if installer.is_uv or pip is None else f"pip {pip.version}"
    for line in logical_lines(file.text):
        for name in outdated.keys() & {word.partition("=")[0] for word in line.text.split()}:
            if who == "uv" or satisfies(who.removeprefix("pip "), f">={outdated[name]}"):
                at = place(Location(file.path, line.line))
                raise UsageError(f"{at}: {who} refuses {name}", "remove it from the file")


def options_for_uv(file: ReadFile) -> Iterator[str]:
    """The options of a file that uv wants on its command line."""
    for name, value, _ in _options_of(file):
        if name == "--pre":
            yield "--prerelease allow"
        elif name == "--trusted-host" and not has_secret(value):
            yield f"{name} {spelled(value)}"


def why_not_by_uv(file: ReadFile) -> Iterator[tuple[Location, str]]:
    """The places that uv does not read as pip does.

    It knows no abbreviations (`--req`), no value without a space (`-fwheels`), fewer options, no
    editable from a repository, no continuation inside of a requirement, and only UTF-8.
    """
    if not file.mark and file.text.encode(file.encoding) != file.text.encode():
        yield Location(file.path), f"uv does not read {file.encoding} as pip does"
    for line in logical_lines(file.text):
        words = line.text.split()
        if not line.text.startswith("-"):
            body, options, _ = line.raw.lstrip("\\ \t\r\n").partition(" --")
            body = body.rstrip("\\ \t\r\n") if options else body
            is_joined = "\\" in body and line.end_line > line.line
            if is_joined or any(x[:2] == "--" and not x.startswith("--hash") for x in words):
                why = "uv does not read this line as pip does"
                yield Location(file.path, line.line, line.end_line), why
            continue
        if is_for_uv_alone(line.text, file.text):
            continue
        names = {word.partition("=")[0] for word in words if word.startswith("-")}
        is_editable = names & {"-e", "--editable"} and "+" in line.text.partition("://")[0]
        if is_editable or not names <= _OF_UV or any(mark in line.text for mark in "\"'\\"):
            why = f"uv does not read this {min(names)} as pip does"
            yield Location(file.path, line.line, line.end_line), why


def why_not_by_pip(file: ReadFile) -> Iterator[tuple[Location, str]]:
    """The editables of a file that uv wrote which pip does not read."""
    for line in logical_lines(file.text):
        if is_for_uv_alone(line.text, file.text):
            why = "pip does not read this -e as uv does"
            yield Location(file.path, line.line, line.end_line), why


def options_apart(asked: Requirements) -> Iterator[tuple[Location, str]]:
    """The first option of one of several files that an installer would use for another, too."""
    texts = {file.path: file for file in asked.files if not file.is_lock}
    options: dict[str, dict[tuple[str, str], Location]] = {}
    for root in texts.keys() - {included for _, included in asked.includes}:
        tree, found = [root], list[tuple[str, str, Location]]()
        for path in tree:
            given = [*_options_of(texts[path])]
            inner = [below for above, below in asked.includes if above == path]
            inner += [value for name, value, _ in given if name == "--constraint"]
            paths = [os.path.abspath(os.path.join(os.path.dirname(path), one)) for one in inner]
            tree += [one for one in paths if one in texts and one not in tree]
            found += given
        # What the user names as constraints is for all of them.
        if any(texts[path].requirements for path in tree):
            options[root] = {(x, y.rstrip("/")): at for x, y, at in found if x in _OF_INDEXES}
    for _, own in sorted(options.items()):
        for other, its in sorted(options.items()):
            for option in sorted(own.keys() - its.keys()):
                why = f"an installer would use {option[0]} for {shown_path(other)}, too"
                yield own[option], f"{why}; plan each file alone"
                return


# What says which release is installed, and from where.
_OF_INDEXES = (
    *("--index-url", "--extra-index-url", "--no-index", "--find-links", "--pre"),
    *("--no-binary", "--only-binary", "--all-releases", "--only-final"),
)


def _options_of(file: ReadFile) -> Iterator[tuple[str, str, Location]]:
    """The options that have a line of their own, by their first long names, and their values."""
    for line in logical_lines(file.text):
        if not line.text.startswith("-"):
            continue
        try:
            given, _ = requirements.options.parse_options(line.text)
        except InvalidLineError:
            # It is an error of its own.
            continue
        for name, values in given.items():
            for value in values:
                if name == "--find-links" and "://" not in value:
                    # A folder is looked for next to the file first.
                    path = os.path.join(os.path.dirname(file.path), value)
                    value = os.path.realpath(path if os.path.exists(path) else value)
                yield name, value, Location(file.path, line.line)


def linked_folder(found: Distribution) -> str:
    """A folder that it installed and that is a link by now: to a checkout, maybe. '' if none is."""
    # No hash has a slash.
    folders = {row.rpartition("/")[0] for row in read_text(f"{found.path}/RECORD").split("\n")}
    inside = {one.lstrip('"') for one in folders if one and not one.startswith((".", "/"))}
    inside |= {above for one in inside for above in accumulate(one.split("/"), "{}/{}".format)}
    paths = (os.path.join(found.folder, name) for name in sorted(inside))
    return next(filter(os.path.islink, paths), "")


def is_of_conda(found: Distribution) -> bool:
    """Whether conda installed it, which would not know if pip or uv changed it."""
    return read_text(f"{found.path}/INSTALLER").strip() == "conda"


class FromLock(NamedTuple):
    """The command that installs all of a lock file.

    `again` are the projects that have to be uninstalled before.
    """

    command: str
    projects: frozenset[CanonicalName]
    again: frozenset[CanonicalName] = frozenset()


def from_lock(
    path: str,
    entries: Sequence[Requirement],
    misplaced: Set[CanonicalName],
    environment: Environment,
    choice: str,
    extras: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
) -> FromLock:
    """The command that installs all of a lock file, by whichever of pip and uv can.

    Args:
        path: the lock file.
        entries: the entries that apply here.
        misplaced: the projects that are to be installed again, whatever version is there.
        environment: where to.
        choice: `pip`, `uv`, or `auto`.
        extras: the extras of the file that are installed.
        groups: its dependency groups that are installed; by default its default groups.

    Raises:
        UsageError: the one that was chosen cannot install from it, or neither can.
    """
    archives = [one for one in entries if one.source and one.source.kind == "archive"]
    unread = [one.text for one in archives if " @ file:" in one.text]
    uv = f"it does not read the URL of {unread[0]}" if unread else ""
    both = "it selects either extras or groups of a lock file" if extras and groups else ""
    reasons = {"pip": _why_not_pip(entries, environment) or both, "uv": uv}
    candidates = ("pip", "uv") if choice == "auto" else (choice,)
    able = next((name for name in candidates if not reasons[name]), None)
    if able is None:
        why = "; ".join(f"{name} cannot: {reasons[name]}" for name in candidates)
        message = f"no command can install from {os.path.basename(path)}: {why}"
        other = next((name for name in reasons if not reasons[name]), None)
        raise UsageError(message, f"use --with {other}" if other else "")
    installer = installer_for(environment, able)
    projects = frozenset(entry.name for entry in entries if entry.name)
    again = projects & misplaced
    if installer.is_uv:
        words = [f"-r {spelled(path)}", *(f"--extra {spelled(extra)}" for extra in extras)]
        words += [f"--group {spelled(group)}" for group in groups]
        words += [f"--reinstall-package {name}" for name in sorted(again)]
        again = frozenset()
    elif groups:
        words = [f"--group {spelled(f'{path}:{group}')}" for group in groups]
    else:
        chosen = f"[{','.join(extras)}]" if extras else ""
        words = [f"-r {spelled(path + chosen)}"]
    return FromLock(" ".join([installer.install, *words]), projects, again)


def _why_not_pip(entries: Sequence[Requirement], environment: Environment) -> str:
    pip = environment.distributions.get(CanonicalName("pip"))
    if pip is None:
        return "there is no pip in the environment"
    if not satisfies(pip.version, f">={_FIRST_PIP}"):
        return f"pip {pip.version} does not read lock files; {_FIRST_PIP} is the first that does"
    hashed = any(entry.hashes for entry in entries)
    for entry in entries:
        if hashed and entry.source and entry.source.kind != "archive":
            return f"it requires hashes, and {entry.written} is a {entry.source.kind}"
    return ""


# These options say nothing of indexes, hashes or versions.
_HARMLESS = ("-r", "--requirement", "-e", "--editable")


def reinstalling(
    environment: Environment,
    situation: Situation,
    metadata: Set[str],
    projects: Set[CanonicalName],
) -> tuple[Hint, ...]:
    """The commands that reinstall what was modified, in the same version, without dependencies.

    Args:
        environment: where it is installed.
        situation: the requirements files, which may say from where.
        metadata: the paths of that of the distributions that reinstalling fixes.
        projects: those of them that the report names.
    """
    found = environment.distributions
    there = [found[name] for name in sorted(projects & found.keys())]
    reinstalled = [one for one in there if one.path in metadata]
    linked = {one: at for one in reinstalled if (at := linked_folder(one))}
    reinstalled = [one for one in reinstalled if one not in linked]
    by_conda = [one for one in reinstalled if is_of_conda(one)]
    sources = {one: read_source(one) for one in reinstalled if one.direct}
    by_hand = {one: why for one, source in sources.items() if (why := _why_by_hand(source))}
    wanted = [one for one in reinstalled if one not in (*by_conda, *by_hand)]
    asked = read_requirements(situation.files, situation.constraints)
    known: Set[CanonicalName] = found.keys()
    if asked.files:
        facts = answer(Questions(requires=True), environment, Facts())
        known = _installed_with(asked.requirements, graph_of(facts, environment.python))
    # Another project may have the name of these on an index that the files do not use.
    strangers = [one for one in wanted if not (asked.errors or one.direct or one.name in known)]
    wanted = [one for one in wanted if one not in strangers]
    words = [word for one in wanted for word in _requirement(one)]
    hints, them = [], "it" if len(wanted) == 1 else "them"
    if words and asked.errors:
        why = mask(describe_problem(asked.errors[0]))
        hints.append(Hint(f"no command can reinstall {them}: {why}", ""))
    elif words and (limit := _limit(asked)):
        # Only the files say from where, and with which hashes.
        hints.append(Hint(f"reinstall {them} by hand, with what {place(limit)} says", ""))
    elif words and not environment.can.install:
        why = "pip install --target replaces whole folders, with what others have in them"
        hints.append(Hint(f"reinstall {them} by hand: {why}", ""))
    elif words:
        # Of what has no RECORD, pip cannot remove anything, and has to overwrite the files.
        listed = all(os.path.exists(f"{one.path}/RECORD") for one in wanted)
        interpreter = shown_path(environment.python.interpreter or "python")
        start = [interpreter, "-m", "pip", "install"]
        start.append("--force-reinstall" if listed else "--ignore-installed")
        if situation.is_for_uv or "pip" not in found:
            # uv's cache may have the same modified file under another name (a hard link).
            start = ["uv", "pip", "install", "--python", interpreter, "--no-cache", "--reinstall"]
        hints.append(Hint(f"to reinstall {them}", shell_line([*start, "--no-deps", *words])))
    if strangers:
        names = some_names([one.project for one in strangers])
        why = "no file that is checked asks for it"
        hints.append(Hint(f"reinstall {names} by hand: {why}", ""))
    hints += [Hint(f"reinstall {x.project} by hand: {why}", "") for x, why in by_hand.items()]
    if by_conda:
        named = [f"{one.project}={one.version}" for one in by_conda]
        prefix = shown_path(environment.prefix)
        words = ["conda", "install", "--prefix", prefix, "--force-reinstall", *named]
        them = "it" if len(by_conda) == 1 else "them"
        hints.append(Hint(f"to reinstall {them}", shell_line(words)))
    for one, at in linked.items():
        what = f"{shown_path(at)} is a link to {os.path.realpath(at)}"
        hints.append(Hint(f"{one.project} is not reinstalled: {what}", ""))
    return tuple(hints)


def _why_by_hand(source: Source | Unreadable | None) -> str:
    """Why no command installs the same again from where it came, '' if one may."""
    if not isinstance(source, Source):
        return ""
    if source.kind == "folder" and not source.editable:
        return "the folder may have another version"
    return f"{shown_path(source.folders[0])} does not exist" if is_gone(source) else ""


def _installed_with(lines: Iterable[Requirement], needs: Graph) -> Set[CanonicalName]:
    """What installing the lines may install, and what every environment has."""
    asked = {line.name for line in lines if line.name}
    return asked | needs.dependencies(nodes_of(lines)) | SEED_PACKAGES


def as_before(names: Sequence[CanonicalName], case: Case, installer: Installer) -> str:
    """The command that installs what is there again, in the same version, without dependencies.

    '' if the files do not ask for it, or say from where, or if pip would be what is not whole.
    """
    there = [case.environment.distributions[name] for name in names]
    is_known = {*names} <= _installed_with(case.asking, case.graph)
    # No index has local versions (`+cu118`).
    odd = any(one.direct or "+" in one.version or is_of_conda(one) for one in there)
    odd |= bool(_limit(case.requirements)) or ("pip" in names and not installer.is_uv)
    if odd or not is_known or not names:
        return ""
    how = "--reinstall" if installer.is_uv else "--force-reinstall"
    words = [spelled(f"{one.name}=={one.version}") for one in there]
    return " ".join([installer.install, how, "--no-deps", *words])


def _limit(asked: Requirements) -> Location | None:
    """The first place that has an option (other than to include a file), a hash or a constraint."""
    for file in asked.files:
        for line in logical_lines(file.text):
            is_option = line.text.startswith("-") and not line.text.startswith(_HARMLESS)
            if is_option or " --" in line.text or file.constraints or file.is_lock:
                return Location(file.path, line.line)
    return None


def _requirement(one: Distribution) -> list[str]:
    """The words that ask for exactly this distribution; none if its source is not to be shown."""
    source = read_source(one) if one.direct else None
    if isinstance(source, Unreadable) or (source and is_secret(source)):
        return []
    if source and source.editable:
        return ["-e", source.folders[0]]
    return [frozen(read_name(one), one, source)]
