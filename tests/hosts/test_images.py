"""The commands of docs/records.md for images and pods, and what they find."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from containers import make_docker
from reqdrift import reqdrift_inspect
from support import REPOSITORY, SCRIPTS, add_distribution, clean_environ, run

PAGE = (REPOSITORY / "docs" / "records.md").read_text()
IMAGES = PAGE.partition("\n## Images\n")[2].partition("\n## ")[0]
BY_PIP, BY_FILE = re.findall(r"^\$ (docker run .*)$", IMAGES, re.M)
BY_ENTRYPOINT = BY_FILE.replace("IMAGE python -", "--entrypoint python IMAGE -")
(KUBECTL,) = re.findall(r"^\$ (kubectl exec -i .*)$", PAGE, re.M)
EMPTY = "standard input: it is empty"
# As with the real one, the program has no standard input without `-i`.
PROGRAM = """\
#!/bin/sh
[ "$1" = exec ] || exit 64
input=/dev/null
[ "$2" = -i ] && { input=/dev/stdin; shift; }
[ "$2 $3" = "deploy/shop --" ] || exit 64
shift 3
program=$(echo "$1" | sed "s|^/opt/venv/|$PWD/env/|")
shift
exec "$program" "$@" < $input
"""


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each, with a virtualenv that is the environment of an image or a pod."""
    made = {}
    for name, options in (("with pip", ()), ("without pip", ("--no-pip",))):
        folder = made[name] = tmp_path_factory.mktemp("image")
        run(SCRIPTS / "virtualenv", "-q", *options, "env", cwd=folder)
        (site,) = (folder / "env").glob("lib/*/site-packages")
        add_distribution(site, "lantern-0.1", requires=["wick"])
        add_distribution(site, "wick-1.0")
        kubectl = make_docker(folder / "programs", folder / "env") / "kubectl"
        kubectl.write_text(PROGRAM)
        kubectl.chmod(0o755)
        shutil.copy(str(reqdrift_inspect.__file__), folder / "reqdrift_inspect.py")
    return made


@pytest.mark.parametrize(
    ("command", "image", "said"),
    [
        (BY_PIP, "with pip", ""),
        (BY_PIP, "without pip", EMPTY),
        (BY_FILE, "without pip", ""),
        (BY_FILE.replace(" -i ", " "), "without pip", EMPTY),
        (BY_ENTRYPOINT, "without pip", ""),
        (KUBECTL, "without pip", ""),
        (KUBECTL.replace(" -i ", " "), "without pip", EMPTY),
    ],
)
def test_a_record_of_an_image(command: str, image: str, said: str, images: dict[str, Path]) -> None:
    """`wick` may be unlisted: what needs it, and the markers' values, are in the record."""
    folder = images[image]
    env = clean_environ(PATH=f"{folder}/programs:{SCRIPTS}:/usr/bin:/bin")
    for text, code in (("lantern==0.1; python_full_version > '3'", 0), ("lantern==0.2", 1)):
        (folder / "requirements.txt").write_text(text)
        done = run("bash", "-c", command, cwd=folder, env=env, check=False)
        if said:
            assert (done.returncode, said in done.stderr) == (3, True)
            continue
        assert (done.returncode, done.stderr) == (code, "")
        wrong = "lantern 0.1 is installed, but the file says lantern==0.2"
        assert (wrong in done.stdout) == bool(code)
