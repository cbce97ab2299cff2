from __future__ import annotations

from pathlib import Path

import pytest

from support import make_environment


@pytest.fixture
def site(project: Path) -> Path:
    """The site folder of a project that lists one project, which is installed."""
    (project / "requirements.txt").write_text("foo==1.0\n")
    return make_environment(project / ".venv", "foo-1.0")
