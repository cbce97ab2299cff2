"""Specifiers, versions, markers and file names (PEP 440, PEP 508), ordinary or not.

`versions` has versions and names. Requirements and markers that are ordinary are read by `markers`,
all others by `with_packaging`, text by text. It raises InvalidLineError for what is invalid.

- Versions match by PEP 440 with pre-releases allowed. `==1.0` matches `1.0+cpu`. `===` is
  string equality.
"""

from __future__ import annotations

from .. import standards
from ..values import Python
from . import markers
from .markers import marker_hangs_on_patch as marker_hangs_on_patch
from .versions import is_pinned as is_pinned
from .versions import is_specifier as is_specifier
from .versions import is_unsatisfiable as is_unsatisfiable
from .versions import normal_form as normal_form
from .versions import normal_version as normal_version
from .versions import satisfies as satisfies
from .versions import sdist_name as sdist_name
from .versions import wheel_name as wheel_name


def parse_requirement(text: str) -> markers.PlainRequirement:
    """Read a Requires-Dist, or a line of a requirements file without comment and options."""
    return markers.parse_requirement(text) or standards.with_packaging.parse_requirement(text)


def parse_marker(text: str) -> object:
    """The marker in a form to be compared; raises InvalidLineError if the text is none."""
    return markers.parse_marker(text) or standards.with_packaging.parse_marker(text)


def marker_holds(marker: str, python: Python, extra: str = "") -> bool:
    """Whether the marker holds for that Python.

    Raises:
        InvalidLineError: the marker cannot be parsed or evaluated, or has a variable that is not
            supported in a requirements file (`extras`, `dependency_groups`).
    """
    is_for_extra = markers.is_for_extra(marker, extra)
    if is_for_extra is not None:
        return is_for_extra
    holds = markers.marker_holds(marker, markers.marker_values(python, extra))
    return standards.with_packaging.marker_holds(marker, python, extra) if holds is None else holds
