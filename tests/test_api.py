"""The public API: each command's result from Python, as docs/api.md shows it."""

from __future__ import annotations

import copy
import doctest
import importlib
import inspect
import json
import pickle
import re
from pathlib import Path

import pytest

import reqdrift
from reqdrift.cli import COMMANDS
from reqdrift.commands import subject
from reqdrift.options import table
from support import REPOSITORY, add_distribution, make_environment, record

PAGE = (REPOSITORY / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"^```pycon\n(.*?)^```", PAGE, re.M | re.S)


@pytest.fixture
def drifted(project: Path) -> Path:
    """The project that the page describes."""
    (project / "requirements.txt").write_text("flask==3.0.3\nidna==3.10\n")
    site = make_environment(project / ".venv", "click-8.1.8", "idna-3.10")
    flask = add_distribution(site, "flask-3.1.0", requires=["click"])
    (site / "flask").mkdir()
    (site / "flask" / "app.py").write_text("debug = False\n")
    (flask / "RECORD").write_text(record(site, flask, ["flask/app.py"]))
    (site / "flask" / "app.py").write_text("debug = True  \n")
    return project


@pytest.mark.usefixtures("drifted")
@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_each_example_of_the_page(number: int) -> None:
    name = f"docs/api.md, example {number + 1}"
    names = {"reqdrift": reqdrift}
    example = doctest.DocTestParser().get_doctest(EXAMPLES[number], names, name, None, 0)
    said: list[str] = []
    doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS).run(example, out=said.append)
    assert not said, "".join(said)


def test_each_function_has_an_example_of_three_lines_at_most() -> None:
    functions = [name for name in reqdrift.__all__ if name.islower() and name != "__version__"]
    for name in functions:
        calls = [text for text in EXAMPLES if f"reqdrift.{name}(" in text]
        lengths = [text[: text.index(f"reqdrift.{name}(")].count(">>> ") for text in calls]
        assert lengths, name
        assert min(lengths) <= 3, name


def test_the_page_names_every_public_name() -> None:
    named = set(re.findall(r"`(\w+)", PAGE))
    left_out = {"__version__", "InvalidLineError", "ReadFile", "Verified"}
    assert set(reqdrift.__all__) - named - left_out == set()
    assert max(map(len, PAGE.splitlines())) <= 100


@pytest.mark.parametrize("name", sorted({*reqdrift.__all__} - {"__version__"}))
def test_a_public_name_is_what_its_module_has(name: str) -> None:
    home = importlib.import_module(getattr(reqdrift, name).__module__)
    assert getattr(reqdrift, name) is getattr(home, name)
    assert name in dir(reqdrift)


# All commands but the one that prints a sentence about what `check` returns.
FUNCTIONS = sorted(COMMANDS - {"remind"})
# What names an environment, and the part of lock files that is installed in it.
ENVIRONMENT = ("python", "path", "python_version", "installed", "platform")
PARAMETERS = {*ENVIRONMENT, "extras", "groups"}


@pytest.mark.parametrize("command", FUNCTIONS)
def test_a_function_takes_the_environments_that_its_command_takes(command: str) -> None:
    shown = {option.field for option in table() if command in option.shown}
    assert PARAMETERS & parameters_of(command) == shown & PARAMETERS


def parameters_of(function: str) -> set[str]:
    """Its own, and those that it has in common with others, as a TypedDict."""
    parameters = inspect.signature(getattr(reqdrift, function)).parameters
    common = parameters.get("subject") or parameters["place"]
    assert common.kind is inspect.Parameter.VAR_KEYWORD
    name = re.fullmatch(r"Unpack\[(\w+)\]", common.annotation)
    assert name
    return {*parameters, *getattr(subject, name[1]).__optional_keys__}


@pytest.mark.parametrize("command", FUNCTIONS)
def test_a_parameter_that_there_is_not(command: str) -> None:
    """It is named, as Python does, and no parameter of another function is taken."""
    names = ["pyhton", "set_name", *({*subject.Subject.__optional_keys__} - parameters_of(command))]
    words = ("name",) if command == "why" else ()
    for name in names:
        what = rf"^{command}\(\) got an unexpected keyword argument '{name}'$"
        with pytest.raises(TypeError, match=what):
            getattr(reqdrift, command)(*words, **{name: None})


def test_a_name_that_is_none() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'checks'"):
        reqdrift.checks  # type: ignore[attr-defined] # noqa: B018


@pytest.mark.usefixtures("drifted")
class TestParameters:
    def test_two_environments(self) -> None:
        with pytest.raises(reqdrift.UsageError, match="mutually exclusive"):
            reqdrift.check(python=".venv", path="build")

    def test_a_version_of_an_environment_that_says_it(self) -> None:
        with pytest.raises(reqdrift.UsageError, match="python_version requires path"):
            reqdrift.freeze(python=".venv", python_version="3.12")

    def test_a_folder(self) -> None:
        site = ".venv/lib/python3.11/site-packages"
        choice = reqdrift.env(path=site, python_version="3.12")
        assert choice.candidates == ()
        assert reqdrift.check(path=site, python_version="3.12").findings == (
            reqdrift.check(python=".venv").findings
        )
        assert reqdrift.freeze(path=site) == reqdrift.freeze()

    def test_nothing_is_known_of_a_project(self) -> None:
        why = reqdrift.why("flaks")
        assert (why.is_known, why.close, why.lines) == (False, ("flask",), ())

    def test_a_file_that_cannot_be_read(self) -> None:
        Path("requirements.txt").write_text("flask==\n")
        report = reqdrift.check()
        assert (report.verdict, report.exit_code) == ("failed", 2)
        for function in (reqdrift.fix, reqdrift.diff, reqdrift.plan):
            with pytest.raises(reqdrift.UnreadableFilesError):
                function()

    def test_where_nothing_has_drifted(self) -> None:
        Path("requirements.txt").write_text("flask==3.1.0\nidna==3.10\nclick==8.1.8\n")
        report = reqdrift.check(explain=True)
        assert (report.verdict, report.exit_code, report.hints) == ("clean", 0, ())
        assert reqdrift.diff().patch == b""
        assert reqdrift.fix().changed == ()
        assert reqdrift.plan() == reqdrift.Plan("")
        assert reqdrift.why("click").needed_by == ("flask",)


def test_an_error_has_the_hint_that_its_command_gives(drifted: Path) -> None:
    (drifted / "record.json").write_text(json.dumps(reqdrift.inspect()))
    with pytest.raises(reqdrift.UsageError, match="plan needs the environment itself") as raised:
        reqdrift.plan(installed="record.json")
    assert raised.value.hint == "in that environment, run: pip install -r requirements.txt"


def test_the_extras_of_a_lock_file(project: Path) -> None:
    """The findings are those of the extras that are installed."""
    make_environment(project / ".venv")
    (project / "pylock.toml").write_text(
        'lock-version = "1.0"\ncreated-by = "uv"\nextras = ["x"]\n'
        "[[packages]]\nname = 'flask'\nversion = '3.1.0'\nmarker = \"'x' in extras\"\n"
        "[packages.sdist]\nurl = 'https://example.org/flask-3.1.0.tar.gz'\n"
        "hashes = {sha256 = 'ab'}\n"
    )
    assert reqdrift.check(["pylock.toml"]).findings == ()
    (finding,) = reqdrift.check(["pylock.toml"], extras=["x"]).findings
    assert (finding.kind, finding.project) == ("missing", "flask")


@pytest.mark.usefixtures("drifted")
def test_every_result_can_be_copied_and_pickled() -> None:
    results = (
        *(reqdrift.check(explain=True), reqdrift.verify(), reqdrift.diff(), reqdrift.plan()),
        *(reqdrift.why("click"), reqdrift.freeze(), reqdrift.env(), reqdrift.settings()),
        reqdrift.fix(),
    )
    for result in results:
        assert copy.copy(result) == copy.deepcopy(result) == result
        assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own
