"""Edits of lines: where a new one goes, and what becomes of the others."""

from __future__ import annotations

import pytest

from checked import case_of
from fixing import Fixed
from reqdrift.cli import main
from reqdrift.repair.edits import (
    Deletion,
    Insertion,
    Replacement,
    apply_edits,
    end_of_annotation,
    insertion_point,
)
from reqdrift.values import CanonicalName

FILE = "/r.txt"


class TestContinuations:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("aaa==1 \\", "aaa==1 \\\n\nnew==1.0"),
            ("aaa==1 \\\n", "aaa==1 \\\n\nnew==1.0\n"),
            ("aaa==1 \\\r", "aaa==1 \\\r\rnew==1.0\r"),
            ("aaa==1 \\\n\n", "aaa==1 \\\n\nnew==1.0\n"),
            ("aaa==1 \\\n# c\nzzz==1\n", "aaa==1 \\\n# c\nnew==1.0\nzzz==1\n"),
            ("zzz==1\naaa==1 # c \\\n", "zzz==1\naaa==1 # c \\\n\nnew==1.0\n"),
            ("zzz==1\naaa==1\n# c \\\n", "zzz==1\naaa==1\n# c \\\nnew==1.0\n"),
        ],
    )
    def test_none_swallows_a_new_line(self, fixed: Fixed, before: str, after: str) -> None:
        for name in ("aaa", "zzz"):
            if name in before:
                fixed.install(f"{name}-1")
        fixed.install("new-1.0")
        assert fixed.fix(before) == after
        assert main([]) == 0


class TestOrder:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("zzz==1\n", "new==1.0\nzzz==1\n"),
            ("# head\n\nzzz==1\n", "# head\n\nnew==1.0\nzzz==1\n"),
            ("# ooo's\nooo==1\n# zzz's\nzzz==1\n", "new==1.0\n# ooo's\nooo==1\n# zzz's\nzzz==1\n"),
            (
                "# coding: utf-8\nooo==1\n# zzz's\nzzz==1\n",
                "# coding: utf-8\nnew==1.0\nooo==1\n# zzz's\nzzz==1\n",
            ),
            ("-e ./zzz\naaa==1\n", "-e ./zzz\naaa==1\nnew==1.0\n"),
        ],
    )
    def test_a_new_line_parts_nothing(self, fixed: Fixed, before: str, after: str) -> None:
        for name in ("aaa", "ooo"):
            if name in before:
                fixed.install(f"{name}-1")
        if "-e" in before:
            (fixed.folder / "zzz").mkdir()
            url = (fixed.folder / "zzz").as_uri()
            fixed.install("zzz-1", direct_url={"url": url, "dir_info": {"editable": True}})
        elif "zzz" in before:
            fixed.install("zzz-1")
        fixed.install("new-1.0")
        assert fixed.fix(before) == after
        assert main([]) == 0

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            # By name, as pip and uv do; by text, as `sort` does: `-` comes before `=`.
            ("a==1\na-b==1\nz==1\n", "a==1\na-b==1\nnew==1.0\nnew-er==1.0\nz==1\n"),
            ("a-b==1\na==1\nz==1\n", "a-b==1\na==1\nnew-er==1.0\nnew==1.0\nz==1\n"),
            ("Z==1\na-b==1\na==1\n", "Z==1\na-b==1\na==1\nnew-er==1.0\nnew==1.0\n"),
        ],
    )
    def test_as_the_file_itself_sorts(self, fixed: Fixed, before: str, after: str) -> None:
        for release in ("a-1", "a_b-1", "z-1", "new-1.0"):
            fixed.install(release)
        metadata = fixed.site / "new_er-1.0.dist-info" / "METADATA"
        fixed.install("new_er-1.0")
        metadata.write_text("Name: new-er\nVersion: 1.0\n\n")
        assert fixed.fix(before) == after


class TestApplied:
    """The text after some edits; every other line is as it was."""

    TEXT = "a==1\nb==1 \\\n  --hash=x\nc==1\n"

    def test_a_replacement_of_several_lines(self) -> None:
        edit = Replacement(FILE, 2, 3, "b==2\n", "")
        assert apply_edits(self.TEXT, [edit]) == "a==1\nb==2\nc==1\n"

    def test_a_deletion_takes_the_annotation_along(self) -> None:
        text = "a==1\n    # via\n    #   -r a.in\n    #   b\n# my own\nb==1\n"
        assert apply_edits(text, [Deletion(FILE, 1, 1, "")]) == "# my own\nb==1\n"

    def test_a_deletion_counts_more_than_a_replacement(self) -> None:
        edits = (Deletion(FILE, 1, 1, ""), Replacement(FILE, 1, 1, "a==2\n", ""))
        for both in (edits, edits[::-1]):
            assert apply_edits("a==1\nb==1\n", both) == "b==1\n"

    def test_insertions_at_one_place_are_sorted(self) -> None:
        edits = [Insertion(FILE, 1, order, f"{order}==1", "") for order in "dcb"]
        assert apply_edits("a==1\nz==1\n", edits) == "a==1\nb==1\nc==1\nd==1\nz==1\n"

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("", "new\n"),
            ("a\r\n", "a\r\nnew\r\n"),
            ("a\r", "a\rnew\r"),
            ("a", "a\nnew"),
            ("a\r\nb", "a\r\nb\r\nnew"),
        ],
    )
    def test_a_new_line_ends_as_the_others_do(self, before: str, after: str) -> None:
        last = len(before.splitlines())
        assert apply_edits(before, [Insertion(FILE, last, "", "new", "")]) == after

    def test_nothing_to_do(self) -> None:
        assert apply_edits("a\r\nb", []) == "a\r\nb"


@pytest.mark.parametrize(
    ("below", "end"),
    [
        ("", 1),
        ("    # via flask\n", 2),
        ("    # via\n    #   flask\n    #   click\n", 4),
        ("    # via flask\n    # from https://h/simple\n", 3),
        ("    # mine\n", 1),
        ("# via flask\n", 1),  # at the margin
        ("    # via flask\n    #   mine\n", 2),
    ],
)
def test_the_annotation_of_a_requirement(below: str, end: int) -> None:
    lines = f"foo==1\n{below}bar==1\n".splitlines(keepends=True)
    assert end_of_annotation(lines, 1) == end


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("a==1\nc==1\n", "b", 1),
        ("a==1\nc==1\n", "d", 2),
        ("b==1\nc==1\n", "a", 0),
        ("c==1\na==1\n\n\n", "b", 2),  # in no order: at the end
        ("", "a", 0),
        ("# head\n\n", "a", 1),
        ("a==1\n    # via x\nc==1\n", "b", 2),
        ("A==1\nb==1\nC==1\n", "bb", 2),
        ("-e git+https://h/b#egg=x\n-e git+https://h/a#egg=y\nfoo==1\n", "bar", 2),
    ],
)
def test_where_a_new_line_belongs(text: str, name: str, place: int) -> None:
    lines = case_of(text).lines
    spot = insertion_point(text, lines, CanonicalName(name), name, f"{name}==1")
    assert spot.after == place


@pytest.mark.parametrize(
    ("annotation", "rest"),
    [
        ("    # via bar\n", "    # another comment\n"),
        ("    # via\n    #   bar\n    #   baz\n", "    # another comment\n"),
        ("    # via bar\n    # from https://example.org/simple\n", "# another comment\n"),
        ("", "    # another comment\n"),
        ("", "# via bar\n"),
    ],
)
def test_an_annotation_ends_where_other_comments_begin(
    fixed: Fixed, annotation: str, rest: str
) -> None:
    assert fixed.fix(f"foo==1.0\n{annotation}{rest}") == rest
