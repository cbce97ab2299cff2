"""Records of all formats: what is read from them, and what is an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reqdrift import EnvironmentReadError, UsageError
from reqdrift.environments.records import LARGEST, Record
from reqdrift.standards.markers import marker_values
from reqdrift.values import Environment, Python

VALUES = marker_values(Python("3.12.4"))
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
        return Record(str(self.path), str(self.path.parent), **options).read()

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


TWO = ["six 1.16.0", "flask 3.0.3"]
FORMATS = {
    "inspect": inspect_report(item("six", "1.16.0"), item("Flask", "3.0.3")),
    "list": json.dumps(
        [{"name": "six", "version": "1.16.0"}, {"name": "Flask", "version": "3.0.3"}]
    ),
    "freeze": "six==1.16.0\nFlask==3.0.3\n",
}
every_format = pytest.mark.parametrize("text", FORMATS.values(), ids=FORMATS)


@every_format
class TestAnyFormat:
    def test_it_is_recognized_by_its_content(self, read: Reader, text: str) -> None:
        assert read.found(text) == TWO
        environment = read.environment(text)
        assert (environment.chosen, any(environment.can)) == ("named", False)

    def test_line_ends_and_marks_of_windows(self, read: Reader, text: str) -> None:
        assert read.found(text.replace("\n", "\r\n")) == TWO
        assert read.found(b"\xef\xbb\xbf" + text.encode()) == TWO
        assert read.found(text.encode("utf-16")) == TWO

    def test_a_warning_in_the_same_stream_is_no_distribution(self, read: Reader, text: str) -> None:
        warning = "WARNING: Ignoring invalid distribution ~ix (/v/lib)"
        hint = "[notice] A new release of pip is available: 24.0 -> 26.3"
        for merged in (f"{warning}\n{text}", f"{text}\n{hint}\n", f"{text}\n{warning}"):
            assert "keep standard error apart" in read.refused(merged)

    def test_two_records_in_one_file(self, read: Reader, text: str) -> None:
        read.refused(text + text)

    def test_a_part_of_it(self, read: Reader, text: str) -> None:
        if text.startswith(("{", "[")):
            for end in (1, len(text) // 2, len(text) - 1):
                assert "truncated" in read.refused(text[:end])

    def test_another_encoding(self, read: Reader, text: str) -> None:
        assert "not UTF-8" in read.refused(text.encode() + b"\xe9")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "it is empty; write it with pip inspect"),
        (" \n\n", "it is empty"),
        ("{}", "it is of no format"),
        ("null", "line 1 is not one of a freeze"),
        ("[1]", "a list, but not of pip or uv"),
        ('[{"name": "a"}]', "a list, but not of pip or uv"),
        ('[{"name": "a", "version": "1", "latest_version": "2"}]', "leave out --outdated"),
        ('[{"name": "a", "version": "1", "channel": "defaults"}]', "a list of conda"),
        ('[{"name": "a b", "version": "1"}]', "'a b' is not the name of a project"),
        ('[{"name": "a", "version": null}]', "a has no readable version"),
        ('[{"name": "a", "version": "1"}, {"name": "A", "version": "2"}]', "a is in it twice"),
        (inspect_report(version="2"), "of version '2'"),
        (inspect_report(version=1), "of version 1; reqdrift reads version '1'"),
        (inspect_report(environment={}), "does not say for which Python"),
        (inspect_report(environment={**VALUES, "python_full_version": "three"}), "not a Python"),
        (inspect_report({"metadata": {}}), "is not the name of a project"),
        (inspect_report(item("a", "1"), item("A", "2")), "a is in it twice"),
        (inspect_report("six"), "'installed' is not a list of distributions"),
        ("six>=1.0\n", "line 1 is not one of a freeze"),
        ("six==1.0 ; python_version > '3'\n", "line 1 is not one of a freeze"),
        ("six==1.0 --hash=sha256:ab\n", "line 1 is not one of a freeze"),
        ("six==1.0\n-r other.txt\n", "line 2 is not one of a freeze"),
        ("six==1.0\nSix==1.0\n", "six is in it twice"),
        ("<html>\n", "line 1 is not one of a freeze"),
        (
            "# This file is autogenerated by pip-compile\n# generated by pip-compile\nsix==1.0\n",
            "a c",
        ),
        ("-e /srv/app\n", "'-e /srv/app' does not name its project"),
        ("# only a comment\n", "it is empty"),
        (b"\0\0\0", "line 1 is not one of a freeze"),
        pytest.param("[" * 100_000, "nested too deeply", id="deep"),
    ],
)
def test_what_is_no_record(read: Reader, content: str | bytes, message: str) -> None:
    assert message in read.refused(content)


@pytest.mark.parametrize(
    "text",
    [
        "Package Version\n------- -------\nsix     1.17.0\n",
        "# conda\nsix=1.17.0=pyhd_0\n",
        'lock-version = "1.0"\n',
        'six==1.17.0 ; python_version >= "3.9"\n',
        "six==1.17.0 --hash=sha256:ab\n",
        "name: base\ndependencies:\n",
    ],
)
def test_what_writes_a_record_is_said_of_other_formats(text: str, read: Reader) -> None:
    assert "; write it with pip inspect" in read.refused(text)


def test_a_secret_in_a_line_is_masked(read: Reader) -> None:
    assert "hunter2" not in read.refused("six @ https://me:hunter2@host/six.zip ; nonsense\n")


def test_it_is_not_too_large(read: Reader) -> None:
    assert "is larger than" in read.refused(b" " * (LARGEST + 1))


def test_no_file(tmp_path: Path) -> None:
    for name in ("absent", "."):
        with pytest.raises(EnvironmentReadError):
            Record(str(tmp_path / name), str(tmp_path)).read()


class TestInspectReport:
    def test_its_python(self, read: Reader) -> None:
        values = {**VALUES, "sys_platform": "win32", "platform_machine": "AMD64"}
        python = read.environment(inspect_report(environment=values), python_version="2.7").python
        assert (python.version, python.assumed, python.platform) == ("3.12.4", False, "win32")
        assert marker_values(python)["platform_machine"] == "AMD64"
        assert read.environment(FORMATS["inspect"]).gaps is None

    def test_the_folder_has_the_name_and_the_version(self, read: Reader) -> None:
        odd = item("six", "1.0")
        odd["metadata"] = {"name": "seven", "version": "2.0"}
        assert read.found(inspect_report(odd)) == ["six 1.0"]

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


def test_an_old_pip_writes_where_it_is_configured_to_look(read: Reader) -> None:
    """Before the distributions, as options of a requirements file."""
    text = "-f /opt/wheels\n--find-links https://host/wheels\nsix==1.16.0\nFlask==3.0.3\n"
    assert read.found(text) == TWO
    assert "line 1 is not one of a freeze" in read.refused("-i https://host/\nsix==1.16.0\n")
    assert "it is empty" in read.refused("-f /opt/wheels\n")


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

    @pytest.mark.parametrize("options", [{"python_version": "three"}, {"platform": "Linux"}])
    def test_wrong_values(self, read: Reader, options: dict[str, str]) -> None:
        with pytest.raises(UsageError):
            read.environment("six==1.0", **options)


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"hidden": [item("idna", "1")]}, "idna is hidden by nothing"),
        ({"broken": [{"project": 5, "message": "gone"}]}, "has an unexpected form"),
        ({"broken": [{"project": "six", "message": None}]}, "has an unexpected form"),
        ({"broken": ["six"]}, "has an unexpected form"),
        ({"broken": {"project": "six"}}, "has an unexpected form"),
    ],
)
def test_what_reqdrift_did_not_add(read: Reader, own: dict[str, Any], message: str) -> None:
    assert message in read.refused(inspect_report(item("six", "1.0"), reqdrift=own))
