"""`source`: installed from another source than a line says, or run from another checkout.

Nothing else reports that tests run against the code of another worktree or clone: whatever is
tested, it is not what is in front of you. A worktree without an environment of its own that uses
the one of the main checkout is the most frequent case.

- The project that the requirements file belongs to (the nearest pyproject.toml, setup.cfg or
  setup.py at or above the file) must run from this folder, or be a copy, which says nothing.
- For another project of the repository it is a warning, unless a line names it: `source` compares
  that line then.
- A folder that does not exist is `broken`, whichever project it is.
- A line with a release of the project itself (`pip list --format=freeze` writes it) asks for its
  version only, as for pip: no installer is to replace the project by what an index has.

Folders are compared as the file system does (links, bind mounts, letter case), and what Python
would import counts, not what was recorded when it was installed (`environments/editables.py`).
"""

from __future__ import annotations

from ..options import quoted
from ..standards import versions
from ..values import TYPE_CHECKING, Distribution, Location, Note, Unreadable
from ..values.details import Editable, Finding, Source
from . import sources
from .case import Case
from .policy import finding_about, finding_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values import CanonicalName, Environment, Requirement, Severity


def source(case: Case) -> Iterator[Finding | Note]:
    """Each line whose project was installed from another source, or may have been."""
    for line, found in case.comparable:
        if item := _compared(line, found, case):
            yield item
    if case.facts.editables:
        yield from elsewhere(case)


def is_from_elsewhere(line: Requirement, found: Distribution, case: Case) -> bool:
    """Whether there is a finding about where the line's project was installed from."""
    return isinstance(_compared(line, found, case), Finding)


def _compared(line: Requirement, found: Distribution, case: Case) -> Finding | Note | None:
    if isinstance(case.facts.sources.get(found.name), Unreadable):
        return None  # that is `broken`
    if line.source is not None:
        return _against_reference(line, line.source, found, case)
    # A constraint limits the source only by a direct reference, and the version by the rest.
    installed_from = case.source(found.name)
    if line.constraint or installed_from is None:
        return None
    if any(other.source for other in case.binding[found.name]):
        return None  # another line of this project says from where
    return _against_release(line, installed_from, found, case)


def _against_reference(
    line: Requirement, wanted: Source, found: Distribution, case: Case
) -> Finding | Note | None:
    """A line with a direct reference: is it what was installed?"""
    installed_from = case.source(found.name)
    if installed_from and installed_from.conda:
        installed_from = None
    checkout = case.checkout(sources.checkout_of(wanted, installed_from, case.project.folder))
    with_hashes = wanted._replace(hashes=(*wanted.hashes, *line.hashes))
    verdict = sources.check_source(with_hashes, installed_from, checkout)
    gaps = case.environment.gaps
    is_unknown = installed_from is None and not sources.is_recorded(found, case.environment)
    if verdict.drift and is_unknown:
        unknown = sources.Verdict(unsure="where it was installed from is not recorded")
        verdict = sources.IS_COPY if wanted.editable and not (gaps and gaps.editables) else unknown
    if "${" in line.text:
        # The values of variables are never shown.
        revision = wanted.revision or ""
        values = {wanted.url: "a URL with variables"}
        if revision not in line.text:
            values |= dict.fromkeys((revision, revision[:12]), "a variable")
        for value in filter(None, values):
            verdict = sources.Verdict(*(text.replace(value, values[value]) for text in verdict))
    release = f"{found.name} {found.version}"
    editable = case.facts.editables.get(found.name)
    is_there = editable and editable.own and not (editable.missing or editable.recorded)
    if verdict.drift and editable and is_there and editable.here in wanted.folders:
        return finding_about(case, "source", line, _from_another(release, editable, case))
    if verdict.drift:
        return finding_about(case, "source", line, f"{release}: {verdict.drift}")
    if verdict.unsure:
        return Note("unsure", found.name, line.at, f"{release}: {verdict.unsure}")
    is_copy = installed_from and installed_from.kind == "folder" and not installed_from.editable
    places = (*wanted.folders, *(installed_from.folders if installed_from else ()))
    now = case.declared_version(found.name, places) if is_copy and found.version else ""
    # setuptools may add a tag to it: `[egg_info] tag_build`.
    keys = [versions.sort_key(version) for version in (found.version, now)] if now else []
    if len({key[:2] for key in keys if key}) > 1:
        message = f"{release} is a copy of {wanted.url}, which is {now} by now; install it again"
        return finding_about(case, "source", line, message)
    return None


def _against_release(
    line: Requirement, installed_from: Source, found: Distribution, case: Case
) -> Finding | Note:
    """A line that asks for a release of something that did not come from an index."""
    release = f"{found.name} {found.version}"
    if installed_from.conda:
        return Note("conda", found.name, line.at, f"{release} was built and installed by conda")
    if installed_from.kind != "archive":
        if found.name == case.project.name and case.is_local(found):
            return Note("local", found.name, line.at, f"{release} is this project itself")
        where = sources.describe(installed_from)
        if _is_needed_from_there(found, installed_from, case):
            return Note("archive", found.name, line.at, f"{release} is installed from {where}")
        message = f"{release} is installed from {where}, but the file says a release"
        return finding_about(case, "source", line, message)
    message = f"{release} is installed from {installed_from.url}"
    if sources.hashes_agree(line.hashes, installed_from.hashes) == "no":
        return finding_about(case, "source", line, f"{message}, whose hash is not in the file")
    return Note("archive", found.name, line.at, message)


def _is_needed_from_there(found: Distribution, source: Source, case: Case) -> bool:
    """Whether another package asks for this source: an installer follows it, not the release."""
    edges = (edge for name in case.environment.distributions for edge in case.graph.edges(name))
    urls = {edge.url for edge in edges if edge.url and edge.name == found.name}
    verdicts = (sources.check_url(url, source) for url in urls)
    return any(verdict is not None and not verdict.drift for verdict in verdicts)


def is_undetermined(line: Requirement, case: Case) -> bool:
    """Whether a line names a branch or tag that may be another commit than the installed one."""
    wanted, found = line.source, case.source(line.name) if line.name else None
    if not (wanted and found and wanted.kind == found.kind == "vcs"):
        return False
    checkout = case.checkout(sources.checkout_of(wanted, found, case.project.folder))
    return bool(sources.check_source(wanted, found, checkout).unsure)


def gone(case: Case) -> Iterator[Finding]:
    """Editable installs whose code does not exist, unless a line names another source."""
    for found, editable in _editables(case):
        lines = case.binding.get(found.name, ())
        if editable.missing and not any(is_from_elsewhere(line, found, case) for line in lines):
            message = f"{found.name} {found.version} runs from {editable.missing}, which does not"
            command = _command(editable, case.environment)
            way_out = f"run: {command}" if command else "reinstall it"
            if not (lines or command or found.name in case.needed):
                way_out = "uninstall it"
            message += f" exist; {way_out}"
            yield finding_at(Location(case.environment.prefix), case, "broken", found.name, message)


def elsewhere(case: Case) -> Iterator[Finding | Note]:
    """Editable installs whose code is not that of this checkout."""
    for found, editable in _editables(case):
        release = f"{found.name} {found.version}".strip()
        if editable.missing or _is_compared(found, editable, case):
            continue
        if editable.recorded:
            message = f"{release} runs from {editable.root}: a record does not say which checkout"
            yield Note("unsure", found.name, None, f"{message} that is")
            continue
        if line := naming_line(found.name, editable, case):
            # To install this checkout would contradict the line, and the other way round. No repair
            # decides that.
            message = _from_another(release, editable)
            message += f", because the line names it; name {editable.here}"
            yield finding_at(line.at, case, "source", found.name, message)
            continue
        message = _from_another(release, editable, case)
        severity: Severity = "error" if editable.own else "warning"
        finding = finding_at(Location(case.file), case, "source", found.name, message)
        yield finding._replace(severity=severity)


def _from_another(release: str, editable: Editable, case: Case | None = None) -> str:
    """That it runs from another checkout; with the case, why, or what to do."""
    what = "this checkout" if editable.own else "this checkout's"
    message = f"{release} runs from {editable.root}, not from {what} {editable.here}"
    if case is None:
        return message
    if editable.because:
        return f"{message}, because {editable.because}"
    is_in_it = f"{case.environment.prefix}/".startswith(f"{editable.root}/")
    message += "; create an environment in this checkout, or run" if is_in_it else "; run"
    return f"{message}: {_command(editable, case.environment)}"


def naming_line(name: CanonicalName, editable: Editable, case: Case) -> Requirement | None:
    """The line that names the folder from which this project runs, if that is another checkout."""
    lines = case.binding.get(name, ()) if editable.own and not editable.missing else ()
    return next((x for x in lines if x.source and editable.root in x.source.folders), None)


def _editables(case: Case) -> list[tuple[Distribution, Editable]]:
    there = case.environment.distributions
    return [
        (there.get(name) or Distribution(name, name, "", "", ""), editable)
        for name, editable in case.facts.editables.items()
    ]


def _command(editable: Editable, environment: Environment) -> str:
    """The command that makes an editable install run from this checkout, '' if it is not in it.

    The dependencies are those of the requirements file. uv leaves what was recorded to be there.
    """
    python = quoted(environment.python.interpreter or "python")
    folder = quoted(editable.here)
    if not editable.here:
        return ""
    if "pip" in environment.distributions:
        return f"{python} -m pip install --no-deps -e {folder}"
    return f"uv pip install --python {python} --reinstall --no-deps -e {folder}"


def _is_compared(found: Distribution, editable: Editable, case: Case) -> bool:
    """Whether the lines that name the project are what it is compared with.

    For this project itself only if they find something, or ask for a clone in the environment: its
    direct URL may be right, or allow any folder of its repository.
    """
    lines = case.binding.get(found.name, ())
    if not editable.own:
        return bool(lines)
    installed_from = case.source(found.name)
    is_clone = bool(installed_from and installed_from.environment)
    if is_clone and any(line.source and line.source.kind == "vcs" for line in lines):
        return True
    return any(is_from_elsewhere(line, found, case) for line in lines)
