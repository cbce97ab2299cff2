"""`reqdrift fix`: what each finding becomes in the file, and what is left."""

from __future__ import annotations

from typing import Any

import pytest

from checked import case_of
from fixing import Fixed
from reqdrift.cli import main
from reqdrift.drift import compare
from reqdrift.drift.case import Case
from reqdrift.drift.policy import finding_about
from reqdrift.repair.rewrite import Wishes, rewrite
from reqdrift.values import CanonicalName
from reqdrift.values.findings import Finding

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "89abcdef0123456789abcdef0123456789abcdef"


def vcs(commit: str, url: str = "https://example.org/a/foo") -> dict[str, Any]:
    return {"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("foo==1.0\n", "foo==2.0\n"),
        ("foo\n", "foo==2.0\n"),
        ("foo  # why\n", "foo==2.0  # why\n"),
        ("  Foo == 1.0 # why\n", "  Foo == 2.0 # why\n"),
        ("foo>=1,<3\n", "foo==2.0\n"),
        ("foo >= 1, < 3 ; python_version > '3'\n", "foo == 2.0 ; python_version > '3'\n"),
        ("foo>=1;python_version>'3'\n", "foo==2.0;python_version>'3'\n"),
        ("foo[a, b]~=1.0\n", "foo[a, b]==2.0\n"),
        ("foo (>=1)\n", "foo ==2.0\n"),
        ("foo ()\n", "foo ==2.0\n"),
        ("foo \\\n    >=1 \\\n    ; python_version > '3'\n", None),
        ("foo===1.0\n", "foo==2.0\n"),
        ("foo\t==1.0\n", "foo\t==2.0\n"),
        ("foo==1.0", "foo==2.0"),
        ("foo==1.0\r\n# end\r\n", "foo==2.0\r\n# end\r\n"),
        ("foo == 1.*\n", "foo == 2.0\n"),
    ],
)
def test_the_specifier_alone_changes(fixed: Fixed, before: str, after: str | None) -> None:
    fixed.install("foo-2.0", requires=[])
    text = fixed.fix(before)
    expected = "foo \\\n    ==2.0 \\\n    ; python_version > '3'\n" if after is None else after
    assert text == expected
    assert main([]) == 0
    assert fixed.fix(text) == text


def test_a_version_that_pep_440_does_not_know(fixed: Fixed) -> None:
    fixed.install("foo-2004d")
    assert fixed.fix("foo==1.0\n") == "foo===2004d\n"


def test_a_constraint_is_edited_where_it_stands(fixed: Fixed) -> None:
    fixed.install("foo-2.0")
    (fixed.folder / "limits.txt").write_text("# limits\nfoo<2  # old\n")
    fixed.fix("-c limits.txt\nfoo==2.0\n", code=1)  # a contradiction is left
    (fixed.folder / "limits.txt").write_text("# limits\nfoo==1.0  # old\n")
    assert fixed.fix("-c limits.txt\nfoo\n") == "-c limits.txt\nfoo\n"
    assert (fixed.folder / "limits.txt").read_text() == "# limits\nfoo==2.0  # old\n"


def test_an_absent_project_goes_with_what_belongs_to_its_line(fixed: Fixed) -> None:
    fixed.install("bar-1.0")
    before = (
        "# the first group\n"
        "bar==1.0  # kept\n"
        "foo==1.0 ; python_version > '3' \\\n"
        "    # trailing\n"
        "    # via\n"
        "    #   bar\n"
        "\n"
        "# the second group\n"
        "foo<9\n"
    )
    after = "# the first group\nbar==1.0  # kept\n\n# the second group\n"
    assert fixed.fix(before) == after.replace(
        "\n\n", "\n    # trailing\n    # via\n    #   bar\n\n"
    )


def test_an_absent_project_with_annotation(fixed: Fixed) -> None:
    fixed.install("bar-1.0")
    before = "bar==1.0\n    # via -r a.in\nfoo==1.0\n    # via\n    #   bar\n    #   baz\nbar\n"
    assert fixed.fix(before) == "bar==1.0\n    # via -r a.in\nbar\n"


def test_absent_projects_can_be_kept(fixed: Fixed) -> None:
    assert fixed.fix("foo==1.0\n", "--keep-missing", code=1) == "foo==1.0\n"


def test_an_unmet_extra_is_left(fixed: Fixed, capsys: pytest.CaptureFixture[str]) -> None:
    fixed.install("foo-1.0", requires=['bar; extra == "x"'])
    assert fixed.fix("foo[x]==1.0\n", code=1) == "foo[x]==1.0\n"
    assert "install what the extra needs" in capsys.readouterr().out


class TestAddition:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("", "new==1.0\n"),
            ("aaa==1\nzzz==1\n", "aaa==1\nnew==1.0\nzzz==1\n"),
            ("ooo==1\nzzz==1\n", "new==1.0\nooo==1\nzzz==1\n"),
            ("aaa==1\nbbb==1\n", "aaa==1\nbbb==1\nnew==1.0\n"),
            ("aaa==1\nbbb==1", "aaa==1\nbbb==1\nnew==1.0"),
            ("zzz==1\naaa==1\n", "zzz==1\naaa==1\nnew==1.0\n"),
            ("zzz==1\naaa==1\n\n\n", "zzz==1\naaa==1\nnew==1.0\n\n\n"),
            ("aaa==1\r\nzzz==1\r\n", "aaa==1\r\nnew==1.0\r\nzzz==1\r\n"),
            ("aaa==1\n    # via x\nzzz==1\n", "aaa==1\n    # via x\nnew==1.0\nzzz==1\n"),
            ("# head\nooo==1\nzzz==1\n", "# head\nnew==1.0\nooo==1\nzzz==1\n"),
        ],
    )
    def test_in_its_place(self, fixed: Fixed, before: str, after: str) -> None:
        for name in ("aaa", "bbb", "ooo", "zzz"):
            if name in before:
                fixed.install(f"{name}-1")
        fixed.install("new-1.0")
        assert fixed.fix(before) == after
        assert main([]) == 0

    def test_what_a_freeze_leaves_out(self, fixed: Fixed) -> None:
        fixed.install("app-1.0", requires=["aaa", "bbb", "ccc"])
        for release in ("aaa-1.0", "bbb-1.0", "ccc-1.0"):
            fixed.install(release)
        before, after = "aaa==1.0\napp==1.0\nbbb==1.0\n", "aaa==1.0\napp==1.0\nbbb==1.0\nccc==1.0\n"
        assert fixed.fix(before) == after
        assert main([]) == 0
        # In the file that is one, and that may be all that another one includes.
        included = fixed.folder / "frozen.txt"
        included.write_text(before)
        assert fixed.fix("-r frozen.txt\n") == "-r frozen.txt\n"
        assert included.read_text() == after

    def test_several_in_the_files_own_order(self, fixed: Fixed) -> None:
        for release in ("Beta-1", "gamma-1", "Alpha-1", "delta-1"):
            fixed.install(release)
        text = fixed.fix("Beta==1\ngamma==1\n")
        assert text == "Alpha==1\nBeta==1\ndelta==1\ngamma==1\n"

    def test_as_the_metadata_spells_it(self, fixed: Fixed) -> None:
        fixed.install("Mark_It-1.0")
        metadata = fixed.site / "Mark_It-1.0.dist-info" / "METADATA"
        metadata.write_text("Name: Mark.It\nVersion: 1.0\n\n")
        assert fixed.fix("") == "Mark.It==1.0\n"

    def test_from_where_it_came_without_credentials(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0", direct_url=vcs(COMMIT, "https://user:secret@example.org/a/foo"))
        folder = fixed.folder.parent.as_uri()
        fixed.install("bar-1.0", direct_url={"url": folder, "dir_info": {"editable": True}})
        text = fixed.fix("")
        assert text == (f"-e {folder}#egg=bar\nfoo @ git+https://example.org/a/foo@{COMMIT}\n")
        assert main([]) == 0

    def test_only_orphans_if_asked(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0", requires=["needed"])
        fixed.install("needed-1.0")
        fixed.install("orphan-1.0")
        assert fixed.fix("foo==1.0\n", "--unlisted", "orphans") == "foo==1.0\norphan==1.0\n"


class TestRefusals:
    def test_hashes(self, fixed: Fixed, capsys: pytest.CaptureFixture[str]) -> None:
        fixed.install("foo-2.0")
        fixed.install("new-1.0")
        before = "foo==1.0 --hash=sha256:aa\n"
        assert fixed.fix(before, "--force", code=1) == before
        out = capsys.readouterr().out
        assert "lines with hashes are not edited" in out
        assert "has a hash, so pip requires hashes on every line" in out

    @pytest.mark.parametrize(
        ("header", "command"),
        [
            (
                "#\n# This file is autogenerated by pip-compile with Python 3.11\n"
                "# by the following command:\n#\n#    pip-compile --no-emit-index-url a.in\n#\n",
                "pip-compile -P foo==2.0 --no-emit-index-url a.in",
            ),
            (
                "# This file was autogenerated by uv via the following command:\n"
                "#    uv pip compile a.in -o requirements.txt\n",
                "uv pip compile --upgrade-package foo==2.0 a.in -o requirements.txt",
            ),
        ],
    )
    def test_generated_files(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str], header: str, command: str
    ) -> None:
        fixed.install("foo-2.0")
        before = header + "foo==1.0\n"
        assert fixed.fix(before, code=1) == before
        said = capsys.readouterr().out
        assert ": the file is generated\n" in said
        assert f"\nto regenerate requirements.txt, run: {command}\n" in said
        assert fixed.fix(before, "--force") == header + "foo==2.0\n"

    def test_contradictions(self, fixed: Fixed, capsys: pytest.CaptureFixture[str]) -> None:
        fixed.install("foo-1.0")
        before = "foo==1.0\nfoo==2.0\n"
        assert fixed.fix(before, code=1) == before
        assert "only you can decide which line is right" in capsys.readouterr().out

    def test_variables(self, fixed: Fixed, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WANTED", "1.0")
        fixed.install("foo-2.0")
        assert fixed.fix("foo==${WANTED}\n", code=1) == "foo==${WANTED}\n"

    def test_a_file_that_cannot_be_read_whole(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fixed.install("foo-2.0")
        assert fixed.fix("foo==1.0\nb b\n", code=2) == "foo==1.0\nb b\n"
        err = capsys.readouterr().err
        assert "requirements.txt:2: error: " in err
        assert "nothing was changed" in err

    def test_a_broken_environment(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0")
        (fixed.site / "bad.dist-info").mkdir()
        assert fixed.fix("foo==1.0\n", code=1) == "foo==1.0\n"


def test_an_exact_repetition_goes(fixed: Fixed) -> None:
    fixed.install("foo-1.0")
    assert fixed.fix("foo==1.0\n# c\nfoo == 1.0\n") == "foo==1.0\n# c\n"
    assert fixed.fix("foo==2.0\nfoo==2.0\n") == "foo==1.0\n"


def test_notes_are_left_alone(fixed: Fixed) -> None:
    # asynchat is of the library of Python 3.11.
    before = "asynchat==1\npywin32==3; sys_platform == 'win32'\npkg-resources==0.0.0\n"
    assert fixed.fix(before) == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le-bom", "latin-1"])
def test_the_files_own_encoding(fixed: Fixed, encoding: str) -> None:
    fixed.install("foo-2.0")
    fixed.install("new-1.0")
    text = "# ünï\r\nfoo==1.0\r\nzzz-none==1.0 ; python_version < '3'\r\n"
    mark = b""
    if encoding == "utf-16-le-bom":
        mark, encoding = b"\xff\xfe", "utf-16-le"
    if encoding == "latin-1":
        text = f"# coding: latin-1\r\n{text}"
    fixed.file.write_bytes(mark + text.encode(encoding))
    assert main(["fix"]) == 0
    after = text.replace("foo==1.0\r\n", "foo==2.0\r\nnew==1.0\r\n")
    assert fixed.file.read_bytes() == mark + after.encode(encoding)


class TestWhatIsNotInstalledHere:
    def test_a_range_goes_like_a_pin(self, fixed: Fixed) -> None:
        fixed.install("bar-1.0")
        assert fixed.fix("foo>=1\nbar==1.0\n") == "bar==1.0\n"

    def test_a_line_for_elsewhere_is_not_pinned(self, fixed: Fixed) -> None:
        before = "foo>=1 ; python_version < '3'\nbar>=1 ; python_version > '3'\n"
        fixed.install("bar-1.0")
        assert fixed.fix(before) == before.replace("bar>=1", "bar==1.0")

    def test_but_it_needs_no_pin_beside_one_for_here(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fixed.install("foo-2.0")
        before = "foo>=1 ; python_version < '3'\nfoo>=2 ; python_version > '3'\n"
        assert fixed.fix(before) == before.replace("foo>=2", "foo==2.0")
        assert "not fixed" not in capsys.readouterr().out

    def test_a_pin_that_goes_leaves_a_range_unpinned(self, fixed: Fixed) -> None:
        before = "foo==1.0\nfoo>=1 ; python_version < '3'\n"
        assert fixed.fix(before) == "foo>=1 ; python_version < '3'\n"

    def test_every_nameless_line_of_an_absent_project_goes(self, fixed: Fixed) -> None:
        (fixed.folder / "lib").mkdir()
        (fixed.folder / "lib" / "pyproject.toml").write_text("[project]\nname = 'foo'\n")
        assert fixed.fix("./lib\n# and\n-e ./lib\nfoo==1\n") == "# and\n"


class TestRepetitions:
    def test_ranges_that_become_one_pin(self, fixed: Fixed) -> None:
        fixed.install("foo-2.0")
        assert fixed.fix("foo>=1  # a\n# c\nfoo<3  # b\n") == "foo==2.0  # a\n# c\n"

    def test_a_cautious_repair_leaves_them(self, fixed: Fixed) -> None:
        fixed.install("foo-2.0")
        assert fixed.fix("foo==2.0\nfoo==2.0\n", "--cautious", code=1) == "foo==2.0\nfoo==2.0\n"

    def test_places_are_those_of_the_new_file_and_of_the_old_in_a_diff(
        self, fixed: Fixed, capfd: pytest.CaptureFixture[str]
    ) -> None:
        fixed.install("foo-1.0")
        fixed.file.write_text("absent==1\nfoo==1.0\nfoo==2.0\n")
        assert main(["diff"]) == 1
        assert (
            "requirements.txt:3: conflict not fixed: foo==2.0 contradicts" in capfd.readouterr().err
        )
        assert main(["fix"]) == 1
        assert (
            "requirements.txt:2: conflict not fixed: foo==2.0 contradicts" in capfd.readouterr().out
        )

    @pytest.mark.parametrize("severity", ["error", "warning"])
    def test_no_severity_makes_a_contradiction_one(self, fixed: Fixed, severity: str) -> None:
        fixed.install("foo-1.0")
        words = ("--severity", f"conflict={severity}")
        assert fixed.fix("foo==1.0\nfoo==2.0\n", *words, code=1) == "foo==1.0\nfoo==2.0\n"
        assert fixed.fix("foo==1.0\nfoo==1.0\n", *words) == "foo==1.0\n"


class TestTruth:
    def test_what_is_installed_twice_is_no_truth(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fixed.install("foo-2.0")
        fixed.install("foo-3.0")
        assert fixed.fix("foo>=1.0\n", code=1) == "foo>=1.0\n"
        assert ": repair the environment\n" in capsys.readouterr().out

    def test_nor_is_what_came_from_nobody_knows_where(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fixed.install("foo-2.0", direct_url={})
        assert fixed.fix("", code=1) == ""
        assert "not fixed" in capsys.readouterr().out

    def test_an_archive_that_no_line_can_pin(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        url = "https://example.org/archive/main.zip"
        fixed.install("foo-2.0", direct_url={"url": url, "archive_info": {}})
        for before in ("", f"foo @ {url}\n", "foo==1.0 ; python_version > '3'\n"):
            expected = before.replace("==1.0", "==2.0")
            assert fixed.fix(before, code=0 if "==" in before else 1) == expected
        assert capsys.readouterr().out.count("neither a recorded hash") == 2

    def test_hashes_anywhere_mean_hashes_everywhere(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0")
        fixed.install("bar-1.0")
        before = "foo==1.0 --hash=sha256:ab\nbar==1.0\n"
        fixed.install("new-1.0")
        assert fixed.fix(before, code=1) == before

    def test_a_character_that_the_encoding_lacks(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fixed.install("foo-1.0", direct_url=vcs(COMMIT, "https://example.org/日本/foo"))
        before = "# coding: latin-1\n"
        assert fixed.fix(before, code=1) == before
        assert "the file's encoding, latin-1, cannot encode it" in capsys.readouterr().out

    def test_an_encoding_that_does_not_give_the_same_bytes_back(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fixed.install("foo-2.0")
        before = "# coding: utf-8-sig\nfoo==1.0\n"
        assert fixed.fix(before, code=2) == before
        assert main(["diff"]) == 2
        assert "its encoding is not supported; nothing was written" in capsys.readouterr().err


def test_a_source_of_a_compiler_is_compiled_not_fixed(fixed: Fixed) -> None:
    fixed.install("foo-2.0")
    (fixed.folder / "requirements.in").write_text("foo>=1\n")
    assert main(["fix", "requirements.in"]) == 1
    assert (fixed.folder / "requirements.in").read_text() == "foo>=1\n"
    assert main(["fix", "requirements.in", "--force"]) == 0


def test_a_patch_does_not_show_credentials(
    fixed: Fixed, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    fixed.install("foo-2.0")
    url = "--extra-index-url https://user:s3cret@example.org/simple\n"
    fixed.file.write_text(f"{url}# a\n# b\nfoo==1.0\n")
    assert main(["diff"]) == 1
    out = capsysbinary.readouterr().out
    assert b"s3cret" not in out
    assert b"+foo==2.0\n" in out
    fixed.file.write_text(f"{url}foo==1.0\n")
    assert main(["diff"]) == 2
    out, err = capsysbinary.readouterr()
    assert b"s3cret" not in out + err
    assert b"use `reqdrift fix` instead" in err
    assert main(["fix"]) == 0
    assert b"s3cret" not in capsysbinary.readouterr().out


class TestAnotherLineForElsewhere:
    """An unconditional line beside one with a marker would hold everywhere."""

    TEXT = "foo==2.0 ; python_version < '3'\n"

    @pytest.mark.parametrize("words", [(), ("--cautious",)])
    def test_nothing_is_added(
        self, fixed: Fixed, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
    ) -> None:
        fixed.install("foo-1.0")
        assert fixed.fix(self.TEXT, *words, code=1) == self.TEXT
        said = capsys.readouterr().out
        assert "requirements.txt:1 asks for foo under another marker" in said
        assert "write the line with its marker by hand" in said

    def test_a_constraint_for_elsewhere_asks_for_nothing(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0")
        (fixed.folder / "limits.txt").write_text(self.TEXT)
        assert fixed.fix("-c limits.txt\n").splitlines() == ["-c limits.txt", "foo==1.0"]


def rewritten(
    case: Case, *more: Finding, kinds: str = "", wishes: Wishes | None = None
) -> tuple[str, list[str]]:
    """The text of the only file, and why some findings are not fixed."""
    report = compare(case)
    found = [f for f in report.findings if not kinds or f.kind in kinds.split()]
    outcome = rewrite(report._replace(findings=(*found, *more)), case, wishes or Wishes())
    text = outcome.changed[0].text if outcome.changed else case.files[0].text
    return text, [repair.refused for repair in outcome.repairs if repair.refused]


class TestOneRound:
    """The edits for some findings, by values alone."""

    def test_a_cautious_one_deletes_nothing(self) -> None:
        case = case_of("absent==1\n")
        assert rewritten(case) == ("", [])
        refused = ["--cautious deletes nothing"]
        assert rewritten(case, wishes=Wishes(cautious=True)) == ("absent==1\n", refused)

    def test_a_cautious_one_follows_only_what_is_newer_than_the_line(self) -> None:
        case = case_of("foo==1\nbar==1\n", "foo-2", "bar-2")
        older = frozenset({("/r.txt", 2)})
        text, refused = rewritten(case, wishes=Wishes(cautious=True, dated_older=older))
        assert text == "foo==1\nbar==2\n"
        assert refused == ["the line is not known to be older than the installation"]

    def test_a_warning_about_a_dependency_does_not_fail(self) -> None:
        case = case_of("foo==1\n", "foo-1")
        at, name = case.lines[0].at, CanonicalName("bar")
        unmet = Finding("unmet", "warning", name, at, "bar>=2", "1", "foo needs bar>=2")
        assert rewritten(case, unmet) == ("foo==1\n", [])
        refused = ["no change of the file can fix it; install what is needed"]
        assert rewritten(case, unmet._replace(severity="error")) == ("foo==1\n", refused)

    def test_what_a_root_brought_in_waits_for_it(self) -> None:
        needs = {"root": ["part"], "part": []}
        case = case_of("", "root-1", "part-1", requires=needs)
        assert rewritten(case) == ("root==1\n", [])
        files = (case.files[0]._replace(is_lock=True),)
        case = case._replace(requirements=case.requirements._replace(files=files))
        text, (one, other) = rewritten(case)
        assert (text, one) == ("", other)
        assert one.startswith("a lock file is not edited; ")

    def test_a_source_that_is_not_recorded_is_not_replaced(self) -> None:
        case = case_of(f"foo @ git+https://h/foo@{COMMIT}\n", "foo-1")
        assert rewritten(case)[0] == "foo==1\n"
        foo = case.environment.distributions[CanonicalName("foo")]
        unknown = {foo.name: foo._replace(entry="foo-1.egg-info")}
        case = case._replace(environment=case.environment._replace(distributions=unknown))
        wrong = finding_about(case, "source", case.lines[0], "it is a release")
        refused = ["where it was installed from is not recorded"]
        assert rewritten(case, wrong, kinds="none") == (case.files[0].text, refused)

    def test_nothing_is_added_that_a_constraint_forbids(self) -> None:
        case = case_of("", "foo-1")
        (limit,) = case_of("foo>=2\n").lines
        name = CanonicalName("foo")
        text, (why,) = rewritten(case._replace(limits={name: (limit._replace(constraint=True),)}))
        assert text == ""
        assert why.startswith("/r.txt:1 says foo>=2; change the constraint, or install what")

    def test_a_constraint_on_what_is_absent_stays(self) -> None:
        case = case_of("foo==1\nfoo<2\nfoo>0; os_name == 'x'\n")
        one, limit, other = case.lines
        lines = (one, limit._replace(constraint=True), other)
        case = case._replace(lines=lines, applicable={CanonicalName("foo"): lines[:2]})
        assert rewritten(case, kinds="missing")[0] == "foo<2\nfoo>0; os_name == 'x'\n"
