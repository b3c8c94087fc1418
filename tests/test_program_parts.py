"""A program in parts: an edit changes the text of one, names and numbers depend on nothing in others, parts fit together."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest

from goir.build.ir_io import parse_text
from goir.lowering.pipeline import lower_to_llvm
from goir.lowering.program_parts import SIZES, emit_program

binding: Any = import_module("llvmlite.binding")
FUNCTIONS = 40
ADDS = 70


def function(name: str, number: int, callee: str) -> str:
    adds = "\n".join(
        f"    %v{i + 1} = go.add %v{i}, %v{i} : !go.int loc('p.go':{number}:{i + 1})".replace("'", '"')
        for i in range(ADDS)
    )
    return f"""
  go.func private @"main.{name}"(%v0 : !go.int) -> (!go.int) {{
{adds}
    %s = go.string_const "string of {name}" : !go.string
    go.print(%s : !go.string)
    %r = go.call @"main.{callee}"(%v{ADDS}) : (!go.int) -> !go.int
    %q = go.call @"main.small"(%r) : (!go.int) -> !go.int
    go.return %q : !go.int
  }} loc("p.go":{number}:1)"""


def program(functions: int = FUNCTIONS, edited: int = -1) -> list[str]:
    text = [
        """
  go.global @"main.own" : !go.int {sym_visibility = "private"}
  go.global @"main.shared" : !go.int {sym_visibility = "private"}
  go.func private @"main.small"(%x : !go.int) -> (!go.int) {
    %p = go.global_addr @"main.shared" : !go.ptr<!go.int>
    go.store %x, %p : !go.int
    go.return %x : !go.int
  }
  go.func private @"main.user"(%x : !go.int) -> (!go.int) attributes {noinline} {
    %p = go.global_addr @"main.own" : !go.ptr<!go.int>
    %v = go.load %p : !go.int
    go.return %v : !go.int
  }
  go.func @"goir.start"() -> () {
    %c = go.constant 1 : !go.int
    %r = go.call @"main.f0"(%c) : (!go.int) -> !go.int
    %q = go.call @"main.user"(%r) : (!go.int) -> !go.int
    go.return
  }"""
    ]
    for i in range(functions):
        callee = f"f{(i + 1) % functions}" if i != edited else "small"
        text.append(function(f"f{i}", i + 1, callee))
    module = parse_text(f"builtin.module {{{''.join(text)}}}\n", "parts.goir")
    lower_to_llvm(module)
    return list(emit_program(module, "", {}))


@pytest.fixture(scope="module")
def parts() -> list[str]:
    return program()


def test_sizes(parts: list[str]) -> None:
    assert len(program(2)) == 1, "a small program is not parted"
    assert FUNCTIONS * ADDS // SIZES[1] < len(parts) <= FUNCTIONS * ADDS // SIZES[0] + 1


def test_parts_fit_together(parts: list[str]) -> None:
    modules = [binding.parse_assembly(text) for text in parts]
    for module in modules:
        module.verify()
    whole, *rest = modules
    for module in rest:
        whole.link_in(module)
    whole.verify()
    assert not any(f.is_declaration for f in whole.functions if f.name.startswith("main."))
    assert sum(text.count(' @"main.shared" = ') or text.count('@"main.shared" = global') for text in parts) <= 1


def test_what_one_part_uses_is_internal(parts: list[str]) -> None:
    (user,) = [text for text in parts if re.search(r'^define .*@"main.user"', text, re.MULTILINE)]
    assert '@"main.own" = internal' in user
    assert sum('@"main.shared" = dso_local' in text for text in parts) == 1


def test_small_functions_are_copied(parts: list[str]) -> None:
    copied = [text for text in parts if 'define available_externally dso_local swiftcc i64 @"main.small"' in text]
    assert len(copied) == sum('@"main.small"' in text for text in parts) - 1


def test_an_edit_touches_one_part(parts: list[str]) -> None:
    edited = program(edited=FUNCTIONS // 2)
    assert len(set(edited) - set(parts)) == 1, "no numbers of strings, functions or debug information are shared"


def test_a_new_function_touches_few_parts(parts: list[str]) -> None:
    longer = program(FUNCTIONS + 1)
    assert len(set(longer) - set(parts)) <= 2


def test_a_coroutine_that_many_await_is_in_each_of_their_parts() -> None:
    awaiters = "\n".join(
        function(f"f{i}", i + 1, "hub").replace("go.func private", "go.func") for i in range(FUNCTIONS)
    )
    text = f"""builtin.module {{
  go.global @"main.c" : !go.chan<!go.int> {{sym_visibility = "private"}}
  go.func private @"main.small"(%x : !go.int) -> (!go.int) {{
    go.return %x : !go.int
  }}
  go.func private @"main.hub"(%x : !go.int) -> (!go.int) {{
    %p = go.global_addr @"main.c" : !go.ptr<!go.chan<!go.int>>
    %c = go.load %p : !go.chan<!go.int>
    %v = go.recv %c : !go.chan<!go.int> -> !go.int
    go.return %v : !go.int
  }}
{awaiters}
}}
"""
    module = parse_text(text, "parts.goir")
    lower_to_llvm(module)
    parts = list(emit_program(module, "", {}))
    awaiting = [part for part in parts if '@"main.hub$coro"' in part]
    assert len(awaiting) > 3
    for part in awaiting:
        assert re.search(r'^define internal .*@"main\.hub\$coro"', part, re.MULTILINE)
        assert "coro_elide_safe" in part
