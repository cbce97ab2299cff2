"""No credentials in any output: every command and format, a secret in every place for one.

How single texts are masked is in requirements/test_urls.py; that `fix` leaves a file's own
credentials alone, and writes none of an environment's, in repair/test_rewrite.py; `plan | sh`
with a real index behind a password in end_to_end/test_plan.py.
"""

from __future__ import annotations

import json
import platform
import shutil
import sys
from pathlib import Path

import pytest

import reqdrift as api
from reqdrift.report import FORMATS
from support import add_distribution, clean_environ, make_environment, reqdrift, run, run_git

SECRET = "s3cr3t"  # noqa: S105 - of nobody
COMMIT = "5f1e2d3c4b5a69788796a5b4c3d2e1f001122334"
VARIABLES = {"TOKEN": SECRET, "INDEX": f"https://user:{SECRET}@h/simple", "HALF": f"u:{SECRET}"}

AUTHORITIES = (
    *(f"user:{SECRET}@", f"{SECRET}@", f"{SECRET}:@", f":{SECRET}@", f"git:{SECRET}@"),
    *(f"user:p%40{SECRET}@", f"user:p@{SECRET}@", f"user:a/{SECRET}#b?c@", "${TOKEN}@", "${HALF}@"),
)
QUERIES = (
    *(f"?token={SECRET}", f"?access_token={SECRET}", f"?a=b&private_token={SECRET}&c=d"),
    *(f"?sig={SECRET}", f"?X-Amz-Signature={SECRET}", f"?X-Amz-Security-Token={SECRET}"),
    *(f"?X-Amz-Credential={SECRET}", f"?%74oken={SECRET}", f"?api-key={SECRET}", "?token=${TOKEN}"),
    *(f"?password={SECRET}#egg=x", f"?client_secret={SECRET}", f"?Signature={SECRET}"),
    *(f"?key={SECRET}", f"?x&pass={SECRET}", f"?pw={SECRET}&pat={SECRET}", f"#sas={SECRET}"),
    *(f"?code={SECRET}", f"#session={SECRET}", f"?x#bearer={SECRET}", f"?x-hmac={SECRET}"),
    *(f"?sess_id={SECRET}", f"#sessid={SECRET}"),
)
GOOD = (
    "--index-url https://{user}h/simple",
    "--extra-index-url https://{user}h/simple{query}",
    "--find-links https://{user}h/links{query}",
    "p{n}a @ https://{user}h/p{n}a-1.0.zip{query}",
    "p{n}b @ git+https://{user}h/p{n}b@main",
    "p{n}c @ git+ssh://{user}h/p{n}c.git",
    "-e svn+https://{user}h/p{n}d#egg=p{n}d",
    "https://{user}h/p{n}e-1.0-py3-none-any.whl{query}",
    "p{n}f==2.0 --config-settings index=https://{user}h{query}",
    "p{n}g @ https://{user}h/p{n}g.zip{query} ; python_version < '3'",
    "-c https://{user}h/limits.txt{query}",
    "p{n}h==1.0 -i https://{user}h/simple{query}",
    f"p{{n}}i==2.0 --config-settings password=a#b&{SECRET}",
    f"p{{n}}j==2.0 --global-option='--token {SECRET}'",
    f'p{{n}}k==2.0 --config-settings="--global-option=--password {SECRET}"',
)
BAD = (
    "-r https://{user}h/more.txt{query}",
    "-r git+https://{user}h/more.txt{query}",
    "--nonsense https://{user}h{query}",
    "--hash https://{user}h{query}",
    "p @ https://{user}[h/p.zip{query}",
    "-e https://{user}h/p.zip{query}",
    "-e {user}h:p{query}",
    "https:/{user}h/p.zip{query}",
    "git+git:{user}h/p{query}",
    "p @ git+git:{user}h/p{query}",
    "https:{user}h/p{query}",
    "p @ https:{user}h/p one two{query}",
    "one two {user}h",
    "one two https://{user}h{query}",
    "./{user}h/p{query}",
    "p == https://{user}h{query}",
    "p; https://{user}h{query} == '1'",
    "-r ./https:/{user}h/p.txt{query}",
    "-e ssh:{user}h/p{query}",
    "-e git+{user}h:p.git{query}",
    "p @ {user}h:p.git{query}",
    "-r {user}h:more.txt{query}",
    "--index-url {user}h:p{query}",
    "p==1 --global-option={user}h:p{query}",
    "https: //{user}h/p{query}",
    "https:// {user}h/p{query}",
    "https://{user}[h/p.zip{query}",
    "p @ https://{user}h/p.zip]{query}",
    "-e 'p @ git+https://{user}h/p{query}'",
    "hub+{user}h:p/p.git{query}",
    "p --pre https://{user}h/simple{query}",
    "--no-index=https://{user}h/simple{query}",
    "-i https://{user}h/simple https://{user}h/simple{query}",
    "-r a.txt -r https://{user}h/p.txt{query}",
    "/nowhere/https://{user}h/{query}",
)


def filled(templates: tuple[str, ...]) -> str:
    """The lines with every authority and every query once in each."""
    pairs = [(user, "") for user in AUTHORITIES] + [("", query) for query in QUERIES]
    return "".join(
        f"{template.format(user=user, query=query, n=n)}\n"
        for template in templates
        for n, (user, query) in enumerate(pairs)
        if user or "{query}" in template
    )


@pytest.fixture(scope="module")
def project_with_secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project, in git with a remote, and an environment with secrets wherever one may be.

    Each test replaces its requirements.txt: see `run_on`.
    """
    project = tmp_path_factory.mktemp("project")
    run_git("init", "--quiet", cwd=project)
    run_git("remote", "add", "origin", f"https://user:{SECRET}@h/x", cwd=project)
    version = platform.python_version()
    site = make_environment(project / ".venv", "p0f-1.0", "p0h-2.0", version=version)
    for n, user in enumerate(AUTHORITIES):
        vcs = {"vcs": "git", "commit_id": COMMIT, "requested_revision": "v1"}
        add_distribution(
            site, f"p{n}b-1.0", direct_url={"url": f"https://{user}other/b", "vcs_info": vcs}
        )
        add_distribution(
            site, f"v{n}-1.0", direct_url={"url": f"https://{user}h/v", "vcs_info": vcs}
        )
        add_distribution(
            site,
            f"w{n}-1.0",
            requires=[f"v{n} @ https://{user}h/v{n}.zip", f"q @ git+ssh:{user}h/q"],
        )
    for n, query in enumerate(QUERIES):
        url = {"url": f"https://other/a.zip{query}", "archive_info": {"hash": "sha256=ab"}}
        add_distribution(site, f"p{n + len(AUTHORITIES)}a-1.0", direct_url=url)
        add_distribution(site, f"x{n}-1.0", direct_url={**url, "archive_info": {}})
        add_distribution(site, f"y{n}-1.0", requires=[f"x{n} @ https://h/x{n}.zip{query}"])
    folder = {"url": "file:///src/z", "dir_info": {"editable": True}}
    add_distribution(site, "z-1.0", direct_url=folder)
    metadata = site / "z-1.0.dist-info" / "METADATA"
    page = f"Home-page: https://user:{SECRET}@h?token={SECRET}\n"
    metadata.write_text(metadata.read_text().replace("Version", f"{page}Version"))
    (project / "requirements.txt").write_text("# nothing yet\n")
    (project / ".gitignore").write_text(".venv\n")
    run_git("add", ".", cwd=project)
    run_git("commit", "--quiet", "-m", "x", cwd=project)
    return project


COMMANDS = (
    *([], ["-v"], ["--color", "always"], [f"--format={name}=/dev/stdout" for name in FORMATS]),
    *(["diff"], ["diff", "--color", "always"], ["diff", "--rev", "HEAD"], ["plan"], ["fix"]),
    *(["plan", "--with", "uv"], ["freeze"], ["env"], ["inspect"], ["init"]),
    *(["--staged"], ["--rev", "HEAD"]),
    *(["--unlisted", "orphans"], ["--severity", "extra=warning", "--debug"], ["plan", "--staged"]),
    *(["verify"], ["verify", "--format", "json"]),
    *(["why", name] for name in ("p0b", "p12a", "v0", "x0", "y1", "q", "z")),
)
walk = pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
# What cannot be read is quoted by all of them alike.
ALIKE = [x for x in COMMANDS if x[:1] == ["why"] or {"--format", "--color", "--with"} & {*x}]
walk_bad = pytest.mark.parametrize(
    "words",
    [pytest.param(x, marks=[pytest.mark.long] if x in ALIKE else []) for x in COMMANDS],
    ids=" ".join,
)


def run_on(project: Path, text: str, *words: str) -> str:
    """The output over a requirements file that is committed and changed since."""
    (project / "requirements.txt").write_text(text)
    (project / "pyproject.toml").unlink(missing_ok=True)  # of `init`
    run_git("add", ".", cwd=project)
    done = reqdrift(*words, cwd=project, env=clean_environ(**VARIABLES))
    assert done.returncode in (0, 1, 2, 3), done.stderr
    return done.stdout + done.stderr


@walk
def test_lines_that_can_be_read(project_with_secrets: Path, words: list[str]) -> None:
    output = run_on(project_with_secrets, filled(GOOD), *words)
    assert SECRET not in output
    assert output


@walk_bad
def test_lines_that_cannot_be_read(project_with_secrets: Path, words: list[str]) -> None:
    output = run_on(project_with_secrets, filled(BAD), *words)
    assert SECRET not in output
    quiet = (["freeze"], ["env"], ["verify"], ["inspect"], ["init"])
    assert "error" in output or words[:1] in quiet or "HEAD" in words


@pytest.mark.parametrize("templates", [GOOD, BAD], ids=["good", "bad"])
@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_second_witness(
    project_with_secrets: Path, tmp_path: Path, templates: tuple[str, ...], format_: str
) -> None:
    """It reads the same lines with another parser, whose complaints are told."""
    project = shutil.copytree(project_with_secrets, tmp_path / "project", symlinks=True)
    interpreter = Path(sys.executable).resolve()
    python = project / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(interpreter)
    config = project / ".venv" / "pyvenv.cfg"
    config.write_text(config.read_text().replace("/usr/bin", str(interpreter.parent)))
    output = run_on(project, filled(templates), "-v", "--cross-check", "--format", format_)
    assert SECRET not in output
    assert "importlib.metadata" in output  # the witness spoke
    assert "pip-api" in output  # of the lines too


def test_the_lines_are_what_they_are_called(project_with_secrets: Path) -> None:
    run_on(project_with_secrets, filled(GOOD))
    done = reqdrift("--format", "json", cwd=project_with_secrets, env=clean_environ(**VARIABLES))
    report = json.loads(done.stdout)
    assert report["errors"] == []
    assert {finding["kind"] for finding in report["findings"]} >= {"missing", "source", "extra"}


@pytest.mark.parametrize(
    "words",
    [
        [f"https://user:{SECRET}@h/r.txt"],
        ["-c", f"https://user:{SECRET}@h/r.txt"],
        [f"git+https://h/r.txt?token={SECRET}"],
        [f"https:/user:{SECRET}@h/r.txt"],
        ["--python", f"https://user:{SECRET}@h/python"],
        ["--path", f"https://user:{SECRET}@h/python"],
        ["--format", f"https://user:{SECRET}@h"],
        ["--format", f"json=https://user:{SECRET}@h/x.json"],
        ["--rev", f"https://user:{SECRET}@h"],
        ["--add-to", f"https://user:{SECRET}@h"],
        ["fix", "--add-to", f"https://user:{SECRET}@h"],
        ["why", f"https://user:{SECRET}@h"],
    ],
    ids=lambda words: " ".join(words).replace(SECRET, "x"),
)
def test_what_was_typed(project: Path, words: list[str]) -> None:
    make_environment(project / ".venv", "foo-2.0", "bar-1.0")
    (project / "requirements.txt").write_text("foo==1.0\n")
    done = reqdrift(*words, cwd=project)
    assert done.returncode in (0, 1, 2, 3), done.stderr
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize("wish", ["ignore[{}]", "ignore[version]{}", "{}"])
def test_a_comment_that_ignores_nothing(project: Path, wish: str) -> None:
    make_environment(project / ".venv", "foo-1.0")
    comment = wish.format(f"https://user:{SECRET}@h?token={SECRET}")
    (project / "requirements.txt").write_text(f"foo==1.0  # reqdrift: {comment}\n")
    for words in (["-v"], ["--format", "json"], ["--ignore", f"https://user:{SECRET}@h"]):
        done = reqdrift(*words, cwd=project)
        assert done.returncode == 0, done.stderr
        assert "warning: " in done.stdout
        assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize("key", ["python", "add-to", "nonsense"])
def test_the_configuration(project: Path, key: str) -> None:
    (project / "requirements.txt").write_text("foo==1.0\n")
    text = f"[tool.reqdrift]\n{key} = 'https://user:{SECRET}@h'\n"
    (project / "pyproject.toml").write_text(text)
    make_environment(project / ".venv", "bar-1.0")
    for words in ([], ["fix"]):
        done = reqdrift(*words, cwd=project)
        assert SECRET not in done.stdout + done.stderr


def test_a_bug(project: Path) -> None:
    code = (
        "import reqdrift.commands, sys\n"
        f"def fail(*words, **options): raise RuntimeError('https://user:{SECRET}' + '@h')\n"
        "reqdrift.commands.read_files = fail\n"
        "from reqdrift.cli import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    for words in ([], ["--debug"]):
        done = run(sys.executable, "-c", code, *words, cwd=project, check=False)
        assert done.returncode == 70
        assert "https://****@h" in done.stderr
        assert f":{SECRET}@" not in done.stderr


@pytest.mark.parametrize("level", ["error", "warn"])
def test_what_a_program_raises(project: Path, level: str) -> None:
    lines = f"pytest @ https://h.org/pytest.zip?key={SECRET}\n"
    # Why no command installs the files.
    lines += f"absent @ https://user:{SECRET}@h/absent.zip  # reqdrift: ignore\n"
    (project / "requirements.txt").write_text(lines)
    code = f"import reqdrift; reqdrift.require('{project}/requirements.txt', '{level}')"
    done = run(sys.executable, "-W", "always", "-c", code, cwd=project, check=False)
    assert "pytest.zip?key=****" in done.stderr
    assert SECRET not in done.stderr.replace(code, "")


def test_what_a_program_prints(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    lines = f"--extra-index-url https://user:{SECRET}@h.org/simple\n"
    lines += f"pytest @ https://h.org/pytest.zip?key={SECRET}\n"
    (project / "requirements.txt").write_text(lines)
    make_environment(project / ".venv")
    (project / "other.txt").write_text(f"-r https://user:{SECRET}@h.org/requirements.txt\n")
    others = (api.check("other.txt"), api.why("pytest", "other.txt"))
    results = (api.check(), api.why("pytest"), api.init(), *others)
    assert SECRET not in repr(results)
