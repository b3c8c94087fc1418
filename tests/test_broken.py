"""Broken programs: goir's front end prints what `go build` prints, word for word.

Each broken/NAME.go has the output of real Go in NAME.err, without the package header and the "./" before file names, and
with all errors (-gcflags=-e) unless it ends in "too many errors".
"""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("goir.types.check")

from goir.build.errors import SourceErrors
from goir.build.packages import Loader

FOLDER = Path(__file__).parent / "broken"
PROGRAMS = sorted(path.stem for path in FOLDER.glob("*.go"))


def test_there_are_many() -> None:
    assert len(PROGRAMS) >= 40


@pytest.mark.parametrize("name", PROGRAMS)
def test_broken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = (FOLDER / f"{name}.err").read_text()
    monkeypatch.chdir(FOLDER)
    loader = Loader(all_errors="too many errors" not in expected)
    with pytest.raises(SourceErrors) as raised:
        loader.load_main([f"{name}.go"])
    header, _, text = str(raised.value).partition("\n")
    assert header == "# command-line-arguments"
    assert text.replace("./", "") + "\n" == expected
