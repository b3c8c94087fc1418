package runtime

import "unsafe"

// What package internal/synctest asks of the runtime (bubble.go has the bubbles), and which bubble an object belongs to.

// synctest_Run calls f in a goroutine of a new bubble, and waits until all of the bubble's have ended.
//
//go:linkname synctest_Run internal/synctest.Run
func synctest_Run(f func()) {
	gp := getworker().curg
	if gp.bubble != nil {
		panic("synctest.Run called from within a synctest bubble")
	}
	b := newBubble(gp)
	gp.bubble = b
	go f()
	for {
		b.timers.run(getworker())
		park1(rootPark, nil)
		if !b.advance() {
			break
		}
	}
	gp.bubble = nil
	b.over = true
	if b.total == 0 {
		b.free()
		return
	}
	text := "deadlock: all goroutines in bubble are blocked"
	if b.done {
		text = "deadlock: main bubble goroutine has exited but blocked goroutines remain"
	}
	panic(deadlockError{text, b})
}

func rootPark(_, h unsafe.Pointer) bool {
	gp := getworker().curg
	gp.handle = h
	gp.waitreason = waitSynctestRun
	gp.waitsDurably()
	return true
}

// deadlockError is what Run panics with.
type deadlockError struct {
	text   string
	bubble *bubble
}

func (e deadlockError) Error() string {
	return e.text
}

// deadlocked is the bubble whose deadlock v, what a goroutine has panicked with, tells; nil: it does not.
func deadlocked(v any) *bubble {
	if e, ok := v.(deadlockError); ok {
		return e.bubble
	}
	return nil
}

// synctest_Wait waits until all others in the bubble wait durably.
//
//go:linkname synctest_Wait internal/synctest.Wait
func synctest_Wait() {
	b := currentBubble()
	if b == nil {
		panic("goroutine is not in a bubble")
	}
	lock(&b.lock)
	some := b.waiting
	b.waiting = true
	unlock(&b.lock)
	if some {
		panic("wait already in progress")
	}
	park1(waiterPark, unsafe.Pointer(b))
	lock(&b.lock)
	b.waiting = false
	unlock(&b.lock)
}

func waiterPark(arg, h unsafe.Pointer) bool {
	b := (*bubble)(arg)
	gp := getworker().curg
	gp.handle = h
	gp.waitreason = waitSynctestWait | waitDurable
	lock(&b.lock)
	b.waiter = gp
	b.settle()
	return true
}

//go:linkname synctest_IsInBubble internal/synctest.IsInBubble
func synctest_IsInBubble() bool {
	return currentBubble() != nil
}

// synctest_acquire is the current bubble, which does not come to rest until synctest_release; nil: there is none.
//
//go:linkname synctest_acquire internal/synctest.acquire
func synctest_acquire() any {
	b := currentBubble()
	if b == nil {
		return nil
	}
	b.resume()
	return b
}

//go:linkname synctest_release internal/synctest.release
func synctest_release(b any) {
	b.(*bubble).pause()
}

// synctest_inBubble calls f as one of the bubble's goroutines; somebody holds a reference to it.
//
//go:linkname synctest_inBubble internal/synctest.inBubble
func synctest_inBubble(b any, f func()) {
	gp := getworker().curg
	if gp.bubble != nil {
		panic("goroutine is already bubbled")
	}
	b.(*bubble).join(gp)
	defer gp.leaveBubble()
	f()
}

func (gp *g) leaveBubble() {
	b := gp.bubble
	gp.bubble = nil
	b.leave(gp)
}

// The answers of associate, as in internal/synctest.
const (
	inNoBubble = iota
	inCurrentBubble
	inOtherBubble
)

// association says which bubble the object at p belongs to. If it belongs to none and add is true, it belongs to the current
// one from then on, unless it is a variable of the program.
func association(p uintptr, add bool) int {
	if !inArena(p) {
		return inNoBubble
	}
	id := currentBubble().id
	lock(&specials.lock)
	answer := inNoBubble
	if link := findSpecial(specialBubble, p, 0); link != nil {
		answer = inOtherBubble
		if (*link).id == id {
			answer = inCurrentBubble
		}
	} else if add {
		newSpecial(specialBubble, p, nil).id = id
		answer = inCurrentBubble
	}
	unlock(&specials.lock)
	return answer
}

//go:linkname synctest_associate internal/synctest.associate
func synctest_associate(p unsafe.Pointer) int {
	return association(uintptr(p), true)
}

//go:linkname synctest_isAssociated internal/synctest.isAssociated
func synctest_isAssociated(p unsafe.Pointer) bool {
	return association(uintptr(p), false) == inCurrentBubble
}

//go:linkname synctest_disassociate internal/synctest.disassociate
func synctest_disassociate(p unsafe.Pointer) {
	lock(&specials.lock)
	if link := findSpecial(specialBubble, uintptr(p), 0); link != nil {
		freeSpecial(takeSpecial(link))
	}
	unlock(&specials.lock)
}
