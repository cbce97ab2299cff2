"""`python -m reqdrift` is the same as `reqdrift`."""

import sys

# With `-m` Python looks for modules in the working directory first, and whoever wrote a project may
# have put a `json.py` there. `-P` and `-I` leave it out by themselves.
if not sys.flags.safe_path:
    del sys.path[0]

from .cli import console

console()
