"""The emitter's table: op class → function that writes its LLVM IR."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from xdsl.dialects.builtin import (
    IntegerAttr,
    StringAttr,
    UnitAttr,
)
from xdsl.ir import Operation

from goir.dialects import llvm_ext as llvm
from goir.dialects.llvm_ext_intr import INTRINSICS, Intrinsic
from goir.lowering.emit_text import (
    EmitError,
    cconv_text,
    constant_text,
    int_prop,
    mangled,
    metadata_string,
    param_attrs,
    str_prop,
    type_text,
    zero_text,
)

if TYPE_CHECKING:
    from goir.lowering.emit_llvm import FunctionEmitter

# pyright: reportPrivateUsage=false

Handler: TypeAlias = "Callable[[FunctionEmitter, Any], None]"
TABLE: dict[type[Operation], Handler] = {}


def _binary(word: str) -> Handler:
    def handler(e: FunctionEmitter, op: Operation) -> None:
        a, b = op._operands
        names = e.names
        result = op.results[0]
        name = names[id(result)] = f"%v{e.count}"
        e.count += 1
        e.out.append(f"  {name} = {word} {type_text(result.type)} {names[id(a)]}, {names[id(b)]}{e.dbg}")

    return handler


def _overflow(word: str) -> Handler:
    plain = _binary(word)
    variants = {1: _binary(word + " nsw"), 2: _binary(word + " nuw"), 3: _binary(word + " nuw nsw")}

    def handler(e: FunctionEmitter, op: Operation) -> None:
        if op.properties:
            flags = int_prop(op, "overflowFlags") or 0
            variants.get(flags, plain)(e, op)
        else:
            plain(e, op)

    return handler


def _flagged(word: str, prop: str, flag: str) -> Handler:
    plain, other = _binary(word), _binary(f"{word} {flag}")
    return lambda e, op: (other if prop in op.properties else plain)(e, op)


for _cls, _word in ((llvm.AddOp, "add"), (llvm.SubOp, "sub"), (llvm.MulOp, "mul"), (llvm.ShlOp, "shl")):
    TABLE[_cls] = _overflow(_word)
for _cls, _word in ((llvm.UDivOp, "udiv"), (llvm.SDivOp, "sdiv"), (llvm.LShrOp, "lshr"), (llvm.AShrOp, "ashr")):
    TABLE[_cls] = _flagged(_word, "isExact", "exact")
for _cls, _word in ((llvm.URemOp, "urem"), (llvm.SRemOp, "srem"), (llvm.AndOp, "and"), (llvm.XOrOp, "xor")):
    TABLE[_cls] = _binary(_word)
TABLE[llvm.OrOp] = _flagged("or", "isDisjoint", "disjoint")


def _fast(op: Operation) -> str:
    flags = op.properties.get("fastmathFlags")
    return "".join(sorted(f"{f.value} " for f in flags.data)) if isinstance(flags, llvm.FastMathAttr) else ""


def _float_binary(word: str) -> Handler:
    plain = _binary(word)
    return lambda e, op: (_binary(f"{word} {_fast(op)}".rstrip()) if op.properties else plain)(e, op)


for _cls, _word in (
    (llvm.FAddOp, "fadd"), (llvm.FSubOp, "fsub"), (llvm.FMulOp, "fmul"), (llvm.FDivOp, "fdiv"), (llvm.FRemOp, "frem"),
):  # fmt: skip
    TABLE[_cls] = _float_binary(_word)


def _unary(word: str) -> Handler:
    def handler(e: FunctionEmitter, op: Operation) -> None:
        (a,) = op._operands
        e.out.append(f"  {e.define(op.results[0])} = {word} {type_text(a.type)} {e.names[id(a)]}{e.dbg}")

    return handler


TABLE[llvm.FNegOp] = _unary("fneg")
TABLE[llvm.FreezeOp] = _unary("freeze")


def _cast(word: str) -> Handler:
    def handler(e: FunctionEmitter, op: Operation) -> None:
        (a,) = op._operands
        result = op.results[0]
        text = f"{word} {type_text(a.type)} {e.names[id(a)]} to {type_text(result.type)}{e.dbg}"
        e.out.append(f"  {e.define(result)} = {text}")

    return handler


for _cls, _word in (
    (llvm.SExtOp, "sext"), (llvm.FPToSIOp, "fptosi"), (llvm.FPToUIOp, "fptoui"), (llvm.SIToFPOp, "sitofp"),
    (llvm.UIToFPOp, "uitofp"), (llvm.FPExtOp, "fpext"), (llvm.FPTruncOp, "fptrunc"), (llvm.BitcastOp, "bitcast"),
    (llvm.IntToPtrOp, "inttoptr"), (llvm.PtrToIntOp, "ptrtoint"),
):  # fmt: skip
    TABLE[_cls] = _cast(_word)
_ZEXT, _ZEXT_NNEG, _TRUNC = _cast("zext"), _cast("zext nneg"), _cast("trunc")
TABLE[llvm.ZExtOp] = lambda e, op: (_ZEXT_NNEG if "nonNeg" in op.properties else _ZEXT)(e, op)


def _trunc(e: FunctionEmitter, op: llvm.TruncOp) -> None:
    flags = op.overflowFlags if op.properties else None
    words = "".join(f" {f.value}" for f in sorted(flags.data, reverse=True)) if flags is not None else ""
    (_cast("trunc" + words) if words else _TRUNC)(e, op)


TABLE[llvm.TruncOp] = _trunc

_ICMP = [f"icmp {p}" for p in llvm.ICMP_PREDICATES]
_FCMP = [f"fcmp {p.lstrip('_')}" for p in llvm.FCMP_PREDICATES]


def _compare(words: Sequence[str]) -> Handler:
    def handler(e: FunctionEmitter, op: Operation) -> None:
        a, b = op._operands
        names = e.names
        predicate: Any = op.properties["predicate"]
        text = f"{words[predicate.value.data]} {type_text(a.type)} {names[id(a)]}, {names[id(b)]}{e.dbg}"
        e.out.append(f"  {e.define(op.results[0])} = {text}")

    return handler


TABLE[llvm.ICmpOp] = _compare(_ICMP)
TABLE[llvm.FCmpOp] = _compare(_FCMP)


def _select(e: FunctionEmitter, op: Operation) -> None:
    c, a, b = op._operands
    names = e.names
    type = type_text(a.type)
    text = f"select i1 {names[id(c)]}, {type} {names[id(a)]}, {type} {names[id(b)]}{e.dbg}"
    e.out.append(f"  {e.define(op.results[0])} = {text}")


TABLE[llvm.SelectOp] = _select


# Values that are written in place


def _constant(e: FunctionEmitter, op: Operation) -> None:
    value = op.properties["value"]
    result = op.results[0]
    e.names[id(result)] = constant_text(value, result.type)


def _address(e: FunctionEmitter, op: llvm.AddressOfOp) -> None:
    name: Any = op.properties["global_name"]
    e.names[id(op.results[0])] = e.module.use(name.root_reference.data, op)


def _in_place(text: str) -> Handler:
    def handler(e: FunctionEmitter, op: Operation) -> None:
        e.names[id(op.results[0])] = text

    return handler


def _zero_op(e: FunctionEmitter, op: Operation) -> None:
    result = op.results[0]
    e.names[id(result)] = zero_text(result.type)


IN_PLACE: dict[type[Operation], Handler] = {
    llvm.ConstantOp: _constant,
    llvm.AddressOfOp: _address,
    llvm.UndefOp: _in_place("undef"),
    llvm.PoisonOp: _in_place("poison"),
    llvm.NoneTokenOp: _in_place("none"),
    llvm.ZeroOp: _zero_op,
}
"""Ops that write nothing, and so need no debug location."""


# Memory


def _alloca(e: FunctionEmitter, op: llvm.AllocaOp) -> None:
    size = op._operands[0]
    count = e.names[id(size)]
    text = f"alloca {type_text(op.elem_type)}"
    if count != "1":
        text += f", {type_text(size.type)} {count}"
    if (align := int_prop(op, "alignment")) is not None:
        text += f", align {align}"
    e.out.append(f"  {e.define(op.results[0])} = {text}{e.dbg}")


def _access(op: Operation, plain: str) -> tuple[str, str]:
    """(words after load/store, words after the operands) of an access with properties."""
    props = op.properties
    order = int_prop(op, "ordering") or 0
    words = plain
    tail = ""
    if order:
        words += " atomic"
        if (scope := str_prop(op, "syncscope")) is not None:
            tail += f" syncscope({metadata_string(scope)})"
        tail += " " + llvm.ATOMIC_ORDERING_NAMES[order]
    if "volatile_" in props:
        words += " volatile"
    if (align := int_prop(op, "alignment")) is not None:
        tail += f", align {align}"
    return words, tail


def _metadata_flags(e: FunctionEmitter, op: Operation) -> str:
    text = ""
    if "nontemporal" in op.properties:
        text += f", !nontemporal !{e.module.node('!{i32 1}')}"
    if "invariant" in op.properties:
        text += f", !invariant.load !{e.module.node('!{}')}"
    return text


def _load(e: FunctionEmitter, op: Operation) -> None:
    p = e.names[id(op._operands[0])]
    result = op.results[0]
    if op.properties:
        words, tail = _access(op, "load")
        tail += _metadata_flags(e, op)
    else:
        words, tail = "load", ""
    e.out.append(f"  {e.define(result)} = {words} {type_text(result.type)}, ptr {p}{tail}{e.dbg}")


def _store(e: FunctionEmitter, op: Operation) -> None:
    v, p = op._operands
    names = e.names
    if op.properties:
        words, tail = _access(op, "store")
        tail += _metadata_flags(e, op)
    else:
        words, tail = "store", ""
    e.out.append(f"  {words} {type_text(v.type)} {names[id(v)]}, ptr {names[id(p)]}{tail}{e.dbg}")


def _gep(e: FunctionEmitter, op: llvm.GEPOp) -> None:
    operands = op._operands
    names = e.names
    props = op.properties
    at = 1
    text = ""
    for index in llvm.ints(props["rawConstantIndices"]):
        if index == llvm.GEP_DYNAMIC:
            value = operands[at]
            at += 1
            text += f", {type_text(value.type)} {names[id(value)]}"
        else:
            text += f", i32 {index}"
    words = "getelementptr"
    flags = props.get("noWrapFlags")
    if isinstance(flags, IntegerAttr):
        number = flags.value.data
        words += " inbounds" if number & 1 else " nusw" if number & 2 else ""
        words += " nuw" if number & 4 else ""
    line = f"{words} {type_text(props['elem_type'])}, ptr {names[id(operands[0])]}{text}{e.dbg}"
    e.out.append(f"  {e.define(op.results[0])} = {line}")


def _extractvalue(e: FunctionEmitter, op: Operation) -> None:
    a = op._operands[0]
    position = ", ".join(map(str, llvm.ints(op.properties["position"])))
    line = f"extractvalue {type_text(a.type)} {e.names[id(a)]}, {position}{e.dbg}"
    e.out.append(f"  {e.define(op.results[0])} = {line}")


def _insertvalue(e: FunctionEmitter, op: Operation) -> None:
    a, v = op._operands
    names = e.names
    position = ", ".join(map(str, llvm.ints(op.properties["position"])))
    line = f"insertvalue {type_text(a.type)} {names[id(a)]}, {type_text(v.type)} {names[id(v)]}, {position}{e.dbg}"
    e.out.append(f"  {e.define(op.results[0])} = {line}")


TABLE[llvm.AllocaOp] = _alloca
TABLE[llvm.LoadOp] = _load
TABLE[llvm.StoreOp] = _store
TABLE[llvm.GEPOp] = _gep
TABLE[llvm.ExtractValueOp] = _extractvalue
TABLE[llvm.InsertValueOp] = _insertvalue


def _scope(op: Operation) -> str:
    scope = str_prop(op, "syncscope")
    return f" syncscope({metadata_string(scope)})" if scope is not None else ""


def _align(op: Operation) -> str:
    align = int_prop(op, "alignment")
    return f", align {align}" if align is not None else ""


def _order(op: Operation, name: str) -> str:
    return llvm.ATOMIC_ORDERING_NAMES[int_prop(op, name) or 0]


def _atomicrmw(e: FunctionEmitter, op: llvm.AtomicRMWOp) -> None:
    p, v = op._operands
    word = llvm.ATOMIC_BIN_OPS[op.bin_op.value.data].lstrip("_")
    volatile = " volatile" if "volatile_" in op.properties else ""
    line = (
        f"atomicrmw{volatile} {word} ptr {e.names[id(p)]}, {type_text(v.type)} {e.names[id(v)]}"
        f"{_scope(op)} {_order(op, 'ordering')}{_align(op)}{e.dbg}"
    )
    e.out.append(f"  {e.define(op.results[0])} = {line}")


def _cmpxchg(e: FunctionEmitter, op: llvm.AtomicCmpXchgOp) -> None:
    p, c, n = op._operands
    names = e.names
    words = (
        "cmpxchg" + (" weak" if "weak" in op.properties else "") + (" volatile" if "volatile_" in op.properties else "")
    )
    type = type_text(c.type)
    line = (
        f"{words} ptr {names[id(p)]}, {type} {names[id(c)]}, {type} {names[id(n)]}{_scope(op)}"
        f" {_order(op, 'success_ordering')} {_order(op, 'failure_ordering')}{_align(op)}{e.dbg}"
    )
    e.out.append(f"  {e.define(op.results[0])} = {line}")


def _fence(e: FunctionEmitter, op: llvm.FenceOp) -> None:
    e.out.append(f"  fence{_scope(op)} {_order(op, 'ordering')}{e.dbg}")


TABLE[llvm.AtomicRMWOp] = _atomicrmw
TABLE[llvm.AtomicCmpXchgOp] = _cmpxchg
TABLE[llvm.FenceOp] = _fence


# Control flow


def _br(e: FunctionEmitter, op: Operation) -> None:
    e.out.append(f"  br label %{e.edge(op.successors[0], op._operands)}{e.dbg}")


def _cond_br(e: FunctionEmitter, op: llvm.CondBrOp) -> None:
    operands = op._operands
    props = op.properties
    if len(operands) > 1:
        _, first, second = llvm.ints(props["operandSegmentSizes"])
        then_args, else_args = operands[1 : 1 + first], operands[1 + first : 1 + first + second]
    else:
        then_args = else_args = ()
    then = e.edge(op.successors[0], then_args)
    other = e.edge(op.successors[1], else_args)
    prof = ""
    if (weights := props.get("branch_weights")) is not None:
        prof = e.module.prof(llvm.ints(weights))
    e.out.append(f"  br i1 {e.names[id(operands[0])]}, label %{then}, label %{other}{e.dbg}{prof}")


def _switch(e: FunctionEmitter, op: llvm.SwitchOp) -> None:
    value = op.value
    type = type_text(value.type)
    default = e.edge(op.default_destination, tuple(op.default_operands))
    cases = " ".join([f"{type} {v}, label %{e.edge(block, args)}" for v, block, args in op.cases()])
    prof = e.module.prof(llvm.ints(op.branch_weights)) if op.branch_weights is not None else ""
    e.out.append(f"  switch {type} {e.names[id(value)]}, label %{default} [{cases}]{e.dbg}{prof}")


def _return(e: FunctionEmitter, op: Operation) -> None:
    if op._operands:
        a = op._operands[0]
        e.out.append(f"  ret {type_text(a.type)} {e.names[id(a)]}{e.dbg}")
    else:
        e.out.append(f"  ret void{e.dbg}")


def _unreachable(e: FunctionEmitter, op: Operation) -> None:
    e.out.append(f"  unreachable{e.dbg}")


TABLE[llvm.BrOp] = _br
TABLE[llvm.CondBrOp] = _cond_br
TABLE[llvm.SwitchOp] = _switch
TABLE[llvm.ReturnOp] = _return
TABLE[llvm.UnreachableOp] = _unreachable


# Calls


def _call(e: FunctionEmitter, op: llvm.CallOp) -> None:
    props = op.properties
    operands = op._operands
    names = e.names
    callee: Any = props.get("callee")
    if callee is not None:
        target = callee.root_reference.data
        function = e.module.use(target, op)
    else:
        target = None
        function = names[id(operands[0])]
        operands = operands[1:]
    arg_attrs = props.get("arg_attrs")
    types = [type_text(a.type) for a in operands]
    if arg_attrs is None:
        args = ", ".join([f"{t} {names[id(a)]}" for t, a in zip(types, operands, strict=True)])
    else:
        dicts: Any = arg_attrs
        args = ", ".join(
            [f"{t}{param_attrs(d)} {names[id(a)]}" for t, a, d in zip(types, operands, dicts.data, strict=True)]
        )
    results = op.results
    result = type_text(results[0].type) if results else "void"
    cconv = cconv_text(op)
    var: Any = props.get("var_callee_type")
    if var is not None:
        type = type_text(var)
    else:
        type = result
        if target is not None:
            wanted = e.module.signatures.get(target)
            have = f"{cconv}{result} ({', '.join(types)})"
            if wanted is not None and wanted != have:
                raise EmitError(f"@{target} is {wanted} but is called as {have}", op)
    head = "call"
    if len(props) > 1:
        kind = props.get("TailCallKind")
        if isinstance(kind, llvm.TailCallKindAttr) and kind.data.value != "none":
            head = f"{kind.data.value} call"
        if fast := _fast(op):
            head += " " + fast.rstrip()
    attrs = ""
    for prop, word in _CALL_FLAGS:
        if prop in props:
            attrs += word
    if llvm.ELIDE_SAFE in op.attributes:
        attrs += " " + llvm.ELIDE_SAFE
    attrs += e.call_attrs
    if results:
        res_attrs: Any = props.get("res_attrs")
        extra = param_attrs(res_attrs.data[0]).lstrip() + " " if res_attrs is not None else ""
        if result == "void":
            e.out.append(f"  {head} {cconv}void {function}({args}){attrs}{e.dbg}")
        else:
            e.out.append(f"  {e.define(results[0])} = {head} {cconv}{extra}{type} {function}({args}){attrs}{e.dbg}")
    else:
        e.out.append(f"  {head} {cconv}{type} {function}({args}){attrs}{e.dbg}")


_CALL_FLAGS = (("no_inline", " noinline"), ("always_inline", " alwaysinline"), ("will_return", " willreturn"))
TABLE[llvm.CallOp] = _call


def _call_intrinsic(e: FunctionEmitter, op: Operation) -> None:
    intrin: Any = op.properties["intrin"]
    _emit_intrinsic(e, op, intrin.data, ())


def _emit_intrinsic(e: FunctionEmitter, op: Operation, name: str, immediates: Sequence[str]) -> None:
    names = e.names
    types = [type_text(a.type) for a in op._operands]
    args = [f"{t} {names[id(a)]}" for t, a in zip(types, op._operands, strict=True)]
    if immediates:
        types += ["i1"] * len(immediates)
        args += [f"i1 {v}" for v in immediates]
    results = op.results
    result = type_text(results[0].type) if results else "void"
    if name == "llvm.read_register.i64":
        args, types = _register_argument(e, op)
    e.module.intrinsic(name, result, types)
    text = f'call {result} @"{name}"({", ".join(args)}){e.dbg}'
    e.out.append(f"  {text}" if result == "void" else f"  {e.define(results[0])} = {text}")


def _register_argument(e: FunctionEmitter, op: Operation) -> tuple[list[str], list[str]]:
    register = op.attributes.get("register")
    if not isinstance(register, StringAttr):
        raise EmitError('llvm.read_register needs the attribute register = "rsp"', op)
    node = e.module.node(f"!{{!{metadata_string(register.data)}}}")
    return [f"metadata !{node}"], ["metadata"]


def _intrinsic(intrinsic: Intrinsic) -> Handler:
    cache: dict[tuple[str, ...], str] = {}

    def handler(e: FunctionEmitter, op: Operation) -> None:
        name = intrinsic.llvm_name
        if intrinsic.overload:
            parts = [op.results[0].type if c == "r" else op._operands[int(c)].type for c in intrinsic.overload]
            key = tuple(map(type_text, parts))
            full = cache.get(key)
            if full is None:
                full = cache[key] = ".".join([name, *map(mangled, parts)])
            name = full
        flags: list[str] = []
        for prop in intrinsic.flags:
            value = op.properties.get(prop)
            flags.append(
                "true"
                if isinstance(value, UnitAttr) or (isinstance(value, IntegerAttr) and value.value.data & 1)
                else "false"
            )
        _emit_intrinsic(e, op, name, flags)

    return handler


TABLE[llvm.CallIntrinsicOp] = _call_intrinsic
for _cls, _entry in INTRINSICS.items():
    TABLE[_cls] = _intrinsic(_entry)


def _inline_asm(e: FunctionEmitter, op: llvm.InlineAsmOp) -> None:
    args = ", ".join(f"{type_text(a.type)} {e.names[id(a)]}" for a in op._operands)
    words = "asm" + (" sideeffect" if "has_side_effects" in op.properties else "")
    words += " alignstack" if "is_align_stack" in op.properties else ""
    result = type_text(op.results[0].type) if op.results else "void"
    body, constraints = metadata_string(op.asm_string.data), metadata_string(op.constraints.data)
    text = f"call {result} {words} {body}, {constraints}({args}){e.dbg}"
    e.out.append(f"  {text}" if not op.results else f"  {e.define(op.results[0])} = {text}")


TABLE[llvm.InlineAsmOp] = _inline_asm
