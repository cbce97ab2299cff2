"""`reqdrift why NAME`: the whole answer, on fabricated environments."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reqdrift.cli import main
from story import DAY, Story
from support import add_distribution, make_environment


class Asked:
    """A project to ask about."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.site = make_environment(folder / ".venv")
        self.capsys = capsys

    def install(self, release: str, *requires: str) -> None:
        add_distribution(self.site, release, requires=requires)

    def write(self, text: str, name: str = "requirements.txt") -> None:
        (self.folder / name).write_text(text)

    def why(self, *words: str, code: int = 0) -> list[str]:
        """What is printed, without when the environment changed."""
        assert main(["why", *words]) == code
        out, self.err = self.capsys.readouterr()
        return [line for line in out.splitlines() if " last changed " not in line]


IN = "a release from an index, in .venv/lib/python3.11/site-packages"


@pytest.fixture
def asked(project: Path, capsys: pytest.CaptureFixture[str]) -> Asked:
    return Asked(project, capsys)


def test_a_listed_package_that_nothing_needs(asked: Asked) -> None:
    asked.install("rope-1.0")
    asked.write("# head\nrope==1.0\n")
    assert asked.why("rope") == [
        "rope",
        "  listed     requirements.txt:2: rope==1.0",
        f"  installed  1.0, {IN}",
        "  needed by  nothing",
    ]


def test_a_file_that_cannot_be_read_may_have_listed_it(asked: Asked) -> None:
    asked.install("rope-1.0")
    asked.write("-r gone.txt\n")
    assert asked.why("rope", code=2)[1] == "  listed     in none of the lines that could be read"


def test_every_chain(asked: Asked) -> None:
    asked.install("wick-1.0")
    asked.install("lantern-2.0", "wick>=1")
    asked.install("stove-1.5", "wick<3", "lantern")
    asked.install("camp-0.1", "lantern==2.0", "stove")
    asked.write("camp==0.1\nstove==1.5\n")
    assert asked.why("wick") == [
        "wick",
        "  listed     nowhere",
        f"  installed  1.0, {IN}",
        "  needed by",
        "    lantern 2.0 wants wick>=1 (found 1.0)",
        "      camp 0.1 wants lantern==2.0 (found 2.0); listed in requirements.txt:1",
        "      stove 1.5 wants lantern (found 2.0); listed in requirements.txt:2",
        "        camp 0.1 wants stove (found 1.5); listed in requirements.txt:1",
        "    stove 1.5 wants wick<3 (found 1.0); listed in requirements.txt:2 (shown above)",
    ]


def test_any_spelling(asked: Asked) -> None:
    asked.install("Zope.Rope_Kit-1.0")
    asked.write("zope-rope-kit==1.0\n")
    assert asked.why("ZOPE_rope.kit")[:2] == [
        "zope-rope-kit",
        "  listed     requirements.txt:1: zope-rope-kit==1.0",
    ]


class TestExtras:
    REQUIRES = ('straps>=1; extra == "carry"', 'bag[carry]; extra == "all"')

    def test_asked_for_through_another_extra(self, asked: Asked) -> None:
        asked.install("bag-1.0", *self.REQUIRES)
        asked.install("straps-1.0")
        asked.write("bag[all]==1.0\n")
        assert asked.why("straps")[3:] == [
            "  needed by",
            '    bag 1.0 wants straps>=1; extra == "carry" (found 1.0);'
            " listed in requirements.txt:1",
        ]

    def test_what_another_extra_wants_is_not_wanted_here(self, asked: Asked) -> None:
        asked.install("bag-1.0", "straps>=1", 'straps<0.5; extra == "old"')
        asked.install("straps-1.0")
        asked.write("bag==1.0\n")
        assert asked.why("straps")[4:] == [
            "    bag 1.0 wants straps>=1 (found 1.0); listed in requirements.txt:1"
        ]

    def test_not_asked_for(self, asked: Asked) -> None:
        asked.install("bag-1.0", *self.REQUIRES)
        asked.install("straps-1.0")
        asked.write("bag==1.0\n")
        assert asked.why("straps")[3:] == ["  needed by  nothing"]

    def test_asked_for_by_another_package(self, asked: Asked) -> None:
        asked.install("bag-1.0", *self.REQUIRES)
        asked.install("camp-1.0", "bag[carry]>=1")
        asked.write("camp==1.0\n")
        assert asked.why("straps")[2:] == [
            "  installed  no",
            "  needed by",
            '    bag 1.0 wants straps>=1; extra == "carry" (not installed)',
            "      camp 1.0 wants bag[carry]>=1 (found 1.0); listed in requirements.txt:1",
        ]


def test_a_cycle_ends(asked: Asked) -> None:
    asked.install("a-1.0", "b")
    asked.install("b-1.0", "a")
    asked.install("c-1.0", "c[x]", "a")
    asked.write("c==1.0\n")
    assert asked.why("a")[3:] == [
        "  needed by",
        "    b 1.0 wants a (found 1.0)",
        "      a 1.0 wants b (found 1.0) (shown above)",
        "    c 1.0 wants a (found 1.0); listed in requirements.txt:1",
    ]


def test_not_installed_but_needed(asked: Asked) -> None:
    asked.install("lantern-2.0", "wick>=1; python_version > '3'", "never; os_name == 'none'")
    asked.write("lantern==2.0\n")
    assert asked.why("wick") == [
        "wick",
        "  listed     nowhere",
        "  installed  no",
        "  needed by",
        "    lantern 2.0 wants wick>=1; python_version > '3' (not installed);"
        " listed in requirements.txt:1",
    ]
    asked.why("never", code=1)


def test_every_line_that_names_it(asked: Asked) -> None:
    asked.install("rope-1.0")
    asked.write("-r more.txt\n-c limits.txt\nrope>=1 ; python_version > '3'\n")
    asked.write(
        "Rope==1.0 \\\n    --hash=sha256:abc  # why\nrope<1 ; os_name == 'none'\n", "more.txt"
    )
    asked.write("rope<3\n", "limits.txt")
    assert asked.why("rope")[1:5] == [
        "  listed     more.txt:1: Rope==1.0",
        "  listed     more.txt:3: rope<1 ; os_name == 'none' (does not apply here)",
        "  listed     limits.txt:1: rope<3 (a constraint)",
        "  listed     requirements.txt:3: rope>=1 ; python_version > '3'",
    ]


def test_a_constraint_alone(asked: Asked) -> None:
    asked.write("-c limits.txt\n")
    asked.write("rope<3\n", "limits.txt")
    assert asked.why("rope") == [
        "rope",
        "  listed     limits.txt:1: rope<3 (a constraint)",
        "  installed  no",
        "  needed by  nothing",
    ]


def test_from_where(asked: Asked) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    vcs = {"vcs": "git", "commit_id": commit, "requested_revision": "main"}
    url = "https://user:hunter2@example.org/mug"
    add_distribution(asked.site, "mug-1.0", direct_url={"url": url, "vcs_info": vcs})
    asked.write("")
    answer = asked.why("mug")
    assert "  installed  1.0, https://example.org/mug at 0123456789ab, in " in answer[2]
    add_distribution(asked.site, "bad-1.0", direct_url={})
    assert "  installed  1.0, source cannot be read, in " in asked.why("bad")[2]


def test_credentials_in_a_line(asked: Asked) -> None:
    asked.write("mug @ git+https://user:hunter2@example.org/mug\n")
    assert "hunter2" not in "".join(asked.why("mug"))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("lanten", "; did you mean lantern?"),
        ("Roppe", "; did you mean rope?"),
        ("wik", "; did you mean wick?"),
        ("zzz", ""),
        ("\x1b[2J", ""),
    ],
)
def test_an_unknown_name(asked: Asked, name: str, hint: str) -> None:
    asked.install("lantern-1.0", "wick")
    asked.write("rope==1.0\n")
    assert asked.why(name, code=1) == []
    shown = name.replace("\x1b", "\\x1b")
    assert asked.err == f"reqdrift: {shown} is neither listed, nor installed, nor needed{hint}\n"


def test_a_bad_line_is_told_beside_the_answer(asked: Asked) -> None:
    asked.write("rope==1.0\n=?\n")
    assert asked.why("rope", code=2)[0] == "rope"
    assert asked.err.startswith("requirements.txt:2: error: ")


def test_metadata_that_cannot_be_read_is_told(asked: Asked) -> None:
    asked.install("rope-1.0")
    asked.install("lantern-1.0")
    metadata = asked.site / "lantern-1.0.dist-info" / "METADATA"
    metadata.unlink()
    metadata.symlink_to(metadata)
    asked.write("rope==1.0\n")
    assert asked.why("rope", code=3)[0] == "rope"
    assert "lantern-1.0.dist-info" in asked.err


def test_no_name(asked: Asked) -> None:
    asked.write("")
    assert asked.why(code=2) == []


class TestTimes:
    """When lines and the environment last changed; end_to_end/test_cautious.py has real ones."""

    @pytest.fixture
    def story(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
        with monkeypatch.context() as context:
            context.setenv("TZ", "UTC")
            time.tzset()
            yield Story(project)
        time.tzset()

    def why(self, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
        assert main(["why", *words]) == 0
        return capsys.readouterr().out.splitlines()

    def test_of_each_line(self, story: Story, capsys: pytest.CaptureFixture[str]) -> None:
        story.install("rope-1.0", 0)
        story.touch(story.site, DAY)
        first = story.commit("rope>=1\nrope==1.0\n", 2 * DAY, "add rope")
        story.file.write_text("rope>=1\nrope==1.0\nrope<3\n")
        assert self.why(capsys, "rope") == [
            "rope",
            "  listed     requirements.txt:1: rope>=1",
            f"             the line last changed 2027-01-13 08:00:00 in {first} 'add rope'",
            "  listed     requirements.txt:2: rope==1.0",
            f"             the line last changed 2027-01-13 08:00:00 in {first} 'add rope'",
            "  listed     requirements.txt:3: rope<3",
            "             the line is not committed",
            f"  installed  1.0, {IN}",
            "             the environment last changed 2027-01-15 08:00:00",
            "  needed by  nothing",
        ]

    def test_of_what_is_not_installed(
        self, story: Story, capsys: pytest.CaptureFixture[str]
    ) -> None:
        story.touch(story.site, DAY)
        story.commit("rope==1.0\n", 2 * DAY)
        assert self.why(capsys, "rope")[3:5] == [
            "  installed  no",
            "             the environment last changed 2027-01-14 08:00:00",
        ]

    def test_outside_of_git(self, story: Story, capsys: pytest.CaptureFixture[str]) -> None:
        story.file.write_text("rope==1.0\n")
        assert not [line for line in self.why(capsys, "rope") if "the line" in line]

    def test_a_record_has_no_times(self, story: Story, capsys: pytest.CaptureFixture[str]) -> None:
        story.file.write_text("rope==1.0\n")
        (story.folder / "list.txt").write_text("rope==1.0\n")
        words = ("--installed", "list.txt", "--python-version", "3.11", "--platform", "linux")
        main(["why", *words, "rope"])
        assert "last changed" not in capsys.readouterr().out

    def test_a_subject_of_any_text(self, story: Story, capsys: pytest.CaptureFixture[str]) -> None:
        story.commit("rope==1.0\n", DAY, "\x1b[31m ::error:: https://user:hunter2@host/ \u202e")
        (line,) = [line for line in self.why(capsys, "rope") if "the line" in line]
        assert line.isprintable()
        assert "hunter2" not in line
