"""The kinds of finding: one table, from which everything that names them takes them.

A clean run does not load it.
"""

from __future__ import annotations

from .values import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .values import KindName, Level, Severity


class Kind(NamedTuple):
    """One kind of finding.

    `title` is the heading of a list of such findings, `explanation` says when one is reported and
    `advice` what to do. `planned` is whether `reqdrift plan` prints commands that settle it,
    `fixed` whether `reqdrift fix` edits the files so that it is settled.
    """

    name: KindName
    title: str
    explanation: str
    advice: str
    severity: Severity = "error"
    planned: bool = False
    fixed: bool = False


# In the order in which reports show them: what makes the other findings doubtful comes first.
_KINDS = (
    Kind(
        "broken",
        "the environment contradicts itself",
        "The environment contradicts itself: two distributions of one project in one folder; a "
        "metadata folder that has no readable name or version; metadata that is needed and cannot "
        "be read; an interpreter that is gone, or that is of another version than the "
        "environment's packages.",
        "Recreate the environment, or reinstall the package.",
    ),
    Kind(
        "missing",
        "listed, not installed",
        "A requirement applies here, and no distribution has that name; or an extra that it asks "
        "for needs a distribution that is not installed.",
        "Install what the file lists, or remove the line.",
        planned=True,
        fixed=True,
    ),
    Kind(
        "version",
        "another version is installed",
        "The installed version is outside the requirement's or a constraint's specifier.",
        "Install the version that the file names, or change the file to the version that is "
        "installed.",
        planned=True,
        fixed=True,
    ),
    Kind(
        "source",
        "installed from somewhere else",
        "The right name from the wrong place: another VCS repository or commit, another archive, "
        "another folder; a checkout or a folder where the file says a release, or the reverse.",
        "Reinstall it from where the file says, or change the file to where it came from.",
        planned=True,
        fixed=True,
    ),
    Kind(
        "unmet",
        "needed by listed packages, not installed or in another version",
        "A listed package, or one that it needs, needs a package that is not installed, or that is "
        "installed in a version that it does not allow (a warning).",
        "Install what is needed. Where the installed version is the right one, change the version "
        "of the package that does not allow it.",
        planned=True,
    ),
    Kind(
        "extra",
        "installed, not listed",
        "Installed, and no requirement that applies here names it. Where the file is not a freeze, "
        "what listed packages need may be unlisted.",
        "List it, or uninstall it. If another file names it, check both files together.",
        planned=True,
        fixed=True,
    ),
    Kind(
        "unpinned",
        "more than one release is allowed",
        "A requirement that allows more than one release, and that no constraint and no other "
        "line pins.",
        "Pin the release that is installed.",
        fixed=True,
    ),
    Kind(
        "conflict",
        "lines that contradict or repeat each other",
        "Lines that apply here and contradict each other: no version satisfies both, or their "
        "direct references differ. The same line twice in one file is a warning of this kind.",
        "Remove one of the lines.",
    ),
    Kind(
        "modified",
        "not as it was installed",
        "An installed file is not as its distribution's RECORD says: its hash or size differs, it "
        "is gone, or something else is in its place; or it is a file in the site folders that "
        "no distribution lists.",
        "Reinstall the distribution, without its dependencies. Delete what no package owns.",
    ),
)

KINDS: Mapping[KindName, Kind] = {kind.name: kind for kind in _KINDS}

# What a policy can make of a kind.
LEVELS: tuple[Level, ...] = ("error", "warning", "off")
