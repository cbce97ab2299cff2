"""The command's own finder of modules: the same modules as with Python's, and never old code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from support import REPOSITORY, clean_environ, interpreters, run

PACKAGE = REPOSITORY / "reqdrift"
MODULES = ("errors", "values", "cli", "commands.check", "drift.lines", "reqdrift_inspect")

# What Python knows of each module, and which finder found it.
DESCRIBE = """
import importlib, inspect, json, sys
import reqdrift.{start}
found, finders = {{}}, set()
for name in {modules!r}:
    module = importlib.import_module("reqdrift." + name)
    spec = module.__spec__
    found[name] = {{
        "spec": [spec.name, spec.origin, spec.cached, spec.parent, spec.has_location],
        "folders": spec.submodule_search_locations,
        "module": [module.__file__, module.__cached__, module.__package__, module.__name__],
        "source": inspect.getsource(module),
        "loader": [spec.loader.get_code(spec.name).co_filename, spec.loader.path],
        "names": sorted(vars(module)),
    }}
    finders.add(type(spec.loader).__module__)
json.dump([found, " ".join(sorted(finders))], sys.stdout)
"""
STANDARD, OURS = "_frozen_importlib_external", "reqdrift.launch"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with a copy of the package, compiled as pip does."""
    return copied_to(tmp_path / "lib")


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for all tests that change nothing in it."""
    return copied_to(tmp_path_factory.mktemp("lib"))


def copied_to(folder: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, folder / "reqdrift", ignore=ignored)
    compile_all(folder)
    return folder


def compile_all(folder: Path, mode: str = "timestamp", python: str = sys.executable) -> None:
    run(python, "-m", "compileall", "-q", "-f", "--invalidation-mode", mode, folder, cwd=folder)


def described(
    folder: Path, *options: str, start: str = "launch", python: str = sys.executable, **environ: str
) -> tuple[Mapping[str, Mapping[str, list[str]]], str]:
    """What a Python with these options knows of the modules, and which finders found them."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r})"
    code += DESCRIBE.format(start=start, modules=MODULES)
    done = run(python, *options, "-c", code, cwd=folder, env=clean_environ(**environ))
    found, finder = json.loads(done.stdout)
    return found, finder


@pytest.mark.parametrize(
    "python",
    [python for version, python in interpreters().items() if int(version.partition(".")[2]) > 10],
)
def test_modules_are_those_of_the_standard_finder(unchanged: Path, python: str) -> None:
    compile_all(unchanged, python=python)
    ours, finder = described(unchanged, python=python)
    assert finder == OURS
    standard, finder = described(unchanged, start="cli", python=python)
    assert finder == STANDARD
    assert ours == standard


@pytest.mark.parametrize(
    ("options", "environ"),
    [(["-O"], {}), (["-OO"], {}), ([], {"PYTHONPYCACHEPREFIX": "/nowhere"})],
)
def test_other_places_of_compiled_files_are_left_to_python(
    unchanged: Path, options: list[str], environ: dict[str, str]
) -> None:
    assert described(unchanged, *options, **environ)[1] == STANDARD


def test_other_compiled_files_are_left_to_python(copied: Path) -> None:
    """Those of another Python, time or size, those that are checked by a hash, and none."""
    compiled = {path: path.read_bytes() for path in copied.rglob("*.pyc")}
    for position in (0, 4, 8, 12):
        for path, content in compiled.items():
            changed = content[position] ^ 1
            path.write_bytes(content[:position] + bytes([changed]) + content[position + 1 :])
        assert described(copied, PYTHONDONTWRITEBYTECODE="1")[1] == STANDARD
    for mode in ("checked-hash", "unchecked-hash"):
        compile_all(copied, mode)
        assert described(copied, PYTHONDONTWRITEBYTECODE="1")[1] == STANDARD
    for path in compiled:
        path.unlink()
    assert described(copied, PYTHONDONTWRITEBYTECODE="1")[1] == STANDARD


def ran(folder: Path, code: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """A program that finds the package in the folder."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r})\n{code}"
    return run(sys.executable, "-c", code, cwd=folder.parent, check=check)


LOADER = "print(type({}.__loader__).__module__)"


def test_a_large_module_is_left_to_python(copied: Path) -> None:
    with (copied / "reqdrift" / "errors.py").open("a") as source:
        source.write(f"\nADDED = '{'x' * 100_000}'\n")
    compile_all(copied)
    code = "import reqdrift.launch; module = sys.modules['reqdrift.errors']\n"
    code += f"{LOADER.format('module')}\nassert len(module.ADDED) == 100_000"
    assert ran(copied, code).stdout.strip() == STANDARD


def test_modules_of_others_are_left_to_python(copied: Path) -> None:
    (copied / "other").mkdir()
    for name in ("__init__", "module"):
        (copied / "other" / f"{name}.py").touch()
    compile_all(copied)
    code = f"import reqdrift.launch, other.module\n{LOADER.format('other.module')}"
    assert ran(copied, code).stdout.strip() == STANDARD


def test_an_archive_is_left_to_python(copied: Path) -> None:
    archive = Path(shutil.make_archive(str(copied / "all"), "zip", copied))
    assert "reqdrift" not in ran(archive, "import reqdrift.launch; print(sys.meta_path)").stdout


def test_a_damaged_compiled_file_is_the_error_that_it_always_is(copied: Path) -> None:
    compiled = next(copied.glob("reqdrift/__pycache__/errors.*.pyc"))
    content = compiled.read_bytes()
    for length, more, error in (
        (100, b"", "EOFError: marshal data too short"),
        (16, b"", "EOFError: EOF read where object expected"),
        (16, b"N", "ImportError: Non-code object in "),
        (16, b"0", "TypeError: NULL object in marshal data"),
        (16, b"r" + bytes(4), "ValueError: bad marshal data"),
    ):
        compiled.write_bytes(content[:length] + more)
        for start in ("launch", "cli"):
            done = ran(copied, f"import reqdrift.{start}", check=False)
            assert error in done.stderr.splitlines()[-1]


def test_changed_source_is_compiled_again(copied: Path) -> None:
    with (copied / "reqdrift" / "errors.py").open("a") as source:
        source.write("\nADDED = 1\n")
    found, finders = described(copied)
    assert "ADDED" in found["errors"]["names"]
    assert finders == f"{STANDARD} {OURS}"


def test_a_folder_that_was_moved_has_its_new_paths(copied: Path) -> None:
    """Tracebacks show them."""
    moved = copied.rename(copied.with_name("moved"))
    code = "from reqdrift.launch import console; print(console.__code__.co_filename)"
    assert ran(moved, code).stdout.strip() == str(moved / "reqdrift" / "cli" / "__init__.py")


def test_the_library_leaves_the_process_as_it_is_and_the_command_collects_no_garbage(
    unchanged: Path,
) -> None:
    code = "import gc, os; before = list(sys.meta_path); free = os.dup(0); os.close(free)\n"
    code += "import reqdrift.cli; reqdrift.check; reqdrift.fix; assert sys.meta_path == before\n"
    code += "assert gc.isenabled(); import reqdrift.launch; assert not gc.isenabled()\n"
    ran(unchanged, f"{code}assert os.dup(0) == free")


def test_a_finder_in_place_of_that_of_files_finds_our_modules(unchanged: Path) -> None:
    code = """
from importlib.machinery import PathFinder
class Instead:
    find_spec = PathFinder.find_spec
sys.meta_path[sys.meta_path.index(PathFinder)] = Instead
import reqdrift.launch
"""
    found = ran(unchanged, code + LOADER.format("sys.modules['reqdrift.errors']"))
    assert found.stdout.strip() == STANDARD


def test_a_finder_that_comes_first_stays_first(unchanged: Path) -> None:
    """Type checkers at run time and tracers find modules before Python does."""
    code = """
class First:
    def find_spec(name, path=None, target=None):
        print(name, file=sys.stderr)
sys.meta_path.insert(0, First)
import reqdrift.launch
"""
    seen = ran(unchanged, code).stderr.split()
    assert {"reqdrift.errors", "reqdrift.values", "reqdrift.report"} <= {*seen}


def test_a_module_can_be_loaded_again(unchanged: Path) -> None:
    """From its source as it is now."""
    code = """
import importlib, reqdrift.launch
errors = sys.modules["reqdrift.errors"]; before = errors.UsageError
assert importlib.reload(errors).UsageError is not before
loader = errors.__loader__
with open(errors.__file__, "a") as source:
    source.write("\\nADDED = 1\\n")
assert "ADDED" in loader.get_code(errors.__name__).co_names
assert importlib.reload(errors).ADDED
"""
    ran(unchanged, code)
