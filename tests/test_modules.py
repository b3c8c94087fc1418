"""go.mod, the module cache and vendor folders. The messages are real Go's, with GOPROXY=off."""

import os
from pathlib import Path

import pytest

from goir.build.errors import BuildError
from goir.build.gomod import version_key
from goir.build.packages import Loader


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The folder of a module; the module cache is beside it."""
    write(tmp_path / "cache", CACHE)
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "cache"))
    (tmp_path / "main").mkdir()
    monkeypatch.chdir(tmp_path / "main")
    return tmp_path / "main"


def wrong(module: Path, files: dict[str, str]) -> str:
    write(module, files)
    with pytest.raises(BuildError) as raised:
        Loader().load_main(["."])
    return str(raised.value).replace(str(module), "DIR").replace(f"go {Loader().goroot.version}", "go VERSION")


MAIN = "package main\n\nfunc main() {}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("module", "1: usage: module module/path"),
        ("modul x", "1: unknown directive: modul"),
        ("module x\nfoo y", "2: unknown directive: foo"),
        ("module x\ngo 1.x", "2: invalid go version '1.x': must match format 1.23.0"),
        ("module x\nrequire y", "2: usage: require module/path v1.2.3"),
        ("module x\nrequire y 1.0", '2: malformed module path "y": missing dot in first path element'),
        (
            "module x\nreplace y => z",
            "2: replacement module without version must be directory path (rooted or starting with . or ..)",
        ),
        ("module x\nrequire (\n y v1.0.0\n", "5: syntax error (unterminated block started at DIR/go.mod:2:1)"),
        ("module x\ngo 1.22\ngo 1.23", "3: repeated go statement"),
        (
            "module x\nrequire example.com/y v2.0.0",
            '2: require example.com/y: version "v2.0.0" invalid: should be v0 or v1, not v2',
        ),
    ],
)
def test_wrong_go_mod(text: str, message: str, module: Path):
    assert wrong(module, {"go.mod": text + "\n", "main.go": MAIN}) == f"go: errors parsing go.mod:\ngo.mod:{message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "go 1.22",
            "go: error reading go.mod: missing module declaration. To specify the module path:\n"
            "\tgo mod edit -module=example.com/mod",
        ),
        ("module x\ngo 1.99", "go: go.mod requires go >= 1.99 (running go VERSION; GOTOOLCHAIN=local)"),
    ],
)
def test_go_mod_that_cannot_be_used(text: str, message: str, module: Path):
    assert wrong(module, {"go.mod": text + "\n", "main.go": MAIN}) == message


CACHE = {
    "example.com/!cached@v0.2.0/y/y.go": 'package y\n\nimport _ "example.com/two"\n',
    "example.com/!cached@v0.2.0/go.mod": "module example.com/Cached\n\ngo 1.18\n\nrequire example.com/two v1.1.0\n",
    "example.com/!cached@v0.2.0/loop/l.go": "package loop\n\nfunc F() {\n\tfor range 3 {\n\t}\n}\n",
    "cache/download/example.com/!cached/@v/v0.2.0.mod": "module example.com/Cached\n\nrequire example.com/two v1.1.0\n",
    "example.com/two@v1.0.0/two.go": "package wrong\n",
    "example.com/two@v1.1.0/two.go": "package two\n",
    "cache/download/example.com/two/@v/v1.0.0.mod": "module example.com/two\n",
    "cache/download/example.com/two/@v/v1.1.0.mod": "module example.com/two\n",
}
SUMS = "".join(
    f"example.com/{m}{f} h1:x\n"
    for m in ("Cached v0.2.0", "two v1.0.0", "two v1.1.0", "gone v1.0.0")
    for f in ("", "/go.mod")
)
REQUIRES = """module example.com/a

go 1.22

require (
	example.com/Cached v0.2.0 // indirect
	"example.com/dep" v1.2.3
	example.com/two v1.1.0
	example.com/gone v1.0.0
	example.com/unsummed v1.0.0
)

replace example.com/dep => ../dep
"""


def test_packages_of_other_modules(module: Path):
    write(module.parent / "dep", {"go.mod": "module example.com/dep\n", "x/x.go": "package x\n"})
    main = 'package main\n\nimport (\n\t_ "example.com/Cached/y"\n\t_ "example.com/dep/x"\n)\n\nfunc main() {}\n'
    write(module, {"go.mod": REQUIRES, "go.sum": SUMS, "main.go": main})
    loader = Loader()
    loader.load_main(["."])
    assert set(loader.packages) == {"example.com/two", "example.com/Cached/y", "example.com/dep/x", "main"}


def test_the_highest_version_that_is_required(module: Path):
    """Before Go 1.17 a go.mod did not name what its requirements require."""
    text = "module a\n\nrequire (\n\texample.com/Cached v0.2.0\n\texample.com/two v1.0.0\n)\n"
    main = 'package main\n\nimport _ "example.com/Cached/y"\n\nfunc main() {}\n'
    write(module, {"go.mod": text, "go.sum": SUMS, "main.go": main})
    loader = Loader()
    loader.load_main(["."])
    assert loader.packages["example.com/two"].files[0].filename.endswith("two@v1.1.0/two.go")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "example.com/Cached/zz",
            "no required module provides package example.com/Cached/zz; to add it:\n\tgo get example.com/Cached/zz",
        ),
        ("example.com/dep/internal/q", "use of internal package example.com/dep/internal/q not allowed"),
        (
            "example.com/unsummed",
            "missing go.sum entry for module providing package example.com/unsummed (imported by example.com/a); "
            "to add:\n\tgo get example.com/a",
        ),
        ("example.com/gone", "module lookup disabled by GOPROXY=off"),
    ],
)
def test_packages_that_cannot_be_had(path: str, message: str, module: Path):
    write(module.parent / "dep", {"go.mod": "module example.com/dep\n", "internal/q/q.go": "package q\n"})
    found = wrong(
        module, {"go.mod": REQUIRES, "go.sum": SUMS, "main.go": MAIN.replace("\nf", f'\nimport _ "{path}"\nf')}
    )
    assert found.removeprefix("package example.com/a\n\t") == f"main.go:3:8: {message}"


def test_each_module_has_its_version_of_the_language(module: Path):
    main = 'package main\n\nimport _ "example.com/Cached/loop"\n\nfunc main() {}\n'
    found = wrong(module, {"go.mod": REQUIRES, "go.sum": SUMS, "main.go": main})
    assert "cannot range over 3 (untyped int constant): requires go1.22 or later" in found


VENDORED = {
    "go.mod": "module example.com/a\n\ngo 1.22\n\nrequire example.com/two v1.2.0\n",
    "vendor/modules.txt": "# example.com/two v1.2.0\n## explicit; go 1.18\nexample.com/two\n",
    "vendor/example.com/two/two.go": "package two\n",
}


def test_vendor_folder_without_a_package(module: Path):
    main = MAIN.replace("\nf", '\nimport _ "example.com/two/in"\nf')
    assert wrong(module, {**VENDORED, "main.go": main}) == (
        "main.go:3:8: cannot find module providing package example.com/two/in: import lookup disabled by -mod=vendor\n"
        "\t(Go version in go.mod is at least 1.14 and vendor directory exists.)"
    )


def test_inconsistent_vendor_folder(module: Path):
    files = {**VENDORED, "go.mod": VENDORED["go.mod"].replace("v1.2.0", "v1.2.1")}
    assert wrong(module, {**files, "main.go": MAIN.replace("\nf", '\nimport _ "example.com/two"\nf')}) == (
        "go: inconsistent vendoring in DIR:\n"
        "\texample.com/two@v1.2.1: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt\n"
        "\texample.com/two@v1.2.0: is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod\n"
        "\n\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n"
        "\tTo sync the vendor directory, run:\n\t\tgo mod vendor"
    )


def test_build_tags(module: Path):
    files = {"go.mod": "module x\n\ngo 1.22\n", "a.go": "//go:build !extra\n\npackage main\n\nfunc main() {}\n"}
    write(module, {**files, "b.go": "//go:build extra && more\n\npackage main\n\nfunc main() {}\n"})
    names = [
        [os.path.basename(f.filename) for f in Loader(tags=tags).load_main(["."]).files]
        for tags in ((), ("extra", "more"))
    ]
    assert names == [["a.go"], ["b.go"]]


def test_order_of_versions():
    versions = ["v1.0.0-alpha", "v1.0.0-alpha.1", "v1.0.0-rc.2", "v1.0.0-rc.11", "v1.0.0", "v1.2.0", "v1.10.0"]
    assert sorted(reversed(versions), key=version_key) == versions


def test_functions_without_body_are_the_linkers_concern(module: Path):
    files = {"go.mod": "module x\n\ngo 1.22\n", "main.go": "package main\n\nfunc f()\n\nfunc main() { f() }\n"}
    assert wrong(module, files) == "# x\n./main.go:3:6: missing function body"
    assert Loader(bodyless=True).load_main(["."]).result.package.name == "main"
