"""Random versions, specifiers, markers and requirement lines: mostly ordinary, some nearly so."""

from __future__ import annotations

from random import Random

NUMBERS = ("0", "0", "1", "1", "2", "3", "9", "10", "11", "00", "01", "2024")
RELEASES = ("1.0", "1.0", "1.0.0", "1", "1.1", "1.0.1", "2", "0", "0.0", "2011", "01.0")
PRE_RELEASES = ("a", "b", "rc", "rc", "alpha", "beta", "c", "pre", "preview", "RC", "Beta")
POST_RELEASES = ("post", "post", "post", "rev", "r", "Post")
SEPARATORS = ("", ".", "-", "_")
LABELS = ("", "", "", "", "", "", "+cpu", "+cu118.abi", "+1.2", "+Local_1", "+")
# From a version to one next to it.
STEPS = (
    *("", ".0", ".1", ".0.1", "+cpu", "a0", "rc0.dev0", "rc1", ".dev0", ".dev1", ".post0.dev0"),
    *(".post0", ".post0.dev1", ".post1"),
)
OPERATORS = ("==", "===", "!=", ">=", "<", "<=", "~=", ">")
NAMES = ("foo", "Foo_Bar", "zope.interface", "x", "a-b--c", "1", "foo-", "_foo", "fo o")
GOOD_EXTRAS = ("", "", "", "[x]", "[Dev_Test,x]", " [ b, a , b ] ")
BAD_EXTRAS = ("[]", "[x,]", "[,x]", "[x", "x]", "[a b]", "[-]")
GOOD_URLS = ("https://example.org/a.whl", "git+ssh://h/a@v1#egg=a", "./a")
BAD_URLS = ("file:///a;b", "https://h/a b", "")
PARTS = ("py3", "py2.py3", "none", "any", "cp311", "manylinux_2_17_x86_64", "", "1")
# Put anywhere into a text, or in place of a part of it.
NOISE = (
    *(" ", "  ", ",", ",,", ".", "..", "-", "_", "+", "!", "*", ".*", "=", "<", ">", "~", "@"),
    *("\\", "(", ")", "[", "]", "'", '"', ";", "#", "\t", "\n", "\u00e9", "\u0661", "\u00a0"),
    *("\x1c", "v", "and", "or", "in", "not", "0", "1", "a", "post", "dev", "rc", "1!", "9" * 5000),
)
SYSTEMS = ("linux", "win32", "darwin", "Linux", "posix", "x86_64", "CPython", "cpython", "")
PYTHONS = (
    "3",
    "3.8",
    "3.11",
    "3.11.4",
    "3.12",
    "3.13.0rc1",
    "2.7",
    "3.11.*",
    "3.8, 3.9",
    "3.x",
    "",
)
EXTRA_NAMES = ("test", "Dev_Test", "dev-test", "a.b", "")
STRING_VARIABLES = (
    *("sys_platform", "platform_system", "platform_machine", "os_name", "implementation_name"),
    *("platform_python_implementation", "platform_version"),
)
VERSION_VARIABLES = ("python_version", "python_version", "python_full_version")
KERNELS = ("6.1.0-13-amd64", "5.4", "10", "23.6.0", "", "#1 SMP")
OTHER_VARIABLES = (
    *("python_implementation", "os.name", "implementation_version", "platform_release", "extras"),
    *("platform_release", "implementation_version", "sys.platform", "platform_version"),
    *("pythonversion", "in", "and"),
)
# Of the variables, the operators and the literals of a comparison one each.
COMPARISONS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (VERSION_VARIABLES, OPERATORS, PYTHONS),
    (VERSION_VARIABLES, (">=", "<", "<=", ">"), PYTHONS[:-4]),
    (VERSION_VARIABLES, (">=", "<", "==", "!="), PYTHONS[:-4]),
    (VERSION_VARIABLES, ("in", "not in", "not  in"), PYTHONS),
    (("extra",), ("==", "==", "!="), EXTRA_NAMES),
    (STRING_VARIABLES, ("==", "!="), SYSTEMS),
    (STRING_VARIABLES, ("==", "!=", "in", "not in"), SYSTEMS),
    (OTHER_VARIABLES, ("==", "!=", ">=", "<", "in"), (*SYSTEMS, *PYTHONS, *KERNELS)),
)


class Texts:
    """Texts of each kind, by one source of chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.pick = random.choice

    def one_of(self, many: int) -> bool:
        """True once in so many times; Hypothesis shrinks towards False."""
        return self.random.randrange(many) == many - 1

    def noisy(self, text: str) -> str:
        """Sometimes with what does not belong there."""
        while self.one_of(30):
            start = self.random.randint(0, len(text))
            end = start if self.one_of(2) else min(len(text), start + self.random.randint(0, 3))
            text = text[:start] + self.pick(NOISE) + text[end:]
        return text

    def space(self) -> str:
        """What may stand between two words."""
        return self.pick(("", "", " ", "  ")) if not self.one_of(60) else self.pick(("\t", "\n"))

    def version(self) -> str:
        """A version as a project may have it, without a local label."""
        if self.one_of(2):
            text = self.pick(RELEASES)
        else:
            text = ".".join(self.pick(NUMBERS) for _ in range(self.random.randint(1, 4)))
        if self.one_of(3):
            text += self._part(PRE_RELEASES, "")
        if self.one_of(4):
            text += self._part(POST_RELEASES, ".") if not self.one_of(6) else "-1"
        if self.one_of(4):
            text += self._part(("dev",), ".")
        if self.one_of(12):
            text = self.pick(("v", "V", "0!", "1!", "1!", "01!", "v1!")) + text
        return self.noisy(text)

    def _part(self, words: tuple[str, ...], usual: str) -> str:
        before = usual if not self.one_of(4) else self.pick(SEPARATORS)
        between = self.pick(SEPARATORS) if self.one_of(8) else ""
        number = self.pick(NUMBERS) if not self.one_of(8) else ""
        return before + self.pick(words) + between + number

    def installed(self) -> str:
        """A version as an installed distribution may have it."""
        return self.version() + self.pick(LABELS)

    def clause(self) -> str:
        """One comparison."""
        operator, version = self.pick(OPERATORS), self.version()
        if operator in ("==", "!=") and self.one_of(3):
            version = self.pick(RELEASES) + ".*"
        elif self.one_of(6):
            version += self.pick(LABELS)
        return self.noisy(self.space() + operator + self.space() + version + self.space())

    def specifier(self) -> str:
        """Some comparisons."""
        return self.noisy(
            ",".join(self.clause() for _ in range(self.pick((0, 1, 1, 1, 2, 2, 3, 6))))
        )

    def near(self, specifier: str) -> str:
        """An installed version that the specifier only just allows, or only just does not."""
        version = self.pick(specifier.split(",")).strip(" <>=!~").removesuffix(".*")
        if version[-1:].isdigit() and self.one_of(3):
            version = version[:-1] + self.pick("0123")
        return version + self.pick(STEPS)

    def marker(self, depth: int = 0) -> str:
        """Some comparisons, joined."""
        text = self.term(depth)
        while self.one_of(3):
            joint = self.pick((" and ", " or ", " and ", ")and(", "and", " or"))
            text += joint + self.term(depth)
        return self.noisy(text)

    def term(self, depth: int) -> str:
        """One comparison, or some in parentheses."""
        if depth < 3 and self.one_of(5):
            return f"({self.space()}{self.marker(depth + 1)}{self.space()})"
        variables, operators, literals = self.pick(COMPARISONS)
        if self.one_of(20):
            operators = (*OPERATORS, "in", "not in", "not_in", "notin", "not")
        if self.one_of(20):
            literals = (*SYSTEMS, *PYTHONS, *EXTRA_NAMES)
        quote = self.pick(("'", '"'))
        sides = [self.pick(variables), f"{quote}{self.noisy(self.pick(literals))}{quote}"]
        if self.one_of(5):
            sides.reverse()
        operator = self.pick(operators)
        space = self.space() if operator in OPERATORS else " "
        return f"{sides[0]}{space}{operator}{space}{sides[1]}"

    def values(self) -> dict[str, str]:
        """What a marker's variables may be."""
        values = {
            "python_version": self.pick(("2.7", "3.8", "3.11", "3.13")),
            "python_full_version": self.pick(("3.11.4", "3.11.7", "3.13.0rc1", "3.14.0+", "3.11")),
            "extra": self.pick(EXTRA_NAMES),
        }
        values["implementation_version"] = values["python_full_version"]
        values["platform_release"] = self.pick(KERNELS)
        return {**values, **{name: self.pick(SYSTEMS) for name in STRING_VARIABLES}}

    def archive(self) -> str:
        """The file name of a wheel or a source archive."""
        parts = [self.pick(NAMES), self.version()]
        if self.one_of(2):
            ending = self.pick((".tar.gz", ".zip"))
        else:
            parts += ["1"] if self.one_of(4) else []
            parts += [self.pick(PARTS) for _ in range(3)]
            ending = ".whl"
        return self.noisy("-".join(parts) + ending)

    def line(self) -> str:
        """A requirement."""
        head = self.pick(NAMES[:6]) if not self.one_of(12) else self.pick(NAMES)
        extras = self.pick(GOOD_EXTRAS) if not self.one_of(12) else self.pick(BAD_EXTRAS)
        head = self.space() + head + extras + self.space()
        if self.one_of(8):
            url = self.pick(GOOD_URLS) if not self.one_of(12) else self.pick(BAD_URLS)
            text = f"{head}@{self.space()}{url}{self.space()}"
        elif self.one_of(4):
            text = f"{head}({self.specifier()})"
        else:
            text = head + self.specifier()
        if self.one_of(2):
            text += f"{self.space()};{self.space()}{self.marker()}"
        return self.noisy(text)
