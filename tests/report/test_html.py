"""The page, parsed and opened in a real browser."""

from __future__ import annotations

import http.server
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chromium import Page, chromium
from hostile_reports import hostile_report
from reqdrift.kinds import KINDS
from reqdrift.report import html
from reqdrift.values import (
    CanonicalName,
    Distribution,
    Environment,
    Location,
    Problem,
    Python,
    ReadFile,
    Report,
    Style,
)
from reqdrift.values.details import Finding, Part, some_names
from strategies import examples

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "section"),
    *("table", "thead", "tbody", "tr", "th", "td", "code", "pre", "small", "span", "b"),
    *("br", "ul", "li", "a", "details", "summary"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "http-equiv", "class", "scope", "href"),
}
URLS = {kind.url for kind in KINDS.values()}


class Parsed(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.urls: list[str | None] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.urls += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def six(version: str) -> dict[CanonicalName, Distribution]:
    name = CanonicalName("six")
    return {name: Distribution(name, "six", version, "six", "/site")}


def report_of(*installed: str, names: tuple[str, ...] = ()) -> Report:
    """A report about as many environments, in which `six==1.17.0` is asked for."""
    names = names or tuple(f"web{number}" for number in range(len(installed)))
    file = ReadFile("requirements.txt", 1, 0)
    parts: list[Part] = []
    wrong: dict[str, list[str]] = {}
    for name, version in zip(names, installed, strict=True):
        found = six(version) if version else {}
        environment = Environment(f"/{name}", Python("3.12.1"), "--installed", found)
        is_clean = version == "1.17.0"
        parts.append(Part(name, environment, (file,), 1, 0, "", "clean" if is_clean else "drift"))
        if not is_clean:
            wrong.setdefault(version, []).append(name)
    findings = tuple(
        Finding(
            *("version" if version else "missing", "error", CanonicalName("six")),
            *(Location("requirements.txt", 1), "six==1.17.0", version or None),
            f"[{label}] six {version or 'nothing'} is installed",
            environments=tuple(found),
            label=label,
        )
        for version, found in wrong.items()
        for label in [some_names(found, total=len(parts))]
    )
    return Report(None, (file,), findings, parts=tuple(parts))


def shown(report: Report) -> str:
    return html.render(report, Style())


def rows_of(page: str, section: str) -> list[str]:
    """The text of each row of a section's table, cells separated by `|`."""
    _, _, content = re.sub("</?a[^>]*>", "", page).partition(f"<h2>{section}")
    content, _, _ = content.partition("</section>")
    rows = re.findall(r"<tr>(.*?)</tr>", content.partition("<tbody>")[2], re.S)
    return [re.sub(r"<[^>]+>", "", row.replace("</td><td", "|</td><td")) for row in rows]


def test_of_many_environments_few_are_named() -> None:
    page = shown(report_of("1.17.0", *(["1.16.0"] * 999)))
    (row,) = rows_of(page, "version")
    assert row.endswith("|web1, web2, web3, web4 and 995 more")
    assert "<li>999 environments with drift: web1, web2, web3, web4 and 995 more</li>" in page
    assert len(page) < 10_000


@examples(50)
@given(st.text() | st.sampled_from(["</style>", "'\"><script>x</script>", "<!--", "]]>", "&lt;"]))
def test_no_text_becomes_markup(bad: str) -> None:
    for report in (hostile_report(bad), report_of("1.16.0", "", names=(bad, f"{bad}2"))):
        parsed = Parsed(shown(report))
        assert parsed.tags <= TAGS
        assert parsed.attributes <= ATTRIBUTES
        assert set(parsed.urls) <= URLS


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on the loopback, and the paths that it was asked for."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_browser_shows_it_and_asks_for_nothing(
    page: Page, tmp_path: Path, asked: tuple[str, list[str]], *, width: int, dark: bool
) -> None:
    url, paths = asked
    bad = f"<img src='{url}/img'><script src='{url}/s'></script><link href='{url}' rel=stylesheet>"
    report = report_of("1.16.0", "1.17.0", "", names=(bad, "web1", "web2"))
    file = tmp_path / "page.html"
    file.write_text(shown(report._replace(errors=(Problem(None, bad),))))
    page.open(file, width=width, dark=dark)
    text = page.text
    for visible in ("failed", "six 1.16.0 is installed", "not installed", "web2", bad[:20]):
        assert visible in text
    assert page.requests == [file.as_uri()]
    assert page.logged == []
    assert paths == []
    background = page.value("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(13, 17, 23)" if dark else "rgb(255, 255, 255)")
    assert page.value("document.documentElement.scrollWidth") <= width


def test_a_browser_would_say_what_a_page_asks_for(
    page: Page, tmp_path: Path, asked: tuple[str, list[str]]
) -> None:
    """The test above would notice."""
    url, paths = asked
    file = tmp_path / "page.html"
    file.write_text(f"<body><img src='{url}/img'><script>console.log(1); x.y</script>")
    page.open(file)
    assert f"{url}/img" in page.requests
    assert len(page.logged) >= 2
    assert "/img" in paths


def test_the_printed_page_has_the_text(page: Page, tmp_path: Path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext (Debian's package: poppler-utils)")
    file = tmp_path / "page.html"
    file.write_text(shown(report_of("1.16.0", "1.17.0")))
    page.open(file, dark=True)
    printed = tmp_path / "page.pdf"
    printed.write_bytes(page.pdf())
    done = subprocess.run(["pdftotext", printed, "-"], capture_output=True, check=True)
    assert b"six 1.16.0 is installed" in done.stdout
