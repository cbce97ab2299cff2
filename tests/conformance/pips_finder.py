"""What pip's own finder makes of site folders: paths in (JSON, stdin), results out (stdout).

Run as a program, as `pips_reader.py` is: one process for all the folders, and one that pip cannot
read does not hide the next.
"""

from __future__ import annotations

import json
import logging
import sys

from pip._internal.metadata import BaseDistribution, get_environment
from pip._vendor.packaging.version import InvalidVersion


def find(folder: str) -> list[tuple[str, str]] | None:
    """The names and versions that `pip list` prints, None if it ends or has no version to print."""
    try:
        installed = get_environment([folder]).iter_installed_distributions(local_only=False)
        return [(one.raw_name, _version(one)) for one in installed]
    except Exception:
        return None


def _version(one: BaseDistribution) -> str:
    # `pip list` looks at this too, and may end over it.
    _ = one.editable_project_location
    try:
        return str(one.version)
    except InvalidVersion:
        if one.raw_version is None:
            raise
        return one.raw_version


if __name__ == "__main__":
    logging.disable()
    json.dump([find(folder) for folder in json.load(sys.stdin)], sys.stdout)
