"""What the variables of markers are for the checked Python, as its own pip says it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import stdlibs
from packaging.markers import default_environment

from reqdrift.cli import main
from reqdrift.environments.site import find_site_folders
from reqdrift.standards.markers import LIVE_PROJECTS, is_stdlib_module, marker_values
from reqdrift.standards.pep440 import marker_hangs_on_patch, marker_holds
from reqdrift.values import Python
from support import add_distribution, interpreters, make_environment, python27, run

# Asks the pip that comes with a Python, without installing it.
ASK = """
import glob, json, os, sys, ensurepip
bundled = os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl")
sys.path[:0] = glob.glob(bundled)
from pip._vendor.packaging.markers import default_environment
print(json.dumps(default_environment()))
"""

PYTHONS = [*interpreters().values(), *filter(None, [python27()])]


@pytest.mark.parametrize("python", PYTHONS)
def test_the_values_are_those_of_the_checked_python(python: str, tmp_path: Path) -> None:
    theirs = json.loads(run(python, "-c", ASK, cwd=tmp_path).stdout)
    checked = Python(theirs["python_full_version"], theirs["platform_python_implementation"])
    assert marker_values(checked) == {**theirs, "extra": ""}


@pytest.fixture
def windows(project: Path) -> Path:
    """A virtualenv of Windows' layout, as it is seen from another system."""
    site = project / ".venv" / "Lib" / "site-packages"
    add_distribution(site, "colorama-0.4.6")
    (project / ".venv" / "Scripts").mkdir()
    (project / ".venv" / "Scripts" / "python.exe").write_text("")
    settings = "home = C:\\Python312\nversion = 3.12.1\ninclude-system-site-packages = false\n"
    (project / ".venv" / "pyvenv.cfg").write_text(settings)
    return project


@pytest.mark.parametrize(
    "marker",
    [
        "sys_platform == 'win32'",
        "os_name == 'nt'",
        "platform_system == 'Windows'",
        "sys_platform != 'linux' and sys_platform != 'darwin' and os_name != 'posix'",
    ],
)
def test_a_virtualenv_of_windows_has_the_values_of_windows(
    marker: str, windows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"colorama==0.4.6; {marker}\nuvloop==0.21.0; sys_platform != 'win32'\n"
    (windows / "requirements.txt").write_text(text)
    assert main([]) == 0
    assert "1 checked, 1 skipped" in capsys.readouterr().out


def test_what_windows_calls_the_processor(windows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.uname", lambda: os.uname_result(("Linux", "", "", "", "x86_64")))
    python = find_site_folders(str(windows / ".venv")).python
    assert marker_values(python)["platform_machine"] == "AMD64"


def test_other_layouts_are_of_this_system(tmp_path: Path) -> None:
    make_environment(tmp_path)
    values = marker_values(find_site_folders(str(tmp_path)).python)
    of_system = {"os_name", "sys_platform", "platform_system", "platform_machine"}
    assert {name: values[name] for name in of_system}.items() <= default_environment().items()


class TestWhatTheSourceStates:
    MAC = Python(
        "3.12.1",
        markers=(("sys_platform", "darwin"), ("platform_machine", "arm64"), ("os_name", "posix")),
    )

    def test_it_comes_before_this_machine(self) -> None:
        values = marker_values(self.MAC, "fast")
        assert (values["sys_platform"], values["platform_machine"]) == ("darwin", "arm64")
        assert (values["python_version"], values["extra"]) == ("3.12", "fast")

    @pytest.mark.parametrize(
        ("marker", "verdict"),
        [
            ("sys_platform == 'darwin' and platform_machine == 'arm64'", True),
            ("sys_platform == 'linux' or sys_platform == 'win32'", False),
        ],
    )
    def test_markers_are_judged_by_it(self, marker: str, verdict: bool) -> None:
        assert marker_holds(marker, self.MAC) is verdict

    def test_no_variable_is_left_to_this_machine_if_all_are_stated(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stated = {name: f"its {name}" for name in default_environment()}
        python = Python("3.12.1", markers=tuple(stated.items()))
        monkeypatch.setattr("os.uname", lambda: os.uname_result((*["this one"] * 5,)))
        assert marker_values(python) == {**stated, "extra": ""}

    def test_a_stated_patch_leaves_nothing_open(self) -> None:
        marker = "python_full_version < '3.12.2'"
        assert marker_hangs_on_patch(marker, Python("3.12"))
        stated = Python("3.12", markers=(("python_full_version", "3.12.1"),))
        assert not marker_hangs_on_patch(marker, stated)


def test_without_a_patch_version_it_is_the_first_release() -> None:
    """`in` compares texts: no release is "3.11"."""
    values = marker_values(Python("3.11"))
    names = ("python_full_version", "implementation_version")
    assert [values[name] for name in names] == ["3.11.0", "3.11.0"]


def test_a_module_of_any_python_is_known() -> None:
    """Those that this Python does not have, too."""
    for version in stdlibs.KNOWN_VERSIONS:
        major, _, minor = version.partition(".")
        names = {name for name in stdlibs.stdlib_module_names(version) if name[0] != "_"}
        unknown = {x for x in names if not is_stdlib_module(x, (int(major), int(minor)))}
        assert unknown <= LIVE_PROJECTS
