"""What the functions of the public API take: files, an environment, and what counts as drift.

Apart from the commands, which need no `typing`.
"""

from __future__ import annotations

import os
from typing import TypedDict

from ..options import options_of
from ..repository import load_settings
from ..values import TYPE_CHECKING, Policy, Request, Set, Settings
from .run import check_subject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    StrPath = str | os.PathLike[str]
    # One, or several.
    Files = StrPath | Sequence[StrPath]
    Names = str | Sequence[str]


class Place(TypedDict, total=False):
    """What `Subject` has of an environment on this disk."""

    python: StrPath | None
    path: StrPath | None
    python_version: str | None


class PlaceOrRecord(Place, total=False):
    """What `Subject` has of an environment on this disk, or of a record of one."""

    installed: StrPath | None
    platform: str | None


class Subject(PlaceOrRecord, total=False):
    """What is compared with files, and how.

    Attributes:
        python: an interpreter or environment folder; by default the project's environment is found.
        path: a folder made by `pip install --target`, instead of an environment.
        python_version: the Python version of that folder, as X.Y; by default the running one. Of a
            record, what it does not say.
        installed: the file of a record, instead of an environment: `pip inspect`, a list or a
            freeze; `-` is standard input.
        platform: the `sys.platform` of a record that does not say it.
        policy: what counts as drift; pyproject.toml is not read.
        extras: the extras of lock files that are installed.
        groups: their dependency groups that are installed; by default their default groups.
    """

    policy: Policy | None
    extras: Names
    groups: Names


class ToRepair(Subject, total=False):
    """What `fix` and `diff` take: a subject, and how far they go.

    Attributes:
        keep_missing: keep lines whose project is not installed.
        force: also edit generated files.
        cautious: delete nothing, and rewrite only lines that are older than the installation.
    """

    keep_missing: bool
    force: bool
    cautious: bool


def settings(files: Files = ()) -> Settings:
    """The `[tool.reqdrift]` table of pyproject.toml: sets of files, and a policy.

    Args:
        files: requirements files; the search starts in their folder, or in the working directory.

    Raises:
        UsageError: the table cannot be understood.
    """
    return load_settings(Request(paths_of(files)), os.getcwd())


def paths_of(files: Files) -> tuple[str, ...]:
    """The paths or names of a parameter; a text is one, not a sequence of characters."""
    named = (files,) if isinstance(files, str | os.PathLike) else files
    return tuple(os.fspath(name) for name in named)


def unconfigured(
    function: str,
    given: Mapping[str, Any],
    files: Files = (),
    constraints: Files = (),
    /,
    **own: Any,
) -> tuple[Set, Request]:
    """The parameters of a function as a set and a request; pyproject.toml is not read.

    Args:
        function: its name.
        given: the parameters that it has in common with others.
        files: requirements files.
        constraints: files that only limit versions.
        own: its other parameters.

    Raises:
        TypeError: the function has no such parameter.
        UsageError: some of them are mutually exclusive.
    """
    shown = {option.field for option in options_of(function) if function in option.shown}
    # A policy counts where files are compared, which have extras.
    takes = {*shown, "policy"} if "extras" in shown else shown
    for name in given.keys() - (takes & ToRepair.__optional_keys__):
        raise TypeError(f"{function}() got an unexpected keyword argument '{name}'")
    values = {**given, **own}
    for name in values.keys() & {"python", "path", "installed"}:
        values[name] = None if values[name] is None else os.fspath(values[name])
    for name in values.keys() & {"extras", "groups"}:
        values[name] = paths_of(values[name])
    installed = values.pop("installed", None)
    policy: Policy = values.pop("policy", None) or Policy()
    values |= {"satisfied": policy.satisfied, "severity": policy.severity, "add_to": policy.add_to}
    values["unlisted"] = "" if policy.unlisted == "auto" else policy.unlisted
    values["ignore"] = tuple(item for item in policy.ignore if isinstance(item, str))
    values["stdlib"] = tuple(sorted(policy.live))
    values["installed"] = () if installed is None else (installed,)
    request = Request(paths_of(files), paths_of(constraints), **values)
    check_subject(request, str)
    one = Set("", request.files, request.python, policy=policy, installed=installed or "")
    return one._replace(extras=request.extras, groups=request.groups), request
