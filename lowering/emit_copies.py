"""Copies of small functions, for the modules that call them: LLVM may put them where they are called.

A copy is the LLVM IR of a function as `available_externally`, with what it refers to declared. It is kept as text, so
that modules of later programs can have it too. The text has its own numbers of metadata and attribute groups;
`add_copies` gives it those of the module that it joins.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Final, NamedTuple

from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Operation, Region

from goir.dialects import llvm_ext as llvm
from goir.lowering.emit_llvm import FunctionEmitter, ModuleEmitter, is_declaration
from goir.lowering.emit_text import linkage_of, symbol_text

MAX_OPS: Final = 60
"""Functions of up to so many ops are copied."""
MAX_COPIES: Final = 200
"""Copies that one module takes."""

_AVAILABLE: Final = llvm.LINKAGE["available_externally"]
# Numbers of metadata and of attribute groups, outside of quoted names.
_NUMBER: Final = re.compile(r'"(?:[^"\\]|\\.)*"|([!#])(\d+)\b')
_UNIT: Final = "distinct !DICompileUnit"


class Copy(NamedTuple):
    """A function as text, and what it mentions: `declares` are declarations by symbol, `constants` private globals
    by names that no other constant has."""

    text: str
    metadata: list[str]
    attributes: list[str]
    declares: dict[str, str]
    intrinsics: dict[str, str]
    constants: dict[str, str]


_OF_FRAMES: Final = frozenset(
    map(
        StringAttr,
        ("llvm.returnaddress", "llvm.addressofreturnaddress.p0", "llvm.frameaddress.p0", "llvm.eh.unwind.init"),
    )
)
"""What would speak of another frame if it stood in a caller."""
_OF_DEFINITIONS: Final = ("linkage", "value", "section", "sym_visibility", "comdat", "constant", "unnamed_addr")


def undefined_form(op: Operation) -> Operation:
    """A function or global as modules declare it that do not define it."""
    properties = {k: v for k, v in op.properties.items() if k not in _OF_DEFINITIONS}
    return type(op).create(properties=properties, regions=[Region()])


def is_small(op: Operation) -> bool:
    """Whether other modules should have a copy of a function."""
    if not isinstance(op, llvm.FuncOp) or op.body.first_block is None or "no_inline" in op.properties:
        return False
    for item in llvm.items(op.properties.get("passthrough")):
        if item == StringAttr("presplitcoroutine") or llvm.items(item)[:1] == (StringAttr("target-features"),):
            return False
    count = 0
    for block in op.body.blocks:
        each = block.first_op
        while each is not None:
            count += 1
            if count > MAX_OPS or (each.__class__ is llvm.CallIntrinsicOp and each.properties["intrin"] in _OF_FRAMES):
                return False
            each = each.next_op
    return True


def make_copies(index: Mapping[str, Operation], signatures: dict[str, str], names: Sequence[str]) -> dict[str, Copy]:
    """The copies of functions of a lowered module, by symbol. `signatures`: of all functions (ModuleEmitter)."""
    found: dict[str, Copy] = {}
    for name in names:
        copy = _make_copy(index, signatures, index[name])
        if copy is not None:
            found[name] = copy
    return found


def _make_copy(index: Mapping[str, Operation], signatures: dict[str, str], op: Operation) -> Copy | None:
    """The copy of a function; None if it refers to what only its own module has."""
    assert isinstance(op, llvm.FuncOp)
    emitter = ModuleEmitter()
    emitter.signatures = signatures
    emit_as_copy(emitter, op)
    text = emitter.functions.pop()
    declares: dict[str, str] = {}
    constants: dict[str, str] = {}
    for symbol in list(emitter.used):
        other = index.get(symbol)
        if other is op:
            continue
        if other is None:
            return None
        linkage = linkage_of(other)
        if not is_declaration(other) and linkage in ("private", "internal", "linkonce_odr", "linkonce"):
            if linkage != "private" or not isinstance(other, llvm.GlobalOp) or other.constant is None:
                return None
            before = len(emitter.used)
            emitter.global_(other)
            if len(emitter.used) != before:
                return None  # it refers to more
            definition = emitter.globals.pop()
            own = symbol_text(symbol)
            content = definition.removeprefix(own)
            shared = symbol_text(f"go:constant.{hashlib.sha256(content.encode()).hexdigest()[:16]}")
            constants[shared] = shared + content
            text = text.replace(own, shared)
        elif linkage == "extern_weak":
            return None
        else:
            declared = other if is_declaration(other) else undefined_form(other)
            if isinstance(declared, llvm.GlobalOp):
                emitter.global_(declared)
                declares[symbol] = emitter.globals.pop()
            else:
                assert isinstance(declared, llvm.FuncOp)
                FunctionEmitter(emitter, declared).emit()
                declares[symbol] = emitter.functions.pop()
    return Copy(text, emitter.metadata, list(emitter.attribute_groups), declares, emitter.intrinsics, constants)


def emit_as_copy(emitter: ModuleEmitter, op: llvm.FuncOp) -> None:
    """Emits a function of another module as a copy."""
    linkage = op.properties.get("linkage")
    op.properties["linkage"] = _AVAILABLE
    try:
        FunctionEmitter(emitter, op).emit()
    finally:
        if linkage is not None:
            op.properties["linkage"] = linkage
        else:
            del op.properties["linkage"]


def add_copies(
    emitter: ModuleEmitter, copies: Mapping[str, Copy], declared: Mapping[str, str], known: Set[str]
) -> list[str]:
    """Adds the copies of functions that a module uses, and of functions that these use, up to a limit, and declares
    the others. `declared`: the declarations of functions that may become copies; `known`: all symbols that the module
    has. Answers which others the copies mention."""
    work = list(declared)
    texts = dict(declared)
    left = MAX_COPIES
    seen = set(known)
    shared: dict[str, int] = {}
    mentioned: list[str] = []
    while work:
        name = work.pop(0)
        copy = copies.get(name)
        if copy is None or left == 0:
            emitter.functions.append(texts[name])
            continue
        left -= 1
        join = _Joiner(emitter, copy, shared)
        emitter.functions.append(join(copy.text))
        emitter.intrinsics.update({k: v for k, v in copy.intrinsics.items() if k not in emitter.intrinsics})
        for constant, text in copy.constants.items():
            if constant not in shared:
                shared[constant] = 0
                emitter.globals.append(text)
        for symbol, text in copy.declares.items():
            if symbol in seen:
                continue
            seen.add(symbol)
            mentioned.append(symbol)
            if text.startswith("declare"):
                texts[symbol] = join(text)
                work.append(symbol)
            else:
                emitter.globals.append(text)
    return mentioned


class _TakingEmitter(ModuleEmitter):
    def __init__(self, copies: Mapping[str, Copy]) -> None:
        super().__init__()
        self.copyable = copies
        self.copies = copies

    def declare_copyable(self, declared: dict[str, str]) -> None:
        # Those that only tables mention are declared, unless a copy calls them.
        used = {name: text for name, text in declared.items() if name in self.used}
        rest = declared.keys() - used.keys()
        called = add_copies(self, self.copies, used, self.defined.keys() - rest)
        self.functions += [declared[name] for name in declared if name in rest and name not in called]


def emit_with_copies(module: ModuleOp, folder: str, copies: Mapping[str, Copy]) -> str:
    """LLVM IR text of a module in the llvm dialect, with copies of functions it calls."""
    emitter = _TakingEmitter(copies)
    emitter.folder = folder
    return emitter.emit(module)


def choose_copies(copies: Mapping[str, Copy], symbols: Iterable[str]) -> dict[str, Copy]:
    """The copies that a module can use which refers to some symbols."""
    chosen: dict[str, Copy] = {}
    work = sorted(symbols)
    while work:
        following: list[str] = []
        for symbol in work:
            copy = copies.get(symbol)
            if copy is not None and symbol not in chosen and len(chosen) < 2 * MAX_COPIES:
                chosen[symbol] = copy
                following += copy.declares
        work = following
    return chosen


class _Joiner:
    """Renumbers the texts of a copy for the module that they join."""

    def __init__(self, emitter: ModuleEmitter, copy: Copy, shared: dict[str, int]) -> None:
        self.emitter = emitter
        self.copy = copy
        self.shared = shared
        self.numbers: dict[int, int] = {}

    def __call__(self, text: str) -> str:
        return _NUMBER.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        kind = match[1]
        if kind is None:
            return match[0]
        number = int(match[2])
        if kind == "#":
            groups = self.emitter.attribute_groups
            return f"#{groups.setdefault(self.copy.attributes[number], len(groups))}"
        return f"!{self._node(number)}"

    def _node(self, number: int) -> int:
        found = self.numbers.get(number)
        if found is not None:
            return found
        text = self.copy.metadata[number]
        emitter = self.emitter
        if text.startswith(_UNIT) and emitter.unit is not None:
            found = self.numbers[number] = emitter.unit
            return found
        text = self(text)
        distinct = text.startswith("distinct")
        found = None if distinct else self.shared.get(text)
        if found is None:
            found = emitter.node(text)
            if not distinct:
                self.shared[text] = found
            if text.startswith(_UNIT):
                emitter.unit = found
        self.numbers[number] = found
        return found
