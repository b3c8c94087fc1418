"""The llvm dialect's operations that xDSL lacks, or has in a form that loses something.

Names, properties and custom syntax are upstream MLIR 22's, so that `mlir-opt` and `mlir-translate` read our
llvm-level modules.
Every property that has a default upstream is optional here: ops built by `Op.create` carry only what differs from it.
"""

from __future__ import annotations

from goir.dialects.llvm_ext_arith import *  # noqa: F403
from goir.dialects.llvm_ext_base import *  # noqa: F403
from goir.dialects.llvm_ext_flow import *  # noqa: F403
from goir.dialects.llvm_ext_memory import *  # noqa: F403
from goir.dialects.llvm_ext_symbols import *  # noqa: F403
