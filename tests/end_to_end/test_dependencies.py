"""Files with and without their packages' dependencies, in environments that pip and uv make."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from workshop import Shop, make_wheel

from support import SCRIPTS, base_without_headers, reqdrift, run

TOP = ("web", "db", "mail[html]")
RELEASES: dict[tuple[str, str], tuple[str, ...]] = {
    ("web", "1.0"): ("Requires-Dist: router>=1,<3", "Requires-Dist: forms"),
    ("router", "1.0"): ("Requires-Dist: paths>=1",),
    ("router", "2.0"): ("Requires-Dist: paths>=1",),
    ("router", "3.0"): ("Requires-Dist: paths>=1",),
    ("forms", "1.0"): ("Requires-Dist: paths", "Requires-Dist: escape"),
    ("paths", "1.0"): (),
    ("paths", "2.0"): (),
    ("escape", "1.0"): ("Requires-Dist: absent; python_version < '3'",),
    ("db", "1.0"): ("Requires-Dist: pool", "Requires-Dist: sql"),
    ("pool", "1.0"): (),
    ("sql", "1.0"): ("Requires-Dist: tokens",),
    ("tokens", "1.0"): (),
    ("mail", "1.0"): ("Provides-Extra: html", 'Requires-Dist: escape; extra == "html"'),
    ("backport", "1.0"): ('Requires-Dist: shim; python_full_version < "3.11.3"',),
}


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels").resolve()
    for (name, version), headers in RELEASES.items():
        make_wheel(folder, name, version, *headers)
    return folder


@pytest.fixture
def shop(wheels: Path, tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop", wheels, "uv")


@pytest.fixture(params=[pytest.param("pip", marks=pytest.mark.long), "uv"])
def each_shop(request: pytest.FixtureRequest, wheels: Path, tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop", wheels, str(request.param))


PINNED = ("web==1.0", "db==1.0", "mail[html]==1.0")


def test_a_top_level_file_is_clean_after_an_install(each_shop: Shop) -> None:
    shop = each_shop
    shop.write(*PINNED)
    shop.install("-r", "requirements.txt")
    done = reqdrift(cwd=shop.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("clean; ")
    assert reqdrift("-q", cwd=shop.folder).stdout == ""
    insisting = {kind for kind, _, _ in shop.findings("--unlisted", "all")}
    assert insisting == {"extra"}


def test_a_freeze_must_be_whole(each_shop: Shop) -> None:
    shop = each_shop
    shop.write(*PINNED)
    shop.install("-r", "requirements.txt")
    freeze = shop.freeze()
    shop.write(*freeze)
    assert reqdrift(cwd=shop.folder).stdout.startswith("clean; ")
    for line in freeze:
        shop.write(*(other for other in freeze if other != line))
        name = line.partition("==")[0]
        kind = "extra" if name in ("web", "db", "mail") else "unpinned"
        assert shop.findings() == [(kind, name, None)], line
    # One top-level package more, added by hand.
    shop.write(*(line for line in freeze if not line.startswith(("pool", "sql", "tokens"))))
    assert shop.findings() == [("unpinned", name, None) for name in ("pool", "sql", "tokens")]


def test_what_is_unmet_is_what_the_plan_installs(each_shop: Shop) -> None:
    shop = each_shop
    shop.write(*PINNED)
    shop.install("-r", "requirements.txt")
    shop.uninstall("paths", "tokens")
    assert shop.findings() == [("unmet", "paths", 1), ("unmet", "tokens", 2)]
    script = shop.follow()
    assert script.endswith(f" -r {shop.folder / 'requirements.txt'}\n")
    assert shop.findings() == []
    assert run(SCRIPTS / "uv", "pip", "check", "--python", shop.python, cwd=shop.folder)


def test_a_version_that_is_not_allowed_is_left(shop: Shop) -> None:
    shop.write(*PINNED)
    shop.install("-r", "requirements.txt")
    shop.install("--no-deps", "router==3.0")
    done = reqdrift(cwd=shop.folder)
    assert done.returncode == 0
    message = "web 1.0 needs router>=1,<3, but router 3.0 is installed"
    assert f"requirements.txt:1: unmet (warning): {message}\n" in done.stdout
    assert shop.follow() == f"# not fixed: requirements.txt:1: {message}\n"
    # An installation of the file does not leave it.
    shop.uninstall("tokens")
    assert shop.follow().endswith(f" -r {shop.folder / 'requirements.txt'}\n")
    assert "unmet" not in reqdrift(cwd=shop.folder).stdout


def test_one_that_counts_as_an_error_is_installed(each_shop: Shop) -> None:
    shop = each_shop
    shop.write(*PINNED)
    table = '[tool.reqdrift]\nseverity = { unmet = "error" }\n'
    (shop.folder / "pyproject.toml").write_text(table)
    shop.install("-r", "requirements.txt")
    shop.install("--no-deps", "router==3.0")
    assert shop.findings() == [("unmet", "router", 1)]
    assert "hint: if the file is right: reqdrift plan | sh\n" in reqdrift(cwd=shop.folder).stdout
    script = shop.follow()
    assert script.endswith(f" -r {shop.folder / 'requirements.txt'}\n")
    assert shop.findings() == []
    # The whole file cannot be installed: another pin is accepted as it is.
    shop.install("--no-deps", "router==3.0", "paths==1.0")
    shop.write(*PINNED, "paths==2.0")
    (shop.folder / "pyproject.toml").write_text(f'{table}ignore = ["paths"]\n')
    paths, router = shop.follow().splitlines()
    assert "requirements.txt:4: installing the file would change paths 1.0, which no" in paths
    assert "requirements.txt:1: web 1.0 needs router>=1,<3, but router 3.0 is installed" in router
    assert {"paths==1.0", "router==3.0"} <= {*shop.freeze()}
    # The file asks for what the metadata does not allow: only its author can decide.
    shop.write(*PINNED, "router==3.0")
    shop.install("--no-deps", "router==3.0")
    message = "web 1.0 needs router>=1,<3, but router 3.0 is installed"
    assert shop.follow() == f"# not fixed: requirements.txt:1: {message}\n"


def test_a_constraint_limits_what_is_unlisted(each_shop: Shop) -> None:
    shop = each_shop
    (shop.folder / "limits.txt").write_text("# c\nrouter<2\ncompass<1\ntokens==1.0\n")
    shop.write("-c limits.txt", *PINNED)
    shop.install("-r", "requirements.txt")
    assert "router==1.0" in shop.freeze()
    assert shop.findings() == []
    shop.install("router==2.0")
    done = reqdrift(cwd=shop.folder)
    assert done.stdout.startswith(
        "limits.txt:2: version: router 2.0 is installed, but the constraint says router<2\n"
    )
    assert done.returncode == 1
    shop.follow()
    assert shop.findings() == []
    assert "router==1.0" in shop.freeze()
    # Where all must be listed, it is extra first.
    shop.install("router==2.0")
    strict = [(kind, name) for kind, name, _ in shop.findings("--unlisted", "all")]
    assert ("extra", "router") in strict
    assert "version" not in {kind for kind, _ in strict}


def test_constraints_that_contradict_each_other(shop: Shop) -> None:
    (shop.folder / "limits.txt").write_text("router<2\nrouter>=2\n")
    shop.write("-c limits.txt", *PINNED)
    shop.install(*PINNED)
    assert shop.findings() == [("conflict", "router", 2)]


def test_fix_follows_a_constraint_on_what_is_unlisted(shop: Shop) -> None:
    limits = shop.folder / "limits.txt"
    limits.write_text("router<2\n")
    shop.write("-c limits.txt", *PINNED)
    shop.install(*PINNED)
    assert shop.findings() == [("version", "router", 1)]
    assert reqdrift("fix", cwd=shop.folder).returncode == 0
    assert limits.read_text() == "router==2.0\n"
    assert shop.findings() == []


@pytest.mark.parametrize("mode", [(), ("--cautious",), ("--force",), ("--keep-missing",)])
@pytest.mark.parametrize("unlisted", ["auto", "all", "orphans"])
def test_fix_adds_nothing_that_a_constraint_forbids(
    shop: Shop, unlisted: str, mode: tuple[str, ...]
) -> None:
    (shop.folder / "limits.txt").write_text(
        "pool<1\ntokens<2\npool>9; python_version < '3'\npaths @ https://example.org/paths.zip\n"
    )
    shop.write("-c limits.txt", "escape==1.0")
    shop.install("escape==1.0", "pool==1.0", "tokens==1.0", "paths==1.0")
    words = ("--unlisted", unlisted)
    done = reqdrift("fix", *mode, *words, cwd=shop.folder)
    assert done.returncode == 1
    for line in (
        "limits.txt:1 says pool<1; change the constraint, or install what it allows",
        "limits.txt:4 says paths @ https://example.org/paths.zip; change the constraint, or",
    ):
        assert f"is installed but not listed; nothing needs it: {line}" in done.stdout
    assert shop.file.read_text() == "-c limits.txt\nescape==1.0\ntokens==1.0\n"


def test_the_exact_version_of_the_python_decides(shop: Shop, tmp_path: Path) -> None:
    """After an upgrade of the base, pyvenv.cfg is out of date; pip looks at what runs."""
    if sys.version_info[:2] != (3, 11) or sys.version_info < (3, 11, 3):
        pytest.skip("needs a Python from 3.11.3 to 3.11.x")
    shop.write("backport==1.0", "db==1.0")
    shop.install("-r", "requirements.txt")
    settings = shop.folder / ".venv" / "pyvenv.cfg"
    text = settings.read_text().replace(".".join(map(str, sys.version_info[:3])), "3.11.2")
    assert "3.11.2" in text
    settings.write_text(text)
    python = settings.parent / "bin" / "python"
    for base, is_started in (
        (python.resolve(), False),
        (base_without_headers(tmp_path / "base"), True),
    ):
        python.unlink()
        python.symlink_to(base)
        done = reqdrift(cwd=shop.folder)
        assert done.returncode == 0
        assert ("interpreter started" in done.stdout) is is_started
        assert "unmet" not in done.stdout
