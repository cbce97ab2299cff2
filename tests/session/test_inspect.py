"""`reqdrift inspect`: what the record says is what the environment is now."""

from __future__ import annotations

import json
import platform
import re
import sys
from pathlib import Path

import pytest

import reqdrift
from support import SCRIPTS, add_distribution, run


def test_the_base_was_upgraded_since_the_environment_was_made(project: Path) -> None:
    """pyvenv.cfg keeps the old version; the header file of the base has the new one."""
    prefix = project / ".venv"
    run(sys.executable, "-m", "venv", "--without-pip", prefix, cwd=project)
    config = prefix / "pyvenv.cfg"
    minor = ".".join(platform.python_version_tuple()[:2])
    config.write_text(re.sub(r"version = .*", f"version = {minor}.0", config.read_text()))
    add_distribution(next(prefix.glob("lib/*/site-packages")), "rope-1.0")
    document = reqdrift.inspect(python=str(prefix))
    assert document["environment"]["python_full_version"] == platform.python_version()
    # A verdict that depends on the patch version is the same from the record.
    text = f"rope==2.0; python_full_version == '{minor}.0'\nrope==1.0; python_version > '3'\n"
    (project / "requirements.txt").write_text(text)
    (project / "record.json").write_text(json.dumps(document))
    found = [
        reqdrift.check(python=str(prefix)).findings,
        reqdrift.check(installed=str(project / "record.json")).findings,
    ]
    assert found == [(), ()]


METADATA = b"""\
Metadata-Version: 2.4
name: rope
Version: 1.0
VERSION: 2.0
Summary: a \xc3\xbcber rope
Keywords: hemp, long rope
License: first line
        second line
          indented
          |third
Author: =?utf-8?q?J=C3=BCrgen?=
Author-email: a@example.org
License-File: LICENSE
License-File: NOTICE
Classifier: Topic :: Ropes
Project-URL: Home, https://example.org
Project-URL: Home, https://example.net
Platform: any
Provides-Extra: x
Requires-Dist: twine; extra == "x"
Requires-Python: >=3.8
Dynamic: Classifier
Unknown-Header: left out
Import-Name: rope
Content-Transfer-Encoding: base64

# Rope

Text.
"""


@pytest.mark.parametrize(
    "data",
    [
        METADATA,
        METADATA.replace(b"\n", b"\r\n"),
        METADATA.replace(b"hemp, long rope", b" hemp  rope "),
        METADATA.replace(b"Summary", b"Description").partition(b"\n\n")[0],
        METADATA.replace(b"\nSummary", b"\nno header\nSummary"),
    ],
    ids=["all", "carriage returns", "words", "no body", "ends early"],
)
def test_metadata_is_reported_as_pip_does(data: bytes, project: Path) -> None:
    prefix = project / ".venv"
    run(sys.executable, "-m", "venv", "--without-pip", prefix, cwd=project)
    site = next(prefix.glob("lib/*/site-packages"))
    (add_distribution(site, "rope-1.0") / "METADATA").write_bytes(data)
    report = run(SCRIPTS / "pip", "--python", prefix, "inspect", cwd=project).stdout
    (expected,) = json.loads(report)["installed"]
    (item,) = reqdrift.inspect(python=str(prefix))["installed"]
    assert item["metadata"] == expected["metadata"]
