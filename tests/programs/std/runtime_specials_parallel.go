package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"weak"
)

// Finalizers, cleanups and weak pointers of many goroutines, on several workers at once.

type object struct {
	id   int
	self *[4]int
}

var finalized, cleaned, stopped atomic.Int64

//go:noinline
func attach(id int) weak.Pointer[object] {
	o := &object{id: id, self: &[4]int{id, id, id, id}}
	runtime.SetFinalizer(o, func(o *object) {
		if o.self[3] != o.id {
			panic("what a finalizer needs was freed")
		}
		finalized.Add(1)
	})
	kept := &[8]int{id}
	runtime.AddCleanup(kept, func(n int) { cleaned.Add(1) }, id)
	c := runtime.AddCleanup(kept, func(n int) { stopped.Add(1) }, id)
	c.Stop()
	w := weak.Make(o)
	if w.Value() != o || weak.Make(o) != w {
		panic("a weak pointer is wrong")
	}
	return w
}

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

func main() {
	runtime.GOMAXPROCS(4)
	const goroutines, each = 8, 200
	var wg sync.WaitGroup
	var weaks [goroutines][each]weak.Pointer[object]
	alive := make([]*object, goroutines)
	for g := range goroutines {
		wg.Go(func() {
			alive[g] = &object{id: g}
			w := weak.Make(alive[g])
			for i := range each {
				weaks[g][i] = attach(i)
				if i%50 == 0 {
					runtime.GC()
				}
				if w.Value() != alive[g] || w.Value().id != g {
					panic("an object is gone that is alive")
				}
			}
			overwrite(20)
		})
	}
	wg.Wait()
	const most = goroutines * each * 9 / 10
	for range 100 {
		runtime.GC()
		runtime.Gosched()
		if finalized.Load() >= most && cleaned.Load() >= most {
			break
		}
	}
	gone := 0
	for g := range weaks {
		for _, w := range weaks[g] {
			if w.Value() == nil {
				gone++
			}
		}
	}
	fmt.Println(finalized.Load() >= most, cleaned.Load() >= most, stopped.Load(), gone >= most)
	runtime.KeepAlive(alive)
}
