"""Hostile records: an answer or one line of an error, in bounded time, and nothing leaks."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reqdrift
from reqdrift.cli import main
from reqdrift.errors import ReqdriftError
from reqdrift.report import FORMATS
from reqdrift.standards.markers import VARIABLES, marker_values
from reqdrift.values import Python
from strategies import examples

Captured = pytest.CaptureFixture[str]
VALUES = {name: marker_values(Python("3.12.4"))[name] for name in VARIABLES if name != "extra"}
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, 1.5, "", [], {}, "\0", "\x1b[31m", "a\nb", "x" * 2_000, "../..", "::error::x"]
)
LEAVES = ODD | st.text(max_size=8) | st.integers()
ANY = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


def item(**changes: Any) -> dict[str, Any]:
    metadata = {"name": "six", "version": "1.0", "requires_dist": ["idna"]}
    url = {"url": "file:///srv/six", "dir_info": {"editable": True}}
    location = "/v/lib/python3.12/site-packages/six-1.0.dist-info"
    found = {"metadata": metadata, "metadata_location": location, "direct_url": url}
    return {**found, "installer": "pip", "requested": True, **changes}


KEYS = ("metadata", "metadata_location", "direct_url", "installer", "requested", "reqdrift")
LIST = [{"name": "six", "version": "1.0"}]
REPORT = {"version": "1", "installed": [item()], "environment": VALUES}


@st.composite
def documents(draw: st.DrawFn) -> Any:
    """A record with one thing in it replaced by something odd."""
    odd = draw(ANY)
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return odd
    if kind == 1:
        key = draw(
            st.sampled_from(["name", "version", "latest_version", "editable_project_location"])
        )
        return [{**LIST[0], key: odd}]
    if kind == 2:
        key = draw(st.sampled_from(["version", "installed", "environment", "reqdrift"]))
        return {**REPORT, key: odd}
    if kind == 3:
        inner = draw(st.sampled_from(["folders", "broken", "hidden", "prefix"]))
        return {**REPORT, "reqdrift": {inner: odd}}
    changed = item(**{draw(st.sampled_from(KEYS)): odd})
    nested = draw(st.sampled_from(["metadata", "direct_url"]))
    if isinstance(changed[nested], dict) and draw(st.booleans()):
        inside = ("name", "version", "requires_dist", "url", "dir_info", "vcs_info", "archive_info")
        changed[nested] = {**changed[nested], draw(st.sampled_from(inside)): odd}
    return {**REPORT, "installed": [changed]}


def checked(folder: Path, data: bytes) -> None:
    """A check, and every command that reads: a verdict, or an error of one line."""
    (folder / "requirements.txt").write_text("six==1.0\nidna\n-e ./lib\n")
    path = folder / "record"
    path.write_bytes(data)
    files = [str(folder / "requirements.txt")]
    try:
        report = reqdrift.check(files, installed=str(path), explain=True)
    except ReqdriftError as error:
        assert "\n" not in error.message
        return
    assert report.exit_code in (0, 1, 2, 3)
    reqdrift.why("six", files, installed=str(path))
    reqdrift.freeze(files, installed=str(path))


@pytest.mark.parametrize("document", [LIST, REPORT])
def test_without_anything_odd(document: Any, tmp_path: Path) -> None:
    """What the documents are made of is read."""
    (tmp_path / "requirements.txt").write_text("six==1.1\n")
    path = tmp_path / "record"
    path.write_text(json.dumps(document))
    report = reqdrift.check([str(tmp_path / "requirements.txt")], installed=str(path))
    assert [(f.project, f.installed) for f in report.findings] == [("six", "1.0")]


@given(documents())
@examples(100)
def test_any_document(document: Any) -> None:
    with tempfile.TemporaryDirectory() as place:
        checked(Path(place).resolve(), json.dumps(document).encode())


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@examples(100)
def test_any_bytes(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        checked(Path(place).resolve(), data)


LINE = st.sampled_from(
    ["six==1.0", "-e /srv/six", "kite @ git+https://h/k@a", "# c (six==1)", "-e "]
)


@given(st.lists(LINE | st.text(max_size=20), max_size=6).map("\n".join))
@examples(100)
def test_any_freeze(text: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        checked(Path(place).resolve(), text.encode("utf-8", "replace"))


# What makes each, so that only its own test does.
BIG: dict[str, Callable[[], str]] = {
    "nesting": lambda: "[" * 1_000_000,
    "a number": lambda: f"[{'9' * 1_000_000}]",
    "keys": lambda: json.dumps({f"k{n}": n for n in range(200_000)}),
    "a name": lambda: json.dumps([{"name": "a" * 5_000_000, "version": "1"}]),
    "a version": lambda: json.dumps([{"name": "a", "version": "1." * 2_000_000}]),
    "lines": lambda: "six==1.0\n" * 300_000,
    "a line": lambda: f"six=={'1' * 5_000_000}\n",
    "a path": lambda: json.dumps(
        [{"name": "a", "version": "1", "editable_project_location": "/a" * 10**6}]
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("name", BIG)
def test_in_bounded_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / "record"
    path.write_text(BIG[name]())
    (tmp_path / "requirements.txt").write_text("a==1\n")
    started = time.perf_counter()
    try:
        report = reqdrift.check([str(tmp_path / "requirements.txt")], installed=str(path))
        assert len(str(report.errors)) < 10_000
    except ReqdriftError as error:
        assert len(str(error)) < 10_000
    assert time.perf_counter() - started < 30


SECRET = "hunter2"  # noqa: S105 - it is none
WITH_SECRETS = {
    "inspect": json.dumps(
        {
            "version": "1",
            "installed": [
                item(
                    direct_url={
                        "url": f"https://me:{SECRET}@host/six.git",
                        "vcs_info": {"vcs": "git", "commit_id": "0a" * 20},
                    }
                )
            ],
            "environment": VALUES,
        }
    ),
    "freeze": f"six @ git+https://me:{SECRET}@host/six.git@{'0a' * 20}\n",
    "bad line": f"six @ https://{SECRET}@host/six.zip ; nonsense\n",
    "editable": f"-e git+https://{SECRET}@host/six.git@{'0a' * 20}#egg=six\n",
}


@pytest.mark.parametrize("record", WITH_SECRETS)
def test_secrets_are_masked(record: str, project: Path, capsys: Captured) -> None:
    (project / "record").write_text(WITH_SECRETS[record])
    (project / "requirements.txt").write_text("six==1.0\n")
    said = ["--installed", "record", "--unlisted", "all"]
    for words in (
        *(["--format", f] for f in FORMATS),
        ["why", "six"],
        ["freeze"],
        ["diff"],
        ["env"],
    ):
        rest = said if words[0] in ("--format", "why", "diff") else said[:2]
        main([*words, *rest])
        printed = capsys.readouterr()
        assert SECRET not in printed.out + printed.err


def test_control_characters_are_escaped(project: Path, capsys: Captured) -> None:
    found = [{"name": "six", "version": "1\x1b[31m\n::error::x"}]
    (project / "record").write_text(json.dumps(found))
    (project / "requirements.txt").write_text("six==1.0\n")
    for name in FORMATS:
        main(["--installed", "record", "--format", name, "--color", "never"])
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert not any(line.startswith("::error::x") for line in out.splitlines())
