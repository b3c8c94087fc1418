"""Writes docs/std.md: what the library's own tests come to under goir and under real Go.

    docs/make_std.py [--timeout SECONDS] PACKAGE...   runs the tests of packages, and writes the page anew
    docs/make_std.py                                  writes the page from what is known
    docs/make_std.py --check PACKAGE...               says what is worse than what is known (exit status 1)
    docs/make_std.py --check                          … whether the page is current, and every failure has a reason

What is known is in tests/std_tests.json: for each package the tests (subtests too) that passed, failed and were skipped,
those of the failed ones that ended the program (the others run in another one, without them), and how many real Go's
`go test` ran, passed and skipped. tests/test_std_tests.py checks a few packages. tests/std_failures.txt says why tests fail.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "tests" / "std_tests.json"
FAILURES = ROOT / "tests" / "std_failures.txt"
PAGE = ROOT / "docs" / "std.md"

HEAD = """# The library's own tests

Written by `docs/make_std.py`; `goir test PACKAGE` runs them. Each number counts tests, examples, fuzz tests on their seeds, and
all subtests. A test that real Go skips too (it needs root, a network, a longer run …) is no failure. Where a test ends the
program, the others run without it. Columns: what `goir test` ran, passed, failed and skipped, then
what real Go's `go test` of the same sources ran, passed and skipped here.

| package | run | passed | failed | skipped | Go: run | passed | skipped |
|---|---:|---:|---:|---:|---:|---:|---:|
"""

LINE = re.compile(r"^ *--- (PASS|FAIL|SKIP): (\S+)", re.M)


def outcomes(output: str) -> dict[str, str]:
    """Tests by name: PASS, FAIL or SKIP; one that began and never ended failed."""
    output = re.sub(r"0x[0-9a-f]{6,}", "0x", output)  # names with addresses
    found = dict.fromkeys(re.findall(r"^=== RUN +(\S+)", output, re.M), "FAIL")
    found.update((name, outcome) for outcome, name in LINE.findall(output))
    return found


def run(command: list[str], timeout: int) -> tuple[dict[str, str], str]:
    """The outcomes of a test command, and all it wrote."""
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            encoding="utf-8",
            errors="replace",
        )
        output = done.stdout
    except subprocess.TimeoutExpired as expired:
        wrote = expired.stdout or b""
        output = wrote if isinstance(wrote, str) else wrote.decode("utf-8", "replace")
    return outcomes(output), output


def culprit(output: str) -> str | None:
    """The test that ran when a test program ended otherwise than by its main function, if one did."""
    if re.search(r"^(PASS|FAIL)\n(ok  |FAIL)\t", output, re.M):
        return None
    running = re.findall(r"^=== (?:RUN|CONT|NAME) +([^\s/]+)", output, re.M)
    return running[-1] if running else None


MOST_ENDS = 8


def run_goir(package: str, timeout: int) -> tuple[dict[str, str], list[str], str]:
    """The outcomes of a package's tests under goir, which tests ended the program, and all it wrote."""
    found: dict[str, str] = {}
    ended: list[str] = []
    log = ""
    while True:
        others = ["-skip", f"^({'|'.join(ended)})$"] if ended else []
        tests, output = run([*GOIR_TEST, *others, package], timeout)
        log += output
        found.update(tests)
        found.update(dict.fromkeys(ended, "FAIL"))
        name = culprit(output)
        if name is None or name in ended or len(ended) == MOST_ENDS:
            return found, ended, log
        ended.append(name)


def count(tests: dict[str, str], outcome: str) -> int:
    """How many tests have an outcome."""
    return sum(each == outcome for each in tests.values())


def measure(package: str, timeout: int, logs: Path | None) -> dict[str, Any]:
    """The tests of one package under goir and under real Go."""
    ours, ended, output = run_goir(package, timeout)
    real, expected = run(["go", "test", "-v", "-count=1", package], timeout)
    if logs is not None:
        name = package.replace("/", "_")
        (logs / f"{name}.goir").write_text(output)
        (logs / f"{name}.go").write_text(expected)
    missing = {name for name, outcome in real.items() if outcome == "PASS"} - ours.keys()
    failed = {name for name, outcome in ours.items() if outcome == "FAIL"}
    skipped = {name for name, outcome in ours.items() if outcome == "SKIP" and real.get(name) == "PASS"}
    built = not re.search(r"^FAIL\t\S+ \[(build|setup) failed\]", output, re.M)
    print(
        f"{package}: {count(ours, 'PASS')} of {count(real, 'PASS')}",
        *sorted(failed | skipped | missing)[:8],
        flush=True,
    )
    return {
        "passed": count(ours, "PASS"),
        "skipped": count(ours, "SKIP"),
        "failed": sorted(failed),
        "ended the program": ended,
        "only skipped by goir": sorted(skipped),
        "not run": sorted(missing) if len(missing) < 50 else len(missing),
        "real": [count(real, "PASS"), count(real, "FAIL"), count(real, "SKIP")],
        "built": built,
    }


GOIR_TEST = [sys.executable, "-m", "goir.tools.goir", "test", "-v"]


def worse(package: str, known: dict[str, Any], timeout: int) -> list[str]:
    """What tests of a package do worse than they did."""
    ours, _, output = run_goir(package, timeout)
    failed = {name for name, outcome in ours.items() if outcome == "FAIL"}
    found = [f"{package}: {name} fails" for name in sorted(failed - set(known["failed"]))]
    if count(ours, "PASS") < known["passed"]:
        found.append(f"{package}: {count(ours, 'PASS')} tests pass, {known['passed']} did")
    return [*found, output[-3000:]] if found else []


def stale(results: dict[str, Any]) -> list[str]:
    """What is wrong with the page and with the reasons."""
    found = [] if PAGE.read_text() == page(results) else ["docs/std.md is stale: run docs/make_std.py"]
    known = {tuple(line.split(" ", 2)[:2]) for line in FAILURES.read_text().splitlines() if line[:1] != "#"}
    for package, result in results.items():
        for name in result["failed"]:
            parents = [name[: m.start()] for m in re.finditer("/", name)] + [name]
            if not any((package, parent) in known for parent in parents):
                found.append(f"{FAILURES.name} has no reason for {package} {name}")
    return found


def page(results: dict[str, Any]) -> str:
    """The page."""
    rows: list[str] = []
    total = [0, 0, 0, 0]
    for package, found in sorted(results.items()):
        failed = len(found["failed"])
        real = found["real"]
        if not found["built"]:
            rows.append(f"| {package} | does not compile | | | | {sum(real)} | {real[0]} | {real[2]} |")
            continue
        ran = found["passed"] + failed + found["skipped"]
        rows.append(
            f"| {package} | {ran} | {found['passed']} | {failed} | {found['skipped']} "
            f"| {sum(real)} | {real[0]} | {real[2]} |"
        )
        total = [t + n for t, n in zip(total, (found["passed"], failed, real[0], ran), strict=True)]
    text = HEAD + "\n".join(rows)
    text += (
        f"\n\n{len(results)} packages: {total[0]:,} tests passed, {total[1]} failed; with real Go {total[2]:,} pass.\n"
    )
    text += "\n## What fails, and why\n\n"
    for line in FAILURES.read_text().splitlines():
        if line and not line.startswith("#"):
            package, test, reason = line.split(" ", 2)
            text += f"- {package} `{test}`: {reason}\n"
    return text


def main() -> int:
    """Measures the packages that are named, writes the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--timeout", type=int, default=900)
    parser.add_argument("--logs", type=Path, help="a folder for what the tests wrote")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("packages", nargs="*")
    given = parser.parse_args()
    results: dict[str, Any] = json.loads(RESULTS.read_text())
    if given.check:
        found = [line for p in given.packages for line in worse(p, results[p], given.timeout)]
        found += [] if given.packages else stale(results)
        print("\n".join(found))
        return 1 if found else 0
    os.environ.setdefault("GOFLAGS", "-mod=mod")
    for package in given.packages:
        measured = measure(package, given.timeout, given.logs)
        results = json.loads(RESULTS.read_text())
        results[package] = measured
        RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")
    PAGE.write_text(page(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
