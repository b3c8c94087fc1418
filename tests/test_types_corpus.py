"""The type checker against Go's own conformance corpus (see types_corpus.py): a ratchet, whose numbers only get better."""

from __future__ import annotations

import pytest
from types_corpus import corpus, run_all, summary

MATCHED = 3054
WITH_UNEXPECTED = 4


def test_corpus() -> None:
    if not corpus().is_dir():
        pytest.skip("a GOROOT without src/internal/types/testdata")
    outcomes = run_all()
    assert sum(o.annotations - len(o.missed) for o in outcomes) >= MATCHED, summary(outcomes)
    assert sum(bool(o.unexpected) for o in outcomes) <= WITH_UNEXPECTED, summary(outcomes)
