"""go-to-llvm: print and println, one runtime call for each operand between printlock and printunlock."""

from __future__ import annotations

from typing import Final

from xdsl.ir import SSAValue

from goir.dialects import go
from goir.lowering.function_lowering import FunctionLowering, lowers

_BY_KIND: Final = {
    "bool": "printbool", "float32": "printfloat32", "float64": "printfloat", "complex64": "printcomplex64",
    "complex128": "printcomplex", "string": "printstring", "ptr": "printpointer", "map": "printpointer",
    "chan": "printpointer", "func": "printpointer", "unsafe_pointer": "printpointer", "slice": "printslice",
    "interface": "printeface",
}  # fmt: skip


@lowers(go.PrintOp)
def lower_print(f: FunctionLowering, op: go.PrintOp) -> None:
    f.runtime("runtime.printlock")
    for index, old in enumerate(op.args):
        if index and op.newline is not None:
            f.runtime("runtime.printsp")
        _print(f, old)
    if op.newline is not None:
        f.runtime("runtime.printnl")
    f.runtime("runtime.printunlock")


def _print(f: FunctionLowering, old: SSAValue) -> None:
    layout = f.layout(old)
    value = f.values[old]
    if layout.int_width:
        hexadecimal = getattr(getattr(layout.type, "sym", None), "data", "") == "runtime.hex"
        name = "printhex" if hexadecimal else "printint" if layout.signed else "printuint"
        f.runtime("runtime." + name, f.resize(value, 64, layout.signed))
        return
    name = _BY_KIND.get(layout.kind)
    if name is None:
        raise f.error(f"print of a value of type {layout.type}")
    if layout.kind in ("slice", "interface"):
        f.runtime("runtime." + name, *(f.extract(value, i) for i in range(3 if layout.kind == "slice" else 2)))
    else:
        f.runtime("runtime." + name, value)
