"""Environments: on this disk, or in a record.

`Disk` reads an environment that `locate` found.
"""

from __future__ import annotations

import os

from .. import environments
from .._record import lazy
from ..values import TYPE_CHECKING, Capabilities, Environment
from .site import Installed, SiteFolders, find_interpreter, find_site_folders, is_virtualenv

if TYPE_CHECKING:
    from typing import Protocol

    from ..values.findings import Facts, Questions
    from . import answers as answers
    from . import asking as asking
    from . import checkouts as checkouts
    from . import documents as documents
    from . import editables as editables
    from . import fallbacks as fallbacks
    from . import metadata as metadata
    from . import named as named
    from . import none_found as none_found
    from . import records as records
    from .candidates import Candidate

    class EnvironmentSource(Protocol):
        """Reads one environment and answers questions about it."""

        def read(self) -> Environment:
            """The environment; it is read only once.

            Raises:
                UsageError: the user's options for it are wrong.
                EnvironmentReadError: it cannot be read.
            """

        def answer(self, asked: Questions, known: Facts) -> Facts:
            """The `known` facts, and the answers to all questions.

            What cannot be read is answered as Unreadable, never omitted.
            """


__getattr__ = lazy(__name__)


class Disk:
    """An environment, or a Python installation that is not a virtual environment."""

    _environment: Environment | None = None

    def __init__(self, candidate: Candidate) -> None:
        self._candidate = candidate

    def read(self) -> Environment:
        """See `EnvironmentSource`; the same applies to `answer`."""
        if self._environment is None:
            self._environment = self._read()
        return self._environment

    def _read(self) -> Environment:
        return read_environment(self._candidate)

    def answer(self, asked: Questions, known: Facts) -> Facts:
        """The known facts, and the answers from the files."""
        return environments.answers.answer(asked, self.read(), known)


def read_environment(candidate: Candidate) -> Environment:
    """Read an environment; its interpreter is started only if it is not a virtual environment.

    Raises:
        EnvironmentReadError: it cannot be read.
    """
    site = _site_folders(candidate)
    installed = Installed(site.python)
    for folder in site.own:
        installed.add_site_folder(folder, own=True)
    for folder in site.system:
        installed.add_site_folder(folder, own=False)
    return Environment(
        site.prefix,
        site.python,
        candidate.found_by,
        installed.distributions,
        (*site.broken, *installed.broken),
        tuple(installed.notes),
        site.started,
        site.own,
        tuple(installed.hidden),
        candidate.chosen,
        Capabilities(True, site.python.interpreter is not None, True),
        is_conda=site.started and os.path.isdir(f"{site.prefix}/conda-meta"),
    )


def _site_folders(candidate: Candidate) -> SiteFolders:
    if is_virtualenv(candidate.prefix):
        return find_site_folders(candidate.prefix, candidate.interpreter)
    interpreter = candidate.interpreter or find_interpreter(candidate.prefix)
    return environments.asking.ask_for_folders(candidate.prefix, interpreter)
