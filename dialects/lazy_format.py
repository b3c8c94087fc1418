"""`irdl_op_definition` that reads an op's assembly format when it is first used.

Reading the formats is most of what importing a dialect costs in xDSL (2 ms an op), and a build prints and parses nothing.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import xdsl.irdl
from xdsl.irdl import IRDLOperation, OpDef
from xdsl.irdl.operations import get_accessors_from_op_def

if TYPE_CHECKING:
    from xdsl.parser import Parser
    from xdsl.printer import Printer

_Op = TypeVar("_Op", bound=IRDLOperation)


def lazy_op_definition(cls: type[_Op]) -> type[_Op]:
    """Defines an op as `irdl_op_definition` does, but for the time at which its assembly format is read."""
    op_def = OpDef.from_pyrdl(cls)
    text, op_def.assembly_format = op_def.assembly_format, None
    attributes = get_accessors_from_op_def(op_def, getattr(cls, "verify_", None))
    op_def.assembly_format = text
    if text is not None:

        @cache
        def program():
            from xdsl.irdl.declarative_assembly_format import FormatProgram

            return FormatProgram.from_str(text, op_def)

        def parse(cls: type[_Op], parser: Parser) -> _Op:
            return program().parse(parser, cls)

        def print_(self: _Op, printer: Printer) -> None:
            program().print(printer, self)

        attributes["parse"] = classmethod(parse)  # pyright: ignore[reportArgumentType]
        attributes["print"] = print_
    for name, value in attributes.items():
        setattr(cls, name, value)
    return cls


@contextmanager
def lazy_formats() -> Generator[None]:
    """Within it, xDSL's own dialects are imported in the same way."""
    eager = xdsl.irdl.irdl_op_definition
    xdsl.irdl.irdl_op_definition = lazy_op_definition
    try:
        yield
    finally:
        xdsl.irdl.irdl_op_definition = eager
