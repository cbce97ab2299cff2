"""Imports go down only, no two modules need each other, and each module stands by itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
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
    ("cli", "dask"),
    ("session", "engines"),
    ("repair", "integrity", "crosscheck"),
    ("report",),
    ("drift",),
    ("environments",),
    ("requirements",),
    ("repository",),
    ("standards",),
    ("kinds", "files", "writing"),
    ("errors",),
    ("values",),
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
    "cli.commands": {f"cli.{command}" for command in COMMANDS},
    "cli.output": {f"report.{module}" for module in FORMATS.values()},
}
# They need what an extra brings; tests/engines imports them.
OF_EXTRAS = {"dask.plugin"}
# How many imports may be inside functions: where what a clean run loads meets the rest, and where
# what drift loads meets what few of its runs need.
MOST_LAZY = 84


class Import(NamedTuple):
    """One name that a module imports; `lazy` if that is inside a function."""

    module: str
    line: int
    lazy: bool


def path_of(module: str) -> Path:
    path = PACKAGE / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def statements(node: ast.AST, lazy: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Every import, at the top, for type checkers only, or in a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, lazy
        else:
            in_function = isinstance(child, ast.FunctionDef | ast.Lambda)
            yield from statements(child, lazy or in_function)


def imports(module: str) -> Iterator[Import]:
    """What a module imports of this package: a module of a package rather than the package."""
    path = path_of(module)
    here = path.relative_to(PACKAGE).parts[:-1]
    for node, lazy in statements(ast.parse(path.read_text())):
        if isinstance(node, ast.Import) or not isinstance(node, ast.ImportFrom):
            continue
        if not node.level:
            continue
        base = [*here[: len(here) - node.level + 1], *filter(None, (node.module or "").split("."))]
        for alias in node.names:
            name = ".".join([*base, alias.name])
            yield Import(name if name in MODULES else ".".join(base), node.lineno, lazy)


GRAPH = {
    module: {found.module for found in imports(module)} | BY_NAME.get(module, set())
    for module in MODULES
}


def package_of(module: str) -> str:
    return module.partition(".")[0]


def test_every_package_has_its_layer() -> None:
    assert {package_of(module) for module in MODULES} == set(LEVEL)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    """Without exception: not in a function, and not for type checkers only."""
    own = package_of(module)
    packages = {package_of(found) for found in GRAPH[module]} - {own}
    # '' would be the package as a whole, which has everything.
    wrong = {package for package in packages if not package or LEVEL[package] <= LEVEL[own]}
    assert not wrong, f"{module} imports from {wrong}, which is not below it"


def test_no_two_modules_need_each_other() -> None:
    """No way leads back: not over several modules, a package's front door, or a function."""
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def lazy_imports() -> list[tuple[str, int]]:
    return [
        (module, getattr(node, "lineno", 0))
        for module in ["", *MODULES]
        for node, lazy in statements(ast.parse(path_of(module).read_text()))
        if lazy
    ]


def test_few_imports_are_lazy() -> None:
    found = lazy_imports()
    assert len(found) <= MOST_LAZY, found


def test_each_lazy_import_has_its_reason() -> None:
    """A comment above it, or beside it; one is enough for imports that follow each other."""
    for module, line in lazy_imports():
        lines = path_of(module).read_text().splitlines()
        above = line - 1
        while lines[above - 1].strip().startswith(("from ", "import ")) or not lines[above - 1]:
            above -= 1
        is_explained = "  # " in lines[line - 1] or lines[above - 1].strip().startswith("#")
        assert is_explained, f"{module}:{line}: {lines[line - 1].strip()}"


@pytest.mark.parametrize("module", [m for m in ("", *MODULES) if m not in OF_EXTRAS])
def test_each_module_imports_alone(module: str, tmp_path: Path) -> None:
    if module == "__main__":
        return  # it runs the command
    name = ".".join(filter(None, ("reqdrift", module)))
    run(sys.executable, "-W", "error", "-c", f"import {name}", cwd=tmp_path)


@pytest.mark.parametrize("name", ["packaging", "subprocess", "pip_api"])
def test_one_importer(name: str) -> None:
    allowed = {
        "packaging": {
            "standards.with_packaging",
            "standards.pep751",
            "environments.inspect_document",
        },
        "subprocess": {
            "repository.git_config",
            "repository.git_on_windows",
            "environments.program",
            "crosscheck.testimony",
        },
        "pip_api": {"crosscheck.testimony"},
    }
    importers = {
        module
        for module in MODULES
        for node in ast.walk(ast.parse(path_of(module).read_text()))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == name)
        or (isinstance(node, ast.Import) and any(a.name.split(".")[0] == name for a in node.names))
    }
    assert importers == allowed[name]


@pytest.mark.parametrize("module", MODULES)
def test_what_is_typed_is_known_to_the_command_line_only(module: str) -> None:
    names = {
        alias.name
        for node, _ in statements(ast.parse(path_of(module).read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("arguments")
        for alias in node.names
    }
    assert package_of(module) == "cli" or "Options" not in names


@pytest.mark.parametrize("module", MODULES)
def test_modules_are_short(module: str) -> None:
    assert len(path_of(module).read_text().splitlines()) <= 360


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.startswith(("cli.", "drift.", "repair."))]
)
def test_each_module_has_tests_of_its_name(module: str) -> None:
    package, _, name = module.partition(".")
    tests = ast.parse((REPOSITORY / "tests" / package / f"test_{name}.py").read_text())
    functions = [node.name for node in ast.walk(tests) if isinstance(node, ast.FunctionDef)]
    assert any(function.startswith("test_") for function in functions)
