"""Which environment is checked, where the project has another one."""

from __future__ import annotations

from .. import session
from ..errors import tell
from ..report import printable
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from ..environments.candidates import Situation
    from ..values import Environment


def tell_of_choice(situation: Situation, environment: Environment) -> None:
    """Say on standard error if the project has an environment of its own that is not the one."""
    if own := session.passed_over(situation, environment):
        chosen = f"{environment.prefix} (found by {environment.found_by})"
        tell(printable(f"reqdrift: checking {chosen}, not {own}"))
