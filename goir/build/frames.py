"""What is in the frames of coroutines: the remarks of `goir build --remarks frames`.

LLVM decides what lives across a suspension and lays the frame out after it has optimised. So the module is optimised as for the
build, and the frame is read from the result: the names LLVM gives to addresses in it (`%v7_.spill.addr`) say which value of
the module before lies there, and that is where it was computed, and what it is.

    waits.go:40: main.middle: frame of 96 bytes
         0   16  resume and destroy functions
        16   16  state of the coroutine, line it waits on
        32   16  variable { i8, i64 }, 44:16
        48    8  parameter 0, ptr
        …
"""

from __future__ import annotations

import re
from typing import NamedTuple

from goir.build.codegen import compile_as

_DEFINE = re.compile(r"^define [^\n]*?@(\"[^\"]*\"|[\w.$]+)\((.*?)\)[^\n]*\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"%v(\d+)\b")
_FIELD = re.compile(
    r"%([-\w.$]+?)(?:\.(spill|reload))?\.addr\d* = getelementptr inbounds (?:nuw )?i8, ptr %[-\w.$]+, i64 (\d+)"
)
_ALLOCATED = re.compile(r"@runtime\.framealloc\(i64 (?:noundef )?(\d+)")
_OWN = re.compile(r"v(\d+)_")
_LOCATION = re.compile(r"^!(\d+) = !DILocation\(line: (\d+), column: (\d+)", re.MULTILINE)
_PROGRAM = re.compile(r"^!(\d+) = distinct !DISubprogram\(name: \"([^\"]*)\".*?file: !(\d+), line: (\d+)", re.MULTILINE)
_FILE = re.compile(r"^!(\d+) = !DIFile\(filename: \"([^\"]*)\"", re.MULTILINE)

HEADER = 16
"""The resume and destroy functions."""


class Field(NamedTuple):
    """A part of a frame."""

    offset: int
    what: str


def frame_remarks(llvm_text: str, opt_level: int) -> str:
    """The frames of all coroutines of a module, as text."""
    marked = _NAME.sub(r"%v\1_", llvm_text)
    optimised = compile_as(marked, opt_level, "ll").decode()
    before = {name(m): m for m in _DEFINE.finditer(llvm_text)}
    places = {number: f"{line}:{column}" for number, line, column in _LOCATION.findall(llvm_text)}
    files = dict(_FILE.findall(llvm_text))
    programs = {
        number: (function, files.get(file, "?"), line) for number, function, file, line in _PROGRAM.findall(llvm_text)
    }
    lines: list[str] = []
    resumes = {name(m): m[3] for m in _DEFINE.finditer(optimised)}
    for symbol, body in resumes.items():
        size = _ALLOCATED.search(body)
        if size is None or symbol + ".resume" not in resumes or symbol not in before:
            continue
        described = _describe(before[symbol], places)
        fields = _fields(body + resumes[symbol + ".resume"], described)
        head = before[symbol]
        number = re.search(r"!dbg !(\d+) \{$", head[0].partition("\n")[0])
        function, file, line = programs.get(number[1] if number else "", (symbol, "?", "0"))
        lines.append(f"{file}:{line}: {function}: frame of {size[1]} bytes")
        ends = [*(f.offset for f in fields[1:]), int(size[1])]
        lines += [f"    {f.offset:6} {end - f.offset:5}  {f.what}" for f, end in zip(fields, ends, strict=True)]
    return "\n".join(lines) + "\n" if lines else "no coroutines\n"


def name(definition: re.Match[str]) -> str:
    """The symbol that is defined."""
    return definition[1].strip('"')


def _fields(text: str, described: dict[str, str]) -> list[Field]:
    """What is known of a frame, in order."""
    found: dict[int, str] = {0: "resume and destroy functions", HEADER: "state of the coroutine, line it waits on"}
    for full, _, offset in _FIELD.findall(text):
        own = _OWN.match(full)
        if own is not None:
            what = described.get(own[1], "value")
        elif full == "index":
            what = "which suspension it waits at"
        elif full == "destroy":
            continue
        else:
            what = "value"
        found.setdefault(int(offset), what)
    return [Field(offset, found[offset]) for offset in sorted(found)]


def _describe(definition: re.Match[str], places: dict[str, str]) -> dict[str, str]:
    """What each value of a function is, by number."""
    parameters = re.findall(r"([^,()]+?)(?: nest)? %v(\d+)", definition[2])
    found: dict[str, str] = {}
    for i, (type, number) in enumerate(parameters):
        rest = len(parameters) - i
        what = {2: "slot for the results", 1: "closure record"}.get(rest, f"parameter {i}, {type.strip()}")
        found[number] = what
    for line in definition[3].split("\n"):
        value = re.match(r"\s*%v(\d+) = (\w+) (.*)", line)
        if value is None:
            continue
        number, op, text = value.groups()
        dbg = re.search(r"!dbg !(\d+)", text)
        where = f", {places[dbg[1]]}" if dbg is not None and dbg[1] in places else ""
        found[number] = _what(op, text) + where
    return found


def _what(op: str, text: str) -> str:
    if op == "alloca":
        return "variable " + text.partition(", align")[0]
    if op in ("call", "tail"):
        callee = re.search(r'@"?([^"(]*)"?\(', text)
        if callee is None:
            return "result of a dynamic call"
        if callee[1].endswith("$coro"):
            return f"handle of {callee[1].removesuffix('$coro')}"
        return f"result of {callee[1]}"
    if op == "phi":
        return f"value of several blocks, {text.partition(' [')[0]}"
    return op
