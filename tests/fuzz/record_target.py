"""Records of all formats: an environment that can be compared, or the documented error."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from reqdrift.commands import examine
from reqdrift.commands.freeze import freeze_of
from reqdrift.environments import Situation
from reqdrift.environments.records import Record
from reqdrift.errors import EnvironmentReadError
from reqdrift.requirements import read_requirements
from reqdrift.standards import canonical_name, is_project_name
from reqdrift.standards.markers import VARIABLES, marker_values
from reqdrift.values import Policy, Python, Request, Requirements, Set

# Each has a finding, or depends on something that records do not say.
LINES = b"""\
six==1.16.0
kite[tail]>=1 ; python_full_version < "3.12.4"
mug @ git+https://example.org/mug@v1
tent @ https://example.org/tent-1.0.tar.gz
-e git+https://example.org/kettle@0a0a0a0a#egg=kettle
absent==1 ; sys_platform == "win32"
setuptools
"""
POLICIES = (Policy(), Policy("all"), Policy("orphans"))


def records(data: bytes) -> bool:
    """Read the file of a record, whatever its bytes are; whether it is of an environment."""
    with tempfile.TemporaryDirectory() as name:
        folder = os.path.realpath(name)
        path = Path(folder, "record")
        path.write_bytes(data)
        source = Record(str(path), folder, Request(), {})
        try:
            environment = source.read()
        except EnvironmentReadError as error:
            assert error.exit_code == 3
            assert "\n" not in error.message, error.message
            assert len(error.message) < 5_000, error.message
            return False
        for project, found in environment.distributions.items():
            assert is_project_name(found.project), found
            assert project == found.name == canonical_name(found.project), found
            assert found.version, found
        situation = Situation((f"{folder}/requirements.txt",), (), {}, folder, None)
        # One for each input: what a record does not say is tried with every Python, which is slow.
        one = Set("", (), policy=POLICIES[len(data) % len(POLICIES)])
        report = examine(one, (_requirements(), situation), source, Request()).report
        assert report.exit_code in (0, 1, 3), report.errors
        freeze_of(source, top_level=False, ranges=False)
        return True


@cache
def _requirements() -> Requirements:
    def read(path: str, *, named: bool) -> bytes:
        return LINES

    return read_requirements(("/project/requirements.txt",), top="/project", read=read)


SITE = "/opt/venv/lib/python3.12/site-packages"
VALUES = {name: marker_values(Python("3.12.4"))[name] for name in VARIABLES if name != "extra"}
SOURCES: tuple[dict[str, Any], ...] = (
    {"url": "file:///srv/lib", "dir_info": {"editable": True}},
    {
        "url": "https://example.org/mug",
        "vcs_info": {"vcs": "git", "commit_id": "0a" * 20, "requested_revision": "v1"},
        "subdirectory": "sub",
    },
    {
        "url": "https://example.org/tent-1.0.tar.gz",
        "archive_info": {"hash": "sha256=0a", "hashes": {"sha256": "0a"}},
    },
)
FREEZE = """\
# Editable install with no version control (lib==1.0)
-e /srv/lib
-e git+https://example.org/kettle@0a0a0a0a#egg=kettle
mug @ git+https://example.org/mug@0a0a0a0a#subdirectory=sub
tent @ https://example.org/tent-1.0.tar.gz#sha256=0a
-f /opt/wheels
six==1.16.0
pip==24.0
"""


def record_seeds() -> Iterator[bytes]:
    """A record of each format, and of each kind of source."""
    for document in _documents():
        yield json.dumps(document).encode()
    yield FREEZE.encode()
    yield FREEZE.encode("utf-16")
    yield b"\xef\xbb\xbf" + FREEZE.replace("\n", "\r\n").encode()


def _documents() -> Iterator[Any]:
    items = []
    for number, url in enumerate((None, *SOURCES)):
        metadata = {"name": f"six{number}", "version": "1.0", "requires_dist": ["idna; extra=='a'"]}
        place = f"{SITE}/six{number}-1.0.dist-info"
        item: dict[str, Any] = {"metadata": metadata, "metadata_location": place}
        item |= {"installer": "pip", "requested": True}
        items.append(item if url is None else {**item, "direct_url": url})
    report = {"version": "1", "pip_version": "26.3", "installed": items, "environment": VALUES}
    yield report
    own = {"prefix": "/opt/venv", "folders": [SITE], "hidden": items[:1]}
    yield {**report, "reqdrift": {**own, "broken": [{"project": "six", "message": "it is gone"}]}}
    yield [{"name": "six", "version": "1.0"}, {"name": "pip", "version": "24.0"}]
    yield [{"name": "lib", "version": "1.0", "editable_project_location": "/srv/lib"}]
