"""Types of random programs: what the generator must know to use values of them."""

from __future__ import annotations

from dataclasses import dataclass, field

BITS = {
    "int": 64, "int8": 8, "int16": 16, "int32": 32, "int64": 64,
    "uint": 64, "uint8": 8, "uint16": 16, "uint32": 32, "uint64": 64, "uintptr": 64,
}  # fmt: skip


@dataclass(eq=False)
class Type:
    """A type: `kind` is that of the underlying type, `name` how it is written. Types are equal if they have one name."""

    kind: str
    name: str
    elem: Type | None = None
    key: Type | None = None
    length: int = 0
    fields: list[tuple[str, Type]] = field(default_factory=list["tuple[str, Type]"])
    params: list[Type] = field(default_factory=list["Type"])
    results: list[Type] = field(default_factory=list["Type"])
    methods: dict[str, Type] = field(default_factory=dict[str, "Type"])
    """Methods of values and pointers alike, as function types."""
    implementers: list[Type] = field(default_factory=list["Type"])
    """Of an interface: the types whose values are put into it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Type) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def bits(self) -> int:
        """Of an integer type."""
        return BITS[self.kind]

    @property
    def is_int(self) -> bool:
        return self.kind in BITS

    @property
    def signed(self) -> bool:
        return self.kind.startswith("int")

    @property
    def is_float(self) -> bool:
        return self.kind in ("float32", "float64")

    @property
    def is_complex(self) -> bool:
        return self.kind in ("complex64", "complex128")

    @property
    def is_number(self) -> bool:
        return self.is_int or self.is_float or self.is_complex

    @property
    def ordered(self) -> bool:
        return self.is_int or self.is_float or self.kind == "string"

    @property
    def comparable(self) -> bool:
        """Whether == is allowed and does not panic."""
        match self.kind:
            case "slice" | "map" | "func":
                return False
            case "array":
                assert self.elem is not None
                return self.elem.comparable
            case "struct":
                return all(t.comparable for _, t in self.fields)
            case "interface":
                return all(t.comparable for t in self.implementers)
            case _:
                return True


BOOL = Type("bool", "bool")
STRING = Type("string", "string")
INT = Type("int", "int")
INTS = [Type(k, k) for k in BITS]
FLOATS = [Type("float64", "float64"), Type("float32", "float32")]
COMPLEXES = [Type("complex128", "complex128"), Type("complex64", "complex64")]
BYTE = Type("uint8", "uint8")
RUNE = Type("int32", "int32")


def slice_of(t: Type) -> Type:
    return Type("slice", f"[]{t.name}", t)


def array_of(n: int, t: Type) -> Type:
    return Type("array", f"[{n}]{t.name}", t, length=n)


def pointer_to(t: Type) -> Type:
    return Type("ptr", f"*{t.name}", t)


def map_of(k: Type, v: Type) -> Type:
    return Type("map", f"map[{k.name}]{v.name}", v, k)


def func_of(params: list[Type], results: list[Type]) -> Type:
    names = ", ".join(t.name for t in results)
    tail = f" ({names})" if len(results) > 1 else f" {names}" if results else ""
    return Type("func", f"func({', '.join(t.name for t in params)}){tail}", params=params, results=results)
