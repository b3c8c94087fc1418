"""The table of functions that lowered code calls agrees with the sources in runtime/."""

import re
from pathlib import Path

import pytest

from goir.lowering.runtime_calls import RUNTIME_FUNCTIONS

RUNTIME = Path(__file__).resolve().parent.parent / "runtime"
SPELLING = {"ptr": "unsafe.Pointer", "typ": "*_type"}
RUNTIME_FUNCTION = re.compile(r"^func (\w+)\((.*?)\)(?: \((.*)\)| (\S.*))? \{", re.MULTILINE)


def types(parameters: str) -> list[str]:
    """The types of a parameter list, of which `a, b int` has two."""
    found: list[str] = []
    for part in reversed([p.strip() for p in parameters.split(",") if p.strip()]):
        name, _, type = part.partition(" ")
        found.append(type or (found[-1] if re.fullmatch(r"[a-z]\w*", name) and found else name))
    return found[::-1]


def sources() -> dict[str, tuple[list[str], list[str]]]:
    found: dict[str, tuple[list[str], list[str]]] = {}
    for path in RUNTIME.glob("*.go"):
        for name, params, several, one in RUNTIME_FUNCTION.findall(path.read_text()):
            results = several or one
            named = " " in results.replace(", ", ",")
            outs = types(results) if named else [r.strip() for r in results.split(",") if r.strip()]
            found[name] = types(params), outs
    return found


SOURCES = sources()


@pytest.mark.parametrize("name", sorted(RUNTIME_FUNCTIONS))
def test_signature(name: str):
    function = RUNTIME_FUNCTIONS[name]
    params, results = SOURCES[name.removeprefix("runtime.")]
    assert params == [SPELLING.get(t, t) for t in function.params]
    assert results == [SPELLING.get(t, t) for t in function.results]


@pytest.mark.parametrize("path", sorted(RUNTIME.glob("*.go")), ids=lambda p: p.name)
def test_files_are_small(path: Path):
    assert len(path.read_text().splitlines()) < 800
