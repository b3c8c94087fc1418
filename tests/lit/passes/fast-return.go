// RUN: goir build --emit llvm -o %t %s && filecheck %s < %t

// What may return before there is a frame comes before coro.id, once more (lowering/fast_return.py).
package main

import (
	"runtime"
	"sync/atomic"
)

type reader struct {
	buf       []byte
	at, n     int
	last      int
	n32       uint32
	exhausted bool
}

func (r *reader) fill() {
	runtime.Gosched()
	r.n++
}

func (r *reader) left() int { return r.n - r.at }

// CHECK-LABEL: llvm.func internal @"main.(*reader).readByte$coro"
// CHECK:         llvm.getelementptr inbounds %0[40]
// CHECK-NEXT:    llvm.store
// CHECK:         llvm.icmp "eq"
// CHECK:         llvm.return
// CHECK:         llvm.intr.coro.id
// CHECK:         llvm.getelementptr inbounds %0[40]
// CHECK-NEXT:    llvm.store
func (r *reader) readByte() byte {
	r.last = -1
	for r.at == r.n {
		r.fill()
	}
	c := r.buf[r.at]
	r.at++
	return c
}

// A call of what only reads may come first; that it panics is an end.
// CHECK-LABEL: llvm.func internal @"main.(*reader).skip$coro"
// CHECK:         llvm.call swiftcc @"main.(*reader).left"
// CHECK:         llvm.return
// CHECK:         llvm.intr.coro.id
func (r *reader) skip() {
	if r.left() == 0 {
		r.fill()
	}
	r.at++
}

// What is stored is no constant.
// CHECK-LABEL: llvm.func internal @"main.(*reader).reset$coro"
// CHECK-NOT:     llvm.return
// CHECK:         llvm.intr.coro.id
func (r *reader) reset(last int) {
	r.last = last
	if r.at == r.n {
		r.fill()
	}
}

// What is overwritten was read before: it would be something else the second time.
// CHECK-LABEL: llvm.func internal @"main.(*reader).swap$coro"
// CHECK-NOT:     llvm.return
// CHECK:         llvm.intr.coro.id
func (r *reader) swap() int {
	old := r.last
	r.last = 1
	if r.at == r.n {
		r.fill()
	}
	return old
}

// Something else was read before.
// CHECK-LABEL: llvm.func internal @"main.(*reader).mark$coro"
// CHECK:         llvm.return
// CHECK:         llvm.intr.coro.id
func (r *reader) mark() bool {
	if r.exhausted {
		return false
	}
	r.last = 1
	if r.at == r.n {
		r.fill()
	}
	return true
}

// No way leads to a return without waiting.
// CHECK-LABEL: llvm.func internal @"main.(*reader).wait$coro"
// CHECK-NOT:     llvm.return
// CHECK:         llvm.intr.coro.id
func (r *reader) wait() {
	for range r.n {
		runtime.Gosched()
	}
	r.fill()
}

// An effect once more after the loop has begun again would be one too many.
// CHECK-LABEL: llvm.func internal @"main.(*reader).count$coro"
// CHECK-NOT:     llvm.add
// CHECK:         llvm.intr.coro.id
func (r *reader) count() {
	for r.at != r.n {
		r.last++
		if r.last == 100 {
			r.fill()
		}
	}
}

// A compare and swap that failed had no effect.
// CHECK-LABEL: llvm.func internal @"main.(*reader).lock$coro"
// CHECK:         llvm.cmpxchg
// CHECK:         llvm.return
// CHECK:         llvm.intr.coro.id
func (r *reader) lock() {
	if !atomic.CompareAndSwapUint32(&r.n32, 0, 1) {
		r.fill()
	}
}

func main() {
	r := &reader{buf: make([]byte, 16), n: 1}
	r.readByte()
	r.skip()
	r.reset(2)
	println(r.swap(), r.mark())
	r.wait()
	r.count()
	r.lock()
}
