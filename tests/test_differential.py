"""A few random programs, compared with real Go. tests/differential/run.py runs as many as one likes."""

from pathlib import Path

from differential.run import LEVELS, Differences, compare


def test_random_programs(tmp_path: Path):
    found = Differences()
    compare(range(40_000, 40_012), LEVELS, found, tmp_path)
    assert found.lines == []
