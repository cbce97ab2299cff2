"""Files of two distributions, and files of none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from verified import Captured, Verified, VerifiedRoot, found


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
        assert verified.verify("--unrecorded") == []
        assert "5 files of 2 distributions" in verified.last

    def test_two_of_one_name_are_both_looked_at(self, verified: Verified) -> None:
        verified.install("lantern-1.0", {"lantern.py": ""})
        verified.install("Lantern-2.0", {"wick.py": ""})
        (verified.site / "lantern.py").write_text("x")
        (verified.site / "wick.py").write_text("x")
        lines = verified.verify("--unrecorded")
        assert [line.partition(":")[0] for line in lines] == ["broken", "modified", "modified"]


class TestUnrecorded:
    @pytest.fixture
    def lantern(self, verified: Verified) -> Verified:
        verified.install("lantern-1.0")
        return verified

    @pytest.mark.parametrize(
        "name, told",
        [
            ("sitecustomize.py", "sitecustomize.py"),
            ("lantern/evil.py", "lantern/evil.py"),
            ("evil/deep/a.py", "evil/"),
            ("lantern-1.0.dist-info/entry_points.txt", "lantern-1.0.dist-info/entry_points.txt"),
            ("run.pth", "run.pth"),
        ],
    )
    def test_a_file(self, lantern: Verified, name: str, told: str) -> None:
        (lantern.site / name).parent.mkdir(parents=True, exist_ok=True)
        (lantern.site / name).write_text("")
        many = " (1 file)" if told.endswith("/") else ""
        assert lantern.verify("--unrecorded") == found(
            f"{told} is in no distribution's RECORD{many}"
        )
        assert lantern.code == 1
        assert lantern.verify() == []  # only when asked

    @pytest.mark.parametrize(
        "name", ["_virtualenv.py", "_virtualenv.pth", "easy-install.pth", "README.txt", ".lock"]
    )
    def test_what_tools_leave(self, lantern: Verified, name: str) -> None:
        (lantern.site / name).write_text("")
        assert lantern.verify("--unrecorded") == []
        (lantern.site / "lantern" / name).write_text("")
        assert len(lantern.verify("--unrecorded")) == 1

    def test_a_link_to_a_folder_above(self, lantern: Verified) -> None:
        (lantern.site / "lantern" / "again").symlink_to("..")
        expected = found("lantern/again is in no distribution's RECORD")
        assert lantern.verify("--unrecorded") == expected

    def test_only_beside_what_is_selected(self, lantern: Verified) -> None:
        lantern.install("rope-1.0", {"rope/__init__.py": ""})
        for folder in ("rope", "lantern", "."):
            (lantern.site / folder / "evil.py").write_text("")
        expected = found("rope/evil.py is in no distribution's RECORD")
        assert lantern.verify("--unrecorded", "--select", "rope") == expected


def test_a_folder_that_is_a_symbolic_link_loop(verified: Verified) -> None:
    verified.install("lantern-1.0")
    shutil.rmtree(verified.site / "lantern")
    (verified.site / "lantern").symlink_to("lantern")
    broken, modified = verified.verify("--unrecorded")
    assert broken.startswith("broken: lantern/ of lantern 1.0 cannot be read: ")
    assert modified == "modified: lantern is in no distribution's RECORD"


@pytest.mark.parametrize("kind", [Verified, VerifiedRoot])
@pytest.mark.parametrize("target", ["nowhere", "WICK.py"])
def test_a_link_to_nothing_whose_name_is_listed_in_other_case(
    project: Path, capsys: Captured, kind: type[Verified], target: str
) -> None:
    folder = project if kind is VerifiedRoot else project / ".venv"
    verified = kind(folder, capsys)
    verified.install("lantern-1.0")
    (verified.site / "lantern/WICK.py").symlink_to(target)
    expected = found("lantern/WICK.py is in no distribution's RECORD")
    assert verified.verify("--unrecorded") == expected
