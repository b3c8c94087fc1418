"""A reference interpreter of the go and coro dialects: what a module means, without a lowering (docs/coro.md)."""
