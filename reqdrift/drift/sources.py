"""Does an installed distribution come from where a line says?

- A plain requirement is satisfied by a release, or by a wheel or sdist *file* (hashes are compared
  if both sides have one). A VCS checkout or folder is `source`.
- A VCS line needs the same repository (host and path; scheme, user, `.git` and a final slash do not
  matter) and the same commit. A short commit matches as a prefix. A tag or branch matches if it is
  the `requested_revision`, otherwise the result is `unsure`. If the repository is on this machine,
  a tag or branch is looked up in it.
- A relative path may be relative to the working directory, the file's folder or the top of the
  repository. A `file:` path that does not exist here is compared by name, and by version if the
  file name has one.
- A folder and its copy are two sources: `-e ./lib` with a copy of `./lib`, and the reverse, is
  `source`. pip and uv reinstall in both directions.
- Without a record of the source (an egg-info, which pip before 23.1 writes if there is no
  `wheel`; anything in an environment whose pip is older than 20.1), a direct reference is `unsure`,
  and `fix` does not change its line. The project of a path is named by pyproject.toml, setup.cfg, a
  literal in setup.py, or the egg-info next to it, in this order. Nothing is executed. If none of
  these names it, it is paired with the only egg-info that is unlisted.
- Editable checkouts (`-e git+URL@REVISION#egg=NAME`): the repository is compared with every
  remote of the checkout, so that a fork with its upstream is accepted, and the revision with HEAD.
  A tag or branch is `source` only if the checkout resolves it to another commit. Without git, or if
  it refuses (`safe.directory`, a damaged repository), the line is `unsure`; so it is if there is no
  checkout. The project's own repository is not compared, because its commit changes with every
  commit of the file. `plan` does not touch such a checkout, because pip would discard uncommitted
  changes in it, or use a new one in PREFIX/src/NAME instead.
"""

from __future__ import annotations

import os

from .. import repository, standards, texts
from ..errors import InvalidLineError
from ..files import is_inside, is_same, matches
from ..repository import is_commit_id, is_hexadecimal, is_project
from ..standards import canonical_name, pep440
from ..texts import mask
from ..values import TYPE_CHECKING, CanonicalName, NamedTuple, Unreadable, listed_names
from ..values.details import Checkout, Source
from .lines import NUMBERING, names_commit, unlisted_projects

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..values import Distribution, Environment, Facts, Requirement, Requirements


class Verdict(NamedTuple):
    """`drift` says what is wrong, `unsure` why that is unknown; both '' when it holds."""

    drift: str = ""
    unsure: str = ""


HOLDS = Verdict()
IS_COPY = Verdict("the file says editable, but the environment has a copy")
_IS_EDITABLE = Verdict("the file says a copy, but the environment has an editable")


def _differs(says: str, found: Source | None) -> Verdict:
    return Verdict(f"the file says {says}, but the environment has {describe(found)}")


def same_place(line: Source, found: Source) -> bool:
    """Whether two sources mean one place, whatever revision or content it has."""
    if line.local or found.local:
        is_so = bool(line.recorded) and os.path.normpath(found.url) == line.recorded
        return is_so or bool(_places(line) & _places(found))
    # Of a record, which may mask less than we do.
    is_masked = texts.secrets.MASK in found.url
    url, other = map(mask, (line.url, found.url)) if is_masked else (line.url, found.url)
    return (
        line.kind == found.kind
        and standards.urls.identity(url) == standards.urls.identity(other)
        and line.subdirectory.strip("/") == found.subdirectory.strip("/")
    )


def installed_from(line: Requirement, known: Facts) -> CanonicalName | None:
    """The project that was installed from the place that a line without a name names."""
    return min(_all_installed_from(line, known), default=None)


def _all_installed_from(line: Requirement, known: Facts) -> list[CanonicalName]:
    """One repository or folder may contain several projects."""
    sources = known.sources.items() if line.source else ()
    recorded = [(name, found) for name, found in sources if isinstance(found, Source)]
    return [name for name, found in recorded if line.source and same_place(line.source, found)]


def _places(source: Source) -> set[str]:
    """The folders or files on this machine, with the subdirectory that the source may name."""
    return {os.path.realpath(os.path.join(f, source.subdirectory)) for f in source.folders}


def checkout_of(
    line: Source | None, found: Source | Unreadable | None, project: str = ""
) -> tuple[str, str, str] | None:
    """The git repository on this machine that a verdict depends on, for `read_checkout`.

    It is the checkout of an editable (the one of the `project` may have any commit), or the
    repository that a branch or tag was installed from. None where the recorded source says enough.
    """
    if not isinstance(found, Source) or line is None or line.kind != "vcs" or line.vcs != "git":
        return None
    if line.editable:
        is_editable = found.kind == "folder" and found.editable and found.folders
        name = "" if names_commit(line) else line.revision or ""
        return (found.folders[-1], name, project) if is_editable else None
    if found.kind != "vcs" or not line.revision or names_commit(line):
        return None
    is_local = standards.urls.scheme(line.url) == "file" and same_place(line, found)
    return (standards.urls.file_path(line.url), line.revision, "") if is_local else None


def checkouts_of(
    lines: Iterable[Requirement], known: Facts, folder: str
) -> frozenset[tuple[str, str, str]]:
    """The git repositories that the sources of lines must be compared with."""
    asked = set()
    for line in lines:
        if line.source:
            # A bare URL may be that of any project.
            all_sources = known.sources.values()
            found = all_sources if line.name is None else [known.sources.get(line.name)]
            asked |= {checkout_of(line.source, source, folder) for source in found}
    return frozenset(filter(None, asked))


def check_source(line: Source, found: Source | None, checkout: Checkout | None = None) -> Verdict:
    """Compare a line's direct reference with the source of the distribution.

    Args:
        line: the line's source.
        found: the distribution's; None for a release from an index.
        checkout: the repository that `checkout_of` asked for.
    """
    if line.editable:
        return _check_editable(line, found, checkout)
    if found is None:
        # The path of another machine: name and version decide.
        is_unknown = line.local and not line.folders
        return HOLDS if is_unknown else _differs(describe(line), None)
    if found.editable and found.kind == "vcs":
        return _IS_EDITABLE
    if line.kind == "folder":
        return _check_folder(line, found)
    verdict = (
        _check_vcs(line, found, checkout) if line.kind == "vcs" else _check_archive(line, found)
    )
    if verdict == HOLDS and texts.secrets.MASK in found.url and mask(line.url) != line.url:
        return Verdict(unsure="a part of its URL is masked in the record")
    if verdict.drift and _may_be(line.url, found.url):
        same = check_source(line._replace(url=found.url), found, checkout)
        return same if same.drift else Verdict(unsure="a variable in its URL is not set")
    if verdict.drift and line.url != found.url and mask(line.url) == mask(found.url):
        return Verdict(f"{verdict.drift}; the masked parts differ")
    return verdict


def check_url(url: str, found: Source | None) -> Verdict | None:
    """Compare a URL of metadata, which may be anything, with a source; None if it is no URL."""
    try:
        return check_source(standards.urls.parse(url), found)
    except (ValueError, InvalidLineError):
        return None


def not_here(line: Requirement) -> str:
    """Why an installer that is started here does not find the folder of a line, '' if it does.

    It looks in the working directory, not in the folder of the file.
    """
    source = line.source
    if not (source and source.local) or source.url.startswith(("/", "file:")):
        return ""
    if not os.path.exists(source.url):
        return f"{source.url} is not found from here; run plan in the folder that has it"
    folder = os.path.dirname(line.origin.file)
    meant = os.path.join(folder, source.url)
    if is_project(meant) and not is_same(meant, source.url):
        return f"{source.url} is another folder from here; run it in {folder}"
    return ""


# What has a meaning in a pattern stands for one character there, too.
_ANY_CHARACTER = dict.fromkeys(map(ord, "[*?"), "?")


def _may_be(url: str, other: str) -> bool:
    """Whether a URL would be the other with some values for its variables, which are not set."""
    if "${" not in url:
        return False
    url, other = (standards.urls.without_user(one).removesuffix(".git") for one in (url, other))
    first, *parts = url.split("${")
    literals = [first, *(part.partition("}")[2] for part in parts)]
    return matches(other, "*".join(part.translate(_ANY_CHARACTER) for part in literals))


def is_recorded(found: Distribution, environment: Environment) -> bool:
    """Whether the distribution's own files would say so if it did not come from an index (PEP 610).

    Not after `setup.py install`, which pip before 23.1 used, nor with pip before 20.1. A freeze
    does not say how something was installed, but a pip for Python 3.12 uses neither.
    """
    if environment.gaps:
        return not environment.gaps.sources and environment.python.minor >= (3, 12)
    if not found.entry.endswith((".dist-info", ".egg-link")):
        return False
    pip = environment.distributions.get(CanonicalName("pip"))
    return pip is None or not pep440.satisfies(pip.version, "<20.1")


def is_clone(source: Source) -> bool:
    """Whether a folder is what pip cloned for `-e git+URL`, which goes with the environment."""
    clones = os.path.join(source.environment, "src")
    return bool(source.environment) and any(is_inside(one, clones) for one in source.folders)


def is_gone(source: Source) -> bool:
    """Whether it was installed from an archive on this machine that does not exist any more."""
    is_archive = source.kind == "archive" and not source.conda
    return is_archive and bool(source.folders) and not os.path.exists(source.folders[0])


def allows(constraint: Requirement, found: Distribution, source: Source | None) -> bool:
    """Whether a constraint allows what is installed, as far as that is known."""
    fits = pep440.satisfies(found.version, constraint.specifier)
    return fits and not (constraint.source and check_source(constraint.source, source).drift)


def describe(found: Source | None) -> str:
    """Where a distribution came from, in words."""
    if found is None:
        return "a release from an index"
    if found.kind == "vcs":
        at = f" at {_short(found.revision)}" if found.revision else ""
        return f"{_with_subdirectory(found)}{at}"
    if found.kind == "folder":
        return f"the folder {found.folders[0] if found.folders else found.url}"
    return found.url


def _with_subdirectory(source: Source) -> str:
    return f"{source.url}#subdirectory={source.subdirectory}" if source.subdirectory else source.url


def _check_editable(line: Source, found: Source | None, checkout: Checkout | None) -> Verdict:
    if found and found.editable and found.kind == "vcs":
        # pip freeze writes the repository of an editable instead of its folder.
        if line.kind == "vcs":
            return _check_vcs(line, found, checkout)
        return Verdict(unsure=f"installed from a checkout of {found.url}; its folder is unknown")
    if found is None or found.kind != "folder":
        return _differs("an editable folder", found)
    if line.kind != "vcs":
        return _check_folder(line, found)
    if not found.editable:
        return IS_COPY
    # Without its own `.git`, it would belong to the repository around the environment.
    if checkout is None or found.environment.startswith(checkout.top + os.sep):
        where = found.folders[-1] if found.folders else found.url
        return Verdict(unsure=f"there is no git checkout in {where} to compare with")
    if checkout.own:
        return HOLDS  # its commit moves with every commit of the file
    verdicts = (_check_remotes(line, checkout), _check_commit(line, checkout))
    drift, unsure = ("; ".join(filter(None, texts)) for texts in zip(*verdicts, strict=True))
    return Verdict(drift, "" if drift else unsure)


def _check_remotes(line: Source, checkout: Checkout) -> Verdict:
    """Any remote may match: for a fork, the upstream is often the second one."""
    if _repository(line.url) in map(_repository, (*checkout.remotes, f"file://{checkout.top}")):
        return HOLDS
    if not checkout.remotes:
        return Verdict(unsure=f"the checkout {checkout.top} has no readable remote")
    remotes = ", ".join(checkout.remotes)
    return Verdict(
        f"the file says {line.url}, but the checkout {checkout.top} is a clone of {remotes}"
    )


def _repository(url: str) -> tuple[str, str]:
    """The host and path of a repository; a path of this machine without links."""
    try:
        host, path = standards.urls.identity(url)
        return host, os.path.realpath(path) if standards.urls.scheme(url) == "file" else path
    except (ValueError, InvalidLineError):
        return "", url


def _check_commit(line: Source, checkout: Checkout) -> Verdict:
    """The commit of a checkout against the line's revision, if it has one."""
    wanted, commit = line.revision or "", checkout.commit.lower()
    where = f"the checkout {checkout.top}"
    if not wanted:
        return HOLDS
    if not commit:
        return Verdict(unsure=f"git does not say the commit of {where}")
    if names_commit(line) and wanted.lower() != commit:
        return Verdict(f"the file says commit {_short(wanted)}, but {where} is at {_short(commit)}")
    if _means(line, commit):
        return HOLDS
    return _check_revision(wanted, commit, checkout.refs.values(), where)


def _check_revision(revision: str, commit: str, meanings: Iterable[str], where: str) -> Verdict:
    """A branch or tag, which can mean these commits, and the installed commit."""
    meant = {meaning.lower() for meaning in meanings}
    if commit in meant:
        return HOLDS
    if not meant or "" in meant:
        return Verdict(unsure=f"'{revision}' cannot be resolved in {where}")
    is_now = ", ".join(map(_short, sorted(meant)))
    return Verdict(
        f"the file says '{revision}', which is commit {is_now}, but {where} is at {_short(commit)}"
    )


def _check_vcs(line: Source, found: Source, repository: Checkout | None) -> Verdict:
    if found.kind == "folder" and found.editable:
        return _differs("a commit", found)
    if not same_place(line, found):
        return _differs(_with_subdirectory(line), found)
    wanted, commit = line.revision, (found.revision or "").lower()
    if repository and wanted:
        # A clone has the branches and tags of the repository, not those of its remotes.
        cloned = ("refs/tags/", "refs/heads/")
        meanings = [c for name, c in repository.refs.items() if name.startswith(cloned)]
        verdict = _check_revision(wanted, commit, meanings, "the installed package")
        if not verdict.unsure:
            return verdict
    if wanted == found.requested or _means(line, commit):
        return HOLDS
    if names_commit(line):
        return Verdict(
            f"the file says commit {_short(wanted)}, but the environment has {_short(commit)}"
        )
    asked = f"from '{found.requested}'" if found.requested else "without a revision"
    says = f"'{wanted}'" if wanted else "no revision"
    return Verdict(
        unsure=f"the file says {says}, but it was installed {asked} at {_short(commit)}; "
        "whether these are the same commit cannot be determined offline"
    )


def _short(revision: str | None) -> str:
    """A commit id, shortened; other revisions unchanged."""
    return (revision or "")[:12] if is_commit_id(revision) else revision or ""


def _means(source: Source, commit: str) -> bool:
    """Whether the revision is this commit, or the beginning of its id."""
    revision = (source.revision or "").lower()
    is_id = source.vcs not in NUMBERING and is_hexadecimal(revision)
    return revision == commit != "" or (is_id and commit.startswith(revision))


def _check_archive(line: Source, found: Source) -> Verdict:
    if found.kind != "archive":
        return _differs(describe(line), found)
    if verdict := hashes_agree(line.hashes, found.hashes):
        return Verdict() if verdict == "yes" else Verdict("the archive's hash is different")
    if same_place(line, found) or (line.local and not line.folders):
        return HOLDS
    if os.path.basename(line.url) == os.path.basename(found.url):
        return Verdict(unsure=f"installed from {found.url}, an archive of the same name")
    return _differs(describe(line), found)


def hashes_agree(wanted: tuple[str, ...], found: tuple[str, ...]) -> str:
    """`yes` or `no` where both sides have a hash of one algorithm, else ''."""
    algorithms = {value.partition(":")[0] for value in found}
    comparable = {value for value in wanted if value.partition(":")[0] in algorithms}
    if not comparable:
        return ""
    return "yes" if comparable & set(found) else "no"


def _check_folder(line: Source, found: Source) -> Verdict:
    if found.kind != "folder":
        return _differs(f"the folder {line.url}", found)
    if not line.folders:
        return HOLDS
    if not found.folders:
        # Of a record: a folder of another machine that may be any.
        return Verdict(unsure=f"whether {found.url} on its machine is this folder is unknown")
    if not same_place(line, found):
        return _differs(f"the folder {line.url}", found)
    if line.editable and not found.editable:
        return IS_COPY
    if found.editable and not line.editable:
        return _IS_EDITABLE
    return HOLDS


_MOST_COMPARED = 40


def contradicting(lines: tuple[Requirement, ...]) -> tuple[tuple[Requirement, Requirement], ...]:
    """The pairs of lines that no distribution can satisfy together.

    `may_contradict` says whether there can be any.
    """
    # Pairs are clearest, but there can be too many of them.
    few = lines[:_MOST_COMPARED]
    pairs = [(one, two) for i, two in enumerate(few) for one in few[:i]]
    found = tuple(pair for pair in pairs if _contradict(*pair))
    if not found and pep440.is_unsatisfiable({line.specifier for line in lines}):
        return tuple((one, lines[-1]) for one in lines[:-1])
    return found


def _contradict(one: Requirement, two: Requirement) -> bool:
    if one.source and two.source:
        same = one.source == two.source or same_place(one.source, two.source)
        # A constraint cannot be editable.
        is_limit = one.constraint or two.constraint
        is_other = not is_limit and one.source.editable != two.source.editable
        return not same or is_other or one.source.revision != two.source.revision
    if one.pin is not None and one.pin == two.pin:
        return False
    return pep440.is_unsatisfiable((one.specifier, two.specifier))


def with_projects(
    requirements: Requirements, environment: Environment, facts: Facts
) -> tuple[Requirement, ...]:
    """All lines, each with a project: its own, or the most likely one.

    The only line of an unknown project is paired with the only egg-info that is unlisted. Both have
    no record of the other: `setup.py install`, which pip ran before 23.1, left none.
    """
    lines = tuple(x if x.name else _with_project(x, facts) for x in requirements.requirements)
    unnamed = (at for at, x in enumerate(requirements.requirements) if not (x.name or x.stated))
    open_lines = [at for at in unnamed if lines[at].name not in environment.distributions]
    if len(open_lines) != 1:
        return lines
    at = open_lines[0]
    named = listed_names((*lines[:at], *lines[at + 1 :]))
    others, _ = unlisted_projects(environment, named, requirements.omitted)
    fitting = [found.name for found in others if found.entry.endswith(".egg-info")]
    if len(fitting) != 1:
        return lines
    return (*lines[:at], lines[at]._replace(name=fitting[0]), *lines[at + 1 :])


def _with_project(line: Requirement, facts: Facts) -> Requirement:
    """A bare path or URL with its project, and its version if the file name has one."""
    name, source, specifier = _project_of(line, facts), line.source, ""
    if source and source.kind == "archive":
        sdist = pep440.sdist_name(os.path.basename(source.url))
        if sdist and canonical_name(sdist[0]) == name:
            specifier = f"=={sdist[1]}"
    return line._replace(name=name, limits=specifier)


def _project_of(line: Requirement, facts: Facts) -> CanonicalName:
    """The project of a bare path or URL: that of the distribution installed from it, or a guess."""
    guess, there = canonical_name(line.hint), _all_installed_from(line, facts)
    if guess in there or not there:
        return guess
    # The project in a folder may have been renamed since; setup.py may have a name of its own.
    folders = line.source.folders if line.source and line.source.kind == "folder" else ()
    names = [canonical_name(repository.declared.project_name(one)) for one in folders]
    return guess if names == [guess] else min(there)
