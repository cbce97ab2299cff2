"""Fuzz every target for a while, in an environment of its own: campaign.py FOLDER SECONDS.

FOLDER keeps that environment, what was found to lead anywhere new, and the inputs that failed; a
second run goes on from there. `make fuzz` runs it.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
sys.path += [str(HERE.parent), str(HERE.parent / "conformance")]

from corpus import CONSTRAINTS, LINES  # noqa: E402
from record_target import record_seeds  # noqa: E402
from targets import READERS, SEPARATOR, TARGETS  # noqa: E402

# In seconds, for one input; a slower one counts as a failure.
_LONGEST = 10
_MOST_SEEDS = 300


def make_environment(folder: Path) -> Path | None:
    """An interpreter with reqdrift and atheris; None, with the reason printed, without a wheel."""
    python = folder / "env" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "env", with_pip=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    install += ["--only-binary=atheris", "atheris", "--editable", str(REPOSITORY)]
    if subprocess.run(install, check=False).returncode == 0:
        return python
    version = ".".join(map(str, sys.version_info[:2]))
    print(
        f"fuzz: atheris cannot be installed for Python {version} on this machine (pip says why"
        " above): nothing was fuzzed by coverage. It has wheels for CPython 3.11 to 3.13 on Linux:"
        " make clean fuzz PYTHON=/path/to/python3.11",
        file=sys.stderr,
    )
    return None


def seeds(target: str) -> Iterator[bytes]:
    """Inputs to begin with."""
    lines = [line for group in (*LINES.values(), CONSTRAINTS) for line in group]
    if target == "lines":
        yield from map(str.encode, lines)
    elif target == "requirements":
        for line in lines:
            first = f"-r b.txt\n-c sub/c.txt\n{line}\n".encode()
            yield SEPARATOR.join([first, b"-r sub/c.txt\na==1.0\n", b"six<2\nx>=1\n"])
    elif target == "records":
        yield from record_seeds()
    else:
        for kind, (pattern, _) in enumerate(READERS):
            paths = Path(sys.prefix).glob(pattern)
            small = (path for path in paths if path.stat().st_size < 4096)
            for path in islice(small, _MOST_SEEDS // len(READERS)):
                yield bytes([kind]) + path.read_bytes()


def main(folder: Path, seconds: int) -> int:
    python = make_environment(folder)
    if python is None:
        return 1
    failed = []
    for target in TARGETS:
        corpus, crashes = folder / "corpus" / target, folder / "failed" / target
        for path in (corpus, crashes):
            path.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds(target)):
            (corpus / f"seed{number}").write_bytes(seed)
        words = [f"-max_total_time={seconds}", f"-timeout={_LONGEST}", "-rss_limit_mb=2048"]
        words += ["-max_len=8192", f"-artifact_prefix={crashes}/", "-print_final_stats=1"]
        print(f"fuzz: {target}, {seconds} seconds", flush=True)
        command = [str(python), "-B", str(HERE / "fuzz.py"), target, *words, str(corpus)]
        if subprocess.run(command, cwd=folder, check=False).returncode:
            failed.append(target)
    for target in failed:
        print(f"fuzz: {target} failed; the input is in {folder / 'failed' / target}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), int(sys.argv[2])))
