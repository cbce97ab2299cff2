"""Requirements files of the shapes that real projects have, each with its environment.

No file is copied from a project. The names are made up, so every tool must run offline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import environments

_FIRST = (
    *("amber", "basalt", "cedar", "delta", "ember", "flint", "garnet", "harbor", "indigo"),
    *("juniper", "kelp", "lumen", "maple", "nectar", "onyx", "pepper"),
)
_SECOND = (
    *("router", "schema", "client", "tasks", "forms", "cache", "models", "auth", "stream"),
    *("parser", "queue", "utils", "types", "server", "config", "metrics"),
)
# Distributions that a drifted environment has in another version, and the one that it lacks.
_OTHER_VERSION, _MISSING = (3, 12), 7
_HOLDS = (
    'python_version >= "3.8"',
    'sys_platform == "linux" or sys_platform == "darwin"',
    'platform_python_implementation == "CPython"',
    'python_full_version >= "3.8.1" and implementation_name == "cpython"',
)
_FAILS = (
    'sys_platform == "win32"',
    'python_version < "3.9"',
    "platform_system == 'Windows'",
    "platform_python_implementation == 'PyPy'",
)


class Package(NamedTuple):
    """A distribution that satisfies a line: what it needs, and its extras."""

    name: str
    version: str
    requires: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()


class Shape(NamedTuple):
    """Files by name (`requirements.txt` is the one to check), and what satisfies them."""

    files: Mapping[str, str]
    packages: tuple[Package, ...]


def build(folder: Path, shape: Shape, *, drift: bool = False) -> Path:
    """Create the environment and the files, in a git repository with a commit."""
    site = environments.new_virtualenv(folder)
    for index, package in enumerate(shape.packages):
        if drift and index == _MISSING:
            continue
        version = "0.0.1" if drift and index in _OTHER_VERSION else package.version
        environments.install(site, package.name, version, package.requires, package.extras)
    for name, text in shape.files.items():
        (folder / name).write_text(text)
    environments.commit(folder)
    return folder


def packages(number: int) -> list[Package]:
    """So many packages; each needs up to two that come later, so that nothing is a cycle."""
    names = [f"{_FIRST[index % 16]}-{_SECOND[index // 16]}" for index in range(number)]
    found = []
    for index, name in enumerate(names):
        needs = [names[other] + ">=1.0,<9" for other in (index + 2, index + 5) if other < number]
        if index % 4 == 0:
            needs.append('juniper-testing>=2; extra == "test"')
        extras = ("test",) if index % 4 == 0 else ()
        found.append(Package(name, f"{1 + index % 5}.{index % 13}.{index % 7}", (*needs,), extras))
    return found


def pin(package: Package) -> str:
    """The line of a freeze."""
    return f"{package.name}=={package.version}"


def span(package: Package, index: int) -> str:
    """A range that the package satisfies, in one of the spellings that people use."""
    major, minor = package.version.split(".")[:2]
    ranges = (
        f">={major}.{minor}",
        f">={major}.0,<{int(major) + 1}",
        f"~={major}.{minor}",
        f">={major}.{minor},!={major}.99.*",
        f"=={major}.*",
        f"<{int(major) + 2}.0",
    )
    return package.name + ranges[index % len(ranges)]


def _plain(lines: Iterable[str], found: Iterable[Package]) -> Shape:
    return Shape({"requirements.txt": "\n".join(lines) + "\n"}, tuple(found))


def _with_extra(package: Package, needed: Package, extra: str) -> Package:
    need = f'{needed.name}>=1.0; extra == "{extra}"'
    return package._replace(
        requires=(*package.requires, need), extras=(*package.extras, extra, "docs")
    )


def one_extra() -> Shape:
    """46 pins, one of them with extras."""
    found = packages(46)
    found[20] = _with_extra(found[20], found[40], "pool")
    lines = [pin(package) for package in found]
    lines[20] = f"{found[20].name}[pool,docs]=={found[20].version}"
    return _plain(lines, found)


def markers() -> Shape:
    """30 pins with markers, a third of which do not hold."""
    found = packages(20)
    lines = [f"{pin(each)} ; {_HOLDS[index % 4]}" for index, each in enumerate(found)]
    lines += [f"{pin(each)}; {_FAILS[index % 4]}" for index, each in enumerate(packages(30)[20:])]
    return _plain(lines, found)


def options_and_includes() -> Shape:
    """An index, a constraints file and an included file, together 30 pins."""
    found = packages(30)
    head = [
        "--index-url https://packages.example.org/simple",
        "--extra-index-url https://mirror.example.org/simple",
        "-c constraints.txt",
        "-r base.txt",
        "",
    ]
    texts = {
        "requirements.txt": [*head, *map(pin, found[18:])],
        "base.txt": ["# for all services", *map(pin, found[:18])],
        "constraints.txt": [span(package, 1) for package in found[::3]],
    }
    return Shape({name: "\n".join(lines) + "\n" for name, lines in texts.items()}, tuple(found))


def ranges(number: int) -> Shape:
    """Ranges only."""
    found = packages(number)
    return _plain((span(package, index) for index, package in enumerate(found)), found)


def hashed() -> Shape:
    """184 lines as pip-compile writes them, ten of them with extras.

    As in pypi.org's requirements, most have the hashes of a wheel and a source archive, and a tenth
    have those of wheels for each Python and platform: 2,000 in all.
    """
    found = packages(184)
    lines = ["#", "# This file is autogenerated by pip-compile with Python 3.11", "#"]
    for index, package in enumerate(found):
        text = pin(package)
        if index % 18 == 1 and index < 180:
            package = found[index] = _with_extra(package, found[index + 3], "pool")
            text = f"{package.name}[pool]=={package.version}"
        number = 96 if index % 10 == 3 else 2
        hashes = [f"    --hash=sha256:{index * 100 + n:064x}" for n in range(number)]
        lines += [f"{text} \\", *(f"{each} \\" for each in hashes[:-1]), hashes[-1]]
        lines += ["    # via", "    #   -r requirements.in", f"    #   {found[index - 2].name}"]
    return _plain(lines, found)


def bare_names() -> Shape:
    """Names without versions."""
    found = packages(16)
    return _plain((package.name for package in found), found)


def commented() -> Shape:
    """Direct dependencies, in sections with comments."""
    found = [package._replace(requires=()) for package in packages(24)]
    lines = []
    for index, package in enumerate(found):
        if index % 6 == 0:
            lines += ["", f"# {package.name} and what belongs to it", "# " + "-" * 40]
        note = "  # newer ones drop the old names" if index % 3 == 0 else ""
        lines.append(pin(package) + note)
    return _plain(lines, found)


def mixture() -> Shape:
    """Pins, ranges, bare names, an extra and markers in one file."""
    found = packages(36)
    found[8] = _with_extra(found[8], found[30], "pool")
    lines = ["# runtime"]
    for index, package in enumerate(found):
        match index % 6:
            case 0:
                lines.append(span(package, index // 6))
            case 1:
                lines.append(package.name)
            case 2 if index == 8:
                lines.append(f"{package.name}[pool]>=1.0")
            case 3:
                lines.append(f"{pin(package)} ; {_HOLDS[index % 4]}")
            case _:
                lines.append(pin(package))
    return _plain(lines, found)


SHAPES: Mapping[str, Callable[[], Shape]] = {
    "one extra among 46 pins": one_extra,
    "markers, 30": markers,
    "options and includes, 30": options_and_includes,
    "ranges, 20": lambda: ranges(20),
    "ranges, 60": lambda: ranges(60),
    "pip-compile, hashes and extras, 184": hashed,
    "bare names, 16": bare_names,
    "top-level with comments, 24": commented,
    "a mixture, 36": mixture,
}
# Shapes whose lines allow more than one release: `unpinned`, although all is installed, which is a
# warning if no line is pinned. With the exit codes.
UNPINNED = {"ranges, 20": 0, "ranges, 60": 0, "bare names, 16": 0, "a mixture, 36": 1}
