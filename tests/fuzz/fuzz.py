"""Run one target of `targets.py`, guided by coverage: fuzz.py TARGET [libFuzzer's arguments].

It needs `atheris`, which has no wheels for every Python that reqdrift supports, and so is in no
group of dependencies: `campaign.py` puts it into an environment of its own.
"""

from __future__ import annotations

import pkgutil
import sys

import atheris  # type: ignore[import-untyped] # see above

with atheris.instrument_imports(include=["reqdrift", "packaging"]):
    import packaging.markers
    import packaging.utils  # noqa: F401
    from targets import TARGETS

    import reqdrift

    # What is only loaded when it is needed would go by unseen; `dask` and the plugin of pytest need
    # what is not in this environment.
    for module in pkgutil.walk_packages(reqdrift.__path__, "reqdrift."):
        if not module.name.endswith(("__main__", ".dask", ".pytest_plugin")):
            __import__(module.name)


def main() -> None:
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
