"""A library module of the llvm dialect → several LLVM IR texts, which are compiled apart.

Each external definition goes to the part that `part_of` names, as `weak_odr`: when two processes compile the same function, the
linker keeps one. What is local to the module or `linkonce_odr` (constants, descriptors, adapters, function literals) is
emitted in every part that refers to it; everything else is declared there, and small functions copied
(emit_copies.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from goir.dialects import llvm_ext as llvm
from goir.lowering.emit_copies import MAX_COPIES, Copy, add_copies, emit_as_copy, is_small, make_copies, undefined_form
from goir.lowering.emit_llvm import EmitError, FunctionEmitter, ModuleEmitter, is_declaration, not_lowered
from goir.lowering.emit_text import linkage_of

_COPIED: Final = frozenset(("internal", "private", "linkonce_odr", "linkonce"))
_WEAK: Final = llvm.LINKAGE["weak_odr"]


class Part(NamedTuple):
    """One LLVM module: which symbols it defines for others and which it needs from them; copies of the functions it
    defines."""

    name: str
    text: str
    defines: tuple[str, ...]
    needs: tuple[str, ...]
    copies: dict[str, Copy]


def emit_parts(
    module: ModuleOp, part_of: Callable[[str], str], copies: Mapping[str, Copy] | None = None
) -> Iterator[Part]:
    """The parts of a library module, largest first. `copies` are of functions that other modules define; None: none
    are made or taken."""
    index: dict[str, Operation] = {}
    parts: dict[str, list[Operation]] = {}
    sizes: dict[str, int] = {}
    for op in module.body.ops:
        if not isinstance(op, llvm.FuncOp | llvm.GlobalOp):
            raise not_lowered(op)
        name = op.sym_name.data
        previous = index.get(name)
        if previous is None or is_declaration(previous):
            index[name] = op
        elif not is_declaration(op):
            raise EmitError(f"the symbol @{name} is defined twice", op)
        if not is_declaration(op) and linkage_of(op) not in _COPIED:
            op.properties["linkage"] = _WEAK
            part = part_of(name)
            parts.setdefault(part, []).append(op)
            size = sum(len(block.ops) for block in op.body.blocks) if isinstance(op, llvm.FuncOp) else 1
            sizes[part] = sizes.get(part, 0) + size
    learner = ModuleEmitter()
    learner.learn_signatures(index)
    for name in sorted(parts, key=lambda n: -sizes[n]):
        emitter = _PartEmitter(index, learner.signatures)
        yield _emit_part(name, parts[name], emitter, copies)


class _PartEmitter(ModuleEmitter):
    def __init__(self, index: dict[str, Operation], signatures: dict[str, str]) -> None:
        super().__init__()
        self.defined = index
        self.signatures = signatures
        self.met: list[str] = []

    def use(self, name: str, op: Operation) -> str:
        if name not in self.used:
            self.met.append(name)
        return super().use(name, op)

    def definition(self, op: Operation) -> None:
        """Emits a definition or a declaration."""
        if isinstance(op, llvm.GlobalOp):
            self.global_(op)
        else:
            assert isinstance(op, llvm.FuncOp)
            FunctionEmitter(self, op).emit()


def _emit_part(
    name: str, definitions: list[Operation], emitter: _PartEmitter, copies: Mapping[str, Copy] | None
) -> Part:
    index = emitter.defined
    work = list(definitions)
    seen = {_name(op) for op in definitions}
    needs: list[str] = []
    copied: set[Operation] = set()
    declared: dict[str, str] = {}
    while work:
        op = work.pop()
        if op in copied:
            assert isinstance(op, llvm.FuncOp)
            emit_as_copy(emitter, op)
        else:
            emitter.definition(op)
            if copies and is_declaration(op) and _name(op) in copies:
                declared[_name(op)] = emitter.functions.pop()
        while emitter.met:
            symbol = emitter.met.pop()
            if symbol in seen:
                continue
            seen.add(symbol)
            other = index.get(symbol)
            if other is None:
                raise EmitError(f"the symbol @{symbol} is used but neither defined nor declared", emitter.used[symbol])
            if is_declaration(other):
                work.append(other)
                if linkage_of(other) != "extern_weak":
                    needs.append(symbol)
            elif linkage_of(other) in _COPIED:
                work.append(other)
            elif copies is not None and len(copied) < MAX_COPIES and is_small(other):
                copied.add(other)
                work.append(other)
                needs.append(symbol)
            else:
                work.append(undefined_form(other))
                needs.append(symbol)
    if copies:
        needs += add_copies(emitter, copies, declared, seen)
    own = tuple(_name(op) for op in definitions)
    made = make_copies(index, emitter.signatures, [n for n in own if is_small(index[n])]) if copies is not None else {}
    return Part(name, emitter.text(), own, tuple(needs), made)


def _name(op: Operation) -> str:
    assert isinstance(op, llvm.FuncOp | llvm.GlobalOp)
    return op.sym_name.data
