"""The back end: llvm dialect → LLVM IR → object file → executable that runs, with both linkers."""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Callable, Sequence
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from elftools.elf.elffile import ELFFile
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, IntegerType, ModuleOp, i32, i64
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from goir.build import link, pctab
from goir.build.codegen import compile_as, compile_object, compile_objects
from goir.build.errors import BuildError, InternalCompilerError
from goir.dialects import llvm_ext as llvm
from goir.lowering.emit_llvm import EmitError, emit

binding: Any = import_module("llvmlite.binding")
SHARED = Path(__file__).parent / "ll"


def parse(text: str) -> ModuleOp:
    context = Context()
    context.load_dialect(Builtin)
    context.load_dialect(llvm.LLVM)
    module = Parser(context, text).parse_module()
    module.verify()
    return module


def text_of(module: ModuleOp, generic: bool = False) -> str:
    out = StringIO()
    Printer(out, print_generic_format=generic).print_op(module)
    return out.getvalue()


def checked(text: str) -> str:
    """LLVM IR of a module, accepted by LLVM's verifier."""
    out = emit(parse(text))
    binding.parse_assembly(out).verify()
    return out


def by_cc(objects: Sequence[Path], out: Path) -> None:
    done = subprocess.run(link.driver_command(["cc"], objects, out), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def by_tcc(objects: Sequence[Path], out: Path) -> None:
    start = out.with_suffix(".c")
    start.write_text(link.START)
    done = subprocess.run(link.tcc_command(objects, out, start), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(params=[by_cc, by_tcc], ids=["cc", "tcc"])
def linker(request: pytest.FixtureRequest) -> Callable[[Sequence[Path], Path], None]:
    if request.param is by_cc and not any(map(link.shutil.which, link.DRIVERS)):
        pytest.skip("no C compiler driver")
    return request.param


def build(folder: Path, linker: Callable[[Sequence[Path], Path], None], *texts: str, opt: int = 1) -> Path:
    objects: list[Path] = []
    for i, code in enumerate(compile_objects(texts, opt)):
        objects.append(folder / f"{i}.o")
        objects[-1].write_bytes(code)
    linker(objects, folder / "a.out")
    return folder / "a.out"


def output(program: Path) -> str:
    done = subprocess.run([program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    return done.stdout


PRELUDE = """
  llvm.func @printf(!llvm.ptr, ...) -> i32
"""


def show(*names: str) -> str:
    """Ops that print i64 values."""
    types = ", ".join(["!llvm.ptr", *["i64"] * len(names)])
    return f"""
    %fmt = llvm.mlir.addressof @fmt : !llvm.ptr
    %written = llvm.call @printf(%fmt, {", ".join(names)}) vararg(!llvm.func<i32 (ptr, ...)>) : ({types}) -> i32
    %zero = llvm.mlir.constant(0 : i32) : i32
    llvm.return %zero : i32
"""


def format_global(count: int) -> str:
    text = " ".join(["%ld"] * count)
    return f'llvm.mlir.global private constant @fmt("{text}\\00") : !llvm.array<{len(text) + 1} x i8>'


# --------------------------------------------------------------------------------------------------------------------


def test_every_op_has_an_emission() -> None:
    from goir.lowering.emit_llvm_ops import IN_PLACE, TABLE

    structural = {llvm.FuncOp, llvm.GlobalOp, llvm.ComdatOp, llvm.ComdatSelectorOp}
    missing = [op.name for op in llvm.LLVM.operations if op not in {*TABLE, *IN_PLACE, *structural}]
    assert not missing


def test_switch_phis_atomics(tmp_path: Path, linker: Callable[[Sequence[Path], Path], None]) -> None:
    text = checked(f"""
    {PRELUDE}
    {format_global(5)}
    llvm.mlir.global internal @cell(10 : i64) {{alignment = 8 : i64}} : i64
    llvm.func internal swiftcc @"pick·one"(%x : i64, %ctx : !llvm.ptr {{llvm.nest}}) -> i64
        attributes {{passthrough = ["noinline"]}} {{
      %c10 = llvm.mlir.constant(10 : i64) : i64
      %c20 = llvm.mlir.constant(20 : i64) : i64
      llvm.switch %x : i64, ^join(%x : i64) [1: ^join(%c10 : i64), 2: ^join(%c20 : i64), -3: ^ctx]
    ^ctx:
      %v = llvm.load %ctx : !llvm.ptr -> i64
      llvm.br ^join(%v : i64)
    ^join(%r : i64):
      llvm.return %r : i64
    }}
    llvm.func @main() -> i32 {{
      %p = llvm.mlir.addressof @cell : !llvm.ptr
      %1 = llvm.mlir.constant(1 : i64) : i64
      %2 = llvm.mlir.constant(2 : i64) : i64
      %m3 = llvm.mlir.constant(-3 : i64) : i64
      %a = llvm.call swiftcc @"pick·one"(%1, %p) : (i64, !llvm.ptr {{llvm.nest}}) -> i64
      %b = llvm.call swiftcc @"pick·one"(%2, %p) : (i64, !llvm.ptr {{llvm.nest}}) -> i64
      %f = llvm.mlir.addressof @"pick·one" : !llvm.ptr
      %c = llvm.call swiftcc %f(%m3, %p) : !llvm.ptr, (i64, !llvm.ptr {{llvm.nest}}) -> i64
      %old = llvm.atomicrmw add %p, %2 seq_cst : !llvm.ptr, i64
      %pair = llvm.cmpxchg %p, %old, %1 acq_rel acquire : !llvm.ptr, i64
      %now = llvm.extractvalue %pair[0] : !llvm.struct<(i64, i1)>
      llvm.fence seq_cst
      llvm.store %b, %p atomic release {{alignment = 8 : i64}} : i64, !llvm.ptr
      %last = llvm.load %p atomic acquire {{alignment = 8 : i64}} : !llvm.ptr -> i64
      {show("%a", "%b", "%c", "%now", "%last")}
    }}
    """)
    for opt in (0, 2):
        assert output(build(tmp_path, linker, text, opt=opt)) == "10 20 10 12 20"


def test_two_edges_with_different_arguments() -> None:
    """A phi knows edges by their block: the second edge gets a block of its own."""
    text = checked("""
    llvm.func @f(%c : i1, %a : i64, %b : i64) -> i64 {
      llvm.cond_br %c, ^join(%a : i64), ^join(%b : i64)
    ^join(%r : i64):
      llvm.return %r : i64
    }""")
    assert re.search(r"phi i64 \[ %v1, %b0 \], \[ %v2, %e0 \]", text)


def test_data_with_addresses(tmp_path: Path, linker: Callable[[Sequence[Path], Path], None]) -> None:
    """Aggregates that point at other symbols, 32-bit addresses, odd names, section bounds, the same symbol in two
    objects."""
    record = llvm.LLVMStructType.from_type_list([llvm.PTR, i32, i32, llvm.LLVMArrayType(2, llvm.PTR)])
    descriptor = llvm.global_(
        "type:map[string]*main.T",
        record,
        ["other·sym bol", llvm.Offset32("other·sym bol", 1), 7, [None, llvm.Address("other·sym bol", 2)]],
        linkage="linkonce_odr",
        constant=True,
    )
    target = llvm.global_("other·sym bol", llvm.LLVMArrayType(4, IntegerType(8)), b'a\x00\xff"', linkage="linkonce_odr")
    assert text_of(parse(text_of(ModuleOp([descriptor.clone(), target.clone()]))))

    def module(body: str) -> str:
        parsed = parse(body)
        parsed.body.block.add_ops([descriptor.clone(), target.clone()])
        parsed.body.block.add_op(
            llvm.global_("record", llvm.LLVMArrayType(2, i64), [1, 2], section="goir_test", align=8, linkage="external")
        )
        out = emit(parsed)
        binding.parse_assembly(out).verify()
        return out.replace('@"record"', '@"record.' + str(len(body)) + '"')

    first = module(f"""
    {PRELUDE}
    {format_global(5)}
    llvm.mlir.global external @__start_goir_test() : i8
    llvm.mlir.global external @__stop_goir_test() : i8
    llvm.func @elsewhere() -> !llvm.ptr
    llvm.func @main() -> i32 {{
      %d = llvm.mlir.addressof @"type:map[string]*main.T" : !llvm.ptr
      %t = llvm.mlir.addressof @"other·sym bol" : !llvm.ptr
      %t64 = llvm.ptrtoint %t : !llvm.ptr to i64
      %p0 = llvm.load %d : !llvm.ptr -> !llvm.ptr
      %p0i = llvm.ptrtoint %p0 : !llvm.ptr to i64
      %a = llvm.sub %p0i, %t64 : i64
      %o = llvm.getelementptr %d[0, 1] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(ptr, i32, i32, array<2 x ptr>)>
      %o32 = llvm.load %o : !llvm.ptr -> i32
      %o64 = llvm.zext %o32 : i32 to i64
      %b = llvm.sub %o64, %t64 : i64
      %q = llvm.getelementptr %d[0, 3, 1] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(ptr, i32, i32, array<2 x ptr>)>
      %p3 = llvm.load %q : !llvm.ptr -> !llvm.ptr
      %byte = llvm.load %p3 : !llvm.ptr -> i8
      %c = llvm.zext %byte : i8 to i64
      %s = llvm.mlir.addressof @__start_goir_test : !llvm.ptr
      %e = llvm.mlir.addressof @__stop_goir_test : !llvm.ptr
      %si = llvm.ptrtoint %s : !llvm.ptr to i64
      %ei = llvm.ptrtoint %e : !llvm.ptr to i64
      %size = llvm.sub %ei, %si : i64
      %other = llvm.call @elsewhere() : () -> !llvm.ptr
      %same = llvm.icmp "eq" %other, %d : !llvm.ptr
      %g = llvm.zext %same : i1 to i64
      {show("%a", "%b", "%c", "%size", "%g")}
    }}""")
    second = module("""
    llvm.func @elsewhere() -> !llvm.ptr {
      %d = llvm.mlir.addressof @"type:map[string]*main.T" : !llvm.ptr
      llvm.return %d : !llvm.ptr
    }""")
    assert output(build(tmp_path, linker, first, second)) == "0 1 255 32 1"
    with open(tmp_path / "a.out", "rb") as file:
        elf = ELFFile(file)
        assert elf["e_type"] == "ET_EXEC"
        assert all(s["p_vaddr"] + s["p_memsz"] < 1 << 32 for s in elf.iter_segments())


def test_big_stacks(tmp_path: Path, linker: Callable[[Sequence[Path], Path], None]) -> None:
    """A thread of libpthread on a 1 GiB stack that we mapped."""
    text = f"""target triple = "x86_64-unknown-linux-gnu"
declare i32 @pthread_attr_init(ptr)
declare i32 @pthread_attr_setstack(ptr, ptr, i64)
declare i32 @pthread_create(ptr, ptr, ptr, ptr)
declare i32 @pthread_join(i64, ptr)
declare ptr @mmap(ptr, i64, i32, i32, i32, i64)
declare i32 @printf(ptr, ...)
@fmt = private constant [4 x i8] c"%ld\\00"
define i64 @deep(i64 %n) noinline "probe-stack"="inline-asm" {{
  %a = alloca [2000 x i8]
  call void asm sideeffect "", "r"(ptr %a)
  %z = icmp eq i64 %n, 0
  br i1 %z, label %d, label %r
d:
  ret i64 0
r:
  %m = sub i64 %n, 1
  %x = call i64 @deep(i64 %m)
  call void asm sideeffect "", "r"(ptr %a)
  %y = add i64 %x, 1
  ret i64 %y
}}
define ptr @thread(ptr %p) {{
  %x = call i64 @deep(i64 400000)
  store i64 %x, ptr %p
  ret ptr null
}}
define i32 @main() {{
  %stack = call ptr @mmap(ptr null, i64 {1 << 30}, i32 3, i32 {0x4022}, i32 -1, i64 0)
  %attr = alloca [64 x i8], align 16
  %id = alloca i64
  %result = alloca i64
  %1 = call i32 @pthread_attr_init(ptr %attr)
  %2 = call i32 @pthread_attr_setstack(ptr %attr, ptr %stack, i64 {1 << 30})
  %3 = call i32 @pthread_create(ptr %id, ptr %attr, ptr @thread, ptr %result)
  %t = load i64, ptr %id
  %4 = call i32 @pthread_join(i64 %t, ptr null)
  %r = load i64, ptr %result
  %5 = call i32 (ptr, ...) @printf(ptr @fmt, i64 %r)
  ret i32 0
}}
"""
    assert output(build(tmp_path, linker, text)) == "400000"


COROUTINE = """
  llvm.func @malloc(i64) -> !llvm.ptr
  llvm.func @free(!llvm.ptr)
  llvm.func internal @"main.gen$coro"(%n : i64, %out : !llvm.ptr) -> !llvm.ptr
      attributes {passthrough = ["presplitcoroutine", "noinline"]} {
    %one32 = llvm.mlir.constant(1 : i32) : i32
    %a16 = llvm.mlir.constant(16 : i32) : i32
    %null = llvm.mlir.zero : !llvm.ptr
    %none = llvm.mlir.none : !llvm.token
    %false = llvm.mlir.constant(false) : i1
    %true = llvm.mlir.constant(true) : i1
    %0 = llvm.mlir.constant(0 : i64) : i64
    %1 = llvm.mlir.constant(1 : i64) : i64
    %promise = llvm.alloca %one32 x i64 {alignment = 8 : i64} : (i32) -> !llvm.ptr
    %id = llvm.intr.coro.id %a16, %promise, %null, %null : (i32, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.token
    %need = llvm.call_intrinsic "llvm.coro.alloc"(%id) : (!llvm.token) -> i1
    llvm.cond_br %need, ^alloc, ^begin(%null : !llvm.ptr)
  ^alloc:
    %size = llvm.intr.coro.size : i64
    %mem = llvm.call @malloc(%size) : (i64) -> !llvm.ptr
    llvm.br ^begin(%mem : !llvm.ptr)
  ^begin(%m : !llvm.ptr):
    %hdl = llvm.intr.coro.begin %id, %m : (!llvm.token, !llvm.ptr) -> !llvm.ptr
    llvm.br ^loop(%0, %0 : i64, i64)
  ^loop(%i : i64, %sum : i64):
    %sum2 = llvm.add %sum, %i : i64
    llvm.store %sum2, %out : i64, !llvm.ptr loc("gen.go":5:2)
    %save = llvm.intr.coro.save %hdl : (!llvm.ptr) -> !llvm.token
    %s = llvm.intr.coro.suspend %save, %false : i8
    llvm.switch %s : i8, ^suspend [0: ^next, 1: ^cleanup]
  ^next:
    %i2 = llvm.add %i, %1 : i64 loc("gen.go":6:2)
    %go = llvm.icmp "sle" %i2, %n : i64
    llvm.cond_br %go, ^loop(%i2, %sum2 : i64, i64), ^final
  ^final:
    %fs = llvm.intr.coro.suspend %none, %true : i8
    llvm.switch %fs : i8, ^suspend [0: ^trap, 1: ^cleanup]
  ^trap:
    "llvm.intr.trap"() : () -> ()
    llvm.unreachable
  ^cleanup:
    %fm = llvm.intr.coro.free %id, %hdl : (!llvm.token, !llvm.ptr) -> !llvm.ptr
    llvm.call @free(%fm) : (!llvm.ptr) -> ()
    llvm.br ^suspend
  ^suspend:
    %e = llvm.intr.coro.end %hdl, %false, %none : (!llvm.ptr, i1, !llvm.token) -> !llvm.void
    llvm.return %hdl : !llvm.ptr
  } loc("gen.go":3:6)
"""


def coroutine_program() -> str:
    return checked(f"""
    {PRELUDE}
    {COROUTINE}
    {format_global(2)}
    llvm.func @main() -> i32 {{
      %one = llvm.mlir.constant(1 : i32) : i32
      %4 = llvm.mlir.constant(4 : i64) : i64
      %0 = llvm.mlir.constant(0 : i64) : i64
      %1 = llvm.mlir.constant(1 : i64) : i64
      %cell = llvm.alloca %one x i64 : (i32) -> !llvm.ptr
      %h = llvm.call @"main.gen$coro"(%4, %cell) : (i64, !llvm.ptr) -> !llvm.ptr
      llvm.br ^loop(%0 : i64)
    ^loop(%n : i64):
      %done = llvm.call_intrinsic "llvm.coro.done"(%h) : (!llvm.ptr) -> i1
      %n2 = llvm.add %n, %1 : i64
      llvm.cond_br %done weights([1, 100]), ^end, ^more
    ^more:
      llvm.intr.coro.resume %h : !llvm.ptr
      llvm.br ^loop(%n2 : i64)
    ^end:
      %sum = llvm.load %cell : !llvm.ptr -> i64
      llvm.call_intrinsic "llvm.coro.destroy"(%h) : (!llvm.ptr) -> ()
      {show("%n", "%sum")}
    }} loc("gen.go":20:6)
    """)


def test_coroutine(tmp_path: Path, linker: Callable[[Sequence[Path], Path], None]) -> None:
    text = coroutine_program()
    for opt in (0, 1, 2, 3):
        assert output(build(tmp_path, linker, text, opt=opt)) == "5 10"


# --------------------------------------------------------------------------------------------------------------------


def table_of(program: Path) -> dict[str, list[tuple[int, list[pctab.Frame]]]]:
    """symbol → (pc, frames) of every row inside it, read from the linked executable."""
    with open(program, "rb") as file:
        elf: Any = ELFFile(file)
        symbols: list[tuple[int, int, str]] = [
            (s["st_value"], s["st_size"], s.name)
            for s in elf.get_section_by_name(".symtab").iter_symbols()
            if s["st_info"]["type"] == "STT_FUNC" and s["st_size"]
        ]
        section = elf.get_section_by_name("goir_pctab").data()
    out: dict[str, list[tuple[int, list[pctab.Frame]]]] = {}
    for address, entry in pctab.read_entries(section):
        count, rows = struct.unpack_from("<II", entry, 28)
        for i in range(count):
            offset = struct.unpack_from("<I", entry, rows + 12 * i)[0]
            pc = address + offset
            name = next((n for start, size, n in symbols if start <= pc < start + size), "")
            out.setdefault(name, []).append((pc, pctab.lookup(entry, offset)))
    return out


INLINING = """
  llvm.func @use(i64)
  llvm.func internal swiftcc @"main.inner"(%a : i64, %c : !llvm.ptr {llvm.nest}) -> i64 {
    llvm.call @use(%a) : (i64) -> () loc("/src/x.go":12:3)
    %b = llvm.add %a, %a : i64 loc("/src/x.go":13:4)
    llvm.return %b : i64 loc("/src/x.go":14:4)
  } loc("/src/x.go":11:6)
  llvm.func internal swiftcc @"main.mid"(%a : i64, %c : !llvm.ptr {llvm.nest}) -> i64 attributes {goir.wrapper} {
    %b = llvm.call swiftcc @"main.inner"(%a, %c) : (i64, !llvm.ptr {llvm.nest}) -> i64 loc("/src/x.go":22:3)
    llvm.return %b : i64 loc("/src/x.go":23:4)
  } loc("/src/x.go":21:6)
  llvm.func @"main.(*T).M"(%a : i64, %c : !llvm.ptr) -> i64 attributes {goir.name = "main.(*T[...]).M"} {
    %b = llvm.call swiftcc @"main.mid"(%a, %c) : (i64, !llvm.ptr {llvm.nest}) -> i64 loc("y.go":32:3)
    llvm.call @use(%b) : (i64) -> () loc("y.go":33:3)
    llvm.return %b : i64 loc("y.go":34:4)
  } loc("y.go":31:6)
"""
INLINING_MAIN = """target triple = "x86_64-unknown-linux-gnu"
define void @use(i64 %a) { ret void }
declare i64 @"main.(*T).M"(i64, ptr)
define i32 @main() {
  %a = call i64 @"main.(*T).M"(i64 3, ptr null)
  ret i32 0
}
"""


@pytest.mark.parametrize("opt", [0, 2])
def test_pc_table(tmp_path: Path, linker: Callable[[Sequence[Path], Path], None], opt: int) -> None:
    program = build(tmp_path, linker, checked(INLINING), INLINING_MAIN, opt=opt)
    assert output(program) == ""
    table = table_of(program)
    method = [[(f.name, f.file, f.line, f.flags) for f in frames] for _, frames in table["main.(*T).M"]]
    assert [("main.(*T[...]).M", "y.go", 33, 0)] in method
    if opt == 0:
        inner = [[(f.name, f.file, f.line) for f in frames] for _, frames in table["main.inner"]]
        assert [("main.inner", "/src/x.go", 12)] in inner
        assert [f.flags for _, frames in table["main.mid"] for f in frames] == [pctab.WRAPPER] * len(table["main.mid"])
    else:
        assert [
            ("main.inner", "/src/x.go", 12, 0),
            ("main.mid", "/src/x.go", 22, pctab.WRAPPER),
            ("main.(*T[...]).M", "y.go", 32, 0),
        ] in method
    # Every function of an object is found, those without Go lines too.
    assert [f.name for f in table["main"][0][1]] == ["main"]
    assert table["main"][0][1][0].flags == pctab.NO_SOURCE


def test_pc_table_of_coroutines(tmp_path: Path, linker: Callable[[Sequence[Path], Path], None]) -> None:
    for opt in (0, 2):
        table = table_of(build(tmp_path, linker, coroutine_program(), opt=opt))
        resumed = [(f.name, f.file, f.line) for _, frames in table["main.gen$coro.resume"] for f in frames]
        assert ("main.gen", "gen.go", 6) in resumed
        assert {name for name, _, _ in resumed} == {"main.gen"}


def test_pc_table_agrees_with_the_line_table(tmp_path: Path) -> None:
    """Our reader of .debug_line against pyelftools', on a module with thousands of rows."""
    functions: list[str] = []
    for i in range(40):
        body = "\n".join(
            f'      %v{j + 1} = llvm.add %v{j}, %k : i64 loc("f{(i + j) % 3}.go":{10 * i + (j * 7919) % 500 + 1}:{j})'
            for j in range(40)
        )
        functions.append(f"""
    llvm.func @f{i}(%v0 : i64) -> i64 {{
      %p = llvm.alloca %v0 x i64 : (i64) -> !llvm.ptr
      %k = llvm.load volatile %p : !llvm.ptr -> i64
{body}
      llvm.return %v40 : i64
    }} loc("f0.go":{10 * i + 1}:1)""")
    code = compile_object(checked("\n".join(functions)), 0)
    path = tmp_path / "x.o"
    path.write_bytes(code)
    with open(path, "rb") as file:
        elf: Any = ELFFile(file)
        dwarf = elf.get_dwarf_info()
        section = elf.get_section_by_name("goir_pctab").data()
        ((_, entry),) = pctab.read_entries(section)
        checked_rows = 0
        for unit in dwarf.iter_CUs():
            program = dwarf.line_program_for_CU(unit)
            states = [e.state for e in program.get_entries() if e.state is not None and not e.state.end_sequence]
            last = {s.address: s for s in states if s.line}
            for address, state in last.items():
                name = program["file_entry"][state.file - 1].name.decode()
                frame = pctab.lookup(entry, address)[0]
                assert (frame.file, frame.line) == (name, state.line)
                checked_rows += 1
    assert checked_rows > 1000


# --------------------------------------------------------------------------------------------------------------------


def test_an_abort_is_one_line() -> None:
    """LLVM's fatal errors end a worker, not us; the function is named."""
    broken = checked(
        COROUTINE
        + """
    llvm.func @fine(%a : i64) -> i64 {
      llvm.return %a : i64
    }"""
    )
    broken = broken.replace(
        'call ptr @"llvm.coro.begin"',
        'call ptr @"llvm.coro.begin"(token %v3, ptr null)\n  %again = call ptr @"llvm.coro.begin"',
        1,
    )
    with pytest.raises(InternalCompilerError) as caught:
        compile_object(broken, 1)
    message = str(caught.value)
    assert message.startswith("goir: internal compiler error: LLVM aborted in function main.gen$coro: ")
    assert "\n" not in message
    assert compile_object(checked("llvm.func @f() {\n llvm.return\n}"), 0)


def test_invalid_ir_is_one_line() -> None:
    with pytest.raises(InternalCompilerError, match=r"LLVM refused the module: .*result type"):
        compile_object("define i32 @f() {\n  ret i64 0\n}\n", 1)
    with pytest.raises(InternalCompilerError, match="does not dominate"):
        compile_object("define i32 @f() {\n  %a = add i32 %b, 1\n  %b = add i32 %a, 1\n  ret i32 %b\n}\n", 1)


def test_several_modules_at_once() -> None:
    texts = [checked(f"llvm.func @f{i}(%a : i64) -> i64 {{\n llvm.return %a : i64\n}}") for i in range(4)]
    assert [b"f%d\0" % i in code for i, code in enumerate(compile_objects(texts, 1))] == [True] * 4
    assert compile_objects(texts, 1) == compile_objects(texts, 1)


def test_text_after_optimisation() -> None:
    text = checked("llvm.func @f(%a : i64) -> i64 {\n %b = llvm.xor %a, %a : i64\n llvm.return %b : i64\n}")
    assert b"ret i64 0" in compile_as(text, 1, "ll")
    assert b"xorl\t%eax, %eax" in compile_as(text, 1, "asm")


def test_linker_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.o"
    path.write_bytes(
        compile_object(
            checked("""
    llvm.func @"no·where"()
    llvm.func @main() -> i32 {
      llvm.call @"no·where"() : () -> ()
      %z = llvm.mlir.constant(0 : i32) : i32
      llvm.return %z : i32
    }"""),
            0,
        )
    )
    with pytest.raises(BuildError, match="no·where"):
        link.link([path], tmp_path / "a.out")
    monkeypatch.setenv("CC", "/nowhere/cc")
    with pytest.raises(BuildError, match="CC=/nowhere/cc"):
        link.link([path], tmp_path / "a.out")


def test_without_a_c_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    path = tmp_path / "a.o"
    path.write_bytes(
        compile_object(
            checked("""
    llvm.func @main() -> i32 {
      %z = llvm.mlir.constant(0 : i32) : i32
      llvm.return %z : i32
    }"""),
            0,
        )
    )
    link.link([path], tmp_path / "a.out")
    assert output(tmp_path / "a.out") == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("llvm.func @f() {\n llvm.call @g() : () -> ()\n llvm.return\n}", "the symbol @g is used but neither"),
        (
            "llvm.func @g(i64)\nllvm.func @f() {\n llvm.call swiftcc @g() : () -> ()\n llvm.return\n}",
            r"@g is void \(i64\) but is called as swiftcc void \(\)",
        ),
    ],
)
def test_emitter_rejects(text: str, message: str) -> None:
    with pytest.raises(EmitError, match=message):
        emit(parse(text))


def test_emitter_rejects_two_definitions() -> None:
    module = parse("llvm.func @f() {\n llvm.return\n}")
    function = module.body.block.first_op
    assert function is not None
    module.body.block.add_op(function.clone())
    with pytest.raises(EmitError, match="@f is defined twice"):
        emit(module)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("llvm.func internal @f(i64)", "a declaration must have linkage external"),
        (
            "llvm.func @f(%a : i64) {\n llvm.br ^b(%a : i64)\n^b(%x : i32):\n llvm.return\n}",
            "passes .i64. to a block of .i32.",
        ),
        ("llvm.func @f(%a : i64) -> i32 {\n llvm.return %a : i64\n}", "llvm.return of i64 where @f has i32"),
        (
            "llvm.func @f(%p : !llvm.ptr) {\n %x = llvm.load %p atomic acquire : !llvm.ptr -> i64\n llvm.return\n}",
            "needs an alignment",
        ),
        ("llvm.mlir.global internal thread_local @x(1 : i64) : i64", "thread_local is not supported"),
        (
            "llvm.func @f(%a : i64) {\n %x = llvm.fadd %a, %a : i64\n llvm.return\n}",
            "takes floating-point numbers, not i64",
        ),
        (
            'llvm.func @f(%a : f64) {\n %x = llvm.icmp "eq" %a, %a : f64\n llvm.return\n}',
            "compares integers or pointers",
        ),
    ],
)
def test_verifiers(text: str, message: str) -> None:
    with pytest.raises(VerifyException, match=message):
        parse(text)


def test_what_traces_hide():
    for name in ("goir.start", "goir.callstub", "goir.callstub.memory", "goir.hook.final", "runtime.newproc"):
        assert pctab.hidden(name)
    for name in ("runtime.Goexit", "goir.dev/x.Fail", "goir.start/x.Fail", "goir.F", "main.main"):
        assert not pctab.hidden(name)
