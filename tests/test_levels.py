"""Every level of a program is text that goir-opt accepts and prints unchanged, and that runs with the same output."""

import subprocess
import sys
from pathlib import Path

import pytest
from forked import run

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ["primesieve", "interpreter", "workerpool"]


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(f"goir.tools.{name}", *arguments)


@pytest.mark.parametrize("level", ["go", "coro", "llvm"])
@pytest.mark.parametrize("example", EXAMPLES)
def test_level(example: str, level: str, tmp_path: Path):
    source, written = ROOT / "examples" / f"{example}.go", tmp_path / f"{example}.goir"
    made = tool("goir", "build", "--emit", level, "-o", str(written), str(source))
    assert made.returncode == 0, made.stdout
    again = tool("goir_opt", str(written))
    assert again.returncode == 0, again.stdout
    assert again.stdout == written.read_text()
    done = tool("goir", "run", str(written))
    assert done.returncode == 0
    assert done.stdout == source.with_suffix(".out").read_text()


def test_standard_output_and_translate_agree(tmp_path: Path):
    source = str(ROOT / "examples" / "pingpong.go")
    emitted = tool("goir", "build", "--emit", "go", "-o", "-", source)
    imported = tool("goir_translate", "--import-go", source)
    assert emitted.returncode == imported.returncode == 0
    assert emitted.stdout == imported.stdout
    module = tmp_path / "pingpong.goir"
    module.write_text(imported.stdout)
    translated = tool("goir_translate", "--to-llvm", str(module))
    assert translated.returncode == 0, translated.stdout
    llvm = pytest.importorskip("llvmlite.binding")
    llvm.parse_assembly(translated.stdout).verify()


def test_page_of_levels_is_current():
    done = subprocess.run([sys.executable, str(ROOT / "docs" / "make_levels.py"), "--check"], timeout=300)
    assert done.returncode == 0, "run: python docs/make_levels.py"
