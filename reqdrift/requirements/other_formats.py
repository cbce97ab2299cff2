"""Files of other tools, which are not in pip's format: told by their names, or by their content."""

from __future__ import annotations

import os
import shlex

from ..errors import ReqdriftError

_EXPORT = "-o requirements.txt"
_COMPILE = "compile it: uv pip compile {path} " + _EXPORT
# For what has no export: an environment that was made from it can be printed.
_FREEZE = "print what is installed: reqdrift freeze > requirements.txt"

# The name of a file -> what it is, and what to type.
_KNOWN = {
    "uv.lock": ("a lock file of uv", f"export it: uv export {_EXPORT}"),
    "poetry.lock": ("a lock file of poetry", f"export it: poetry export {_EXPORT}"),
    "pdm.lock": ("a lock file of pdm", f"export it: pdm export {_EXPORT}"),
    "Pipfile.lock": ("a lock file of pipenv", "export it: pipenv requirements > requirements.txt"),
    "Pipfile": ("a file of pipenv", "export its lock: pipenv requirements > requirements.txt"),
    "pyproject.toml": ("a project's configuration", _COMPILE),
    "setup.cfg": ("a project's configuration", _COMPILE),
    "setup.py": ("a program", _COMPILE),
    "environment.yml": ("a file of conda", _FREEZE),
    "environment.yaml": ("a file of conda", _FREEZE),
    "conda-lock.yml": ("a lock file of conda-lock", _FREEZE),
    "pixi.lock": ("a lock file of pixi", _FREEZE),
    "pixi.toml": ("a file of pixi", _FREEZE),
}
# Nothing that is longer is parsed only to say it better.
_LONGEST = 4 * 1024 * 1024


def refuse_by_name(path: str) -> None:
    """Raises ReqdriftError for a file that another tool always names so."""
    name = os.path.basename(path)
    known = "conda-lock.yml" if name.endswith(".conda-lock.yml") else name
    if known in _KNOWN:
        what, way_out = _KNOWN[known]
        raise ReqdriftError(
            f"is {what}, not a requirements file",
            way_out.format(path=shlex.quote(os.path.relpath(path))),
        )


def format_of(text: str) -> str:
    """`JSON` or `TOML` for a text that plainly is that, '' for every other."""
    if len(text) > _LONGEST:
        return ""
    start = text.lstrip()[:1]
    try:
        if start in ("{", "["):
            import json

            json.loads(text)
            return "JSON"
    except (ValueError, RecursionError):
        pass
    # `six = 1` is TOML too, and more likely a mistake in a requirements file.
    if "\n[" not in f"\n{text}":
        return ""
    import tomllib

    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return ""
    return "TOML"
