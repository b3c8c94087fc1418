// sync/atomic: functions and types.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type conf struct{ n int }

func main() {
	var i32 int32
	var i64 int64
	var u32 uint32
	var u64 uint64
	var up uintptr
	fmt.Println(atomic.AddInt32(&i32, 5), atomic.AddInt64(&i64, -7), atomic.AddUint32(&u32, ^uint32(0)), atomic.AddUint64(&u64, 1<<40), atomic.AddUintptr(&up, 3))
	fmt.Println(atomic.CompareAndSwapInt32(&i32, 5, 6), atomic.CompareAndSwapInt64(&i64, 0, 1), atomic.SwapUint32(&u32, 9), atomic.LoadUint64(&u64), atomic.SwapInt64(&i64, 11))
	atomic.StoreInt32(&i32, -1)
	fmt.Println(atomic.LoadInt32(&i32), atomic.AndInt32(&i32, 0xf0), atomic.OrUint32(&u32, 0x100), i32, u32, atomic.AndUint64(&u64, 0), u64)
	var a atomic.Int64
	var b atomic.Bool
	var c atomic.Uint32
	var p atomic.Pointer[conf]
	var v atomic.Value
	a.Store(10)
	fmt.Println(a.Add(5), a.Swap(1), a.CompareAndSwap(1, 2), a.Load(), a.And(3), a.Or(4), a.Load())
	fmt.Println(b.Load(), b.Swap(true), b.CompareAndSwap(true, false), b.Load(), c.Add(^uint32(0)))
	fmt.Println(p.Load(), p.CompareAndSwap(nil, &conf{1}), p.Load().n, p.Swap(&conf{2}).n, p.Load().n)
	fmt.Println(v.Load(), v.CompareAndSwap(nil, "x"), v.Load(), v.Swap("y"), v.CompareAndSwap("z", "w"))
	for _, f := range []func(){func() { v.Store(1) }, func() { v.Store(nil) }, func() { v.CompareAndSwap(1, "q") }} {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			f()
		}()
	}
	var wg sync.WaitGroup
	var n atomic.Uint64
	var spin atomic.Int32
	order := 0
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				n.Add(1)
				for !spin.CompareAndSwap(0, 1) {
				}
				order++
				spin.Store(0)
			}
		})
	}
	wg.Wait()
	fmt.Println(n.Load(), order)
}
