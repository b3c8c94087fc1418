package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

// What programs set and read of the collector.

type object struct {
	next *object
	data [120]byte
}

var keep *object
var sink any

func stats() (m runtime.MemStats) {
	runtime.ReadMemStats(&m)
	return
}

func near(what string, got, want, percent uint64) {
	if got < want || got > want+want*percent/100 {
		fmt.Println(what, "is", got, "where", want, "is meant")
	}
}

func counting() {
	runtime.GC()
	before := stats()
	for i := 0; i < 10000; i++ {
		keep = &object{next: keep}
	}
	after := stats()
	near("Mallocs", after.Mallocs-before.Mallocs, 10000, 2)
	near("TotalAlloc", after.TotalAlloc-before.TotalAlloc, 10000*128, 5)
	size := 0
	for i, b := range after.BySize {
		if b.Size == 128 {
			size = i
		}
	}
	near("BySize", after.BySize[size].Mallocs-before.BySize[size].Mallocs, 10000, 2)
	if after.HeapObjects != after.Mallocs-after.Frees || after.Alloc != after.HeapAlloc {
		fmt.Println("objects or bytes do not add up")
	}
	runtime.GC()
	live := stats()
	near("HeapAlloc", live.HeapAlloc, 10000*128, 40)
	keep = nil
	runtime.GC()
	end := stats()
	if end.Frees-live.Frees < 9000 || end.HeapAlloc > live.HeapAlloc-9000*128 {
		fmt.Println("freed", end.Frees-live.Frees, "objects; alive", end.HeapAlloc, "bytes, before", live.HeapAlloc)
	}
	if end.HeapSys < end.HeapInuse || end.HeapInuse < end.HeapAlloc || end.HeapIdle < end.HeapReleased || end.Sys < end.HeapSys ||
		end.HeapIdle+end.HeapInuse != end.HeapSys || end.NextGC < 4<<20 {
		fmt.Println("not plausible:", end.HeapSys, end.HeapInuse, end.HeapIdle, end.HeapReleased, end.Sys, end.NextGC)
	}
	if end.NumForcedGC != 3 || end.NumGC < 3 || end.LastGC == 0 || end.PauseTotalNs == 0 || end.PauseNs[(end.NumGC+255)%256] == 0 {
		fmt.Println("collections", end.NumForcedGC, end.NumGC, end.LastGC, end.PauseTotalNs)
	}
	var gc debug.GCStats
	debug.ReadGCStats(&gc)
	if gc.NumGC != int64(end.NumGC) || len(gc.Pause) == 0 || gc.Pause[0] <= 0 || gc.LastGC.IsZero() {
		fmt.Println("GCStats", gc.NumGC, len(gc.Pause))
	}
}

func allocate(mb int) (collections uint32) {
	before := stats().NumGC
	for i := 0; i < mb<<10; i++ {
		sink = make([]byte, 1<<10)
	}
	return stats().NumGC - before
}

func percents() {
	fmt.Println("percent", debug.SetGCPercent(-1))
	fmt.Println("off:", allocate(40))
	fmt.Println("percent", debug.SetGCPercent(100))
	some := allocate(40)
	debug.SetGCPercent(10)
	more := allocate(40)
	fmt.Println("percent", debug.SetGCPercent(100), some > 0, more > 2*some)
}

// A limit makes collections that the percentage would not, and keeps the heap below it.
func limits() {
	debug.SetGCPercent(-1)
	old := debug.SetMemoryLimit(60 << 20)
	fmt.Println("limit", old, debug.SetMemoryLimit(-1))
	n := uint32(0)
	most := uint64(0)
	for i := 0; i < 20; i++ {
		n += allocate(10)
		if m := stats(); m.HeapAlloc > most {
			most = m.HeapAlloc
		}
	}
	fmt.Println("limited", n > 1, most < 60<<20)
	debug.SetMemoryLimit(old)
	debug.SetGCPercent(100)
}

//go:noinline
func fill() int {
	b := make([]byte, 100<<20)
	for i := range b {
		b[i] = 1
	}
	sink = b[:1]
	return len(b)
}

func released() {
	// On a goroutine of its own: no frame that is still there has held the address.
	done := make(chan bool)
	go func() {
		fill()
		sink = nil
		done <- true
	}()
	<-done
	overwrite(50)
	debug.FreeOSMemory()
	m := stats()
	fmt.Println("released", m.HeapAlloc < 20<<20, m.HeapIdle-m.HeapReleased < 5<<20, m.HeapReleased > 90<<20)
}

// overwrite has the stack used, so that nothing old is on it.
func overwrite(depth int) int {
	var words [64]int
	for i := range words {
		words[i] = depth
	}
	if depth > 0 {
		return overwrite(depth-1) + words[depth%64]
	}
	return 0
}

// The setting is a goroutine's own.
func faults() {
	fmt.Println("panic on fault", debug.SetPanicOnFault(true))
	done := make(chan bool)
	go func() { done <- debug.SetPanicOnFault(true) }()
	fmt.Println("panic on fault", <-done, debug.SetPanicOnFault(false))
}

func main() {
	counting()
	percents()
	limits()
	released()
	faults()
	fmt.Fprintln(os.Stdout, "done")
}
