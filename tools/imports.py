"""Importing the compiler: most of the time that a command takes for a small file. All commands do it in one fast way."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

from goir.build.generated_code import kept_code


@contextmanager
def quick_imports(name: str) -> Generator[None]:
    """Within it, xDSL's modules and goir's are imported faster. `name` says what for: commands that import different modules
    keep their code apart."""
    collecting = gc.isenabled()
    gc.disable()  # imports alone are a fifth faster
    try:
        with kept_code(name):
            from goir.dialects.lazy_format import lazy_formats

            with lazy_formats():
                yield
    finally:
        if collecting:
            gc.enable()


def load_compiler() -> None:
    """Imports all that a build needs."""
    with quick_imports("driver"):
        from goir.build import driver  # noqa: F401  # pyright: ignore[reportUnusedImport]
        from goir.lowering.pipeline import load_passes

        load_passes()
