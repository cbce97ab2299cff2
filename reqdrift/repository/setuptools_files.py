"""The name of a project in setuptools' own files: setup.cfg, and setup.py without running it."""

from __future__ import annotations

import ast
import configparser
import os
import warnings

from ..files import read_regular
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# In bytes: a longer setup.py is none that is worth the memory of its syntax tree.
_LONGEST_SETUP = 1 << 18


def names_in_setup_files(folder: str) -> Iterator[str]:
    """What setup.cfg says, then what setup.py says; '' for nothing."""
    yield _in_setup_cfg(folder)
    yield _in_setup_py(folder)


def _in_setup_cfg(folder: str) -> str:
    """The name under `[metadata]`."""
    path = os.path.join(folder, "setup.cfg")
    if not os.path.isfile(path):
        return ""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(read_regular(path).decode())
        return parser.get("metadata", "name", fallback="")
    except (OSError, ValueError, configparser.Error):
        return ""


def _in_setup_py(folder: str) -> str:
    """The name that `setup()` is called with, if it is a literal, or a variable for one."""
    path = os.path.join(folder, "setup.py")
    if not os.path.isfile(path):
        return ""
    try:
        data = read_regular(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data if len(data) <= _LONGEST_SETUP else b"")
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    variables: dict[str, set[object]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            for target in node.targets:
                if isinstance(target, ast.Name):
                    variables.setdefault(target.id, set()).add(value)
    names: set[object] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if "setup" not in (getattr(called, "id", ""), getattr(called, "attr", "")):
            continue
        for keyword in node.keywords:
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                names.add(keyword.value.value)
            elif keyword.arg == "name" and isinstance(keyword.value, ast.Name):
                names |= variables.get(keyword.value.id, {None})
            elif keyword.arg == "name":
                names.add(None)
    name = names.pop() if len(names) == 1 else ""
    return name if isinstance(name, str) else ""
