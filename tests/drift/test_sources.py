"""Does an installed distribution come from where a line says?"""

from __future__ import annotations

from pathlib import Path

import pytest

from checked import COMMIT, OTHER_COMMIT, case_of
from reqdrift.drift.sources import (
    HOLDS,
    allows,
    check_source,
    checkout_of,
    describe,
    hashes_agree,
    is_recorded,
    same_place,
)
from reqdrift.values import CanonicalName, Distribution, Environment, Python, Unreadable
from reqdrift.values.details import Checkout, Source

URL = "https://h/a/foo"
PLACE = Source("folder", "/lib/foo", folders=("/lib/foo",), local=True)
CLONE = PLACE._replace(editable=True)


def line_of(text: str) -> Source:
    (line,) = case_of(text).lines
    assert line.source
    return line.source


def cloned(commit: str = COMMIT, requested: str | None = None, url: str = URL) -> Source:
    return Source("vcs", url, commit, requested, vcs="git")


def archive(url: str, *hashes: str) -> Source:
    return Source("archive", url, hashes=hashes)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (cloned(), cloned(OTHER_COMMIT), True),
        (cloned(), cloned(url=f"{URL}.git"), True),
        (cloned(), cloned(url="ssh://git@h/a/foo"), True),
        (cloned(), cloned(url="https://h/b/foo"), False),
        (cloned(), cloned()._replace(subdirectory="libs"), False),
        (cloned()._replace(subdirectory="libs/"), cloned()._replace(subdirectory="libs"), True),
        (cloned(), archive(URL), False),
        (PLACE, CLONE, True),
        (PLACE, PLACE._replace(folders=("/lib/bar",)), False),
        (PLACE, PLACE._replace(folders=("/lib",), subdirectory="foo"), True),
        (PLACE._replace(folders=("/else", "/lib/foo")), PLACE, True),  # any meaning of a path
        (PLACE, cloned(), False),
    ],
)
def test_one_place(one: Source, other: Source, same: bool) -> None:
    assert same_place(one, other) is same
    assert same_place(other, one) is same


def test_a_link_is_the_folder_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "foo").mkdir()
    (tmp_path / "link").symlink_to("foo")
    folders = [(str(tmp_path / name),) for name in ("foo", "link")]
    one, other = (PLACE._replace(folders=found) for found in folders)
    assert same_place(one, other)


class TestCommit:
    @pytest.mark.parametrize(
        ("revision", "requested"),
        [(COMMIT, None), (COMMIT.upper(), None), (COMMIT[:9], None), ("main", "main"), ("", None)],
    )
    def test_the_same(self, revision: str, requested: str | None) -> None:
        line = line_of(f"foo @ git+{URL}@{revision}" if revision else f"foo @ git+{URL}")
        assert check_source(line, cloned(requested=requested)) == HOLDS

    def test_another(self) -> None:
        line = line_of(f"foo @ git+{URL}@{OTHER_COMMIT}")
        assert check_source(line, cloned()).drift == (
            f"the file says commit {OTHER_COMMIT[:12]}, but the environment has {COMMIT[:12]}"
        )

    def test_another_repository(self) -> None:
        line = line_of(f"foo @ git+https://h/fork@{COMMIT}")
        drift = check_source(line, cloned()).drift
        assert (
            drift == f"the file says https://h/fork, but the environment has {URL} at 0123456789ab"
        )

    def test_a_branch_that_was_not_asked_for_is_unknown_offline(self) -> None:
        verdict = check_source(line_of(f"foo @ git+{URL}@main"), cloned(requested="v1"))
        assert not verdict.drift
        assert (
            "the file says 'main', but it was installed from 'v1' at 0123456789ab" in verdict.unsure
        )

    def test_a_short_id_that_does_not_fit_may_be_a_tag(self) -> None:
        assert check_source(line_of(f"foo @ git+{URL}@abc123"), cloned()).unsure

    def test_an_editable_is_no_commit(self) -> None:
        drift = check_source(line_of(f"foo @ git+{URL}@{COMMIT}"), CLONE).drift
        assert drift == "the file says a commit, but the environment has the folder /lib/foo"

    @pytest.mark.parametrize(
        ("refs", "verdict"),
        [
            ({"refs/heads/main": COMMIT}, "holds"),
            ({"refs/heads/main": OTHER_COMMIT}, "drift"),
            ({"refs/heads/main": OTHER_COMMIT, "refs/tags/main": COMMIT}, "holds"),
            ({"refs/remotes/origin/main": COMMIT}, "unsure"),  # a clone has none of these
            ({"refs/heads/main": ""}, "unsure"),
            ({}, "unsure"),
        ],
    )
    def test_a_branch_of_a_repository_on_this_machine(
        self, refs: dict[str, str], verdict: str
    ) -> None:
        repository = Checkout("/repo", OTHER_COMMIT, refs=refs)
        line = line_of("foo @ git+file:///repo@main")
        found = check_source(line, cloned(url="file:///repo", requested="v1"), repository)
        told = ("drift" if found.drift else "unsure") if found != HOLDS else "holds"
        assert told == verdict


class TestArchive:
    LINE = "foo @ https://h/foo-1.zip"

    def test_the_same_url(self) -> None:
        assert check_source(line_of(self.LINE), archive("https://h/foo-1.zip")) == HOLDS

    def test_another_file(self) -> None:
        drift = check_source(line_of(self.LINE), archive("https://h/foo-2.zip")).drift
        assert drift.endswith("https://h/foo-1.zip, but the environment has https://h/foo-2.zip")

    def test_a_file_of_the_same_name_from_elsewhere_is_unknown(self) -> None:
        verdict = check_source(line_of(self.LINE), archive("https://mirror/foo-1.zip"))
        assert verdict.unsure
        assert not verdict.drift

    def test_the_hash_counts_more_than_the_url(self) -> None:
        line = line_of(f"{self.LINE}#sha256={'0a' * 32}")
        same, other = f"sha256:{'0a' * 32}", f"sha256:{'0b' * 32}"
        assert check_source(line, archive("https://mirror/foo.zip", same)) == HOLDS
        assert check_source(line, archive("https://h/foo-1.zip", other)).drift

    def test_a_folder_instead(self) -> None:
        assert check_source(line_of(self.LINE), PLACE).drift.endswith("has the folder /lib/foo")


@pytest.mark.parametrize(
    ("wanted", "found", "verdict"),
    [
        (("sha256:a",), ("sha256:a",), "yes"),
        (("sha256:a", "sha256:b"), ("sha256:b",), "yes"),
        (("sha256:a",), ("sha256:b",), "no"),
        (("sha256:a",), ("md5:b",), ""),
        ((), ("sha256:a",), ""),
        (("sha256:a",), (), ""),
        (("sha256:a", "md5:c"), ("md5:b",), "no"),
    ],
)
def test_hashes_of_one_algorithm_are_compared(
    wanted: tuple[str, ...], found: tuple[str, ...], verdict: str
) -> None:
    assert hashes_agree(wanted, found) == verdict


class TestFolder:
    def test_the_same(self) -> None:
        assert check_source(PLACE, PLACE) == HOLDS
        assert check_source(CLONE, CLONE) == HOLDS

    def test_a_copy_and_an_editable_differ(self) -> None:
        assert check_source(CLONE, PLACE).drift == (
            "the file says editable, but the environment has a copy"
        )
        assert check_source(PLACE, CLONE).drift == (
            "the file says a copy, but the environment has an editable"
        )

    def test_another(self) -> None:
        other = PLACE._replace(folders=("/lib/bar",))
        assert check_source(PLACE, other).drift.endswith(
            "but the environment has the folder /lib/bar"
        )

    def test_one_that_this_machine_does_not_have_is_compared_by_version_alone(self) -> None:
        assert check_source(PLACE._replace(folders=()), PLACE) == HOLDS
        assert check_source(PLACE._replace(folders=()), None) == HOLDS

    @pytest.mark.parametrize("line", [PLACE, CLONE, archive(URL), cloned()])
    def test_a_release_instead(self, line: Source) -> None:
        assert "a release from an index" in check_source(line, None).drift


class TestEditableCheckout:
    """`-e git+URL`: the checkout itself says what is there."""

    LINE = line_of(f"-e git+{URL}@{COMMIT}#egg=foo")
    CHECKOUT = Checkout("/lib/foo", COMMIT, (URL,))

    def test_at_the_commit(self) -> None:
        assert check_source(self.LINE, CLONE, self.CHECKOUT) == HOLDS

    def test_at_another_commit(self) -> None:
        other = self.CHECKOUT._replace(commit=OTHER_COMMIT)
        assert check_source(self.LINE, CLONE, other).drift == (
            "the file says commit 0123456789ab, but the checkout /lib/foo is at 89abcdef0123"
        )

    def test_a_clone_of_another_repository(self) -> None:
        other = self.CHECKOUT._replace(remotes=("https://h/fork",))
        assert "is a clone of https://h/fork" in check_source(self.LINE, CLONE, other).drift
        # Of a fork, the upstream is often the second remote.
        both = self.CHECKOUT._replace(remotes=("https://h/fork", f"{URL}.git"))
        assert check_source(self.LINE, CLONE, both) == HOLDS

    def test_remotes_that_git_does_not_say_are_unknown(self) -> None:
        verdict = check_source(self.LINE, CLONE, self.CHECKOUT._replace(remotes=()))
        assert verdict.unsure
        assert not verdict.drift

    def test_a_branch(self) -> None:
        line = self.LINE._replace(revision="main")
        on_it = self.CHECKOUT._replace(refs={"refs/remotes/origin/main": COMMIT})
        assert check_source(line, CLONE, on_it) == HOLDS
        moved = self.CHECKOUT._replace(refs={"refs/remotes/origin/main": OTHER_COMMIT})
        assert "'main', which is commit 89abcdef0123" in check_source(line, CLONE, moved).drift

    def test_no_checkout(self) -> None:
        assert check_source(self.LINE, CLONE, None).unsure

    def test_a_folder_of_the_environment_that_belongs_to_the_repository_around_it(self) -> None:
        inside = CLONE._replace(environment="/project/.venv")
        around = self.CHECKOUT._replace(top="/project")
        assert check_source(self.LINE, inside, around).unsure

    def test_the_projects_own_repository_moves_with_every_commit(self) -> None:
        assert check_source(self.LINE, CLONE, Checkout("/lib/foo", own=True)) == HOLDS

    def test_a_copy(self) -> None:
        drift = check_source(self.LINE, PLACE, self.CHECKOUT).drift
        assert drift == "the file says editable, but the environment has a copy"

    @pytest.mark.parametrize("found", [None, cloned(), archive(URL)])
    def test_what_is_no_folder(self, found: Source | None) -> None:
        drift = check_source(self.LINE, found, self.CHECKOUT).drift
        assert drift.startswith("the file says an editable folder, but the environment has ")


class TestWhichCheckoutIsRead:
    EDITABLE = line_of(f"-e git+{URL}@main#egg=foo")
    LOCAL = line_of("foo @ git+file:///repo@main")

    def test_the_folder_of_an_editable(self) -> None:
        assert checkout_of(self.EDITABLE, CLONE, "/p") == ("/lib/foo", "main", "/p")

    def test_a_commit_is_not_looked_up(self) -> None:
        line = self.EDITABLE._replace(revision=COMMIT)
        assert checkout_of(line, CLONE, "/p") == ("/lib/foo", "", "/p")

    def test_the_repository_on_this_machine_that_a_branch_is_of(self) -> None:
        found = cloned(url="file:///repo")
        assert checkout_of(self.LOCAL, found, "/p") == ("/repo", "main", "")

    @pytest.mark.parametrize(
        ("line", "found"),
        [
            (EDITABLE, PLACE),
            (EDITABLE, None),
            (EDITABLE, Unreadable("direct_url.json", "gone")),
            (EDITABLE._replace(vcs="hg"), CLONE),
            (LOCAL, cloned(url="file:///other")),
            (LOCAL._replace(revision=None), cloned(url="file:///repo")),
            (LOCAL._replace(revision=COMMIT), cloned(url="file:///repo")),
            (line_of(f"foo @ git+{URL}@main"), cloned()),
            (PLACE, PLACE),
            (None, CLONE),
        ],
    )
    def test_none_where_the_record_says_enough(
        self, line: Source | None, found: Source | Unreadable | None
    ) -> None:
        assert checkout_of(line, found) is None


@pytest.mark.parametrize(
    ("entry", "pip", "recorded"),
    [
        ("foo-1.0.dist-info", "24.0", True),
        ("foo-1.0.dist-info", "20.1", True),
        ("foo-1.0.dist-info", "20.0.2", False),
        ("foo-1.0.dist-info", None, True),
        ("foo.egg-link", "24.0", True),
        ("foo-1.0.egg-info", "24.0", False),
    ],
)
def test_whether_a_source_would_be_recorded(entry: str, pip: str | None, recorded: bool) -> None:
    foo = Distribution(CanonicalName("foo"), "foo", "1.0", entry, "/site")
    name = CanonicalName("pip")
    others = {name: Distribution(name, "pip", pip, "", "/site")} if pip else {}
    environment = Environment("/env", Python("3.11.7"), "a test", {foo.name: foo, **others})
    assert is_recorded(foo, environment) is recorded


@pytest.mark.parametrize(
    ("constraint", "source", "allowed"),
    [
        ("foo<2", None, True),
        ("foo>=2", None, False),
        ("foo>=2", cloned(), False),
        (f"foo @ git+{URL}@{COMMIT}", cloned(), True),
        (f"foo @ git+{URL}@{OTHER_COMMIT}", cloned(), False),
        (f"foo @ git+{URL}@main", cloned(), True),  # unknown offline
    ],
)
def test_what_a_constraint_allows(constraint: str, source: Source | None, allowed: bool) -> None:
    (line,) = case_of(constraint).lines
    foo = Distribution(CanonicalName("foo"), "foo", "1.0", "", "/site")
    assert allows(line, foo, source) is allowed


def test_sources_in_words() -> None:
    assert describe(None) == "a release from an index"
    assert describe(cloned()) == f"{URL} at 0123456789ab"
    assert describe(PLACE) == "the folder /lib/foo"
    assert describe(PLACE._replace(folders=())) == "the folder /lib/foo"
    assert describe(archive("https://h/foo.zip")) == "https://h/foo.zip"
