"""`[tool.reqdrift]`: every key valid, invalid, unknown, overridden; sets; ignores in the file."""

from __future__ import annotations

import re

from reqdrift.repository.settings import _KEYS, _KEYS_OF_SET
from support import REPOSITORY


def test_the_documentation_names_every_key() -> None:
    text = (REPOSITORY / "docs" / "configuration.md").read_text()
    documented = set(re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE))
    assert documented == _KEYS.keys() | {f"{key}" for key in _KEYS_OF_SET}
