"""`goir test`: the tests of packages, as `go test` runs them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from goir.tools import guard
from goir.tools.go_flags import Parsed, UsageError, parse
from goir.tools.imports import load_compiler

USAGE = """usage: goir test [build/test flags] [packages] [build/test flags & test binary flags]

Packages are import paths (the library's too: goir test strings), folders, and these with ...; without any, this folder's.

  -run re       run tests and examples that match            -v            say which tests run, and all that they log
  -skip re      leave out tests that match                   -list re      list tests that match, run none
  -bench re     run benchmarks that match                    -benchmem     with allocations
  -benchtime d  how long, or 100x                            -count n      run everything n times
  -cpu list     with each of these GOMAXPROCS                -parallel n   so many tests at once
  -short        leave out what takes long                    -failfast     stop at the first failure
  -timeout d    panic after that time (10m; 0: never)        -shuffle on   in another order
  -c            compile the test program, do not run it      -o FILE       and put it there
  -tags list    build tags                                   -O0 … -O3     optimisation
  -goroot DIR   Go's source tree                             -args         the rest is for the test program

Fuzz tests run on their seeds. -race, -cover, -json and -fuzz are not supported."""

_SWITCHES = ("v", "c", "benchmem", "short", "failfast", "fullpath", "i", "a", "trimpath", "e", "O0", "O1", "O2", "O3")
_SWITCHES_REFUSED = ("race", "cover", "json", "msan", "asan", "x", "n", "work")
_FOR_PROGRAM = (
    "run", "skip", "list", "bench", "benchtime", "count", "cpu", "parallel", "timeout", "shuffle", "outputdir"
)  # fmt: skip
_VALUED = (*_FOR_PROGRAM, "o", "tags", "goroot", "vet", "p", "mod", "ldflags", "gcflags")
_VALUED_REFUSED = (
    "fuzz", "fuzztime", "fuzzminimizetime", "coverprofile", "covermode", "coverpkg", "exec", "cpuprofile", "memprofile",
    "memprofilerate", "blockprofile", "blockprofilerate", "mutexprofile", "mutexprofilefraction", "trace",
)  # fmt: skip
_REASONS = {
    "race": "goir has no race detector",
    "fuzz": "goir does not look for inputs; without -fuzz, fuzz tests run on their seeds",
    "cover": "goir does not count what is covered",
    "json": "goir writes go test's text only",
    "exec": "test programs run on this machine",
}


def test(arguments: Sequence[str]) -> int:
    """Runs `goir test`; answers the exit status."""
    if arguments and arguments[0] in ("-h", "-help", "--help"):
        print(USAGE)
        return 0
    try:
        given = parse(arguments, (*_SWITCHES, *_SWITCHES_REFUSED), (*_VALUED, *_VALUED_REFUSED), strict=False)
        _refuse(given)
        timeout = _timeout(given)
    except UsageError as problem:
        return guard.failure(f"{problem}\n{USAGE.splitlines()[0]}\nRun 'goir test -h' for details.", 2)
    status = [0]

    def action() -> None:
        status[0] = _test(given, timeout)

    return guard.guarded(action) or status[0]


def _refuse(given: Parsed) -> None:
    for name in given.flags:
        if name in _SWITCHES_REFUSED or name in _VALUED_REFUSED:
            reason = next((r for n, r in _REASONS.items() if name.startswith(n)), "goir has no such thing")
            raise UsageError(f"goir test: -{name} is not supported: {reason}")


def _timeout(given: Parsed) -> float:
    from goir.build.test_run import duration_seconds

    text = given.flags.setdefault("timeout", "10m0s")
    seconds = duration_seconds(text)
    if seconds is None:
        raise UsageError(f'invalid value "{text}" for flag -timeout: parse error')
    return seconds


def _test(given: Parsed, timeout: float) -> int:
    load_compiler()
    from goir.build.errors import BuildError, InternalCompilerError
    from goir.build.goroot import Goroot, find_goroot
    from goir.build.patterns import find_targets
    from goir.build.test_build import SetupError
    from goir.build.test_run import RunOptions, TestRunner

    goroot = Goroot(find_goroot(given.flags.get("goroot")))
    targets = find_targets(given.packages, goroot)
    if given.on("c") and len(targets) > 1 and not Path(given.flags.get("o", "")).is_dir():
        raise BuildError("goir test: -c of several packages needs -o with a folder")
    show = given.on("v") or bool({"bench", "list"} & given.flags.keys())
    options = RunOptions(_arguments(given), timeout, show, not given.packages, goroot.folder)
    runner = TestRunner(options)
    for target in targets:
        try:
            program = _build(given, target)
        except SetupError as problem:
            runner.not_built(target, str(problem), "setup failed")
        except InternalCompilerError:
            raise
        except BuildError as problem:
            runner.not_built(target, str(problem), "build failed")
        else:
            if program is None:
                runner.no_tests(target)
                continue
            if "o" in given.flags or given.on("c"):
                _keep(program, given.flags.get("o", ""), target.path)
            if not given.on("c"):
                runner.run(target, program)
    return runner.finish()


def _build(given: Parsed, target: object) -> Path | None:
    from goir.build.driver import Options, split_tags
    from goir.build.patterns import Target
    from goir.build.test_build import TestBuild

    assert isinstance(target, Target)
    flags = given.flags
    level = next((int(n[1]) for n in ("O0", "O1", "O2", "O3") if given.on(n)), 1)
    options = Options(
        level,
        given.on("e"),
        goroot=flags.get("goroot"),
        tags=split_tags(flags.get("tags", "")),
        ldflags=flags.get("ldflags", ""),
    )
    build = TestBuild(options, target=target)
    try:
        return build.test_executable()
    finally:
        build.progress.close()


def _keep(program: Path, output: str, path: str) -> None:
    from goir.build.cache import write_atomically

    name = path.rpartition("/")[2] + ".test"
    target = Path(output or name)
    write_atomically(target / name if target.is_dir() else target, program.read_bytes(), 0o755)


def _arguments(given: Parsed) -> list[str]:
    """The arguments of the test program."""
    flags = [f"-test.{name}={given.flags[name]}" for name in _FOR_PROGRAM if name in given.flags]
    flags += [f"-test.{n}=true" for n in ("v", "benchmem", "short", "failfast", "fullpath") if given.on(n)]
    return ["-test.paniconexit0", *flags, *given.rest]
