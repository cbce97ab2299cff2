"""Records of all formats: what is read from them, and what is an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reqdrift import EnvironmentReadError
from reqdrift.environments.records import LARGEST, Record
from reqdrift.standards.markers import marker_values
from reqdrift.values import Environment, Python, Request

VALUES = dict(marker_values(Python("3.12.4")))
VALUES.pop("extra")


def item(name: str, version: str, location: str = "/v/lib/python3.12/site-packages") -> Any:
    return {
        "metadata": {"name": name, "version": version},
        "metadata_location": f"{location}/{name}-{version}.dist-info",
    }


def inspect_report(*items: Any, **changes: Any) -> str:
    document = {"version": "1", "pip_version": "26.3", "installed": items, "environment": VALUES}
    return json.dumps({**document, **changes})


class Reader:
    """Reads a text as a record in an empty project."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "record"

    def environment(self, content: str | bytes, **options: Any) -> Environment:
        data = content if isinstance(content, bytes) else content.encode()
        self.path.write_bytes(data)
        return Record(str(self.path), str(self.path.parent), Request(**options), {}).read()

    def found(self, content: str | bytes, **options: Any) -> list[str]:
        distributions = self.environment(content, **options).distributions.values()
        return [f"{one.name} {one.version}" for one in distributions]

    def refused(self, content: str | bytes, **options: Any) -> str:
        with pytest.raises(EnvironmentReadError) as caught:
            self.environment(content, **options)
        message = str(caught.value)
        assert message.startswith(f"{self.path}: ")
        assert "\n" not in message
        return message.removeprefix(f"{self.path}: ")


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_what_is_too_large_or_no_text(read: Reader) -> None:
    """What else is no record, and how each format is read, is in golden cases."""
    assert "is larger than" in read.refused(b" " * (LARGEST + 1))
    assert "nested too deeply" in read.refused("[" * 100_000)
    assert "line 1 is not one of a freeze" in read.refused(b"\0\0\0")


class TestInspectReport:
    def test_its_python(self, read: Reader) -> None:
        values = {**VALUES, "sys_platform": "win32", "platform_machine": "AMD64"}
        python = read.environment(inspect_report(environment=values), python_version="2.7").python
        assert (python.version, python.assumed, python.platform) == ("3.12.4", False, "win32")
        assert marker_values(python)["platform_machine"] == "AMD64"
        assert read.environment(inspect_report(item("six", "1.0"))).gaps is None

    def test_system_packages_of_a_virtual_environment(self, read: Reader) -> None:
        system = item("apt", "2.0", "/usr/lib/python3/dist-packages")
        linked = item("mine", "1.0", "/srv/mine")
        text = inspect_report(item("six", "1.0"), linked, system)
        found = read.environment(text).distributions.values()
        assert {one.name for one in found if one.own} == {"six"}

    @pytest.mark.parametrize("folder", ["virtualenvs/shop-1a2b3c4d", "pipx/venvs/shop"])
    def test_a_virtual_environment_that_a_tool_keeps_in_home(
        self, folder: str, read: Reader
    ) -> None:
        own = f"/home/me/.local/share/{folder}/lib/python3.12/site-packages"
        users = "/home/me/.local/lib/python3.12/site-packages"
        system = "/usr/lib/python3/dist-packages"
        items = (item("six", "1.0", own), item("apt", "2", system), item("idna", "3", users))
        found = read.environment(inspect_report(*items)).distributions.values()
        assert {one.name for one in found if one.own} == {"six"}

    @pytest.mark.parametrize(
        "folders",
        [
            ("/home/user/.local/lib/python3.12/site-packages", "/usr/lib/python3/dist-packages"),
            (
                "/Users/me/Library/Python/3.12/lib/python/site-packages",
                "/opt/homebrew/lib/python3.12/site-packages",
            ),
            (
                "C:\\Users\\me\\AppData\\Roaming\\Python\\Python312\\site-packages",
                "C:\\Python312\\Lib\\site-packages",
            ),
        ],
    )
    def test_a_python_that_is_not_virtual(self, folders: tuple[str, ...], read: Reader) -> None:
        text = inspect_report(*(item(f"p{n}", "1", path) for n, path in enumerate(folders)))
        assert all(one.own for one in read.environment(text).distributions.values())

    def test_folders_of_windows(self, read: Reader) -> None:
        site = "C:\\app\\venv\\Lib\\site-packages"
        six = item("six", "1.0")
        six["metadata_location"] = f"{site}\\six-1.0.dist-info"
        for more in ({}, {"reqdrift": {"prefix": "C:\\app\\venv", "folders": [site]}}):
            (found,) = read.environment(inspect_report(six, **more)).distributions.values()
            assert (found.version, found.own) == ("1.0", True)

    def test_eggs_and_egg_links(self, read: Reader) -> None:
        egg, link = item("egg", "1.0"), item("link", "1.0")
        egg["metadata_location"] = "/v/lib/python3.12/site-packages/egg-1.0-py3.12.egg/EGG-INFO"
        link["metadata_location"] = "/srv/link/link.egg-info"
        link["direct_url"] = {"url": "file:///srv/link", "dir_info": {"editable": True}}
        found = read.environment(inspect_report(item("six", "1.0"), egg, link)).distributions
        assert {one.entry for one in found.values() if one.own} == {
            *("six-1.0.dist-info", "egg-1.0-py3.12.egg", "link.egg-link")
        }


class TestFreeze:
    def test_direct_references(self, read: Reader) -> None:
        commit = "0a" * 20
        text = f"""\
# Editable install with no version control (app==1.5)
-e /srv/app
# Editable Git install (tool==2.0) with either a deleted local remote or invalid URI:
# 'ssh://host'
-e /srv/tool
-e git+https://host/fork.git@{commit}#egg=fork
cat @ https://host/cat-1.0-py3-none-any.whl#sha256=ab
dog @ git+https://host/dog@{commit}
old===2004d
"""
        assert read.found(text) == [
            *("app 1.5", "tool 2.0", "fork unknown", "cat 1.0", "dog unknown", "old 2004d")
        ]
        gaps = read.environment(text).gaps
        assert gaps
        assert gaps.unversioned == {"fork", "dog"}

    @pytest.mark.parametrize(
        ("listed", "hidden"),
        [
            ("six==1.0", {"pip", "setuptools", "wheel", "distribute"}),
            ("six==1.0\nsetuptools==70", {"pip"}),
            ("six==1.0\npip==24.0", set()),
        ],
    )
    def test_what_pip_omits(self, read: Reader, listed: str, hidden: set[str]) -> None:
        gaps = read.environment(listed).gaps
        assert gaps
        assert gaps.hidden == hidden


class TestOptions:
    def test_the_python_and_the_platform(self, read: Reader) -> None:
        python = read.environment("six==1.0", python_version="3.9.2", platform="win32").python
        values = marker_values(python)
        assert (values["python_full_version"], values["os_name"]) == ("3.9.2", "nt")
        assert values["platform_system"] == "Windows"

    def test_another_platform(self, read: Reader) -> None:
        environment = read.environment("six==1.0", platform="freebsd14")
        assert marker_values(environment.python)["os_name"] == "posix"
        assert environment.gaps
        assert "platform_system" in environment.gaps.variables
