"""Textual IR: `.goir` files in and out, at any level (go, coro and llvm dialects).

Operations that carry no `loc(…)` in the text are located in the text itself, so that every diagnostic has a place.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from xdsl.context import Context
from xdsl.dialects.builtin import UNKNOWN_LOC, FileLineColLoc, IntAttr, LocationAttr, ModuleOp, StringAttr
from xdsl.ir import AttributeInvT, Block, Dialect, Operation, SSAValue, TypeAttribute
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.parser.generic_parser import ParserState
from xdsl.printer import Printer
from xdsl.utils.exceptions import MultipleSpansParseError, ParseError, VerifyException
from xdsl.utils.lexer import Input
from xdsl.utils.mlir_lexer import MLIRLexer, MLIRTokenKind

from goir.build.errors import BuildError
from goir.dialects.text_parser import TextParser
from goir.dialects.verify import Diagnostic, verify_module


@dataclass
class IRError(BuildError):
    """Malformed IR: `str()` is the located diagnostics, one a line."""

    diagnostics: Sequence[Diagnostic]

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


def _go() -> Dialect:
    from goir.dialects.go import Go

    return Go


def _coro() -> Dialect:
    from goir.dialects.coro import Coro

    return Coro


def _llvm() -> Dialect:
    from goir.dialects.llvm_ext import LLVM

    return LLVM


def _cf() -> Dialect:
    from xdsl.dialects.cf import Cf

    return Cf


def _arith() -> Dialect:
    from xdsl.dialects.arith import Arith

    return Arith


def _builtin() -> Dialect:
    from xdsl.dialects.builtin import Builtin

    return Builtin


DIALECTS = {"builtin": _builtin, "go": _go, "coro": _coro, "cf": _cf, "arith": _arith, "llvm": _llvm}
"""The dialects of goir's IR, loaded when an op of theirs is met."""


def make_context() -> Context:
    """A context in which every level of goir's IR can be parsed."""
    context = Context()
    for name, load in DIALECTS.items():
        context.register_dialect(name, load)
    return context


_PLACE = re.compile(r'loc\("([^"\\\n]*)":([0-9]+):([0-9]+)\)')
_NESTING = re.compile(r'->|[<>\n]|"(?:[^"\\\n]|\\.)*"')


def _end_of_body(text: str, start: int) -> int:
    """Where the `<…>` that begins at `start` ends; `start` if it does not end on this line."""
    depth = 0
    for token in _NESTING.finditer(text, start):
        kind = token[0]
        if kind == "<":
            depth += 1
        elif kind == ">":
            depth -= 1
            if depth == 0:
                return token.end()
        elif kind == "\n":
            break
    return start


class _Lexer(MLIRLexer):
    """xDSL's lexer, without the exponential time that its pattern takes on a string that is not closed."""

    _unescaped_characters_regex = re.compile(r'"(?:[^"\\\n\v\f]++|\\(?:["nt\\]|[0-9A-Fa-f]{2}))*+"')


class _Parser(TextParser):
    """xDSL's parser, which also locates operations in the text they are written in."""

    def __init__(self, context: Context, text: str, filename: str, line_offset: int) -> None:
        # what Parser.__init__ does, with our lexer
        super(Parser, self).__init__(ParserState(_Lexer(Input(text, filename))), context)
        self.ssa_values = {}
        self.blocks = {}
        self.forward_block_references = defaultdict(list)
        self.forward_ssa_references = {}
        self._filename = StringAttr(filename)
        self._line_offset = line_offset
        self._starts = [0]
        start = text.find("\n")
        while start >= 0:
            self._starts.append(start + 1)
            start = text.find("\n", start + 1)
        self._located = False
        self._start = 0
        self._forward: dict[str, int] = {}
        self._types: dict[str, TypeAttribute] = {}
        self._locations: dict[str, LocationAttr] = {}
        self._integers: dict[int, IntAttr] = {}

    def _integer(self, value: int) -> IntAttr:
        found = self._integers.get(value)
        if found is None:
            found = self._integers[value] = IntAttr(value)
        return found

    def _skip_to(self, position: int) -> None:
        self.lexer.pos = position
        self._parser_state.current_token = self.lexer.lex()

    def parse_optional_type(self) -> TypeAttribute | None:
        # a module has few types and names them all the time: each text is parsed once
        token = self._current_token
        if token.kind != MLIRTokenKind.EXCLAMATION_IDENT:
            return super().parse_optional_type()
        content = self.lexer.input.content
        start, end = token.span.start, token.span.end
        if content[end : end + 1] == "<":
            end = _end_of_body(content, end)
        text = content[start:end]
        known = self._types.get(text)
        if known is not None:
            self._skip_to(end)
            return known
        parsed = super().parse_optional_type()
        if parsed is not None and content[start : self.pos].rstrip() == text:
            self._types[text] = parsed
        return parsed

    def resolve_operand(self, operand: UnresolvedOperand, type: AttributeInvT) -> SSAValue[AttributeInvT]:
        name = operand.operand_name
        if name not in self.ssa_values:
            self._forward.setdefault(name, operand.span.start)
        return super().resolve_operand(operand, type)

    def undefined(self) -> tuple[int, str] | None:
        """The first value that was used and never defined."""
        places = [(self._forward.get(name, 0), name) for name in self.forward_ssa_references]
        return min(places) if places else None

    def line_and_column(self, position: int) -> tuple[int, int]:
        line = bisect_right(self._starts, position)
        return line + self._line_offset, position - self._starts[line - 1] + 1

    def parse_optional_location(self) -> LocationAttr | None:
        token = self._current_token
        if token.kind != MLIRTokenKind.BARE_IDENT or token.text != "loc":
            return None
        found = _PLACE.match(self.lexer.input.content, token.span.start)
        if found is not None:
            self._located = True
            location = self._locations.get(found[0])
            if location is None:
                location = self._locations[found[0]] = FileLineColLoc(
                    StringAttr(found[1]), IntAttr(int(found[2])), IntAttr(int(found[3]))
                )
            self._skip_to(found.end())
            return location
        location = super().parse_optional_location()
        if location is not None:
            self._located = True
        return location

    def _get_op_by_name(self, name: str) -> type[Operation]:
        found = self.ctx.get_optional_op(name, dialect_stack=self._parser_state.dialect_stack)
        if found is None:
            self.raise_error(f"operation {name} is not known", self._start, self._start + 1)
        return found

    def parse_operation(self) -> Operation:
        start = self._start = self.pos
        op = super().parse_operation()
        if op.location is UNKNOWN_LOC and not self._located:
            line, column = self.line_and_column(start)
            # not through the constructor, whose checks cost ten times as much
            location = FileLineColLoc.__new__(FileLineColLoc)
            object.__setattr__(location, "filename", self._filename)
            object.__setattr__(location, "line", self._integer(line))
            object.__setattr__(location, "column", self._integer(column))
            op.location = location
        self._located = False
        return op


def parse_text(
    text: str, filename: str, context: Context | None = None, *, line_offset: int = 0, implicit_module: bool = True
) -> ModuleOp:
    """The module a text says, unverified. Raises IRError if it cannot be read."""
    parser = None
    try:
        parser = _Parser(context or make_context(), text, filename, line_offset)
        module = parser.parse_module(implicit_module)
        if not module.body.blocks:
            module.body.add_block(Block())
        return module
    except ParseError as error:
        place = error.span.get_location()
        message = " ".join(error.msg.split())
        if isinstance(error, MultipleSpansParseError) and message.startswith("region ends with missing block"):
            # the reference is the place to look at, not the region's end
            span = error.refs[0][0]
            place = span.get_location()
            message = f"block {span.text} is not defined in this function"
        elif parser is not None and message.startswith("values used") and (found := parser.undefined()) is not None:
            line, column = parser.line_and_column(found[0])
            raise IRError([Diagnostic(filename, line, column, f"%{found[1]} is not defined")]) from error
        raise IRError([Diagnostic(filename, place.line + line_offset, place.col, message)]) from error
    except RecursionError:
        message = "nested too deeply"
    except VerifyException as error:
        message = " ".join(str(error).split())
    except Exception as error:  # xDSL's parser trips over some malformed inputs; that is the input's error
        if isinstance(error, KeyError) and parser is not None and str(error.args[0]) in parser.blocks:
            message = f"block ^{error.args[0]} is defined twice"
        elif isinstance(error, UnicodeDecodeError):
            message = "this string is not valid UTF-8"
        else:
            message = "malformed IR: " + " ".join(str(error.args[0] if error.args else type(error).__name__).split())
    line, column = parser.line_and_column(parser.pos) if parser is not None else (1 + line_offset, 1)
    raise IRError([Diagnostic(filename, line, column, message)])


def read_text(path: Path, filename: str | None = None) -> str:
    """A file's text. Raises IRError if it is no UTF-8."""
    data = path.read_bytes()
    return decode_text(data, filename or str(path))


def decode_text(data: bytes, filename: str, *, line_offset: int = 0) -> str:
    """UTF-8 text of a file. Raises IRError at the first byte that is none."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1 + line_offset
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise IRError([Diagnostic(filename, line, column, "the file is not valid UTF-8")]) from error


def load_module(path: Path, *, verify: bool = True) -> ModuleOp:
    """The module in a `.goir` file. Raises IRError with its diagnostics if it is malformed."""
    try:
        text = read_text(path)
    except OSError as error:
        raise BuildError(f"{path}: {os.strerror(error.errno or 0)}") from error
    module = parse_text(text, str(path))
    if verify:
        check_module(module)
    return module


def check_module(module: ModuleOp) -> None:
    """Raises IRError unless the module verifies."""
    diagnostics = verify_module(module)
    if diagnostics:
        raise IRError(diagnostics)


def print_module(module: ModuleOp, *, debuginfo: bool = False, generic: bool = False) -> str:
    """The text of a module; with `debuginfo` every op's location is part of it."""
    out = StringIO()
    Printer(stream=out, print_generic_format=generic, print_debuginfo=debuginfo).print_op(module)
    out.write("\n")
    return out.getvalue()


def save_module(module: ModuleOp, path: Path, *, debuginfo: bool = True) -> None:
    """Writes a module to a `.goir` file."""
    path.write_text(print_module(module, debuginfo=debuginfo), encoding="utf-8")


__all__ = [
    "DIALECTS",
    "Diagnostic",
    "IRError",
    "check_module",
    "decode_text",
    "load_module",
    "make_context",
    "parse_text",
    "print_module",
    "read_text",
    "save_module",
]
