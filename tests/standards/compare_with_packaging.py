"""Hold the plain evaluators against packaging over very many random examples.

    compare_with_packaging.py EXAMPLES [SEED]

EXAMPLES is for each of the agreements. Differences are printed, and make the exit code 1.
"""

from __future__ import annotations

import sys
import time
from importlib.metadata import version
from pathlib import Path
from random import Random

sys.path += [str(Path(__file__).resolve().parent)]

from agreement import AGREEMENTS
from texts import Texts


def main(examples: int, seed: int) -> int:
    """Run each agreement that often."""
    print(f"packaging {version('packaging')}, seed {seed}")
    failed = 0
    for agreement in AGREEMENTS:
        texts, start = Texts(Random(seed)), time.monotonic()  # noqa: S311
        ordinary = differences = 0
        for _ in range(examples):
            try:
                ordinary += agreement(texts)
            except Exception as error:
                differences += 1
                if differences <= 20:
                    print(f"  {agreement.__name__}: {type(error).__name__}: {str(error)[:300]}")
        seconds = time.monotonic() - start
        print(
            f"{agreement.__name__}: {examples:,} examples, {ordinary:,} ordinary,"
            f" {differences:,} differences, {seconds:.0f} s",
            flush=True,
        )
        failed += differences
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else time.time_ns() % 10**6))
