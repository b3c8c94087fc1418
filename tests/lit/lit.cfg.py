"""Configuration of the lit tests: `lit tests/lit`, or `pytest tests/test_lit.py` which runs every file as a test.

`goir-opt`, `goir-translate`, `goir` and `filecheck` are those of the Python that runs lit.
"""

import os
import sys
import tempfile

import lit.formats

config.name = "goir"  # noqa: F821
config.test_format = lit.formats.ShTest(execute_external=False)  # noqa: F821
config.test_source_root = os.path.dirname(__file__)  # noqa: F821
config.test_exec_root = os.path.join(tempfile.gettempdir(), f"goir-lit-{os.getuid()}")  # noqa: F821
config.suffixes = [".goir", ".mlir", ".go", ".test"]  # noqa: F821
config.excludes = ["Inputs", "lit.cfg.py"]  # noqa: F821

path = [os.path.dirname(sys.executable), config.environment.get("PATH", "")]  # noqa: F821
config.environment["PATH"] = os.pathsep.join(path)  # noqa: F821
# IR is UTF-8 whatever the machine's locale says
config.environment["PYTHONUTF8"] = "1"  # noqa: F821
for name in ("XDG_CACHE_HOME", "GOIR_CACHE"):
    if name in os.environ:
        config.environment[name] = os.environ[name]  # noqa: F821
