"""The go and coro dialects from Python: types as values, the docs' examples, effects, the verifier on built IR, fuzzed text."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from xdsl.dialects import cf
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, ModuleOp, StringAttr, SymbolRefAttr, UnitAttr, i64
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from goir.build.ir_io import IRError, load_module, parse_text, print_module, save_module
from goir.dialects import coro, go
from goir.dialects.verify import ModuleError, check_module, verify_module

ROOT = Path(__file__).parent.parent


def _examples(name: str) -> str:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return "".join(re.findall(r"^```goir\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("name", ["dialect-go.md", "coro.md"])
def test_examples_of_the_docs(name: str) -> None:
    """They verify, and are the text the printer makes."""
    source = _examples(name)
    module = parse_text(source, name)
    assert verify_module(module) == []
    printed = print_module(module).splitlines()[1:-1]
    assert [line.removeprefix("  ") for line in printed] == source.splitlines()
    assert print_module(parse_text(print_module(module, generic=True), name)) == print_module(module)


def test_every_op_is_in_the_docs() -> None:
    text = _examples("dialect-go.md") + _examples("coro.md")
    for op in [*go.Go.operations, *coro.Coro.operations]:
        assert re.search(re.escape(op.name) + r"(?![\w.])", text), f"{op.name} has no example"


def test_types_are_values() -> None:
    a = go.StructType([go.FieldAttr("x", go.PtrType(go.INT), False, "", "main")])
    b = go.StructType([go.FieldAttr("x", go.PtrType(go.INT), False, "", "main")])
    assert a == b and hash(a) == hash(b) and a is not b
    assert a != go.StructType([go.FieldAttr("x", go.PtrType(go.INT), False, "t", "main")])
    assert go.INT is go.IntType.new([]) and go.INT != go.INT64
    assert (go.UINT8.bits, go.UINT8.signed, go.UINT8.is_integer, go.FLOAT32.is_float) == (8, False, True, True)
    assert str(go.FuncType([go.INT, go.SliceType(go.STRING)], [], True)) == "!go.func<(!go.int, ...!go.string) -> ()>"


def _function(
    name: str, params: list[Attribute], results: list[Attribute], *blocks: Block, **properties: Attribute
) -> go.FuncOp:
    named: dict[str, Attribute] = {"sym_name": StringAttr(name), "function_type": go.FuncType(params, results)}
    return go.FuncOp.create(properties=named | properties, regions=[Region(list(blocks))])


def _constant(value: int, t: Attribute = go.INT) -> go.ConstantOp:
    return go.ConstantOp.create(result_types=[t], properties={"value": IntegerAttr(value, i64)})


def test_type_table() -> None:
    module = parse_text(
        'go.type "a" = !go.named<"b"> display "a" in "m"\n'
        'go.type "b" = !go.slice<!go.named<"a">> display "b" in "m"\n'
        'go.type "c" = !go.named<"c"> display "c" in "m"\n',
        "x",
    )
    table = go.TypeTable(module)
    assert table.underlying(go.NamedType("a")) == go.SliceType(go.NamedType("a"))
    assert table.underlying(go.INT) is go.INT
    for unresolved in ("c", "missing"):
        assert table.underlying(go.NamedType(unresolved)) == go.NamedType(unresolved)


def test_what_may_panic() -> None:
    """Ops that cannot fail for what is known of their operands do not count."""
    block = Block(arg_types=[go.INT, go.FLOAT64, go.SliceType(go.INT), go.EMPTY_INTERFACE, go.NamedType("T")])
    n, f, s, e, t = block.args
    seven, zero = _constant(7).results[0], _constant(0).results[0]

    def may(cls: type[Operation], *operands: SSAValue, result: Attribute = go.INT) -> bool:
        return go.op_may_panic(cls.create(operands=operands, result_types=[result]))

    assert may(go.DivOp, n, n) and may(go.DivOp, n, zero) and not may(go.DivOp, n, seven)
    assert not may(go.DivOp, f, f, result=go.FLOAT64)
    assert may(go.ShlOp, n, n) and not may(go.ShlOp, n, seven)
    assert may(go.IndexAddrOp, s, n) and not may(go.AddOp, n, n)
    assert may(go.CmpOp, e, e) and not may(go.CmpOp, n, n)
    assert may(go.CmpOp, t, t)
    assert not go.op_may_panic(go.CmpOp.create(operands=[t, t], result_types=[go.BOOL]), lambda _: go.INT)
    assert may(go.ConvertOp, s, result=go.ArrayType(2, go.INT)) and not may(go.ConvertOp, n, result=go.FLOAT32)


def test_what_may_suspend() -> None:
    select = go.SelectOp.create(result_types=[go.INT, go.BOOL], properties={"dirs": ArrayAttr[StringAttr]([])})
    assert go.op_may_suspend(select)
    select.properties["has_default"] = UnitAttr()
    assert not go.op_may_suspend(select)
    assert go.op_may_suspend(go.YieldOp.create()) and not go.op_may_suspend(go.UnreachableOp.create())


def test_values_of_another_function() -> None:
    """What no text can say, and a pass can do by mistake."""
    a, b = Block(arg_types=[go.INT]), Block(arg_types=[go.INT])
    a.add_op(go.ReturnOp.create(operands=[a.args[0]]))
    b.add_op(go.ReturnOp.create(operands=[a.args[0]]))
    module = ModuleOp([_function("f", [go.INT], [go.INT], a), _function("g", [go.INT], [go.INT], b)])
    (error,) = verify_module(module)
    assert "is not a value of this function" in error.message
    with pytest.raises(ModuleError, match="operand 0 of go"):
        check_module(module)


def test_branches_to_another_function() -> None:
    a, b = Block(), Block()
    a.add_op(go.ReturnOp.create())
    b.add_op(cf.BranchOp.create(successors=[a]))
    module = ModuleOp([_function("f", [], [], a), _function("g", [], [], b)])
    assert any("block of another function" in d.message for d in verify_module(module))


def test_missing_pieces_are_errors_not_exceptions() -> None:
    """Ops without their operands, properties or regions."""
    for cls in [*go.Go.operations, *coro.Coro.operations]:
        block = Block([cls.create()])
        block.add_op(go.UnreachableOp.create())
        module = ModuleOp([_function("f", [], [], block), cls.create()])
        verify_module(module)


def test_many_blocks() -> None:
    """A long chain of loops: no recursion, and linear time."""
    blocks = [Block(arg_types=[go.BOOL])] + [Block() for _ in range(20_000)]
    condition = blocks[0].args[0]
    segments = parse_text(
        "go.func @f(%c : i1) {\n  cf.cond_br %c, ^a, ^b\n^a:\n  go.return\n^b:\n  go.return\n}\n", "x"
    )
    sizes = next(op for op in segments.walk() if isinstance(op, cf.ConditionalBranchOp)).properties
    blocks[0].add_op(cf.BranchOp.create(successors=[blocks[1]]))
    for i in range(1, len(blocks) - 1):
        back = blocks[max(1, i - 1)]
        blocks[i].add_op(
            cf.ConditionalBranchOp.create(
                operands=[condition], successors=[back, blocks[i + 1]], properties=dict(sizes)
            )
        )
    blocks[-1].add_op(go.ReturnOp.create())
    assert verify_module(ModuleOp([_function("f", [go.BOOL], [], *blocks)])) == []


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "x.goir"
    module = parse_text("go.func @main.f() {\n  go.call @main.f() : () -> ()\n  go.return\n}\n", "f.goir")
    save_module(module, path)
    loaded = load_module(path)
    assert print_module(loaded, debuginfo=True) == print_module(module, debuginfo=True)
    assert 'loc("f.goir":2:3)' in path.read_text()
    path.write_text("go.func @main.f() {\n  go.call @main.g() : () -> ()\n  go.return\n}\n")
    with pytest.raises(IRError, match=r"x\.goir:2:3: error: go\.call: @main\.g is not defined"):
        load_module(path)


def test_symbols_beyond_ascii() -> None:
    module = ModuleOp([_function("main.π·1", [], []), _function('main.\n"é', [], [])])
    text = print_module(module, generic=True)
    assert print_module(parse_text(text, "x"), generic=True) == text
    assert print_module(parse_text(print_module(module), "x"), generic=True) == text
    call = go.CallOp.create(properties={"callee": SymbolRefAttr("main.π·1")})
    assert "main.\\CF\\80\\C2\\B71" in str(call)


def test_mutated_text() -> None:
    """Whatever is done to a module's text, it is read, or said to be wrong at a place; no other exception."""
    chooser = random.Random(7)
    pieces = [
        "!go.int",
        "%a",
        "^bb1",
        "<",
        ">",
        "(",
        ")",
        "{",
        "}",
        "@f",
        ":",
        ",",
        "->",
        "5",
        '"x"',
        "loc(",
        "i1",
        "\\FF",
    ]
    texts = [_examples("dialect-go.md"), _examples("coro.md")]
    chunks = [chunk for text in texts for chunk in re.split(r"(?m)^(?=go\.func|coro\.func|go\.type)", text)]
    for _ in range(1500):
        text = chooser.choice(chunks)
        for _ in range(chooser.randint(1, 3)):
            at = chooser.randrange(len(text) + 1)
            match chooser.randrange(3):
                case 0:
                    text = text[:at] + text[at + chooser.randint(1, 12) :]
                case 1:
                    text = text[:at] + chooser.choice(pieces) + text[at:]
                case _:
                    text = text[:at]
        try:
            module = parse_text(text, "x")
            if not verify_module(module):
                assert print_module(parse_text(print_module(module), "x")) == print_module(module)
        except IRError as error:
            assert re.match(r"x:\d+:\d+: error: ", str(error))
