"""The hand-written coroutine form (tests/ll/coro_form.ll) does what the compiler relies on in LLVM, at every level.

`nest` beside `presplitcoroutine`, `llvm.coro.is_in_ramp`, hooks in `await.suspend.bool`, and transfers without stack
growth are LLVM's to change: this test tells when they do. It runs in a process of its own because LLVM aborts on
what it dislikes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = """
import ctypes, sys, threading
import llvmlite.binding as llvm
llvm.initialize_native_target()
llvm.initialize_native_asmprinter()
level, align, paths = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
module = llvm.parse_assembly(open(paths[0]).read().replace("ALIGN", align))
for path in paths[1:]:
    module.link_in(llvm.parse_assembly(open(path).read()))
module.verify()
machine = llvm.Target.from_default_triple().create_target_machine(opt=level, reloc="pic", codemodel="jitdefault")
builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=level))
builder.getModulePassManager().run(module, builder)
engine = llvm.create_mcjit_compiler(module, machine)
engine.finalize_object()
drive = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p)(
    engine.get_function_address("drive"))
context = (ctypes.c_int64 * 3)(0, 0, 1000)
word = lambda name: ctypes.c_int64.from_address(engine.get_global_value_address(name))
def run():
    for n, arg in [(0, 2), (0, 1), (5, 2), (5, 1), (100000, 2), (100000, 1), (1000000, 1)]:
        word("seen").value, word("minsp").value, word("maxsp").value = 0, -1, 0
        result = drive(n, arg, ctypes.addressof(context))
        grown = (word("maxsp").value - word("minsp").value) // 256 if arg == 1 else 0
        print(n, arg, result, word("live").value, word("seen").value, grown)
threading.stack_size(1 << 30)
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""

EXPECTED = """\
0 2 1000 0 2 0
0 1 1000 0 1 0
5 2 1005 0 2 0
5 1 1005 0 1 0
100000 2 101000 0 2 0
100000 1 101000 0 1 0
1000000 1 1001000 0 1 0
"""
"""depth, hook argument, result, frames left, what the hook saw, stack growth over the transfers"""


@pytest.mark.parametrize(("level", "align"), [(0, 8), (0, 16), (1, 8), (2, 8), (2, 16), (3, 8)])
def test_form(level: int, align: int) -> None:
    path = Path(__file__).parent / "ll" / "coro_form.ll"
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, str(level), str(align), str(path)], capture_output=True, text=True, timeout=120
    )
    assert done.stdout == EXPECTED, done.stderr
    assert done.returncode == 0
