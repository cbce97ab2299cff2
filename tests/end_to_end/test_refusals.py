"""What may not be read, or is not there to be read: one clear line, and never clean."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from support import (
    SCRIPTS,
    add_distribution,
    clean_environ,
    in_own_mounts,
    make_environment,
    reqdrift,
    run,
    run_git,
    without_rights,
)

# Installers run for each refusal.
pytestmark = pytest.mark.long

REQDRIFT = str(SCRIPTS / "reqdrift")
SITE = ".venv/lib/python3.11/site-packages"
INFO = f"{SITE}/foo-1.0.dist-info"
DENIED = "cannot be read: Permission denied"


@pytest.fixture
def shop(project: Path) -> Path:
    """A clean project that has one of everything, read as somebody whom permissions stop."""
    (project / "requirements.txt").write_text("foo==1.0\n-r base.txt\n-e ./tied\n")
    (project / "base.txt").write_text("bar==1.0\n")
    (project / "pyproject.toml").write_text("")
    (project / ".git").rmdir()
    run_git("init", "--quiet", cwd=project)
    site = make_environment(project / ".venv", "bar-1.0")
    url = {"url": "https://example.org/foo-1.0.tar.gz", "archive_info": {}}
    add_distribution(site, "foo-1.0", direct_url=url)
    (project / "more" / "spare.egg-info").mkdir(parents=True)
    (project / "more" / "spare.egg-info" / "PKG-INFO").write_text("Name: spare\nVersion: 1.0\n")
    (site / "more.pth").write_text(f"{project}/more\n")
    (project / "tied" / "tied.egg-info").mkdir(parents=True)
    (project / "tied" / "tied.egg-info" / "PKG-INFO").write_text("Name: tied\nVersion: 1.0\n")
    (site / "tied.egg-link").write_text(f"{project}/tied\n.\n")
    return project


def check_without(path: Path, *words: str, mode: int = 0) -> tuple[int, str]:
    """Run the command while it may not read a path; the exit code, all that is said."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        cwd = (
            path if path.name == "project" else next(p for p in path.parents if p.name == "project")
        )
        done = run(*without_rights(REQDRIFT, *words), cwd=cwd, check=False)
    finally:
        path.chmod(before)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("requirements.txt", 2, "requirements.txt: error: Permission denied"),
        ("base.txt", 2, f"requirements.txt:2: error: '-r base.txt' {DENIED}"),
        ("pyproject.toml", 2, f"pyproject.toml {DENIED}"),
        (".", 2, DENIED),
        (".git", 3, f".git/config may name an environment, but {DENIED}"),
        (".git/config", 3, f".git/config may name an environment, but {DENIED}"),
        (".venv", 3, f".venv {DENIED}; run reqdrift as a user who may read it"),
        (".venv/pyvenv.cfg", 3, f".venv/pyvenv.cfg {DENIED}"),
        (".venv/lib", 3, f".venv/lib {DENIED}; run reqdrift as a user who may read it"),
        (".venv/bin", 1, f".venv/bin {DENIED}"),
        (SITE, 3, f"the site folder {{shop}}/{SITE} {DENIED}"),
        (INFO, 1, f"{INFO}' {DENIED}"),
        (f"{INFO}/direct_url.json", 1, f"{INFO}/direct_url.json {DENIED}"),
        (f"{SITE}/more.pth", 1, f"{SITE}/more.pth' {DENIED}"),
        ("more", 1, f"more' {DENIED}"),
        ("more/spare.egg-info/PKG-INFO", 1, "spare.egg-info' has no readable name or version"),
        (f"{SITE}/tied.egg-link", 1, f"{SITE}/tied.egg-link' {DENIED}"),
        ("tied", 1, f"tied' {DENIED}"),
        # The folder's name says all that is asked for.
        (f"{INFO}/METADATA", 0, "clean"),
        ("tied/tied.egg-info/PKG-INFO", 1, "tied"),
    ],
)
def test_no_permission(shop: Path, path: str, code: int, said: str) -> None:
    found, text = check_without(shop / path)
    assert (found, said.format(shop=shop) in text) == (code, True), text


@pytest.mark.parametrize("words", [(), ("env",), ("verify",), ("fix",)])
def test_a_working_directory_that_is_gone(shop: Path, words: tuple[str, ...]) -> None:
    (shop / "gone").mkdir()
    script = f"cd gone; rmdir ../gone; '{REQDRIFT}' {' '.join(words)}"
    done = run("bash", "-c", script, cwd=shop, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "reqdrift: the working directory cannot be read: No such file or directory; "
        "change to a folder that exists\n"
    )


@pytest.mark.parametrize("words", [(), ("verify",), ("env",), ("why", "foo"), ("freeze",)])
def test_next_to_no_variables(shop: Path, words: tuple[str, ...]) -> None:
    expected = reqdrift(*words, cwd=shop)
    for variables in ({}, {"TMPDIR": "/nowhere", "HOME": "/nowhere", "XDG_CACHE_HOME": ""}):
        done = reqdrift(*words, cwd=shop, env=variables)
        assert (done.returncode, done.stderr) == (expected.returncode, expected.stderr)


def test_names_in_a_locale_that_lacks_them(shop: Path) -> None:
    name = os.fsdecode("größe".encode() + b"\xff.txt")
    shutil.copy(shop / "requirements.txt", shop / name)
    (shop / SITE / os.fsdecode(b"b\xe4r-1.0.dist-info")).mkdir()
    for variables in ({"LC_ALL": "C.UTF-8"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}):
        for mode in ("0", "1"):
            env = clean_environ(**variables, PYTHONUTF8=mode)
            for words in ((), ("--format", "json"), ("--color", "always"), ("diff",), ("fix",)):
                done = reqdrift(*words, name, cwd=shop, env=env)
                # As they are, the files are right, so that there is nothing to show in a diff.
                expected = 0 if words == ("diff",) else 1
                assert (done.returncode, "bug" in done.stderr) == (expected, False), done
                said = done.stdout + done.stderr
                assert (
                    "r-1.0.dist-info' has no readable name or version" in said or "--color" in words
                )


def test_a_read_only_file_system(shop: Path) -> None:

    script = f"mount --bind -o ro . .; cd .; '{REQDRIFT}' {{}}"
    for words, code in (("", 0), ("verify", 1), ("freeze", 0), ("--format json=x", 2)):
        done = run(*in_own_mounts(script.format(words)), cwd=shop, check=False)
        assert done.returncode == code, done.stderr
    assert "Read-only file system; nothing was written" in done.stderr
