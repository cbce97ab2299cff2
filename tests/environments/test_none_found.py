"""What is said where no environment is found."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from reqdrift.environments.candidates import Situation
from reqdrift.environments.locate import locate
from reqdrift.errors import EnvironmentReadError
from situations import asking_for, in_hook, situation, tag
from support import make_environment

# Step 9: none.


def test_none_says_what_was_tried_and_what_settles_it(
    project: Path, tmp_path: Path, hook: Path
) -> None:
    make_environment(tmp_path / "other")
    where = in_hook(project, hook, tmp_path / "other", CONDA_PREFIX=tmp_path / "gone")
    where = where._replace(lines=asking_for("six"), files=(f"{project}/a/r",))
    with pytest.raises(EnvironmentReadError) as caught:
        locate(where)
    assert caught.value.exit_code == 3
    assert str(caught.value).splitlines() == [
        "no environment found for these requirements; create one: python3 -m venv a/.venv &&"
        " a/.venv/bin/python -m pip install -r a/r",
        "or activate one, or set it once for this clone:"
        " git config reqdrift.python /path/to/environment",
        "considered:",
        f"  {hook} (VIRTUAL_ENV, the environment that reqdrift runs in):"
        " pre-commit's own environment",
        f"  {tmp_path}/gone (CONDA_PREFIX): does not exist",
        f"  {tmp_path}/other (PATH): has only 0 of 1 required projects",
        f"  no .venv, venv, env in {project}/a, nor above it up to {project}",
    ]


@pytest.mark.parametrize(("value", "said"), [("1", True), ("", False)])
def test_in_a_hook_it_says_how_to_skip_it_where_there_is_never_one(
    project: Path, hook: Path, value: str, said: bool
) -> None:
    with pytest.raises(EnvironmentReadError) as caught:
        locate(situation(project, hook, PRE_COMMIT=value))
    assert ("`ci: {skip: [reqdrift]}`" in str(caught.value)) is said


# The commands that it offers.


def offered(where: Situation) -> list[str]:
    """The lines to type, without what stands behind them."""
    with pytest.raises(EnvironmentReadError) as caught:
        locate(where)
    lines = str(caught.value).splitlines()
    title = "to check one of these, run its command:"
    return lines[lines.index(title) + 1 :] if title in lines else []


def test_it_offers_every_environment_in_the_projects_folders(project: Path, hook: Path) -> None:
    make_environment(project / "py 3.12", "six-1.16.0")
    make_environment(project / "services" / "myenv", "six-1.16.0", "attrs-1.0")
    (project / "src").mkdir()
    tag(project / "tool", "pipx_metadata.json")
    (project / "env").mkdir()
    where = situation(project, hook, file="services/r.txt", required=("six", "attrs"))
    assert offered(where) == [
        "  reqdrift --python services/myenv services/r.txt"
        "  # in the project's folder; has 2 of 2 required projects",
        "  reqdrift --python 'py 3.12' services/r.txt"
        "  # in the project's folder; has 1 of 2 required projects",
    ]
    assert offered(where._replace(environ={"PRE_COMMIT": "1"}))[:1] == [
        f"  git config reqdrift.python {project}/services/myenv"
        "  # in the project's folder; has 2 of 2 required projects",
    ]


def test_it_offers_the_environment_that_reqdrift_runs_in(project: Path, tmp_path: Path) -> None:
    make_environment(tmp_path / "running", "six-1.0")
    assert offered(situation(project, tmp_path / "running", required=("six", "a", "b"))) == [
        f"  reqdrift --python {tmp_path}/running"
        "  # reqdrift runs in it; has 1 of 3 required projects"
    ]


def test_the_environment_of_reqdrift_alone_is_not_offered(project: Path, tmp_path: Path) -> None:
    """What the file lists would be installed next to reqdrift."""
    make_environment(tmp_path / "running")
    assert offered(situation(project, tmp_path / "running", required=("six",))) == []


def test_it_offers_few_where_there_are_many(project: Path, hook: Path) -> None:
    for number in range(10):
        make_environment(project / f"env{number}")
    lines = offered(situation(project, hook, required=("six",)))
    assert len(lines) == 9
    assert lines[-1] == "  # and 2 more"


def test_one_that_cannot_be_read_is_offered_last(project: Path, hook: Path) -> None:
    make_environment(project / "a", "six-1.0").parent.rename(project / "a" / "lib" / "x")
    make_environment(project / "b")
    lines = offered(situation(project, hook, required=("six",)))
    assert [line.partition("  # ")[2] for line in lines] == [
        "in the project's folder, and cannot be read",
        "in the project's folder; has 0 of 1 required projects",
    ]


# What the tools themselves made for a project in /srv/shop: Poetry 2.5, pipenv 2026.10, hatch 1.18.
MADE = {
    ".cache/pypoetry/virtualenvs/shop-58fqC6Q1-py3.11": "Poetry",
    ".local/share/virtualenvs/shop-F2F75yho": "pipenv",
    ".local/share/hatch/env/virtual/shop/58fqC6Q1/shop": "hatch",
}


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("file", ["requirements.txt", "requirements/dev.txt"])
def test_it_offers_what_other_tools_made_for_the_project(
    tmp_path: Path, hook: Path, monkeypatch: pytest.MonkeyPatch, made: str, file: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    where = _of_the_shop(hook, file)
    make_environment(tmp_path / made)
    make_environment((tmp_path / made).with_name("toy-Hc4zKS1_-py3.11"))
    if MADE[made] == "pipenv":
        (tmp_path / made / ".project").write_text("/srv/shop")
        (tmp_path / made).with_name("toy-Hc4zKS1_-py3.11").joinpath(".project").write_text("/srv/a")
    elif MADE[made] == "hatch":
        (tmp_path / made).with_name("toy-Hc4zKS1_-py3.11").rename(tmp_path / "elsewhere")
    (line,) = offered(where)
    assert line.startswith(f"  reqdrift --python {tmp_path}/{made}")
    assert f"  # made by {MADE[made]} for this project" in line


def _of_the_shop(hook: Path, file: str = "requirements.txt", **environ: Any) -> Situation:
    where = situation(Path("/srv/shop"), hook, file=file, required=("six",), **environ)
    return where._replace(cwd="/srv/shop")


def test_it_looks_where_these_tools_are_told_to_put_them(
    tmp_path: Path, hook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    poetry, pipenv, hatch = "shop-58fqC6Q1-py3.11", "shop", "env/virtual/shop/58fqC6Q1/test"
    for path in (f"a/{poetry}", f"b/virtualenvs/{poetry}", f"c/{pipenv}", f"d/{hatch}"):
        make_environment(tmp_path / path)
    (tmp_path / "c" / pipenv / ".project").write_text("/srv/shop\n")
    for variable, folder, path in (
        ("POETRY_VIRTUALENVS_PATH", "a", f"a/{poetry}"),
        ("POETRY_CACHE_DIR", "b", f"b/virtualenvs/{poetry}"),
        ("WORKON_HOME", "c", f"c/{pipenv}"),
        ("HATCH_DATA_DIR", "d", f"d/{hatch}"),
    ):
        where = _of_the_shop(hook)
        environ = {**where.environ, variable: str(tmp_path / folder)}
        (line,) = offered(where._replace(environ=environ))
        assert f" {tmp_path}/{path} " in line


@pytest.mark.parametrize("path", ["{0}/shelf", "{{cache-dir}}/shelf", "~/shelf"])
@pytest.mark.parametrize("file", ["pypoetry/config.toml", "project/poetry.toml"])
def test_it_reads_where_poetrys_settings_put_them(
    project: Path, tmp_path: Path, hook: Path, monkeypatch: pytest.MonkeyPatch, path: str, file: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "pypoetry").mkdir()
    (tmp_path / file).write_text(f'[virtualenvs]\npath = "{path.format(tmp_path)}"\n')
    digest = hashlib.sha256(str(project).encode()).digest()
    name = f"shop-{base64.urlsafe_b64encode(digest).decode()[:8]}-py3.11"
    make_environment(tmp_path / "shelf" / name)
    where = situation(project, hook, required=("six",), POETRY_CACHE_DIR=tmp_path)
    environ = {**where.environ, "POETRY_CONFIG_DIR": str(tmp_path / "pypoetry")}
    (line,) = offered(where._replace(environ=environ))
    assert f" {tmp_path}/shelf/{name} " in line


def test_it_reads_no_settings_that_are_none(project: Path, tmp_path: Path, hook: Path) -> None:
    for text in ("[virtualenvs", "virtualenvs = 3", "[virtualenvs]\npath = 3", "[x]"):
        (project / "poetry.toml").write_text(text)
        assert offered(situation(project, hook, required=("six",))) == []


def test_hatch_may_keep_them_in_the_project(project: Path, hook: Path) -> None:
    make_environment(project / ".hatch" / "shop")
    (line,) = offered(situation(project, hook, required=("six",)))
    assert line.startswith("  reqdrift --python .hatch/shop  # made by hatch for this project")


@pytest.mark.parametrize("variable", ["CI", "JENKINS_URL", "TF_BUILD"])
def test_in_ci_it_offers_the_python_that_the_job_installs_into(
    project: Path, base: Path, hook: Path, variable: str
) -> None:
    """After actions/setup-python and `pip install -r`, with reqdrift by pipx."""
    (base / "bin" / "python3").touch()
    where = situation(project, hook, PATH=f"{hook}/bin:{base}/bin", required=("six",))
    assert offered(where) == []
    environ = {**where.environ, variable: "true"}
    assert offered(where._replace(environ=environ)) == [
        '  reqdrift --python "$(command -v python3)"  # the Python that this job installs into'
    ]
    assert offered(where._replace(environ={**environ, "PATH": f"{hook}/bin"})) == []
    assert offered(where._replace(environ={**environ, "PRE_COMMIT": "1"})) == []
