"""Print what reqdrift decides about random texts and projects, a line each.

    verdicts.py EXAMPLES PROJECTS

The first line is the version of packaging. Messages are not printed: some are packaging's.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import packaging
from hypothesis import Phase, given, settings
from texts import Texts

import reqdrift
from reqdrift import Policy
from reqdrift.errors import InvalidLineError
from reqdrift.standards import pep440
from reqdrift.values import Python
from strategies import GeneratedProject, examples, generated_projects

PYTHONS = (
    Python("3.11.7"),
    Python("2.7.18"),
    Python("3.11", markers=(("platform_release", "6.1-amd"), ("python_full_version", "3.13.0rc1"))),
)
# What releases of packaging read differently, and no real file has: control characters and letters
# outside ASCII, backslashes, nothing in brackets, between commas or after `@`, numbers that Python
# does not convert.
ODD = re.compile(r"[^ -~]|\\|\[ *\]|, *,|@ *;|\d{1000}")


def texts_of(random: Random) -> Callable[[str], str]:
    """Makes a text of a kind that is not odd."""
    texts = Texts(random)

    def make(kind: str) -> str:
        text = str(getattr(texts, kind)())
        return make(kind) if ODD.search(text) else text

    return make


def said(ask: Callable[[], object]) -> str:
    """The answer; what is invalid is only that."""
    try:
        return repr(ask())
    except InvalidLineError:
        return "invalid"


def of_line(text: str) -> object:
    """All of a requirement but the spelling of its marker, which no verdict depends on."""
    parsed = pep440.parse_requirement(text)
    return parsed._replace(marker="", specifier=repr(pep440.normal_form(parsed.specifier)))


def of_specifier(text: str, version: str, other: str) -> object:
    """What is asked of specifiers."""
    if not pep440.is_specifier(text):
        return None
    answers = pep440.satisfies(version, text), pep440.is_pinned(text), pep440.normal_form(text)
    return answers, pep440.is_unsatisfiable((text, other))


def of_marker(text: str, python: Python) -> object:
    """What is asked of markers."""
    pep440.parse_marker(text)
    hangs = pep440.marker_hangs_on_patch(text, python)
    return pep440.marker_holds(text, python, "dev"), hangs


def of_texts(random: Random) -> Iterator[tuple[object, str]]:
    """A question of each kind, with the answer."""
    make = texts_of(random)
    line, marker, python = make("line"), make("marker"), random.choice(PYTHONS)
    specifiers = make("specifier"), make("installed"), make("specifier")
    archive, version = make("archive"), make("installed")
    yield line, said(partial(of_line, line))
    yield specifiers, said(partial(of_specifier, *specifiers))
    yield (marker, python), said(partial(of_marker, marker, python))
    yield archive, said(partial(pep440.wheel_name, archive))
    yield archive, said(partial(pep440.sdist_name, archive))
    yield version, said(partial(pep440.normal_version, version))


def of_project(generated: GeneratedProject, make: Callable[[str], str]) -> Iterator[Any]:
    """The exit code, and what is found where, also in lines and needs of random texts."""
    installed = [
        (release, {**more, "requires": (*more["requires"], make("line"))})
        for release, more in generated.installed
    ]
    with tempfile.TemporaryDirectory() as place:
        generated._replace(installed=installed).build(folder := Path(place).resolve())
        (folder / "more.txt").write_text("\n".join(make("line") for _ in range(3)))
        for names in (("requirements.txt",), ("requirements.txt", "more.txt")):
            files = [str(folder / name) for name in names]
            report = reqdrift.check(files, python=str(folder / ".venv"), policy=Policy("all"))
            found = [(one.kind, one.project, one.at.line) for one in report.findings]
            notes = [(one.reason, one.project) for one in report.notes]
            errors = [error.at and error.at.line for error in report.errors]
            yield report.exit_code, found, notes, errors


def main(number: int, projects: int) -> None:
    """Print all answers."""
    print(packaging.__version__)
    random = Random(7)  # noqa: S311
    for _ in range(number):
        for question, answer in of_texts(random):
            print(f"{question!r}: {answer}")

    @settings(
        examples(100),
        max_examples=projects,
        phases=[Phase.generate],
        derandomize=True,
        deadline=None,
    )
    @given(generated_projects())
    def check(generated: GeneratedProject) -> None:
        print(*of_project(generated, texts_of(random)))

    check()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
