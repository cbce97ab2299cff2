"""Environments: on this disk, or in a record.

`Disk` reads an environment that `locate` found.
"""

from __future__ import annotations

from ..values import TYPE_CHECKING, Capabilities, Environment
from .installed import Installed
from .site import SiteFolders, find_interpreter, find_site_folders, is_virtualenv

if TYPE_CHECKING:
    from ..values.findings import Facts, Questions
    from .candidates import Candidate


class Disk:
    """An environment, or a Python installation that is not a virtual environment."""

    _environment: Environment | None = None

    def __init__(self, candidate: Candidate) -> None:
        self._candidate = candidate

    def read(self) -> Environment:
        """See `EnvironmentSource` in base.py; the same applies to `answer`."""
        if self._environment is None:
            self._environment = self._read()
        return self._environment

    def _read(self) -> Environment:
        return read_environment(self._candidate)

    def answer(self, asked: Questions, known: Facts) -> Facts:
        """The known facts, and the answers from the files."""
        # A run without drift usually asks nothing.
        from .answers import answer

        return answer(asked, self.read(), known)


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
    )


def _site_folders(candidate: Candidate) -> SiteFolders:
    if is_virtualenv(candidate.prefix):
        return find_site_folders(candidate.prefix, candidate.interpreter)
    # Only an interpreter outside of a virtual environment has to be started.
    from .asking import ask_for_folders

    interpreter = candidate.interpreter or find_interpreter(candidate.prefix)
    return ask_for_folders(candidate.prefix, interpreter)
