"""Every odd RECORD, and what has another list or none, in fabricated environments."""

from __future__ import annotations

import hashlib
import os

import pytest

from verified import Verified, found


class TestLists:
    """What a RECORD may say, and what it must not."""

    def add(self, verified: Verified, line: str) -> list[str]:
        info = verified.install("lantern-1.0")
        with (info / "RECORD").open("a") as file:
            file.write(line)
        return verified.verify()

    def test_quoting(self, verified: Verified) -> None:
        verified.install("lantern-1.0", {'lantern/a, "b".txt': "x"})
        assert verified.verify() == []
        (verified.site / 'lantern/a, "b".txt').write_text("y")
        (line,) = verified.verify()
        assert line.startswith('modified: lantern/a, "b".txt of lantern 1.0 does not match RECORD')

    def test_no_hash_is_only_looked_for(self, verified: Verified) -> None:
        (verified.site / "plain.txt").write_text("x")
        assert self.add(verified, "plain.txt,,\ngone.txt,,\n") == found(
            "gone.txt of lantern 1.0 is missing"
        )
        assert "2 without a hash, only checked for existence" in verified.last

    def test_only_a_path(self, verified: Verified) -> None:
        (verified.site / "plain.txt").write_text("x")
        assert self.add(verified, "plain.txt\n\n") == []

    @pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha384", "sha512", "blake2b"])
    def test_algorithms(self, verified: Verified, algorithm: str) -> None:
        verified.install("lantern-1.0", algorithm=algorithm)
        assert verified.verify() == []
        assert verified.code == 0
        (verified.site / "lantern" / "wick.py").write_text("WICK = 3\n")
        assert f"({algorithm} differs)" in "".join(verified.verify())

    @pytest.mark.parametrize("name", ["sha256000", "shake_128", "crc32"])
    def test_an_unknown_algorithm_is_not_clean(self, verified: Verified, name: str) -> None:
        (verified.site / "plain.txt").write_text("x")
        assert self.add(verified, f"plain.txt,{name}=AAAA,1\n") == [
            f"broken: the RECORD of lantern 1.0 uses unknown hash algorithms ({name}):"
            " 1 files are not verified"
        ]

    @pytest.mark.parametrize(
        "path",
        ["../../../../../etc/passwd", "/etc/passwd", "lantern/../../../../../../etc/passwd"],
    )
    def test_never_reads_outside(
        self, verified: Verified, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked_at: list[str] = []
        for name in ("open", "stat"):
            real = getattr(os, name)

            def watched(*words: object, real: object = real, **named: object) -> object:
                looked_at.append(str(words[0]))
                return real(*words, **named)  # type: ignore[operator]

            monkeypatch.setattr(os, name, watched)
        (line,) = self.add(verified, f"{path},sha256=AAAA,1\n")
        outside = f"lists '{path}', which is outside of the environment and is not read"
        assert line == f"broken: the RECORD of lantern 1.0 {outside}"
        assert "passwd" not in "".join(looked_at)
        assert looked_at  # the watch works

    def test_scripts_and_data_of_the_environment_are_read(self, verified: Verified) -> None:
        verified.install("lantern-1.0", {"../../../bin/lantern": "#!", "../../../etc/lantern": "x"})
        assert verified.verify() == []
        (verified.site.parents[2] / "bin" / "lantern").write_text("?!")
        message = "bin/lantern of lantern 1.0 does not match RECORD (sha256 differs)"
        assert verified.verify() == found(message)

    def test_an_absolute_path_inside(self, verified: Verified) -> None:
        (verified.site / "plain.txt").write_text("x")
        assert self.add(verified, f"{verified.site}/plain.txt,,\n") == []

    def test_windows_slashes(self, verified: Verified) -> None:
        info = verified.install("lantern-1.0")
        text = (info / "RECORD").read_text().replace("lantern/", "lantern\\")
        (info / "RECORD").write_text(text)
        assert verified.verify() == []
        (verified.site / "lantern" / "wick.py").write_text("WICK = 3\n")
        assert len(verified.verify()) == 1

    def test_a_backslash_that_is_part_of_the_name(self, verified: Verified) -> None:
        verified.install("lantern-1.0", {"lantern\\wick.txt": "x"})
        assert verified.verify() == []

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
    def test_a_bad_line(self, verified: Verified, line: str, wrong: str) -> None:
        assert self.add(verified, line) == [f"broken: the RECORD of lantern 1.0 {wrong}"]
        assert "lantern-1.0.dist-info/RECORD:6: broken" in verified.out
        assert "4 files of" in verified.last  # the good lines count

    def test_what_follows_a_line_that_says_nothing_is_read(self, verified: Verified) -> None:
        info = verified.install("lantern-1.0")
        nothing = f"{info.name}/RECORD,,\n\na.py,b,c,d\nlantern/old.pyc,,\n"
        (info / "RECORD").write_text(f"{nothing}gone.py,,\n")
        assert found("gone.py of lantern 1.0 is missing")[0] in verified.verify()
        assert "1 bytecode file skipped" in verified.last

    def test_a_padded_digest(self, verified: Verified) -> None:
        """The specification has none, but the installers of eggs' days wrote it."""
        info = verified.install("lantern-1.0")
        lines = [
            line.replace(",", "=,").replace("=,", ",", 1) if "sha256" in line else line
            for line in (info / "RECORD").read_text().splitlines()
        ]
        (info / "RECORD").write_text("\n".join(lines))
        assert verified.verify() == []

    def test_hexadecimal_digits(self, verified: Verified) -> None:
        """As flit writes them."""
        (verified.site / "plain.txt").write_text("x")
        digest = hashlib.sha256(b"x").hexdigest().upper()
        assert self.add(verified, f"plain.txt,sha256={digest},1\n") == []

    @pytest.mark.parametrize("mark", ["0", "z", "é"])
    def test_marks_of_that_number_that_are_not_the_digest(
        self, verified: Verified, mark: str
    ) -> None:
        (verified.site / "plain.txt").write_text("x")
        message = "plain.txt of lantern 1.0 does not match RECORD (sha256 differs)"
        assert self.add(verified, f"plain.txt,sha256={mark * 64},1\n") == found(message)

    def test_an_editables_sources_are_not_said_to_be_verified(self, verified: Verified) -> None:
        info = verified.install("lantern-1.0", {"_lantern.pth": "/somewhere\n"})
        url = '{"url": "file:///somewhere", "dir_info": {"editable": %s}}'
        (info / "direct_url.json").write_text(url % "true")
        note = "not verified (editable: its source is not in RECORD): lantern 1.0"
        assert note in verified.verify()
        (info / "direct_url.json").write_text(url % "false")
        assert note not in verified.verify()

    def test_an_open_quote(self, verified: Verified) -> None:
        (line,) = self.add(verified, '"never closed\n')
        assert "lantern-1.0.dist-info/RECORD:6: broken" in verified.out
        assert line.startswith("broken: the RECORD of lantern 1.0 cannot be parsed: ")

    def test_not_utf8(self, verified: Verified) -> None:
        info = verified.install("lantern-1.0")
        (info / "RECORD").write_bytes(b"\xff\xfe,,\n")
        assert verified.verify() == [
            "broken: the RECORD of lantern 1.0 is not UTF-8: its files are not verified"
        ]
        assert verified.code == 1

    @pytest.mark.parametrize("installer", ["pip", "uv", ""])
    def test_none_where_there_must_be_one(self, verified: Verified, installer: str) -> None:
        info = verified.install("lantern-1.0", installer=installer)
        (info / "RECORD").unlink()
        assert verified.verify() == [
            "broken: the RECORD of lantern 1.0 is missing: its files are not verified"
        ]

    def test_none_where_another_tool_owns_the_files(self, verified: Verified) -> None:
        verified.install("rope-1.0", {"rope.py": ""})
        info = verified.install("lantern-1.0", installer="distro-tool")
        (info / "RECORD").unlink()
        assert verified.verify() == ["not verified (installed by distro-tool): lantern 1.0"]
        assert verified.code == 0
        assert "3 files of 1 distribution compared" in verified.last
        assert "1 distribution not verified" in verified.last

    def test_a_pipe_for_a_list(self, verified: Verified) -> None:
        info = verified.install("lantern-1.0")
        (info / "RECORD").unlink()
        os.mkfifo(info / "RECORD")
        (line,) = verified.verify()
        assert line.startswith("broken: the RECORD of lantern 1.0 cannot be read: ")

    def test_its_own_line_and_signatures(self, verified: Verified) -> None:
        info = verified.install("lantern-1.0")
        (info / "RECORD.jws").write_text("{}")
        with (info / "RECORD").open("a") as file:
            file.write(f"{info.name}/RECORD.jws,,\n")
        assert verified.verify() == []


class TestScriptsOfOldPips:
    """pip before 23 wrote the environment's interpreter into a script, and the wheel's hash."""

    BODY = "\nimport lantern\n"

    def script(
        self, verified: Verified, first: str, written: str, folder: str = "bin"
    ) -> list[str]:
        name = f"../../../{folder}/lantern"
        verified.install("lantern-1.0", {name: first + self.BODY})
        (verified.site / name).write_text(f"#!{written}{self.BODY}")
        return verified.verify()

    @pytest.mark.parametrize("first", ["#!python", "#!pythonw", "#!python3"])
    def test_is_as_installed(self, verified: Verified, first: str) -> None:
        assert self.script(verified, first, f"{verified.site.parents[2]}/bin/python3.11") == []

    def test_changed_below_its_first_line(self, verified: Verified) -> None:
        python = f"{verified.site.parents[2]}/bin/python\nevil()"
        assert len(self.script(verified, "#!python", python)) == 1

    @pytest.mark.parametrize(
        "written",
        [
            "/usr/bin/python3",  # of pip install --user or --target
            "/gone/my env/bin/python3.8",  # the environment was there once
            "C:\\env\\Scripts\\pythonw.exe",
            "/gone/bin/pypy3",
        ],
    )
    def test_whichever_interpreter_pip_ran_on(self, verified: Verified, written: str) -> None:
        assert self.script(verified, "#!python", written) == []

    @pytest.mark.parametrize("written", ["/bin/sh", "/usr/bin/env python3", "/env/python/sh", ""])
    def test_what_is_no_interpreter_of_python(self, verified: Verified, written: str) -> None:
        assert len(self.script(verified, "#!python", written)) == 1

    def test_only_what_is_a_script(self, verified: Verified) -> None:
        python = f"{verified.site.parents[2]}/share/python"
        assert len(self.script(verified, "#!python", python, "share")) == 1


class TestEggs:
    def test_nothing_to_go_by_is_not_clean(self, verified: Verified) -> None:
        info = verified.site / "lantern-1.0.egg-info"
        info.write_text("Name: lantern\nVersion: 1.0\n")
        assert verified.verify() == [
            "no distribution lists its files: nothing can be verified",
            "not verified (an egg): lantern 1.0",
        ]
        assert verified.code == 3

    def test_asked_for_by_name_it_is_not_clean(self, verified: Verified) -> None:
        verified.install("rope-1.0", {"rope.py": ""})
        (verified.site / "lantern-1.0.egg-info").write_text("Name: lantern\nVersion: 1.0\n")
        assert verified.verify("--select", "lantern")[0] == (
            "lantern 1.0 lists no files to verify (an egg)"
        )
        assert verified.code == 3
        assert verified.verify("--select", "rope") == []
