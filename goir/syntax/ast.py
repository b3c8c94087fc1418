"""The syntax tree: the classes and fields of Go's ``go/ast``, with snake_case field names.

Positions are ints of a :class:`goir.syntax.positions.FileSet`; 0 means "no position". Every node has ``pos`` (its first
character) and ``end`` (the character after its last one). Where go/ast has a field for the first token (``NamePos``,
``Lparen``, ``TokPos`` …), it is stored once, as ``pos``, and the go/ast name is an alias. Nodes compare and hash by
identity, so that the checker can use them as dictionary keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple


class Directive(NamedTuple):
    """A ``//go:…`` or ``//goir:…`` comment: its position, its text from ``//`` on, and the word that begins the declaration
    (or package clause) whose comment it is; empty if it is none's."""

    pos: int
    text: str
    place: str = ""


class Node:
    """A node of the syntax tree."""

    __slots__ = ("pos",)
    pos: int

    @property
    def end(self) -> int:
        """The position after the node's last character."""
        last = self.last()
        while not isinstance(last, int):
            last = last.last()
        return last

    def last(self) -> Node | int:
        """The child that the node ends with, or its end if it ends with a token."""
        raise NotImplementedError


class Expr(Node):
    """An expression or a type."""

    __slots__ = ()


class Stmt(Node):
    """A statement."""

    __slots__ = ()


class Decl(Node):
    """A declaration at package level, or the declaration in a DeclStmt."""

    __slots__ = ()


class Spec(Node):
    """One entry of a GenDecl."""

    __slots__ = ()


# ---- Fields ----------------------------------------------------------------------------------------------


class Field(Node):
    """One group of names with a type: parameters, results, struct fields, type parameters, interface elements."""

    __slots__ = ("names", "tag", "type")

    def __init__(self, names: list[Ident], type: Expr, tag: BasicLit | None = None) -> None:
        self.pos = names[0].pos if names else type.pos
        self.names = names
        self.type = type
        self.tag = tag

    def last(self) -> Node | int:
        return self.tag if self.tag is not None else self.type


class FieldList(Node):
    """A bracketed list of fields; ``opening`` and ``closing`` are 0 when there is no bracket."""

    __slots__ = ("closing", "list", "opening")

    def __init__(self, opening: int, list: list[Field], closing: int) -> None:
        self.pos = opening or (list[0].pos if list else 0)
        self.opening = opening
        self.list = list
        self.closing = closing

    def last(self) -> Node | int:
        return self.closing + 1 if self.closing else (self.list[-1] if self.list else self.pos)


# ---- Expressions -----------------------------------------------------------------------------------------


class BadExpr(Expr):
    """A place where the parser found no expression; an error was reported there."""

    __slots__ = ("to",)

    def __init__(self, pos: int, to: int) -> None:
        self.pos = pos
        self.to = to

    def last(self) -> Node | int:
        return self.to


class Ident(Expr):
    """An identifier."""

    __slots__ = ("name",)

    def __init__(self, pos: int, name: str) -> None:
        self.pos = pos
        self.name = name

    def last(self) -> Node | int:
        return self.pos + len(self.name.encode())

    @property
    def name_pos(self) -> int:
        return self.pos


class Ellipsis(Expr):
    """``...T`` in a parameter list, or the ``...`` of ``[...]T`` (``elt`` None)."""

    __slots__ = ("elt",)

    def __init__(self, pos: int, elt: Expr | None = None) -> None:
        self.pos = pos
        self.elt = elt

    def last(self) -> Node | int:
        return self.elt if self.elt is not None else self.pos + 3


class BasicLit(Expr):
    """A literal; ``kind`` is INT, FLOAT, IMAG, CHAR or STRING and ``value`` the source text.

    ``bad`` is set when the lexer reported an error in it: its value then means nothing.
    """

    __slots__ = ("bad", "kind", "value")

    def __init__(self, pos: int, kind: str, value: str, bad: bool = False) -> None:
        self.pos = pos
        self.kind = kind
        self.value = value
        self.bad = bad

    def last(self) -> Node | int:
        return self.pos + len(self.value.encode("utf-8", "surrogateescape"))

    @property
    def value_pos(self) -> int:
        return self.pos


class FuncLit(Expr):
    """A function literal."""

    __slots__ = ("body", "type")

    def __init__(self, type: FuncType, body: BlockStmt) -> None:
        self.pos = type.pos
        self.type = type
        self.body = body

    def last(self) -> Node | int:
        return self.body


class CompositeLit(Expr):
    """``T{elts}``; ``type`` is None for an elided inner type."""

    __slots__ = ("elts", "lbrace", "rbrace", "type")

    def __init__(self, type: Expr | None, lbrace: int, elts: list[Expr], rbrace: int) -> None:
        self.pos = type.pos if type is not None else lbrace
        self.type = type
        self.lbrace = lbrace
        self.elts = elts
        self.rbrace = rbrace

    def last(self) -> Node | int:
        return self.rbrace + 1


class ParenExpr(Expr):
    """``(x)``."""

    __slots__ = ("rparen", "x")

    def __init__(self, pos: int, x: Expr, rparen: int) -> None:
        self.pos = pos
        self.x = x
        self.rparen = rparen

    def last(self) -> Node | int:
        return self.rparen + 1

    @property
    def lparen(self) -> int:
        return self.pos


class SelectorExpr(Expr):
    """``x.sel``."""

    __slots__ = ("sel", "x")

    def __init__(self, x: Expr, sel: Ident) -> None:
        self.pos = x.pos
        self.x = x
        self.sel = sel

    def last(self) -> Node | int:
        return self.sel


class IndexExpr(Expr):
    """``x[index]``: an index, or an instantiation with one type argument."""

    __slots__ = ("index", "lbrack", "rbrack", "x")

    def __init__(self, x: Expr, lbrack: int, index: Expr, rbrack: int) -> None:
        self.pos = x.pos
        self.x = x
        self.lbrack = lbrack
        self.index = index
        self.rbrack = rbrack

    def last(self) -> Node | int:
        return self.rbrack + 1


class IndexListExpr(Expr):
    """``x[a, b]``: an instantiation with several type arguments."""

    __slots__ = ("indices", "lbrack", "rbrack", "x")

    def __init__(self, x: Expr, lbrack: int, indices: list[Expr], rbrack: int) -> None:
        self.pos = x.pos
        self.x = x
        self.lbrack = lbrack
        self.indices = indices
        self.rbrack = rbrack

    def last(self) -> Node | int:
        return self.rbrack + 1


class SliceExpr(Expr):
    """``x[low:high:max]``; ``slice3`` when two colons are present."""

    __slots__ = ("high", "lbrack", "low", "max", "rbrack", "slice3", "x")

    def __init__(
        self,
        x: Expr,
        lbrack: int,
        low: Expr | None,
        high: Expr | None,
        max: Expr | None,
        slice3: bool,
        rbrack: int,
    ) -> None:
        self.pos = x.pos
        self.x = x
        self.lbrack = lbrack
        self.low = low
        self.high = high
        self.max = max
        self.slice3 = slice3
        self.rbrack = rbrack

    def last(self) -> Node | int:
        return self.rbrack + 1


class TypeAssertExpr(Expr):
    """``x.(type)``; ``type`` is None for the form of type switches."""

    __slots__ = ("lparen", "rparen", "type", "x")

    def __init__(self, x: Expr, lparen: int, type: Expr | None, rparen: int) -> None:
        self.pos = x.pos
        self.x = x
        self.lparen = lparen
        self.type = type
        self.rparen = rparen

    def last(self) -> Node | int:
        return self.rparen + 1


class CallExpr(Expr):
    """``fun(args)``, a call or a conversion; ``ellipsis`` is the position of ``...`` or 0."""

    __slots__ = ("args", "ellipsis", "fun", "lparen", "rparen")

    def __init__(self, fun: Expr, lparen: int, args: list[Expr], ellipsis: int, rparen: int) -> None:
        self.pos = fun.pos
        self.fun = fun
        self.lparen = lparen
        self.args = args
        self.ellipsis = ellipsis
        self.rparen = rparen

    def last(self) -> Node | int:
        return self.rparen + 1


class StarExpr(Expr):
    """``*x``: an indirection or a pointer type."""

    __slots__ = ("x",)

    def __init__(self, pos: int, x: Expr) -> None:
        self.pos = pos
        self.x = x

    def last(self) -> Node | int:
        return self.x

    @property
    def star(self) -> int:
        return self.pos


class UnaryExpr(Expr):
    """``op x`` with op one of ``+ - ! ^ & <- ~``."""

    __slots__ = ("op", "x")

    def __init__(self, pos: int, op: str, x: Expr) -> None:
        self.pos = pos
        self.op = op
        self.x = x

    def last(self) -> Node | int:
        return self.x

    @property
    def op_pos(self) -> int:
        return self.pos


class BinaryExpr(Expr):
    """``x op y``."""

    __slots__ = ("op", "op_pos", "x", "y")

    def __init__(self, x: Expr, op_pos: int, op: str, y: Expr) -> None:
        self.pos = x.pos
        self.x = x
        self.op_pos = op_pos
        self.op = op
        self.y = y

    def last(self) -> Node | int:
        return self.y


class KeyValueExpr(Expr):
    """``key: value`` in a composite literal."""

    __slots__ = ("colon", "key", "value")

    def __init__(self, key: Expr, colon: int, value: Expr) -> None:
        self.pos = key.pos
        self.key = key
        self.colon = colon
        self.value = value

    def last(self) -> Node | int:
        return self.value


# ---- Types -----------------------------------------------------------------------------------------------


class ArrayType(Expr):
    """``[len]elt``; ``len`` is None for a slice and an Ellipsis for ``[...]elt``."""

    __slots__ = ("elt", "len")

    def __init__(self, pos: int, len: Expr | None, elt: Expr) -> None:
        self.pos = pos
        self.len = len
        self.elt = elt

    def last(self) -> Node | int:
        return self.elt

    @property
    def lbrack(self) -> int:
        return self.pos


class StructType(Expr):
    """A struct type."""

    __slots__ = ("fields",)

    def __init__(self, pos: int, fields: FieldList) -> None:
        self.pos = pos
        self.fields = fields

    def last(self) -> Node | int:
        return self.fields

    @property
    def struct(self) -> int:
        return self.pos


class FuncType(Expr):
    """A function type; without ``func`` keyword (interface methods) ``func`` is 0, ``pos`` that of the parameters."""

    __slots__ = ("func", "params", "results", "type_params")

    def __init__(self, func: int, type_params: FieldList | None, params: FieldList, results: FieldList | None) -> None:
        self.pos = func or params.pos
        self.func = func
        self.type_params = type_params
        self.params = params
        self.results = results

    def last(self) -> Node | int:
        return self.results if self.results is not None else self.params


class InterfaceType(Expr):
    """An interface type; methods have one name and a FuncType, other elements no name."""

    __slots__ = ("methods",)

    def __init__(self, pos: int, methods: FieldList) -> None:
        self.pos = pos
        self.methods = methods

    def last(self) -> Node | int:
        return self.methods

    @property
    def interface(self) -> int:
        return self.pos


class MapType(Expr):
    """``map[key]value``."""

    __slots__ = ("key", "value")

    def __init__(self, pos: int, key: Expr, value: Expr) -> None:
        self.pos = pos
        self.key = key
        self.value = value

    def last(self) -> Node | int:
        return self.value

    @property
    def map(self) -> int:
        return self.pos


class ChanType(Expr):
    """A channel type; ``dir`` is "both", "send" or "recv", ``arrow`` the position of ``<-`` or 0."""

    __slots__ = ("arrow", "dir", "value")

    def __init__(self, pos: int, arrow: int, dir: str, value: Expr) -> None:
        self.pos = pos
        self.arrow = arrow
        self.dir = dir
        self.value = value

    def last(self) -> Node | int:
        return self.value

    @property
    def begin(self) -> int:
        return self.pos


# ---- Statements ------------------------------------------------------------------------------------------


class BadStmt(Stmt):
    """A statement with syntax errors."""

    __slots__ = ("to",)

    def __init__(self, pos: int, to: int) -> None:
        self.pos = pos
        self.to = to

    def last(self) -> Node | int:
        return self.to


class DeclStmt(Stmt):
    """A declaration in a statement list."""

    __slots__ = ("decl",)

    def __init__(self, decl: GenDecl) -> None:
        self.pos = decl.pos
        self.decl = decl

    def last(self) -> Node | int:
        return self.decl


class EmptyStmt(Stmt):
    """An empty statement; ``implicit`` when the semicolon was not written."""

    __slots__ = ("implicit",)

    def __init__(self, pos: int, implicit: bool) -> None:
        self.pos = pos
        self.implicit = implicit

    def last(self) -> Node | int:
        return self.pos if self.implicit else self.pos + 1

    @property
    def semicolon(self) -> int:
        return self.pos


class LabeledStmt(Stmt):
    """``label: stmt``."""

    __slots__ = ("colon", "label", "stmt")

    def __init__(self, label: Ident, colon: int, stmt: Stmt) -> None:
        self.pos = label.pos
        self.label = label
        self.colon = colon
        self.stmt = stmt

    def last(self) -> Node | int:
        return self.stmt


class ExprStmt(Stmt):
    """An expression used as a statement."""

    __slots__ = ("x",)

    def __init__(self, x: Expr) -> None:
        self.pos = x.pos
        self.x = x

    def last(self) -> Node | int:
        return self.x


class SendStmt(Stmt):
    """``chan <- value``."""

    __slots__ = ("arrow", "chan", "value")

    def __init__(self, chan: Expr, arrow: int, value: Expr) -> None:
        self.pos = chan.pos
        self.chan = chan
        self.arrow = arrow
        self.value = value

    def last(self) -> Node | int:
        return self.value


class IncDecStmt(Stmt):
    """``x++`` or ``x--``."""

    __slots__ = ("tok", "tok_pos", "x")

    def __init__(self, x: Expr, tok_pos: int, tok: str) -> None:
        self.pos = x.pos
        self.x = x
        self.tok_pos = tok_pos
        self.tok = tok

    def last(self) -> Node | int:
        return self.tok_pos + 2


class AssignStmt(Stmt):
    """``lhs tok rhs`` with tok one of ``=``, ``:=`` and the assignment operators."""

    __slots__ = ("lhs", "rhs", "tok", "tok_pos")

    def __init__(self, lhs: list[Expr], tok_pos: int, tok: str, rhs: list[Expr]) -> None:
        self.pos = lhs[0].pos
        self.lhs = lhs
        self.tok_pos = tok_pos
        self.tok = tok
        self.rhs = rhs

    def last(self) -> Node | int:
        return self.rhs[-1]


class GoStmt(Stmt):
    """``go call``; the checker sees to it that ``call`` is a CallExpr."""

    __slots__ = ("call",)

    def __init__(self, pos: int, call: Expr) -> None:
        self.pos = pos
        self.call = call

    def last(self) -> Node | int:
        return self.call


class DeferStmt(Stmt):
    """``defer call``."""

    __slots__ = ("call",)

    def __init__(self, pos: int, call: Expr) -> None:
        self.pos = pos
        self.call = call

    def last(self) -> Node | int:
        return self.call


class ReturnStmt(Stmt):
    """``return results``."""

    __slots__ = ("results",)

    def __init__(self, pos: int, results: list[Expr]) -> None:
        self.pos = pos
        self.results = results

    def last(self) -> Node | int:
        return self.results[-1] if self.results else self.pos + 6


class BranchStmt(Stmt):
    """``break``, ``continue``, ``goto`` or ``fallthrough``.

    ``target`` is set by :mod:`goir.syntax.branches`: the labelled or enclosing statement of break and continue, the
    LabeledStmt of goto.
    """

    __slots__ = ("label", "target", "tok")

    def __init__(self, pos: int, tok: str, label: Ident | None) -> None:
        self.pos = pos
        self.tok = tok
        self.label = label
        self.target: Stmt | None = None

    def last(self) -> Node | int:
        return self.label if self.label is not None else self.pos + len(self.tok)

    @property
    def tok_pos(self) -> int:
        return self.pos


class BlockStmt(Stmt):
    """``{ list }``; ``rbrace`` is the place where ``}`` was expected when it is missing."""

    __slots__ = ("_parse", "list", "rbrace")
    _parse: Callable[[], list[Stmt]]

    def __init__(self, pos: int, list: list[Stmt], rbrace: int) -> None:
        self.pos = pos
        self.list = list
        self.rbrace = rbrace

    @classmethod
    def deferred(cls, pos: int, rbrace: int, parse: Callable[[], list[Stmt]]) -> BlockStmt:
        """A block whose statements are parsed when they are looked at first."""
        block = cls.__new__(cls)
        block.pos = pos
        block.rbrace = rbrace
        block._parse = parse
        return block

    def __getattr__(self, name: str) -> list[Stmt]:
        # Reached only while the slot is not set.
        if name != "list":
            raise AttributeError(name)
        self.list = self._parse()
        del self._parse
        return self.list

    def last(self) -> Node | int:
        return self.rbrace + 1

    @property
    def lbrace(self) -> int:
        return self.pos


class IfStmt(Stmt):
    """``if init; cond body else else_``."""

    __slots__ = ("body", "cond", "else_", "init")

    def __init__(
        self,
        pos: int,
        init: Stmt | None,
        cond: Expr,
        body: BlockStmt,
        else_: IfStmt | BlockStmt | None,
    ) -> None:
        self.pos = pos
        self.init = init
        self.cond = cond
        self.body = body
        self.else_ = else_

    def last(self) -> Node | int:
        return self.else_ if self.else_ is not None else self.body


class CaseClause(Stmt):
    """A case of a switch; ``list`` is None for default."""

    __slots__ = ("body", "colon", "list")

    def __init__(self, pos: int, list: list[Expr] | None, colon: int, body: list[Stmt]) -> None:
        self.pos = pos
        self.list = list
        self.colon = colon
        self.body = body

    def last(self) -> Node | int:
        return self.body[-1] if self.body else self.colon + 1


class SwitchStmt(Stmt):
    """An expression switch; the body holds CaseClauses only."""

    __slots__ = ("body", "init", "tag")

    def __init__(self, pos: int, init: Stmt | None, tag: Expr | None, body: BlockStmt) -> None:
        self.pos = pos
        self.init = init
        self.tag = tag
        self.body = body

    def last(self) -> Node | int:
        return self.body


class TypeSwitchStmt(Stmt):
    """A type switch; ``assign`` is ``x := y.(type)`` (AssignStmt) or ``y.(type)`` (ExprStmt)."""

    __slots__ = ("assign", "body", "init")

    def __init__(self, pos: int, init: Stmt | None, assign: AssignStmt | ExprStmt, body: BlockStmt) -> None:
        self.pos = pos
        self.init = init
        self.assign = assign
        self.body = body

    def last(self) -> Node | int:
        return self.body


class CommClause(Stmt):
    """A case of a select; ``comm`` is None for default."""

    __slots__ = ("body", "colon", "comm")

    def __init__(self, pos: int, comm: Stmt | None, colon: int, body: list[Stmt]) -> None:
        self.pos = pos
        self.comm = comm
        self.colon = colon
        self.body = body

    def last(self) -> Node | int:
        return self.body[-1] if self.body else self.colon + 1


class SelectStmt(Stmt):
    """A select; the body holds CommClauses only."""

    __slots__ = ("body",)

    def __init__(self, pos: int, body: BlockStmt) -> None:
        self.pos = pos
        self.body = body

    def last(self) -> Node | int:
        return self.body


class ForStmt(Stmt):
    """``for init; cond; post body``."""

    __slots__ = ("body", "cond", "init", "post")

    def __init__(self, pos: int, init: Stmt | None, cond: Expr | None, post: Stmt | None, body: BlockStmt) -> None:
        self.pos = pos
        self.init = init
        self.cond = cond
        self.post = post
        self.body = body

    def last(self) -> Node | int:
        return self.body


class RangeStmt(Stmt):
    """``for key, value tok range x body``; ``tok`` is "" (and ``tok_pos`` 0) without key.

    A third variable is a syntax-valid error of the checker; it is kept in ``extra``.
    """

    __slots__ = ("body", "extra", "key", "range", "tok", "tok_pos", "value", "x")

    def __init__(
        self,
        pos: int,
        key: Expr | None,
        value: Expr | None,
        tok_pos: int,
        tok: str,
        range: int,
        x: Expr,
        body: BlockStmt,
        extra: Expr | None = None,
    ) -> None:
        self.pos = pos
        self.key = key
        self.value = value
        self.tok_pos = tok_pos
        self.tok = tok
        self.range = range
        self.x = x
        self.body = body
        self.extra = extra

    def last(self) -> Node | int:
        return self.body


# ---- Declarations ----------------------------------------------------------------------------------------


class ImportSpec(Spec):
    """``name path``."""

    __slots__ = ("name", "path")

    def __init__(self, name: Ident | None, path: BasicLit) -> None:
        self.pos = name.pos if name is not None else path.pos
        self.name = name
        self.path = path

    def last(self) -> Node | int:
        return self.path


class ValueSpec(Spec):
    """``names type = values`` of a const or var declaration.

    ``iota`` is the index in the declaration group (constants).
    """

    __slots__ = ("iota", "names", "type", "values")

    def __init__(self, names: list[Ident], type: Expr | None, values: list[Expr], iota: int = 0) -> None:
        self.pos = names[0].pos
        self.names = names
        self.type = type
        self.values = values
        self.iota = iota

    def last(self) -> Node | int:
        return self.values[-1] if self.values else (self.type if self.type is not None else self.names[-1])


class TypeSpec(Spec):
    """``name[type_params] = type``; ``assign`` is the position of ``=`` (alias) or 0."""

    __slots__ = ("assign", "name", "type", "type_params")

    def __init__(self, name: Ident, type_params: FieldList | None, assign: int, type: Expr) -> None:
        self.pos = name.pos
        self.name = name
        self.type_params = type_params
        self.assign = assign
        self.type = type

    def last(self) -> Node | int:
        return self.type


class GenDecl(Decl):
    """An import, const, type or var declaration; ``lparen`` and ``rparen`` are 0 without parentheses.

    ``directives`` are the ``//go:`` and ``//goir:`` lines of its doc comment.
    """

    __slots__ = ("directives", "lparen", "rparen", "specs", "tok")

    def __init__(
        self,
        pos: int,
        tok: str,
        lparen: int,
        specs: list[Spec],
        rparen: int,
        directives: list[str] | None = None,
    ) -> None:
        self.pos = pos
        self.tok = tok
        self.lparen = lparen
        self.specs = specs
        self.rparen = rparen
        self.directives: list[str] = [] if directives is None else directives

    def last(self) -> Node | int:
        return self.rparen + 1 if self.rparen else (self.specs[-1] if self.specs else self.pos + len(self.tok))

    @property
    def tok_pos(self) -> int:
        return self.pos


class FuncDecl(Decl):
    """A function or method declaration; ``body`` is None for one without body.

    ``directives`` are the ``//go:`` and ``//goir:`` lines of its doc comment.
    """

    __slots__ = ("body", "directives", "name", "recv", "type")

    def __init__(
        self,
        recv: FieldList | None,
        name: Ident,
        type: FuncType,
        body: BlockStmt | None,
        directives: list[str] | None = None,
    ) -> None:
        self.pos = type.pos
        self.recv = recv
        self.name = name
        self.type = type
        self.body = body
        self.directives: list[str] = [] if directives is None else directives

    def last(self) -> Node | int:
        return self.body if self.body is not None else self.type


# ---- Files -----------------------------------------------------------------------------------------------


class File(Node):
    """One source file.

    ``imports`` lists the import specs in order, ``directives`` every ``//go:`` and ``//goir:`` comment in order;
    ``filename`` is the name given to the FileSet, ``eof`` the position of the end of the source.
    """

    __slots__ = ("decls", "directives", "eof", "filename", "imports", "name")

    def __init__(
        self,
        pos: int,
        name: Ident,
        decls: list[Decl],
        imports: list[ImportSpec],
        directives: list[Directive],
        filename: str,
        eof: int,
    ) -> None:
        self.pos = pos
        self.name = name
        self.decls = decls
        self.imports = imports
        self.directives = directives
        self.filename = filename
        self.eof = eof

    def last(self) -> Node | int:
        return self.eof

    @property
    def package(self) -> int:
        return self.pos


_CHILD_FIELDS: dict[type[Node], tuple[str, ...]] = {
    Field: ("names", "type", "tag"),
    FieldList: ("list",),
    BadExpr: (),
    Ident: (),
    Ellipsis: ("elt",),
    BasicLit: (),
    FuncLit: ("type", "body"),
    CompositeLit: ("type", "elts"),
    ParenExpr: ("x",),
    SelectorExpr: ("x", "sel"),
    IndexExpr: ("x", "index"),
    IndexListExpr: ("x", "indices"),
    SliceExpr: ("x", "low", "high", "max"),
    TypeAssertExpr: ("x", "type"),
    CallExpr: ("fun", "args"),
    StarExpr: ("x",),
    UnaryExpr: ("x",),
    BinaryExpr: ("x", "y"),
    KeyValueExpr: ("key", "value"),
    ArrayType: ("len", "elt"),
    StructType: ("fields",),
    FuncType: ("type_params", "params", "results"),
    InterfaceType: ("methods",),
    MapType: ("key", "value"),
    ChanType: ("value",),
    BadStmt: (),
    DeclStmt: ("decl",),
    EmptyStmt: (),
    LabeledStmt: ("label", "stmt"),
    ExprStmt: ("x",),
    SendStmt: ("chan", "value"),
    IncDecStmt: ("x",),
    AssignStmt: ("lhs", "rhs"),
    GoStmt: ("call",),
    DeferStmt: ("call",),
    ReturnStmt: ("results",),
    BranchStmt: ("label",),
    BlockStmt: ("list",),
    IfStmt: ("init", "cond", "body", "else_"),
    CaseClause: ("list", "body"),
    SwitchStmt: ("init", "tag", "body"),
    TypeSwitchStmt: ("init", "assign", "body"),
    CommClause: ("comm", "body"),
    SelectStmt: ("body",),
    ForStmt: ("init", "cond", "post", "body"),
    RangeStmt: ("key", "value", "x", "body", "extra"),
    ImportSpec: ("name", "path"),
    ValueSpec: ("names", "type", "values"),
    TypeSpec: ("name", "type_params", "type"),
    GenDecl: ("specs",),
    FuncDecl: ("recv", "name", "type", "body"),
    File: ("name", "decls", "imports"),
}


def children(node: Node) -> Iterator[Node]:
    """The direct child nodes of ``node`` in source order of their fields (for FuncDecl: receiver, name, type, body)."""
    for name in _CHILD_FIELDS[type(node)]:
        value = getattr(node, name)
        if value is None:
            continue
        if isinstance(value, Node):
            yield value
        else:
            yield from value


def inspect(node: Node, visit: Callable[[Node], bool]) -> None:
    """Calls ``visit`` on ``node`` and, where it returns True, on the children, depth first, without recursion."""
    stack = [node]
    while stack:
        node = stack.pop()
        if visit(node):
            stack.extend(reversed(list(children(node))))


def walk(node: Node) -> Iterator[Node]:
    """``node`` and everything below it, depth first in source order."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(list(children(node))))


def unparen(x: Expr) -> Expr:
    """``x`` without the parentheses around it."""
    while isinstance(x, ParenExpr):
        x = x.x
    return x
