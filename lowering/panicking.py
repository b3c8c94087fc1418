"""Which ops may go to the unwind target: the one answer that may-panic, materialize-unwind and go-to-llvm share.

It is `go_effects.op_may_panic`, except in the runtime's own functions and the library's maps, where a failing check is a
bug and traps (docs/abi.md, "Checks in runtime code"). A function none of whose ops panics has no unwind target.
"""

from __future__ import annotations

from typing import Final

from xdsl.ir import Operation

from goir.dialects import coro, go
from goir.dialects.go_base import Under
from goir.dialects.go_effects import op_may_panic

# What reaches the unwind target in runtime functions too: raising, dynamic calls, and ops that are lowered to calls
# of runtime functions with the panic flag.
_IN_RUNTIME: Final = frozenset({
    go.PanicOp, go.RaiseOp, go.CheckUnwindOp, go.CallClosureOp, go.CallInterfaceOp, go.CmpOp, go.MapGetOp,
    go.MapSetOp, go.MapDeleteOp, go.CloseOp, coro.AwaitClosureOp, coro.AwaitInterfaceOp, coro.StartClosureOp,
    coro.StartInterfaceOp,
})  # fmt: skip


def is_runtime_symbol(name: str) -> bool:
    """Whether a function of this name belongs to the runtime, where failing checks trap."""
    return name.startswith("runtime.")


def checks_trap(name: str) -> bool:
    """Whether failing checks in a function of this name are a bug that ends the program: in the runtime, and in the
    library's maps, where only racing goroutines could make them fail."""
    return name.startswith(("runtime.", "internal/runtime/maps."))


def panics_here(op: Operation, under: Under, in_runtime: bool) -> bool:
    """Whether `op`, which is not a call of a known function, may go to the unwind target."""
    if in_runtime and op.__class__ not in _IN_RUNTIME:
        return False
    return op_may_panic(op, under)
