"""`reqdrift fix` and `reqdrift diff` over generated files and environments."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings

from reqdrift.cli import main
from reqdrift.requirements.lines import decode, logical_lines
from reqdrift.standards import canonical_name
from strategies import GeneratedProject, examples, generated_projects
from support import clean_environ

FILE = "requirements.txt"

_LEFT = re.compile(
    r"(?P<place>[^:]+(?::\d+)?): (?P<kind>\w+) not fixed: (?P<rest>.*?)"
    r"(?:; it brought in \d+ more: (?P<more>[^:;]*)(?P<end>[:;].*))?"
)
# Environments and files are drawn apart from each other, so that most would be refused.
NAMED = ("--python", ".venv")


@contextlib.contextmanager
def built(generated: GeneratedProject) -> Iterator[Path]:
    """The project on disk, as the working directory."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve() / "project"
        (folder / ".git").mkdir(parents=True)
        generated.build(folder)
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(before)


class Output(io.TextIOWrapper):
    """Standard output that can be written to as text and as bytes."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")

    def data(self) -> bytes:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue()


def ran(*words: str, codes: tuple[int, ...] = (0, 1)) -> tuple[int, bytes]:
    """The exit code and standard output of a command."""
    out, err = Output(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*words, "--debug"])
    assert code in codes, err.getvalue()
    return code, out.data()


def checked() -> list[dict[str, Any]]:
    """The findings of a check, warnings too."""
    found: list[dict[str, Any]] = json.loads(ran("check", "--format", "json")[1])["findings"]
    return found


def is_left(finding: dict[str, Any]) -> bool:
    """Whether `fix` leaves it without a word about the line: ranges may be meant to be ranges."""
    return (finding["kind"], finding["severity"]) == ("unpinned", "warning")


def contents(folder: Path, generated: GeneratedProject) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in generated.files}


@pytest.mark.usefixtures("project")
@given(generated_projects())
@settings(examples(60))
def test_what_fix_does_not_refuse_is_settled_for_good(generated: GeneratedProject) -> None:
    with built(generated) as folder:
        code, out = ran("fix", *NAMED)
        left = [match for line in out.decode().splitlines() if (match := _LEFT.fullmatch(line))]
        event(f"left: {len(left)}")
        after = contents(folder, generated)

        found = [finding for finding in checked() if not is_left(finding)]
        # What a root brought in is reported with it.
        more = [name for match in left if match["more"] for name in match["more"].split(", ")]
        reported = sorted([(m["kind"], m["place"]) for m in left] + [("extra", FILE) for _ in more])
        places = [f["file"] + (f":{f['line']}" if f["line"] else "") for f in found]
        assert reported == sorted(
            (f["kind"], place) for f, place in zip(found, places, strict=True)
        )
        for finding, place in zip(found, places, strict=True):
            start = f"{place}: {finding['kind']} not fixed: {finding['message']}"
            alone = any(match[0].startswith((f"{start}: ", f"{start}; it ")) for match in left)
            is_brought = finding["kind"] == "extra" and finding["project"] in more
            assert alone != is_brought
        assert code == bool(found)

        again, out = ran("fix", *NAMED)
        assert (again, contents(folder, generated)) == (code, after)
        assert b"nothing to change" in out


@pytest.mark.usefixtures("project")
@given(generated_projects())
@settings(examples(60))
def test_untouched_lines_stay_as_they_are(generated: GeneratedProject) -> None:
    with built(generated) as folder:
        found = checked()
        ran("fix", *NAMED)
        projects = {finding["project"] for finding in found}
        for name, before in generated.files.items():
            old, new = decode(before), decode((folder / name).read_bytes())
            assert (old.encoding, old.mark) == (new.encoding, new.mark)
            joined = {
                line.end_line for line in logical_lines(old.text) if line.end_line > line.line
            }
            kept = [
                line
                for number, line in enumerate(old.text.splitlines(), start=1)
                if number not in joined and is_apart_from(line, projects)
            ]
            assert is_subsequence(kept, new.text.splitlines())
            if not found:
                assert new == old
            endings = set(re.findall(r"\r\n|\r|\n", old.text)) or {"\n"}
            assert set(re.findall(r"\r\n|\r|\n", new.text)) <= endings


def is_apart_from(line: str, projects: set[str]) -> bool:
    """Whether a physical line is for sure no part of a line about the projects."""
    if line.lstrip().startswith("#"):
        return "via" not in line and "#   " not in line
    name = re.match(r"\s*([A-Za-z][\w.-]*)\s*(\[[^]]*\]\s*)?([=<>!~;(#]|$)", line)
    return canonical_name(name[1]) not in projects if name else not line.strip()


def is_subsequence(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return all(line in rest for line in few)


@pytest.mark.usefixtures("project")
@given(generated_projects())
@settings(examples(50))
def test_git_and_patch_apply_the_diff_as_fix_writes_it(generated: GeneratedProject) -> None:
    with built(generated) as folder:
        code, diff = ran("diff", *NAMED)
        assert contents(folder, generated) == generated.files
        ran("fix", *NAMED)
        after = contents(folder, generated)
        assert code == bool(diff) == (after != generated.files)
        if not diff:
            return
        for command in (["git", "apply"], ["patch", "-p1", "--silent"]):
            copy = folder / command[0]
            copy.mkdir()
            for name, data in generated.files.items():
                (copy / name).write_bytes(data)
            # A repository of its own, else git takes the paths for those of the one around it.
            (copy / ".git").mkdir()
            environ = clean_environ(GIT_CEILING_DIRECTORIES=str(folder))
            done = subprocess.run(
                command, input=diff, cwd=copy, env=environ, capture_output=True, check=False
            )
            assert done.returncode == 0, done.stderr
            assert contents(copy, generated) == after
            assert {path.name for path in copy.iterdir()} == {*generated.files, ".git"}


@pytest.mark.usefixtures("project")
@given(generated_projects())
@settings(examples(50))
def test_without_a_name_fix_does_the_same_or_nothing(generated: GeneratedProject) -> None:
    with built(generated) as folder:
        absent = {f["project"] for f in checked() if f["kind"] == "missing" and not f["installed"]}
        code, out = ran("fix", codes=(0, 1, 3))
        after = contents(folder, generated)
        event(f"exit code {code}")
        if code == 3:
            assert (after, out) == (generated.files, b"")
            assert len(absent) >= 2  # of one there is no telling
            return
        for name, data in generated.files.items():
            (folder / name).write_bytes(data)
        named = ran("fix", *NAMED)
        if b" listed projects " not in out:  # else nothing was added
            assert named[0] == code
            # A command that it prints names the environment, too.
            assert lines_without_commands(named[1]) == lines_without_commands(out)
            assert contents(folder, generated) == after


def lines_without_commands(out: bytes) -> list[bytes]:
    return [line for line in out.splitlines() if b"to pin: " not in line]
