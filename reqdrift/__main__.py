"""`python -m reqdrift` is the same as `reqdrift`."""

from .cli import console

console()
