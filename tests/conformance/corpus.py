"""Requirements lines and files, good, bad and odd, for the comparison with pip's reader."""

from __future__ import annotations

import json
from pathlib import Path

COMMIT = "8a4b5d0c1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b"
HASH = "--hash=sha256:" + "0a" * 32
OTHER_HASH = "--hash=sha512:" + "f1" * 64

# What both readers see beside the file that they read.
TREE = {
    "pkg/pyproject.toml": b"[project]\nname = 'pkg'\nversion = '1'\n",
    "legacy/setup.py": b"",
    "my pkg/pyproject.toml": b"",
    "folder.zip/pyproject.toml": b"",
    "no_project/readme": b"",
    "six-1.16.0-py2.py3-none-any.whl": b"",
    "torch-2.1.0+cpu-cp311-cp311-linux_x86_64.whl": b"",
    "six-1.16.0.tar.gz": b"",
    "six-1.16.0.unknown": b"",
    "odd.whl": b"",
    "idna.txt": b"idna==3.10\n",
    "limits.txt": b"six<2\n",
    "nothing.txt": b"# nothing\n",
    "bad.txt": b"six=1\n",
    "sub/deep.txt": b"six==1.16.0\n-r ../idna.txt\n-c deeper/limits.txt\n",
    "sub/deeper/limits.txt": b"idna>3\n-r asked.txt\n",
    "sub/deeper/asked.txt": b"certifi\n",
    "sub/beside.txt": b"./here\n",
    "sub/here/pyproject.toml": b"",
    "with space.txt": b"certifi==2024.7.4\n",
    "self.txt": b"-r self.txt\n",
    "self_limit.txt": b"-c ./sub/../self_limit.txt\n",
    "ping.txt": b"-r pong.txt\n",
    "pong.txt": b"-c ping.txt\n",
    "twice.txt": b"-r idna.txt\n-r idna.txt\n-c idna.txt\n",
    "utf16.txt": b"\xff\xfe" + "six==1.16.0\n".encode("utf-16-le"),
}
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

# By what they show.
LINES: dict[str, list[str]] = json.loads(Path(__file__).with_name("lines.json").read_text())

# Lines of a file that `-c` names.
CONSTRAINTS = [
    "six",
    "six==1.16.0",
    "six<2; python_version > '3'",
    "six<2; python_version < '3'",
    f"six==1.16.0 {HASH}",
    "six[a]",
    "six[a]==1.16.0; python_version < '3'",
    "-e ./pkg",
    "-e git+https://host/six#egg=six",
    "six -e ./pkg",
    "./pkg",
    "./six-1.16.0.tar.gz",
    "./six-1.16.0-py2.py3-none-any.whl",
    "./six-1.16.0-py2.py3-none-any.whl[a]",
    "https://host/six.zip",
    "https://host/six.zip#egg=six",
    "https://host/six-1.16.0-py3-none-any.whl",
    "git+https://host/six",
    "git+https://host/six#egg=six",
    "six @ https://host/six.zip",
    "six[a] @ https://host/six.zip",
    "file:///nowhere/six",
    "six=1",
    "--no-index",
    "-r idna.txt",
    "-c idna.txt",
]

FREEZE = "certifi==2024.7.4\nidna==3.10\nsix==1.16.0\n"
FILES = {
    "empty": b"",
    "blank": b"\n \n\t\n",
    "freeze": FREEZE.encode(),
    "no final newline": FREEZE.encode().rstrip(),
    "crlf": FREEZE.replace("\n", "\r\n").encode(),
    "cr": FREEZE.replace("\n", "\r").encode(),
    "mixed line ends": b"six==1\ridna==2\r\ncertifi==3\n\rx==4",
    "utf-8 bom": b"\xef\xbb\xbf" + FREEZE.encode(),
    "utf-8 bom twice": b"\xef\xbb\xbf\xef\xbb\xbf" + FREEZE.encode(),
    "utf-8 bom, bad bytes": b"\xef\xbb\xbfsix==1 # \xff\n",
    "utf-16 le bom": b"\xff\xfe" + FREEZE.encode("utf-16-le"),
    "utf-16 be bom": b"\xfe\xff" + FREEZE.encode("utf-16-be"),
    "utf-16 le bom, crlf": b"\xff\xfe" + FREEZE.replace("\n", "\r\n").encode("utf-16-le"),
    "utf-16 le bom, odd length": b"\xff\xfe" + FREEZE.encode("utf-16-le") + b"a",
    "utf-16 le, no bom": FREEZE.encode("utf-16-le"),
    "utf-32 le bom": b"\xff\xfe\x00\x00" + FREEZE.encode("utf-32-le"),
    "utf-32 be bom": b"\x00\x00\xfe\xff" + FREEZE.encode("utf-32-be"),
    "utf-32 le bom, cut": b"\xff\xfe\x00\x00" + FREEZE.encode("utf-32-le")[:-1],
    "utf-32 be, no bom": FREEZE.encode("utf-32-be"),
    "only a bom": b"\xef\xbb\xbf",
    "only a utf-16 bom": b"\xff\xfe",
    "bom before a coding": b"\xef\xbb\xbf# coding: latin-1\nsix==1 # \xe9\n",
    "latin-1": b"# -*- coding: latin-1 -*-\nsix==1 # caf\xe9\n",
    "latin-1 in the second line": b"# six\n# vim: set fileencoding=latin-1 :\nsix==1 # caf\xe9\n",
    "latin-1 in the third line": b"# six\n\n# coding: latin-1\nsix==1 # caf\xe9\n",
    "latin-1 after a requirement": b"six==1 # coding: latin-1\n# caf\xe9\n",
    "latin-1 indented": b" # coding: latin-1\nsix==1 # caf\xe9\n",
    "latin-1 undeclared": b"six==1 # caf\xe9\n",
    "ascii, but it is not": b"# coding: ascii\nsix==1 # caf\xc3\xa9\n",
    "unknown codec": b"# coding: nonsense\nsix==1\n",
    "unknown codec by accident": b"# encoding: see below\nsix==1\n",
    "coding without a name": b"# coding:\nsix==1\n",
    "a codec that is not of text": b"# coding: hex\nsix==1\n",
    "a codec that renames": b"# coding: rot13\nfvk==1\n",
    "utf-7": b"# coding: utf-7\nsix+AD0APQ-1\n",
    "utf-16 by name": b"# coding: utf-16\nsix==1\n",
    "utf-8-sig by name": b"# coding: utf-8-sig\nsix==1\n",
    "codec after cr": b"# x\r# coding: nonsense\rsix==1\r",
    "null bytes": b"six==1\x00\nidna==2\n",
    "binary": bytes(range(256)) * 4,
    "an archive": b"PK\x03\x04\x14\x00\x00\x00\x08\x00\n\x00\n",
    "hashes": (
        f"six==1.16.0 \\\n    {HASH} \\\n    {OTHER_HASH}\nidna==3.10 \\\n    {HASH}\n".encode()
    ),
    "pip-compile": (
        b"#\n# This file is autogenerated by pip-compile with Python 3.11\n#\n"
        b"--index-url https://host/simple\n\n"
        b"asgiref==3.8.1\n    # via django\n"
        b'colorama==0.4.6 ; sys_platform == "win32"\n    # via click\n'
        b"requests[socks]==2.32.3\n    # via -r requirements.in\n\n"
        b"# The following packages are considered to be unsafe in a requirements file:\n# pip\n"
    ),
    "poetry export": (
        b'six==1.16.0 ; python_version >= "3.11" and python_version < "4.0" \\\n'
        + f"    {HASH}\n".encode()
    ),
    "freeze with vcs": (
        f"-e git+https://host/org/six@{COMMIT}#egg=six\n"
        f"pkg @ file:///nowhere/pkg\nidna @ git+https://host/idna@{COMMIT}\n"
        "# Editable install with no version control (legacy==1)\n-e ./legacy\n"
    ).encode(),
    "markers for one project": (
        b"numpy==1.21.6; python_version < '3.8'\nnumpy==1.26.4; python_version >= '3.8'\n"
    ),
    "includes": b"-r sub/deep.txt\n-c limits.txt\nidna>=3\n",
    "include after an error": b"six=1\n-r idna.txt\n",
    "continuation at the end": b"six==1 \\\n",
    "continuation into an include": b"six==1 \\\n-r idna.txt\n",
    "continuation into an option": b"six==1 \\\n--no-index\n",
    "continuation over a blank line": b"six==1 \\\n\n\nidna==2\n",
    "comment in a continuation": f"six==1 \\\n    # why\n    {HASH}\n".encode(),
    "form feed in a comment": b"# six\x0cidna==1\n",
    "next line in a comment": "# six\u0085idna==1\n".encode(),
    "line separator in a comment": "# six\u2028not a requirement\n".encode(),
    "an INI file": b"[metadata]\nname = six\n",
    "a TOML file": b'[project]\nname = "six"\n',
    "a marker nested beyond measure": b"six; " + b"(" * 20000 + b"os_name > ''" + b")" * 20000,
    "a number beyond measure": b"./six-" + b"1" * 5000 + b"-py3-none-any.whl\n",
    "a sdist's number beyond measure": b"six @ https://host/six-" + b"1" * 5000 + b".tar.gz\n",
    "a conda export": b"# platform: linux-64\n@EXPLICIT\nhttps://host/six-1.16.0-pyh_0.tar.bz2\n",
    "conda list --export": b"six=1.16.0=pyh_0\n",
    "a Pipfile": b"[packages]\nsix = '*'\n",
    "prose": b"Install these first:\n- six\n- idna\n",
    "a merge conflict": b"<<<<<<< HEAD\nsix==1\n=======\nsix==2\n>>>>>>> x\n",
}
