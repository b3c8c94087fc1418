"""Random Go programs: a package `pN` whose function Run prints what it does through package out.

A program is valid, ends (loops have few rounds, functions burn fuel) and does the same wherever it runs: calls with
effects stand alone in a statement, what maps hold is printed in an order of its own."""

from __future__ import annotations

import random
from collections.abc import Callable

from differential.expressions import Callable_, Expressions, Scope, Var
from differential.types import (
    BOOL,
    BYTE,
    COMPLEXES,
    FLOATS,
    INT,
    INTS,
    RUNE,
    STRING,
    Type,
    array_of,
    func_of,
    map_of,
    pointer_to,
    slice_of,
)


class Program:
    """One program; `text` is its package."""

    def __init__(self, seed: int, package: str) -> None:
        self.rng = random.Random(seed)
        self.e = Expressions(self.rng)
        self.package = package
        self.top: list[str] = []
        self.lines: list[str] = []
        self.shows: dict[str, str] = {}
        self.names = 0
        self.depth = 0
        self.effects: list[Callable_] = []
        self.globals: list[Var] = []
        self.labels: list[tuple[str, bool]] = []
        self.loops: list[bool] = []
        """The loops and switches around, and whether `continue` may end a round of each."""
        self.results: list[Type] = []
        self.types: list[Type] = []
        self.interfaces: list[Type] = []
        self.text = self._make()

    # Types ------------------------------------------------------------------------------------------------------------

    def name(self, prefix: str) -> str:
        """A name that no other thing has."""
        self.names += 1
        return f"{prefix}{self.names}"

    def basic(self) -> Type:
        rng = self.rng
        return rng.choice(
            [*INTS, INT, INT, STRING, BOOL, *FLOATS, *([rng.choice(COMPLEXES)] if rng.random() < 0.2 else [])]
        )

    def type(self, depth: int = 2) -> Type:
        """A type for a variable."""
        rng = self.rng
        roll = rng.random()
        if depth <= 0 or roll < 0.45:
            return rng.choice(self.types) if self.types and rng.random() < 0.35 else self.basic()
        if roll < 0.6:
            return slice_of(
                rng.choice([BYTE, RUNE, self.type(depth - 1)]) if rng.random() < 0.3 else self.type(depth - 1)
            )
        if roll < 0.7:
            return array_of(rng.choice([1, 2, 3, 5]), self.type(depth - 1))
        if roll < 0.78:
            return map_of(self.key(), self.type(depth - 1))
        if roll < 0.86:
            return pointer_to(self.type(depth - 1))
        if roll < 0.92 and self.interfaces:
            return rng.choice(self.interfaces)
        return func_of([self.basic() for _ in range(rng.randrange(3))], [self.type(0)])

    def key(self) -> Type:
        return self.rng.choice([*INTS, STRING, STRING, BOOL, array_of(2, self.rng.choice(INTS))])

    def declare_types(self) -> None:
        rng = self.rng
        for _ in range(rng.randrange(1, 4)):
            name = self.name("T")
            match rng.randrange(5):
                case 0:
                    base = self.basic()
                    t = Type(base.kind, name)
                    self.top.append(f"type {name} {base.name}")
                case 1:
                    base = slice_of(self.type(1))
                    t = Type("slice", name, base.elem)
                    self.top.append(f"type {name} {base.name}")
                case _:
                    fields = [(f"f{i}", self.type(1)) for i in range(rng.randint(1, 5))]
                    t = Type("struct", name, fields=fields)
                    inner = "; ".join(f"{n} {f.name}" for n, f in fields)
                    self.top.append(f"type {name} struct {{ {inner} }}")
            self.types.append(t)
        if rng.random() < 0.7:
            self._interface()

    def _interface(self) -> None:
        """An interface type and methods for it."""
        rng = self.rng
        method = func_of([self.basic() for _ in range(rng.randrange(3))], [self.basic()])
        own = [t for t in self.types if t.kind != "interface"]
        pointer_receivers = rng.random() < 0.3
        implementers: list[Type] = []
        for t in rng.sample(own, min(len(own), 2)):
            scope = Scope([Var("r", t, True)])
            params = [Var(f"q{i}", p) for i, p in enumerate(method.params)]
            scope.vars += params
            text = ", ".join(f"{p.name} {p.type.name}" for p in params)
            if pointer_receivers:
                scope.vars[0] = Var("r", pointer_to(t), True)
            body = f"return {self.e.expr(method.results[0], scope, 2)}"
            if pointer_receivers:
                body = f"if r == nil {{ return {self.e.literal(method.results[0])} }}; {body}"
            self.top.append(
                f"func (r {'*' if pointer_receivers else ''}{t.name}) M0({text}) {method.results[0].name} {{ {body} }}"
            )
            p = pointer_to(t)
            p.methods = {"M0": method}
            if pointer_receivers:
                implementers.append(p)
            else:
                t.methods = {"M0": method}
                implementers.append(t)
        if implementers and rng.random() < 0.8:
            name = self.name("I")
            params = ", ".join(p.name for p in method.params)
            self.top.append(f"type {name} interface {{ M0({params}) {method.results[0].name} }}")
            # A nil interface's method panics, like any other: that is no effect of its own.
            self.interfaces.append(Type("interface", name, implementers=implementers, methods={"M0": method}))
        self.interfaces.append(
            Type("interface", "any", implementers=[*implementers, *(self.basic() for _ in range(3))])
        )

    # Printing ---------------------------------------------------------------------------------------------------------

    def show(self, x: str, t: Type) -> str:
        """A statement that prints a value."""
        if t.is_int:
            return f"out.I(int64({x}))" if t.signed else f"out.U(uint64({x}))"
        match t.kind:
            case "float32" | "float64":
                return f"out.F(float64({x}))"
            case "complex64" | "complex128":
                return f"out.F(float64(real({x}))); out.F(float64(imag({x})))"
            case "string":
                return f"out.S(string({x}))"
            case "bool":
                return f"out.B(bool({x}))"
            case "func":
                return f"out.B({x} == nil)"
            case _:
                return f"{self._show_function(t)}({x})"

    def _show_function(self, t: Type) -> str:
        found = self.shows.get(t.name)
        if found:
            return found
        name = self.shows[t.name] = self.name("show")
        match t.kind:
            case "slice" | "array":
                assert t.elem is not None
                size = "out.I(int64(len(v))); " if t.kind == "slice" else ""
                body = f"{size}for _, e := range v {{ {self.show('e', t.elem)} }}"
            case "struct":
                body = "; ".join(self.show(f"v.{n}", f) for n, f in t.fields)
            case "ptr":
                assert t.elem is not None
                body = f'if v == nil {{ out.S("nil"); return }}; {self.show("*v" if t.elem.kind != "func" else "(*v)", t.elem)}'
            case "map":
                assert t.elem is not None and t.key is not None
                if t.key.ordered:
                    body = (
                        f"out.I(int64(len(v))); for _, k := range slices.Sorted(maps.Keys(v)) "
                        f"{{ {self.show('k', t.key)}; {self.show('v[k]', t.elem)} }}"
                    )
                else:
                    body = "out.I(int64(len(v)))"
            case "interface":
                cases = "; ".join(f"case {i.name}: {self.show('v', i)}" for i in dict.fromkeys(t.implementers))
                body = f'switch v := v.(type) {{ case nil: out.S("nil"); {cases} }}'
            case _:
                raise AssertionError(t.kind)
        self.top.append(f"func {name}(v {t.name}) {{ {body} }}")
        return name

    # Statements -------------------------------------------------------------------------------------------------------

    def emit(self, line: str) -> None:
        self.lines.append("\t" * (self.depth + 1) + line)

    def block(self, scope: Scope, size: int, *, own: bool = True) -> None:
        """Statements in a block of their own."""
        inner = scope.child() if own else scope
        self.depth += 1
        for _ in range(size):
            self.statement(inner)
        self.depth -= 1

    def declare(self, scope: Scope, t: Type | None = None, depth: int = 3) -> Var:
        t = t or self.type()
        v = Var(self.name("v"), t)
        x = self.e.expr(t, scope, depth)
        match self.rng.randrange(4):
            case 0:
                self.emit(f"var {v.name} {t.name} = {x}")
            case 1 if t.kind != "func":
                self.emit(f"var {v.name} {t.name}")
                if self.rng.random() < 0.7:
                    self.emit(f"{v.name} = {x}")
            case _:
                # A converted constant has its type.
                self.emit(f"{v.name} := {t.name}({x})" if t.kind in ("interface", "bool") else f"{v.name} := {x}")
        self.emit(f"_ = {v.name}")
        scope.vars.append(v)
        return v

    def places(self, scope: Scope) -> list[tuple[str, Type]]:
        """What can be assigned to."""
        found: list[tuple[str, Type]] = []
        for v in scope.vars:
            t = v.type
            if not v.fixed:
                found.append((v.name, t))
            match t.kind:
                case "struct" if not v.fixed:
                    found += [(f"{v.name}.{n}", f) for n, f in t.fields]
                case "array" if not v.fixed:
                    assert t.elem is not None
                    found.append((f"{v.name}[{self.e.index(str(t.length), scope)}]", t.elem))
                case "slice":
                    assert t.elem is not None
                    found.append((f"{v.name}[{self.e.index(f'len({v.name})', scope)}]", t.elem))
                case "map":
                    assert t.elem is not None and t.key is not None
                    found.append((f"{v.name}[{self.e.expr(t.key, scope, 1)}]", t.elem))
                case "ptr":
                    assert t.elem is not None
                    found.append((f"(*{v.name})", t.elem))
                    if t.elem.kind == "struct":
                        found += [(f"{v.name}.{n}", f) for n, f in t.elem.fields]
                case _:
                    pass
        return found

    def statement(self, scope: Scope) -> None:
        rng = self.rng
        choices: list[tuple[int, Callable[[Scope], None]]] = [
            (20, self._declare),
            (24, self._assign),
            (8, self._op_assign),
            (4, self._several),
            (12, self._print),
            (5, self._append),
            (4, self._effect_call),
            (2, self._delete),
            (2, self._copy),
        ]
        if self.depth < 3:
            choices += [
                (10, self._if),
                (10, self._for),
                (8, self._range),
                (6, self._switch),
                (3, self._type_switch),
                (5, self._closure),
                (3, self._try),
                (3, self._defer),
                (2, self._channel),
                (2, self._range_func),
                (3, self._generic),
            ]
        choices += [(3, self._leave)] if self.loops or self.labels else []
        choices += [(1, self._panic)]
        if self.depth > 0:
            choices += [(1, self._return)]
        total = sum(w for w, _ in choices)
        at = rng.randrange(total)
        for weight, make in choices:
            at -= weight
            if at < 0:
                make(scope)
                return

    def _declare(self, scope: Scope) -> None:
        self.declare(scope)

    def _assign(self, scope: Scope) -> None:
        found = self.places(scope)
        if found:
            place, t = self.rng.choice(found)
            self.emit(f"{place} = {self.e.expr(t, scope, 3)}")

    def _op_assign(self, scope: Scope) -> None:
        rng = self.rng
        found = [(p, t) for p, t in self.places(scope) if t.is_number or t.kind == "string"]
        if not found:
            return
        place, t = rng.choice(found)
        if t.kind == "string":
            self.emit(f"{place} += {self.e.expr(t, scope, 1)}")
        elif not t.is_int:
            self.emit(f"{place} {rng.choice(['+=', '-=', '*='])} {self.e.expr(t, scope, 2)}")
        else:
            match rng.randrange(4):
                case 0:
                    self.emit(f"{place}{rng.choice(['++', '--'])}")
                case 1:
                    self.emit(
                        f"{place} {rng.choice(['<<=', '>>='])} {self.e.variable(rng.choice(INTS[5:]), scope)} & 31"
                    )
                case 2:
                    self.emit(f"{place} {rng.choice(['/=', '%='])} {self.e.variable(t, scope)} | 1")
                case _:
                    op = rng.choice(["+=", "-=", "*=", "&=", "|=", "^=", "&^="])
                    self.emit(f"{place} {op} {self.e.expr(t, scope, 2)}")

    def _several(self, scope: Scope) -> None:
        """An assignment of several values at once."""
        # Places whose address cannot panic: which of several panics comes first is not specified.
        places = [(v.name, v.type) for v in scope.vars if not v.fixed]
        places += [(f"{v.name}.{n}", t) for v in scope.vars if not v.fixed for n, t in v.type.fields]
        if len(places) < 2:
            return
        chosen = [self.rng.choice(places) for _ in range(self.rng.randint(2, 3))]
        values = [self.e.expr(t, scope, 2) for _, t in chosen]
        self.emit(f"{', '.join(p for p, _ in chosen)} = {', '.join(values)}")

    def _print(self, scope: Scope) -> None:
        rng = self.rng
        if scope.vars and rng.random() < 0.6:
            v = rng.choice(scope.vars)
            self.emit(self.show(v.name, v.type))
        else:
            t = self.type(1)
            if t.kind != "func":
                self.emit(self.show(self.e.expr(t, scope, 4), t))
        if rng.random() < 0.2:
            self.emit("out.Line()")

    def _append(self, scope: Scope) -> None:
        found = [(p, t) for p, t in self.places(scope) if t.kind == "slice"]
        if not found:
            return
        place, t = self.rng.choice(found)
        assert t.elem is not None
        if self.rng.random() < 0.3:
            self.emit(f"{place} = append({place}, {self.e.expr(t, scope, 2)}...)")
            self.emit(f"if len({place}) > 50 {{ {place} = {place}[:3] }}")
        else:
            args = ", ".join(self.e.expr(t.elem, scope, 2) for _ in range(self.rng.randint(1, 3)))
            self.emit(f"{place} = append({place}, {args})")

    def _delete(self, scope: Scope) -> None:
        found = [v for v in scope.vars if v.type.kind == "map"]
        if found:
            v = self.rng.choice(found)
            assert v.type.key is not None and v.type.elem is not None
            if self.rng.random() < 0.2:
                self.emit(f"clear({v.name})")
            elif self.rng.random() < 0.5:
                ok = self.name("ok")
                self.emit(
                    f"if e, {ok} := {v.name}[{self.e.expr(v.type.key, scope, 2)}]; {ok} {{ {self.show('e', v.type.elem)} }}"
                )
            else:
                self.emit(f"delete({v.name}, {self.e.expr(v.type.key, scope, 2)})")

    def _copy(self, scope: Scope) -> None:
        found = [v for v in scope.vars if v.type.kind == "slice"]
        if found:
            v = self.rng.choice(found)
            self.emit(f"out.I(int64(copy({v.name}, {self.e.expr(v.type, scope, 2)})))")

    def _if(self, scope: Scope) -> None:
        rng = self.rng
        inner = scope.child()
        head = ""
        if rng.random() < 0.2:
            t = self.basic()
            v = Var(self.name("v"), t)
            head = f"{v.name} := {self.e.expr(t, scope, 2)}; "
            if t.kind == "bool":
                head = f"{v.name} := bool({self.e.expr(t, scope, 2)}); "
            inner.vars.append(v)
            head_use = f"_ = {v.name}"
        else:
            head_use = ""
        self.emit(f"if {head}{self.e.condition(inner)} {{")
        if head_use:
            self.emit(head_use)
        self.block(inner, rng.randint(1, 3))
        while rng.random() < 0.3:
            self.emit(f"}} else if {self.e.condition(inner)} {{")
            self.block(inner, rng.randint(1, 2))
        if rng.random() < 0.4:
            self.emit("} else {")
            self.block(inner, rng.randint(1, 2))
        self.emit("}")

    def _loop(self, head: str, scope: Scope, size: int, *new: Var) -> None:
        """A loop with a body, with a label now and then. `new` are the variables that its head declares."""
        rng = self.rng
        label = self.name("L") if rng.random() < 0.25 else ""
        if label:
            self.emit(f"{label}:")
            self.labels.append((label, True))
        self.emit(f"{head} {{")
        self.depth += 1
        for v in new:
            self.emit(f"_ = {v.name}")
        self.emit("if out.Burn() {")
        self.emit("\tbreak")
        self.emit("}")
        self.depth -= 1
        self.loops.append(True)
        self.block(scope, size)
        self.loops.pop()
        if label:
            self.labels.pop()
            self.emit(f"\tif out.Id(false) {{ {rng.choice(['break', 'continue'])} {label} }}")
        self.emit("}")

    def _for(self, scope: Scope) -> None:
        rng = self.rng
        inner = scope.child()
        t = rng.choice([INT, rng.choice(INTS)])
        v = Var(self.name("i"), t, rng.random() < 0.8)
        n = rng.randint(1, 5)
        match rng.randrange(4):
            case 0:
                head = f"for {v.name} := {t.name}(0); {v.name} < {n}; {v.name}++"
            case 1:
                head = f"for {v.name} := {t.name}({n}); {v.name} > 0; {v.name}--"
            case 2:
                head = f"for {v.name} := range {t.name}({n})"
            case _:
                v.fixed = True
                self.emit(f"{v.name} := {t.name}(0)")
                head = f"for {v.name} < {n}"
                inner.vars.append(v)
                self.emit(f"{head} {{")
                self.emit(f"\t{v.name}++")
                self.emit("\tif out.Burn() { break }")
                self.loops.append(True)
                self.block(inner, rng.randint(1, 3))
                self.loops.pop()
                self.emit("}")
                return
        inner.vars.append(v)
        self._loop(head, inner, rng.randint(1, 3), v)

    def _range(self, scope: Scope) -> None:
        rng = self.rng
        found = [v for v in scope.vars if v.type.kind in ("slice", "array", "string")]
        found += [
            v for v in scope.vars if v.type.kind == "ptr" and v.type.elem is not None and v.type.elem.kind == "array"
        ]
        if not found:
            return
        v = rng.choice(found)
        inner = scope.child()
        t = v.type.elem if v.type.kind == "ptr" else v.type
        assert t is not None
        elem = RUNE if t.kind == "string" else t.elem
        assert elem is not None
        key, value = Var(self.name("k"), INT), Var(self.name("e"), elem)
        match rng.randrange(3):
            case 0 if v.type.kind != "ptr":
                head = f"for {key.name}, {value.name} := range {v.name}"
                inner.vars += [key, value]
            case 1 if v.type.kind != "ptr":
                head = f"for _, {value.name} := range {v.name}"
                inner.vars.append(value)
            case _:
                head = f"for {key.name} := range {v.name}"
                inner.vars.append(key)
        self._loop(head, inner, rng.randint(1, 3), *[x for x in (key, value) if x in inner.vars])

    def _switch(self, scope: Scope) -> None:
        rng = self.rng
        self.loops.append(False)
        cases: list[str]
        if rng.random() < 0.3:
            self.emit("switch {")
            conditions = [self.e.condition(scope) for _ in range(rng.randint(1, 4))]
            cases = [f"out.Id({c})" for c in conditions]  # constants might be the same
        else:
            of = rng.choice([*INTS, STRING, STRING, BOOL, *[t for t in self.types if t.is_int]])
            tag = self.e.expr(of, scope, 2)
            self.emit(f"switch out.Id({tag}) {{" if of.kind == "bool" else f"switch {tag} {{")
            literals = list(dict.fromkeys(self.e.literal(of) for _ in range(rng.randint(1, 6))))
            cases = []
            while literals:
                n = rng.randint(1, 2)
                cases.append(", ".join(literals[:n]))
                literals = literals[n:]
            if rng.random() < 0.2:
                cases.append(self.e.variable(of, scope))
        default = rng.randrange(len(cases) + 3)
        for i, case in enumerate(cases):
            if i == default:
                self.emit("default:")
                self.block(scope, 1)
                if rng.random() < 0.2:
                    self.emit("\tfallthrough")
            self.emit(f"case {case}:")
            self.block(scope, rng.randrange(3))
            if rng.random() < 0.15 and i < len(cases) - 1 and default != i + 1:
                self.emit("\tfallthrough")
        self.emit("}")
        self.loops.pop()

    def _type_switch(self, scope: Scope) -> None:
        rng = self.rng
        found = [v for v in scope.vars if v.type.kind == "interface"]
        if not found:
            return
        v = rng.choice(found)
        name = self.name("x")
        self.loops.append(False)
        self.emit(f"switch {name} := {v.name}.(type) {{")
        cases = list(dict.fromkeys(v.type.implementers))
        rng.shuffle(cases)
        for t in cases[: rng.randint(1, len(cases))]:
            self.emit(f"case {t.name}:")
            inner = scope.child()
            inner.vars.append(Var(name, t))
            self.emit(f"\t_ = {name}")
            self.block(inner, rng.randint(1, 2))
        if rng.random() < 0.5:
            self.emit("case nil:")
            self.emit('\tout.S("nil")')
        self.emit("default:")
        self.emit(f"\tout.B({name} == nil)")
        self.emit("}")
        self.loops.pop()

    def _without_loops(self) -> tuple[list[bool], list[tuple[str, bool]], list[Type]]:
        saved = self.loops, self.labels, self.results
        self.loops, self.labels = [], []
        return saved

    def _closure(self, scope: Scope) -> None:
        """A closure with effects: it changes what it captures."""
        rng = self.rng
        t = func_of([self.basic() for _ in range(rng.randrange(3))], [self.type(1)] if rng.random() < 0.7 else [])
        v = Var(self.name("fn"), t, True)
        saved = self._without_loops()
        self.results = t.results
        params = [Var(self.name("q"), p) for p in t.params]
        results = f" {t.results[0].name}" if t.results else ""
        self.emit(f"{v.name} := func({', '.join(f'{p.name} {p.type.name}' for p in params)}){results} {{")
        inner = scope.child()
        inner.vars += params
        self.emit("\tif out.Burn() {")
        self.emit(f"\t\treturn {self.e.literal(t.results[0]) if t.results else ''}")
        self.emit("\t}")
        self.block(inner, rng.randint(1, 3), own=False)
        if t.results:
            self.emit(f"\treturn {self.e.expr(t.results[0], inner, 2)}")
        self.emit("}")
        self.loops, self.labels, self.results = saved
        for _ in range(rng.randint(1, 2)):
            self._call_alone(v.name, t, scope)

    def _call_alone(self, name: str, t: Type, scope: Scope) -> None:
        args = ", ".join(self.e.expr(p, scope, 2) for p in t.params)
        if not t.results:
            self.emit(f"{name}({args})")
            return
        found = [(p, u) for p, u in self.places(scope) if u == t.results[0]] if len(t.results) == 1 else []
        if found and self.rng.random() < 0.4:
            self.emit(f"{self.rng.choice(found)[0]} = {name}({args})")
            return
        new = [Var(self.name("v"), r) for r in t.results]
        self.emit(f"{', '.join(v.name for v in new)} := {name}({args})")
        for v in new:
            self.emit(f"_ = {v.name}")
        scope.vars += new

    def _effect_call(self, scope: Scope) -> None:
        if self.effects:
            f = self.rng.choice(self.effects)
            self._call_alone(f.name, f.type, scope)

    def _try(self, scope: Scope) -> None:
        saved = self._without_loops()
        self.results = []
        self.emit("out.Try(func() {")
        self.block(scope, self.rng.randint(1, 3))
        self.emit("})")
        self.loops, self.labels, self.results = saved

    def _defer(self, scope: Scope) -> None:
        rng = self.rng
        saved = self._without_loops()
        self.results = []
        if rng.random() < 0.3:
            t = self.basic()
            self.emit(f"defer func(q {t.name}) {{ {self.show('q', t)} }}({self.e.expr(t, scope, 2)})")
        else:
            self.emit("defer func() {")
            if rng.random() < 0.4:
                self.emit("\tif r := recover(); r != nil {")
                self.emit('\t\tout.S("recovered")')
                self.emit("\t}")
            self.block(scope, rng.randint(1, 2))
            self.emit("}()")
        self.loops, self.labels, self.results = saved

    def _channel(self, scope: Scope) -> None:
        rng = self.rng
        t = self.basic()
        name = self.name("ch")
        if rng.random() < 0.5:
            self.emit(f"{name} := make(chan {t.name}, {rng.randint(1, 3)})")
            self.emit(f"for range {rng.randint(1, 4)} {{")
            self.emit("\tselect {")
            self.emit(f"\tcase {name} <- {self.e.expr(t, scope, 2)}:")
            self.emit('\t\tout.S("sent")')
            self.emit("\tdefault:")
            self.emit(f"\t\t{self.show(f'<-{name}', t) if not t.is_complex else f'<-{name}'}")
            self.emit("\t}")
            self.emit("}")
        else:
            self.emit(f"{name} := make(chan {t.name})")
            self.emit("go func() {")
            self.emit(f"\tdefer close({name})")
            values = [self.e.literal(t) for _ in range(rng.randint(1, 3))]
            for value in values:
                self.emit(f"\t{name} <- {value}")
            self.emit("}()")
            self.emit(f"for e := range {name} {{")
            self.emit(f"\t{self.show('e', t)}")
            self.emit("}")
        self.emit("out.Line()")

    def _range_func(self, scope: Scope) -> None:
        rng = self.rng
        found = [v for v in scope.vars if v.type.kind == "slice" and v.type.name.startswith("[]")]
        if not found:
            return
        v = rng.choice(found)
        assert v.type.elem is not None
        inner = scope.child()
        key, value = Var(self.name("k"), INT), Var(self.name("e"), v.type.elem)
        inner.vars += [key, value]
        head = f"for {key.name}, {value.name} := range out.Seq({v.name})"
        self._loop(head, inner, rng.randint(1, 3), key, value)

    def _generic(self, scope: Scope) -> None:
        rng = self.rng
        match rng.randrange(4):
            case 0:
                a, b = self.type(1), self.type(1)
                f = self.e.function(func_of([a], [b]), scope, 2)
                self.emit(f"{(n := self.name('v'))} := out.Apply[{a.name}, {b.name}]({self.e.expr(a, scope, 2)}, {f})")
                scope.vars.append(Var(n, b))
                self.emit(f"_ = {n}")
            case 1:
                found = [v for v in scope.vars if v.type.kind == "slice"]
                if found:
                    v = rng.choice(found)
                    assert v.type.elem is not None
                    f = self.e.function(func_of([v.type.elem], [BOOL]), scope, 2)
                    self.emit(self.show(f"out.Collect({v.name}, {f})", v.type))
            case 2:
                a, b = self.basic(), self.basic()
                x = self.name("pr")
                self.emit(
                    f"{x} := out.Pair[{a.name}, {b.name}]{{{self.e.expr(a, scope, 2)}, {self.e.expr(b, scope, 2)}}}"
                )
                self.emit(f"{self.show(f'{x}.Swap().A', b) if not b.is_complex else f'_ = {x}'}")
                self.emit(
                    f"{self.show(f'{x}.Set({self.e.expr(a, scope, 2)}).A', a) if not a.is_complex else f'_ = {x}'}"
                )
            case _:
                found = [v for v in scope.vars if v.type.kind != "func"]
                if found:
                    self.emit(f"out.S(out.Kind[{self.type(1).name}]({rng.choice(found).name}))")

    def _leave(self, scope: Scope) -> None:
        rng = self.rng
        if self.labels and rng.random() < 0.5:
            label, loop = rng.choice(self.labels)
            word = rng.choice(["break", "continue"]) if loop else "break"
            text = f"{word} {label}"
        else:
            word = "continue" if True in self.loops and rng.random() < 0.5 else "break"
            if not self.loops:
                return
            text = word
        self.emit(f"if {self.e.condition(scope)} {{")
        self.emit(f"\t{text}")
        self.emit("}")

    def _panic(self, scope: Scope) -> None:
        value = self.rng.choice([self.e.expr(STRING, scope, 1), self.e.expr(INT, scope, 1)])
        self.emit(f"if {self.e.condition(scope)} {{")
        self.emit(f"\tpanic({value})")
        self.emit("}")

    def _return(self, scope: Scope) -> None:
        self.emit(f"if {self.e.condition(scope)} {{")
        self.emit(f"\treturn {', '.join(self.e.expr(r, scope, 2) for r in self.results)}")
        self.emit("}")

    # The program ------------------------------------------------------------------------------------------------------

    def _pure_function(self) -> None:
        """A function that expressions may call: it may call those before it."""
        rng = self.rng
        t = func_of([self.type(1) for _ in range(rng.randrange(4))], [self.type(1)])
        name = self.name("pure")
        params = [Var(self.name("q"), p) for p in t.params]
        scope = Scope(params)
        self.lines = []
        # Only its own variables, which hold no references to others' memory, are assigned to.
        own = Scope([*params])
        for _ in range(rng.randrange(3)):
            self.declare(own, self.basic())
        if rng.random() < 0.5:
            v = self.declare(own, rng.choice(INTS))
            self.emit(f"for {(i := self.name('i'))} := range {rng.randint(1, 4)} {{")
            self.emit(f"\t{v.name} += {v.type.name}({i}) * {self.e.expr(v.type, own, 2)}")
            self.emit("}")
        if rng.random() < 0.5:
            self.emit(f"if {self.e.condition(own)} {{ return {self.e.expr(t.results[0], own, 2)} }}")
        self.emit(f"return {self.e.expr(t.results[0], own, 3)}")
        del scope
        self._function(name, params, t.results[0].name)
        self.e.functions.append(Callable_(name, t))

    def _function(self, name: str, params: list[Var], results: str) -> None:
        text = ", ".join(f"{p.name} {p.type.name}" for p in params)
        self.top.append("\n".join([f"func {name}({text}) {results} {{", *self.lines, "}"]))
        self.lines = []

    def _effect_function(self) -> None:
        """A function with effects: on package variables and on what its parameters refer to; it may call itself."""
        rng = self.rng
        results = [self.type(1) for _ in range(rng.randrange(3))]
        t = func_of([self.type(1) for _ in range(rng.randrange(4))], results)
        name = self.name("do")
        params = [Var(self.name("q"), p) for p in t.params]
        scope = Scope([*self.globals, *params])
        self.lines, self.depth = [], 0
        named = bool(results) and rng.random() < 0.5
        result_vars = [Var(self.name("r"), r) for r in results]
        if named:
            scope.vars += result_vars
        text = (
            ", ".join(f"{v.name} {v.type.name}" for v in result_vars) if named else ", ".join(r.name for r in results)
        )
        self.results = results
        self.emit("if out.Burn() {")
        self.emit(f"\treturn {', '.join(self.e.literal(r) for r in results)}")
        self.emit("}")
        if rng.random() < 0.3:
            self.effects.append(Callable_(name, t))
        for _ in range(rng.randint(1, 3)):
            self.statement(scope)
        if named and rng.random() < 0.5:
            self.emit("return")
        else:
            self.emit(f"return {', '.join(self.e.expr(r, scope, 3) for r in results)}")
        self._function(name, params, f"({text})")
        if all(f.name != name for f in self.effects):
            self.effects.append(Callable_(name, t))

    def _make(self) -> str:
        rng = self.rng
        self.declare_types()
        for _ in range(rng.randrange(3)):
            self._pure_function()
        for _ in range(rng.randrange(4)):
            v = Var(self.name("g"), self.type())
            self.top.append(f"var {v.name} {v.type.name} = {self.e.expr(v.type, Scope(list(self.globals)), 3)}")
            self.globals.append(v)
        for _ in range(rng.randrange(3)):
            self._effect_function()
        self.lines, self.depth, self.results = [], 0, []
        scope = Scope(list(self.globals))
        for _ in range(rng.randint(2, 5)):
            self.statement(scope)
        for v in scope.vars:
            if v.type.kind != "func":
                self.emit(self.show(v.name, v.type))
        self.emit("out.End()")
        self._function("Run", [], "")
        head = [
            f"package {self.package}",
            'import ("maps"; "slices"; "batch/out")',
            "var _ = slices.Sorted(maps.Keys(map[int]int(nil)))",
        ]
        return "\n".join([*head, *self.top, ""])


def program(seed: int, package: str) -> str:
    """The package of a seed."""
    return Program(seed, package).text
