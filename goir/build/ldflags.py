"""`-ldflags`: `-X importpath.name=value` gives a string variable another initial value; `-s` and `-w` have no effect.

A variable that code initialises is set by that code afterwards, and other variables are left alone, as by gc's linker."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from xdsl.dialects.builtin import ModuleOp

from goir.build.errors import BuildError
from goir.dialects import go
from goir.dialects import go_types as gt


def parse_ldflags(text: str) -> dict[str, str]:
    """The values that `-X` gives to variables; BuildError for what goir does not take."""
    try:
        words = shlex.split(text)
    except ValueError as problem:
        raise BuildError(f"goir: -ldflags: {problem}".lower()) from None
    values: dict[str, str] = {}
    given = iter(words)
    for word in given:
        flag, equals, setting = word.removeprefix("-").partition("=")
        if word in ("-s", "-w", "--s", "--w"):
            continue
        if flag not in ("X", "-X"):
            raise BuildError(f"goir: -ldflags: {word} is not supported")
        if not equals:
            setting = next(given, "")
        name, equals, value = setting.partition("=")
        if not equals or "." not in name:
            raise BuildError("goir: -ldflags: -X flag requires argument of the form importpath.name=value")
        values[name] = value
    return values


def set_strings(module: ModuleOp, values: Mapping[str, str]) -> None:
    """Gives the string variables of a module, by symbol, their initial values."""
    for op in module.body.block.ops:
        if isinstance(op, go.GlobalOp) and op.external is None and op.type == gt.STRING:
            value = values.get(op.sym_name.data)
            if value is not None:
                op.properties["init"] = go.DataAttr(value.encode("utf-8", "surrogateescape"))
