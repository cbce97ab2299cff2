"""Verdicts that depend on what a record does not say: an error that names what says it."""

from __future__ import annotations

import json
from pathlib import Path

import packaging
import pytest

import reqdrift
from reqdrift import Policy, Report
from support import REPOSITORY, clean_environ, interpreters, run


class Place:
    """A requirements file, and a record that is a freeze or a list."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.record = folder / "record"
        self.file = folder / "requirements.txt"

    def checked(self, lines: str, record: str, **options: str | Policy) -> Report:
        self.file.write_text(lines)
        self.record.write_text(record)
        files, installed = [str(self.file)], str(self.record)
        return reqdrift.check(files, installed=installed, **options)  # type: ignore[arg-type]

    def errors(self, lines: str, record: str, **options: str | Policy) -> list[str]:
        report = self.checked(lines, record, **options)
        if report.errors:
            assert (report.verdict, report.exit_code) == ("failed", 3)
        return [error.message for error in report.errors]

    def findings(self, lines: str, record: str, **options: str | Policy) -> list[str]:
        report = self.checked(lines, record, **options)
        assert not report.errors
        return [f"{f.kind} {f.project}" for f in report.findings]


def listing(**versions: str) -> str:
    return json.dumps([{"name": name, "version": text} for name, text in versions.items()])


@pytest.fixture
def place(project: Path) -> Place:
    return Place(project)


SIX = "six==1.16.0\n"
LINES = f"{SIX}colorama==0.4; sys_platform == 'win32'\ntomli==2.0; python_version < '3.11'\n"


class TestPython:
    def test_what_does_not_depend_on_it_is_decided(self, place: Place) -> None:
        assert place.findings(SIX, SIX) == []
        assert place.findings("six==1.17.0\n", SIX) == ["version six"]

    def test_the_version_and_the_platform(self, place: Place) -> None:
        (error,) = place.errors(LINES, SIX)
        assert error == (
            "the findings about colorama, tomli depend on the Python version and the platform,"
            " which a freeze does not say; pass --python-version X.Y --platform NAME"
        )
        (error,) = place.errors(LINES, SIX, python_version="3.12")
        assert "about colorama depend on the platform, which" in error
        said = {"python_version": "3.12", "platform": "linux"}
        assert place.findings(LINES, SIX, **said) == []
        assert place.findings(LINES, SIX, python_version="3.8", platform="win32") == [
            *("missing colorama", "missing tomli")
        ]

    def test_both_together(self, place: Place) -> None:
        line = f"{SIX}x==1; sys_platform == 'win32' and python_version < '3.8'\n"
        (error,) = place.errors(line, SIX)
        assert "the Python version and the platform" in error
        assert place.findings(line, SIX, python_version="3.12") == []
        assert place.findings(line, SIX, platform="linux") == []

    def test_a_constraint_on_what_no_line_asks_for(self, place: Place) -> None:
        limits = place.folder / "limits.txt"
        limits.write_text("x<2; python_version < '3'\n")
        assert place.findings(f"-c limits.txt\n{SIX}", SIX) == []
        limits.write_text("six<2; platform_machine == 'arm64'\n")
        (error,) = place.errors(f"-c limits.txt\n{SIX}", SIX)
        assert "about six depend on 'platform_machine'" in error

    def test_the_patch_version(self, place: Place) -> None:
        lines = f"{SIX}x==1; python_full_version < '3.12.4'\n"
        (error,) = place.errors(lines, SIX, python_version="3.12")
        assert "pass --python-version X.Y.Z" in error
        assert "the Python version" not in error
        assert place.findings(lines, SIX, python_version="3.12.3") == ["missing x"]
        assert place.findings(lines, SIX, python_version="3.13") == []

    def test_what_only_an_inspect_report_says(self, place: Place) -> None:
        lines = f"{SIX}x==1; platform_machine == 'arm64'\n"
        (error,) = place.errors(lines, SIX, python_version="3.12.1", platform="linux")
        assert error.endswith("; use pip inspect")

    def test_modules_of_the_standard_library(self, place: Place) -> None:
        (error,) = place.errors("enum==0.4\nsix==1\n", listing(six="1"))
        assert "about enum depend on the Python version" in error

    @pytest.mark.parametrize(
        "lines",
        [f"{SIX}pip==24; python_version < '3.12'\n", "six; python_version < '3.12'\n"],
    )
    def test_the_python_that_runs_makes_no_difference(self, place: Place, lines: str) -> None:
        place.file.write_text(lines)
        env = clean_environ(PYTHONPATH=f"{REPOSITORY}:{Path(packaging.__file__).parent.parent}")
        supported = [path for minor, path in interpreters().items() if int(minor[2:]) >= 11]
        for record in (listing(six="1.16.0", setuptools="70"), "six==1.16.0\nsetuptools==70\n"):
            place.record.write_text(record)
            words = ("-m", "reqdrift", "--installed", str(place.record), str(place.file))
            errors = set()
            for python in supported:
                done = run(python, *words, cwd=place.folder, env=env, check=False)
                assert done.returncode == 3
                # The verdict says which Python was assumed.
                errors.add(done.stdout.rpartition("\nfailed")[0])
            assert len(errors) == 1
            assert errors != {""}


class TestPipFreeze:
    @pytest.mark.parametrize("name", ["pip", "setuptools", "wheel"])
    def test_what_it_omits_may_be_there(self, place: Place, name: str) -> None:
        (error,) = place.errors(f"{SIX}{name}==1.0\n", SIX, python_version="3.9")
        assert error == (
            f"the findings about {name} depend on what else is installed, which a freeze does not"
            " say; use pip freeze --all"
        )
        assert place.findings(f"{SIX}{name}==1.0\n", f"{SIX}pip==24\n", python_version="3.9") == (
            ["version pip"] if name == "pip" else [f"missing {name}"]
        )

    def test_a_version_that_is_only_in_a_repository(self, place: Place) -> None:
        record = f"kite @ git+https://host/kite@{'0a' * 20}\n"
        lines = f"kite @ git+https://host/kite@{'0a' * 20}\n"
        assert place.findings(lines, record) == []
        (place.folder / "limits.txt").write_text("kite<2\n")
        (error,) = place.errors(f"{lines}-c limits.txt\n", record)
        assert error == (
            "the findings about kite depend on the version, which a freeze does not say; use pip"
            " inspect"
        )

    def test_an_old_pip_says_no_source(self, place: Place) -> None:
        lines = f"six @ git+https://host/six@{'0a' * 20}\n"
        (error,) = place.errors(lines, SIX)
        assert "about six depend on the Python version" in error
        assert place.findings(lines, SIX, python_version="3.12") == ["source six"]
        report = place.checked(lines, SIX, python_version="3.9")
        assert [note.reason for note in report.notes] == ["unsure"]

    def test_an_editable_is_its_repository(self, place: Place) -> None:
        there = f"-e git+https://host/kite.git@{'0a' * 20}#egg=kite\n"
        assert place.findings(there, there) == []
        moved = there.replace("0a" * 20, "0b" * 20)
        assert place.findings(moved, there) == ["source kite"]
        assert place.findings(there.removeprefix("-e "), there) == ["source kite"]


class TestDependencies:
    record = listing(six="1.16.0", extra="1.0")

    def test_whether_something_is_one(self, place: Place) -> None:
        (error,) = place.errors(SIX, self.record, python_version="3.12")
        assert error == (
            "the findings about extra depend on dependencies, which a list does not say; pass"
            " --unlisted all if the file lists every package, or use pip inspect"
        )
        policy = Policy("all")
        assert place.findings(SIX, self.record, policy=policy) == ["extra extra"]

    def test_compiled_files_list_all(self, place: Place) -> None:
        header = "# This file is autogenerated by pip-compile\n# generated by pip-compile\n"
        assert place.findings(header + SIX, self.record) == ["extra extra"]

    def test_those_for_another_python_do_not(self, place: Place) -> None:
        text = f"# This file is autogenerated by pip-compile with Python 3.12\n{SIX}"
        wanted = "the findings about foo depend on dependencies"
        (error,) = place.errors(text, f"{SIX}foo==1\n", python_version="3.10")
        assert error.startswith(wanted)
        assert place.findings(text, f"{SIX}foo==1\n", python_version="3.12") == ["extra foo"]
        assert place.findings(text, SIX, python_version="3.10") == []

    def test_what_is_ignored_is_no_question(self, place: Place) -> None:
        policy = Policy(ignore=("extra",))
        assert place.findings(SIX, self.record, policy=policy) == []

    def test_what_extras_need(self, place: Place) -> None:
        (error,) = place.errors("six[x]==1.16.0\n", SIX)
        assert error.startswith("the findings about six depend on dependencies")
        policy = Policy("all")
        assert place.findings("six[x]==1.16.0\n", SIX, policy=policy) == []

    def test_orphans_and_unmet_need_them(self, place: Place) -> None:
        for policy in (Policy("orphans"), Policy(severity=(("unmet", "error"),))):
            (error,) = place.errors(SIX, SIX, policy=policy)
            assert error == (
                "the findings depend on dependencies, which a freeze does not say; use pip inspect"
            )

    def test_what_a_tool_brings(self, place: Place) -> None:
        record = listing(six="1.16.0", reqdrift="1", packaging="26")
        (error,) = place.errors(SIX, record, policy=Policy("all"))
        assert error.startswith("the findings about packaging depend on dependencies")
        assert "--unlisted all" not in error


class TestSources:
    def test_a_list_has_only_those_of_editables(self, place: Place) -> None:
        report = place.checked("six @ https://host/six-1.16.0.zip\n", listing(six="1.16.0"))
        assert [(n.reason, n.quiet) for n in report.notes] == [("unsure", True), ("unsure", False)]
        assert report.verdict == "clean"
        folder = place.folder / "lib"
        folder.mkdir()
        (folder / "pyproject.toml").write_text("[project]\nname = 'lib'\n")
        record = [{"name": "lib", "version": "1", "editable_project_location": "/app/lib"}]
        assert place.findings("-e ./lib\n", json.dumps(record)) == []
        assert place.findings("lib==1\n", json.dumps(record)) == ["source lib"]
        assert place.findings("-e ./lib\n", listing(lib="1")) == ["source lib"]

    @pytest.mark.parametrize(("pip", "expected"), [("18.1", []), ("19.0", ["source lib"])])
    def test_an_old_pip_freezes_an_editable_folder_as_a_release(
        self, place: Place, pip: str, expected: list[str]
    ) -> None:
        folder = place.folder / "lib"
        folder.mkdir()
        (folder / "pyproject.toml").write_text("[project]\nname = 'lib'\n")
        assert place.findings("-e ./lib\n", f"lib==1.0\npip=={pip}\n") == expected

    @pytest.mark.parametrize("at", ["lib", "packages/lib"])
    def test_what_is_unlisted_may_be_installed_from_this_project(
        self, place: Place, at: str
    ) -> None:
        """With its source it is not extra."""
        folder = place.folder / at
        folder.mkdir(parents=True)
        (folder / "pyproject.toml").write_text("[project]\nname = 'my.lib'\n")
        policy = Policy("all")
        record = listing(six="1.16.0", my_lib="1", other="1")
        (error,) = place.errors(SIX, record, policy=policy)
        assert error == (
            "the findings about my-lib depend on sources, which a list does not say; use pip"
            " inspect, or pass --ignore my-lib"
        )
        report = place.checked(SIX, record, policy=policy)
        assert [f"{f.kind} {f.project}" for f in report.findings] == ["extra other"]
        assert place.findings(SIX, record, policy=Policy("all", ("my-lib", "other"))) == []
        # A freeze says it.
        frozen = f"{SIX}my_lib==1\npip==24.0\nmine @ file:///app/mine\n"
        assert place.findings(SIX, frozen, policy=policy) == ["extra mine", "extra my-lib"]

    def test_the_project_above_the_files_is_the_project_itself(self, place: Place) -> None:
        (place.folder / "pyproject.toml").write_text("[project]\nname = 'mine'\n")
        file = place.folder / "requirements" / "dev.txt"
        file.parent.mkdir()
        file.write_text(SIX)
        place.record.write_text(listing(six="1.16.0", mine="1"))
        report = reqdrift.check(file, installed=place.record, policy=Policy("all"))
        assert (report.findings, report.exit_code) == ((), 0)
        assert ("local", "mine") in [(note.reason, note.project) for note in report.notes]
