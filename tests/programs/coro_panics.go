package main

// Panics that begin below, at and above suspended frames and are recovered in each of these; panics in deferred calls that
// wait; runtime.Goexit through suspended frames.

import "runtime"

func later[T any](v T) T {
	c := make(chan T)
	go func() { c <- v }()
	return <-c
}

type failure struct{ at string }

func (f failure) Error() string { return "failure at " + f.at }

func text(r any) string {
	switch r := r.(type) {
	case nil:
		return "nothing"
	case string:
		return r
	case error:
		return r.Error()
	}
	return "?"
}

// A chain of calls, all of which are suspended when the last one goes on; level `panics` panics and `recovers` recovers.
func chain(level, panics, recovers int, after bool) (s string) {
	if level == recovers {
		defer func() {
			if r := recover(); r != nil {
				s = "recovered " + later(text(r))
			}
		}()
	}
	defer func() { print(" ", level) }()
	if level == panics && !after {
		later(0)
		panic(failure{"before"})
	}
	if level < 4 {
		s = chain(level+1, panics, recovers, after)
	} else {
		s = later("bottom")
	}
	if level == panics && after {
		panic(later(failure{"after"}))
	}
	return
}

// Without a suspension of its own: its callee waits.
func between(f func()) {
	defer print(" between")
	f()
}

func rethrow() (s string) {
	defer func() { s = text(recover()) + " " + text(recover()) }()
	defer func() {
		r := later(recover())
		panic(later(text(r) + ", again"))
	}()
	later(0)
	panic("first")
}
func replaced() (s string) {
	defer func() { s = text(recover()) }()
	defer func() { later(0); panic("third") }()
	defer func() { later(0); panic("second") }()
	panic(later("first"))
}
func nested() (s string) {
	defer func() { s += " outer:" + text(recover()) }()
	defer func() {
		func() {
			defer func() { s += "inner:" + text(recover()) }()
			later(0)
			panic("in deferred")
		}()
		later(0)
	}()
	panic(later("original"))
}
func notDirect() (s string) {
	defer func() { s = "outer " + text(recover()) }()
	defer func() {
		later(0)
		func() { s = text(recover()) }()
		print(" not direct: ", s)
	}()
	panic(later("p"))
}
func recovers() (s string) { return later(text(recover())) }
func directly() (s string) {
	defer func() { s += later(" done") }()
	defer recovers()
	later(0)
	panic("direct")
}
func loop() (n int) {
	for i := range 5 {
		func() {
			defer func() {
				if recover() != nil {
					n += later(i)
				}
			}()
			if later(i)%2 == 0 {
				panic(i)
			}
		}()
	}
	return
}
func faults() {
	for i, f := range []func(){
		func() { var m map[int]int; m[later(1)] = 1 },
		func() { a := []int{1}; a[later(1)]++ },
		func() { later(1 / later(0)) },
		func() { var p *failure; later(0); println(p.at) },
		func() { _ = later[any](1).(string) },
		func() { c := make(chan int); close(later(c)); close(c) },
		func() { a := later([]int{1}); _ = [2]int(a) },
		func() { _ = make([]int, later(-1)) },
		func() { var f func(); later(0); f() },
		func() { var e error; later(0); _ = e.Error() },
		func() { panic(later[any](nil)) },
	} {
		func() {
			defer func() { println(i, text(recover())) }()
			between(f)
		}()
	}
}

func exits(how string, out chan string) {
	defer func() { out <- how + " over, recovered " + text(recover()) }()
	deeper := func(f func()) {
		defer func() { out <- later("deferred in the middle") }()
		f()
		out <- "not reached"
	}
	switch how {
	case "goexit":
		deeper(func() { later(0); runtime.Goexit() })
	case "goexit in deferred":
		deeper(func() {
			defer func() { later(0); runtime.Goexit() }()
			later(0)
		})
	case "goexit while panicking":
		deeper(func() {
			defer func() { later(0); runtime.Goexit() }()
			panic(later("lost"))
		})
	case "panic while exiting":
		deeper(func() {
			defer func() { out <- "inner " + text(recover()) }()
			defer func() { later(0); panic("late") }()
			later(0)
			runtime.Goexit()
		})
	case "returns":
		func() { defer func() { recover() }(); later(0); panic("p") }()
	}
}

func main() {
	for _, after := range []bool{false, true} {
		for panics := range 5 {
			for recovers := range panics + 1 {
				println(" :", panics, recovers, chain(0, panics, recovers, after))
			}
		}
	}
	func() {
		defer func() { println(" :", text(recover())) }()
		between(func() { between(func() { later(0); panic("between") }) })
	}()
	println(rethrow())
	println(replaced())
	println(nested())
	println(notDirect())
	println(directly())
	println(loop())
	faults()
	out := make(chan string)
	for _, how := range []string{"goexit", "goexit in deferred", "goexit while panicking", "panic while exiting", "returns"} {
		go func() {
			defer func() { out <- "." }()
			exits(how, out)
			out <- "goes on"
		}()
		for s := range out {
			println(s)
			if s == "." {
				break
			}
		}
	}
}
