"""Is this name a standard-library module of Python X.Y?

Old versions of pip listed modules of the standard library (`wsgiref==0.1.2`), and people list them
by mistake (`uuid`). Most of these names cannot be installed on a newer Python.
"""

from __future__ import annotations

import sys

# Projects with releases that install on a current Python and that people list on purpose, although
# their names are modules of the standard library. If not installed, they are `missing`.
LIVE_PROJECTS = frozenset(
    {
        "asyncio",  # still released, although deprecated
        "configparser",  # backport, released to this day
        "contextvars",  # backport for 3.6, installs everywhere
        "dataclasses",  # backport for 3.6, in many freezes
        "datetime",  # Zope's DateTime, as uv spells it
        "ipaddress",  # backport for 2.x, installs everywhere
        "pathlib",  # backport, installs everywhere and shadows the module
        "readline",  # links GNU readline statically
        "typing",  # backport for 3.4, in many freezes
    }
)


def is_stdlib_module(
    name: str, python: tuple[int, int], live: frozenset[str] = frozenset()
) -> bool:
    """Whether a project of this name, as written, is only a module of that Python's library.

    `live` are projects that the user has named as real projects.
    """
    if name in LIVE_PROJECTS or name in live:
        return False
    if not name.replace("_", "").isalnum():
        return False
    # That list has no modules of the test suite, of which these could be projects.
    if python == sys.version_info[:2] and not name.startswith("xx"):
        return name in sys.stdlib_module_names
    # Only of an absent requirement, and of another Python, so a clean run never pays for the list.
    import stdlibs

    known = [tuple(map(int, version.split("."))) for version in stdlibs.KNOWN_VERSIONS]
    nearest = max((version for version in known if version <= python), default=min(known))
    return name in stdlibs.stdlib_module_names(".".join(map(str, nearest)))
