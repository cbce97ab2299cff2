"""Which folders an environment can see, read from its files."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.environments import Candidate, read_environment
from reqdrift.environments.fallbacks import named_environment
from reqdrift.environments.site import Installed, find_site_folders
from reqdrift.files import lines_of
from reqdrift.values import Python
from support import add_distribution, interpreters, make_environment, run


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A Python installation that holds one distribution."""
    prefix = tmp_path / "base"
    library = prefix / "lib" / "python3.11"
    add_distribution(library / "site-packages", "shared-1.0")
    (library / "os.py").write_text("")
    (prefix / "bin").mkdir()
    (prefix / "bin" / "python3.11").write_text("")
    return prefix


def environment_on(home: Path, prefix: Path, system: str = "true") -> Path:
    """A virtualenv that says `home`, and sees what its base has."""
    make_environment(prefix)
    settings = f"home = {home}\nversion = 3.11.7\ninclude-system-site-packages = {system}\n"
    (prefix / "pyvenv.cfg").write_text(settings)
    return prefix


def seen(prefix: Path) -> dict[str, bool]:
    """The distributions, and whether each is the environment's own."""
    found = read_environment(Candidate("a test", str(prefix)))
    assert not found.started
    return {name: distribution.own for name, distribution in found.distributions.items()}


def test_the_system_counts_only_where_it_is_included(base: Path, tmp_path: Path) -> None:
    assert seen(environment_on(base / "bin", tmp_path / "sees")) == {"shared": False}
    assert seen(environment_on(base / "bin", tmp_path / "closed", "false")) == {}


def test_the_base_may_be_a_link_away(base: Path, tmp_path: Path) -> None:
    links = tmp_path / "local" / "bin"
    links.mkdir(parents=True)
    (links / "python3.11").symlink_to(base / "bin" / "python3.11")
    assert seen(environment_on(links, tmp_path / "env")) == {"shared": False}


def test_the_base_of_an_environment_made_in_another_is_that_ones_base(
    base: Path, tmp_path: Path
) -> None:
    outer = environment_on(base / "bin", tmp_path / "outer")
    add_distribution(outer / "lib" / "python3.11" / "site-packages", "outer-1.0")
    (outer / "bin" / "python3.11").symlink_to(base / "bin" / "python3.11")
    assert seen(environment_on(outer / "bin", tmp_path / "inner")) == {"shared": False}


@pytest.mark.parametrize("home", ["gone/bin", "\0", "a\0b/bin"])
def test_a_base_that_is_gone_hides_nothing_else(home: str, tmp_path: Path) -> None:
    prefix = environment_on(tmp_path / home, tmp_path / "env")
    add_distribution(prefix / "lib" / "python3.11" / "site-packages", "own-1.0")
    assert seen(prefix) == {"own": True}


def test_the_user_site_belongs_to_the_system(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = tmp_path / "user"
    add_distribution(user / "lib" / "python3.11" / "site-packages", "users-1.0")
    monkeypatch.setenv("PYTHONUSERBASE", str(user))
    prefix = environment_on(base / "bin", tmp_path / "env")
    assert seen(prefix) == {"users": False, "shared": False}
    monkeypatch.setenv("PYTHONNOUSERSITE", "1")
    assert seen(prefix) == {"shared": False}


@pytest.mark.parametrize(("library", "minor"), [("python3.13t", "3.13"), ("pypy3.10", "3.10")])
def test_the_bases_library_is_named_as_the_environments(
    library: str, minor: str, tmp_path: Path
) -> None:
    for prefix, name in (("base", "shared"), ("env", "own")):
        add_distribution(tmp_path / prefix / "lib" / library / "site-packages", f"{name}-1.0")
        (tmp_path / prefix / "bin").mkdir()
        (tmp_path / prefix / "bin" / "python").write_text("")
    (tmp_path / "env" / "pyvenv.cfg").write_text(
        f"home = {tmp_path}/base/bin\nversion = {minor}.1\ninclude-system-site-packages = true\n"
    )
    assert seen(tmp_path / "env") == {"own": True, "shared": False}


@pytest.mark.parametrize("isolated", [True, False])
def test_old_virtualenvs_say_by_files_whether_they_see_the_system(
    isolated: bool, base: Path, tmp_path: Path
) -> None:
    library = make_environment(tmp_path / "env").parent
    (tmp_path / "env" / "pyvenv.cfg").unlink()
    (library / "orig-prefix.txt").write_text(f"{base}\n")
    if isolated:
        (library / "no-global-site-packages.txt").write_text("")
    assert seen(tmp_path / "env") == ({} if isolated else {"shared": False})


def test_python_2_does_not_see_debians_folder_for_python_3(tmp_path: Path) -> None:
    add_distribution(tmp_path / "usr" / "lib" / "python3" / "dist-packages", "three-1.0")
    library = make_environment(tmp_path / "env", version="2.7.18").parent
    (tmp_path / "env" / "pyvenv.cfg").unlink()
    (library / "orig-prefix.txt").write_text(f"{tmp_path / 'usr'}\n")
    assert seen(tmp_path / "env") == {}


def test_real_environments_made_in_one_another(tmp_path: Path) -> None:
    """What the interpreter itself sees decides."""
    python: str = sys._base_executable  # type: ignore[attr-defined]
    for made in ("outer", "inner"):
        options = ("--without-pip", "--system-site-packages")
        run(python, "-m", "venv", *options, tmp_path / made, cwd=tmp_path)
        python = str(tmp_path / made / "bin" / "python")
        site = next((tmp_path / made).glob("lib/python3*/site-packages"))
        add_distribution(site, f"{made}_mark-1.0")
    code = "import importlib.metadata as m; print(*{d.name for d in m.distributions()})"
    names = run(python, "-I", "-c", code, cwd=tmp_path).stdout.split()
    assert seen(tmp_path / "inner").keys() == {n.lower().replace("_", "-") for n in names}


@pytest.mark.parametrize(
    "line", ["", "true", "true\ntrue", "TRUE", "false", "yes", "1", "true\nfalse"]
)
def test_whether_the_system_is_seen_is_as_python_reads_it(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pyvenv.cfg that does not say so lets the system in (`site.venv`)."""
    monkeypatch.setenv("PYTHONNOUSERSITE", "1")
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "env", cwd=tmp_path)
    config = tmp_path / "env" / "pyvenv.cfg"
    # Without a home Python looks where its own executable is.
    left_out = ("include", "home") if line == "true" else ("include",)
    kept = [text for text in config.read_text().splitlines() if not text.startswith(left_out)]
    said = [f"include-system-site-packages = {value}" for value in line.split("\n") if value]
    config.write_text("\n".join([*kept, *said, ""]))
    ask = "import site; print(*site.getsitepackages(), sep='\\n')"
    done = run(str(tmp_path / "env" / "bin" / "python"), "-c", ask, cwd=tmp_path)
    found = find_site_folders(str(tmp_path / "env")).path
    assert [*found] == [path for path in done.stdout.splitlines() if Path(path).is_dir()]


def test_a_library_with_two_names_is_read_once(tmp_path: Path) -> None:
    """A base that was upgraded by hand: the folder is still of the older Python."""
    site = make_environment(tmp_path, "own-1.0", version="3.12.1").parent
    site.rename(site.with_name("python3.11"))
    site.symlink_to("python3.11")
    (site / "site-packages" / "broken.pth").mkdir()
    found = find_site_folders(str(tmp_path))
    assert found.own == (f"{tmp_path}/lib/python3.11/site-packages",)
    message = "pyvenv.cfg says Python 3.12, but the site folder is for Python 3.11; recreate it"
    assert [broken.message for broken in found.broken] == [message]


@pytest.mark.parametrize("leads_to", ["lib", "lib/", "elsewhere", ""])
def test_lib64_is_read_where_it_is_another_folder(leads_to: str, tmp_path: Path) -> None:
    make_environment(tmp_path, "own-1.0")
    (tmp_path / "pyvenv.cfg").write_text("version = 3.11.7\n")
    other = tmp_path / (leads_to or "lib64") / "python3.11" / "site-packages"
    if leads_to in ("elsewhere", ""):
        add_distribution(other, "other-1.0")
    if leads_to:
        (tmp_path / "lib64").symlink_to(leads_to)
    both = {"own": True, "other": True} if leads_to in ("elsewhere", "") else {"own": True}
    assert seen(tmp_path) == both
    assert len(find_site_folders(str(tmp_path)).own) == len(both)


@pytest.mark.parametrize("of_base", ["lib", "lib64", ""])
def test_a_copied_link_to_lib_is_read_if_the_base_python_has_one(
    of_base: str, tmp_path: Path
) -> None:
    """`cp -rL` makes a folder of the link lib64."""
    env, base = tmp_path / "env", tmp_path / "base"
    make_environment(env, "own-1.0")
    add_distribution(env / "lib64/python3.11/site-packages", "other-1.0")
    if of_base:
        (base / of_base / "python3.11").mkdir(parents=True)
    settings = env / "pyvenv.cfg"
    settings.write_text(f"{settings.read_text()}\nhome = {base}/bin\n")
    assert seen(env) == ({"own": True} if of_base == "lib" else {"own": True, "other": True})


class TestSeveralLibraries:
    """An environment that was made on top of another keeps the library folder of that one."""

    @pytest.fixture
    def env(self, tmp_path: Path) -> Path:
        """With the libraries of `python3.13`, `python3.13t` and `pypy3.13`, one project in each."""
        for library in ("python3.13", "python3.13t", "pypy3.13"):
            add_distribution(tmp_path / "env/lib" / library / "site-packages", f"of_{library}-1.0")
            (tmp_path / library).write_text("")
        (tmp_path / "env/bin").mkdir()
        self.settings = "version = 3.13.0\ninclude-system-site-packages = false\n"
        (tmp_path / "env/pyvenv.cfg").write_text(self.settings)
        return tmp_path / "env"

    @pytest.mark.parametrize("library", ["python3.13", "python3.13t", "pypy3.13"])
    def test_the_interpreters_own_name_decides(self, library: str, env: Path) -> None:
        (env / "bin/python3").symlink_to(env.with_name(library))
        (env / "bin/python").symlink_to("python3")
        site = find_site_folders(str(env))
        assert site.own == (f"{env}/lib/{library}/site-packages",)
        assert site.python.implementation == ("PyPy" if "pypy" in library else "CPython")
        assert not site.broken

    @pytest.mark.parametrize("key", ["executable", "base-executable"])
    def test_a_copy_has_no_such_name_but_pyvenv_cfg_knows(self, key: str, env: Path) -> None:
        (env / "bin/python").write_text("")
        (env / "pyvenv.cfg").write_text(f"{self.settings}{key} = /usr/bin/python3.13t\n")
        assert find_site_folders(str(env)).own == (f"{env}/lib/python3.13t/site-packages",)

    def test_nothing_decides(self, env: Path) -> None:
        (env / "bin/python").write_text("")
        assert len(find_site_folders(str(env)).own) == 3

    def test_the_interpreters_library_may_have_no_site_folder(self, env: Path) -> None:
        (env / "bin/python").symlink_to(env.with_name("python3.13"))
        (env / "lib/python3.13").rename(env / "lib/gone")
        (env / "lib/python3.13").mkdir()
        assert len(find_site_folders(str(env)).own) == 2

    def test_a_named_interpreter_decides(self, env: Path) -> None:
        """`python3.13t -m venv` on top of a `python3.13 -m venv` leaves `bin/python` as it was."""
        for name, library in (("python", "python3.13"), ("python3.13t", "python3.13t")):
            (env / "bin" / name).symlink_to(env.with_name(library))
        for name, library in (("python", "python3.13"), ("python3.13t", "python3.13t")):
            candidate = named_environment(str(env / "bin" / name), "--python", "/")
            found = read_environment(candidate)
            assert found.folders == (f"{env}/lib/{library}/site-packages",)
            assert found.python.interpreter == str(env / "bin" / name)


# What Unicode, but no file of lines, takes for the end of one.
ENDS = ("\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029")


@given(st.text(alphabet=["a", "\n", "\r", *ENDS]))
def test_lines_are_those_of_a_file_opened_as_text(text: str) -> None:
    opened = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    assert lines_of(text.encode()) == opened.read().split("\n")


@pytest.mark.parametrize("minor", sorted(interpreters()))
def test_the_folders_that_path_lines_name(minor: str, tmp_path: Path) -> None:
    """They are those that `site` of the same Python puts on the path."""
    place = tmp_path / "site"
    place.mkdir()
    for number, end in enumerate(ENDS):
        folder = tmp_path / f"a{number}{end}b"
        add_distribution(folder, f"linked{number}-1.0")
        (place / f"{number}.pth").write_text(f"{folder}\n", encoding="utf-8")
    # Where a mark ends the line, what stands before it may be a folder.
    add_distribution(tmp_path / "a0", "before-1.0")
    code = "import json, site, sys; sys.path[:] = []"
    code += "; [site.addpackage(sys.argv[1], f'{n}.pth', set()) for n in range(7)]"
    done = run(
        interpreters()[minor],
        "-X",
        "utf8",
        "-c",
        f"{code}; print(json.dumps(sys.path))",
        place,
        cwd=tmp_path,
    )
    installed = Installed(Python(minor))
    installed.add_site_folder(str(place), own=True)
    found = [found.folder for found in installed.distributions.values()]
    assert found == json.loads(done.stdout)
    assert len(found) == (1 if Python(minor).minor >= (3, 13) else len(ENDS))


@pytest.mark.parametrize("end", ENDS)
def test_a_prompt_sets_nothing_else(end: str, tmp_path: Path) -> None:
    make_environment(tmp_path, settings=f"prompt = a{end}version = 3.9.1\n")
    assert find_site_folders(str(tmp_path)).python.version == "3.11.7"
