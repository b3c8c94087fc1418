"""Code of dataclasses and named tuples that is kept between processes."""

import collections
import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from goir.build import generated_code
from goir.build.generated_code import kept_code


def make() -> Any:
    @dataclasses.dataclass(frozen=True, order=True)
    class Point:
        x: int
        y: int = 2

    return Point


def test_same_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GOIR_CACHE", str(tmp_path))
    for _ in range(2):
        with kept_code():
            point = make()
            pair: Any = collections.namedtuple("pair", "a b", defaults=[3])  # pyright: ignore[reportUntypedNamedTuple]
        assert repr(point(1)).endswith("Point(x=1, y=2)") and point(1) < point(1, 3)
        with pytest.raises(dataclasses.FrozenInstanceError):
            point(1).x = 2
        assert pair(1) == (1, 3) and pair(a=1, b=2).b == 2
        monkeypatch.setattr(generated_code, "compile", None, raising=False)  # the second time everything is known
    assert "exec" not in vars(dataclasses) and "eval" not in vars(collections)


@pytest.mark.parametrize("damage", [b"", b"x", b"x" * 1000])
def test_damaged_or_unwritable_cache(damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GOIR_CACHE", str(tmp_path / "cache"))
    with kept_code():
        make()
    next((tmp_path / "cache" / "generated").iterdir()).write_bytes(damage)
    with kept_code():
        assert make()(1).y == 2
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GOIR_CACHE", str(tmp_path / "file"))
    with kept_code():
        assert make()(1).y == 2


def test_exceptions_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GOIR_CACHE", str(tmp_path))
    with pytest.raises(ZeroDivisionError), kept_code():
        raise ZeroDivisionError
    assert "exec" not in vars(dataclasses)


def test_the_driver_imports_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GOIR_CACHE", str(tmp_path))
    script = (
        "from goir.build.generated_code import kept_code\n"
        "with kept_code(): from goir.build import driver\n"
        "from xdsl.dialects.builtin import IntegerType\n"
        "assert IntegerType(8) == IntegerType(8) and hash(IntegerType(8)) and str(IntegerType(8)) == 'i8'"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", script], check=True)
