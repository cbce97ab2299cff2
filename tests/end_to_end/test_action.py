"""The steps of action.yml, as a runner of GitHub Actions starts them, and its one REST endpoint."""

from __future__ import annotations

import http.server
import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are installed

from support import REPOSITORY, SCRIPTS, clean_environ, make_environment, run

# The steps of the action run in a shell.
pytestmark = pytest.mark.long

ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text())


class GitHub(http.server.BaseHTTPRequestHandler):
    """Comments of one pull request; `refuses` is for a token that cannot write."""

    comments: list[dict[str, Any]]
    requests: list[str]
    refuses: bool

    def _answer(self, code: int, value: object) -> None:
        self.send_response(code)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def _sent(self) -> str:
        assert self.headers["Authorization"] == "Bearer secret"
        self.requests.append(f"{self.command} {self.path}")
        text = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "{}")
        return str(text.get("body", ""))

    def do_GET(self) -> None:
        self._sent()
        begin = (int(self.path.rpartition("page=")[2]) - 1) * 100
        self._answer(200, self.comments[begin : begin + 100])

    def do_POST(self) -> None:
        body = self._sent()
        if self.refuses:
            return self._answer(403, {})
        self.comments.append({"id": len(self.comments), "body": body})
        return self._answer(201, self.comments[-1])

    def do_PATCH(self) -> None:
        body = self._sent()
        self.comments[int(self.path.rpartition("/")[2])]["body"] = body
        self._answer(200, {})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


class Runner:
    """One job: its workspace, its files, and what its steps have left in them."""

    def __init__(self, root: Path, url: str) -> None:
        self.temp, self.workspace = root / "temp", root / "project"
        self.temp.mkdir()
        self.summary, event = root / "summary.md", root / "event.json"
        event.write_text(json.dumps({"pull_request": {"number": 7}}))
        self.variables = {
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_ACTION_PATH": str(REPOSITORY),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_API_URL": url,
            "GITHUB_REPOSITORY": "someone/shop",
            "GITHUB_WORKFLOW": "ci",
            "GITHUB_JOB": "drift",
            "PATH": os.pathsep.join([str(Path(sys.base_prefix) / "bin"), os.environ["PATH"]]),
        }

    def without_installing(self) -> None:
        """Use the reqdrift that runs the tests; the first step finds it installed."""
        folder = self.temp / "reqdrift"
        (folder / "bin").mkdir(parents=True)
        (folder / "reqdrift-action").touch()
        for name in ("reqdrift", "python"):
            (folder / "bin" / name).symlink_to(SCRIPTS / name)

    def job(self, **inputs: str) -> tuple[int, dict[str, str], str]:
        """Run all steps until one fails: the exit code, the outputs, and the log."""
        given = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()}
        given |= {"token": "secret"} | inputs
        outputs: dict[str, str] = {}
        log, code = "", 0
        for step in ACTION["runs"]["steps"]:
            if "if" in step:
                name, wanted = re.fullmatch(r"inputs\.(\w+) == '(\w+)'", step["if"]).groups()  # type: ignore[union-attr]
                if given[name] != wanted:
                    continue
            output = self.temp / "output"
            output.write_text("")
            env = {
                name: self._expanded(text, given, outputs)
                for name, text in step.get("env", {}).items()
            }
            script = self.temp / "step.sh"
            script.write_text(step["run"])
            # As the runner starts `shell: bash`.
            shell = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script)
            files = {"GITHUB_OUTPUT": str(output)}
            environ = clean_environ(**self.variables, **files, **env)
            done = run(*shell, cwd=self.workspace, env=environ, check=False)
            log, code = log + done.stdout + done.stderr, done.returncode
            lines = output.read_text().splitlines()
            outputs |= {f"{step.get('id')}.{n}": v for n, _, v in (x.partition("=") for x in lines)}
            if code:
                break
        values = {
            name: self._expanded(spec["value"], given, outputs)
            for name, spec in ACTION["outputs"].items()
        }
        return code, values, log

    def _expanded(self, text: str, given: dict[str, str], outputs: dict[str, str]) -> str:
        found = re.fullmatch(r"\$\{\{ (inputs|steps)\.([\w.-]+) \}\}", text)
        assert found, text
        if found[1] == "inputs":
            return given[found[2]]
        return outputs.get(found[2].replace(".outputs.", "."), "")


@pytest.fixture
def github() -> Iterator[tuple[str, type[GitHub]]]:
    class Handler(GitHub):
        comments: list[dict[str, Any]] = []
        requests: list[str] = []
        refuses = False

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", Handler
        server.shutdown()
        thread.join()


@pytest.fixture
def runner(project: Path, github: tuple[str, type[GitHub]]) -> Runner:
    (project / "requirements.txt").write_text("six==1.16.0\n")
    runner = Runner(project.parent, github[0])
    runner.without_installing()
    return runner


def test_a_job_with_a_virtualenv_that_has_drifted(runner: Runner) -> None:
    make_environment(runner.workspace / ".venv", "six-1.15.0", "stray-1.0")
    code, outputs, log = runner.job(sarif="drift.sarif")
    assert (code, outputs["exit-code"]) == (1, "1")
    assert outputs["verdict"] == "drift"
    assert (outputs["findings"], outputs["errors"], outputs["warnings"]) == ("2", "2", "0")
    assert "::error file=requirements.txt,line=1,endLine=1,title=version%3A six::six" in log
    assert "six 1.15.0 is installed" in runner.summary.read_text()
    sarif = json.loads((runner.workspace / "drift.sarif").read_text())
    assert len(sarif["runs"][0]["results"]) == 2


def test_files_with_spaces_and_sets(runner: Runner) -> None:
    make_environment(runner.workspace / ".venv", "six-1.15.0", "tool-1")
    (runner.workspace / "the api.txt").write_text("six==1.15.0\n")
    (runner.workspace / "dev.txt").write_text("tool==1\n")
    assert runner.job(files="the api.txt\ndev.txt\n")[1]["verdict"] == "clean"
    table = '[[tool.reqdrift.set]]\nname = "{}"\nfiles = {}\n'
    sets = {"api": '["the api.txt", "dev.txt"]', "worker": '["requirements.txt"]'}
    tables = "".join(table.format(name, files) for name, files in sets.items())
    (runner.workspace / "pyproject.toml").write_text(tables)
    assert runner.job(set="api")[1]["verdict"] == "clean"
    assert runner.job(set="worker")[1]["verdict"] == "drift"


def test_wrong_inputs_are_not_clean(runner: Runner) -> None:
    make_environment(runner.workspace / ".venv", "six-1.16.0")
    code, outputs, log = runner.job(format="nonsense", comment="true")
    assert (code, outputs["verdict"]) == (2, "failed")
    assert "nonsense" in log
    assert runner.job(files="gone.txt")[0] == 2
    # A broken virtualenv is not replaced by the Python of the job.
    shutil.rmtree(runner.workspace / ".venv")
    (runner.workspace / ".venv").symlink_to("gone")
    code, outputs, log = runner.job()
    assert (code, outputs["verdict"]) == (3, "failed")
    assert "a link to" in log


def test_an_input_cannot_be_a_command(runner: Runner) -> None:
    make_environment(runner.workspace / ".venv", "six-1.16.0")
    for name in ("files", "python", "set", "format", "sarif"):
        runner.job(**{name: '$(touch planted) `touch planted` "; touch planted; "'})
    assert not list(runner.workspace.glob("planted*"))


def test_the_comment_is_updated_in_place(runner: Runner, github: tuple[str, type[GitHub]]) -> None:
    github[1].comments.extend({"id": n, "body": "a talk"} for n in range(100))
    site = make_environment(runner.workspace / ".venv", "six-1.15.0")
    runner.job(comment="true")
    (comment,) = github[1].comments[100:]
    assert comment["body"].startswith("<!-- reqdrift ci/drift/ -->\n### reqdrift")
    assert "```diff\ndiff --git a/requirements.txt" in comment["body"]
    assert "+six==1.15.0" in comment["body"]
    (site / "six-1.15.0.dist-info").rename(site / "six-1.16.0.dist-info")
    metadata = site / "six-1.16.0.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text().replace("1.15.0", "1.16.0"))
    runner.job(comment="true")
    assert len(github[1].comments) == 101  # and none of a job without drift that had none
    assert "clean" in github[1].comments[100]["body"]
    pages = [f"GET /repos/someone/shop/issues/7/comments?per_page=100&page={n}" for n in (1, 2)]
    created, updated = "POST /repos/someone/shop/issues/7/comments", "PATCH /repos/someone/shop/"
    assert github[1].requests == [*pages, created, *pages, f"{updated}issues/comments/100"]


def test_jobs_have_comments_of_their_own(runner: Runner, github: tuple[str, type[GitHub]]) -> None:
    make_environment(runner.workspace / ".venv", "six-1.15.0")
    runner.job(comment="true")
    runner.variables["GITHUB_JOB"] = "another --> [x](y)"
    runner.job(comment="true")
    marks = [comment["body"].splitlines()[0] for comment in github[1].comments]
    assert marks == ["<!-- reqdrift ci/drift/ -->", "<!-- reqdrift ci/another ___ _x__y_/ -->"]


def test_a_token_that_cannot_write_does_not_change_the_verdict(
    runner: Runner, github: tuple[str, type[GitHub]]
) -> None:
    github[1].refuses = True
    make_environment(runner.workspace / ".venv", "six-1.15.0")
    code, _, log = runner.job(comment="true")
    assert code == 1
    assert "::warning title=reqdrift::the comment was not written: 403" in log
    # A run that is for no pull request.
    Path(runner.variables["GITHUB_EVENT_PATH"]).write_text("{}")
    code, _, log = runner.job(comment="true")
    assert code == 1
    assert "nothing to comment on" in log


@pytest.mark.long
def test_reqdrift_is_installed_into_an_environment_of_its_own(
    project: Path, github: tuple[str, type[GitHub]]
) -> None:
    # All that is required is in that environment, too, which is no reason to check it.
    (project / "requirements.txt").write_text("rich==1.0\npackaging==1.0\n")
    runner = Runner(project.parent, github[0])
    runner.variables["PATH"] = os.pathsep.join([f"{sys.base_prefix}/bin", os.defpath])
    _, outputs, log = runner.job()
    assert outputs["verdict"] == "drift"
    assert f"in {sys.base_prefix} (Python" in log


@pytest.mark.long
def test_the_steps_are_clean_for_shellcheck(tmp_path: Path) -> None:
    shellcheck = shutil.which("shellcheck")
    if shellcheck is None:
        pytest.skip("there is no shellcheck")
    for number, step in enumerate(ACTION["runs"]["steps"]):
        script = tmp_path / f"{number}.sh"
        script.write_text(f"#!/usr/bin/env bash\nset -eo pipefail\n{step['run']}")
        run(shellcheck, script, cwd=tmp_path)
