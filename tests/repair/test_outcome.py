"""The outcome of a repair of several rounds."""

from __future__ import annotations

from reqdrift.repair.rewrite import Changed, Repair, Rewrite, combined
from reqdrift.values import CanonicalName, Location, ReadFile
from reqdrift.values.details import Finding

FILE = ReadFile("/r.txt", 1, 0, "foo==1\n")


def repair(project: str, line: int = 1, *, done: str = "", refused: str = "") -> Repair:
    at = Location("/r.txt", line, line)
    finding = Finding("version", "error", CanonicalName(project), at, f"{project}==1", "2", "")
    return Repair(finding, done, refused)


def changed(before: str, after: str) -> Changed:
    return Changed(FILE._replace(text=before), after)


def test_the_bytes_keep_the_mark_and_the_encoding() -> None:
    file = FILE._replace(text="é\n", encoding="utf-16-le", mark=b"\xff\xfe")
    one = Changed(file, "è\n")
    assert one.before == b"\xff\xfe\xe9\x00\n\x00"
    assert one.after == b"\xff\xfe\xe8\x00\n\x00"


def test_edits_of_one_file_are_one_change() -> None:
    rounds = [
        Rewrite((changed("1", "2"),), ()),
        Rewrite((changed("2", "3"),), ()),
        Rewrite((), ()),
    ]
    assert combined(rounds, written=True).changed == (changed("1", "3"),)


def test_what_is_as_before_in_the_end_is_no_change() -> None:
    rounds = [Rewrite((changed("1", "2"),), ()), Rewrite((changed("2", "1"),), ())]
    assert combined(rounds, written=True).changed == ()


def test_what_was_fixed_later_is_not_refused() -> None:
    first = Rewrite((), (repair("foo", refused="not yet"), repair("bar", done="one")))
    second = Rewrite((), (repair("foo", done="two"),))
    assert combined([first, second, Rewrite((), ())], written=True).repairs == (
        repair("bar", done="one"),
        repair("foo", done="two"),
    )


def test_the_first_reason_counts_and_the_place_is_that_of_the_files_on_the_disk() -> None:
    rounds = [
        Rewrite((), (repair("foo", 2, refused="it has a hash"),)),
        Rewrite((), (repair("foo", 1, refused="git does not know the line"),)),
    ]
    for written, line in ((True, 1), (False, 2)):
        (left,) = combined(rounds, written=written).repairs
        assert left.refused == "it has a hash"
        assert left.finding.at.line == line


def test_what_is_new_in_the_end_is_told_too() -> None:
    new = repair("bar", refused="a repetition")
    rounds = [Rewrite((), (repair("foo", done="edited"),)), Rewrite((), (new,))]
    assert combined(rounds, written=False).repairs == (repair("foo", done="edited"), new)


def test_what_stays_unlisted_because_of_its_root_is_told_once() -> None:
    part = repair("part")._replace(root="root")
    assert combined([Rewrite((), (part,)), Rewrite((), ())], written=True).repairs == (part,)
    later = repair("part", done="added part")
    rounds = [Rewrite((), (part,)), Rewrite((), (later,)), Rewrite((), ())]
    assert combined(rounds, written=True).repairs == (later,)
