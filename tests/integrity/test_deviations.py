"""RECORD against the disk: every odd list and every odd file, in fabricated environments."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution, make_environment, record

Captured = pytest.CaptureFixture[str]
FILES = {"lantern/__init__.py": "LIGHT = 1\n", "lantern/wick.py": "WICK = 2\n"}


class Verified:
    """A project with a virtualenv of fabricated distributions, and what verify says of it."""

    def __init__(self, folder: Path, capsys: Captured) -> None:
        self.site = make_environment(folder / ".venv")
        self.capsys = capsys
        self.out = ""

    def install(self, release: str, files: dict[str, str] | None = None, **how: str) -> Path:
        """A distribution with files, and the RECORD that an installer writes of them."""
        info = add_distribution(self.site, release, installer=how.pop("installer", "pip"))
        for name, text in (FILES if files is None else files).items():
            path = self.site / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        names = [*(FILES if files is None else files), f"{info.name}/METADATA"]
        (info / "RECORD").write_text(record(self.site, info, names, **how))
        return info

    def verify(self, *words: str) -> list[str]:
        """The findings and notes, without the place where they stand; `code` is kept."""
        self.code = main(["verify", *words])
        self.out, self.err = self.capsys.readouterr()
        *lines, self.last = [line for line in self.out.splitlines() if not line.startswith("hint")]
        return [line.replace(f"{self.site}/", "").partition(": ")[2] for line in lines]


@pytest.fixture
def made(project: Path, capsys: Captured) -> Verified:
    return Verified(project, capsys)


def found(message: str) -> list[str]:
    return [f"modified: {message}"]


def test_as_installed(made: Verified) -> None:
    made.install("lantern-1.0")
    assert made.verify("--unrecorded") == []
    assert made.code == 0
    assert made.last.startswith("clean; 4 files of 1 distribution compared (0.0 MB); .venv (")


class TestOneChange:
    """Each change of one thing is one finding."""

    @pytest.fixture
    def lantern(self, made: Verified) -> Verified:
        made.install("lantern-1.0")
        return made

    @pytest.fixture
    def wick(self, lantern: Verified) -> Path:
        return lantern.site / "lantern" / "wick.py"

    def test_a_byte(self, lantern: Verified, wick: Path) -> None:
        wick.write_text("WICK = 3\n")
        expected = found("lantern/wick.py of lantern 1.0 does not match RECORD (sha256 differs)")
        assert lantern.verify() == expected
        assert lantern.code == 1

    def test_the_length(self, lantern: Verified, wick: Path) -> None:
        wick.write_text("")
        message = "lantern/wick.py of lantern 1.0 does not match RECORD (0 bytes, RECORD says 9)"
        assert lantern.verify() == found(message)

    def test_gone(self, lantern: Verified, wick: Path) -> None:
        wick.unlink()
        assert lantern.verify() == found("lantern/wick.py of lantern 1.0 is missing")

    def test_a_whole_folder_gone(self, lantern: Verified, wick: Path) -> None:
        shutil.rmtree(wick.parent)
        assert lantern.verify() == found("lantern/ of lantern 1.0 is missing (2 files)")

    def test_a_file_in_place_of_the_folder(self, lantern: Verified, wick: Path) -> None:
        shutil.rmtree(wick.parent)
        wick.parent.write_text("")
        assert lantern.verify() == found("lantern/ of lantern 1.0 is missing (2 files)")

    def test_a_pipe(self, lantern: Verified, wick: Path) -> None:
        wick.unlink()
        os.mkfifo(wick)
        message = "lantern/wick.py of lantern 1.0 is a pipe in place of the installed file"
        assert lantern.verify() == found(message)

    def test_a_folder(self, lantern: Verified, wick: Path) -> None:
        wick.unlink()
        wick.mkdir()
        message = "lantern/wick.py of lantern 1.0 is a folder in place of the installed file"
        assert lantern.verify() == found(message)

    def test_a_link_to_a_device(self, lantern: Verified, wick: Path) -> None:
        wick.unlink()
        wick.symlink_to("/dev/zero")
        message = "lantern/wick.py of lantern 1.0 is a device in place of the installed file"
        assert lantern.verify() == found(message)

    def test_a_link_to_the_same_is_fine(
        self, lantern: Verified, wick: Path, tmp_path: Path
    ) -> None:
        wick.rename(tmp_path / "cached.py")
        wick.symlink_to(tmp_path / "cached.py")
        assert lantern.verify("--unrecorded") == []

    def test_a_link_to_another(self, lantern: Verified, wick: Path) -> None:
        wick.unlink()
        wick.symlink_to("__init__.py")
        message = "lantern/wick.py of lantern 1.0 does not match RECORD (10 bytes, RECORD says 9)"
        assert lantern.verify() == found(message)

    def test_links_to_a_cache_that_was_emptied(self, lantern: Verified, wick: Path) -> None:
        for path in wick.parent.iterdir():
            path.unlink()
            path.symlink_to("/nowhere/at/all")
        message = "lantern/__init__.py and 1 more of lantern 1.0 are dangling links"
        assert lantern.verify() == found(message)

    def test_a_link_to_itself(self, lantern: Verified, wick: Path) -> None:
        wick.unlink()
        wick.symlink_to(wick)
        (line,) = lantern.verify()
        assert line.startswith("broken: lantern/wick.py of lantern 1.0 cannot be read: ")

    @pytest.mark.parametrize("shut", ["wick.py", "."])
    def test_unreadable(self, lantern: Verified, wick: Path, shut: str) -> None:
        """As a user whom permissions bind; the tests may run as root."""
        (wick.parent / shut).chmod(0)
        bound = "-dac_override,-dac_read_search"
        command = [sys.executable, "-m", "reqdrift", "verify", "--python", ".venv"]
        if os.getuid() == 0:
            words = (f"--bounding-set={bound}", f"--inh-caps={bound}")
            command = ["setpriv", *words, *command]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        (wick.parent / shut).chmod(0o755)
        what = "lantern/wick.py" if shut == "wick.py" else "lantern/"
        many = "" if shut == "wick.py" else " (2 files)"
        message = f"broken: {what} of lantern 1.0 cannot be read: Permission denied{many}"
        assert [line for line in done.stdout.splitlines() if message in line]
        assert done.stdout.count(": broken: ") == 1
        assert done.returncode == 1


class TestBytecode:
    @pytest.mark.parametrize(
        "name", ["lantern/__pycache__/wick.cpython-311.pyc", "lantern/wick.pyc"]
    )
    def test_is_never_a_finding(self, made: Verified, name: str) -> None:
        info = made.install("lantern-1.0")
        with (info / "RECORD").open("a") as file:
            file.write(f"{name},,\nlantern/__pycache__/gone.pyc,sha256=AAAA,1\n")
            file.write("lantern/__pycache__/gone.nbi,sha256=AAAA,1\n")
        (made.site / name).parent.mkdir(exist_ok=True)
        (made.site / name).write_bytes(b"anything")
        (made.site / "lantern" / "stray.pyc").write_bytes(b"anything")
        (made.site / "lantern" / "__pycache__").mkdir(exist_ok=True)
        (made.site / "lantern" / "__pycache__" / "wick.light-1.py311.nbi").write_bytes(b"numba's")
        (made.site / "__pycache__").mkdir()
        (made.site / "__pycache__" / "other.pyc").write_bytes(b"anything")
        assert made.verify("--unrecorded") == []
        assert "3 bytecode files skipped" in made.last

    def test_in_place_of_source_is_compared(self, made: Verified) -> None:
        made.install("lantern-1.0", {"lantern/secret.pyc": "shipped"})
        assert made.verify() == []
        (made.site / "lantern" / "secret.pyc").write_text("changed")
        message = "lantern/secret.pyc of lantern 1.0 does not match RECORD (sha256 differs)"
        assert made.verify() == found(message)

    def test_an_environment_below_such_a_folder(self, made: Verified, tmp_path: Path) -> None:
        made.install("lantern-1.0")
        (made.site / "lantern" / "wick.py").write_text("WICK = 3\n")
        odd = tmp_path / "__pycache__"
        odd.mkdir()
        shutil.move(made.site.parents[2], odd / "env")
        (line,) = made.verify("--python", str(odd / "env"))
        assert "(sha256 differs)" in line


class TestLists:
    """What a RECORD may say, and what it must not."""

    def add(self, made: Verified, line: str) -> list[str]:
        info = made.install("lantern-1.0")
        with (info / "RECORD").open("a") as file:
            file.write(line)
        return made.verify()

    def test_quoting(self, made: Verified) -> None:
        made.install("lantern-1.0", {'lantern/a, "b".txt': "x"})
        assert made.verify("--unrecorded") == []
        (made.site / 'lantern/a, "b".txt').write_text("y")
        (line,) = made.verify()
        assert line.startswith('modified: lantern/a, "b".txt of lantern 1.0 does not match RECORD')

    def test_no_hash_is_only_looked_for(self, made: Verified) -> None:
        (made.site / "plain.txt").write_text("x")
        assert self.add(made, "plain.txt,,\ngone.txt,,\n") == found(
            "gone.txt of lantern 1.0 is missing"
        )
        assert "2 without a hash, only checked for existence" in made.last

    def test_only_a_path(self, made: Verified) -> None:
        (made.site / "plain.txt").write_text("x")
        assert self.add(made, "plain.txt\n\n") == []

    @pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha384", "sha512", "blake2b"])
    def test_algorithms(self, made: Verified, algorithm: str) -> None:
        made.install("lantern-1.0", algorithm=algorithm)
        note = f"note (unsure): 4 files of lantern 1.0 have only a weak hash ({algorithm})"
        note += ": a match proves little"
        weak = [note] if algorithm in ("md5", "sha1") else []
        assert made.verify() == weak
        assert made.code == 0
        (made.site / "lantern" / "wick.py").write_text("WICK = 3\n")
        assert f"({algorithm} differs)" in "".join(made.verify())

    @pytest.mark.parametrize("name", ["sha256000", "shake_128", "crc32"])
    def test_an_unknown_algorithm_is_not_clean(self, made: Verified, name: str) -> None:
        (made.site / "plain.txt").write_text("x")
        assert self.add(made, f"plain.txt,{name}=AAAA,1\n") == [
            f"broken: the RECORD of lantern 1.0 uses unknown hash algorithms ({name}):"
            " 1 files are not verified"
        ]

    @pytest.mark.parametrize(
        "path",
        ["../../../../../etc/passwd", "/etc/passwd", "lantern/../../../../../../etc/passwd"],
    )
    def test_never_reads_outside(
        self, made: Verified, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked_at: list[str] = []
        for name in ("open", "stat"):
            real = getattr(os, name)

            def watched(*words: object, real: object = real, **named: object) -> object:
                looked_at.append(str(words[0]))
                return real(*words, **named)  # type: ignore[operator]

            monkeypatch.setattr(os, name, watched)
        (line,) = self.add(made, f"{path},sha256=AAAA,1\n")
        outside = f"lists '{path}', which is outside of the environment and is not read"
        assert line == f"broken: the RECORD of lantern 1.0 {outside}"
        assert "passwd" not in "".join(looked_at)
        assert looked_at  # the watch works

    def test_scripts_and_data_of_the_environment_are_read(self, made: Verified) -> None:
        made.install("lantern-1.0", {"../../../bin/lantern": "#!", "../../../etc/lantern": "x"})
        assert made.verify() == []
        (made.site.parents[2] / "bin" / "lantern").write_text("?!")
        message = "bin/lantern of lantern 1.0 does not match RECORD (sha256 differs)"
        assert made.verify() == found(message)

    def test_an_absolute_path_inside(self, made: Verified) -> None:
        (made.site / "plain.txt").write_text("x")
        assert self.add(made, f"{made.site}/plain.txt,,\n") == []

    def test_windows_slashes(self, made: Verified) -> None:
        info = made.install("lantern-1.0")
        text = (info / "RECORD").read_text().replace("lantern/", "lantern\\")
        (info / "RECORD").write_text(text)
        assert made.verify("--unrecorded") == []
        (made.site / "lantern" / "wick.py").write_text("WICK = 3\n")
        assert len(made.verify()) == 1

    def test_a_backslash_that_is_part_of_the_name(self, made: Verified) -> None:
        made.install("lantern-1.0", {"lantern\\wick.txt": "x"})
        assert made.verify("--unrecorded") == []

    @pytest.mark.parametrize(
        "line, wrong",
        [
            ("a.py,b,c,d\n", "has a line of 4 fields, not path,hash,size"),
            ("a.py,sha256,1\n", "has an invalid hash for 'a.py': 'sha256' is not algorithm=digest"),
            (
                "a.py,sha256=,1\n",
                "has an invalid hash for 'a.py': 'sha256=' is not algorithm=digest",
            ),
            ("a.py,=AA,1\n", "has an invalid hash for 'a.py': '=AA' is not algorithm=digest"),
            ("a.py,sha256=AA,many\n", "has an invalid size for 'a.py': 'many'"),
            (",sha256=AA,1\n", "has a line without a path"),
            ("a\0.py,,\n", "has a line without a path"),
        ],
    )
    def test_a_bad_line(self, made: Verified, line: str, wrong: str) -> None:
        assert self.add(made, line) == [f"broken: the RECORD of lantern 1.0 {wrong}"]
        assert "lantern-1.0.dist-info/RECORD:6: broken" in made.out
        assert "4 files of" in made.last  # the good lines count

    def test_what_follows_a_line_that_says_nothing_is_read(self, made: Verified) -> None:
        info = made.install("lantern-1.0")
        nothing = f"{info.name}/RECORD,,\n\na.py,b,c,d\nlantern/old.pyc,,\n"
        (info / "RECORD").write_text(f"{nothing}gone.py,,\n")
        assert found("gone.py of lantern 1.0 is missing")[0] in made.verify()
        assert "1 bytecode file skipped" in made.last

    def test_a_padded_digest(self, made: Verified) -> None:
        """The specification has none, but the installers of eggs' days wrote it."""
        info = made.install("lantern-1.0")
        lines = [
            line.replace(",", "=,").replace("=,", ",", 1) if "sha256" in line else line
            for line in (info / "RECORD").read_text().splitlines()
        ]
        (info / "RECORD").write_text("\n".join(lines))
        assert made.verify("--unrecorded") == []

    def test_hexadecimal_digits(self, made: Verified) -> None:
        """As flit writes them."""
        (made.site / "plain.txt").write_text("x")
        digest = hashlib.sha256(b"x").hexdigest().upper()
        assert self.add(made, f"plain.txt,sha256={digest},1\n") == []

    @pytest.mark.parametrize("mark", ["0", "z", "é"])
    def test_marks_of_that_number_that_are_not_the_digest(self, made: Verified, mark: str) -> None:
        (made.site / "plain.txt").write_text("x")
        message = "plain.txt of lantern 1.0 does not match RECORD (sha256 differs)"
        assert self.add(made, f"plain.txt,sha256={mark * 64},1\n") == found(message)

    def test_an_editables_sources_are_not_said_to_be_verified(self, made: Verified) -> None:
        info = made.install("lantern-1.0", {"_lantern.pth": "/somewhere\n"})
        url = '{"url": "file:///somewhere", "dir_info": {"editable": %s}}'
        (info / "direct_url.json").write_text(url % "true")
        note = "not verified (editable: its source is not in RECORD): lantern 1.0"
        assert note in made.verify()
        (info / "direct_url.json").write_text(url % "false")
        assert note not in made.verify()

    def test_an_open_quote(self, made: Verified) -> None:
        (line,) = self.add(made, '"never closed\n')
        assert "lantern-1.0.dist-info/RECORD:6: broken" in made.out
        assert line.startswith("broken: the RECORD of lantern 1.0 cannot be parsed: ")

    def test_not_utf8(self, made: Verified) -> None:
        info = made.install("lantern-1.0")
        (info / "RECORD").write_bytes(b"\xff\xfe,,\n")
        assert made.verify("--unrecorded") == [
            "broken: the RECORD of lantern 1.0 is not UTF-8: its files are not verified"
        ]
        assert made.code == 1

    @pytest.mark.parametrize("installer", ["pip", "uv", ""])
    def test_none_where_there_must_be_one(self, made: Verified, installer: str) -> None:
        info = made.install("lantern-1.0", installer=installer)
        (info / "RECORD").unlink()
        assert made.verify("--unrecorded") == [
            "broken: the RECORD of lantern 1.0 is missing: its files are not verified"
        ]

    def test_none_where_another_tool_owns_the_files(self, made: Verified) -> None:
        made.install("rope-1.0", {"rope.py": ""})
        info = made.install("lantern-1.0", installer="distro-tool")
        (info / "RECORD").unlink()
        assert made.verify("--unrecorded") == [
            "not verified (installed by distro-tool): lantern 1.0"
        ]
        assert made.code == 0
        assert "3 files of 1 distribution compared" in made.last
        assert "1 distribution not verified" in made.last

    def test_a_pipe_for_a_list(self, made: Verified) -> None:
        info = made.install("lantern-1.0")
        (info / "RECORD").unlink()
        os.mkfifo(info / "RECORD")
        (line,) = made.verify()
        assert line.startswith("broken: the RECORD of lantern 1.0 cannot be read: ")

    def test_its_own_line_and_signatures(self, made: Verified) -> None:
        info = made.install("lantern-1.0")
        (info / "RECORD.jws").write_text("{}")
        with (info / "RECORD").open("a") as file:
            file.write(f"{info.name}/RECORD.jws,,\n")
        assert made.verify("--unrecorded") == []


class TestScriptsOfOldPips:
    """pip before 23 wrote the environment's interpreter into a script, and the wheel's hash."""

    BODY = "\nimport lantern\n"

    def script(self, made: Verified, first: str, written: str, folder: str = "bin") -> list[str]:
        name = f"../../../{folder}/lantern"
        made.install("lantern-1.0", {name: first + self.BODY})
        (made.site / name).write_text(f"#!{written}{self.BODY}")
        return made.verify()

    @pytest.mark.parametrize("first", ["#!python", "#!pythonw", "#!python3"])
    def test_is_as_installed(self, made: Verified, first: str) -> None:
        assert self.script(made, first, f"{made.site.parents[2]}/bin/python3.11") == []

    def test_changed_below_its_first_line(self, made: Verified) -> None:
        python = f"{made.site.parents[2]}/bin/python\nevil()"
        assert len(self.script(made, "#!python", python)) == 1

    @pytest.mark.parametrize(
        "written",
        [
            "/usr/bin/python3",  # of pip install --user or --target
            "/gone/my env/bin/python3.8",  # the environment was there once
            "C:\\env\\Scripts\\pythonw.exe",
            "/gone/bin/pypy3",
        ],
    )
    def test_whichever_interpreter_pip_ran_on(self, made: Verified, written: str) -> None:
        assert self.script(made, "#!python", written) == []

    @pytest.mark.parametrize("written", ["/bin/sh", "/usr/bin/env python3", "/env/python/sh", ""])
    def test_what_is_no_interpreter_of_python(self, made: Verified, written: str) -> None:
        assert len(self.script(made, "#!python", written)) == 1

    def test_only_what_is_a_script(self, made: Verified) -> None:
        python = f"{made.site.parents[2]}/share/python"
        assert len(self.script(made, "#!python", python, "share")) == 1


class TestEggs:
    def test_installed_files(self, made: Verified) -> None:
        info = made.site / "lantern-1.0-py3.11.egg-info"
        info.mkdir()
        (info / "PKG-INFO").write_text("Name: lantern\nVersion: 1.0\n")
        (made.site / "lantern.py").write_text("")
        (info / "installed-files.txt").write_text(
            "../lantern.py\r\n../lantern.pyc\n../../../../../../etc/passwd\n\nPKG-INFO\n"
            "../old.pyc\n../gone.py\n"
        )
        out = "which is outside of the environment and is not read"
        assert made.verify() == [
            "modified: gone.py of lantern 1.0 is missing",
            "broken: the installed-files.txt of lantern 1.0"
            f" lists '../../../../../../etc/passwd', {out}",
        ]
        assert "0 files of 1 distribution compared" in made.last
        assert "3 without a hash, only checked for existence, 2 bytecode files skipped" in made.last
        assert "lantern-1.0-py3.11.egg-info/installed-files.txt:3: broken: " in made.out

    def test_nothing_to_go_by_is_not_clean(self, made: Verified) -> None:
        info = made.site / "lantern-1.0.egg-info"
        info.write_text("Name: lantern\nVersion: 1.0\n")
        assert made.verify() == [
            "no distribution lists its files: nothing can be verified",
            "not verified (an egg): lantern 1.0",
        ]
        assert made.code == 3

    def test_asked_for_by_name_it_is_not_clean(self, made: Verified) -> None:
        made.install("rope-1.0", {"rope.py": ""})
        (made.site / "lantern-1.0.egg-info").write_text("Name: lantern\nVersion: 1.0\n")
        assert made.verify("--select", "lantern")[0] == (
            "lantern 1.0 lists no files to verify (an egg)"
        )
        assert made.code == 3
        assert made.verify("--select", "rope") == []


class TestTwoOwners:
    @pytest.fixture
    def both(self, made: Verified) -> Verified:
        made.install("lantern-1.0", {"ns/__init__.py": "A\n", "ns/lantern.py": ""})
        made.install("rope-2.0", {"ns/__init__.py": "B\n", "ns/rope.py": ""})
        return made

    def test_the_second_has_overwritten_the_first(self, both: Verified) -> None:
        message = "ns/__init__.py matches the RECORD of rope 2.0, but not that of lantern 1.0"
        assert both.verify() == found(message)
        assert "hint" not in both.out  # to install one again would break the other

    def test_many_files_are_one_finding(self, both: Verified) -> None:
        for release, text in (("lantern-1.0", "A\n"), ("rope-2.0", "B\n")):
            shutil.rmtree(both.site / f"{release}.dist-info")
            names = ("ns/__init__.py", "ns/a.py", "ns/b.py")
            both.install(release, dict.fromkeys(names, text))
        (line,) = both.verify()
        assert "ns/__init__.py and 2 more match the RECORD of rope 2.0" in line

    def test_neither(self, both: Verified) -> None:
        (both.site / "ns" / "__init__.py").write_text("C\n")
        (line,) = both.verify()
        assert "of lantern 1.0 and rope 2.0 does not match RECORD" in line

    def test_whoever_is_selected(self, both: Verified) -> None:
        assert len(both.verify("--select", "lantern")) == 1

    def test_the_same_in_both_is_fine(self, made: Verified) -> None:
        made.install("lantern-1.0", {"ns/__init__.py": ""})
        made.install("rope-2.0", {"ns/__init__.py": ""})
        assert made.verify("--unrecorded") == []
        assert "5 files of 2 distributions" in made.last

    def test_two_of_one_name_are_both_looked_at(self, made: Verified) -> None:
        made.install("lantern-1.0", {"lantern.py": ""})
        made.install("Lantern-2.0", {"wick.py": ""})
        (made.site / "lantern.py").write_text("x")
        (made.site / "wick.py").write_text("x")
        lines = made.verify("--unrecorded")
        assert [line.partition(":")[0] for line in lines] == ["broken", "modified", "modified"]


class TestUnrecorded:
    @pytest.fixture
    def lantern(self, made: Verified) -> Verified:
        made.install("lantern-1.0")
        return made

    @pytest.mark.parametrize(
        "name, told",
        [
            ("sitecustomize.py", "sitecustomize.py"),
            ("lantern/evil.py", "lantern/evil.py"),
            ("evil/deep/a.py", "evil/"),
            ("lantern-1.0.dist-info/entry_points.txt", "lantern-1.0.dist-info/entry_points.txt"),
            ("run.pth", "run.pth"),
        ],
    )
    def test_a_file(self, lantern: Verified, name: str, told: str) -> None:
        (lantern.site / name).parent.mkdir(parents=True, exist_ok=True)
        (lantern.site / name).write_text("")
        many = " (1 file)" if told.endswith("/") else ""
        assert lantern.verify("--unrecorded") == found(
            f"{told} is in no distribution's RECORD{many}"
        )
        assert lantern.code == 1
        assert lantern.verify() == []  # only when asked

    @pytest.mark.parametrize(
        "name", ["_virtualenv.py", "_virtualenv.pth", "easy-install.pth", "README.txt", ".lock"]
    )
    def test_what_tools_leave(self, lantern: Verified, name: str) -> None:
        (lantern.site / name).write_text("")
        assert lantern.verify("--unrecorded") == []
        (lantern.site / "lantern" / name).write_text("")
        assert len(lantern.verify("--unrecorded")) == 1

    def test_a_link_that_goes_in_circles(self, lantern: Verified) -> None:
        (lantern.site / "lantern" / "again").symlink_to("..")
        expected = found("lantern/again is in no distribution's RECORD")
        assert lantern.verify("--unrecorded") == expected

    def test_only_beside_what_is_selected(self, lantern: Verified) -> None:
        lantern.install("rope-1.0", {"rope/__init__.py": ""})
        for folder in ("rope", "lantern", "."):
            (lantern.site / folder / "evil.py").write_text("")
        expected = found("rope/evil.py is in no distribution's RECORD")
        assert lantern.verify("--unrecorded", "--select", "rope") == expected


def test_what_vanishes_meanwhile_is_missing(
    made: Verified, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file goes between the look at it and the opening."""
    made.install("lantern-1.0")
    real = os.open

    def late(path: str, *rest: int) -> int:
        if str(path).endswith("wick.py"):
            os.unlink(path)
        return real(path, *rest)

    monkeypatch.setattr(os, "open", late)
    assert made.verify() == found("lantern/wick.py of lantern 1.0 is missing")


def test_what_becomes_a_pipe_meanwhile_does_not_block(
    made: Verified, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.install("lantern-1.0")
    wick = made.site / "lantern" / "wick.py"
    # Whoever waits for a writer gets one in the end, for the test to fail and not to hang.
    writer = threading.Timer(5, lambda: wick.open("w").close())
    real = os.open

    def late(path: str, *rest: int) -> int:
        if str(path) == str(wick):
            wick.unlink()
            os.mkfifo(wick)
            writer.start()
        return real(path, *rest)

    monkeypatch.setattr(os, "open", late)
    begun = time.monotonic()
    lines = made.verify()
    assert time.monotonic() - begun < 4
    writer.cancel()
    assert lines == found("lantern/wick.py of lantern 1.0 does not match RECORD (sha256 differs)")


def test_memory_is_bounded(made: Verified) -> None:
    """A large file is never held whole."""
    info = made.install("lantern-1.0", {})
    with (made.site / "big.bin").open("wb") as file:
        file.truncate(400_000_000)
    (info / "RECORD").write_text(record(made.site, info, ["big.bin"]))
    code = (
        "import resource; from reqdrift.cli import main; main(['verify', '--python', '.venv']);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    # A program's largest size counts what it was forked from: a shell is small, pytest is not.
    command = ["sh", "-c", '"$0" -c "$1"; exit $?', sys.executable, code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    verdict, kilobytes = done.stdout.splitlines()
    assert verdict.startswith("clean; 2 files of 1 distribution compared (400.0 MB)")
    assert int(kilobytes) < 150_000
