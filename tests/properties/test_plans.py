"""Whatever drifts: a plan installs only the files, and a shell reads its words."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

import reqdrift
from reqdrift.errors import UsageError
from reqdrift.repair.installer import spelled
from strategies import examples
from support import add_distribution, make_environment

pytestmark = pytest.mark.usefixtures("project")

SECRET = "hunter2"  # noqa: S105 - of no server
HASH = " --hash=sha256:" + "0a" * 32
NAMES = ("alder", "birch", "cedar", "dogwood")
OPTIONS = (
    *(f"--index-url https://me:{SECRET}@one.example/simple", "-i https://one.example/simple"),
    *(f"--extra-index-url https://me:{SECRET}@two.example/simple", "--no-index"),
    *("--find-links https://links.example/", "-fwheels", "--pre", "--prefer-binary"),
    *("--only-binary :all:", "--no-binary alder", "--trusted-host one.example"),
    *("--require-hashes", "-c limits.txt", "--use-feature fast-deps"),
)
LINES = (
    *("{0}==1.0", "{0}==1.0" + HASH, "{0}>=1", "{0}", "{0}==1.0; python_version < '3'"),
    *("{0} @ https://h.example/{0}-1.0.tar.gz", "-e git+https://h.example/{0}#egg={0}"),
    *("{0}==1.0  # reqdrift: ignore", "{0}==2.0\n{0}==1.0", "{0} @ git+https://h.example/{0}@main"),
)
SOURCES = (
    None,
    {"url": "file:///src/x", "dir_info": {"editable": True}},
    {"url": "https://h.example/x", "vcs_info": {"vcs": "git", "commit_id": "ab" * 20}},
)
# What may follow a program: nothing that names a place to install from, or a version.
WITH_VALUE = {"-r", "-c", "-m", "--python", "--reinstall-package", "--prerelease", "--trusted-host"}
ALONE = {"-y", "--no-deps"}


class Wood(NamedTuple):
    """The text of a requirements file, and what is installed."""

    text: str
    installed: tuple[tuple[str, object, tuple[str, ...]], ...]
    installer: str
    words: tuple[str, ...]


@st.composite
def woods(draw: st.DrawFn) -> Wood:
    """A file with options, and drift of every kind."""
    lines = draw(st.lists(st.sampled_from(OPTIONS), max_size=3, unique=True))
    lines += [
        draw(st.sampled_from(LINES)).format(name)
        for name in draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
    ]
    text = "".join(f"{line}\n" for line in draw(st.permutations(lines)))
    need = st.sampled_from(("birch", "birch>=2", "cedar<1", "elder", "alder==1.0"))
    installed = [
        (
            f"{name}-{draw(st.sampled_from(('1.0', '2.0', '0.9')))}",
            draw(st.sampled_from(SOURCES)),
            tuple(draw(st.lists(need, max_size=2))),
        )
        for name in draw(st.lists(st.sampled_from((*NAMES, "oak", "aldre")), unique=True))
    ]
    installer = draw(st.sampled_from(("pip", "uv")))
    return Wood(text, tuple(installed), installer, draw(st.sampled_from(((), ("alder",)))))


@given(wood=woods(), severity=st.sampled_from(((), (("unmet", "error"),))), unlisted=st.booleans())
@examples(100)
def test_only_the_files_are_installed(
    wood: Wood, severity: tuple[tuple[str, str], ...], *, unlisted: bool
) -> None:
    """And nothing unlisted is uninstalled unasked, nor before all that is listed is there."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        site = make_environment(folder / ".venv", "pip-26.1")
        for release, source, needs in wood.installed:
            add_distribution(site, release, direct_url=source, requires=needs)  # type: ignore[arg-type]
        (folder / "limits.txt").write_text("birch==1.0\n")
        (folder / "requirements.txt").write_text(wood.text)
        policy = reqdrift.Policy(ignore=wood.words, severity=severity)  # type: ignore[arg-type]
        subject = {"python": folder / ".venv", "policy": policy}
        file = folder / "requirements.txt"
        if reqdrift.check(file, **subject).errors:  # type: ignore[arg-type]
            return
        chosen = {"installer": wood.installer, "uninstall": unlisted, **subject}
        script = reqdrift.plan(file, **chosen).script  # type: ignore[arg-type]
        findings = reqdrift.check(file, **subject).findings  # type: ignore[arg-type]
    assert SECRET not in script
    event("a script that installs" if " install " in script else "none")
    commands = [line for line in script.splitlines() if not line.startswith("#")]
    assert len(commands) <= 2
    installs = [words for words in map(shlex.split, commands) if "install" in words]
    uninstalls = [words for words in map(shlex.split, commands) if "uninstall" in words]
    event("a script that uninstalls" if uninstalls else "none that does")
    removable = {"source"} | ({"extra"} if unlisted and not installs else set())
    may_go = {finding.project for finding in findings if finding.kind in removable}
    for words in uninstalls:
        rest = iter(words[words.index("uninstall") + 1 :])
        named = [word for word in rest if word != "-y" and not (word in WITH_VALUE and next(rest))]
        assert set(named) <= may_go
    for words in installs:
        rest = iter(words[words.index("install") + 1 :])
        given = [(word, next(rest) if word in WITH_VALUE else "") for word in rest]
        assert {word for word, _ in given} <= WITH_VALUE | ALONE
        assert [value for word, value in given if word == "-r"] == [str(file)]
        assert not [value for word, value in given if word == "-c"]  # the file itself says it
    for finding in findings:
        # Each is fixed, or named with its place.
        if finding.kind in ("missing", "version", "source") and not installs:
            at = f"requirements.txt:{finding.at.line}: "
            assert f"/{at}" in script or f"limits.txt:{finding.at.line}: " in script


@given(word=st.text(min_size=1) | st.text("ab $`\"'(){};&|<>@,#~*?[]!%^=+-:./\\", min_size=1))
def test_a_shell_reads_each_word(word: str) -> None:
    try:
        written = spelled(word)
    except UsageError:
        assert not word.isprintable()
        return
    assert shlex.split(f"x {written}") == ["x", word]
