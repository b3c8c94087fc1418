"""The models of docs/models: spin proves them, and finds what is wrong with their wrong variants."""

import shutil
import subprocess
from pathlib import Path

import pytest

MODELS = Path(__file__).resolve().parent.parent / "docs" / "models"

pytestmark = pytest.mark.skipif(
    shutil.which("spin") is None or shutil.which("cc") is None, reason="needs spin and a C compiler"
)


def errors(model: str, options: list[str]) -> bool:
    done = subprocess.run([MODELS / "run.sh", MODELS / model, *options], capture_output=True, text=True)
    assert "errors: " in done.stdout, done.stdout + done.stderr
    return done.returncode != 0


@pytest.mark.parametrize(
    "model,options",
    [
        ("await.pml", []),
        ("channel.pml", []),
        ("channel.pml", ["-DCAP=1"]),
        ("channel.pml", ["-DCLOSE"]),
        ("channel.pml", ["-DCLOSE", "-DCAP=1"]),
        ("park.pml", ["-DN=3", "-DPARKS=1"]),
        ("park.pml", ["-DN=3", "-DPROCS=1"]),
    ],
)
def test_proved(model: str, options: list[str]):
    assert not errors(model, options)


@pytest.mark.parametrize(
    "model,options",
    [
        ("await.pml", ["-DBROKEN"]),
        ("channel.pml", ["-DBROKEN"]),
        ("channel.pml", ["-DONCE"]),
        ("park.pml", ["-DN=4", "-DLEAK"]),
    ],
)
def test_found(model: str, options: list[str]):
    assert errors(model, options)
