package runtime

import "unsafe"

// Run queues. Each worker has a ring of goroutines that are ready, and in front of it runnext, the one that was readied
// last; others steal half of the ring, or runnext if the worker does not get to it. What does not fit is in the global
// queue, and what belongs to a worker that does not schedule.
//
// Invariants: a g is in at most one queue; a waiting g (waitreason not 0) is in none. Only its worker puts into a ring.
// Once a g is in a queue another worker may run it: who has put it there must not touch it, nor its frames, any more.

// setNext makes gp the worker's runnext and answers the previous one.
func setNext(w *worker, gp *g) *g {
	return (*g)(unsafe.Pointer(xchg64(&w.runnext, uintptr(unsafe.Pointer(gp)))))
}

// ready makes gp the next goroutine to run.
func ready(gp *g) {
	if gp.waitreason&waitDurable != 0 {
		gp.bubble.resume()
	}
	gp.waitreason = 0
	w := getworker()
	old := setNext(w, gp)
	if old != nil {
		runqshare(w, old)
		return
	}
	// The worker gets to it soon, unless what it runs goes on for long. Waking another one is worth it now and then: more
	// often while that one finds it still there, less while it does not.
	if atomicload32(&sched.nfree) != 0 {
		if w.lone == 0 {
			w.lone = atomicload32(&w.loneMax)
			wake(w)
		} else {
			w.lone--
		}
	}
}

// readyLast makes gp run after all others that are ready.
func readyLast(w *worker, gp *g) {
	if gp.waitreason&waitDurable != 0 {
		gp.bubble.resume()
	}
	gp.waitreason = 0
	runqshare(w, gp)
}

// runqshare is runqput, and wakes another worker for what is in the queue now.
func runqshare(w *worker, gp *g) {
	runqput(w, gp)
	if atomicload32(&sched.procs) != 1 {
		// A worker that is about to rest has put its baton back before it looks at the rings. Unless that is seen here, it
		// must see what was put: the look at the batons must not come before the put.
		fence()
	}
	wake(w)
}

// hasQueue reports whether there are goroutines in the worker's queue.
func (w *worker) hasQueue() bool {
	return atomicload64(&w.runnext) != 0 || atomicload32(&w.head) != atomicload32(&w.tail)
}

// setSlot puts gp into the worker's ring at index i; whoever else still reads what was there fails to take it.
func (w *worker) setSlot(i uint32, gp *g) {
	atomicstorerel64((*uintptr)(unsafe.Pointer(&w.ring[i%ringSize])), uintptr(unsafe.Pointer(gp)))
}

// slotOf is what is at index i of v's ring, for other workers: theirs once they have moved the head past it.
func (v *worker) slotOf(i uint32) *g {
	return (*g)(unsafe.Pointer(atomicload64((*uintptr)(unsafe.Pointer(&v.ring[i%ringSize])))))
}

// runqput puts gp at the end of the worker's queue; when that is full, half of it goes to the global one.
func runqput(w *worker, gp *g) {
	for {
		h := atomicload32(&w.head)
		t := w.tail
		if t-h < ringSize {
			w.setSlot(t, gp)
			atomicstorerel32(&w.tail, t+1)
			return
		}
		// Half of the ring at once, unless others have just taken some.
		n := uint32(ringSize / 2)
		if !cas32(&w.head, h, h+n) {
			continue
		}
		first := w.ring[h%ringSize]
		last := first
		for i := uint32(1); i < n; i++ {
			next := w.ring[(h+i)%ringSize]
			last.next = next
			last = next
		}
		last.next = nil
		globputList(first, last, n)
	}
}

// runqget takes the first goroutine out of the worker's ring.
func runqget(w *worker) *g {
	for {
		h := atomicload32(&w.head)
		if h == w.tail {
			return nil
		}
		gp := w.ring[h%ringSize]
		if cas32(&w.head, h, h+1) {
			return gp
		}
	}
}

// globputList puts n goroutines, linked from first to last, at the end of the global queue.
func globputList(first, last *g, n uint32) {
	lock(&sched.lock)
	globputLocked(first, last, n)
	unlock(&sched.lock)
}

// globputLocked is globputList for who holds sched.lock.
func globputLocked(first, last *g, n uint32) {
	if sched.tail != nil {
		sched.tail.next = first
	} else {
		sched.head = first
	}
	sched.tail = last
	atomicstorerel32(&sched.size, sched.size+n)
}

// globget takes the worker's share of the global queue: it answers one goroutine, others go to the worker's ring.
func globget(w *worker) *g {
	if atomicload32(&sched.size) == 0 {
		return nil
	}
	lock(&sched.lock)
	n := sched.size/sched.procs + 1
	if n > ringSize/2 {
		n = ringSize / 2
	}
	if n > sched.size {
		n = sched.size
	}
	if n == 0 {
		unlock(&sched.lock)
		return nil
	}
	if room := ringSize - (w.tail - atomicload32(&w.head)); n > room+1 {
		n = room + 1
	}
	gp := sched.head
	next := gp.next
	for i := uint32(1); i < n; i++ {
		more := next
		next = more.next
		more.next = nil
		// The frames of so many goroutines are in no cache; they are there when their turn comes.
		prefetch(uintptr(more.handle))
		prefetch(uintptr(more.handle) + 64)
		w.setSlot(w.tail, more)
		atomicstorerel32(&w.tail, w.tail+1)
	}
	sched.head = next
	if next == nil {
		sched.tail = nil
	}
	atomicstorerel32(&sched.size, sched.size-n)
	unlock(&sched.lock)
	gp.next = nil
	return gp
}

// spillQueue moves v's goroutines to the global queue; v may be another worker, which is not asked.
func spillQueue(v *worker) {
	var first, last *g
	n := uint32(0)
	for {
		gp := (*g)(unsafe.Pointer(atomicload64(&v.runnext)))
		if gp != nil {
			if !cas64(&v.runnext, uintptr(unsafe.Pointer(gp)), 0) {
				continue
			}
		} else {
			h := atomicload32(&v.head)
			if h == atomicload32(&v.tail) {
				break
			}
			gp = v.slotOf(h)
			if !cas32(&v.head, h, h+1) {
				continue
			}
		}
		gp.next = nil
		if last != nil {
			last.next = gp
		} else {
			first = gp
		}
		last = gp
		n++
	}
	if n != 0 {
		globputList(first, last, n)
	}
}

// runqsteal moves half of v's ring to w's, which is empty, and answers one of the goroutines, nil if there are none.
func runqsteal(w, v *worker) *g {
	for {
		h := atomicload32(&v.head)
		n := atomicload32(&v.tail) - h
		n -= n / 2
		if n == 0 {
			return nil
		}
		if n > ringSize/2 {
			// Read at different times.
			continue
		}
		gp := v.slotOf(h)
		t := w.tail
		for i := uint32(1); i < n; i++ {
			w.setSlot(t+i-1, v.slotOf(h+i))
		}
		if cas32(&v.head, h, h+n) {
			atomicstorerel32(&w.tail, t+n-1)
			return gp
		}
	}
}

const nextGrace = 64 // looks at another worker's runnext before it is stolen

// stealNext takes v's runnext if v does not get to it, because what it runs goes on or waits for the system.
func stealNext(v *worker) *g {
	gp := atomicload64(&v.runnext)
	if gp == 0 {
		return nil
	}
	tick := atomicload32(&v.tick)
	if atomicload32(&v.status) == statusRunning {
		for i := 0; i < nextGrace; i++ {
			cpupause()
			if atomicload64(&v.runnext) != gp || atomicload32(&v.tick) != tick {
				return nil
			}
		}
	}
	if !cas64(&v.runnext, gp, 0) {
		return nil
	}
	atomicstorerel32(&v.loneMax, 0)
	return (*g)(unsafe.Pointer(gp))
}

// findrunnable picks the goroutine to run next. It waits while there is none; nil: try again.
func findrunnable(w *worker) *g {
	atomicstorerel32(&w.tick, w.tick+1)
	if atomicload32(&sched.attention) != 0 {
		attend(w)
	}
	if schedseed.on {
		return findSeeded(w)
	}
	if w.tick%timerTick == 0 {
		if w.tick%pollTick == 0 {
			if atomicload32(&poller.waiters) != 0 {
				pollEvents(w, 0)
			}
			if atomicload32(&sched.maxProc) > atomicload32(&sched.procs) {
				// Nobody else looks at the heaps of batons that are gone.
				runAllTimers(w)
			}
		}
		if t := timersOf(w); atomicload64(&t.first) != 0 {
			t.run(w)
		}
	}
	if w.tick%globalTick == 0 {
		if gp := globget(w); gp != nil {
			return gp
		}
	}
	if atomicload64(&w.runnext) != 0 {
		if gp := setNext(w, nil); gp != nil {
			w.nextrun++
			if w.nextrun < nextMax {
				return gp
			}
			runqput(w, gp)
		}
	}
	w.nextrun = 0
	if gp := runqget(w); gp != nil {
		return gp
	}
	gp := findWork(w)
	if gp == nil {
		rest(w)
	}
	return gp
}

// findWork looks everywhere else: nil if there is nothing to run.
//
//go:noinline
func findWork(w *worker) *g {
	if gp := globget(w); gp != nil {
		return found(w, gp)
	}
	if atomicload32(&poller.waiters) != 0 {
		pollEvents(w, 0)
	}
	runAllTimers(w)
	if gp := localWork(w); gp != nil {
		return found(w, gp)
	}
	procs := atomicload32(&sched.procs)
	if procs == 1 {
		return nil
	}
	if !w.spinning {
		if 2*atomicload32(&sched.spinning) >= procs-atomicload32(&sched.nfree) {
			return nil
		}
		w.spinning = true
		xadd32(&sched.spinning, 1)
	}
	const rounds = 4
	for round := 0; round < rounds; round++ {
		first := fastrandn(procs)
		for i := uint32(0); i < procs; i++ {
			v := holder((first+i)%procs + 1)
			if v == nil || v == w {
				continue
			}
			gp := runqsteal(w, v)
			if gp == nil && round == rounds-1 {
				gp = stealNext(v)
			}
			if gp != nil {
				return found(w, gp)
			}
		}
		if gp := globget(w); gp != nil {
			return found(w, gp)
		}
	}
	if by := w.wokenBy; by != nil {
		// It was woken for nothing.
		w.wokenBy = nil
		if n := atomicload32(&by.loneMax); n < maxLone {
			atomicstorerel32(&by.loneMax, n*2+1)
		}
	}
	return nil
}

const maxLone = 1023

func localWork(w *worker) *g {
	if gp := runqget(w); gp != nil {
		return gp
	}
	if atomicload64(&w.runnext) != 0 {
		return setNext(w, nil)
	}
	return nil
}

// found is called when w has found something to run: if it was looking for work, perhaps the last one to, another takes
// its place, for there may be more.
func found(w *worker, gp *g) *g {
	w.wokenBy = nil
	if w.spinning {
		w.spinning = false
		if xadd32(&sched.spinning, ^uint32(0)) == 0 {
			wake(w)
		}
	}
	return gp
}
