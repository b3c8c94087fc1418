"""Reflection on random signatures: whatever the calling convention makes of one, reflection must agree with the compiler."""

import subprocess
import sys
from pathlib import Path

import pytest
from reflect_signatures import program


@pytest.mark.parametrize(("seed", "level"), [(1, "-O0"), (2, "-O2"), (4, "-O1")])
def test_signatures(seed: int, level: str, tmp_path: Path):
    source = tmp_path / "signatures.go"
    source.write_text(program(seed, 40))
    done = subprocess.run(
        [sys.executable, "-m", "goir.tools.goir", "run", level, str(source)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        encoding="utf-8",
    )
    assert done.stdout == "true 0\n"
