"""Go programs that call functions of random signatures by reflection, and functions that reflection makes.

Each function checks what it is passed against variables; the callers check the results. So do functions that MakeFunc
makes, method values, calls out of a coroutine and calls that panic. The program prints how many values it compared and how
many differed: none should.
"""

import random

SCALARS = [
    *"bool int8 uint16 int32 int uint8 uintptr float32 float64 complex64 complex128 string".split(),
    *"*int error any []int map[string]int unsafe.Pointer".split(),
    "func() int",
    "chan int",
]
COMMON = "bool int8 float32 float64 int uint16 string *int".split()

SUPPORT = """
var boom bool
var seed uint64 = 12345

func next() uint64 {
	seed ^= seed << 13
	seed ^= seed >> 7
	seed ^= seed << 17
	return seed
}

type Err string

func (e Err) Error() string { return string(e) }

func set(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(next()&1 == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(next()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(next())
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(int32(next())) / 64)
	case reflect.Complex64, reflect.Complex128:
		v.SetComplex(complex(float64(int32(next()))/64, float64(int32(next()))/64))
	case reflect.String:
		v.SetString([]string{"", "a", "hello", "world!"}[next()%4])
	case reflect.Pointer:
		if x := int(next()); x&3 != 0 {
			v.Set(reflect.ValueOf(&x))
		}
	case reflect.UnsafePointer:
		x := int(next())
		v.SetPointer(unsafe.Pointer(&x))
	case reflect.Chan:
		v.Set(reflect.MakeChan(v.Type(), 1))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]int{"k": int(next())}))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), int(next()%4), 5))
		for i := 0; i < v.Len(); i++ {
			set(v.Index(i))
		}
	case reflect.Interface:
		if v.NumMethod() != 0 {
			v.Set(reflect.ValueOf(Err("oops")))
		} else {
			v.Set(reflect.ValueOf(int(next())))
		}
	case reflect.Array:
		for i := 0; i < v.Len(); i++ {
			set(v.Index(i))
		}
	case reflect.Struct:
		for i := 0; i < v.NumField(); i++ {
			set(v.Field(i))
		}
	}
}

func fill(l ...[]any) {
	for _, x := range l {
		for _, p := range x {
			set(reflect.ValueOf(p).Elem())
		}
	}
}

var bad, count int

func same(i, j int, x, y any) {
	count++
	if !reflect.DeepEqual(x, y) {
		bad++
		println("differs", i, j, reflect.TypeOf(x).String())
	}
}

func recovered(i int) {
	boom = false
	if r := recover(); r != i {
		bad++
		println("recovered", i)
	}
}

func try(i int, f reflect.Value, as, rs []any) {
	var in []reflect.Value
	for _, a := range as {
		in = append(in, reflect.ValueOf(a).Elem())
	}
	how := f.Call
	if f.Type().IsVariadic() {
		how = f.CallSlice
	}
	for k, o := range how(in) {
		same(i, 200+k, o.Interface(), reflect.ValueOf(rs[k]).Elem().Interface())
	}
	defer recovered(i)
	boom = true
	how(in)
	println("not here", i)
}

func made(i int, t reflect.Type, as, rs []any) reflect.Value {
	return reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value {
		for k, x := range in {
			same(i, 300+k, x.Interface(), reflect.ValueOf(as[k]).Elem().Interface())
		}
		if boom {
			panic(i)
		}
		var out []reflect.Value
		for _, r := range rs {
			out = append(out, reflect.ValueOf(r).Elem())
		}
		return out
	})
}
"""


def program(seed: int, count: int) -> str:
    """A program with `count` signatures."""
    rnd = random.Random(seed)
    types: list[str] = []
    out: list[str] = []

    def type_(depth: int = 0) -> str:
        r = rnd.random()
        if depth < 3 and r < 0.25:
            fields = [f"F{i} {type_(depth + 1)}" for i in range(rnd.choice((0, 1, 1, 2, 2, 3, 4, 5)))]
            return "struct{" + "; ".join(fields) + "}"
        if depth < 3 and r < 0.35:
            return f"[{rnd.choice((0, 0, 1, 1, 2, 3, 4, 5, 7))}]{type_(depth + 1)}"
        if depth < 3 and r < 0.42:
            underlying = type_(depth + 1)
            types.append(f"type N{len(types)} {underlying}")
            return f"N{len(types) - 1}"
        return rnd.choice(SCALARS if rnd.random() < 0.5 else COMMON)

    for i in range(count):
        params = [type_() for _ in range(rnd.choice((0, 1, 2, 3, 4, 6, 9, 14)))]
        results = [type_() for _ in range(rnd.choice((0, 1, 1, 2, 3, 4, 5)))]
        last = len(params) - 1 if params and rnd.random() < 0.15 else -1  # the variadic one
        spelled = ["..." + t if j == last else t for j, t in enumerate(params)]
        out += [f"var a{i}_{j} {'[]' + t if j == last else t}" for j, t in enumerate(params)]
        out += [f"var r{i}_{j} {t}" for j, t in enumerate(results)]
        named = ", ".join(f"p{j} {t}" for j, t in enumerate(spelled))
        returns = f"({', '.join(results)})"
        body = "".join(f"\n\tsame({i}, {j}, p{j}, a{i}_{j})" for j in range(len(params)))
        body += f"\n\tif boom {{\n\t\tpanic({i})\n\t}}\n"
        if results:
            body += "\treturn " + ", ".join(f"r{i}_{j}" for j in range(len(results))) + "\n"
        out.append(f"func f{i}({named}) {returns} {{{body}}}")
        out.append(f"type T{i} struct{{ k int }}")
        out.append(
            f'func (t T{i}) M({named}) {returns} {{\n\tif t.k != {i} {{\n\t\tprintln("receiver", t.k)\n\t}}{body}}}'
        )
        type_text = f"func({', '.join(spelled)}) {returns}"
        args = ", ".join(f"a{i}_{j}" + ("..." if j == last else "") for j in range(len(params)))
        got = ", ".join(f"x{j}" for j in range(len(results)))
        compare = "".join(f"\n\tsame({i}, {100 + j}, x{j}, r{i}_{j})" for j in range(len(results)))

        def call(f: str, got: str = got, args: str = args, compare: str = compare) -> str:
            return f"{got} := {f}({args}){compare}" if got else f"{f}({args})"

        lists = [", ".join(f"&{x}{i}_{j}" for j in range(n)) for x, n in (("a", len(params)), ("r", len(results)))]
        out.append(f"""
func c{i}(f {type_text}, c chan int) {{
	<-c
	{call("f")}
	c <- 1
}}

func g{i}() {{
	as, rs := []any{{{lists[0]}}}, []any{{{lists[1]}}}
	fill(as, rs)
	try({i}, reflect.ValueOf(f{i}), as, rs)
	try({i}, reflect.ValueOf(T{i}{{{i}}}).Method(0), as, rs)
	try({i}, reflect.ValueOf(&T{i}{{{i}}}).MethodByName("M"), as, rs)
	for _, v := range []reflect.Value{{reflect.ValueOf(T{i}{{{i}}}).Method(0), made({i}, reflect.TypeOf(f{i}), as, rs)}} {{
		f := v.Interface().({type_text})
		func() {{
			{call("f")}
		}}()
		func() {{
			defer recovered({i})
			boom = true
			f({args})
			println("not here")
		}}()
		c := make(chan int)
		go c{i}(f, c)
		c <- 1
		<-c
	}}
}}""")
    calls = "".join(f"\tg{i}()\n" for i in range(count))
    head = 'package main\n\nimport (\n\t"reflect"\n\t"unsafe"\n)\n'
    main = f"func main() {{\n{calls}\tprintln(count > {count}, bad)\n}}\n"
    return "\n".join([head, *types, *out, SUPPORT, main])
