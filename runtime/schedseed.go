package runtime

import "unsafe"

// The stress scheduler: GOIR_SCHEDSEED=n runs one worker at a time, and draws whatever could be otherwise with other workers
// at other speeds (which goroutine is next, which case of a select) from random numbers that n begins, so that a
// schedule that shows an error can be run again. Time is the program's own: it passes while nobody can run, at once,
// and a little whenever somebody looks at the clock. What happens outside of the program comes when it comes.

var schedseed struct {
	on    bool
	seed  uint64
	clock uintptr // atomic: nanoseconds
	procs uint32  // what the program has set GOMAXPROCS to
}

const (
	seedMix      = 0x9e3779b97f4a7c15
	seedStart    = 1 << 40     // the clock when the program starts
	seedWall     = 1700000000  // seconds since 1970 then
	seedLook     = 1000        // ns that looking at the clock takes
	seedReach    = 64          // so far from its front a goroutine is taken out of the queue
	outsideGrace = 1000 * 1000 // ns the world outside has before time passes
)

func initSchedseed() {
	n, ok := atoi(getenv("GOIR_SCHEDSEED\x00"))
	if !ok {
		return
	}
	schedseed.on = true
	schedseed.seed = uint64(n)
	schedseed.clock = seedStart
	schedseed.procs = 1
	seedWorker(getworker())
}

// seedWorker makes the worker's random numbers those of the seed.
func seedWorker(w *worker) {
	w.randstat = (schedseed.seed+uint64(sched.nworkers)<<32)*seedMix | 1
}

// seededTime is the program's own clock.
func seededTime() int64 {
	t := atomicload64(&schedseed.clock)
	cas64(&schedseed.clock, t, t+seedLook)
	return int64(t)
}

// seededWall is the time of day by that clock.
func seededWall() (sec int64, nsec int32) {
	t := seededTime() - seedStart
	return seedWall + t/1000000000, int32(t % 1000000000)
}

// passTime is what the sleeper does instead of waiting until when: it answers how many files are ready.
func passTime(w *worker, when, ns int64) int {
	if ns > outsideGrace {
		ns = outsideGrace
	}
	if atomicload32(&poller.waiters) != 0 {
		if events := pollSleep(w, ns); events != 0 {
			return events
		}
	} else if atomicload32(&sched.active) != 0 || signals.receivers != 0 {
		futexNap(w, ns)
	}
	if atomicload32(&w.wake) == 0 && !anyWork() {
		atomicstorerel64(&schedseed.clock, uintptr(when))
	}
	return 0
}

// findSeeded picks any goroutine that is ready; it waits while there is none, nil: try again.
func findSeeded(w *worker) *g {
	if atomicload32(&poller.waiters) != 0 && fastrandn(4) == 0 {
		pollEvents(w, 0)
	}
	runAllTimers(w)
	if fastrandn(2) == 0 {
		if gp := setNext(w, nil); gp != nil {
			return gp
		}
	}
	spillQueue(w)
	if gp := globpick(fastrandn(seedReach)); gp != nil {
		return gp
	}
	gp := findWork(w)
	if gp == nil {
		rest(w)
	}
	return gp
}

// globpick takes the goroutine that is k places from the front of the global queue, counted round it.
func globpick(k uint32) *g {
	lock(&sched.lock)
	if sched.size == 0 {
		unlock(&sched.lock)
		return nil
	}
	k %= sched.size
	var before *g
	gp := sched.head
	for ; k > 0; k-- {
		before = gp
		gp = gp.next
	}
	if before != nil {
		before.next = gp.next
	} else {
		sched.head = gp.next
	}
	if sched.tail == gp {
		sched.tail = before
	}
	atomicstorerel32(&sched.size, sched.size-1)
	unlock(&sched.lock)
	gp.next = nil
	return gp
}

// monotime is the system's clock, whatever the program's is.
func monotime() int64 {
	now := &getworker().now
	clock_gettime(clockMonotonic, unsafe.Pointer(now))
	return now.sec*1000000000 + now.nsec
}
