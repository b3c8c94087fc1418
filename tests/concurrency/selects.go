package main

import (
	"fmt"
	"math/rand"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

var _ = topic("selects",
	program{"select_default", selectDefault},
	program{"select_fair", selectFair},
	program{"select_starves_nobody", selectStarvesNobody},
	program{"select_nil_disables", selectNilDisables},
	program{"select_send_and_receive", selectSendAndReceive},
	program{"select_same_channel", selectSameChannel},
	program{"select_thousand_cases", selectThousandCases},
	program{"select_thousand_waiters", selectThousandWaiters},
	program{"select_against_select", selectAgainstSelect},
	program{"select_closed_wins", selectClosedWins},
	program{"select_evaluation", selectEvaluation},
	program{"select_assignment_forms", selectAssignmentForms},
	program{"select_break_continue", selectBreakContinue},
	program{"select_timeout", selectTimeout},
	program{"select_poll_loop", selectPollLoop},
	program{"select_huge_elements", selectHugeElements},
	program{"select_merge", selectMerge},
	program{"select_cycle", selectCycle},
	program{"select_losers_leave", selectLosersLeave},
	program{"select_quit_handshake", selectQuitHandshake},
	program{"select_priority", selectPriority},
	program{"select_shared_by_many", selectSharedByMany},
)

func selectDefault() {
	c := make(chan int, 1)
	for range 3 {
		select {
		case c <- 5:
			fmt.Println("sent")
		default:
			fmt.Println("full")
		}
	}
	for range 2 {
		select {
		case v := <-c:
			fmt.Println("got", v)
		default:
			fmt.Println("empty")
		}
	}
}

// Of cases that are always ready each is taken about as often.
func selectFair() {
	var cs [4]chan int
	for i := range cs {
		cs[i] = make(chan int, 1)
		cs[i] <- i
	}
	var n [4]int
	for range 4000 {
		var v int
		select {
		case v = <-cs[0]:
		case v = <-cs[1]:
		case v = <-cs[2]:
		case v = <-cs[3]:
		}
		n[v]++
		cs[v] <- v
	}
	for i := range n {
		fmt.Print(n[i] > 700 && n[i] < 1300, " ")
	}
	fmt.Println()
}

func selectStarvesNobody() {
	flood, rare, stop := make(chan int), make(chan int), make(chan bool)
	go func() {
		for {
			select {
			case flood <- 1:
			case <-stop:
				return
			}
		}
	}()
	go func() {
		for i := range 50 {
			rare <- i
		}
		close(rare)
	}()
	last := -1
	for rare != nil {
		select {
		case <-flood:
		case v, ok := <-rare:
			if !ok {
				rare = nil
			} else {
				last = v
			}
		}
	}
	close(stop)
	fmt.Println(last)
}

func selectNilDisables() {
	a, b := make(chan int), make(chan string)
	go func() {
		for i := range 3 {
			a <- i
		}
		close(a)
	}()
	go func() {
		for _, s := range []string{"x", "y"} {
			b <- s
		}
		close(b)
	}()
	na, nb := 0, 0
	for a != nil || b != nil {
		select {
		case _, ok := <-a:
			if !ok {
				a = nil
				continue
			}
			na++
		case _, ok := <-b:
			if !ok {
				b = nil
				continue
			}
			nb++
		}
	}
	fmt.Println(na, nb)
}

// A queue of any length between two unbuffered channels.
func selectSendAndReceive() {
	in, out := make(chan int), make(chan int)
	go func() {
		var queue []int
		source := in
		for source != nil || len(queue) > 0 {
			var sink chan int
			var head int
			if len(queue) > 0 {
				sink, head = out, queue[0]
			}
			select {
			case v, ok := <-source:
				if !ok {
					source = nil
				} else {
					queue = append(queue, v)
				}
			case sink <- head:
				queue = queue[1:]
			}
		}
		close(out)
	}()
	go func() {
		for i := range 300 {
			in <- i
		}
		close(in)
	}()
	want := 0
	for v := range out {
		if v != want {
			fmt.Println("order", v, want)
		}
		want++
	}
	fmt.Println(want)
}

func selectSameChannel() {
	c := make(chan int)
	var first, second int
	go func() {
		for i := range 200 {
			c <- i
		}
		close(c)
	}()
	for ok := true; ok; {
		var v int
		select {
		case v, ok = <-c:
			first += v
		case v, ok = <-c:
			second += v
		}
	}
	fmt.Println(first+second, first > 0, second > 0)
	// A select that could talk to itself does not.
	d := make(chan int)
	select {
	case d <- 1:
		fmt.Println("to itself")
	case <-d:
		fmt.Println("from itself")
	default:
		fmt.Println("alone")
	}
}

func cases(n int) (chans []chan int, cs []reflect.SelectCase) {
	for range n {
		c := make(chan int)
		chans = append(chans, c)
		cs = append(cs, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)})
	}
	return chans, cs
}

func selectThousandCases() {
	chans, cs := cases(1000)
	go func() {
		for i := range 3000 {
			chans[i*7%1000] <- i
		}
	}()
	for want := range 3000 {
		i, v, ok := reflect.Select(cs)
		if i != want*7%1000 || v.Int() != int64(want) || !ok {
			fmt.Println("wrong", want, i, v, ok)
			return
		}
	}
	fmt.Println("all in order")
}

func selectThousandWaiters() {
	chans, cs := cases(1000)
	var hits [1000]atomic.Int32
	go func() {
		for i := range 2000 {
			chans[i%1000] <- i
		}
		for _, c := range chans {
			close(c)
		}
	}()
	each(8, func(int) {
		for {
			i, _, ok := reflect.Select(cs)
			if !ok {
				return
			}
			hits[i].Add(1)
		}
	})
	twice := 0
	for i := range hits {
		if hits[i].Load() == 2 {
			twice++
		}
	}
	fmt.Println(twice)
}

// Both partners select over the same two channels, in both directions.
func selectAgainstSelect() {
	a, b := make(chan int), make(chan int)
	var got [2]int
	each(2, func(me int) {
		for range 1000 {
			if me == 0 {
				select {
				case a <- 1:
				case v := <-b:
					got[0] += v
				}
			} else {
				select {
				case v := <-a:
					got[1] += v
				case b <- 1:
				}
			}
		}
	})
	fmt.Println(got[0] + got[1])
}

func selectClosedWins() {
	closed, never := make(chan int), make(chan int)
	close(closed)
	for range 3 {
		select {
		case v, ok := <-closed:
			fmt.Println(v, ok)
		case never <- 1:
		}
	}
}

func selectEvaluation() {
	var trace []string
	ch := func(s string, c chan int) chan int { trace = append(trace, s); return c }
	val := func(s string) int { trace = append(trace, s); return 1 }
	c := make(chan int, 1)
	var a [2]int
	index := func() int { trace = append(trace, "index"); return 1 }
	select {
	case ch("c1", nil) <- val("v1"):
	case a[index()] = <-ch("c2", nil):
	case ch("c3", c) <- val("v3"):
	}
	fmt.Println(trace)
	trace = nil
	select {
	case ch("c1", nil) <- val("v1"):
	case a[index()] = <-ch("c2", c):
	}
	fmt.Println(trace, a)
}

func selectAssignmentForms() {
	c := make(chan int, 9)
	type t struct {
		x  int
		ok bool
	}
	var s t
	var p *int = new(int)
	m := map[string]int{}
	var ok bool
	for i := range 6 {
		c <- i + 1
		switch i {
		case 0:
			select {
			case s.x = <-c:
			}
		case 1:
			select {
			case *p, s.ok = <-c:
			}
		case 2:
			select {
			case m["k"], ok = <-c:
			}
		case 3:
			select {
			case x := <-c:
				x++
				fmt.Println(x)
			}
		case 4:
			select {
			case _, ok := <-c:
				fmt.Println(ok)
			}
		case 5:
			select {
			case <-c:
			}
		}
	}
	fmt.Println(s, *p, m, ok, len(c))
}

func selectBreakContinue() {
	c := make(chan int, 100)
	for i := range 100 {
		c <- i
	}
	n := 0
loop:
	for {
		select {
		case v := <-c:
			switch {
			case v%2 == 0:
				continue loop
			case v > 60:
				break loop
			case v > 40:
				break
			default:
				n++
			}
			n += 100
		default:
			fmt.Println("empty")
			break loop
		}
	}
	fmt.Println(n)
}

func selectTimeout() {
	c := make(chan int)
	select {
	case <-c:
		fmt.Println("value")
	case <-time.After(5 * time.Millisecond):
		fmt.Println("timeout")
	}
	go func() { c <- 3 }()
	select {
	case v := <-c:
		fmt.Println("value", v)
	case <-time.After(30 * time.Second):
		fmt.Println("timeout")
	}
}

// A goroutine that polls lets others run.
func selectPollLoop() {
	c := make(chan int)
	go func() {
		for i := range 20 {
			c <- i
		}
		close(c)
	}()
	total := 0
	for {
		select {
		case v, ok := <-c:
			if !ok {
				fmt.Println(total)
				return
			}
			total += v
		default:
			runtime.Gosched()
		}
	}
}

func selectHugeElements() {
	type big struct {
		data [5000]int
		tag  string
	}
	a, b := make(chan big), make(chan big, 2)
	go func() {
		for i := range 30 {
			x := big{tag: fmt.Sprint(i)}
			x.data[i] = i
			x.data[4999] = -i
			select {
			case a <- x:
			case b <- x:
			}
		}
		close(a)
	}()
	total, n := 0, 0
	check := func(x big) {
		var i int
		fmt.Sscan(x.tag, &i)
		total += x.data[i] - x.data[4999]
		n++
	}
	for open := true; open; {
		select {
		case x, ok := <-a:
			if open = ok; ok {
				check(x)
			}
		case x := <-b:
			check(x)
		}
	}
	close(b)
	for x := range b {
		check(x)
	}
	fmt.Println(n, total)
}

func selectMerge() {
	merge := func(a, b <-chan int) <-chan int {
		out := make(chan int)
		go func() {
			defer close(out)
			x, okx := <-a
			y, oky := <-b
			for okx || oky {
				if okx && (!oky || x <= y) {
					out <- x
					x, okx = <-a
				} else {
					out <- y
					y, oky = <-b
				}
			}
		}()
		return out
	}
	from := func(step, n int) <-chan int {
		c := make(chan int)
		go func() {
			defer close(c)
			for i := range n {
				c <- i * step
			}
		}()
		return c
	}
	all := merge(merge(from(2, 8), from(3, 6)), merge(from(5, 4), from(7, 3)))
	for v := range all {
		fmt.Print(v, " ")
	}
	fmt.Println()
}

// Goroutines in a circle each send right and receive from the left in one select: no order of locks may dead-lock them.
func selectCycle() {
	const n = 9
	var c [n]chan int
	for i := range c {
		c[i] = make(chan int)
	}
	var received atomic.Int32
	each(n, func(i int) {
		right, left := c[(i+1)%n], c[i]
		for sent, got := 0, 0; sent < 100 || got < 100; {
			out, in := right, left
			if sent == 100 {
				out = nil
			}
			if got == 100 {
				in = nil
			}
			select {
			case out <- i:
				sent++
			case v := <-in:
				if v != (i+n-1)%n {
					fmt.Println("from", v)
				}
				got++
				received.Add(1)
			}
		}
	})
	fmt.Println(received.Load())
}

// The waiters of the cases that were not taken are gone: a later send finds no one.
func selectLosersLeave() {
	a, b := make(chan int), make(chan int)
	for i := range 100 {
		go func() { a <- i }()
		select {
		case <-a:
		case <-b:
			fmt.Println("b?")
		case b <- 1:
			fmt.Println("b?")
		}
	}
	select {
	case b <- 1:
		fmt.Println("somebody waits")
	case <-b:
		fmt.Println("somebody sends")
	default:
		fmt.Println("nobody")
	}
}

func selectQuitHandshake() {
	c, quit := make(chan string), make(chan string)
	go func() {
		for i := 0; ; i++ {
			select {
			case c <- fmt.Sprint("message ", i):
			case q := <-quit:
				quit <- "cleaned up after " + q
				return
			}
		}
	}()
	for range 3 {
		fmt.Println(<-c)
	}
	quit <- "bye"
	fmt.Println(<-quit)
}

func selectPriority() {
	high, low := make(chan int, 10), make(chan int, 10)
	for i := range 10 {
		high <- i
		low <- i
	}
	for range 20 {
		select {
		case v := <-high:
			fmt.Print("h", v, " ")
			continue
		default:
		}
		select {
		case v := <-high:
			fmt.Print("H", v, " ")
		case v := <-low:
			fmt.Print("l", v, " ")
		}
	}
	fmt.Println()
}

func selectSharedByMany() {
	var cs [8]chan int
	for i := range cs {
		cs[i] = make(chan int, i%3)
	}
	var in, out atomic.Int64
	var wg sync.WaitGroup
	for w := range 4 {
		r := rand.New(rand.NewSource(int64(w)))
		wg.Go(func() {
			for i := range 500 {
				x, y := r.Intn(8), r.Intn(8)
				select {
				case cs[x] <- i:
				case cs[y] <- i:
				}
				in.Add(int64(i))
			}
		})
	}
	stop := make(chan bool)
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case v := <-cs[0]:
					out.Add(int64(v))
				case v := <-cs[1]:
					out.Add(int64(v))
				case v := <-cs[2]:
					out.Add(int64(v))
				case v := <-cs[3]:
					out.Add(int64(v))
				case v := <-cs[4]:
					out.Add(int64(v))
				case v := <-cs[5]:
					out.Add(int64(v))
				case v := <-cs[6]:
					out.Add(int64(v))
				case v := <-cs[7]:
					out.Add(int64(v))
				case <-stop:
					return
				}
			}
		})
	}
	wg.Wait()
	close(stop)
	readers.Wait()
	for _, c := range cs {
		for len(c) > 0 {
			out.Add(int64(<-c))
		}
	}
	fmt.Println(in.Load(), out.Load())
}
