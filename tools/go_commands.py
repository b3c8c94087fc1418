"""`goir vet`, `goir list` and `goir env`: what users of `go` reach for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import goir
from goir.tools import guard
from goir.tools.go_flags import Parsed, UsageError, parse
from goir.tools.imports import load_compiler


def _command(
    name: str,
    arguments: Sequence[str],
    switches: Sequence[str],
    valued: Sequence[str],
    usage: str,
    action: Callable[[Parsed], int],
) -> int:
    if arguments and arguments[0] in ("-h", "-help", "--help"):
        print(f"usage: goir {name} {usage}")
        return 0
    try:
        given = parse(arguments, switches, valued, strict=True)
    except UsageError as problem:
        return guard.failure(f"{problem}\nusage: goir {name} {usage}", 2)
    status = [0]

    def act() -> None:
        status[0] = action(given)

    return guard.guarded(act) or status[0]


def vet(arguments: Sequence[str]) -> int:
    """Checks packages and their tests; answers the exit status."""
    usage = "[-e] [-tags LIST] [-goroot DIR] [packages]"
    return _command("vet", arguments, ("e",), ("goroot", "tags"), usage, _vet)


def _vet(given: Parsed) -> int:
    load_compiler()
    from goir.build.driver import split_tags
    from goir.build.errors import BuildError
    from goir.build.goroot import Goroot, find_goroot
    from goir.build.patterns import find_targets
    from goir.build.test_build import TestLoader

    named = given.flags.get("goroot")
    status = 0
    for target in find_targets(given.packages, Goroot(find_goroot(named))):
        try:
            tags = split_tags(given.flags.get("tags", ""))
            TestLoader(target, given.on("e"), named, tags=tags).check()
        except BuildError as problem:
            status = guard.failure(str(problem))
    return status


def list_packages(arguments: Sequence[str]) -> int:
    """Lists packages; answers the exit status."""
    return _command("list", arguments, ("deps", "test"), ("goroot",), "[-deps] [-goroot DIR] [packages]", _list)


def _list(given: Parsed) -> int:
    load_compiler()
    from goir.build.goroot import Goroot, find_goroot
    from goir.build.patterns import find_targets
    from goir.build.test_build import TestLoader

    named = given.flags.get("goroot")
    paths: dict[str, None] = {}
    status = 0
    for target in find_targets(given.packages, Goroot(find_goroot(named))):
        if target.problem:
            status = guard.failure(target.problem)
            continue
        if given.on("deps"):
            paths.update(dict.fromkeys(TestLoader(target, goroot=named).needed()))
        paths[target.path] = None
    for path in paths:
        print(path)
    return status


def env(arguments: Sequence[str]) -> int:
    """Prints settings; answers the exit status."""
    return _command("env", arguments, ("json",), ("goroot",), "[-json] [names]", _env)


def _env(given: Parsed) -> int:
    import json

    from goir.build.fastpath import cache_dir
    from goir.build.goroot import Goroot, find_goroot
    from goir.build.modules import find_modules

    goroot = Goroot(find_goroot(given.flags.get("goroot")))
    modules = find_modules(Path.cwd(), goroot.version)
    settings = {
        "CC": os.environ.get("CC", ""),
        "CGO_ENABLED": "0",
        "GOARCH": "amd64",
        "GOAMD64": "v1",
        "GOCACHE": str(cache_dir()),
        "GOHOSTARCH": "amd64",
        "GOHOSTOS": "linux",
        "GOIRVERSION": goir.__version__,
        "GOMOD": str(modules.file) if modules is not None else os.devnull,
        "GOOS": "linux",
        "GOROOT": str(goroot.folder),
        "GOVERSION": f"go{goroot.version}",
    }
    if given.packages:
        settings = {name: settings.get(name, os.environ.get(name, "")) for name in given.packages}
    if given.on("json"):
        print(json.dumps(settings, indent="\t"))
    else:
        for name, value in settings.items():
            print(value if given.packages else f"{name}='{value}'")
    return 0
