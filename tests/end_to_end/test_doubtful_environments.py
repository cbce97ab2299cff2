"""`fix`, `diff` and `plan` where the environment may be another project's; uv makes real ones."""

from __future__ import annotations

import json
import os
import shlex
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from workshop import make_wheel

from support import REPOSITORY, SCRIPTS, clean_environ, reqdrift, run, run_git

# Real installers run on each environment.
pytestmark = pytest.mark.long

NAMES = ("anorak", "boots", "compass", "dubbin", "epee", "flask", "gaiters")
STRANGERS = ("wok", "xebec")
TEXT = "".join(f"{name}==1.0\n" for name in NAMES)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    for name in (*NAMES, *STRANGERS):
        make_wheel(folder, name, "1.0")
    make_wheel(folder, NAMES[0], "2.0")
    return folder


class Shop:
    """A project in git whose environment is made for each test."""

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.folder = folder
        self.wheels = wheels
        self.file = folder / "requirements.txt"
        self.env = clean_environ(UV_NO_CONFIG="1", UV_OFFLINE="1")
        folder.mkdir()
        run_git("init", "-q", cwd=folder)
        (folder / ".gitignore").write_text(".venv/\n")
        self.file.write_text(TEXT)

    def make(self, prefix: str, *requirements: str) -> Path:
        """An environment that holds these."""
        path = Path(os.path.normpath(self.folder / prefix))
        run(SCRIPTS / "uv", "venv", "-q", path, cwd=self.folder, env=self.env)
        self.install(path, *requirements)
        return path

    def install(self, prefix: Path, *requirements: str) -> None:
        """Install these, of version 1.0 if nothing else is said."""
        pins = [text if "==" in text else f"{text}==1.0" for text in requirements]
        if pins:
            command = (SCRIPTS / "uv", "pip", "install", "-q", "--python", prefix, "--no-index")
            run(*command, "--find-links", self.wheels, *pins, cwd=self.folder, env=self.env)

    def run(self, *words: str | Path) -> CompletedProcess[str]:
        return reqdrift(*words, cwd=self.folder, env=self.env)

    def assert_refused(self, *words: str | Path) -> str:
        """A command changes nothing and prints nothing but why: that it returns."""
        before = self.texts()
        done = self.run(*words)
        assert (done.returncode, done.stdout) == (3, ""), done
        assert self.texts() == before
        return done.stderr

    def texts(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.glob("*.txt")}


@pytest.fixture
def shop(tmp_path: Path, wheels: Path) -> Shop:
    return Shop(tmp_path / "shop", wheels)


def out_of(shop: Shop, gone: int, asked: int, prefix: Path, found_by: str) -> str:
    """What is said of an environment that lacks what a file asks for."""
    return (
        f"reqdrift: this would remove {gone} of {asked} requirements of requirements.txt, which"
        f" are not installed in {prefix} (found by {found_by}); if it is the right environment,"
        f" pass --python {prefix}; to keep the lines, pass --keep-missing\n"
    )


class TestAnotherProjectsEnvironment:
    """It is activated, and holds nothing of what the file asks for."""

    @pytest.fixture
    def other(self, shop: Shop) -> Path:
        prefix = shop.make("../other", *STRANGERS)
        shop.env["VIRTUAL_ENV"] = str(prefix)
        return prefix

    @pytest.mark.parametrize("command", ["fix", "diff"])
    def test_is_not_followed(self, shop: Shop, other: Path, command: str) -> None:
        assert shop.assert_refused(command) == out_of(shop, 7, 7, other, "VIRTUAL_ENV")

    def test_is_followed_when_it_is_named(self, shop: Shop, other: Path) -> None:
        words = shlex.split(shop.assert_refused("fix").split("pass ")[1].split(";")[0])
        done = shop.run("fix", *words)
        assert (done.returncode, shop.file.read_text()) == (0, "wok==1.0\nxebec==1.0\n")

    def test_what_is_missing_can_be_kept(self, shop: Shop, other: Path) -> None:
        for command in ("fix", "diff"):
            done = shop.run(command, "--keep-missing")
            assert (done.returncode, shop.file.read_text()) == (int(command == "fix"), TEXT)
            told = done.stdout + done.stderr
            assert (
                "requirements.txt:1: missing not fixed: anorak==1.0 is not installed: kept" in told
            )
            assert (
                "extra not fixed: wok 1.0 is installed but not listed; nothing needs it: none"
                in told
            )

    def test_nor_is_anything_added_from_one_that_shares_a_little(
        self, shop: Shop, other: Path
    ) -> None:
        shop.install(other, "anorak==2.0")
        assert shop.assert_refused("fix") == out_of(shop, 6, 7, other, "VIRTUAL_ENV")
        done = shop.run("fix", "--keep-missing")
        assert (done.returncode, shop.file.read_text()) == (1, TEXT.replace("k==1.0", "k==2.0", 1))
        assert (
            "requirements.txt: extra not fixed: xebec 1.0 is installed but not listed; nothing"
            " needs it: only 1 of the 7 listed projects is installed; if it is the right"
            f" environment, pass --python {other}\n"
        ) in done.stdout

    def test_a_hook_adds_nothing(self, shop: Shop, other: Path) -> None:
        assert shop.assert_refused("fix", "--cautious") == (
            "reqdrift: none of the 7 projects asked for in requirements.txt is installed in"
            f" {other} (found by VIRTUAL_ENV); if it is the right environment, pass --python"
            f" {other}\n"
        )

    def test_nothing_is_uninstalled_from_it(self, shop: Shop, other: Path) -> None:
        script = shop.run("plan").stdout
        commands = [line for line in script.splitlines() if not line.startswith("#")]
        assert len(commands) == 1
        assert script.endswith(f" -r {shop.file}\n")
        assert script.startswith(
            "# not fixed: 2 unlisted packages not uninstalled: the environment has none of the 7"
            f" required projects; if it is the right environment: reqdrift plan --python {other}\n"
        )
        insisting = script.partition("right environment: reqdrift ")[2].partition("\n")[0]
        assert "pip uninstall" in shop.run(*shlex.split(insisting)).stdout

    def test_whatever_it_is_quoted(self, shop: Shop) -> None:
        prefix = shop.make("../an 'other'; $HOME", "wok")
        shop.env["VIRTUAL_ENV"] = str(prefix)
        said = shop.assert_refused("diff")
        words = shlex.split(said.split("pass ")[1].rpartition("; to keep")[0])
        assert words == ["--python", str(prefix)]
        assert shop.run("diff", *words).returncode == 1

    def test_hashes_do_not_keep_it_from_being_told(self, shop: Shop, other: Path) -> None:
        text = "".join(f"{name}==1.0 --hash=sha256:{'0' * 64}\n" for name in NAMES[:3])
        shop.file.write_text(text)
        assert shop.assert_refused("fix").startswith("reqdrift: none of the 3 projects ")


class TestHowMuchMayGo:
    @pytest.mark.parametrize(
        ("asked", "held", "refused"),
        [(7, 0, True), (7, 3, True), (7, 4, False), (4, 2, False), (3, 1, True), (2, 1, False)],
    )
    def test_not_more_than_half(self, shop: Shop, asked: int, held: int, refused: bool) -> None:
        prefix = shop.make(".venv", *NAMES[:held], "wok")
        shop.file.write_text("".join(f"{name}==1.0\n" for name in NAMES[:asked]))
        if refused:
            expected = out_of(shop, asked - held, asked, prefix, ".venv")
            assert shop.assert_refused("fix") == expected
        done = shop.run("fix", *(["--python", ".venv"] if refused else []))
        assert done.returncode == 0, done
        assert shop.file.read_text().split() == [f"{name}==1.0" for name in (*NAMES[:held], "wok")]

    def test_one_project_may_go(self, shop: Shop) -> None:
        shop.make(".venv", "wok")
        shop.file.write_text("anorak==1.0\n")
        assert shop.run("fix").returncode == 0
        assert shop.file.read_text() == "wok==1.0\n"

    def test_each_file_counts_by_itself(self, shop: Shop) -> None:
        prefix = shop.make(".venv", *NAMES)
        (shop.folder / "dev.txt").write_text("-r requirements.txt\nwok==1.0\nxebec==1.0\n")
        assert shop.assert_refused("fix", "dev.txt") == out_of(shop, 2, 2, prefix, ".venv").replace(
            "requirements.txt", "dev.txt"
        )
        assert "# not fixed" not in shop.run("plan", "dev.txt").stdout

    def test_all_files_count_together(self, shop: Shop) -> None:
        prefix = shop.make(".venv", "anorak")
        names = [f"{name}.txt" for name in NAMES[:3]]
        for name in NAMES[:3]:
            (shop.folder / f"{name}.txt").write_text(f"{name}==1.0\n")
        assert shop.assert_refused("fix", *names) == out_of(shop, 2, 3, prefix, ".venv").replace(
            "requirements.txt", ", ".join(names)
        )

    def test_projects_count_not_lines(self, shop: Shop) -> None:
        shop.make(".venv", "boots", "compass")
        lines = ["anorak==1.0", "anorak>=1", "anorak<2", "anorak", "boots==1.0", "compass==1.0"]
        shop.file.write_text("\n".join([*lines, ""]))
        assert shop.run("fix").returncode == 0
        assert shop.file.read_text() == "boots==1.0\ncompass==1.0\n"

    def test_only_what_applies_here_counts(self, shop: Shop) -> None:
        shop.make(".venv", "wok")
        elsewhere = "".join(f"{name}==1.0 ; sys_platform == 'no'\n" for name in NAMES[1:])
        (shop.folder / "limits.txt").write_text("boots<9\ncompass<9\n")
        shop.file.write_text(f"-c limits.txt\nanorak==1.0\nwsgiref==0.1.2\nargparse\n{elsewhere}")
        assert shop.run("fix").returncode in (0, 1)
        assert "anorak" not in shop.file.read_text()
        assert "wok==1.0\n" in shop.file.read_text()

    def test_an_environment_that_is_only_new(self, shop: Shop) -> None:
        prefix = shop.make(".venv")
        assert shop.assert_refused("fix") == out_of(shop, 7, 7, prefix, ".venv")
        assert "none of the 7 projects" in shop.assert_refused("fix", "--cautious")
        shop.install(prefix, "anorak==2.0", *NAMES[1:])
        assert shop.run("fix").returncode == 0
        assert shop.file.read_text() == TEXT.replace("anorak==1.0", "anorak==2.0")

    def test_a_hook_follows_no_environment_that_holds_less_than_half(self, shop: Shop) -> None:
        prefix = shop.make(".venv", *NAMES[:3], "wok")
        assert (
            "reqdrift: only 3 of the 7 projects asked for in requirements.txt are installed in "
            in (shop.assert_refused("fix", "--cautious"))
        )
        shop.install(prefix, NAMES[3])
        done = shop.run("fix", "--cautious")
        assert (done.returncode, shop.file.read_text()) == (1, f"{TEXT}wok==1.0\n")


class TestWhoInsists:
    @pytest.mark.parametrize("way", ["--python", "--path", "variable", "git config"])
    def test_the_user(self, shop: Shop, way: str) -> None:
        prefix = shop.make("../other", *STRANGERS)
        words: Sequence[str | Path] = ()
        if way == "--path":
            words = ("--path", next(prefix.glob("lib/*/site-packages")))
        elif way == "--python":
            words = ("--python", "../other/bin/python")
        elif way == "variable":
            shop.env["REQDRIFT_PYTHON"] = str(prefix)
        else:
            run_git("config", "reqdrift.python", "../other", cwd=shop.folder)
        assert shop.run("diff", *words).returncode == 1
        assert shop.run("fix", *words).returncode == 0
        assert shop.file.read_text() == "wok==1.0\nxebec==1.0\n"

    def test_not_the_projects_configuration(self, shop: Shop) -> None:
        # It was written for everybody, not about what is installed here and now.
        prefix = shop.make("../other", *STRANGERS)
        (shop.folder / "pyproject.toml").write_text('[tool.reqdrift]\npython = "../other"\n')
        expected = out_of(shop, 7, 7, prefix, "[tool.reqdrift] python")
        assert shop.assert_refused("fix").replace("/shop/../other", "/other") == expected


class TestGuesses:
    """An environment on PATH that holds at least half of what is required."""

    @pytest.fixture
    def guess(self, shop: Shop) -> Path:
        prefix = shop.make("../guess", "anorak==2.0", *NAMES[1:], *STRANGERS)
        shop.env["PATH"] = f"{prefix}/bin:{shop.env['PATH']}"
        return prefix

    def run(self, shop: Shop, *words: str) -> CompletedProcess[str]:
        """Run reqdrift on a Python that is no environment: it would come first."""
        site = sysconfig.get_path("purelib")
        env = {**shop.env, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{site}"}
        python = sys._base_executable  # type: ignore[attr-defined]
        return run(python, "-m", "reqdrift", *words, cwd=shop.folder, env=env, check=False)

    def test_no_file_follows_one(self, shop: Shop, guess: Path) -> None:
        for command in ("fix", "diff"):
            done = self.run(shop, command, "--keep-missing", "requirements.txt")
            assert (done.returncode, done.stdout) == (3, ""), done
            assert done.stderr == (
                f"reqdrift: {guess} is a guess (found by PATH, a guess: it has 7 of 7 required"
                " projects), and no file is changed to match a guess; if it is the right one, name"
                f" it: reqdrift {command} --python {guess} --keep-missing requirements.txt\n"
            )
        assert shop.file.read_text() == TEXT
        words = shlex.split(done.stderr.partition("name it: reqdrift ")[2])
        assert shop.run(*words).returncode == 1

    def test_the_report_names_it_too(self, shop: Shop, guess: Path) -> None:
        assert f"reqdrift fix --python {guess}\n" in self.run(shop).stdout

    def test_nothing_is_uninstalled_from_one(self, shop: Shop, guess: Path) -> None:
        script = self.run(shop, "plan").stdout
        assert (
            "# not fixed: 2 unlisted packages not uninstalled: the environment is a guess;"
            in script
        )
        assert "pip uninstall" not in script
        assert script.endswith(f" -r {shop.file}\n")

    def test_where_nothing_differs_nothing_is_refused(self, shop: Shop, guess: Path) -> None:
        shop.file.write_text(f"anorak==2.0\n{TEXT.partition(chr(10))[2]}wok==1.0\nxebec==1.0\n")
        for command in ("fix", "diff", "plan"):
            assert self.run(shop, command).returncode == 0


class TestTheOtherEnvironmentIsNamed:
    @pytest.mark.parametrize(
        "words",
        [
            *(["check"], ["fix"], ["diff"], ["diff", "--rev", "HEAD"], ["plan"], ["freeze"]),
            *(["why", "anorak"], ["env"], ["verify"], ["fix", "--quiet"], ["plan", "--staged"]),
            *(["check", "--format", "json"], ["init"]),
        ],
        ids=" ".join,
    )
    def test_once_by_every_command(self, shop: Shop, words: list[str]) -> None:
        own, other = shop.make(".venv"), shop.make("../other", *NAMES)
        run_git("add", ".", cwd=shop.folder)
        run_git("commit", "-q", "-m", "first", cwd=shop.folder)
        shop.env["VIRTUAL_ENV"] = str(other)
        done = shop.run(*words)
        assert (
            done.stderr.count(f"reqdrift: checking {other} (found by VIRTUAL_ENV), not {own}\n")
            == 1
        )
        assert str(own) not in done.stderr.replace(f"not {own}\n", "")
        if "json" in words:
            json.loads(done.stdout)
        # Named, it was chosen.
        assert ", not " not in shop.run(*words, "--python", other).stderr
