"""A secret anywhere: in no output of any command, and compared as before."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_any_bytes import ran

import reqdrift
from reqdrift.repair import NOT_WRITTEN
from reqdrift.report import FORMATS
from strategies import examples
from support import add_distribution, clean_environ, make_environment, run_git

SECRET = "s3cr3t"  # noqa: S105 - of nobody
COMMANDS = (
    *(("check", "-v", "--format", name) for name in FORMATS),
    *(("check", "--staged"), ("diff",), ("plan",), ("plan", "--with", "uv"), ("freeze",)),
    *(("why", "foo"), ("env",), ("verify",), ("inspect",), ("init",), ("fix",)),
    ("check", *(f"--format={name}=report.{name}" for name in FORMATS)),
)
NAMES = st.sampled_from(
    (
        *("key", "pass", "pw", "pat", "sig", "sas", "code", "session", "bearer", "hmac", "token"),
        *("token[]", "user[token]", "token_value", "authcode", "$token"),
        *("api_key", "X-Amz-Signature", "access-token", "PASSWORD", "client.secret", "accessKey"),
    )
)
USERS = st.sampled_from(
    (f"user:{SECRET}@", f"{SECRET}@", f"ghp_{SECRET}:x-oauth-basic@", f"user:a {SECRET}@")
)
URLS = st.one_of(
    st.builds("{}://{}h.org/foo.zip".format, st.sampled_from(("https", "git+ssh")), USERS),
    st.builds("{}{}h.org/foo.zip".format, st.sampled_from(("https:/", "https:", "ssh:/")), USERS),
    st.builds("git+{}h.org:foo.git".format, USERS.filter(lambda user: " " not in user)),
    st.builds("{}h.org/foo.zip".format, st.sampled_from((f"user:{SECRET}@", f"user:a {SECRET}@"))),
    st.builds("{}github.com/foo".format, st.sampled_from((f"git+{SECRET}@", f"https//{SECRET}@"))),
    st.sampled_from((f"https://user:{SECRET}", f"https://user:{SECRET}%40h.org/foo.zip")),
    st.just(f"https://h.org/foo.zip?next=https%3A%2F%2Fuser%3A{SECRET}%40h.org"),
    st.builds(
        "https://h.org/foo.zip{}{}={}".format,
        st.sampled_from(("?", "?a=b&", "?a=b,", "#", "#egg=foo&", ";")),
        NAMES,
        st.just(SECRET),
    ),
)
LINES = st.sampled_from(
    (
        *("foo @ {}", "-e {}", "{}", "-r {}", "-c {}", "--index-url {}", "--find-links={}"),
        *("bar==1 --config-settings a={}", "foo=={}", "foo; {}", "--nonsense {}"),
        *("foo==1  # reqdrift: ignore[{}]", "-r ./{}", "foo @ https://h.org/foo.zip?x=${{TOKEN}}"),
    )
)


@settings(examples(40))
@given(
    st.lists(st.builds(str.format, LINES, URLS), min_size=1, max_size=4),
    URLS,
    URLS,
    st.lists(st.sampled_from(COMMANDS), min_size=3, max_size=3, unique=True),
)
@pytest.mark.usefixtures("project")
def test_no_output_has_a_secret(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[str],
    installed: str,
    remote: str,
    commands: list[tuple[str, ...]],
) -> None:
    folder = tmp_path_factory.mktemp("secrets")
    try:
        run_git("init", "-q", cwd=folder)
        run_git("remote", "add", "origin", remote, cwd=folder)
        record = {"url": installed, "archive_info": {}}
        site = make_environment(folder / ".venv", "bar-2.0")
        add_distribution(site, "foo-1.0", direct_url=record, requires=[f"baz @ {installed}"])
        (folder / "requirements.txt").write_text("\n".join([*lines, ""]))
        (folder / ".gitignore").write_text(".venv\n")
        (folder / ".venv" / "pip.conf").write_text(f"[global]\nindex-url = {remote}\n")
        run_git("add", ".", cwd=folder)
        variables = clean_environ(PIP_INDEX_URL=remote, UV_INDEX_URL=remote, TOKEN=SECRET)
        for words in commands:
            with mock.patch.dict(os.environ, variables, clear=True):
                _, out, err = ran(folder, words)
            assert SECRET not in out, (words, lines, out)
            assert SECRET not in err, (words, lines, err)
        for report in folder.glob("report.*"):
            assert SECRET not in report.read_text(), report.name
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["key", "code", "pat", "token", "sig", "password"])
def test_a_masked_value_is_compared(project: Path, name: str) -> None:
    record = {"url": f"https://h.org/foo.zip?{name}=one", "archive_info": {}}
    add_distribution(make_environment(project / ".venv"), "foo-1.0", direct_url=record)
    for value, code in (("one", 0), ("two", 1)):
        (project / "requirements.txt").write_text(f"foo @ https://h.org/foo.zip?{name}={value}\n")
        assert ran(project, ("check",))[0] == code


def test_what_was_installed_with_a_secret_is_not_written(project: Path) -> None:
    record = {"url": f"https://h.org/foo.zip?sig={SECRET}", "archive_info": {}}
    site = make_environment(project / ".venv", "bar-1.0")
    add_distribution(site, "foo-1.0", direct_url=record)
    file = project / "requirements.txt"
    file.write_text("bar==1.0\nfoo @ https://h.org/other.zip\n")
    code, out, _ = ran(project, ("fix",))
    assert (code, file.read_text()) == (1, "bar==1.0\nfoo @ https://h.org/other.zip\n")
    assert "requirements.txt:2: source not fixed: " in out
    assert "its URL has a secret; write the line by hand" in out
    code, out, err = ran(project, ("freeze",))
    assert (code, out) == (3, "bar==1.0\n")
    assert err == f"reqdrift: foo is left out: {NOT_WRITTEN}\n"


def test_an_error_of_the_api_has_no_secret(project: Path) -> None:
    make_environment(project / ".venv")
    (project / "requirements.txt").write_text(f"-r https://h.org/a.txt?key={SECRET}\n")
    with pytest.raises(reqdrift.UnreadableFilesError) as raised:
        reqdrift.fix(project / "requirements.txt")
    assert SECRET not in repr([str(raised.value), raised.value.errors])
    with pytest.raises(reqdrift.UsageError) as refused:
        reqdrift.check(f"https://user:{SECRET}@h.org/a.txt")
    assert SECRET not in repr([str(refused.value), refused.value.args])


def test_a_hint_of_the_api_has_no_secret(project: Path) -> None:
    site = make_environment(project / ".venv", "bar-2.0")
    info = add_distribution(site, "foo-1.0")
    (info / "RECORD").write_text("foo.py,,\n")
    (project / "requirements.txt").write_text(f"-r https://user:{SECRET}@h.org/a.txt\nfoo==1.0\n")
    report = reqdrift.verify(python=".venv")
    assert [hint for hint in report.hints if "no command can reinstall" in hint.purpose]
    assert SECRET not in repr(report)
