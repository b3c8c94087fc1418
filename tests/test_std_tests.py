"""The library's own tests: what docs/std.md says passes goes on passing. A few cheap packages; all of them, an hour, with
GOIR_TEST_ALL=1."""

import json
import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
SCRIPT = TESTS.parent / "docs" / "make_std.py"
CHEAP = ("container/heap", "errors", "path", "unicode/utf8")


def check(*packages: str):
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check", *packages], stdout=subprocess.PIPE, text=True, timeout=7200
    )
    assert done.returncode == 0, done.stdout


def test_tests_of_the_library():
    known = json.loads((TESTS / "std_tests.json").read_text())
    check(*(known if os.environ.get("GOIR_TEST_ALL") else CHEAP))


def test_page():
    check()
