"""Requirements for an installer as a here-document, if a command line is not enough.

The requirements go to the installer on standard input, because only there can they have hashes,
and because nothing in a quoted here-document means anything to the shell. A line with credentials
is never printed: the script reads it from its file.
"""

from __future__ import annotations

import re
import shlex

from ..errors import UsageError
from ..standards.urls import percent_encoded, redact
from ..values import TYPE_CHECKING, Location, NamedTuple, ReadFile, Requirement
from .installer import Entry, for_uv

if TYPE_CHECKING:
    from collections.abc import Sequence

# No requirement begins with `#`, so no line can end the document early.
_END = "# end of the requirements"
_END_OF_PINS = "# end of what stays as it is"

_EDITABLE = re.compile(r"""(-e|--editable)[ =]?\s*("[^"]*"|'[^']*'|\S+)(?P<rest>.*)""")


class Sources(NamedTuple):
    """What the installer needs in addition to the requirements.

    `options` are the files' own options, one an entry; `read` are all files, `named` the paths of
    those that were named, `limiting` those of constraints. `on_disk` is whether the disk says what
    was read: not so for the index or a revision.
    """

    options: tuple[Entry, ...]
    read: tuple[ReadFile, ...]
    named: tuple[str, ...]
    limiting: tuple[str, ...] = ()
    on_disk: bool = True

    @property
    def constraints(self) -> list[str]:
        """The files that limit versions."""
        return list(dict.fromkeys(file.path for file in self.read if file.constraints))


def document(
    command: str,
    lines: Sequence[Requirement],
    sources: Sources,
    held: Sequence[str] = (),
    *,
    uv: bool = False,
) -> list[str]:
    """The command for some requirements, none if there are none."""
    if not lines:
        return []
    options = list(sources.options)
    words = [command]
    if uv:
        options, flags = for_uv(options)
        words += flags
    words += [f"--constraint {shlex.quote(path)}" for path in sources.constraints]
    entries = [*options, *(Entry(asking_text(line), line.at) for line in lines)]
    hidden = [entry for entry in entries if not may_be_shown(entry.text)]
    if not sources.on_disk and (hidden or sources.constraints):
        raise UsageError(
            "the installer reads constraints and lines with credentials from disk,"
            " where they may differ",
            "check out the intended files, then run plan without --staged and --rev",
        )
    files = {file.path: file for file in sources.read}
    if not all(_is_plain(files[entry.at.file]) for entry in hidden):
        # The installer reads them where they are.
        words += [f"--requirement {shlex.quote(path)}" for path in sources.named]
        return [" ".join(words)]
    pins = [*held, _END_OF_PINS] if held else []
    words += ["--constraint /dev/fd/3"] if held else []
    reading = " ".join([*words, "--requirement /dev/stdin"])
    holding = f" 3<<'{_END_OF_PINS}'" if held else ""
    document = [f"<<'{_END}'", *(e.text for e in entries if e not in hidden), _END]
    if not hidden:
        return [f"{reading} {document[0]}{holding}", *document[1:], *pins]
    cited = [_cite(at, files[at.file]) for at in dict.fromkeys(entry.at for entry in hidden)]
    return [f"{{ cat {document[0]}", *document[1:], *cited, f"}} | {reading}{holding}", *pins]


def _cite(at: Location, file: ReadFile) -> str:
    """The command that prints some lines of a file."""
    printing = f"sed -n {at.line},{at.end_line or at.line}p {shlex.quote(file.path)}"
    return printing if file.text.endswith("\n") else f"{printing}; echo"


def may_be_shown(text: str) -> bool:
    """Whether the text has no credentials and no control characters."""
    return redact(text) == text and text.isprintable()


def _is_plain(file: ReadFile) -> bool:
    """Whether sed can print the lines of the file as we count them."""
    return file.encoding == "utf-8" and not file.mark and not _has_odd_line_ends(file.text)


def _has_odd_line_ends(text: str) -> bool:
    return len(text.splitlines()) != len(text.removesuffix("\n").split("\n")) and bool(text)


def asking_text(line: Requirement) -> str:
    """The line as the installer must read it, whichever folder it runs in."""
    text = line.full_text
    source = line.source
    if source is None or not source.local or not source.folders or "${" in text:
        return text
    path = source.url
    if path.startswith(("/", "file:")) or " @ " in text:
        return text
    url = f"file://{percent_encoded(source.folders[0])}"
    if source.editable:
        found = _EDITABLE.match(text)
        extras = f"[{','.join(line.extras)}]" if line.extras else ""
        return f"-e {url}{extras}{found['rest'] if found else ''}"
    rest = text.removeprefix(path)
    if not rest or rest.startswith(" "):
        return url + rest
    # pip reads extras after a path, but not after a URL.
    if line.written and rest.startswith("["):
        extras, bracket, rest = rest.partition("]")
        return f"{line.written}{extras}{bracket} @ {url}{rest}"
    return text if rest == text else source.folders[0] + rest
