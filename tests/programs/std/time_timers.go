// time: the order of timers, tickers, Sleep, After, AfterFunc, Stop and Reset.
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	start := time.Now()
	var mu sync.Mutex
	var order []int
	var wg sync.WaitGroup
	for _, i := range []int{5, 1, 4, 2, 3} {
		wg.Go(func() {
			time.Sleep(time.Duration(i) * 20 * time.Millisecond)
			mu.Lock()
			order = append(order, i)
			mu.Unlock()
		})
	}
	wg.Wait()
	fmt.Println(order, time.Since(start) >= 100*time.Millisecond)
	order = nil
	for _, i := range []int{3, 1, 2} {
		wg.Add(1)
		time.AfterFunc(time.Duration(i)*20*time.Millisecond, func() {
			mu.Lock()
			order = append(order, i)
			mu.Unlock()
			wg.Done()
		})
	}
	wg.Wait()
	fmt.Println(order)
	t := time.NewTimer(time.Hour)
	fmt.Println(t.Stop(), t.Stop(), t.Reset(time.Millisecond))
	<-t.C
	fmt.Println(t.Reset(time.Millisecond))
	time.Sleep(10 * time.Millisecond)
	fmt.Println(t.Stop(), len(t.C), cap(t.C))
	select {
	case <-t.C:
		fmt.Println("a stopped timer's time")
	default:
		fmt.Println("nothing")
	}
	tk := time.NewTicker(5 * time.Millisecond)
	prev := time.Time{}
	for i := range 4 {
		now := <-tk.C
		if i > 0 && !now.After(prev) {
			fmt.Println("ticks back")
		}
		prev = now
	}
	tk.Reset(time.Millisecond)
	<-tk.C
	tk.Stop()
	select {
	case <-tk.C:
		fmt.Println("tick after stop")
	case <-time.After(20 * time.Millisecond):
		fmt.Println("timeout")
	}
	ran := false
	f := time.AfterFunc(time.Hour, func() { ran = true })
	fmt.Println(f.Stop(), ran)
	fmt.Println(time.Until(start) < 0, time.Now().After(start), time.Now().Sub(start).Seconds() < 30)
	select {
	case <-time.Tick(time.Millisecond):
		fmt.Println("tick")
	case <-time.After(10 * time.Second):
		fmt.Println("late")
	}
	time.Sleep(0)
	time.Sleep(-1)
	n := 0
	for range 2000 {
		wg.Go(func() {
			time.Sleep(time.Millisecond)
			mu.Lock()
			n++
			mu.Unlock()
		})
	}
	wg.Wait()
	fmt.Println(n)
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		time.NewTicker(0)
	}()
}
