"""docs/kubernetes.md: its manifest by Kubernetes' schema, and what its containers run."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are installed

from reqdrift.engines import reqdrift_inspect
from support import REPOSITORY, SCRIPTS, add_distribution, in_own_mounts, run

PAGE = (REPOSITORY / "docs" / "kubernetes.md").read_text()
(MANIFEST,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.M | re.S)
# What the volumes and the images of the Job are here.
MOUNTS = """
mount -t tmpfs none /opt; mount -t tmpfs none /run
mkdir /opt/venv /run/reqdrift /run/records
mount --bind env /opt/venv; mount --bind config /run/reqdrift; mount --bind records /run/records
"""


def command_of(container: dict[str, Any]) -> str:
    return shlex.join([*container["command"], *container.get("args", ())])


@pytest.fixture
def pod(tmp_path: Path) -> Path:
    """A virtualenv without pip, the config map, and the empty folder."""
    run(sys.executable, "-m", "venv", "--without-pip", "env", cwd=tmp_path)
    (site,) = (tmp_path / "env").glob("lib/*/site-packages")
    add_distribution(site, "lantern-0.1")
    for name in ("config", "records"):
        (tmp_path / name).mkdir()
    shutil.copy(str(reqdrift_inspect.__file__), tmp_path / "config" / "reqdrift_inspect.py")
    return tmp_path


@pytest.mark.parametrize(("version", "code"), [("0.1", 0), ("0.2", 1)])
def test_what_the_job_runs(version: str, code: int, pod: Path) -> None:
    (pod / "config" / "requirements.txt").write_text(f"lantern=={version}\n")
    spec = yaml.safe_load(MANIFEST)["spec"]["template"]["spec"]
    commands = map(command_of, (*spec["initContainers"], *spec["containers"]))
    script = f"{MOUNTS}PATH={SCRIPTS}:$PATH\n" + "\n".join(commands)
    done = run(*in_own_mounts(script), cwd=pod, check=False)
    assert done.returncode == code, done.stderr
    assert ("but the file says lantern==0.2" in done.stdout) == bool(code)


def test_the_file_is_standard_input_of_a_pods_python(pod: Path) -> None:
    """The page's `kubectl exec`, without kubectl."""
    (pod / "requirements.txt").write_text("lantern==0.1\n")
    (command,) = re.findall(r"^\$ kubectl exec -i deploy/shop -- (.*)$", PAGE, re.M)
    command = command.replace("/opt/venv", "env").replace("< ", "< config/")
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("| reqdrift", f"| {SCRIPTS}/reqdrift")],
        cwd=pod,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.long
def test_the_manifest_by_the_schema_of_kubernetes(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(MANIFEST)
    tool = (SCRIPTS / "uv", "tool", "run", "-q", "kubernetes-validate", "--strict")
    done = run(*tool, "job.yaml", cwd=tmp_path)
    assert "passed" in done.stdout
    (tmp_path / "job.yaml").write_text(MANIFEST.replace("mountPath", "mountpath"))
    assert run(*tool, "job.yaml", cwd=tmp_path, check=False).returncode
