"""The overlay of the standard library: every entry has a reason and an effect, and is goir's own; the page is current."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from goir.build.goroot import OVERLAY_FOLDER, Goroot, find_goroot
from goir.build.overlay import declared, function_name
from goir.syntax import ast
from goir.syntax.lexer import tokenize
from goir.syntax.positions import FileSet

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "docs" / "make_overlay.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_overlay", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def goroot() -> Goroot:
    return Goroot(find_goroot())


def test_page_is_current():
    done = subprocess.run([sys.executable, str(SCRIPT), "--check"], timeout=100)
    assert done.returncode == 0, "run: python docs/make_overlay.py"


def test_every_change_has_a_reason(script: ModuleType, goroot: Goroot):
    changes = [e for e in script.entries(goroot) if e.old or not e.new]
    assert changes
    assert [f"{e.package}.{e.name}" for e in changes if not e.reason] == []


def test_what_is_deleted_is_there(script: ModuleType, goroot: Goroot):
    assert [f"{e.package}.{e.name}" for e in script.entries(goroot) if not e.new and not e.old] == []


def test_packages_are_the_librarys(script: ModuleType, goroot: Goroot):
    assert [path for path in script.packages() if not goroot.package(path).files] == []


def test_what_is_added_is_used(script: ModuleType, goroot: Goroot):
    """A name that replaces nothing, and that nothing mentions, once replaced something."""
    unused: list[str] = []
    entries = list(script.entries(goroot))
    for path in script.packages():
        found = goroot.package(path)
        trees = [script.parsed(name) for name in [*found.files, *found.overlay]]
        mentioned: dict[str, int] = {}
        pushed: set[str] = set()
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Ident):
                    mentioned[node.name] = mentioned.get(node.name, 0) + 1
            pushed.update(d.text.split()[1] for d in tree.directives if d.text.startswith("//go:linkname "))
        for entry in (e for e in entries if e.package == path and e.new and not e.old):
            name = entry.name.split(".")[-1]
            if not name[0].isupper() and name not in pushed and mentioned[name] < 2:
                unused.append(f"{path}.{entry.name}")
    assert unused == []


def bodies(script: ModuleType, filename: str) -> dict[str, str]:
    """Functions as texts of tokens: comments and spaces do not count."""
    tree = script.parsed(filename)
    source = Path(filename).read_bytes()
    tokens = tokenize(FileSet().add_file(filename, source))
    found: dict[str, str] = {}
    for decl in tree.decls:
        if isinstance(decl, ast.FuncDecl) and decl.body is not None:
            start, end = decl.body.pos, decl.body.rbrace
            inside = [t for p, t in zip(tokens.positions, tokens.texts, strict=True) if start < p < end]
            found[function_name(decl)] = " ".join(inside)
    return found


def test_no_function_is_the_librarys_own(script: ModuleType, goroot: Goroot):
    """Neither one that it replaces, nor a longer one of any file of the package, for whatever machine."""
    copied: list[str] = []
    for path in script.packages():
        found = goroot.package(path)
        old: dict[str, str] = {}
        for name in found.files:
            old.update(bodies(script, name))
        everywhere = {
            body
            for file in (goroot.src / path).glob("*.go")
            if not file.name.endswith("_test.go")
            for body in bodies(script, str(file)).values()
            if len(body.split()) > 40
        }
        for name in found.overlay:
            for function, body in bodies(script, name).items():
                if body == old.get(function) or body in everywhere:
                    copied.append(f"{path}.{function}")
    assert copied == []


def test_overlay_declares_a_name_once(script: ModuleType):
    for path in script.packages():
        names = [n for f in sorted((OVERLAY_FOLDER / path).glob("*.go")) for n, _, _ in declared(script.parsed(str(f)))]
        assert len(names) == len(set(names)), path
