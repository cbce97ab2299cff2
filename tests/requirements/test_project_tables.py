"""What a pyproject.toml or a setup.cfg asks for, as the source of a compiled file."""

from __future__ import annotations

import pytest

from reqdrift.errors import ReqdriftError
from reqdrift.requirements.project_tables import Chosen, Table, read_pyproject, read_setup_cfg

PYPROJECT = """\
[project]
name = "My.Shop"
dependencies = ["foo>=1", "bar; python_version < '4'"]

[project.optional-dependencies]
Web_UI = ["flask"]
cli = ["click"]
all = ["my-shop[web-ui, cli]", "rich"]

[dependency-groups]
dev = ["pytest", {include-group = "Type_s"}]
type-s = ["mypy", {include-group = "dev"}]
docs = ["sphinx"]
"""


def chosen(**choices: object) -> Chosen:
    return Chosen()._replace(
        **{  # type: ignore[arg-type] # of the right type, by the tests
            name: frozenset(value.split()) if isinstance(value, str) else value
            for name, value in choices.items()
        }
    )


def pyproject(text: str = PYPROJECT, /, **choices: object) -> Table:
    return read_pyproject("/pyproject.toml", text, chosen(**choices))


def asked(table: Table) -> list[str]:
    return [line.name or line.text for line in table.requirements]


class TestPyproject:
    def test_its_dependencies_where_they_are_written(self) -> None:
        table = pyproject()
        assert [(line.text, line.at.file, line.at.line) for line in table.requirements] == [
            ("foo>=1", "/pyproject.toml", 3),
            ("bar; python_version < '4'", "/pyproject.toml", 3),
        ]
        assert table.name == "my-shop"
        assert [line.marker for line in table.requirements] == [None, "python_version < '4'"]

    @pytest.mark.parametrize(
        ("choices", "more"),
        [
            ({"extras": "web-ui"}, ["flask"]),
            ({"extras": "WEB.UI"}, ["flask"]),
            ({"extras": "all"}, ["rich", "flask", "click"]),
            ({"all_extras": True}, ["flask", "click", "rich"]),
            ({"all_extras": True, "without": "cli all"}, ["flask"]),
            ({"groups": "docs"}, ["sphinx"]),
            ({"groups": "dev"}, ["pytest", "mypy"]),  # which include each other
            ({"all_groups": True}, ["pytest", "mypy", "mypy", "pytest", "sphinx"]),
            ({"all_groups": True, "without": "dev docs"}, ["mypy", "pytest"]),
            ({"default_groups": True}, ["pytest", "mypy"]),
            ({"default_groups": True, "without": "dev"}, []),
            ({"groups": "dev", "default_groups": True}, ["pytest", "mypy"]),
        ],
    )
    def test_extras_and_groups(self, choices: dict[str, object], more: list[str]) -> None:
        assert asked(pyproject(**choices)) == ["foo", "bar", *more]

    @pytest.mark.parametrize(
        ("default", "more"),
        [
            ('default-groups = ["docs"]', ["sphinx"]),
            ("default-groups = []", []),
            ('dev-dependencies = ["ruff"]', ["ruff", "pytest", "mypy"]),
        ],
    )
    def test_uvs_default_groups(self, default: str, more: list[str]) -> None:
        text = f"{PYPROJECT}\n[tool.uv]\n{default}\n"
        assert asked(pyproject(text, default_groups=True)) == ["foo", "bar", *more]
        assert asked(pyproject(text)) == ["foo", "bar"]

    def test_uvs_default_groups_without_dev(self) -> None:
        text = f'{PYPROJECT}\n[tool.uv]\ndev-dependencies = ["ruff"]\n'
        assert asked(pyproject(text, default_groups=True, without="dev")) == ["foo", "bar"]

    def test_uvs_default_groups_may_be_all(self) -> None:
        text = f'{PYPROJECT}\n[tool.uv]\ndefault-groups = "all"\n'
        assert "sphinx" in asked(pyproject(text, default_groups=True))

    def test_projects_whose_requirements_uv_replaces(self) -> None:
        text = (
            f'{PYPROJECT}\n[tool.uv]\noverride-dependencies = ["A_a>=2"]\n'
            'exclude-dependencies = ["b"]\n[tool.uv.sources]\nc = {path = "../c"}\n'
        )
        assert pyproject(text).replaced == {"a-a", "b", "c"}

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("[tool.x]\n", "it has no project"),
            ("x = [\n", "it cannot be read"),
            ('[project]\ndynamic = ["dependencies"]\n', "its dependencies are dynamic"),
            ("[project]\ndependencies = 1\n", "it cannot be read"),
            ('[project]\ndependencies = ["==1"]\n', "'==1' cannot be read"),
        ],
    )
    def test_one_that_does_not_say_it(self, text: str, why: str) -> None:
        with pytest.raises(ReqdriftError) as error:
            pyproject(text)
        assert str(error.value).startswith(why)

    def test_an_extra_that_there_is_not(self) -> None:
        with pytest.raises(ReqdriftError, match="it has no nothing"):
            pyproject(extras="nothing")

    def test_a_group_that_there_is_not(self) -> None:
        assert asked(pyproject(groups="nothing")) == ["foo", "bar"]


SETUP_CFG = """\
[metadata]
name = My_Shop
[options]
install_requires =
    foo>=1
    # a comment
    my-shop
    bar
[options.extras_require]
Web_UI = flask
dev =
    pytest
    mypy
"""


class TestSetupCfg:
    def read(self, text: str = SETUP_CFG, /, **choices: object) -> Table:
        return read_setup_cfg("/setup.cfg", text, chosen(**choices))

    def test_its_dependencies_where_they_are_written(self) -> None:
        table = self.read()
        assert [(line.text, line.at.line) for line in table.requirements] == [
            ("foo>=1", 5),
            ("bar", 8),
        ]
        assert table.name == "my-shop"

    def test_extras(self) -> None:
        assert asked(self.read(extras="web-ui dev")) == ["foo", "bar", "flask", "pytest", "mypy"]

    def test_a_comment_is_none(self) -> None:
        assert asked(self.read("[options]\ninstall_requires = # these\n  foo\n")) == ["foo"]

    def test_one_without_dependencies(self) -> None:
        assert self.read("[metadata]\nname = a\n") == Table((), "a")

    @pytest.mark.parametrize("text", ["no section\n", "[options]\ninstall_requires = ==1\n"])
    def test_one_that_cannot_be_read(self, text: str) -> None:
        with pytest.raises(ReqdriftError, match="cannot be read"):
            self.read(text)
