"""What the checker finds out: types and values of expressions, objects of identifiers, selections, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from goir.syntax import ast
    from goir.types.constants import Value
    from goir.types.objects import Object, Package, Var
    from goir.types.types import Type


class ImportError_(Exception):
    """Raised by an importer; its text becomes a located error."""


class Diagnostic(NamedTuple):
    """One error: position in the FileSet and gc's message (further lines begin with a tab)."""

    pos: int
    message: str


class TypeAndValue(NamedTuple):
    """What is known of an expression.

    ``mode``: "novalue", "builtin", "type", "const", "var" (addressable), "mapindex", "value", "nilvalue", "commaok".
    ``value`` is set for constants: bool, bytes, int, Fraction or Complex, according to the type."""

    mode: str
    type: Type
    value: Value | None = None

    @property
    def is_type(self) -> bool:
        """Whether the expression denotes a type."""
        return self.mode == "type"

    @property
    def is_const(self) -> bool:
        """Whether the expression is a constant."""
        return self.value is not None

    @property
    def addressable(self) -> bool:
        """Whether the address of the expression may be taken."""
        return self.mode == "var"

    @property
    def is_value(self) -> bool:
        """Whether the expression is a single value (or a call with several results)."""
        return self.mode in ("const", "var", "mapindex", "value", "nilvalue", "commaok")


class Selection:
    """What ``x.f`` selects, where x is an expression or (method expressions) a type.

    ``index`` is the path of field indices, embedded fields first; for methods the last one is the method's index
    in the method list of its type.  ``indirect``: a pointer was followed on the way.
    ``kind``: "field", "method_val" or "method_expr"."""

    __slots__ = ("index", "indirect", "kind", "obj", "recv", "type")

    def __init__(
        self, kind: str, recv: Type, obj: Object, index: list[int], indirect: bool, type: Type | None = None
    ) -> None:
        self.kind = kind
        self.recv = recv
        self.obj = obj
        self.index = index
        self.indirect = indirect
        if type is not None:
            self.type = type

    def __getattr__(self, name: str) -> Any:
        # Method sets leave the type out: that of a method that nobody calls need not be known.
        if name == "type":
            self.type = self.obj.type
            return self.type
        raise AttributeError(name)


class Initializer(NamedTuple):
    """One package-level initialisation ``lhs = rhs``."""

    lhs: list[Var]
    rhs: ast.Expr


class Info:
    """Facts about the checked files, by node."""

    __slots__ = ("defs", "file_versions", "implicits", "init_order", "instances", "selections", "types", "uses")

    def __init__(self) -> None:
        self.types: dict[ast.Expr, TypeAndValue] = {}
        #: Identifiers that declare something; None for a package clause and the symbolic variable of a type switch.
        self.defs: dict[ast.Ident, Object | None] = {}
        self.uses: dict[ast.Ident, Object] = {}
        #: ImportSpec without a name → PkgName; CaseClause of a type switch with variable → Var; anonymous Field → Var.
        self.implicits: dict[ast.Node, Object] = {}
        self.selections: dict[ast.SelectorExpr, Selection] = {}
        self.init_order: list[Initializer] = []
        #: Identifiers of generic functions and types → type arguments and the type they give.
        self.instances: dict[ast.Ident, tuple[list[Type], Type]] = {}

    def type_of(self, e: ast.Expr) -> Type | None:
        """The type of an expression or identifier, None if it is not known."""
        tv = self.types.get(e)
        if tv is not None:
            return tv.type
        obj = self.object_of(e)
        return obj.type if obj is not None else None

    def object_of(self, e: object) -> Object | None:
        """The object an identifier declares or denotes."""
        return self.defs.get(e) or self.uses.get(e)  # pyright: ignore[reportArgumentType, reportCallIssue]


class CheckResult(NamedTuple):
    """The outcome of checking one package: the errors sorted by position, and those that gc does not print because the
    one reported before says the same of the same line."""

    package: Package
    info: Info
    errors: list[Diagnostic]
    repeated: list[Diagnostic] = []  # noqa: RUF012  # never changed
