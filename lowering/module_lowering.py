"""What the lowering of one module shares between its functions: types, signatures, static data, declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from xdsl.dialects.builtin import ModuleOp, StringAttr, i8, i16, i32, i64
from xdsl.dialects.llvm import LLVMArrayType, LLVMFunctionType, LLVMStructType
from xdsl.ir import Attribute, Operation

from goir.dialects import coro, go
from goir.dialects import llvm_ext as llvm
from goir.dialects.go_types import MethodAttr, NamedType, PtrType
from goir.lowering.descriptors import Descriptors, TypeInfo, is_exported
from goir.lowering.flag_adapter import SUFFIX as FLAG_SUFFIX
from goir.lowering.flag_adapter import flag_adapter
from goir.lowering.ir import HOLDS_TYPES, START, LoweringError, is_library, symbol_name
from goir.lowering.itabs import InterfaceTables
from goir.lowering.layout import PTR, Layouts
from goir.lowering.panicking import is_runtime_symbol
from goir.lowering.runtime_calls import LIBRARY_FUNCTIONS, RUNTIME_FUNCTIONS
from goir.lowering.signatures import Signature, Signatures
from goir.lowering.static_data import (
    LISTED,
    Address,
    Address32,
    Bytes,
    Int,
    Item,
    StaticData,
    StaticPool,
    Zeros,
)
from goir.lowering.static_values import BSS_SECTION, DATA_SECTION, StaticValues

ZEROS: Final = "go:zeros"
"""Zeroed memory that nobody writes: the values of missing map entries, failed assertions, large zero values."""
NIL_ITAB: Final = "go:itab.nil"
"""Stands for the itab of a nil interface where its type word is loaded."""

_RECORD: Final = LLVMStructType.from_type_list([PTR, PTR])


class ModuleLowering:
    """Shared state while one module is lowered; `out` collects the new module-level ops."""

    def __init__(self, module: ModuleOp) -> None:
        self.table = go.TypeTable(module)
        self.layouts = Layouts(self.table)
        self.signatures = Signatures(self.layouts)
        self.pool = StaticPool()
        self.functions: dict[str, go.FuncOp] = {}
        self.globals: dict[str, go.GlobalOp] = {}
        self.coroutines: dict[str, coro.FuncOp | coro.AdapterOp] = {}
        method_sets: dict[Attribute, Sequence[MethodAttr]] = {}
        for op in module.body.block.ops:
            match op:
                case go.FuncOp():
                    self.functions[symbol_name(op)] = op
                case coro.FuncOp() | coro.AdapterOp():
                    self.coroutines[symbol_name(op)] = op
                case go.GlobalOp():
                    self.globals[op.sym_name.data] = op
                case go.MethodSetOp():
                    method_sets[op.type] = op.methods.data
                case _:
                    pass
        self.library = is_library(module)
        self._holds_types = HOLDS_TYPES in module.attributes
        types = {
            name: TypeInfo(op.display.data, op.pkg.data, op.external is not None)
            for name, op in self.table.types.items()
        }
        self.descriptors = Descriptors(
            self.layouts,
            self.pool,
            self.record,
            self.method_record,
            self.declare_data,
            types,
            method_sets,
            self.library,
            self.library or self._holds_types,
        )
        self.itabs = InterfaceTables(self.layouts, self.descriptors, self.pool, self.method_record)
        self.values = StaticValues(self)
        self.out: list[Operation] = []
        self.zeros_size = 0
        self.needs_nil_itab = False
        self._declared: dict[str, Operation] = {}
        self._records: dict[str, str] = {}
        self._weak: dict[str, None] = {}

    # Functions -------------------------------------------------------------------------------------------------------

    def signature_of(self, name: str, user: Operation | None = None) -> Signature:
        """The signature of a Go function of this module or declared in it."""
        op = self.functions.get(name)
        if op is None:
            raise LoweringError(user, f"call of unknown function @{name}")
        return self.signatures.of_function(op)

    def runtime_function(self, name: str) -> Signature:
        """The signature of a function of `runtime_calls.py`; declares it where the module does not have it."""
        signature = self.signatures.of_runtime(RUNTIME_FUNCTIONS.get(name) or LIBRARY_FUNCTIONS[name])
        if name in self.functions:
            own = self.signatures.of_function(self.functions[name])
            if own.llvm != signature.llvm:
                raise LoweringError(
                    self.functions[name], f"@{name} has type {own.llvm}, but lowered code calls it as {signature.llvm}"
                )
        elif name not in self._declared:
            self._declare(name, signature.llvm, "swiftcc")
        return signature

    def _declare(self, name: str, type: LLVMFunctionType, cconv: str) -> None:
        nest = cconv == "swiftcc"
        op = llvm.func(name, type, cconv=cconv, nest=nest, attrs=("nounwind",))
        self._declared[name] = op
        self.out.append(op)

    def declare_c(self, name: str, type: LLVMFunctionType) -> None:
        """Declares a C function, once."""
        own = self.functions.get(name)
        if name not in self._declared and (own is None or own.is_declaration):
            self._declare(name, type, "ccc")

    def declare_coroutine(self, name: str, type: LLVMFunctionType) -> None:
        """Declares the coroutine entry `name` of a function of another module."""
        if name not in self._declared and name not in self.coroutines:
            op = llvm.func(name, type, nest=True, attrs=("nounwind",))
            self._declared[name] = op
            self.out.append(op)

    def record(self, function: str) -> str:
        """The symbol of the static record `{code, coroutine entry}` of a function."""
        symbol = self._records.get(function)
        if symbol is None:
            symbol = self._records[function] = function + "·f"
            op = self.functions.get(function)
            if function == START and op is not None and op.is_declaration:
                self.out.append(llvm.global_(symbol, _RECORD, external=True))  # the program's, for the runtime
                return symbol
            shared = self.library and op is not None and op.method is not None and not op.is_declaration
            linkage = "external" if function == START or shared else "linkonce_odr"
            self.pool.add(symbol, [Address(self._flagged(function)), Address(self.coroutine_entry(function))], linkage)
        return symbol

    def method_record(self, function: str) -> str:
        """The symbol of the record of a method. Library types' methods are in any module, or in none: a weak reference."""
        op = self.functions.get(function)
        if op is not None and (not op.is_declaration or is_runtime_symbol(function)):
            return self.record(function)
        symbol = function + "·f"
        self.declare_data(symbol, True)
        return symbol

    def declare_data(self, symbol: str, weak: bool) -> None:
        """Declares data of another module; `weak`: it may be missing, then its address is 0."""
        if weak:
            self._weak[symbol] = None
        elif symbol not in self._declared:
            op = llvm.global_(symbol, i8, external=True)
            self._declared[symbol] = op
            self.out.append(op)

    def _flagged(self, function: str) -> str:
        """The symbol of a function's form with the panic flag, as dynamic calls have it."""
        op = self.functions.get(function)
        if op is None or op.may_panic is not None or op.extern is not None:
            return function
        self.out.append(flag_adapter(op, self.signatures))
        return function + FLAG_SUFFIX

    def coroutine_entry(self, function: str) -> str:
        """The symbol of a function's coroutine entry."""
        symbol = function + "$coro"
        if symbol in self.coroutines or symbol in self._declared:
            return symbol
        op = self.functions.get(function)
        if op is None:
            # Only descriptors refer to functions the module has not declared: Equal and Hasher (docs/abi.md).
            if function not in self._declared:
                self._declare(function, LLVMFunctionType([PTR]), "swiftcc")
            entry = LLVMFunctionType([PTR, PTR], PTR)
        else:
            entry = self.signatures.coroutine(op.function_type)
        self.declare_coroutine(symbol, entry)
        return symbol

    def code_symbol(self, function: str) -> str | None:
        """`function` if its plain form exists or is declared here."""
        return function if function in self.functions else None

    # Data ------------------------------------------------------------------------------------------------------------

    def zeros(self, size: int) -> str:
        """The symbol of at least `size` zero bytes."""
        self.zeros_size = max(self.zeros_size, size, 16)
        return ZEROS

    def nil_itab(self) -> str:
        """The symbol of an interface table whose type word is nil."""
        self.needs_nil_itab = True
        return NIL_ITAB

    def global_(self, op: go.GlobalOp) -> None:
        """Emits a Go variable."""
        name = op.sym_name.data
        layout = self.layouts.of(op.type)
        if op.external is not None:
            self.out.append(llvm.global_(name, layout.memory, external=True))
            return
        init = op.init
        private = op.sym_visibility is not None and op.sym_visibility.data == "private"
        linkage = "internal" if private else "external"
        if isinstance(init, go.DataAttr):
            lowered = self.values.variable(op, init.data, linkage)
            lowered.location = op.location
            self.out.append(lowered)
            return
        value: llvm.Value = None
        zero = init is None
        if isinstance(init, StringAttr):
            data = init.data.encode("latin-1")
            zero = not data
            value = (self.pool.bytes(data), len(data)) if data else None
        elif init is not None:
            value = init.value.data
        section = (BSS_SECTION if zero else DATA_SECTION) if layout.has_pointers else None
        lowered = llvm.global_(
            name,
            layout.memory,
            value,
            linkage=linkage,
            align=max(layout.align, 8) if layout.has_pointers else layout.align,
            section=section,
        )
        lowered.location = op.location
        self.out.append(lowered)

    def declare_pointee(self, symbol: str) -> None:
        """Declares what a variable of another module points to."""
        if symbol not in self._declared:
            op = llvm.global_(symbol, i8, external=True)
            self._declared[symbol] = op
            self.out.append(op)

    def declare_section_symbol(self, symbol: str) -> None:
        """Declares the bound of a section of static data, and sees to it that the section exists."""
        if symbol in self._declared:
            return
        op = llvm.global_(symbol, i8, external=True)
        self._declared[symbol] = op
        self.out.append(op)
        for section, value in ((DATA_SECTION, 1), (BSS_SECTION, None)):
            anchor = f"go:anchor.{section}"
            if symbol.endswith(section) and anchor not in self._declared:
                op = llvm.global_(anchor, i64, value, linkage="external", align=8, section=section)
                self._declared[anchor] = op
                self.out.append(op)

    def finish(self) -> None:
        """Emits the static data that lowered functions asked for."""
        if START in self.functions and not self.functions[START].is_declaration:
            self.record(START)
        if self.library:
            for name, op in self.functions.items():
                if op.method is not None and not op.is_declaration:
                    self.record(name)
        if self._holds_types:
            for name in self.table.types:
                if is_exported(name.rpartition(".")[2]):
                    self.descriptors.of(NamedType(name))
                    self.descriptors.of(PtrType(NamedType(name)))
        self.descriptors.finish()
        for symbol in self._weak:
            if symbol not in self.pool.data and symbol not in self._declared:
                op = llvm.global_(symbol, i8, external=True)
                op.properties["linkage"] = llvm.LINKAGE["extern_weak"]
                self.out.append(op)
        for data in self.pool.data.values():
            self.out.append(emit_data(data))
        if self.zeros_size:
            type = LLVMArrayType(self.zeros_size, i8)
            self.out.append(llvm.global_(ZEROS, type, linkage="internal", align=16))
        if self.needs_nil_itab:
            self.out.append(llvm.global_(NIL_ITAB, LLVMArrayType(16, i8), linkage="private", constant=True, align=8))


_INT_TYPES: Final[Mapping[int, Attribute]] = {8: i8, 16: i16, 32: i32, 64: i64}


@cache
def _bytes_type(size: int) -> LLVMArrayType:
    return LLVMArrayType(size, i8)


@cache
def _struct_type(types: tuple[Attribute, ...]) -> LLVMStructType:
    return LLVMStructType.from_type_list(types)


def emit_data(data: StaticData) -> Operation:
    """The `llvm.mlir.global` of static data. Neighbouring plain numbers become one array of bytes: fewer ops."""
    types: list[Attribute] = []
    values: list[llvm.Value] = []
    plain = bytearray()

    def flush() -> None:
        if plain:
            types.append(_bytes_type(len(plain)))
            values.append(bytes(plain))
            plain.clear()

    at = 0
    for item in data.items:
        size, align, _ = _measure(item)
        padding = -at % align
        at += padding + size
        plain.extend(bytes(padding))
        match item:
            case Int(value, bits):
                plain.extend((value & ((1 << bits) - 1)).to_bytes(bits // 8, "little"))
            case Bytes(value):
                plain.extend(value)
            case Zeros(count):
                plain.extend(bytes(count))
            case Address(symbol, offset):
                flush()
                types.append(PTR)
                values.append(llvm.Address(symbol, offset))
            case Address32(symbol, offset):
                flush()
                types.append(i32)
                values.append(llvm.Offset32(symbol, offset))
    flush()
    external = data.linkage == "external"
    linkage = "external" if external else data.linkage
    if len(types) == 1:
        return llvm.global_(data.symbol, types[0], values[0], linkage=linkage, constant=True, align=data.align)
    type = _struct_type(tuple(types))
    op = llvm.global_(data.symbol, type, values, linkage=linkage, constant=True, align=data.align)
    if data.listed:
        op.attributes[LISTED] = StringAttr(data.listed)
    return op


def _measure(item: Item) -> tuple[int, int, Item]:
    match item:
        case Int():
            return item.bits // 8, item.bits // 8, item
        case Address():
            return 8, 8, item
        case Address32():
            return 4, 4, item
        case Bytes():
            return len(item.data), 1, item
        case Zeros():
            return item.size, 1, item
