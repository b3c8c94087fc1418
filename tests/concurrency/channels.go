package main

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

var _ = topic("channels",
	program{"chan_rendezvous", chanRendezvous},
	program{"chan_buffer_fifo", chanBufferFIFO},
	program{"chan_buffer_wraps", chanBufferWraps},
	program{"chan_close_drains", chanCloseDrains},
	program{"chan_close_wakes_all", chanCloseWakesAll},
	program{"chan_of_chan", chanOfChan},
	program{"chan_of_func", chanOfFunc},
	program{"chan_huge_elements", chanHugeElements},
	program{"chan_empty_elements", chanEmptyElements},
	program{"chan_interface_elements", chanInterfaceElements},
	program{"chan_pointers_survive", chanPointersSurvive},
	program{"chan_len_cap", chanLenCap},
	program{"chan_sender_order", chanSenderOrder},
	program{"chan_receiver_order", chanReceiverOrder},
	program{"chan_misuse", chanMisuse},
	program{"chan_close_panics_senders", chanClosePanicsSenders},
	program{"chan_identity", chanIdentity},
	program{"chan_evaluation_order", chanEvaluationOrder},
	program{"chan_many_to_one", chanManyToOne},
	program{"chan_one_to_many", chanOneToMany},
	program{"chan_ring", chanRing},
	program{"chan_nil_leaks", chanNilLeaks},
	program{"chan_direct_past_full", chanDirectPastFull},
	program{"chan_odd_sizes", chanOddSizes},
	program{"chan_range_break", chanRangeBreak},
	program{"chan_ping_pong", chanPingPong},
)

// Neither side passes the meeting alone: what is written before a send is seen after its receive, and what is written before
// a receive is seen after the send on an unbuffered channel.
func chanRendezvous() {
	c := make(chan int)
	var before, after int
	done := make(chan bool)
	go func() {
		after = 7
		<-c
		fmt.Println("receiver sees", before)
		done <- true
	}()
	before = 5
	c <- 1
	seen := after
	<-done
	fmt.Println("sender sees", seen)
}

func chanBufferFIFO() {
	c := make(chan string, 4)
	go func() {
		for i := range 12 {
			c <- fmt.Sprint("v", i)
		}
		close(c)
	}()
	for s := range c {
		fmt.Print(s, " ")
	}
	fmt.Println()
}

func chanBufferWraps() {
	c := make(chan [3]int, 5)
	next, got := 0, 0
	for round := range 40 {
		for range round%5 + 1 {
			c <- [3]int{next, next * next, -next}
			next++
		}
		for len(c) > 0 {
			v := <-c
			if v != [3]int{got, got * got, -got} {
				fmt.Println("wrong", v, got)
			}
			got++
		}
	}
	fmt.Println(next, got)
}

func chanCloseDrains() {
	c := make(chan int, 3)
	c <- 1
	c <- 2
	close(c)
	for range 4 {
		v, ok := <-c
		fmt.Println(v, ok)
	}
}

func chanCloseWakesAll() {
	c := make(chan struct{})
	var woken atomic.Int32
	var waiting, done sync.WaitGroup
	for range 50 {
		waiting.Add(1)
		done.Go(func() {
			waiting.Done()
			if _, ok := <-c; !ok {
				woken.Add(1)
			}
		})
	}
	waiting.Wait()
	close(c)
	done.Wait()
	fmt.Println(woken.Load())
}

// Each request brings the channel its answer goes to.
func chanOfChan() {
	type request struct {
		n     int
		reply chan chan int
	}
	requests := make(chan request)
	go func() {
		for r := range requests {
			answer := make(chan int, 1)
			answer <- r.n * r.n
			r.reply <- answer
		}
	}()
	results := make([]int, 20)
	each(20, func(i int) {
		r := request{i, make(chan chan int)}
		requests <- r
		results[i] = <-<-r.reply
	})
	fmt.Println(results)
}

func chanOfFunc() {
	calls := make(chan func(chan<- int))
	out := make(chan int)
	go func() {
		for f := range calls {
			f(out)
		}
		close(out)
	}()
	go func() {
		for i := range 5 {
			calls <- func(c chan<- int) {
				for range i {
					c <- i
				}
			}
		}
		close(calls)
	}()
	total := 0
	for v := range out {
		total += v
	}
	fmt.Println(total)
}

func chanHugeElements() {
	type huge [60000]byte
	for _, size := range []int{0, 1, 3} {
		c := make(chan huge, size)
		go func() {
			for i := range 8 {
				var h huge
				for k := range h {
					h[k] = byte(i + k)
				}
				c <- h
			}
			close(c)
		}()
		n := 0
		for h := range c {
			for k := range h {
				if h[k] != byte(n+k) {
					fmt.Println("wrong", n, k)
					return
				}
			}
			n++
		}
		fmt.Println(size, n)
	}
}

func chanEmptyElements() {
	c := make(chan struct{}, 1000)
	d := make(chan [0]int)
	each(10, func(i int) {
		for range 100 {
			c <- struct{}{}
		}
	})
	go func() {
		for range len(c) {
			<-c
			d <- [0]int{}
		}
		close(d)
	}()
	n := 0
	for range d {
		n++
	}
	fmt.Println(n, len(c), cap(c))
}

func chanInterfaceElements() {
	c := make(chan any, 2)
	go func() {
		defer close(c)
		for _, v := range []any{1, "two", 3.5, nil, []int{4}, struct{ x, y int }{5, 6}, error(nil), 'r', c == nil} {
			c <- v
		}
	}()
	for v := range c {
		fmt.Printf("%T %v\n", v, v)
	}
}

// What only a buffer, or only a waiting sender, refers to is not collected.
func chanPointersSurvive() {
	type node struct {
		v    int
		next *node
	}
	list := func(n int) (l *node) {
		for i := range n {
			l = &node{i, l}
		}
		return l
	}
	buffered := make(chan *node, 16)
	direct := make(chan *node)
	for range 16 {
		buffered <- list(100)
	}
	for range 16 {
		go func() { direct <- list(100) }()
	}
	for range 5 {
		runtime.GC()
		junk := make([][]byte, 100)
		for i := range junk {
			junk[i] = make([]byte, 1600)
		}
	}
	total := 0
	for range 16 {
		for _, l := range []*node{<-buffered, <-direct} {
			for ; l != nil; l = l.next {
				total += l.v
			}
		}
	}
	fmt.Println(total, 32*4950)
}

func chanLenCap() {
	var none chan int
	fmt.Println(len(none), cap(none))
	c := make(chan int, 7)
	for i := range 7 {
		c <- i
		fmt.Print(len(c), "/", cap(c), " ")
	}
	<-c
	close(c)
	fmt.Println(len(c), cap(c))
	fmt.Println(cap(make(chan int)), cap(make(<-chan string, 9)))
}

func chanSenderOrder() {
	c := make(chan int)
	for i := range 6 {
		go func() { c <- i }()
		blocked(i+1, "chan send")
	}
	for range 6 {
		fmt.Print(<-c, " ")
	}
	fmt.Println()
}

func chanReceiverOrder() {
	c := make(chan int)
	var got [6]int
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() { got[i] = <-c })
		blocked(i+1, "chan receive")
	}
	for i := range 6 {
		c <- i * 10
	}
	wg.Wait()
	fmt.Println(got)
}

func chanMisuse() {
	var none chan int
	c := make(chan int, 1)
	fmt.Println(caught(func() { close(none) }))
	close(c)
	fmt.Println(caught(func() { close(c) }))
	fmt.Println(caught(func() { c <- 1 }))
	fmt.Println(caught(func() {
		select {
		case c <- 1:
		default:
		}
	}))
	n := -1
	fmt.Println(caught(func() { none = make(chan int, n) }))
	big := int64(1) << 62
	fmt.Println(caught(func() { none = make(chan int, big) }))
	select {
	case none <- 1:
	case v, ok := <-c:
		fmt.Println(v, ok)
	}
}

func chanClosePanicsSenders() {
	c := make(chan int)
	texts := make([]string, 8)
	go func() {
		blocked(4, "chan send")
		blocked(4, "select")
		close(c)
	}()
	each(8, func(i int) {
		texts[i] = caught(func() {
			if i%2 == 0 {
				c <- i
			} else {
				select {
				case c <- i:
				case <-make(chan int):
				}
			}
		})
	})
	fmt.Println(slices.Compact(texts))
}

func chanIdentity() {
	a, b := make(chan int), make(chan int)
	var r <-chan int = a
	var s chan<- int = a
	m := map[any]string{a: "a", b: "b", r: "r", s: "s"}
	fmt.Println(a == b, r == a, s == a, any(r) == any(a), len(m), m[a], m[b], m[r])
	type named chan int
	fmt.Println(named(a) == a, any(named(a)) == any(a))
}

func chanEvaluationOrder() {
	trace := []string{}
	step := func(s string, v int) int { trace = append(trace, s); return v }
	c := make(chan int, 4)
	get := func(s string) chan int { trace = append(trace, s); return c }
	get("chan") <- step("value", 1)
	get("second") <- step("another", 2)
	x := step("left", 10)*<-get("first receive") + <-get("second receive")
	a := []int{0, 0}
	c <- 1
	a[<-get("index")] = step("right", 9)
	fmt.Println(x, a, trace)
}

func chanManyToOne() {
	c := make(chan int, 3)
	go func() {
		each(20, func(i int) {
			for k := range 100 {
				c <- i*100 + k
			}
		})
		close(c)
	}()
	last := map[int]int{}
	n, ordered := 0, true
	for v := range c {
		if l, ok := last[v/100]; ok && l >= v {
			ordered = false
		}
		last[v/100] = v
		n++
	}
	fmt.Println(n, len(last), ordered)
}

func chanOneToMany() {
	c := make(chan int)
	var total, count atomic.Int64
	go func() {
		for i := range 2000 {
			c <- i
		}
		close(c)
	}()
	each(16, func(int) {
		for v := range c {
			total.Add(int64(v))
			count.Add(1)
		}
	})
	fmt.Println(total.Load(), count.Load())
}

// A token goes round a ring of goroutines.
func chanRing() {
	const n, laps = 100, 30
	first := make(chan int)
	last := first
	for i := 1; i < n; i++ {
		in, out := last, make(chan int)
		go func() {
			for v := range in {
				out <- v + 1
			}
			close(out)
		}()
		last = out
	}
	go func() { first <- 0 }()
	v := 0
	for lap := range laps {
		v = <-last + 1
		if lap < laps-1 {
			first <- v
		}
	}
	close(first)
	_, ok := <-last
	fmt.Println(v, ok)
}

// Goroutines that wait for ever do not keep main from ending, nor do they hinder others.
func chanNilLeaks() {
	var none chan int
	for range 10 {
		go func() { <-none }()
		go func() { none <- 1 }()
		go func() { select {} }()
		go func() {
			for range none {
			}
		}()
	}
	c := make(chan int)
	go func() { c <- 42 }()
	fmt.Println(<-c)
}

// A receive from a full channel with waiting senders keeps the order: buffer first, then senders.
func chanDirectPastFull() {
	c := make(chan int, 2)
	c <- 0
	c <- 1
	for i := 2; i < 6; i++ {
		go func() { c <- i }()
		blocked(i-1, "chan send")
	}
	for range 6 {
		fmt.Print(<-c, " ")
	}
	fmt.Println(len(c))
}

func through[T comparable](values ...T) bool {
	for size := range 3 {
		c := make(chan T, size)
		go func() {
			for range 3 {
				for _, v := range values {
					c <- v
				}
			}
			close(c)
		}()
		i := 0
		for v := range c {
			if v != values[i%len(values)] {
				return false
			}
			i++
		}
		if i != 3*len(values) {
			return false
		}
	}
	return true
}

func chanOddSizes() {
	fmt.Println(through[byte](1, 200, 3), through[int16](-5, 9), through(true, false), through[float32](1.5, -2),
		through(complex(1, 2), complex(-3, 4)), through("", "a", "some longer text"))
	fmt.Println(through([3]byte{1, 2, 3}, [3]byte{4, 5, 6}), through([17]int16{3: 8}, [17]int16{16: -1}),
		through(struct {
			a byte
			b int64
			c byte
		}{1, 2, 3}), through([5]string{"x", "", "zzz"}), through[any](1, "q", nil), through([1 << 12]int{5: 5}))
}

func chanRangeBreak() {
	c := make(chan int)
	stop := make(chan bool)
	go func() {
		defer close(stop)
		for i := 0; ; i++ {
			select {
			case c <- i:
			case <-time.After(20 * time.Second):
				fmt.Println("nobody")
				return
			case <-stop:
				return
			}
		}
	}()
outer:
	for i := range c {
		for j := range c {
			if i+j > 20 {
				break outer
			}
			if j%3 == 0 {
				continue outer
			}
		}
	}
	stop <- true
	_, ok := <-stop
	fmt.Println("stopped", ok)
}

func chanPingPong() {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v + 1
		}
		close(pong)
	}()
	v := 0
	for range 3000 {
		ping <- v
		v = <-pong
	}
	close(ping)
	_, ok := <-pong
	fmt.Println(v, ok)
}
