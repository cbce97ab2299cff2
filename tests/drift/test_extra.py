"""`extra`: installed, and not listed."""

from __future__ import annotations

from pathlib import Path

from checked import Checked, short


def test_nothing_needs_it(checked: Checked) -> None:
    checked.install("foo-1.0")
    report = checked.report("")
    assert [short(f) for f in report.findings] == ["extra foo"]
    assert "nothing needs it" in report.findings[0].message
    assert report.findings[0].at.file == str(checked.folder / "requirements.txt")


def test_who_needs_it(checked: Checked) -> None:
    checked.install("rich-1.0", requires=["markdown-it-py>=2"])
    checked.install("markdown_it_py-3.0", requires=["mdurl~=0.1"])
    checked.install("mdurl-0.1")
    report = checked.report("rich==1.0\n")
    assert {f.project: f.why for f in report.findings} == {
        "markdown-it-py": "needed by rich 1.0",
        "mdurl": "needed by markdown-it-py 3.0, needed by rich",
    }
    assert {f.project: f.needed_by for f in report.findings} == {
        "markdown-it-py": ("rich",),
        "mdurl": ("markdown-it-py",),
    }


def test_a_need_under_a_false_marker_or_unasked_extra_is_none(checked: Checked) -> None:
    checked.install(
        "foo-1.0", requires=["bar; python_version < '3'", 'baz; extra == "more"', "qux[x]"]
    )
    for name in ("bar", "baz", "qux"):
        checked.install(f"{name}-1.0")
    report = checked.report("foo==1.0\n")
    assert {f.project: f.why for f in report.findings} == {
        "bar": "nothing needs it",
        "baz": "nothing needs it",
        "qux": "needed by foo 1.0",
    }


def test_orphans_policy_allows_what_listed_projects_need(checked: Checked) -> None:
    checked.install("foo-1.0", requires=["bar", 'baz; extra == "more"'])
    for name in ("bar", "baz", "orphan"):
        checked.install(f"{name}-1.0")
    assert checked.findings("foo==1.0\n", unlisted="orphans") == ["extra baz", "extra orphan"]
    assert checked.findings("foo[more]==1.0\n", unlisted="orphans") == ["extra orphan"]


def test_a_line_that_does_not_apply_does_not_list(checked: Checked) -> None:
    checked.install("foo-1.0")
    assert checked.findings("foo==1.0; python_version < '3'\n") == ["extra foo"]


def test_seed_packages_before_python_312(checked: Checked) -> None:
    for release in ("pip-24.0", "setuptools-70.0", "wheel-0.43"):
        checked.install(release)
    assert checked.findings("") == []
    assert checked.notes("") == [("tool", name) for name in ("pip", "setuptools", "wheel")]


def test_seed_packages_on_newer_pythons(project: Path) -> None:
    newer = Checked(project, "3.12.1")
    newer.install("pip-24.0")
    newer.install("setuptools-70.0")
    assert newer.findings("") == []
    # What `pip install -U wheel` brings besides.
    newer.install("wheel-0.46", requires=["packaging"])
    newer.install("packaging-26.0")
    assert newer.findings("") == []
    newer.install("other-1.0", requires=["packaging"])
    assert newer.findings("other==1.0\n") == ["extra packaging"]


def test_hidden_by_pip(checked: Checked) -> None:
    checked.install("argparse-1.4.0")
    assert checked.findings("") == []
    assert checked.notes("") == [("stdlib", "argparse")]
    assert checked.findings("argparse==1.3.0\n") == ["version argparse line 1"]


def test_tools_and_what_only_they_need(checked: Checked) -> None:
    checked.install("reqdrift-1.0", requires=["rich", "packaging"])
    checked.install("rich-1.0", requires=["pygments"])
    checked.install("pygments-1.0")
    checked.install("packaging-1.0")
    checked.install("foo-1.0", requires=["packaging"])
    assert checked.findings("foo==1.0\n") == ["extra packaging"]
    assert checked.findings("foo==1.0\npackaging==1.0\n") == []


def test_seed_packages_are_nobodys_reason(checked: Checked) -> None:
    checked.install("pip_tools-7.0", requires=["build", "wheel"])
    checked.install("build-1.0", requires=["packaging"])
    checked.install("wheel-0.43", requires=["packaging"])
    checked.install("packaging-24.0")
    assert checked.findings("") == []


def test_pip_compile_names_what_it_leaves_out(project: Path) -> None:
    newer = Checked(project, "3.12.1")
    newer.install("setuptools-70.0")
    text = (
        "# The following packages are considered to be unsafe in a requirements file:\n"
        "# setuptools\n"
    )
    assert newer.findings(text) == []


def test_the_project_itself_by_folder(checked: Checked) -> None:
    folder = checked.folder / "services" / "app"
    folder.mkdir(parents=True)
    direct = {"url": folder.as_uri(), "dir_info": {"editable": True}}
    checked.install("app-1.0", direct_url=direct)
    assert checked.findings("") == []
    assert checked.notes("") == [("local", "app")]


def test_the_project_itself_by_name(checked: Checked) -> None:
    (checked.folder / "pyproject.toml").write_text('[project]\nname = "My.App"\n')
    checked.install("my_app-1.0")
    assert checked.findings("") == []


def test_a_folder_elsewhere_is_extra(checked: Checked) -> None:
    direct = {"url": checked.folder.parent.as_uri(), "dir_info": {"editable": True}}
    checked.install("app-1.0", direct_url=direct)
    assert checked.findings("") == ["extra app"]


def test_not_judged_while_a_line_cannot_be_read(checked: Checked) -> None:
    checked.install("foo-1.0")
    report = checked.report("foo=1.0\n")
    assert report.findings == ()
    assert [e.at.line for e in report.errors if e.at] == [1]
    assert ("unsure", None) in [(n.reason, n.project) for n in report.notes]


def test_a_constraint_lists_nothing(checked: Checked) -> None:
    checked.install("foo-1.0")
    (checked.folder / "constraints.txt").write_text("foo==1.0\n")
    assert checked.findings("-c constraints.txt\n") == ["extra foo"]


def test_a_marker_in_metadata_that_cannot_be_read_is_taken_to_hold(checked: Checked) -> None:
    checked.install("foo-1.0", requires=["bar; nonsense"])
    checked.install("bar-1.0")
    report = checked.report("foo==1.0\n")
    assert [f.why for f in report.findings] == ["needed by foo 1.0"]
