package main

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// What these print must not depend on how long things take: only on what may not happen before what.

var _ = topic("timers",
	program{"timer_order", timerOrder},
	program{"timer_stop", timerStop},
	program{"timer_reset", timerReset},
	program{"timer_after_func", timerAfterFunc},
	program{"timer_after_func_reset", timerAfterFuncReset},
	program{"timer_not_early", timerNotEarly},
	program{"timer_thousands", timerThousands},
	program{"timer_stop_from_others", timerStopFromOthers},
	program{"timer_zero_and_negative", timerZeroAndNegative},
	program{"timer_in_select_loop", timerInSelectLoop},
	program{"timer_while_busy", timerWhileBusy},
	program{"timer_panics", timerPanics},
	program{"ticker_counts", tickerCounts},
	program{"ticker_slow_reader", tickerSlowReader},
	program{"ticker_reset_stop", tickerResetStop},
	program{"sleep_order", sleepOrder},
	program{"sleep_many", sleepMany},
	program{"timer_heartbeat", timerHeartbeat},
	program{"timer_debounce", timerDebounce},
)

const ms = time.Millisecond

// eventually tries until f succeeds: a machine that is busy may delay a goroutine for longer than timers are apart.
func eventually(f func() bool) bool {
	for range 50 {
		if f() {
			return true
		}
	}
	return false
}

func timerOrder() {
	fmt.Println(eventually(func() bool {
		c := make(chan int, 10)
		for _, d := range []int{5, 1, 9, 3, 7} {
			time.AfterFunc(time.Duration(d)*5*ms, func() { c <- d })
		}
		return <-c == 1 && <-c == 3 && <-c == 5 && <-c == 7 && <-c == 9
	}))
}

func timerStop() {
	t := time.NewTimer(time.Hour)
	fmt.Println(t.Stop(), t.Stop())
	select {
	case <-t.C:
		fmt.Println("fired")
	default:
		fmt.Println("silent")
	}
	t = time.NewTimer(ms)
	time.Sleep(4 * ms)
	fmt.Println(t.Stop()) // Go 1.23: nobody had received, so it counts as stopped
	select {
	case <-t.C:
		fmt.Println("stale")
	default:
		fmt.Println("nothing stale")
	}
}

func timerReset() {
	t := time.NewTimer(time.Hour)
	fmt.Println(t.Reset(ms))
	<-t.C
	fmt.Println(t.Reset(ms))
	<-t.C
	fmt.Println(t.Stop(), t.Reset(time.Hour), t.Reset(2*ms))
	<-t.C
	fmt.Println(len(t.C), cap(t.C))
}

func timerAfterFunc() {
	var n atomic.Int32
	done := make(chan bool)
	t := time.AfterFunc(time.Hour, func() { n.Add(100) })
	fmt.Println(t.C == nil, t.Stop())
	time.AfterFunc(ms, func() {
		n.Add(1)
		time.AfterFunc(ms, func() {
			n.Add(1)
			close(done)
		})
	})
	<-done
	fmt.Println(n.Load(), t.Stop())
}

func timerAfterFuncReset() {
	c := make(chan int)
	n := 0
	var t *time.Timer
	t = time.AfterFunc(time.Hour, func() {
		n++
		if n < 5 {
			t.Reset(ms)
		} else {
			close(c)
		}
	})
	t.Reset(ms)
	<-c
	fmt.Println(n)
}

func timerNotEarly() {
	early := 0
	for _, d := range []time.Duration{0, 1, 100 * time.Microsecond, ms, 3 * ms} {
		start := time.Now()
		time.Sleep(d)
		if time.Since(start) < d {
			early++
		}
		start = time.Now()
		if at := <-time.After(d); at.Sub(start) < d || time.Since(start) < d {
			early++
		}
	}
	fmt.Println(early)
}

func timerThousands() {
	var fired, stopped atomic.Int32
	var wg sync.WaitGroup
	each(8, func(w int) {
		for i := range 500 {
			wg.Add(1)
			t := time.AfterFunc(time.Duration(i%20)*ms/4, func() { fired.Add(1); wg.Done() })
			if i%3 == 0 && t.Stop() {
				stopped.Add(1)
				wg.Done()
			}
		}
	})
	wg.Wait()
	fmt.Println(fired.Load() + stopped.Load())
}

// Of all who stop a timer, or its firing, exactly one wins.
func timerStopFromOthers() {
	var wins atomic.Int32
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Add(1)
		t := time.AfterFunc(time.Duration(i%5)*100*time.Microsecond, func() { wins.Add(1); wg.Done() })
		for range 3 {
			go func() {
				if t.Stop() {
					wins.Add(1)
					wg.Done()
				}
			}()
		}
	}
	wg.Wait()
	fmt.Println(wins.Load())
}

func timerZeroAndNegative() {
	<-time.After(0)
	<-time.After(-time.Hour)
	time.Sleep(-5)
	c := make(chan bool)
	time.AfterFunc(-1, func() { close(c) })
	<-c
	t := time.NewTimer(1<<63 - 1)
	fmt.Println(t.Stop(), caught(func() { time.NewTicker(0) }), caught(func() { new(time.Timer).Reset(1) }))
}

func timerInSelectLoop() {
	c := make(chan int)
	go func() {
		for i := range 50 {
			c <- i
			if i%10 == 0 {
				time.Sleep(ms)
			}
		}
		close(c)
	}()
	n := 0
	t := time.NewTimer(time.Minute)
	defer t.Stop()
	for {
		t.Reset(time.Minute)
		select {
		case _, ok := <-c:
			if !ok {
				fmt.Println(n)
				return
			}
			n++
		case <-t.C:
			fmt.Println("timeout")
		}
	}
}

// Timers fire while goroutines compute or yield all the time.
func timerWhileBusy() {
	var stop atomic.Bool
	time.AfterFunc(5*ms, func() { stop.Store(true) })
	each(3, func(i int) {
		x := 0
		for !stop.Load() {
			x += i
			if i == 0 {
				runtime.Gosched()
			}
		}
	})
	fmt.Println("stopped")
}

func timerPanics() {
	fmt.Println(caught(func() { time.NewTicker(-1) }))
	fmt.Println(caught(func() { time.NewTicker(time.Hour).Reset(0) }))
	fmt.Println(caught(func() { new(time.Timer).Stop() }))
}

func tickerCounts() {
	t := time.NewTicker(ms)
	defer t.Stop()
	last := time.Time{}
	for range 5 {
		now := <-t.C
		if !now.After(last) {
			fmt.Println("not later")
		}
		last = now
	}
	fmt.Println("five ticks")
}

// A ticker drops ticks for a slow reader: there is one at most.
func tickerSlowReader() {
	t := time.NewTicker(ms / 2)
	time.Sleep(10 * ms)
	<-t.C
	t.Stop()
	select {
	case <-t.C:
		fmt.Println("a second one")
	default:
		fmt.Println("one")
	}
}

func tickerResetStop() {
	t := time.NewTicker(time.Hour)
	t.Reset(ms)
	<-t.C
	<-t.C
	t.Stop()
	t.Stop()
	select {
	case <-t.C:
		fmt.Println("tick after stop")
	case <-time.After(5 * ms):
		fmt.Println("stopped")
	}
	t.Reset(ms)
	<-t.C
	t.Stop()
	for range time.Tick(ms) {
		break
	}
	fmt.Println("again")
}

func sleepOrder() {
	fmt.Println(eventually(func() bool {
		c := make(chan int)
		for _, d := range []int{5, 3, 1, 4, 2} {
			go func() {
				time.Sleep(time.Duration(d) * 5 * ms)
				c <- d
			}()
		}
		var got []int
		for range 5 {
			got = append(got, <-c)
		}
		return slices.IsSorted(got)
	}))
}

func sleepMany() {
	var n atomic.Int32
	start := time.Now()
	each(5000, func(i int) {
		time.Sleep(time.Duration(i%10+1) * ms)
		n.Add(1)
	})
	fmt.Println(n.Load(), time.Since(start) >= 10*ms)
}

func timerHeartbeat() {
	beat := make(chan int)
	quit := make(chan bool)
	go func() {
		t := time.NewTicker(ms)
		defer t.Stop()
		for i := 0; ; i++ {
			select {
			case <-t.C:
				select {
				case beat <- i:
				case <-quit:
					close(beat)
					return
				}
			case <-quit:
				close(beat)
				return
			}
		}
	}()
	var got []int
	for b := range beat {
		if got = append(got, b); len(got) == 6 {
			close(quit)
			break
		}
	}
	for range beat {
	}
	fmt.Println(got, slices.IsSorted(got))
}

// Many events in a row count once.
func timerDebounce() {
	fmt.Println(eventually(func() bool {
		events := make(chan int)
		settled := make(chan [2]int)
		go func() {
			var last [2]int
			t := time.NewTimer(time.Hour)
			for {
				select {
				case last[0] = <-events:
					last[1]++
					t.Reset(10 * ms)
				case <-t.C:
					settled <- last
					return
				}
			}
		}()
		for i := range 20 {
			select {
			case events <- i:
			case <-settled:
				return false
			}
		}
		return <-settled == [2]int{19, 20}
	}))
}
