"""The header of a compiled file: which tool compiled it, from what, and with which options."""

from __future__ import annotations

from ..values import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# What an option decides. `value` and `flag` decide nothing about what must be listed.
_UV = {
    **dict.fromkeys(("-o", "--output-file"), "output"),
    **dict.fromkeys(("-p", "--python", "--python-version"), "python"),
    **dict.fromkeys(("--overrides", "--override", "--excludes", "--exclude"), "replacing"),
    **dict.fromkeys(("--no-emit-package", "--unsafe-package", "--prune"), "exempt"),
    **dict.fromkeys(
        (
            *("--format", "-i", "--index", "--index-url", "--default-index", "--extra-index-url"),
            *("-f", "--find-links", "--index-strategy", "--keyring-provider", "--cert"),
            *("--resolution", "--prerelease", "--prerelease-package", "--fork-strategy"),
            *("--exclude-newer", "--exclude-newer-package", "-P", "--upgrade-package"),
            *("--annotation-style", "--custom-compile-command", "--torch-backend", "-C"),
            *("--config-setting", "--config-settings-package", "--link-mode", "--cache-dir"),
            *("--no-build-isolation-package", "--refresh-package", "--allow-insecure-host"),
            *("--color", "-b", "--build-constraints", "--build-constraint"),
        ),
        "value",
    ),
    **dict.fromkeys(
        (
            *("--no-index", "--generate-hashes", "--no-strip-extras", "--strip-extras"),
            *("--no-strip-markers", "--no-annotate", "--no-header", "--system", "--no-build"),
            *("--emit-index-url", "--emit-find-links", "--emit-build-options", "--offline"),
            *("--emit-index-annotation", "-U", "--upgrade", "--no-build-isolation", "-n"),
            *("--no-cache", "--refresh", "-q", "--quiet", "-v", "--verbose", "--no-progress"),
            *("--system-certs", "--native-tls", "--managed-python", "--no-managed-python"),
            *("--no-python-downloads", "--require-build-hashes", "--pre", "--no-editable"),
        ),
        "flag",
    ),
}
_UV_COMPILE = {
    **_UV,
    **dict.fromkeys(("-c", "--constraints", "--constraint"), "constraint"),
    "--extra": "extra",
    "--group": "group",
    "--all-extras": "all extras",
    "--universal": "universal",
}
_UV_EXPORT = {
    **_UV,
    "--extra": "extra",
    "--group": "group",
    "--all-extras": "all extras",
    "--all-groups": "all groups",
    "--no-group": "not group",
    "--no-extra": "not extra",
    "--no-dev": "not dev",
    "--no-default-groups": "no default groups",
    **dict.fromkeys(
        (
            *("--no-hashes", "--no-emit-project", "--no-emit-workspace", "--no-emit-local"),
            *("--locked", "--frozen"),
        ),
        "flag",
    ),
}
_PIP_COMPILE = {
    **dict.fromkeys(("-o", "--output-file"), "output"),
    **dict.fromkeys(("-c", "--constraint"), "constraint"),
    "--extra": "extra",
    "--all-extras": "all extras",
    "--unsafe-package": "unsafe",
    "--allow-unsafe": "allow unsafe",
    **dict.fromkeys(
        (
            *("-f", "--find-links", "-i", "--index-url", "--extra-index-url", "--cert"),
            *("--client-cert", "--trusted-host", "--uploaded-prior-to", "--annotation-style"),
            *("-P", "--upgrade-package", "--newline", "--max-rounds", "--cache-dir", "--pip-args"),
            *("--resolver", "--config"),
        ),
        "value",
    ),
    **dict.fromkeys(
        (
            *("-v", "--verbose", "-q", "--quiet", "-p", "--pre", "-r", "--rebuild", "--no-index"),
            *("-U", "--upgrade", "--no-upgrade", "--header", "--no-header", "--annotate"),
            *("--no-annotate", "--emit-trusted-host", "--no-emit-trusted-host", "--strip-extras"),
            *("--no-strip-extras", "--generate-hashes", "--no-allow-unsafe", "--reuse-hashes"),
            *("--no-reuse-hashes", "--build-isolation", "--no-build-isolation", "--no-config"),
            *("--emit-find-links", "--no-emit-find-links", "--emit-index-url", "--emit-options"),
            *("--no-emit-index-url", "--no-emit-options", "--color", "--no-color"),
        ),
        "flag",
    ),
}
_TOOLS = (
    (("pip-compile",), _PIP_COMPILE),
    (("uv", "pip", "compile"), _UV_COMPILE),
    (("uv", "export"), _UV_EXPORT),
)
_WITHOUT_VALUE = frozenset(
    (
        *("flag", "universal", "all extras", "all groups", "not dev", "no default groups"),
        "allow unsafe",
    )
)
# Projects that pip-compile omits by default.
UNSAFE = ("distribute", "pip", "setuptools")


class Recipe(NamedTuple):
    """How a file was compiled.

    `python` is the X.Y that it was compiled for, '' if the header does not say. `choices` are the
    options that decide what must be listed, with their values. `unknown` is an option that is not
    understood: then nothing can be said about the file.
    """

    tool: str
    sources: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    python: str = ""
    unknown: str = ""

    def values(self, choice: str) -> list[str]:
        """The values of one choice."""
        return [value for name, value in self.choices if name == choice]

    def has(self, choice: str) -> bool:
        """Whether a choice was made."""
        return bool(self.values(choice))


def read_recipe(text: str, command: list[str]) -> Recipe | None:
    """The recipe that a header states, None if its command is none of a known tool."""
    for start, options in _TOOLS:
        if tuple(command[: len(start)]) == start:
            choices = list(_read(command[len(start) :], options))
            pythons = [value for name, value in choices if name == "python"]
            python = pythons[-1] if pythons else _python_of(text)
            return Recipe(
                " ".join(start),
                tuple(value for name, value in choices if name == "source"),
                tuple(choices),
                python if python.replace(".", "").isdigit() else "",
                next((value for name, value in choices if name == "unknown"), ""),
            )
    return None


def _read(words: list[str], options: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each word or option with what it decides."""
    rest = iter(words)
    for word in rest:
        if not word.startswith("-") or word == "-":
            yield "source", word
            continue
        name, equals, value = word.partition("=")
        if not word.startswith("--") and len(word) > 2:
            name, equals, value = word[:2], "=", word[2:].removeprefix("=")
        meaning = options.get(name, "unknown")
        if meaning == "unknown" or meaning in _WITHOUT_VALUE:
            yield meaning, name
        else:
            yield meaning, value if equals else next(rest, "")


def _python_of(text: str) -> str:
    """The X.Y in pip-compile's header (`autogenerated by pip-compile with Python 3.11`)."""
    _, found, rest = text[:600].partition(" by pip-compile with ")
    words = rest.split(maxsplit=2)
    return words[1] if found and len(words) > 1 and words[0].lower() == "python" else ""
