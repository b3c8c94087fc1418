"""What `goir-opt` does: it reads goir's IR at any level, checks it, runs passes on it and prints it.

It is xDSL's `xDSLOptMain` with goir's dialects, passes and named pipelines (`lowering/passes.py`), and with the
module verifier run after parsing and after every pass. Errors of the input are said as `file:line:col: error: message`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import IO, ClassVar, NoReturn

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass, PassPipeline
from xdsl.printer import Printer
from xdsl.utils.arg_spec import parse_pipeline
from xdsl.utils.exceptions import ArgSpecParseError, DiagnosticException, ShrinkException
from xdsl.xdsl_opt_main import xDSLOptMain

from goir.build.errors import BuildError
from goir.build.ir_io import DIALECTS, IRError, check_module, decode_text, parse_text
from goir.lowering.passes import ALL_PASSES, PIPELINES


class PassError(BuildError):
    """A pass made a module that does not verify."""

    def __init__(self, name: str, error: IRError) -> None:
        super().__init__(f"the module does not verify after pass {name}:\n{error}")


class GoirOptMain(xDSLOptMain):
    """xDSL's driver, extended (see the module)."""

    version_format: ClassVar[str] = f"goir-opt {version('goir')} (xdsl {{xdsl_version}})"

    def __init__(self, args: Sequence[str] | None = None) -> None:
        super().__init__(
            "goir-opt: check, transform and print goir's IR. Pipelines beside the passes of -p: "
            + ", ".join(PIPELINES),
            args,
        )
        self._started = time.perf_counter()

    def register_all_dialects(self) -> None:
        super().register_all_dialects()
        for name, load in DIALECTS.items():
            # ours take the place of xDSL's (llvm)
            self.ctx._registered_dialects[name] = load  # pyright: ignore[reportPrivateUsage]

    def register_all_frontends(self) -> None:
        def parse(io: IO[bytes]) -> ModuleOp:
            raise AssertionError("parse_chunk reads the input")

        self.available_frontends["mlir"] = parse
        self.available_frontends["goir"] = parse

    def register_all_passes(self) -> None:
        for name, load in ALL_PASSES.items():
            self.register_pass(name, load)
        super().register_all_passes()

    def setup_pipeline(self) -> None:
        specs: list[str] = []
        for spec in parse_pipeline(self.args.passes):
            specs.extend(PIPELINES.get(spec.name, (str(spec),)))
        self.args.passes = ",".join(specs)
        super().setup_pipeline()
        self.pipeline = PassPipeline(self.pipeline.passes, self._between)

    def _between(self, previous: ModulePass | None, module: ModuleOp, following: ModulePass | None) -> None:
        if self.args.time_passes and previous is not None:
            print(f"Pass {previous.name} took {time.perf_counter() - self._started} seconds")
        if not self.args.disable_verify:
            try:
                check_module(module)
            except IRError as error:
                if previous is None:
                    raise
                raise PassError(previous.name, error) from error
        if previous is not None and following is not None and self.args.print_between_passes:
            print(f"IR after {previous.name}:")
            Printer(
                stream=sys.stdout,
                print_generic_format=self.args.print_op_generic,
                print_debuginfo=self.args.print_debuginfo,
            ).print_op(module)
            print("\n\n\n")
        self._started = time.perf_counter()

    def parse_chunk(self, chunk: IO[bytes], file_extension: str, start_offset: int = 0) -> ModuleOp | None:
        if file_extension not in ("mlir", "goir"):
            return super().parse_chunk(chunk, file_extension, start_offset)
        name = self.get_input_name()
        text = decode_text(chunk.read(), name, line_offset=start_offset)
        return parse_text(
            text, name, self.ctx, line_offset=start_offset, implicit_module=not self.args.no_implicit_module
        )

    def run(self) -> None:
        """Executes the steps on each chunk of the input."""
        chunks, extension = self.prepare_input()
        output = self.prepare_output()
        try:
            for i, (chunk, offset) in enumerate(chunks):
                if i > 0:
                    output.write("// -----\n")
                self._chunk(chunk, extension, offset, output)
                output.flush()
        except ShrinkException:
            print("Success, can shrink")
            sys.exit(0)
        finally:
            if output is not sys.stdout:
                output.close()
        if self.args.shrink:
            print("Failure, can't shrink")
            sys.exit(1)

    def _chunk(self, chunk: IO[bytes], extension: str, offset: int, output: IO[str]) -> None:
        from goir.lowering.ir import LoweringError

        try:
            module = self.parse_chunk(chunk, extension, offset)
            if module is not None:
                self.apply_passes(module)
                output.write(self.output_resulting_program(module).rstrip("\n") + "\n")
        except (IRError, PassError, LoweringError, DiagnosticException) as error:
            if not self.args.verify_diagnostics and not (self.args.parsing_diagnostics and isinstance(error, IRError)):
                raise
            print(_message(error))
        finally:
            chunk.close()


def _message(error: Exception) -> str:
    from goir.lowering.ir import LoweringError

    if isinstance(error, LoweringError):
        where = "{}:{}:{}: ".format(*error.position) if error.position else ""
        return f"{where}error: {error.message}"
    return str(error) if isinstance(error, BuildError) else f"error: {error}"


def fail(message: str, code: int = 1) -> NoReturn:
    """Ends the program with a message."""
    sys.stdout.flush()
    print(message, file=sys.stderr)
    sys.exit(code)


def guarded(run: Callable[[], None], tool: str) -> None:
    """Runs a tool so that errors of its input and arguments end it with a message and a status, never a traceback."""
    from goir.lowering.ir import LoweringError

    try:
        run()
    except (BuildError, LoweringError, DiagnosticException) as error:
        fail(_message(error))
    except ArgSpecParseError as error:
        fail(f"{tool}: {error}", 2)
    except BrokenPipeError:
        # whoever read our output (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(141)
    except OSError as error:
        fail(f"{tool}: {error.filename or 'error'}: {error.strerror or error}")
    except ValueError as error:
        # xDSL's way to say that a name in the arguments means nothing
        if not str(error).startswith(("Unrecognized", "Unknown", "Pass ", "Expected")):
            raise
        fail(f"{tool}: {error}", 2)


def main(args: Sequence[str] | None = None) -> None:
    """Runs `goir-opt`."""
    guarded(lambda: GoirOptMain(args).run(), "goir-opt")
    sys.stdout.flush()
