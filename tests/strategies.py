"""Hypothesis strategies: requirements files of all kinds of lines, and environments beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from support import add_distribution, make_environment

COMMITS = ("0123456789abcdef0123456789abcdef01234567", "89abcdef0123456789abcdef0123456789abcdef")
HASH = "sha256:" + "0a" * 32
NAMES = ("alpha", "Beta_Two", "gam.ma", "delta-x", "eps", "zeta")
VERSIONS = ("1.0", "1.1", "2.0", "2.0rc1", "1.0+cpu", "1!1.0")
SPECIFIERS = (
    *("==1.0", "==1.1", "==2.0", " == 1.0", "==1.0+cpu", "===1.0", "==1.*", "~=1.0"),
    *("", ">=1", " >= 1, < 3", ">=1,<2", "<1", " (>=1)", "!=1.1,>0.5", ">=1, \\\n   <3"),
)
MARKERS = (
    *("", "", "", "; python_version > '3'", ";python_version>'3'", " ; python_version < '3'"),
    *("; sys_platform == 'nowhere'", " \\\n  ; python_version >= '3.8'"),
)
EXTRAS = ("", "", "", "[x]", " [x, y]")
COMMENTS = ("", "", "  # why", "\t# why \\\n")
ENDS = ("", "", "", " \\\n    --hash=" + HASH, f" --hash={HASH}", " \\\n# end")
OTHERS = (
    *("# a comment", "", "   ", "\t# indented", "# joined \\", "    # via -r base.in"),
    *("    # via\n    #   alpha", "--index-url https://example.org/simple", "# ünï"),
)


def examples(percent: int) -> settings:
    """Settings for a test over whole projects: a share of the profile's number of examples."""
    return settings(
        max_examples=max(1, settings().max_examples * percent // 100),
        # The fixture only changes the working directory, once for all examples.
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


class GeneratedProject(NamedTuple):
    """Files by name as bytes; what is installed, as arguments of `add_distribution`."""

    files: dict[str, bytes]
    installed: list[tuple[str, dict[str, Any]]]

    def build(self, folder: Path) -> None:
        """Write the project and its environment."""
        (folder / "lib").mkdir()
        (folder / "lib" / "pyproject.toml").write_text("[project]\nname = 'alpha'\n")
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        site = make_environment(folder / ".venv")
        for release, more in self.installed:
            add_distribution(site, release, **more)


def _vcs(commit: str, host: str, revision: str | None) -> dict[str, Any]:
    info = {"vcs": "git", "commit_id": commit}
    if revision:
        info["requested_revision"] = revision
    return {"url": f"https://{host}/a/thing", "vcs_info": info}


def _archive(url: str, hashed: bool) -> dict[str, Any]:
    info = {"hashes": {"sha256": HASH.partition(":")[2]}} if hashed else {}
    return {"url": url, "archive_info": info}


_SOURCES = st.one_of(
    st.none(),
    st.none(),
    st.builds(
        _vcs,
        st.sampled_from(COMMITS),
        st.sampled_from(["example.org", "user:secret@example.org", "other.example"]),
        st.sampled_from([None, "main"]),
    ),
    st.builds(
        _archive,
        st.sampled_from(["https://example.org/thing.zip", "file:///nowhere/thing-1.0.tar.gz"]),
        st.booleans(),
    ),
    st.builds(
        lambda path, editable: {"url": f"file://{path}", "dir_info": {"editable": editable}},
        st.sampled_from(["/nowhere/thing", "/nowhere/with%20blank"]),
        st.booleans(),
    ),
)


@st.composite
def distributions(draw: st.DrawFn) -> list[tuple[str, dict[str, Any]]]:
    """What is installed, as arguments of `add_distribution`."""
    found: list[tuple[str, dict[str, Any]]] = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        more: dict[str, Any] = {"direct_url": draw(_SOURCES)}
        more["requires"] = draw(st.sampled_from([(), (), ('zeta; extra == "x"',), ("eps",)]))
        found.append((f"{name.replace('-', '_')}-{draw(st.sampled_from(VERSIONS))}", more))
    return found


def _reference(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        [
            f"{name} @ git+https://example.org/a/thing@{COMMITS[0]}",
            f"{name} @ git+https://example.org/a/thing@main",
            f"{name}[x] @ https://example.org/{name}-1.0.tar.gz",
            f"{name} @ https://example.org/thing.zip#{HASH.replace(':', '=')}",
            f"git+https://example.org/a/thing@{COMMITS[1]}#egg={name}",
            f"-e git+https://example.org/a/thing@main#egg={name}",
            "-e ./lib",
            "./lib",
            f"{name} @ file:///nowhere/thing-1.0.tar.gz",
        ]
    )


@st.composite
def requirement_lines(draw: st.DrawFn) -> str:
    """A line that asks for a project, be it over several physical lines."""
    name = draw(st.sampled_from(NAMES))
    if draw(st.integers(0, 5)) == 0:
        marker = draw(st.sampled_from(["", "", " ; python_version > '3'"]))
        reference = draw(_reference(name))
        return reference + ("" if reference.startswith("-e") else marker)
    parts = [EXTRAS, SPECIFIERS, MARKERS, ENDS]
    extras, specifier, marker, end = (draw(st.sampled_from(part)) for part in parts)
    comment = draw(st.sampled_from(COMMENTS)) if "#" not in end else ""
    return (
        draw(st.sampled_from(["", "", "  "])) + name + extras + specifier + marker + end + comment
    )


@st.composite
def _text(draw: st.DrawFn, *more: str, constraints: bool = False) -> str:
    lines = [*more]
    for _ in range(draw(st.integers(0, 8))):
        kind = draw(st.integers(0, 9))
        if constraints:
            name = draw(st.sampled_from(NAMES))
            lines.append(f"{name}{draw(st.sampled_from(SPECIFIERS))}")
        elif kind <= 5:
            lines.append(draw(requirement_lines()))
        elif kind == 6 and lines:
            lines.append(lines[-1])
        else:
            lines.append(draw(st.sampled_from(OTHERS)))
    if draw(st.integers(0, 3)) == 0:
        lines.sort(key=str.lower)
    return "\n".join(lines) + draw(st.sampled_from(["\n", "\n", "", "\n\n", " \\", " \\\n"]))


@st.composite
def _bytes(draw: st.DrawFn, text: str) -> bytes:
    text = text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n", "\r"])))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"]))
    if encoding == "latin-1":
        text = f"# coding: latin-1\n{text}"
    return text.encode(encoding)


@st.composite
def generated_projects(draw: st.DrawFn) -> GeneratedProject:
    """A project: requirements.txt, perhaps with what it includes, and an environment."""
    includes = draw(st.sampled_from([(), (), ("-r base.txt",), ("-c limits.txt",)]))
    if draw(st.integers(0, 9)) == 0:
        includes = ("-r base.txt", "-c limits.txt")
    files = {"requirements.txt": draw(_bytes(draw(_text(*includes))))}
    if "-r base.txt" in includes:
        files["base.txt"] = draw(_bytes(draw(_text())))
    if "-c limits.txt" in includes:
        files["limits.txt"] = draw(_bytes(draw(_text(constraints=True))))
    return GeneratedProject(files, draw(distributions()))
