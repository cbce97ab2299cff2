"""`reqdrift inspect`: the environment as pip's inspect report, without pip in it."""

from __future__ import annotations

import io
import json
import os
import textwrap
from contextlib import suppress
from email.parser import Parser
from urllib.parse import quote

from .. import commands, standards
from .._version import __version__
from ..environments.answers import metadata_beside, read_requires, release_of_base
from ..environments.metadata import GONE, egg_link_folders, read_inside, read_source
from ..environments.records import OWN_KEY, STATED, VERSION
from ..errors import UsageError
from ..options import Options
from ..report import masked_texts
from ..repository import read_text
from ..standards.markers import marker_values
from ..texts import mask
from ..values import TYPE_CHECKING, Unreadable
from .run import chosen_source, source_of

if TYPE_CHECKING:
    from typing import Any, Unpack

    from ..environments import EnvironmentSource
    from ..values import Distribution
    from .subject import Files, Place


def run(options: Options) -> int:
    """Print the report; always 0."""
    print(json.dumps(inspected(chosen_source(options.request)), indent=2))
    return 0


def inspect(files: Files = (), **place: Unpack[Place]) -> dict[str, Any]:
    """An environment as pip's inspect report, version 1, as `json.dumps` takes it.

    Args:
        files: requirements files, used only to find the environment.
        **place: the environment, as in `Subject`.

    Raises:
        UsageError: the Python version of the folder is not known.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    return inspected(source_of(*commands.subject.unconfigured("inspect", place, files)))


def inspected(source: EnvironmentSource) -> dict[str, Any]:
    """The report about the environment of a source.

    Raises:
        UsageError: it is a record, or its Python version is not known.
    """
    environment = source.read()
    if not environment.can.files:
        raise UsageError(f"{environment.prefix} is a record already", "leave out --installed")
    if environment.python.assumed:
        message = f"{environment.prefix} does not record its Python version"
        raise UsageError(message, "pass --python-version X.Y")
    python, installed = environment.python, environment.distributions
    if python.interpreter is not None:
        # Its pyvenv.cfg keeps the patch version of the day on which it was made.
        release = release_of_base(os.path.realpath(python.interpreter), python)
        python = python._replace(version=release or python.version)
    pip = next((one.version for name, one in installed.items() if name == "pip"), "")
    values = marker_values(python)
    return {
        "version": VERSION,
        "pip_version": pip,
        "installed": [_item(one) for one in installed.values()],
        "environment": {name: values[name] for name in STATED},
        OWN_KEY: {
            "version": __version__,
            "prefix": environment.prefix,
            "folders": list(environment.folders),
            "broken": [one._asdict() for one in environment.broken],
            "hidden": [_item(one) for one in environment.hidden],
        },
    }


# The headers that pip reports: those that there is one of, and those that there may be more of.
_SINGLE = (
    *("Metadata-Version", "Name", "Version", "Summary", "Description", "Keywords", "Home-page"),
    *("Description-Content-Type", "Download-URL", "Author", "Author-email", "Maintainer"),
    *("Maintainer-email", "License", "License-Expression", "Requires-Python"),
)
_MULTIPLE = (
    *("Dynamic", "Platform", "Supported-Platform", "License-File", "Classifier", "Project-URL"),
    *("Requires-External", "Provides-Extra", "Provides-Dist", "Obsoletes-Dist"),
)


def _item(found: Distribution) -> dict[str, Any]:
    troubles: dict[str, Any] = {}
    path = f"{found.path}/EGG-INFO" if found.entry.endswith(".egg") else found.path
    if found.entry.endswith(".egg-link"):
        with suppress(OSError):  # `read_requires` says why
            path = metadata_beside(path, found)  # where it leads
    requires = read_requires(found)
    metadata = _metadata(path, found)
    if isinstance(requires, Unreadable):
        troubles["requires_dist"] = requires._asdict()
    elif requires:
        metadata["requires_dist"] = [*requires]
    item: dict[str, Any] = {"metadata": masked_texts(metadata), "metadata_location": path}
    if found.direct:
        source = read_source(found)
        try:
            if not isinstance(source, Unreadable):
                item["direct_url"] = masked_texts(_direct_url(found))
        except (OSError, ValueError, IndexError):
            source = Unreadable(f"the direct URL of {found.name}", GONE)
        if isinstance(source, Unreadable):
            troubles["direct_url"] = source._asdict()
    # As pip reads it.
    lines = map(str.strip, read_text(f"{found.path}/INSTALLER").splitlines())
    if installer := next(filter(None, lines), ""):
        item["installer"] = mask(installer)
    if found.entry.endswith(".dist-info"):
        item["requested"] = os.path.isfile(f"{path}/REQUESTED")
    if troubles:
        item[OWN_KEY] = troubles
    return item


def _metadata(path: str, found: Distribution) -> dict[str, Any]:
    """The headers of the metadata, and the description, as PEP 566 writes them in JSON."""
    folder, names = path, ["METADATA", "PKG-INFO", "EGG-INFO/PKG-INFO"]
    if os.path.isfile(path):
        folder, names = os.path.dirname(path), [os.path.basename(path)]
    data = b""
    with suppress(OSError):
        data = next(filter(None, (read_inside(folder, name) for name in names)), b"")
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8", "replace")
    message = Parser().parse(text, headersonly=True)
    # They may be missing: the name of the folder says both.
    metadata: dict[str, Any] = {"name": found.project, "version": found.version}
    for header in (*_SINGLE, *_MULTIPLE):
        # Without the indentation of further lines.
        values = [textwrap.dedent(" " * 8 + value) for value in message.get_all(header, ())]
        if values:
            key = header.lower().replace("-", "_")
            metadata[key] = values if header in _MULTIPLE else values[0]
    if "keywords" in metadata:
        words = metadata["keywords"]
        parts = words.split(",") if "," in words else words.split()
        metadata["keywords"] = [word.strip() for word in parts]
    if description := message.get_payload():
        metadata["description"] = description
    return dict(sorted(metadata.items()))


def _direct_url(found: Distribution) -> dict[str, Any]:
    """The direct_url.json without credentials; for an egg-link, what pip reports instead."""
    if found.entry.endswith(".egg-link"):
        folder = egg_link_folders(found.path)[0]
        return {"url": f"file://{quote(folder)}", "dir_info": {"editable": True}}
    record: dict[str, Any] = json.loads(read_inside(found.path, "direct_url.json") or b"")
    return {**record, "url": standards.urls.without_user(record["url"])}
