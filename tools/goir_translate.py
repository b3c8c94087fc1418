"""The `goir-translate` command: Go in, LLVM IR out, as `mlir-translate` does for other dialects."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import goir
from goir.tools.cli import guarded
from goir.tools.imports import load_compiler

app = typer.Typer(
    name="goir-translate",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"goir-translate {goir.__version__}")
        raise typer.Exit


@app.command()
def translate(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Go files, or one .goir file; - is standard input.")
    ],
    import_go: Annotated[bool, typer.Option("--import-go", help="Go source to the go dialect.")] = False,
    to_llvm: Annotated[bool, typer.Option("--to-llvm", help="IR of any level to LLVM IR text.")] = False,
    output: Annotated[str, typer.Option("-o", metavar="OUT", help="Output file.")] = "-",
    debuginfo: Annotated[bool, typer.Option("--print-debuginfo", help="Print locations in IR text.")] = False,
    verify: Annotated[bool, typer.Option("--verify-each", help="Verify the IR after every pass.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Translate between Go, goir's IR and LLVM IR. One of --import-go and --to-llvm says what to make."""
    if import_go == to_llvm:
        raise typer.BadParameter("give one of --import-go and --to-llvm")

    def action() -> None:
        load_compiler()
        text = _import_go(files, debuginfo, verify) if import_go else _to_llvm(files, verify)
        if output == "-":
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            Path(output).write_text(text, encoding="utf-8")

    guarded(action)


def _import_go(files: list[str], debuginfo: bool, verify: bool) -> str:
    from goir.build.driver import Build, Options

    return Build(Options(verify=verify, debuginfo=debuginfo)).text(files, "go")


def _to_llvm(files: list[str], verify: bool) -> str:
    from goir.build import ir_io
    from goir.build.driver import Build, Options
    from goir.build.errors import BuildError, InternalCompilerError
    from goir.lowering.emit_llvm import EmitError, emit
    from goir.lowering.ir import LoweringError
    from goir.lowering.pipeline import lower_to_llvm

    if all(name.endswith(".go") for name in files):
        return Build(Options(verify=verify)).text(files, "ll")
    if len(files) != 1:
        raise BuildError("goir-translate: one .goir file at a time")
    if files[0] == "-":
        module = ir_io.parse_text(ir_io.decode_text(sys.stdin.buffer.read(), "<stdin>"), "<stdin>")
        ir_io.check_module(module)
    else:
        module = ir_io.load_module(Path(files[0]))
    try:
        lower_to_llvm(module, verify=verify)
    except LoweringError as error:
        raise BuildError(str(error)) from error
    try:
        return emit(module)
    except EmitError as error:
        raise InternalCompilerError(str(error)) from error


def main() -> None:
    """Entry point."""
    app()


if __name__ == "__main__":
    main()
