"""goir's passes and pipelines by name, for `goir-opt` and the drivers. Nothing is imported before it is asked for.

A pass `escape-analysis` is the `ModulePass` of that name in the module `goir.lowering.escape_analysis`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xdsl.passes import ModulePass

PIPELINES: dict[str, tuple[str, ...]] = {
    "go-to-coro-pipeline": (
        "prune-unreachable",
        "expand-bound-methods",
        "inline-constructors",
        "escape-analysis",
        "lower-channels",
        "may-suspend",
        "may-panic",
        "materialize-unwind",
        "go-to-coro",
        "lower-await",
    ),
    "go-to-llvm-pipeline": (
        "prune-unreachable",
        "expand-bound-methods",
        "inline-constructors",
        "escape-analysis",
        "lower-channels",
        "may-suspend",
        "may-panic",
        "materialize-unwind",
        "go-to-coro",
        "lower-await",
        "elide-frames",
        "outline-loops",
        "go-to-llvm",
        "coro-to-llvm",
    ),
}
"""Named pipelines: the passes of docs/coro.md, in order."""


def _loader(name: str, module: str) -> Callable[[], type[ModulePass]]:
    def load() -> type[ModulePass]:
        from xdsl.passes import ModulePass

        for value in vars(import_module(module)).values():
            if isinstance(value, type) and issubclass(value, ModulePass) and getattr(value, "name", None) == name:
                return value
        raise ImportError(f"{module} defines no pass {name}")

    return load


_OTHERS = (
    "edge-profile", "hoist-invariants", "mark-source-edges", "merge-computations", "sink-code", "split-critical-edges",
)  # fmt: skip

ALL_PASSES: dict[str, Callable[[], type[ModulePass]]] = {
    **{name: _loader(name, "goir.lowering." + name.replace("-", "_")) for name in PIPELINES["go-to-llvm-pipeline"]},
    "verify-module": _loader("verify-module", "goir.dialects.verify"),
    **{name: _loader(name, "goir.lowering." + name.replace("-", "_")) for name in _OTHERS},
    "verify-llvm-coro": _loader("verify-llvm-coro", "goir.lowering.verify_llvm_coro"),
}
"""Every pass of goir: name → what loads its class."""
