package runtime

import "unsafe"

// Coroutines of package iter: a goroutine that runs only while another waits for it, and the other way round. Whoever
// switches to it takes its place.

type coro struct {
	gp *g // who waits
	f  func(*coro)
}

// newcoro makes a coroutine that will call f; nothing of it runs yet. Package iter asks for runtime.newcoro.
func newcoro(f func(*coro)) *coro {
	c := new(coro)
	c.f = f
	w := getworker()
	gp := newg(w)
	gp.fn = recordOfFunc(func() { c.run() })
	gp.startpc = returnaddress()
	if creator := w.curg; creator != nil {
		gp.creator = creator.id
	}
	gp.waitreason = waitCoroutine
	if b := currentBubble(); b != nil {
		b.joinWaiting(gp)
	}
	w.count(1)
	c.gp = gp
	return c
}

func (c *coro) run() {
	defer c.end()
	c.f(c)
}

// end lets go on who waits for the coroutine, which is over: for who goes on its goroutine is none any more.
func (c *coro) end() {
	gp := c.gp
	c.gp = nil
	w := getworker()
	w.curg.system = true
	w.count(^uintptr(0))
	if gp.bubble != nil {
		gp.bubble.resume()
	}
	ready(gp)
}

// coroswitch lets go on who waits for c and waits in its place. Package iter asks for runtime.coroswitch.
func coroswitch(c *coro) {
	if c.gp == nil {
		throw("coroswitch on exited coro")
	}
	park1(coroPark, unsafe.Pointer(c))
}

func coroPark(arg, h unsafe.Pointer) bool {
	c := (*coro)(arg)
	gp := getworker().curg
	other := c.gp
	gp.handle = h
	gp.waitreason = waitCoroutine
	c.gp = gp
	if gp.bubble != other.bubble {
		other.replaces(gp)
	}
	ready(other)
	return true
}
