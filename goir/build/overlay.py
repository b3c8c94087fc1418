"""The overlay: goir's own declarations in place of some of a library package's.

A declaration in `runtime/overlay/<import path>/` replaces the library's of that name, or adds one; `//goir:delete NAME`
takes one away. What is replaced or deleted is removed from the syntax trees of the library's files before they are
checked, so nothing of it is seen:

- functions (`F`), methods (`T.M`), variables, constants and types by name; all init functions with `//goir:delete init`;
- a deleted type's methods with it, those of a replaced type stay;
- constants keep their place in their group, as `_`, so that iota and repetition are what they were;
- `//go:linkname` directives of what is removed: the overlay says itself how its functions are called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from goir.syntax import ast

DELETE = "//goir:delete"


def receiver_base(recv: ast.FieldList) -> str:
    """The name of a receiver's type."""
    t = ast.unparen(recv.list[0].type)
    if isinstance(t, ast.StarExpr):
        t = ast.unparen(t.x)
    if isinstance(t, ast.IndexExpr | ast.IndexListExpr):
        t = t.x
    return t.name if isinstance(t, ast.Ident) else ""


def function_name(decl: ast.FuncDecl) -> str:
    """`F` or `T.M`."""
    if decl.recv is None or not decl.recv.list:
        return decl.name.name
    return f"{receiver_base(decl.recv)}.{decl.name.name}"


def declared(file: ast.File) -> Iterator[tuple[str, ast.Decl, ast.Spec | None]]:
    """The names that a file declares, with where; not `_`, not init functions, not imports."""
    for decl in file.decls:
        if isinstance(decl, ast.FuncDecl):
            name = function_name(decl)
            if name not in ("_", "init"):
                yield name, decl, None
        elif isinstance(decl, ast.GenDecl):
            for spec in decl.specs:
                names = [spec.name] if isinstance(spec, ast.TypeSpec) else []
                if isinstance(spec, ast.ValueSpec):
                    names = spec.names
                for ident in names:
                    if ident.name != "_":
                        yield ident.name, decl, spec


def deleted(file: ast.File) -> list[str]:
    """The names that an overlay file deletes."""
    lines = [d.text.split() for d in file.directives]
    return [name for words in lines if words[0] == DELETE for name in words[1:]]


def merge(library: Sequence[ast.File], overlay: Sequence[ast.File]) -> list[ast.File]:
    """The files of a package with its overlay; the library's trees are changed."""
    gone = {name for file in overlay for name, _, _ in declared(file)}
    deletions = {name for file in overlay for name in deleted(file)}
    types = {n for f in library for n, _, s in declared(f) if n in deletions and isinstance(s, ast.TypeSpec)}
    gone |= deletions
    if gone:
        for file in library:
            _strip(file, gone, types)
    return [*library, *overlay]


def _strip(file: ast.File, gone: set[str], types: set[str]) -> None:
    removed: set[str] = set()
    kept: list[ast.Decl] = []
    for decl in file.decls:
        if isinstance(decl, ast.FuncDecl):
            name = function_name(decl)
            if name in gone or (decl.recv is not None and name.split(".")[0] in types):
                removed.add(name)
                continue
        elif isinstance(decl, ast.GenDecl) and decl.tok != "import" and _strip_group(decl, gone, removed):
            continue
        kept.append(decl)
    file.decls[:] = kept
    if removed:
        file.directives[:] = [d for d in file.directives if not _names(d, removed)]


def _names(directive: ast.Directive, removed: set[str]) -> bool:
    words = directive.text.split()
    return words[0] in ("//go:linkname", "//go:linknamestd") and len(words) > 1 and words[1] in removed


def _strip_group(decl: ast.GenDecl, gone: set[str], removed: set[str]) -> bool:
    """Removes names from a declaration; whether nothing is left of it."""
    specs: list[ast.Spec] = []
    for spec in decl.specs:
        if isinstance(spec, ast.TypeSpec):
            if spec.name.name in gone:
                removed.add(spec.name.name)
                continue
        elif isinstance(spec, ast.ValueSpec):
            found = {i for i, ident in enumerate(spec.names) if ident.name in gone}
            removed.update(spec.names[i].name for i in found)
            if found and decl.tok == "var" and len(found) == len(spec.names):
                continue
            if found and decl.tok == "var" and len(spec.values) in (0, len(spec.names)):
                spec.names = [n for i, n in enumerate(spec.names) if i not in found]
                spec.values = [v for i, v in enumerate(spec.values) if i not in found]
            else:  # values depend on their places, or come from one call
                spec.names = [ast.Ident(n.pos, "_") if i in found else n for i, n in enumerate(spec.names)]
        specs.append(spec)
    decl.specs[:] = specs
    return not specs
