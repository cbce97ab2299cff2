"""`reqdrift freeze`: the environment as a requirements file, without pip in it."""

from __future__ import annotations

from ..errors import EnvironmentReadError, print_error
from ..report import printable
from ..session.freeze import freeze_of
from ..session.job import configured, situation_of, source_of
from .options import Options
from .output import print_choice


def run(options: Options) -> int:
    """Print a line for each distribution; 3 if some could not be read, else 0."""
    job = configured(options.request)
    situation = situation_of(job.one)
    source = source_of(job, situation)
    print_choice(situation, source.read())
    freeze = freeze_of(source)
    for line in freeze.lines:
        print(line)
    for error in freeze.errors:
        print_error(f"reqdrift: {printable(error)}")
    return EnvironmentReadError.exit_code if freeze.errors else 0
