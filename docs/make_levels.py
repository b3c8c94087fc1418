"""Writes the IR into docs/levels.md: `python docs/make_levels.py`. With --check it only compares (exit status 1: stale).

The page's first Go block is compiled. Behind every line `<!-- level LEVEL FUNCTION… -->` stands a code block with these
functions at that level.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from goir.build.driver import Build, Level, Options

PAGE = Path(__file__).with_name("levels.md")
MARK = re.compile(r"(?ms)^<!-- level (\w+) ([^\n]*) -->\n(?:\n```\w*\n.*?^```\n)?")


def function_text(text: str, name: str) -> str:
    """The definition of a function in the text of a module, without the module's indentation."""
    quoted = rf'@"?{re.escape(name)}"?\('
    head = rf"^ *(?:define|go\.func|coro\.func|llvm\.func) [^\n]*?{quoted}[^\n]*\{{$"
    found = re.search(rf"(?m){head}(?s:.*?)^(?:  )?\}}$", text)
    if found is None:
        raise SystemExit(f"docs/levels.md: no function {name}")
    lines = found[0].split("\n")
    indent = len(lines[-1]) - 1
    return "\n".join(line[indent:] if line[:indent].isspace() else line for line in lines)


def render(page: str) -> str:
    """The page with its code blocks made anew."""
    source = re.search(r"(?s)```go\n(.*?)```", page)
    assert source is not None
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "x.go"
        program.write_text(source[1])
        texts: dict[str, str] = {}

        def block(mark: re.Match[str]) -> str:
            level: Level = mark[1]  # pyright: ignore[reportAssignmentType]
            if level not in texts:
                texts[level] = Build(Options()).text([str(program)], level)
            code = "\n\n".join(function_text(texts[level], name) for name in mark[2].split())
            language = "llvm" if level == "ll" else "mlir"
            return f"<!-- level {level} {mark[2]} -->\n\n```{language}\n{code}\n```\n"

        return MARK.sub(block, page)


def main() -> int:
    """Write or check the page."""
    old = PAGE.read_text()
    new = render(old)
    if "--check" in sys.argv:
        return int(new != old)
    PAGE.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
