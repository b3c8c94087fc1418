"""Go source → go dialect: the form of the IR for each construct, and a clean module verifier on everything."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from xdsl.printer import Printer

from goir.dialects.verify import verify_module
from goir.irgen.context import CheckedPackage
from goir.irgen.module import NotSupportedError, generate
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet
from goir.types.check import check_files
from goir.types.objects import Package


def no_imports(path: str) -> Package:
    raise AssertionError(path)


def compile_go(source: str, *, path: str = "main", program: bool = False) -> str:
    """The textual go dialect of one file; the module must verify."""
    fset = FileSet()
    file, errors = parse_file(fset, "t.go", f"package {path}\n{source}".encode())
    assert not errors, errors
    result = check_files(path, [file], fset, no_imports)
    assert not result.errors, result.errors
    module = generate([CheckedPackage(result.package, [file], result.info)], fset, program=program)
    assert verify_module(module) == []
    out = StringIO()
    Printer(stream=out).print_op(module)
    return out.getvalue()


def function(text: str, symbol: str) -> str:
    """The text of one function."""
    start = re.search(rf'go\.func (?:private )?@"?{re.escape(symbol)}"?\(', text)
    assert start is not None, f"no {symbol} in\n{text}"
    rest = text[start.start() :]
    end = re.search(r"\n  }\n", rest)
    return rest[: end.end()] if end else rest


def check(text: str, *wanted: str) -> None:
    """The wanted pieces occur in this order."""
    at = 0
    for piece in wanted:
        found = text.find(piece, at)
        assert found >= 0, f"{piece!r} not found after {at} in\n{text}"
        at = found + len(piece)


def test_locals_are_ssa_values_and_loops_have_block_arguments():
    text = function(compile_go("func f(n int) int { s := 0; for i := 0; i < n; i++ { s += i }; return s }"), "main.f")
    assert "go.alloc" not in text
    check(text, "cf.br", "go.cmp", "cf.cond_br", "go.add", "go.add", "cf.br", "go.return")
    # two variables change in the loop: the header takes two arguments
    assert re.search(r"\^\w+\(%\S+ ?: !go\.int, %\S+ ?: !go\.int\):", text)


def test_unchanged_variables_are_not_block_arguments():
    text = function(compile_go("func f(n, k int) (s int) { for i := 0; i < n; i++ { s += k }; return }"), "main.f")
    assert not re.search(r"\^\w+\([^)\n]*,[^)\n]*,[^)\n]*\):", text)


def test_address_taken_variables_live_in_memory():
    text = function(compile_go("func f() int { x := 1; p := &x; *p = 2; return x }"), "main.f")
    check(text, "go.alloc", "go.store", "go.store", "go.load", "go.return")


def test_unreachable_code_leaves_nothing():
    text = function(compile_go("func f() int { for { if true { return 1 }; return 2 }; }"), "main.f")
    assert text.count("go.return") == 1


def test_closures_capture_by_value_or_by_reference():
    text = compile_go("func f(a int) func() int { b := 0; return func() int { b++; return a + b } }")
    outer, inner = function(text, "main.f"), function(text, "main.f.func1")
    check(inner, "captures(", "!go.ptr<!go.int>", "!go.int")
    check(outer, "go.alloc", "go.closure")


def test_each_iteration_has_its_own_variable_if_it_is_captured():
    source = "var fs []func()\nfunc f() { for i := 0; i < 3; i++ { fs = append(fs, func() { println(i) }) } }"
    assert "go.alloc" not in function(
        compile_go(source), "main.f"
    )  # the closure captures the value: nothing changes it
    text = function(compile_go(source.replace("println(i)", "i += 5")), "main.f")
    assert text.count("go.alloc") == 2
    source = "var fs []func()\nfunc f() { for i := range 3 { fs = append(fs, func() { println(i) }) } }"
    assert "go.alloc" not in function(compile_go(source), "main.f")


def test_defer_has_the_form_of_the_dialect_document():
    source = "func g()\nfunc f() (r int) { defer func() { recover(); r = 2 }(); return 1 }"
    text = compile_go(source.replace("func g()\n", ""))
    check(
        function(text, "main.f"),
        "go.alloc",
        "go.defers",
        "go.protect",
        "go.defer ",
        "go.store",
        "cf.br",
    )
    for piece in ("go.panic_enter", "go.panic_call", "go.panic_done", "go.unwind", "go.defer_pop"):
        assert piece in function(text, "main.f")
    check(function(text, "main.f.func1"), "recovers", "go.recover_token", "go.recover ")


def test_defer_of_a_call_with_arguments_is_a_thunk():
    text = compile_go("func g(int) {}\nfunc f(x int) { defer g(x); go g(x + 1) }")
    check(function(text, "main.f"), "go.closure @", "deferwrap1", "go.defer", "go.closure @", "gowrap2", "go.go")
    check(function(text, "main.f.deferwrap1"), "captures(", "wrapper", "go.call")


def test_thunks_and_wrappers_pass_on_the_right_to_recover():
    source = (
        "type T int\nfunc (T) M(x int) { recover() }\ntype U struct { T }\n"
        "func f(t T) { defer t.M(1) }\nvar x any = U{}"
    )
    text = compile_go(source)
    check(function(text, "main.f.deferwrap1"), "go.recover_forward", "go.call @main.T.M")
    check(function(text, "main.(*T).M"), "wrapper", "go.recover_forward", "go.call @main.T.M")
    check(function(text, "main.U.M"), "wrapper", "go.recover_forward", "go.call @main.T.M")


def test_method_sets_hold_promoted_methods_and_wrappers():
    source = (
        "type T struct { a, b int }\nfunc (T) V() {}\nfunc (*T) P() {}\ntype U struct { x int; *T }\n"
        "type D map[int]int\nfunc (D) m() {}"
    )
    text = compile_go(source)
    assert 'go.method_set !go.named<"main.T">' in text
    check(text, 'go.method_set !go.ptr<!go.named<"main.U">>', "P", "V")
    check(function(text, "main.(*T).V"), "go.cmp", "panicunwrapmethod", "go.raise", "go.load", "go.call @main.T.V")
    # a map is pointer shaped: the data word is the receiver
    sets = re.search(r'go\.method_set !go\.named<"main\.D">.*', text)
    assert sets is not None and sets[0].count("@main.D.m") == 2


def test_method_values_bind_a_copy():
    text = compile_go("type T struct { a int }\nfunc (T) V() {}\nfunc f(t *T) func() { return t.V }")
    check(function(text, "main.f"), "go.nil_check", "go.load", "go.closure @", "-fm")
    text = compile_go("type I interface { V() }\nfunc f(i I) func() { return i.V }")
    assert "go.bound_method" in function(text, "main.f")


def test_nil_checks_are_left_out_where_pointers_are_not_nil():
    text = function(compile_go("type T struct { a, b int }\nfunc f(t *T) { t.a = 1; t.b = 2 }"), "main.f")
    assert text.count("go.nil_check") == 1
    text = function(
        compile_go("type T struct { a, b int }\nvar g T\nfunc f() { g.a = 1; p := &T{}; p.b = 2 }"), "main.f"
    )
    assert "go.nil_check" not in text


def test_assignment_evaluates_operands_first_and_stores_last():
    text = function(compile_go("func g() int { return 1 }\nfunc f(a []int, i int) { a[i], i = g(), g() }"), "main.f")
    check(text, "go.call @main.g", "go.call @main.g", "go.index_addr", "go.store")
    text = function(compile_go("func f(a, b int) (int, int) { a, b = b, a; return a, b }"), "main.f")
    assert "go.alloc" not in text


def test_map_element_operators_evaluate_the_key_once():
    text = function(compile_go('func k() string { return "" }\nfunc f(m map[string]int) { m[k()] += 2 }'), "main.f")
    assert text.count("go.call") == 1
    check(text, "go.map_get", "go.add", "go.map_set")


def test_small_structs_are_values_and_large_ones_memory():
    source = "type P struct { x, y int }\nfunc f(p P) P { p.x = p.y; return P{p.x, 1} }"
    text = function(compile_go(source), "main.f")
    assert "go.alloc" not in text
    check(text, "go.extract", "go.insert", "go.struct")
    text = function(
        compile_go("type L struct { a [9]int }\nfunc f() int { l := L{a: [9]int{3: 1}}; return l.a[2] }"), "main.f"
    )
    assert text.count("go.alloc") == 1
    check(text, "go.field_addr", "go.index_addr", "go.store", "go.index_addr", "go.load")


def test_string_concatenation_is_one_op():
    text = function(compile_go('func f(a, b string) string { return a + "x" + "y" + b + "z" }'), "main.f")
    assert text.count("go.concat") == 1
    assert '"xy"' in text


def test_long_chains_need_no_recursion():
    terms = " + ".join(["x"] * 3000)
    strings = " + ".join(["s"] * 3000)
    conditions = " && ".join(["x > 1"] * 1500)
    compile_go(f"func f(x int, s string) (int, string, bool) {{ return {terms}, {strings}, {conditions} }}")


def test_type_switch():
    source = (
        "func f(x any) int { switch y := x.(type) { case nil: return 0; case int: return y; "
        "case string, error: _ = y; return 2 }; return 3 }"
    )
    text = function(compile_go(source), "main.f")
    check(text, "go.cmp eq", "go.type_assert", "!go.int, i1", "go.type_assert", "go.type_assert")


def test_select_forms():
    source = (
        "func f(a, b chan int) int { select { case v, ok := <-a: if ok { return v }; "
        "case b <- 1: default: }; return 0 }"
    )
    text = function(compile_go(source), "main.f")
    check(text, "go.select", "go.cmp eq", "cf.cond_br")
    assert "go.unreachable" in function(compile_go("func f() { select {} }"), "main.f")


def test_goto_into_dead_code_and_back():
    source = "func f(n int) int { i := 0\nL: if i < n { i++; goto L }; return i }"
    check(function(compile_go(source), "main.f"), "cf.br", "go.cmp", "go.add")
    source = "func f() { goto End; End: }"
    compile_go(source)


def test_labelled_loops():
    source = (
        "func f(n int) (s int) { Outer: for i := 0; i < n; "
        "i++ { for j := range n { if j > i { continue Outer }; if s > 9 { break Outer }; s++ } }; "
        "return }"
    )
    compile_go(source)


def test_interface_comparison_converts_the_concrete_operand():
    check(
        function(compile_go("func f(x any, y int) bool { return x == y }"), "main.f"), "go.make_interface", "go.cmp eq"
    )


def test_variadic_calls():
    source = (
        'func v(s string, xs ...int) {}\nfunc m() (string, int, int) { return "", 1, 2 }\n'
        'func f(a []int) { v(""); v("", 1, 2); v("", a...); v(m()) }'
    )
    text = function(compile_go(source), "main.f")
    check(
        text,
        "go.zero",
        "go.call",
        "go.alloc",
        "go.slice",
        "go.call",
        "go.call",
        "go.call @main.m",
        "go.slice",
        "go.call",
    )


def test_package_initialisation():
    source = (
        'var a = b + 1\nvar b = f()\nvar c = 3\nvar s = "x"\nfunc f() int { return c }\nfunc init() {}\nfunc main() {}'
    )
    text = compile_go(source, program=True)
    check(text, "go.global", "main.c", "3")
    check(function(text, "main.init.var.b"), "go.call @main.f", "go.store")
    check(function(text, "main.init.var.a"), "@main.b", "go.add", "go.store")
    check(
        function(text, "goir.start"),
        *("go.call @main.init.var.b", "go.call @main.init.var.a", "go.call @main.init.0", "go.call @main.main"),
    )


def test_local_types_have_names_of_their_own():
    text = compile_go("func f() any { type T int; { type T string; var t T; _ = t }; return T(1) }")
    assert len(set(re.findall(r'go\.type ("main\.f\.T.*?")', text))) == 2


def test_runtime_code_has_no_nil_checks_and_uses_intrinsics():
    source = (
        'import "unsafe"\n//goir:intrinsic raise\nfunc raise()\n//goir:intrinsic getsp\nfunc getsp() uintptr\n'
        "//goir:intrinsic park1\nfunc park1(hook func(arg, h unsafe.Pointer) bool, arg unsafe.Pointer)\n"
        "//goir:extern write\nfunc write(fd int32, p unsafe.Pointer, n uintptr) int\n"
        "func hook(arg, h unsafe.Pointer) bool { return true }\n"
        "//goir:centry main\nfunc start(argc int32) int32 { park1(hook, nil); return int32(getsp()) }\n"
        "//goir:nosuspend\nfunc f(p *int) int { write(1, unsafe.Pointer(p), 8); if *p == 0 { raise() }; return *p }"
    )
    fset = FileSet()
    file, errors = parse_file(fset, "t.go", f"package runtime\n{source}".encode())
    assert not errors
    result = check_files("runtime", [file], fset, no_imports)
    assert not result.errors
    module = generate([CheckedPackage(result.package, [file], result.info)], fset, program=False)
    assert verify_module(module) == []
    out = StringIO()
    Printer(stream=out).print_op(module)
    text = out.getvalue()
    check(function(text, "runtime.f"), "nosuspend", "go.call @runtime.write", "go.raise")
    assert "go.nil_check" not in text
    check(function(text, "runtime.start"), 'centry = "main"', "go.park @runtime.hook", "go.intrinsic", "getsp")
    assert 'extern = "write"' in text


def test_what_is_not_supported_is_located():
    fset = FileSet()
    source = "package runtime\nvar n int\nfunc f() int { n++; return n }\nvar x = f()\n"
    file, _ = parse_file(fset, "t.go", source.encode())
    result = check_files("runtime", [file], fset, no_imports)
    assert not result.errors
    with pytest.raises(NotSupportedError) as caught:
        generate([CheckedPackage(result.package, [file], result.info)], fset, program=False)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message == ("not supported yet: variables of the runtime that are not initialised by static data")
    assert fset.position(diagnostic.pos).line == 4


def test_generic_functions_have_one_instance_for_each_list_of_type_arguments():
    source = (
        "type L[T any] struct { v []T }\nfunc (l *L[T]) Add(v T) { l.v = append(l.v, v) }\n"
        "func F[T any](x T) *L[T] { l := &L[T]{}; l.Add(x); return l }\n"
        'func f() { F(1); F("s"); F(2) }'
    )
    text = compile_go(source)
    for symbol in ("main.F[!]", "main.(*L[!]).Add"):
        for t in ("int", "string"):
            assert text.count(f'go.func @"{symbol.replace("!", t)}"(') == 1


def test_calls_are_made_before_variables_are_read():
    source = "var g int\nfunc s() int { g = 2; return 1 }\nfunc f() int { return g + s() }"
    check(function(compile_go(source), "main.f"), "go.call @main.s", "go.global_addr", "go.load", "go.add")


def test_a_loop_over_a_function_passes_its_body():
    source = (
        "func seq(yield func(int) bool) {}\nfunc f() int { for x := range seq { if x > 1 { return x } }; return 0 }"
    )
    text = compile_go(source)
    check(function(text, "main.f"), "go.closure @", "main.f-range1", "go.call_closure", "go.cmp eq", "go.return")
    check(function(text, "main.f-range1"), "panicrangestate", "go.raise", "go.return")


def test_deep_nesting_is_no_problem():
    compile_go(f"func g(x int) int {{ return x }}\nfunc f() int {{ return {'g(' * 400}1{')' * 400} }}")


def test_static_data():
    source = (
        "type T struct { a int; p *T }\nfunc mk(n int) *T { return &T{a: n} }\nfunc f() {}\n"
        "var x = []*T{{1, nil}, nil, {2, &T{3, nil}}}\nvar g = f\nvar e any = T{4, nil}\nvar m = mk(5)\nvar same = m\n"
        "var arr [4]int\nvar part = arr[1:3]\nvar at = &arr[2]\nvar code = len(x)\nfunc main() {}"
    )
    text = compile_go(source, program=True)
    check(text, "@main.x", "#go.data<[new [1, zero], zero, new [2, new [3, zero]]]>", "@main.g", "#go.data<@main.f>")
    check(text, '#go.data<([4, zero] : !go.named<"main.T">)>', "#go.data<new [5, zero]>", "#go.data<pointee @main.m>")
    check(text, "#go.data<slice @main.arr[1], 2, 3>", "#go.data<@main.arr[2]>", "@main.code : !go.int\n")
    check(function(text, "goir.start"), "go.call @main.init.var.code", "go.call @main.main")


def test_initial_values_are_copied_only_before_effects():
    source = "var a = 1\nvar b = a\nvar c = f()\nvar d = a\nfunc f() int { a++; return a }\nfunc main() {}"
    text = compile_go(source, program=True)
    check(text, "@main.b : !go.int = #go.data<1>", "@main.d : !go.int\n")
    check(function(text, "goir.start"), "@main.init.var.c", "@main.init.var.d")


def test_constants_of_literals_are_copied():
    text = function(compile_go("func f(x int) []int { return []int{1, 2, x, 4, 5} }"), "main.f")
    check(
        text, "go.alloc", "go.data_const <[1, 2, zero, 4, 5]>", "go.store", "go.index_addr", "go.store %0", "go.slice"
    )
    assert text.count("go.store") == 2
