"""The command line: argv -> command, errors -> exit codes."""

from __future__ import annotations

# Not `signal`, which is this one and a module of names that a clean run need not load.
import _signal  # type: ignore[import-not-found]  # it has no stubs
import gc
import os
import sys

from ..errors import ReqdriftError, UnreadableFilesError, UsageError, tell
from ..report import place, printable, told
from ..values import Options

BUG = 70
INTERRUPTED = 130
# What a shell says of a program that the signals SIGPIPE and SIGTERM ended.
NOT_READ = 141
TERMINATED = 143
_HOW_TO_REPORT = "please report it with the output of the same command and --debug"
COMMANDS = ("check", "diff", "fix", "plan", "why", "freeze", "env", "verify")


def console() -> None:
    """The `reqdrift` command; never returns."""
    # Nothing here lives in cycles, and the process ends soon: collecting takes 4 % of a clean run.
    gc.disable()
    # A signal that is ignored at the start stays ignored, as POSIX asks: `nohup`, `trap '' TERM`.
    # For SIGINT Python does the same.
    if _signal.getsignal(_signal.SIGTERM) != _signal.SIG_IGN:
        _signal.signal(_signal.SIGTERM, _terminated)
    # A stream that was closed (`>&-`) is None.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115 - open until the end
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    if sys.stdout.write_through:  # type: ignore[union-attr]
        # PYTHONUNBUFFERED is set: Python would take the part that a full disk or a closing pipe
        # takes for all of it.
        sys.stdout = open(  # noqa: SIM115
            sys.stdout.fileno(), "w", encoding=sys.stdout.encoding, closefd=False
        )
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks must not end a report.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    code = 0
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or ReqdriftError.exit_code
    except KeyboardInterrupt as error:
        code = _code_of(error)
    # All is written. To take the interpreter apart politely would be a tenth of a clean run.
    os._exit(code)


def _terminated(number: int, _: object) -> None:
    """End as after Ctrl-C: nothing half-written and no program that was started stays behind."""
    raise KeyboardInterrupt(number)


def _code_of(interruption: KeyboardInterrupt) -> int:
    return TERMINATED if interruption.args else INTERRUPTED


def main(argv: list[str]) -> int:
    """Run a command.

    Returns:
        The exit code: 0 no drift, 1 drift, 2 bad usage or file, 3 no environment, 70 a bug,
        130 interrupted, 141 nobody read the output to its end, 143 terminated.
    """
    try:
        name, words = ("check", argv)
        if argv and argv[0] in COMMANDS:
            name, words = argv[0], argv[1:]
        code = _run(name, words)
        sys.stdout.flush()
        return code
    except UnreadableFilesError as error:
        for problem in error.errors:
            tell(f"{place(problem.at)}: error: {printable(problem.message)}")
        tell(f"reqdrift: {told(error)}")
        return error.exit_code
    except ReqdriftError as error:
        tell(f"reqdrift: {told(error)}")
        return error.exit_code
    except KeyboardInterrupt as error:
        return _code_of(error)
    except BrokenPipeError:
        return NOT_READ
    except Exception as error:
        if "--debug" in argv:
            from traceback import format_exc

            from ..standards.urls import redact

            tell(redact(format_exc()).rstrip("\n"))
        elif isinstance(error, OSError):
            # A full disk, mostly, behind standard output; or a file that has just vanished.
            where = f"{error.filename}: " if isinstance(error.filename, str) else ""
            tell(f"reqdrift: {printable(f'{where}{error.strerror or error}')}")
        else:
            bug = ReqdriftError(f"this is a bug: {type(error).__name__}: {error}", _HOW_TO_REPORT)
            tell(f"reqdrift: {told(bug)}")
        return ReqdriftError.exit_code if isinstance(error, OSError) else BUG


def _run(name: str, words: list[str]) -> int:
    # None: argparse has to read them, which costs more than a whole clean run.
    options: Options | None = Options(tuple(words))
    if name == "check" and words and words[0].isalpha() and not os.path.exists(words[0]):
        commands = ", ".join(COMMANDS)
        raise UsageError(f"'{words[0]}' is neither a command nor a file", f"commands: {commands}")
    if name == "why" or any(word.startswith("-") for word in words):
        options = None
        if name == "check":
            # Most runs have no option.
            from .usual_options import read_usual

            options = read_usual(words)
    if options is None:
        from .options import parse

        options = parse(name, words)
    try:
        os.getcwd()
    except OSError as error:
        why = f"the working directory cannot be read: {error.strerror}"
        raise UsageError(why, "change to a folder that is there") from None
    if name == "check":
        from .check import run
    else:
        from importlib import import_module

        run = import_module(f".{name}", __package__).run
    return run(options)
