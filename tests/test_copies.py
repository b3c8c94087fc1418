"""Copies of small functions in modules that call them: made, kept as text, joined to other modules, put where called."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from goir.build.codegen import compile_as
from goir.build.ir_io import parse_text
from goir.lowering.emit_copies import Copy, choose_copies, emit_with_copies
from goir.lowering.emit_parts import Part, emit_parts
from goir.lowering.pipeline import lower_to_llvm

binding: Any = import_module("llvmlite.binding")

LIBRARY = """
  go.global @"a.limit" : !go.int = 7 : i64
  go.func @"a.small"(%x : !go.int) -> (!go.int) {
    %p = go.global_addr @"a.limit" : !go.ptr<!go.int>
    %l = go.load %p : !go.int
    %r = go.call @"a.twice"(%x) : (!go.int) -> !go.int
    %s = go.add %l, %r : !go.int loc("a/a.go":5:2)
    go.return %s : !go.int
  } loc("a/a.go":3:1)
  go.func @"a.twice"(%x : !go.int) -> (!go.int) {
    %s = go.add %x, %x : !go.int loc("a/a.go":9:2)
    go.return %s : !go.int
  } loc("a/a.go":8:1)
  go.func @"a.text"(%c : i1) -> (!go.string) {
    %s = go.string_const "text" : !go.string
    go.return %s : !go.string
  }
  go.func @"a.kept"(%x : !go.int) -> (!go.int) attributes {noinline} {
    go.return %x : !go.int
  }
  go.func @"b.calls"(%x : !go.int) -> (!go.int) {
    %r = go.call @"a.small"(%x) : (!go.int) -> !go.int
    %k = go.call @"a.kept"(%r) : (!go.int) -> !go.int
    go.return %k : !go.int
  }
"""
USER = """
  go.func @"main.f"(%x : !go.int, %c : i1) -> (!go.int, !go.string) {
    %r = go.call @"a.small"(%x) : (!go.int) -> !go.int loc("main.go":4:2)
    %s = go.call @"a.text"(%c) : (i1) -> !go.string loc("main.go":5:2)
    go.return %r, %s : !go.int, !go.string
  } loc("main.go":3:1)
  go.func @"a.small"(!go.int) -> (!go.int)
  go.func @"a.text"(i1) -> (!go.string)
"""


def lowered(text: str, library: bool = False) -> Any:
    attributes = "attributes {goir.library} " if library else ""
    module = parse_text(f"builtin.module {attributes}{{{text}}}\n", "copies.goir")
    lower_to_llvm(module)
    return module


@pytest.fixture(scope="module")
def parts() -> dict[str, Part]:
    return {p.name: p for p in emit_parts(lowered(LIBRARY, library=True), lambda s: s.partition(".")[0], {})}


def test_parts_hold_copies(parts: dict[str, Part]) -> None:
    text = parts["b"].text
    binding.parse_assembly(text).verify()
    assert 'define available_externally dso_local swiftcc i64 @"a.small"' in text
    assert 'define available_externally dso_local swiftcc i64 @"a.twice"' in text, "what a copy calls"
    assert 'declare swiftcc i64 @"a.kept"' in text
    assert set(parts["b"].needs) == {"a.small", "a.twice", "a.limit", "a.kept"}
    assert set(parts["a"].copies) == {"a.small", "a.twice", "a.text"}


def test_no_copies_without(parts: dict[str, Part]) -> None:
    found = list(emit_parts(lowered(LIBRARY, library=True), lambda s: s.partition(".")[0], None))
    assert not any("available_externally" in p.text or p.copies for p in found)


def test_copies_join_another_module(parts: dict[str, Part]) -> None:
    kept = {name: Copy(*each) for name, each in json.loads(json.dumps(parts["a"].copies)).items()}
    chosen = choose_copies(kept, ["a.small", "a.text"])
    assert set(chosen) == {"a.small", "a.twice", "a.text"}
    text = emit_with_copies(lowered(USER), "", chosen)
    binding.parse_assembly(text).verify()
    assert text.count("distinct !DICompileUnit") == 1
    assert text.count("go:constant.") == 2, "the string constant and its use"
    optimised = compile_as(text, 1, "ll").decode()
    body = optimised[optimised.index("@main.f(") :].partition("\n}")[0]
    assert "call" not in body
    assert "a.small" in optimised, "the debug information of what was put there"


def test_later_modules_of_the_library_take_copies(parts: dict[str, Part]) -> None:
    user = lowered(USER.replace("main.f", "c.f"), library=True)
    (part,) = emit_parts(user, lambda s: s.partition(".")[0], parts["a"].copies)
    binding.parse_assembly(part.text).verify()
    assert 'define available_externally dso_local swiftcc i64 @"a.twice"' in part.text
    assert {"a.small", "a.text", "a.twice", "a.limit"} <= set(part.needs)
