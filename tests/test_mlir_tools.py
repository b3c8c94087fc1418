"""What goir hands to LLVM, judged by LLVM's and MLIR's own tools where they are installed (Debian: llvm-22, mlir-22-tools).

`goir-translate --to-llvm` passes LLVM's verifier. The llvm level is accepted by upstream's mlir-opt as it is printed, and
upstream's mlir-translate makes the same LLVM IR of it as goir's emitter, but for

- debug info, which the text has only with --print-debuginfo;
- the function attributes "frame-pointer" and "probe-stack", which the emitter gives functions that do not say them;
- constants that mlir-translate folds, the order of phis, `alloca T, i64 1`: alike after instsimplify and sorting.

Of the attributes of calls upstream drops one: coro_elide_safe (lowering/elide_frames.py).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from goir.build.codegen import compile_object
from goir.build.driver import Build, Options
from goir.build.link import link

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = [ROOT / "examples" / "primesieve.go", ROOT / "tests" / "edges" / "waits.go"]
SMALL = 20
DROPPED = ("coro_elide_safe",)
"""Attributes of calls that upstream's tools drop."""

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("opt-22", "llvm-diff-22", "mlir-opt-22", "mlir-translate-22"))),
    reason="needs llvm-22 and mlir-22-tools",
)


def tool(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[:4000]
    return done.stdout


@cache
def text(program: Path, level: str) -> str:
    assert level in ("llvm", "ll")
    return Build(Options()).text([str(program)], level)


def by_mlir(program: Path, folder: Path) -> str:
    """The LLVM IR that upstream's tools make of a program's llvm level."""
    (folder / "in.mlir").write_text(text(program, "llvm"))
    tool(folder, "mlir-opt-22", "in.mlir", "-o", "out.mlir")
    return tool(folder, "mlir-translate-22", "--mlir-to-llvmir", "out.mlir")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.stem)
def test_llvm_verifies(program: Path, tmp_path: Path) -> None:
    (tmp_path / "in.ll").write_text(text(program, "ll"))
    tool(tmp_path, "opt-22", "-passes=verify", "-disable-output", "in.ll")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.stem)
def test_upstream_makes_the_same(program: Path, tmp_path: Path) -> None:
    found: list[Path] = []
    for name, given in (("ours", text(program, "ll")), ("theirs", by_mlir(program, tmp_path))):
        (tmp_path / f"{name}.in.ll").write_text(given)
        simple = tool(tmp_path, "opt-22", "-S", "-passes=instsimplify", f"{name}.in.ll")
        simple = with_call_attributes(simple)
        found.append(tmp_path / f"{name}.ll")
        found[-1].write_text(normal(simple))
    assert tool(tmp_path, "llvm-diff-22", *map(str, found)) == ""
    ours, theirs = (attributes_of_calls(path.read_text()) for path in found)
    assert {word: count for word, count in ours.items() if word not in DROPPED} == theirs
    assert all(ours[word] for word in DROPPED)
    assert ours["nest"] > SMALL and ours["swiftcc"] > SMALL


def test_upstream_runs_the_same(tmp_path: Path) -> None:
    program = PROGRAMS[0]
    build = Build(Options())
    executable = build.executable([str(program)])
    assert executable is not None
    want = tool(tmp_path, str(executable))
    theirs, out = tmp_path / "theirs.o", tmp_path / "theirs"
    theirs.write_bytes(compile_object(by_mlir(program, tmp_path), 2))
    link([theirs, build._runtime_object(), *build.library_objects], out)  # pyright: ignore[reportPrivateUsage]
    assert tool(tmp_path, str(out)) == want


def test_every_op_is_upstreams(tmp_path: Path) -> None:
    tool(tmp_path, "mlir-opt-22", "--split-input-file", str(ROOT / "tests" / "lit" / "llvm" / "ops.goir"))


CALL = re.compile(r"^.*\bcall (?!.*@llvm\.).*$", re.MULTILINE)
WORD = re.compile(
    r"\b(?:nest|swiftcc|fastcc|musttail|tail|notail|sret|byval|swiftself|noundef|nonnull|noalias|range|coro_elide_safe)\b"
)


def with_call_attributes(module: str) -> str:
    """A module that says the attributes of calls where they are."""
    groups = dict(re.findall(r"^attributes (#\d+) = \{ (.*) \}", module, re.MULTILINE))
    return CALL.sub(lambda m: re.sub(r" (#\d+)", lambda g: f" {groups[g[1]]}", m[0]), module)


def attributes_of_calls(module: str) -> Counter[str]:
    return Counter(word for call in CALL.findall(module) for word in WORD.findall(call))


def normal(module: str) -> str:
    """A module with every phi's values in the order in which a walk over the control flow comes to their blocks."""
    module = re.sub(r"(= alloca .*), i64 1, align", r"\1, align", module)
    return re.sub(r"^define .*?^}", lambda m: _function(m[0]), module, flags=re.MULTILINE | re.DOTALL)


_LABEL = r'"?[-\w.$]+"?'


def _function(function: str) -> str:
    blocks: dict[str, list[str]] = {}
    for line in function.split("\n")[1:-1]:
        label = re.match(rf"({_LABEL}):", line)
        if label or not blocks:
            blocks[label[1] if label else ""] = []
        if not label:
            blocks[list(blocks)[-1]].append(line)
    number: dict[str, int] = {}
    work = list(blocks)[:1]
    while work:
        block = work.pop()
        if block not in number:
            number[block] = len(number)
            work += reversed(re.findall(rf"label %({_LABEL})", "\n".join(blocks.get(block, ()))))

    def phi(m: re.Match[str]) -> str:
        parts: list[tuple[str, str]] = re.findall(rf"\[ (.*?), %({_LABEL}) \](?=,|$)", m[2])
        # The entry block has no label where it has no name.
        parts.sort(key=lambda part: number.get(part[1], -1))
        return m[1] + ", ".join(f"[ {value}, %{block} ]" for value, block in parts)

    return re.sub(r"^(\s*%\S+ = phi \S.*?)(\[ .*\])", phi, function, flags=re.MULTILINE)
