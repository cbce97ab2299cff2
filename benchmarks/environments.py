"""The environments that are measured, real and fabricated, each with its requirements.txt."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

# Pinned, so that two runs a year apart measure the same thing. 27 with their dependencies.
REAL = (
    *("attrs==24.2.0", "blinker==1.9.0", "certifi==2024.8.30", "charset-normalizer==3.4.0"),
    *("click==8.1.8", "flask==3.1.0", "h11==0.14.0", "idna==3.10", "iniconfig==2.0.0"),
    *("itsdangerous==2.2.0", "jinja2==3.1.4", "markdown-it-py==3.0.0", "markupsafe==3.0.2"),
    *("mdurl==0.1.2", "packaging==24.2", "pluggy==1.5.0", "pygments==2.18.0", "pytest==8.3.4"),
    *("python-dateutil==2.9.0", "pyyaml==6.0.2", "requests==2.32.3", "rich==13.9.4"),
    *("six==1.16.0", "sortedcontainers==2.4.0", "tomli==2.0.2", "urllib3==2.2.3"),
    "werkzeug==3.1.3",
)

# As long as a real one: 10 KB of headers, classifiers, dependencies and description.
_METADATA = """\
Metadata-Version: 2.1
Name: {name}
Version: {version}
Summary: A fabricated distribution.
License: MIT
{classifiers}
Requires-Python: >=3.8
{requires}Description-Content-Type: text/markdown

{description}
"""
_CLASSIFIERS = "\n".join(
    f"Classifier: Programming Language :: Python :: 3.{minor}" for minor in range(8, 15)
)
_DESCRIPTION = "A line of a description, as long as most of them are in real projects.\n" * 125


def uv() -> str:
    """The development environment's uv."""
    return str(Path(sys.executable).parent / "uv")


def real(folder: Path) -> Path:
    """An environment of 27 real packages, frozen."""
    new_virtualenv(folder)
    python = str(folder / ".venv")
    _run(uv(), "pip", "install", "--quiet", "--python", python, *REAL)
    # Exactly what is installed, or uv would find something to remove.
    frozen = _run(uv(), "pip", "freeze", "--quiet", "--python", python)
    (folder / "requirements.txt").write_text(frozen)
    return folder


def fabricated(folder: Path, number: int) -> Path:
    """An environment of so many distributions, frozen."""
    site = new_virtualenv(folder)
    lines = []
    for index in range(number):
        name, version = f"package{index:05d}", f"1.{index % 20}.{index % 7}"
        requires = [f"package{(index + step) % number:05d}>=1.0" for step in (1, 7, 31)]
        install(site, name, version, [*requires, 'pytest>=8; extra == "test"'])
        lines.append(f"{name}=={version}")
    (folder / "requirements.txt").write_text("\n".join(lines) + "\n")
    return folder


def install(
    site: Path, name: str, version: str, requires: Iterable[str], extras: Iterable[str] = ()
) -> None:
    """Add a distribution that has a metadata folder and no code."""
    folder = f"{name.replace('-', '_')}-{version}.dist-info"
    (site / folder).mkdir()
    headers = [f"Requires-Dist: {need}" for need in requires]
    headers += [f"Provides-Extra: {extra}" for extra in extras]
    text = _METADATA.format(
        name=name,
        version=version,
        classifiers=_CLASSIFIERS,
        requires="".join(f"{header}\n" for header in headers),
        description=_DESCRIPTION,
    )
    (site / folder / "METADATA").write_text(text)
    (site / folder / "INSTALLER").write_text("uv\n")
    # `uv pip check` rejects a distribution without it.
    (site / folder / "WHEEL").write_text(
        "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    names = ("INSTALLER", "METADATA", "RECORD", "WHEEL")
    (site / folder / "RECORD").write_text("".join(f"{folder}/{name},,\n" for name in names))


def commit(folder: Path) -> None:
    """Commit all files but the environment."""
    (folder / ".gitignore").write_text(".venv/\n")
    identity = ("-c", "user.name=A Developer", "-c", "user.email=developer@example.org")
    git = ("git", "-C", str(folder), "-c", "commit.gpgsign=false", *identity)
    _run("git", "init", "--quiet", str(folder))
    _run(*git, "add", "--all")
    _run(*git, "commit", "--quiet", "--message", "The requirements")


def new_virtualenv(folder: Path) -> Path:
    """Create `.venv` in a new folder; return its site folder."""
    folder.mkdir(parents=True)
    _run(uv(), "venv", "--quiet", "--python", sys.executable, str(folder / ".venv"))
    return next((folder / ".venv" / "lib").glob("python3.*/site-packages"))


def _run(*command: str) -> str:
    environ = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout
