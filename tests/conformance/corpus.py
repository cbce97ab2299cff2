"""Requirements lines and files, good, bad and odd, for the comparison with pip's reader.

They are in lines.json, by what they show, and in corpus.json: what both readers see beside the file
that they read, the lines of a file that `-c` names, and files, with their encoding if not UTF-8.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

VARIABLES = {
    "REQ_NAME": "six",
    "REQ_VERSION": "1.16.0",
    "REQ_HOST": "user:secret@host",
    "REQ_OPTION": "six --no-index",
    "REQ_OUTER": "${REQ_NAME}",
    "REQ_EMPTY": "",
    "REQ_BLANK": " ",
    "req_lower": "six",
}


def _read(name: str) -> Any:
    return json.loads(Path(__file__).with_name(name).read_text())


def _encoded(files: dict[str, str | tuple[str, str]]) -> dict[str, bytes]:
    return {
        name: said.encode() if isinstance(said, str) else said[1].encode(said[0])
        for name, said in files.items()
    }


_CORPUS = _read("corpus.json")
LINES: dict[str, list[str]] = _read("lines.json")
TREE = _encoded(_CORPUS["tree"])
CONSTRAINTS: list[str] = _CORPUS["constraints"]
FILES = _encoded(_CORPUS["files"]) | {
    "a marker nested beyond measure": b"six; " + b"(" * 20000 + b"os_name > ''" + b")" * 20000,
    "a number beyond measure": b"./six-" + b"1" * 5000 + b"-py3-none-any.whl\n",
    "a sdist's number beyond measure": b"six @ https://host/six-" + b"1" * 5000 + b".tar.gz\n",
}
