"""Environments in root file systems that are really made, against pip inside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from roots import make_debian

from support import make_environment, reqdrift, run


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_debian(tmp_path_factory.mktemp("roots"))


def said_by_pip(root: Path, python: str) -> dict[str, str]:
    """Project -> version; the pip of the virtualenv looks into the named Python."""
    pip = ("/opt/venv/bin/pip", "--python", python)
    done = run("chroot", root, *pip, "inspect", cwd=root, check=False)
    items = json.loads(done.stdout)["installed"]
    return {item["metadata_location"]: item["metadata"]["version"] for item in items}


@pytest.mark.long
@pytest.mark.parametrize("python", ["/usr/bin/python3", "/opt/venv/bin/python"])
def test_it_holds_what_pip_inside_says(debian: Path, python: str, project: Path) -> None:
    found = reqdrift("inspect", "--root", debian, "--python", python, cwd=project)
    items = json.loads(found.stdout)["installed"]
    said = {item["metadata_location"]: item["metadata"]["version"] for item in items}
    assert said == said_by_pip(debian, python)
    assert said


@pytest.mark.long
def test_a_freeze_from_inside_is_clean(debian: Path, project: Path) -> None:
    frozen = reqdrift("freeze", "--root", debian, "--python", "/usr", cwd=project)
    assert "PyYAML==" in frozen.stdout
    (project / "requirements.txt").write_text(frozen.stdout)
    done = reqdrift("--root", debian, cwd=project)  # the virtualenv has only pip
    assert (done.returncode, done.stdout.split(";")[0]) == (0, "clean")


@pytest.mark.long
def test_verify_compares_what_pip_installed(debian: Path, project: Path) -> None:
    """Debian's own packages have no RECORD."""
    words = ("verify", "--root", debian, "--python")
    done = reqdrift(*words, "/usr", cwd=project)
    assert done.returncode == 3
    assert "no distribution lists its files" in done.stdout
    done = reqdrift(*words, "/opt/venv", "--unrecorded", cwd=project)
    assert (done.returncode, done.stdout.split(";")[0]) == (0, "clean")
    (changed,) = debian.glob("opt/venv/lib/python3*/site-packages/pip/__main__.py")
    changed.write_text("")
    done = reqdrift(*words, "/opt/venv", "--unrecorded", cwd=project)
    assert (done.returncode, done.stdout.count("modified: ")) == (1, 1)


@pytest.fixture
def image(project: Path) -> Path:
    root = project / "image"
    make_environment(root / "opt/venv", "six-1.16.0", "pip-24.0")
    return root


def test_a_check_prints_where_it_looked(image: Path, project: Path) -> None:
    (project / "requirements.txt").write_text("six==1.16.0\n")
    done = reqdrift("--root", image, cwd=project)
    assert done.returncode == 0
    assert "in image/opt/venv (Python 3.11.7, found by --root)" in done.stdout


def test_commands_to_type_repeat_the_root(image: Path, project: Path) -> None:
    (project / "requirements.txt").write_text("six==1.15.0\n")
    done = reqdrift("--root", "image", "--python", "/opt/venv", cwd=project)
    assert done.returncode == 1
    assert "reqdrift fix --root image --python /opt/venv" in done.stdout
    assert "reqdrift plan" not in done.stdout
    assert image.is_dir()


def test_fix_writes_what_the_image_has(image: Path, project: Path) -> None:
    (project / "requirements.txt").write_text("six==1.15.0\n")
    assert reqdrift("fix", "--root", image, cwd=project).returncode == 0
    assert (project / "requirements.txt").read_text() == "six==1.16.0\n"


def test_fix_follows_an_image_without_any_of_the_projects_only_if_it_is_named(
    image: Path, project: Path
) -> None:
    text = "idna==3.7\nabsent==1.0\n"
    (project / "requirements.txt").write_text(text)
    done = reqdrift("fix", "--root", image, cwd=project)
    assert (done.returncode, (project / "requirements.txt").read_text()) == (3, text)
    assert "if it is the right environment, pass --python /opt/venv" in done.stderr
    assert reqdrift("fix", "--root", image, "--python", "/opt/venv", cwd=project).returncode == 0
    assert (project / "requirements.txt").read_text() == "six==1.16.0\n"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("plan",), 2, "run inside it: /opt/venv/bin/python -m pip install -r FILE"),
        (("check", "--path", "."), 2, "--path and --root are mutually exclusive"),
    ],
)
def test_nothing_is_started_or_written_inside(
    image: Path, project: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    (project / "requirements.txt").write_text("six==1.15.0\n")
    done = reqdrift(*words, "--root", image, cwd=project)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr


@pytest.mark.parametrize("command", ["check", "plan", "verify", "env", "freeze"])
def test_the_root_of_this_machine_is_none(project: Path, command: str) -> None:
    (project / "requirements.txt").write_text("six==1.16.0\n")
    done = reqdrift(command, "--root", "/", cwd=project)
    message = "--root: / is this machine's own root file system; leave it out"
    assert (done.returncode, done.stdout, done.stderr) == (3, "", f"reqdrift: {message}\n")


def test_a_cross_check_starts_nothing_either(image: Path, project: Path) -> None:
    (project / "requirements.txt").write_text("six==1.16.0\n")
    done = reqdrift("--root", image, "--cross-check", cwd=project)
    assert done.returncode == 3
    assert "nothing in another root file system is started" in done.stdout


@pytest.mark.parametrize("command", ["env", "freeze", "inspect", "why"])
def test_every_reading_command_takes_a_root(image: Path, project: Path, command: str) -> None:
    (project / "requirements.txt").write_text("six==1.16.0\n")
    names = ("six",) if command == "why" else ()
    done = reqdrift(command, *names, "--root", image, cwd=project)
    assert done.returncode == 0
    assert "six" in done.stdout or command == "env"


def test_its_inspect_report_gives_the_same_findings(image: Path, project: Path) -> None:
    lines = "six==1.15.0\nabsent==1.0; platform_machine != 'z80'\n"
    (project / "requirements.txt").write_text(lines)
    done = reqdrift("inspect", "--root", image, cwd=project)
    (project / "record.json").write_text(done.stdout)
    found = {}
    for words in (("--root", image), ("--installed", "record.json")):
        report = json.loads(reqdrift(*words, "--format", "json", cwd=project).stdout)
        problems = [error["message"] for error in report["errors"]]
        found[words[0]] = (report["findings"], [one.partition(", which")[0] for one in problems])
    assert found["--root"] == found["--installed"]
    assert found["--root"][0]


def test_a_folder_of_the_image_may_be_a_copy_of_ours(image: Path, project: Path) -> None:
    """`COPY . /app` and `pip install /app/lib`, in words that do not claim to know."""
    site = image / "opt/venv/lib/python3.11/site-packages"
    info = site / "mine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    url = {"url": "file:///app/lib", "dir_info": {}}
    (info / "direct_url.json").write_text(json.dumps(url))
    (project / "lib").mkdir()
    (project / "lib/pyproject.toml").write_text("[project]\nname = 'mine'\nversion = '1.0'\n")
    (project / "requirements.txt").write_text("six==1.16.0\n./lib\n")
    done = reqdrift("--root", image, cwd=project)
    assert done.returncode == 0, done.stdout
    assert "note (unsure)" in done.stdout
    assert "/app/lib" in done.stdout
