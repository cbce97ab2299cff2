"""An editable install of this project must be this folder: with real git, installers, backends."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from workshop import commit, make_project, oldest_python

from support import SCRIPTS, clean_environ, in_own_mounts, reqdrift, run, run_git

Judged = list[tuple[str, str, str]]


def judged(folder: Path, *words: str | Path, environment: Path | None = None) -> Judged:
    """The kind, the severity and the message of each finding, without the command."""
    env = clean_environ(**({"VIRTUAL_ENV": str(environment)} if environment else {}))
    done = reqdrift(*words, "--format", "json", cwd=folder, env=env)
    report = json.loads(done.stdout)
    assert not report["errors"]
    whole = [(f["kind"], f["severity"], f["message"]) for f in report["findings"]]
    return [(kind, severity, message.partition("; ")[0]) for kind, severity, message in whole]


def elsewhere(name: str, there: Path, here: Path) -> Judged:
    """What is found of a project that runs from there."""
    return [("source", "error", f"{name} 1.0 runs from {there}, not from this checkout {here}")]


def install(environment: Path, *words: str | Path, online: bool = False) -> None:
    """Install into an environment, which is made if there is none."""
    cache = {} if online else {"UV_CACHE_DIR": str(environment.parent / "cache")}
    env = clean_environ(**cache)
    if not environment.exists():
        run(SCRIPTS / "uv", "venv", "--quiet", environment, cwd=environment.parent, env=env)
    options = () if online else ("--offline", "--no-index", "--no-build-isolation")
    command = (SCRIPTS / "uv", "pip", "install", "--quiet", "--no-deps", "--python", environment)
    run(*command, *options, *words, cwd=environment.parent, env=env)


class Shop(NamedTuple):
    """A project with an environment that it is installed in, and a worktree of it without one."""

    main: Path
    feature: Path

    @property
    def environment(self) -> Path:
        return self.main / ".venv"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    root = tmp_path.resolve()
    main = make_project(root / "main", "shop", "1.0")
    (main / "requirements.txt").write_text("")
    (main / ".gitignore").write_text(".venv/\ncache/\n")
    commit(main)
    install(main / ".venv", "-e", main)
    run_git("worktree", "add", "--quiet", root / "feature", cwd=main)
    return Shop(main, root / "feature")


@pytest.mark.parametrize("how", ["VIRTUAL_ENV", "--python", "UV_PROJECT_ENVIRONMENT"])
def test_a_worktree_with_the_environment_of_the_main_checkout(shop: Shop, how: str) -> None:
    expected = elsewhere("shop", shop.main, shop.feature)
    if how == "--python":
        assert judged(shop.feature, how, shop.environment) == expected
        return
    env = clean_environ(**{how: str(shop.environment)})
    if how == "UV_PROJECT_ENVIRONMENT":
        (shop.feature / "uv.lock").write_text("version = 1\n")
    done = reqdrift(cwd=shop.feature, env=env)
    assert done.returncode == 1
    assert expected[0][2] in done.stdout


def test_the_plan_installs_this_checkout(shop: Shop) -> None:
    words = ("--python", shop.environment)
    plan = reqdrift("plan", "--with", "uv", *words, cwd=shop.feature).stdout
    run("sh", "-c", plan.replace("uv ", f"{SCRIPTS}/uv --offline "), cwd=shop.feature)
    assert judged(shop.feature, *words) == []
    assert judged(shop.main) == elsewhere("shop", shop.feature, shop.main)


def test_a_worktree_inside_of_the_checkout(shop: Shop) -> None:
    inside = shop.main / ".trees" / "topic"
    run_git("worktree", "add", "--quiet", inside, cwd=shop.main)
    found = judged(inside, environment=shop.environment)
    assert found == elsewhere("shop", shop.main, inside)
    install(shop.environment, "-e", inside)
    assert judged(inside, environment=shop.environment) == []
    assert judged(shop.main) == elsewhere("shop", inside, shop.main)


def test_a_link_to_the_checkout(shop: Shop) -> None:
    link = shop.main.parent / "link"
    link.symlink_to(shop.main)
    assert judged(link) == []
    install(shop.environment, "--reinstall", "-e", link)
    assert judged(link) == judged(shop.main) == []


def test_a_bind_mount(shop: Shop) -> None:
    there = shop.main.parent / "there"
    there.mkdir()
    script = f"mount --bind {shop.main} {there}; cd {there}; {SCRIPTS}/reqdrift"
    done = run(*in_own_mounts(script), cwd=there, check=False)
    assert done.stdout.startswith("clean;"), done.stdout + done.stderr


def test_a_submodule(shop: Shop) -> None:
    origin = make_project(shop.main.parent / "origin", "kite", "1.0")
    commit(origin)
    allowed = ("-c", "protocol.file.allow=always")
    add = (*allowed, "submodule", "--quiet", "add", origin.as_uri(), "kite")
    run_git(*add, cwd=shop.main)
    install(shop.environment, "-e", shop.main / "kite")
    assert judged(shop.main) == []
    run_git("merge", "--quiet", commit(shop.main), cwd=shop.feature)
    run_git(*allowed, "submodule", "--quiet", "update", "--init", cwd=shop.feature)
    install(shop.environment, "-e", shop.feature)
    message = f"kite 1.0 runs from {shop.main}/kite, not from this checkout's"
    found = judged(shop.feature, environment=shop.environment)
    assert ("source", "warning", f"{message} {shop.feature}/kite") in found
    # In the submodule, it is the project itself.
    (shop.feature / "kite" / "requirements.txt").write_text("")
    found = judged(shop.feature / "kite", environment=shop.environment)
    assert elsewhere("kite", shop.main / "kite", shop.feature / "kite")[0] in found


# Backend -> what it needs, and more of its pyproject.toml.
BACKENDS: Mapping[str, tuple[str, str, str]] = {
    "setuptools": ("setuptools", "setuptools.build_meta", ""),
    "hatchling": ("hatchling", "hatchling.build", ""),
    "hatchling, exact": (
        "hatchling",
        "hatchling.build",
        "[tool.hatch.build]\ndev-mode-exact = true\n",
    ),
    "flit": ("flit_core", "flit_core.buildapi", ""),
    "pdm": ("pdm-backend", "pdm.backend", ""),
    "poetry": ("poetry-core", "poetry.core.masonry.api", ""),
    "uv": ("uv_build", "uv_build", ""),
    "uv, flat": ("uv_build", "uv_build", '[tool.uv.build-backend]\nmodule-root = ""\n'),
}


def write_project(folder: Path, backend: str, layout: str) -> None:
    """A project of a backend with one package, flat or in `src`."""
    requires, builds, more = BACKENDS[backend]
    package = folder / ("src/shop" if layout == "src" else "shop")
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('"""A shop."""\n')
    (folder / "requirements.txt").write_text("")
    (folder / "pyproject.toml").write_text(
        f'[build-system]\nrequires = ["{requires}"]\nbuild-backend = "{builds}"\n\n'
        f'[project]\nname = "shop"\nversion = "1.0"\ndescription = "A shop."\n\n{more}'
    )


def make_checkouts(root: Path, backend: str, layout: str) -> Shop:
    """A project of a backend, and a worktree of it."""
    main = root / "main"
    write_project(main, backend, layout)
    commit(main)
    run_git("worktree", "add", "--quiet", root / "feature", cwd=main)
    return Shop(main, root / "feature")


def imported(environment: Path) -> Path:
    """The folder that Python itself imports the package from."""
    words = (environment / "bin/python", "-c", "import shop; print(shop.__file__)")
    return Path(run(*words, cwd=environment).stdout.strip()).resolve().parent


def check_checkouts(shop: Shop) -> None:
    """Installed from the main checkout: clean there, found elsewhere, broken after a move."""
    assert shop.main in imported(shop.environment).parents
    expected = elsewhere("shop", shop.main, shop.feature)
    assert judged(shop.main) == []
    assert judged(shop.feature, environment=shop.environment) == expected
    environment = shop.feature / ".venv"
    shutil.copytree(shop.environment, environment, symlinks=True)
    for record in environment.glob("lib/*/site-packages/shop-1.0.dist-info/direct_url.json"):
        record.write_text(record.read_text().replace(str(shop.main), str(shop.feature)))
    assert judged(shop.feature) == expected
    shutil.rmtree(environment)
    # As in the environment of a dev container, seen from outside of it.
    shutil.move(shop.environment, shop.feature / ".venv")
    shutil.move(shop.main, shop.main.with_name("moved"))
    ((kind, severity, message),) = judged(shop.feature)
    assert (kind, severity) == ("broken", "error")
    assert message.startswith(f"shop 1.0 runs from {shop.main}")
    assert message.endswith(", which does not exist")


@pytest.mark.long  # backends and tools are downloaded
class TestForms:
    """The editable installs that backends and tools make."""

    @pytest.mark.parametrize(
        ("backend", "layout"),
        [
            *(("setuptools", "src"), ("setuptools", "flat"), ("hatchling", "src")),
            *(("hatchling, exact", "flat"), ("flit", "src"), ("pdm", "flat"), ("poetry", "src")),
            *(("uv", "src"), ("uv, flat", "flat")),
        ],
    )
    def test_a_backend(self, tmp_path: Path, backend: str, layout: str) -> None:
        shop = make_checkouts(tmp_path.resolve(), backend, layout)
        more = "editables==0.6" if backend == "hatchling, exact" else ""
        install(shop.environment, "-e", shop.main, *more.split(), online=True)
        for checkout in shop:
            (checkout / "requirements.txt").write_text(f"{more}\n")
        check_checkouts(shop)

    @pytest.mark.parametrize(
        ("mode", "layout"), [("compat", "flat"), ("strict", "src"), ("strict", "flat")]
    )
    def test_modes_of_setuptools(self, tmp_path: Path, mode: str, layout: str) -> None:
        shop = make_checkouts(tmp_path.resolve(), "setuptools", layout)
        words = ("--config-setting", f"editable_mode={mode}")
        install(shop.environment, *words, "-e", shop.main, online=True)
        check_checkouts(shop)

    def test_a_package_in_another_folder(self, tmp_path: Path) -> None:
        """A finder module leads to it."""
        root = tmp_path.resolve()
        write_project(root / "main", "setuptools", "flat")
        (root / "main" / "shop").rename(root / "main" / "it's code")
        with (root / "main" / "pyproject.toml").open("a") as file:
            file.write('[tool.setuptools]\npackages = ["shop"]\n')
            file.write("""package-dir = {"shop" = "it's code"}\n""")
        commit(root / "main")
        run_git("worktree", "add", "--quiet", root / "feature", cwd=root / "main")
        shop = Shop(root / "main", root / "feature")
        install(shop.environment, "-e", shop.main, online=True)
        check_checkouts(shop)

    @pytest.mark.parametrize("word", ["--symlink", "--pth-file"])
    def test_flit_itself(self, tmp_path: Path, word: str) -> None:
        shop = make_checkouts(tmp_path.resolve(), "flit", "src")
        run(oldest_python(), "-m", "venv", shop.environment, cwd=tmp_path)
        python = shop.environment / "bin/python"
        words = ("flit", "install", word, "--deps", "none", "--python", python)
        run(SCRIPTS / "uvx", *words, cwd=shop.main, env=clean_environ(FLIT_ROOT_INSTALL="1"))
        check_checkouts(shop)

    def test_poetry_itself(self, tmp_path: Path) -> None:
        """Its RECORD has absolute paths, which are those of the environment before it was moved."""
        shop = make_checkouts(tmp_path.resolve(), "poetry", "src")
        run(SCRIPTS / "uv", "venv", "--quiet", shop.environment, cwd=tmp_path)
        env = clean_environ(VIRTUAL_ENV=str(shop.environment))
        run(SCRIPTS / "uvx", "poetry", "install", "--quiet", "-n", cwd=shop.main, env=env)
        check_checkouts(shop)

    def test_an_egg_link(self, tmp_path: Path) -> None:
        root = tmp_path.resolve()
        write_project(root / "main", "setuptools", "src")
        (root / "main" / "pyproject.toml").unlink()
        (root / "main" / "setup.py").write_text(
            'from setuptools import setup\n\nsetup(name="shop", version="1.0",'
            ' package_dir={"": "src"}, packages=["shop"])\n'
        )
        (root / "main" / ".gitignore").write_text("*.egg-info\n.venv\n")
        commit(root / "main")
        run_git("worktree", "add", "--quiet", root / "feature", cwd=root / "main")
        shop = Shop(root / "main", root / "feature")
        run(oldest_python(), "-m", "venv", shop.environment, cwd=tmp_path)
        python = shop.environment / "bin/python"
        if run(python, "-c", "import setuptools", cwd=tmp_path, check=False).returncode:
            pytest.skip("venv of Python 3.12 and newer installs no setuptools")
        run(python, "setup.py", "--quiet", "develop", cwd=shop.main)
        assert [*shop.environment.glob("lib/*/site-packages/shop.egg-link")]
        assert judged(shop.main) == []
        expected = elsewhere("shop", shop.main, shop.feature)
        assert judged(shop.feature, environment=shop.environment) == expected

    @pytest.mark.parametrize("tool", ["tox", "nox"])
    def test_the_environments_of_tools(self, tmp_path: Path, tool: str) -> None:
        shop = make_checkouts(tmp_path.resolve(), "hatchling", "src")
        session = "import nox\n\n@nox.session\ndef py(session):\n    session.install('-e', '.')\n"
        for checkout in shop:
            (checkout / "tox.ini").write_text("[testenv:py]\nusedevelop = true\n")
            (checkout / "noxfile.py").write_text(session)
            words = ("-e", "py", "--notest") if tool == "tox" else ("--session", "py")
            run(SCRIPTS / "uvx", tool, *words, cwd=checkout)
            assert judged(checkout, "--python", f".{tool}/py") == []
        found = judged(shop.main, "--python", shop.feature / f".{tool}/py")
        assert found == elsewhere("shop", shop.feature, shop.main)
