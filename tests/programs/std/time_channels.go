package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// Channels of timers hold nothing before somebody looks, and what was not received can be taken back.

const ms = time.Millisecond

func stale() {
	t := time.NewTimer(2 * ms)
	time.Sleep(6 * ms)
	fmt.Println("stale", len(t.C), cap(t.C), t.Stop(), len(t.C))
	select {
	case <-t.C:
		fmt.Println("a stale value")
	default:
		fmt.Println("nothing")
	}
	fmt.Println(t.Reset(2*ms), t.Reset(time.Hour), t.Reset(2*ms))
	<-t.C
	fmt.Println(t.Stop(), t.Reset(ms))
	time.Sleep(4 * ms)
	fmt.Println(t.Reset(time.Hour))
	select {
	case <-t.C:
		fmt.Println("a stale value")
	case <-time.After(5 * ms):
		fmt.Println("after")
	}
}

func tickers() {
	t := time.NewTicker(2 * ms)
	start := time.Now()
	for range 5 {
		<-t.C
	}
	d := time.Since(start)
	fmt.Println("ticks", d >= 9*ms)
	t.Reset(time.Hour)
	select {
	case <-t.C:
		fmt.Println("a stale tick")
	case <-time.After(5 * ms):
	}
	t.Reset(ms)
	time.Sleep(10 * ms)
	n := 0
	for {
		select {
		case <-t.C:
			n++
			continue
		default:
		}
		break
	}
	fmt.Println("ticks that nobody waited for", n)
	t.Stop()
}

func funcs() {
	order := make(chan int, 10)
	for _, d := range []int{9, 3, 15, 6} {
		time.AfterFunc(time.Duration(d)*ms, func() { order <- d })
	}
	stopped := time.AfterFunc(4*ms, func() { order <- -1 })
	fmt.Println(stopped.Stop(), stopped.Stop())
	for range 4 {
		fmt.Print(<-order, " ")
	}
	fmt.Println()
	t := time.AfterFunc(time.Hour, func() { order <- 1 })
	fmt.Println(t.Reset(ms), <-order, t.Reset(ms), <-order)
}

func many() {
	done := make(chan int)
	for i := range 2000 {
		go func() {
			time.Sleep(time.Duration(i*7919%20) * ms / 4)
			done <- 1
		}()
	}
	timers := []*time.Timer{}
	for i := range 2000 {
		timers = append(timers, time.NewTimer(time.Duration(i)*time.Second+time.Minute))
	}
	for range 2000 {
		<-done
	}
	n := 0
	for _, t := range timers {
		if t.Stop() {
			n++
		}
	}
	fmt.Println("many", n)
}

func contexts() {
	ctx, cancel := context.WithTimeout(context.Background(), 3*ms)
	defer cancel()
	inner, cancelInner := context.WithCancel(ctx)
	defer cancelInner()
	select {
	case <-inner.Done():
		fmt.Println(inner.Err(), ctx.Err())
	case <-time.After(time.Second):
		fmt.Println("late")
	}
	after := make(chan bool)
	stop := context.AfterFunc(ctx, func() { after <- true })
	fmt.Println(<-after, stop())
}

func collected() {
	for range 10000 {
		time.NewTicker(time.Hour)
		time.After(time.Hour)
	}
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	fmt.Println("collected", m.HeapObjects < 10000)
}

func main() {
	stale()
	tickers()
	funcs()
	many()
	contexts()
	collected()
	<-time.NewTicker(5 * ms).C
	fmt.Println(time.Until(time.Now().Add(time.Hour)) > 59*time.Minute)
}
