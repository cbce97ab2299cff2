"""Records: documents that say what is installed in an environment, maybe on another machine.

A record has no say in what is read from this disk, but for one thing: where it names the folder of
a project, the name of the project in that folder is read, here and in the checked project.
"""

from __future__ import annotations

import json
import os
import stat
import sys

from ..errors import EnvironmentReadError, InvalidLineError, UsageError
from ..repository.projects import project_name
from ..standards import canonical_name
from ..standards.markers import VARIABLES
from ..values import TYPE_CHECKING, CanonicalName, Note, Source
from ..values.environment import Broken, Capabilities, Distribution, Environment, Python
from ..values.facts import Facts, Questions, Unreadable
from .answers import source_of
from .inspect_report import is_inspect_report, prefix_of, read_inspect_report
from .recorded import Recorded
from .site import version_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

STANDARD_INPUT = "-"
FOUND_BY = "--installed"
# In bytes; the record of 1,000 distributions has 10 MB.
LARGEST = 32 << 20
_CAN = Capabilities(files=False, install=False, times=False)
_UNKNOWN = frozenset(name for name in VARIABLES if name != "extra")
_OF_VERSION = frozenset(("python_version", "python_full_version", "implementation_version"))
# `sys_platform` -> `os_name`, `platform_system`.
PLATFORMS = {
    "linux": ("posix", "Linux"),
    "darwin": ("posix", "Darwin"),
    "win32": ("nt", "Windows"),
    "cygwin": ("posix", "CYGWIN_NT"),
}
# How many folders of a path are looked for in the project.
_DEEPEST = 20
_TRUNCATED = "it is truncated or not valid JSON"


class Record:
    """An environment as a file describes it.

    Args:
        path: the file, or `-` for standard input.
        project: the folder of the project, in which folders of the record may be found.
        python: which environment is meant, if the record has several.
        python_version: the version of its Python, if the record does not say it: X.Y or X.Y.Z.
        platform: its `sys.platform`, if the record does not say it.
    """

    can = _CAN
    _environment: Environment | None = None

    def __init__(
        self,
        path: str,
        project: str,
        python: str | None = None,
        python_version: str | None = None,
        platform: str | None = None,
    ) -> None:
        self._path = path
        self._project = project
        self._python = python
        self._python_version = python_version
        self._platform = platform

    def read(self) -> Environment:
        """See `EnvironmentSource` in base.py; the same applies to the other methods."""
        if self._environment is None:
            self._recorded = self._read()
            self._environment = self._environment_of(self._recorded)
        return self._environment

    def _read(self) -> Recorded:
        shown = "standard input" if self._path == STANDARD_INPUT else self._path
        try:
            text = _text(self._path)
            return self._content(text)
        except EnvironmentReadError as error:
            raise EnvironmentReadError(f"{shown}: {error.message}", error.hint) from None
        except (RecursionError, TypeError, AttributeError, KeyError, ValueError):
            # Documents that only resemble one.
            raise EnvironmentReadError(f"{shown}: it has an unexpected form", _WAY_OUT) from None

    def _content(self, text: str) -> Recorded:
        """What the text says; its format is recognized by its content.

        Raises:
            EnvironmentReadError: it is none of the formats, or cannot be read.
        """
        if not text.strip():
            raise EnvironmentReadError("it is empty", _WAY_OUT)
        if not _is_json(text):
            # Each format costs time to load.
            from .frozen_list import read_frozen_list

            self._must_be_one("a freeze")
            return read_frozen_list(text, self._name_of)
        document = _parsed(text)
        if is_inspect_report(document):
            self._must_be_one("an inspect report")
            return read_inspect_report(document)
        # The others are read less often.
        from .listing import is_listing, read_listing
        from .sbom import is_sbom, read_sbom

        if is_sbom(document):
            return read_sbom(document, self._python)
        if is_listing(document):
            self._must_be_one("a list")
            return read_listing(document)
        raise EnvironmentReadError("it is of no format that reqdrift reads", _WAY_OUT)

    def _must_be_one(self, what: str) -> None:
        if self._python is not None:
            raise EnvironmentReadError(f"{what} has one environment only", "leave out --python")

    def _environment_of(self, recorded: Recorded) -> Environment:
        gaps, notes = recorded.gaps, []
        python = recorded.python
        if python is None:
            python, variables = self._stated()
            gaps = gaps._replace(variables=variables)
        if gaps.sources:
            message = f"{gaps.record} does not record where distributions were installed from"
            notes.append(Note("unsure", None, None, message, quiet=True))
        path = "standard input" if self._path == STANDARD_INPUT else os.path.abspath(self._path)
        distributions = [
            one if one.folder else one._replace(folder=path) for one in recorded.distributions
        ]
        return Environment(
            path,
            python,
            f"{FOUND_BY}: {gaps.record}" + (f" of {recorded.prefix}" if recorded.prefix else ""),
            {one.name: one for one in distributions},
            tuple(Broken(canonical_name(name), text) for name, text in recorded.broken),
            tuple(notes),
            folders=recorded.folders,
            hidden=recorded.hidden,
            chosen="named",
            can=_CAN,
            gaps=gaps if any(gaps[1:]) else None,
        )

    def _stated(self) -> tuple[Python, frozenset[str]]:
        """The Python as the options state it, and the markers that remain unknown.

        Raises:
            UsageError: an option has a value that cannot be.
        """
        unknown = _UNKNOWN
        version = ".".join(map(str, sys.version_info[:2]))
        if self._python_version is not None:
            version = version_of({"version": self._python_version})
            if not version:
                message = f"--python-version: '{self._python_version}' is not a Python version"
                raise UsageError(message, "write X.Y or X.Y.Z, as in 3.12")
            is_exact = version.count(".") > 1
            unknown -= _OF_VERSION if is_exact else {"python_version"}
        markers: list[tuple[str, str]] = []
        if self._platform is not None:
            if self._platform not in PLATFORMS:
                message = f"--platform: '{self._platform}' is not a value of sys.platform"
                raise UsageError(message, f"choose from {', '.join(PLATFORMS)}")
            names = ("sys_platform", "os_name", "platform_system")
            markers = list(zip(names, (self._platform, *PLATFORMS[self._platform]), strict=True))
            unknown -= {*names}
        is_assumed = self._python_version is None
        platform = self._platform or ""
        return Python(version, "CPython", None, platform, is_assumed, tuple(markers)), unknown

    def answer(self, asked: Questions, known: Facts) -> Facts:
        """The known facts, and the answers that the record has."""
        environment, recorded = self.read(), self._recorded
        distributions = environment.distributions
        sources = {name: self._source(distributions[name]) for name in asked.sources}
        facts = known._replace(sources={**known.sources, **sources})
        if asked.checkouts:
            checkouts = {one: self._checkout(*one) for one in sorted(asked.checkouts)}
            facts = facts._replace(checkouts={**(known.checkouts or {}), **checkouts})
        if asked.requires:
            facts = facts._replace(requires=dict(recorded.requires))
        if asked.requires_of:
            read = {name: recorded.requires.get(name, ()) for name in asked.requires_of}
            facts = facts._replace(requires_of={**known.requires_of, **read})
        if asked.names:
            spelled = recorded.names
            names = {name: spelled.get(name, distributions[name].project) for name in asked.names}
            facts = facts._replace(names=names)
        if asked.exact_python:
            facts = facts._replace(python=environment.python)
        return facts

    def _source(self, distribution: Distribution) -> Source | Unreadable:
        said = self._recorded.direct.get(distribution.name)
        if isinstance(said, Unreadable):
            return said
        try:
            source = said if isinstance(said, Source) else source_of(_as_record(said))
        except (InvalidLineError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            return Unreadable(
                f"the direct URL of {distribution.name}", "does not conform to PEP 610"
            )
        if not source.local:
            return source
        is_conda = self._recorded.installers.get(distribution.name) == "conda"
        prefix = self._recorded.prefix or prefix_of(distribution.folder)
        is_inside = bool(prefix) and f"{source.url}/".startswith(f"{prefix}/")
        folders = self._folders(source.url, distribution.name)
        return source._replace(
            folders=folders, conda=is_conda, environment=prefix if is_inside else ""
        )

    def _folders(self, path: str, name: CanonicalName) -> tuple[str, ...]:
        """Where a folder of the record is on this machine; nothing if that is unknown.

        It is the same folder if a project of the same name is there, or at the end of the same path
        in this project.
        """
        if not os.path.isabs(path) or not path.isprintable():
            return ()
        if canonical_name(project_name(path)) == name:
            return (os.path.realpath(path),)
        parts = os.path.normpath(path).split(os.sep)[1:][-_DEEPEST:]
        for start in range(len(parts) + 1):
            place = os.path.join(self._project, *parts[start:])
            if canonical_name(project_name(place)) == name:
                return (os.path.realpath(place),)
        return ()

    def _name_of(self, path: str) -> str:
        """The project that an editable path of a freeze is, '' if unknown."""
        is_usual = os.path.isabs(path) and path.isprintable()
        return project_name(path) if is_usual else ""

    def _checkout(self, folder: str, revision: str) -> Any:
        """Only whether a folder is in the project's own repository: no record has commits."""
        # Few environments have editable checkouts.
        from .checkouts import read_checkout

        own = read_checkout(self._project, "")
        found = own if folder == self._project else read_checkout(folder, revision)
        return found if own and found and found.shared == own.shared else None


_WAY_OUT = "write it with pip inspect, pip list --format json or pip freeze"


def _as_record(said: object) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise ValueError(said)
    return said


def _is_json(text: str) -> bool:
    start = text.lstrip()[:2]
    # pip's `[notice]` is none.
    return start[:1] == "{" or (start[:1] == "[" and not start[1:].isalpha())


def _parsed(text: str) -> Any:
    """The document; anything that is not plain JSON is an error.

    Raises:
        EnvironmentReadError: it is truncated, or there is more than one document.
    """
    try:
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            raise EnvironmentReadError(
                f"after the document, there is other text in line {error.lineno}", _APART
            ) from None
        raise EnvironmentReadError(
            f"{_TRUNCATED}: {error.msg} in line {error.lineno}", _APART
        ) from None
    except RecursionError:
        raise EnvironmentReadError("it is nested too deeply") from None


_APART = "keep standard error apart (2>/dev/null; ssh and docker without -t)"


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise EnvironmentReadError("an object in it has a key twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise EnvironmentReadError(f"it has {constant}, which is not JSON")


def _text(path: str) -> str:
    """The text of a record.

    Raises:
        EnvironmentReadError: it cannot be read, is too large, or is not UTF-8 (or UTF-16, as
            PowerShell writes it).
    """
    data = _bytes(path)
    encoding = "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode(encoding)
    except UnicodeDecodeError:
        raise EnvironmentReadError("it is not UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _bytes(path: str) -> bytes:
    try:
        if path == STANDARD_INPUT:
            if os.isatty(0):
                example = "pip inspect | reqdrift --installed -"
                hint = f"for example: {example}"
                raise UsageError("nothing is piped into standard input", hint)
            with open(0, "rb", closefd=False) as file:
                return _limited(file.read)
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise EnvironmentReadError("a folder inside a folder of records", "pass it by itself")
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISFIFO(status.st_mode):
            raise EnvironmentReadError("is not a regular file")
        with open(path, "rb") as file:
            return _limited(file.read)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise EnvironmentReadError(f"cannot be read: {why}") from None


def _limited(read: Callable[[int], bytes]) -> bytes:
    data = read(LARGEST + 1)
    if len(data) > LARGEST:
        raise EnvironmentReadError(f"is larger than {LARGEST >> 20} MiB")
    return data
