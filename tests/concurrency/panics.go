package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

var _ = topic("panics",
	program{"panic_in_goroutine_recovered", panicInGoroutineRecovered},
	program{"panic_through_waits", panicThroughWaits},
	program{"panic_defer_waits", panicDeferWaits},
	program{"panic_nested_in_defer", panicNestedInDefer},
	program{"panic_many_at_once", panicManyAtOnce},
	program{"panic_replaced", panicReplaced},
	program{"panic_result_values", panicResultValues},
	program{"panic_recover_depth", panicRecoverDepth},
	program{"panic_waiting_waker", panicWaitingWaker},
	program{"panic_faults_in_goroutines", panicFaultsInGoroutines},
	program{"goexit_runs_defers", goexitRunsDefers},
	program{"goexit_nested", goexitNested},
	program{"goexit_over_panic", goexitOverPanic},
	program{"goexit_in_deferred_wait", goexitInDeferredWait},
	program{"defer_order_with_waits", deferOrderWithWaits},
	program{"defer_loop_with_waits", deferLoopWithWaits},
	program{"panic_through_library", panicThroughLibrary},
)

func panicInGoroutineRecovered() {
	errs := make(chan error)
	for i := range 5 {
		go func() {
			defer func() {
				r := recover()
				err, ok := r.(error)
				if !ok {
					err = fmt.Errorf("%v", r)
				}
				errs <- err
			}()
			var p *[]int
			switch i {
			case 0:
				panic("text")
			case 1:
				panic(errors.New("error"))
			case 2:
				_ = (*p)[0]
			case 3:
				_ = []int{}[i]
			case 4:
				_ = i / (i - 4)
			}
		}()
	}
	seen := map[string]bool{}
	for range 5 {
		seen[(<-errs).Error()] = true
	}
	fmt.Println(seen)
}

func deep(n int, c chan int) int {
	if n == 0 {
		panic(fmt.Sprint("bottom ", <-c))
	}
	v := deep(n-1, c)
	return v + <-c
}

// A panic goes through functions that had been suspended.
func panicThroughWaits() {
	c := make(chan int)
	go func() { c <- 7 }()
	fmt.Println(caught(func() { deep(20, c) }))
}

// Deferred calls may wait, before and after the panic is recovered.
func panicDeferWaits() {
	c, log := make(chan int), make(chan string, 10)
	go func() {
		for i := range 4 {
			c <- i
		}
	}()
	func() {
		defer func() { log <- fmt.Sprint("last ", <-c) }()
		defer func() {
			log <- fmt.Sprint("recovered ", recover(), <-c)
		}()
		defer func() {
			defer func() { log <- fmt.Sprint("inner ", recover() == nil, <-c) }()
			log <- fmt.Sprint("first ", <-c)
		}()
		panic("p")
	}()
	close(log)
	for s := range log {
		fmt.Println(s)
	}
}

func panicNestedInDefer() {
	c := make(chan int, 9)
	f := func() (s string) {
		defer func() { s = fmt.Sprint("outer: ", recover(), len(c)) }()
		defer func() {
			defer func() {
				c <- 1
				defer func() { c <- 2; panic(fmt.Sprint("third after ", recover())) }()
				panic("second")
			}()
		}()
		panic("first")
	}
	fmt.Println(f())
}

func panicManyAtOnce() {
	var n atomic.Int32
	each(100, func(i int) {
		for k := range 20 {
			if caught(func() {
				if (i+k)%2 == 0 {
					runtime.Gosched()
				}
				panic(i*100 + k)
			}) == fmt.Sprint(i*100+k) {
				n.Add(1)
			}
		}
	})
	fmt.Println(n.Load())
}

func panicReplaced() {
	c := make(chan bool, 1)
	fmt.Println(caught(func() {
		defer func() { c <- true; panic("new") }()
		panic("old")
	}), <-c)
	fmt.Println(caught(func() {
		defer func() {
			if r := recover(); r != nil {
				panic(fmt.Sprint("again ", r))
			}
		}()
		panic("once")
	}))
}

func panicResultValues() {
	c := make(chan int)
	go func() {
		for i := range 9 {
			c <- i + 1
		}
	}()
	f := func(n int) (a, b int, err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("caught %v", r)
				b += <-c * 100
			}
		}()
		a = <-c
		b = <-c
		if n > 0 {
			panic(n)
		}
		return a * 10, b * 10, nil
	}
	fmt.Println(f(0))
	fmt.Println(f(5))
	fmt.Println(f(0))
}

func panicRecoverDepth() {
	helper := func() any { return recover() }
	fmt.Println(caught(func() {
		defer func() {
			func() { fmt.Println("too deep:", recover()) }()
		}()
		panic("a")
	}))
	fmt.Println(caught(func() {
		defer helper()
		panic("b")
	}))
	fmt.Println(caught(func() {
		defer func() { fmt.Println("helper in a deferred function:", helper()) }()
		panic("c")
	}))
	fmt.Println(recover())
}

// Whoever is woken by a deferred call of a panicking goroutine goes on while that one still unwinds.
func panicWaitingWaker() {
	var mu sync.Mutex
	order := make(chan string, 4)
	mu.Lock()
	go func() {
		defer func() { order <- fmt.Sprint("recovered ", recover()) }()
		defer mu.Unlock()
		defer func() {
			blocked(1, "sync.Mutex.Lock")
			order <- "somebody waits"
		}()
		panic("holding the lock")
	}()
	mu.Lock()
	fmt.Println(<-order)
	fmt.Println(<-order)
}

func panicFaultsInGoroutines() {
	var nilMap map[string]int
	var nilFunc func()
	var nilChan chan int
	var iface any = "text"
	var stringer fmt.Stringer
	zero, big := 0, 50
	arr := []int{1, 2, 3}
	faults := []func(){
		func() { nilMap["a"] = 1 },
		func() { nilFunc() },
		func() { close(nilChan) },
		func() { _ = iface.(int) },
		func() { _ = iface.(fmt.Stringer) },
		func() { _ = stringer.String() },
		func() { _ = 1 / zero },
		func() { _ = arr[big] },
		func() { _ = arr[big:] },
		func() { _ = arr[2:zero] },
		func() { _ = [4]int(arr) },
		func() { _ = map[any]int{arr: 1} },
		func() { _ = any(arr) == any(arr) },
		func() { _ = make([]int, zero-1) },
		func() { _ = 1 << (zero - 1) },
		func() { panic(nil) },
	}
	texts := make([]string, len(faults))
	each(len(faults), func(i int) { texts[i] = caught(faults[i]) })
	fmt.Println(strings.Join(texts, "\n"))
}

func goexitRunsDefers() {
	log := make(chan string, 9)
	var wg sync.WaitGroup
	wg.Go(func() {
		defer func() { log <- fmt.Sprint("outermost ", recover()) }()
		func() {
			defer func() { log <- "inner" }()
			runtime.Goexit()
			log <- "not reached"
		}()
		log <- "neither"
	})
	wg.Wait()
	close(log)
	for s := range log {
		fmt.Println(s)
	}
}

func goexitNested() {
	done := make(chan int)
	go func() {
		n := 0
		defer func() { done <- n }()
		defer func() {
			n += 10
			defer func() { n += 100 }()
			runtime.Goexit() // again, while leaving
			n = -1
		}()
		n++
		runtime.Goexit()
	}()
	fmt.Println(<-done)
}

func goexitOverPanic() {
	log := make(chan string, 9)
	go func() {
		defer close(log)
		defer func() { log <- fmt.Sprint("recover finds ", recover()) }()
		defer func() {
			log <- "leaving"
			runtime.Goexit()
		}()
		panic("lost")
	}()
	for s := range log {
		fmt.Println(s)
	}
	log = make(chan string, 9)
	go func() {
		defer close(log)
		defer func() { log <- fmt.Sprint("still leaving ", recover()) }()
		defer func() {
			defer func() { log <- fmt.Sprint("recovered ", recover()) }()
			panic("on the way out")
		}()
		runtime.Goexit()
	}()
	for s := range log {
		fmt.Println(s)
	}
}

func goexitInDeferredWait() {
	c, done := make(chan int), make(chan string)
	go func() {
		defer func() { done <- fmt.Sprint("last ", <-c) }()
		defer func() {
			if <-c == 1 {
				runtime.Goexit()
			}
		}()
		panic("swallowed")
	}()
	c <- 1
	c <- 2
	fmt.Println(<-done)
}

func deferOrderWithWaits() {
	c := make(chan int)
	go func() {
		for i := range 20 {
			c <- i
		}
	}()
	var got []int
	func() {
		for range 3 {
			v := <-c
			defer func() { got = append(got, v, <-c) }()
		}
		defer func(v int) { got = append(got, -v) }(<-c)
	}()
	fmt.Println(got)
}

func deferLoopWithWaits() {
	var mu sync.Mutex
	n := 0
	each(10, func(i int) {
		for range i {
			defer func() {
				mu.Lock()
				defer mu.Unlock()
				n++
				runtime.Gosched()
			}()
		}
	})
	fmt.Println(n)
}

type badStringer chan string

func (b badStringer) String() string { panic("in String: " + <-b) }

// fmt recovers what methods it calls panic with; the method had waited before.
func panicThroughLibrary() {
	b := make(badStringer)
	go func() { b <- "one"; b <- "two" }()
	fmt.Println(fmt.Sprint(b))
	fmt.Printf("%v|%d\n", b, 5)
	var once sync.Once
	fmt.Println(caught(func() { once.Do(func() { panic("through once") }) }))
	fmt.Println(caught(func() { strings.Map(func(r rune) rune { panic("through Map") }, "x") }))
}
