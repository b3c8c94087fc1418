package runtime

import "unsafe"

// Bubbles of testing/synctest: goroutines with a clock of their own, which advances, to when the first of their timers is
// due, when all of them wait for each other or the clock. A goroutine belongs to the bubble of the one that starts it.
//
// A goroutine waits durably (waitDurable in its waitreason) if only others of its bubble can wake it: on channels that
// were made in the bubble, in wait groups and conditions, or asleep. Waiting for locks, files or channels from elsewhere
// is not durable. When no goroutine is busy any more, one that decides how it goes on is readied: who waits in Wait, or the
// root, the goroutine that called Run, if timers are due or there is nobody in Wait.
//
// Invariants: busy counts the goroutines, the root among them, that are not durably waiting, and the references that
// Acquire has given away. One that waits durably counts as waiting from when its handle is there and before anybody can find it,
// so with what guards the queue it waits in locked; who readies it counts it as busy before (ready), and is busy itself
// or the root, or it is from outside of the bubble and that is its fault. bubble.lock is taken after all others but sched.lock.

type bubble struct {
	next    *bubble // in the list of all
	lock    mutex
	over    bool // Run does not wait any more
	done    bool // the main goroutine has ended
	waiting bool // some goroutine is in Wait
	id      uint64
	clock   uintptr // atomic: nanoseconds since 1970
	root    *g
	main    *g      // the first that was started
	startpc uintptr // where Run was called, for traces
	waiter  *g      // suspended in Wait
	total   int     // goroutines without the root
	busy    int
	timers  timers
}

// bubbleStart is the time when a bubble begins: the beginning of the year 2000.
const bubbleStart = 946684800 * 1000000000

// bubbles are those with goroutines: for the collector, which does not look for bubbles in g's.
var bubbles struct {
	lock  mutex
	first *bubble
	id    uint64
}

// newBubble makes a bubble with root gp. Run calls it.
//
//go:noinline
func newBubble(gp *g) *bubble {
	b := new(bubble)
	b.startpc = callerOf("internal/synctest.Run", frameaddress())
	b.timers.bubble = b
	b.clock = bubbleStart
	b.root = gp
	b.busy = 1
	lock(&bubbles.lock)
	bubbles.id++
	b.id = bubbles.id
	b.next = bubbles.first
	bubbles.first = b
	unlock(&bubbles.lock)
	return b
}

// free forgets a bubble without goroutines.
func (b *bubble) free() {
	lock(&bubbles.lock)
	link := &bubbles.first
	for *link != b {
		link = &(*link).next
	}
	*link = b.next
	unlock(&bubbles.lock)
	h := &b.timers
	h.n = 0
	if h.cap != 0 {
		munmap(unsafe.Pointer(h.at), h.cap*timerSize)
		h.cap = 0
	}
}

// currentBubble is the bubble of the goroutine, or of the timer that fires; nil: there is none.
func currentBubble() *bubble {
	w := getworker()
	if gp := w.curg; gp != nil {
		return gp.bubble
	}
	if t := w.timer; t != nil {
		return t.heap.bubble
	}
	return nil
}

// must ends the program with an error unless what runs belongs to the bubble.
//
//go:noinline
func (b *bubble) must(error string) {
	if currentBubble() != b {
		throw(error)
	}
}

// mustBeWoken ends the program if a goroutine of a bubble is woken from outside of it.
func (gp *g) mustBeWoken() {
	if gp.bubble != nil && currentBubble() != gp.bubble {
		printstring("semaphore wake of synctest goroutine ")
		printuint(gp.id)
		printstring(" from outside bubble\n")
		throw("semaphore wake of synctest goroutine from outside bubble")
	}
}

// now is the time by the bubble's clock.
func (b *bubble) now() int64 {
	return int64(atomicload64(&b.clock))
}

// join makes gp, which is about to be readied for the first time, one of the bubble's goroutines.
//
//go:noinline
func (b *bubble) join(gp *g) {
	b.joinWaiting(gp)
	b.resume()
}

// joinWaiting is join for a goroutine that waits at first.
func (b *bubble) joinWaiting(gp *g) {
	gp.bubble = b
	lock(&b.lock)
	b.total++
	if b.main == nil {
		b.main = gp
		gp.startpc = b.startpc
	}
	unlock(&b.lock)
}

// leave takes leave of a goroutine that has ended.
//
//go:noinline
func (b *bubble) leave(gp *g) {
	lock(&b.lock)
	b.total--
	if b.main == gp {
		b.done = true
	}
	b.settle()
}

// resume counts one more that is busy.
//
//go:noinline
func (b *bubble) resume() {
	lock(&b.lock)
	b.busy++
	unlock(&b.lock)
}

// pause counts one less that is busy.
//
//go:noinline
func (b *bubble) pause() {
	lock(&b.lock)
	b.settle()
}

// settle counts one less that is busy. If that was the last one it readies who decides how it goes on. The caller holds the
// bubble's lock, which is given up.
func (b *bubble) settle() {
	b.busy--
	if b.busy != 0 || b.over {
		unlock(&b.lock)
		return
	}
	gp := b.root
	if due := atomicload64(&b.timers.first); b.waiter != nil && (due == 0 || due > b.clock) {
		gp = b.waiter
		b.waiter = nil
	}
	// It counts as busy from now on, so that nobody else is readied.
	gp.waitreason &^= waitDurable
	b.busy = 1
	unlock(&b.lock)
	ready(gp)
}

// waitsDurably counts gp, whose handle is there, as waiting durably, if it is in a bubble.
func (gp *g) waitsDurably() {
	if gp.bubble != nil {
		gp.waitreason |= waitDurable
		gp.bubble.pause()
	}
}

// replaces is for a coroutine's switch to gp from other, which waits in its place and is in another bubble, or in none.
// Within a bubble one is busy before and after.
func (gp *g) replaces(other *g) {
	if gp.bubble != nil {
		gp.bubble.resume()
	}
	if other.bubble != nil {
		other.bubble.pause()
	}
}

// advance sets the clock to when the first timer is due. It reports whether there is one; when the main goroutine has ended
// time stops.
func (b *bubble) advance() bool {
	due := atomicload64(&b.timers.first)
	if due == 0 || b.done {
		return false
	}
	if due > b.clock {
		atomicstorerel64(&b.clock, due)
	}
	return true
}
