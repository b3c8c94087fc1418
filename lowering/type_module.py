"""A module of type descriptors alone: those of the library types that compiled code refers to.

go.type "os.File" = …                             type:os.File, type:*os.File and what they refer to, with their
go.method_set !go.named<"os.File"> […]      →     methods as weak references
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute

from goir.dialects import go
from goir.dialects.go_types import NamedType, PtrType
from goir.lowering.module_lowering import ModuleLowering


def lower_types(module: ModuleOp, also: Sequence[Attribute] = ()) -> list[str]:
    """Lowers a module of types in place: descriptors of every type that is not external, and of pointers to it, and of
    the types in `also`, whose symbols it answers."""
    lowering = ModuleLowering(module)
    block = module.body.block
    for op in list(block.ops):
        if isinstance(op, go.TypeOp) and op.external is None:
            named = NamedType(op.sym_name.data)
            lowering.descriptors.of(named)
            lowering.descriptors.of(PtrType(named))
    symbols = [lowering.descriptors.share(type) for type in also]
    lowering.finish()
    for op in list(block.ops):
        op.detach()
    block.add_ops(lowering.out)
    return symbols
