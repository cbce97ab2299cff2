"""Files with and without their packages' dependencies, in environments that pip and uv make."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from workshop import Shop, make_wheel

from support import SCRIPTS, base_without_headers, reqdrift, run

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
