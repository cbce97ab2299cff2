"""The projects of lines that are a bare path or URL."""

from __future__ import annotations

import pytest

from reqdrift.drift.sources import with_projects
from reqdrift.requirements import read_requirements
from reqdrift.values import CanonicalName, Distribution, Environment, Facts, Python


class TestOnlyOneIsLeft:
    """`setup.py install`, which pip ran before 23.1, left no record of where it came from."""

    def projects(self, text: str, *installed: str) -> list[str | None]:
        """The projects of the lines; `name-version.egg-info` is such an installation."""
        requirements = read_requirements(["/r.txt"], read=lambda *_, **__: text.encode())
        found = {}
        for entry in ("known-1.dist-info", *installed):
            name = CanonicalName(entry.partition("-")[0])
            found[name] = Distribution(name, name, "1", entry, "/site")
        environment = Environment("/env", Python("3.11.7"), "a test", found)
        return [line.name for line in with_projects(requirements, environment, Facts({}))]

    def test_it_is_that_one(self) -> None:
        lines = "known==1\ngit+https://h/tool"
        assert self.projects(lines, "real-1.egg-info") == ["known", "real"]

    @pytest.mark.parametrize(
        ("line", "installed"),
        [
            ("git+https://h/tool", ("real-1.dist-info",)),
            ("git+https://h/tool", ("real-1.egg-info", "other-1.egg-info")),
            ("git+https://h/tool", ("real-1.egg-info", "tool-1.dist-info")),
            ("git+https://h/tool#egg=tool", ("real-1.egg-info",)),
            ("https://h/tool-1.0.tar.gz", ("real-1.egg-info",)),
            ("git+https://h/tool\nreal==1", ("real-1.egg-info",)),
        ],
    )
    def test_not_if_it_is_not_sure(self, line: str, installed: tuple[str, ...]) -> None:
        assert self.projects(line, *installed)[0] == "tool"

    def test_not_for_several_lines(self) -> None:
        lines = "git+https://h/one\ngit+https://h/two"
        assert self.projects(lines, "real-1.egg-info") == ["one", "two"]
