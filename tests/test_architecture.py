"""Imports go down only, no two modules need each other, and each module stands by itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

from reqdrift.cli import COMMANDS
from reqdrift.report import FORMATS
from support import REPOSITORY, run

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
# They need what an extra brings; tests/hosts imports them.
OF_EXTRAS = {"dask"}


class Import(NamedTuple):
    """One name that a module imports; `lazy` if that is inside a function."""

    module: str
    line: int
    lazy: bool


def path_of(module: str) -> Path:
    path = PACKAGE / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def statements(module: str) -> list[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Every import of a module, at the top, for type checkers only, or in a function (lazy)."""
    return list(_statements(ast.parse(path_of(module).read_text()), lazy=False))


def _statements(node: ast.AST, lazy: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, lazy
        elif not isinstance(child, ast.expr):  # no import is in an expression
            yield from _statements(child, lazy or isinstance(child, ast.FunctionDef))


def imports(module: str) -> Iterator[Import]:
    """What a module imports of this package: a module of a package rather than the package."""
    here = path_of(module).relative_to(PACKAGE).parts[:-1]
    for node, lazy in statements(module):
        if isinstance(node, ast.Import) or not node.level:
            continue
        base = [*here[: len(here) - node.level + 1], *filter(None, (node.module or "").split("."))]
        for alias in node.names:
            name = ".".join([*base, alias.name])
            # A package says to type checkers which modules are loaded when they are used, and its
            # modules use them through the package.
            is_declared = alias.asname == alias.name and name in MODULES
            if is_declared or (not node.module and name == package_of(module)):
                continue
            yield Import(name if name in MODULES else ".".join(base), node.lineno, lazy)


def loaded(module: str) -> Iterator[str]:
    """The modules that a module loads when it first uses them: `standards.urls` (PEP 562)."""
    named = [node for node, _ in statements(module) if isinstance(node, ast.ImportFrom)]
    packages = {
        alias.asname or alias.name: alias.name
        for node in named
        if not node.module
        for alias in node.names
    }
    for node in ast.walk(ast.parse(path_of(module).read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{packages.get(node.value.id)}.{node.attr}"
            if name in MODULES:
                yield name


@cache
def graph() -> dict[str, set[str]]:
    return {
        module: {found.module for found in imports(module)}
        | {*loaded(module)}
        | BY_NAME.get(module, set())
        for module in MODULES
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


def lazy_imports() -> list[tuple[str, int]]:
    return [
        (module, node.lineno)
        for module in ["", *MODULES]
        for node, lazy in statements(module)
        if lazy
    ]


def test_each_lazy_import_has_its_reason() -> None:
    """A comment above it, or beside it; one is enough for imports that follow each other."""
    for module, line in lazy_imports():
        lines = path_of(module).read_text().splitlines()
        above = line - 1
        while lines[above - 1].strip().startswith(("from ", "import ")) or not lines[above - 1]:
            above -= 1
        is_explained = "  # " in lines[line - 1] or lines[above - 1].strip().startswith("#")
        assert is_explained, f"{module}:{line}: {lines[line - 1].strip()}"


# Each name is imported by a fork, which has loaded none of the others.
IMPORT_EACH = """
import os, sys
for name in sys.argv[1:]:
    if os.fork() == 0:
        __import__(name)
        os._exit(0)
    if os.wait()[1]:
        print(name)
"""


def test_each_module_imports_alone(tmp_path: Path) -> None:
    runs_the_command = {"__main__"}
    modules = [m for m in MODULES if m not in OF_EXTRAS | runs_the_command]
    names = ["reqdrift", *(f"reqdrift.{module}" for module in modules)]
    done = run(sys.executable, "-W", "error", "-c", IMPORT_EACH, *names, cwd=tmp_path)
    assert done.stdout == "", done.stderr


@pytest.mark.parametrize("name", ["packaging", "subprocess", "pip_api"])
def test_one_importer(name: str) -> None:
    allowed = {
        "packaging": {"standards.with_packaging", "requirements.pylock"},
        "subprocess": {
            "repository.git",
            "environments.asking",
            "commands.crosscheck",
        },
        "pip_api": {"commands.crosscheck"},
    }
    importers = {
        module
        for module in MODULES
        for node, _ in statements(module)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == name)
        or (isinstance(node, ast.Import) and any(a.name.split(".")[0] == name for a in node.names))
    }
    assert importers == allowed[name]
