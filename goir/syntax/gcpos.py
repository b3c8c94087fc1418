"""Where gc says that an error in a node is.

gc's own syntax tree keeps one position per node, which is often that of the operator, and its checker reports errors at
the "start" of a node, which is not always the first character. Diagnostics that shall agree with gc's use these two.
"""

from __future__ import annotations

from goir.syntax import ast


def start_pos(node: ast.Node) -> int:
    """The position that gc's checker gives errors about ``node`` as a whole.

    It is the node's first character, but for slice expressions (the bracket) and function types (what follows the
    keyword), also at the beginning of a larger expression.
    """
    while True:
        match node:
            case ast.SliceExpr():
                return node.lbrack
            case ast.FuncType():
                return node.type_params.opening if node.type_params is not None else node.params.opening
            case ast.CompositeLit():
                if node.type is None:
                    return node.lbrace
                node = node.type
            case ast.KeyValueExpr():
                node = node.key
            case ast.SelectorExpr() | ast.IndexExpr() | ast.IndexListExpr() | ast.TypeAssertExpr() | ast.BinaryExpr():
                node = node.x
            case ast.CallExpr():
                node = node.fun
            case ast.SendStmt():
                node = node.chan
            case ast.ExprStmt() | ast.IncDecStmt():
                node = node.x
            case ast.AssignStmt():
                node = node.lhs[0]
            case _:
                return node.pos


def node_pos(node: ast.Node) -> int:
    """The position of ``node`` in gc's syntax tree: that of its operator, bracket, dot or keyword."""
    match node:
        case ast.BinaryExpr():
            return node.op_pos
        case ast.CallExpr() | ast.TypeAssertExpr():
            # gc keeps the dot of an assertion; it directly precedes the parenthesis in formatted code.
            return node.lparen if isinstance(node, ast.CallExpr) else node.lparen - 1
        case ast.IndexExpr() | ast.IndexListExpr() | ast.SliceExpr():
            return node.lbrack
        case ast.SelectorExpr():
            return node.sel.pos - 1
        case ast.KeyValueExpr():
            return node.colon
        case ast.CompositeLit():
            return node.lbrace
        case ast.FuncType():
            return start_pos(node)
        case ast.AssignStmt() | ast.IncDecStmt():
            return node.tok_pos
        case ast.SendStmt():
            return node.arrow
        case ast.LabeledStmt():
            return node.colon
        case ast.ExprStmt():
            return node_pos(node.x)
        case _:
            return node.pos
