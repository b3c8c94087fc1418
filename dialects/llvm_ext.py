"""The llvm dialect as goir uses it: `from goir.dialects import llvm_ext as llvm`.

xDSL's types, attributes and integer arithmetic; our classes for everything it lacks or would lose
(docs/dialect-llvm.md);
helpers that build them. `LLVM` is the dialect to register in place of xDSL's.
"""

from __future__ import annotations

from xdsl.dialects.llvm import LLVM as _XDSL_LLVM
from xdsl.dialects.llvm import (
    AddOp,
    AndOp,
    AShrOp,
    ExtractValueOp,
    InsertValueOp,
    LShrOp,
    MulOp,
    OrOp,
    SDivOp,
    SExtOp,
    ShlOp,
    SRemOp,
    SubOp,
    TruncOp,
    UDivOp,
    URemOp,
    XOrOp,
    ZExtOp,
)
from xdsl.ir import Dialect
from xdsl.irdl import IRDLOperation

from goir.dialects import llvm_ext_intr, llvm_ext_ops
from goir.dialects.llvm_ext_build import *  # noqa: F403
from goir.dialects.llvm_ext_intr import *  # noqa: F403
from goir.dialects.llvm_ext_ops import *  # noqa: F403
from goir.dialects.llvm_ext_ops import LLVMTokenType

_KEPT = [
    AddOp, AndOp, AShrOp, ExtractValueOp, InsertValueOp, LShrOp, MulOp, OrOp, SDivOp, SExtOp, ShlOp, SRemOp, SubOp,
    TruncOp, UDivOp, URemOp, XOrOp, ZExtOp,
]  # fmt: skip
_OURS = [
    cls
    for module in (llvm_ext_ops, llvm_ext_intr)
    for cls in vars(module).values()
    if isinstance(cls, type) and "traits" in vars(cls) and issubclass(cls, IRDLOperation) and "name" in vars(cls)
]

LLVM = Dialect("llvm", [*_KEPT, *_OURS], [*_XDSL_LLVM.attributes, LLVMTokenType])
