"""Fields and methods: lookup through embedding, method sets, missing methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from goir.types.info import Selection
from goir.types.objects import Func, Object, Package, Var
from goir.types.predicates import identical, is_interface, is_valid
from goir.types.types import Interface, Named, Pointer, Struct, Type

Lookup = tuple[Any, "list[int] | None", bool]


def deref(t: Type) -> tuple[Type, bool]:
    """The element type of an (undeclared) pointer type, and whether t is one."""
    if t.__class__ is Pointer:
        return t.elem, True  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
    return t, False


def deref_struct_ptr(t: Type) -> Type:
    """The struct type that t points to, else t."""
    u = t.underlying
    if isinstance(u, Pointer) and isinstance(u.elem.underlying, Struct):
        return u.elem
    return t


def struct_index(s: Struct) -> dict[str, int]:
    """Field name → index."""
    index = s._index  # pyright: ignore[reportPrivateUsage]
    if index is None or index[0] is not s.fields:
        names = {f.name: i for i, f in enumerate(s.fields)}
        s._index = (s.fields, names)  # pyright: ignore[reportPrivateUsage]
        return names
    return index[1]


def lookup_field_or_method(t: Type, addressable: bool, pkg: Package | None, name: str) -> Lookup:
    """Finds the field or method ``name`` of t: (object, index path, a pointer was followed).

    Without object, the index path says that the name is ambiguous, and ``indirect`` that the method exists but
    needs a pointer receiver."""
    return lookup(t, addressable, pkg, name, False)


def lookup(t: Type, addressable: bool, pkg: Package | None, name: str, fold_case: bool) -> Lookup:
    """lookup_field_or_method, optionally ignoring case."""
    if t.__class__ is Named:
        p = t.underlying
        if p.__class__ is Pointer:
            # A declared pointer type has the fields but not the methods of what it points to.
            obj, index, indirect = lookup_impl(p, False, pkg, name, fold_case)
            if isinstance(obj, Func):
                return None, None, False
            return obj, index, indirect
    return lookup_impl(t, addressable, pkg, name, fold_case)


def find_method(t: Named, pkg: Package | None, name: str, fold_case: bool) -> tuple[int, Func | None]:
    """A method declared for t itself."""
    ms = t.orig._methods  # pyright: ignore[reportPrivateUsage]
    if not ms:
        return -1, None
    for i, m in enumerate(ms):
        if (m.name == name or fold_case) and m.same_id(pkg, name, fold_case):
            if t.orig is not t:
                from goir.types.instantiate import expand_method

                return i, expand_method(t, i)
            return i, m
    return -1, None


def lookup_impl(t: Type, addressable: bool, pkg: Package | None, name: str, fold_case: bool) -> Lookup:
    """Breadth-first search through embedded fields."""
    if name == "_":
        return None, None, False
    typ, is_ptr = deref(t)
    if is_ptr and typ.underlying.__class__ is Interface:
        return None, None, False  # pointers to interfaces have no methods
    # (type, index path, pointer on the way, found several times at this depth)
    current: list[tuple[Any, tuple[int, ...], bool, bool]] = [(typ, (), is_ptr, False)]
    seen: list[Named] = []
    while current:
        nxt: list[tuple[Any, tuple[int, ...], bool, bool]] = []
        obj: Any = None
        index: list[int] | None = None
        indirect = False
        for typ, path, ind, multiples in current:
            if typ.__class__ is Named:
                if any(s is typ or identical(s, typ) for s in seen):
                    continue
                seen.append(typ)
                i, m = find_method(typ, pkg, name, fold_case)
                if m is not None:
                    index = [*path, i]
                    if obj is not None or multiples:
                        return None, index, False
                    obj = m
                    indirect = ind
                    continue
            u = typ.underlying
            if u.__class__ is Struct:
                if not fold_case:
                    i = struct_index(u).get(name, -1)
                    if i >= 0 and u.fields[i].same_id(pkg, name):
                        index = [*path, i]
                        if obj is not None or multiples:
                            return None, index, False
                        obj = u.fields[i]
                        indirect = ind
                        continue
                    if obj is None:
                        for i, f in enumerate(u.fields):
                            if f.embedded:
                                e, p = deref(f.type)
                                nxt.append((e, (*path, i), ind or p, multiples))
                    continue
                for i, f in enumerate(u.fields):
                    if f.same_id(pkg, name, fold_case):
                        index = [*path, i]
                        if obj is not None or multiples:
                            return None, index, False
                        obj = f
                        indirect = ind
                        continue
                    if obj is None and f.embedded:
                        e, p = deref(f.type)
                        nxt.append((e, (*path, i), ind or p, multiples))
            elif u.__class__ is Interface:
                i, m = u.type_set().lookup_method(pkg, name, fold_case)
                if m is not None:
                    index = [*path, i]
                    if obj is not None or multiples:
                        return None, index, False
                    obj = m
                    indirect = ind
        if obj is not None:
            if obj.__class__ is Func and has_ptr_recv(obj) and not indirect and not addressable:
                return None, None, True
            return obj, index, indirect
        current = _consolidate(nxt)
    return None, None, False


def _consolidate(
    items: list[tuple[Any, tuple[int, ...], bool, bool]],
) -> list[tuple[Any, tuple[int, ...], bool, bool]]:
    """Merges entries of the same type found at one depth."""
    if len(items) <= 1:
        return items
    out: list[tuple[Any, tuple[int, ...], bool, bool]] = []
    for item in items:
        for i, o in enumerate(out):
            if o[0] is item[0] or identical(o[0], item[0]):
                out[i] = (o[0], o[1], o[2], True)
                break
        else:
            out.append(item)
    return out


def has_ptr_recv(f: Func) -> bool:
    """Whether the method's receiver is a pointer."""
    return f.has_ptr_recv


def method_set(t: Type) -> list[Selection]:
    """All methods callable on a value of type t (not addressable), sorted by id; promoted ones included."""
    named = t
    if isinstance(t, Named) and isinstance(t.underlying, Pointer):
        return []  # a declared pointer type has no methods
    typ, is_ptr = deref(named)
    u = typ.underlying
    if isinstance(u, Interface):
        if is_ptr:
            return []
        return [
            Selection("method_val", t, m, [i], False)
            for i, m in sorted(enumerate(u.all_methods()), key=lambda im: im[1].id())
        ]
    # name → object at the shallowest depth, None where several collide
    found: dict[str, tuple[Object, list[int], bool] | None] = {}
    seen: list[Named] = []
    current: list[tuple[Any, tuple[int, ...], bool, bool]] = [(typ, (), is_ptr, False)]
    while current:
        nxt: list[tuple[Any, tuple[int, ...], bool, bool]] = []
        level: dict[str, tuple[Object, list[int], bool] | None] = {}

        def add(o: Object, path: list[int], ind: bool, multiples: bool, level: dict[str, Any] = level) -> None:
            key = o.id()
            level[key] = None if key in level or multiples else (o, path, ind)

        for e, path, ind, multiples in current:
            if isinstance(e, Named):
                if any(s is e or identical(s, e) for s in seen):
                    continue
                seen.append(e)
                for i, m in enumerate(e.methods):
                    add(m, [*path, i], ind, multiples)
            s = e.underlying
            if isinstance(s, Struct):
                for i, f in enumerate(s.fields):
                    if f.name == "_":
                        continue
                    add(f, [*path, i], ind, multiples)
                    if f.embedded:
                        et, p = deref(f.type)
                        nxt.append((et, (*path, i), ind or p, multiples))
            elif isinstance(s, Interface):
                for i, m in enumerate(s.all_methods()):
                    add(m, [*path, i], True, multiples)
        for key, entry in level.items():
            found.setdefault(key, entry)
        current = _consolidate(nxt)
    out: list[Selection] = []
    for key in sorted(found):
        entry = found[key]
        if entry is None or not isinstance(entry[0], Func):
            continue
        m, path, ind = entry
        assert isinstance(m, Func)
        if has_ptr_recv(m) and not ind:
            continue
        out.append(Selection("method_val", t, m, path, ind))
    return out


# ---- Missing methods -------------------------------------------------------------------------------------


def missing_method(
    check: Any,
    v: Type,
    t: Type,
    static: bool,
    equivalent: Callable[[Any, Any], bool] = identical,
    want_cause: bool = False,
) -> tuple[Func | None, bool, str]:
    """The first method of interface t that v lacks: (method, it exists with a wrong type, the reason in words).

    For an interface v, methods that v does not have are missing only if ``static``."""
    it = t.underlying
    assert isinstance(it, Interface)
    methods = it.type_set().methods
    if not methods:
        return None, False, ""
    state = ""
    m: Func = methods[0]
    f: Any = None
    u = v.underlying
    if isinstance(u, Interface):
        ts = u.type_set()
        for m in methods:
            f = ts.lookup_method(m.pkg, m.name)[1]
            if f is None:
                if not static:
                    continue
                state = "not found"
                break
            if not equivalent(f.type, m.type):
                state = "wrong signature"
                break
    else:
        for m in methods:
            obj, index, indirect = lookup_impl(v, False, m.pkg, m.name, False)
            if obj is None:
                f = None
                if index is not None:
                    state = "ambiguous"
                elif indirect:
                    state = "pointer receiver"
                else:
                    state = "not found"
                    if want_cause:
                        obj = lookup_impl(v, False, m.pkg, m.name, True)[0]
                        if isinstance(obj, Func):
                            f = obj
                            state = "unexported" if f.name == m.name else "wrong name"
                break
            if not isinstance(obj, Func):
                f = None
                state = "field"
                break
            f = obj
            if f.type is None and check is not None:
                check.obj_decl(f)
            if not equivalent(f.type, m.type):
                state = "wrong signature"
                break
    if not state:
        return None, False, ""
    cause = _missing_cause(check, v, t, m, f, state) if want_cause else ""
    return m, state in ("wrong signature", "pointer receiver"), cause


def _missing_cause(check: Any, v: Type, t: Type, m: Func, found: Any, state: str) -> str:
    from goir.types.typestring import func_string, type_string

    qualifier = check.qualifier if check is not None else None
    if check is not None and found is not None and found.type is None:
        check.obj_decl(found)
    if state == "not found":
        for x in (v, t):
            p = x.underlying
            if isinstance(p, Pointer) and is_interface(p.elem):
                return "(" + interface_ptr_error(x, qualifier) + ")"
        return f"(missing method {m.name})"
    if state == "wrong name":
        assert found is not None
        have = func_string(found.name, found.type, qualifier, False)
        want = func_string(m.name, m.type, qualifier, False)
        return f"(missing method {m.name})\n\t\thave {have}\n\t\twant {want}"
    if state == "unexported":
        return f"(unexported method {m.name})"
    if state == "wrong signature":
        assert found is not None
        have = func_string(found.name, found.type, qualifier, False)
        want = func_string(m.name, m.type, qualifier, False)
        if have == want:
            have = func_string(found.name, found.type, qualifier, True)
            want = func_string(m.name, m.type, qualifier, True)
        if have == want:
            return f"(wrong type for method {m.name})"
        return f"(wrong type for method {m.name})\n\t\thave {have}\n\t\twant {want}"
    if state == "ambiguous":
        return f"(ambiguous selector {type_string(v, qualifier, True)}.{m.name})"
    if state == "pointer receiver":
        return f"(method {m.name} has pointer receiver)"
    return f"({type_string(v, qualifier, True)}.{m.name} is a field, not a method)"


def interface_ptr_error(t: Type, qualifier: Any) -> str:
    """Why a pointer to an interface has no methods."""
    from goir.types.predicates import is_type_param
    from goir.types.typestring import type_string

    p = t.underlying
    assert isinstance(p, Pointer)
    if is_type_param(p.elem):
        return f"type {type_string(t, qualifier, True)} is pointer to type parameter, not type parameter"
    return f"type {type_string(t, qualifier, True)} is pointer to interface, not interface"


def has_invalid_embedded_fields(t: Type, seen: set[int] | None = None) -> bool:
    """Whether an embedded field's type is not known: then nothing can be said about missing methods."""
    s = deref_struct_ptr(t).underlying
    if isinstance(s, Struct):
        if seen is None:
            seen = set()
        if id(s) in seen:
            return False
        seen.add(id(s))
        for f in s.fields:
            if f.embedded and (not is_valid(f.type) or has_invalid_embedded_fields(f.type, seen)):
                return True
    return False


def field_path(t: Type, index: list[int]) -> str:
    """The names along an index path, joined by dots."""
    names: list[str] = []
    for i in index:
        u = deref_struct_ptr(t).underlying
        if not isinstance(u, Struct):
            break
        f: Var = u.fields[i]
        names.append(f.name)
        t = f.type
    return ".".join(names)
