// Tests in bubbles of testing/synctest. What they print is the same at every run, however their goroutines are scheduled
// (bubbles.out has what real Go prints). tests/test_go_test_bubbles.py runs them, with more workers and with seeds too.
package bubbles

import (
	"context"
	"fmt"
	"iter"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// clock is the bubble's time since it began.
func clock() time.Duration {
	return time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
}

func TestClock(t *testing.T) {
	outside := time.Now()
	synctest.Test(t, func(t *testing.T) {
		fmt.Println(time.Now().UTC(), time.Now() == time.Now())
		time.Sleep(36 * time.Hour)
		fmt.Println(time.Now().UTC(), outside.After(time.Now()))
		time.Sleep(-1)
		time.Sleep(time.Nanosecond)
		fmt.Println(clock())
	})
	if time.Since(outside) > time.Hour {
		t.Error("the clock outside has advanced")
	}
}

func TestTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// A ticker nobody looks at sends once, and is no reason for anything.
		idle := time.NewTicker(time.Second)
		for range 3 {
			fmt.Println("tick", (<-time.After(time.Minute)).Sub(time.Now()), clock())
		}
		fmt.Println("idle", clock()-(<-idle.C).Sub(time.Now().Add(-clock())))
		idle.Stop()
		// Timers fire in the order of their times.
		var order []int
		for _, n := range []int{5, 1, 4, 2, 3} {
			time.AfterFunc(time.Duration(n)*time.Second, func() { order = append(order, n) })
		}
		stopped := time.AfterFunc(6*time.Second, func() { order = append(order, 6) })
		time.Sleep(5 * time.Second)
		synctest.Wait()
		fmt.Println(order, stopped.Stop(), stopped.Stop(), clock())
		tm := time.NewTimer(time.Second)
		time.Sleep(2 * time.Second)
		fmt.Println("reset", tm.Reset(3*time.Second), (<-tm.C).Sub(time.Now()), clock())
		fmt.Println("again", tm.Reset(0), len(tm.C), (<-tm.C).Sub(time.Now()), clock())
		fmt.Println("sent", tm.Reset(0), tm.Stop(), tm.Stop())
		select {
		case <-tm.C:
			t.Error("a timer that was stopped has sent")
		default:
		}
		ran := false
		time.AfterFunc(0, func() { ran = true })
		synctest.Wait()
		fmt.Println("at once", ran, clock())
	})
}

func TestContexts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		stop := context.AfterFunc(ctx, func() { fmt.Println("after", clock()) })
		time.Sleep(time.Hour - 1)
		synctest.Wait()
		fmt.Println(ctx.Err(), clock())
		time.Sleep(1)
		synctest.Wait()
		fmt.Println(ctx.Err(), context.Cause(ctx), stop(), clock())
		t.Cleanup(func() { fmt.Println("cleanup", clock(), t.Context().Err()) })
	})
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var done atomic.Int32
		ch := make(chan int)
		for i := range 100 {
			go func() {
				for range i {
					runtime.Gosched()
				}
				<-ch
				done.Add(1)
			}()
		}
		for i := range 100 {
			synctest.Wait()
			if n := done.Load(); n != int32(i) {
				t.Fatal(i, n)
			}
			ch <- i
		}
		synctest.Wait()
		fmt.Println(done.Load(), clock())
	})
}

// A bubble is not at rest while one of its goroutines waits for a lock, or for what comes from outside.
func TestNotDurable(t *testing.T) {
	outside := make(chan int)
	go func() {
		time.Sleep(5 * time.Millisecond)
		outside <- 1
	}()
	tm := time.NewTimer(10 * time.Millisecond)
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		mu.Lock()
		locked := false
		go func() {
			mu.Lock()
			locked = true
			mu.Unlock()
		}()
		go func() {
			runtime.Gosched()
			mu.Unlock()
		}()
		synctest.Wait()
		fmt.Println("locked", locked)
		got := 0
		go func() {
			select {
			case got = <-outside:
			case <-make(chan int):
			}
		}()
		synctest.Wait()
		fmt.Println("got", got)
		<-tm.C
		fmt.Println(clock())
	})
}

func TestPipeline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stage := func(in <-chan int, delay time.Duration) <-chan int {
			out := make(chan int, 2)
			go func() {
				defer close(out)
				for v := range in {
					time.Sleep(delay)
					out <- v + 1
				}
			}()
			return out
		}
		in := make(chan int)
		out := stage(stage(stage(in, time.Second), 5*time.Second), 2*time.Second)
		go func() {
			defer close(in)
			for i := range 5 {
				in <- 10 * i
			}
		}()
		for v := range out {
			fmt.Println(v, clock())
		}
		timeouts := 0
		never := make(chan int)
		for timeouts < 3 {
			select {
			case <-never:
			case <-time.After(time.Minute):
				timeouts++
			}
		}
		fmt.Println(timeouts, clock())
	})
}

var packageWG sync.WaitGroup

var packagePointer = new(sync.WaitGroup)

func TestSync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() { time.Sleep(time.Duration(i) * time.Second) })
		}
		wg.Wait()
		fmt.Println("wait group", clock())
		var mu sync.Mutex
		cond := sync.NewCond(&mu)
		turn := 0
		for i := range 5 {
			wg.Go(func() {
				mu.Lock()
				for turn != i {
					cond.Wait()
				}
				mu.Unlock()
				time.Sleep(time.Second)
				mu.Lock()
				turn++
				mu.Unlock()
				cond.Broadcast()
			})
		}
		wg.Wait()
		fmt.Println("condition", turn, clock())
		packagePointer.Add(1)
		go packagePointer.Wait()
		synctest.Wait()
		packagePointer.Done()
		packageWG.Go(func() {})
		packageWG.Wait()
		var once sync.Once
		for range 3 {
			wg.Go(func() { once.Do(func() { fmt.Println("once", clock()) }) })
		}
		wg.Wait()
	})
	packageWG.Go(func() {})
	packageWG.Wait()
	synctest.Test(t, func(t *testing.T) {
		packageWG.Go(func() {})
		packageWG.Wait()
		packagePointer.Go(func() {})
		packagePointer.Wait()
	})
}

func TestIterators(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next, stop := iter.Pull(func(yield func(time.Duration) bool) {
			for yield(clock()) {
				time.Sleep(time.Second)
			}
			fmt.Println("end", clock())
		})
		for range 3 {
			fmt.Println(next())
		}
		other := make(chan bool)
		go func() {
			fmt.Println(next())
			stop()
			other <- true
		}()
		<-other
	})
}

func TestBubblesInParallel(t *testing.T) {
	var total atomic.Int64
	t.Run("all", func(t *testing.T) {
		for i := range 20 {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					ch := make(chan time.Duration)
					for k := range 20 {
						go func() {
							time.Sleep(time.Duration(k*i) * time.Second)
							runtime.GC()
							ch <- clock()
						}()
					}
					for range 20 {
						total.Add(int64(<-ch))
					}
					if clock() != time.Duration(19*i)*time.Second {
						t.Error(i, clock())
					}
				})
			})
		}
	})
	fmt.Println(time.Duration(total.Load()))
}

// Those that are due at once go on in any order.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		firsts := map[int]bool{}
		for i := 0; len(firsts) < 2 && i < 1000; i++ {
			ch := make(chan int, 2)
			for k := range 2 {
				go func() {
					time.Sleep(1)
					ch <- k
				}()
			}
			firsts[<-ch] = true
			<-ch
		}
		fmt.Println(len(firsts))
	})
}

// try prints what f panics with.
func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func TestPanics(t *testing.T) {
	try(synctest.Wait)
	synctest.Test(t, func(t *testing.T) {
		try(func() { synctest.Test(t, func(*testing.T) {}) })
		try(func() { t.Run("", func(*testing.T) {}) })
		try(t.Parallel)
	})
	try(func() { synctest.Test(t, func(*testing.T) { make(chan int) <- 1 }) })
	try(func() { synctest.Test(t, func(*testing.T) { go func() { <-make(chan int) }() }) })
	try(func() {
		synctest.Test(t, func(*testing.T) {
			go func() {
				for range time.Tick(time.Second) {
				}
			}()
		})
	})
}

func TestStacks(t *testing.T) {
	try(func() {
		synctest.Test(t, func(t *testing.T) {
			ch := make(chan int)
			full := make(chan int, 1)
			full <- 1
			var wg sync.WaitGroup
			wg.Add(1)
			cond := sync.NewCond(new(sync.Mutex))
			for _, f := range []func(){
				func() { <-ch },
				func() { full <- 1 },
				func() { <-(chan int)(nil) },
				func() { (chan int)(nil) <- 1 },
				func() {
					select {
					case <-t.Context().Done():
					case <-ch:
					}
				},
				func() {
					select {
					case <-(chan int)(nil):
					case <-(chan int)(nil):
					}
				},
				func() { select {} },
				func() { time.Sleep(time.Hour) },
				wg.Wait,
				func() {
					cond.L.Lock()
					cond.Wait()
				},
				func() {
					next, _ := iter.Pull(func(yield func(int) bool) { <-ch })
					next()
				},
			} {
				go f()
			}
			synctest.Wait()
			buf := make([]byte, 1<<20)
			buf = buf[:runtime.Stack(buf, true)]
			headers := regexp.MustCompile(`\[.*, synctest bubble .*\]:`).FindAllString(string(buf), -1)
			slices.Sort(headers)
			for _, h := range headers {
				fmt.Println(regexp.MustCompile(`bubble \d+`).ReplaceAllString(h, "bubble N"))
			}
		})
	})
}

// TestFaults does what ends the program, if it is asked for something.
func TestFaults(t *testing.T) {
	if os.Getenv("BUBBLES_FAULT") == "" {
		return
	}
	var (
		ch chan int
		tm *time.Timer
		wg sync.WaitGroup
	)
	cond := sync.NewCond(new(sync.Mutex))
	operations := map[string]func(){
		"receive":    func() { <-ch },
		"send":       func() { ch <- 1 },
		"close":      func() { close(ch) },
		"stop":       func() { tm.Stop() },
		"reset":      func() { tm.Reset(1) },
		"tick":       func() { <-tm.C },
		"signal":     cond.Signal,
		"broadcast":  cond.Broadcast,
		"wait group": func() { wg.Add(1) },
		"select": func() {
			select {
			case <-ch:
			case <-make(chan int):
			}
		},
		"try": func() {
			select {
			case ch <- 1:
			default:
			}
		},
		"reflect": func() { reflect.ValueOf(ch).Recv() },
		"another bubble": func() {
			synctest.Test(t, func(t *testing.T) { wg.Add(1) })
		},
		"deadlock": nil,
	}
	operation := operations[os.Getenv("BUBBLES_FAULT")]
	ready := make(chan bool)
	if operation != nil {
		go func() {
			<-ready
			operation()
			os.Exit(0)
		}()
	}
	synctest.Test(t, func(t *testing.T) {
		ch = make(chan int, 1)
		tm = time.NewTimer(time.Hour)
		wg.Add(1)
		go func() {
			cond.L.Lock()
			cond.Wait()
		}()
		synctest.Wait()
		if operation == nil {
			<-make(chan int)
		}
		ready <- true
		select {
		case <-ready:
		case <-ch:
		}
	})
}
