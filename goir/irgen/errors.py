"""What irgen cannot do: located, collected, never a crash."""

from __future__ import annotations

from collections.abc import Sequence

from goir.types.info import Diagnostic


class Unsupported(Exception):
    """A construct irgen does not know (yet). Caught per declaration; position 0 means "where it was used"."""

    def __init__(self, pos: int, what: str) -> None:
        super().__init__(what)
        self.pos = pos
        self.what = what

    def diagnostic(self, where: int) -> Diagnostic:
        """The error as the checker reports its own; `where` is used when the construct has no position."""
        return Diagnostic(self.pos or where, f"not supported yet: {self.what}")


class NotSupportedError(Exception):
    """Raised by `generate` when it is not given a list to collect diagnostics in and there are some."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("; ".join(d.message for d in diagnostics))
        self.diagnostics = list(diagnostics)
