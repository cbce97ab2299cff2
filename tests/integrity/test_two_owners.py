"""Files of two distributions."""

from __future__ import annotations

import shutil

import pytest

from verified import Verified, found


class TestTwoOwners:
    @pytest.fixture
    def both(self, verified: Verified) -> Verified:
        verified.install("lantern-1.0", {"ns/__init__.py": "A\n", "ns/lantern.py": ""})
        verified.install("rope-2.0", {"ns/__init__.py": "B\n", "ns/rope.py": ""})
        return verified

    def test_the_second_has_overwritten_the_first(self, both: Verified) -> None:
        message = "ns/__init__.py matches the RECORD of rope 2.0, but not that of lantern 1.0"
        assert both.verify() == found(message)
        assert "hint" not in both.out  # to install one again would break the other

    def test_many_files_are_one_finding(self, both: Verified) -> None:
        for release, text in (("lantern-1.0", "A\n"), ("rope-2.0", "B\n")):
            shutil.rmtree(both.site / f"{release}.dist-info")
            names = ("ns/__init__.py", "ns/a.py", "ns/b.py")
            both.install(release, dict.fromkeys(names, text))
        (line,) = both.verify()
        assert "ns/__init__.py and 2 more match the RECORD of rope 2.0" in line

    def test_neither(self, both: Verified) -> None:
        (both.site / "ns" / "__init__.py").write_text("C\n")
        (line,) = both.verify()
        assert "of lantern 1.0 and rope 2.0 does not match RECORD" in line

    def test_whoever_is_selected(self, both: Verified) -> None:
        assert len(both.verify("--select", "lantern")) == 1

    def test_the_same_in_both_is_fine(self, verified: Verified) -> None:
        verified.install("lantern-1.0", {"ns/__init__.py": ""})
        verified.install("rope-2.0", {"ns/__init__.py": ""})
        assert verified.verify() == []
        assert "5 files of 2 distributions" in verified.last

    def test_two_of_one_name_are_both_looked_at(self, verified: Verified) -> None:
        verified.install("lantern-1.0", {"lantern.py": ""})
        verified.install("Lantern-2.0", {"wick.py": ""})
        (verified.site / "lantern.py").write_text("x")
        (verified.site / "wick.py").write_text("x")
        lines = verified.verify()
        assert [line.partition(":")[0] for line in lines] == ["broken", "modified", "modified"]


def test_a_folder_that_is_a_symbolic_link_loop(verified: Verified) -> None:
    verified.install("lantern-1.0")
    shutil.rmtree(verified.site / "lantern")
    (verified.site / "lantern").symlink_to("lantern")
    (broken,) = verified.verify()
    assert broken.startswith("broken: lantern/ of lantern 1.0 cannot be read: ")
    assert broken.endswith("(2 files)")
