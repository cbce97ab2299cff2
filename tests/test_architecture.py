"""Imports go down only, and each module stands by itself."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from support import REPOSITORY, run

PACKAGE = REPOSITORY / "reqdrift"

# From the top down; a module may import from lower floors and, inside its own room, from its own.
FLOORS = (
    ("__main__",),
    ("cli",),
    ("session",),
    ("repair", "integrity", "crosscheck"),
    ("report",),
    ("drift",),
    ("requirements", "environments"),
    ("repository",),
    ("standards",),
    ("kinds", "files", "writing"),
    ("errors",),
    ("values",),
    ("_record",),
)
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted(
    str(path.relative_to(PACKAGE).with_suffix("")).replace("/", ".")
    for path in PACKAGE.rglob("*.py")
)


def room_of(module: str) -> str:
    return module.partition(".")[0]


def imported_rooms(module: str) -> set[str]:
    """The rooms that a module imports from, wherever in it the import stands."""
    path = PACKAGE / (module.replace(".", "/") + ".py")
    folder = module.split(".")[:-1]
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = folder[: len(folder) - node.level + 1]
            target = [*base, *(node.module.split(".") if node.module else [])]
            names = [target] if target else [[alias.name] for alias in node.names]
            rooms |= {name[0] for name in names}
    return rooms


def test_every_room_has_its_floor() -> None:
    assert {room_of(module) for module in MODULES} - {"__init__"} == set(LEVEL)


@pytest.mark.parametrize("module", [m for m in MODULES if m != "__init__"])
def test_imports_go_down(module: str) -> None:
    own = room_of(module)
    upwards = {
        room for room in imported_rooms(module) - {own, "__version__"} if LEVEL[room] < LEVEL[own]
    }
    assert not upwards, f"{module} imports from the rooms above it: {upwards}"


@pytest.mark.parametrize("module", MODULES)
def test_each_module_imports_alone(module: str, tmp_path: Path) -> None:
    if module == "__main__":
        return  # it runs the command
    name = "reqdrift" if module == "__init__" else f"reqdrift.{module.removesuffix('.__init__')}"
    run(sys.executable, "-W", "error", "-c", f"import {name}", cwd=tmp_path)


@pytest.mark.parametrize("name", ["packaging", "subprocess", "pip_api"])
def test_one_importer(name: str) -> None:
    allowed = {
        "packaging": {"standards.pep440"},
        "subprocess": {"repository.git", "environments.program", "crosscheck.worker"},
        "pip_api": {"crosscheck.worker"},
    }
    importers = {
        module
        for module in MODULES
        for node in ast.walk(ast.parse((PACKAGE / (module.replace(".", "/") + ".py")).read_text()))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == name)
        or (isinstance(node, ast.Import) and any(a.name.split(".")[0] == name for a in node.names))
    }
    assert importers == allowed[name]
