"""`unmet`: a listed package, or one that it needs, needs what is absent or of another version.

What `pip check` says of a whole environment, said of what the files ask for, extras included.

- The dependencies of listed projects, and their dependencies, by the markers of the checked Python
  and with the extras that are requested, must be installed (error) in a version that is allowed
  (warning, because many teams use versions above upper bounds that are out of date). In a conda
  environment all are warnings, because conda installs some projects under other names.
- The result is that of `pip check`, limited to what the files ask for.
  `tests/conformance/checkers.py` compares both.
- `override-dependencies`, `exclude-dependencies` and `dependency-metadata` of `[tool.uv]`, in a
  workspace of its root, count as if metadata said so; and so do the files that `--override` and
  `--excludes` name in the header of a compiled file.
- If this project is installed, the dependencies that its pyproject.toml or setup.cfg declares by
  now must be installed, too, and those of the extras that lines ask for: a missing one is `unmet`
  at its line, another version is a note, or a warning where a line pins what the project forbids
  that another line installs. So must those of other projects whose folders lines name.
- A dependency with a URL must have been installed from there (a warning), unless it is editable.
- A dependency that is missing for an extra of a line is `missing`. argparse and wsgiref are a note.
- A dependency that is not installed is one finding; a version is one finding for each project that
  does not allow it.
- `unmet = "off"` spares the reading of metadata where everything is listed.
- Damaged metadata (METADATA or PKG-INFO missing, a dangling link, unreadable, or without name
  or version): what these distributions need is unknown, and one note (`unsure`) names them. So is
  what a distribution needs that is installed twice, which is `broken`. Such a distribution may need
  anything that is unlisted, so `plan` uninstalls nothing unless it uninstalls that one too.
"""

from __future__ import annotations

from itertools import pairwise

from .._record import unchecked
from ..errors import InvalidLineError
from ..standards import canonical_name, pep440
from ..values import TYPE_CHECKING, Location, NamedTuple, Note, Unreadable
from ..values.details import Declaration, Declared, DeclaredRequirement, Finding
from .case import Case, is_inside
from .graph import Edge, Graph, Node, body_of, is_met, node_of, nodes_of, parse_edge
from .lines import HIDDEN_BY_PIP
from .policy import finding_at
from .sources import HOLDS, Verdict, check_url, describe, is_recorded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from ..values import CanonicalName, Distribution, Facts, Requirement, Severity

# How many requirers of one missing project a message names.
_MOST_NAMED = 3


class _Need(NamedTuple):
    """What the metadata of a project, or of its extra, asks for, and how a line leads there."""

    node: Node
    line: Requirement
    chain: tuple[CanonicalName, ...]
    edge: Edge


# There are thousands in an environment.
_need = unchecked(_Need)


def unmet(case: Case) -> Iterator[Finding | Note]:
    """Dependencies that are not installed, or in a version that is not allowed.

    A project that has another finding gets none of these: see `policy.judged`.
    """
    if not case.complete:
        return
    absent: dict[CanonicalName, list[_Need]] = {}
    declared = case.project.declared or Declared()
    # uv takes these for what the metadata says, and one whose marker is false for nothing.
    limits: list[DeclaredRequirement | Requirement] = [*declared.overrides]
    limits += [line for one in case.compiled for line in one.overrides]
    overridden = {one.name for one in limits if one.name}
    overrides = {one.name: one for one in limits if case.holds(one.marker or "")}
    excluded = declared.excluded.union(*(one.excluded for one in case.compiled))
    reported = {*excluded, *(overridden - overrides.keys())}
    # What an extra of a line needs is `missing`.
    of_lines = {Node(x.name, extra) for x in case.asking if x.name for extra in x.extras}
    for need in _needs(case.asking, case.graph):
        name = need.edge.name
        there, edge = case.installed(name), need.edge
        if name in reported or (is_met(edge, there) and not edge.url):
            continue
        if need.node in of_lines and not there:
            continue
        at, needing, wanted = need.line.at, _needing(need, case), body_of(edge.text)
        if there and edge.url:
            # A line with a URL decides; that of a compiled file is a commit of it.
            if name in overrides or _has_url(name, case):
                continue
            verdict = _against_url(edge.url, there, case)
            if verdict.drift:
                message = f"{needing} {wanted}{verdict.drift}"
                yield _finding([need], case, "warning", wanted, message)
            elif verdict.unsure:
                yield Note("unsure", name, at, f"{needing} {wanted}{verdict.unsure}")
            reported |= {name} if any(verdict) else set()
        elif name in overrides and is_met(
            edge._replace(specifier=overrides[name].specifier), there
        ):
            continue
        elif _is_unreadable(need, case, there):
            yield Note("unsure", name, at, f"{needing} '{edge.text}', which cannot be read")
        elif there:
            message = f"{needing} {wanted}, but {there.name} {there.version} is installed"
            yield _finding([need], case, "warning", wanted, message)
        elif name in HIDDEN_BY_PIP:
            if name not in case.applicable:  # its line has a note
                yield Note("stdlib", name, at, f"{needing} {name}, which is part of Python")
        else:
            absent.setdefault(name, []).append(need)
    for needs in absent.values():
        yield _absent(needs, case)
    reported |= absent.keys() | overridden
    for one in (declared, *declared.parts):
        found = [*_of_project(one, case, reported)]
        reported |= {item.project for item in found if isinstance(item, Finding)}
        yield from found


def _of_project(
    declared: Declared, case: Case, reported: Set[CanonicalName]
) -> Iterator[Finding | Note]:
    """What a project declares by now, if it runs from here: its metadata may be older."""
    project = case.installed(declared.name)
    if not (project and case.environment.can.install and _is_here(project.name, case)):
        return  # none, or a release of it
    asked = {extra for line in case.binding.get(project.name, ()) for extra in line.extras}
    others = [one for one in declared.others if one.place.endswith(" extra")]
    extras: dict[str, Declaration] = {canonical_name(one.place[4:-6]): one for one in others}
    queue = [("", declared.dependencies), *((extra, extras.get(extra)) for extra in sorted(asked))]
    installed, seen = case.environment.distributions, {*reported}
    is_listed = project.name in case.applicable
    for extra, where in queue:
        if where and where.unread:
            message = f"{where.unread.message}; the project cannot be built"
            yield Note("unsure", project.name, where.unread.at, message)
        for needed in where.requirements if where else ():
            if needed.name == project.name:
                # An extra may consist of others: `all = ["shop[web,cli]"]`.
                inner = {*map(canonical_name, needed.extras)} - asked
                asked |= inner
                queue += [(one, extras.get(one)) for one in sorted(inner)]
            elif where and needed.name not in seen and case.holds(needed.marker):
                at = Location(where.file, needed.line, needed.line)
                needing = f"{project.name}[{extra}]" if extra else project.name
                chosen = f"[{','.join(needed.extras)}]" if needed.extras else ""
                wanted = f"{needed.name}{chosen}{needed.specifier}"
                message = f"{needing} needs {wanted}"
                there = case.installed(needed.name)
                absent = {} if there or needed.name in HIDDEN_BY_PIP else {needed.name: wanted}
                for node in (Node(needed.name, canonical_name(one)) for one in needed.extras):
                    lacking = case.graph.lacking_for_extra(node, installed)
                    absent.update((edge.name, body_of(edge.text)) for edge in lacking)
                for name, text in ((one, absent[one]) for one in absent.keys() - seen):
                    through = "" if name == needed.name else f", which needs {text}"
                    why = f"{message}{through}, which is not installed"
                    found = finding_at(at, case, "unmet", name, why)._replace(wanted=text)
                    found = found._replace(required_by=project.name, requires=text)
                    yield found._replace(needed_by=(project.name,), chain=(project.name,))
                seen |= absent.keys()
                specifier = needed.specifier
                is_open = there and needed.url and not _has_url(needed.name, case)
                verdict = _against_url(needed.url, there, case) if there and is_open else HOLDS
                if said := verdict.drift or verdict.unsure:
                    yield Note("declared", needed.name, at, f"{message} @ {needed.url}{said}")
                if there and specifier and not pep440.satisfies(there.version, specifier):
                    message += f", but {there.name} {there.version} is installed"
                    lines = case.binding.get(needed.name, ()) if is_listed else ()
                    pins = (x for x in lines if pep440.is_unsatisfiable((specifier, x.specifier)))
                    if pin := next(pins, None):
                        # An installer refuses to install both.
                        message += f", and a line says {pin.text}; change one of them"
                        found = finding_at(at, case, "unmet", needed.name, message)
                        yield found._replace(severity="warning", required_by=project.name)
                    else:
                        yield Note("declared", needed.name, at, message)


def _is_here(name: CanonicalName, case: Case) -> bool:
    declared = case.project.declared
    is_part = declared is not None and name in {one.name for one in declared.parts}
    return is_part or is_inside(case.project.folder, case.source(name))


def _needs(lines: Sequence[Requirement], graph: Graph) -> Iterator[_Need]:
    """All dependencies of the lines' packages, direct and indirect, by the shortest paths."""
    queue: list[tuple[Node, Requirement, tuple[CanonicalName, ...]]]
    queue = [(node, line, (node.name,)) for line in lines for node in nodes_of([line])]
    seen = {node for node, _, _ in queue}
    said: set[tuple[CanonicalName, str]] = set()
    for node, line, chain in queue:
        for edge in graph.needs(node):
            if (node.name, edge.text) not in said:
                said.add((node.name, edge.text))
                yield _need((node, line, chain, edge))
            for extra in ("", *edge.extras):
                if (below := node_of((edge.name, extra))) not in seen:
                    seen.add(below)
                    longer = chain if edge.name == node.name else (*chain, edge.name)
                    queue.append((below, line, longer))


def _is_unreadable(need: _Need, case: Case, there: Distribution | None) -> bool:
    """Whether a part of a requirement cannot be read, and so cannot be compared."""
    edge = need.edge
    try:
        if edge.marker:
            pep440.marker_holds(edge.marker, case.python, need.node.extra)
    except InvalidLineError:
        return True
    return there is not None and not pep440.is_specifier(edge.specifier)


def _needing(need: _Need, case: Case) -> str:
    """How a message about a need begins: `tent[dev] 1.0 needs`."""
    name, extra = need.node
    found, who = case.installed(name), f"{name}[{extra}]" if extra else name
    return f"{who} {found.version if found else ''}".strip() + " needs"


def _has_url(name: CanonicalName, case: Case) -> bool:
    return any(line.source for line in case.binding.get(name, ()))


def _against_url(url: str, there: Distribution, case: Case) -> Verdict:
    """What follows in a message, if something was installed from elsewhere, or may have been.

    A checkout is a wish, and a path is one of the machine that built the metadata.
    """
    found = case.source(there.name)
    unreadable = isinstance(case.facts.sources.get(there.name), Unreadable)
    if unreadable or (found and found.editable) or not is_recorded(there, case.environment):
        return HOLDS
    verdict = None if url.startswith("file:") else check_url(url, found)
    if verdict is None:
        return HOLDS
    if verdict.drift:
        return Verdict(f", but the environment has {describe(found)}")
    unsure = verdict.unsure.replace("the file says", "it says")
    return Verdict(unsure=f"; {unsure}" if unsure else "")


def _absent(needs: Sequence[_Need], case: Case) -> Finding:
    first = needs[0]
    text = body_of(first.edge.text)
    message = f"{_needing(first, case)} {text}, which is not installed"
    others = sorted({need.node.name for need in needs} - {first.node.name})
    if others:
        few = len(others) <= _MOST_NAMED
        who = ", ".join(others) if few else f"{len(others)} other packages"
        message += f"; also needed by {who}"
    # conda installs some projects under other names.
    severity: Severity = "warning" if case.environment.is_conda else "error"
    return _finding(needs, case, severity, _joined(needs) or text, message)


def _joined(needs: Sequence[_Need]) -> str:
    """One requirement that asks for all that is needed of a project; '' where a URL is."""
    if any("@" in body_of(need.edge.text) for need in needs):
        return ""
    extras = sorted({extra for need in needs for extra in need.edge.extras})
    specifiers = dict.fromkeys(need.edge.specifier for need in needs)
    readable = [text for text in specifiers if text and pep440.is_specifier(text)]
    with_extras = f"[{','.join(extras)}]" if extras else ""
    return f"{needs[0].edge.name}{with_extras}{','.join(readable)}"


def _finding(
    needs: Sequence[_Need], case: Case, severity: Severity, wanted: str, message: str
) -> Finding:
    """A finding at the requirement that leads to the first of the needs."""
    node, line, chain, edge = needs[0]
    # Why the file does not meet the need, if it was compiled for another Python.
    why = case.only_here.get((node.name, edge.text))
    links = ", ".join(f"{above} needs {below}" for above, below in pairwise(chain))
    message = "; ".join(filter(None, (message, why, links)))
    above = tuple(sorted({need.node.name for need in needs}))
    finding = finding_at(line.at, case, "unmet", edge.name, message)
    finding = finding._replace(severity=severity, wanted=wanted, needed_by=above, chain=chain)
    return finding._replace(required_by=node.name, requires=edge.text)


def _without_url(text: str) -> str:
    edge = parse_edge(text)
    extras = f"[{','.join(edge.extras)}]" if edge.extras else ""
    return f"{edge.name}{extras}; {edge.marker}" if edge.marker else f"{edge.name}{extras}"


def with_declarations(case: Case) -> Facts:
    """The facts with what is declared in the place of what some distributions say that they need.

    That is what uv takes for it; and what a project that runs from here does not declare any more,
    it does not need, whatever its metadata says.
    """
    declared, requires = case.project.declared, {**(case.facts.requires or {})}
    if not (declared and requires):
        return case.facts
    # That of one version comes last, because it takes precedence.
    for name, version, needs in sorted(declared.metadata, key=lambda one: one[1] != ""):
        there = case.installed(name)
        if there and (not version or pep440.satisfies(there.version, f"=={version}")):
            requires[name] = needs
    for project in (declared, *declared.parts):
        there, own = case.installed(project.name), project.dependencies
        if not (there and own and not own.unread and own.place == "pyproject.toml"):
            continue
        texts = requires.get(there.name, ())
        source = case.source(there.name)
        is_editable = source and source.editable and _is_here(there.name, case)
        if is_editable and not isinstance(texts, Unreadable):
            # Files nearby say nothing of what it needs.
            listed = [one for one in (own, *project.others) if one.file == own.file]
            names = {one.name for where in listed for one in where.requirements}
            urls = {one.url for where in listed for one in where.requirements}
            # The extras may be dynamic.
            kept = [x for x in texts if "extra" in x or parse_edge(x).name in names]
            kept = [x if parse_edge(x).url in {"", *urls} else _without_url(x) for x in kept]
            known = {parse_edge(text).name for text in kept}
            # This project's own, and what is not installed, is reported where it is declared.
            more = [one.name for one in own.requirements if case.installed(one.name)]
            kept += [x for x in more if x not in known and project is not declared]
            requires[there.name] = tuple(kept)
    return case.facts._replace(requires=requires)
