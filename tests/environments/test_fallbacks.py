"""Which environment is meant: behind a hook, conda's, guesses, and a Python that is none."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import packaging.requirements
import pytest

from layouts import asking_for, found, in_hook, refused, situation, tag
from reqdrift.environments import Candidate, Situation
from reqdrift.environments.fallbacks import BROUGHT
from reqdrift.environments.locate import locate
from reqdrift.errors import EnvironmentReadError
from reqdrift.standards import canonical_name
from support import make_environment

RUNNING = "the environment that reqdrift runs in"

# Step 4: activated, and a hook runner overwrote it.


def test_what_virtualenv_before_20_made_is_found_on_path(
    project: Path, tmp_path: Path, hook: Path
) -> None:
    site = make_environment(tmp_path / "old", "six-1.16.0", version="2.7.18")
    (tmp_path / "old" / "pyvenv.cfg").unlink()
    (site.parent / "orig-prefix.txt").write_text("/usr")
    (tmp_path / "old" / "bin" / "activate").touch()
    where = in_hook(project, hook, tmp_path / "old", VIRTUAL_ENV_PROMPT="(old) ")
    assert found(where) == ("activated before the hook", tmp_path / "old")


@pytest.mark.parametrize("entry", ["", ".", "bin", "relative/bin"])
def test_relative_entries_of_path_are_nobodys(project: Path, hook: Path, entry: str) -> None:
    make_environment(project / "relative")
    where = situation(project, hook, VIRTUAL_ENV=hook, VIRTUAL_ENV_PROMPT="x", PATH=entry)
    with pytest.raises(EnvironmentReadError):
        locate(where)


# Step 6: conda.


def test_a_conda_environment_but_not_condas_own(project: Path, tmp_path: Path, hook: Path) -> None:
    for folder in ("conda-meta", "condabin", "envs/child/conda-meta"):
        (tmp_path / "conda" / folder).mkdir(parents=True)
    child = tmp_path / "conda" / "envs" / "child"
    where = situation(project, hook, CONDA_PREFIX=child)
    assert "has no Python" in refused(where)["CONDA_PREFIX"]  # `conda create -n child`
    (child / "bin").mkdir()
    (child / "bin" / "python").write_text("")
    assert found(where) == ("CONDA_PREFIX", child)
    where = situation(
        project,
        hook,
        required=("x",),
        CONDA_PREFIX=tmp_path / "conda",
        PATH=tmp_path / "conda" / "bin",
    )
    assert refused(where)["CONDA_PREFIX"] == "conda's base environment"
    assert refused(where)["PATH"] == "conda's base environment"
    with pytest.raises(EnvironmentReadError):
        locate(where)


# Step 7: guesses.

HALF = [
    (("six", "attrs"), True),
    (("six", "attrs", "idna"), False),
    (("six", "attrs", "PyYAML", "pre_commit", "virtualenv", "rich"), True),
    (("attrs", "PyYAML", "pre_commit"), False),
    (("pyyaml", "pre-commit", "rich", "packaging"), True),
    (("rich", "packaging"), False),
]
HELD = ("six-1.0", "pyyaml-6.0", "pre_commit-4.0", "pip-1.0")


@pytest.mark.parametrize(("required", "taken"), [*HALF, ((), False)])
@pytest.mark.parametrize("found_by", ["PATH", RUNNING])
def test_an_environment_that_holds_half_of_what_is_required(
    project: Path,
    tmp_path: Path,
    hook: Path,
    found_by: str,
    required: tuple[str, ...],
    taken: bool,
) -> None:
    make_environment(tmp_path / "guess", *HELD)
    if found_by == "PATH":
        path = f"/usr/bin:{tmp_path}/guess/bin"
        where = situation(project, hook, PATH=path, required=required)
    else:
        where = situation(project, tmp_path / "guess", required=required)
    if taken:
        assert found(where) == (found_by, tmp_path / "guess")
        assert ", a guess: it has " in locate(where).found_by
        assert locate(where).chosen == "guess"
    elif required or found_by == "PATH":
        assert found_by in refused(where)
        with pytest.raises(EnvironmentReadError):
            locate(where)
    else:
        found_by = f"{RUNNING}, a guess: nothing is required"
        assert (locate(where).found_by, locate(where).chosen) == (found_by, "guess")


@pytest.mark.parametrize("tool", ["reqdrift", "pre-commit", "prek"])
def test_what_the_programs_bring_is_known(tool: str) -> None:
    """Of this environment, in which all of them are installed."""
    names, seen = [tool], set()
    while names:
        name = canonical_name(names.pop())
        if name not in seen:
            seen.add(name)
            needed = map(packaging.requirements.Requirement, metadata.requires(name) or ())
            names += [
                r.name for r in needed if r.marker is None or r.marker.evaluate({"extra": ""})
            ]
    assert seen <= BROUGHT


def test_lines_for_another_python_say_nothing_of_whose_it_is(project: Path, tmp_path: Path) -> None:
    make_environment(tmp_path / "running", "six-1.0")
    where = situation(project, tmp_path / "running", required=("six", "pywin32", "backport"))
    lines = [line._replace(marker="python_version < '3'") for line in where.lines[1:]]
    where = where._replace(lines=(where.lines[0], *lines))
    assert "it has 1 of 1 required projects" in locate(where).found_by


def test_the_conda_environment_that_reqdrift_runs_in(project: Path, base: Path) -> None:
    (base / "conda-meta").mkdir()
    where = situation(project, base)
    assert found(where) == (RUNNING, base)
    # Asked for what it holds, this one does not answer; and step 8 is not for conda's.
    with pytest.raises(EnvironmentReadError, match="no environment found"):
        locate(situation(project, base, required=("six",)))
    (base / "condabin").mkdir()
    assert refused(where) == {RUNNING: "conda's base environment"}
    assert found(where) == ("the Python that reqdrift runs on", base)


def test_one_that_reqdrift_runs_in_and_that_is_first_on_path_is_no_guess(
    project: Path, tmp_path: Path, hook: Path
) -> None:
    """An image with `ENV PATH=/opt/venv/bin:$PATH`: nothing sets VIRTUAL_ENV there."""
    image, other = tmp_path / "image", tmp_path / "other"
    make_environment(image, "six-1.0")
    make_environment(other, "six-1.0")
    tool = tag(tmp_path / "tool", "uv-receipt.toml")
    path = ":".join(f"{folder}/bin" for folder in (tool, tmp_path / "no-python", image, other))
    where = situation(project, image, PATH=path, required=("six", "attrs"))
    candidate = locate(where)
    assert (candidate.prefix, candidate.chosen) == (str(image), "found")
    assert candidate.found_by == (
        f"{RUNNING}, its Python is the first on PATH, and it has 1 of 2 required projects"
    )
    assert refused(where._replace(lines=asking_for("attrs")))[RUNNING] == (
        "has only 0 of 1 required projects"
    )
    for prefix in (other, hook):
        where = situation(project, prefix, PATH=path, required=("six", "attrs"))
        assert locate(where).chosen == "guess"


def test_a_guess_that_cannot_be_read_is_no_guess(project: Path, tmp_path: Path, hook: Path) -> None:
    site = make_environment(tmp_path / "guess")
    site.rmdir()
    where = in_hook(project, hook, tmp_path / "guess", required=("six",))
    assert "has no site-packages folder" in refused(where)["PATH"]


# Step 8: a Python that is no environment.


def test_the_python_of_a_container(project: Path, base: Path) -> None:
    assert locate(situation(project, base)) == Candidate(
        "the Python that reqdrift runs on", str(base), interpreter=f"{base}/bin/python"
    )


def test_a_tools_python_is_not_a_containers(project: Path, base: Path) -> None:
    (base / ".install_state_v2").touch()
    where = situation(project, base)
    assert refused(where) == {"the Python that reqdrift runs on": "pre-commit's own environment"}


# Step 9: none.


# The commands that it offers.


def offered(where: Situation) -> list[str]:
    """The lines to type, without what stands behind them."""
    with pytest.raises(EnvironmentReadError) as caught:
        locate(where)
    lines = str(caught.value).splitlines()
    title = "to check one of these, run its command:"
    return lines[lines.index(title) + 1 :] if title in lines else []


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


# For what other tools keep elsewhere.


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
