package runtime

import "unsafe"

// Notification lists: what sync.Cond waits with. Who will wait takes a ticket first, before it gives up its lock, and
// tickets are notified in order.

// notifyList has the layout of sync.notifyList. Waiters are linked through g.next.
type notifyList struct {
	wait   uint32 // the next ticket
	notify uint32 // tickets before this one are notified
	lock   mutex
	_      uint32
	head   *g
	tail   *g
}

//go:linkname notifyListCheck sync.runtime_notifyListCheck
func notifyListCheck(size uintptr) {
	if size != unsafe.Sizeof(notifyList{}) {
		throw("sync.notifyList is not what the runtime takes it for")
	}
}

//go:linkname notifyListAdd sync.runtime_notifyListAdd
func notifyListAdd(l *notifyList) uint32 {
	return xadd32(&l.wait, 1) - 1
}

// notifyListWait waits until ticket t is notified.
//
//go:linkname notifyListWait sync.runtime_notifyListWait
func notifyListWait(l *notifyList, t uint32) {
	lock(&l.lock)
	if int32(t-l.notify) < 0 {
		unlock(&l.lock)
		return
	}
	gp := getworker().curg
	gp.ticket = t
	gp.next = nil
	if l.tail != nil {
		l.tail.next = gp
	} else {
		l.head = gp
	}
	l.tail = gp
	gp.waitreason = waitCond
	park1(notifyPark, unsafe.Pointer(l))
}

func notifyPark(arg, h unsafe.Pointer) bool {
	gp := getworker().curg
	gp.handle = h
	gp.waitsDurably()
	unlock(&(*notifyList)(arg).lock)
	return true
}

//go:linkname notifyListNotifyAll sync.runtime_notifyListNotifyAll
func notifyListNotifyAll(l *notifyList) {
	lock(&l.lock)
	gp := l.head
	l.head = nil
	l.tail = nil
	atomicstorerel32(&l.notify, atomicload32(&l.wait))
	unlock(&l.lock)
	w := getworker()
	for gp != nil {
		next := gp.next
		gp.next = nil
		gp.mustBeWoken()
		readyLast(w, gp)
		gp = next
	}
}

// notifyListNotifyOne notifies one ticket. Its owner may not be in the list yet: then it will not wait.
//
//go:linkname notifyListNotifyOne sync.runtime_notifyListNotifyOne
func notifyListNotifyOne(l *notifyList) {
	lock(&l.lock)
	t := l.notify
	if t == atomicload32(&l.wait) {
		unlock(&l.lock)
		return
	}
	atomicstorerel32(&l.notify, t+1)
	var before *g
	gp := l.head
	for gp != nil && gp.ticket != t {
		before = gp
		gp = gp.next
	}
	if gp != nil {
		if before != nil {
			before.next = gp.next
		} else {
			l.head = gp.next
		}
		if l.tail == gp {
			l.tail = before
		}
		gp.next = nil
	}
	unlock(&l.lock)
	if gp != nil {
		gp.mustBeWoken()
		ready(gp)
	}
}
