"""Start git on Windows, which has no `posix_spawn`."""

from __future__ import annotations

from subprocess import DEVNULL, PIPE, Popen

from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class RunningOnWindows:
    """As `git.Running`, where programs are started in another way."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._process = Popen(
            command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env=dict(environment)
        )
        self._printed: bytes | None = None

    def output(self) -> bytes | None:
        """All that it prints, None if it fails."""
        if self._process.stdout and not self._process.stdout.closed:
            self._printed = self._process.communicate()[0]
        return self._printed if self._process.returncode == 0 else None

    def end(self) -> None:
        """Kill it, unless its output was read."""
        if self._process.poll() is None:
            self._process.kill()
