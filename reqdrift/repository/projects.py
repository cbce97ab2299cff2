"""The name of a project, as its own files say it. Nothing of the project is executed."""

from __future__ import annotations

from . import pyproject


def project_name(folder: str) -> str:
    """The name of the project in a folder, '' if there is none, or its files do not say it."""
    if name := pyproject.project_name(folder):
        return name
    # Its parsers are for what few new projects have.
    from . import setuptools

    return setuptools.project_name(folder)
