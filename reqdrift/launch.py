"""The start of the `reqdrift` command: find its modules faster, then run it.

A clean run imports about twenty small modules, and the standard finder takes longer to find one
than Python takes to execute it: it lists folders, tries five file names, and asks for the same file
twice. The finder here opens the compiled module at once. For whatever is not ordinary it returns
None, and the standard finder takes over: a module that is not compiled, that has changed since,
that is checked by a hash, or that is in an archive.

Only the scripts that installers write, and `python -m reqdrift`, import this module. `import
reqdrift` does not: a library leaves the import system of its host as it is.
"""

from __future__ import annotations

import gc
import os
import sys

# What `importlib.machinery` and `importlib.util` export; to import those takes too long.
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, PathFinder, SourceFileLoader
from marshal import loads

# See `_record`, which this finder finds, too.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

_PREFIX = f"{__package__}."
_SUFFIX = f".{sys.implementation.cache_tag}.pyc"
# What is checked by the time and the size of its source begins with this (PEP 552).
_CHECKED_BY_TIME = MAGIC_NUMBER + bytes(4)
_HEADER = 16
# Of a larger module only a part is read, which `loads` refuses.
_LARGEST = 65_536


class _Loader(SourceFileLoader):
    """The standard loader, with code that has been read."""

    _code: CodeType | None = None

    def get_code(self, fullname: str) -> CodeType | None:
        code, self._code = self._code, None
        return code or super().get_code(fullname)


def find_spec(
    name: str, path: Sequence[str] | None, _: ModuleType | None = None
) -> ModuleSpec | None:
    """See `importlib.abc.MetaPathFinder.find_spec`: this module is a finder."""
    if not path or not name.startswith(_PREFIX):
        return None
    folder, module = path[0], name.rpartition(".")[2]
    try:
        try:
            return _spec_of(name, folder, module)
        except FileNotFoundError:
            return _spec_of(name, f"{folder}/{module}", "__init__")
    except (OSError, EOFError, ValueError, TypeError):
        return None


def _spec_of(name: str, folder: str, module: str) -> ModuleSpec | None:
    """The module, if its compiled file is that of its source."""
    compiled = f"{folder}/__pycache__/{module}{_SUFFIX}"
    file = os.open(compiled, os.O_RDONLY | os.O_CLOEXEC)
    try:
        content = os.read(file, _LARGEST)
    finally:
        os.close(file)
    path = f"{folder}/{module}.py"
    source = os.stat(path)
    time, size = int(source.st_mtime) & 0xFFFFFFFF, source.st_size & 0xFFFFFFFF
    checked = _CHECKED_BY_TIME + time.to_bytes(4, "little") + size.to_bytes(4, "little")
    if content[:_HEADER] != checked:
        return None
    code = loads(memoryview(content)[_HEADER:])  # noqa: S302 - as Python does with the same file
    # Python corrects the path if the folder was moved, and refuses what is not code.
    if getattr(code, "co_filename", None) != path:
        return None
    loader = _Loader(name, path)
    loader._code = code
    spec = ModuleSpec(name, loader, origin=path)
    if module == "__init__":
        spec.submodule_search_locations = [folder]
    spec.has_location = True
    spec.cached = compiled
    return spec


def _install() -> None:
    """Put the finder before that of files; those that others have put first stay first."""
    is_ordinary = os.name == "posix" and not sys.flags.optimize and sys.pycache_prefix is None
    if is_ordinary and type(__spec__.loader) is SourceFileLoader and PathFinder in sys.meta_path:
        sys.meta_path.insert(sys.meta_path.index(PathFinder), sys.modules[__name__])


# The process is short and creates no cycles: garbage collection takes 4 % of a clean run.
gc.disable()
_install()

from .cli import console as console  # noqa: E402 - with all that it imports, it is found by us
