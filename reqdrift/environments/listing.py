"""`pip list --format json` and `uv pip list --format json`."""

from __future__ import annotations

from ..errors import EnvironmentReadError
from ..standards.pep440 import satisfies
from ..values import TYPE_CHECKING, CanonicalName
from ..values.records import Gaps
from ..values.sources import Source
from .recorded import Recorded, all_different, distribution_of

if TYPE_CHECKING:
    from typing import Any

NAME = "a list"
_PIP = CanonicalName("pip")
# The first pip whose list has the folders of editables.
_SAYS_EDITABLES = "21.3"


def read_listing(document: list[Any]) -> Recorded:
    """The content of the list.

    Raises:
        EnvironmentReadError: it is another list, or not complete.
    """
    found = []
    editables = {}
    for item in document:
        if not isinstance(item, dict) or "name" not in item or "version" not in item:
            raise EnvironmentReadError("a list, but not of pip or uv", _WAY_OUT)
        if "latest_version" in item:
            raise EnvironmentReadError("it has only what is outdated", "leave out --outdated")
        if "channel" in item:
            raise EnvironmentReadError("it is a list of conda, with other packages", _WAY_OUT)
        location = item.get("editable_project_location") or ""
        one = distribution_of(item["name"], item["version"], direct=bool(location))
        found.append(one)
        if location:
            editables[one.name] = Source("folder", str(location), editable=True, local=True)
    versions = {one.name: one.version for one in found}
    is_old = satisfies(versions.get(_PIP, _SAYS_EDITABLES), f"<{_SAYS_EDITABLES}")
    gaps = Gaps(NAME, sources=True, editables=is_old and not editables)
    return Recorded(gaps, all_different(found), direct=dict(editables))


_WAY_OUT = "write it with pip inspect or pip list --format json"
