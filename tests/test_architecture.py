"""Imports go down only, and no two modules need each other.

What a clean run loads is in test_startup.py, and how records behave in test_record.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from reqdrift.cli import COMMANDS
from reqdrift.report import FORMATS
from support import REPOSITORY

PACKAGE = REPOSITORY / "reqdrift"

# From the top down: what is in a layer imports from itself and from the layers below, and from
# nothing beside it.
LAYERS = (
    ("__main__",),
    ("launch",),
    ("cli", "dask", "pytest_plugin"),
    ("commands", "reqdrift_inspect"),
    ("repair", "integrity"),
    ("report",),
    ("drift",),
    ("environments",),
    ("requirements",),
    ("repository",),
    ("standards",),
    ("kinds", "options"),
    ("files",),
    ("errors",),
    ("values", "texts"),
    ("_record", "_version"),
)
LEVEL = {package: level for level, packages in enumerate(LAYERS) for package in packages}
MODULES = sorted(
    str(path.relative_to(PACKAGE).with_suffix("")).replace("/", ".").removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if path != PACKAGE / "__init__.py"
)
# Modules that are chosen by name: no statement imports them.
BY_NAME = {
    "cli": {f"commands.{command}" for command in COMMANDS},
    "commands": {f"report.{module}" for module in FORMATS.values()},
}


def path_of(module: str) -> Path:
    path = PACKAGE / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def nodes(module: str) -> list[ast.AST]:
    return [*ast.walk(ast.parse(path_of(module).read_text()))]


def imports(module: str) -> Iterator[str]:
    """What a module imports of this package: a module of a package rather than the package."""
    here = path_of(module).relative_to(PACKAGE).parts[:-1]
    for node in nodes(module):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = [*here[: len(here) - node.level + 1], *filter(None, (node.module or "").split("."))]
        for alias in node.names:
            name = ".".join([*base, alias.name])
            # A package says to type checkers which modules are loaded when they are used, and its
            # modules use them through the package.
            is_declared = alias.asname == alias.name and name in MODULES
            if is_declared or (not node.module and name == package_of(module)):
                continue
            yield name if name in MODULES else ".".join(base)


def loaded(module: str) -> Iterator[str]:
    """The modules that a module loads when it first uses them: `standards.urls` (PEP 562)."""
    packages = {
        alias.asname or alias.name: alias.name
        for node in nodes(module)
        if isinstance(node, ast.ImportFrom) and not node.module
        for alias in node.names
    }
    for node in nodes(module):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{packages.get(node.value.id)}.{node.attr}"
            if name in MODULES:
                yield name


@cache
def graph() -> dict[str, set[str]]:
    return {
        module: {*imports(module), *loaded(module), *BY_NAME.get(module, ())} for module in MODULES
    }


def package_of(module: str) -> str:
    return module.partition(".")[0]


def test_every_package_has_its_layer() -> None:
    assert {package_of(module) for module in MODULES} == set(LEVEL)


def test_imports_go_down() -> None:
    """Without exception: not in a function, and not for type checkers only."""
    wrong = [
        f"{module} imports from {package or 'the whole package'}, which is not below it"
        for module, found in graph().items()
        for package in {package_of(name) for name in found} - {package_of(module)}
        if not package or LEVEL[package] <= LEVEL[package_of(module)]
    ]
    assert not wrong


def test_no_two_modules_need_each_other() -> None:
    """No way leads back: not over several modules, a package's front door, or a function."""
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


@pytest.mark.parametrize("module", ["_record", "reqdrift_inspect"])
def test_what_stands_alone_imports_nothing_of_the_package(module: str) -> None:
    """Each module loads the first; the second is copied to other machines as a single file."""
    assert graph()[module] == set()
