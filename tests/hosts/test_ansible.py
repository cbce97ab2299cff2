"""The playbook docs/recipes/drift.yml: ansible-core, and hosts that are folders of this machine."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are installed

from reqdrift import reqdrift_inspect
from support import REPOSITORY, SCRIPTS, add_distribution, clean_environ, python27, run

UV = SCRIPTS / "uv"
PAGE = (REPOSITORY / "docs" / "records.md").read_text()
SECTION = PAGE.partition("\n## Ansible\n")[2].partition("\n## ")[0]
HOSTS = [f"web{number:02}" for number in range(1, 21)]
DRIFTED, WITH_PIP = ("web07", "web13"), ("web01", "web02", "web07")
Run = Callable[[str], CompletedProcess[str]]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a command beside the playbook of the page, its module and an inventory of 21 hosts."""
    folder = tmp_path_factory.mktemp("ansible").resolve()
    run(UV, "venv", "-q", folder / "control", "--python", sys.executable, cwd=folder)
    python = folder / "control" / "bin" / "python"
    # The others are what Ansible's sanity test of modules needs.
    tools = ("ansible-core", "antsibull-docs-parser", "voluptuous")
    run(UV, "pip", "install", "-q", "--python", python, *tools, cwd=folder)
    for host in HOSTS:
        make_host(folder / host, "0.2" if host in DRIFTED else "0.1", pip=host in WITH_PIP)
    interpreter = f"{folder}/{{{{ inventory_hostname }}}}/bin/python"
    down = "down ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1"
    lines = [down, *HOSTS, "[all:vars]", "ansible_connection=local", f"shop_python={interpreter}"]
    (folder / "hosts").write_text("\n".join(lines) + "\n")
    (folder / "requirements.txt").write_text("lantern==0.1\nwick==1.0\n")
    playbook = (REPOSITORY / "docs" / "recipes" / "drift.yml").read_text()
    (folder / "drift.yml").write_text(playbook)
    by_script = (
        "ansible.builtin.script:\n"
        "        cmd: library/reqdrift_inspect.py\n"
        '        executable: "{{ shop_python }}"\n'
        "      check_mode: false\n"
        "      changed_when: false"
    )
    old = playbook.replace("reqdrift_inspect:", by_script)
    (folder / "old.yml").write_text(old.replace("shop.record | to_json", "shop.stdout"))
    path = f"{SCRIPTS}:{folder}/control/bin:/usr/local/bin:/usr/bin:/bin"
    env = clean_environ(PATH=path, ANSIBLE_NOCOLOR="1", ANSIBLE_HOME=str(folder / "home"))
    env |= {"ANSIBLE_DEPRECATION_WARNINGS": "0", "ANSIBLE_LOCALHOST_WARNING": "0"}

    def play(command: str) -> CompletedProcess[str]:
        return run("bash", "-c", command, cwd=folder, env=env, check=False)

    for command in commands("mkdir", "cp"):
        assert play(command).returncode == 0
    return play


def make_host(prefix: Path, version: str, *, pip: bool) -> None:
    run(UV, "venv", "-q", prefix, "--python", sys.executable, cwd=prefix.parent)
    (site,) = prefix.glob("lib/*/site-packages")
    add_distribution(site, f"lantern-{version}")
    add_distribution(site, "wick-1.0")
    if pip:
        run(UV, "pip", "install", "-q", "--python", prefix, "pip", cwd=prefix.parent)


def commands(*programs: str) -> list[str]:
    """The commands of the page that begin with a program."""
    found = re.findall(r"^\$ (.*)$", SECTION, re.M)
    chosen = [command for command in found if command.split()[0] in programs]
    assert chosen
    return chosen


def recap(text: str, host: str) -> dict[str, int]:
    (line,) = re.findall(rf"^{host} +: (.*)$", text, re.M)
    return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", line)}


@pytest.mark.parametrize("check_mode", ["", " --check"])
def test_the_playbook_fails_on_drifted_hosts_only(play: Run, check_mode: str) -> None:
    (command,) = commands("ansible-playbook")
    done = play(command + check_mode)
    assert done.returncode & 4, done.stdout  # unreachable
    for host in HOSTS:
        counts = recap(done.stdout, host)
        assert (counts["failed"], counts["changed"]) == (int(host in DRIFTED), 0)
    assert recap(done.stdout, "down")["unreachable"] == 1
    message = "[web07, web13] lantern 0.2 is installed, but the file says lantern==0.1"
    assert done.stdout.count(message) >= len(DRIFTED)
    whole = play("reqdrift --installed fleet")
    assert whole.returncode == 1
    assert "18 of 20 environments match" in whole.stdout


def test_it_passes_when_all_match_and_keeps_no_old_record(play: Run) -> None:
    (command,) = commands("ansible-playbook")
    limit = " --limit 'web01,web02'"
    done = play(command + limit)
    assert done.returncode == 0, done.stdout
    assert play("ls fleet").stdout.split() == ["web01.json", "web02.json"]
    alone = play(f"{command} --limit web07")
    assert alone.returncode == 2
    assert "lantern 0.2 is installed, but the file says lantern==0.1" in alone.stdout
    play("sed -i s/0.1/0.3/ requirements.txt")
    done = play(command + limit)
    assert done.returncode == 2
    assert recap(done.stdout, "web02")["failed"] == 1
    play("sed -i s/0.3/0.1/ requirements.txt")


@pytest.mark.parametrize("check_mode", ["", " --check"])
def test_the_tasks_for_old_pythons(play: Run, check_mode: str) -> None:
    done = play(f"ansible-playbook -i hosts old.yml --limit web01,web07{check_mode}")
    assert done.returncode == 2, done.stdout
    for host in ("web01", "web07"):
        counts = recap(done.stdout, host)
        assert (counts["failed"], counts["changed"]) == (int(host in DRIFTED), 0)
    assert "[web07] lantern 0.2 is installed, but the file says lantern==0.1" in done.stdout


def test_a_host_with_an_old_python(play: Run) -> None:
    if (python := python27()) is None:
        pytest.skip("no Python 2.7")
    done = play(f"ansible-playbook -i hosts old.yml --limit web01 -e shop_python={python}")
    assert "unreachable=0" in done.stdout
    checked = play("reqdrift --installed fleet/web01.json --format json")
    assert json.loads(checked.stdout)["environment"]["python_version"].startswith("2.7"), done


def test_ansible_doc_reads_the_module(play: Run) -> None:
    done = play("ansible-doc -M library -t module reqdrift_inspect --json")
    assert done.returncode == 0, done.stderr
    about = json.loads(done.stdout)["reqdrift_inspect"]
    assert about["doc"]["short_description"].startswith("Report what is installed")
    assert about["return"]["record"]["type"] == "dict"
    (example,) = yaml.safe_load(reqdrift_inspect.EXAMPLES)
    assert set(example) == {"reqdrift_inspect", "vars"}


def test_ansibles_sanity_rules_for_modules(play: Run) -> None:
    """`ansible-test sanity --test validate-modules`, without the downloads that it begins with."""
    collection = "ansible_collections/reqdrift/fleet"
    modules = f"{collection}/plugins/modules"
    play(f"mkdir -p {modules} && cp library/reqdrift_inspect.py {modules}")
    done = play(
        "export ANSIBLE_COLLECTIONS_PATH=$PWD PYTHONPATH=$PWD\n"
        f"cd {collection}\n"
        "echo 'namespace: reqdrift\nname: fleet\nversion: 0.1.0' > galaxy.yml\n"
        "tool=$(echo ../../../control/lib/*/site-packages/ansible_test/_util)\n"
        "tool=$tool/controller/sanity/validate-modules\n"
        f"PYTHONPATH=$tool:$PYTHONPATH ../../../control/bin/python $tool/validate.py"
        f" --collection {collection} --collection-version 0.1.0 --plugin-type module"
        " --format json plugins/modules/reqdrift_inspect.py"
    )
    (found,) = json.loads(done.stdout).values()
    # The license is reqdrift's. The import is where only Ansible reaches it.
    assert [error["code"] for error in found["errors"]] == ["missing-gplv3-license"]
    codes = [warning["code"] for warning in found["warnings"]]
    assert codes == ["missing-module-utils-basic-import"]
