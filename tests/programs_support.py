"""How the programs of tests/programs are run, and what of their output is compared."""

import os
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass
class How:
    args: list[str]
    env: dict[str, str]
    stdin: str
    trace: bool
    """The list of goroutines at the end is compared as well."""


def run_how(program: Path) -> How:
    """What a program's comments `//test:args a b`, `//test:env NAME=VALUE`, `//test:trace` and its NAME.in say."""
    sources = sorted(program.glob("*.go")) if program.is_dir() else [program]
    text = "\n".join(s.read_text(encoding="utf-8", errors="replace") for s in sources)
    how = How([], dict(os.environ), "", False)
    for word, rest in re.findall(r"^//test:(\w+) ?(.*)$", text, re.MULTILINE):
        if word == "args":
            how.args += rest.split()
        elif word == "env":
            name, _, value = rest.partition("=")
            how.env[name] = value
        elif word == "trace":
            how.trace = True
        else:
            raise ValueError(f"{program}: //test:{word}")
    stdin = program.parent / f"{program.stem}.in"
    if stdin.exists():
        how.stdin = stdin.read_text()
    return how


def without_trace(output: str) -> str:
    """The output up to the list of goroutines; addresses of a nil dereference's instruction and of a stack removed."""
    output = output.partition("\n\nruntime stack:")[0].partition("\n\ngoroutine ")[0]
    return re.sub(r"\b(addr=|pc=|sp=|stack=\[)0x[0-9a-f]+(, 0x[0-9a-f]+)?", r"\1", output)


def normalized_trace(output: str) -> str:
    """The output with its traces, without what depends on where code and data lie: arguments, offsets, addresses, ids
    of goroutines, and the folders of files."""
    output = re.sub(r"\b(addr=|pc=|sp=|stack=\[)0x[0-9a-f]+(, 0x[0-9a-f]+)?", r"\1", output)
    # Where the runtime's own functions stand is each runtime's business.
    output = re.sub(r"^\t/\S*/runtime/[^/\s]+\.go:\d+( \+0x[0-9a-f]+)?$", r"\truntime", output, flags=re.MULTILINE)
    output = re.sub(r"^\t(/\S*/)?([^/\s]+\.go:\d+)( \+0x[0-9a-f]+)?$", r"\t\2", output, flags=re.MULTILINE)
    # Arguments: in hexadecimal, or ... where gc had inlined the call.
    output = re.sub(r"\((\.\.\.|[{}0-9a-fx?, .]*)\)\n\t", "(...)\n\t", output)
    return re.sub(r"\bgoroutine \d+", "goroutine N", output)
