"""`reqdrift inspect | reqdrift --installed -` reports what the direct check reports."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given

from recorded import both
from reqdrift import Policy
from strategies import GeneratedProject, examples, generated_projects


@given(generated_projects())
@examples(40)
def test_any_project(generated: GeneratedProject) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        generated.build(folder)
        # That the folder of an editable install is gone is seen on its disk only.
        policy = Policy(checkout="off")
        direct, recorded = both(folder, folder / ".venv", policy=policy)
    assert recorded == direct
