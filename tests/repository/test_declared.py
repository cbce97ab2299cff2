"""What a project's files declare, by name, place and line."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import PathDistribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.requirements import Requirement

from reqdrift.repository.declared import declared
from reqdrift.standards import canonical_name
from reqdrift.values.details import Declaration, Declared
from support import SCRIPTS, run

# What the plain reader leaves to tomllib.
NOT_PLAIN = "\n[tool]\nnumber = 1.5\n"


def write(folder: Path, **files: str) -> Declared:
    """What is declared by files of a project: `pyproject`, `setup_cfg`, `Pipfile`."""
    names = {"pyproject": "pyproject.toml", "setup_cfg": "setup.cfg"}
    for name, text in files.items():
        (folder / names.get(name, name)).write_text(text)
    return declared(str(folder), str(folder))


def shown(one: Declaration | None) -> str:
    """`place: name line, ...`."""
    assert one is not None
    return f"{one.place}: {', '.join(f'{need.name} {need.line}' for need in one.requirements)}"


PYPROJECT = """\
[build-system]
requires = ["hatchling"] # not installed

[project]
name = "Big.Kite"
version = "1"
classifiers = [
    "Typing :: Typed", # yes
]
dependencies = [
    "requests[socks]>=2,<3; python_version >= '3.8'",
    # "six",
    'Ruamel_YAML', "idna",
]

[project.optional-dependencies]
test = ["pytest>=8", "big-kite[all]"]
all = ["big_kite[test]"]

[tool.uv]
override-dependencies = ["werkzeug==2.3.0"]
exclude-dependencies = ["Six"]
dev-dependencies = ["ruff"]

[[tool.uv.dependency-metadata]]
name = "Old_Kite"
version = "1.0"
requires-dist = ["six"]

[tool.rye]
dev-dependencies = ["nox"]

[dependency-groups]
lint = ["mypy", {include-group = "types"}]
types = [
  "types-requests",
]

[tool.pdm.dev-dependencies]
doc = ["sphinx", "-e file:///x"]

[tool.hatch.envs.bench]
dependencies = ["pyperf"]
extra-dependencies = ["rich"]
features = ["test"]
"""


@pytest.mark.parametrize("end", ["", NOT_PLAIN])
def test_all_that_a_pyproject_declares(tmp_path: Path, end: str) -> None:
    found = write(tmp_path, pyproject=PYPROJECT + end)
    assert (found.folder, found.name) == (str(tmp_path), "big-kite")
    assert found.dependencies is not None
    assert found.dependencies.file == str(tmp_path / "pyproject.toml")
    assert shown(found.dependencies) == "pyproject.toml: requests 11, ruamel-yaml 13, idna 13"
    requests = found.dependencies.requirements[0]
    assert requests[1:4] == (("socks",), "<3,>=2", "python_version >= '3.8'")
    assert [shown(one) for one in found.others] == [
        "[build-system]: hatchling 2",
        "the test extra: pytest 17, big-kite 17",
        "the all extra: big-kite 18",
        "the lint group: mypy 34",
        "the types group: types-requests 36",
        "the doc group: sphinx 40",
        "the dev group: ruff 23",
        "the dev group: nox 31",
        "the bench environment: pyperf 43",
        "the bench environment: rich 44",
    ]
    assert found.metadata == (("old-kite", "1.0", ("six",)),)
    assert [(one.name, one.specifier) for one in found.overrides] == [("werkzeug", "==2.3.0")]
    assert found.excluded == {"six"}


POETRY = """\
[tool.poetry]
name = "kite"
packages = [{include = "kite"}]

[tool.poetry.dependencies]
python = "^3.11"
requests = "^2.0"
flask = ">=2,<3"
rich = {version = "13.*", extras = ["jupyter"]}
uvloop = {version = "*", markers = "sys_platform != 'win32'"}
psycopg = {version = ">=3", optional = true}
tomli = {version = ">=2", python = "<3.11"}
lib = {path = "../lib", develop = true}

[tool.poetry.dependencies.redis]
version = "5"
optional = true

[tool.poetry.extras]
db = ["psycopg"]

[tool.poetry.group.dev.dependencies]
pytest = "^8"

[tool.poetry.dev-dependencies]
black = "*"

[[tool.poetry.source]]
name = "x"
"""


@pytest.mark.parametrize("end", ["", NOT_PLAIN])
def test_poetry(tmp_path: Path, end: str) -> None:
    found = write(tmp_path, pyproject=POETRY + end)
    assert found.name == "kite"
    assert shown(found.dependencies) == (
        "pyproject.toml: requests 7, flask 8, rich 9, uvloop 10, lib 13"
    )
    assert found.dependencies is not None
    # What is not PEP 440 limits nothing here.
    assert [one[1:4] for one in found.dependencies.requirements] == [
        ((), "", ""),
        ((), "<3,>=2", ""),
        (("jupyter",), "", ""),
        ((), "", "sys_platform != 'win32'"),
        ((), "", ""),
    ]
    assert [shown(one) for one in found.others] == [
        # For tomllib, what is written in two places has no certain line.
        f"pyproject.toml: psycopg {None if end else 11}, tomli 12, redis {None if end else 16}",
        f"the db extra: psycopg {None if end else 20}",
        "the dev group: pytest 23",
        "the dev group: black 26",
    ]


def test_setup_cfg(tmp_path: Path) -> None:
    cfg = """\
[metadata]
name = big_kite
[options]
install_requires =
    requests>=2
    # "six"
    idna; python_version >= "3"
tests_require = nose
[options.extras_require]
test =
    pytest
doc = sphinx; furo
"""
    found = write(tmp_path, setup_cfg=cfg)
    assert found.name == "big-kite"
    assert shown(found.dependencies) == "setup.cfg: requests 5, idna 7"
    extras = ["the test extra: pytest 11", "the doc extra: sphinx None, furo None"]
    extras.append("setup.cfg: nose None")
    assert [shown(one) for one in found.others] == extras
    # Only [project] says what is built, if it is there.
    found = write(tmp_path, pyproject='[project]\nname = "x"\ndynamic = ["dependencies"]\n')
    assert (found.name, found.dependencies) == ("x", None)
    assert shown(found.others[0]) == "setup.cfg: requests 5, idna 7"


def test_pipfile_without_a_project(tmp_path: Path) -> None:
    text = """\
[[source]]
name = "pypi"
[packages]
requests = "*"
[dev-packages]
"ruamel.yaml" = {version = ">=1"}
[dev-packages.mypy]
version = ">=1"
[docs]
sphinx = "*"
[scripts]
serve = "flask run"
[requires]
python_version = "3.11"
"""
    found = write(tmp_path, Pipfile=text)
    assert (found.folder, found.name, found.dependencies) == (None, None, None)
    expected = ["Pipfile: requests 4", "Pipfile: ruamel-yaml 6, mypy None", "Pipfile: sphinx 10"]
    assert [shown(one) for one in found.others] == expected


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "x"\ndynamic = ["dependencies"]\n',
        '[project]\nname = "x"\n',
        '[project]\ndependencies = "requests"\n',
        "[project]\ndependencies = [1, {}, [], true]\n",
        "[project]\ndependencies = ['requests',\n",
        "[project]\ndependencies = ['=', '']\n",
        "project = 1\ntool = 1\ndependency-groups = 1\n",
        "[tool]\nuv = 1\npoetry = [1]\npdm.dev-dependencies = [1]\nhatch.envs.a = 1\n",
        "[dependency-groups]\na = [{include-group = 'a'}]\nb = 1\n",
        "[project.optional-dependencies]\nb = 1\n",
        "[tool.poetry.group]\na = 1\nb.dependencies = [1]\n",
        "[tool.poetry.dependencies.c]\noptional = 1\nversion = []\n",
        "# " + "x" * (1 << 18) + "\n[project]\ndependencies = ['requests']\n",
        "[project]\ndependencies = " + "[" * 100_000,
        # tomllib takes the square of their number.
        "[project]\n" + "a." * 100_000 + "a = 1\n",
    ],
    ids=range(15),
)
def test_what_declares_nothing(text: str, tmp_path: Path) -> None:
    found = write(tmp_path, pyproject=text)
    assert found.dependencies is None
    assert {need.name for one in found.others for need in one.requirements} <= {"c"}


def test_a_byte_order_mark_is_no_syntax_error(tmp_path: Path) -> None:
    found = write(tmp_path, pyproject="\ufeff[project]\ndependencies = ['requests']\n")
    assert found.dependencies
    assert not found.problems


@pytest.mark.parametrize(
    "text", ["[options]\nx", "[options\n", "[options]\n[options]\n", "\0[options]"]
)
def test_a_setup_cfg_that_declares_nothing(text: str, tmp_path: Path) -> None:
    assert write(tmp_path, setup_cfg=text)[1:4] == (None, None, ())
    (tmp_path / "setup.cfg").write_bytes(b"[options]\ninstall_requires = \xff\n")
    assert declared(str(tmp_path), None)[1:4] == (None, None, ())


def test_the_nearest_project(tmp_path: Path) -> None:
    top, api = tmp_path / "top", tmp_path / "top/services/api"
    (api / "requirements").mkdir(parents=True)
    (tmp_path / "setup.py").write_text("raise SystemExit(1)\n")
    inner = str(api / "requirements")
    assert declared(inner, str(top)).folder is None
    (top / "pyproject.toml").touch()
    assert declared(inner, str(top)).folder == str(top)
    (api / "setup.py").write_text("raise SystemExit(1)\n")
    assert declared(inner, str(top)).folder == str(api)
    # Outside of a repository, the folder above is searched, and no other.
    assert declared(inner, None).folder == str(api)
    assert declared(str(top / "services"), None).folder == str(top)
    (top / "pyproject.toml").unlink()
    assert declared(str(top / "services"), None).folder is None


@pytest.mark.parametrize("members", ['"libs/*", "app"', '"**"', '"./libs/*/", "app"', '"app"'])
@pytest.mark.parametrize("above", ["", "[tool.other]\n"])
def test_a_workspace_is_that_of_uv(tmp_path: Path, members: str, above: str) -> None:
    places = {"root": ".", "app": "app", "a": "libs/a", "b": "libs/b"}
    for name, place in places.items():
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        text = f"[project]\nname = '{name}'\nversion = '1'\ndependencies = ['{name}-needs']\n"
        (tmp_path / place / "pyproject.toml").write_text(text)
    with (tmp_path / "pyproject.toml").open("a") as root:
        root.write("[tool.uv]\noverride-dependencies = ['six']\n[tool.uv.workspace]\n")
        root.write(f"members = [{members}]\nexclude = ['libs/b', 'libs']\n")
    if above:
        (tmp_path / "libs" / "pyproject.toml").write_text(above)
    for place in places.values():
        folder = tmp_path / place
        listed = run(SCRIPTS / "uv", "workspace", "list", "--offline", cwd=folder).stdout.split()
        found = declared(str(folder), str(tmp_path))
        every = [one for one in (found.dependencies, *found.others) if one]
        assert {need.name for one in every for need in one.requirements} == {
            f"{name}-needs" for name in listed
        }
        assert bool(found.overrides) == ("root" in listed)
        # An environment in the folder of a member is its own.
        alone = declared(str(folder), str(tmp_path), str(folder / ".venv"))
        assert bool(alone.others) == (place == "." and len(listed) > 1)


_NAMES = st.sampled_from(("dev", "test", "doc", "dependencies", "a-b", "A_B"))
_TEXTS = st.sampled_from(
    (
        *("requests", "idna>=3", "Six [x, y] ~= 1.0", "b @ https://h/b#c", 'c; os_name == "posix"'),
        *("d; python_version < '3'", "e>1,\\\\<2", "not a requirement", "", "# f", "é", "requests"),
    )
)
_LISTS = st.lists(_TEXTS, max_size=4)
_HEADERS = st.sampled_from(
    (
        *("project", "project.optional-dependencies", "dependency-groups", "tool.uv", "tool.x"),
        *("tool.hatch.envs.a", "tool.pdm.dev-dependencies", "tool.poetry.group.dev.dependencies"),
    )
)


@st.composite
def _values(draw: st.DrawFn) -> str:
    items = draw(_LISTS)
    quoted = ["'" + item + "'" if "'" not in item else '"' + item + '"' for item in items]
    if draw(st.booleans()):
        quoted.append("{include-group = 'dev'}")
    if draw(st.booleans()):
        return "[" + ", ".join(quoted) + "]"
    comments = draw(st.lists(st.sampled_from(("", " # x", "\n# 'y'", "\n\n")), min_size=9))
    return "[\n" + "".join(f"    {q},{c}\n" for q, c in zip(quoted, comments, strict=False)) + "]"


_TABLES = st.dictionaries(_HEADERS, st.dictionaries(_NAMES, _values(), max_size=3), max_size=5)


@given(_TABLES)
@example({"project": {"name": "'x'", "dependencies": "['x', 'y']"}})
def test_the_plain_reader_declares_what_tomllib_does(
    tmp_path_factory: pytest.TempPathFactory, tables: dict[str, dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("project")
    text = "\n".join(
        f"[{header}]\n" + "".join(f"{key} = {value}\n" for key, value in table.items())
        for header, table in tables.items()
    )
    tomllib.loads(text)
    plain, other = (write(folder, pyproject=text + end) for end in ("", NOT_PLAIN))
    assert _without_lines(plain) == _without_lines(other)

    def shown_line(number: int) -> str:
        return canonical_name(text.split("\n")[number - 1])

    for one, same in zip(plain.others, other.others, strict=True):
        for need, again in zip(one.requirements, same.requirements, strict=True):
            assert again.line in (None, need.line)
            # In a table of names, it is not always known.
            assert "poetry" in text if need.line is None else need.name in shown_line(need.line)


def _without_lines(found: Declared) -> Declared:
    def cleaned(one: Declaration) -> Declaration:
        return one._replace(requirements=tuple(need._replace(line=None) for need in one[2]))

    return found._replace(
        dependencies=found.dependencies and cleaned(found.dependencies),
        others=tuple(map(cleaned, found.others)),
    )


def test_groups_are_those_that_packaging_resolves(tmp_path: Path) -> None:
    """An included group is declared by itself, so all groups together are the same."""
    oracle = pytest.importorskip("packaging.dependency_groups")
    found = write(tmp_path, pyproject=PYPROJECT)
    groups = tomllib.loads(PYPROJECT)["dependency-groups"]
    expected = {
        canonical_name(Requirement(text).name)
        for text in oracle.resolve_dependency_groups(groups, *groups)
    }
    ours = {one.name for found in found.others if "group" in found.place for one in found[2]}
    assert expected <= ours


@pytest.mark.parametrize(
    ("backend", "files"),
    [
        ("hatchling.build", {"pyproject.toml": ""}),
        ("setuptools.build_meta", {"pyproject.toml": ""}),
        ("setuptools.build_meta", {"setup.cfg": ""}),
    ],
)
def test_the_metadata_of_a_wheel_has_the_same(
    tmp_path: Path, backend: str, files: dict[str, str]
) -> None:
    (tmp_path / "big_kite").mkdir()
    (tmp_path / "big_kite/__init__.py").touch()
    build = f'[build-system]\nrequires = []\nbuild-backend = "{backend}"\n'
    if "setup.cfg" in files:
        cfg = "[metadata]\nname = big-kite\nversion = 1\n[options]\npackages = big_kite\n"
        cfg += "install_requires =\n    idna >=3,<4\n    six[x]; os_name=='posix'\n"
        (tmp_path / "setup.cfg").write_text(cfg + "[options.extras_require]\ntest = pytest\n")
    else:
        build += '[project]\nname = "Big_Kite"\nversion = "1"\ndependencies = [\n'
        build += '  "idna >=3,<4",\n  "six[x]; os_name==\'posix\'",\n]\n'
        build += '[project.optional-dependencies]\ntest = ["pytest"]\n'
    (tmp_path / "pyproject.toml").write_text(build)
    if backend == "hatchling.build":
        run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", cwd=tmp_path)
        (wheel,) = (tmp_path / "dist").glob("*.whl")
        with ZipFile(wheel) as archive:
            archive.extractall(tmp_path)
    else:
        run(sys.executable, "-c", "import setuptools; setuptools.setup()", "egg_info", cwd=tmp_path)
    (info,) = (*tmp_path.glob("*.dist-info"), *tmp_path.glob("*.egg-info"))
    metadata = PathDistribution(info)
    needs = [Requirement(text) for text in metadata.requires or ()]
    found = declared(str(tmp_path), None)
    assert found.name == canonical_name(metadata.name)
    assert found.dependencies is not None
    assert {
        (one.name, one.extras, one.specifier, one.marker and str(Marker(one.marker)))
        for one in found.dependencies.requirements
    } == {
        (need.name, tuple(need.extras), str(need.specifier), str(need.marker or ""))
        for need in needs
        if "extra" not in str(need.marker)
    }
    assert {one.name for other in found.others for one in other.requirements} == {
        need.name for need in needs if "extra" in str(need.marker)
    }
