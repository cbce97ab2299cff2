"""What listed packages need and the environment lacks: `unmet`, on fabricated environments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import reqdrift
from checked import examined
from reqdrift import Finding, Policy, Report
from reqdrift.cli import main
from reqdrift.drift import compare
from reqdrift.drift.case import make_case
from reqdrift.values import CanonicalName
from support import add_distribution, make_environment

if TYPE_CHECKING:
    from reqdrift.values import Level

EVERYWHERE = Policy("all", severity=(("unmet", "error"),))


class Shop:
    """A project whose one file names top-level packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = make_environment(folder / ".venv")

    def install(self, release: str, *requires: str, **more: Any) -> None:
        add_distribution(self.site, release, requires=requires, **more)

    def check(self, text: str, policy: Policy | None = None) -> Report:
        (self.folder / "requirements.txt").write_text(text)
        report = reqdrift.check(policy=policy or Policy("orphans"))
        assert not report.errors
        return report

    def unmet(self, text: str, policy: Policy | None = None) -> list[Finding]:
        return [f for f in self.check(text, policy).findings if f.kind == "unmet"]

    def messages(self, text: str, policy: Policy | None = None) -> list[str]:
        return [f"{f.at.line} {f.severity}: {f.message}" for f in self.unmet(text, policy)]


@pytest.fixture
def shop(project: Path) -> Shop:
    return Shop(project)


class TestWhatIsReported:
    def test_a_dependency_that_is_not_installed(self, shop: Shop) -> None:
        shop.install("web-2.0", "router>=1,<3")
        (found,) = shop.unmet("# c\nweb==2.0\n")
        assert found == found._replace(
            severity="error",
            project=CanonicalName("router"),
            wanted="router>=1,<3",
            installed=None,
            message="web 2.0 needs router>=1,<3, which is not installed",
            needed_by=("web",),
            required_by="web",
            requires="router>=1,<3",
            chain=("web",),
        )
        assert found.at[1:] == (2, 2)

    def test_a_version_that_is_not_allowed(self, shop: Shop) -> None:
        shop.install("web-2.0", "router<3; python_version > '3'")
        shop.install("router-3.0")
        (found,) = shop.unmet("web==2.0\n")
        assert (found.severity, found.project, found.installed) == ("warning", "router", "3.0")
        assert found.message == "web 2.0 needs router<3, but router 3.0 is installed"
        assert (found.wanted, found.requires) == ("router<3", "router<3; python_version > '3'")

    def test_what_a_dependency_needs(self, shop: Shop) -> None:
        shop.install("web-2.0", "router")
        shop.install("router-1.0", "paths[fast]>=1")
        shop.install("paths-1.0", 'speed; extra == "fast"', 'colors; extra == "nice"')
        (found,) = shop.unmet("web==2.0\n")
        assert found.chain == ("web", "router", "paths")
        assert found.message == (
            "paths[fast] 1.0 needs speed, which is not installed; web needs router,"
            " router needs paths"
        )

    def test_the_shortest_way_to_it(self, shop: Shop) -> None:
        shop.install("a-1.0", "b")
        shop.install("b-1.0", "c")
        shop.install("c-1.0", "absent")
        shop.install("z-1.0", "c")
        (found,) = shop.unmet("a==1.0\nz==1.0\n")
        assert (found.chain, found.at.line) == (("z", "c"), 2)
        (found,) = shop.unmet("a==1.0\nz==1.0\nc==1.0\n")
        assert (found.chain, found.at.line) == (("c",), 3)

    def test_what_is_absent_is_one_finding(self, shop: Shop) -> None:
        for name in ("a", "b", "c"):
            shop.install(f"{name}-1.0", f"absent>={ord(name) - 96}", "absent!=2")
        (found,) = shop.unmet("a==1.0\nb==1.0\nc==1.0\n")
        assert found.message == (
            "a 1.0 needs absent>=1, which is not installed; also needed by b, c"
        )
        assert found.needed_by == ("a", "b", "c")
        assert found.wanted == "absent>=1,!=2,>=2,>=3"

    def test_of_very_many_few_are_named(self, shop: Shop) -> None:
        for name in "abcde":
            shop.install(f"{name}-1.0", "absent")
        (found,) = shop.unmet("a\nb\nc\nd\ne\n")
        assert found.message.endswith("; also needed by 4 other packages")
        assert found.needed_by == tuple("abcde")

    def test_each_bound_is_a_finding(self, shop: Shop) -> None:
        for name in ("a", "b"):
            shop.install(f"{name}-1.0", "old<2")
        shop.install("old-2.0")
        assert shop.messages("a==1.0\nb==1.0\n") == [
            "1 warning: a 1.0 needs old<2, but old 2.0 is installed",
            "2 warning: b 1.0 needs old<2, but old 2.0 is installed",
        ]

    def test_an_extra_of_a_line_that_needs_another_version(self, shop: Shop) -> None:
        shop.install("web-2.0", 'socks!=1.5; extra == "proxy"')
        shop.install("socks-1.5")
        assert shop.messages("web[proxy]==2.0\n") == [
            "1 warning: web[proxy] 2.0 needs socks!=1.5, but socks 1.5 is installed"
        ]
        assert shop.messages("web==2.0\n") == []

    def test_what_is_needed_with_and_without_an_extra_is_one_finding(self, shop: Shop) -> None:
        shop.install("web-2.0", "old<2", 'other; extra == "more"')
        shop.install("old-2.0")
        shop.install("other-1.0")
        assert len(shop.unmet("web[more]==2.0\n")) == 1

    @pytest.mark.parametrize("text", ["router (<3)", "router(<3)", "router <3", "router[x] (<3)"])
    def test_spellings_of_old_metadata(self, shop: Shop, text: str) -> None:
        shop.install("web-2.0", text)
        shop.install("router-3.0")
        assert len(shop.unmet("web==2.0\n")) == 1

    @pytest.mark.parametrize("version", ["2.9", "3.0b1", "2.0+cpu"])
    def test_versions_that_are_allowed(self, shop: Shop, version: str) -> None:
        shop.install("web-2.0", "router>=2,!=3.0")
        shop.install(f"router-{version}")
        assert shop.unmet("web==2.0\n") == []


class TestWhatIsNot:
    def test_what_nothing_listed_needs(self, shop: Shop) -> None:
        shop.install("web-2.0")
        shop.install("stranger-1.0", "absent")
        assert shop.unmet("web==2.0\n") == []

    def test_what_another_python_needs(self, shop: Shop) -> None:
        shop.install("web-2.0", "absent; python_version < '3'", "gone; sys_platform == 'nowhere'")
        assert shop.unmet("web==2.0\n") == []

    def test_a_line_that_does_not_apply(self, shop: Shop) -> None:
        shop.install("web-2.0", "absent")
        assert shop.unmet("web==2.0; os_name == 'x'\n") == []

    def test_an_extra_that_is_missing(self, shop: Shop) -> None:
        shop.install("web-2.0", 'socks; extra == "proxy"', "other")
        shop.install("other-1.0")
        report = shop.check("web[proxy]==2.0\n")
        assert [(f.kind, f.project) for f in report.findings] == [("missing", "web")]

    @pytest.mark.parametrize(
        ("line", "kind"),
        [
            ("router==9", "missing"),
            ("paths==9", "version"),
            ("paths @ https://example.org/paths.zip", "source"),
            ("paths==1.0\npaths==2.0", "conflict"),
        ],
    )
    def test_a_target_with_a_finding_of_its_own(self, shop: Shop, line: str, kind: str) -> None:
        shop.install("web-2.0", "router", "paths>2")
        shop.install("paths-1.0")
        name = line[:5].replace("route", "router")
        found = [(f.kind, f.project) for f in shop.check(f"web==2.0\n{line}\n").findings]
        assert (kind, name) in found
        assert ("unmet", name) not in found
        assert [kind for kind, _ in found].count("unmet") == 1

    def test_an_unlisted_one_that_must_be_listed(self, shop: Shop) -> None:
        shop.install("web-2.0", "paths>2")
        shop.install("paths-1.0")
        found = shop.check("web==2.0\n", EVERYWHERE).findings
        assert [(f.kind, f.project) for f in found] == [("extra", "paths")]

    def test_a_target_that_is_there_twice(self, shop: Shop) -> None:
        shop.install("web-2.0", "paths>2")
        shop.install("paths-1.0")
        shop.install("paths-1.1")
        assert {f.kind for f in shop.check("web==2.0\n").findings} == {"broken"}

    def test_a_target_whose_line_is_unpinned_has_one(self, shop: Shop) -> None:
        shop.install("web-2.0", "paths>2")
        shop.install("paths-1.0")
        kinds = {f.kind for f in shop.check("web==2.0\npaths\n").findings}
        assert kinds == {"unpinned", "unmet"}

    def test_a_line_of_the_standard_library(self, shop: Shop) -> None:
        shop.install("web-2.0", "argparse")
        assert shop.check("web==2.0\nargparse==1.4.0\n").findings == ()

    def test_what_is_installed_and_never_extra(self, shop: Shop) -> None:
        shop.install("web-2.0", "setuptools")
        shop.install("setuptools-69.0")
        assert shop.unmet("web==2.0\n") == []

    @pytest.mark.parametrize("text", ["router (>dev)", "router; os_name ~~ 'x'"])
    def test_what_cannot_be_read(self, shop: Shop, text: str) -> None:
        shop.install("web-2.0", text)
        shop.install("router-1.0")
        report = shop.check("web==2.0\n")
        assert report.findings == ()
        notes = [note.message for note in report.notes if note.project == "router"]
        expected = [f"web 2.0 needs '{text}', which cannot be read"] if "(" in text else []
        assert notes == expected

    def test_an_absent_one_under_a_marker_that_cannot_be_read(self, shop: Shop) -> None:
        shop.install("web-2.0", "router; os_name ~~ 'x'")
        report = shop.check("web==2.0\n")
        assert report.findings == ()
        assert [n.reason for n in report.notes if n.project == "router"] == ["unsure"]

    def test_a_url_is_satisfied_by_any_version(self, shop: Shop) -> None:
        shop.install("web-2.0", "router @ https://user:secret@example.org/r.zip")
        (found,) = shop.unmet("web==2.0\n")
        assert "secret" not in str(found)
        shop.install("router-1.0")
        assert shop.unmet("web==2.0\n") == []


class TestWhere:
    @pytest.fixture(autouse=True)
    def needs(self, shop: Shop) -> None:
        shop.install("web-2.0", "router", "absent", "forms>5")
        shop.install("router-1.0")
        shop.install("forms-1.0")

    @pytest.mark.parametrize("unlisted", ["auto", "all", "orphans"])
    def test_in_every_file(self, shop: Shop, unlisted: str) -> None:
        for text in ("web==2.0\n", "web==2.0\nrouter==1.0\nforms==1.0\n"):
            found = [(f.project, f.severity) for f in shop.unmet(text, Policy(unlisted))]
            # With `all`, that forms is not listed is the first thing to say of it.
            is_extra = unlisted == "all" and "forms" not in text
            warning = [] if is_extra else [("forms", "warning")]
            assert found == [("absent", "error"), *warning]

    def test_conda_has_other_names_for_some_projects(self, shop: Shop) -> None:
        found = examined("web==2.0\n")
        environment = found.environment._replace(is_conda=True)
        parts = found.requirements, environment, found.case.facts, Policy(), found.case.project
        findings = compare(make_case(*parts)).findings
        assert [(f.project, f.severity) for f in findings] == [
            ("absent", "warning"),
            ("forms", "warning"),
        ]

    def test_what_is_part_of_python_is_a_note(self, shop: Shop) -> None:
        shop.install("old-1.0", "argparse")
        report = shop.check("old==1.0\n", Policy())
        assert not [f for f in report.findings if f.kind == "unmet"]
        assert ("stdlib", "old 1.0 needs argparse, which is part of Python") in [
            (note.reason, note.message) for note in report.notes
        ]

    def test_metadata_that_cannot_be_read_is_one_note(self, shop: Shop) -> None:
        for name in ("router", "forms"):
            (shop.site / f"{name}-1.0.dist-info" / "METADATA").unlink()
            (shop.site / f"{name}-1.0.dist-info" / "METADATA").symlink_to("METADATA")  # a loop
        report = shop.check("router==1.0\nforms==1.0\n", Policy())
        assert [note.message for note in report.notes if note.reason == "unsure"] == [
            "what forms 1.0, router 1.0 need is unknown: their metadata cannot be read;"
            " reinstall them"
        ]

    @pytest.mark.parametrize("unlisted", ["auto", "all", "orphans"])
    @pytest.mark.parametrize("level", ["error", "warning"])
    def test_everywhere_if_it_is_named(self, shop: Shop, unlisted: str, level: Level) -> None:
        freeze = "web==2.0\nrouter==1.0\nforms==1.0\n"
        policy = Policy(unlisted, severity=(("unmet", level),))
        found = [(f.project, f.severity) for f in shop.unmet(freeze, policy)]
        assert found == [("absent", level), ("forms", level)]

    def test_not_while_a_line_cannot_be_read(self, shop: Shop) -> None:
        (shop.folder / "requirements.txt").write_text("web==2.0\n???\n")
        for policy in (Policy(), Policy("orphans"), EVERYWHERE):
            assert reqdrift.check(policy=policy).findings == ()

    @pytest.mark.parametrize("unlisted", ["auto", "all", "orphans"])
    def test_nowhere_if_it_is_off(self, shop: Shop, unlisted: str) -> None:
        policy = Policy(unlisted, severity=(("unmet", "off"),))
        assert shop.unmet("web==2.0\n", policy) == []

    def test_it_can_be_ignored_at_the_line(self, shop: Shop) -> None:
        text = "web==2.0  # reqdrift: ignore[unmet]\n"
        assert shop.check(text).findings == ()
        policy = Policy("orphans", ignore=("absent", "forms"))
        assert shop.check("web==2.0\n", policy).findings == ()

    def test_a_warning_does_not_fail(self, shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
        shop.install("absent-1.0")
        (shop.folder / "requirements.txt").write_text("web==2.0\n")
        assert main([]) == 0
        out = capsys.readouterr().out
        assert "unmet (warning): web 2.0 needs forms>5, but forms 1.0 is installed\n" in out
        assert "no errors, 1 warning; " in out
        assert "hint" not in out
        assert main(["fix"]) == 0
        assert main(["plan"]) == 0
        assert main(["--severity", "unmet=error"]) == 1

    def test_an_error_says_what_to_do(self, shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
        (shop.folder / "requirements.txt").write_text("web==2.0\n")
        assert main([]) == 1
        assert "\nhint: if the file is right: reqdrift plan | sh\n" in capsys.readouterr().out
        assert main(["fix"]) == 1
        assert capsys.readouterr().out == (
            "requirements.txt:1: unmet not fixed: web 2.0 needs absent, which is not installed:"
            " no change of the file can fix it; install what is needed\n"
            "nothing to change; 1 not fixed\n"
        )
        assert main(["plan"]) == 0
        (command,) = capsys.readouterr().out.splitlines()
        assert command.endswith("/requirements.txt")
