"""Reflection on random signatures: whatever the calling convention makes of one, reflection must agree with the compiler."""

from pathlib import Path

import pytest
from forked import run
from reflect_signatures import program


@pytest.mark.parametrize(("seed", "level"), [(1, "-O0"), (2, "-O2"), (4, "-O1")])
def test_signatures(seed: int, level: str, tmp_path: Path):
    source = tmp_path / "signatures.go"
    source.write_text(program(seed, 20))
    done = run("goir.tools.goir", "run", level, source)
    assert done.stdout == "true 0\n"
