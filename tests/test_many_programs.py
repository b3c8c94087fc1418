"""The folders of many small programs (many_programs.py): each program once, with changing numbers of workers and seeds.

`python tests/many_programs.py` runs them more often, and says how a failure is seen again."""

from pathlib import Path

import pytest
from many_programs import Run, build_with_goir, failures

TESTS = Path(__file__).resolve().parent


def test_concurrency_programs(tmp_path: Path):
    folder = build_with_goir(TESTS / "concurrency", tmp_path / "concurrency")
    names = folder.names()
    assert len(names) >= 200
    settings = [("GOMAXPROCS", "1"), ("GOMAXPROCS", "2"), ("GOMAXPROCS", "4")]
    runs = [Run(name, (settings[i % len(settings)],)) for i, name in enumerate(names)]
    assert list(failures(folder, runs)) == []


def test_fault_programs(tmp_path: Path):
    folder = build_with_goir(TESTS / "faults", tmp_path / "faults")
    runs = [Run(name, (("GOMAXPROCS", "2"),)) for name in folder.names()]
    assert list(failures(folder, runs)) == []


@pytest.mark.parametrize("folder", ["concurrency", "faults"])
def test_expected_outputs_are_of_programs(folder: Path):
    """Every .out file belongs to a file of programs' topic."""
    sources = "".join(path.read_text() for path in (TESTS / folder).glob("*.go"))
    for path in (TESTS / folder).glob("*.out"):
        assert f'topic("{path.stem}"' in sources
