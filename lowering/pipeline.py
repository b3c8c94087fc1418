"""The road from the go dialect to the llvm dialect: the passes of docs/coro.md in order, as functions.

Stages name the levels a module goes through, as `goir build --emit` and `goir run x.goir` know them:
"go" (what irgen makes), "coro" (after lower-await), "llvm" (after coro-to-llvm). A module of any level may come in:
a pass finds nothing to do where its work is done.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from goir.lowering.passes import PIPELINES

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp

Stage: TypeAlias = Literal["go", "coro", "llvm"]

TO_CORO: Final = PIPELINES["go-to-coro-pipeline"]
TO_LLVM: Final = PIPELINES["go-to-llvm-pipeline"]


def pass_function(name: str) -> Callable[[ModuleOp], object]:
    """The function behind a pass: `escape-analysis` is `escape_analysis` in `goir.lowering.escape_analysis`."""
    name = name.replace("-", "_")
    return getattr(import_module("goir.lowering." + name), name)


def load_passes() -> None:
    """Imports all passes on the road."""
    for name in (*TO_CORO, *TO_LLVM):
        pass_function(name)


def run_passes(
    module: ModuleOp, names: tuple[str, ...], *, verify: bool, timings: dict[str, float] | None = None
) -> None:
    """Runs passes on `module` in place; `verify` checks the module before the first and after each of them."""
    check = _verifier() if verify else None
    # The IR is one big cyclic structure: collecting while it grows finds nothing and costs several times the work.
    collecting = gc.isenabled()
    gc.disable()
    try:
        if check is not None:
            check(module)
        for name in names:
            started = time.perf_counter()
            pass_function(name)(module)
            if timings is not None:
                timings[name] = timings.get(name, 0.0) + time.perf_counter() - started
            if check is not None:
                check(module)
    finally:
        if collecting:
            gc.enable()


def lower_to(module: ModuleOp, stage: Stage, *, verify: bool = False, timings: dict[str, float] | None = None) -> None:
    """Lowers `module` in place to a stage."""
    if stage == "coro":
        lower_to_coro(module, verify=verify, timings=timings)
    elif stage == "llvm":
        lower_to_llvm(module, verify=verify, timings=timings)


def lower_to_coro(module: ModuleOp, *, verify: bool = False, timings: dict[str, float] | None = None) -> None:
    """Lowers a go-level module in place to where its coroutines show."""
    run_passes(module, TO_CORO, verify=verify, timings=timings)


def lower_to_llvm(module: ModuleOp, *, verify: bool = False, timings: dict[str, float] | None = None) -> None:
    """Lowers `module`, of any level, in place to the llvm dialect."""
    run_passes(module, TO_LLVM, verify=verify, timings=timings)
    from goir.lowering.verify_llvm_coro import verify_llvm_coro

    verify_llvm_coro(module)


def _verifier() -> Callable[[ModuleOp], None]:
    from goir.dialects.verify import check_module

    return check_module
