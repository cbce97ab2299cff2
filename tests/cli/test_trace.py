"""What `--debug` prints of a bug."""

from __future__ import annotations

from reqdrift.commands.output import trace


def test_the_traceback_without_passwords() -> None:
    try:
        raise RuntimeError("no answer from https://user:hunter2@h/simple")
    except RuntimeError:
        text = trace()
    assert text.startswith("Traceback (most recent call last):\n")
    assert f'File "{__file__}"' in text
    assert text.endswith("RuntimeError: no answer from https://****@h/simple")
