"""The Go project's own tests: a ratchet on how many pass.

They need Go's test sources (`apt-get install golang-1.19-src`) and the harness `gotest.py` with its list of tests, in
`../shared/conformance` or where GOIR_CONFORMANCE says; without them these tests are skipped. The floors below may only rise.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from go_errors import failures

ROOT = Path(__file__).resolve().parent.parent
HARNESS = Path(os.environ.get("GOIR_CONFORMANCE", ROOT.parent / "shared" / "conformance"))
SOURCES = Path("/usr/share/go-1.19/test")

FLOORS = [
    ("ken", r"^ken/", 34),
    ("chan", r"^chan/", 8),
    ("rest", r"^(?!ken/|chan/)", 208),
]

FRONT_END_FLOORS = [("err", 280), ("comp", 268)]

pytestmark = [
    pytest.mark.skipif(
        not (HARNESS / "gotest.py").exists(), reason=f"no gotest.py in {HARNESS} (set GOIR_CONFORMANCE)"
    ),
    pytest.mark.skipif(not SOURCES.exists(), reason="apt-get install golang-1.19-src"),
]


@pytest.mark.parametrize(("name", "match", "floor"), FLOORS, ids=[f[0] for f in FLOORS])
def test_tier1(name: str, match: str, floor: int, tmp_path: Path):
    results = tmp_path / "results.tsv"
    runner = f"{sys.executable} -m goir.tools.goir run {{file}}"
    selection = ["--tier", "tier1", "--directive", "run", "--tag=-generic", "--match", match]
    command = [sys.executable, str(HARNESS / "gotest.py"), "--manifest", str(HARNESS / "manifests" / "go.tsv")]
    done = subprocess.run(
        [*command, "--runner", runner, *selection, "--out", str(results), "--jobs", "2", "--timeout", "120"],
        capture_output=True,
        text=True,
    )
    passed = len(re.findall(r"(?m)\tpass\t", results.read_text()))
    assert passed >= floor, done.stdout[-4000:]


@pytest.mark.parametrize(("tier", "floor"), FRONT_END_FLOORS)
def test_front_end(tier: str, floor: int):
    passed, wrong = failures(HARNESS, SOURCES, [tier])
    assert passed >= floor, "\n".join(wrong)
