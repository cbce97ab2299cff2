"""`reqdrift.require` in programs: each runs with the Python of a real environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipapp
from pathlib import Path

import pytest

from support import REPOSITORY, add_distribution, clean_environ, reqdrift, run

# What a check must not do is seen by Python's own audit.
CALL = """
import sys

def watch(event, arguments):
    if event in ("subprocess.Popen", "os.fork", "os.posix_spawn", "os.system", "socket.connect"):
        print(event, arguments, file=sys.stderr)

sys.addaudithook(watch)
import reqdrift
reqdrift.require({})
assert __import__("gc").isenabled()
"""
MISSING = "requirements.txt:2: missing: absent==1 is not installed"


@pytest.fixture
def site(project: Path) -> Path:
    """The site folder of the project's environment, which has reqdrift and foo 1.0."""
    base: str = sys._base_executable  # type: ignore[attr-defined]
    run(base, "-m", "venv", "--without-pip", project / ".venv", cwd=project)
    (site,) = project.glob(".venv/lib/*/site-packages")
    (site / "reqdrift.pth").write_text(f"{REPOSITORY}\n")
    add_distribution(site, "foo-1.0", requires=["bar"])
    add_distribution(site, "bar-1.0")
    (project / "requirements.txt").write_text("foo==1.0\n")
    (project / "manage.py").write_text(CALL.format(""))
    return site


def start(
    project: Path, *words: str | Path, cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    python = project / ".venv" / "bin" / "python"
    return run(python, *words, cwd=cwd or project, env=clean_environ(**variables), check=False)


def drift(project: Path) -> None:
    (project / "requirements.txt").write_text("foo\nabsent==1\n")


def test_what_is_wrong_and_what_to_run(site: Path, project: Path, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("another-project\n")
    # From anywhere, nothing is said of what is right.
    done = start(project, project / "manage.py", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    drift(project)
    assert "absent==1" in start(project, project / "manage.py", cwd=tmp_path).stderr
    done = start(project, "manage.py")
    assert done.returncode == 1
    last = done.stderr.splitlines()[-3:]
    assert last[0] == "reqdrift.errors.DriftError: .venv does not satisfy requirements.txt"
    assert last[1] == MISSING
    assert last[2] == "run: uv pip install --python .venv/bin/python -r requirements.txt"


def test_where_an_installer_finds_nothing_to_do(site: Path, project: Path) -> None:
    url = {"url": "https://example.org/foo", "vcs_info": {"vcs": "git", "commit_id": "a" * 40}}
    add_distribution(site, "lib-1.0", direct_url=url)
    (project / "requirements.txt").write_text("lib==1.0\n")
    last = start(project, "manage.py", PATH=os.defpath).stderr.splitlines()[-2:]
    assert "requirements.txt:1: source: lib 1.0 is installed from" in last[0]
    plan = "reqdrift plan --python .venv --satisfied requirements.txt | sh"
    assert last[1] == f"run: .venv/bin/python -m {plan}"


def test_what_the_project_declares_is_installed_as_it_was(site: Path, project: Path) -> None:
    """A plan knows whether it is editable, and needs no hashes of what it declares."""
    folder = {"url": project.as_uri(), "dir_info": {}}
    add_distribution(site, "shop-1.0", direct_url=folder)
    text = "[project]\nname = 'shop'\ndependencies = ['absent']\n"
    (project / "pyproject.toml").write_text(text)
    (project / "requirements.txt").write_text(f"foo==1.0 --hash=sha256:{'0a' * 32}\n")
    last = start(project, "manage.py", PATH=os.defpath).stderr.splitlines()[-1]
    assert last.endswith(" plan --python .venv --satisfied requirements.txt | sh")
    script = reqdrift("plan", "--python", ".venv", "--satisfied", cwd=project).stdout
    *remarks, command = script.splitlines()
    assert command == f"uv pip install --python {project}/.venv/bin/python {project}"
    what = "after the installation, run reqdrift again: absent may have to be listed"
    assert remarks == [f"# pyproject.toml:3: {what}"]


def test_no_command_where_none_installs_the_file(site: Path, project: Path) -> None:
    (project / "requirements.txt").write_text("absent==1\nabsent==2\nmore==1\n")
    why = "requirements.txt:2: the lines for absent contradict each other; fix them first"
    last = start(project, "manage.py").stderr.splitlines()[-1]
    assert last == f"no command installs the files: {why}"


@pytest.mark.parametrize(
    ("level", "variable", "code"),
    [
        ("'warn'", "", 0),
        ("'error'", "warn", 0),
        ("'warn'", "error", 1),
        ("'error'", "off", 0),
        ("'off'", "", 0),
    ],
)
def test_levels(site: Path, project: Path, level: str, variable: str, code: int) -> None:
    drift(project)
    (project / "manage.py").write_text(CALL.format(f"level={level}"))
    done = start(project, "manage.py", REQDRIFT_REQUIRE=variable)
    assert done.returncode == code
    is_off = "off" in (variable or level)
    assert (MISSING in done.stderr) is not is_off
    if code == 0 and not is_off:
        assert "manage.py:10: UserWarning: reqdrift: .venv does not satisfy" in done.stderr


def test_a_warning_is_given_once(site: Path, project: Path) -> None:
    drift(project)
    text = "import reqdrift\nfor _ in range(3):\n    reqdrift.require(level='warn')\n"
    (project / "manage.py").write_text(text)
    assert start(project, "manage.py").stderr.count(MISSING) == 1


@pytest.mark.parametrize(
    ("file", "text", "warning"),
    [
        ("requirements.txt", None, "not checked: requirements.txt: error: no such file"),
        ("requirements.txt", "foo==1.0\n--bogus\n", "requirements.txt:2: error: "),
        ("requirements.txt", "-r gone.txt\n", "requirements.txt:1: error: '-r gone.txt'"),
        ("pyproject.toml", "[tool.reqdrift]\nfile = 1\n", "tool.reqdrift has no key 'file'"),
        (
            ".venv/lib/{}/site-packages/foo-1.0.dist-info/METADATA",
            "device",
            "what foo 1.0 needs is",
        ),
        (".venv/lib/{}/site-packages/foo-1.0.dist-info/direct_url.json", "{{", "cannot be read"),
    ],
)
def test_what_cannot_be_checked_is_a_warning(
    site: Path, project: Path, file: str, text: str | None, warning: str
) -> None:
    path = project / file.format(site.parent.name)
    path.unlink(missing_ok=True)
    if text == "device":
        path.symlink_to("/dev/null")  # not a regular file
    elif text:
        path.write_text(text)
    done = start(project, "manage.py")
    assert done.returncode == 0
    assert "UserWarning: reqdrift: " in done.stderr
    assert warning in done.stderr


def test_there_is_no_such_level(site: Path, project: Path) -> None:
    done = start(project, "manage.py", REQDRIFT_REQUIRE="no")
    assert "UsageError: there is no level 'no'; levels: off, warn, error" in done.stderr


def test_what_the_path_has_and_the_configuration_count(
    site: Path, project: Path, tmp_path: Path
) -> None:
    drift(project)
    add_distribution(tmp_path / "more", "absent-1")
    assert start(project, "manage.py", PYTHONPATH=str(tmp_path / "more")).stderr == ""
    (project / "pyproject.toml").write_text('[tool.reqdrift]\nignore = ["absent"]\n')
    assert start(project, "manage.py").stderr == ""


def test_what_is_imported_first_counts(site: Path, project: Path, tmp_path: Path) -> None:
    """`pip install --target` into a folder that precedes site-packages, as on AWS Lambda."""
    add_distribution(tmp_path / "more", "foo-2.0")
    done = start(project, "manage.py", PYTHONPATH=str(tmp_path / "more"))
    assert "foo 2.0 is installed, but the file says foo==1.0" in done.stderr
    (project / "requirements.txt").write_text("foo==2.0\n")
    assert start(project, "manage.py", PYTHONPATH=str(tmp_path / "more")).stderr == ""
    handler = (
        (project / "manage.py").read_text().replace("require()", "require('requirements.txt')")
    )
    done = start(project, "-c", handler, cwd=project, PYTHONPATH=str(tmp_path / "more"))
    assert done.stderr == ""
    add_distribution(project, "foo-3.0")  # the working directory is first then
    done = start(project, "-c", handler, cwd=project, PYTHONPATH=str(tmp_path / "more"))
    assert "foo 3.0 is installed, but the file says foo==2.0" in done.stderr


def test_an_environment_of_one_run_has_no_command(site: Path, project: Path) -> None:
    """`uv run --with pytest` makes one in its cache, and deletes it afterwards."""
    drift(project)
    shelf = project / "cache" / "builds-v0"
    shelf.mkdir(parents=True)
    (project / "cache" / "CACHEDIR.TAG").touch()
    shutil.move(project / ".venv", shelf / ".tmpX7")
    python = shelf / ".tmpX7" / "bin" / "python"
    done = run(python, "manage.py", cwd=project, env=clean_environ(), check=False)
    assert MISSING in done.stderr
    assert "run: " not in done.stderr


def test_metadata_beside_the_code_hides_nothing(site: Path, project: Path) -> None:
    """A build leaves `foo.egg-info` in the folder that Python puts first on its path."""
    (project / "foo.egg-info").mkdir()
    (project / "foo.egg-info" / "PKG-INFO").write_text("Name: foo\nVersion: 0.1\n")
    (project / "model.pth").write_bytes(b"\0" * 100)
    assert start(project, "manage.py").stderr == ""


def test_the_first_cell_of_a_notebook(site: Path, project: Path) -> None:
    drift(project)
    # A cell has no `__file__`; the working directory is that of the notebook.
    cell = f"exec(compile({CALL.format('')!r}, '<cell>', 'exec'), {{'__name__': '__main__'}})"
    assert MISSING in start(project, "-c", cell).stderr


@pytest.mark.parametrize("contains", [False, True])
def test_a_zipapp(site: Path, project: Path, tmp_path: Path, contains: bool) -> None:
    drift(project)
    app = project / "app"
    app.mkdir()
    (app / "__main__.py").write_text(CALL.format(""))
    if contains:
        add_distribution(app, "absent-1")
    zipapp.create_archive(app, project / "app.pyz")
    done = start(project, project / "app.pyz", cwd=tmp_path)
    if contains:
        assert "UserWarning: reqdrift: requirements.txt was not checked: packages in" in done.stderr
    else:
        assert "absent==1 is not installed" in done.stderr
