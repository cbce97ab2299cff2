"""Environments inside another root file system, by their layout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reqdrift.environments.root import Root
from reqdrift.errors import EnvironmentReadError, UsageError
from reqdrift.values import CanonicalName, Environment
from reqdrift.values.facts import Facts, Questions
from reqdrift.values.sources import Source
from support import add_distribution, make_environment

ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00"  # for x86-64


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "image"
    folder.mkdir()
    return folder


def make_python(
    prefix: Path, *releases: str, minor: str = "3.12", release: str = "", site: str = ""
) -> Path:
    """A Python that is no virtual environment; its site folder."""
    library = prefix / "lib" / f"python{minor}"
    library.mkdir(parents=True, exist_ok=True)
    (library / "os.py").write_text("")
    (prefix / "bin").mkdir(exist_ok=True)
    (prefix / "bin" / f"python{minor}").write_bytes(ELF)
    (prefix / "bin" / "python3").unlink(missing_ok=True)
    (prefix / "bin" / "python3").symlink_to(f"python{minor}")
    folder = prefix / site if site else library / "site-packages"
    folder.mkdir(parents=True, exist_ok=True)
    if site:
        (library / "site.py").write_text("'dist-packages'\n")
    if release:
        header = prefix / "include" / f"python{minor}" / "patchlevel.h"
        header.parent.mkdir(parents=True)
        header.write_text(f'#define PY_MINOR_VERSION 0\n#define PY_VERSION "{release}"\n')
    for one in releases:
        add_distribution(folder, one)
    return folder


def make_venv(
    root: Path, path: str, *releases: str, home: str = "/usr/local/bin", system: bool = False
) -> Path:
    """A virtualenv in the root, whose interpreter is that of the root; its site folder."""
    prefix = root / path
    site = make_environment(prefix, *releases, version="3.12.1")
    own = f"include-system-site-packages = {'true' if system else 'false'}"
    (prefix / "pyvenv.cfg").write_text(f"home = {home}\nversion = 3.12.1\n{own}\n")
    (prefix / "bin" / "python").unlink()
    (prefix / "bin" / "python").symlink_to(f"{home}/python3.12")
    return site


def read(root: Path, python: str | None = None, version: str | None = None) -> Environment:
    return Root(str(root), python, version).read()


def installed(root: Path, python: str | None = None) -> set[str]:
    return set(read(root, python).distributions)


def test_an_official_image_has_its_python_in_usr_local(root: Path) -> None:
    make_python(root / "usr/local", "six-1.16.0", "pip-24.0", release="3.12.4")
    environment = read(root)
    assert set(environment.distributions) == {"six", "pip"}
    assert environment.python.version == "3.12.4"
    assert environment.prefix == f"{root}/usr/local"
    assert not environment.started
    assert not environment.broken


def test_debians_python_has_its_packages_in_dist_packages(root: Path) -> None:
    make_python(root / "usr", "PyYAML-6.0", minor="3.11", site="lib/python3/dist-packages")
    local = root / "usr/local/lib/python3.11/dist-packages"
    add_distribution(local, "six-1.16.0")
    add_distribution(root / "usr/lib/python3.11/site-packages", "unseen-1.0")
    status = root / "var/lib/dpkg/status"
    status.parent.mkdir(parents=True)
    status.write_text(
        "Package: libc6\nVersion: 2.36-9\n\n"
        "Package: libpython3.11-minimal\nVersion: 3.11.2-6+deb12u3\n"
    )
    environment = read(root)
    assert set(environment.distributions) == {"pyyaml", "six"}
    assert environment.python.version == "3.11.2"


def test_conda_says_the_version_of_its_python(root: Path) -> None:
    make_python(root / "opt/conda", "conda-24.1")
    make_python(root / "opt/conda/envs/shop", "six-1.16.0")
    for prefix in ("opt/conda", "opt/conda/envs/shop"):
        meta = root / prefix / "conda-meta"
        meta.mkdir()
        (meta / "python-3.12.3-hab00c5b_0_cpython.json").write_text("{}")
    (root / "opt/conda/pkgs").mkdir()
    make_python(root / "opt/conda/pkgs/python-3.12.3", "cached-1.0")
    assert read(root, "/opt/conda/envs/shop").python.version == "3.12.3"
    with pytest.raises(EnvironmentReadError) as raised:
        read(root)
    assert "/opt/conda/envs/shop" in raised.value.hint
    assert "pkgs" not in raised.value.hint


def test_the_interpreter_of_a_virtualenv_is_that_of_the_root(root: Path) -> None:
    make_python(root / "usr/local", release="3.12.7")
    make_venv(root, "opt/venv", "six-1.16.0")
    environment = read(root)
    assert environment.prefix == f"{root}/opt/venv"
    assert not environment.broken
    # The base was upgraded since; pyvenv.cfg was not.
    assert environment.python.version == "3.12.7"


def test_packages_of_the_system_are_those_of_the_root(root: Path) -> None:
    make_python(root / "usr", "PyYAML-6.0", site="lib/python3/dist-packages")
    make_venv(root, "opt/venv", "six-1.16.0", home="/usr/bin", system=True)
    environment = read(root, "/opt/venv")
    assert {name: one.own for name, one in environment.distributions.items()} == {
        "six": True,
        "pyyaml": False,
    }


def test_an_interpreter_that_the_root_does_not_have_is_gone(root: Path) -> None:
    """Though this machine may have one at that path."""
    here = Path("/usr/bin/env")
    make_venv(root, "opt/venv", "six-1.16.0", home="/nowhere")
    (root / "opt/venv/bin/python").unlink()
    (root / "opt/venv/bin/python").symlink_to(here)
    (broken,) = read(root).broken
    assert broken.project == "python"
    assert "does not exist" in broken.message


def test_path_lines_lead_inside(root: Path) -> None:
    site = make_venv(root, "opt/venv")
    outside = root.parent / "outside"
    add_distribution(outside, "outside-1.0")
    add_distribution(root / "srv/lib", "inside-1.0")
    dots = "../" * 20
    lines = [str(outside), f"{dots}..{outside}", "/srv/lib"]
    (site / "more.pth").write_text("\n".join(lines))
    assert installed(root, "/opt/venv") == {"inside"}


@pytest.mark.parametrize("target", ["{outside}", "../../../../../../../../../..{outside}"])
def test_no_link_leads_out(root: Path, target: str) -> None:
    site = make_venv(root, "opt/venv", "six-1.16.0")
    outside = root.parent / "outside"
    info = add_distribution(outside, "outside-1.0", requires=["secret"], direct_url={})
    where = target.format(outside=outside)
    (site / "outside-1.0.dist-info").symlink_to(f"{where}/{info.name}")
    (site / "six-1.16.0.dist-info" / "METADATA").unlink()
    (site / "six-1.16.0.dist-info" / "METADATA").symlink_to(f"{where}/{info.name}/METADATA")
    (site / "x.egg-link").write_text(f"{outside}\n")
    source = Root(str(root), "/opt/venv")
    environment = source.read()
    # Its name is in the root; nothing of what it leads to is read.
    assert not environment.distributions[CanonicalName("outside")].direct
    asked = Questions(requires=True)
    assert "secret" not in str(source.answer(asked, Facts({})).requires)


def test_a_link_of_the_folder_of_packages_stays_inside(root: Path) -> None:
    site = make_venv(root, "opt/venv")
    site.rmdir()
    site.symlink_to("/srv/packages")
    add_distribution(root / "srv/packages", "six-1.16.0")
    assert installed(root) == {"six"}


def test_several_pythons_with_packages_must_be_chosen_from(root: Path) -> None:
    make_python(root / "usr/local", "six-1.16.0")
    make_venv(root, "opt/venv", "idna-3.7")
    with pytest.raises(EnvironmentReadError) as raised:
        read(root)
    assert raised.value.exit_code == 3
    assert "several Pythons have packages" in raised.value.message
    assert "--python /usr/local (Python 3.12, 1 installed)" in raised.value.hint
    assert "--python /opt/venv (Python 3.12.1, 1 installed)" in raised.value.hint


def test_of_several_pythons_the_one_with_packages_is_meant(root: Path) -> None:
    make_python(root / "usr/local", "pip-24.0", "setuptools-70.0", "wheel-0.43")
    make_venv(root, "app/.venv", "six-1.16.0", "pip-24.0")
    assert installed(root) == {"six", "pip"}


def test_environments_of_programs_are_not_the_projects(root: Path) -> None:
    make_python(root / "usr/local", "six-1.16.0")
    make_venv(root, "root/.local/share/pipx/venvs/black", "black-24.0")
    (root / "root/.local/share/pipx/venvs/black/pipx_metadata.json").write_text("{}")
    make_venv(root, "root/.local/share/uv/tools/ruff", "ruff-0.9")
    (root / "root/.local/share/uv/tools/ruff/uv-receipt.toml").write_text("")
    assert installed(root) == {"six"}
    assert installed(root, "/root/.local/share/uv/tools/ruff") == {"ruff"}


@pytest.mark.parametrize(
    "name", ["/opt/venv", "opt/venv", "//opt/venv/", "/opt/venv/bin/python", "/srv/../opt/venv"]
)
def test_python_is_a_path_inside(root: Path, name: str) -> None:
    make_python(root / "usr/local", "six-1.16.0")
    make_venv(root, "opt/venv", "idna-3.7")
    assert installed(root, name) == {"idna"}


def test_an_interpreter_names_one_of_several_pythons_of_a_prefix(root: Path) -> None:
    make_python(root / "usr", "six-1.16.0", minor="3.11")
    make_python(root / "usr", "idna-3.7", minor="3.12")
    assert installed(root, "/usr/bin/python3.11") == {"six"}
    assert installed(root, "/usr") == {"idna"}  # python3 leads to it
    with pytest.raises(EnvironmentReadError) as raised:
        read(root)
    assert "--python /usr/bin/python3.11 " in raised.value.hint


def test_what_is_no_python_is_an_error_with_those_that_are(root: Path) -> None:
    make_venv(root, "opt/venv", "idna-3.7")
    with pytest.raises(EnvironmentReadError) as raised:
        read(root, "/opt/other")
    assert "/opt/other" in raised.value.message
    assert "--python /opt/venv" in raised.value.hint


def test_a_root_without_python_is_an_error(root: Path) -> None:
    with pytest.raises(EnvironmentReadError, match="no Python environment"):
        read(root)
    with pytest.raises(EnvironmentReadError, match="not a folder"):
        read(root / "missing")


def test_the_platform_is_that_of_the_interpreter(root: Path) -> None:
    make_python(root / "usr/local", "six-1.16.0")
    environment = read(root)
    markers = dict(environment.python.markers)
    assert markers["sys_platform"] == "linux"
    assert markers["platform_machine"] == "x86_64"
    assert environment.gaps
    assert environment.gaps.variables == {
        *("platform_release", "platform_version"),
        *("python_full_version", "implementation_version"),
    }


def test_the_user_may_say_the_patch_version_but_no_other_python(root: Path) -> None:
    make_python(root / "usr/local", "six-1.16.0")
    assert read(root, version="3.12.5").python.version == "3.12.5"
    with pytest.raises(UsageError, match=r"--python-version: 3\.11"):
        read(root, version="3.11")


def test_a_folder_is_known_by_its_name_inside_and_here(root: Path) -> None:
    url = {"url": "file:///srv/lib", "dir_info": {"editable": True}}
    site = make_venv(root, "opt/venv")
    add_distribution(site, "mine-1.0", direct_url=url)
    (root / "srv/lib").mkdir(parents=True)
    source = Root(str(root))
    name = next(iter(source.read().distributions))
    found = source.answer(Questions(sources=frozenset((name,))), Facts({})).sources[name]
    assert isinstance(found, Source)
    assert found.folders == ("/srv/lib", f"{root}/srv/lib")
    assert found.foreign


def test_a_symbolic_link_loop_is_broken_metadata_or_an_error(root: Path) -> None:
    site = make_venv(root, "opt/venv", "six-1.16.0")
    loop = site / "six-1.16.0.dist-info" / "direct_url.json"
    loop.symlink_to(loop.name)
    assert {one.project for one in read(root).broken} >= {"six"}
    (root / "opt/venv/pyvenv.cfg").unlink()
    (root / "opt/venv/pyvenv.cfg").symlink_to("pyvenv.cfg")
    with pytest.raises(EnvironmentReadError, match="cannot be read"):
        read(root, "/opt/venv")


def test_a_symbolic_link_loop_elsewhere_changes_nothing(root: Path) -> None:
    make_venv(root, "opt/venv", "six-1.16.0")
    for name in ("opt/broken/pyvenv.cfg", "srv/app/lib", "srv/app/bin"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(Path(name).name)
    assert set(read(root).distributions) == {"six"}


@pytest.mark.parametrize("name", ["bin/python3.12", "bin/python3", "bin"])
def test_a_python_whose_interpreter_is_a_loop_is_not_skipped(root: Path, name: str) -> None:
    make_python(root / "usr/local", "six-2.0", "flask-3.0")
    path = root / "usr/local" / name
    path.rename(root / "usr/moved")
    path.symlink_to(path.name)
    assert installed(root) == {"six", "flask"}
    assert installed(root, "/usr/local") == {"six", "flask"}
    make_environment(root / "opt/venv", "six-1.0")
    with pytest.raises(EnvironmentReadError, match="several Pythons have packages"):
        read(root)


@pytest.mark.parametrize(
    "name", ["bin/python", "bin", "pyvenv.cfg", "lib/python3.12/site-packages", "lib64/python3.12"]
)
def test_an_environment_that_cannot_be_read_is_not_skipped(root: Path, name: str) -> None:
    make_python(root / "usr/local", "six-1.0")
    make_venv(root, "opt/venv", "six-2.0")
    path = root / "opt/venv" / name
    path.parent.mkdir(exist_ok=True)
    if path.is_symlink() or path.exists():
        path.rename(root / "opt/moved")
    path.symlink_to(path.name)
    with pytest.raises(EnvironmentReadError, match="/opt/venv") as raised:
        read(root)
    assert "--python /usr/local (Python 3.12, 1 installed)" in raised.value.hint
    assert installed(root, "/usr/local") == {"six"}


def test_an_environment_without_a_version_is_not_skipped(root: Path) -> None:
    make_python(root / "usr/local", "six-1.0")
    make_venv(root, "opt/venv", "six-2.0")
    add_distribution(root / "opt/venv/lib/python3.11/site-packages", "six-3.0")
    (root / "opt/venv/pyvenv.cfg").write_text("")
    with pytest.raises(EnvironmentReadError, match="cfg has no Python version"):
        read(root)
    assert installed(root, "/usr/local") == {"six"}


def test_packages_of_a_user_are_not_guessed(root: Path) -> None:
    make_python(root / "usr/local", "six-1.16.0")
    add_distribution(root / "root/.local/lib/python3.12/site-packages", "idna-3.7")
    environment = read(root)
    assert set(environment.distributions) == {"six"}
    (note,) = environment.notes
    assert note.reason == "unsure"
    assert "/root/.local/lib/python3.12/site-packages" in note.message


def test_files_that_only_look_like_json_are_no_source(root: Path) -> None:
    site = make_venv(root, "opt/venv")
    add_distribution(site, "mine-1.0", direct_url={"url": json.dumps({})})
    assert installed(root) == {"mine"}
