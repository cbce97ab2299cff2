"""Site folders, good, bad and hostile, for the comparison with pip's reader and uv's.

Each case is what lies in one folder: paths and their bytes; None is an empty folder, a text is
where a symbolic link leads.
"""

from __future__ import annotations

from pathlib import Path

Tree = dict[str, bytes | str | None]


def metadata(name: str = "pkg", version: str = "1.0", *headers: str) -> bytes:
    lines = ("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *headers)
    return "\n".join((*lines, "", "A description.")).encode()


def dist_info(folder: str, data: bytes | None = None, **files: bytes) -> Tree:
    """A dist-info folder; `data` is its METADATA, made from the folder's name by default."""
    name, _, version = folder.partition("-")
    info = f"{folder}.dist-info"
    tree: Tree = {f"{info}/METADATA": metadata(name, version) if data is None else data}
    tree[f"{info}/RECORD"] = b""
    tree[f"{info}/INSTALLER"] = b"pip\n"
    return {**tree, **{f"{info}/{file.replace('__', '.')}": body for file, body in files.items()}}


def egg_info(folder: str, data: bytes) -> Tree:
    return {f"{folder}.egg-info/PKG-INFO": data}


BIDI = "\u202e"
PLAIN = dist_info("pkg-1.0")
SOURCE: Tree = {
    "source/pkg.egg-info/PKG-INFO": metadata(),
    "source/pkg.egg-info/top_level.txt": b"pkg\n",
}

CASES: dict[str, dict[str, Tree]] = {
    "names": {
        "plain": PLAIN,
        "capitals, dots, underscores": dist_info("Foo.Bar_Baz-1.0"),
        "one letter": dist_info("p-1.0"),
        "digits": dist_info("2to3-1.0"),
        "a dash in the folder's name": dist_info("two-parts-1.0", metadata("two-parts")),
        "two dashes in the folder's name": dist_info("a-b-c-1.0", metadata("a-b-c")),
        "runs of marks": dist_info("a_._b-1.0"),
        "another name in METADATA": dist_info("pkg-1.0", metadata("other")),
        "another spelling in METADATA": dist_info("my_pkg-1.0", metadata("My.Pkg")),
        "an underscore at the end": dist_info("pkg_-1.0"),
        "not ASCII": dist_info("pké-1.0"),
        "a blank": dist_info("p kg-1.0"),
        "a mark that turns the text": dist_info(f"p{BIDI}kg-1.0"),
        "a mark that turns the text, in METADATA": dist_info("pkg-1.0", metadata(f"p{BIDI}kg")),
        "a line's end": dist_info("p\nkg-1.0"),
        "argparse": dist_info("argparse-1.4.0"),
        "wsgiref": egg_info("wsgiref", metadata("wsgiref", "0.1.2")),
        "pip and setuptools": {**dist_info("pip-24.0"), **dist_info("setuptools-69.0")},
    },
    "versions": {
        "another version in METADATA": dist_info("pkg-1.0", metadata("pkg", "2.0")),
        "an epoch": dist_info("pkg-1!2.0"),
        "a local part": dist_info("pkg-1.0+cpu.1"),
        "a local part with an underscore": dist_info("pkg-1.0+cpu_1", metadata("pkg", "1.0+cpu_1")),
        "capitals": dist_info("pkg-1.0.RC1"),
        "a dash, escaped": dist_info("pkg-1.0_rc1", metadata("pkg", "1.0-rc1")),
        "a dash, not escaped": dist_info("pkg-1.0-1", metadata("pkg", "1.0-1")),
        "a post release by a dash, escaped": dist_info("pkg-1.0_1", metadata("pkg", "1.0-1")),
        "zeros": dist_info("pkg-01.0.0"),
        "a v": dist_info("pkg-v1.0"),
        "outside of PEP 440": dist_info("pkg-2004d"),
        "a word": dist_info("pkg-unknown"),
        "none in the folder's name": dist_info("pkg", metadata()),
        "an empty one in the folder's name": dist_info("pkg-", metadata()),
        "not ASCII": dist_info("pkg-1.0é"),
        "of 200 digits": dist_info(f"p-{'1' * 200}"),
    },
    "METADATA": {
        "absent": {"pkg-1.0.dist-info/RECORD": b""},
        "absent, with an empty folder": {"pkg-1.0.dist-info": None},
        "empty": dist_info("pkg-1.0", b""),
        "no Name": dist_info("pkg-1.0", b"Version: 1.0\n"),
        "no Version": dist_info("pkg-1.0", b"Name: pkg\n"),
        "no Version, nor one in the folder's name": dist_info("pkg", b"Name: pkg\n"),
        "an empty Version": dist_info("pkg-1.0", metadata("pkg", "")),
        "two Versions": dist_info("pkg-1.0", metadata("pkg", "1.0", "Version: 2.0")),
        "not UTF-8": dist_info("pkg-1.0", metadata("pkg", "1.0", "Author: ") + b"\xe9\n"),
        "with a byte order mark": dist_info("pkg-1.0", b"\xef\xbb\xbf" + metadata()),
        "of Windows": dist_info("pkg-1.0", metadata().replace(b"\n", b"\r\n")),
        "of a megabyte": dist_info("pkg-1.0", metadata() + b"x" * 2**20),
        "of two thousand headers": dist_info(
            "pkg-1.0", metadata("pkg", "1.0", *(f"Requires-Dist: r{n}" for n in range(2_000)))
        ),
        "a folder": {"pkg-1.0.dist-info/METADATA": None},
        "a dangling link": {"pkg-1.0.dist-info/METADATA": "nowhere"},
        "binary": dist_info("pkg-1.0", bytes(range(256))),
        "no headers": dist_info("pkg-1.0", b"\n\nName: other\nVersion: 2.0\n"),
        "needed for the version, a folded header": dist_info(
            "pkg", b"Name: pkg\nSummary: a\n b: c\nVersion: 1.0\n"
        ),
        "needed for the version, of Windows": dist_info("pkg", metadata().replace(b"\n", b"\r\n")),
        "needed for the version, lower case": dist_info("pkg", b"name: pkg\nversion: 1.0\n"),
    },
    "beside METADATA": {
        "no RECORD": {"pkg-1.0.dist-info/METADATA": metadata()},
        "direct_url.json of an archive": dist_info(
            "pkg-1.0", direct_url__json=b'{"url": "https://host/a.zip", "archive_info": {}}'
        ),
        "direct_url.json of an editable": dist_info(
            "pkg-1.0",
            direct_url__json=b'{"url": "file:///nowhere", "dir_info": {"editable": true}}',
        ),
        "direct_url.json a list": dist_info("pkg-1.0", direct_url__json=b"[]"),
        "direct_url.json null": dist_info("pkg-1.0", direct_url__json=b"null"),
        "direct_url.json no JSON": dist_info("pkg-1.0", direct_url__json=b"{"),
        "direct_url.json not UTF-8": dist_info("pkg-1.0", direct_url__json=b'{"url": "\xe9"}'),
        "direct_url.json of no kind": dist_info(
            "pkg-1.0", direct_url__json=b'{"url": "file:///x"}'
        ),
        "direct_url.json a folder": {**PLAIN, "pkg-1.0.dist-info/direct_url.json": None},
    },
    "several": {
        "two releases": {**dist_info("pkg-1.0"), **dist_info("pkg-2.0")},
        "two spellings": {**dist_info("my_pkg-1.0"), **dist_info("My.Pkg-1.0")},
        "a dist-info and an egg-info": {**PLAIN, **egg_info("pkg-1.0-py3.9", metadata())},
        "a leftover beside it": {**PLAIN, **dist_info("~kg-0.9", metadata("pkg", "0.9"))},
        "a leftover alone": dist_info("~kg-0.9", metadata("pkg", "0.9")),
        "a leftover of pip before 19": dist_info("-kg-0.9", metadata("pkg", "0.9")),
        "a leftover egg-info": egg_info("~kg-0.9", metadata("pkg", "0.9")),
        "three, one without metadata": {
            **dist_info("a-1.0"),
            **dist_info("b-1.0"),
            "c-1.0.dist-info/RECORD": b"",
        },
        "none": {"pkg/__init__.py": b""},
        "an import folder alone": {"pkg/METADATA": metadata()},
    },
    "folders that are none": {
        "a dist-info that is a file": {"pkg-1.0.dist-info": metadata()},
        "a dist-info that is an empty file": {"pkg-1.0.dist-info": b""},
        "a dist-info that is a link": {
            "elsewhere/METADATA": metadata(),
            "pkg-1.0.dist-info": "elsewhere",
        },
        "a dist-info that is a dangling link": {"pkg-1.0.dist-info": "nowhere"},
        "an ending in capitals": {"pkg-1.0.DIST-INFO/METADATA": metadata()},
        "only an ending": {".dist-info/METADATA": metadata()},
        "only a version": dist_info("-1.0", metadata()),
        "an egg-info of only an ending": {".egg-info/PKG-INFO": metadata()},
        "another ending": {"pkg-1.0.dist-info.bak/METADATA": metadata()},
    },
    "eggs": {
        "an egg-info folder": egg_info("pkg-1.0-py3.9", metadata()),
        "an egg-info folder without a version": egg_info("pkg", metadata()),
        "an egg-info file": {"pkg-1.0-py3.9.egg-info": metadata()},
        "an egg-info file without a version": {"pkg.egg-info": metadata()},
        "an empty egg-info file": {"pkg-1.0.egg-info": b""},
        "an egg-info folder without PKG-INFO": {"pkg-1.0.egg-info/top_level.txt": b"pkg\n"},
        "an egg-info folder without both": {"pkg.egg-info/top_level.txt": b"pkg\n"},
        "an egg-info of another version": egg_info("pkg-1.0-py3.9", metadata("pkg", "2.0")),
        "an egg-info of another name": egg_info("pkg-1.0-py3.9", metadata("other")),
        "an egg-info not UTF-8": egg_info("pkg-1.0", metadata("pkg", "1.0", "Author: ") + b"\xe9"),
        "an egg-info of a legacy version": egg_info("pkg-2004d", metadata("pkg", "2004d")),
        "an egg-info with a dash in its name": egg_info("two-parts-1.0", metadata("two-parts")),
        "an egg that no path leads to": {"pkg-1.0-py3.9.egg/EGG-INFO/PKG-INFO": metadata()},
        "an egg-link": {**SOURCE, "pkg.egg-link": b"./source\n."},
        "an egg-link of one line": {**SOURCE, "pkg.egg-link": b"./source"},
        "an egg-link below its project": {
            "project/src/pkg.egg-info/PKG-INFO": metadata(),
            "pkg.egg-link": b"./project/src\n../",
        },
        "an egg-link to nowhere": {"pkg.egg-link": b"./nowhere\n."},
        "an egg-link to a folder without metadata": {
            "source": None,
            "pkg.egg-link": b"./source\n.",
        },
        "an empty egg-link": {"pkg.egg-link": b""},
        "an egg-link beside a dist-info": {
            **SOURCE,
            **dist_info("pkg-2.0"),
            "pkg.egg-link": b"./source\n.",
        },
    },
}


def build(tree: Tree, folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, content in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.mkdir()
        elif isinstance(content, str):
            path.symlink_to(content)
        else:
            path.write_bytes(content)
    return folder
