"""Check all that a release needs, without publishing: `make release-check`.

The distributions are built twice, from two clones of HEAD, and compared. Everything else uses them:
they are uploaded to an index on this machine, and installed from there, as users do it.
"""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

REPOSITORY = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
sys.path.insert(0, str(REPOSITORY))

from reqdrift import __version__  # noqa: E402

# As in pyproject.toml.
OLDEST, NEWEST = 11, 14
# reqdrift, what it needs, and pip.
MOST_DISTRIBUTIONS = 9
IN_SDIST = {
    *(".gitignore", "CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"),
    *("docs", "reqdrift", "tools"),
}
LICENSES = (
    *("MIT", "MIT License", "BSD-2-Clause", "BSD License", "Apache Software License"),
    *("Apache-2.0", "Apache-2.0 OR BSD-2-Clause"),
)
TYPED = """\
import reqdrift

report: reqdrift.Report = reqdrift.check(["requirements.txt"], python=".venv")
kinds: list[str] = [finding.kind for finding in report.findings]
reqdrift.check(1)  # type: ignore[arg-type]
"""
HOOKS = """\
repos:
- repo: {repository}
  rev: v{version}
  hooks:
  - id: reqdrift
"""


def main(keep: str) -> None:
    """Run every check; the first failure ends it. `keep` is a folder for the distributions."""
    with tempfile.TemporaryDirectory(prefix="reqdrift-release-") as name:
        work = Path(name)
        if git("status", "--porcelain", cwd=REPOSITORY):
            said("uncommitted changes are not checked: HEAD is")
        wheel, sdist = built_twice(work)
        described(wheel, sdist)
        pythons = supported()
        with index(work, pythons) as url:
            uploaded(url, wheel, sdist)
            for minor, python in pythons:
                for file in (wheel, sdist):
                    installed(work / f"{minor}-{file.suffix[1:]}", python, file, url)
                said(f"Python {minor}: wheel and sdist are installed, run and typed")
            environment = work / f"{pythons[0][0]}-whl"
            licensed(environment)
            audited(environment)
            installed_as_users_do(work, url, pythons[0][1])
        hooked(work)
        if keep:
            shutil.copytree(wheel.parent, keep, dirs_exist_ok=True)
    said(f"reqdrift {__version__} can be released")


def said(message: str) -> None:
    """Print a line about what was found."""
    print(f"release-check: {message}", flush=True)


def failed(message: str) -> None:
    """Stop with the reason."""
    sys.exit(f"release-check: failed: {message}")


def run(
    *words: str | Path,
    cwd: Path,
    codes: tuple[int, ...] = (0,),
    env: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """What a program prints, with more variables; an exit code that is not named is a failure."""
    environ = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    command = [str(word) for word in words]
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode not in codes:
        failed(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}")
    return done.stdout


_NOT_INHERITED = frozenset({"VIRTUAL_ENV", "PYTHONPATH", "REQDRIFT_PYTHON", "SOURCE_DATE_EPOCH"})


def git(*words: str | Path, cwd: Path) -> str:
    """What git prints."""
    identity = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org")
    return run("git", *identity, *words, cwd=cwd).strip()


def supported() -> list[tuple[str, str]]:
    """Each Python of this machine that reqdrift runs on, the oldest first."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = []
    # The last one is free-threaded.
    for version in (*(f"3.{minor}" for minor in range(OLDEST, NEWEST + 1)), f"3.{NEWEST}t"):
        name = f"python{version}"
        places = [*sorted(map(str, pyenv.glob(f"3.*/bin/{name}"))), shutil.which(name)]
        for place in filter(None, places):
            # A Debian Python may be without these.
            command = (place, "-c", "import ensurepip, venv")
            if subprocess.run(command, capture_output=True, check=False).returncode == 0:
                found.append((version, place))
                break
        else:
            said(f"NOT CHECKED: this machine has no Python {version}")
    return found


def built_twice(work: Path) -> tuple[Path, Path]:
    """The wheel and the sdist; another folder, umask, time zone and moment make no difference."""
    epoch = git("log", "-1", "--format=%ct", cwd=REPOSITORY)
    folders = []
    for name, umask, zone in (("one", 0o022, "UTC"), ("another", 0o077, "Asia/Kathmandu")):
        before = os.umask(umask)
        clone = work / name / "reqdrift"
        git("clone", "--quiet", REPOSITORY, clone, cwd=REPOSITORY)
        build = (SCRIPTS / "python", "-m", "build", "--no-isolation", "--outdir", clone / "dist")
        run(*build, cwd=clone, env={"SOURCE_DATE_EPOCH": epoch, "TZ": zone})
        os.umask(before)
        folders.append(clone / "dist")
        time.sleep(2)  # archives count in steps of two seconds
    names = sorted(path.name for path in folders[0].iterdir())
    one, another = folders
    _, different, absent = filecmp.cmpfiles(one, another, names, shallow=False)
    if different or absent:
        failed(f"two builds differ: {different + absent}")
    for name in names:
        digest = hashlib.sha256((one / name).read_bytes()).hexdigest()
        said(f"built twice, the same: {name} sha256={digest}")
    (wheel,) = one.glob("*.whl")
    (sdist,) = one.glob("*.tar.gz")
    if not wheel.name.startswith(f"reqdrift-{__version__}-py3-none-any"):
        failed(f"the version in the file name is not {__version__}: {wheel.name}")
    return wheel, sdist


def described(wheel: Path, sdist: Path) -> None:
    """The metadata and the contents are what an index and a packager expect."""
    cwd = wheel.parent
    run(SCRIPTS / "twine", "check", "--strict", wheel, sdist, cwd=cwd)
    run(SCRIPTS / "check-wheel-contents", "--package", REPOSITORY / "reqdrift", wheel, cwd=cwd)
    info = f"reqdrift-{__version__}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(f"{info}/METADATA").decode()
    needed = {"reqdrift/py.typed", "reqdrift/reqdrift_inspect.py", f"{info}/licenses/LICENSE"}
    other = {
        name
        for name in names - needed
        if not name.startswith(f"{info}/") and not re.fullmatch(r"reqdrift/[a-z0-9_/]+\.py", name)
    }
    if other or needed - names:
        failed(f"the wheel has {sorted(other)}, and not {sorted(needed - names)}")
    with tarfile.open(sdist) as archive_of_source:
        tops = {name.split("/")[1] for name in archive_of_source.getnames()}
    if tops != IN_SDIST:
        failed(f"the sdist differs from what it should have in {sorted(tops ^ IN_SDIST)}")
    if relative := re.findall(r"\]\((?!https://)[^)]*", metadata):
        failed(f"links of the README that an index cannot follow: {relative}")
    # The metadata names no author with an address: the project does.
    rating = run(SCRIPTS / "pyroma", "--min=8", sdist, cwd=cwd)
    rated = rating.split("Final rating: ")[1].split()[0]
    said(f"twine, check-wheel-contents and pyroma agree ({rated})")


@contextlib.contextmanager
def index(work: Path, pythons: Sequence[tuple[str, str]]) -> Iterator[str]:
    """An index on the loopback that has reqdrift, once it is uploaded, and what it needs."""
    packages = work / "packages"
    packages.mkdir()
    with open(REPOSITORY / "pyproject.toml", "rb") as file:
        project = tomllib.load(file)
    needs = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    # All of these are pure, but some need more on an older Python.
    for _, python in pythons:
        download = ("-m", "pip", "download", "--quiet", "--dest", packages)
        run(python, *download, *needs, "editables", "pip", cwd=work)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(SCRIPTS / "pypi-server", "run", "-i", "127.0.0.1", "-p", str(port)),
            *("-P", ".", "-a", ".", "--disable-fallback", str(packages)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), urllib.request.urlopen(url):
                break
            time.sleep(0.1)
        yield f"{url}/simple/"
    finally:
        server.terminate()
        server.wait()


def uploaded(url: str, *files: Path) -> None:
    """As the release workflow does it, but to the index of this machine."""
    twine = (SCRIPTS / "twine", "upload", "--non-interactive", "--repository-url")
    target = url.removesuffix("simple/")
    account = {"TWINE_USERNAME": "nobody", "TWINE_PASSWORD": "none"}
    run(*twine, target, *files, cwd=files[0].parent, env=account)
    said("uploaded to an index on this machine")


def installed(folder: Path, python: str, file: Path, url: str) -> None:
    """The file in a fresh environment: the command, the module, the types, the distributions."""
    run(python, "-m", "venv", folder, cwd=folder.parent)
    own = folder / "bin" / "python"
    pip = (own, "-m", "pip", "--isolated", "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--index-url", url, file, cwd=folder)
    run(*pip, "check", cwd=folder)
    listed = json.loads(run(*pip, "list", "--format", "json", cwd=folder))
    names = {entry["name"].lower() for entry in listed} - {"setuptools"}  # venv's, before 3.12
    if len(names) > MOST_DISTRIBUTIONS:
        failed(f"more than {MOST_DISTRIBUTIONS} distributions: {', '.join(sorted(names))}")
    project = folder / "project"
    project.mkdir()
    run(python, "-m", "venv", "--without-pip", project / ".venv", cwd=project)
    (project / "requirements.txt").write_text("")
    for command in ((folder / "bin" / "reqdrift",), (own, "-m", "reqdrift")):
        if run(*command, "--version", cwd=project) != f"reqdrift {__version__}\n":
            failed(f"another version: {command}")
        if "clean" not in run(*command, cwd=project):
            failed(f"an empty environment is not clean: {command}")
    (project / "requirements.txt").write_text("six==1.16.0\n")
    if "missing: six==1.16.0" not in run(folder / "bin" / "reqdrift", cwd=project, codes=(1,)):
        failed("a package that is not installed was not found")
    (project / "typed.py").write_text(TYPED)
    mypy = (SCRIPTS / "mypy", "--strict", "--warn-unused-ignores", "--python-executable", own)
    run(*mypy, "--cache-dir", folder / "mypy", "typed.py", cwd=project)


def licensed(environment: Path) -> None:
    """What reqdrift brings has licenses that go with its own."""
    command = (SCRIPTS / "pip-licenses", "--python", environment / "bin" / "python")
    found = json.loads(run(*command, "--format", "json", "--with-system", cwd=environment))
    for package in found:
        if not set(package["License"].split("; ")) <= set(LICENSES):
            failed(f"the license of {package['Name']} is {package['License']}")
    names = ", ".join(f"{package['Name']} ({package['License']})" for package in found)
    said(f"licenses: {names}")


def audited(environment: Path) -> None:
    """No known vulnerability; without the service that knows them, that is said, not passed."""
    frozen = run(environment / "bin" / "python", "-m", "pip", "freeze", cwd=environment)
    lines = [line for line in frozen.splitlines() if not line.startswith("reqdrift")]
    (environment / "frozen.txt").write_text("\n".join(lines) + "\n")
    command = (SCRIPTS / "pip-audit", "--no-deps", "--disable-pip", "--timeout", "20")
    for service in ("pypi", "osv"):
        words = (*command, "--vulnerability-service", service, "-r", environment / "frozen.txt")
        output = run(*words, cwd=environment, codes=(0, 1))
        if "No known vulnerabilities found" in output:
            said(f"pip-audit ({service}): no known vulnerabilities in {len(lines)} distributions")
            return
        if "known vulnerabilit" in output:
            failed(output)
    if os.environ.get("CI") == "true":
        failed(f"pip-audit cannot reach a vulnerability service\n{output}")
    said("NOT CHECKED: pip-audit cannot reach a vulnerability service from this machine")


def installed_as_users_do(work: Path, url: str, python: str) -> None:
    """By name, from the index: pip, uv and pipx."""
    folder = work / "by-name"
    name = f"reqdrift=={__version__}"
    run(python, "-m", "venv", folder / "pip", cwd=work)
    pip = (folder / "pip/bin/python", "-m", "pip", "--isolated", "install", "--quiet")
    run(*pip, "--index-url", url, name, cwd=work)
    run(SCRIPTS / "uv", "venv", "--quiet", "--python", python, folder / "uv", cwd=work)
    uv = ("pip", "install", "--quiet", "--no-config", "--python", folder / "uv")
    run(SCRIPTS / "uv", *uv, "--default-index", url, name, cwd=work)
    homes = {"PIPX_HOME": str(folder / "pipx"), "PIPX_BIN_DIR": str(folder / "pipx/bin")}
    pipx = (SCRIPTS / "pipx", "install", "--quiet", "--python", python)
    run(*pipx, "--index-url", url, name, cwd=work, env=homes)
    for command in ("pip/bin/reqdrift", "uv/bin/reqdrift", "pipx/bin/reqdrift"):
        if run(folder / command, "--version", cwd=work) != f"reqdrift {__version__}\n":
            failed(f"another version: {command}")
    said("installed from the index by pip, uv and pipx")


def hooked(work: Path) -> None:
    """The hooks at the tag of the release, by both runners."""
    clone = work / "one" / "reqdrift"
    git("tag", "--force", f"v{__version__}", cwd=clone)
    for runner in ("pre-commit", "prek"):
        project = work / f"hooked-by-{runner}"
        project.mkdir()
        git("init", "--quiet", cwd=project)
        text = HOOKS.format(repository=clone.as_uri(), version=__version__)
        (project / ".pre-commit-config.yaml").write_text(text)
        (project / "requirements.txt").write_text("")
        run(sys.executable, "-m", "venv", "--without-pip", ".venv", cwd=project)
        git("add", "*.txt", ".pre-commit-config.yaml", cwd=project)
        homes = {"PRE_COMMIT_HOME": str(work / "hooks"), "PREK_HOME": str(work / "prek")}
        words = (SCRIPTS / runner, "run", "--all-files", "--verbose")
        if "clean; 0 requirements" not in run(*words, cwd=project, env=homes):
            failed(f"{runner}: an empty environment is not clean")
        (project / "requirements.txt").write_text("six==1.16.0\n")
        git("add", "requirements.txt", cwd=project)
        if "missing: six==1.16.0" not in run(*words, cwd=project, codes=(1,), env=homes):
            failed(f"{runner}: a package that is not installed was not found")
    said(f"the hook at v{__version__} runs in pre-commit and prek")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
