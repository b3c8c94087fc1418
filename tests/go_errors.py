"""Go's own tests of what compilers must reject or accept, with goir's front end in this process: a process each would take
minutes."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from goir.build.errors import BuildError
from goir.build.packages import Loader


def _gotest(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("gotest", folder / "gotest.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def failures(folder: Path, sources: Path, tiers: Sequence[str]) -> tuple[int, list[str]]:
    """How many tests of some tiers pass, and what is wrong with the others. `folder` has the harness, `sources` the tests."""
    gotest: Any = _gotest(folder)

    def front_end(files: Sequence[str], cwd: Path, *rest: object) -> Any:
        before = os.getcwd()
        os.chdir(cwd)
        try:
            Loader(all_errors=True).load_main(files)
        except BuildError as problem:
            return gotest.Done(1, f"{problem}\n", 0.0, False)
        finally:
            os.chdir(before)
        return gotest.Done(0, "", 0.0, False)

    gotest.command = front_end
    harness = gotest.Harness(sources, None, "{file}", 600)
    passed = 0
    wrong: list[str] = []
    for row in gotest.read_manifest(folder / "manifests" / "go.tsv"):
        if row["tier"] in tiers and harness.can(row["directive"]):
            result = harness.test(row)
            if result.status == "pass":
                passed += 1
            else:
                wrong.append(f"{row['path']}: {result.detail}")
    return passed, wrong
