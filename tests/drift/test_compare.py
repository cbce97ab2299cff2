"""Verdicts, one rule at a time, on fabricated environments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import reqdrift
from reqdrift import Finding, Policy, Report
from support import add_distribution, make_environment

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER_COMMIT = "89abcdef0123456789abcdef0123456789abcdef"


class Checked:
    """A project with one requirements file and one environment."""

    def __init__(self, folder: Path, version: str = "3.11.7") -> None:
        self.folder = folder
        self.site = make_environment(folder / ".venv", version=version)

    def install(self, release: str, **more: Any) -> None:
        add_distribution(self.site, release, **more)

    def report(self, text: str, *files: str, unlisted: str = "all", **more: Any) -> Report:
        (self.folder / "requirements.txt").write_text(text)
        named = ["requirements.txt", *files]
        return reqdrift.check(named, policy=Policy(unlisted), **more)

    def findings(self, text: str, *files: str, unlisted: str = "all") -> list[str]:
        report = self.report(text, *files, unlisted=unlisted)
        assert not report.errors
        return [short(finding) for finding in report.findings]

    def notes(self, text: str) -> list[tuple[str, str | None]]:
        report = self.report(text)
        assert not report.errors
        return [(note.reason, note.project) for note in report.notes]


def short(finding: Finding) -> str:
    line = f" line {finding.at.line}" if finding.at.line else ""
    return f"{finding.kind} {finding.project}{line}"


@pytest.fixture
def checked(project: Path) -> Checked:
    return Checked(project)


def vcs(url: str, commit: str = COMMIT, requested: str | None = None) -> dict[str, Any]:
    info = {"vcs": "git", "commit_id": commit}
    return {"url": url, "vcs_info": info | ({"requested_revision": requested} if requested else {})}


class TestNamesAndVersions:
    @pytest.mark.parametrize(
        ("line", "release"),
        [
            ("Foo_Bar==1.0", "foo_bar-1.0"),
            ("foo.bar==1.0", "Foo-Bar-1.0".replace("Foo-Bar", "Foo_Bar")),
            ("foo-bar==1.0", "foo_bar-1.0.0"),
            ("foo-bar==1.0", "foo_bar-1.0+cpu"),
            ("foo-bar==1.0+cpu", "foo_bar-1.0+cpu"),
            ("foo-bar===1.0", "foo_bar-1.0"),
            ("foo-bar==4.12.0.RC1", "foo_bar-4.12.0rc1"),
            ("foo-bar===2004d", "foo_bar-2004d"),
            ("foo-bar == 1.0", "foo_bar-1.0"),
        ],
    )
    def test_spellings_of_one_release_are_no_drift(
        self, checked: Checked, line: str, release: str
    ) -> None:
        checked.install(release)
        assert checked.findings(line) == []

    @pytest.mark.parametrize(
        ("line", "release"),
        [
            ("foo==1.0", "foo-1.0.post1"),
            ("foo==1.0", "foo-1!1.0"),
            ("foo==1.0+cpu", "foo-1.0"),
            ("foo===1.0", "foo-1.0.0"),
            ("foo==1.0", "foo-2004d"),
            ("foo==1.0", "foo-1.0.1"),
        ],
    )
    def test_another_release_is_a_version_finding(
        self, checked: Checked, line: str, release: str
    ) -> None:
        checked.install(release)
        assert checked.findings(line) == ["version foo line 1"]

    def test_a_prerelease_satisfies_a_range(self, checked: Checked) -> None:
        checked.install("foo-2.0b1")
        assert checked.findings("foo>=1.0") == ["unpinned foo line 1"]

    def test_absent(self, checked: Checked) -> None:
        assert checked.findings("# c\n\nfoo==1.0\n") == ["missing foo line 3"]

    def test_absent_is_told_once_for_several_lines(self, checked: Checked) -> None:
        assert checked.findings("foo==1.0\nfoo<2\n") == ["missing foo line 1"]


class TestUnpinned:
    @pytest.mark.parametrize(
        "line",
        ["foo", "foo>=1", "foo==1.*", "foo~=1.0", "foo<2,>=1", "foo!=2.0", "foo ()"],
    )
    def test_more_than_one_release_would_do(self, checked: Checked, line: str) -> None:
        checked.install("foo-1.0")
        assert checked.findings(line) == ["unpinned foo line 1"]

    @pytest.mark.parametrize("line", ["foo==1.0", "foo===1.0", "foo==1.0,<2", "foo == 1.0"])
    def test_one_release(self, checked: Checked, line: str) -> None:
        checked.install("foo-1.0")
        assert checked.findings(line) == []

    def test_it_stands_beside_missing_and_version(self, checked: Checked) -> None:
        checked.install("bar-1.0")
        assert checked.findings("foo\nbar>=2\n") == [
            *("missing foo line 1", "unpinned foo line 1"),
            *("unpinned bar line 2", "version bar line 2"),
        ]

    def test_a_constraint_pins(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        (checked.folder / "constraints.txt").write_text("foo==1.0\n")
        assert checked.findings("-c constraints.txt\nfoo\n") == []

    def test_another_line_pins(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        assert checked.findings("foo>=0.5\nfoo==1.0\n") == []

    def test_a_pin_that_does_not_apply_here_does_not_pin(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        text = "foo>=0.5\nfoo==1.0; python_version < '3'\n"
        assert checked.findings(text) == ["unpinned foo line 1"]

    def test_a_remote_constraint_may_pin(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        text = "-c https://example.org/constraints.txt\nfoo\n"
        assert checked.findings(text) == []
        assert ("unsure", "foo") in checked.notes(text)

    def test_it_is_about_the_file_wherever_it_applies(self, checked: Checked) -> None:
        assert checked.findings("foo>=1; python_version < '3'\n") == ["unpinned foo line 1"]


class TestConstraints:
    def test_a_constraint_limits_what_a_requirement_names(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        (checked.folder / "constraints.txt").write_text("bar==9\n\nfoo>=2\n")
        report = checked.report("-c constraints.txt\nfoo==1.0.*\n")
        assert [short(f) for f in report.findings] == [
            "conflict foo line 2",
            "unpinned foo line 2",
        ]

    def test_a_constraint_is_broken_by_the_installed_version(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        (checked.folder / "constraints.txt").write_text("bar==9\n\nfoo>=2\n")
        report = checked.report("-c constraints.txt\nfoo\n")
        assert [(f.kind, Path(f.at.file).name, f.at.line) for f in report.findings] == [
            ("version", "constraints.txt", 3),
            ("unpinned", "requirements.txt", 2),
        ]

    def test_a_constraint_lists_nothing(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        (checked.folder / "constraints.txt").write_text("foo==1.0\n")
        assert checked.findings("-c constraints.txt\n") == ["extra foo"]

    def test_constraints_of_the_command_line(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        (checked.folder / "limits.txt").write_text("foo==2.0\n")
        report = checked.report("foo\n", constraints=["limits.txt"])
        assert [short(f) for f in report.findings] == ["version foo line 1"]


class TestConflicts:
    def test_two_pins(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        assert checked.findings("foo==1.0\nfoo==2.0\n") == ["conflict foo line 2"]

    def test_ranges_apart(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        assert checked.findings("foo==1.0\nbar==1\nfoo>=2\n") == [
            "missing bar line 2",
            "conflict foo line 3",
        ]

    def test_three_lines_that_only_together_contradict(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        assert checked.findings("foo>=1,<=1\nfoo!=1\nfoo==1\n")[0].startswith("conflict foo")

    def test_markers_keep_lines_apart(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        text = "foo==1.0; python_version >= '3'\nfoo==2.0; python_version < '3'\n"
        assert checked.findings(text) == []

    def test_direct_references_differ(self, checked: Checked) -> None:
        text = f"foo @ git+https://h/a/foo@{COMMIT}\nfoo @ git+https://h/a/foo@{OTHER_COMMIT}\n"
        checked.install("foo-1.0", direct_url=vcs("https://h/a/foo"))
        assert checked.findings(text) == ["conflict foo line 2"]

    def test_a_repetition_in_one_file_is_a_warning(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        # The second of these is literal too, and must not be settled by its text.
        for again in ("foo == 1.0", "foo==1.0"):
            report = checked.report(f"foo==1.0\n{again}\n")
            assert [(short(f), f.severity) for f in report.findings] == [
                ("conflict foo line 2", "warning")
            ]

    def test_a_repetition_across_files_is_silent(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        (checked.folder / "more.txt").write_text("foo==1.0\n")
        assert checked.findings("foo==1.0\n", "more.txt") == []


class TestExtra:
    def test_nothing_needs_it(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        report = checked.report("")
        assert [short(f) for f in report.findings] == ["extra foo"]
        assert "nothing needs it" in report.findings[0].message
        assert report.findings[0].at.file == str(checked.folder / "requirements.txt")

    def test_who_needs_it(self, checked: Checked) -> None:
        checked.install("rich-1.0", requires=["markdown-it-py>=2"])
        checked.install("markdown_it_py-3.0", requires=["mdurl~=0.1"])
        checked.install("mdurl-0.1")
        report = checked.report("rich==1.0\n")
        assert {f.project: f.message.partition("; ")[2] for f in report.findings} == {
            "markdown-it-py": "needed by rich 1.0",
            "mdurl": "needed by markdown-it-py 3.0, needed by rich",
        }
        assert {f.project: f.needed_by for f in report.findings} == {
            "markdown-it-py": ("rich",),
            "mdurl": ("markdown-it-py",),
        }

    def test_a_need_under_a_false_marker_or_unasked_extra_is_none(self, checked: Checked) -> None:
        checked.install(
            "foo-1.0", requires=["bar; python_version < '3'", 'baz; extra == "more"', "qux[x]"]
        )
        for name in ("bar", "baz", "qux"):
            checked.install(f"{name}-1.0")
        report = checked.report("foo==1.0\n")
        assert {f.project: f.message.partition("; ")[2] for f in report.findings} == {
            "bar": "nothing needs it",
            "baz": "nothing needs it",
            "qux": "needed by foo 1.0",
        }

    def test_orphans_policy_allows_what_listed_projects_need(self, checked: Checked) -> None:
        checked.install("foo-1.0", requires=["bar", 'baz; extra == "more"'])
        for name in ("bar", "baz", "orphan"):
            checked.install(f"{name}-1.0")
        assert checked.findings("foo==1.0\n", unlisted="orphans") == ["extra baz", "extra orphan"]
        assert checked.findings("foo[more]==1.0\n", unlisted="orphans") == ["extra orphan"]

    def test_a_line_that_does_not_apply_does_not_list(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        assert checked.findings("foo==1.0; python_version < '3'\n") == ["extra foo"]

    def test_seed_packages_before_python_312(self, checked: Checked) -> None:
        for release in ("pip-24.0", "setuptools-70.0", "wheel-0.43"):
            checked.install(release)
        assert checked.findings("") == []
        assert checked.notes("") == [("tool", name) for name in ("pip", "setuptools", "wheel")]

    def test_seed_packages_from_python_312(self, project: Path) -> None:
        newer = Checked(project, "3.12.1")
        newer.install("pip-24.0")
        newer.install("setuptools-70.0")
        assert newer.findings("") == ["extra setuptools"]

    def test_hidden_by_pip(self, checked: Checked) -> None:
        checked.install("argparse-1.4.0")
        assert checked.findings("") == []
        assert checked.notes("") == [("stdlib", "argparse")]
        assert checked.findings("argparse==1.3.0\n") == ["version argparse line 1"]

    def test_tools_and_what_only_they_need(self, checked: Checked) -> None:
        checked.install("reqdrift-1.0", requires=["rich", "packaging"])
        checked.install("rich-1.0", requires=["pygments"])
        checked.install("pygments-1.0")
        checked.install("packaging-1.0")
        checked.install("foo-1.0", requires=["packaging"])
        assert checked.findings("foo==1.0\n") == ["extra packaging"]
        assert checked.findings("foo==1.0\npackaging==1.0\n") == []

    def test_seed_packages_are_nobodys_reason(self, checked: Checked) -> None:
        checked.install("pip_tools-7.0", requires=["build", "wheel"])
        checked.install("build-1.0", requires=["packaging"])
        checked.install("wheel-0.43", requires=["packaging"])
        checked.install("packaging-24.0")
        assert checked.findings("") == []

    def test_pip_compile_names_what_it_leaves_out(self, project: Path) -> None:
        newer = Checked(project, "3.12.1")
        newer.install("setuptools-70.0")
        text = (
            "# The following packages are considered to be unsafe in a requirements file:\n"
            "# setuptools\n"
        )
        assert newer.findings(text) == []

    def test_the_project_itself_by_folder(self, checked: Checked) -> None:
        url = f"file://{checked.folder}/services/app"
        checked.install("app-1.0", direct_url={"url": url, "dir_info": {"editable": True}})
        assert checked.findings("") == []
        assert checked.notes("") == [("local", "app")]

    def test_the_project_itself_by_name(self, checked: Checked) -> None:
        (checked.folder / "pyproject.toml").write_text('[project]\nname = "My.App"\n')
        checked.install("my_app-1.0")
        assert checked.findings("") == []

    def test_a_folder_elsewhere_is_extra(self, checked: Checked) -> None:
        url = "file:///somewhere/else"
        checked.install("app-1.0", direct_url={"url": url, "dir_info": {"editable": True}})
        assert checked.findings("") == ["extra app"]

    def test_not_judged_while_a_line_cannot_be_read(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        report = checked.report("foo=1.0\n")
        assert report.findings == ()
        assert [e.at.line for e in report.errors if e.at] == [1]
        assert ("unsure", None) in [(n.reason, n.project) for n in report.notes]


class TestSource:
    @pytest.mark.parametrize(
        ("line", "requested"),
        [
            (f"foo @ git+https://example.org/a/foo@{COMMIT}", None),
            (f"foo @ git+https://example.org/a/foo.git@{COMMIT}", None),
            (f"foo @ git+ssh://git@example.org/a/foo.git/@{COMMIT}", None),
            (f"foo @ git+https://token@EXAMPLE.org/a/foo@{COMMIT[:9]}", None),
            ("foo @ git+https://example.org/a/foo@main", "main"),
            ("foo @ git+https://example.org/a/foo", None),
            (f"git+https://example.org/a/foo@{COMMIT}#egg=foo", None),
        ],
    )
    def test_the_same_commit(self, checked: Checked, line: str, requested: str | None) -> None:
        checked.install(
            "foo-1.0", direct_url=vcs("https://example.org/a/foo.git", requested=requested)
        )
        found = checked.findings(line)
        assert "source foo line 1" not in found
        assert ("unsure", "foo") not in checked.notes(line)
        assert found == ([] if COMMIT in line else ["unpinned foo line 1"])

    @pytest.mark.parametrize(
        "line",
        [
            f"foo @ git+https://example.org/a/foo@{OTHER_COMMIT}",
            f"foo @ git+https://example.org/b/foo@{COMMIT}",
            f"foo @ git+https://example.com/a/foo@{COMMIT}",
            f"foo @ git+https://example.org/a/foo@{COMMIT}#subdirectory=pkg",
            "foo @ https://example.org/foo-1.0.tar.gz",
            "foo==1.0",
        ],
    )
    def test_another_place(self, checked: Checked, line: str) -> None:
        checked.install("foo-1.0", direct_url=vcs("https://example.org/a/foo.git"))
        assert checked.findings(line) == ["source foo line 1"]

    @pytest.mark.parametrize("revision", ["v2", "", "0123abc"])
    def test_what_cannot_be_told_offline(self, checked: Checked, revision: str) -> None:
        at = f"@{revision}" if revision else ""
        line = f"foo @ git+https://example.org/a/foo{at}"
        checked.install("foo-1.0", direct_url=vcs("https://example.org/a/foo", requested="v1"))
        assert checked.findings(line) == ["unpinned foo line 1"]
        assert ("unsure", "foo") in checked.notes(line)

    def test_a_release_where_the_file_says_a_checkout(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        line = f"foo @ git+https://example.org/a/foo@{COMMIT}"
        assert checked.findings(line) == ["source foo line 1"]

    def test_an_archive_file_of_the_pinned_release(self, checked: Checked) -> None:
        archive = {"url": "file:///wheels/foo-1.0-py3-none-any.whl", "archive_info": {}}
        checked.install("foo-1.0", direct_url=archive)
        assert checked.findings("foo==1.0\n") == []
        assert checked.notes("foo==1.0\n") == [("archive", "foo")]

    def test_an_archive_with_another_hash(self, checked: Checked) -> None:
        info = {"hashes": {"sha256": "aa"}}
        url = "file:///wheels/foo-1.0-py3-none-any.whl"
        checked.install("foo-1.0", direct_url={"url": url, "archive_info": info})
        assert checked.findings("foo==1.0 --hash=sha256:bb\n") == ["source foo line 1"]
        assert checked.findings("foo==1.0 --hash=sha256:bb --hash=sha256:aa\n") == []

    def test_a_local_wheel_by_path(self, checked: Checked) -> None:
        wheel = checked.folder / "wheels" / "foo-1.0-py3-none-any.whl"
        wheel.parent.mkdir()
        wheel.write_bytes(b"")
        checked.install("foo-1.0", direct_url={"url": wheel.as_uri(), "archive_info": {}})
        assert checked.findings("./wheels/foo-1.0-py3-none-any.whl\n") == []
        assert checked.findings(f"foo @ {wheel.as_uri()}\n") == []

    def test_conda_writes_its_build_folder(self, checked: Checked) -> None:
        direct_url = {"url": "file:///croot/foo_123/work", "dir_info": {}}
        checked.install("foo-1.0", direct_url=direct_url, installer="conda")
        for line in ("foo==1.0", "foo @ file:///croot/foo_123/work"):
            assert [f for f in checked.findings(line) if "source" in f] == []
        assert checked.notes("foo==1.0") == [("conda", "foo")]

    @pytest.mark.parametrize("line", ["./lib", "-e ./lib", "-e lib", "foo @ file://{}/lib"])
    def test_a_folder_by_name_and_place(self, checked: Checked, line: str) -> None:
        folder = checked.folder / "lib"
        folder.mkdir()
        (folder / "pyproject.toml").write_text('[project]\nname = "foo"\n')
        info = {"editable": line.startswith("-e")}
        checked.install("foo-1.0", direct_url={"url": folder.as_uri(), "dir_info": info})
        assert checked.findings(line.format(checked.folder)) == []
        assert checked.notes(line.format(checked.folder)) == [("local", "foo")]

    def test_another_folder(self, checked: Checked) -> None:
        for name in ("lib", "other"):
            (checked.folder / name).mkdir()
            (checked.folder / name / "pyproject.toml").write_text('[project]\nname = "foo"\n')
        url = (checked.folder / "other").as_uri()
        checked.install("foo-1.0", direct_url={"url": url, "dir_info": {"editable": True}})
        assert checked.findings("-e ./lib\n") == ["source foo line 1"]

    def test_an_editable_checkout_by_name_alone(self, checked: Checked) -> None:
        url = (checked.folder / "src" / "foo").as_uri()
        checked.install("foo-1.0", direct_url={"url": url, "dir_info": {"editable": True}})
        line = f"-e git+https://example.org/a/foo@{COMMIT}#egg=foo\n"
        assert checked.findings(line) == []

    def test_a_path_of_another_machine_compares_by_name_and_version(self, checked: Checked) -> None:
        checked.install("foo-1.0")
        wheel = "foo @ file:///home/nobody/foo-{}-py3-none-any.whl"
        assert checked.findings(wheel.format("1.0")) == []
        assert checked.findings(wheel.format("2.0")) == ["version foo line 1"]

    @pytest.mark.parametrize(
        "content",
        [
            *("[]", "null", "{", '{"url": 3}', "\xff"),
            '{"url": "https://h/x", "vcs_info": {"vcs": "git", "commit_id": 7}}',
            '{"url": "https://h/x", "vcs_info": {"vcs": "git", "commit_id": "a\\nevil==1"}}',
            '{"url": "https://h/x", "vcs_info": {"vcs": 5, "commit_id": "a"}}',
            '{"url": "https://h/x", "archive_info": {"hashes": {"sha256": 5}}}',
            '{"url": "https://h/x", "archive_info": {"hash": "a\\nb"}}',
        ],
    )
    def test_a_direct_url_that_cannot_be_read(self, checked: Checked, content: str) -> None:
        checked.install("foo-1.0", direct_url={})
        path = checked.site / "foo-1.0.dist-info" / "direct_url.json"
        path.write_bytes(content.encode("latin-1"))
        assert checked.findings("foo==1.0\n") == ["broken foo"]


class TestExtrasOfALine:
    def test_unmet(self, checked: Checked) -> None:
        checked.install("foo-1.0", requires=['bar>=1; extra == "more"'])
        report = checked.report("foo[more]==1.0\n")
        assert [short(f) for f in report.findings] == ["missing foo line 1"]
        assert "needs bar" in report.findings[0].message

    def test_met(self, checked: Checked) -> None:
        checked.install("foo-1.0", requires=['bar>=1; extra == "more"'])
        checked.install("bar-1.0")
        assert checked.findings("foo[More]==1.0\nbar==1.0\n") == []

    def test_extras_of_extras(self, checked: Checked) -> None:
        checked.install(
            "foo-1.0", requires=['foo[a]; extra == "all"', 'bar[x]; extra == "a"', "absent"]
        )
        checked.install("bar-1.0", requires=['deep; extra == "x"'])
        report = checked.report("foo[all]==1.0\nbar==1.0\n")
        assert [short(f) for f in report.findings] == ["missing foo line 1"]
        assert "needs deep, which is not installed" in report.findings[0].message

    def test_under_a_false_marker(self, checked: Checked) -> None:
        checked.install("foo-1.0", requires=["bar; extra == 'more' and python_version < '3'"])
        assert checked.findings("foo[more]==1.0\n") == []


class TestNotes:
    def test_a_module_of_the_standard_library(self, project: Path) -> None:
        old = Checked(project, "2.7.18")
        assert old.findings("wsgiref==0.1.2\n") == []
        assert old.notes("wsgiref==0.1.2\n") == [("stdlib", "wsgiref")]

    def test_by_the_checked_python(self, checked: Checked) -> None:
        # lockfile and panel were modules long ago; asynchat left with 3.12.
        assert checked.findings("asynchat==1\nlockfile==1\n") == ["missing lockfile line 2"]

    def test_live_projects_stay_missing(self, checked: Checked) -> None:
        assert checked.findings("DateTime==5.5\nconfigparser==7.0\n") == [
            "missing datetime line 1",
            "missing configparser line 2",
        ]

    def test_an_installed_one_is_compared(self, checked: Checked) -> None:
        checked.install("uuid-1.30")
        assert checked.findings("uuid==1.29\n") == ["version uuid line 1"]

    @pytest.mark.parametrize("turned", [False, True])
    def test_an_excused_line_does_not_excuse_another(self, checked: Checked, turned: bool) -> None:
        lines = ["uuid==1.30\n", "uuid @ https://example.org/uuid.zip\n"]
        report = checked.report("".join(reversed(lines) if turned else lines))
        assert [f.wanted for f in report.findings if f.kind == "missing"] == [lines[1].rstrip()]

    @pytest.mark.parametrize("line", ["pkg-resources==0.0.0", "pkg_resources==0.0.0"])
    def test_debians_artefact(self, checked: Checked, line: str) -> None:
        assert checked.findings(line) == []
        assert checked.notes(line) == [("artefact", "pkg-resources")]

    def test_a_false_marker(self, checked: Checked) -> None:
        line = "foo==1.0; sys_platform == 'nowhere'\n"
        assert checked.findings(line) == []
        assert checked.notes(line) == [("marker", "foo")]

    def test_a_marker_without_meaning_is_an_error(self, checked: Checked) -> None:
        report = checked.report("foo==1.0; 'dev' in extras\n")
        assert [(e.at.line, "extras" in e.message) for e in report.errors if e.at] == [(1, True)]

    def test_a_marker_that_compares_what_is_no_version_is_an_error(self, checked: Checked) -> None:
        report = checked.report("foo==1.0; python_full_version ~= '3.x'\n")
        assert [(e.at.line, "'3.x'" in e.message) for e in report.errors if e.at] == [(1, True)]


class TestBroken:
    @pytest.mark.parametrize("version", ["1.0", "2.0", "3.0"])
    def test_two_distributions_of_one_project(self, checked: Checked, version: str) -> None:
        # Which of them the folder lists first must not matter.
        checked.install("foo-1.0")
        checked.install("foo-2.0")
        assert checked.findings(f"foo=={version}\n") == ["broken foo"]
        (broken,) = checked.report(f"foo=={version}\n").findings
        assert "'foo-1.0.dist-info' and 'foo-2.0.dist-info'; uninstall it until" in broken.message

    def test_a_folder_that_names_nothing(self, checked: Checked) -> None:
        (checked.site / "nameless.dist-info").mkdir()
        assert checked.findings("") == ["broken nameless"]

    @pytest.mark.parametrize("kind", ["archive_info", "dir_info"])
    @pytest.mark.parametrize("url", ["https://[", "https://a[b@h/x", "file://a'[b://@/c+d"])
    def test_a_direct_url_that_is_no_url(self, checked: Checked, url: str, kind: str) -> None:
        checked.install("foo-1.0", direct_url={"url": url, kind: {}})
        assert checked.findings("foo==1.0\n") == ["broken foo"]

    def test_what_pip_left_behind_is_a_note(self, checked: Checked) -> None:
        checked.install("~oo-1.0")
        assert checked.findings("") == []
        assert [reason for reason, _ in checked.notes("")] == ["leftover"]

    def test_an_interpreter_of_another_version(self, checked: Checked, tmp_path: Path) -> None:
        python = checked.folder / ".venv" / "bin" / "python"
        python.unlink()
        (tmp_path / "python3.12").write_text("")
        python.symlink_to(tmp_path / "python3.12")
        assert checked.findings("") == ["broken python"]

    def test_an_interpreter_that_is_gone(self, checked: Checked) -> None:
        python = checked.folder / ".venv" / "bin" / "python"
        python.unlink()
        python.symlink_to("/nowhere/python3.11")
        assert checked.findings("") == ["broken python"]


def test_the_counts_say_what_was_looked_at(checked: Checked) -> None:
    checked.install("foo-1.0")
    checked.install("pip-24.0")
    report = checked.report("foo==1.0\nwsgiref==0.1\nbar==1; python_version < '3'\n")
    assert (report.checked, report.skipped) == (1, 2)
    assert report.environment is not None
    assert len(report.environment.distributions) == 2
    assert [(Path(f.path).name, f.requirements) for f in report.files] == [("requirements.txt", 3)]


def test_json_round_trips(checked: Checked, capsys: pytest.CaptureFixture[str]) -> None:
    from reqdrift.cli import main

    checked.install("foo-1.0")
    (checked.folder / "requirements.txt").write_text("foo==2.0\n")
    assert main(["--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [(f["kind"], f["wanted"], f["installed"]) for f in document["findings"]] == [
        ("version", "foo==2.0", "1.0")
    ]


def test_a_marker_in_metadata_that_cannot_be_read_is_taken_to_hold(checked: Checked) -> None:
    checked.install("foo-1.0", requires=["bar; nonsense"])
    checked.install("bar-1.0")
    report = checked.report("foo==1.0\n")
    assert [f.message.partition("; ")[2] for f in report.findings] == ["needed by foo 1.0"]
