"""Random expressions of a given type. What they contain has no effects, so that their order does not matter: calls are
only of functions that change nothing but what they return."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from differential.types import BOOL, BYTE, INT, INTS, RUNE, STRING, Type, slice_of


@dataclass
class Var:
    """A variable in scope. A `fixed` one is never assigned to."""

    name: str
    type: Type
    fixed: bool = False


@dataclass
class Callable_:
    """A function without effects that expressions may call."""

    name: str
    type: Type


@dataclass
class Scope:
    """What can be used: variables of this and the surrounding blocks."""

    vars: list[Var] = field(default_factory=list[Var])

    def child(self) -> Scope:
        return Scope(list(self.vars))


_STRINGS = ["", "a", "go", "héllo", "\\xff\\xfe", "日本", "x\\x00y", "\\U0001f600!", "zzz", "A\\xc3"]


class Expressions:
    """Makes expressions; `functions` may be called in them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.functions: list[Callable_] = []
        self.literals = 0

    # Constants --------------------------------------------------------------------------------------------------------

    def number(self, t: Type) -> int:
        """An integer that fits a type: most often a small one, or one at the edge."""
        rng = self.rng
        low, high = (-(1 << (t.bits - 1)), (1 << (t.bits - 1)) - 1) if t.signed else (0, (1 << t.bits) - 1)
        match rng.randrange(6):
            case 0:
                return rng.choice([low, high, high - 1, low + 1, high >> 1])
            case 1:
                return rng.randint(low, high)
            case 2:
                return min(high, 1 << rng.randrange(t.bits))
            case _:
                return max(low, min(high, rng.randint(-9, 20)))

    def literal(self, t: Type) -> str:
        """A constant, or a composite of constants."""
        rng = self.rng
        match t.kind:
            case "bool":
                return (
                    f"{t.name}({rng.choice(['true', 'false'])})" if t.name != "bool" else rng.choice(["true", "false"])
                )
            case "string":
                return f'{t.name}("{rng.choice(_STRINGS)}")'
            case "float32" | "float64":
                text = rng.choice(["0", "1", "-1.5", "0.1", "3.25", "1e10", "-7e-3", "16777217", "1e30", "123456.789"])
                return f"{t.name}({text})"
            case "complex64" | "complex128":
                return f"{t.name}(complex({rng.choice([0, 1, -2, 0.5])}, {rng.choice([0, 1, 3, -0.25])}))"
            case _ if t.is_int:
                return f"{t.name}({self.number(t)})"
            case _:
                return self.composite(t, Scope(), 0)

    def composite(self, t: Type, scope: Scope, depth: int) -> str:
        """A literal of a type that is not basic."""
        rng = self.rng
        elem = t.elem
        match t.kind:
            case "slice":
                assert elem is not None
                if rng.random() < 0.1:
                    return f"{t.name}(nil)"
                if rng.random() < 0.1:
                    return f"make({t.name}, {rng.randrange(4)}, {rng.randrange(4, 9)})"
                return f"{t.name}{{{self._list(elem, rng.randrange(5), scope, depth)}}}"
            case "array":
                assert elem is not None
                return f"{t.name}{{{self._list(elem, t.length, scope, depth)}}}"
            case "map":
                assert elem is not None and t.key is not None
                if rng.random() < 0.1:
                    return f"{t.name}{{}}"
                keys = dict.fromkeys(self.literal(t.key) for _ in range(rng.randrange(4)))
                return f"{t.name}{{{', '.join(f'{k}: {self.expr(elem, scope, depth - 1)}' for k in keys)}}}"
            case "struct":
                if rng.random() < 0.2:
                    return f"{t.name}{{}}"
                if rng.random() < 0.5:
                    return f"{t.name}{{{', '.join(self.expr(f, scope, depth - 1) for _, f in t.fields)}}}"
                some = [f for f in t.fields if rng.random() < 0.6]
                return f"{t.name}{{{', '.join(f'{n}: {self.expr(f, scope, depth - 1)}' for n, f in some)}}}"
            case "ptr":
                assert elem is not None
                if rng.random() < 0.1:
                    return f"({t.name})(nil)"
                if elem.kind in ("struct", "array"):
                    return f"&{self.composite(elem, scope, depth)}"
                return f"new({self.expr(elem, scope, depth - 1)})"
            case "interface":
                if rng.random() < 0.15:
                    return f"{t.name}(nil)"
                return f"{t.name}({self.expr(rng.choice(t.implementers), scope, depth - 1)})"
            case "func":
                return self.function(t, scope, depth)
            case _:
                return self.literal(t)

    def _list(self, t: Type, n: int, scope: Scope, depth: int) -> str:
        return ", ".join(self.expr(t, scope, depth - 1) for _ in range(n))

    def function(self, t: Type, scope: Scope, depth: int) -> str:
        """A function literal without effects."""
        own = Scope([Var(v.name, v.type, True) for v in scope.vars])
        self.literals += 1
        params = [Var(f"x{self.literals}_{i}", p) for i, p in enumerate(t.params)]
        own.vars += params
        results = ", ".join(r.name for r in t.results)
        values = ", ".join(self.expr(r, own, min(depth, 1)) for r in t.results)
        text = ", ".join(f"{p.name} {p.type.name}" for p in params)
        uses = "".join(f"_ = {p.name}; " for p in params)
        return f"func({text}) ({results}) {{ {uses}return {values} }}"

    # Expressions ------------------------------------------------------------------------------------------------------

    def expr(self, t: Type, scope: Scope, depth: int) -> str:
        """An expression of type t."""
        rng = self.rng
        if depth <= 0 or rng.random() < 0.15:
            return self.leaf(t, scope)
        roll = rng.random()
        if roll < 0.12:
            found = self._from_container(t, scope, depth)
            if found:
                return found
        if roll < 0.2:
            found = self.call(t, scope, depth)
            if found:
                return found
        if roll < 0.23:
            return f"out.Id({self.expr(t, scope, depth - 1)})"
        if roll < 0.26 and t.ordered:
            args = ", ".join(self.expr(t, scope, depth - 1) for _ in range(rng.randint(1, 2)))
            return f"{rng.choice(['min', 'max'])}({self.variable(t, scope)}, {args})"
        if t.is_int:
            return self._int(t, scope, depth)
        if t.is_float:
            return self._float(t, scope, depth)
        if t.is_complex:
            return self._complex(t, scope, depth)
        if t.kind == "bool":
            return self._bool(t, scope, depth)
        if t.kind == "string":
            return self._string(t, scope, depth)
        if t.kind == "slice" and rng.random() < 0.5:
            return self._slice(t, scope, depth)
        if t.kind == "ptr" and rng.random() < 0.3:
            assert t.elem is not None
            return f"new({self.expr(t.elem, scope, depth - 1)})"
        return self.leaf(t, scope) if rng.random() < 0.3 else self.composite(t, scope, depth)

    def leaf(self, t: Type, scope: Scope) -> str:
        """A variable or a constant."""
        found = [v for v in scope.vars if v.type == t]
        if found and self.rng.random() < 0.75:
            return self.rng.choice(found).name
        return self.literal(t) if t.kind in ("bool", "string") or t.is_number else self.composite(t, scope, 0)

    def variable(self, t: Type, scope: Scope) -> str:
        """A value that is not constant."""
        found = [v for v in scope.vars if v.type == t]
        if found:
            return self.rng.choice(found).name
        return f"out.Id({self.literal(t)})"

    def call(self, t: Type, scope: Scope, depth: int) -> str:
        """A call that answers a t, or nothing."""
        rng = self.rng
        found = [(f.name, f.type) for f in self.functions if f.type.results == [t]]
        found += [(v.name, v.type) for v in scope.vars if v.fixed and v.type.kind == "func" and v.type.results == [t]]
        for v in scope.vars:
            for name, m in v.type.methods.items():
                if m.results == [t]:
                    found.append((f"{v.name}.{name}", m))
        if not found:
            return ""
        name, f = rng.choice(found)
        return f"{name}({', '.join(self.expr(p, scope, depth - 1) for p in f.params)})"

    def index(self, n: str, scope: Scope) -> str:
        """An index that is in range, most often, of what has length n."""
        rng = self.rng
        t = rng.choice([INT, INT, INT, rng.choice(INTS)])
        x = self.variable(t, scope)
        if rng.random() < 0.02:
            return x
        if t.signed:
            return f"uint({x})%uint({n})" if rng.random() < 0.8 else f"(({x}%5)+5)%5%max(1, {t.name}(min({n}, 100)))"
        return f"uint64({x})%uint64({n})"

    def _from_container(self, t: Type, scope: Scope, depth: int) -> str:
        rng = self.rng
        found: list[str] = []
        for v in scope.vars:
            u = v.type
            match u.kind:
                case "struct":
                    found += [f"{v.name}.{n}" for n, f in u.fields if f == t]
                case "ptr":
                    assert u.elem is not None
                    if u.elem == t:
                        found.append(f"(*{v.name})")
                    if u.elem.kind == "struct":
                        found += [f"{v.name}.{n}" for n, f in u.elem.fields if f == t]
                case "array" if u.elem == t:
                    found.append(f"{v.name}[{self.index(str(u.length), scope)}]")
                case "slice" if u.elem == t:
                    found.append(f"{v.name}[{self.index(f'len({v.name})', scope)}]")
                case "map" if u.elem == t:
                    assert u.key is not None
                    found.append(f"{v.name}[{self.expr(u.key, scope, depth - 1)}]")
                case "string" if t == BYTE:
                    found.append(f"{v.name}[{self.index(f'len({v.name})', scope)}]")
                case "interface" if t in u.implementers and rng.random() < 0.3:
                    found.append(f"{v.name}.({t.name})")
                case _:
                    pass
        if t == INT:
            found += [f"len({v.name})" for v in scope.vars if v.type.kind in ("slice", "map", "string")]
            found += [f"cap({v.name})" for v in scope.vars if v.type.kind == "slice" and rng.random() < 0.1]
        return rng.choice(found) if found else ""

    def _int(self, t: Type, scope: Scope, depth: int) -> str:
        rng = self.rng
        match rng.randrange(12):
            case 0 | 1 | 2:
                op = rng.choice(["+", "-", "*", "&", "|", "^", "&^"])
                return f"({self.variable(t, scope)} {op} {self.expr(t, scope, depth - 1)})"
            case 3 | 4:
                op = rng.choice(["+", "-", "*", "&", "|", "^", "&^"])
                return f"({self._varying(t, scope, depth)} {op} {self.expr(t, scope, depth - 1)})"
            case 5:
                by = self.variable(t, scope)
                by = by if rng.random() < 0.1 else f"({by} | 1)"
                return f"({self.expr(t, scope, depth - 1)} {rng.choice(['/', '%'])} {by})"
            case 6:
                by = rng.choice([n for n in (2, 3, 7, 8, 10, 100, -1, -4) if t.signed or n > 0])
                return f"({self._varying(t, scope, depth)} {rng.choice(['/', '%'])} {by})"
            case 7:
                count = rng.choice(INTS)
                by = self.variable(count, scope)
                if count.signed and rng.random() < 0.97:
                    by = f"({by} & {rng.choice([7, 15, 63, 127])})"
                return f"({self._varying(t, scope, depth)} {rng.choice(['<<', '>>'])} {by})"
            case 8:
                return f"({self._varying(t, scope, depth)} {rng.choice(['<<', '>>'])} {rng.randrange(t.bits + 3)})"
            case 9:
                return f"{rng.choice(['-', '^', '+'])}{self._varying(t, scope, depth)}"
            case 10:
                other = rng.choice(INTS)
                return f"{t.name}({self._varying(other, scope, depth)})"
            case _:
                return self._from_container(t, scope, depth) or self.leaf(t, scope)

    def _varying(self, t: Type, scope: Scope, depth: int) -> str:
        """An expression that is not constant."""
        x = self.expr(t, scope, depth - 1)
        return f"({self.variable(t, scope)} {'^' if t.is_int else '+'} {x})"

    def _float(self, t: Type, scope: Scope, depth: int) -> str:
        rng = self.rng
        match rng.randrange(6):
            case 0 | 1 | 2:
                # Products that are added may be fused; a conversion forbids it.
                op = rng.choice(["+", "-", "*", "/"])
                x = f"{self.variable(t, scope)} {op} {self.variable(t, scope) if op == '/' else self.expr(t, scope, depth - 1)}"
                return f"{t.name}({x})"
            case 3:
                return f"-{self.variable(t, scope)}"
            case 4:
                source = rng.choice([t for t in INTS if t.bits <= 32])
                return f"{t.name}({self._varying(source, scope, depth)})"
            case _:
                other = rng.choice(["float32", "float64"])
                return f"{t.name}({self.variable(Type(other, other), scope)})"

    def _complex(self, t: Type, scope: Scope, depth: int) -> str:
        rng = self.rng
        part = "float64" if t.kind == "complex128" else "float32"
        p = Type(part, part)
        match rng.randrange(3):
            case 0:
                return f"{t.name}(complex({self.variable(p, scope)}, {self.expr(p, scope, depth - 1)}))"
            case 1:
                return f"-{self.variable(t, scope)}"
            case _:
                return f"({self.variable(t, scope)} {rng.choice(['+', '-'])} {self.expr(t, scope, depth - 1)})"

    def _bool(self, t: Type, scope: Scope, depth: int) -> str:
        rng = self.rng
        match rng.randrange(5):
            case 0:
                text = f"!{self.expr(t, scope, depth - 1)}"
            case 1:
                text = f"({self.expr(t, scope, depth - 1)} {rng.choice(['&&', '||'])} {self.expr(t, scope, depth - 1)})"
            case _:
                kinds = [v.type for v in scope.vars if v.type.comparable]
                of = rng.choice([*INTS, STRING, *kinds, *kinds, *kinds])
                ops = ["==", "!="]
                if of.ordered:
                    ops += ["<", "<=", ">", ">="] * 2
                text = f"({self.variable(of, scope)} {rng.choice(ops)} {self.expr(of, scope, depth - 1)})"
                if of.is_float or of.is_complex or t.name != "bool":
                    text = f"{t.name}{text}"
        return text

    def _string(self, t: Type, scope: Scope, depth: int) -> str:
        rng = self.rng
        match rng.randrange(7):
            case 0 | 1:
                return f"({self.variable(t, scope)} + {self.expr(t, scope, depth - 1)})"
            case 2:
                s = self.variable(t, scope)
                return f"{s}[min(len({s}), {rng.randrange(4)}):]"
            case 3:
                s = self.variable(t, scope)
                return f"{s}[:{self.index(f'(len({s})+1)', scope)}]"
            case 4:
                return f"{t.name}({self.expr(slice_of(rng.choice([BYTE, RUNE])), scope, depth - 1)})"
            case 5:
                return f"{t.name}(rune({self.variable(rng.choice(INTS), scope)}))"
            case _:
                return self.leaf(t, scope)

    def _slice(self, t: Type, scope: Scope, depth: int) -> str:
        rng = self.rng
        elem = t.elem
        assert elem is not None
        match rng.randrange(6):
            case 0 | 1:
                args = self._list(elem, rng.randint(1, 3), scope, depth)
                # A copy: appending to another's spare capacity would be an effect.
                return f"append(append({t.name}(nil), {self.expr(t, scope, depth - 1)}...), {args})"
            case 2:
                s = self.variable(t, scope)
                return f"{s}[{self.index(f'(len({s})+1)', scope)}:]"
            case 3:
                s = self.variable(t, scope)
                return f"{s}[:len({s}):len({s})]"
            case 4 if elem in (BYTE, RUNE) and t.name.startswith("[]"):
                return f"{t.name}({self.expr(STRING, scope, depth - 1)})"
            case _:
                return self.composite(t, scope, depth)

    def condition(self, scope: Scope) -> str:
        """A bool."""
        return self.expr(BOOL, scope, 3)
