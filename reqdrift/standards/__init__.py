"""Standards: versions, markers, URLs; each module is loaded when it is used.

This module has project names: comparison (PEP 503) and validity (PEP 508).

- Names are compared in canonical form only (PEP 503).
"""

from __future__ import annotations

from .._record import lazy
from ..values import TYPE_CHECKING, CanonicalName

if TYPE_CHECKING:
    from . import markers as markers
    from . import pep440 as pep440
    from . import plain_toml as plain_toml
    from . import urls as urls
    from . import with_packaging as with_packaging

__getattr__ = lazy(__name__)


def canonical_name(name: str) -> CanonicalName:
    """The form in which project names are compared (PEP 503): `Foo._Bar` is `foo-bar`."""
    name = name.lower()
    if not name.isalnum():
        name = name.replace("_", "-").replace(".", "-")
        while "--" in name:
            name = name.replace("--", "-")
    return name  # type: ignore[return-value] # one call less for every line and distribution


def checked_name(name: str) -> CanonicalName | None:
    """The canonical form of a name, None if PEP 508 does not allow the name."""
    if not name.isascii():
        return None
    lowered = name.lower()
    if not name.isalnum():
        # `canonical_name` and the check in one step.
        lowered = lowered.replace("_", "-").replace(".", "-")
        if not lowered.replace("-", "").isalnum() or lowered[0] == "-" or lowered[-1] == "-":
            return None
        while "--" in lowered:
            lowered = lowered.replace("--", "-")
    return lowered  # type: ignore[return-value]


def is_project_name(name: str) -> bool:
    """Whether PEP 508 allows the name: ASCII letters, digits, and `-_.` except at an end."""
    return checked_name(name) is not None
