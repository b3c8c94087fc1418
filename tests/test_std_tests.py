"""The library's own tests: what docs/std.md says passes goes on passing. A few cheap packages here; all of them by
`docs/make_std.py --check PACKAGE...`."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent.parent / "docs" / "make_std.py"


def check(*packages: str):
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check", *packages], stdout=subprocess.PIPE, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout


def test_tests_of_the_library():
    check("container/heap", "errors", "path", "unicode/utf8")


def test_page():
    check()
