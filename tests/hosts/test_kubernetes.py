"""The command of docs/records.md for pods, in a real environment, with a kubectl of a few lines."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from support import REPOSITORY, SCRIPTS, add_distribution, clean_environ, run

PAGE = (REPOSITORY / "docs" / "records.md").read_text()
# Without `-i`, as with the real one, the program has no standard input.
KUBECTL = """\
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


@pytest.fixture
def pod(tmp_path: Path) -> Path:
    """A virtualenv without pip, and the programs of the command."""
    run(sys.executable, "-m", "venv", "--without-pip", "env", cwd=tmp_path)
    (site,) = (tmp_path / "env").glob("lib/*/site-packages")
    add_distribution(site, "lantern-0.1")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "kubectl").write_text(KUBECTL)
    (tmp_path / "bin" / "kubectl").chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(("version", "code"), [("0.1", 0), ("0.2", 1)])
def test_a_pod_is_read(version: str, code: int, pod: Path) -> None:
    (pod / "requirements.txt").write_text(f"lantern=={version}\n")
    (section,) = re.findall(r"^## Kubernetes\n(.*?)^## ", PAGE, re.M | re.S)
    copy, command = re.findall(r"^\$ (.*)$", section, re.M)
    env = clean_environ(PATH=f"{pod}/bin:{SCRIPTS}:/usr/bin:/bin")
    for words in (copy, f"set -o pipefail; {command}"):
        done = run("bash", "-c", words, cwd=pod, env=env, check=False)
    assert (done.returncode, done.stderr) == (code, "")
    assert ("but the file says lantern==0.2" in done.stdout) == bool(code)


def test_nothing_is_piped_into_a_pod_without_the_option(pod: Path) -> None:
    """The command says `-i` for a reason."""
    (pod / "requirements.txt").write_text("lantern==0.1\n")
    (command,) = re.findall(r"^\$ (kubectl exec -i .*)$", PAGE, re.M)
    (pod / "reqdrift_inspect.py").write_text("print('never')")
    env = clean_environ(PATH=f"{pod}/bin:{SCRIPTS}:/usr/bin:/bin")
    done = run("bash", "-c", command.replace(" -i ", " "), cwd=pod, env=env, check=False)
    assert done.returncode == 3
    assert "it is empty" in done.stderr
