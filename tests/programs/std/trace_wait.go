// The list of goroutines that wait for locks.
//
//test:trace
package main

import "sync"

type T struct{ mu sync.Mutex }

func (t *T) lock() {
	t.mu.Lock()
}

func main() {
	var t T
	var wg sync.WaitGroup
	t.lock()
	wg.Go(func() {
		t.lock()
	})
	wg.Wait()
}
