"""`python -m goir.irgen FILE.go…`: prints the go dialect of a package (for debugging)."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from xdsl.printer import Printer

from goir.dialects import verify
from goir.irgen.context import CheckedPackage
from goir.irgen.module import generate
from goir.syntax import ast
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet
from goir.types.check import Diagnostic, check_files
from goir.types.objects import Package


def main(arguments: list[str]) -> int:
    """Flags: --runtime compiles the files as package runtime, --no-verify, --loc prints locations."""
    flags = {a for a in arguments if a.startswith("--")}
    names = [a for a in arguments if not a.startswith("--")]
    gc.disable()
    fset = FileSet()
    problems: list[Diagnostic] = []

    def parse(filenames: list[str]) -> list[ast.File]:
        files: list[ast.File] = []
        for name in filenames:
            file, errors = parse_file(fset, name, Path(name).read_bytes())
            problems.extend(Diagnostic(e.pos, e.message) for e in errors)
            files.append(file)
        return files

    def importer(path: str) -> Package:
        folder = Path(__file__).resolve().parents[2] / "runtime"
        files = parse([str(p) for p in sorted(folder.glob("*.go"))])
        return check_files(path, files, fset, importer, ignore_func_bodies=True).package

    files = parse(names)
    runtime = "--runtime" in flags
    result = check_files("runtime" if runtime else "main", files, fset, importer)
    problems.extend(result.errors)
    if not problems:
        module = generate(
            [CheckedPackage(result.package, files, result.info)],
            fset,
            program=result.package.scope.lookup("main") is not None,
            errors=problems,
        )
        if "--quiet" not in flags:
            Printer(print_debuginfo="--loc" in flags).print_op(module)
            print()
        if "--no-verify" not in flags:
            for d in verify.verify_module(module):
                print("verify:", d, file=sys.stderr)
    for d in problems:
        p = fset.position(d.pos)
        print(f"{p.filename}:{p.line}:{p.column}: {d.message}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    sys.exit(main(sys.argv[1:]))
