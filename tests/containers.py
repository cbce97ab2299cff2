"""A `docker` where there is no engine: it runs a command in a virtualenv, as if that were an image.

What runs is real: the environment's own Python, or its pip. As in a container, no other program is
on PATH, and without `-i` the command has no standard input.
"""

from __future__ import annotations

import shlex
from pathlib import Path

_DOCKER = """\
#!/bin/sh
test "$1" = run || exit 125
shift
input=no
while :; do
    case $1 in
        --rm) shift ;;
        -i) input=yes; shift ;;
        --entrypoint) entrypoint=$2; shift 2 ;;
        -*) exit 125 ;;
        *) break ;;
    esac
done
shift  # the image
test "$input" = yes || exec < /dev/null
PATH={bin}
export PATH
exec ${{entrypoint:+"$entrypoint"}} "$@"
"""


def make_docker(folder: Path, environment: Path) -> Path:
    """A folder for PATH with a `docker`, for which every image has this environment."""
    folder.mkdir()
    program = folder / "docker"
    program.write_text(_DOCKER.format(bin=shlex.quote(str(environment / "bin"))))
    program.chmod(0o755)
    return folder
