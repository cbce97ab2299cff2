"""`reqdrift fix --cautious`: by git, which lines are older than the installation."""

from __future__ import annotations

import os

import pytest

from fixing import Fixed
from support import run_git


class TestCautious:
    @pytest.fixture
    def dated(self, fixed: Fixed, monkeypatch: pytest.MonkeyPatch) -> Fixed:
        (fixed.folder / ".git").rmdir()
        run_git("init", "-q", cwd=fixed.folder)
        fixed.install("foo-2.0")
        fixed.file.write_text("foo==1.0\nabsent==1.0\n")
        run_git("add", "requirements.txt", cwd=fixed.folder)
        run_git("commit", "-qm", "pin", cwd=fixed.folder)
        return fixed

    def installed_at(self, fixed: Fixed, shift: float) -> None:
        committed = float(run_git("log", "-1", "--format=%ct", cwd=fixed.folder))
        record = fixed.site / "foo-2.0.dist-info" / "RECORD"
        os.utime(record, (committed + shift, committed + shift))

    def test_a_stale_line_is_rewritten_and_nothing_deleted(self, dated: Fixed) -> None:
        self.installed_at(dated, 3600)
        assert dated.fix(dated.file.read_text(), "--cautious", code=1) == "foo==2.0\nabsent==1.0\n"

    def test_a_fresh_pin_survives_a_stale_environment(self, dated: Fixed) -> None:
        self.installed_at(dated, -3600)
        before = dated.file.read_text()
        assert dated.fix(before, "--cautious", code=1) == before

    def test_an_uncommitted_line_survives(self, dated: Fixed) -> None:
        self.installed_at(dated, 3600)
        assert dated.fix("foo==1.5\n", "--cautious", code=1) == "foo==1.5\n"

    def test_an_undated_line_survives(self, fixed: Fixed) -> None:
        fixed.install("foo-2.0")
        assert fixed.fix("foo==1.0\n", "--cautious", code=1) == "foo==1.0\n"

    def test_what_is_new_is_added(self, fixed: Fixed) -> None:
        fixed.install("foo-2.0")
        assert fixed.fix("", "--cautious") == "foo==2.0\n"
