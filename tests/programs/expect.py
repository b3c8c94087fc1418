"""Makes the expected outputs of Go programs with real Go.

    python tests/programs/expect.py tests/programs/std/fmt_ints.go tests/programs/modules/*

Each program is built once and run twice; what differs between the two runs is reported, not written. A program's
`//test:args …` and `//test:env NAME=VALUE` comments and its NAME.in say how it runs (tests/test_programs.py reads the
same).
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from programs_support import normalized_trace, run_how, without_trace


def main(paths: list[str]) -> int:
    failed = 0
    for name in paths:
        path = Path(name).resolve()
        if path.suffix != ".go" and not path.is_dir():
            continue
        base = path if path.is_dir() else path.with_suffix("")
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / base.name
            source = ["."] if path.is_dir() else [str(path)]
            built = subprocess.run(
                ["go", "build", "-o", str(program), *source],
                cwd=path if path.is_dir() else None,
                capture_output=True,
                text=True,
            )
            if built.returncode:
                print(f"{name}: {built.stdout}{built.stderr}")
                failed += 1
                continue
            how = run_how(path)
            outputs: list[tuple[str, int]] = []
            for _ in range(2):
                done = subprocess.run(
                    [str(program), *how.args],
                    env=how.env,
                    input=how.stdin,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    encoding="utf-8",
                    errors="surrogateescape",
                )
                outputs.append((done.stdout, done.returncode))
        (first, status), (second, _) = outputs
        if how.trace:
            same = normalized_trace(first) == normalized_trace(second)
        elif status:
            same = without_trace(first) == without_trace(second)
        else:
            same = first == second
        if not same:
            print(f"{name}: two runs differ")
            failed += 1
            continue
        (base.parent / f"{base.name}.out").write_text(first, encoding="utf-8", errors="surrogateescape")
        exit_file = base.parent / f"{base.name}.exit"
        if status:
            exit_file.write_text(f"{status}\n")
        elif exit_file.exists():
            exit_file.unlink()
        print(f"{name}: {len(first)} bytes" + (f", exit {status}" if status else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
