"""What action.yml does besides running reqdrift: its outputs, and the comment on a pull request."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import urllib.error
import urllib.request
from typing import Any

# GitHub refuses longer comments.
MOST_CHARACTERS = 65_536


def main(command: str, *words: str) -> None:
    """Print the outputs for `$GITHUB_OUTPUT`, or write the comment."""
    if command == "outputs":
        for name, value in outputs(int(words[0])).items():
            print(f"{name}={value}")
    else:
        comment()


def outputs(code: int) -> dict[str, object]:
    """The verdict and the numbers; without a report, reqdrift has said why."""
    try:
        report = json.loads(written("json"))
    except (OSError, ValueError):
        report = {"verdict": "failed", "findings": [], "counts": {"errors": 0, "warnings": 0}}
    counts = report["counts"]
    numbers = {"errors": counts["errors"], "warnings": counts["warnings"]}
    found = {"verdict": report["verdict"], "findings": len(report["findings"])}
    return {**found, **numbers, "exit-code": code}


def written(suffix: str) -> str:
    """A file that an earlier step has written."""
    with open(f"{os.environ['RUNNER_TEMP']}/reqdrift.{suffix}", encoding="utf-8") as file:
        return file.read()


def comment() -> None:
    """Write the report to the pull request: to the comment of an earlier run, if there is one."""
    with open(os.environ["GITHUB_EVENT_PATH"], encoding="utf-8") as file:
        number = json.load(file).get("pull_request", {}).get("number")
    if number is None:
        print("reqdrift: this run is not for a pull request; there is nothing to comment on")
        return
    try:
        report = written("md")
    except OSError:
        print("::warning title=reqdrift::there is no report to comment")
        return
    # One comment for each job and set, in whatever order they end.
    about = "/".join(os.environ.get(name, "") for name in ("GITHUB_WORKFLOW", "GITHUB_JOB", "SET"))
    mark = f"<!-- reqdrift {re.sub(r'[^A-Za-z0-9/_. ]', '_', about)} -->"
    try:
        publish(f"issues/{number}/comments", mark, body(mark, report))
    except urllib.error.HTTPError as error:
        # A run for a fork has a token that cannot write.
        why = f"{error.code} {error.reason}; the job needs the permission pull-requests: write"
        print(f"::warning title=reqdrift::the comment was not written: {why}")


def body(mark: str, report: str) -> str:
    """The report, and the patch of `reqdrift diff`, if both fit."""
    text = f"{mark}\n{report}"
    with contextlib.suppress(OSError):
        if patch := written("diff"):
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", patch)), 0)
            summary = "If the environment is right: the change that <code>reqdrift fix</code> makes"
            block = f"{fence}diff\n{patch}{fence}"
            more = f"\n<details><summary>{summary}</summary>\n\n{block}\n\n</details>\n"
            text += more if len(text) + len(more) <= MOST_CHARACTERS else ""
    return text


def publish(comments: str, mark: str, text: str) -> None:
    """Update the comment that begins with the mark, or create it if there is drift."""
    for page in range(1, 100):
        found = ask("GET", f"{comments}?per_page=100&page={page}")
        for one in found:
            if one["body"].startswith(mark):
                ask("PATCH", f"issues/comments/{one['id']}", {"body": text})
                return
        if len(found) < 100:
            break
    if json.loads(written("json"))["verdict"] != "clean":
        ask("POST", comments, {"body": text})


def ask(method: str, path: str, value: object = None) -> Any:
    """Call GitHub's REST API for this repository."""
    url = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}"
    data = None if value is None else json.dumps(value).encode()
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {os.environ['TOKEN']}",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    # The runner sets the URL.
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
