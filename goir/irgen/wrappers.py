"""Methods that Go code does not write but method sets hold: promoted ones, value methods through pointers."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import ArrayAttr
from xdsl.ir import Attribute, SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import call, place
from goir.irgen.context import PRIVATE, UNIT, FuncMeta, ModuleGen, method_symbol
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen
from goir.irgen.sources import Method
from goir.irgen.types import is_interface, is_pointer_shaped
from goir.irgen.variables import Facts, Function
from goir.types import types as T
from goir.types.info import Info
from goir.types.lookup import method_set
from goir.types.objects import Func, is_exported
from goir.types.typestring import type_string


def method_function(
    mod: ModuleGen, recv: T.Type, method: object, index: list[int], arguments: Sequence[T.Type] = ()
) -> str:
    """The symbol of the function that is method `method` of type `recv`, found at path `index` (ending with its own).
    `arguments`: type arguments of the method.

    Functions that do not exist yet are generated: main.(*T).M that calls main.T.M, promoted methods, methods of
    interface types."""
    assert isinstance(method, Func)
    pointer = isinstance(recv, T.Pointer)
    base = recv.elem if isinstance(recv, T.Pointer) else recv
    path = index[:-1]
    if not path and not is_interface(base):
        own = method.signature.recv
        if own is not None and isinstance(own.type, T.Pointer) == pointer:
            meta = mod.meta(method, arguments)
            if "intrinsic" in meta.directives:
                mod.declare(meta.symbol, mod.types.signature(meta.func.signature, recv))
            return meta.symbol
    private = True
    if isinstance(base, T.Named):
        symbol = method_symbol(mod.types.symbol(base), promoted_name(method, base), pointer)
        private = is_interface(base) or bool(arguments)
        if not arguments:
            mod.sources.made[symbol] = Method(recv, method, index)
        if not private and not mod.owns_type(base):
            mod.types(base)
            mod.declare(symbol, mod.types.signature(method.signature, recv))
            return symbol
    else:
        star = "(*" if pointer else ""
        symbol = f"go:{star}{type_string(base)}{')' if pointer else ''}.{method.name}"
    if arguments:
        symbol += f"[{','.join(map(mod.types.link_name, arguments))}]"
    if symbol not in mod.wrappers:
        mod.wrappers.add(symbol)
        if mod.on_demand:
            mod.makers[symbol] = lambda: _generate(mod, symbol, recv, path, method, arguments, private)
        else:
            mod.pending.append(lambda: _generate(mod, symbol, recv, path, method, arguments, private))
    return symbol


def promoted_name(method: Func, base: T.Named) -> str:
    """A method's name in the symbol of what a type has of it. Methods that other packages do not export may come from
    several of them."""
    owner = base.obj.pkg
    if method.pkg is None or method.pkg is owner or is_exported(method.name):
        return method.name
    return f"{method.name}@{method.pkg.path.replace('.', '%2e').replace('/', '%2f')}"


def _generate(
    mod: ModuleGen,
    symbol: str,
    recv: T.Type,
    path: list[int],
    method: Func,
    arguments: Sequence[T.Type],
    private: bool,
) -> None:
    from goir.irgen.closure import forward_recover

    pos = method.pos if mod.owns(method.pkg) else 0
    pkg = method.pkg or mod.packages[0].package
    g = FuncGen(mod, symbol, Info(), pkg, Facts(), Function(None))
    signature = mod.meta(method, arguments).func.signature if arguments else method.signature
    t = mod.types.signature(signature, recv)
    args = g.add_params(t.params.data, pos)
    if isinstance(recv, T.Pointer) and not path and not is_interface(recv.elem):
        _check_receiver(g, args[0], recv.elem, method, pos)
    start = place.Place(recv, None, args[0])
    p = call.callee_at(g, start, path, method, pos, arguments)
    p.result_types = list(t.results.data)
    forward_recover(g, p, p.operands)
    results = call.perform(g, p, [*p.operands, *args[1:]])
    g.end(go.ReturnOp.create(operands=results, location=mod.loc(pos)))
    properties: dict[str, Attribute] = {"wrapper": UNIT}
    if mod.on_demand:
        properties["method"] = UNIT
    elif private:
        properties["sym_visibility"] = PRIVATE
    g.finish(t, [], pos, properties)


def _check_receiver(g: FuncGen, receiver: SSAValue, t: T.Type, method: Func, pos: int) -> None:
    """A value method called through a nil pointer has a message of its own."""
    is_nil = g.cmp("eq", receiver, g.zero(receiver.type, pos), pos)
    bad, good = g.new_block(), g.new_block()
    g.branch(is_nil, bad, good, pos)
    g.start(bad)
    name = type_string(t, lambda p: p.name)
    pkg, _, rest = name.rpartition(".")
    text = f"value method {pkg + '.' if pkg else ''}{rest}.{method.name} called using nil *{rest} pointer"
    message = g.value(go.StringConstOp, (), gt.STRING, pos, {"value": g.mod.string(text.encode().decode("latin-1"))})
    call_recorder(g, "panicunwrapmethod", [message], pos)
    g.start(good)
    # The receiver is not nil from here on.
    g.bb.checked[receiver] = receiver


def intrinsic_function(mod: ModuleGen, meta: FuncMeta) -> None:
    """The function that an intrinsic is when it is used as a value, or is a method of a method set."""
    func = meta.func
    recv = func.signature.recv
    assert func.pkg is not None
    g = FuncGen(mod, meta.symbol, Info(), func.pkg, Facts(), Function(None))
    t = mod.types.signature(func.signature, recv.type if recv else None)
    args = g.add_params(t.params.data, func.pos)
    p = call.Prepared("intrinsic", meta.directives["intrinsic"], args, list(t.results.data), func.pos)
    results = call.perform(g, p, args)
    g.end(go.ReturnOp.create(operands=results, location=mod.loc(func.pos)))
    g.finish(t, [], func.pos, {} if recv is None else {"method": UNIT})


def call_recorder(g: FuncGen, name: str, args: list[SSAValue], pos: int) -> None:
    """Ends the block with a panic that a function of the runtime records."""
    callee = g.mod.panic_function(name, [a.type for a in args])
    g.op(go.CallOp, args, (), pos, {"callee": callee})
    g.end(go.RaiseOp.create(location=g.mod.loc(pos)))


def emit_method_sets(mod: ModuleGen, t: T.Type) -> None:
    """The `go.method_set` ops of a type and of pointers to it."""
    for recv in (t, T.Pointer(t)):
        op = method_set_op(mod, recv)
        if op is not None:
            mod.method_set_ops.append(op)


def method_set_op(mod: ModuleGen, recv: T.Type) -> go.MethodSetOp | None:
    """The `go.method_set` of a type, or None if it has no methods. Methods that do not exist yet are asked for."""
    base = recv.elem if isinstance(recv, T.Pointer) else recv
    methods: list[gt.MethodAttr] = []
    for selection in method_set(recv):
        method = selection.obj
        if not isinstance(method, Func):
            continue
        if method.name == "_" or method.signature.type_params:
            continue  # no interface has a generic method
        try:
            tfn = method_function(mod, recv, method, selection.index)
            ifn = tfn
            if not is_pointer_shaped(recv):
                ifn = method_function(mod, T.Pointer(base), method, selection.index)
            pkg = "" if method.exported() or method.pkg is None else method.pkg.path
            sig = mod.types.signature(method.signature)
        except Unsupported as problem:
            mod.errors.append(problem.diagnostic(method.pos))
            continue
        methods.append(gt.MethodAttr(method.name, pkg, sig, ifn, tfn))
    if not methods:
        return None
    methods.sort(key=lambda m: (m.method_name.data, m.pkg.data))
    return go.MethodSetOp.create(properties={"type": mod.types(recv), "methods": ArrayAttr(methods)})


def foreign_method_sets(mod: ModuleGen) -> None:
    """The method sets of library types that functions of this module put into interfaces: for the tables."""
    held: dict[Attribute, None] = {}
    for function in mod.func_ops:
        for block in function.regions[0].blocks:
            for op in block.ops:
                if op.__class__ is go.MakeInterfaceOp:
                    held[op.operands[0].type] = None
    for op in mod.global_ops:
        init = op.properties.get("init")
        if isinstance(init, go.DataAttr):
            held.update(dict.fromkeys(init.references.types))
    for attr in held:
        t = mod.types.origin(attr)
        base = t.elem if isinstance(t, T.Pointer) else t
        if t is not None and isinstance(base, T.Named) and not mod.owns_type(base):
            found = method_set_op(mod, t)
            if found is not None:
                mod.method_set_ops.append(found)
