"""The kinds of finding: the only table of them, used by options, formats and docs.

A clean run does not load it.
"""

from __future__ import annotations

from .values import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .values import KindName, Level, Severity

# Not in `_version`, which a run with notes would load for it.
DOCUMENTATION = "https://reqdrift.github.io/reqdrift/"


class Kind(NamedTuple):
    """One kind of finding.

    `title` is the heading of a list of such findings, and `many` follows their number where they
    are summarized. `explanation` says when one is reported and `advice` what to do. `settled_by`
    are the commands that settle it: `plan` prints commands, `fix` edits the files. `color` is its
    color on a terminal.
    """

    name: KindName
    title: str
    many: str
    explanation: str
    advice: str
    severity: Severity = "error"
    settled_by: tuple[str, ...] = ()
    color: str = "red"

    @property
    def url(self) -> str:
        """Its page in the documentation; `make docs` checks that the site has it."""
        return f"{DOCUMENTATION}findings/{self.name}/"


# In the order in which reports show them: what makes the other findings doubtful comes first.
_KINDS = (
    Kind(
        "broken",
        "the environment contradicts itself",
        "contradictions",
        "The environment contradicts itself: two distributions of one project are in one folder, "
        "metadata has no readable name, version or source, a project runs from a folder that does "
        "not exist, or the interpreter is missing or has another version than the environment's "
        "packages.",
        "Recreate the environment, or reinstall the package.",
    ),
    Kind(
        "missing",
        "listed, not installed",
        "packages are not installed",
        "A requirement applies here, but no distribution of that name is installed, or its extra "
        "needs a distribution that is not installed.",
        "Install it, or remove the line.",
        settled_by=("plan", "fix"),
    ),
    Kind(
        "version",
        "another version is installed",
        "packages are installed in another version",
        "The installed version does not match the version specifier of a requirement or a "
        "constraint.",
        "Install the version that the file asks for, or change the file to the installed version.",
        settled_by=("plan", "fix"),
        color="yellow",
    ),
    Kind(
        "source",
        "installed from another source",
        "packages are installed from another source",
        "The project was installed from another source than the file says: another VCS repository "
        "or commit, another archive or folder, or a checkout or folder instead of a release, or "
        "the reverse. Or the project itself runs from another checkout than this one.",
        "Reinstall it from the source in the file, or change the file to the installed source.",
        settled_by=("plan", "fix"),
        color="magenta",
    ),
    Kind(
        "unmet",
        "dependencies not installed, or in another version",
        "dependencies are not installed, or in another version",
        "A listed package, or a package that it needs, has a dependency that is not installed, or "
        "that is installed in a version that it does not allow (a warning).",
        "Install the dependency. If the installed version is the right one, change the version of "
        "the package that does not allow it.",
        settled_by=("plan",),
        color="yellow",
    ),
    Kind(
        "extra",
        "installed, not listed",
        "packages are installed but not listed",
        "A distribution is installed, but no requirement that applies here names it, and nothing "
        "that is listed or declared here needs it. Lock files, compiled files and files with a "
        "hash on each line must also list what their packages need.",
        "List it, or uninstall it.",
        settled_by=("plan", "fix"),
        color="cyan",
    ),
    Kind(
        "unpinned",
        "more than one release is allowed",
        "packages are not pinned",
        "A requirement allows more than one release, and no constraint and no other line pins it; "
        "or a file that pins what is installed leaves out a dependency.",
        "Pin the installed release.",
        settled_by=("fix",),
        color="blue",
    ),
    Kind(
        "conflict",
        "lines that contradict or repeat each other",
        "lines contradict or repeat each other",
        "Lines that apply here contradict each other: no version satisfies all of them, or their "
        "direct references differ. The same line twice in one file is a warning.",
        "Remove one of the lines.",
    ),
    Kind(
        "stale",
        "not compiled since the sources changed",
        "packages are not as the sources ask",
        "A compiled file does not list what a file that it was compiled from asks for, or pins a "
        "version that it does not allow.",
        "Run the command in the header of the compiled file.",
        color="yellow",
    ),
    Kind(
        "modified",
        "files that do not match RECORD",
        "files do not match RECORD",
        "An installed file does not match its distribution's RECORD: its hash or size differs, it "
        "is missing, or something else is in its place.",
        "Reinstall the distribution without its dependencies.",
    ),
)

KINDS: Mapping[KindName, Kind] = {kind.name: kind for kind in _KINDS}

# What a policy can make of a kind.
LEVELS: tuple[Level, ...] = ("error", "warning", "off")


def close_kind(name: str) -> str:
    """What to do about a kind that there is not: the one that was meant, or all of them."""
    close = closest(name, KINDS)
    return f"did you mean '{close}'?" if close else f"the kinds are {', '.join(KINDS)}"


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known word that was probably meant, '' if there is none like it."""
    # Only after a mistake.
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=cutoff)), "")
