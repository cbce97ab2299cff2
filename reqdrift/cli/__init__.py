"""The command line: argv -> command, errors -> exit codes."""

from __future__ import annotations

# Not `signal`, which also imports `enum`.
import _signal  # type: ignore[import-not-found]  # it has no stubs
import os
import sys

from .. import cli, commands
from .._record import lazy
from ..errors import ReqdriftError, UnreadableFilesError, UsageError, print_error
from ..report import describe_error, describe_problem, printable
from ..values import TYPE_CHECKING, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..options import Options
    from . import options as options

__getattr__ = lazy(__name__)

BUG = 70
INTERRUPTED = 130
# As a shell reports a program that SIGPIPE ended.
NOT_READ = 141
_HOW_TO_REPORT = "please report it with the output of the same command with --debug"
_HELP = ("help", "-h", "--help")
COMMANDS = frozenset(
    ("check", "diff", "fix", "plan", "why", "freeze", "inspect", "env", "verify", "remind", "init")
)


def console() -> None:
    """The `reqdrift` command; never returns."""
    # A signal that is ignored at the start stays ignored, as POSIX asks: `nohup`, `trap '' TERM`.
    # For SIGINT Python does the same.
    for number in (_signal.SIGTERM, getattr(_signal, "SIGHUP", _signal.SIGTERM)):
        if _signal.getsignal(number) != _signal.SIG_IGN:
            _signal.signal(number, _terminated)
    # A stream that was closed (`>&-`) is None.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115 - open until the end
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    if sys.stdout.write_through:  # type: ignore[union-attr]
        # PYTHONUNBUFFERED is set: if a full disk or a closing pipe takes only a part, Python would
        # report no error.
        sys.stdout = open(  # noqa: SIM115
            sys.stdout.fileno(), "w", encoding=sys.stdout.encoding, closefd=False
        )
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding cannot encode must not be an error.
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
    # All output is flushed. Finalizing the interpreter takes 10 % of a clean run.
    os._exit(code)


def _terminated(number: int, _: object) -> None:
    """End as after Ctrl-C: no file is half-written, and no started program is left running."""
    raise KeyboardInterrupt(number)


def _code_of(interruption: KeyboardInterrupt) -> int:
    return 128 + interruption.args[0] if interruption.args else INTERRUPTED


def main(argv: list[str]) -> int:
    """Run a command.

    Returns:
        The exit code: 0 no drift, 1 drift, 2 usage error or unreadable file, 3 no environment,
        70 internal error, 130 interrupted, 141 broken pipe, 129 or 143 terminated.
    """
    try:
        name, words = ("check", argv)
        if argv and argv[0] in COMMANDS:
            name, words = argv[0], argv[1:]
        if argv and argv[0] in _HELP:
            name, words = "help", argv[1:] if argv[0] == "help" else []
        code = _run(name, words)
        sys.stdout.flush()
        return code
    except ReqdriftError as error:
        for problem in error.errors if isinstance(error, UnreadableFilesError) else ():
            print_error(describe_problem(problem))
        print_error(f"reqdrift: {describe_error(error)}")
        return error.exit_code
    except KeyboardInterrupt as error:
        return _code_of(error)
    except BrokenPipeError:
        return NOT_READ
    except Exception as error:
        if "--debug" in argv:
            # Few want to see it.
            from traceback import format_exc

            print_error(format_exc().rstrip("\n"))
        elif isinstance(error, OSError):
            # Usually a full disk for standard output, or a file that has just been deleted.
            where = f"{error.filename}: " if isinstance(error.filename, str) else ""
            print_error(f"reqdrift: {printable(f'{where}{error.strerror or error}')}")
        else:
            bug = ReqdriftError(f"this is a bug: {type(error).__name__}: {error}", _HOW_TO_REPORT)
            print_error(f"reqdrift: {describe_error(bug)}")
        return ReqdriftError.exit_code if isinstance(error, OSError) else BUG


def _run(name: str, words: list[str]) -> int:
    if name == "help":
        return cli.options.show(words)
    if name == "check" and words and words[0].isalpha() and not os.path.exists(words[0]):
        raise cli.options.unknown(words[0])
    # An argv of file names needs no parser.
    is_plain = name == "check" and not any(word.startswith("-") for word in words)
    if not is_plain:
        parsed = cli.options.parse(name, words)
    try:
        os.getcwd()
    except OSError as error:
        why = f"the working directory cannot be read: {error.strerror}"
        raise UsageError(why, "change to a folder that exists") from None
    if is_plain:
        return commands.check.check_and_print(Request(tuple(words)))
    command: Callable[[Options], int] = __import__(
        f"reqdrift.commands.{name}", fromlist=["run"]
    ).run
    return command(parsed)
