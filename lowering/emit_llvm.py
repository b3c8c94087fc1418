"""llvm dialect → LLVM IR text.

    llvm.func swiftcc @"main.f"(%a: i64, %ctx: !llvm.ptr {llvm.nest}) -> i64 { … }   →   define swiftcc i64 @"main.f"(i64 %v0, ptr nest %v1) #0 !dbg !5 { … }

One walk with a table from op class to function, 2–3 µs an op. Constants and addresses are written where they are used, block arguments become
phis, initializer regions constant expressions, locations debug info. Blocks are written in reverse post order, so definitions come before uses.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from xdsl.dialects import llvm as xllvm
from xdsl.dialects.builtin import (
    ArrayAttr,
    BytesAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    FileLineColLoc,
    Float16Type,
    Float32Type,
    Float64Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    LocationAttr,
    ModuleOp,
    StringAttr,
    SymbolRefAttr,
    UnitAttr,
    VectorType,
)
from xdsl.ir import Attribute, Block, Operation, SSAValue

from goir.dialects import llvm_ext as llvm
from goir.dialects.llvm_ext_intr import INTRINSICS, Intrinsic

# pyright: reportPrivateUsage=false

TRIPLE = "x86_64-unknown-linux-gnu"
DATA_LAYOUT = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"


class EmitError(Exception):
    """The module is not in the form the emitter takes: a mistake of an earlier pass. The text has a location where one is known."""

    def __init__(self, message: str, op: Operation | None = None) -> None:
        location = op.location if op is not None else None
        if isinstance(location, FileLineColLoc):
            message = f"{location.filename.data}:{location.line.data}:{location.column.data}: {message}"
        super().__init__(message)


# ---------------------------------------------------------------------------------------------------------------------------
# Names, types, constants

_TYPES: dict[int, tuple[Attribute, str]] = {}
"""id → (attribute, kept alive so that the id stays its own; its text)."""


def type_text(type: Attribute) -> str:
    """LLVM's spelling of a type."""
    entry = _TYPES.get(id(type))
    if entry is None:
        entry = _TYPES[id(type)] = (type, _type_text(type))
        if len(_TYPES) > 200_000:
            _TYPES.clear()
    return entry[1]


def _type_text(type: Attribute) -> str:
    match type:
        case IntegerType():
            return f"i{type.width.data}"
        case llvm.LLVMPointerType():
            space = type.addr_space
            return f"ptr addrspace({space.data})" if isinstance(space, xllvm.IntAttr) and space.data else "ptr"
        case llvm.LLVMStructType():
            return "{ " + ", ".join(map(type_text, type.types.data)) + " }" if type.types.data else "{}"
        case llvm.LLVMArrayType():
            return f"[{type.size.data} x {type_text(type.type)}]"
        case llvm.LLVMVoidType():
            return "void"
        case Float64Type():
            return "double"
        case Float32Type():
            return "float"
        case Float16Type():
            return "half"
        case llvm.LLVMTokenType():
            return "token"
        case llvm.LLVMFunctionType():
            parts = [type_text(t) for t in type.inputs.data] + (["..."] if type.is_variadic else [])
            return f"{type_text(type.output)} ({', '.join(parts)})"
        case VectorType():
            return f"<{type.get_shape()[0]} x {type_text(type.element_type)}>"
        case _:
            raise EmitError(f"{type} is no type of the llvm dialect")


def _mangled(type: Attribute) -> str:
    """A type in the name of an overloaded intrinsic."""
    match type:
        case IntegerType():
            return f"i{type.width.data}"
        case llvm.LLVMPointerType():
            return "p0"
        case Float64Type():
            return "f64"
        case Float32Type():
            return "f32"
        case _:
            raise EmitError(f"no intrinsic is overloaded on {type}")


_SYMBOLS: dict[str, str] = {}


def symbol_text(name: str) -> str:
    """`@"main.(*T).M"`."""
    text = _SYMBOLS.get(name)
    if text is None:
        text = _SYMBOLS[name] = "@" + _quoted(name.encode("utf-8"))
        if len(_SYMBOLS) > 200_000:
            _SYMBOLS.clear()
    return text


_ESCAPES = [chr(b) if 0x20 <= b < 0x7F and b not in (0x22, 0x5C) else f"\\{b:02X}" for b in range(256)]


def _quoted(data: bytes) -> str:
    return '"' + "".join([_ESCAPES[b] for b in data]) + '"'


def _metadata_string(text: str) -> str:
    return _quoted(text.encode("utf-8"))


def _float_text(value: float, type: Attribute) -> str:
    if isinstance(type, Float32Type):
        # LLVM writes a float as the double of the same value; narrowing here keeps NaNs and rounds as Go does.
        value = struct.unpack("<f", struct.pack("<f", value))[0]
    elif isinstance(type, Float16Type):
        return f"0xH{int.from_bytes(struct.pack('<e', value), 'little'):04X}"
    return f"0x{int.from_bytes(struct.pack('<d', value), 'little'):016X}"


def constant_text(value: Attribute, type: Attribute) -> str:
    """A constant attribute as an operand, without its type."""
    match value:
        case IntegerAttr():
            number = value.value.data
            if isinstance(type, IntegerType):
                if type.width.data == 1:
                    return "true" if number & 1 else "false"
                return str(number)
            return _float_text(float(number), type)
        case FloatAttr():
            return _float_text(value.value.data, type)
        case BytesAttr():
            return "c" + _quoted(value.data) if value.data else "zeroinitializer"
        case StringAttr():
            return "c" + _quoted(value.data.encode("utf-8"))
        case ArrayAttr():
            parts = [f"{type_text(t)} {constant_text(v, t)}" for v, t in zip(value.data, llvm.element_types(type), strict=True)]
            return _aggregate_text(parts, type)
        case DenseIntOrFPElementsAttr():
            element = llvm.element_types(type)[0]
            return _aggregate_text([f"{type_text(element)} {constant_text(v, element)}" for v in value.iter_attrs()], type)
        case SymbolRefAttr():
            return symbol_text(value.root_reference.data)
        case _:
            raise EmitError(f"{value} is no constant of the llvm dialect")


def _aggregate_text(parts: Sequence[str], type: Attribute) -> str:
    if isinstance(type, llvm.LLVMArrayType):
        return "[" + ", ".join(parts) + "]" if parts else "zeroinitializer"
    return "{ " + ", ".join(parts) + " }" if parts else "{}"


# ---------------------------------------------------------------------------------------------------------------------------
# Attributes of functions and parameters

_PARAM_TYPED = ("sret", "byval", "byref", "elementtype", "inalloca", "preallocated")
_PARAM_INT = ("dereferenceable", "dereferenceable_or_null", "alignstack")
_PARAM_CACHE: dict[int, tuple[Attribute, str]] = {}


def _param_attrs(attrs: Attribute) -> str:
    """`" nest"` of `{llvm.nest}`."""
    entry = _PARAM_CACHE.get(id(attrs))
    if entry is None:
        words: list[str] = []
        if isinstance(attrs, DictionaryAttr):
            for name, value in attrs.data.items():
                if not name.startswith("llvm."):
                    continue
                name = name[5:]
                if name in _PARAM_TYPED:
                    words.append(f"{name}({type_text(value)})")
                elif name == "align" and isinstance(value, IntegerAttr):
                    words.append(f"align {value.value.data}")
                elif name in _PARAM_INT and isinstance(value, IntegerAttr):
                    words.append(f"{name}({value.value.data})")
                else:
                    words.append(name)
        entry = _PARAM_CACHE[id(attrs)] = (attrs, "".join(" " + w for w in words))
    return entry[1]


_FLAG_PROPS = {
    "no_inline": "noinline",
    "always_inline": "alwaysinline",
    "optimize_none": "optnone",
    "optimize_size": "optsize",
    "will_return": "willreturn",
    "convergent": "convergent",
}


def _cconv(op: Operation) -> str:
    cconv = op.properties.get("CConv")
    if isinstance(cconv, llvm.CallingConventionAttr):
        name = cconv.convention.data
        return "" if name == "ccc" else name + " "
    return ""


def _int_prop(op: Operation, name: str) -> int | None:
    value = op.properties.get(name)
    return value.value.data if isinstance(value, IntegerAttr) else None


def _str_prop(op: Operation, name: str) -> str | None:
    value = op.properties.get(name)
    return value.data if isinstance(value, StringAttr) else None


def _linkage(op: Operation) -> str:
    linkage = op.properties.get("linkage")
    return linkage.linkage.data if isinstance(linkage, llvm.LinkageAttr) else "external"


# ---------------------------------------------------------------------------------------------------------------------------
# The module


class _Module:
    def __init__(self) -> None:
        self.globals: list[str] = []
        self.functions: list[str] = []
        self.metadata: list[str] = []
        self.attribute_groups: dict[str, int] = {}
        self.intrinsics: dict[str, str] = {}
        self.defined: dict[str, Operation] = {}
        self.used: dict[str, Operation] = {}
        self.signatures: dict[str, str] = {}
        self.comdats: dict[str, str] = {}
        self.files: dict[str, int] = {}
        self.unit: int | None = None
        self.empty_types: int | None = None
        self.weights: dict[tuple[int, ...], int] = {}

    # metadata

    def node(self, text: str) -> int:
        self.metadata.append(text)
        return len(self.metadata) - 1

    def file(self, name: str) -> int:
        number = self.files.get(name)
        if number is None:
            directory, _, base = name.rpartition("/")
            number = self.files[name] = self.node(
                f"!DIFile(filename: {_metadata_string(base)}, directory: {_metadata_string(directory or ('/' if name[:1] == '/' else '.'))})"
            )
        return number

    def compile_unit(self, file: int) -> int:
        if self.unit is None:
            self.unit = self.node(
                f'distinct !DICompileUnit(language: DW_LANG_Go, file: !{file}, producer: "goir", isOptimized: false,'
                " runtimeVersion: 0, emissionKind: FullDebug)"
            )
            self.empty_types = self.node("!DISubroutineType(types: !{null})")
        return self.unit

    def prof(self, weights: Iterable[int]) -> str:
        key = tuple(int(w) for w in weights)
        number = self.weights.get(key)
        if number is None:
            number = self.weights[key] = self.node('!{!"branch_weights", ' + ", ".join(f"i32 {w}" for w in key) + "}")
        return f", !prof !{number}"

    # functions' attributes

    def attributes(self, op: llvm.FuncOp, definition: bool) -> str:
        words: list[str] = []
        names: set[str] = set()
        props = op.properties
        passthrough = props.get("passthrough")
        for item in passthrough.data if isinstance(passthrough, ArrayAttr) else ():
            if isinstance(item, StringAttr):
                words.append(item.data)
                names.add(item.data)
            elif isinstance(item, ArrayAttr):
                key, value = item.data
                assert isinstance(key, StringAttr) and isinstance(value, StringAttr)
                names.add(key.data)
                words.append(f"{_metadata_string(key.data)}={_metadata_string(value.data)}")
        for prop, word in _FLAG_PROPS.items():
            if prop in props and word not in names:
                words.append(word)
        if definition:
            # Nothing unwinds in Go code: without nounwind every function would get tables.
            if "nounwind" not in names:
                words.append("nounwind")
            if "frame-pointer" not in names:
                kind = op.frame_pointer
                words.append(f'"frame-pointer"="{kind.data.value if kind is not None else "non-leaf"}"')
            if "probe-stack" not in names:
                words.append('"probe-stack"="inline-asm"')
            cpu = _str_prop(op, "target_cpu")
            if cpu is not None:
                words.append(f'"target-cpu"="{cpu}"')
        elif "no_unwind" in props and "nounwind" not in names:
            words.append("nounwind")
        if not words:
            return ""
        text = " ".join(words)
        number = self.attribute_groups.setdefault(text, len(self.attribute_groups))
        return f" #{number}"

    def intrinsic(self, name: str, result: str, params: Sequence[str]) -> None:
        if name not in self.intrinsics:
            self.intrinsics[name] = f'declare {result} @"{name}"({", ".join(params)})'

    # top level

    def declare(self, op: Operation, name: str) -> None:
        previous = self.defined.get(name)
        if previous is not None and not (_is_declaration(previous) or _is_declaration(op)):
            raise EmitError(f"the symbol @{name} is defined twice", op)
        if previous is None or _is_declaration(previous):
            self.defined[name] = op
        if isinstance(op, llvm.FuncOp):
            self.signatures[name] = _signature(_cconv(op), op.function_type)

    def emit(self, module: ModuleOp) -> str:
        functions: list[llvm.FuncOp] = []
        for op in module.body.ops:
            if isinstance(op, llvm.FuncOp | llvm.GlobalOp):
                self.declare(op, op.sym_name.data)
            elif isinstance(op, llvm.ComdatOp):
                for selector in op.body.ops:
                    if isinstance(selector, llvm.ComdatSelectorOp):
                        self.comdats[selector.sym_name.data] = selector.KINDS[selector.comdat.value.data]
            else:
                raise EmitError(f"{op.name} is not an llvm operation: the module has not been lowered", op)
        for op in module.body.ops:
            if isinstance(op, llvm.FuncOp):
                if self.defined[op.sym_name.data] is op:
                    functions.append(op)
            elif isinstance(op, llvm.GlobalOp) and self.defined[op.sym_name.data] is op:
                self.global_(op)
        for op in functions:
            _Function(self, op).emit()
        missing = [name for name in self.used if name not in self.defined]
        if missing:
            raise EmitError(f"the symbol @{missing[0]} is used but neither defined nor declared", self.used[missing[0]])
        return self.text()

    def text(self) -> str:
        out = [f'target datalayout = "{DATA_LAYOUT}"', f'target triple = "{TRIPLE}"', ""]
        out += [f"${_quoted(name.encode())} = comdat {kind}" for name, kind in self.comdats.items()]
        out += self.globals
        out.append("")
        out += self.functions
        out += [text for name, text in self.intrinsics.items() if name not in self.defined]
        out.append("")
        out += [f"attributes #{number} = {{ {text} }}" for text, number in self.attribute_groups.items()]
        if self.unit is not None:
            version = self.node('!{i32 7, !"Dwarf Version", i32 4}')
            info = self.node('!{i32 2, !"Debug Info Version", i32 3}')
            out.append(f"!llvm.dbg.cu = !{{!{self.unit}}}")
            out.append(f"!llvm.module.flags = !{{!{version}, !{info}}}")
        out += [f"!{i} = {text}" for i, text in enumerate(self.metadata)]
        out.append("")
        return "\n".join(out)

    # globals

    def global_(self, op: llvm.GlobalOp) -> None:
        name = op.sym_name.data
        if op.thread_local_ is not None:
            raise EmitError(f"@{name}: thread_local is not supported", op)
        type = op.global_type
        linkage = _linkage(op)
        block = op.initializer.first_block
        value: str | None
        if op.value is not None:
            value = constant_text(op.value, type)
        elif block is not None:
            value = self.fold(block, op)
        else:
            value = None
        text = f"{symbol_text(name)} = "
        if linkage != "external" or value is None:
            text += linkage + " "
        if (visibility := _int_prop(op, "visibility_")) is not None and visibility:
            text += llvm.VISIBILITIES[visibility] + " "
        if "dso_local" in op.properties:
            text += "dso_local "
        if (unnamed := _int_prop(op, "unnamed_addr")) is not None and unnamed:
            text += llvm.UNNAMED_ADDRS[unnamed] + " "
        text += "constant " if op.constant is not None else "global "
        text += type_text(type)
        if value is not None:
            text += " " + value
        if (section := op.section) is not None:
            text += f", section {_metadata_string(section.data)}"
        if op.comdat is not None:
            text += self.comdat(op.comdat)
        if (align := _int_prop(op, "alignment")) is not None:
            text += f", align {align}"
        self.globals.append(text)

    def comdat(self, ref: SymbolRefAttr) -> str:
        name = ref.nested_references.data[-1].data if ref.nested_references.data else ref.root_reference.data
        self.comdats.setdefault(name, "any")
        return f", comdat(${_quoted(name.encode())})"

    def use(self, name: str, op: Operation) -> str:
        if name not in self.used:
            self.used[name] = op
        return symbol_text(name)

    def fold(self, block: Block, owner: llvm.GlobalOp) -> str:
        """The initializer's value as one constant expression."""
        # A value is a text, or the elements of an aggregate under construction.
        values: dict[int, str | list[Any]] = {}

        def text(value: str | list[Any], type: Attribute) -> str:
            if isinstance(value, str):
                return value
            parts = [
                f"{type_text(t)} {'undef' if v is None else text(v, t)}"
                for v, t in zip(value, llvm.element_types(type), strict=True)
            ]
            return _aggregate_text(parts, type)

        for op in block.ops:
            operands = op._operands
            result: str | list[Any]
            if isinstance(op, llvm.InsertValueOp):
                target = operands[0]
                position: Sequence[int] = [int(i) for i in op.position.iter_values()]
                tree = values[id(target)]
                tree = _open(tree, target.type, owner)
                if target.has_one_use():
                    # The only user takes it over: building a big array stays linear.
                    result = tree
                else:
                    result = list(tree)
                inner, inner_type = result, target.type
                for index in position[:-1]:
                    inner_type = llvm.element_types(inner_type)[index]
                    child = inner[index]
                    child = list(_open("undef" if child is None else child, inner_type, owner))
                    inner[index] = child
                    inner = child
                inner[position[-1]] = values[id(operands[1])]
            elif isinstance(op, llvm.ReturnOp):
                return text(values[id(operands[0])], operands[0].type)
            elif isinstance(op, llvm.ConstantOp):
                result = constant_text(op.value, op.result.type)
            elif isinstance(op, llvm.AddressOfOp):
                result = self.use(op.global_name.root_reference.data, op)
            elif isinstance(op, llvm.UndefOp):
                result = "undef"
            elif isinstance(op, llvm.PoisonOp):
                result = "poison"
            elif isinstance(op, llvm.ZeroOp):
                result = _zero(op.results[0].type)
            elif isinstance(op, llvm.GEPOp):
                base = text(values[id(operands[0])], operands[0].type)
                indices = [int(i) for i in op.rawConstantIndices.iter_values()]
                if len(operands) > 1:
                    raise EmitError(f"@{owner.sym_name.data}: an index in an initializer must be constant", op)
                flags = " inbounds" if (_int_prop(op, "noWrapFlags") or 0) & 1 else ""
                result = f"getelementptr{flags} ({type_text(op.elem_type)}, ptr {base}" + "".join(f", i32 {i}" for i in indices) + ")"
            elif (cast := _CONSTANT_CASTS.get(type(op))) is not None:
                source = operands[0]
                result = f"{cast} ({type_text(source.type)} {text(values[id(source)], source.type)} to {type_text(op.results[0].type)})"
            elif (binary := _CONSTANT_BINARIES.get(type(op))) is not None:
                a, b = operands
                result = (
                    f"{binary} ({type_text(a.type)} {text(values[id(a)], a.type)}, {type_text(b.type)} {text(values[id(b)], b.type)})"
                )
            else:
                raise EmitError(f"@{owner.sym_name.data}: {op.name} cannot be in an initializer", op)
            values[id(op.results[0])] = result
        raise EmitError(f"@{owner.sym_name.data}: the initializer has no llvm.return", owner)


_CONSTANT_CASTS: dict[type[Operation], str] = {
    llvm.PtrToIntOp: "ptrtoint",
    llvm.IntToPtrOp: "inttoptr",
    llvm.TruncOp: "trunc",
    llvm.BitcastOp: "bitcast",
}
_CONSTANT_BINARIES: dict[type[Operation], str] = {llvm.AddOp: "add", llvm.SubOp: "sub", llvm.XOrOp: "xor"}


def _open(value: str | list[Any], type: Attribute, owner: llvm.GlobalOp) -> list[Any]:
    """An aggregate constant as a list of its elements."""
    if isinstance(value, list):
        return value  # type: ignore[reportUnknownVariableType]
    types = llvm.element_types(type)
    if value == "undef" or value == "poison":
        return [None] * len(types)
    if value == "zeroinitializer":
        return [_zero(t) for t in types]
    raise EmitError(f"@{owner.sym_name.data}: insertvalue into {value} of {type}", owner)


def _zero(type: Attribute) -> str:
    if isinstance(type, IntegerType):
        return "0" if type.width.data != 1 else "false"
    if isinstance(type, llvm.LLVMPointerType):
        return "null"
    if isinstance(type, Float64Type | Float32Type | Float16Type):
        return "0.0"
    return "zeroinitializer"


def _is_declaration(op: Operation) -> bool:
    if isinstance(op, llvm.FuncOp):
        return op.body.first_block is None
    assert isinstance(op, llvm.GlobalOp)
    return op.value is None and op.initializer.first_block is None


def _signature(cconv: str, type: llvm.LLVMFunctionType) -> str:
    return f"{cconv}{type_text(type)}"


# ---------------------------------------------------------------------------------------------------------------------------
# Functions


class _Function:
    def __init__(self, module: _Module, op: llvm.FuncOp) -> None:
        self.module = module
        self.op = op
        self.names: dict[int, str] = {}
        self.out: list[str] = []
        self.labels: dict[int, str] = {}
        # Each block's incoming edges, as (label, arguments).
        self.edges: dict[int, list[tuple[str, Sequence[SSAValue]]]] = {}
        self.block_index = 0
        self.count = 0
        self.label = ""
        self.location: LocationAttr | None = None
        self.dbg = ""
        self.scope: int | None = None
        self.scopes: dict[str, int] = {}
        self.lines: dict[tuple[int, int, int], str] = {}
        self.extra_blocks: list[str] = []

    def define(self, value: SSAValue) -> str:
        name = f"%v{self.count}"
        self.count += 1
        self.names[id(value)] = name
        return name

    # debug locations

    def subprogram(self, name: str) -> str:
        location = self.op.location
        if not isinstance(location, FileLineColLoc):
            return ""
        module = self.module
        filename = location.filename.data
        file = module.file(filename)
        unit = module.compile_unit(file)
        shown = self.op.attributes.get("goir.name")
        display = shown.data if isinstance(shown, StringAttr) else name.removesuffix("$coro")
        line = location.line.data
        linkage = f", linkageName: {_metadata_string(name)}" if display != name else ""
        flags = ", flags: DIFlagArtificial" if "goir.wrapper" in self.op.attributes else ""
        local = _linkage(self.op) in ("internal", "private")
        self.scope = module.node(
            f"distinct !DISubprogram(name: {_metadata_string(display)}{linkage}, scope: !{file}, file: !{file}, line: {line},"
            f" type: !{module.empty_types}, scopeLine: {line}{flags},"
            f" spFlags: {'DISPFlagLocalToUnit | ' if local else ''}DISPFlagDefinition, unit: !{unit})"
        )
        self.scopes[filename] = self.scope
        self.set_location(location)
        return f" !dbg !{self.scope}"

    def set_location(self, location: LocationAttr) -> None:
        self.location = location
        if self.scope is None or not isinstance(location, FileLineColLoc):
            return
        filename = location.filename.data
        scope = self.scopes.get(filename)
        module = self.module
        if scope is None:
            file = module.file(filename)
            scope = module.node(f"!DILexicalBlockFile(scope: !{self.scope}, file: !{file}, discriminator: 0)")
            self.scopes[filename] = scope
        key = (scope, location.line.data, location.column.data)
        text = self.lines.get(key)
        if text is None:
            number = module.node(f"!DILocation(line: {key[1]}, column: {min(key[2], 65535)}, scope: !{scope})")
            text = self.lines[key] = f", !dbg !{number}"
        self.dbg = text

    # the function

    def emit(self) -> None:
        op, module = self.op, self.module
        name = op.sym_name.data
        entry = op.body.first_block
        type = op.function_type
        arg_attrs = op.properties.get("arg_attrs")
        dicts = arg_attrs.data if isinstance(arg_attrs, ArrayAttr) else ()
        params: list[str] = []
        for i, input in enumerate(type.inputs.data):
            text = type_text(input)
            if i < len(dicts):
                text += _param_attrs(dicts[i])
            if entry is not None:
                text += " " + self.define(entry.args[i])
            params.append(text)
        if type.is_variadic:
            params.append("...")
        res_attrs = op.properties.get("res_attrs")
        result_attrs = _param_attrs(res_attrs.data[0]) if isinstance(res_attrs, ArrayAttr) and res_attrs.data else ""
        linkage = _linkage(op)
        head = "declare " if entry is None else "define "
        if linkage != "external" or entry is None and linkage == "extern_weak":
            head += linkage + " "
        if (visibility := _int_prop(op, "visibility_")) is not None and visibility:
            head += llvm.VISIBILITIES[visibility] + " "
        if "dso_local" in op.properties:
            head += "dso_local "
        head += f"{_cconv(op)}{(result_attrs + ' ').lstrip()}{type_text(type.output)} {symbol_text(name)}({', '.join(params)})"
        if (unnamed := _int_prop(op, "unnamed_addr")) is not None and unnamed:
            head += " " + llvm.UNNAMED_ADDRS[unnamed]
        head += module.attributes(op, entry is not None)
        if op.section is not None:
            head += f" section {_metadata_string(op.section.data)}"
        if op.comdat is not None:
            head += module.comdat(op.comdat)[1:]
        if (align := _int_prop(op, "alignment")) is not None:
            head += f" align {align}"
        if entry is None:
            module.functions.append(head)
            return
        head += self.subprogram(name)
        out = self.out
        out.append(head + " {")
        order = reverse_post_order(entry)
        for i, block in enumerate(order):
            self.labels[id(block)] = f"b{i}"
        phis: list[tuple[int, Block]] = []
        table = _TABLE
        for block in order:
            self.label = self.labels[id(block)]
            out.append(self.label + ":")
            if block is not entry and block.args:
                for arg in block.args:
                    self.define(arg)
                phis.append((len(out), block))
                out.append("")
            inner = block.first_op
            while inner is not None:
                if inner.location is not self.location:
                    self.set_location(inner.location)
                handler = table.get(type_of(inner))
                if handler is None:
                    raise EmitError(f"{inner.name} is not an llvm operation: the module has not been lowered", inner)
                try:
                    handler(self, inner)
                except KeyError as error:
                    raise EmitError(f"@{name}: an operand of {inner.name} is not defined before its use", inner) from error
                inner = inner.next_op
        out += self.extra_blocks
        names = self.names
        for at, block in phis:
            edges = self.edges[id(block)]
            lines: list[str] = []
            for i, arg in enumerate(block.args):
                incoming = ", ".join([f"[ {names[id(values[i])]}, %{label} ]" for label, values in edges])
                lines.append(f"  {names[id(arg)]} = phi {type_text(arg.type)} {incoming}")
            out[at] = "\n".join(lines)
        out.append("}\n")
        module.functions.append("\n".join(out))

    def edge(self, block: Block, args: Sequence[SSAValue]) -> str:
        """Label to branch to from the current block; records the phi operands."""
        label = self.labels[id(block)]
        if not args:
            return label
        edges = self.edges.setdefault(id(block), [])
        for previous, values in edges:
            if previous == self.label:
                if all(a is b for a, b in zip(values, args, strict=True)):
                    break
                # A second edge with other values: a phi tells edges apart by block only.
                middle = f"e{len(self.extra_blocks)}"
                self.extra_blocks.append(f"{middle}:\n  br label %{label}{self.dbg}")
                edges.append((middle, args))
                return middle
        edges.append((self.label, args))
        return label


type_of = type


def reverse_post_order(entry: Block) -> list[Block]:
    """The blocks reachable from entry, every block after its dominators."""
    order: list[Block] = []
    seen = {id(entry)}
    stack: list[tuple[Block, list[Block]]] = [(entry, _successors(entry))]
    while stack:
        block, pending = stack[-1]
        while pending:
            nxt = pending.pop()
            if id(nxt) not in seen:
                seen.add(id(nxt))
                stack.append((nxt, _successors(nxt)))
                break
        else:
            order.append(block)
            stack.pop()
    order.reverse()
    return order


def _successors(block: Block) -> list[Block]:
    last = block.last_op
    # The last successor is visited first and so ends up last: the order of the source is kept.
    return list(last.successors) if last is not None else []


_Handler = Callable[[_Function, Any], None]
_TABLE: dict[type[Operation], _Handler] = {}


def _binary(word: str) -> _Handler:
    def handler(e: _Function, op: Operation) -> None:
        a, b = op._operands
        names = e.names
        result = op.results[0]
        name = names[id(result)] = f"%v{e.count}"
        e.count += 1
        e.out.append(f"  {name} = {word} {type_text(result.type)} {names[id(a)]}, {names[id(b)]}{e.dbg}")

    return handler


def _overflow(word: str) -> _Handler:
    plain = _binary(word)
    variants = {1: _binary(word + " nsw"), 2: _binary(word + " nuw"), 3: _binary(word + " nuw nsw")}

    def handler(e: _Function, op: Operation) -> None:
        if op.properties:
            flags = _int_prop(op, "overflowFlags") or 0
            variants.get(flags, plain)(e, op)
        else:
            plain(e, op)

    return handler


def _flagged(word: str, prop: str, flag: str) -> _Handler:
    plain, other = _binary(word), _binary(f"{word} {flag}")
    return lambda e, op: (other if prop in op.properties else plain)(e, op)


for _cls, _word in ((llvm.AddOp, "add"), (llvm.SubOp, "sub"), (llvm.MulOp, "mul"), (llvm.ShlOp, "shl")):
    _TABLE[_cls] = _overflow(_word)
for _cls, _word in ((llvm.UDivOp, "udiv"), (llvm.SDivOp, "sdiv"), (llvm.LShrOp, "lshr"), (llvm.AShrOp, "ashr")):
    _TABLE[_cls] = _flagged(_word, "isExact", "exact")
for _cls, _word in ((llvm.URemOp, "urem"), (llvm.SRemOp, "srem"), (llvm.AndOp, "and"), (llvm.XOrOp, "xor")):
    _TABLE[_cls] = _binary(_word)
_TABLE[llvm.OrOp] = _flagged("or", "isDisjoint", "disjoint")


def _fast(op: Operation) -> str:
    flags = op.properties.get("fastmathFlags")
    return "".join(sorted(f"{f.value} " for f in flags.data)) if isinstance(flags, llvm.FastMathAttr) else ""


def _float_binary(word: str) -> _Handler:
    plain = _binary(word)
    return lambda e, op: (_binary(f"{word} {_fast(op)}".rstrip()) if op.properties else plain)(e, op)


for _cls, _word in (
    (llvm.FAddOp, "fadd"), (llvm.FSubOp, "fsub"), (llvm.FMulOp, "fmul"), (llvm.FDivOp, "fdiv"), (llvm.FRemOp, "frem"),
):  # fmt: skip
    _TABLE[_cls] = _float_binary(_word)


def _unary(word: str) -> _Handler:
    def handler(e: _Function, op: Operation) -> None:
        (a,) = op._operands
        e.out.append(f"  {e.define(op.results[0])} = {word} {type_text(a.type)} {e.names[id(a)]}{e.dbg}")

    return handler


_TABLE[llvm.FNegOp] = _unary("fneg")
_TABLE[llvm.FreezeOp] = _unary("freeze")


def _cast(word: str) -> _Handler:
    def handler(e: _Function, op: Operation) -> None:
        (a,) = op._operands
        result = op.results[0]
        text = f"{word} {type_text(a.type)} {e.names[id(a)]} to {type_text(result.type)}{e.dbg}"
        e.out.append(f"  {e.define(result)} = {text}")

    return handler


for _cls, _word in (
    (llvm.SExtOp, "sext"), (llvm.FPToSIOp, "fptosi"), (llvm.FPToUIOp, "fptoui"), (llvm.SIToFPOp, "sitofp"), (llvm.UIToFPOp, "uitofp"),
    (llvm.FPExtOp, "fpext"), (llvm.FPTruncOp, "fptrunc"), (llvm.BitcastOp, "bitcast"), (llvm.IntToPtrOp, "inttoptr"),
    (llvm.PtrToIntOp, "ptrtoint"),
):  # fmt: skip
    _TABLE[_cls] = _cast(_word)
_ZEXT, _ZEXT_NNEG, _TRUNC = _cast("zext"), _cast("zext nneg"), _cast("trunc")
_TABLE[llvm.ZExtOp] = lambda e, op: (_ZEXT_NNEG if "nonNeg" in op.properties else _ZEXT)(e, op)


def _trunc(e: _Function, op: llvm.TruncOp) -> None:
    flags = op.overflowFlags if op.properties else None
    words = "".join(f" {f.value}" for f in sorted(flags.data, reverse=True)) if flags is not None else ""
    (_cast("trunc" + words) if words else _TRUNC)(e, op)


_TABLE[llvm.TruncOp] = _trunc

_ICMP = [f"icmp {p}" for p in llvm.ICMP_PREDICATES]
_FCMP = [f"fcmp {p.lstrip('_')}" for p in llvm.FCMP_PREDICATES]


def _compare(words: Sequence[str]) -> _Handler:
    def handler(e: _Function, op: Operation) -> None:
        a, b = op._operands
        names = e.names
        predicate: Any = op.properties["predicate"]
        text = f"{words[predicate.value.data]} {type_text(a.type)} {names[id(a)]}, {names[id(b)]}{e.dbg}"
        e.out.append(f"  {e.define(op.results[0])} = {text}")

    return handler


_TABLE[llvm.ICmpOp] = _compare(_ICMP)
_TABLE[llvm.FCmpOp] = _compare(_FCMP)


def _select(e: _Function, op: Operation) -> None:
    c, a, b = op._operands
    names = e.names
    type = type_text(a.type)
    text = f"select i1 {names[id(c)]}, {type} {names[id(a)]}, {type} {names[id(b)]}{e.dbg}"
    e.out.append(f"  {e.define(op.results[0])} = {text}")


_TABLE[llvm.SelectOp] = _select


# Values that are written in place


def _constant(e: _Function, op: Operation) -> None:
    value = op.properties["value"]
    result = op.results[0]
    e.names[id(result)] = constant_text(value, result.type)


def _address(e: _Function, op: llvm.AddressOfOp) -> None:
    name: Any = op.properties["global_name"]
    e.names[id(op.results[0])] = e.module.use(name.root_reference.data, op)


def _in_place(text: str) -> _Handler:
    def handler(e: _Function, op: Operation) -> None:
        e.names[id(op.results[0])] = text

    return handler


def _zero_op(e: _Function, op: Operation) -> None:
    result = op.results[0]
    e.names[id(result)] = _zero(result.type)


_TABLE[llvm.ConstantOp] = _constant
_TABLE[llvm.AddressOfOp] = _address
_TABLE[llvm.UndefOp] = _in_place("undef")
_TABLE[llvm.PoisonOp] = _in_place("poison")
_TABLE[llvm.NoneTokenOp] = _in_place("none")
_TABLE[llvm.ZeroOp] = _zero_op


# Memory


def _alloca(e: _Function, op: llvm.AllocaOp) -> None:
    size = op._operands[0]
    count = e.names[id(size)]
    text = f"alloca {type_text(op.elem_type)}"
    if count != "1":
        text += f", {type_text(size.type)} {count}"
    if (align := _int_prop(op, "alignment")) is not None:
        text += f", align {align}"
    e.out.append(f"  {e.define(op.results[0])} = {text}{e.dbg}")


def _access(op: Operation, plain: str) -> tuple[str, str]:
    """(words after load/store, words after the operands) of an access with properties."""
    props = op.properties
    order = _int_prop(op, "ordering") or 0
    words = plain
    tail = ""
    if order:
        words += " atomic"
        if (scope := _str_prop(op, "syncscope")) is not None:
            tail += f" syncscope({_metadata_string(scope)})"
        tail += " " + llvm.ATOMIC_ORDERING_NAMES[order]
    if "volatile_" in props:
        words += " volatile"
    if (align := _int_prop(op, "alignment")) is not None:
        tail += f", align {align}"
    return words, tail


def _metadata_flags(e: _Function, op: Operation) -> str:
    text = ""
    if "nontemporal" in op.properties:
        text += f", !nontemporal !{e.module.node('!{i32 1}')}"
    if "invariant" in op.properties:
        text += f", !invariant.load !{e.module.node('!{}')}"
    return text


def _load(e: _Function, op: Operation) -> None:
    p = e.names[id(op._operands[0])]
    result = op.results[0]
    if op.properties:
        words, tail = _access(op, "load")
        tail += _metadata_flags(e, op)
    else:
        words, tail = "load", ""
    e.out.append(f"  {e.define(result)} = {words} {type_text(result.type)}, ptr {p}{tail}{e.dbg}")


def _store(e: _Function, op: Operation) -> None:
    v, p = op._operands
    names = e.names
    if op.properties:
        words, tail = _access(op, "store")
        tail += _metadata_flags(e, op)
    else:
        words, tail = "store", ""
    e.out.append(f"  {words} {type_text(v.type)} {names[id(v)]}, ptr {names[id(p)]}{tail}{e.dbg}")


_INDICES: dict[int, tuple[Attribute, tuple[int, ...]]] = {}


def _dense(attr: Attribute) -> tuple[int, ...]:
    """The values of an `array<i32: …>`; decoded once for each attribute object."""
    entry = _INDICES.get(id(attr))
    if entry is None:
        assert isinstance(attr, DenseArrayBase)
        entry = _INDICES[id(attr)] = (attr, tuple(int(v) for v in attr.iter_values()))
        if len(_INDICES) > 200_000:
            _INDICES.clear()
    return entry[1]


def _gep(e: _Function, op: llvm.GEPOp) -> None:
    operands = op._operands
    names = e.names
    props = op.properties
    at = 1
    text = ""
    for index in _dense(props["rawConstantIndices"]):
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


def _extractvalue(e: _Function, op: Operation) -> None:
    a = op._operands[0]
    position = ", ".join(map(str, _dense(op.properties["position"])))
    line = f"extractvalue {type_text(a.type)} {e.names[id(a)]}, {position}{e.dbg}"
    e.out.append(f"  {e.define(op.results[0])} = {line}")


def _insertvalue(e: _Function, op: Operation) -> None:
    a, v = op._operands
    names = e.names
    position = ", ".join(map(str, _dense(op.properties["position"])))
    line = f"insertvalue {type_text(a.type)} {names[id(a)]}, {type_text(v.type)} {names[id(v)]}, {position}{e.dbg}"
    e.out.append(f"  {e.define(op.results[0])} = {line}")


_TABLE[llvm.AllocaOp] = _alloca
_TABLE[llvm.LoadOp] = _load
_TABLE[llvm.StoreOp] = _store
_TABLE[llvm.GEPOp] = _gep
_TABLE[llvm.ExtractValueOp] = _extractvalue
_TABLE[llvm.InsertValueOp] = _insertvalue


def _scope(op: Operation) -> str:
    scope = _str_prop(op, "syncscope")
    return f" syncscope({_metadata_string(scope)})" if scope is not None else ""


def _align(op: Operation) -> str:
    align = _int_prop(op, "alignment")
    return f", align {align}" if align is not None else ""


def _order(op: Operation, name: str) -> str:
    return llvm.ATOMIC_ORDERING_NAMES[_int_prop(op, name) or 0]


def _atomicrmw(e: _Function, op: llvm.AtomicRMWOp) -> None:
    p, v = op._operands
    word = llvm.ATOMIC_BIN_OPS[op.bin_op.value.data].lstrip("_")
    volatile = " volatile" if "volatile_" in op.properties else ""
    line = (
        f"atomicrmw{volatile} {word} ptr {e.names[id(p)]}, {type_text(v.type)} {e.names[id(v)]}"
        f"{_scope(op)} {_order(op, 'ordering')}{_align(op)}{e.dbg}"
    )
    e.out.append(f"  {e.define(op.results[0])} = {line}")


def _cmpxchg(e: _Function, op: llvm.AtomicCmpXchgOp) -> None:
    p, c, n = op._operands
    names = e.names
    words = "cmpxchg" + (" weak" if "weak" in op.properties else "") + (" volatile" if "volatile_" in op.properties else "")
    type = type_text(c.type)
    line = (
        f"{words} ptr {names[id(p)]}, {type} {names[id(c)]}, {type} {names[id(n)]}{_scope(op)}"
        f" {_order(op, 'success_ordering')} {_order(op, 'failure_ordering')}{_align(op)}{e.dbg}"
    )
    e.out.append(f"  {e.define(op.results[0])} = {line}")


def _fence(e: _Function, op: llvm.FenceOp) -> None:
    e.out.append(f"  fence{_scope(op)} {_order(op, 'ordering')}{e.dbg}")


_TABLE[llvm.AtomicRMWOp] = _atomicrmw
_TABLE[llvm.AtomicCmpXchgOp] = _cmpxchg
_TABLE[llvm.FenceOp] = _fence


# Control flow


def _br(e: _Function, op: Operation) -> None:
    e.out.append(f"  br label %{e.edge(op.successors[0], op._operands)}{e.dbg}")


def _cond_br(e: _Function, op: llvm.CondBrOp) -> None:
    operands = op._operands
    props = op.properties
    if len(operands) > 1:
        _, first, second = _dense(props["operandSegmentSizes"])
        then_args, else_args = operands[1 : 1 + first], operands[1 + first : 1 + first + second]
    else:
        then_args = else_args = ()
    then = e.edge(op.successors[0], then_args)
    other = e.edge(op.successors[1], else_args)
    prof = ""
    if (weights := props.get("branch_weights")) is not None:
        prof = e.module.prof(_dense(weights))
    e.out.append(f"  br i1 {e.names[id(operands[0])]}, label %{then}, label %{other}{e.dbg}{prof}")


def _switch(e: _Function, op: llvm.SwitchOp) -> None:
    value = op.value
    type = type_text(value.type)
    default = e.edge(op.default_destination, tuple(op.default_operands))
    cases = " ".join([f"{type} {v}, label %{e.edge(block, args)}" for v, block, args in op.cases()])
    prof = e.module.prof(_dense(op.branch_weights)) if op.branch_weights is not None else ""
    e.out.append(f"  switch {type} {e.names[id(value)]}, label %{default} [{cases}]{e.dbg}{prof}")


def _return(e: _Function, op: Operation) -> None:
    if op._operands:
        a = op._operands[0]
        e.out.append(f"  ret {type_text(a.type)} {e.names[id(a)]}{e.dbg}")
    else:
        e.out.append(f"  ret void{e.dbg}")


def _unreachable(e: _Function, op: Operation) -> None:
    e.out.append(f"  unreachable{e.dbg}")


_TABLE[llvm.BrOp] = _br
_TABLE[llvm.CondBrOp] = _cond_br
_TABLE[llvm.SwitchOp] = _switch
_TABLE[llvm.ReturnOp] = _return
_TABLE[llvm.UnreachableOp] = _unreachable


# Calls


def _call(e: _Function, op: llvm.CallOp) -> None:
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
            [f"{t}{_param_attrs(d)} {names[id(a)]}" for t, a, d in zip(types, operands, dicts.data, strict=True)]
        )
    results = op.results
    result = type_text(results[0].type) if results else "void"
    cconv = _cconv(op)
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
    if results:
        res_attrs: Any = props.get("res_attrs")
        extra = _param_attrs(res_attrs.data[0]).lstrip() + " " if res_attrs is not None else ""
        if result == "void":
            e.out.append(f"  {head} {cconv}void {function}({args}){attrs}{e.dbg}")
        else:
            e.out.append(f"  {e.define(results[0])} = {head} {cconv}{extra}{type} {function}({args}){attrs}{e.dbg}")
    else:
        e.out.append(f"  {head} {cconv}{type} {function}({args}){attrs}{e.dbg}")


_CALL_FLAGS = (("no_inline", " noinline"), ("always_inline", " alwaysinline"), ("will_return", " willreturn"))
_TABLE[llvm.CallOp] = _call


def _call_intrinsic(e: _Function, op: Operation) -> None:
    intrin: Any = op.properties["intrin"]
    _emit_intrinsic(e, op, intrin.data, ())


def _emit_intrinsic(e: _Function, op: Operation, name: str, immediates: Sequence[str]) -> None:
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


def _register_argument(e: _Function, op: Operation) -> tuple[list[str], list[str]]:
    register = op.attributes.get("register")
    if not isinstance(register, StringAttr):
        raise EmitError('llvm.read_register needs the attribute register = "rsp"', op)
    node = e.module.node(f"!{{!{_metadata_string(register.data)}}}")
    return [f"metadata !{node}"], ["metadata"]


def _intrinsic(intrinsic: Intrinsic) -> _Handler:
    cache: dict[tuple[str, ...], str] = {}

    def handler(e: _Function, op: Operation) -> None:
        name = intrinsic.llvm_name
        if intrinsic.overload:
            parts = [op.results[0].type if c == "r" else op._operands[int(c)].type for c in intrinsic.overload]
            key = tuple(map(type_text, parts))
            full = cache.get(key)
            if full is None:
                full = cache[key] = ".".join([name, *map(_mangled, parts)])
            name = full
        flags: list[str] = []
        for prop in intrinsic.flags:
            value = op.properties.get(prop)
            flags.append("true" if isinstance(value, UnitAttr) or isinstance(value, IntegerAttr) and value.value.data & 1 else "false")
        _emit_intrinsic(e, op, name, flags)

    return handler


_TABLE[llvm.CallIntrinsicOp] = _call_intrinsic
for _cls, _entry in INTRINSICS.items():
    _TABLE[_cls] = _intrinsic(_entry)


def _inline_asm(e: _Function, op: llvm.InlineAsmOp) -> None:
    args = ", ".join(f"{type_text(a.type)} {e.names[id(a)]}" for a in op._operands)
    words = "asm" + (" sideeffect" if "has_side_effects" in op.properties else "")
    words += " alignstack" if "is_align_stack" in op.properties else ""
    result = type_text(op.results[0].type) if op.results else "void"
    text = f"call {result} {words} {_metadata_string(op.asm_string.data)}, {_metadata_string(op.constraints.data)}({args}){e.dbg}"
    e.out.append(f"  {text}" if not op.results else f"  {e.define(op.results[0])} = {text}")


_TABLE[llvm.InlineAsmOp] = _inline_asm


def emit(module: ModuleOp) -> str:
    """LLVM IR text of a module in the llvm dialect; EmitError if it is not one."""
    return _Module().emit(module)


