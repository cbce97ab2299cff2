"""`python -m reqdrift` is the same as `reqdrift`."""

import sys

# With `-m`, Python searches the working directory first for modules, and a project may have a
# `json.py` there. `-P` and `-I` omit it anyway.
if not sys.flags.safe_path:
    del sys.path[0]

from .launch import console

console()
