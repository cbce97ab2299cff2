"""Compiled files: what their headers name as sources, what these ask for, and what is missing.

Only what is certain counts: an option that is not understood and a source that cannot be read are
notes, and nothing is said of a requirement whose marker depends on the machine that compiled.

- docs/findings.md says what is compared. `requirements/compiled.py` has every option of a header
  that is understood; any other makes the file `unsure`, but the command in the header is what to
  run all the same. Paths are relative to the folder in which the output of the command is this
  file.
- `tests/end_to_end/test_stale.py` and `test_stale_exports.py` run `uv pip compile`, `pip-compile`
  and `uv export` after each edit, and compare whether they change the file.
"""

from __future__ import annotations

import os

from .. import repository, standards
from .. import requirements as reading
from ..errors import InvalidLineError, ReqdriftError
from ..files import is_inside, upwards
from ..options import quoted, split_words
from ..standards import canonical_name, pep440
from ..values import TYPE_CHECKING, Lines, Location, Note, Python, Requirement
from ..values.details import Compiled
from . import read_requirements
from .lines import FileText, LogicalLine, decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..repository.declared import File
    from ..values import CanonicalName, Requirements
    from . import Read

    # The words of a command, by what they say.
    Header = dict[str, list[str]]


TOOLS = ("pip-compile", "uv pip compile", "uv export")
# What options say. A `value` is no source, and decides nothing, as most flags. Any other option
# may change what a file must list.
_OPTIONS = """\
output -o --output-file
python -p --python --python-version
without --no-group
constraint -c --constraint --constraints
extra --extra
group --group
exempt --no-emit-package --prune --unsafe-package
override --override --overrides
exclude --exclude --excludes
value -f --find-links -i --index --index-url --default-index --extra-index-url --index-strategy
value --annotation-style --cache-dir --cert --client-cert --config --config-setting --format
value --custom-compile-command --exclude-newer --fork-strategy --keyring-provider --link-mode
value --python-platform --python-preference --color --config-file --allow-insecure-host
elsewhere --directory
value -P --upgrade-package --prerelease --resolution --resolver --trusted-host --pip-args
value -b --build-constraint --build-constraints --exclude-newer-package --max-rounds --torch-backend
flag --all-extras --all-groups --no-dev --no-default-groups --universal --allow-unsafe
flag --annotate --no-annotate --header --no-header --strip-extras --no-strip-extras --no-index
flag --emit-options --no-emit-options --emit-index-url --no-emit-index-url --emit-find-links
flag --no-emit-find-links --emit-trusted-host --no-emit-trusted-host --emit-index-annotation
flag --generate-hashes --no-hashes --reuse-hashes --no-reuse-hashes --no-allow-unsafe --no-config
flag --build-isolation --no-build-isolation --no-build --no-cache --pre --rebuild --refresh
flag --native-tls --system-certs --no-progress --managed-python --no-managed-python
flag --locked --frozen --offline --system --no-strip-markers --no-editable --no-emit-project
flag --no-emit-workspace --no-emit-local -U --upgrade --no-upgrade -q --quiet -v --verbose
"""
_TABLES = (
    *("project", "project.optional-dependencies", "dependency-groups"),
    *("tool", "tool.uv", "tool.uv.sources", "tool.uv.sources."),
)
# Where pip-compile looks if the command names no source.
_DEFAULTS = ("requirements.in", "setup.py", "pyproject.toml", "setup.cfg")
_OF_SETUPTOOLS = {"setup.py": "a program, which is not run", "setup.cfg": "not read"}
# Projects that pip-compile omits by default.
_UNSAFE = ("distribute", "pip", "setuptools")
# The command comes from the file, which is not trusted, and is printed for people to run.
_OF_SHELLS = ";|&<>()"
# What a marker says of more than the version of Python.
OF_MACHINES = ("platform", "os_name", "implementation")


def with_sources(
    requirements: Requirements, read: Read, top: str | None, configured: tuple[str, ...] = ()
) -> Requirements:
    """The requirements, with what the sources of compiled files ask for.

    Args:
        requirements: the content of the files.
        read: returns a file's bytes.
        top: the repository's top folder.
        configured: the sources of files whose headers do not name them.
    """
    compiled, notes, omitted = [], [*requirements.notes], {*requirements.omitted}
    for file in requirements.files:
        is_piped = os.path.exists(file.path) and not os.path.isfile(file.path)
        header = _read_header(file.text)
        omitted.update(map(canonical_name, header.get("exempt", ())))
        if "tool" not in header:
            # Such files together list what the configured sources ask for.
            header, configured = {"source": [*configured]}, ()
        if file.constraints or is_piped or not any(header.values()):
            continue
        files = {file.path} if "tool" in header else {one.path for one in requirements.files}
        for above, below in requirements.includes:
            if above in files:
                files.add(below)
        command, base = generating_command(file.text), _base(file.path, header, top)
        omitted.update(_local_sources(header, base, read))
        outputs = [os.path.join(base, name) for name in header.get("output", ())]
        # What follows an unknown option may be its value.
        sources = header.get("source", ()) if "unknown" not in header else ()
        is_gone = not all("://" in x or os.path.exists(os.path.join(base, x)) for x in sources)
        if (
            header.get("elsewhere")
            or is_gone
            or (outputs and os.path.realpath(file.path) not in map(os.path.realpath, outputs))
        ):
            command = ""  # it would fail, or write another file
        command = _writing(command, os.path.relpath(file.path, base))
        one = Compiled(file.path, command, frozenset(files), folder=base)
        try:
            one = _with_overrides(one, header, read, top)
            omitted |= one.excluded
            one = _with_asked(one, header, read, top)
        except ReqdriftError as error:
            # The command makes the file follow the environment all the same.
            why = f"whether it is up to date with its sources is not known: {error}"
            notes.append(Note("unsure", None, Location(file.path), why))
        compiled.append(one)
    return requirements._replace(
        compiled=tuple(compiled), notes=tuple(notes), omitted=frozenset(omitted)
    )


def _local_sources(header: Header, folder: str, read: Read) -> Iterator[CanonicalName]:
    """The projects in folders that an export leaves out on purpose."""
    flags = header.get("flag", ())
    kinds = ["workspace"] if "--no-emit-workspace" in flags else []
    kinds += ["workspace", "path"] if "--no-emit-local" in flags else []
    if not kinds:
        return
    file = repository.declared.File(folder, read=read)
    for name, source in file.table("tool", "uv", "sources").items():
        if isinstance(source, dict) and not source.keys().isdisjoint(kinds):
            yield canonical_name(name)


def tool_of(command: str) -> str:
    """The tool that a command of `generating_command` starts, '' if it is not known."""
    command = f"{command} "
    # uv takes options before the subcommand, too.
    known = (
        tool
        for tool in TOOLS
        if command.startswith(f"{tool} ")
        or (command[:3] == tool[:3] == "uv " and f" {tool[3:]} " in command)
    )
    return next(known, "")


def split_command(command: str) -> tuple[str, str, str]:
    """A command of a known tool: the options before its subcommand, that, and all that follows."""
    name = tool_of(command).removeprefix("uv")
    before, name, after = f"{command} ".partition(f"{name} ")
    return before, name.strip(), after.strip()


def is_of_groups(text: str) -> bool:
    """Whether a compiled file has only what groups ask for, a part of what the project needs."""
    header = _read_header(text)
    if header.get("tool") == ["uv export"]:
        return not {"--only-group", "--only-dev"}.isdisjoint(header.get("unknown", ()))
    return "path:group" in header and "source" not in header


def _writing(command: str, output: str) -> str:
    """The command that writes the file, and first the lock file that it is exported from."""
    tool = tool_of(command)
    if tool == "uv export":
        command = " ".join(x for x in command.split(" ") if x not in ("--frozen", "--locked"))
    # Otherwise uv would print what it makes.
    is_printed = " -o" not in command and "--output-file" not in command
    return f"{command} -o {quoted(output)}" if tool.startswith("uv ") and is_printed else command


def _read_header(text: str) -> Header:
    """The X.Y of Python, and the words of the command if its tool is known."""
    # In `autogenerated by pip-compile with Python 3.11`.
    version = text[:600].lower().partition(" by pip-compile with python ")[2].split(maxsplit=1)[:1]
    header, command = {"python": version}, generating_command(text)
    tool = tool_of(command)
    if not tool:
        return header
    before, _, after = split_command(command)
    arguments = f"{before} {after}".removeprefix(tool.partition(" ")[0])
    has_quotes = any(mark in command for mark in "'\"\\")
    words = split_words(arguments) if has_quotes else arguments.split()
    if words is None:
        return header
    rows = map(str.split, _OPTIONS.splitlines())
    kinds = {"-": "source"} | {option: kind for kind, *options in rows for option in options}
    if tool != "uv export":  # whose groups are all the project's
        kinds["--group"] = "path:group"
    header["tool"] = [tool]
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        kind = kinds.get(name, "unknown") if word.startswith("-") else "source"
        if kind in ("source", "flag", "unknown"):
            value = word if kind == "source" else name
        elif not equals:
            value = next(rest, "")
        header.setdefault(kind, []).append(value)
    return header


def python_of(text: str) -> str:
    """The X.Y of the Python for which a file was compiled, '' if its header does not say it."""
    numbers = "".join(_read_header(text)["python"][-1:]).split(".")[:2]
    is_version = len(numbers) == 2 and all(one.isascii() and one.isdigit() for one in numbers)
    found = ".".join(numbers)
    return found if is_version and len(found) <= len("3.100") else ""


def other_python(text: str, here: str) -> str:
    """The X.Y of the Python for which a file was compiled; '' if that is `here`, or not known."""
    there = python_of(text)
    if there in ("", here):
        return ""
    is_for_later = "--universal" in _read_header(text).get("flag", ())
    return "" if is_for_later and pep440.satisfies(here, f">={there}") else there


def _with_overrides(one: Compiled, header: Header, read: Read, top: str | None) -> Compiled:
    """The file with what the command put in the place of requirements of its packages.

    Raises:
        ReqdriftError: a file of these cannot be read.
    """
    is_export = header.get("tool") == ["uv export"]
    is_configured = header.get("tool") == ["uv pip compile"]
    is_configured &= "--no-config" not in header.get("flag", ())
    lines: dict[str, list[Requirement]] = {"override": [], "exclude": []}
    if is_export or is_configured:
        lines |= _settings_of_uv(one.folder, top, read, is_export=is_export)
    for kind, found in lines.items():
        for path in (os.path.join(one.folder, name) for name in header.get(kind, ())):
            _must_be_inside(path, one, top)
            found += _read(path, read, top, is_limit=False)
    excluded = frozenset(line.name for line in lines["exclude"] if line.name)
    return one._replace(overrides=tuple(lines["override"]), excluded=excluded)


def _settings_of_uv(
    folder: str, top: str | None, read: Read, *, is_export: bool
) -> dict[str, list[Requirement]]:
    """What the nearest uv.toml or `[tool.uv]` overrides and excludes.

    Of an export only what the pyproject.toml of the workspace does, and with `--no-config`, too.

    Raises:
        ReqdriftError: an entry cannot be read.
    """
    declared = repository.declared

    def file_in(place: str, name: str) -> File:
        return declared.File(place, name, read)

    if is_export:
        project = repository.project_folder(folder, top) or folder
        root = file_in(declared.workspace(project, top, file_in)[0], "pyproject.toml")
        settings = [(root, root.table("tool", "uv"))]
    else:
        places = upwards(folder, top or folder)
        settings = [declared.settings_of_uv(place, file_in) for place in places]
    for file, uv in settings:
        if uv or file.path.endswith("uv.toml"):
            try:
                return {
                    kind: _listed(uv.get(f"{kind}-dependencies", ()), file.path, file.text)
                    for kind in ("override", "exclude")
                }
            except ReqdriftError as error:
                why = str(error)
            except (TypeError, AttributeError):
                why = "an entry cannot be read"
            raise ReqdriftError(f"{os.path.relpath(file.path)}: {why}")
    return {}


def _must_be_inside(path: str, one: Compiled, top: str | None) -> None:
    """Raises ReqdriftError for a file outside of the project: a header may name any."""
    project = os.path.realpath(top or os.path.dirname(one.file))
    if not is_inside(os.path.realpath(path), project):
        raise ReqdriftError(f"{os.path.relpath(path)} is outside of the project")


def _with_asked(one: Compiled, header: Header, read: Read, top: str | None) -> Compiled:
    """The file with what its sources surely ask for.

    Raises:
        ReqdriftError: why that is not known.
    """
    tool, base = header.get("tool", [""])[0], one.folder
    unknown = ["--directory"] if header.get("elsewhere") else []
    unknown += header.get("unknown", ())
    # The header of pip-compile has all that is configured.
    if tool == "uv pip compile":
        settings = repository.declared.File(base, read=read).table("tool", "uv")
        unknown += ["tool.uv.pip"] if "pip" in settings else []
    if unknown:
        raise ReqdriftError(f"the option {unknown[0]} of '{tool}' is not known here")
    sources = ["pyproject.toml"] if tool == "uv export" else header.get("source", [])
    if tool == "pip-compile" and not sources:
        there = (name for name in _DEFAULTS if os.path.exists(os.path.join(base, name)))
        sources = [next(there, _DEFAULTS[0])]
    paths = [os.path.join(base, source) for source in sources]
    groups = {os.path.join(base, path): group for path, group in _groups(header).items()}
    limits = [os.path.join(base, limit) for limit in header.get("constraint", ())]
    exempt = {*header.get("exempt", ()), *(_UNSAFE if tool == "pip-compile" else ())}
    # An override with a marker removes the project where that is false.
    exempt |= one.excluded.union(line.name for line in one.overrides if line.marker and line.name)
    asked: list[Requirement] = []
    for path in (*paths, *limits, *groups) if tool else ():
        _must_be_inside(path, one, top)
    for path in (*paths, *limits):
        if os.path.basename(path) == "pyproject.toml":
            asked += _of_project(path, header, exempt, read)
        else:
            asked += _read(path, read, top, is_limit=path not in paths)
    for path, group in groups.items():
        asked += _of_project(path, {"group": group}, exempt, read, is_source=False)
    names = {canonical_name(name) for name in exempt}
    asked = [line for line in asked if line.name not in names]
    free = {line.name for line in one.overrides} - names
    asked = [x._replace(pin=None, limits="", source=None) if x.name in free else x for x in asked]
    asked += [x._replace(constraint=True) for x in one.overrides if x.name in free]
    sure = tuple(line for line in asked if _surely(line.marker, header))
    maybe = tuple(line for line in asked if not _surely(line.marker, header))
    places = tuple(dict.fromkeys((*paths, *groups)))
    return one._replace(asked=sure, maybe=maybe, sources=places)


def _groups(header: Header) -> dict[str, list[str]]:
    """The names in `--group PATH:NAME` by the path, which is that of a pyproject.toml."""
    found: dict[str, list[str]] = {}
    for value in header.get("path:group", ()):
        path, _, name = value.rpartition(":")
        found.setdefault(path or "pyproject.toml", []).append(name)
    return found


def _base(path: str, header: Header, top: str | None) -> str:
    """The folder in which the command was run: where its output is this file."""
    here, real, join = os.path.dirname(path), os.path.realpath, os.path.join
    folders = [*filter(None, (os.getcwd(), top)), here]
    outputs, sources = header.get("output", ()), (*header.get("source", ()), *_groups(header))
    made = (f for name in outputs for f in folders if real(join(f, name)) == real(path))
    found = (f for name in sources for f in (here, *folders) if os.path.exists(join(f, name)))
    return next(made, "") or next(found, here)


def _read(path: str, read: Read, top: str | None, *, is_limit: bool) -> tuple[Requirement, ...]:
    """What a requirements file asks for; raises ReqdriftError if it cannot be read."""
    if what := _OF_SETUPTOOLS.get(os.path.basename(path)):
        raise ReqdriftError(f"{os.path.relpath(path)} is {what}")
    files, limits = ([], [path]) if is_limit else ([path], [])
    found, shown = read_requirements(files, limits, top, read=read), os.path.relpath(path)
    for error in found.errors:
        # pip-compile accepts a file as constraints that it has compiled with extras.
        if error.message.startswith(reading.parse.LIMIT_WITH_EXTRAS) and not is_limit:
            continue
        # A line may be anything: it is not quoted.
        is_whole = error.at is None or error.at.line is None
        shown = os.path.relpath(error.at.file) if error.at else shown
        raise ReqdriftError(f"{shown}: {error.message if is_whole else 'a line cannot be read'}")
    if found.remote:
        raise ReqdriftError(f"{shown}: a constraint is a URL, which is not downloaded")
    return found.requirements


def _surely(marker: str | None, header: Header) -> bool:
    """Whether a requirement surely applied where the file was compiled."""
    if marker is None:
        return True
    python = Python("".join(header.get("python", [])[-1:]))
    is_universal = "--universal" in header.get("flag", ()) or any(
        map(marker.count, (*OF_MACHINES, "extra", "dependency_groups"))
    )
    if is_universal or not python.version.replace(".", "").isdigit():
        return False
    try:
        hangs = pep440.marker_hangs_on_patch(marker, python)
        return not hangs and pep440.marker_holds(marker, python)
    except InvalidLineError:
        return False


def _of_project(
    path: str, header: Header, exempt: set[str], read: Read, *, is_source: bool = True
) -> list[Requirement]:
    """What a pyproject.toml asks for; adds to `exempt` itself, and what has another source for uv.

    If it is no source, only its groups count, and it need not have a project.

    Raises:
        ReqdriftError: it cannot be read, or does not say it.
    """
    flags = header.get("flag", ())
    try:
        text = decode(read(path, named=False)).text
        content = standards.plain_toml.tables(text, _TABLES)
        project = content["project"] if is_source else content.get("project", {})
        uv = content.get("tool", {}).get("uv", {})
        if is_source and "dependencies" in project.get("dynamic", ()):
            raise ReqdriftError("its dependencies are dynamic")
        name = canonical_name(project.get("name", ""))
        exempt |= {name, *uv.get("sources", ())}
        asked = _listed(project.get("dependencies", ()) if is_source else (), path, text)
        lists = {"extra": project.get("optional-dependencies", {})}
        lists["group"] = content.get("dependency-groups", {})
        for kind, entries_of in lists.items():
            named = {canonical_name(key): entries for key, entries in entries_of.items()}
            queue = [*(named if f"--all-{kind}s" in flags else header.get(kind, ()))]
            if (kind, header.get("tool")) == ("group", ["uv export"]):
                default = uv.get("default-groups", ["dev"])
                default = named if default == "all" else default
                queue += default if "--no-default-groups" not in flags else ()
            done = {*map(canonical_name, header.get("without", ()))}
            if "--no-dev" in flags:
                done.add(canonical_name("dev"))
            for key in map(canonical_name, queue):
                if key not in done:
                    done.add(key)
                    texts = [entry for entry in named.get(key, ()) if isinstance(entry, str)]
                    asked += (lines := _listed(texts, path, text))
                    others = [entry for entry in named.get(key, ()) if not isinstance(entry, str)]
                    queue += [entry["include-group"] for entry in others]
                    # An extra may consist of others: `all = ["shop[web,cli]"]`.
                    own = [line for line in lines if line.name == name and kind == "extra"]
                    queue += [extra for line in own for extra in line.extras]
        return asked
    except KeyError as error:
        why = f"it has no {error.args[0]}"
    except ReqdriftError as error:
        why = str(error)
    except (ValueError, RecursionError) as error:
        why = f"it cannot be read: {error}"
    except (TypeError, AttributeError):
        why = "it cannot be read: a value is of another type"
    raise ReqdriftError(f"{os.path.relpath(path)}: {why}")


def _listed(texts: Sequence[str], path: str, content: str) -> list[Requirement]:
    """The requirements in a list, each at the first line of the file that has its text."""
    physical = content.splitlines() or [""]
    file = FileText(path, content, False, ())
    placed: list[Requirement] = []
    for text in texts:
        at = next((number for number, raw in enumerate(physical) if text in raw), 0)
        line = LogicalLine(at + 1, at + 1, text.strip(), physical[at])
        ordinary = reading.parse.read_ordinary(line, file) if line.text else None
        if ordinary and not ordinary[0].hashes:
            placed += ordinary
            continue
        origin = Lines(path, line.line, line.line, line.raw)
        asked = Requirement(None, "", line.text, line.text, origin, constraint=False)
        try:
            # Unlike a line of a requirements file, it has no option, comment, path or variable.
            pep440.parse_requirement(text)
            placed.append(reading.references.requirement_from_text(text, asked, ()))
        except InvalidLineError:
            raise ReqdriftError("dependencies: a line cannot be read") from None
    return placed


def shortfalls(
    compiled: Iterable[Compiled], lines: Iterable[Requirement]
) -> Iterator[tuple[Compiled, Requirement, str]]:
    """What compiled files lack: the file, the requirement of a source, and how that is said."""
    lines = tuple(lines)
    for one in compiled:
        listed: dict[CanonicalName | None, list[Requirement]] = {}
        for line in lines:
            if line.origin.file in one.files and not line.constraint:
                listed.setdefault(line.name, []).append(line)
        for asked in one.asked:
            # A path may hold any project.
            is_named = asked.name and None not in listed
            if is_named and (lack := _shortfall(asked, listed.get(asked.name, []))):
                yield one, asked, lack


def _shortfall(asked: Requirement, lines: list[Requirement]) -> str:
    """What the lines of a project lack of what is asked for, '' if they have it, or may have it."""
    if not lines:
        return "" if asked.constraint else f"does not list {asked.name}, which this file asks for"
    pins = [line.specifier.removeprefix("==") for line in lines if not line.source]
    if asked.source or len(pins) < len(lines) or not all(map(pep440.normal_version, pins)):
        return ""
    if any(pin == asked.pin or pep440.satisfies(pin, asked.specifier) for pin in pins):
        return ""
    verb = "allows" if asked.constraint else "asks for"
    return f"says {lines[0].text}, but this file {verb} {asked.text}"


# `created-by` in a lock file -> the command that writes lock files, where it has another name.
_MAKERS = {"pip": "pip lock", "pdm": "pdm export"}
# So many lines at the top have the header.
_HEAD = 12
_OF_GENERATED = (
    *(f"generated {word}" for word in ("by", "from", "using", "via", "with", "automatically")),
    *(f"{verb} generated" for verb in ("is", "was", "are", "were", "been", "automatically")),
    *("autogenerated", "auto-generated", "auto generated"),
    *("do not edit", "don't edit", "not be edited", "not edit by hand"),
)
# What says it of something else, or denies it.
_OF_OTHERS = (
    *("not generated", "never generated", "n't generated", "generated by hand", "edited by hand"),
    *(
        "from this file",
        "edit above",
        "edit below",
        "edit the line",
        "edit this line",
        "these line",
    ),
)
_PARTING = str.maketrans("=>|", "   ")
# pip-compile, pip-compile-multi; `uv pip compile`, `uv export`; `pdm export`.
_HEADERS = ("generated by pip-compile", "generated by uv", "@generated by PDM")


def is_generated(text: str) -> bool:
    """Whether it has the header of a tool, or the comments above all else say so.

    What is from a freeze is edited by hand.
    """
    comments = []
    for line in _head(text.lstrip().lower()):
        if line.startswith("#"):
            comments.append(line.lstrip("#@*- "))
        elif not line.startswith(("-i ", "--")):
            break
    words = _words("\n".join(comments).translate(_PARTING))
    is_frozen = any(word.endswith("freeze") for word in words)
    is_said = not is_frozen and any(map(_says_generated, comments))
    return is_said or bool(generating_command(text))


def _says_generated(comment: str) -> bool:
    """Whether a comment says it, by all appearance of its file."""
    words = " ".join(_words(comment))
    return any(x in words for x in _OF_GENERATED) and not any(x in words for x in _OF_OTHERS)


def _words(text: str) -> list[str]:
    return [word.strip("`'\"(),.:;!*=#-") for word in text.split()]


def generating_command(text: str) -> str:
    """The command that generated the file, '' for a file that people write.

    One that starts more than one program, or reads standard input, is only mentioned.
    """
    comments = [line[1:] for line in _head(text) if line.startswith("#")]
    for index, comment in enumerate(comments):
        if any(header in comment for header in _HEADERS):
            # The command is indented, the text before it ("To update, run:") is not.
            commands = (later.strip() for later in comments[index + 1 :] if later[:2] == "  ")
            command = next(filter(None, commands), "") or "the tool that made it"
            return command if _can_be_printed(command) else "the command in its header"
    return ""


def _head(text: str) -> list[str]:
    """The first lines; a file of hashes is long."""
    return "\n".join(text.split("\n", _HEAD)[:_HEAD]).splitlines()[:_HEAD]


def _can_be_printed(command: str) -> bool:
    """Whether running the command does no more than compile.

    A shell starts one program only (marks in quotes are a part of an argument), and it does not
    read standard input: if that is empty, the compiled file would be empty, too.
    """
    unquoted = "".join(command.split("'")[::2])
    bare = "".join(unquoted.split('"')[::2])
    if "-" in bare.split() or any(mark in unquoted for mark in "$`\n"):
        return False
    return not any(map(bare.count, _OF_SHELLS))


def maker_of(text: str) -> str:
    """The tool that made a lock file, in words."""
    entries = [line.partition("=") for line in text.splitlines() if line.startswith("created-by")]
    maker = entries[0][2].strip().strip("'\"") if entries else ""
    return _MAKERS.get(maker, maker) or "the tool that made it"
