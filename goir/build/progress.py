"""What a build is doing, on a terminal, once it takes longer than a second; and how long each phase took."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

_PATIENCE_SECONDS = 1.0


class Progress:
    """Phases of a build: measured always, shown on standard error when it is a terminal."""

    def __init__(self, steps: int = 0) -> None:
        self.seconds: dict[str, float] = {}
        self._steps, self._done = steps, 0
        self._start = time.monotonic()
        self._bar: object | None = None

    @contextmanager
    def phase(self, name: str) -> Generator[None]:
        """Measure a phase under a name; phases of one name add up."""
        self._show(name)
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - start
            self._done += 1

    def count(self, done: int, total: int) -> None:
        """How far the phase at hand is."""
        if self._bar is None:
            return
        from rich.progress import Progress as Bar

        if isinstance(self._bar, Bar):
            self._bar.update(self._bar.task_ids[0], completed=done, total=total)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is None:
            return
        from rich.progress import Progress as Bar

        if isinstance(self._bar, Bar):
            self._bar.stop()
        self._bar = None

    def _show(self, name: str) -> None:
        if not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        if self._bar is None:
            if time.monotonic() - self._start < _PATIENCE_SECONDS and name != "runtime":
                return
            columns = (SpinnerColumn(), BarColumn(bar_width=24), TextColumn("{task.description}"), TimeElapsedColumn())
            bar = Bar(*columns, console=Console(stderr=True), transient=True)
            bar.add_task(name, total=self._steps or None)
            bar.start()
            self._bar = bar
        if isinstance(self._bar, Bar):
            self._bar.update(self._bar.task_ids[0], description=name, completed=self._done, total=self._steps or None)
