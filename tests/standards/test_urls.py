from __future__ import annotations

import pytest

from reqdrift.errors import InvalidLineError
from reqdrift.standards import urls
from reqdrift.texts import mask
from reqdrift.texts.secrets import redact

OF_TOKENS = (
    *("glft-", "glptt-", "glsoat-", "gloas-", "glimt-", "glagent-", "dckr_oat_", "sk_test_"),
    *("cmVmdGtu", "ATATT3x", "glsa_"),
    *("AKCp8", "AIzaSy", "ya29.", "hvs.", "sk-proj-", "sk-ant-api03-", "dop_v1_", "SG.abcdefgh."),
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("six==1", "six==1"),
        (f"x dapi{'0a' * 16}", "x ****"),
        ("https://host/a@b", "https://host/a@b"),
        ("https://host:8080/a@b", "https://host:8080/a@b"),
        ("https://[::1]/a@b", "https://[::1]/a@b"),
        ("https://user:password@host/x", "https://****@host/x"),
        ("https://TOKEN@host/x", "https://****@host/x"),
        ("https://TOKEN:@host", "https://****@host"),
        ("https://user:p@ss@host/x", "https://****@host/x"),
        ("https://user:p/a#s?s@host/x", "https://****@host/x"),
        ("https://user:pass word@host/x", "https://****@host/x"),
        ("git+https://TOKEN@host/x@v1#egg=x", "git+https://****@host/x@v1#egg=x"),
        ("git+ssh://git@host/x@v1", "git+ssh://git@host/x@v1"),
        ("git+ssh://git:password@host/x", "git+ssh://****@host/x"),
        ("https://${TOKEN}@host/x", "https://${TOKEN}@host/x"),
        ("https://${USER}:${PASSWORD}@host/x", "https://${USER}:${PASSWORD}@host/x"),
        ("https://${USER}:password@host/x", "https://****@host/x"),
        ("https://${A}password${B}@host/x", "https://****@host/x"),
        ("x @ https://a:b@c/d; e https://f@g", "x @ https://****@c/d; e https://****@g"),
        ("https://h/x?key=1&code=2#session=3", "https://h/x?key=****&code=****#session=****"),
        ("https://h/x;pass=1?x-hmac=2", "https://h/x;pass=****"),
        ("'pw=1' is not a marker", "'pw=****' is not a marker"),
        ("https://h/x?key=se'cret", "https://h/x?key=****"),
        ("'https://h/x?key=se\"cret' is no URL", "'https://h/x?key=****' is no URL"),
        ("h:/path/a@b/x", "h:/path/a@b/x"),
        ("PyJWT==2.8 ; os_name == 'nt'", "PyJWT==2.8 ; os_name == 'nt'"),
        ("https://h/x?encode=1#sha256=a&egg=b", "https://h/x?encode=1#sha256=a&egg=b"),
        ("https://h/x?key=${KEY}", "https://h/x?key=${KEY}"),
        ("-e git+git@host:o/x.git#egg=x", "-e git+git@host:o/x.git#egg=x"),
        ("-e git+TOKEN@host:o/x.git", "-e git+****@host:o/x.git"),
        ("user:password@host/x", "****@host/x"),
        ("https:/user:pass word@host/x", "https:/****@host/x"),
        ("https:// user:password@host/x", "https://****@host/x"),
        ("python:3.12@sha256:abc", "python:3.12@sha256:abc"),
        ("user:pass word@host/x", "****@host/x"),
        ("https//user:pass word@host/x", "https//****@host/x"),
        ("https://user:password/x", "https://user:****/x"),
        ("https://user%3Apassword%40host/x", "https://****%40host/x"),
        ("TOKEN@github.com/x", "****@github.com/x"),
        ("git@user:password@host/x", "****@host/x"),
        ("--url=user:pass(,'word=@host/x", "--url=****@host/x"),
        ("user:password%40host/x", "user:****%40host/x"),
        ("https://h/x?user[token]=1&b=2", "https://h/x?user[token]=****&b=2"),
        ("--config-settings=token=1", "--config-settings=token=****"),
        ("https://h/x?to=https%3A%2F%2Fa%3Ab%40c", "https://h/x?to=****"),
        ("https://host:8080 and me@work.org", "https://host:8080 and me@work.org"),
        ("https://host, x @ git+ssh://git@host/x", "https://host, x @ git+ssh://git@host/x"),
        ("https://host:${PORT}/x", "https://host:${PORT}/x"),
        ("git+ssh://host:owner/x", "git+ssh://host:owner/x"),
        ("git+git@host:o/x.git@v1.0", "git+git@host:o/x.git@v1.0"),
        ("a.txt:3: missing: x@y", "a.txt:3: missing: x@y"),
        ("pkg:pypi/x@1.0 npm:@scope/x@1.2", "pkg:pypi/x@1.0 npm:@scope/x@1.2"),
        ("/jobs/a@2:/opt/x /home/a:b@c/x", "/jobs/a@2:/opt/x /home/a:b@c/x"),
        ("sorted(names, key=len)", "sorted(names, key=len)"),
        ("make PASSWORD=\"a b\" TOKEN='c d' x", "make PASSWORD=**** TOKEN=**** x"),
        ('--token "a b" TOKEN="${TOKEN}"', '--token **** TOKEN="${TOKEN}"'),
        ("--user=me:pw -ume:pw -u 'me:p w' x", "--user=**** -u**** -u **** x"),
        ('-u 1:2 -u "1:2" --user root:root x', '-u 1:2 -u "1:2" --user root:root x'),
        ("pip install --user --upgrade -U a:b", "pip install --user --upgrade -U a:b"),
        ("git+user:password@host:x@3b1f", "git+****@host:x@3b1f"),
        ("google-auth=2.0=py_0 KEY=VALUE", "google-auth=2.0=py_0 KEY=VALUE"),
        ("/home/me@work/x.txt:3", "/home/me@work/x.txt:3"),
        ("by Me <me@work.org>", "by Me <me@work.org>"),
        ("h/x?token=1000.8f3c2b9d17aa40e6.b1", "h/x?token=****"),
        ("h/x?passwords=a&tokenid=b", "h/x?passwords=****&tokenid=****"),
        (f"h/npm_{'a1b2c3' * 6}/x h/hf_{'D4e5' * 9}", "h/****/x h/****"),
        ("hf_transfer-0.1.9.whl ghp_import-2.1", "hf_transfer-0.1.9.whl ghp_import-2.1"),
        (f"h/ghp_{'a1B2' * 9}/x", "h/****/x"),
        ("h/xapp-1-a2b3 h/AKIA0123456789ABCDEF", "h/**** h/****"),
        ("x hf_abcdefghijklmnopqrst0123", "x ****"),
        ("x npm_abcdefghijklmnopqrst0123", "x ****"),
        ("x dckr_pat_abcdefghij", "x ****"),
        ("x AKIAIOSFODNN7EXAMPLE", "x ****"),
        ("x rk_live_abcdefghij", "x ****"),
        ("x glrt-abcdefghij", "x ****"),
        ("x gldt-abcdefghij", "x ****"),
        ("x glcbt-abcdefghij", "x ****"),
        ("x xapp-1-A0123456789", "x ****"),
        *((f"x {name}A1b2C3d4E5f6G7h8J9k0", "x ****") for name in OF_TOKENS),
        ("x ASIAIOSFODNN7EXAMPLE", "x ****"),
        ("x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "x ****"),
        (
            "h/x?mypass=a&userpw=b&tokenb64=c&bypass=d",
            "h/x?mypass=****&userpw=****&tokenb64=****&bypass=d",
        ),
        ("x xoxb-1-A0123456789", "x ****"),
    ],
)
def test_redact(text: str, shown: str) -> None:
    assert redact(text) == mask(text) == shown


@pytest.mark.parametrize(
    ("url", "kind", "plain", "revision", "subdirectory"),
    [
        ("https://h/x.zip#egg=x", "archive", "https://h/x.zip", None, ""),
        ("https://u:p@h/x.zip?a=1", "archive", "https://h/x.zip?a=1", None, ""),
        ("git+https://h/x", "vcs", "https://h/x", None, ""),
        ("git+https://h/x.git@v1#subdirectory=a", "vcs", "https://h/x.git", "v1", "a"),
        ("git+https://h/x@a/b#egg=x&subdirectory=c/d", "vcs", "https://h/x", "a/b", "c/d"),
        ("git+ssh://git@h/x@v1", "vcs", "ssh://git@h/x", "v1", ""),
        ("git+ssh://git@h:o/x", "vcs", "ssh://git@h:o/x", None, ""),
        ("git+https://TOKEN@h/x", "vcs", "https://h/x", None, ""),
        ("git+file:///a/b@1", "vcs", "file:///a/b", "1", ""),
        ("file:///nowhere/x-1.zip#subdirectory=a", "archive", "/nowhere/x-1.zip", None, "a"),
        ("file:///nowhere/a%20b", "folder", "/nowhere/a b", None, ""),
        ("file:./nowhere", "folder", "./nowhere", None, ""),
        ("./nowhere.tar.gz", "archive", "./nowhere.tar.gz", None, ""),
    ],
)  # fmt: skip
def test_parse(url: str, kind: str, plain: str, revision: str | None, subdirectory: str) -> None:
    source = urls.parse(url)
    assert (source.kind, source.url, source.revision) == (kind, plain, revision)
    assert source.subdirectory == subdirectory
    assert source.local == (url.startswith(("file:", ".")))


def test_hashes_in_a_fragment() -> None:
    source = urls.parse("https://h/x.zip#sha256=ab&sha512=cd&md5=ef")
    assert source.hashes == ("sha512:cd", "sha256:ab", "md5:ef")


@pytest.mark.parametrize(
    "url",
    [
        "https://[bad/x",
        "git+https://[bad/x",
        "https://user:password\u2100@host/x",
        "file://host/x",
        "FILE:///x",
        "https://h/x#egg=",
        "https://h/x#egg=x[a]",
    ],
)
def test_what_pip_refuses_wherever_it_stands(url: str) -> None:
    with pytest.raises(InvalidLineError) as raised:
        urls.check(url)
    assert "password" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://host/org/x",
        "https://HOST/org/x.git",
        "ssh://git@host/org/x.git/",
        "https://host:443/org/x/",
        "https://user:password@host/org/%78",
    ],
)
def test_identity_of_a_repository(url: str) -> None:
    assert urls.identity(url) == ("host", "/org/x")


@pytest.mark.parametrize(
    ("path", "is_one"),
    [("x.tar.gz", True), ("x.TAR.gz/", True), ("x-1.0.zip", True), ("x.gz", False), ("zip", False)],
)
def test_the_name_of_an_archive(path: str, is_one: bool) -> None:
    assert urls.is_archive(path) is is_one


@pytest.mark.parametrize("between", [" ", " and ", "\n", ", ", "') '"])
def test_every_url_of_a_text_is_masked(between: str) -> None:
    text = f"https://user:secret@h{between}https://user:secret@h{between}git+ssh://u:secret@h"
    assert "secret" not in redact(text)
    assert redact(text).count("://") == 3
