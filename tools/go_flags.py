"""Flags as Go's tools take them: `-name`, `-name=value` or `-name value`, with one dash or two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


class UsageError(Exception):
    """A command line that is wrong; the text says why."""


@dataclass
class Parsed:
    """What a command line says: values of flags, packages, and what is for the program that is run."""

    flags: dict[str, str] = field(default_factory=dict[str, str])
    packages: list[str] = field(default_factory=list[str])
    rest: list[str] = field(default_factory=list[str])

    def on(self, name: str) -> bool:
        """Whether a flag is set that is on or off."""
        return self.flags.get(name, "false") not in ("false", "0", "f", "F", "FALSE", "False")


def parse(arguments: Sequence[str], switches: Iterable[str], valued: Iterable[str], *, strict: bool) -> Parsed:
    """Splits a command line. `switches` are on or off, `valued` have a value. What comes after `-args` is for the program,
    and, unless `strict`, so are other flags and what follows them."""
    kinds: Mapping[str, bool] = {**dict.fromkeys(switches, False), **dict.fromkeys(valued, True)}
    found = Parsed()
    todo = list(reversed(arguments))
    unknown = False
    while todo:
        argument = todo.pop()
        if argument in ("-args", "--args"):
            found.rest += reversed(todo)
            break
        if not argument.startswith("-") or argument == "-":
            (found.rest if unknown else found.packages).append(argument)
            continue
        name, given, value = argument.removeprefix("-").removeprefix("-").partition("=")
        name = name.removeprefix("test.")
        if name not in kinds:
            if strict:
                raise UsageError(f"flag provided but not defined: -{name}")
            unknown = True
            found.rest.append(argument)
        elif given:
            found.flags[name] = value
        elif not kinds[name]:
            found.flags[name] = "true"
        elif todo:
            found.flags[name] = todo.pop()
        else:
            raise UsageError(f"flag needs an argument: -{name}")
    return found
