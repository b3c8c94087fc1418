"""goir: a Go compiler made of MLIR-style dialects, on xDSL and LLVM."""

__version__ = "0.1.0"
