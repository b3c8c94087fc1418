"""``python -m goir.types FILE.go…``: checks the files of one package and prints the errors, as ``go vet`` would.

Imports are read from GOROOT's src, and checked as far as the files need them.  For tests of the checker; ``goir build``
has the real package loader."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from goir.syntax import ast
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet
from goir.types.check import check_files
from goir.types.info import ImportError_
from goir.types.lazy import LazyPackage
from goir.types.objects import Package

_EXPERIMENTS = (
    "regabiwrappers",
    "regabiargs",
    "dwarf5",
    "randomizedheapbase64",
    "greenteagc",
    "jsonv2",
    "sizespecializedmalloc",
)
_KNOWN_TAGS = frozenset(("linux", "amd64", "unix", "gc", *(f"goexperiment.{e}" for e in _EXPERIMENTS)))
_OS = frozenset(
    "aix android darwin dragonfly freebsd hurd illumos ios js nacl netbsd openbsd plan9 solaris wasip1 windows "
    "zos".split()
)
_ARCH = frozenset(
    "386 amd64p32 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm sparc64".split()
)


def goroot() -> Path:
    """The source tree of Go."""
    return Path(os.environ.get("GOROOT") or subprocess.check_output(["go", "env", "GOROOT"], text=True).strip())


def _tag(t: str) -> bool:
    m = re.fullmatch(r"go1\.(\d+)", t)
    return int(m[1]) <= 27 if m else t in _KNOWN_TAGS


def build_ok(name: str, source: bytes) -> bool:
    """Whether a file belongs to a build for linux/amd64."""
    parts = name[:-3].split("_")[1:]
    if any(p in _OS or p in _ARCH for p in parts[-2:]):
        return False
    m = re.search(rb"^//go:build (.*)$", source.split(b"\npackage ")[0], re.M)
    if m is None:
        return True
    text = re.sub(r"[\w.]+", lambda w: str(_tag(w[0])), m[1].decode())
    return bool(eval(text.replace("&&", " and ").replace("||", " or ").replace("!", " not ")))


class SourceImporter:
    """Imports packages of GOROOT from source."""

    def __init__(self, fset: FileSet, folder: Path | None = None) -> None:
        self.fset = fset
        self.packages: dict[str, Package] = {}
        self.loaded: list[LazyPackage] = []
        self.src = (folder or goroot()) / "src"

    def __call__(self, path: str) -> Package:
        pkg = self.packages.get(path)
        if pkg is not None:
            return pkg
        folder = self.src / path
        if not folder.is_dir():
            folder = self.src / "vendor" / path
        if not folder.is_dir():
            raise ImportError_(f"package {path} is not in std ({self.src / path})")
        sources = {str(f): f.read_bytes() for f in sorted(folder.glob("*.go")) if not f.name.endswith("_test.go")}
        sources = {name: source for name, source in sources.items() if build_ok(os.path.basename(name), source)}
        name = next(map(package_name, sources.values()), None)
        if name is None:
            raise ImportError_(f"no Go files in {folder}")
        pkg = self.packages[path] = Package.deferred(path, name, lambda: self._load(path, sources))
        return pkg

    def _load(self, path: str, sources: dict[str, bytes]) -> None:
        files: list[ast.File] = []
        for name, source in sources.items():
            tree, errors = parse_file(self.fset, name, source, defer_bodies=True)
            for e in errors:
                print(f"{self.fset.position(e.pos)}: {e.message}", file=sys.stderr)
            files.append(tree)
        self.loaded.append(LazyPackage(path, files, self.fset, self, self.packages[path]))


def package_name(source: bytes) -> str:
    """The name in a file's package clause."""
    m = re.match(rb"(?:\s+|//.*|/\*(?s:.*?)\*/)*package\s+(\w+)", source)
    return m[1].decode() if m is not None else "_"


def main(argv: list[str]) -> int:
    """Checks the files given; ``-o OUT`` is created on success."""
    out = ""
    names: list[str] = []
    args = iter(argv)
    for a in args:
        if a == "-o":
            out = next(args, "")
        elif a.startswith("-o="):
            out = a[3:]
        elif not a.startswith("-"):
            names.append(a)
    sys.setrecursionlimit(20000)
    fset = FileSet()
    files: list[ast.File] = []
    failed = fatal = False
    for n in names:
        tree, errors = parse_file(fset, n, Path(n).read_bytes())
        for e in errors:
            print(f"{fset.position(e.pos)}: {e.message}")
            failed = True
            # As in gc, only errors of grammar keep the files from being checked.
            fatal = fatal or e.message.startswith("syntax error")
        files.append(tree)
    if fatal:
        return 1
    importer = SourceImporter(fset)
    result = check_files("main" if files[0].name.name == "main" else "p", files, fset, importer, late=False)
    for package in importer.loaded:
        for d in package.errors:
            print(f"{fset.position(d.pos)}: {d.message}", file=sys.stderr)
    for d in result.errors:
        print(f"{fset.position(d.pos)}: {d.message}")
    if failed or result.errors:
        return 1
    if out:
        Path(out).write_text("")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
