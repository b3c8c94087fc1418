package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Goroutines in numbers: "alive N" has N blocked at once, "waves N" starts and ends N in waves of 100,000. With a third
// argument it tells what that took.

func main() {
	n, _ := strconv.Atoi(os.Args[2])
	begin := time.Now()
	switch os.Args[1] {
	case "alive":
		alive(n)
	case "waves":
		waves(n)
	}
	fmt.Println(os.Args[1], n, "ok")
	if len(os.Args) > 3 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Printf("%d ms, %d MB peak, %d bytes each, %d collections, longest pause %d us\n", time.Since(begin).Milliseconds(), peak()>>20, peak()/n, m.NumGC, longest(&m)/1000)
	}
}

func alive(n int) {
	start, done := make(chan bool), make(chan int)
	for i := 0; i < n; i++ {
		go func() {
			<-start
			done <- i
		}()
	}
	if runtime.NumGoroutine() != n+1 {
		panic("goroutines are missing")
	}
	runtime.GC()
	close(start)
	sum := 0
	for i := 0; i < n; i++ {
		sum += <-done
	}
	if sum != n*(n-1)/2 {
		panic("goroutines were lost")
	}
}

func waves(n int) {
	const wave = 100000
	for n > 0 {
		done := make(chan int, 100)
		for i := 0; i < wave; i++ {
			go func() { done <- i }()
		}
		sum := 0
		for i := 0; i < wave; i++ {
			sum += <-done
		}
		if sum != wave*(wave-1)/2 {
			panic("goroutines were lost")
		}
		n -= wave
	}
}

func longest(m *runtime.MemStats) (ns uint64) {
	for _, p := range m.PauseNs {
		ns = max(ns, p)
	}
	return
}

func peak() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.Atoi(strings.Fields(text)[0])
			if err != nil {
				panic(err)
			}
			return kb << 10
		}
	}
	panic("no VmHWM")
}
