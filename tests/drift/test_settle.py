"""What comparing texts settles."""

from __future__ import annotations

from pathlib import Path

import pytest

from checked import examined
from reqdrift.drift import settle
from reqdrift.values import Broken, CanonicalName, Policy
from reqdrift.values.findings import Facts
from support import make_environment

FOO, BAR = CanonicalName("foo"), CanonicalName("bar")


@pytest.fixture
def site(project: Path) -> Path:
    return make_environment(project / ".venv", "foo-1.0", "bar-2.0rc1", "pip-24.0")


def needs(site: Path, requirement: str) -> None:
    """Have the installed foo need something."""
    headers = f"Metadata-Version: 2.1\nName: foo\nVersion: 1.0\nRequires-Dist: {requirement}\n\n"
    (site / "foo-1.0.dist-info" / "METADATA").write_text(headers)


def is_settled(text: str, *others: str, policy: Policy | None = None) -> bool:
    """Whether no rule had to be applied."""
    return examined(text, *others, policy=policy).case is None


@pytest.mark.usefixtures("site")
class TestSettled:
    @pytest.mark.parametrize(
        "text",
        [
            "foo==1.0\nbar==2.0rc1\n",
            "# a comment\nFoo==1.0  # another\n\nBAR==2.0rc1\n",
            "foo==1.0 --hash=sha256:ab12\nbar==2.0rc1\npip==24.0\n",
        ],
    )
    def test_a_plain_freeze(self, text: str) -> None:
        assert is_settled(text)

    def test_a_repetition_in_another_file(self) -> None:
        assert is_settled("foo==1.0\nbar==2.0rc1\n", "foo==1.0\n", "bar==2.0rc1\nfoo==1.0\n")

    @pytest.mark.parametrize(
        "text",
        [
            "foo==1.0\n",  # an unlisted project
            "foo==1.0\nbar==2.0\n",  # another version
            "foo==1.0\nbar==2.0rc1\nbaz==1\n",  # an absent project
            "foo==1.0\nbar==2.0rc1\nfoo==1.0\n",  # a repetition
            "foo==1.0\nbar==2.0rc1\n-c other.txt\n",  # a file that is not there
            "foo==1.0\nbar>=2.0rc1\n",  # no pin
            "foo==1.0\nbar>=2.0\n",  # another version, and no pin
            "foo==1.0\nbar==2.0rc1; python_version < '3'\n",  # a line that does not apply
            "foo==1.0\nbar==2.0rc1; python_full_version > '3.12.3'\n",  # one that may not
            "foo==1.0\nbar==2.0rc1; 'x' in extras\n",  # one of which that is not known
            "foo==1.0\nbar==2.0rc1\n./nowhere.zip\n",  # a project that is not named
            "foo==1.0\nbar @ https://example.org/bar.zip\n",
            "foo==1.0.0\nbar==2.0rc1\nfoo==1.0\n",  # a repetition in other words
            "foo[x]==1.0\nbar==2.0rc1\nfoo[x]==1.0\n",
            "foo[absent]==1.0\nbar==2.0rc1\n",  # an extra that lacks something
            "foo==1.0\nbar==2.0rc1  # reqdrift: ignore\n",
        ],
    )
    def test_anything_else_is_not(self, site: Path, text: str) -> None:
        needs(site, "nowhere; extra == 'absent'")
        assert not is_settled(text)

    @pytest.mark.parametrize(
        "text",
        [
            "foo==1.0.0\nbar==2.0.RC1\n",
            "foo==1.0\nbar==2.0rc1; python_version > '3'\n",
            "foo==1.0\nbar==2.0rc1\nbaz==1; python_version < '3'\n",
            "foo==1.0; os_name != 'x'\nfoo==2.0; os_name == 'x'\nbar==2.0rc1\n",
            "foo[x]==1.0\nbar[none]==2.0rc1\n",
            "foo===1.0\nbar==2.0rc1,>1\n",
        ],
    )
    def test_lines_that_are_satisfied(self, site: Path, text: str) -> None:
        needs(site, "bar[y]; extra == 'x'")
        assert is_settled(text)

    @pytest.mark.parametrize("limits", ["bar==2.0rc1\nbaz==1\n", "foo<2\nbar==2.0rc1\n"])
    def test_constraints(self, limits: str) -> None:
        Path("c.txt").write_text(limits)
        assert is_settled("foo==1.0\nbar\n-c c.txt\n")
        assert is_settled("foo==1.0\nbar>1\n-c c.txt\n")
        assert not is_settled("foo\nbar\n-c c.txt\n")
        assert is_settled("foo\nbar\n-c c.txt\n", policy=Policy(severity=(("unpinned", "off"),)))

    def test_what_may_be_pinned_elsewhere_is_not(self) -> None:
        off = Policy(severity=(("unpinned", "off"),))
        assert not is_settled("foo\nbar\n-c https://example.org/c.txt\n", policy=off)
        assert is_settled("foo==1.0\nbar==2.0rc1\n-c https://example.org/c.txt\n", policy=off)

    def test_a_constraint_that_does_not_allow_it_is_not(self) -> None:
        Path("c.txt").write_text("bar>3\n")
        assert not is_settled("foo==1.0\nbar==2.0rc1\n-c c.txt\n")

    def test_only_the_metadata_of_what_has_extras_is_read(self, site: Path) -> None:
        (site / "bar-2.0rc1.dist-info" / "METADATA").unlink()
        assert is_settled("foo[x]==1.0\nbar==2.0rc1\n")
        assert not is_settled("foo[x]==1.0\nbar[x]==2.0rc1\n")

    def test_a_repetition_behind_another_file_is_not(self) -> None:
        Path("c.txt").write_text("foo==1.0\n")
        assert not is_settled("bar==2.0rc1\n-r c.txt\nbar==2.0rc1\n")

    def test_a_policy_is_not(self) -> None:
        assert not is_settled("foo==1.0\nbar==2.0rc1\n", policy=Policy(ignore=("x",)))

    @pytest.mark.parametrize("unlisted", ["auto", "all"])
    def test_what_counts_as_extra_is_no_matter_where_all_is_listed(self, unlisted: str) -> None:
        assert is_settled("foo==1.0\nbar==2.0rc1\n", policy=Policy(unlisted))

    @pytest.mark.parametrize(
        "policy", [Policy("orphans"), Policy("all", severity=(("unmet", "error"),))]
    )
    def test_what_packages_need_is_if_it_is_not_there(self, site: Path, policy: Policy) -> None:
        assert is_settled("foo==1.0\nbar==2.0rc1\n", policy=policy)
        needs(site, "bar>2")
        assert not is_settled("foo==1.0\nbar==2.0rc1\n", policy=policy)

    def test_the_project_itself_is_not(self, site: Path) -> None:
        """What a line needs may be unlisted, and so may this project, with a note."""
        needs(site, "bar>1")
        assert is_settled("foo==1.0\n")
        Path("pyproject.toml").write_text('[project]\nname = "Bar"\n')
        found = examined("foo==1.0\n")
        assert found.case
        assert [(note.reason, note.project) for note in found.report.notes] == [
            ("local", "bar"),
            ("tool", "pip"),
        ]

    def test_what_did_not_come_from_an_index_is_not(self, site: Path) -> None:
        (site / "foo-1.0.dist-info" / "direct_url.json").write_text("{}")
        assert not is_settled("foo==1.0\nbar==2.0rc1\n")

    def test_a_broken_environment_is_not(self) -> None:
        found = examined("foo==1.0\nbar==2.0rc1\n")
        broken = found.environment._replace(broken=(Broken(FOO, "twice"),))
        assert settle(found.requirements, broken, Policy(), Facts({})) is None
