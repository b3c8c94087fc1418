"""Labels and branch statements of a function body: their targets, and gc's errors for wrong ones."""

from __future__ import annotations

from goir.syntax import ast
from goir.syntax.exprstring import expr_string
from goir.syntax.positions import FileSet, SyntaxError_

_Switch = ast.SwitchStmt | ast.TypeSwitchStmt
_Loop = ast.ForStmt | ast.RangeStmt


class _Block:
    """A block: its enclosing block, its position and the label of the statement it belongs to."""

    __slots__ = ("labeled", "parent", "pos")

    def __init__(self, parent: _Block | None, pos: int, labeled: ast.LabeledStmt | None) -> None:
        self.parent = parent
        self.pos = pos
        self.labeled = labeled


class _Label:
    """A declared label."""

    __slots__ = ("block", "stmt", "used")

    def __init__(self, block: _Block, stmt: ast.LabeledStmt) -> None:
        self.block = block
        self.stmt = stmt
        self.used = False


class _Targets:
    """Where an unlabelled break and continue lead; ``case`` is the index of the case directly around, or -1."""

    __slots__ = ("breaks", "case", "continues")

    def __init__(self, breaks: ast.Stmt | None, continues: _Loop | None, case: int = -1) -> None:
        self.breaks = breaks
        self.continues = continues
        self.case = case


def check_branches(body: ast.BlockStmt, fset: FileSet, errors: list[SyntaxError_]) -> None:
    """Sets ``target`` of the branch statements in ``body`` (function literals apart); appends to ``errors``."""
    checker = _Checker(fset, errors)
    error = checker.error
    for goto in checker.block(None, _Targets(None, None), None, body.pos, body.list):
        assert goto.label is not None
        name = goto.label.name
        label = checker.labels.get(name)
        if label is not None:
            label.used = True
            error(goto.label.pos, f"goto {name} jumps into block starting at {fset.place(label.block.pos)}")
        else:
            error(goto.label.pos, f"label {name} not defined")
    for name, label in checker.labels.items():
        if not label.used:
            error(label.stmt.label.pos, f"label {name} defined and not used")


class _Checker:
    def __init__(self, fset: FileSet, errors: list[SyntaxError_]) -> None:
        self.fset = fset
        self.errors = errors
        self.labels: dict[str, _Label] = {}

    def error(self, pos: int, message: str) -> None:
        self.errors.append(SyntaxError_(pos, message))

    def block(
        self,
        parent: _Block | None,
        targets: _Targets,
        labeled: ast.LabeledStmt | None,
        pos: int,
        statements: list[ast.Stmt],
    ) -> list[ast.BranchStmt]:
        """Checks a block; the result are its gotos whose labels were not found yet."""
        block = _Block(parent, pos, labeled)
        forward: list[ast.BranchStmt] = []
        # The last variable declared so far, and the forward gotos before it.
        variable: tuple[int, str] | None = None
        jumping_over: list[ast.BranchStmt] = []

        count = len(statements)
        while count and isinstance(statements[count - 1], ast.EmptyStmt):
            count -= 1  # fallthrough may be followed by empty statements
        for index in range(count):
            s = statements[index]
            labeled = None
            while isinstance(s, ast.LabeledStmt):
                name = s.label.name
                if name != "_":
                    label = self._declare(block, s)
                    rest: list[ast.BranchStmt] = []
                    for goto in forward:
                        if goto.label is None or goto.label.name != name:
                            rest.append(goto)
                            continue
                        goto.target = s
                        label.used = True
                        if variable is not None and goto in jumping_over:
                            where = self.fset.place(variable[0])
                            self.error(
                                goto.label.pos, f"goto {name} jumps over declaration of {variable[1]} at {where}"
                            )
                    forward = rest
                    labeled = s
                s = s.stmt

            match s:
                case ast.BranchStmt():
                    if s.label is None:
                        self._unlabeled(s, targets, index + 1 == count)
                    elif self._labeled(s, s.label, block):
                        forward.append(s)
                case ast.AssignStmt():
                    if s.tok == ":=":
                        variable = s.tok_pos, ", ".join(map(expr_string, s.lhs))
                        jumping_over = forward.copy()
                case ast.DeclStmt():
                    if s.decl.tok == "var" and s.decl.specs:
                        spec = s.decl.specs[0]
                        assert isinstance(spec, ast.ValueSpec)
                        variable = spec.pos, spec.names[0].name
                        jumping_over = forward.copy()
                case ast.BlockStmt():
                    inner = _Targets(targets.breaks, targets.continues)
                    forward += self.block(block, inner, labeled, s.pos, s.list)
                case ast.IfStmt():
                    inner = _Targets(targets.breaks, targets.continues)
                    forward += self._if(block, inner, labeled, s)
                case ast.ForStmt() | ast.RangeStmt():
                    forward += self.block(block, _Targets(s, s), labeled, s.body.pos, s.body.list)
                case ast.SwitchStmt() | ast.TypeSwitchStmt() | ast.SelectStmt():
                    for case, clause in enumerate(s.body.list):
                        assert isinstance(clause, ast.CaseClause | ast.CommClause)
                        inner = _Targets(s, targets.continues, -1 if isinstance(s, ast.SelectStmt) else case)
                        forward += self.block(block, inner, labeled, clause.pos, clause.body)
                case _:
                    pass
        return forward

    def _if(
        self, block: _Block, targets: _Targets, labeled: ast.LabeledStmt | None, s: ast.IfStmt
    ) -> list[ast.BranchStmt]:
        """Checks an if statement; each else is a block in the block of its if."""
        forward: list[ast.BranchStmt] = []
        while True:
            forward += self.block(block, targets, labeled, s.body.pos, s.body.list)
            if s.else_ is None:
                return forward
            block = _Block(block, s.else_.pos, labeled)
            labeled = None
            if isinstance(s.else_, ast.BlockStmt):
                return forward + self.block(block, targets, None, s.else_.pos, s.else_.list)
            s = s.else_

    def _declare(self, block: _Block, s: ast.LabeledStmt) -> _Label:
        name = s.label.name
        label = self.labels.get(name)
        if label is None:
            label = self.labels[name] = _Label(block, s)
        else:
            where = self.fset.place(label.stmt.label.pos)
            self.error(s.label.pos, f"label {name} already defined at {where}")
        return label

    def _unlabeled(self, s: ast.BranchStmt, targets: _Targets, is_last: bool) -> None:
        if s.tok == "break":
            s.target = targets.breaks
            if s.target is None:
                self.error(s.pos, "break is not in a loop, switch, or select")
        elif s.tok == "continue":
            s.target = targets.continues
            if s.target is None:
                self.error(s.pos, "continue is not in a loop")
        elif s.tok == "fallthrough":
            message = "fallthrough statement out of place"
            switch = targets.breaks
            if isinstance(switch, ast.TypeSwitchStmt):
                message = "cannot fallthrough in type switch"
            elif isinstance(switch, ast.SwitchStmt) and targets.case >= 0 and is_last:
                if targets.case + 1 < len(switch.body.list):
                    s.target = switch
                    return
                message = "cannot fallthrough final case in switch"
            self.error(s.pos, message)

    def _labeled(self, s: ast.BranchStmt, name: ast.Ident, block: _Block) -> bool:
        """Resolves a labelled branch; True for a goto whose label is not known yet."""
        label = self.labels.get(name.name)
        if label is not None:
            label.used = True
        enclosing: _Block | None = block
        if s.tok == "goto":
            while enclosing is not None and label is not None:
                if label.block is enclosing:
                    s.target = label.stmt
                    return False
                enclosing = enclosing.parent
            return True
        if label is None:
            self.error(name.pos, f"{s.tok} label not defined: {name.name}")
            return False
        while enclosing is not None and enclosing.labeled is not label.stmt:
            enclosing = enclosing.parent
        target = label.stmt.stmt if enclosing is not None else None
        allowed = _Loop if s.tok == "continue" else _Loop | _Switch | ast.SelectStmt
        if isinstance(target, allowed):
            s.target = target
        else:
            self.error(name.pos, f"invalid {s.tok} label {name.name}")
        return False
