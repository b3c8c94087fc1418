"""A module of the llvm dialect → several LLVM IR texts, which are compiled apart.

Each definition goes to the part that is its home; what is local to the module or `linkonce_odr` and has none (constants,
interface tables, records) is emitted in every part that refers to it. Everything else is declared there, and small
functions copied (emit_copies.py). Private constants are numbered as a part meets them: its text depends on nothing that
only other parts have.

`emit_parts` is for library modules: a part for each package, external definitions as `weak_odr`: when two processes
compile the same function, the linker keeps one. Programs are parted by program_parts.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from goir.dialects import llvm_ext as llvm
from goir.lowering.emit_copies import MAX_COPIES, Copy, add_copies, emit_as_copy, is_small, make_copies, undefined_form
from goir.lowering.emit_llvm import EmitError, FunctionEmitter, ModuleEmitter, is_declaration, not_lowered
from goir.lowering.emit_text import linkage_of, symbol_text

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
    index = definitions(module)
    parts: dict[str, list[Operation]] = {}
    sizes: dict[str, int] = {}
    for name, op in index.items():
        if not is_declaration(op) and linkage_of(op) not in _COPIED:
            op.properties["linkage"] = _WEAK
            part = part_of(name)
            parts.setdefault(part, []).append(op)
            sizes[part] = sizes.get(part, 0) + size_of(op)
    writer = PartWriter(index)
    for name in sorted(parts, key=lambda n: -sizes[n]):
        own = [symbol_of(op) for op in parts[name]]
        text, needs = writer.write(parts[name], copies)
        made: dict[str, Copy] = {}
        if copies is not None:
            made = make_copies(index, writer.signatures, [n for n in own if is_small(index[n])])
        yield Part(name, text, tuple(own), tuple(needs), made)


def definitions(module: ModuleOp) -> dict[str, Operation]:
    """The functions and globals of a lowered module by symbol: definitions where there are some, else declarations."""
    index: dict[str, Operation] = {}
    for op in module.body.ops:
        if not isinstance(op, llvm.FuncOp | llvm.GlobalOp):
            raise not_lowered(op)
        name = op.sym_name.data
        previous = index.get(name)
        if previous is None or is_declaration(previous):
            index[name] = op
        elif not is_declaration(op):
            raise EmitError(f"the symbol @{name} is defined twice", op)
    return index


def size_of(op: Operation) -> int:
    """How much a definition is for LLVM, in ops."""
    return sum(len(block.ops) for block in op.body.blocks) if isinstance(op, llvm.FuncOp) else 1


def symbol_of(op: Operation) -> str:
    """The symbol of a function or global."""
    assert isinstance(op, llvm.FuncOp | llvm.GlobalOp)
    return op.sym_name.data


class PartWriter:
    """Writes parts of the module that has the definitions `index`. File names are relative to `folder`."""

    def __init__(self, index: dict[str, Operation], folder: str = "") -> None:
        learner = ModuleEmitter()
        learner.learn_signatures(index)
        self.signatures = learner.signatures
        self._index = index
        self._folder = folder

    def write(self, own: list[Operation], copies: Mapping[str, Copy] | None) -> tuple[str, list[str]]:
        """The text of the part with the definitions `own`, and which symbols it needs of others."""
        emitter = _PartEmitter(self._index, self.signatures, self._folder)
        work = list(own)
        seen = {symbol_of(op) for op in own}
        needs: list[str] = []
        declared: dict[str, str] = {}
        small: dict[str, Operation] = {}
        copied: set[str] = set()
        while work:
            op = work.pop()
            symbol = symbol_of(op)
            if symbol in copied:
                assert isinstance(op, llvm.FuncOp)
                emit_as_copy(emitter, op)
            else:
                emitter.definition(op)
                if copies and symbol in copies and is_declaration(op):
                    declared[symbol] = emitter.functions.pop()
            while emitter.met:
                symbol = emitter.met.pop()
                if symbol in seen:
                    continue
                seen.add(symbol)
                other = self._index.get(symbol)
                if other is None:
                    raise EmitError(
                        f"the symbol @{symbol} is used but neither defined nor declared", emitter.used[symbol]
                    )
                if is_declaration(other):
                    work.append(other)
                    if linkage_of(other) != "extern_weak":
                        needs.append(symbol)
                elif linkage_of(other) in _COPIED:
                    work.append(other)
                else:
                    needs.append(symbol)
                    if copies is not None and is_small(other):
                        small[symbol] = other
                    else:
                        work.append(undefined_form(other))
            if not work:
                # Which functions are called, not only in tables, is known when everything else is there.
                chosen = [symbol for symbol in small if symbol in emitter.called][: MAX_COPIES - len(copied)]
                if chosen:
                    copied.update(chosen)
                    work += [small.pop(symbol) for symbol in chosen]
                else:
                    work += [undefined_form(other) for other in small.values()]
                    small.clear()
        if copies:
            called = {symbol: text for symbol, text in declared.items() if symbol in emitter.called}
            emitter.functions += [text for symbol, text in declared.items() if symbol not in called]
            needs += add_copies(emitter, copies, called, seen)
        return emitter.text(), needs


class _PartEmitter(ModuleEmitter):
    def __init__(self, index: dict[str, Operation], signatures: dict[str, str], folder: str) -> None:
        super().__init__()
        self.defined = index
        self.signatures = signatures
        self.folder = folder
        self.met: list[str] = []
        self.called: set[str] = set()
        self._spelled: dict[str, str] = {}

    def use(self, name: str, op: Operation) -> str:
        if name not in self.used:
            self.met.append(name)
        if op.__class__ is llvm.CallOp:
            self.called.add(name)
        return super().use(name, op)

    def spell(self, name: str) -> str:
        text = self._spelled.get(name)
        if text is None:
            op = self.defined.get(name)
            private = isinstance(op, llvm.GlobalOp) and linkage_of(op) == "private"
            text = self._spelled[name] = symbol_text(f"go:local.{len(self._spelled)}" if private else name)
        return text

    def definition(self, op: Operation) -> None:
        """Emits a definition or a declaration."""
        if isinstance(op, llvm.GlobalOp):
            self.global_(op)
        else:
            assert isinstance(op, llvm.FuncOp)
            FunctionEmitter(self, op).emit()
