// What is in the frames of coroutines, after LLVM has optimised.
// RUN: goir build -O2 --remarks frames -o %t.out %s 2>&1 | filecheck %s

package main

// CHECK:      frames.go:[[# @LINE + 6]]: main.receive: frame of {{[0-9]+}} bytes
// CHECK-NEXT:  0    16  resume and destroy functions
// CHECK-NEXT: 16    16  state of the coroutine, line it waits on
// CHECK-NEXT: 32 {{ +[0-9]+}}  variable {{.*}}, [[# @LINE + 4]]:9
//
//go:noinline
func receive(c chan int) int {
	return <-c + 1
}

// CHECK:      frames.go:[[# @LINE + 9]]: main.sum: frame of {{[0-9]+}} bytes
// CHECK-NEXT:  0    16  resume and destroy functions
// CHECK-NEXT: 16    16  state of the coroutine, line it waits on
// CHECK:      {{[0-9]+}} {{ +8}}  parameter 0, ptr
// CHECK:      {{[0-9]+}} {{ +8}}  slot for the results
// CHECK:      {{[0-9]+}} {{ +8}}  handle of main.receive, [[# @LINE + 6]]:
// CHECK:      which suspension it waits at
//
//go:noinline
func sum(c chan int, n int) (s int) {
	for range n {
		s += receive(c)
	}
	return s
}

func main() {
	c := make(chan int)
	go func() {
		for i := range 5 {
			c <- i
		}
	}()
	println(sum(c, 5))
}
