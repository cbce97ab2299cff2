"""`reqdrift fix`: where a new line goes."""

from __future__ import annotations

import pytest

from fixing import Fixed
from reqdrift.cli import main


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
