"""What pip's own reader makes of requirements files: paths in (JSON, stdin), results out (stdout).

Run as a program, so that pip's import, its warnings and its global state stay out of the tests.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements
from pip._internal.req.req_install import InstallRequirement, check_invalid_constraint_type
from pip._vendor.packaging.utils import canonicalize_name


def read(path: str, session: PipSession) -> dict[str, Any]:
    """The requirements of a file, or why pip refuses it."""
    found = []
    try:
        for parsed in parse_requirements(path, session):
            requirement = install_req_from_parsed_requirement(parsed)
            # pip asks this of constraints when it begins to resolve.
            problem = requirement.constraint and check_invalid_constraint_type(requirement)
            if problem:
                return {"refused": problem}
            found.append(_values(requirement))
    except (Exception, SystemExit) as error:
        return {"refused": f"{type(error).__name__}: {error}"}
    return {"requirements": found}


def _values(requirement: InstallRequirement) -> dict[str, Any]:
    named = requirement.req
    return {
        "name": canonicalize_name(named.name) if named else None,
        "specifier": sorted(map(str, named.specifier)) if named else [],
        "extras": sorted(map(canonicalize_name, requirement.extras)),
        "marker": str(requirement.markers) if requirement.markers else None,
        "constraint": requirement.constraint,
        "editable": requirement.editable,
        "url": requirement.link is not None,
        "hashes": sorted(
            f"{algorithm}:{digest}"
            for algorithm, digests in requirement.hash_options.items()
            for digest in digests
        ),
    }


if __name__ == "__main__":
    logging.disable()
    pip_session = PipSession()
    json.dump([read(path, pip_session) for path in json.load(sys.stdin)], sys.stdout)
