"""`reqdrift verify`: does every installed file match its RECORD?"""

from __future__ import annotations

from functools import partial

from ..errors import EnvironmentReadError, print_error
from ..report import describe_error
from ..session.job import configured, situation_of, source_of
from ..session.verify import verified
from ..values import Problem
from ..values.report import Report
from .options import Options
from .output import in_actions, print_choice, publish
from .progress import watched


def run(options: Options) -> int:
    """Print the report; the exit code is 0, 1 (modified), or 3 (nothing to verify)."""
    job = configured(options.request)
    situation = situation_of(job.one)
    try:
        environment = source_of(job, situation).read()
    except EnvironmentReadError as error:
        if {*options.formats} <= {("auto", "")} and not in_actions():
            raise
        print_error(f"reqdrift: {describe_error(error)}")
        failed = Report(None, errors=(Problem(None, str(error), error.exit_code),))
        publish(failed, options.style, options.formats)
        return error.exit_code
    print_choice(situation, environment)
    report = verified(
        environment,
        situation.files,
        job.constraints,
        job.policy,
        options.select,
        watch=partial(watched, style=options.style),
    )
    publish(report, options.style, options.formats)
    code = report.exit_code
    return 0 if code == 1 and options.exit_zero else code
