"""One module a command; the only printers."""

from __future__ import annotations

from .. import api
from ..errors import tell
from ..formats import printable
from ..model import TYPE_CHECKING

if TYPE_CHECKING:
    from ..environment.locate import Situation
    from ..model import Environment


def tell_of_choice(situation: Situation, environment: Environment) -> None:
    """Say on standard error if the project has an environment of its own that is not the one."""
    if own := api.passed_over(situation, environment):
        chosen = f"{environment.prefix} (found by {environment.found_by})"
        tell(printable(f"reqdrift: checking {chosen}, not {own}"))
