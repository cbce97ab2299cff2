"""Situations in which an environment is looked for, on fabricated folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reqdrift.environments import Situation
from reqdrift.environments.locate import candidates, locate
from reqdrift.standards import canonical_name
from reqdrift.values import Lines, Requirement
from support import make_environment


def asking_for(*names: str) -> tuple[Requirement, ...]:
    """Requirements of these projects."""
    origin = Lines("/r", 1, 1, "")
    return tuple(Requirement(canonical_name(n), n, n, n, origin) for n in names)


def situation(
    project: Path,
    prefix: Path,
    *,
    file: str = "requirements.txt",
    required: tuple[str, ...] = (),
    python: str | None = None,
    **environ: Any,
) -> Situation:
    """A run in the project, of a reqdrift that is installed in `prefix`."""
    in_environment = (prefix / "pyvenv.cfg").exists()
    return Situation(
        files=(f"{project}/{file}",),
        lines=asking_for(*required),
        environ={name: str(value) for name, value in environ.items()},
        cwd=str(project),
        top=str(project),
        python=python,
        prefix=str(prefix),
        base_prefix=str(prefix.parent / "usr" if in_environment else prefix),
        executable=str(prefix / "bin" / "python"),
    )


def in_hook(project: Path, hook: Path, *path: Path, **environ: Any) -> Situation:
    """A run in a hook; `path` are the environments whose programs were on PATH before."""
    entries = ":".join(str(prefix / "bin") for prefix in (hook, *path))
    return situation(project, hook, VIRTUAL_ENV=hook, PATH=f"{entries}:/usr/bin", **environ)


def found(where: Situation) -> tuple[str, Path]:
    candidate = locate(where)
    return candidate.found_by.partition(", a guess")[0], Path(candidate.prefix)


def refused(where: Situation) -> dict[str, str]:
    return {c.found_by: c.refused for c in candidates(where) if c.refused}


def tag(prefix: Path, mark: str) -> Path:
    """Make an environment a tool's own."""
    make_environment(prefix)
    (prefix / mark).touch()
    return prefix
