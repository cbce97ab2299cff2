"""`reqdrift inspect`: the environment as pip's inspect report, without pip in it."""

from __future__ import annotations

import json

from ..session.inspect import inspected
from ..session.job import configured, situation_of, source_of
from .options import Options
from .output import print_choice


def run(options: Options) -> int:
    """Print the report; always 0."""
    job = configured(options.request)
    situation = situation_of(job.one)
    source = source_of(job, situation)
    print_choice(situation, source.read())
    print(json.dumps(inspected(source), indent=2))
    return 0
