"""What a shell does with words: quote and split them, and find programs on PATH."""

from __future__ import annotations

import os

# A word of these needs no quotes.
_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-"


def quoted(word: str) -> str:
    """The word as a shell needs it; what `shlex.quote` returns, which loads `re`."""
    if word and not word.strip(_PLAIN):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"


def words(text: str) -> list[str] | None:
    """The words of a text, None if a quote is not closed."""
    # It loads `re`, and few texts have quotes.
    import shlex

    try:
        return shlex.split(text)
    except ValueError:
        return None


def program_on_path(name: str, path: str | None = None) -> str | None:
    """The file of a program, None if it is not on PATH (or on `path`)."""
    # It takes longer to load than an environment to read; few runs look for a program.
    import shutil

    return shutil.which(name, path=os.environ.get("PATH") if path is None else path)
