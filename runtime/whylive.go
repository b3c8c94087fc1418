package runtime

import "unsafe"

// GOIR_WHYLIVE=1: collections tell for every object with a finalizer or a cleanup that was reached, from which root.
// Marking then goes on by one thread, and to its end for each word of the roots before the next is looked at, so it takes
// time; which root an object is put down to depends on the order in which they are scanned.

// explainWords is scanWords, telling what each word keeps alive.
//
//go:noinline
func (m *marker) explainWords(lo, hi uintptr) {
	for p := lo; p+8 <= hi; p += 8 {
		live := m.live
		m.scanWord(loadptr(p), heap.base, heap.used)
		m.drain()
		if m.live != live {
			explain(p)
		}
	}
}

// explain tells which objects with finalizers or cleanups were reached from the word at p and from no earlier one.
func explain(p uintptr) {
	n := specialChains()
	for i := uintptr(0); i < n; i++ {
		for s := *specialChain(i); s != nil; s = s.next {
			if (s.kind == specialFinalizer || s.kind == specialCleanup) && !s.told && reached(s.obj) {
				s.told = true
				printlock()
				printstring("gc ")
				printuint(uint64(memory.numGC))
				printstring(": ")
				printhex(uint64(s.obj))
				printstring(" is kept by the word ")
				printhex(uint64(loadptr(p)))
				printstring(" in ")
				printPlace(p)
				printnl()
				printunlock()
			}
		}
	}
}

// forgetTold begins a collection's explanations.
func forgetTold() {
	n := specialChains()
	for i := uintptr(0); i < n; i++ {
		for s := *specialChain(i); s != nil; s = s.next {
			s.told = false
		}
	}
}

// printPlace tells what memory p is in.
func printPlace(p uintptr) {
	if h := frameOf(p); h != 0 {
		printstring("the coroutine frame of ")
		printFunction(loadptr(h))
		printOffset(p, h)
		return
	}
	for w := allWorkers(); w != nil; w = w.allnext {
		if base := uintptr(unsafe.Pointer(w)); p-base < windowSize {
			w.printStackPlace(p)
			return
		}
	}
	if p-uintptr(datastart()) < uintptr(dataend())-uintptr(datastart()) || p-uintptr(bssstart()) < uintptr(bssend())-uintptr(bssstart()) {
		printstring("the variables at ")
	} else {
		printstring("the runtime's memory at ")
	}
	printhex(uint64(p))
}

// printStackPlace tells what of the stopped worker's memory p is in: on the stack, the function is the one whose
// frame pointer is the first above p.
func (w *worker) printStackPlace(p uintptr) {
	base := uintptr(unsafe.Pointer(w))
	if p-base < stackAt {
		printstring("the registers of a worker")
		printOffset(p, base)
		return
	}
	fp, pc := w.savedfp, uintptr(0)
	if w.stopsHere() {
		fp, pc = w.stopfp, w.stoppc
	}
	for fp != 0 && p >= fp+16 && fp < w.stacktop {
		pc = loadptr(fp + 8)
		fp = loadptr(fp)
	}
	printstring("the stack frame of ")
	if pc == 0 {
		printstring("who stopped")
	} else {
		printFunction(pc - 1)
	}
	printOffset(p, fp)
}

// printOffset prints where p is from the address of a frame.
func printOffset(p, frame uintptr) {
	printstring(", at ")
	printint(int64(p - frame))
}

// printFunction prints the names of the functions that the code at pc is of, inlined ones first.
func printFunction(pc uintptr) {
	k := &walker
	if !k.look(pc) {
		printhex(uint64(pc))
		return
	}
	for k.more {
		printstring(k.name())
		printstring(":")
		printuint(uint64(k.line))
		k.next()
		if k.more {
			printstring(" in ")
		}
	}
}
