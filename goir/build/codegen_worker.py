"""The process in which LLVM runs: `python -m goir.build.codegen_worker`.

LLVM ends its process when one of its assertions fails; that must not be the compiler's. Requests come on standard
input, one after the
other: a line of JSON {"opt", "want", "size"}, then `size` bytes of LLVM IR. Each answer is a line {"ok", "size"} and
that many bytes: what
was wanted, or the message. What LLVM itself prints goes to standard error. The process ends with its standard input.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any, BinaryIO

from goir.build.pctab import add_table

# llvmlite has no type information.
binding: Any = import_module("llvmlite.binding")

TRIPLE = "x86_64-unknown-linux-gnu"


class Compiler:
    """LLVM, initialised once for the process."""

    def __init__(self) -> None:
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        binding.initialize_native_asmparser()
        # Without profile data the "hot" and "unlikely" prefixes only split .text into several sections, and the pc
        # table is
        # made for one; block placement inside functions keeps what branch weights say.
        binding.set_option("goir", "-profile-guided-section-prefix=false")
        self.target: Any = binding.Target.from_triple(TRIPLE)

    def compile(self, text: str, opt: int, want: str) -> bytes:
        """The object file ("obj"), assembly ("asm") or optimised IR ("ll") of a module; ValueError if the module is
        invalid."""
        # A context of its own: names and types do not pile up over requests.
        context = binding.create_context()
        try:
            module: Any = binding.parse_assembly(text, context)
            module.verify()
        except RuntimeError as error:
            raise ValueError(str(error).strip()) from error
        machine = self.target.create_target_machine(cpu="x86-64", opt=opt, reloc="static", codemodel="small")
        tuning = binding.create_pipeline_tuning_options(opt)
        if opt >= 1:
            tuning.loop_unrolling = True
            tuning.loop_interleaving = True
            tuning.loop_vectorization = opt >= 2
            tuning.slp_vectorization = opt >= 2
        builder = binding.create_pass_builder(machine, tuning)
        builder.getModulePassManager().run(module, builder)
        if want == "ll":
            return str(module).encode()
        if want == "asm":
            return machine.emit_assembly(module).encode()
        return add_table(machine.emit_object(module))


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    compiler = Compiler()
    while line := requests.readline():
        request: dict[str, Any] = json.loads(line)
        text = requests.read(request["size"]).decode("utf-8")
        ok = True
        try:
            data = compiler.compile(text, request["opt"], request["want"])
        except ValueError as error:
            ok, data = False, str(error).encode()
        answers.write(json.dumps({"ok": ok, "size": len(data)}).encode() + b"\n" + data)
        answers.flush()


def main() -> None:
    """Standard output is kept for answers: what LLVM prints must not get between them."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
