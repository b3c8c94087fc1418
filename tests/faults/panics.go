package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

var _ = topic("panics", append(values,
	program{"panic_nested", panicNested, ""},
	program{"panic_in_defer", panicInDefer, ""},
	program{"panic_repanic_same", panicRepanicSame, ""},
	program{"panic_repanic_other", panicRepanicOther, ""},
	program{"panic_recovered_then_new", panicRecoveredThenNew, ""},
	program{"panic_three_deep", panicThreeDeep, ""},
	program{"panic_goexit_then_panic", panicGoexitThenPanic, ""},
	program{"panic_in_goroutine", panicInGoroutine, ""},
	program{"panic_after_wait", panicAfterWait, ""},
	program{"panic_through_awaiters", panicThroughAwaiters, ""},
	program{"panic_deferred_wait", panicDeferredWait, ""},
	program{"panic_in_method", panicInMethod, ""},
	program{"panic_in_closure", panicInClosure, ""},
	program{"panic_in_generic", panicInGeneric, ""},
	program{"panic_in_iterator", panicInIterator, ""},
	program{"panic_in_sort", panicInSort, ""},
	program{"panic_in_timer", panicInTimer, ""},
	program{"panic_in_once", panicInOnce, ""},
	program{"panic_in_error_method", panicInErrorMethod, "text"},
	program{"panic_in_string_method", panicInStringMethod, "text"},
	program{"panic_on_other_line", panicOnOtherLine, ""},
	program{"exit_zero", exitZero, ""},
	program{"exit_three", exitThree, ""},
	program{"exit_in_goroutine", exitInGoroutine, ""},
	program{"exit_in_defer", exitInDefer, ""},
	program{"exit_while_panicking", exitWhilePanicking, ""},
	program{"exit_log_fatal", exitLogFatal, ""},
	program{"exit_main_returns", exitMainReturns, ""},
)...)

type (
	myInt    int
	myString string
	myFloat  float64
	myBool   bool
	myErr    struct{ code int }
	myText   struct{ s string }
)

func (e *myErr) Error() string  { return fmt.Sprint("code ", e.code) }
func (t myText) String() string { return "text " + t.s }

// What is printed of a panic's value.
var values = []program{
	{"value_string", func() { panic("plain text") }, ""},
	{"value_lines", func() { panic("two\nlines\n") }, ""},
	{"value_int", func() { panic(-42) }, ""},
	{"value_uint8", func() { panic(uint8(200)) }, ""},
	{"value_rune", func() { panic('x') }, ""},
	{"value_float", func() { panic(3.25) }, ""},
	{"value_complex", func() { panic(complex(1, -2)) }, ""},
	{"value_bool", func() { panic(true) }, ""},
	{"value_named_int", func() { panic(myInt(7)) }, ""},
	{"value_named_string", func() { panic(myString("quoted \"text\"\n")) }, ""},
	{"value_named_float", func() { panic(myFloat(1e100)) }, ""},
	{"value_named_bool", func() { panic(myBool(false)) }, ""},
	{"value_error", func() { panic(errors.New("an error")) }, ""},
	{"value_error_lines", func() { panic(fmt.Errorf("outer:\n%w", errors.New("inner"))) }, ""},
	{"value_error_pointer", func() { panic(&myErr{5}) }, ""},
	{"value_stringer", func() { panic(myText{"t"}) }, ""},
	{"value_joined", func() { panic(errors.Join(errors.New("a"), &myErr{1})) }, ""},
	{"value_path_error", func() { panic(&fs.PathError{Op: "open", Path: "/x", Err: os.ErrNotExist}) }, ""},
	{"value_nil", func() { panic(nil) }, ""},
	{"value_struct", func() { panic(struct{ a, b int }{1, 2}) }, ""},
	{"value_named_struct", func() { panic(point{1, 2}) }, ""},
	{"value_pointer", func() { panic(&point{1, 2}) }, ""},
	{"value_slice", func() { panic([]int{1}) }, ""},
	{"value_func", func() { panic(func() {}) }, ""},
	{"value_chan", func() { panic(make(chan int)) }, ""},
	{"value_runtime_error", func() {
		defer func() { panic(recover().(runtime.Error)) }()
		sink = ints()[big]
	}, ""},
}

func panicNested() {
	defer func() {
		panic("second")
	}()
	panic("first")
}

func panicInDefer() {
	defer fmt.Println("runs before the report")
	defer func() {
		var m map[string]int
		m["x"] = 1
	}()
	fmt.Println("returning")
}

func panicRepanicSame() {
	defer func() {
		panic(recover())
	}()
	panic("same value")
}

func panicRepanicOther() {
	defer func() {
		r := recover()
		panic(fmt.Sprint("wrapped: ", r))
	}()
	panic("inner")
}

func panicRecoveredThenNew() {
	func() {
		defer func() { recover() }()
		panic("forgotten")
	}()
	panic("remembered")
}

func panicThreeDeep() {
	defer func() {
		defer func() {
			defer func() { panic(errors.New("third")) }()
			panic(myText{"second"})
		}()
		recover()
	}()
	panic("first")
}

func panicGoexitThenPanic() {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() { panic("while leaving") }()
		runtime.Goexit()
	}()
	<-done
	select {}
}

func panicInGoroutine() {
	var wg sync.WaitGroup
	wg.Go(func() { inner("from a goroutine") })
	wg.Wait()
}

//go:noinline
func inner(s string) { panic(s) }

func panicAfterWait() {
	c := make(chan string)
	go func() { c <- "after a wait" }()
	inner(<-c)
}

//go:noinline
func awaits(n int, c chan string) int {
	if n > 0 {
		return awaits(n-1, c) + 1
	}
	inner(<-c)
	return 0
}

func panicThroughAwaiters() {
	c := make(chan string)
	go func() { c <- "through awaiters" }()
	go func() {
		sink = awaits(3, c)
	}()
	select {}
}

func panicDeferredWait() {
	c := make(chan int)
	go func() { c <- 1 }()
	defer func() {
		<-c
		panic("after a deferred wait")
	}()
	panic("before it")
}

type machine struct{ state int }

func (m *machine) step() {
	if m.state > 2 {
		panic(fmt.Sprintf("state %d", m.state))
	}
	m.state++
	m.step()
}

func panicInMethod() { new(machine).step() }

func panicInClosure() {
	fs := []func(){fails(1), fails(2)}
	fs[one]()
}

//go:noinline
func fails(n int) func() { return func() { panic(n) } }

func check[T comparable](a, b T) {
	if a != b {
		panic(fmt.Sprintf("%v is not %v", a, b))
	}
}

func panicInGeneric() {
	check("a", "a")
	check(1.5, 2)
}

func panicInIterator() {
	seq := func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
	for i := range seq {
		if i == 2 {
			panic("in the loop's body")
		}
	}
}

func panicInSort() {
	strings.Map(func(r rune) rune {
		panic("in a function that the library calls")
	}, "x")
}

func panicInTimer() {
	time.AfterFunc(1, func() { panic("in a timer's function") })
	select {}
}

func panicInOnce() {
	var once sync.Once
	once.Do(func() { panic("in once") })
}

type badErr struct{}

func (badErr) Error() string { panic("no text") }

type badText struct{}

func (badText) String() string { var p *point; return fmt.Sprint(p.x) }

func panicInErrorMethod()  { panic(badErr{}) }
func panicInStringMethod() { panic(badText{}) }

func panicOnOtherLine() {
	values := []int{
		one,
		100 /
			zero,
	}
	sink = values
}

func exitZero() {
	defer fmt.Println("not run")
	os.Exit(0)
}
func exitThree() {
	defer fmt.Println("not run")
	fmt.Fprintln(os.Stderr, "leaving")
	os.Exit(3)
}
func exitInGoroutine() {
	go os.Exit(4)
	select {}
}
func exitInDefer() {
	defer os.Exit(5)
	panic("not reported")
}
func exitWhilePanicking() {
	defer func() {
		recover()
		os.Exit(6)
	}()
	panic("not reported")
}
func exitLogFatal() {
	log.SetFlags(0)
	log.SetPrefix("program: ")
	log.Fatalf("could not %s", "go on")
}
func exitMainReturns() {
	for range 10 {
		go func() { select {} }()
	}
	go func() { time.Sleep(time.Hour); panic("late") }()
}
