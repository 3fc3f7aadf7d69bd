"""SQLite, and nothing but: all SQL of the project lives here."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _absent(*names: str) -> Iterator[None]:
    """Let an import find these modules missing, unless they are loaded already."""
    held = [name for name in names if name not in sys.modules]
    for name in held:
        # Python takes None for "not to be found" (docs of sys.modules).
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in held:
            del sys.modules[name]


# sqlite-utils loads pandas and numpy where they are installed, only to know their
# column types. We give it none of those, and they cost each server 60 MB and 0.15 s.
with _absent("pandas", "numpy"):
    import sqlite_utils  # noqa: F401 - the layer's modules find it loaded
