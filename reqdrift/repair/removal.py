"""What an installer can uninstall."""

from __future__ import annotations

import os

from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from ..values import Distribution


def why_not_removable(found: Distribution) -> str:
    """Why pip and uv refuse to uninstall a distribution, '' if they do not.

    As pip's `UninstallPathSet.from_dist`: a wheel's installation needs its RECORD, and what
    distutils installed has an egg-info file that lists nothing.
    """
    if found.path.endswith(".dist-info"):
        if not os.path.exists(os.path.join(found.path, "RECORD")):
            return "it has no RECORD, so no installer knows its files"
    elif found.path.endswith(".egg-info") and os.path.isfile(found.path):
        return "distutils installed it, so no installer knows its files"
    return ""
