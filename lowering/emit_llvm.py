"""llvm dialect → LLVM IR text.

    llvm.func swiftcc @"main.f"(%a: i64, %ctx: !llvm.ptr {llvm.nest}) -> i64 { … }   →   define swiftcc i64
    @"main.f"(i64 %v0, ptr nest %v1) #0 !dbg !5 { … }

One walk with a table from op class to function, 2–3 µs an op. Constants and addresses are written where they are
used, block arguments become
phis, initializer regions constant expressions, locations debug info. Blocks are written in reverse post order, so
definitions come before uses.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, Final

from xdsl.dialects.builtin import (
    CallSiteLoc,
    FileLineColLoc,
    LocationAttr,
    ModuleOp,
    NameLoc,
    StringAttr,
    SymbolRefAttr,
)
from xdsl.ir import Attribute, Block, Operation, SSAValue

from goir.dialects import llvm_ext as llvm
from goir.lowering.cfg import reverse_postorder
from goir.lowering.emit_llvm_ops import IN_PLACE, TABLE
from goir.lowering.emit_text import (
    DATA_LAYOUT,
    FLAG_PROPS,
    LOCAL_LINKAGES,
    TRIPLE,
    EmitError,
    aggregate_text,
    cconv_text,
    constant_text,
    int_prop,
    linkage_of,
    metadata_string,
    param_attrs,
    quoted,
    str_prop,
    symbol_text,
    type_text,
    zero_text,
)
from goir.lowering.static_data import LISTED

# pyright: reportPrivateUsage=false


class ModuleEmitter:
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
        self.listed: list[str] = []
        self.files: dict[str, int] = {}
        self.folder = ""
        self.unit: int | None = None
        self.empty_types: int | None = None
        self.inlined: dict[tuple[str, str], int] = {}
        """Scopes of functions that goir has inlined, by name and file."""
        self.weights: dict[tuple[int, ...], int] = {}
        self.copyable: Container[str] = ()
        """Functions of other modules that may be more than declared (emit_copies.py)."""

    # metadata

    def node(self, text: str) -> int:
        self.metadata.append(text)
        return len(self.metadata) - 1

    def file(self, name: str) -> int:
        number = self.files.get(name)
        if number is None:
            directory, slash, base = name.rpartition("/")
            directory = directory or slash or "."
            if self.folder:
                directory = os.path.normpath(os.path.join(self.folder, directory))
            number = self.files[name] = self.node(
                f"!DIFile(filename: {metadata_string(base)}, directory: {metadata_string(directory)})"
            )
        return number

    def compile_unit(self, file: int) -> int:
        if self.unit is None:
            self.unit = self.node(
                f'distinct !DICompileUnit(language: DW_LANG_Go, file: !{file}, producer: "goir", isOptimized: false,'
                " runtimeVersion: 0, emissionKind: FullDebug, nameTableKind: None)"
            )
            self.empty_types = self.node("!DISubroutineType(types: !{null})")
        return self.unit

    def inlined_scope(self, name: str, filename: str) -> int:
        """The subprogram of a function that is inlined by goir: where it begins does not matter."""
        scope = self.inlined.get((name, filename))
        if scope is None:
            file = self.file(filename)
            scope = self.inlined[name, filename] = self.node(
                f"distinct !DISubprogram(name: {metadata_string(name)}, scope: !{file}, file: !{file}, "
                f"type: !{self.empty_types}, spFlags: DISPFlagDefinition, unit: !{self.compile_unit(file)})"
            )
        return scope

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
        for item in llvm.items(passthrough):
            if isinstance(item, StringAttr):
                words.append(item.data)
                names.add(item.data)
            else:
                key, value = llvm.items(item)
                assert isinstance(key, StringAttr) and isinstance(value, StringAttr)
                names.add(key.data)
                words.append(f"{metadata_string(key.data)}={metadata_string(value.data)}")
        for prop, word in FLAG_PROPS.items():
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
            cpu = str_prop(op, "target_cpu")
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
        if previous is not None and not (is_declaration(previous) or is_declaration(op)):
            raise EmitError(f"the symbol @{name} is defined twice", op)
        if previous is None or is_declaration(previous):
            self.defined[name] = op
        if isinstance(op, llvm.FuncOp):
            self.signatures[name] = _signature(cconv_text(op), op.function_type)

    def learn_signatures(self, ops: Mapping[str, Operation]) -> None:
        """The types of the functions that the module may call."""
        for name, op in ops.items():
            if isinstance(op, llvm.FuncOp):
                self.signatures[name] = _signature(cconv_text(op), op.function_type)

    def declare_copyable(self, declared: dict[str, str]) -> None:
        """Takes the declarations of `copyable` functions."""

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
                raise not_lowered(op)
        for op in module.body.ops:
            if isinstance(op, llvm.FuncOp):
                if self.defined[op.sym_name.data] is op:
                    functions.append(op)
            elif isinstance(op, llvm.GlobalOp) and self.defined[op.sym_name.data] is op:
                self.global_(op)
        declared: dict[str, str] = {}
        for op in functions:
            FunctionEmitter(self, op).emit()
            if op.sym_name.data in self.copyable and is_declaration(op):
                declared[op.sym_name.data] = self.functions.pop()
        self.declare_copyable(declared)
        missing = [name for name in self.used if name not in self.defined]
        if missing:
            raise EmitError(f"the symbol @{missing[0]} is used but neither defined nor declared", self.used[missing[0]])
        return self.text()

    def text(self) -> str:
        out = [f'target datalayout = "{DATA_LAYOUT}"', f'target triple = "{TRIPLE}"', ""]
        out += [f"${quoted(name.encode())} = comdat {kind}" for name, kind in self.comdats.items()]
        out += self.globals
        if self.listed:
            entries = ", ".join(self.listed)
            out.append(
                f'@llvm.compiler.used = appending global [{len(self.listed)} x ptr] [{entries}], section "llvm.metadata"'
            )
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
        linkage = linkage_of(op)
        block = op.initializer.first_block
        value: str | None
        if op.value is not None:
            value = constant_text(op.value, type)
        elif block is not None:
            value = self.fold(block, op)
        else:
            value = None
        text = f"{self.spell(name)} = "
        if linkage != "external" or value is None:
            text += linkage + " "
        if (visibility := int_prop(op, "visibility_")) is not None and visibility:
            text += llvm.VISIBILITIES[visibility] + " "
        if "dso_local" in op.properties or (value is not None and linkage not in LOCAL_LINKAGES):
            text += "dso_local "  # executables only: a definition is what every reference means
        if (unnamed := int_prop(op, "unnamed_addr")) is not None and unnamed:
            text += llvm.UNNAMED_ADDRS[unnamed] + " "
        text += "constant " if op.constant is not None else "global "
        text += type_text(type)
        if value is not None:
            text += " " + value
        if (section := op.section) is not None:
            text += f", section {metadata_string(section.data)}"
        if op.comdat is not None:
            text += self.comdat(op.comdat)
        if (align := int_prop(op, "alignment")) is not None:
            text += f", align {align}"
        self.globals.append(text)
        listed = op.attributes.get(LISTED)
        if isinstance(listed, StringAttr) and value is not None:
            entry = symbol_text(f"go:listed.{name}")
            section = metadata_string(listed.data)
            self.globals.append(f"{entry} = private constant ptr {self.spell(name)}, section {section}, align 8")
            self.listed.append(f"ptr {entry}")

    def comdat(self, ref: SymbolRefAttr) -> str:
        name = ref.nested_references.data[-1].data if ref.nested_references.data else ref.root_reference.data
        self.comdats.setdefault(name, "any")
        return f", comdat(${quoted(name.encode())})"

    def use(self, name: str, op: Operation) -> str:
        if name not in self.used:
            self.used[name] = op
        return self.spell(name)

    def spell(self, name: str) -> str:
        """A symbol as this module writes it."""
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
            return aggregate_text(parts, type)

        def operand(value: SSAValue) -> str:
            return f"{type_text(value.type)} {text(values[id(value)], value.type)}"

        for op in block.ops:
            operands = op._operands
            cls = op.__class__
            result: str | list[Any]
            if cls is llvm.InsertValueOp:
                target = operands[0]
                position: Sequence[int] = llvm.ints(op.properties["position"])
                tree = values[id(target)]
                tree = _open(tree, target.type, owner)
                # The only user takes it over: building a big array stays linear.
                result = tree if target.has_one_use() else list(tree)
                inner, inner_type = result, target.type
                for index in position[:-1]:
                    inner_type = llvm.element_types(inner_type)[index]
                    child = inner[index]
                    child = list(_open("undef" if child is None else child, inner_type, owner))
                    inner[index] = child
                    inner = child
                inner[position[-1]] = values[id(operands[1])]
            elif cls is llvm.ReturnOp:
                return text(values[id(operands[0])], operands[0].type)
            elif cls is llvm.ConstantOp:
                result = constant_text(op.properties["value"], op.results[0].type)
            elif cls is llvm.AddressOfOp:
                result = self.use(_global_name(op), op)
            elif cls is llvm.UndefOp:
                result = "undef"
            elif cls is llvm.PoisonOp:
                result = "poison"
            elif cls is llvm.ZeroOp:
                result = zero_text(op.results[0].type)
            elif isinstance(op, llvm.GEPOp):
                base = text(values[id(operands[0])], operands[0].type)
                indices = llvm.ints(op.rawConstantIndices)
                if len(operands) > 1:
                    raise EmitError(f"@{owner.sym_name.data}: an index in an initializer must be constant", op)
                flags = " inbounds" if (int_prop(op, "noWrapFlags") or 0) & 1 else ""
                result = (
                    f"getelementptr{flags} ({type_text(op.elem_type)}, ptr {base}"
                    + "".join(f", i32 {i}" for i in indices)
                    + ")"
                )
            elif (cast := _CONSTANT_CASTS.get(type(op))) is not None:
                result = f"{cast} ({operand(operands[0])} to {type_text(op.results[0].type)})"
            elif (binary := _CONSTANT_BINARIES.get(type(op))) is not None:
                result = f"{binary} ({operand(operands[0])}, {operand(operands[1])})"
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


def _global_name(op: Operation) -> str:
    name = op.properties["global_name"]
    assert isinstance(name, SymbolRefAttr)
    return name.root_reference.data


def not_lowered(op: Operation) -> EmitError:
    """The error of an op of another dialect."""
    return EmitError(f"{op.name} is not an llvm operation: the module has not been lowered", op)


def _open(value: str | list[Any], type: Attribute, owner: llvm.GlobalOp) -> list[Any]:
    """An aggregate constant as a list of its elements."""
    if isinstance(value, list):
        return value  # type: ignore[reportUnknownVariableType]
    types = llvm.element_types(type)
    if value == "undef" or value == "poison":
        return [None] * len(types)
    if value == "zeroinitializer":
        return [zero_text(t) for t in types]
    raise EmitError(f"@{owner.sym_name.data}: insertvalue into {value} of {type}", owner)


def is_declaration(op: Operation) -> bool:
    """Whether a function or global is defined in another module."""
    if isinstance(op, llvm.FuncOp):
        return op.body.first_block is None
    assert isinstance(op, llvm.GlobalOp)
    return op.value is None and op.initializer.first_block is None


def _signature(cconv: str, type: llvm.LLVMFunctionType) -> str:
    return f"{cconv}{type_text(type)}"


_NO_TAIL_CALLS: Final = llvm.passthrough(llvm.NO_TAIL_CALLS).data[0]


class FunctionEmitter:
    def __init__(self, module: ModuleEmitter, op: llvm.FuncOp) -> None:
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
        self.lines: dict[int, int] = {}
        self.extra_blocks: list[str] = []
        # Traces show which call it was: calls that have become one would have no line.
        traced = _NO_TAIL_CALLS in llvm.items(op.properties.get("passthrough"))
        self.call_attrs = " nomerge" if traced else ""

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
        linkage = f", linkageName: {metadata_string(name)}" if display != name else ""
        flags = ", flags: DIFlagArtificial" if "goir.wrapper" in self.op.attributes else ""
        local = "DISPFlagLocalToUnit | " if linkage_of(self.op) in LOCAL_LINKAGES else ""
        self.scope = module.node(
            f"distinct !DISubprogram(name: {metadata_string(display)}{linkage}, scope: !{file}, file: !{file}, "
            f"line: {line}, type: !{module.empty_types}, scopeLine: {line}{flags},"
            f" spFlags: {local}DISPFlagDefinition, unit: !{unit})"
        )
        self.scopes[filename] = self.scope
        self.set_location(location)
        return f" !dbg !{self.scope}"

    def set_location(self, location: LocationAttr) -> None:
        self.location = location
        if self.scope is not None:
            number = self.debug_location(location)
            if number is not None:
                self.dbg = f", !dbg !{number}"

    def debug_location(self, location: LocationAttr) -> int | None:
        """The number of a location's node; None if it says nothing."""
        number = self.lines.get(id(location))
        if number is None:
            text = self.debug_location_text(location)
            if text is not None:
                number = self.lines[id(location)] = self.module.node(text)
        return number

    def debug_location_text(self, location: LocationAttr) -> str | None:
        match location:
            case FileLineColLoc():
                scope, place, inlined = self.file_scope(location.filename.data), location, ""
            case CallSiteLoc(NameLoc(name, FileLineColLoc() as place), FileLineColLoc() | CallSiteLoc() as caller):
                scope = self.module.inlined_scope(name.data, place.filename.data)
                inlined = f", inlinedAt: !{self.debug_location(caller)}"
            case _:
                return None
        line, column = place.line.data, min(place.column.data, 65535)
        return f"!DILocation(line: {line}, column: {column}, scope: !{scope}{inlined})"

    def file_scope(self, filename: str) -> int:
        """The scope of what stands in a file; the function may have come from another one."""
        scope = self.scopes.get(filename)
        if scope is None:
            module = self.module
            file = module.file(filename)
            scope = module.node(f"!DILexicalBlockFile(scope: !{self.scope}, file: !{file}, discriminator: 0)")
            self.scopes[filename] = scope
        return scope

    # the function

    def emit(self) -> None:
        op, module = self.op, self.module
        name = op.sym_name.data
        entry = op.body.first_block
        type = op.function_type
        arg_attrs = op.properties.get("arg_attrs")
        dicts = llvm.items(arg_attrs)
        params: list[str] = []
        for i, input in enumerate(type.inputs.data):
            text = type_text(input)
            if i < len(dicts):
                text += param_attrs(dicts[i])
            if entry is not None:
                text += " " + self.define(entry.args[i])
            params.append(text)
        if type.is_variadic:
            params.append("...")
        res_attrs = op.properties.get("res_attrs")
        result_attrs = param_attrs(llvm.items(res_attrs)[0]) if llvm.items(res_attrs) else ""
        linkage = linkage_of(op)
        head = "declare " if entry is None else "define "
        if linkage != "external":
            head += linkage + " "
        if (visibility := int_prop(op, "visibility_")) is not None and visibility:
            head += llvm.VISIBILITIES[visibility] + " "
        if "dso_local" in op.properties or (entry is not None and linkage not in LOCAL_LINKAGES):
            head += "dso_local "
        result = f"{result_attrs} {type_text(type.output)}".lstrip()
        head += f"{cconv_text(op)}{result} {symbol_text(name)}({', '.join(params)})"
        if (unnamed := int_prop(op, "unnamed_addr")) is not None and unnamed:
            head += " " + llvm.UNNAMED_ADDRS[unnamed]
        head += module.attributes(op, entry is not None)
        if op.section is not None:
            head += f" section {metadata_string(op.section.data)}"
        if op.comdat is not None:
            head += module.comdat(op.comdat)[1:]
        if (align := int_prop(op, "alignment")) is not None:
            head += f" align {align}"
        if entry is None:
            module.functions.append(head)
            return
        head += self.subprogram(name)
        out = self.out
        out.append(head + " {")
        order = reverse_postorder(entry)
        for i, block in enumerate(order):
            self.labels[id(block)] = f"b{i}"
        phis: list[tuple[int, Block]] = []
        table, in_place = TABLE, IN_PLACE
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
                handler = table.get(type_of(inner))
                if handler is not None:
                    if inner.location is not self.location:
                        self.set_location(inner.location)
                else:
                    handler = in_place.get(type_of(inner))
                    if handler is None:
                        raise EmitError(
                            f"{inner.name} is not an llvm operation: the module has not been lowered", inner
                        )
                try:
                    handler(self, inner)
                except KeyError as error:
                    raise EmitError(
                        f"@{name}: an operand of {inner.name} is not defined before its use", inner
                    ) from error
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


def emit(module: ModuleOp, folder: str = "") -> str:
    """LLVM IR text of a module in the llvm dialect; EmitError if it is not one. Names of files are relative to `folder`:
    traces show absolute ones."""
    emitter = ModuleEmitter()
    emitter.folder = folder
    return emitter.emit(module)
