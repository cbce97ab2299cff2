"""`reqdrift fix`: write into the files what the environment holds."""

from __future__ import annotations

from .. import api
from ..files import replace_file
from ..formats.summary import place, printable, shown_path
from ..model import Options, Questions
from ..repair.rewrite import Rewrite, Wishes, rewrite


def run(options: Options) -> int:
    """Change the files and say what was done; 1 if some findings are left, else 0."""
    outcome = rewritten(options)
    for changed in outcome.changed:
        replace_file(changed.file.path, changed.after)
    for repair in outcome.repairs:
        finding = repair.finding
        what = repair.done or f"{finding.kind} left: {finding.message}: {repair.refused}"
        print(f"{place(finding.at)}: {printable(what)}")
    left = sum(bool(repair.refused) for repair in outcome.repairs)
    if not options.quiet:
        files = ", ".join(shown_path(changed.file.path) for changed in outcome.changed)
        done = f"changed {files}" if files else "nothing to change"
        print(f"{done}; {left} left" if left else done)
    return 1 if left else 0


def rewritten(options: Options) -> Rewrite:
    """The files as they should read.

    Raises:
        UnreadableFilesError: a file that cannot be read whole is not edited.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    found = api.examine_whole(options, "nothing was changed")
    extras = frozenset(f.project for f in found.report.findings if f.kind == "extra")
    facts = found.facts
    if extras:
        from ..environment.facts import answer

        facts = facts._replace(names=answer(Questions(names=extras), found.environment).names)
    older: frozenset[tuple[str, int]] = frozenset()
    if options.cautious:
        from ..history import older_lines

        older = older_lines(found.report, found.environment)
    wishes = Wishes(options.keep_missing, options.force, options.cautious, older)
    return rewrite(found.requirements, found.report, found.environment, facts, wishes)
