package main

// Panics, deferred calls and recover: order, replacement, results, tokens.

type T struct{ s string }

func (t T) value()        { println("value", t.s, recover() != nil) }
func (t *T) pointer()     { println("pointer", t.s, recover() != nil) }
func (t T) Error() string { return "T:" + t.s }

type E interface{ value() }

func order() (r int) {
	defer println("deferred 1")
	for i := 0; i < 3; i++ {
		defer func() { r = r*10 + i; println("loop", i) }()
	}
	return 7
}

func recovered(v any) (r any) {
	defer func() { r = recover() }()
	panic(v)
}

func helper() any { return recover() }

func notDirect() (r any) {
	defer func() { r = recover() }()
	defer func() {
		println("helper", helper() == nil)
		func() { println("nested", recover() == nil) }()
	}()
	panic("direct only")
}

func replaced() {
	defer func() { println("got", recover().(string)) }()
	defer func() { panic("second") }()
	panic("first")
}

func reraised() {
	defer func() { println("outer", recover().(string)) }()
	func() {
		defer func() {
			r := recover()
			println("inner", r.(string))
			panic(r.(string) + " again")
		}()
		panic("once")
	}()
	println("not reached")
}

func twice() {
	defer func() { println("second recover", recover() == nil) }()
	defer func() { println("first recover", recover().(int), recover() == nil) }()
	panic(5)
}

func nested() {
	defer func() { println("nested outer", recover().(string)) }()
	defer func() {
		defer func() { println("nested inner", recover().(string)) }()
		panic("in deferred")
	}()
	panic("original")
}

func methods() {
	t := &T{"m"}
	func() { defer t.pointer(); panic(1) }()
	func() { defer t.value(); panic(1) }()
	func() { var e E = t; defer e.value(); panic(1) }()
	func() { f := t.value; defer f(); panic(1) }()
	func() { defer T.value(*t); panic(1) }()
	func() { defer (*T).pointer(t); panic(1) }()
}

func loop(n int) {
	if n == 0 {
		panic("deep")
	}
	defer func() { deep++ }()
	loop(n - 1)
}

var deep int

func named() (a, b int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
			b++
		}
	}()
	a, b = 1, 2
	panic(T{"named"})
}

func chans() (s string) {
	c, d := make(chan int), make(chan int)
	go func() { c <- <-d + 1 }()
	defer func() {
		d <- 5
		s = recover().(string)
		if <-c == 6 {
			s += " through channels"
		}
	}()
	<-make(chan int, 1)
	return
}

func suspended() (s string) {
	c := make(chan int)
	defer func() { s = recover().(string) }()
	go func() { c <- 1 }()
	if <-c == 1 {
		defer func() { go func() { c <- 2 }(); println("deferred", <-c) }()
		panic("after waiting")
	}
	return
}

func nilfunc() {
	defer func() { println(recover().(error).Error()) }()
	var f func()
	defer f()
	println("deferring nil is fine")
}

func text(f func()) {
	defer func() {
		r := recover()
		if e, ok := r.(error); ok {
			println(e.Error())
		} else {
			println("no error")
		}
	}()
	f()
}

type I interface{ M() }
type J interface {
	N()
	M()
}
type impl struct{}

func (impl) M() {}

func main() {
	println(order())
	println(recovered("x").(string), recovered(nil).(error).Error())
	println(notDirect().(string))
	replaced()
	reraised()
	twice()
	nested()
	methods()
	func() {
		defer func() { println(recover().(string), deep) }()
		loop(1000)
	}()
	a, b, err := named()
	println(a, b, err.Error())
	println(suspended())
	nilfunc()
	println(recover() == nil)

	var p *T
	var m map[string]int
	var i I
	var e any
	z := 0
	text(func() { println(p.s) })
	text(func() { p.value() })
	text(func() { m["a"]++ })
	text(func() { println(1 / z) })
	text(func() { println(1 % z) })
	text(func() { println(1 << (z - 1)) })
	text(func() { i.M() })
	text(func() { println(e.(int)) })
	e = "s"
	text(func() { println(e.(int)) })
	text(func() { e.(I).M() })
	i = impl{}
	text(func() { i.(J).N() })
	text(func() { _ = i.(*T2) })
	text(func() { var f func(); f() })
	text(func() { var a [3]int; println(a[z+5]) })
	text(func() { println(any([]int{1}) == any([]int{1})) })
	text(func() { println(any(struct{ f func() }{}) == any(struct{ f func() }{})) })
	text(func() { var q *[5]int; println(q[2]) })
	text(func() { var pi *I; (*pi).M() })
	text(func() { panic(T{"custom"}) })
	text(func() { i = nil; i.(I).M() })
}

type T2 struct{}

func (*T2) M() {}
