"""LLVM signatures of Go functions (docs/abi.md, "Functions").

func f(a T, b Big) (R, Big)     →     swiftcc {R, i1} (T, ptr %b, ptr %result1, ptr nest %ctx)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from xdsl.dialects.builtin import i1, i8, i32, i64
from xdsl.dialects.llvm import LLVMFunctionType, LLVMStructType, LLVMVoidType
from xdsl.ir import Attribute

from goir.dialects import llvm_ext as llvm
from goir.dialects.go_types import FuncType
from goir.lowering.layout import COMPLEX64, COMPLEX128, F32, F64, INTERFACE, PTR, SLICE, STRING, Layouts, TypeLayout
from goir.lowering.runtime_calls import RuntimeFunction

VOID: Final = LLVMVoidType()
FLOAT_RESULTS: Final = 4
"""As many floats are returned in vector registers; LLVM would take x87 registers for more, which change signalling NaNs."""
_SWIFT: Final[dict[int, dict[str, Attribute]]] = {}


def call_properties(count: int) -> dict[str, Attribute]:
    """Properties of a call of a Go function with `count` operands, the last of which is ctx."""
    found = _SWIFT.get(count)
    if found is None:
        found = _SWIFT[count] = {"CConv": llvm.CCONV["swiftcc"], "arg_attrs": llvm.nest_last(count)}
    return found


class Signature(NamedTuple):
    """How a Go function looks in LLVM.

    `params` are the LLVM types of the Go parameters. A result in `direct` is part of the returned value, in order; the
    others (`indirect`: index and layout) are written through pointers that follow the parameters. Last comes ctx.
    Indirect are values of indirect types, and those whose floats would be the fifth and later ones.
    """

    params: tuple[Attribute, ...]
    results: tuple[Attribute, ...]
    direct: tuple[int, ...]
    indirect: tuple[tuple[int, TypeLayout], ...]
    flag: bool
    llvm: LLVMFunctionType
    slot: LLVMStructType | None

    @property
    def returned(self) -> tuple[Attribute, ...]:
        """The parts of the returned value: direct results, then the flag."""
        parts = tuple(self.results[i] for i in self.direct)
        return (*parts, i1) if self.flag else parts


class _Function(Protocol):
    """What signatures need of a function op."""

    @property
    def function_type(self) -> FuncType: ...

    @property
    def may_panic(self) -> object | None: ...


_RUNTIME_TYPES: Final[dict[str, Attribute]] = {
    "ptr": PTR, "typ": PTR, "bool": i1, "int": i64, "uint": i64, "int64": i64, "uint64": i64, "uintptr": i64,
    "int32": i32, "uint32": i32, "uint8": i8, "float64": F64, "float32": F32, "string": STRING, "any": INTERFACE,
    "[]byte": SLICE, "[]int32": SLICE, "complex128": COMPLEX128, "complex64": COMPLEX64,
}  # fmt: skip


class Signatures:
    """Signatures of one module's functions, memoised by Go type."""

    def __init__(self, layouts: Layouts) -> None:
        self._layouts = layouts
        self._cache: dict[tuple[Attribute, bool], Signature] = {}
        self._runtime: dict[str, Signature] = {}
        self._coro: dict[Attribute, LLVMFunctionType] = {}

    def of_type(self, type: FuncType, flag: bool = True) -> Signature:
        """The signature of a function of `type`; dynamic calls always have the flag."""
        key = (type, flag)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._make(type, flag)
        return found

    def _make(self, type: FuncType, flag: bool) -> Signature:
        layouts = self._layouts
        params = tuple(layouts.of(t).value for t in type.params.data)
        results = [layouts.of(t) for t in type.results.data]
        by_address: set[int] = set()
        floats = 0
        for i, result in enumerate(results):
            count = 0 if result.indirect else _float_scalars(result)
            if result.indirect or floats + count > FLOAT_RESULTS:
                by_address.add(i)
            else:
                floats += count
        direct = tuple(i for i in range(len(results)) if i not in by_address)
        indirect = tuple((i, results[i]) for i in range(len(results)) if i in by_address)
        slot = LLVMStructType.from_type_list([i8, *(r.memory for r in results)])
        return _signature(params, tuple(r.value for r in results), direct, indirect, flag, slot)

    def of_function(self, op: _Function) -> Signature:
        """The signature of a `go.func`, `coro.func` or `coro.adapter`'s plain form."""
        return self.of_type(op.function_type, op.may_panic is not None)

    def of_runtime(self, function: RuntimeFunction) -> Signature:
        """The signature of a runtime function that lowering calls."""
        found = self._runtime.get(function.name)
        if found is None:
            params = tuple(_RUNTIME_TYPES[p] for p in function.params)
            results = tuple(_RUNTIME_TYPES[r] for r in function.results)
            found = _signature(params, results, tuple(range(len(results))), (), function.may_panic, None)
            self._runtime[function.name] = found
        return found

    def coroutine(self, type: FuncType) -> LLVMFunctionType:
        """`ptr (args…, ptr slot, ptr ctx)`: the entry of the coroutine form of a function of `type`."""
        found = self._coro.get(type)
        if found is None:
            params = [self._layouts.of(t).value for t in type.params.data]
            found = self._coro[type] = LLVMFunctionType([*params, PTR, PTR], PTR)
        return found

    def slot_type(self, results: Sequence[Attribute]) -> LLVMStructType:
        """`{i8 panicked, results in memory form…}`."""
        return LLVMStructType.from_type_list([i8, *(self._layouts.of(t).memory for t in results)])


def _float_scalars(layout: TypeLayout) -> int:
    """How many floats a value is made of."""
    if layout.float_width:
        return layout.scalars
    if layout.kind == "array":
        assert layout.elem is not None
        return _float_scalars(layout.elem) * layout.length
    return sum(_float_scalars(field) for field in layout.fields)


def _signature(
    params: tuple[Attribute, ...],
    results: tuple[Attribute, ...],
    direct: tuple[int, ...],
    indirect: tuple[tuple[int, TypeLayout], ...],
    flag: bool,
    slot: LLVMStructType | None,
) -> Signature:
    parts = [results[i] for i in direct]
    if flag:
        parts.append(i1)
    returned: Attribute = VOID if not parts else parts[0] if len(parts) == 1 else LLVMStructType.from_type_list(parts)
    llvm = LLVMFunctionType([*params, *(PTR for _ in indirect), PTR], returned)
    return Signature(params, results, direct, indirect, flag, llvm, slot)
