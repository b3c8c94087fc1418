"""Runs every lit test as a pytest test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent / "lit"
SUFFIXES = {".goir", ".mlir", ".go", ".test"}


def _tests() -> list[str]:
    return sorted(
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*")
        if path.suffix in SUFFIXES and "Inputs" not in path.parts
    )


@pytest.mark.parametrize("name", _tests())
def test_lit(name: str) -> None:
    """The file's RUN lines succeed."""
    command = [sys.executable, "-c", "from lit.main import main; main()", "-v", "-j1", str(ROOT / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
