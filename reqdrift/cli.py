"""The command line: argv -> command, errors -> exit codes."""

from __future__ import annotations

import gc
import os
import sys

from .errors import ReqdriftError, UnreadableFilesError, UsageError
from .model import Options

BUG = 70
INTERRUPTED = 130
COMMANDS = ("check", "diff", "fix", "plan", "why", "freeze", "env")


def console() -> None:
    """The `reqdrift` command; never returns."""
    # Nothing here lives in cycles, and the process ends soon: collecting takes 4 % of a clean run.
    gc.disable()
    # A stream that was closed (`>&-`) is None.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115 - open until the end
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks must not end a report.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    code = main(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or ReqdriftError.exit_code
    # All is written. To take the interpreter apart politely would be a tenth of a clean run.
    os._exit(code)


def main(argv: list[str]) -> int:
    """Run a command.

    Returns:
        The exit code: 0 no drift, 1 drift, 2 bad usage or file, 3 no environment, 70 a bug,
        130 interrupted.
    """
    try:
        name, words = ("check", argv)
        if argv and argv[0] in COMMANDS:
            name, words = argv[0], argv[1:]
        code = _run(name, words)
        sys.stdout.flush()
        return code
    except UnreadableFilesError as error:
        from .formats.summary import place, printable

        for problem in error.errors:
            print(f"{place(problem.at)}: error: {printable(problem.message)}", file=sys.stderr)
        print(f"reqdrift: {error}", file=sys.stderr)
        return error.exit_code
    except ReqdriftError as error:
        print(f"reqdrift: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads the report has seen enough; Python must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if "--debug" in argv:
            raise
        if isinstance(error, OSError):
            # A full disk, mostly, behind standard output.
            print(f"reqdrift: {error.strerror or error}", file=sys.stderr)
            return ReqdriftError.exit_code
        print(
            f"reqdrift: this is a bug: {type(error).__name__}: {error};"
            " please report it with the output of the same command and --debug",
            file=sys.stderr,
        )
        return BUG


def _run(name: str, words: list[str]) -> int:
    # An argv of file names alone is read by hand: argparse costs more than a whole clean run.
    options = Options(tuple(words))
    if name == "check" and words and words[0].isalpha() and not os.path.exists(words[0]):
        commands = ", ".join(COMMANDS)
        raise UsageError(f"'{words[0]}' is neither a command nor a file", f"commands: {commands}")
    if name == "why" or any(word.startswith("-") for word in words):
        from .options import parse

        options = parse(name, words)
    if name == "check":
        from .commands.check import run
    else:
        from importlib import import_module

        run = import_module(f".commands.{name}", __package__).run
    return run(options)
