"""One module a format: a pure function, Report -> text. The table names them, none is imported."""

from __future__ import annotations

FORMATS = {
    "text": "text",
    "rich": "terminal",
    "json": "document",
    "github": "github",
    "gitlab": "gitlab",
    "sarif": "sarif",
    "junit": "junit",
    "markdown": "markdown",
}
