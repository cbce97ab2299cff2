"""Makes a small real project whose environment has drifted in every way, and checks it.

`make demo` runs this file; the examples of the documentation are run in the same project.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(sys.executable).parent

INSTALLED = (
    *("flask==3.1.0", "requests==2.32.3", "click==8.1.8", "rich==13.9.4", "idna==3.10"),
    *("six==1.16.0", "urllib3==2.2.3", "certifi==2024.8.30", "tomli==2.0.2"),
    *("werkzeug==3.1.3", "jinja2==3.1.4", "markupsafe==3.0.2", "itsdangerous==2.2.0"),
    *("blinker==1.9.0", "charset-normalizer==3.4.0", "pygments==2.18.0"),
    *("markdown-it-py==3.0.0", "mdurl==0.1.2", "pytest==8.3.3", "iniconfig==2.0.0"),
    *("packaging==24.1", "pluggy==1.5.0"),
)

REQUIREMENTS = """\
# The shop: what it needs to run.
-r base.txt
-c constraints.txt
flask==3.0.3
requests[socks]==2.32.3
colorama==0.4.6
click>=8
rich==13.9.4
wsgiref==0.1.2
pywin32==306; sys_platform == "win32"
six==1.16.0
six==1.17.0
-e ./shoplib
shoptool @ git+{tool}@{newer}
urllib3
"""
BASE = """\
# What every service of ours needs.
werkzeug==3.1.3
jinja2==3.1.4
markupsafe==3.0.2
itsdangerous==2.2.0
blinker==1.9.0
certifi==2024.8.30
charset-normalizer==3.4.0
idna==3.10 \\
    --hash=sha256:946d195a0d259cbba61165e88e65941f16e9b36ea6ddb97f00452bae8b1287d3
"""
CONSTRAINTS = "urllib3==1.26.20\n"
DEVELOPMENT = "pygments==2.18.0\nmarkdown-it-py==3.0.0\nmdurl==0.1.2\n"

PYPROJECT = """\
[project]
name = "{name}"
version = "1.0"
description = "A library."

[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"
"""


def build(folder: Path) -> None:
    """Make the project in a folder that does not exist yet."""
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet")
    _library(folder / "shoplib")
    tool = folder / "vendor" / "shoptool"
    _library(tool)
    older = _commit(tool, "one")
    newer = _commit(tool, "two")
    text = REQUIREMENTS.format(tool=tool.as_uri(), newer=newer)
    (folder / "requirements.txt").write_text(text)
    (folder / "base.txt").write_text(BASE)
    (folder / "constraints.txt").write_text(CONSTRAINTS)
    (folder / "requirements-dev.txt").write_text(DEVELOPMENT)
    (folder / ".gitignore").write_text(".venv/\nvendor/\n")
    _commit(folder, "the shop")
    _run(folder, "uv", "venv", "--quiet", "--python", sys.executable, ".venv")
    _run(
        folder,
        *("uv", "pip", "install", "--quiet", "--python", ".venv", *INSTALLED),
        *("-e", "./shoplib", f"shoptool @ git+{tool.as_uri()}@{older}"),
    )


def _library(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PYPROJECT.format(name=folder.name))
    (folder / f"{folder.name}.py").write_text('"""A library."""\n')


def _commit(folder: Path, message: str) -> str:
    if not (folder / ".git").exists():
        _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    # With a fixed identity and date the commits have the same ids wherever the project is made.
    # Variables, because those of the user would win over `-c user.name`.
    fixed = {"NAME": "demo", "EMAIL": "demo@example.org", "DATE": "2026-01-01T12:00Z"}
    environ = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in fixed.items()
    }
    commit = ("commit", "--quiet", "--allow-empty", "--message", message)
    _run(folder, "git", *commit, environ=environ)
    return _git(folder, "rev-parse", "HEAD").strip()


def _git(folder: Path, *words: str) -> str:
    return _run(folder, "git", *words)


def _run(folder: Path, program: str, *words: str, environ: dict[str, str] | None = None) -> str:
    path = SCRIPTS / program
    command = [str(path) if path.exists() else program, *words]
    merged = {**os.environ, **(environ or {})}
    done = subprocess.run(
        command, cwd=folder, env=merged, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def main(folder: Path) -> None:
    """Make the project, and run reqdrift on it as a user would."""
    shutil.rmtree(folder, ignore_errors=True)
    print(f"making a project in {folder.name}/ ...", flush=True)
    build(folder)
    # An activated environment would be the one to check.
    environ = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    print(f"\n$ cd {folder.name} && reqdrift", flush=True)
    done = subprocess.run([SCRIPTS / "reqdrift"], cwd=folder, env=environ, check=False)
    print(f"exit code {done.returncode}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
